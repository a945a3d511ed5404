/* moves.h - which moves were played when, as log.jsonl keeps it.
 *
 *     {"kind":"moves","time":T,"decisions":N,"counts":[...]}
 *
 * counts: how often each action was played since the line before, in the preset's order, explored
 * play of the actors. Lines come as often as the similarity's (drift_next()).
 */
#ifndef LAB_MOVES_H
#define LAB_MOVES_H

#include <stdbool.h>
#include <stdint.h>

#include "preset.h"

enum { MOVES_LINE_BYTES = 6144 };

/* counts: since the session began, (num_actions); before: the same at the line before, which is
 * brought up to date. False: nothing was played since then, and there is no line. */
bool moves_line(char out[MOVES_LINE_BYTES], uint64_t decisions, const uint64_t *counts,
                uint64_t *before, int32_t num_actions);

typedef struct {
    int32_t num_actions, num_records, capacity; /* 0 records: there are none */
    double *decisions;                          /* (num_records), they rise */
    float *shares;                              /* (num_records, A), each row adds up to 1 */
} moves_t;

/* What the folder's log.jsonl knows; records of another number of actions than num_actions are left
 * out. False: no memory. */
bool moves_read(moves_t *moves, const char *dir, int32_t num_actions);
void moves_free(moves_t *moves);

#endif
