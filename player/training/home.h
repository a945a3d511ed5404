/* home.h - where Kata keeps what it knows of a game.
 *
 * <home>/<system>-<sha1>/ holds preset.json, agent.safetensors, train.state and log.jsonl.
 * Homes, in this order: "kata" in the frontend's save directory, else in one of the three folders
 * above it (RetroArch sorts saves into folders by core and content, and a netplay client saves in
 * ".netplay"); KATA_HOME; XDG_DATA_HOME/kata, or ~/.local/share/kata. The first that holds the
 * game's folder is read; kata writes to KATA_HOME or the XDG home, the plugin to where it found the
 * game.
 */
#ifndef KATA_HOME_H
#define KATA_HOME_H

#include <stdbool.h>
#include <stddef.h>

#include "why.h"

#define HOME_PATH_BYTES 4096

/* dir/name; false: too long a path. */
bool home_join(char path[HOME_PATH_BYTES], const char *dir, const char *name, why_t why);

/* The home that the trainer writes to: KATA_HOME, else XDG. False if neither can be known. */
bool home_for_writing(char path[HOME_PATH_BYTES], why_t why);

/* Where what can be made again is kept: KATA_HOME/cache, else $XDG_CACHE_HOME/kata or
 * ~/.cache/kata. False if none can be known: there is no cache then. */
bool home_for_cache(char path[HOME_PATH_BYTES]);

/* <home>/<system>-<sha1>; the folder need not exist. */
bool home_game_dir(char path[HOME_PATH_BYTES], const char *home, const char *system,
                   const char *sha1, why_t why);

/* The homes in their order; save_dir: the frontend's, or NULL. A home need not exist. False from
 * `visit` ends it, and is returned. */
typedef bool home_visit_t(void *context, const char *home);
bool home_visit(const char *save_dir, home_visit_t *visit, void *context);
/* Those in the frontend's save directory alone. */
bool home_visit_saves(const char *save_dir, home_visit_t *visit, void *context);

/* The first existing game folder that holds agent.safetensors. save_dir: the frontend's, or NULL.
 */
bool home_find_agent(char game_dir[HOME_PATH_BYTES], const char *save_dir, const char *system,
                     const char *sha1);

/* ':'-separated folders where presets are looked for: KATA_PRESET_PATH, <home>/presets, the packs
 * of the home that the trainer writes to, beside the given program or library (../presets/library,
 * presets/library), /usr/local/share/kata/presets, /usr/share/kata/presets. */
void home_preset_dirs(char *out, size_t out_bytes, const char *near_path, const char *save_dir);

#endif
