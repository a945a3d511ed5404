/* retroarch_folders.h - where the RetroArchs of this user keep cores, their .info files and
 * firmware.
 *
 * Read from their retroarch.cfg; what it does not say is RetroArch's own default, the folder
 * "cores" beside it, or "system". RetroArch lists a core, and lets it have savestates, rewind,
 * run-ahead and netplay, only if name_libretro.so lies in libretro_directory and name_libretro.info
 * in libretro_info_path.
 */
#ifndef CORE_BRIDGE_RETROARCH_FOLDERS_H
#define CORE_BRIDGE_RETROARCH_FOLDERS_H

#include <stdbool.h>
#include <stdint.h>

#define RETROARCH_PATH_BYTES 1024

typedef enum { RETROARCH_NATIVE = 0, RETROARCH_FLATPAK, RETROARCH_SNAP } retroarch_kind_t;

typedef struct {
    retroarch_kind_t kind;
    char config[RETROARCH_PATH_BYTES]; /* the file that says so */
    char cores[RETROARCH_PATH_BYTES];  /* libretro_directory, without a '/' at its end */
    char info[RETROARCH_PATH_BYTES];   /* libretro_info_path, likewise */
    char system[RETROARCH_PATH_BYTES]; /* system_directory, where firmware is */
} retroarch_folders_t;

enum { RETROARCH_FOLDERS_MAX = 3 };

/* One of each kind that has a configuration: $XDG_CONFIG_HOME or ~/.config, else ~/.retroarch.cfg,
 * else /etc/retroarch.cfg, which a first start copies; then Flatpak's; then Snap's. Returns how
 * many, RETROARCH_FOLDERS_MAX at most. */
int32_t retroarch_folders_find(retroarch_folders_t folders[RETROARCH_FOLDERS_MAX]);

/* What one configuration says; `home` (or NULL) is for values that begin with "~". A file that
 * cannot be read: false. */
bool retroarch_folders_read(retroarch_folders_t *folders, retroarch_kind_t kind, const char *config,
                            const char *home);

#endif
