/* opponent.h - who holds the other pad: nobody, somebody who presses anything, random actions, a
 * policy from a file.
 *
 * Two kinds. A masher is asked for a pad word each frame. Random actions and a policy sit at a seat
 * of the player: they are asked for an action when that seat wants one. Loading allocates and reads
 * a file, so it is done between rounds; opponent_pad() and opponent_choose() do neither.
 */
#ifndef PLAYER_OPPONENT_H
#define PLAYER_OPPONENT_H

#include <stdbool.h>
#include <stdint.h>

#include "home.h"
#include "masher.h"
#include "policy.h"
#include "preset.h"
#include "why.h"

/* Who holds the other one of the first two ports. The first three are trainer/game.h's choice. */
typedef enum {
    OPPONENT_NOBODY = 0, /* the game's CPU, or nobody at all */
    OPPONENT_MASHER,
    OPPONENT_SELF, /* actor.h: from round to round the same agent, a past self, the CPU */
    OPPONENT_RANDOM,
    OPPONENT_FILE
} opponent_kind_t;

typedef struct {
    const preset_t *preset; /* borrowed */
    agent_eyes_t eyes;
    float temperature;
    masher_t masher;
    uint64_t random;
    policy_t *policy; /* NULL: random actions */
    char path[HOME_PATH_BYTES];
} opponent_t;

/* eyes: what the player shows, and so what a policy must have been trained to see. temperature: of
 * policy_soft(). */
void opponent_init(opponent_t *opponent, const preset_t *preset, agent_eyes_t eyes,
                   float temperature);
void opponent_end(opponent_t *opponent);
/* A round begins: its random numbers. */
void opponent_seed(opponent_t *opponent, uint64_t seed);
/* Play as this checkpoint from now on; a file that is loaded already is not read again. False: it
 * is damaged, missing, sees something else or has another number of actions; random actions are
 * played then. */
bool opponent_load(opponent_t *opponent, const char *path, why_t why);

/* A masher's pad in the coming frame. */
uint16_t opponent_pad(opponent_t *opponent);
/* The policy's best action, or one about as good where it is warm, or a random one. */
int32_t opponent_choose(opponent_t *opponent, const uint8_t *obs);

#endif
