/* firmware.c - see firmware.h. */
#include "firmware.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "info_value.h"
#include "why.h"

enum { MOST_FILES = 64, NAME_BYTES = 128, PATH_BYTES = 2048, AT_MOST_NAMED = 3 };

static int32_t num_files(const char *info)
{
    char text[16] = "0";
    if (info) info_value(info, "firmware_count", text, sizeof text);
    const long count = strtol(text, NULL, 10);
    return count < 0 ? 0 : count > MOST_FILES ? MOST_FILES : (int32_t)count;
}

/* False: the .info does not say which. */
static bool read_file(const char *info, int32_t i, char name[NAME_BYTES], bool *is_needed)
{
    char key[32], optional[16] = "";
    name[0] = '\0';
    snprintf(key, sizeof key, "firmware%d_path", (int)i);
    info_value(info, key, name, NAME_BYTES);
    snprintf(key, sizeof key, "firmware%d_opt", (int)i);
    info_value(info, key, optional, sizeof optional);
    *is_needed = strcasecmp(optional, "true") != 0;
    why_one_line(name);
    return name[0] != '\0';
}

static bool is_there(const char *dir, const char *name)
{
    char path[PATH_BYTES];
    struct stat status;
    return snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path &&
           stat(path, &status) == 0;
}

int32_t firmware_missing(const char *info, const char *system_dir, firmware_kind_t kind,
                         char names[FIRMWARE_TEXT_BYTES])
{
    int32_t missing = 0;
    size_t used = 0;
    names[0] = '\0';
    for (int32_t i = 0; i < num_files(info); i++) {
        char name[NAME_BYTES];
        bool is_needed;
        if (!read_file(info, i, name, &is_needed) || (kind == FIRMWARE_NEEDED && !is_needed) ||
            is_there(system_dir, name))
            continue;
        if (missing++ < AT_MOST_NAMED)
            used += (size_t)snprintf(names + used, FIRMWARE_TEXT_BYTES - used, "%s%.60s",
                                     used ? ", " : "", name);
    }
    if (missing > AT_MOST_NAMED)
        snprintf(names + used, FIRMWARE_TEXT_BYTES - used, " and %d more", missing - AT_MOST_NAMED);
    return missing;
}

bool firmware_is_in(const char *info, const char *dir)
{
    for (int32_t i = 0; i < num_files(info); i++) {
        char name[NAME_BYTES];
        bool is_needed;
        if (read_file(info, i, name, &is_needed) && is_there(dir, name)) return true;
    }
    return false;
}
