/* crew.h - many games at once, each in a worker process, seen as decisions.
 *
 * One member is one worker: a bridge, a core, a player. The parent posts an action, goes on
 * learning, and collects the outcome and the next observation from shared memory. A member whose
 * core crashes is reported and started again from its boot script.
 *
 *     crew_t *crew;
 *     crew_start(&crew, &config, why);
 *     crew_reset(crew, m); ... crew_collect(crew, m, &turn, why)   the first observation
 *     crew_act(crew, m, action); learn(); crew_collect(crew, m, &turn, why);
 */
#ifndef KATA_CREW_H
#define KATA_CREW_H

#include <stdbool.h>
#include <stdint.h>

#include "player.h"
#include "why.h"

#define CREW_PICTURE_MAX_PX (640 * 512) /* largest picture a member hands over */

typedef struct crew crew_t;

typedef struct {
    const char *core_path;
    const char *content_path;
    const preset_t *preset; /* borrowed */
    int32_t start;          /* boot script */
    uint32_t port;          /* the agent's, from 0 */
    bool against_masher;    /* masher.h plays on the other one of the first two ports */
    int32_t num_members;
    float discount_per_step;
    int32_t min_idle_frames, max_idle_frames; /* player.h */
    float sticky_probability;
    float novelty;          /* weight of novelty.h's reward, 0: none; NAN: the preset's */
    int32_t frame_limit_ms; /* a member silent for so long is killed and restarted; 0: 20,000 */
    uint64_t seed;          /* member m uses seed + m */
} crew_config_t;

typedef struct {
    bool crashed;     /* restarted: drop the open decision; the observation is a new episode's */
    bool has_outcome; /* false after crew_reset() and after a crash */
    player_outcome_t outcome;
    const uint8_t
        *obs; /* (C, H, W): where the next action is chosen; shared memory, until the next act */
    const uint8_t
        *final_obs; /* with outcome.terminal or .truncated: the last observation of the episode */
} crew_turn_t;

/* Starts the processes and their boots in parallel; false if any member cannot be started (`why` is
 * the member's own sentence). */
bool crew_start(crew_t **out, const crew_config_t *config, why_t why);
void crew_stop(crew_t *crew); /* NULL is fine */

/* Ask member to start a new episode, or to play `action`. After an episode's end the member resets
 * itself: obs is already the next episode's. */
void crew_reset(crew_t *crew, int32_t member);
void crew_act(crew_t *crew, int32_t member, int32_t action);
/* Also hand over a picture of the frame at the decision's end, from the next act on. */
void crew_want_pictures(crew_t *crew, int32_t member, bool want);

/* Wait for what was asked. False: the member died and could not be started again. turn->crashed
 * with `why` filled: it died and runs again. */
bool crew_collect(crew_t *crew, int32_t member, crew_turn_t *turn, why_t why);

/* RGB of the last picture, 3 bytes a pixel, rows without gaps; NULL if none. Borrowed until the
 * next act. */
const uint8_t *crew_picture(crew_t *crew, int32_t member, int32_t *width_px, int32_t *height_px);

uint32_t crew_crashes(const crew_t *crew);
uint64_t crew_frames(const crew_t *crew); /* emulated by all members */

#endif
