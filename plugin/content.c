/* content.c - names and bytes of what the frontend handed over. */
#include "content.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool content_list_has(const char *list, const char *word, size_t length)
{
    while (*list) {
        const size_t here = strcspn(list, "|");
        if (here == length && length > 0 && strncasecmp(list, word, length) == 0) return true;
        list += here;
        list += *list == '|';
    }
    return false;
}

void content_announce(const host_t *host)
{
    static const struct retro_system_content_info_override overrides[] = {
        { .extensions = CONTENT_CARTRIDGES, .need_fullpath = false, .persistent_data = false },
        { .extensions = NULL },
    };
    /* The interface takes a writable pointer and does not write. */
    host_environment(host, RETRO_ENVIRONMENT_SET_CONTENT_INFO_OVERRIDE, (void *)overrides);
}

static void set_file(content_t *content, const char *path)
{
    /* "games.zip#Kumite.nes": RetroArch's way to name a file in an archive */
    const char *file = path;
    for (const char *at = path; *at; at++)
        if (*at == '/' || *at == '\\' || *at == '#') file = at + 1;
    const char *dot = strrchr(file, '.');
    if (!dot || dot == file) dot = file + strlen(file);

    snprintf(content->file, sizeof content->file, "%s", file);
    snprintf(content->name, sizeof content->name, "%.*s", (int)(dot - file), file);
    snprintf(content->extension, sizeof content->extension, "%s", *dot ? dot + 1 : "");
    for (char *c = content->extension; *c; c++) *c = (char)tolower((unsigned char)*c);
}

bool content_from(content_t *content, const struct retro_game_info *game, const host_t *host)
{
    *content = (content_t){ 0 };
    if (!game) return false;
    content->path = game->path && game->path[0] ? game->path : NULL;
    content->bytes = game->data;
    content->num_bytes = game->data ? game->size : 0;
    if (!content->path && !content->bytes) return false;
    if (content->path) set_file(content, content->path);

    /* Bytes without a path: the frontend may still know what the file was called. */
    const struct retro_game_info_ext *more = NULL;
    if (!content->extension[0] &&
        host_environment(host, RETRO_ENVIRONMENT_GET_GAME_INFO_EXT, &more) && more && more->name &&
        more->ext) {
        char file[CONTENT_TEXT_BYTES];
        snprintf(file, sizeof file, "%s.%s", more->name, more->ext);
        set_file(content, file);
    }
    if (!content->file[0]) snprintf(content->file, sizeof content->file, "the content");
    return true;
}
