/* curve.h - the course of a training: its points of training and of evaluations, as log.jsonl keeps
 * them (runlog.h).
 */
#ifndef LAB_CURVE_H
#define LAB_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "evaluation.h"
#include "runlog.h"
#include "training.h"
#include "why.h"

typedef struct {
    bool is_evaluation;
    double decisions, mean_return;
    double win_rate, win_low, win_high; /* low and high of an evaluation */
    int32_t episodes;
    double frames, updates; /* of training, until then */
    double loss;            /* of a point of training; 0: no update was made yet */
} curve_point_t;

typedef struct {
    curve_point_t *points; /* in the order of the log */
    int32_t num_points, capacity;
    int32_t num_resumes; /* sessions that went on with an empty replay memory */
    runlog_t log;        /* where points go */
} curve_t;

/* Read dir's log (dir NULL: none). What a session that goes on from `decisions` cannot know is left
 * out. False: no memory. A log that cannot be read is an empty one. */
bool curve_open(curve_t *curve, const char *dir, uint64_t decisions);
void curve_close(curve_t *curve);

/* A point of training (none before an episode ended), and an evaluation of the agent as it is then;
 * both also logged. False: no memory, or the log cannot be written. */
bool curve_add_training(curve_t *curve, const training_progress_t *progress, why_t why);
bool curve_add_evaluation(curve_t *curve, const training_progress_t *progress,
                          const evaluation_result_t *result, why_t why);

#endif
