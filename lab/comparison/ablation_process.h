/* ablation_process.h - a run of a comparison, in a process of its own.
 *
 * POSIX forks this one. Windows, which has no fork(), starts the same program with the same words
 * again: it comes to ablation_train() on its own way, and there does the one run that it was
 * started for. Whoever prepares a comparison asks ablation_process_run() and, in such a process,
 * takes no lock and writes nothing into the comparison's folder.
 */
#ifndef LAB_ABLATION_PROCESS_H
#define LAB_ABLATION_PROCESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "why.h"

/* What a run's process tells its parent, in memory that both see. */
typedef struct {
    _Atomic uint64_t decisions;
    why_t why;
} ablation_board_t;

typedef intptr_t ablation_process_t; /* 0: none */

/* The number of the run that this process was started for; -1: it was not. POSIX: always -1. */
int32_t ablation_process_run(void);

/* Boards of all runs, zeroed; in a process of a run those of its parent. NULL: no memory. */
ablation_board_t *ablation_boards_open(int32_t num_runs);
void ablation_boards_close(ablation_board_t *boards, int32_t num_runs);

/* body(context, run) gives the exit status. On Windows it is not called here. */
bool ablation_process_start(ablation_process_t *process, int32_t run,
                            int (*body)(const void *context, int32_t run), const void *context,
                            why_t why);
/* Asks it to save and end, as Ctrl-C does. */
void ablation_process_stop(ablation_process_t process);
/* True: it has ended, and is collected. reason: what ended it, or "" where it left with *status. */
bool ablation_process_has_ended(ablation_process_t process, int *status, char reason[96]);

#endif
