/* events.c - see events.h. */
#include "events.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"
#include "why.h"

enum { MAX_EVENT_BYTES = 256, VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* ---- records ---- */

uint32_t events_crc32c(const void *bytes, size_t num_bytes)
{
    const uint8_t *b = bytes;
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < num_bytes; i++) {
        crc ^= b[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    return ~crc;
}

static void put_little(uint8_t *out, uint64_t value, size_t num_bytes)
{
    for (size_t i = 0; i < num_bytes; i++) out[i] = (uint8_t)(value >> 8 * i);
}

static void put_masked_crc(uint8_t out[4], const void *bytes, size_t num_bytes)
{
    const uint32_t crc = events_crc32c(bytes, num_bytes);
    put_little(out, (crc >> 15 | crc << 17) + 0xa282ead8u, 4);
}

static bool write_record(events_t *events, const uint8_t *bytes, size_t num_bytes, char *why)
{
    uint8_t head[12], tail[4];
    put_little(head, num_bytes, 8);
    put_masked_crc(head + 8, head, 8);
    put_masked_crc(tail, bytes, num_bytes);
    errno = 0;
    if (fwrite(head, 1, sizeof head, events->file) == sizeof head &&
        fwrite(bytes, 1, num_bytes, events->file) == num_bytes &&
        fwrite(tail, 1, sizeof tail, events->file) == sizeof tail && fflush(events->file) == 0)
        return true;
    const int cause = errno;
    return refuse(why, "%.300s: cannot be written: %s", events->path, strerror(cause));
}

/* ---- protobuf ---- */

typedef struct {
    uint8_t bytes[MAX_EVENT_BYTES];
    size_t num_bytes;
} message_t;

static void put_varint(message_t *m, uint64_t value)
{
    for (; value >= 128; value >>= 7) m->bytes[m->num_bytes++] = (uint8_t)(value | 128);
    m->bytes[m->num_bytes++] = (uint8_t)value;
}

static void put_key(message_t *m, uint32_t field, uint32_t type)
{
    put_varint(m, field << 3 | type);
}

static void put_double(message_t *m, uint32_t field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_key(m, field, FIXED64);
    put_little(m->bytes + m->num_bytes, bits, 8);
    m->num_bytes += 8;
}

static void put_float(message_t *m, uint32_t field, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_key(m, field, FIXED32);
    put_little(m->bytes + m->num_bytes, bits, 4);
    m->num_bytes += 4;
}

static void put_bytes(message_t *m, uint32_t field, const void *bytes, size_t num_bytes)
{
    put_key(m, field, BYTES);
    put_varint(m, num_bytes);
    memcpy(m->bytes + m->num_bytes, bytes, num_bytes);
    m->num_bytes += num_bytes;
}

static message_t begin_event(uint64_t step)
{
    message_t event = { .num_bytes = 0 };
    put_double(&event, 1, clock_date());
    put_key(&event, 2, VARINT);
    put_varint(&event, step);
    return event;
}

/* ---- a session ---- */

static bool begin_file(events_t *events, uint64_t decisions, char *why)
{
    static const char version[] = "brain.Event:2";
    static const uint8_t start[] = { 1 << 3 | VARINT, 1 };
    message_t event = begin_event(0);
    put_bytes(&event, 3, version, sizeof version - 1);
    if (!write_record(events, event.bytes, event.num_bytes, why)) return false;
    event = begin_event(decisions);
    put_bytes(&event, 7, start, sizeof start);
    return write_record(events, event.bytes, event.num_bytes, why);
}

bool events_open(events_t *events, const char *dir, uint64_t decisions, why_t why)
{
    char folder[HOME_PATH_BYTES], host[65] = "localhost";
    *events = (events_t){ 0 };
    (void)gethostname(host, sizeof host - 1);
    if (snprintf(folder, sizeof folder, "%s/tensorboard", dir) >= (int)sizeof folder ||
        snprintf(events->path, sizeof events->path, "%s/events.out.tfevents.%lld.%s.%ld", folder,
                 (long long)time(NULL), host, (long)getpid()) >= (int)sizeof events->path)
        return refuse(why, "%.200s...: too long a path", dir);
    if (!files_make_dirs(folder, why)) return false;
    events->file = fopen(events->path, "abe");
    if (!events->file)
        return refuse(why, "%.300s: cannot be written: %s", events->path, strerror(errno));
    if (begin_file(events, decisions, why)) return true;
    events_close(events);
    return false;
}

void events_close(events_t *events)
{
    if (events->file) fclose(events->file);
    events->file = NULL;
}

/* tag: at most 64 bytes. */
bool events_add(events_t *events, const char *tag, uint64_t decisions, double value, why_t why)
{
    if (!events->file || !isfinite(value)) return true;
    message_t number = { .num_bytes = 0 }, summary = { .num_bytes = 0 };
    put_bytes(&number, 1, tag, strnlen(tag, 64));
    put_float(&number, 2, (float)value);
    put_bytes(&summary, 1, number.bytes, number.num_bytes);
    message_t event = begin_event(decisions);
    put_bytes(&event, 5, summary.bytes, summary.num_bytes);
    return write_record(events, event.bytes, event.num_bytes, why);
}

typedef struct {
    const char *tag;
    double value; /* NAN: not known, not written */
} scalar_t;

static bool add_all(events_t *events, const scalar_t *scalars, size_t count, uint64_t decisions,
                    char *why)
{
    for (size_t i = 0; i < count; i++)
        if (!events_add(events, scalars[i].tag, decisions, scalars[i].value, why)) return false;
    return true;
}

bool events_add_training(events_t *events, const training_progress_t *p, why_t why)
{
    if (!events->file) return true;
    const double now = clock_date(), seconds = now - events->last_time;
    const bool has_rate = events->last_time > 0 && seconds > 0;
    const bool has_episodes = p->mean_episodes > 0, has_updates = p->updates > 0;
    const scalar_t scalars[] = {
        { "training/win_rate", has_episodes && !p->winner_unknown ? (double)p->win_rate : NAN },
        { "training/mean_return", has_episodes ? (double)p->mean_return : NAN },
        { "training/epsilon", (double)p->agent.epsilon },
        { "learning/loss", has_updates ? (double)p->agent.loss_mean : NAN },
        { "learning/gradient_norm", has_updates ? (double)p->agent.grad_norm : NAN },
        { "learning/q_chosen", has_updates ? (double)p->agent.q_chosen_mean : NAN },
        { "learning/learning_rate", has_updates ? (double)p->agent.learning_rate : NAN },
        { "speed/frames_per_second",
          has_rate ? (double)(p->session_frames - events->last_frames) / seconds : NAN },
        { "speed/decisions_per_second",
          has_rate ? (double)(p->session_decisions - events->last_decisions) / seconds : NAN },
        { "speed/updates_per_second",
          has_rate ? (double)(p->session_updates - events->last_updates) / seconds : NAN },
    };
    events->last_time = now;
    events->last_frames = p->session_frames;
    events->last_decisions = p->session_decisions;
    events->last_updates = p->session_updates;
    return add_all(events, scalars, sizeof scalars / sizeof scalars[0], p->decisions, why);
}

bool events_add_evaluation(events_t *events, const training_progress_t *p,
                           const evaluation_result_t *result, why_t why)
{
    const bool has_wins = result->courses > 0 && !p->winner_unknown;
    const scalar_t scalars[] = {
        { "evaluation/win_rate", has_wins ? (double)result->win_rate : NAN },
        { "evaluation/win_rate_low", has_wins ? (double)result->win_low : NAN },
        { "evaluation/win_rate_high", has_wins ? (double)result->win_high : NAN },
        { "evaluation/mean_return", result->courses > 0 ? (double)result->mean_return : NAN },
    };
    return add_all(events, scalars, sizeof scalars / sizeof scalars[0], p->decisions, why);
}
