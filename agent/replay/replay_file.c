/* replay_file.c - see replay_file.h. */
#include "replay_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "digest.h"
#include "files.h"
#include "why.h"

enum { MAGIC_BYTES = 8, BUFFER_BYTES = 1 << 16, SUM_BYTES = 4 };
static const char MAGIC[] = "KATAREPL";

/* The replay memory's shape, which must be the same when it is read. */
typedef struct {
    uint32_t one; /* 1: written on a little-endian machine */
    int32_t stack, num_streams, slots_per_stream, n_step;
    int32_t prioritized;
    int32_t num_live;
    uint32_t unused;
    uint64_t obs_bytes;
    double priority_exponent, max_priority;
} replay_file_head_t;

typedef struct {
    int32_t head, pending, running, num_kept;
    uint64_t first, next; /* pictures */
} replay_file_stream_t;

typedef struct {
    float reward;
    int32_t duration_steps;
    int16_t action;
    uint8_t state, unused;
} replay_file_slot_t;

_Static_assert(sizeof(replay_file_head_t) == 56 && sizeof(replay_file_stream_t) == 32 &&
                   sizeof(replay_file_slot_t) == 12,
               "no gaps, whose bytes nobody set");

static int32_t kept_slot(const replay_t *replay, int32_t stream, int32_t age)
{
    const replay_stream_t *s = &replay->streams[stream];
    const int32_t ring = replay->slots_per_stream;
    return stream * ring + (int32_t)(((int64_t)s->head - age + ring) % ring);
}

/* ---- sizes ----------------------------------------------------------------------------------- */

static uint64_t bytes_of(const replay_t *replay, uint64_t slots, uint64_t pictures, uint64_t packed,
                         uint64_t live)
{
    const uint64_t of_slot =
        sizeof(replay_file_slot_t) + (uint64_t)replay->stack * sizeof *replay->numbers;
    const uint64_t of_live = sizeof(int32_t) + (replay->prioritized ? sizeof(double) : 0);
    return MAGIC_BYTES + sizeof(replay_file_head_t) +
           (uint64_t)replay->num_streams * (sizeof(replay_file_stream_t) + replay->obs_bytes) +
           slots * of_slot + pictures * sizeof(uint32_t) + packed + live * of_live + SUM_BYTES;
}

uint64_t replay_file_bytes(const replay_t *replay)
{
    uint64_t slots = 0, pictures = 0, packed = 0;
    for (int32_t s = 0; s < replay->num_streams; s++) {
        const pictures_t *p = &replay->streams[s].pictures;
        slots += (uint64_t)replay->streams[s].num_kept;
        pictures += p->next - p->first;
        for (uint64_t n = p->first; n < p->next; n++) packed += p->places[n % p->max_count].bytes;
    }
    return bytes_of(replay, slots, pictures, packed, (uint64_t)replay->num_live);
}

uint64_t replay_file_most_bytes(const replay_t *replay)
{
    const uint64_t slots = (uint64_t)replay->num_streams * (uint64_t)replay->slots_per_stream;
    uint64_t pictures = 0, packed = 0;
    for (int32_t s = 0; s < replay->num_streams; s++) {
        pictures += replay->streams[s].pictures.max_count;
        packed += replay->streams[s].pictures.num_bytes;
    }
    return bytes_of(replay, slots, pictures, packed, slots);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Bytes are gathered, so that sums are of large parts. */
typedef struct {
    FILE *stream;
    uint32_t sum;
    size_t used;
    uint8_t buffer[BUFFER_BYTES];
} sink_t;

static void flush(sink_t *sink)
{
    sink->sum = digest_crc32_more(sink->sum, sink->buffer, sink->used);
    (void)fwrite(sink->buffer, 1, sink->used, sink->stream); /* commit looks at ferror */
    sink->used = 0;
}

static void put(sink_t *sink, const void *bytes, size_t num_bytes)
{
    const uint8_t *from = bytes;
    while (num_bytes > 0) {
        const size_t room = sizeof sink->buffer - sink->used;
        const size_t part = num_bytes < room ? num_bytes : room;
        memcpy(sink->buffer + sink->used, from, part);
        sink->used += part;
        from += part;
        num_bytes -= part;
        if (sink->used == sizeof sink->buffer) flush(sink);
    }
}

static void put_stream(sink_t *sink, const replay_t *replay, int32_t stream)
{
    const replay_stream_t *s = &replay->streams[stream];
    const pictures_t *p = &s->pictures;
    const replay_file_stream_t head = { s->head,     s->pending, s->running,
                                        s->num_kept, p->first,   p->next };
    put(sink, &head, sizeof head);
    put(sink, replay->newest_obs + (size_t)stream * replay->obs_bytes, replay->obs_bytes);
    for (uint64_t n = p->first; n < p->next; n++)
        put(sink, &p->places[n % p->max_count].bytes, sizeof(uint32_t));
    for (uint64_t n = p->first; n < p->next; n++) {
        const picture_place_t *place = &p->places[n % p->max_count];
        put(sink, p->ring + place->at % p->num_bytes, place->bytes);
    }
    for (int32_t age = s->num_kept - 1; age >= 0; age--) {
        const int32_t slot = kept_slot(replay, stream, age);
        const replay_slot_t *from = &replay->slots[slot];
        const replay_file_slot_t written = { from->reward, from->duration_steps, from->action,
                                             from->state, 0 };
        put(sink, &written, sizeof written);
        put(sink, replay->numbers + (size_t)slot * (size_t)replay->stack,
            (size_t)replay->stack * sizeof *replay->numbers);
    }
}

agent_status_t replay_file_write(const replay_t *replay, const char *path, why_t why)
{
    why_t cause;
    files_writer_t out;
    sink_t *sink = calloc(1, sizeof *sink);
    if (!sink) return refuse_as(why, AGENT_NO_MEMORY, "%.300s: no memory to write it", path);
    if (!files_replace_open(&out, path, cause)) {
        free(sink);
        return refuse_as(why, AGENT_BAD_FILE, "%s", cause);
    }
    sink->stream = out.stream;
    const replay_file_head_t head = { .one = 1,
                                      .stack = replay->stack,
                                      .num_streams = replay->num_streams,
                                      .slots_per_stream = replay->slots_per_stream,
                                      .n_step = replay->n_step,
                                      .prioritized = replay->prioritized,
                                      .num_live = replay->num_live,
                                      .obs_bytes = replay->obs_bytes,
                                      .priority_exponent = replay->priority_exponent,
                                      .max_priority = replay->max_priority };
    put(sink, MAGIC, MAGIC_BYTES);
    put(sink, &head, sizeof head);
    for (int32_t s = 0; s < replay->num_streams && !ferror(out.stream); s++)
        put_stream(sink, replay, s);
    for (int32_t i = 0; i < replay->num_live; i++) {
        put(sink, &replay->live[i], sizeof replay->live[i]);
        const double weight = replay->prioritized ? sumtree_get(&replay->tree, replay->live[i]) : 0;
        if (replay->prioritized) put(sink, &weight, sizeof weight);
    }
    flush(sink);
    (void)fwrite(&sink->sum, 1, SUM_BYTES, out.stream);
    free(sink);
    if (!files_replace_commit(&out, cause)) return refuse_as(why, AGENT_BAD_FILE, "%s", cause);
    return AGENT_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct {
    int fd;
    const char *path;
    uint64_t at, end; /* of what the sum is of */
    uint32_t sum;
    size_t used, filled;
    uint8_t buffer[BUFFER_BYTES];
} replay_source_t;

static bool fill(replay_source_t *source)
{
    const uint64_t left = source->end - source->at;
    const size_t part = left < BUFFER_BYTES ? (size_t)left : BUFFER_BYTES;
    if (part == 0 ||
        !files_read_at(source->fd, (size_t)source->at, source->buffer, part, source->path, NULL))
        return false;
    source->sum = digest_crc32_more(source->sum, source->buffer, part);
    source->at += part;
    source->filled = part;
    source->used = 0;
    return true;
}

static bool take(replay_source_t *source, void *bytes, size_t num_bytes)
{
    uint8_t *to = bytes;
    while (num_bytes > 0) {
        if (source->used == source->filled && !fill(source)) return false;
        const size_t there = source->filled - source->used;
        const size_t part = num_bytes < there ? num_bytes : there;
        memcpy(to, source->buffer + source->used, part);
        source->used += part;
        to += part;
        num_bytes -= part;
    }
    return true;
}

/* At the end of the file, and what was read is what was written. */
static bool is_over(replay_source_t *source)
{
    uint32_t sum;
    return source->used == source->filled && source->at == source->end &&
           files_read_at(source->fd, (size_t)source->end, &sum, SUM_BYTES, source->path, NULL) &&
           sum == source->sum;
}

/* What can be drawn from it lies inside of what is there. */
static bool slot_is_sound(const replay_t *replay, int32_t slot, bool is_newest, int32_t num_actions,
                          uint64_t *oldest_picture)
{
    const replay_slot_t *s = &replay->slots[slot];
    const pictures_t *p = &replay->streams[slot / replay->slots_per_stream].pictures;
    const uint64_t *numbers = replay->numbers + (size_t)slot * (size_t)replay->stack;
    const bool is_settled = s->state == REPLAY_CLOSED || s->state == REPLAY_TERMINAL;
    if (s->state == REPLAY_EMPTY || s->state > REPLAY_TAIL) return false;
    if (s->state == REPLAY_OPEN && !is_newest) return false;
    if (s->state == REPLAY_CLOSED && is_newest) return false;
    if (s->action < 0 || s->action >= num_actions || !isfinite(s->reward)) return false;
    if (is_settled && s->duration_steps < 1) return false;
    /* The oldest pictures go first, and a slot with them. */
    for (int32_t c = 0; c < replay->stack; c++) {
        const uint64_t least = c > 0 ? numbers[c - 1] : *oldest_picture;
        if (!pictures_has(p, numbers[c]) || numbers[c] < least) return false;
    }
    *oldest_picture = numbers[0];
    return true;
}

/* No decision that waits for its window to be complete can be drawn yet. */
static bool pending_is_sound(const replay_t *replay, int32_t stream)
{
    const replay_stream_t *s = &replay->streams[stream];
    for (int32_t k = 1; k <= s->pending; k++) {
        const int32_t slot = kept_slot(replay, stream, k);
        if (replay->slots[slot].state != REPLAY_CLOSED || replay->live_rank[slot] != 0)
            return false;
    }
    return true;
}

static bool take_stream(replay_source_t *source, replay_t *replay, int32_t stream,
                        int32_t num_actions)
{
    replay_stream_t *s = &replay->streams[stream];
    replay_file_stream_t head;
    if (!take(source, &head, sizeof head)) return false;
    if (head.head < -1 || head.head >= replay->slots_per_stream || head.num_kept < 0 ||
        head.num_kept > replay->slots_per_stream || (head.head < 0) != (head.num_kept == 0) ||
        head.pending < 0 || head.pending >= replay->n_step ||
        (head.pending > 0 && head.pending >= head.num_kept) || head.running < 0 || head.running > 1)
        return false;
    if (!take(source, replay->newest_obs + (size_t)stream * replay->obs_bytes, replay->obs_bytes))
        return false;
    /* From here on replay_forget() has something to do. */
    s->head = head.head;
    s->num_kept = head.num_kept;
    s->pending = head.pending;
    s->running = head.running;
    if (!pictures_begin(&s->pictures, head.first, head.next)) return false;
    for (uint64_t n = head.first; n < head.next; n++) {
        uint32_t bytes;
        if (!take(source, &bytes, sizeof bytes) || !pictures_expect(&s->pictures, n, bytes))
            return false;
    }
    for (uint64_t n = head.first; n < head.next; n++) {
        size_t bytes;
        uint8_t *packed = pictures_packed(&s->pictures, n, &bytes);
        if (!take(source, packed, bytes)) return false;
    }
    if (!pictures_are_sound(&s->pictures)) return false;
    uint64_t oldest_picture = 0;
    for (int32_t age = s->num_kept - 1; age >= 0; age--) {
        const int32_t slot = kept_slot(replay, stream, age);
        replay_file_slot_t read;
        if (!take(source, &read, sizeof read) ||
            !take(source, replay->numbers + (size_t)slot * (size_t)replay->stack,
                  (size_t)replay->stack * sizeof *replay->numbers))
            return false;
        replay->slots[slot] = (replay_slot_t){ .reward = read.reward,
                                               .duration_steps = read.duration_steps,
                                               .action = read.action,
                                               .state = read.state };
        if (!slot_is_sound(replay, slot, age == 0, num_actions, &oldest_picture)) return false;
    }
    return true;
}

static bool take_live(replay_source_t *source, replay_t *replay, int32_t num_live)
{
    const int32_t num_slots = replay->num_streams * replay->slots_per_stream;
    for (int32_t i = 0; i < num_live; i++) {
        int32_t slot;
        double weight = 1;
        if (!take(source, &slot, sizeof slot) ||
            (replay->prioritized && !take(source, &weight, sizeof weight)))
            return false;
        if (slot < 0 || slot >= num_slots || replay->live_rank[slot] != 0 ||
            !(weight >= 1e-100 && weight <= 1e100))
            return false;
        const uint8_t state = replay->slots[slot].state;
        if (state != REPLAY_CLOSED && state != REPLAY_TERMINAL) return false;
        replay->live[replay->num_live++] = slot;
        replay->live_rank[slot] = replay->num_live;
        if (replay->prioritized) sumtree_set(&replay->tree, slot, weight);
    }
    return true;
}

static bool take_all(replay_source_t *source, replay_t *replay, const replay_file_head_t *head,
                     int32_t num_actions)
{
    for (int32_t s = 0; s < replay->num_streams; s++)
        if (!take_stream(source, replay, s, num_actions)) return false;
    if (!take_live(source, replay, head->num_live) || !is_over(source)) return false;
    for (int32_t s = 0; s < replay->num_streams; s++)
        if (!pending_is_sound(replay, s)) return false;
    return true;
}

static agent_status_t check_head(const replay_t *replay, const replay_file_head_t *head,
                                 const char *path, char *why)
{
    const int64_t num_slots = (int64_t)replay->num_streams * replay->slots_per_stream;
    if (head->one != 1 || head->num_live < 0 || head->num_live > num_slots ||
        !(head->max_priority > 0 && head->max_priority <= 1e100))
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: is damaged, it is no replay memory", path);
    if (head->num_streams != replay->num_streams ||
        head->slots_per_stream != replay->slots_per_stream)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "%.300s: was kept of %d streams of %d decisions each, found %d of %d",
                         path, head->num_streams, head->slots_per_stream, replay->num_streams,
                         replay->slots_per_stream);
    if (head->stack != replay->stack || head->obs_bytes != replay->obs_bytes ||
        head->n_step != replay->n_step || (head->prioritized != 0) != replay->prioritized ||
        head->priority_exponent != replay->priority_exponent)
        return refuse_as(why, AGENT_BAD_CONFIG, "%.300s: was kept of another agent", path);
    return AGENT_OK;
}

static agent_status_t read_source(replay_source_t *source, replay_t *replay, int32_t num_actions,
                                  char *why)
{
    char magic[MAGIC_BYTES];
    replay_file_head_t head;
    if (!take(source, magic, sizeof magic) || memcmp(magic, MAGIC, MAGIC_BYTES) != 0 ||
        !take(source, &head, sizeof head))
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: is damaged, it is no replay memory",
                         source->path);
    const agent_status_t status = check_head(replay, &head, source->path, why);
    if (status != AGENT_OK) return status;
    if (!take_all(source, replay, &head, num_actions)) {
        replay_forget(replay);
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: is damaged, it is not what was saved",
                         source->path);
    }
    replay->max_priority = head.max_priority;
    for (int32_t s = 0; s < replay->num_streams; s++) replay_drop(replay, s);
    return AGENT_OK;
}

agent_status_t replay_file_read(replay_t *replay, const char *path, int32_t num_actions, why_t why)
{
    why_t cause;
    size_t num_bytes;
    replay_source_t *source = calloc(1, sizeof *source);
    if (!source) return refuse_as(why, AGENT_NO_MEMORY, "%.300s: no memory to read it", path);
    source->path = path;
    source->fd = files_open(path, SIZE_MAX / 2, &num_bytes, cause); /* read piece by piece */
    agent_status_t status = AGENT_BAD_FILE;
    if (source->fd < 0 || num_bytes < SUM_BYTES) {
        refuse(why, "%s", source->fd < 0 ? cause : "a replay memory of no bytes is damaged");
    } else {
        source->end = num_bytes - SUM_BYTES;
        status = read_source(source, replay, num_actions, why);
    }
    if (source->fd >= 0) close(source->fd);
    free(source);
    return status;
}
