/* evaluation.h - rounds played for the record: who wins, with which moves, and a few pictures. */
#ifndef KATA_EVALUATION_H
#define KATA_EVALUATION_H

#include <stdbool.h>
#include <stdint.h>

#include "progress.h"
#include "strip.h"
#include "training.h"
#include "why.h"

typedef struct {
    training_result_t result;
    uint64_t decisions, frames;
    uint64_t counts[PRESET_MAX_ACTIONS]; /* how often each action was chosen */
    bool interrupted;                    /* by Ctrl-C: fewer episodes than asked for */
} evaluation_t;

typedef struct {
    policy_t *policy; /* NULL with TRAINING_RANDOM */
    training_who_t who;
    const crew_config_t *crew;
    int32_t episodes;
    float epsilon;
    progress_t *progress; /* NULL: nothing is shown */
    strip_t *strip;       /* NULL: no pictures */
} evaluation_request_t;

bool evaluation_run(evaluation_t *evaluation, const evaluation_request_t *request, why_t why);

/* "won 41 of 50 rounds (82 %, 95 % interval 69 to 90 %), lost 8, drew 1; mean return +1.23" */
void evaluation_sentence(char *out, size_t out_bytes, const training_result_t *result);

#endif
