/* bench_agent.c - how long a decision takes, and how fast the learner learns. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "bench.h"
#include "numbers.h"
#include "player.h"

enum { NUM_ACTIONS = 16, NUM_PICTURES = 64, MOST_DECISIONS = 20000, FEWEST_DECISIONS = 2000 };

/* Pictures like a game's: flat areas that move. Four of them are an observation. */
static void draw_observations(uint8_t *pictures)
{
    uint64_t random = 88172645463325252u;
    for (int32_t p = 0; p < NUM_PICTURES; p++) {
        uint8_t *obs = pictures + (size_t)p * PLAYER_OBS_BYTES;
        memset(obs, (int)(bench_random(&random) % 128), PLAYER_OBS_BYTES);
        for (int32_t box = 0; box < 24; box++) {
            const uint64_t r = bench_random(&random);
            const int32_t plane = (int32_t)(r % PLAYER_OBS_STACK), x = (int32_t)(r >> 8 & 63),
                          y = (int32_t)(r >> 16 & 63), size = 4 + (int32_t)(r >> 24 & 15);
            for (int32_t row = y; row < y + size; row++)
                memset(obs +
                           ((size_t)plane * PLAYER_OBS_HEIGHT_PX + (size_t)row) *
                               PLAYER_OBS_WIDTH_PX +
                           x,
                       (int)(r >> 32 & 255), (size_t)size);
        }
    }
}

static const char *name_of(agent_net_kind_t kind)
{
    return kind == AGENT_NET_NATURE ? "nature" : "small";
}

static uint8_t *create(agent_t **agent, agent_net_kind_t kind, char *why)
{
    agent_config_t config;
    agent_config_defaults(&config, NUM_ACTIONS);
    config.net_kind = kind;
    config.replay_capacity_decisions = 1000;
    config.replay_warmup_decisions = 256;
    uint8_t *pictures = malloc((size_t)NUM_PICTURES * PLAYER_OBS_BYTES);
    *agent = NULL;
    if (!pictures) {
        snprintf(why, BENCH_WHY_BYTES, "no memory");
        return NULL;
    }
    draw_observations(pictures);
    if (agent_create(agent, &config, why) == AGENT_OK) return pictures;
    free(pictures);
    return NULL;
}

static bool time_decisions(const bench_request_t *request, agent_net_kind_t kind, char *why)
{
    agent_t *agent;
    uint8_t *pictures = create(&agent, kind, why);
    double *ms = malloc(2 * MOST_DECISIONS * sizeof *ms), *cpu_ms = ms + MOST_DECISIONS;
    if (!pictures || !ms) {
        free(ms);
        return false;
    }
    agent_set_blas_threads(1);
    for (int32_t i = 0; i < 50; i++) agent_greedy(agent, pictures, 0);
    int32_t count = 0;
    const double until = numbers_now() + request->seconds;
    while (count < MOST_DECISIONS && (count < FEWEST_DECISIONS || numbers_now() < until)) {
        const double began = numbers_now(), cpu_began = numbers_cpu();
        agent_greedy(agent, pictures + (size_t)(count % NUM_PICTURES) * PLAYER_OBS_BYTES, 0);
        cpu_ms[count] = 1000 * (numbers_cpu() - cpu_began);
        ms[count++] = 1000 * (numbers_now() - began);
    }
    char name[64];
    snprintf(name, sizeof name, "%s network, one thread", name_of(kind));
    bench_case_t one = { .bench = "decision",
                         .name = name,
                         .ratio = NAN,
                         .p99_ms = bench_percentile(ms, count, 0.99),
                         .aim = 2 };
    bench_add(&one, "median_ms", 4, bench_median(ms, count));
    bench_add(&one, "p99_cpu_ms", 4, bench_percentile(cpu_ms, count, 0.99));
    bench_add(&one, "worst_ms", 4, ms[count - 1]); /* sorted by now */
    bench_add(&one, "decisions", 0, count);
    bench_report(request, &one);
    free(ms);
    free(pictures);
    agent_destroy(agent);
    return true;
}

bool bench_decision(const bench_request_t *request, char why[BENCH_WHY_BYTES])
{
    return time_decisions(request, AGENT_NET_NATURE, why) &&
           time_decisions(request, AGENT_NET_SMALL, why);
}

static void fill_replay(agent_t *agent, const uint8_t *pictures)
{
    for (int32_t i = 0; i < 320; i++) {
        const uint8_t *obs = pictures + (size_t)(i % NUM_PICTURES) * PLAYER_OBS_BYTES;
        const uint8_t *next = pictures + (size_t)((i + 1) % NUM_PICTURES) * PLAYER_OBS_BYTES;
        const agent_outcome_t outcome = { .reward = (float)(i % 3) - 1,
                                          .duration_steps = 1 + i % 5,
                                          .terminal = i % 40 == 39 };
        (void)agent_choose(agent, 0, obs);
        agent_settle(agent, 0, &outcome, next);
    }
}

static bool time_updates(const bench_request_t *request, agent_net_kind_t kind, int32_t threads,
                         char *why)
{
    agent_t *agent;
    uint8_t *pictures = create(&agent, kind, why);
    if (!pictures) return false;
    agent_set_blas_threads(threads);
    fill_replay(agent, pictures);
    bool ok = agent_learn(agent, 5, NULL, why) == AGENT_OK;
    double rates[BENCH_MAX_BLOCKS];
    int32_t blocks = 0;
    const double until = numbers_now() + request->seconds;
    while (ok && blocks < BENCH_MAX_BLOCKS && (blocks < 3 || numbers_now() < until)) {
        int32_t done = 0;
        const double began = numbers_now();
        ok = agent_learn(agent, 10, &done, why) == AGENT_OK;
        rates[blocks++] = done / (numbers_now() - began);
    }
    if (ok) {
        char name[64];
        snprintf(name, sizeof name, "%s network, %d thread%s", name_of(kind), threads,
                 threads == 1 ? "" : "s");
        bench_case_t one = {
            .bench = "learner", .name = name, .ratio = NAN, .p99_ms = NAN, .aim = NAN
        };
        bench_add(&one, "updates_per_s", 2, bench_median(rates, blocks));
        bench_add(&one, "batch", 0, agent_config(agent)->batch_size);
        bench_add(&one, "threads", 0, threads);
        bench_report(request, &one);
    }
    free(pictures);
    agent_destroy(agent);
    return ok;
}

bool bench_learner(const bench_request_t *request, char why[BENCH_WHY_BYTES])
{
    static const agent_net_kind_t kinds[] = { AGENT_NET_SMALL, AGENT_NET_NATURE };
    for (int32_t k = 0; k < 2; k++)
        for (int32_t threads = 1; threads <= 2; threads++)
            if (!time_updates(request, kinds[k], threads, why)) return false;
    return true;
}
