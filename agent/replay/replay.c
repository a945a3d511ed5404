/* replay.c - see replay.h. */
#include "replay.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int32_t replay_min_capacity(int32_t num_streams, int32_t n_step)
{
    return num_streams * (n_step + 2);
}

/* What each stream's pictures need so that a window and the slot being written are always whole. */
static size_t min_stream_bytes(const replay_config_t *config)
{
    const size_t pictures = (size_t)(config->n_step + 2) * (size_t)config->stack;
    return pictures_min_bytes(config->obs_bytes / (size_t)config->stack, pictures);
}

size_t replay_min_memory_bytes(const replay_config_t *config)
{
    return (size_t)config->num_streams * min_stream_bytes(config);
}

static void take_pictures(replay_t *replay, arena_t *arena, const replay_config_t *config,
                          replay_stream_t *stream)
{
    const size_t picture_bytes = config->obs_bytes / (size_t)config->stack;
    /* As many as could ever be needed: no more memory than incompressible ones would fill. */
    const size_t most = (size_t)replay->slots_per_stream * (size_t)config->stack;
    const size_t share = config->memory_bytes / (size_t)config->num_streams;
    const size_t enough = pictures_min_bytes(picture_bytes, most);
    pictures_take(&stream->pictures, arena, picture_bytes, share < enough ? share : enough,
                  most + 2 * PICTURES_GROUP);
}

void replay_take(replay_t *replay, arena_t *arena, const replay_config_t *config)
{
    const int32_t per_stream = config->capacity / config->num_streams;
    const size_t num_slots = (size_t)per_stream * (size_t)config->num_streams;
    *replay = (replay_t){
        .obs_bytes = config->obs_bytes,
        .stack = config->stack,
        .num_streams = config->num_streams,
        .slots_per_stream = per_stream,
        .n_step = config->n_step,
        .kept_stream = -1,
        .sample_n_step = config->n_step,
        .return_steps = config->return_steps,
        .discount_per_step = config->discount_per_step,
        .prioritized = config->prioritized,
        .priority_exponent = config->priority_exponent,
        .max_priority = 1,
    };
    replay->streams = arena_take(arena, (size_t)config->num_streams, sizeof *replay->streams);
    replay->live = arena_take(arena, num_slots, sizeof *replay->live);
    replay->live_rank = arena_take(arena, num_slots, sizeof *replay->live_rank);
    replay->slots = arena_take(arena, num_slots, sizeof *replay->slots);
    if (config->prioritized) {
        const int32_t leaves = sumtree_leaves_for((int32_t)num_slots);
        sumtree_init(&replay->tree, arena_take(arena, 2 * (size_t)leaves, sizeof(double)), leaves);
    }
    replay->numbers = arena_take(arena, num_slots * (size_t)config->stack, sizeof *replay->numbers);
    replay->newest_obs = arena_take(arena, (size_t)config->num_streams, config->obs_bytes);
    for (int32_t i = 0; i < THREAD_POOL_MAX; i++)
        pictures_reader_take(&replay->readers[i], arena, config->obs_bytes / (size_t)config->stack);
    for (int32_t s = 0; s < config->num_streams; s++) {
        replay_stream_t counted; /* while counting there is none */
        replay_stream_t *stream = arena->base ? &replay->streams[s] : &counted;
        take_pictures(replay, arena, config, stream);
        if (arena->base) stream->head = -1;
    }
}

size_t replay_used_bytes(const replay_t *replay)
{
    size_t bytes = 0;
    for (int32_t s = 0; s < replay->num_streams; s++)
        bytes += pictures_used_bytes(&replay->streams[s].pictures);
    return bytes;
}

static int32_t slot_at(const replay_t *replay, int32_t stream, int32_t position)
{
    return stream * replay->slots_per_stream + position;
}

/* The slot `distance` after (or before) this one in its ring. */
static int32_t slot_beside(const replay_t *replay, int32_t slot, int32_t distance)
{
    const int32_t ring = replay->slots_per_stream, first = slot - slot % ring;
    return first + ((slot - first + distance) % ring + ring) % ring;
}

static uint64_t *numbers_of(const replay_t *replay, int32_t slot)
{
    return replay->numbers + (size_t)slot * (size_t)replay->stack;
}

static uint8_t *newest_obs_of(const replay_t *replay, int32_t stream)
{
    return replay->newest_obs + (size_t)stream * replay->obs_bytes;
}

static void read_obs(const replay_t *replay, pictures_reader_t *reader, int32_t slot, uint8_t *obs)
{
    const replay_stream_t *stream = &replay->streams[slot / replay->slots_per_stream];
    const uint64_t *numbers = numbers_of(replay, slot);
    const size_t picture_bytes = replay->obs_bytes / (size_t)replay->stack;
    for (int32_t c = 0; c < replay->stack; c++)
        if (c > 0 && numbers[c] == numbers[c - 1])
            memcpy(obs + (size_t)c * picture_bytes, obs + (size_t)(c - 1) * picture_bytes,
                   picture_bytes);
        else
            pictures_read(&stream->pictures, reader, numbers[c], obs + (size_t)c * picture_bytes);
}

static void make_live(replay_t *replay, int32_t slot)
{
    replay->live[replay->num_live++] = slot;
    replay->live_rank[slot] = replay->num_live;
    if (replay->prioritized)
        sumtree_set(&replay->tree, slot, pow(replay->max_priority, replay->priority_exponent));
}

static void unmake_live(replay_t *replay, int32_t slot)
{
    if (replay->live_rank[slot] == 0) return;
    const int32_t last = replay->live[--replay->num_live];
    replay->live[replay->live_rank[slot] - 1] = last;
    replay->live_rank[last] = replay->live_rank[slot];
    replay->live_rank[slot] = 0;
    if (replay->prioritized) sumtree_set(&replay->tree, slot, 0);
}

static int32_t newest_slot(const replay_t *replay, int32_t stream)
{
    return slot_at(replay, stream, replay->streams[stream].head);
}

bool replay_is_open(const replay_t *replay, int32_t stream)
{
    return replay->streams[stream].head >= 0 &&
           replay->slots[newest_slot(replay, stream)].state == REPLAY_OPEN;
}

int32_t replay_num_kept(const replay_t *replay)
{
    return replay->kept_stream < 0 ? 0 : replay->streams[replay->kept_stream].num_kept;
}

bool replay_has_room(const replay_t *replay, int32_t stream)
{
    enum { MOST_SLOTS = 2 }; /* a decision's observation and its next one */
    if (stream != replay->kept_stream) return true;
    const replay_stream_t *s = &replay->streams[stream];
    const pictures_t *pictures = &s->pictures;
    const uint64_t count = MOST_SLOTS * (uint64_t)replay->stack;
    return s->num_kept + MOST_SLOTS <= replay->slots_per_stream &&
           pictures->next - pictures->first + count + PICTURES_GROUP <= pictures->max_count &&
           pictures_used_bytes(pictures) + pictures_min_bytes(pictures->picture_bytes, count) <=
               pictures->num_bytes;
}

/* The numbers of obs's pictures: those that the slot before has, too, then new ones. */
static void store(replay_t *replay, int32_t stream, int32_t before, int32_t slot,
                  const uint8_t *obs)
{
    replay_stream_t *s = &replay->streams[stream];
    const size_t picture_bytes = replay->obs_bytes / (size_t)replay->stack;
    const int32_t shift = s->num_kept > 0 ? pictures_num_new(newest_obs_of(replay, stream), obs,
                                                             replay->stack, picture_bytes)
                                          : replay->stack;
    uint64_t *numbers = numbers_of(replay, slot);
    for (int32_t c = 0; c < replay->stack; c++) {
        const uint8_t *picture = obs + (size_t)c * picture_bytes;
        if (c + shift < replay->stack)
            numbers[c] = numbers_of(replay, before)[c + shift];
        else if (c > 0 && memcmp(picture, picture - picture_bytes, picture_bytes) == 0)
            numbers[c] = numbers[c - 1]; /* a still picture, an episode's beginning */
        else
            numbers[c] = pictures_push(&s->pictures, picture);
    }
    memcpy(newest_obs_of(replay, stream), obs, replay->obs_bytes);
}

/* Slots whose pictures had to make room are gone. */
static void forget_slots_without_pictures(replay_t *replay, int32_t stream)
{
    replay_stream_t *s = &replay->streams[stream];
    const int32_t newest = newest_slot(replay, stream);
    while (s->num_kept > 1) {
        const int32_t oldest = slot_beside(replay, newest, 1 - s->num_kept);
        if (pictures_has(&s->pictures, numbers_of(replay, oldest)[0])) return;
        unmake_live(replay, oldest);
        replay->slots[oldest] = (replay_slot_t){ .state = REPLAY_EMPTY };
        s->num_kept--;
    }
}

/* Move the stream's head on, over its oldest slot if the ring is full. */
static int32_t next_slot(replay_t *replay, int32_t stream, const uint8_t *obs)
{
    replay_stream_t *s = &replay->streams[stream];
    s->head = (s->head + 1) % replay->slots_per_stream;
    const int32_t slot = newest_slot(replay, stream);
    unmake_live(replay, slot);
    replay->slots[slot] = (replay_slot_t){ .state = REPLAY_TAIL };
    store(replay, stream, slot_beside(replay, slot, -1), slot, obs);
    if (s->num_kept < replay->slots_per_stream) s->num_kept++;
    forget_slots_without_pictures(replay, stream);
    return slot;
}

/* No decision will follow: the windows of all pending ones end at `last`, the chain's last
 * decision. */
static void end_chain(replay_t *replay, int32_t stream, int32_t last)
{
    replay_stream_t *s = &replay->streams[stream];
    for (; s->pending > 0; s->pending--)
        make_live(replay, slot_beside(replay, last, 1 - s->pending));
    s->running = false;
}

void replay_discard(replay_t *replay, int32_t stream)
{
    replay->streams[stream].pending = 0;
    replay_drop(replay, stream);
}

void replay_drop(replay_t *replay, int32_t stream)
{
    if (replay->streams[stream].head < 0) return;
    const int32_t newest = newest_slot(replay, stream);
    if (replay->slots[newest].state == REPLAY_OPEN)
        replay->slots[newest] = (replay_slot_t){ .state = REPLAY_TAIL };
    end_chain(replay, stream, slot_beside(replay, newest, -1));
}

void replay_forget(replay_t *replay)
{
    const size_t num_slots = (size_t)replay->num_streams * (size_t)replay->slots_per_stream;
    for (int32_t s = 0; s < replay->num_streams; s++) {
        replay_stream_t *stream = &replay->streams[s];
        pictures_forget(&stream->pictures);
        stream->head = -1;
        stream->pending = stream->num_kept = 0;
        stream->running = false;
    }
    if (replay->prioritized)
        for (int32_t i = 0; i < replay->num_live; i++)
            sumtree_set(&replay->tree, replay->live[i], 0);
    replay->num_live = 0;
    replay->max_priority = 1;
    memset(replay->live_rank, 0, num_slots * sizeof *replay->live_rank);
    memset(replay->slots, 0, num_slots * sizeof *replay->slots);
}

void replay_open(replay_t *replay, int32_t stream, const uint8_t *obs, int32_t action)
{
    assert(!replay_is_open(replay, stream));
    const replay_stream_t *s = &replay->streams[stream];
    int32_t slot = newest_slot(replay, stream); /* nonsense before the first, but not running */
    /* The chain goes on only from the observation that settle() left. */
    if (!s->running || memcmp(newest_obs_of(replay, stream), obs, replay->obs_bytes) != 0) {
        replay_drop(replay, stream);
        slot = next_slot(replay, stream, obs);
    }
    replay->slots[slot].state = REPLAY_OPEN;
    replay->slots[slot].action = (int16_t)action;
}

void replay_settle(replay_t *replay, int32_t stream, float reward, int32_t duration_steps,
                   bool terminal, bool truncated, const uint8_t *next_obs)
{
    assert(replay_is_open(replay, stream));
    replay_stream_t *s = &replay->streams[stream];
    const int32_t slot = newest_slot(replay, stream);
    replay->slots[slot].reward = reward;
    replay->slots[slot].duration_steps = duration_steps;
    replay->slots[slot].state = terminal ? REPLAY_TERMINAL : REPLAY_CLOSED;
    s->pending++;
    s->running = !terminal;
    if (!terminal) next_slot(replay, stream, next_obs);
    if (terminal || truncated) {
        end_chain(replay, stream, slot);
    } else if (s->pending == replay->n_step) {
        make_live(replay, slot_beside(replay, slot, 1 - replay->n_step));
        s->pending--;
    }
}

/* What a decision came to, and where. */
static void trace(const replay_t *replay, int32_t slot, replay_sample_t *sample)
{
    double sum = 0, discount = 1;
    int32_t at = slot;
    int64_t steps = 0;
    const int64_t enough = replay->return_steps > 0 ? replay->return_steps : INT64_MAX;
    for (int32_t k = 0; k < replay->sample_n_step && steps < enough; k++) {
        const replay_slot_t *decision = &replay->slots[at];
        if (decision->state != REPLAY_CLOSED && decision->state != REPLAY_TERMINAL) break;
        sum += discount * (double)decision->reward;
        discount *= pow(replay->discount_per_step, decision->duration_steps);
        steps += decision->duration_steps;
        if (decision->state == REPLAY_TERMINAL) {
            discount = 0;
            break;
        }
        at = slot_beside(replay, at, 1);
    }
    sample->slot = slot;
    sample->next_slot = discount > 0 ? at : slot;
    sample->is_kept = slot / replay->slots_per_stream == replay->kept_stream;
    sample->action = replay->slots[slot].action;
    sample->obs = sample->next_obs = NULL;
    sample->n_step_return = (float)sum;
    sample->discount = (float)discount;
}

static void read_sample(const replay_t *replay, pictures_reader_t *reader, replay_sample_t *sample,
                        uint8_t *obs, uint8_t *next_obs)
{
    const bool has_next = sample->next_slot != sample->slot;
    read_obs(replay, reader, sample->slot, obs);
    if (has_next) read_obs(replay, reader, sample->next_slot, next_obs);
    sample->obs = obs;
    sample->next_obs = has_next ? next_obs : obs;
}

void replay_transition(replay_t *replay, int32_t slot, replay_sample_t *sample, uint8_t *obs,
                       uint8_t *next_obs)
{
    trace(replay, slot, sample);
    pictures_reader_begin(&replay->readers[0]);
    read_sample(replay, &replay->readers[0], sample, obs, next_obs);
}

void replay_draw(replay_t *replay, rng_t *rng, int32_t num_samples, replay_sample_t *samples)
{
    assert(replay->num_live > 0);
    const double total = replay->prioritized ? sumtree_total(&replay->tree) : 0;
    for (int32_t i = 0; i < num_samples; i++) {
        int32_t slot;
        double probability;
        if (replay->prioritized) {
            /* One draw from each of num_samples equal slices of the mass (Schaul et al. 2016,
             * B.2.1): the same frequencies, less variance. */
            slot = sumtree_find(&replay->tree, total * (i + rng_uniform(rng)) / num_samples);
            probability = sumtree_get(&replay->tree, slot) / total;
        } else {
            slot = replay->live[rng_below(rng, (uint32_t)replay->num_live)];
            probability = 1.0 / replay->num_live;
        }
        trace(replay, slot, &samples[i]);
        samples[i].probability = (float)probability;
    }
}

typedef struct {
    replay_t *replay;
    replay_sample_t *samples;         /* drawn */
    const replay_picture_t *pictures; /* or these */
    int32_t count;
    uint8_t *obs;
} unpacking_t;

static void unpack_share(void *context, int32_t share, int32_t num_shares)
{
    const unpacking_t *u = context;
    const size_t obs_bytes = u->replay->obs_bytes;
    pictures_reader_t *reader = &u->replay->readers[share];
    int32_t first;
    const int32_t count = thread_pool_share(u->count, 1, share, num_shares, &first);
    pictures_reader_begin(reader);
    for (int32_t i = first; i < first + count; i++)
        if (u->pictures)
            pictures_read(&u->replay->streams[u->pictures[i].stream].pictures, reader,
                          u->pictures[i].number, u->pictures[i].to);
        else
            read_sample(u->replay, reader, &u->samples[i], u->obs + (size_t)i * obs_bytes,
                        u->obs + (size_t)(u->count + i) * obs_bytes);
}

void replay_unpack(replay_t *replay, int32_t num_samples, replay_sample_t *samples, uint8_t *obs,
                   thread_pool_t *pool)
{
    unpacking_t all = { .replay = replay, .samples = samples, .count = num_samples, .obs = obs };
    thread_pool_run(pool, unpack_share, &all);
}

void replay_unpack_pictures(replay_t *replay, const replay_picture_t *pictures, int32_t count,
                            thread_pool_t *pool)
{
    unpacking_t all = { .replay = replay, .pictures = pictures, .count = count };
    if (count > 0) thread_pool_run(pool, unpack_share, &all);
}

void replay_sample(replay_t *replay, rng_t *rng, int32_t num_samples, replay_sample_t *samples,
                   uint8_t *obs, thread_pool_t *pool)
{
    replay_draw(replay, rng, num_samples, samples);
    replay_unpack(replay, num_samples, samples, obs, pool);
}

const uint64_t *replay_pictures(const replay_t *replay, int32_t slot)
{
    return numbers_of(replay, slot);
}

uint64_t replay_number(const replay_t *replay, int32_t slot)
{
    return numbers_of(replay, slot)[replay->stack - 1];
}

void replay_set_priority(replay_t *replay, int32_t slot, double priority)
{
    if (!replay->prioritized || replay->live_rank[slot] == 0) return;
    if (priority > replay->max_priority) replay->max_priority = priority;
    sumtree_set(&replay->tree, slot, pow(priority, replay->priority_exponent));
}
