/* bench_agent.c - how long a decision takes, and how fast the learner learns, by
 * trainer/bench/agent_bench.h. */
#include <math.h>
#include <stdio.h>

#include "agent.h"
#include "agent_bench.h"
#include "benches.h"
#include "why.h"

enum { NUM_ACTIONS = 24, NUM_NETS = 3, MOST_THREADS = 2 };

static const struct {
    agent_net_kind_t kind;
    const char *name, *setting;
    double target;      /* of the share of the matrix product */
    double decision_ms; /* at most, of the 99th percentile */
} nets[NUM_NETS] = { { AGENT_NET_NATURE, "nature", "hessel2018", 0.6, 2 },
                     { AGENT_NET_SMALL, "small", "vanhasselt2019", 0.5, 2 },
                     { AGENT_NET_IMPALA, "impala", "hessel2018", NAN, NAN } };

static void configure(agent_config_t *config, agent_net_kind_t kind)
{
    agent_config_defaults(config, NUM_ACTIONS);
    config->net_kind = kind;
}

static bool time_decisions(const bench_request_t *request, int32_t net, bool cold, char *why)
{
    agent_config_t config;
    agent_bench_decision_t found;
    configure(&config, nets[net].kind);
    const int32_t count = (int32_t)fmin(20000, fmax(1000, 600 * request->seconds));
    agent_set_blas_threads(1);
    if (agent_bench_decisions(&config, count, cold, &found, why) != AGENT_OK) return false;
    char name[64];
    snprintf(name, sizeof name, "%s network, one thread, %s cache", nets[net].name,
             cold ? "cold" : "warm");
    bench_case_t one = { .bench = "decision",
                         .name = name,
                         .ratio = NAN,
                         .p99_ms = found.ms_p99,
                         .target = nets[net].decision_ms };
    bench_add(&one, "median_ms", 4, found.ms_median);
    bench_add(&one, "worst_ms", 4, found.ms_worst);
    bench_add(&one, "decisions", 0, found.num_decisions);
    bench_report(request, &one);
    return true;
}

bool bench_decision(const bench_request_t *request, why_t why)
{
    for (int32_t net = 0; net < NUM_NETS; net++)
        if (!time_decisions(request, net, true, why) || !time_decisions(request, net, false, why))
            return false;
    return true;
}

/* Whole updates of Rainbow, both networks in turns, and what the machine's matrix product reaches
 * right after. */
static bool time_updates(const bench_request_t *request, int32_t threads, char *why)
{
    agent_config_t configs[NUM_NETS];
    agent_bench_update_t found[NUM_NETS];
    for (int32_t net = 0; net < NUM_NETS; net++) {
        configure(&configs[net], nets[net].kind);
        agent_config_named(&configs[net], nets[net].setting);
        configs[net].net_kind = nets[net].kind;
    }
    agent_set_blas_threads(threads);
    if (agent_bench_updates(configs, NUM_NETS, request->seconds, found, why) != AGENT_OK)
        return false;
    const double peak = agent_bench_sgemm_gflops(fmin(1, request->seconds));
    for (int32_t net = 0; net < NUM_NETS; net++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%dt", nets[net].name, threads);
        bench_case_t one = { .bench = "learner",
                             .name = name,
                             .ratio = found[net].gflops / peak,
                             .p99_ms = NAN,
                             .target = nets[net].target };
        bench_add(&one, "updates_per_s", 2, 1000 / found[net].ms_median);
        bench_add(&one, "gflops", 2, found[net].gflops);
        bench_add(&one, "sgemm_gflops", 2, peak);
        bench_add(&one, "batch", 0, configs[net].batch_size);
        bench_add(&one, "threads", 0, threads);
        bench_add(&one, "updates", 0, (double)found[net].num_updates);
        bench_report(request, &one);
    }
    return true;
}

bool bench_learner(const bench_request_t *request, why_t why)
{
    for (int32_t threads = 1; threads <= MOST_THREADS; threads++)
        if (!time_updates(request, threads, why)) return false;
    return true;
}

/* Rainbow of Hessel et al. 2018, and the same with MASP twice, in turns. */
bool bench_masp(const bench_request_t *request, why_t why)
{
    enum { RAINBOW, DEFAULT, PERIOD1, NUM_ARMS };
    static const char *const names[NUM_ARMS] = { "rainbow", "default", "period1" };
    static const double targets[NUM_ARMS] = { NAN, 1.25, 1.6 };
    agent_config_t configs[NUM_ARMS];
    agent_bench_update_t found[NUM_ARMS];
    for (int32_t arm = 0; arm < NUM_ARMS; arm++) {
        configure(&configs[arm], AGENT_NET_NATURE);
        agent_config_named(&configs[arm], "hessel2018");
        if (arm != RAINBOW) configs[arm].similarity_mode = AGENT_SIMILARITY_META;
    }
    configs[PERIOD1].similarity_period_updates = 1;
    agent_set_blas_threads(1);
    if (agent_bench_updates(configs, NUM_ARMS, request->seconds, found, why) != AGENT_OK)
        return false;
    for (int32_t arm = DEFAULT; arm < NUM_ARMS; arm++) {
        bench_case_t one = { .bench = "masp",
                             .name = names[arm],
                             .ratio = found[arm].ms_median / found[RAINBOW].ms_median,
                             .p99_ms = NAN,
                             .target = targets[arm],
                             .at_most = true };
        bench_add(&one, "masp_ms", 3, found[arm].ms_median);
        bench_add(&one, "rainbow_ms", 3, found[RAINBOW].ms_median);
        bench_add(&one, "best_ratio", 4, found[arm].ms_best / found[RAINBOW].ms_best);
        bench_add(&one, "period_updates", 0, configs[arm].similarity_period_updates);
        bench_add(&one, "actions", 0, NUM_ACTIONS);
        bench_add(&one, "batch", 0, configs[arm].batch_size);
        bench_add(&one, "updates", 0, (double)found[arm].num_updates);
        bench_report(request, &one);
    }
    return true;
}
