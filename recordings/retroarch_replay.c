/* retroarch_replay.c - RetroArch's replay: a header of little-endian numbers, a savestate, then
 * each frame's keys, the answers that the core was given, and a token that says whether a savestate
 * follows.
 */
#include <inttypes.h>
#include <string.h>

#include "reading.h"

enum {
    HEADER_BYTES = 24,   /* version 1: magic, version, CRC32, state's size, identifier */
    HEADER_2_BYTES = 40, /* version 2: and frames, sizes of blocks, settings */
    KEY_BYTES = 12,
    ANSWER_BYTES = 8,
    DEVICE_JOYPAD = 1, /* libretro's numbers */
    DEVICE_TYPE_MASK = 0xFF,
    ID_MASK = 256
};

static uint64_t little(const reading_t *reading, size_t at, size_t num_bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < num_bytes; i++)
        number |= (uint64_t)(uint8_t)reading->bytes[at + i] << 8 * i;
    return number;
}

/* num_bytes at *at, which steps behind them. */
static bool take(reading_t *reading, size_t num_bytes, const char *what, size_t *at)
{
    *at = reading->pos;
    const size_t left = reading->num_bytes - reading->pos;
    if (num_bytes > left)
        return reading_refuse(reading, "frame %d: %s must be %zu bytes, the file has %zu more",
                              reading->out->num_frames + 1, what, num_bytes, left);
    reading->pos += num_bytes;
    return true;
}

static bool skip(reading_t *reading, uint64_t num_bytes, const char *what)
{
    const size_t left = reading->num_bytes - reading->pos;
    if (num_bytes > left)
        return reading_refuse(reading,
                              "frame %d: %s must be %" PRIu64 " bytes, the file has %zu more",
                              reading->out->num_frames + 1, what, num_bytes, left);
    reading->pos += (size_t)num_bytes;
    return true;
}

/* An answer to a core: which buttons of a pad are down? In a frame in which the core did not ask,
 * the pads stay as they were. */
static bool take_answers(reading_t *reading, reading_row_t row)
{
    size_t at;
    if (!take(reading, 2, "the number of answers", &at)) return false;
    const size_t count = (size_t)little(reading, at, 2);
    if (!take(reading, count * ANSWER_BYTES, "the answers", &at)) return false;
    bool has_mask[RECORDING_MAX_PORTS] = { false };
    for (size_t i = 0; i < count; i++, at += ANSWER_BYTES) {
        const uint32_t port = (uint32_t)little(reading, at, 1);
        const uint32_t device = (uint32_t)little(reading, at + 1, 1) & DEVICE_TYPE_MASK;
        const uint32_t id = (uint32_t)little(reading, at + 4, 2);
        const uint16_t value = (uint16_t)little(reading, at + 6, 2);
        if (device != DEVICE_JOYPAD) continue;
        if (port >= RECORDING_MAX_PORTS)
            return reading_refuse(reading, "frame %d: a port must be below %d, found %u",
                                  reading->out->num_frames + 1, RECORDING_MAX_PORTS, port);
        if (reading->out->num_ports <= (int32_t)port) reading->out->num_ports = (int32_t)port + 1;
        if (id == ID_MASK) {
            row[port] = value;
            has_mask[port] = true;
        } else if (id < 16 && !has_mask[port]) {
            row[port] = (uint16_t)(value ? row[port] | 1u << id : row[port] & ~(1u << id));
        }
    }
    return true;
}

static bool take_token(reading_t *reading)
{
    size_t at;
    if (!take(reading, 1, "the frame's token", &at)) return false;
    const uint8_t token = (uint8_t)reading->bytes[at];
    if (token == 'f') return true;
    if (token == 'c') /* a savestate behind its size */
        return take(reading, 8, "a savestate's size", &at) &&
               skip(reading, little(reading, at, 8), "a savestate");
    if (token == 'C') /* how it is packed, two sizes of no concern, the size of what is stored */
        return take(reading, 2 + 3 * 4, "a packed savestate's sizes", &at) &&
               skip(reading, little(reading, at + 10, 4), "a packed savestate");
    return reading_refuse(reading, "frame %d: the token must be 'f', 'c' or 'C', found 0x%02X",
                          reading->out->num_frames + 1, token);
}

static bool take_header(reading_t *reading, uint64_t *version)
{
    size_t at;
    if (!take(reading, HEADER_BYTES, "the header", &at)) return false;
    *version = little(reading, at + 4, 4);
    if (*version == 0)
        return reading_refuse(reading, "a RetroArch replay of version 0: it holds answers in the "
                                       "order in which the core asked, not pads, so only that "
                                       "core can tell which is which");
    if (*version > 2)
        return reading_refuse(reading, "a replay's version must be 1 or 2, found %" PRIu64,
                              *version);
    const uint32_t crc32 = (uint32_t)little(reading, at + 8, 4);
    if (crc32) snprintf(reading->out->crc32, sizeof reading->out->crc32, "%08x", crc32);
    const uint64_t state_bytes = little(reading, at + 12, 4);
    if (*version == 2 && !skip(reading, HEADER_2_BYTES - HEADER_BYTES, "the header")) return false;
    return skip(reading, state_bytes, "the first savestate");
}

bool read_replay(reading_t *reading)
{
    uint64_t version;
    reading_row_t row = { 0 };
    size_t at;
    if (!take_header(reading, &version)) return false;
    reading->out->num_ports = 1;
    while (reading->pos < reading->num_bytes) {
        /* how far back the frame before begins: of no concern */
        if (version == 2 && !skip(reading, 4, "the way back")) return false;
        if (!take(reading, 1, "the number of keys", &at)) return false;
        if (!skip(reading, little(reading, at, 1) * KEY_BYTES, "the keys")) return false;
        if (!take_answers(reading, row) || !take_token(reading)) return false;
        if (!reading_add(reading, row, 1)) return false;
    }
    return true;
}
