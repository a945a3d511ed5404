/* retroarch_folders.c - see retroarch_folders.h. */
#include "retroarch_folders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "info_value.h"

enum { CONFIG_MAX_BYTES = 4 << 20 };

/* False: it does not fit, and `out` is "". */
static bool join(char out[RETROARCH_PATH_BYTES], const char *a, const char *b)
{
    if (snprintf(out, RETROARCH_PATH_BYTES, "%s%s", a, b) < RETROARCH_PATH_BYTES) return true;
    out[0] = '\0';
    return false;
}

/* "default", "" and a missing key are RetroArch's default, `otherwise`. */
static void take_folder(char out[RETROARCH_PATH_BYTES], const char *text, const char *key,
                        const char *home, const char *otherwise)
{
    char value[RETROARCH_PATH_BYTES] = "";
    info_value(text, key, value, sizeof value);
    files_take_slashes(value);
    if (value[0] == '~' && (value[1] == '/' || !value[1]) && home)
        join(out, home, value + 1);
    else if (value[0] == ':' && strrchr(otherwise, '/')) /* RetroArch's own folder, on Windows */
        snprintf(out, RETROARCH_PATH_BYTES, "%.*s%.1000s",
                 (int)(strrchr(otherwise, '/') - otherwise), otherwise, value + 1);
    else if (files_is_absolute(value))
        join(out, value, "");
    else
        join(out, otherwise, "");
    for (size_t length = strlen(out); length > 1 && out[length - 1] == '/';) out[--length] = '\0';
}

bool retroarch_folders_read(retroarch_folders_t *folders, retroarch_kind_t kind, const char *config,
                            const char *home)
{
    uint8_t *bytes;
    size_t num_bytes;
    *folders = (retroarch_folders_t){ .kind = kind };
    if (!join(folders->config, config, "") ||
        !files_read(config, CONFIG_MAX_BYTES, &bytes, &num_bytes, NULL))
        return false;
    char beside[RETROARCH_PATH_BYTES], otherwise[RETROARCH_PATH_BYTES];
    join(beside, config, "");
    char *const slash = strrchr(beside, '/');
    if (slash) *slash = '\0';
    join(otherwise, slash ? beside : ".", "/cores");
    take_folder(folders->cores, (const char *)bytes, "libretro_directory", home, otherwise);
    take_folder(folders->info, (const char *)bytes, "libretro_info_path", home, otherwise);
    join(otherwise, slash ? beside : ".", "/system");
    take_folder(folders->system, (const char *)bytes, "system_directory", home, otherwise);
    free(bytes);
    return folders->cores[0] && folders->info[0];
}

int32_t retroarch_folders_find(retroarch_folders_t folders[RETROARCH_FOLDERS_MAX])
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (xdg && !*xdg) xdg = NULL;
    if (home && !*home) home = NULL;
    const struct {
        retroarch_kind_t kind;
        const char *folder, *below;
    } places[] = {
        { RETROARCH_NATIVE, xdg ? xdg : home,
          xdg ? "/retroarch/retroarch.cfg" : "/.config/retroarch/retroarch.cfg" },
        { RETROARCH_NATIVE, home, "/.retroarch.cfg" },
        { RETROARCH_NATIVE, "", "/etc/retroarch.cfg" },
#ifdef _WIN32
        { RETROARCH_NATIVE,
          "C:", "/RetroArch-Win64/retroarch.cfg" }, /* where its installer puts it */
        { RETROARCH_NATIVE, "C:", "/RetroArch/retroarch.cfg" },
#endif
        { RETROARCH_FLATPAK, home,
          "/.var/app/org.libretro.RetroArch/config/retroarch/retroarch.cfg" },
        { RETROARCH_SNAP, home, "/snap/retroarch/current/.config/retroarch/retroarch.cfg" },
    };
    int32_t count = 0;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char config[RETROARCH_PATH_BYTES];
        const bool has_this_kind = count > 0 && folders[count - 1].kind == places[i].kind;
        if (!places[i].folder || has_this_kind || count == RETROARCH_FOLDERS_MAX) continue;
        if (join(config, places[i].folder, places[i].below) &&
            retroarch_folders_read(&folders[count], places[i].kind, config, home))
            count++;
    }
    return count;
}
