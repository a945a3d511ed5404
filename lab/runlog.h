/* runlog.h - the lines of a training's log.jsonl, one after another.
 *
 * The file is another's until checked: it is read up to a bound, and a line that is no JSON object
 * (a crash cut it short) is passed over.
 */
#ifndef LAB_RUNLOG_H
#define LAB_RUNLOG_H

#include <stdbool.h>

#include <cjson/cJSON.h>

/* kind: the line's "kind". Return false to stop. */
typedef bool (*runlog_visit_t)(void *context, const char *kind, const cJSON *line);

/* False: the visitor stopped. A file that is missing or too large has no lines. */
bool runlog_read(const char *path, runlog_visit_t visit, void *context);

/* A finite number of the line; 0 if it has none of that name. */
double runlog_number(const cJSON *line, const char *key);

#endif
