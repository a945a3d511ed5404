/* similarity_probe.c - see similarity_probe.h. */
#include "similarity_probe.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "bridge.h"
#include "clock.h"
#include "files.h"
#include "player.h"
#include "splitmix.h"
#include "worker.h"

enum {
    SIDE_PX = 14, /* of a picture that is compared */
    BLOCK_PX = PLAYER_OBS_HEIGHT_PX / SIDE_PX,
    PICTURE = SIDE_PX * SIDE_PX,
    MOMENTS = SIMILARITY_PROBE_MOMENTS,
    RANDOM_FRAMES = 900, /* of play before a state, at most */
    SETTLE_FRAMES = 40   /* without a pad behind it: a move in flight would hide the next */
};
_Static_assert(PLAYER_OBS_WIDTH_PX == SIDE_PX * BLOCK_PX, "whole blocks");

/* Between processes. */
typedef struct {
    _Atomic uint64_t frames;
} probe_board_t;

typedef struct {
    const similarity_probe_config_t *config;
    int32_t num_actions, num_variables;
    size_t moment_floats;  /* variables, the end, the picture */
    size_t outcome_floats; /* MOMENTS of them */
    probe_board_t *boards; /* (num_workers), shared */
    _Atomic uint8_t *done; /* (num_states), shared */
    float *outcomes;       /* (num_states, A, outcome_floats), shared */
    size_t shared_bytes;
    void *shared;
    double started_at;
} probe_t;

/* ---- in a worker ----------------------------------------------------------------------------- */

typedef struct {
    const probe_t *probe;
    probe_board_t *board;
    bridge_t *bridge;
    player_t *player;
    uint32_t port;
    uint8_t *state; /* inner_bytes of the core's, then the player's trailer */
    size_t inner_bytes, state_bytes;
    uint64_t random;
} probe_worker_t;

static const player_news_t *run_frame(probe_worker_t *w)
{
    atomic_fetch_add(&w->board->frames, 1);
    return player_frame(w->player, NULL);
}

static bool open_game(probe_worker_t *w, char *why)
{
    const actor_config_t *actor = w->probe->config->actor;
    const bridge_config_t bridge = { .core_path = actor->core_path };
    if (bridge_open(&w->bridge, &bridge, why) != BRIDGE_OK ||
        bridge_load(w->bridge, actor->content_path, NULL, 0, why) != BRIDGE_OK)
        return false;
    player_config_t player;
    actor_player_config(&player, actor, w->bridge);
    player.sticky_probability = 0;
    player.novelty = 0;
    player.eyes = AGENT_EYES_PICTURES; /* what is compared, whatever the agent sees */
    w->port = actor->port;
    if (!player_create(&w->player, &player, why) || !player_boot(w->player, actor->start, why))
        return false;
    w->inner_bytes = bridge_state_bytes(w->bridge);
    w->state_bytes = w->inner_bytes + player_state_bytes();
    w->state = malloc(w->state_bytes);
    return w->state || refuse(why, "no memory for a savestate");
}

static void close_game(probe_worker_t *w)
{
    player_destroy(w->player);
    bridge_close(w->bridge);
    free(w->state);
}

/* Random play of a random length; goes on in a new episode where one ends. */
static bool play_to_a_state(probe_worker_t *w, int32_t number, char *why)
{
    const uint64_t seed = w->probe->config->actor->seed + (uint64_t)number;
    w->random = seed;
    player_seed(w->player, seed);
    if (!player_reset(w->player, why)) return false;
    int32_t left = (int32_t)splitmix_below(&w->random, RANDOM_FRAMES);
    while (left > 0) {
        const uint32_t action = splitmix_below(&w->random, (uint32_t)w->probe->num_actions);
        player_begin(w->player, w->port, (int32_t)action);
        const player_news_t *news;
        do {
            news = run_frame(w);
            left--;
        } while (!(news->closed >> w->port & 1));
        const player_outcome_t *outcome = &news->outcomes[w->port];
        if ((outcome->terminal || outcome->truncated) && !player_reset(w->player, why))
            return false;
    }
    for (int32_t f = 0; f < SETTLE_FRAMES; f++)
        if (run_frame(w)->ended >> w->port & 1 && !player_reset(w->player, why)) return false;
    if (bridge_save(w->bridge, w->state, w->inner_bytes, why) != BRIDGE_OK) return false;
    player_save(w->player, w->inner_bytes, w->state + w->inner_bytes);
    return true;
}

static void take_moment(probe_worker_t *w, bool has_ended, float *out)
{
    const int64_t *values = player_variables(w->player);
    for (int32_t v = 0; v < w->probe->num_variables; v++) *out++ = (float)values[v];
    *out++ = has_ended;
    const uint8_t *picture =
        player_observation(w->player, w->port) + PLAYER_OBS_BYTES - PLAYER_PICTURE_BYTES;
    for (int32_t y = 0; y < SIDE_PX; y++)
        for (int32_t x = 0; x < SIDE_PX; x++) {
            int32_t sum = 0;
            for (int32_t i = 0; i < BLOCK_PX * BLOCK_PX; i++)
                sum += picture[(y * BLOCK_PX + i / BLOCK_PX) * PLAYER_OBS_WIDTH_PX + x * BLOCK_PX +
                               i % BLOCK_PX];
            *out++ = (float)sum / (BLOCK_PX * BLOCK_PX * 255);
        }
}

static bool try_action(probe_worker_t *w, int32_t action, float *outcome, char *why)
{
    const int32_t horizon = w->probe->config->horizon_frames;
    bool has_ended = false;
    if (bridge_restore(w->bridge, w->state, w->inner_bytes, why) != BRIDGE_OK) return false;
    if (!player_restore(w->player, w->state, w->state_bytes))
        return refuse(why, "a savestate of the probe cannot be loaded again");
    player_begin(w->player, w->port, action);
    for (int32_t frame = 1, moment = 0; moment < MOMENTS; frame++) {
        if (!has_ended) has_ended = run_frame(w)->ended >> w->port & 1;
        if (frame < horizon * (moment + 1) / MOMENTS) continue;
        take_moment(w, has_ended, outcome + (size_t)moment * w->probe->moment_floats);
        moment++;
    }
    return true;
}

static bool probe_states(probe_worker_t *w, int32_t number, char *why)
{
    const probe_t *probe = w->probe;
    const similarity_probe_config_t *config = probe->config;
    for (int32_t k = number; k < config->num_states; k += config->num_workers) {
        if (k > number && config->max_seconds > 0 &&
            clock_now() - probe->started_at > config->max_seconds)
            return true;
        if (!play_to_a_state(w, k, why)) return false;
        float *outcome =
            probe->outcomes + (size_t)k * (size_t)probe->num_actions * probe->outcome_floats;
        for (int32_t a = 0; a < probe->num_actions; a++, outcome += probe->outcome_floats)
            if (!try_action(w, a, outcome, why)) return false;
        atomic_store(&probe->done[k], 1);
    }
    return true;
}

typedef struct {
    const probe_t *probe;
    int32_t number;
    worker_t *worker; /* NULL: gone */
    uint64_t frames;
    double alive_at;
} probe_child_t;

static void be_worker(worker_child_t *worker, void *shared, void *argument)
{
    (void)shared;
    const probe_child_t *child = argument;
    why_t why;
    probe_worker_t w = { .probe = child->probe, .board = &child->probe->boards[child->number] };
    const bool ok = open_game(&w, why) && probe_states(&w, child->number, why);
    close_game(&w);
    if (!ok) worker_fail(worker, why);
    worker_reply(worker);
}

/* ---- the parent ------------------------------------------------------------------------------ */

static bool take_memory(probe_t *probe, char *why)
{
    const similarity_probe_config_t *config = probe->config;
    probe->moment_floats = (size_t)probe->num_variables + 1 + PICTURE;
    probe->outcome_floats = MOMENTS * probe->moment_floats;
    const size_t outcomes = (size_t)config->num_states * (size_t)probe->num_actions *
                            probe->outcome_floats * sizeof(float);
    const size_t boards = (size_t)config->num_workers * sizeof(probe_board_t);
    probe->shared_bytes = outcomes + boards + (size_t)config->num_states;
    probe->shared = mmap(NULL, probe->shared_bytes, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (probe->shared == MAP_FAILED)
        return refuse(why, "no memory for what %d actions do from %d states", probe->num_actions,
                      config->num_states);
    probe->boards = probe->shared;
    probe->outcomes = (float *)((uint8_t *)probe->shared + boards);
    probe->done = (_Atomic uint8_t *)((uint8_t *)probe->outcomes + outcomes);
    return true;
}

static int32_t num_done(const probe_t *probe)
{
    int32_t count = 0;
    for (int32_t k = 0; k < probe->config->num_states; k++) count += atomic_load(&probe->done[k]);
    return count;
}

static uint64_t num_frames(const probe_t *probe)
{
    uint64_t sum = 0;
    for (int32_t i = 0; i < probe->config->num_workers; i++)
        sum += atomic_load(&probe->boards[i].frames);
    return sum;
}

/* False: the worker failed, or does not move any more. */
static bool look_after(probe_child_t *child, char *why)
{
    const probe_t *probe = child->probe;
    const double now = clock_now();
    const uint64_t frames = atomic_load(&probe->boards[child->number].frames);
    why_t cause;
    if (frames != child->frames) child->alive_at = now;
    child->frames = frames;
    switch (worker_wait(child->worker, 0, cause)) {
    case WORKER_OK: /* it is done */
        worker_stop(child->worker);
        child->worker = NULL;
        return true;
    case WORKER_TIMEOUT: break;
    default: return refuse(why, "while it was probed: %.900s", cause);
    }
    if ((now - child->alive_at) * 1000 <= probe->config->silence_limit_ms) return true;
    return refuse(why, "the core ran no frame for %g s while it was probed",
                  probe->config->silence_limit_ms / 1000.0);
}

/* Until all have ended, or the watcher says stop. */
static bool watch_children(const probe_t *probe, probe_child_t *children, char *why)
{
    const similarity_probe_config_t *config = probe->config;
    for (;;) {
        int32_t running = 0;
        for (int32_t i = 0; i < config->num_workers; i++) {
            if (children[i].worker && !look_after(&children[i], why)) return false;
            running += children[i].worker != NULL;
        }
        if (running == 0) return true;
        if (config->watch &&
            !config->watch(config->context, num_done(probe), clock_now() - probe->started_at))
            return true;
        const struct timespec nap = { 0, 20000000 };
        nanosleep(&nap, NULL);
    }
}

static bool run_workers(probe_t *probe, char *why)
{
    const actor_config_t *actor = probe->config->actor;
    const int32_t count = probe->config->num_workers;
    char name[300];
    probe_child_t *children = calloc((size_t)count, sizeof *children);
    if (!children) return refuse(why, "no memory for %d workers", count);
    snprintf(name, sizeof name, "%.140s playing %.140s", files_name(actor->core_path),
             files_name(actor->content_path));
    bool ok = true;
    for (int32_t i = 0; i < count && ok; i++) {
        children[i] = (probe_child_t){ .probe = probe, .number = i, .alive_at = clock_now() };
        ok = worker_start(&children[i].worker, 0, be_worker, &children[i], name, why) == WORKER_OK;
    }
    ok = ok && watch_children(probe, children, why);
    for (int32_t i = 0; i < count; i++) worker_kill(children[i].worker);
    free(children);
    return ok;
}

/* ---- distances ------------------------------------------------------------------------------- */

/* On the way from one action's outcome to another's: mean over the moments of how far feature
 * `feature` is apart; behind the variables and the end it is the picture. */
static double gap(const probe_t *probe, const float *a, const float *b, int32_t feature)
{
    const bool is_picture = feature > probe->num_variables;
    const int32_t count = is_picture ? PICTURE : 1;
    double sum = 0;
    for (int32_t m = 0; m < MOMENTS; m++) {
        const size_t at = (size_t)m * probe->moment_floats + (size_t)feature;
        for (int32_t i = 0; i < count; i++)
            sum += fabs((double)a[at + (size_t)i] - (double)b[at + (size_t)i]);
    }
    return sum / (MOMENTS * count);
}

/* Adds min(1, gap / spread) of one feature, meaned over the states that are done; false: it is the
 * same whatever is done. gaps: (num_states, A, A), scratch. */
static bool add_feature(const probe_t *probe, int32_t feature, float *gaps, double *sums)
{
    const int32_t A = probe->num_actions;
    double squares = 0;
    int32_t num_states = 0;
    float *at = gaps;
    for (int32_t k = 0; k < probe->config->num_states; k++) {
        if (!atomic_load(&probe->done[k])) continue;
        const float *state = probe->outcomes + (size_t)k * (size_t)A * probe->outcome_floats;
        num_states++;
        for (int32_t i = 0; i < A; i++)
            for (int32_t j = 0; j < i; j++) {
                const double g = gap(probe, state + (size_t)i * probe->outcome_floats,
                                     state + (size_t)j * probe->outcome_floats, feature);
                *at++ = (float)g;
                squares += g * g;
            }
    }
    /* Of half the squared gaps over all ordered pairs. */
    const double spread = sqrt(squares / ((double)num_states * A * A));
    if (!(spread > 0)) return false;
    at = gaps;
    for (int32_t k = 0; k < num_states; k++)
        for (int32_t i = 0; i < A; i++)
            for (int32_t j = 0; j < i; j++)
                sums[i * A + j] += fmin(1, (double)*at++ / spread) / num_states;
    return true;
}

static bool compare(const probe_t *probe, float *distances, char *why)
{
    const int32_t A = probe->num_actions;
    const size_t pairs = (size_t)A * (size_t)A;
    double *sums = calloc(pairs, sizeof *sums);
    float *gaps = calloc(pairs * (size_t)probe->config->num_states, sizeof *gaps);
    int32_t num_features = 0;
    for (int32_t f = 0; sums && gaps && f <= probe->num_variables + 1; f++)
        num_features += add_feature(probe, f, gaps, sums);
    for (int32_t i = 0; sums && gaps && i < A; i++)
        for (int32_t j = 0; j <= i; j++)
            distances[i * A + j] = distances[j * A + i] =
                num_features > 0 ? (float)(sums[i * A + j] / num_features) : 0;
    const bool ok = sums && gaps;
    free(sums);
    free(gaps);
    return ok || refuse(why, "no memory to compare %d actions", A);
}

bool similarity_probe(float *distances, similarity_probe_result_t *result,
                      const similarity_probe_config_t *config, why_t why)
{
    probe_t probe = { .config = config,
                      .num_actions = preset_num_actions(config->actor->preset),
                      .num_variables = preset_num_variables(config->actor->preset),
                      .started_at = clock_now() };
    *result = (similarity_probe_result_t){ 0 };
    if (!take_memory(&probe, why)) return false;
    bool ok = run_workers(&probe, why);
    result->num_states = num_done(&probe);
    result->frames = num_frames(&probe);
    if (ok && result->num_states == 0)
        ok = refuse(why, "the probe was ended before its first state");
    ok = ok && compare(&probe, distances, why);
    result->seconds = clock_now() - probe.started_at;
    munmap(probe.shared, probe.shared_bytes);
    return ok;
}
