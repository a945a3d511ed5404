/* ablation_data.h - what the runs of a comparison have measured so far.
 *
 * Every number comes from the runs' log.jsonl. Two budgets make arms comparable: `decisions`, which
 * an equal number of choices and updates has gone into, and `frames`, the time that was played: a
 * macro is one decision of many frames.
 */
#ifndef LAB_ABLATION_DATA_H
#define LAB_ABLATION_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "ablation.h"
#include "statistics.h"

typedef enum { DATA_WINS = 0, DATA_RETURN, DATA_NUM_METRICS } data_metric_t;
typedef enum { DATA_DECISIONS = 0, DATA_FRAMES, DATA_NUM_AXES } data_axis_t;
typedef enum { DATA_MISSING = 0, DATA_STARTED, DATA_DONE } data_state_t;

typedef struct {
    ablation_run_t run;
    char name[128], dir[HOME_PATH_BYTES];
    data_state_t state;
    char failure[512]; /* why it died the last time; "" if it did not */
    curve_t curve;     /* evaluations only, decisions rise, none behind the budget asked for */
} data_run_t;

typedef struct {
    const ablation_t *ablation; /* borrowed */
    data_run_t *runs;           /* (num_runs) */
    int32_t num_runs;
    int32_t num_done;
    bool has_wins; /* somebody won a round; else win rates say nothing */
    /* The budgets, by axis: the largest number of decisions that a run of each arm that was
     * evaluated at all has reached, and the largest number of frames that all runs have which
     * reached those. NAN: none. */
    double budget[DATA_NUM_AXES];
} ablation_data_t;

/* False: no memory. */
bool ablation_data_read(ablation_data_t *data, const ablation_t *ablation, const char *dir);
void ablation_data_free(ablation_data_t *data);

/* Linear between two evaluations; NAN before the first and behind the last. */
double data_value(const data_run_t *run, data_metric_t metric, data_axis_t axis, double at);
/* Mean of the evaluations up to so many decisions: the area under the learning curve. */
double data_course(const data_run_t *run, data_metric_t metric, double decisions);
/* Whether it counts at the budgets: it has come as far as `budget[DATA_DECISIONS]`. */
bool data_counts(const ablation_data_t *data, const data_run_t *run);

/* Scores of an arm's runs that count, task by task. scores: room for STATISTICS_MAX_SCORES. */
statistics_sample_t data_sample(const ablation_data_t *data, int32_t arm, data_metric_t metric,
                                data_axis_t axis, double *scores);
statistics_sample_t data_course_sample(const ablation_data_t *data, int32_t arm,
                                       data_metric_t metric, double *scores);
/* Of all runs that have a value there, whether they count or not: for curves. */
statistics_sample_t data_sample_at(const ablation_data_t *data, int32_t arm, data_metric_t metric,
                                   data_axis_t axis, double at, double *scores);

/* Means over an arm's runs that count, at their budget of decisions. */
typedef struct {
    int32_t runs, resumed; /* resumed: runs that went on at least once */
    double decisions, frames, updates;
} data_effort_t;
data_effort_t data_effort(const ablation_data_t *data, int32_t arm);

#endif
