/* masp_copies.c - the sweep behind the defaults of MASP: lambda, the learning rate of s and the
 * period, on the toy SMDP of duplicated actions (tests/agent/copies_world.h). Not a test: `make -f
 * Makefile.libretro sweep`, a quarter of an hour. Runs go to all cores; a line an arm is printed,
 * and with a third argument a CSV of all runs is kept. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "copies_world.h"
#include "statistics.h"
#include "why.h"

enum { DECISIONS = 4000, MAX_SEEDS = 100, RESAMPLES = 10000 };

typedef struct {
    const char *name;
    agent_similarity_mode_t mode;
    float weight, learning_rate, start;
    int32_t period_updates;
    bool told;     /* Sigma is set to the true groups */
    bool balanced; /* each action of a batch counts alike in what Sigma learns */
} arm_t;

static const arm_t arms[] = {
    { "no similarity", AGENT_SIMILARITY_OFF, 0, 0, 0.02f, 1, false, false },
    { "the true groups, fixed", AGENT_SIMILARITY_FIXED, 1, 0, 0.02f, 1, true, false },
    { "constant 0.12, fixed", AGENT_SIMILARITY_FIXED, 1, 0, 0.12f, 1, false, false },
    { "meta", AGENT_SIMILARITY_META, 1, 0.01f, 0.02f, 1, false, false },
    { "meta, lambda 1/24", AGENT_SIMILARITY_META, 1.0f / 24, 0.01f, 0.02f, 1, false, false },
    { "meta, lambda 5/24", AGENT_SIMILARITY_META, 5.0f / 24, 0.01f, 0.02f, 1, false, false },
    { "meta, lambda 100/24", AGENT_SIMILARITY_META, 100.0f / 24, 0.01f, 0.02f, 1, false, false },
    { "meta, rate 0.003", AGENT_SIMILARITY_META, 1, 0.003f, 0.02f, 1, false, false },
    { "meta, rate 0.05", AGENT_SIMILARITY_META, 1, 0.05f, 0.02f, 1, false, false },
    { "meta, rate 0.2", AGENT_SIMILARITY_META, 1, 0.2f, 0.02f, 1, false, false },
    { "meta, start 0.12", AGENT_SIMILARITY_META, 1, 0.01f, 0.12f, 1, false, false },
    { "meta, balanced", AGENT_SIMILARITY_META, 1, 0.01f, 0.02f, 1, false, true },
    { "meta, period 4", AGENT_SIMILARITY_META, 1, 0.01f, 0.02f, 4, false, false },
    { "meta, period 4, rate 0.05", AGENT_SIMILARITY_META, 1, 0.05f, 0.02f, 4, false, false },
};
enum { NUM_ARMS = sizeof arms / sizeof arms[0] };

typedef struct {
    double area, auc; /* under the learning curve; of ranking copies, NAN without a learned Sigma */
    double decisions; /* to half the prize */
} score_t;

static score_t run(const arm_t *arm, uint64_t seed)
{
    agent_config_t config;
    copies_config(&config, DECISIONS);
    config.seed = seed;
    config.similarity_mode = arm->mode;
    config.similarity_weight = arm->weight;
    config.similarity_kinds = 0;
    config.similarity_learning_rate = arm->learning_rate;
    config.similarity_start = arm->start;
    config.similarity_period_updates = arm->period_updates;
    config.similarity_balanced = arm->balanced;
    agent_t *agent = NULL;
    why_t why = "";
    if (agent_create(&agent, &config, why) != AGENT_OK) {
        fprintf(stderr, "%s: %s\n", arm->name, why);
        _exit(1);
    }
    copies_world_t world;
    copies_init(&world, seed);
    float sigma[COPIES_ACTIONS * COPIES_ACTIONS];
    for (int32_t i = 0; i < COPIES_ACTIONS; i++)
        for (int32_t j = 0; j < COPIES_ACTIONS; j++)
            sigma[i * COPIES_ACTIONS + j] = i != j && world.move_of[i] == world.move_of[j];
    if (arm->told && agent_set_similarity(agent, sigma, why) != AGENT_OK) _exit(1);
    const copies_curve_t curve = copies_train(agent, &world, DECISIONS);
    score_t score = { curve.area, NAN, curve.decisions_to_half };
    agent_get_similarity(agent, sigma);
    if (arm->mode == AGENT_SIMILARITY_META) score.auc = copies_auc(&world, sigma);
    agent_destroy(agent);
    return score;
}

static int usage(void)
{
    fprintf(stderr,
            "usage: masp_copies SEEDS FIRST_SEED [FILE.csv]   (1 to %d seeds, the first from 1)\n",
            MAX_SEEDS);
    return 2;
}

/* An arm's runs, one seed to each core in turn. False: a run died. */
static bool run_all(const arm_t *arm, int32_t seeds, int32_t first_seed, score_t *scores)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const int32_t workers = cores > 0 && cores < seeds ? (int32_t)cores : seeds;
    for (int32_t w = 0; w < workers; w++) {
        const pid_t child = fork();
        if (child < 0) return false;
        if (child > 0) continue;
        agent_set_blas_threads(1);
        for (int32_t s = w; s < seeds; s += workers)
            scores[s] = run(arm, (uint64_t)(first_seed + s));
        _exit(0);
    }
    bool ok = true;
    int status;
    while (wait(&status) > 0) ok = ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return ok;
}

static void print_iqm(const double *values, int32_t seeds, const char *format)
{
    const statistics_sample_t sample = { values, { seeds }, 1 };
    const statistics_estimate_t e = statistics_sample_iqm(&sample, RESAMPLES, 1);
    printf(format, e.value, e.low, e.high);
}

/* without: the areas of the first arm, which has no similarity, to compare with. */
static void print_arm(const arm_t *arm, const score_t *scores, int32_t seeds, const double *without)
{
    double area[MAX_SEEDS], decisions[MAX_SEEDS], auc[MAX_SEEDS];
    for (int32_t s = 0; s < seeds; s++) {
        area[s] = scores[s].area;
        decisions[s] = scores[s].decisions;
        auc[s] = scores[s].auc;
    }
    printf("%-28s", arm->name);
    print_iqm(area, seeds, "%6.3f [%6.3f, %6.3f]  ");
    print_iqm(decisions, seeds, "%6.0f [%5.0f, %5.0f]  ");
    const statistics_sample_t x = { area, { seeds }, 1 }, y = { without, { seeds }, 1 };
    const statistics_estimate_t better = statistics_improvement(&x, &y, RESAMPLES, 1);
    if (arm->mode != AGENT_SIMILARITY_OFF)
        printf("%5.2f [%4.2f, %4.2f]  ", better.value, better.low, better.high);
    if (arm->mode == AGENT_SIMILARITY_META) print_iqm(auc, seeds, "%6.3f [%5.3f, %5.3f]");
    putchar('\n');
}

int main(int argc, char **argv)
{
    const int32_t seeds = argc > 2 ? atoi(argv[1]) : 0, first = argc > 2 ? atoi(argv[2]) : 0;
    if (seeds < 1 || seeds > MAX_SEEDS || first < 1 || argc > 4) return usage();
    FILE *csv = argc > 3 ? fopen(argv[3], "w") : NULL;
    if (argc > 3 && !csv) {
        fprintf(stderr, "%s: cannot be written\n", argv[3]);
        return 1;
    }
    score_t *scores = mmap(NULL, MAX_SEEDS * sizeof *scores, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (scores == MAP_FAILED) return 1;
    printf("%d seeds from %d, %d decisions; interquartile means and 95 %% intervals\n", seeds,
           first, DECISIONS);
    printf("%-28s%-26s%-22s%-20s%s\n", "arm", "area under the curve", "decisions to half",
           "P(better than none)", "AUC of copies");
    if (csv)
        fprintf(csv,
                "arm,lambda,learning_rate,start,period_updates,seed,area,decisions_to_half,auc\n");
    double without[MAX_SEEDS] = { 0 };
    for (int32_t a = 0; a < NUM_ARMS; a++) {
        const arm_t *arm = &arms[a];
        fflush(NULL);
        if (!run_all(arm, seeds, first, scores)) return 1;
        for (int32_t s = 0; a == 0 && s < seeds; s++) without[s] = scores[s].area;
        print_arm(arm, scores, seeds, without);
        for (int32_t s = 0; csv && s < seeds; s++)
            fprintf(csv, "\"%s\",%g,%g,%g,%d,%d,%.6f,%.0f,%.6f\n", arm->name, (double)arm->weight,
                    (double)arm->learning_rate, (double)arm->start, arm->period_updates, first + s,
                    scores[s].area, scores[s].decisions, scores[s].auc);
    }
    return csv && fclose(csv) != 0 ? 1 : 0;
}
