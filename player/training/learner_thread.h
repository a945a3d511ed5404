/* learner_thread.h - a training in a thread of low priority, beside frames that must not wait.
 *
 * The thread that plays (a frontend's) hands over what its decisions brought, and takes newer
 * weights between rounds:
 *
 *     learner_thread_start(&learner, &config, NULL, why);
 *     for each frame:
 *         learner_thread_frame(learner);                       what the frame before brought counts
 *         if (between rounds) learner_thread_take(learner, policy);
 *         learner_thread_open(learner, stream, obs);           a decision is made on obs
 *         learner_thread_close(learner, stream, &outcome, obs, frames);
 *         learner_thread_break(learner, was_undone);           whenever the course is interrupted
 *     learner_thread_stop(learner, averaged, why);
 *
 * A decision is learned from when the next frame begins and nothing took it back meanwhile. Where
 * the ring is full the newest is lost and counted, and the next one begins a course of its own.
 * Updates are as many for a decision as in `kata train` (training.h). The thread saves every
 * TRAINING_SAVE_SECONDS, with a line of log.jsonl, and when it is stopped.
 *
 * Nothing of a frame allocates, locks or does I/O, and neither side waits for the other. Weights
 * are lent, not copied: there are three blocks of them, the frames' policy acts with one, the
 * learner writes another, and the newest that was published is the third.
 *
 * On a card (agent/device/) updates are the thread's business, too: it opens the card, which may
 * take minutes, and meanwhile learns nothing; a stop waits for the end of that. A card that draws
 * the frames computes for a part of the time only: the thread waits for each update, and then rests
 * (card_share.h). One that is not there, or is lost, is told as news, and the processor learns.
 *
 * Threads: everything here is called from one thread, that of the frames; the learner's own is not
 * seen.
 */
#ifndef PLAYER_LEARNER_THREAD_H
#define PLAYER_LEARNER_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "demonstration.h"
#include "player_state.h"
#include "policy.h"
#include "training.h"
#include "why.h"

typedef struct learner_thread learner_thread_t;

typedef struct {
    const char *name;      /* devices.h, of 63 letters at most */
    const char *cache_dir; /* for compiled kernels; NULL: none */
    double most_share;     /* of the time, that a card computes: above 0, up to 1 */
} learner_thread_device_t;

/* is_fed is set, and pins and crashes mean nothing; the actor's preset is borrowed until the stop.
 * device: NULL: the processor. False: *out is NULL; the folder is locked by another training, or
 * what training_open() refuses. */
bool learner_thread_start(learner_thread_t **out, const training_config_t *config,
                          const learner_thread_device_t *device, why_t why);
/* End the thread, save, free. averaged: (policy_num_weights()) floats, written: the weights to play
 * with from now on; NULL: not wanted. False: the save failed, or the last one counts because
 * learning diverged. NULL is fine. */
bool learner_thread_stop(learner_thread_t *learner, float *averaged, why_t why);

/* Of the agent, new or gone on with; borrowed. */
const agent_config_t *learner_thread_agent(const learner_thread_t *learner);
/* Weight of novelty's reward (training_novelty()). */
double learner_thread_novelty(const learner_thread_t *learner);
bool learner_thread_resumed(const learner_thread_t *learner);

/* ---- frames ---------------------------------------------------------------------------------- */

/* A frame begins. */
void learner_thread_frame(learner_thread_t *learner);
/* Act with the newest weights from now on, if there are newer ones. policy: of
 * learner_thread_agent(); it borrows them, so it must own its weights (policy_own_weights())
 * before the stop. */
bool learner_thread_take(learner_thread_t *learner, policy_t *policy);
/* Share of random actions that goes with the weights that were taken last. */
float learner_thread_epsilon(const learner_thread_t *learner);
/* stream: 0 up to actors.num_actors. obs: (PLAYER_OBS_BYTES), copied. */
void learner_thread_open(learner_thread_t *learner, int32_t stream, const uint8_t *obs);
/* The opened decision closed with this frame; without one nothing happens. obs: what came of it.
 * frames: played since the start. */
void learner_thread_close(learner_thread_t *learner, int32_t stream,
                          const player_outcome_t *outcome, const uint8_t *obs, uint64_t frames);
/* A decision that somebody made who is imitated (training_config_t.has_human): of the last stream.
 * Copied; it counts at once. */
void learner_thread_demonstrate(learner_thread_t *learner, const demonstration_decision_t *decision,
                                uint64_t frames);
/* Open decisions, and those closed in this frame, do not count, and nothing follows from those
 * before. was_undone: a savestate was loaded: the rewards of n-step returns that are not complete
 * are lost, too. */
void learner_thread_break(learner_thread_t *learner, bool was_undone);

/* More decisions wait to be learned from than one of `kata train`'s workers may be ahead. */
bool learner_thread_is_behind(learner_thread_t *learner);

typedef struct {
    uint64_t episodes, decisions, updates; /* of all sessions, as the learner has taken them */
    uint64_t lost;                         /* decisions for which there was no room */
    int32_t demonstrations;                /* that are kept */
    int32_t recent;                        /* episodes that the next two are of, 100 at most */
    float win_rate;                        /* meaningless where the preset tells no winner */
    uint64_t card_updates;                 /* of this session, that a card computed ... */
    float card_share;                      /* ... and of the time since it was opened that took */
} learner_thread_progress_t;
void learner_thread_get_progress(const learner_thread_t *learner,
                                 learner_thread_progress_t *progress);
/* A sentence that was not told yet: a save failed, learning ended, which card is used, or why none
 * is. False: none. */
bool learner_thread_news(learner_thread_t *learner, why_t news);
/* Learning diverged: nothing is learned any more, what was saved stays. */
bool learner_thread_has_failed(const learner_thread_t *learner);

#endif
