/* ablation_train.h - the runs of a comparison: one process each, several at once.
 *
 * Each run is a training with one worker and one BLAS thread. What it says goes to run.txt in its
 * folder; why it died, to failure.txt. It is gone on with from its last save, and left alone when
 * it is done.
 */
#ifndef KATA_ABLATION_TRAIN_H
#define KATA_ABLATION_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "ablation.h"
#include "game.h"
#include "why.h"

#define ABLATION_FAILURE_FILE "failure.txt"

typedef struct {
    const ablation_t *ablation;
    const char *dir;
    const game_t *game;        /* with the whole preset */
    const preset_t *primitive; /* with the macros removed; NULL without the arm `rainbow` */
    const preset_t *transfer;  /* NULL without the arm `transfer` */
    const learning_options_t *learning;
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

/* The options of an arm. */
learning_options_t ablation_arm_options(const learning_options_t *options, int32_t arm);

/* Runs what is not done yet, with a progress line. A run that dies is reported and does not stop
 * the others; Ctrl-C stops all, and each saves. False: no run could even be looked at. */
bool ablation_train(const ablation_plan_t *plan, ablation_outcome_t *outcome, why_t why);

#endif
