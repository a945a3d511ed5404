/* player_state.h - everything that decides what Kata does next, in one struct, and its bytes
 * behind the inner core's savestate.
 *
 * A savestate of Kata is
 *
 *     inner bytes    what the inner core alone would have written, first and whole
 *     zeros          if the frontend's buffer has room left
 *     trailer        blocks, then the footer; its end is the buffer's end (zeros behind it, of a
 *                    buffer that has grown, are not looked at)
 *
 * Each block is a tag (4 letters), its payload's length (uint32) and the payload; numbers are
 * little-endian. The tags and the members of each block are the tables below and those of holder.h
 * and boot_script.h:
 *
 *     "EYES"    what the player saw and draws by: pictures, variables, random state, place in the
 *               step
 *     "WISH"    what its owner wants                 } holder.h
 *     "PADS"    which pads humans hold, how long yet }
 *     "WAY "    since when no fight is on            }
 *     "BOOT"    the start script (boot_script.h)
 *     "MIND"    whose decisions they are: weights and preset, by their digests
 *     "LATE"    the pictures before those, and pads, for agents that react late (reaction.h)
 *     "SEA0" .. "SEA7"   the agent's seat at each port: macro in flight, place in it, episode
 *
 * The footer, 32 bytes: inner bytes (uint64), bytes of the trailer with the footer (uint32), zero
 * (uint32), checksum of the trailer before these 16 last bytes (uint64), "KATASTAT".
 *
 * Reading. No footer at the buffer's end, a wrong length or checksum: there is no trailer, the
 * state is the inner core's alone. Older trailers ("KATATAIL") are such states. Blocks with unknown
 * tags are skipped. A block that is shorter than ours leaves the members that it lacks as they are
 * at rest, a longer one's rest is not looked at. Without "EYES" there is nothing to go on from: no
 * trailer. Without "WISH" the wishes stay as they are; without "LATE" earlier pictures are black;
 * without "PADS" no human has a pad; without "BOOT" no script runs; without a seat's block no macro
 * is in flight there. "MIND" changes nothing: player_state_mind() tells whoever wants to know
 * (netplay, the second of two instances) before the state is loaded. A number out of its range, or
 * a tag that comes twice: no trailer. In each of these cases nothing was changed.
 */
#ifndef PLAYER_STATE_H
#define PLAYER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "holder.h"
#include "preset.h"
#include "state_fields.h"

/* Grayscale pictures of the observation, (C, H, W), newest last. */
#define PLAYER_OBS_STACK 4
#define PLAYER_OBS_HEIGHT_PX 84
#define PLAYER_OBS_WIDTH_PX 84
#define PLAYER_PICTURE_BYTES (PLAYER_OBS_HEIGHT_PX * PLAYER_OBS_WIDTH_PX)
#define PLAYER_OBS_BYTES (PLAYER_OBS_STACK * PLAYER_PICTURE_BYTES)

/* What an agent sees at most: beside each picture the numbers of the preset's `observe`, as halves
 * (agent_config.h). */
#define PLAYER_LOOK_MOST_BYTES (PLAYER_PICTURE_BYTES + PRESET_MAX_OBSERVED * 2)
#define PLAYER_OBS_MOST_BYTES (PLAYER_OBS_STACK * PLAYER_LOOK_MOST_BYTES)

#define PLAYER_MAX_PORTS BRIDGE_MAX_PORTS

/* `limits`: a player_state_limits_t, see there. */
#define PLAYER_EYES_FIELDS(NUMBER, ARRAY)                                                          \
    NUMBER(uint64_t, actions_digest, limits->actions_digest, limits->actions_digest)               \
    NUMBER(uint64_t, random, STATE_ANY) /* splitmix.h */                                           \
    NUMBER(int32_t, frame_in_step, 0, limits->frame_skip - 1)                                      \
    NUMBER(uint16_t, newest, 0, PLAYER_OBS_STACK - 1) /* index in ring */                          \
    NUMBER(uint16_t, repeats, 0, 1)                   /* the core has left out a picture before */ \
    ARRAY(uint8_t, first_picture, PLAYER_PICTURE_BYTES, STATE_ANY) /* last but one of a step */    \
    ARRAY(uint8_t, last_picture, PLAYER_PICTURE_BYTES, STATE_ANY)  /* what the screen shows */     \
    ARRAY(uint8_t, ring, PLAYER_OBS_BYTES, STATE_ANY)                                              \
    /* All variables, at each picture of the ring. */                                              \
    ARRAY(int64_t, values, PLAYER_OBS_STACK *PRESET_MAX_VARIABLES, STATE_ANY)

/* Steps before the ring's. pads: what was held at any time in each of a port's HOLDER_MAX_DELAY
 * last steps, the newest first. */
#define PLAYER_LATE_FIELDS(NUMBER, ARRAY)                                                          \
    NUMBER(uint64_t, newest, 0, HOLDER_MAX_DELAY - 1) /* index in pictures and values */           \
    ARRAY(int64_t, values, HOLDER_MAX_DELAY *PRESET_MAX_VARIABLES, STATE_ANY)                      \
    ARRAY(uint16_t, pads, PLAYER_MAX_PORTS *HOLDER_MAX_DELAY, STATE_ANY)                           \
    ARRAY(uint8_t, pictures, HOLDER_MAX_DELAY *PLAYER_PICTURE_BYTES, STATE_ANY)

/* One port. action -1: no macro in flight. */
#define PLAYER_SEAT_FIELDS(NUMBER, ARRAY)                                                          \
    NUMBER(int32_t, action, -1, limits->num_actions - 1)                                           \
    NUMBER(int32_t, frame_in_macro, 0, 1 << 16) /* frames of the action played */                  \
    NUMBER(int32_t, episode_steps, 0, INT32_MAX)                                                   \
    NUMBER(uint16_t, step_pad, STATE_ANY)  /* last pad of the step before */                       \
    NUMBER(uint16_t, pad, STATE_ANY)       /* of the last frame */                                 \
    NUMBER(uint8_t, faces_left, 0, 1)      /* fixed when the action began */                       \
    NUMBER(uint8_t, was_done, 0, 1)        /* `done` held on the last frame: it counts once */     \
    NUMBER(uint16_t, keeps_step_pad, 0, 1) /* sticky: this step repeats the pad before it */       \
    NUMBER(uint32_t, step_buttons, 0, UINT16_MAX) /* held at any time in this step */

/* What decides a frame and is too large to travel. All zero: unknown. */
#define PLAYER_MIND_FIELDS(NUMBER, ARRAY)                                                          \
    NUMBER(uint64_t, weights, STATE_ANY) /* of their SHA-256 the first 8 bytes */                  \
    NUMBER(uint64_t, preset, STATE_ANY)  /* of preset_hash() */

typedef struct {
    PLAYER_MIND_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} player_mind_t;
STATE_ASSERT_WHOLE(player_mind_t, PLAYER_MIND_FIELDS);

typedef struct {
    PLAYER_EYES_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} player_eyes_t;
STATE_ASSERT_WHOLE(player_eyes_t, PLAYER_EYES_FIELDS);

typedef struct {
    PLAYER_LATE_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} player_late_t;
STATE_ASSERT_WHOLE(player_late_t, PLAYER_LATE_FIELDS);

typedef struct {
    PLAYER_SEAT_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} player_seat_t;
STATE_ASSERT_WHOLE(player_seat_t, PLAYER_SEAT_FIELDS);

typedef struct {
    player_eyes_t eyes;
    holder_t holder;
    player_late_t late;
    player_mind_t mind;
    player_seat_t seats[PLAYER_MAX_PORTS];
} player_state_t;
_Static_assert(sizeof(player_state_t) ==
                   sizeof(player_eyes_t) + sizeof(holder_wish_t) + sizeof(holder_touch_t) +
                       sizeof(holder_way_t) + sizeof(boot_script_t) + sizeof(player_mind_t) +
                       sizeof(player_late_t) + PLAYER_MAX_PORTS * sizeof(player_seat_t),
               "each part of the state is one of the blocks");

/* What a state must fit. The digest is over what action numbers mean: a state of other actions is
 * none of ours. */
typedef struct {
    const preset_t *preset;
    uint64_t actions_digest;
    int32_t num_actions;
    int32_t frame_skip;
} player_state_limits_t;

void player_state_limits(player_state_limits_t *limits, const preset_t *preset);

/* Nothing in flight, nobody holds anything, black pictures. */
void player_state_init(player_state_t *state, const player_state_limits_t *limits);

/* Frames of an action: a primitive's are one step's. */
int32_t player_action_frames(const preset_t *preset, int32_t action);

/* Bytes of the trailer: the same for every state. */
size_t player_state_bytes(void);
/* bytes: player_state_bytes() of them, the end of a savestate whose first inner_bytes are the inner
 * core's. */
void player_state_write(const player_state_t *state, size_t inner_bytes, uint8_t *bytes);

/* The inner core's part of a savestate; 0: it has no trailer. */
size_t player_state_inner_bytes(const uint8_t *savestate, size_t num_bytes);
/* Whose decisions a savestate holds; false: it does not say. */
bool player_state_mind(const uint8_t *savestate, size_t num_bytes, player_mind_t *mind);
/* False: no trailer, or none that fits; state is then half read. Set it as it is at rest, with the
 * wishes that stay where none are in the trailer, before. */
bool player_state_read(player_state_t *state, const player_state_limits_t *limits,
                       const uint8_t *savestate, size_t num_bytes);

#endif
