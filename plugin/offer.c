/* offer.c - names and bytes of what the frontend handed over. */
#include "offer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void offer_announce(const host_t *host)
{
    static const struct retro_system_content_info_override overrides[] = {
        { .extensions = OFFER_CARTRIDGES, .need_fullpath = false, .persistent_data = false },
        { .extensions = NULL },
    };
    /* The interface takes a writable pointer and does not write. */
    host_environment(host, RETRO_ENVIRONMENT_SET_CONTENT_INFO_OVERRIDE, (void *)overrides);
}

static void set_file(offer_t *offer, const char *path)
{
    /* "games.zip#Kumite.nes": RetroArch's way to name a file in an archive */
    const char *file = path;
    for (const char *at = path; *at; at++)
        if (*at == '/' || *at == '\\' || *at == '#') file = at + 1;
    const char *dot = strrchr(file, '.');
    if (!dot || dot == file) dot = file + strlen(file);

    snprintf(offer->file, sizeof offer->file, "%s", file);
    snprintf(offer->name, sizeof offer->name, "%.*s", (int)(dot - file), file);
    snprintf(offer->extension, sizeof offer->extension, "%s", *dot ? dot + 1 : "");
    for (char *c = offer->extension; *c; c++) *c = (char)tolower((unsigned char)*c);
}

/* The game in an archive, in the archive's place. */
static bool unpack(offer_t *offer, why_t why)
{
    const archive_kind_t kind = archive_look(offer->path, offer->game, why);
    if (kind == ARCHIVE_REFUSED) return false;
    if (kind != ARCHIVE_ONE_GAME) return true;
    size_t num_bytes;
    if (!archive_read(offer->game, &offer->unpacked, &num_bytes, why)) return false;
    offer->path = offer->game;
    offer->bytes = offer->unpacked;
    offer->num_bytes = num_bytes;
    return true;
}

bool offer_from(offer_t *offer, const struct retro_game_info *game, const host_t *host, why_t why)
{
    *offer = (offer_t){ 0 };
    refuse(why, "a game is needed: load one with this core");
    if (!game) return false;
    offer->path = game->path && game->path[0] ? game->path : NULL;
    offer->bytes = game->data;
    offer->num_bytes = game->data ? game->size : 0;
    if (!offer->path && !offer->bytes) return false;
    if (offer->path && !unpack(offer, why)) return false;
    if (offer->path) set_file(offer, offer->path);

    /* Bytes without a path: the frontend may still know what the file was called. */
    const struct retro_game_info_ext *more = NULL;
    if (!offer->extension[0] &&
        host_environment(host, RETRO_ENVIRONMENT_GET_GAME_INFO_EXT, &more) && more && more->name &&
        more->ext) {
        char file[OFFER_TEXT_BYTES];
        snprintf(file, sizeof file, "%s.%s", more->name, more->ext);
        set_file(offer, file);
    }
    if (!offer->file[0]) snprintf(offer->file, sizeof offer->file, "the content");
    return true;
}

void offer_drop(offer_t *offer)
{
    free(offer->unpacked);
    *offer = (offer_t){ 0 };
}
