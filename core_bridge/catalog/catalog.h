/* catalog.h - which cores are installed, and which content each of them opens.
 *
 * Reads the .info files beside or apart from the cores, as RetroArch does
 * (name_libretro.so <-> name_libretro.info), without loading any core.
 */
#ifndef CORE_BRIDGE_CATALOG_H
#define CORE_BRIDGE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CATALOG_PATH_BYTES 1024

/* What a core's .info file promises of its savestates, as RetroArch reads it. */
typedef enum {
    CATALOG_STATES_NONE,         /* savestate = "false" */
    CATALOG_STATES_BASIC,        /* save and load */
    CATALOG_STATES_SERIALIZED,   /* rewind, too */
    CATALOG_STATES_DETERMINISTIC /* run-ahead and netplay, too; also where nothing is said */
} catalog_states_t;

typedef struct {
    char core_path[CATALOG_PATH_BYTES];
    char name[64]; /* file name without _libretro.so */
    char display_name[128];
    char system_name[96];
    char extensions[512]; /* "nes|fds"; empty if there is no .info file */
    bool has_info;
    char core_name[96]; /* as people say it: "Beetle PCE Fast" */
    char system_id[64]; /* as .info files name systems: "game_boy" */
    catalog_states_t states;
    int32_t dir_order; /* which of the folders it was found in */
} catalog_core_t;

typedef struct {
    catalog_core_t *cores; /* sorted by folder, then well-tried ones first, then by name */
    int32_t num_cores;
} catalog_t;

/* Look in `core_dirs` and `info_dirs` (':'-separated). A core's .info is looked for beside it
 * first; of two cores of one name the earlier folder's counts. Missing folders are skipped. False
 * only when out of memory. */
bool catalog_scan(catalog_t *out, const char *core_dirs, const char *info_dirs);
/* Where cores usually are, in this order: the folder of own_path (Kata's own file, or NULL), what
 * the user's RetroArchs are configured to (retroarch_folders.h), their "cores" folders, Flatpak's,
 * /usr/local, the distribution's. KATA_CORE_PATH and KATA_INFO_PATH stand for all of these. */
bool catalog_scan_installed(catalog_t *out, const char *own_path);
/* The text of the .info file of the core in this file, looked for as catalog_scan_installed() does;
 * freed by the caller. NULL: there is none. */
char *catalog_info(const char *core_path);
void catalog_free(catalog_t *catalog);

/* The first core whose .info claims the path's extension, one made for that system before one that
 * also opens it; NULL if none does. Kata is never returned. */
const catalog_core_t *catalog_for(const catalog_t *catalog, const char *content_path);

/* A core by its short name ("nestopia"), its file name, its path, or the name people use ("Beetle
 * PCE Fast", "beetle-pce-fast"); NULL if unknown. */
const catalog_core_t *catalog_named(const catalog_t *catalog, const char *name);

#endif
