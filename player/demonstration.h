/* demonstration.h - what a human's pads mean as decisions of an agent: transitions to learn from
 * (Hester et al. 2018: Deep Q-learning from Demonstrations).
 *
 *     for each frame that counts:
 *         demonstration_frame(demo, &frame);
 *         while (demonstration_next(demo, &decision)) learn(&decision);
 *     whenever the course is interrupted: demonstration_break(demo);
 *
 * The rule. Decisions begin at the agent's steps. At a step's beginning the human is said to have
 * played the macro whose steps his pads follow from one of this step's frames on:
 *   - a step of the macro is followed where exactly its buttons are held: of a short one (below 10
 *     frames) 1 frame to 8 more than it lasts, of a long one (a charge) four fifths to twice of it,
 *     of the last one at least 1 frame;
 *   - before it up to 8 frames are passed over in which its direction is held and not yet all of
 *     its buttons (people press after the motion);
 *   - neutral frames at a macro's end need not be followed;
 *   - a button that is down before the macro begins is not pressed by its first step.
 * Of several the one with the most steps counts, then the one that took the most frames. It lasts
 * as long as the human took, in whole steps. If none is followed, it is one step of the primitive
 * nearest to the pads: the fewest buttons that differ, summed over the step's frames.
 *
 * So a decision is known only when the game's longest action could have ended: demonstration_next()
 * is that late. Buttons that no action presses are not looked at.
 *
 * Nothing but demonstration_create() allocates. May include: preset.h, player.h.
 */
#ifndef PLAYER_DEMONSTRATION_H
#define PLAYER_DEMONSTRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "player.h"
#include "preset.h"

enum { DEMONSTRATION_STEPS = 48 }; /* that an action may take */

typedef struct demonstration demonstration_t;

typedef struct {
    const preset_t *preset; /* borrowed */
    float discount_per_step;
    size_t obs_bytes;
} demonstration_config_t;

/* NULL: no memory. */
demonstration_t *demonstration_create(const demonstration_config_t *config);
void demonstration_destroy(demonstration_t *demo); /* NULL is fine */

/* One frame that was played. */
typedef struct {
    const uint8_t *obs; /* before a step's first frame what the agent would have seen; else NULL */
    uint32_t port;      /* the human's; another one than before breaks the course */
    uint16_t pad;       /* as it was held in this frame */
    bool faces_left;    /* before it */
    float reward;       /* of this frame, scaled */
    bool ended;         /* the episode ended with it ... */
    preset_result_t result; /* ... so */
} demonstration_frame_t;
/* Frames before the first with obs are passed over. */
void demonstration_frame(demonstration_t *demo, const demonstration_frame_t *frame);

typedef struct {
    bool begins; /* `before` is not what the last decision left */
    player_outcome_t outcome;
    const uint8_t *before; /* (obs_bytes), borrowed until the next call */
    const uint8_t *after;  /* the same; `before` where the episode ended */
} demonstration_decision_t;
/* False: none is known yet. */
bool demonstration_next(demonstration_t *demo, demonstration_decision_t *decision);

/* What is not known yet is forgotten: a state was loaded, or the fight was left. */
void demonstration_break(demonstration_t *demo);

#endif
