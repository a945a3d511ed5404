/* import_pack.h - all games of a stable-retro tree in one pass, as a pack: a folder of presets
 * beside a person's own.
 *
 * <packs>/NAME/<system>/<game>.kata.json, and report.txt, which says of each folder what was left
 * out of it, or why it was left out itself. It is written aside and takes its place by one rename.
 *
 * May include: import.h, store.h, builtin.h, files.h. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_IMPORT_PACK_H
#define KATA_PRESETS_IMPORT_PACK_H

#include "import.h"
#include "why.h"

#define PACK_NAME_BYTES 33
#define PACK_REPORT "report.txt"
enum { PACK_MAX_DEPTH = 6, PACK_MAX_FOLDERS = 100000 };

/* 1 to 32 of a-z 0-9 - _, and no - first: it becomes a folder's name. */
bool pack_name_is_valid(const char *name);

typedef struct {
    int32_t num_folders; /* with a data.json; what follows adds up to it */
    int32_t num_stored;
    int32_t num_known;   /* a dump of theirs has a preset in Kata's own library, with more in it */
    int32_t num_twice;   /* another folder gave a preset of that system and game */
    int32_t num_refused; /* told one by one */
    int32_t games_losing[IMPORT_NUM_LOSSES]; /* of those that were stored */
} pack_count_t;

/* Of a folder that was refused: its path below `dir`, and why. */
typedef void pack_tell_t(void *context, const char *folder, const char *why);

/* The folders below `dir` that have a data.json, PACK_MAX_DEPTH deep, links not followed; those
 * below a folder called "stable" first, then in the order of their bytes. False: nothing was
 * stored, and what was there is there; `why` says the reason, *count how far it came. */
bool pack_import(pack_count_t *count, const char *dir, const char *packs, const char *name,
                 pack_tell_t *tell, void *context, why_t why);

#endif
