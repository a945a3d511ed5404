/* agent_bench.c - see agent_bench.h. */
#define _POSIX_C_SOURCE 200809L
#include "agent_bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parts.h"
#include "why.h"

enum { MAX_CONFIGS = 8, MAX_TURNS = 4096, WARM_UPDATES = 8, COLD_BYTES = 16 << 20 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void fill_with_noise(rng_t *rng, uint8_t *bytes, size_t num_bytes)
{
    for (size_t i = 0; i < num_bytes; i++) bytes[i] = (uint8_t)(rng_next(rng) >> 32);
}

static size_t obs_bytes_of(const agent_config_t *config)
{
    return (size_t)config->obs_stack * (size_t)config->obs_height_px * (size_t)config->obs_width_px;
}

/* An agent whose replay holds enough noise to learn from. */
static agent_status_t noisy_agent(const agent_config_t *wanted, agent_t **out, char *why)
{
    agent_config_t config = *wanted;
    config.num_streams = 1;
    config.replay_warmup_decisions = 500;
    config.replay_capacity_decisions = 1000 + 2 * config.n_step_decisions;
    agent_status_t status = agent_create(out, &config, why);
    if (status != AGENT_OK) return status;
    uint8_t *obs = malloc(obs_bytes_of(&config));
    if (!obs) {
        agent_destroy(*out);
        *out = NULL;
        return refuse_as(why, AGENT_NO_MEMORY, "no memory for an observation");
    }
    rng_t rng;
    rng_seed(&rng, 1, 50);
    fill_with_noise(&rng, obs, obs_bytes_of(&config));
    replay_t *replay = &(*out)->learner.replay;
    for (int32_t i = 0; i < 900; i++) {
        const int32_t action = (int32_t)rng_below(&rng, (uint32_t)config.num_actions);
        const float reward = (float)rng_normal(&rng);
        const int32_t duration_steps = 1 + (int32_t)rng_below(&rng, 4);
        replay_open(replay, 0, obs, action);
        fill_with_noise(&rng, obs, 256); /* a picture of its own is enough */
        replay_settle(replay, 0, reward, duration_steps, i % 50 == 49, false, obs);
    }
    free(obs);
    return AGENT_OK;
}

/* Operations of one update's products: passes of the online network over s and s', of the
 * target network over s', backward over s; for MASP a second backward pass and the tangent's. */
static double gflop_of(const agent_t *agent)
{
    const agent_config_t *config = &agent->learner.config;
    const net_t *net = &agent->learner.net;
    double forward = 0, first = 0;
    for (int32_t l = 0; l < net->num_convs; l++) {
        const double ops =
            2.0 * (double)conv_patches_size(&net->conv[l]) * (double)net->conv[l].out_channels;
        forward += ops;
        if (l == 0) first = ops;
    }
    forward += 2.0 * net->fc.in_size * net->fc.out_size;
    forward += 2.0 * net->head.in_size * net->head.out_size;
    if (net->dueling) forward += 2.0 * net->value.in_size * net->value.out_size;
    const double backward = 2 * forward - first;
    double row = (config->double_q ? 3 : 2) * forward + backward;
    if (config->similarity_mode == AGENT_SIMILARITY_META && config->num_actions > 1)
        row += 2 * backward / config->similarity_period_updates; /* the tangent's costs as much */
    return 1e-9 * row * config->batch_size;
}

static agent_status_t time_turns(agent_t **agents, int32_t num_agents, double seconds,
                                 agent_bench_update_t *results, char *why)
{
    static const int32_t least = 4;
    double *turns = malloc(sizeof(double) * MAX_CONFIGS * MAX_TURNS);
    if (!turns) return refuse_as(why, AGENT_NO_MEMORY, "no memory for the times");
    int32_t count = 0;
    agent_status_t status = AGENT_OK;
    const double end = seconds_now() + seconds * num_agents;
    for (; status == AGENT_OK && count < MAX_TURNS && (count < 3 || seconds_now() < end); count++)
        for (int32_t i = 0; status == AGENT_OK && i < num_agents; i++) {
            const int32_t period = agents[i]->learner.config.similarity_period_updates;
            const int32_t turn = (least + period - 1) / period * period;
            const double start = seconds_now();
            status = agent_learn(agents[i], turn < 64 ? turn : 64, NULL, why);
            turns[i * MAX_TURNS + count] = 1e3 * (seconds_now() - start) / (turn < 64 ? turn : 64);
            results[i].num_updates += turn < 64 ? turn : 64;
        }
    for (int32_t i = 0; status == AGENT_OK && i < num_agents; i++) {
        double *mine = turns + i * MAX_TURNS;
        qsort(mine, (size_t)count, sizeof *mine, by_size);
        results[i].ms_best = mine[0];
        results[i].ms_median = mine[count / 2];
        results[i].gflop = gflop_of(agents[i]);
        results[i].gflops = 1e3 * results[i].gflop / results[i].ms_median;
    }
    free(turns);
    return status;
}

agent_status_t agent_bench_updates(const agent_config_t *configs, int32_t num_configs,
                                   double seconds, agent_bench_update_t *results, why_t why)
{
    agent_t *agents[MAX_CONFIGS] = { NULL };
    if (num_configs < 1 || num_configs > MAX_CONFIGS)
        return refuse_as(why, AGENT_BAD_CONFIG, "1 to %d configurations can be compared, found %d",
                         MAX_CONFIGS, num_configs);
    memset(results, 0, (size_t)num_configs * sizeof *results);
    agent_status_t status = AGENT_OK;
    for (int32_t i = 0; status == AGENT_OK && i < num_configs; i++) {
        status = noisy_agent(&configs[i], &agents[i], why);
        if (status == AGENT_OK) status = agent_learn(agents[i], WARM_UPDATES, NULL, why);
    }
    if (status == AGENT_OK) status = time_turns(agents, num_configs, seconds, results, why);
    for (int32_t i = 0; i < num_configs; i++) agent_destroy(agents[i]);
    return status;
}

double agent_bench_sgemm_gflops(double seconds)
{
    static const int32_t sizes[] = { 256, 512, 1024, 1536 };
    enum { SIZES = 4, LARGEST = 1536 };
    const size_t count = (size_t)LARGEST * LARGEST;
    float *block = calloc(3 * count, sizeof *block);
    if (!block) return 0;
    for (size_t i = 0; i < 2 * count; i++) block[i] = 1.0f / (float)(1 + i % 97);
    openblas_set_num_threads(agent_blas_threads());
    double best = 0;
    const double end = seconds_now() + seconds;
    for (int32_t i = 0; i < SIZES || seconds_now() < end; i++) {
        const int32_t n = sizes[i % SIZES];
        const double start = seconds_now();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, block, n, block + count,
                    n, 0, block + 2 * count, n);
        const double gflops = 2e-9 * n * n * n / (seconds_now() - start);
        if (gflops > best) best = gflops;
    }
    openblas_set_num_threads(1);
    free(block);
    return best;
}

agent_status_t agent_bench_decisions(const agent_config_t *config, int32_t num_decisions, bool cold,
                                     agent_bench_decision_t *result, why_t why)
{
    agent_t *agent = NULL;
    agent_status_t status = agent_create(&agent, config, why);
    if (status != AGENT_OK) return status;
    policy_t *policy = agent_policy(agent);
    const size_t obs_bytes = obs_bytes_of(config);
    double *times = malloc((size_t)num_decisions * sizeof *times);
    uint8_t *obs = malloc(obs_bytes + COLD_BYTES);
    if (times && obs) {
        rng_t rng;
        rng_seed(&rng, 2, 50);
        for (int32_t i = 0; i < num_decisions; i++) {
            fill_with_noise(&rng, obs, obs_bytes);
            if (cold) memset(obs + obs_bytes, i, COLD_BYTES);
            const double start = seconds_now();
            (void)policy_greedy(policy, obs, 0);
            times[i] = 1e3 * (seconds_now() - start);
        }
        qsort(times, (size_t)num_decisions, sizeof *times, by_size);
        *result = (agent_bench_decision_t){
            .ms_median = times[num_decisions / 2],
            .ms_p99 = times[num_decisions * 99 / 100],
            .ms_worst = times[num_decisions - 1],
            .num_decisions = num_decisions,
        };
    } else {
        status = refuse_as(why, AGENT_NO_MEMORY, "no memory for %d times", num_decisions);
    }
    free(times);
    free(obs);
    agent_destroy(agent);
    return status;
}
