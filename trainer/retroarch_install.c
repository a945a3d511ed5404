/* retroarch_install.c - see retroarch_install.h. */
#include "retroarch_install.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "home.h"
#include "retroarch.h"
#include "why.h"

enum { PLUGIN_MAX_BYTES = 256 << 20 };

#define CORE_NAME "kata_libretro" FILES_LIBRARY_SUFFIX
#define INFO_NAME "kata_libretro.info"

const char *retroarch_kind_name(retroarch_kind_t kind)
{
    static const char *const names[] = { "RetroArch", "RetroArch (Flatpak)", "RetroArch (Snap)" };
    return names[kind];
}

bool retroarch_files_find(retroarch_files_t *files, why_t why)
{
    *files = (retroarch_files_t){ 0 };
    if (!retroarch_find_plugin(files->core))
        return refuse(why, CORE_NAME " is neither beside this program nor installed: build it with "
                                     "`make -f Makefile.libretro`");
    char folder[HOME_PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", files->core);
    *strrchr(folder, '/') = '\0';
    /* Beside it (a build folder), <prefix>/lib/libretro, Debian's lib/<machine>/libretro. */
    static const char *const names[] = { INFO_NAME, "../../share/libretro/info/" INFO_NAME,
                                         "../../../share/libretro/info/" INFO_NAME };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (home_join(files->info, folder, names[i], NULL) && access(files->info, R_OK) == 0)
            return true;
    return refuse(why, INFO_NAME " is not there: it belongs to %.600s", files->core);
}

/* Missing where it cannot be read, for RetroArch cannot either. */
static retroarch_presence_t compare(const char *path, const char *ours)
{
    uint8_t *a = NULL, *b = NULL;
    size_t num_a, num_b;
    retroarch_presence_t found = RETROARCH_MISSING;
    if (files_read(path, PLUGIN_MAX_BYTES, &a, &num_a, NULL)) {
        const bool is_same = files_read(ours, PLUGIN_MAX_BYTES, &b, &num_b, NULL) &&
                             num_a == num_b && memcmp(a, b, num_a) == 0;
        found = is_same ? RETROARCH_SAME : RETROARCH_OTHER;
    }
    free(a);
    free(b);
    return found;
}

void retroarch_look(retroarch_presences_t *found, const retroarch_folders_t *folders,
                    const retroarch_files_t *files)
{
    *found = (retroarch_presences_t){ RETROARCH_MISSING, RETROARCH_MISSING, "", "" };
    if (home_join(found->core_path, folders->cores, CORE_NAME, NULL))
        found->core = compare(found->core_path, files->core);
    if (home_join(found->info_path, folders->info, INFO_NAME, NULL))
        found->info = compare(found->info_path, files->info);
}

static bool copy(const char *from, const char *folder, const char *to, why_t why)
{
    uint8_t *bytes;
    size_t num_bytes;
    if (!files_read(from, PLUGIN_MAX_BYTES, &bytes, &num_bytes, why)) return false;
    const bool ok = files_make_dirs(folder, why) && files_replace(to, bytes, num_bytes, why);
    free(bytes);
    return ok;
}

static void drop_cache(const retroarch_folders_t *folders)
{
    char path[HOME_PATH_BYTES];
    if (home_join(path, folders->info, "core_info.cache", NULL)) unlink(path);
}

bool retroarch_install(const retroarch_presences_t *found, const retroarch_folders_t *folders,
                       const retroarch_files_t *files, why_t why)
{
    if (found->core != RETROARCH_SAME && !copy(files->core, folders->cores, found->core_path, why))
        return false;
    if (found->info == RETROARCH_SAME) return true;
    if (!copy(files->info, folders->info, found->info_path, why)) return false;
    drop_cache(folders);
    return true;
}

bool retroarch_uninstall(const retroarch_presences_t *found, const retroarch_folders_t *folders,
                         why_t why)
{
    const char *const paths[] = { found->core_path, found->info_path };
    for (int i = 0; i < 2; i++)
        if (paths[i][0] && unlink(paths[i]) != 0 && errno != ENOENT)
            return refuse(why, "%.600s: %s", paths[i], strerror(errno));
    drop_cache(folders);
    return true;
}
