/* masp_copies.c - the sweep behind the defaults of MASP: lambda, the learning rate of s and the
 * period, on the toy SMDP of duplicated actions (tests/agent/copies_world.h). Not a test: `make -f
 * Makefile.libretro sweep`, some minutes. Runs go to all cores; a line an arm is printed, and with
 * a second argument a CSV of all runs is kept. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "copies_world.h"
#include "statistics.h"

enum { DECISIONS = 4000, CELLS = 5, MAX_SEEDS = 100, RESAMPLES = 10000 };

typedef struct {
    const char *name;
    agent_similarity_mode_t mode;
    float weight, learning_rate, start;
    int32_t period_updates;
    bool told; /* Sigma is set to the true groups */
} arm_t;

static const arm_t arms[] = {
    { "no similarity", AGENT_SIMILARITY_OFF, 0, 0, 0.02f, 1, false },
    { "the true groups, fixed", AGENT_SIMILARITY_FIXED, 24, 0, 0.02f, 1, true },
    { "constant 0.12, fixed", AGENT_SIMILARITY_FIXED, 24, 0, 0.12f, 1, false },
    { "meta, lambda 1", AGENT_SIMILARITY_META, 1, 0.05f, 0.02f, 1, false },
    { "meta, lambda 5", AGENT_SIMILARITY_META, 5, 0.05f, 0.02f, 1, false },
    { "meta, lambda 24", AGENT_SIMILARITY_META, 24, 0.05f, 0.02f, 1, false },
    { "meta, lambda 100", AGENT_SIMILARITY_META, 100, 0.05f, 0.02f, 1, false },
    { "meta, lambda 24, rate 0.01", AGENT_SIMILARITY_META, 24, 0.01f, 0.02f, 1, false },
    { "meta, lambda 24, rate 0.2", AGENT_SIMILARITY_META, 24, 0.2f, 0.02f, 1, false },
    { "meta, lambda 24, start 0.12", AGENT_SIMILARITY_META, 24, 0.05f, 0.12f, 1, false },
    { "meta, lambda 24, period 4", AGENT_SIMILARITY_META, 24, 0.05f, 0.02f, 4, false },
};
enum { NUM_ARMS = sizeof arms / sizeof arms[0] };

typedef struct {
    double area, auc; /* under the learning curve; of ranking copies, NAN without a learned Sigma */
} score_t;

static score_t run(const arm_t *arm, uint64_t seed)
{
    agent_config_t config;
    copies_config(&config, CELLS, DECISIONS);
    config.seed = seed;
    config.similarity_mode = arm->mode;
    config.similarity_weight = arm->weight;
    config.similarity_learning_rate = arm->learning_rate;
    config.similarity_start = arm->start;
    config.similarity_period_updates = arm->period_updates;
    agent_t *agent = NULL;
    char why[AGENT_WHY_BYTES] = "";
    if (agent_create(&agent, &config, why) != AGENT_OK) {
        fprintf(stderr, "%s: %s\n", arm->name, why);
        _exit(1);
    }
    copies_world_t world;
    copies_init(&world, CELLS, seed);
    float sigma[COPIES_ACTIONS * COPIES_ACTIONS];
    for (int32_t i = 0; i < COPIES_ACTIONS; i++)
        for (int32_t j = 0; j < COPIES_ACTIONS; j++)
            sigma[i * COPIES_ACTIONS + j] = i != j && world.move_of[i] == world.move_of[j];
    if (arm->told && agent_set_similarity(agent, sigma, why) != AGENT_OK) _exit(1);
    score_t score = { copies_train(agent, &world, DECISIONS), NAN };
    agent_get_similarity(agent, sigma);
    if (arm->mode == AGENT_SIMILARITY_META) score.auc = copies_auc(&world, sigma);
    agent_destroy(agent);
    return score;
}

static int usage(void)
{
    fprintf(stderr, "usage: masp_copies SEEDS [FILE.csv]   (1 to %d seeds)\n", MAX_SEEDS);
    return 2;
}

/* An arm's runs, one seed to each core in turn. False: a run died. */
static bool run_all(const arm_t *arm, int32_t seeds, score_t *scores)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const int32_t workers = cores > 0 && cores < seeds ? (int32_t)cores : seeds;
    for (int32_t w = 0; w < workers; w++) {
        const pid_t child = fork();
        if (child < 0) return false;
        if (child > 0) continue;
        agent_set_blas_threads(1);
        for (int32_t s = w; s < seeds; s += workers) scores[s] = run(arm, (uint64_t)(s + 1));
        _exit(0);
    }
    bool ok = true;
    int status;
    while (wait(&status) > 0) ok = ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return ok;
}

static statistics_estimate_t estimate(const score_t *scores, int32_t seeds, bool auc)
{
    double values[MAX_SEEDS];
    for (int32_t s = 0; s < seeds; s++) values[s] = auc ? scores[s].auc : scores[s].area;
    const statistics_sample_t sample = { values, { seeds }, 1 };
    return statistics_sample_iqm(&sample, RESAMPLES, 1);
}

int main(int argc, char **argv)
{
    const int32_t seeds = argc > 1 ? atoi(argv[1]) : 0;
    if (seeds < 1 || seeds > MAX_SEEDS || argc > 3) return usage();
    FILE *csv = argc > 2 ? fopen(argv[2], "w") : NULL;
    if (argc > 2 && !csv) {
        fprintf(stderr, "%s: cannot be written\n", argv[2]);
        return 1;
    }
    score_t *scores = mmap(NULL, MAX_SEEDS * sizeof *scores, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (scores == MAP_FAILED) return 1;
    printf("%d seeds, %d decisions; interquartile mean and its 95 %% interval\n", seeds, DECISIONS);
    printf("%-30s%-28s%s\n", "arm", "area under learning curve", "AUC of copies");
    if (csv) fprintf(csv, "arm,lambda,learning_rate,start,period_updates,seed,area,auc\n");
    for (int32_t a = 0; a < NUM_ARMS; a++) {
        const arm_t *arm = &arms[a];
        fflush(NULL);
        if (!run_all(arm, seeds, scores)) return 1;
        const statistics_estimate_t area = estimate(scores, seeds, false);
        printf("%-30s%6.3f [%6.3f, %6.3f]    ", arm->name, area.value, area.low, area.high);
        if (arm->mode == AGENT_SIMILARITY_META) {
            const statistics_estimate_t auc = estimate(scores, seeds, true);
            printf("%6.3f [%6.3f, %6.3f]", auc.value, auc.low, auc.high);
        }
        putchar('\n');
        for (int32_t s = 0; csv && s < seeds; s++)
            fprintf(csv, "\"%s\",%g,%g,%g,%d,%d,%.6f,%.6f\n", arm->name, (double)arm->weight,
                    (double)arm->learning_rate, (double)arm->start, arm->period_updates, s + 1,
                    scores[s].area, scores[s].auc);
    }
    return csv && fclose(csv) != 0 ? 1 : 0;
}
