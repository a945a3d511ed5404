/* training_folder.h - from a training's folder to its game: what `kata report` and `kata play
 * --record` need to let its agent play.
 *
 * The folder's session.json says which content, core and start; it may be anybody's, so a core is
 * looked up by its name among those installed, never opened by a path of that file.
 */
#ifndef TRAINER_TRAINING_FOLDER_H
#define TRAINER_TRAINING_FOLDER_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "fight.h"
#include "game.h"
#include "why.h"

/* named: a training's folder, which becomes `dir` as it is; or a game, whose folder is looked up as
 * `kata eval` looks for its agent. False: it is neither, or what keeps the game from being known.
 */
bool training_folder_find(char dir[HOME_PATH_BYTES], const char *named, why_t why);
/* session: of the folder, or NULL. rom, core: NULL, what session.json names. False: `why` says what
 * is missing. */
bool training_folder_open(game_t *game, const char *dir, const cJSON *session, const char *rom,
                          const char *core, why_t why);
/* A fight of the folder's agent in that game: core, content, start, pads and variation of an
 * evaluation; rounds, watch and progress are left to the caller. What it points to lies in `game`,
 * `actors` and `path`. */
fight_request_t training_folder_fight(const game_t *game, actor_config_t *actor, int64_t seed,
                                      char path[HOME_PATH_BYTES + 32]);

#endif
