/* drift.h - how a similarity moved while it was learned, as log.jsonl keeps it.
 *
 *     {"kind":"similarity","decisions":N,"updates":N,"meta_updates":N,"actions":A,
 *      "mean":X,"sd":X,"mean_change":X,"max_change":X,
 *      "top":[[i,j,began,now], ...],          the pairs that moved most, at most DRIFT_TOP
 *      "upper":"..."}                         three hex digits a pair, 4095 is 1; A <= 64 only
 *
 * Changes are against what the similarity began with. A line is at most 7 KB, and drift_next()
 * spaces them so that their number grows with the logarithm of a long training.
 */
#ifndef LAB_DRIFT_H
#define LAB_DRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "files.h"
#include "why.h"

enum { DRIFT_TOP = 8, DRIFT_MAX_ACTIONS = 64, DRIFT_LINE_BYTES = 8192 };

typedef struct {
    double decisions, mean, sd, mean_change, max_change;
} drift_record_t;

/* ---- writing ---- */

/* At how many decisions the record behind one at `decisions` is due. */
uint64_t drift_next(uint64_t decisions);
/* The record of an agent whose similarity is on, with its newline. False: no memory. */
bool drift_line(char out[DRIFT_LINE_BYTES], const agent_t *agent);
/* Its numbers, all but `decisions`. False: no memory. */
bool drift_now(drift_record_t *record, const agent_t *agent);

/* ---- reading ---- */

typedef struct {
    int32_t a, b; /* actions, a < b */
    double began, now;
} drift_pair_t;

typedef struct {
    int32_t num_actions; /* 0: no record was found */
    int32_t num_records, capacity;
    drift_record_t *records;     /* (num_records), decisions rise */
    float *upper;                /* (num_records, A (A - 1) / 2); NULL with more actions than 64 */
    drift_pair_t top[DRIFT_TOP]; /* of the last record */
    int32_t num_top;
} drift_t;

/* What the folder's log.jsonl knows. False: no memory. */
bool drift_read(drift_t *drift, const char *dir);
void drift_free(drift_t *drift);

/* The mean of several runs' records, on the decisions of the first, as far as all of them go;
 * between two of its records a run is taken to move evenly. Runs without `upper`, or with other
 * numbers of actions than the first's, are left out; *num_used counts the rest. False: no memory;
 * no records if there is nothing to take the mean of. */
bool drift_mean(drift_t *out, const drift_t *drifts, int32_t num_drifts, int32_t *num_used);

/* "mean 0.21 -> 0.34 (sd 0.10 -> 0.22) over 92 records until 100,000 decisions; moved most:
 * Fireball & Fast fireball 0.50 -> 0.83, ..." names: (A). */
void drift_sentence(char *out, size_t out_bytes, const drift_t *drift, const char *const *names);

/* The pairs that moved most, and the mean of all, over decisions, as a PNG. */
bool drift_save(const drift_t *drift, const char *const *names, const char *title,
                const char *subtitle, const char *path, why_t why);

#endif
