/* archive.h - games in .zip and .7z files.
 *
 * An archive with one console's game in it is that game: its hashes, its name and its core are the
 * game's. A zip without one (an arcade set, whose core opens the zip itself) is content as it is.
 * Which of the two it is depends on the names in it alone, not on the cores that are installed, so
 * that a game is the same everywhere. A file in an archive is named as RetroArch does,
 * "/roms/pack.zip#folder/game.nes". Archives come from others: sizes are bounded, no name in one
 * becomes a path on the disk.
 *
 * .zip is read with libzip; .7z with libarchive.so.13 where that is installed.
 */
#ifndef CORE_BRIDGE_ARCHIVE_H
#define CORE_BRIDGE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define ARCHIVE_PATH_BYTES 4096
#define ARCHIVE_MAX_GAME_BYTES ((size_t)256 << 20)
#define ARCHIVE_EXTENSIONS "zip|7z"

typedef enum {
    ARCHIVE_NONE = 0, /* the path's extension is none of ARCHIVE_EXTENSIONS */
    ARCHIVE_ONE_GAME, /* `game` is its path */
    ARCHIVE_NO_GAME,  /* no console's game: content for a core that opens archives */
    ARCHIVE_REFUSED   /* why: several games, or damaged */
} archive_kind_t;

/* What is in the file at `path`. */
archive_kind_t archive_look(const char *path, char game[ARCHIVE_PATH_BYTES], why_t why);

/* How much of "/roms/pack.zip#game.nes" is the archive's own path, of a file that is there; 0: the
 * path names a file of the disk, or nothing. */
size_t archive_path_length(const char *path);

/* The bytes of "/roms/pack.zip#game.nes", freed by the caller. False: *bytes is NULL. */
bool archive_read(const char *path, uint8_t **bytes, size_t *num_bytes, why_t why);

#endif
