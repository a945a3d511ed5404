/* read.c - which kind of file is it? */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "reading.h"
#include "why.h"

typedef struct {
    const char *magic; /* the first bytes */
    recording_kind_t kind;
    bool (*read)(reading_t *reading);
    const char *refusal; /* instead of a reader */
} known_t;

static const known_t known[] = {
    { "kata-recording ", RECORDING_KATA, read_kata, NULL },
    { "version ", RECORDING_FM2, read_fm2, NULL },
    { "PK\x03\x04", RECORDING_BK2, read_bk2, NULL },
    { "2VSB", RECORDING_REPLAY, read_replay, NULL }, /* "BSV2", little-endian */
    { "1VSB", RECORDING_REPLAY, NULL,
      "an old RetroArch recording (BSV1): it holds answers in the order in which the core asked, "
      "not pads, so only that core can tell which is which" },
    { "BSV1", RECORDING_REPLAY, NULL,
      "an old RetroArch recording (BSV1): it holds answers in the order in which the core asked, "
      "not pads, so only that core can tell which is which" },
    { "#RZIPv", RECORDING_REPLAY, NULL,
      "a file that RetroArch compressed; decompress it, or record without compression" },
    { "FCM\x1A", RECORDING_FM2, NULL,
      "an old FCEU movie (.fcm); FCEUX converts it: Tools > Convert .fcm" },
};

static const known_t *recognize(const reading_t *reading)
{
    static const known_t training = { "[", RECORDING_TRAINING, read_training, NULL };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        const size_t length = strlen(known[k].magic);
        if (reading->num_bytes >= length && memcmp(reading->bytes, known[k].magic, length) == 0)
            return &known[k];
    }
    for (size_t i = 0; i < reading->num_bytes; i++) {
        if (isspace((unsigned char)reading->bytes[i])) continue;
        return reading->bytes[i] == '[' ? &training : NULL;
    }
    return NULL;
}

static bool parse(reading_t *reading)
{
    const known_t *kind = recognize(reading);
    if (!kind)
        return reading_refuse(reading, "no recording that Kata reads: it must be a Kata recording, "
                                       "an .fm2, a .bk2, a RetroArch replay or a training mode's "
                                       "JSON");
    if (kind->refusal) return reading_refuse(reading, "%s", kind->refusal);
    reading->out->kind = kind->kind;
    return kind->read(reading) && reading_finish(reading);
}

bool recording_parse(recording_t *out, const uint8_t *bytes, size_t num_bytes, const char *source,
                     why_t why)
{
    *out = (recording_t){ 0 };
    why_t cause = "";
    reading_t *reading = calloc(1, sizeof *reading);
    if (!reading) {
        refuse(why, "%.200s: no memory to read it", source);
        return false;
    }
    *reading = (reading_t){
        .bytes = (const char *)bytes, .num_bytes = num_bytes, .why = cause, .out = out
    };
    const bool ok = parse(reading);
    free(reading->rows);
    free(reading);
    if (ok) return true;
    recording_free(out);
    refuse(why, "%.200s: %.300s", source, cause);
    return false;
}

bool recording_read(recording_t *out, const char *path, why_t why)
{
    uint8_t *bytes;
    size_t num_bytes;
    *out = (recording_t){ 0 };
    if (!files_read(path, RECORDING_FILE_BYTES, &bytes, &num_bytes, why)) return false;
    const bool ok = recording_parse(out, bytes, num_bytes, path, why);
    free(bytes);
    return ok;
}
