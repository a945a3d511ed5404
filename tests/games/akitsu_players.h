/* akitsu_players.h - simple players of Akitsu, to measure the game with. A player looks at the
 * game's RAM and says which buttons it holds in the next frame. Same seed, same RAM: same buttons.
 */
#ifndef AKITSU_PLAYERS_H
#define AKITSU_PLAYERS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    PLAYER_RANDOM_PADS,    /* any direction, button or not, for 8 frames each */
    PLAYER_RANDOM_ACTIONS, /* any action of the preset: half of them are its macros */
    PLAYER_PLAIN,          /* aims, evades pellets, taps the button */
    PLAYER_CHARGER,        /* aims, evades, holds the button and lets go */
    PLAYER_LANCER,         /* aims, evades, 236 and the button, at everything */
    PLAYER_SCRIPTED,       /* aims, evades, has a sequence for each kind, dashes out of beams */
    NUM_PLAYERS
} player_kind_t;

typedef struct {
    player_kind_t kind;
    uint32_t seed;
    uint8_t queue[64]; /* pads to hold, one a frame */
    int queue_at, queue_frames;
    int was_x[3], was_frames; /* where the enemies were */
    int speed_x[3];           /* points in 16 frames */
} akitsu_player_t;

extern const char *const akitsu_player_names[NUM_PLAYERS];
void akitsu_player_init(akitsu_player_t *player, player_kind_t kind, uint32_t seed);
uint8_t akitsu_player_pad(akitsu_player_t *player, const uint8_t *ram);

/* Power-on to the first frame of a round at this level; idle_frames: waited on the title. False if
 * it did not come about. */
bool akitsu_boot(int level, int idle_frames);
/* From there to the end of the round; its frames. */
int akitsu_play_round(akitsu_player_t *player);

#endif
