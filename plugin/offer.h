/* offer.h - what Kata opens, and what the frontend handed over.
 *
 * The list is fixed: retro_get_system_info() is called on a library that was only just opened, many
 * times, so it must not look for cores. It names the formats of consoles for which libretro cores
 * draw in software; whether a core for them is installed is said when a game is loaded.
 */
#ifndef KATA_OFFER_H
#define KATA_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive.h"
#include "host.h"
#include "libretro.h"
#include "why.h"

/* Handed over as bytes (patched, unzipped), although need_fullpath is true for the rest. */
#define OFFER_CARTRIDGES                                                                           \
    "nes|fds|unf|unif|sfc|smc|swc|fig|bs|st|gb|gbc|dmg|sgb|gba|md|gen|smd|bin|68k|sms|gg|sg|32x|"  \
    "pce|sgx|ws|wsc|ngp|ngc|lnx|a26|a78|vb|min|col"
/* Read by the inner core itself. */
#define OFFER_DISCS "cue|ccd|chd|toc|m3u|iso|pbp"
/* Unpacked by us where a console's game is in it, else read by the inner core (archive.h): a
 * frontend that unpacked them would leave an arcade core without its zip. */
#define OFFER_ARCHIVES ARCHIVE_EXTENSIONS
#define OFFER_EXTENSIONS OFFER_CARTRIDGES "|" OFFER_DISCS "|" OFFER_ARCHIVES

#define OFFER_TEXT_BYTES 256

/* Borrowed from the frontend: valid inside retro_load_game() only, which ends with offer_drop(). */
typedef struct {
    const char *path; /* NULL: the frontend has only bytes; "pack.zip#game.nes": in an archive */
    const void *bytes;
    size_t num_bytes;
    char file[OFFER_TEXT_BYTES];      /* "Kumite.nes": for messages and for choosing the core */
    char name[OFFER_TEXT_BYTES];      /* "Kumite" */
    char extension[OFFER_TEXT_BYTES]; /* "nes", lower case */
    char game[ARCHIVE_PATH_BYTES];    /* of an archive that we unpacked, what `path` is */
    uint8_t *unpacked;                /* and what `bytes` are; owned */
} offer_t;

/* For retro_set_environment(): cartridges come as bytes. */
void offer_announce(const host_t *host);

/* False: there is no content in it, or it is an archive that cannot be unpacked; why says which. */
bool offer_from(offer_t *offer, const struct retro_game_info *game, const host_t *host, why_t why);
void offer_drop(offer_t *offer);

#endif
