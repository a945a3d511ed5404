/* kept_strength.c - see kept_strength.h. */
#include "kept_strength.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "home.h"

enum { MAX_BYTES = 64 };

static bool path_of(char path[HOME_PATH_BYTES], const char *dir)
{
    return snprintf(path, HOME_PATH_BYTES, "%s/auto_strength", dir) < HOME_PATH_BYTES;
}

league_strength_t kept_strength(const char *dir)
{
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    league_strength_t kept = LEAGUE_NORMAL;
    if (!path_of(path, dir) || !files_read(path, MAX_BYTES, &bytes, &num_bytes, NULL)) return kept;
    if (num_bytes > 0 && bytes[num_bytes - 1] == '\n') num_bytes--;
    for (int32_t s = 0; s < LEAGUE_NUM_STRENGTHS; s++)
        if (strlen(league_strength_names[s]) == num_bytes &&
            memcmp(bytes, league_strength_names[s], num_bytes) == 0)
            kept = (league_strength_t)s;
    free(bytes);
    return kept;
}

bool kept_strength_save(const char *dir, league_strength_t strength, why_t why)
{
    char path[HOME_PATH_BYTES], text[MAX_BYTES];
    if (kept_strength(dir) == strength) return true;
    if (!path_of(path, dir)) return refuse(why, "the name of %.200s... is too long", dir);
    const int length = snprintf(text, sizeof text, "%s\n", league_strength_names[strength]);
    return files_replace(path, text, (size_t)length, why);
}
