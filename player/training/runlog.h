/* runlog.h - a training's log.jsonl: every line that is written goes through here, whoever trains,
 * and every reader.
 *
 * One JSON object a line. The kinds:
 *     {"kind":"session","decisions":N}     a session goes on from N: what lies behind N is void
 *     {"kind":"training",...}              the last episodes, explored, every few seconds
 *     {"kind":"evaluation",...}            rounds played for the record
 *     {"kind":"similarity",...}            lab's drift.h
 *     {"kind":"moves",...}                 lab's moves.h
 * Readers pass over kinds that they do not know. The file is only ever appended to, and it is
 * another's until checked: it is read up to a bound, and a line that is no JSON object (a crash cut
 * it short) is passed over.
 */
#ifndef PLAYER_RUNLOG_H
#define PLAYER_RUNLOG_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "home.h"
#include "training.h"
#include "why.h"

/* ---- reading ---- */

/* kind: the line's "kind". Return false to stop. */
typedef bool (*runlog_visit_t)(void *context, const char *kind, const cJSON *line);

/* The lines of dir's log. False: the visitor stopped. A file that is missing or too large has no
 * lines. */
bool runlog_read(const char *dir, runlog_visit_t visit, void *context);

/* A finite number of the line; 0 if it has none of that name. */
double runlog_number(const cJSON *line, const char *key);

/* ---- writing ---- */

typedef struct {
    char path[HOME_PATH_BYTES]; /* "": nothing is written */
    double begins_at;           /* decisions that this session goes on from */
    bool is_begun;              /* this session has its line in the log */
} runlog_t;

/* A session that goes on from so many decisions; dir NULL: nothing is written. The file is opened
 * anew for each line. */
void runlog_open(runlog_t *log, const char *dir, uint64_t decisions);

/* All: false if the log cannot be written. The session's line is written before the first. */
bool runlog_add_training(runlog_t *log, const training_progress_t *progress, why_t why);
/* A line of another kind, with its newline. */
bool runlog_add_line(runlog_t *log, const char *line, why_t why);

#endif
