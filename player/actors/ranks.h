/* ranks.h - the processes of one `mpirun`: rank 0 learns, or the first K do, the others act, each
 * with actors of its own on its own machine.
 *
 *     ranks_begin(why)                     in every rank, before anything is opened
 *     ranks_learn_by(K, why)               the same, where K is not 1
 *     ranks_share(&config.actors, ...)     in every rank
 *     learners:  training_open(...)        its pool's transport is the ranks
 *     others:    ranks_act(&config.actors, why)     until their learner is done
 *     ranks_come_to_end(why)               in every rank whose work is done
 *     ranks_end(status)                    in every rank
 *
 * A process that no mpirun started is rank 0 of one, and MPI is not begun. Rank r >= K acts for
 * learner (r - K) % K: a learner and those who act for it are a group with a communicator of its
 * own, in which all below goes on as if it were alone. What learners tell each other:
 * ranks_meeting.h.
 *
 * What travels, all of it nonblocking: records from each acting rank to the learner, only their
 * pictures that are new; weights to each acting rank, once whatever its number of actors, never a
 * second copy before the first has arrived, and at most one in RANKS_WEIGHTS_MS; how many decisions
 * it may make (8 bytes); and five times a second a sign of life. An actor that dies is started
 * again by its own rank. A rank that dies, or is not heard of for RANKS_SILENCE_MS, ends the run:
 * actor_pool_watch() says which.
 *
 * Built with MPI (make MPI=1): ranks_mpi.c, ranks_learner_mpi.c, ranks_meeting_mpi.c; without:
 * ranks_alone.c, which refuses to be started by mpirun. All ranks run the same build on the same
 * kind of machine: structs travel as they lie in memory.
 */
#ifndef PLAYER_RANKS_H
#define PLAYER_RANKS_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_pool.h"
#include "why.h"

enum { RANKS_SILENCE_MS = 15000, RANKS_WEIGHTS_MS = 250, RANKS_END_MS = 30000 };

bool ranks_begin(why_t why);
int32_t ranks_size(void);
int32_t ranks_rank(void);

/* The first num_learners ranks learn. False: there are not as many others. Every rank must call it.
 */
bool ranks_learn_by(int32_t num_learners, why_t why);
int32_t ranks_num_learners(void); /* 1 before */
int32_t ranks_learner(void);      /* this one's number among them; -1: it acts */

/* is_default: num_actors was not asked for, and becomes this rank's part of its machine's
 * processors. A learner: num_actors becomes the sum of its group's, and the transport is set;
 * alone: nothing is changed. Others: which processors and seeds are theirs. Every rank must call
 * it. */
bool ranks_share(actor_pool_config_t *actors, bool is_default, why_t why);

int32_t ranks_num_workers(void); /* of all ranks, after ranks_share(); 0: alone */

/* The whole work of an acting rank, once for each pool that its learner starts. Where that has
 * fewer actors than there are other ranks, the first ranks act and the others return at once. The
 * policy's sizes come from the learner. False: its actors could
 * not be started, or were given up. */
bool ranks_act(const actor_pool_config_t *actors, why_t why);

/* In a rank beside the first: Ctrl-C, SIGTERM and SIGHUP are rank 0's to answer, which saves and
 * then ends the others. ranks_act() does it itself. */
void ranks_leave_signals(void);

/* Before an orderly end: until every rank has come to it; rank 0, the last to come, waits for
 * RANKS_END_MS. False: not all have; end with another status, so that they are ended. */
bool ranks_come_to_end(why_t why);

/* Before the process ends with this exit status. Any but 0 and `orderly` ends the other ranks,
 * too, and does not return, where there are any. */
void ranks_end(int32_t status, int32_t orderly);

#endif
