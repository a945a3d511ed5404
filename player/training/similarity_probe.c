/* similarity_probe.c - see similarity_probe.h. */
#include "similarity_probe.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "bridge.h"
#include "clock.h"
#include "player.h"
#include "probe_workers.h"
#include "splitmix.h"
#include "vision.h"

enum {
    PICTURE = VISION_COARSE_FLOATS,
    MOMENTS = SIMILARITY_PROBE_MOMENTS,
    RANDOM_FRAMES = 900, /* of play before a state, at most */
    SETTLE_FRAMES = 40   /* without a pad behind it: a move in flight would hide the next */
};

typedef struct {
    const similarity_probe_config_t *config;
    int32_t num_actions, num_variables;
    size_t moment_floats;  /* variables, the end, the picture */
    size_t outcome_floats; /* MOMENTS of them */
    _Atomic uint8_t *done; /* (num_states), shared */
    float *outcomes;       /* (num_states, A, outcome_floats), shared */
    size_t shared_bytes;
    void *shared;
    double started_at;
} probe_t;

/* ---- in a worker ----------------------------------------------------------------------------- */

typedef struct {
    const probe_t *probe;
    _Atomic uint64_t *frames;
    bridge_t *bridge;
    player_t *player;
    uint32_t port;
    uint8_t *state; /* inner_bytes of the core's, then the player's trailer */
    size_t inner_bytes, state_bytes;
    uint64_t random;
} probe_worker_t;

static const player_news_t *run_frame(probe_worker_t *w)
{
    atomic_fetch_add(w->frames, 1);
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
    if (!player_create(&w->player, &player, why)) return false;
    if (!player_boot(w->player, actor->start, why))
        return bridge_state_bytes(w->bridge) > 0
                   ? false
                   : refuse(why,
                            "%s has no savestates, which a probe needs: `kata similarity inverse` "
                            "and --similarity inverse learn from play alone",
                            bridge_core(w->bridge).name);
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
    vision_coarse(player_observation(w->player, w->port) + PLAYER_OBS_BYTES - PLAYER_PICTURE_BYTES,
                  out);
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

static bool be_worker(void *context, int32_t number, _Atomic uint64_t *frames, why_t why)
{
    probe_worker_t w = { .probe = context, .frames = frames };
    const bool ok = open_game(&w, why) && probe_states(&w, number, why);
    close_game(&w);
    return ok;
}

/* ---- the parent ------------------------------------------------------------------------------ */

static bool take_memory(probe_t *probe, char *why)
{
    const similarity_probe_config_t *config = probe->config;
    probe->moment_floats = (size_t)probe->num_variables + 1 + PICTURE;
    probe->outcome_floats = MOMENTS * probe->moment_floats;
    const size_t outcomes = (size_t)config->num_states * (size_t)probe->num_actions *
                            probe->outcome_floats * sizeof(float);
    probe->shared_bytes = outcomes + (size_t)config->num_states;
    probe->shared = mmap(NULL, probe->shared_bytes, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (probe->shared == MAP_FAILED)
        return refuse(why, "no memory for what %d actions do from %d states", probe->num_actions,
                      config->num_states);
    probe->outcomes = probe->shared;
    probe->done = (_Atomic uint8_t *)((uint8_t *)probe->outcomes + outcomes);
    return true;
}

static int32_t num_done(const probe_t *probe)
{
    int32_t count = 0;
    for (int32_t k = 0; k < probe->config->num_states; k++) count += atomic_load(&probe->done[k]);
    return count;
}

static bool watch(void *context)
{
    const probe_t *probe = context;
    const similarity_probe_config_t *config = probe->config;
    return !config->watch ||
           config->watch(config->context, num_done(probe), clock_now() - probe->started_at);
}

static bool run_workers(probe_t *probe, uint64_t *frames, char *why)
{
    const similarity_probe_config_t *config = probe->config;
    const probe_workers_config_t workers = { .core_path = config->actor->core_path,
                                             .content_path = config->actor->content_path,
                                             .doing = "probed",
                                             .num_workers = config->num_workers,
                                             .silence_limit_ms = config->silence_limit_ms,
                                             .work = be_worker,
                                             .watch = watch,
                                             .context = probe };
    return probe_workers_run(&workers, frames, why);
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
    bool ok = run_workers(&probe, &result->frames, why);
    result->num_states = num_done(&probe);
    if (ok && result->num_states == 0)
        ok = refuse(why, "the probe was ended before its first state");
    ok = ok && compare(&probe, distances, why);
    result->seconds = clock_now() - probe.started_at;
    munmap(probe.shared, probe.shared_bytes);
    return ok;
}
