/* ablation_train.h - the runs of a comparison: one process each, several at once.
 *
 * Each run is a training with one worker and one BLAS thread. What it says goes to run.txt in its
 * folder; why it died, to failure.txt. It is gone on with from its last save, and left alone when
 * it is done.
 */
#ifndef LAB_ABLATION_TRAIN_H
#define LAB_ABLATION_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "ablation.h"
#include "training.h"
#include "why.h"

#define ABLATION_FAILURE_FILE "failure.txt"

typedef struct {
    const ablation_t *ablation;
    const char *dir;
    /* The training of each arm that is compared; folder, start and seeds are the runs' own. */
    training_config_t configs[ABLATION_NUM_ARMS];
    /* In a run's process: training_open(), and what else an arm's training must keep to. */
    bool (*open)(training_t **out, const training_config_t *config, int32_t arm, void *context,
                 why_t why);
    void *context;
    int64_t save_every; /* decisions */
    int32_t jobs;
} ablation_plan_t;

typedef struct {
    int32_t done, failed, left; /* runs, of all; left: neither, as Ctrl-C came */
    bool interrupted;
} ablation_outcome_t;

/* The preset without its macros: the actions of its list `actions.primitives` stay, those of
 * `actions.macros` go. False: one of the two lists is empty, so there is nothing to compare. */
bool ablation_primitives(preset_t **out, const preset_t *preset, why_t why);

/* Runs what is not done yet, with a progress line. A run that dies is reported and does not stop
 * the others; Ctrl-C stops all, and each saves. False: no run could even be looked at. */
bool ablation_train(const ablation_plan_t *plan, ablation_outcome_t *outcome, why_t why);

#endif
