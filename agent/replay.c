/* replay.c - see replay.h. */
#include "replay.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int32_t replay_min_capacity(int32_t num_streams, int32_t n_step)
{
    return num_streams * (n_step + 2);
}

void replay_take(replay_t *replay, arena_t *arena, const replay_config_t *config)
{
    const int32_t per_stream = config->capacity / config->num_streams;
    const size_t num_slots = (size_t)per_stream * (size_t)config->num_streams;
    *replay = (replay_t){
        .obs_bytes = config->obs_bytes,
        .num_streams = config->num_streams,
        .slots_per_stream = per_stream,
        .n_step = config->n_step,
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
    replay->obs = arena_take(arena, num_slots, config->obs_bytes);
    if (!arena->base) return;
    for (int32_t s = 0; s < config->num_streams; s++) replay->streams[s].head = -1;
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

static uint8_t *obs_of(const replay_t *replay, int32_t slot)
{
    return replay->obs + (size_t)slot * replay->obs_bytes;
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

/* Move the stream's head on, over its oldest slot if the ring is full. */
static int32_t next_slot(replay_t *replay, int32_t stream, const uint8_t *obs)
{
    replay_stream_t *s = &replay->streams[stream];
    s->head = (s->head + 1) % replay->slots_per_stream;
    const int32_t slot = newest_slot(replay, stream);
    unmake_live(replay, slot);
    replay->slots[slot] = (replay_slot_t){ .state = REPLAY_TAIL };
    memcpy(obs_of(replay, slot), obs, replay->obs_bytes);
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

void replay_drop(replay_t *replay, int32_t stream)
{
    if (replay->streams[stream].head < 0) return;
    const int32_t newest = newest_slot(replay, stream);
    if (replay->slots[newest].state == REPLAY_OPEN)
        replay->slots[newest] = (replay_slot_t){ .state = REPLAY_TAIL };
    end_chain(replay, stream, slot_beside(replay, newest, -1));
}

void replay_open(replay_t *replay, int32_t stream, const uint8_t *obs, int32_t action)
{
    assert(!replay_is_open(replay, stream));
    const replay_stream_t *s = &replay->streams[stream];
    int32_t slot = newest_slot(replay, stream); /* nonsense before the first, but not running */
    /* The chain goes on only from the observation that settle() left. */
    if (!s->running || memcmp(obs_of(replay, slot), obs, replay->obs_bytes) != 0) {
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

void replay_transition(const replay_t *replay, int32_t slot, replay_sample_t *sample)
{
    double sum = 0, discount = 1;
    int32_t at = slot;
    for (int32_t k = 0; k < replay->n_step; k++) {
        const replay_slot_t *decision = &replay->slots[at];
        if (decision->state != REPLAY_CLOSED && decision->state != REPLAY_TERMINAL) break;
        sum += discount * (double)decision->reward;
        discount *= pow(replay->discount_per_step, decision->duration_steps);
        if (decision->state == REPLAY_TERMINAL) {
            discount = 0;
            break;
        }
        at = slot_beside(replay, at, 1);
    }
    sample->slot = slot;
    sample->action = replay->slots[slot].action;
    sample->obs = obs_of(replay, slot);
    sample->next_obs = discount > 0 ? obs_of(replay, at) : sample->obs;
    sample->n_step_return = (float)sum;
    sample->discount = (float)discount;
}

void replay_sample(const replay_t *replay, rng_t *rng, int32_t num_samples,
                   replay_sample_t *samples)
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
        samples[i].probability = (float)probability;
        replay_transition(replay, slot, &samples[i]);
    }
}

void replay_set_priority(replay_t *replay, int32_t slot, double priority)
{
    if (!replay->prioritized || replay->live_rank[slot] == 0) return;
    if (priority > replay->max_priority) replay->max_priority = priority;
    sumtree_set(&replay->tree, slot, pow(priority, replay->priority_exponent));
}
