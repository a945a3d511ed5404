/* preset_file.h - what the `kata preset` commands share: saving what they made, walking the
 * library, what every preset is in JSON.
 */
#ifndef TRAINER_PRESET_FILE_H
#define TRAINER_PRESET_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "preset.h"
#include "store.h"

/* Save the text at `path`, whole or not at all, and say so. A file that is there already is
 * replaced only if `replace`. Returns an exit status. */
int preset_file_save(const char *path, const char *text, size_t num_bytes, bool replace);

/* The bytes themselves to stdout; on a terminal with a line's end behind them. */
void preset_file_print(const char *text, size_t num_bytes);

/* Lines, each behind `before`. */
void preset_file_print_lines(const char *before, const char *lines);

/* What each --json begins with: path, game, system, hash. */
void preset_file_add_identity(cJSON *object, const char *path, const preset_t *preset);
/* A list of texts, one a line of `lines`. */
void preset_file_add_lines(cJSON *object, const char *key, const char *lines);
/* The list "warnings". */
void preset_file_add_warnings(cJSON *object, const preset_t *preset);

/* The files of all folders where presets are looked for, each once, under its real path. The first
 * that matches a game is the one that is used. */
void preset_file_walk(preset_visit_t *visit, void *context);

#endif
