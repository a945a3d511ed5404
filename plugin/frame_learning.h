/* frame_learning.h - kata_mode "learn": the agent learns from the frames that are played here.
 *
 * The learner has a thread of its own (player/training/learner_thread.h); this is what a session
 * does for it: it begins and ends learning, says which decisions count, exchanges weights between
 * two rounds, and counts the frames that fit into one of the frontend's (kata_learn_speed). Where
 * nothing is learned here, a newer checkpoint of `kata train` or another strength is taken between
 * two rounds, or before the next one's first decision (newer_agent.h).
 *
 * What is explored is drawn from the player's random state, and the weights of a round stay: a
 * round replays exactly from each savestate that was taken in it.
 *
 * A stream of decisions belongs to each of the agent's pads, in their order, so that the replay
 * memory is shared out among as many as play.
 */
#ifndef PLUGIN_FRAME_LEARNING_H
#define PLUGIN_FRAME_LEARNING_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"
#include "learner_thread.h"
#include "newer_agent.h"
#include "player.h"
#include "why.h"

#define LEARNING_TEXT_BYTES 80

typedef enum { LEARNING_SPEED_1 = 0, LEARNING_SPEED_4, LEARNING_SPEED_MAX } learning_speed_t;

/* All zero: nothing is learned. */
typedef struct {
    learner_thread_t *learner;  /* NULL: nothing is learned here */
    demonstration_t *human;     /* who is imitated, has the learner's last stream; NULL: nobody */
    uint64_t updates_before;    /* of earlier sessions */
    demonstration_frame_t seen; /* of the frame under way */
    bool sees;
    newer_agent_t *newer;   /* NULL: nobody is waited for */
    int32_t num_streams;    /* of decisions: the agent's pads when learning began */
    bool is_between_rounds; /* a round ended and none was begun; with a learner: it ended in the
                             * frame before, or nothing was played yet */
    bool is_held_back;      /* a human plays: it was said that the speed is 1x */
    uint32_t quiet_frames;  /* since a human pressed anything, at most a few seconds */
    double frame_seconds;   /* a frame beside those that are shown takes so long at most */
    bool has_newer;         /* newer weights were taken, which is to be said ... */
    bool has_strength;      /* ... and they are another strength's */
} frame_learning_t;

/* ---- frames ---------------------------------------------------------------------------------- */

/* Before each frame of the inner core: what the one before brought counts; between two rounds the
 * newest weights are taken. True: policy acts with other weights than before; mind: whose they
 * are, strength which (as before, but where a wish was answered). */
bool frame_learning_begin(frame_learning_t *learning, policy_t *policy, player_mind_t *mind,
                          league_strength_t *strength);
/* A decision of the agent's begins: weights stay until the round is over. */
void frame_learning_decided(frame_learning_t *learning);
/* The action for port's next decision, which is learned from. */
int32_t frame_learning_choose(frame_learning_t *learning, player_t *player, policy_t *policy,
                              uint32_t port);
/* kata_mode watch, before the frame: pad is what the human holds on port. */
void frame_learning_watch(frame_learning_t *learning, player_t *player, const preset_t *preset,
                          uint32_t port, uint16_t pad);
/* After the frame: is_hidden: it does not count. */
void frame_learning_note(frame_learning_t *learning, player_t *player, const player_news_t *news,
                         bool is_hidden);
/* A savestate was loaded, or the console was reset. */
void frame_learning_jumped(frame_learning_t *learning, bool was_undone);

/* How many frames of the inner core fit into this one beside the one that is shown. touched: pads
 * that a human presses. */
typedef struct {
    double began_at; /* seconds */
    int32_t most, done;
} frame_learning_burst_t;
frame_learning_burst_t frame_learning_burst(frame_learning_t *learning, const host_t *host,
                                            learning_speed_t speed, uint32_t touched);
/* True: another hidden one fits. */
bool frame_learning_burst_goes_on(frame_learning_t *learning, frame_learning_burst_t *burst);

/* "1,240 rounds, 63 % of the last 100"; has_winner: the preset tells who won. */
void frame_learning_line(const frame_learning_t *learning, char text[LEARNING_TEXT_BYTES],
                         bool has_winner);
/* What the learner has to say, and which weights were taken. strength: that plays now. */
void frame_learning_tell(frame_learning_t *learning, const host_t *host,
                         league_strength_t strength);

#endif
