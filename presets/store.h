/* store.h - presets in folders: listing, storing what others sent, and describing it before.
 *
 * May include: preset.h, files.h. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_STORE_H
#define KATA_PRESETS_STORE_H

#include "preset.h"
#include "why.h"

/* Called for each *.kata.json: preset is NULL, and why says the reason, if it is broken. The
 * preset is borrowed for the call. False stops the walk. */
typedef bool preset_visit_t(void *context, const char *path, preset_t *preset, const char *why);

/* The ':'-separated folders in their order, two levels deep, names in the order of their bytes. */
void preset_walk(const char *dirs, preset_visit_t *visit, void *context);

/* <game>.kata.json, whatever its game is called: nothing in it leaves the folder or hides. */
#define PRESET_STORE_NAME_BYTES (PRESET_NAME_BYTES + 16)
void preset_store_name(const preset_t *preset, char name[PRESET_STORE_NAME_BYTES]);

/* Where a preset belongs under `dir`: <dir>/<system>/<game>.kata.json, whatever its game is called.
 * False: the path would be too long. */
bool preset_store_path(const preset_t *preset, const char *dir, char path[4096]);

/* Save it there, as it was written. An existing file is replaced only if `replace`; it then stays
 * until the new one is whole. */
bool preset_store(const preset_t *preset, const char *dir, bool replace, char path[4096],
                  why_t why);

/* What is in it, for a person who decides whether to keep it: game, dumps, pad, actions with their
 * frames, variables, reward, ends, starts, similarity, who made it from what, warnings. Freed by
 * the caller; NULL: no memory. */
char *preset_describe(const preset_t *preset);

/* What a careful reviewer would say of a preset that loads: no reward, no end, no start, actions
 * that are the same, variables that nothing reads ... A line each, "" if nothing. Freed by the
 * caller; NULL: no memory. */
char *preset_advice(const preset_t *preset);

#endif
