/* curve.h - the course of a training, read from and written to log.jsonl.
 *
 * One JSON object a line; lines of other kinds are passed over. Three kinds are read:
 *     {"kind":"session","decisions":N}     a session goes on from N: what lies behind N is void
 *     {"kind":"training",...}              the last episodes, explored, every few seconds
 *     {"kind":"evaluation",...}            rounds played greedily
 * The log is only ever appended to; a last line that a crash cut short is passed over.
 */
#ifndef LAB_CURVE_H
#define LAB_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "evaluation.h"
#include "training.h"
#include "why.h"

typedef struct {
    bool is_evaluation;
    double decisions, mean_return;
    double win_rate, win_low, win_high; /* low and high of an evaluation */
    int32_t episodes;
    double frames, updates; /* of training, until then */
} curve_point_t;

typedef struct {
    curve_point_t *points; /* in the order of the log */
    int32_t num_points, capacity;
    int32_t num_resumes; /* sessions that went on with an empty replay memory */
    char path[4096];     /* empty: nothing is written */
    bool is_begun;       /* this session has its line in the log */
    double begins_at;
} curve_t;

/* Read dir's log (dir NULL: none). What a session that goes on from `decisions` cannot know is left
 * out. False: no memory. A log that cannot be read is an empty one. */
bool curve_open(curve_t *curve, const char *dir, uint64_t decisions);
void curve_close(curve_t *curve);

/* A point of training; also logged. False: the log cannot be written. */
bool curve_add_training(curve_t *curve, const training_progress_t *progress, why_t why);
/* An evaluation after so many decisions; also logged, if training is given. */
bool curve_add_evaluation(curve_t *curve, training_t *training, uint64_t decisions,
                          const evaluation_result_t *result, why_t why);

/* A line of another kind, with its newline, as part of this session. */
bool curve_add_line(curve_t *curve, const char *line, why_t why);

#endif
