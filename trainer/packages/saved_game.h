/* saved_game.h - from a word on the command line to what was saved of a game: for the commands that
 * send it.
 *
 * ROM: the folder of its agent, else the preset of the library. GAME: a game's name, the same two.
 * FILE: a preset, or a folder that `kata train --dir` saved in.
 */
#ifndef TRAINER_SAVED_GAME_H
#define TRAINER_SAVED_GAME_H

#include "home.h"

typedef struct {
    char preset_path[HOME_PATH_BYTES];
    char dir[HOME_PATH_BYTES]; /* the game's folder; "": nothing was saved, the preset is known */
    char system[32], sha1[41]; /* which game it is; "": nobody said */
} saved_game_t;

/* An exit status; what was not found is said. */
int saved_game_find(saved_game_t *saved, const char *word);

#endif
