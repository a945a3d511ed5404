/* ranks_meeting.h - the learners among the ranks of an mpirun (ranks.h), where there are several:
 * what they tell each other.
 *
 * All of it is nonblocking but the sum of the gradients, which every learner has been seen to come
 * to just before:
 *
 *     ranks_meeting_open(&learners, why)       in every learner, before its agent is made
 *     ranks_meeting_pass(learners, bytes, ...) from learner 0 to the others
 *     for each update:
 *         ranks_meeting_arrive(learners, &word)
 *         while (!(words = ranks_meeting_met(learners))) ...watch, carry, nap...
 *         the sum of ranks_meeting_gradient(learners), called by agent_learn()
 *     ranks_meeting_end(learners)              learner 0: the others are called to a last meeting
 *
 * Signs of life go from each learner to learner 0 (RANKS_LIFE_MS): one that is silent for
 * RANKS_SILENCE_MS is lost, and the run ends. Learner 0 may be away for evaluations and saves: the
 * others wait for it RANKS_FIRST_LEARNER_MS. They come in a sum and while the agent is passed, too.
 */
#ifndef PLAYER_RANKS_MEETING_H
#define PLAYER_RANKS_MEETING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common_gradient.h"
#include "why.h"

enum { RANKS_FIRST_LEARNER_MS = 3600000 };

typedef struct ranks_meeting ranks_meeting_t;

/* What each learner says when it arrives. Counts are of its own actors in this session. */
typedef struct {
    uint64_t decisions, frames, episodes, updates;
    double return_scale; /* that its returns ask for */
    uint32_t deaths;
    uint32_t weights_crc; /* now and then, in all at once; else 0 */
    int32_t is_warm;      /* it can make the update */
    int32_t is_ending;    /* no update any more */
} ranks_word_t;

/* False: another learner is of another version, or MPI failed. */
bool ranks_meeting_open(ranks_meeting_t **out, why_t why);
void ranks_meeting_close(ranks_meeting_t *learners); /* NULL is fine */

bool ranks_meeting_pass(ranks_meeting_t *learners, void *bytes, size_t num_bytes, why_t why);

/* Once for each meeting. */
void ranks_meeting_arrive(ranks_meeting_t *learners, const ranks_word_t *word);
/* One word of each learner, borrowed until the next arrival; NULL: not all have arrived. */
const ranks_word_t *ranks_meeting_met(ranks_meeting_t *learners);
/* For agent_share_gradient(); borrows learners. */
common_gradient_t ranks_meeting_gradient(ranks_meeting_t *learners);

/* Send and receive signs of life. False: a learner is lost or gave up; `why` names its rank. */
bool ranks_meeting_watch(ranks_meeting_t *learners, why_t why);
/* A sentence for learner 0, with the next sign of life; is_final: this one goes on no more. */
void ranks_meeting_tell(ranks_meeting_t *learners, const char *sentence, bool is_final);
/* In learner 0: a sentence that another told; NULL: none. Once. */
const char *ranks_meeting_news(ranks_meeting_t *learners);

/* This learner steps no more; learner 0 calls the others. */
void ranks_meeting_end(ranks_meeting_t *learners);
/* Learner 0 has called: arrive, though no update is due. */
bool ranks_meeting_is_called(const ranks_meeting_t *learners);
/* One was ending in the last sum. */
bool ranks_meeting_has_ended(const ranks_meeting_t *learners);
/* After the end: each one's number, (ranks_num_learners()). NULL: not all have given one within
 * some seconds. */
const uint32_t *ranks_meeting_compare(ranks_meeting_t *learners, uint32_t number);

#endif
