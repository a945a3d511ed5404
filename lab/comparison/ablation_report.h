/* ablation_report.h - what a comparison found, for people: DIR/index.html (one file, nothing
 * outside it), DIR/summary.md, DIR/ablation.csv and the pictures that they show. */
#ifndef LAB_ABLATION_REPORT_H
#define LAB_ABLATION_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "ablation_data.h"
#include "statistics.h"
#include "why.h"

#define REPORT_PICTURE_BYTES 48
enum { REPORT_MAX_PICTURES = 6 };

/* One arm against the others, at one budget or over the whole course. */
typedef struct {
    statistics_estimate_t score;                          /* interquartile mean */
    statistics_estimate_t improvement[ABLATION_NUM_ARMS]; /* over rainbow and macros only */
} report_cell_t;

typedef enum {
    REPORT_AT_DECISIONS = 0,
    REPORT_AT_FRAMES,
    REPORT_COURSE,
    REPORT_NUM_PARTS
} report_part_t;

typedef struct {
    const ablation_data_t *data;
    data_metric_t first_metric; /* what counts: wins, where there are any */
    data_effort_t effort[ABLATION_NUM_ARMS];
    report_cell_t cells[ABLATION_NUM_ARMS][DATA_NUM_METRICS][REPORT_NUM_PARTS];
    struct {
        char file[REPORT_PICTURE_BYTES], caption[512];
    } pictures[REPORT_MAX_PICTURES];
    int32_t num_pictures;
} report_t;

/* Everything, from what is there so far. False: something could not be written. */
bool ablation_report(const ablation_t *ablation, const char *dir, why_t why);

/* ---- its parts ---- */

/* The arms that others are compared with. */
bool report_is_reference(int32_t arm);
const char *report_metric_name(data_metric_t metric); /* "win rate" */
/* "62 %", "+1.24", "-" where nobody knows. */
void report_number(char out[32], data_metric_t metric, double value);
/* "42 [35, 51] %" */
void report_estimate(char out[96], data_metric_t metric, const statistics_estimate_t *estimate);
/* "0.84 [0.60, 1.00]" */
void report_share(char out[96], const statistics_estimate_t *estimate);
/* What the arm oracle gains over all actions without similarity, a sentence or two; where there is
 * no such arm, that nobody knows. */
void report_oracle(char out[512], const report_t *report);
/* One line a run that is not done: "meta-3: 40,000 of 100,000 decisions; it died: ..." Returns how
 * many there are; called with each. */
typedef void (*report_missing_t)(void *context, const char *line);
int32_t report_missing(const ablation_data_t *data, report_missing_t each, void *context);
/* "Two runs were gone on with ..."; "" if none was. */
void report_resumes(char out[512], const ablation_data_t *data);
/* Whether some arm has no run that counts. */
bool report_is_partial(const report_t *report);

bool report_pictures(report_t *report, const char *dir, why_t why);
bool report_page(const report_t *report, const char *dir, why_t why);
bool report_summary(const report_t *report, const char *dir, why_t why);
bool report_csv(const ablation_data_t *data, const char *dir, why_t why);

#endif
