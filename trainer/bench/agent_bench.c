/* agent_bench.c - see agent_bench.h. */
#include "agent_bench.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "splitmix.h"
#include "real.h"
#include "why.h"

enum { MAX_CONFIGS = 8, MAX_TURNS = 4096, WARM_UPDATES = 8, COLD_BYTES = 16 << 20 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void fill_with_noise(uint64_t *random, uint8_t *bytes, size_t num_bytes)
{
    for (size_t i = 0; i < num_bytes; i++) bytes[i] = (uint8_t)splitmix_below(random, 256);
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
    uint8_t *obs = malloc(agent_obs_bytes(&config));
    if (!obs) {
        agent_destroy(*out);
        *out = NULL;
        return refuse_as(why, AGENT_NO_MEMORY, "no memory for an observation");
    }
    uint64_t random = 1;
    fill_with_noise(&random, obs, agent_obs_bytes(&config));
    for (int32_t i = 0; i < 900; i++) {
        const uint32_t num_actions = (uint32_t)config.num_actions;
        const agent_outcome_t outcome = {
            .reward = (float)splitmix_below(&random, 2001) / 1000 - 1,
            .duration_steps = 1 + (int32_t)splitmix_below(&random, 4),
            .terminal = i % 50 == 49,
        };
        agent_open(*out, 0, obs, (int32_t)splitmix_below(&random, num_actions));
        fill_with_noise(&random, obs, 256); /* a picture of its own is enough */
        agent_settle(*out, 0, &outcome, obs);
    }
    free(obs);
    return AGENT_OK;
}

static agent_status_t time_turns(agent_t **agents, int32_t num_agents, double seconds,
                                 agent_bench_update_t *results, char *why)
{
    static const int32_t least = 4;
    double *turns = malloc(sizeof(double) * MAX_CONFIGS * MAX_TURNS);
    if (!turns) return refuse_as(why, AGENT_NO_MEMORY, "no memory for the times");
    int32_t count = 0;
    agent_status_t status = AGENT_OK;
    const double end = clock_now() + seconds * num_agents;
    for (; status == AGENT_OK && count < MAX_TURNS && (count < 3 || clock_now() < end); count++)
        for (int32_t i = 0; status == AGENT_OK && i < num_agents; i++) {
            const int32_t period = agent_config(agents[i])->similarity_period_updates;
            const int32_t turn = (least + period - 1) / period * period;
            const double start = clock_now();
            status = agent_learn(agents[i], turn < 64 ? turn : 64, NULL, why);
            turns[i * MAX_TURNS + count] = 1e3 * (clock_now() - start) / (turn < 64 ? turn : 64);
            results[i].num_updates += turn < 64 ? turn : 64;
        }
    for (int32_t i = 0; status == AGENT_OK && i < num_agents; i++) {
        double *mine = turns + i * MAX_TURNS;
        qsort(mine, (size_t)count, sizeof *mine, by_size);
        results[i].ms_best = mine[0];
        results[i].ms_median = mine[count / 2];
        results[i].gflop = 1e-9 * agent_update_operations(agents[i]);
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

/* Times of single updates, in which a card's step and the next batch overlap as they do in
 * training. */
static agent_status_t time_updates(agent_t *agent, double seconds, agent_bench_device_t *result,
                                   char *why)
{
    double *times = malloc(sizeof(double) * MAX_TURNS);
    if (!times) return refuse_as(why, AGENT_NO_MEMORY, "no memory for the times");
    int32_t count = 0;
    agent_status_t status = agent_learn(agent, 1, NULL, why);
    const double end = clock_now() + seconds;
    for (; status == AGENT_OK && count < MAX_TURNS && (count < 2 || clock_now() < end); count++) {
        const double start = clock_now();
        status = agent_learn(agent, 1, NULL, why);
        times[count] = 1e3 * (clock_now() - start);
        const devices_counts_t counts = agent_device_counts(agent);
        if (counts.num_launches > result->counts.num_launches) result->counts = counts;
    }
    if (status == AGENT_OK) {
        qsort(times, (size_t)count, sizeof *times, by_size);
        result->ms_median = times[count / 2];
        result->num_updates = count;
    }
    free(times);
    if (status != AGENT_OK) return status;
    double seconds_each = 0; /* about half as long as the updates were timed */
    const int32_t repeats = 1 + (int32_t)(500 * seconds / result->ms_median);
    status = agent_device_time_products(agent, repeats, &seconds_each, why);
    result->products_ms = 1e3 * seconds_each;
    return status;
}

agent_status_t agent_bench_device(const agent_config_t *config, const char *device,
                                  const char *cache_dir, double seconds,
                                  agent_bench_device_t *result, why_t why)
{
    agent_t *agent;
    why_t said, cause;
    *result = (agent_bench_device_t){ 0 };
    agent_status_t status = noisy_agent(config, &agent, why);
    if (status != AGENT_OK) return status;
    status = agent_use_device(agent, device, cache_dir, false, said, cause);
    if (status != AGENT_OK) refuse(why, "--device: %.600s", cause);
    if (status == AGENT_OK) status = time_updates(agent, seconds, result, why);
    const char *lost = agent_device_news(agent);
    if (status == AGENT_OK && lost) status = refuse_as(why, AGENT_BAD_CONFIG, "%s", lost);
    agent_destroy(agent);
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
    real_use_threads(agent_blas_threads());
    double best = 0;
    const double end = clock_now() + seconds;
    for (int32_t i = 0; i < SIZES || clock_now() < end; i++) {
        const int32_t n = sizes[i % SIZES];
        const double start = clock_now();
        real_gemm(false, false, n, n, n, 1, block, n, block + count, n, 0, block + 2 * count, n);
        const double gflops = 2e-9 * n * n * n / (clock_now() - start);
        if (gflops > best) best = gflops;
    }
    real_use_threads(1);
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
    const size_t obs_bytes = agent_obs_bytes(config);
    double *times = malloc((size_t)num_decisions * sizeof *times);
    uint8_t *obs = malloc(obs_bytes + COLD_BYTES);
    if (times && obs) {
        uint64_t random = 2;
        for (int32_t i = 0; i < num_decisions; i++) {
            fill_with_noise(&random, obs, obs_bytes);
            if (cold) memset(obs + obs_bytes, i, COLD_BYTES);
            const double start = clock_now();
            (void)policy_greedy(policy, obs, 0);
            times[i] = 1e3 * (clock_now() - start);
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
