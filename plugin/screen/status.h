/* status.h - the small line on the screen that says all the time who holds which pad.
 *
 *     P1 agent, P2 you | touch pad 1 to play        (the first ten seconds)
 *     P1 agent, P2 you | Fireball
 *     P1 you, the agent in 3 s, P2 you
 *     the agent is on the way to the fight
 *     P1 learns | 1,240 rounds, 63 % of the last 100
 *
 * It is a status message of libretro (RETRO_MESSAGE_TYPE_STATUS): one line that stands beside the
 * picture and is replaced by the next. Frontends without those are told of changes by session.c
 * alone. It is made of what the player says; it decides nothing.
 */
#ifndef PLUGIN_STATUS_H
#define PLUGIN_STATUS_H

#include <stdint.h>

#include "host.h"
#include "player.h"
#include "preset.h"

#define STATUS_BYTES 64 /* a line of RetroArch's with its NUL */

typedef enum { STATUS_OFF = 0, STATUS_PADS, STATUS_MOVES } status_kind_t;

/* All zero: nothing stands on the screen. */
typedef struct {
    char text[STATUS_BYTES];
    uint32_t frames_left; /* until it is said again */
    int32_t move; /* an action that is shown a while longer than it lasts, from 1; 0: none */
    uint32_t move_frames; /* so long */
    uint32_t hint_frames; /* the hint was shown so long: how a person gets the pad */
} status_t;

/* The line for the frame that was run. progress: of learning, "": nothing is learned; it stands
 * where else a move does. fps: of the core. moves: the move in flight, too. */
void status_line(status_t *status, char text[STATUS_BYTES], const player_t *player,
                 const preset_t *preset, const char *progress, double fps, bool moves);

/* Say the line where it changed, and again before it goes. */
void status_show(status_t *status, const host_t *host, const char text[STATUS_BYTES]);

#endif
