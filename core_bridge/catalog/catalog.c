/* catalog.c - reads folders of cores and their .info files. */
#define _GNU_SOURCE
#include "catalog.h"

#include "extensions.h"
#include "files.h"
#include "identity.h"
#include "info_value.h"
#include "retroarch_folders.h"

#include <ctype.h>
#include <dirent.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define CORE_SUFFIX "_libretro" FILES_LIBRARY_SUFFIX
enum { INFO_MAX_BYTES = 1 << 18, FOLDERS_BYTES = 8192 };

/* Well-tried cores, best first. Cores not named here come after, by name. */
static const char *const well_tried[] = {
    "nestopia",
    "mesen",
    "fceumm",
    "quicknes",
    "gambatte",
    "sameboy",
    "mgba",
    "snes9x",
    "bsnes_mercury_performance",
    "bsnes",
    "bsnes_mercury_balanced",
    "bsnes_mercury_accuracy",
    "genesis_plus_gx",
    "picodrive",
    "mednafen_pce_fast",
    "mednafen_pce",
    "fbneo",
    "handy",
    "stella",
    "prosystem",
};

/* Our name of a system, and the .info files' name of it. */
static const struct {
    const char *system, *system_id;
} system_ids[] = {
    { "nes", "nes" },
    { "fds", "nes" },
    { "snes", "super_nes" },
    { "gb", "game_boy" },
    { "gbc", "game_boy" },
    { "gba", "game_boy_advance" },
    { "genesis", "mega_drive" },
    { "sms", "mega_drive" },
    { "gg", "mega_drive" },
    { "pce", "pc_engine" },
    { "sgx", "pc_engine" },
    { "lynx", "lynx" },
    { "atari2600", "atari_2600" },
    { "atari7800", "atari_7800" },
    { "n64", "nintendo_64" },
};

/* ---- .info files ------------------------------------------------------------------------------
 */

static catalog_states_t read_states(const char *text)
{
    char has[16] = "true", features[32] = "deterministic";
    info_value(text, "savestate", has, sizeof has);
    info_value(text, "savestate_features", features, sizeof features);
    if (strcasecmp(has, "false") == 0) return CATALOG_STATES_NONE;
    if (strcasecmp(features, "basic") == 0) return CATALOG_STATES_BASIC;
    if (strcasecmp(features, "serialized") == 0) return CATALOG_STATES_SERIALIZED;
    return CATALOG_STATES_DETERMINISTIC;
}

static bool read_info(catalog_core_t *core, const char *path)
{
    uint8_t *bytes;
    size_t num_bytes;
    if (!files_read(path, INFO_MAX_BYTES, &bytes, &num_bytes, NULL)) return false;
    const char *const text = (const char *)bytes;
    info_value(text, "display_name", core->display_name, sizeof core->display_name);
    info_value(text, "corename", core->core_name, sizeof core->core_name);
    info_value(text, "systemname", core->system_name, sizeof core->system_name);
    info_value(text, "systemid", core->system_id, sizeof core->system_id);
    info_value(text, "supported_extensions", core->extensions, sizeof core->extensions);
    core->states = read_states(text);
    for (char *c = core->extensions; *c; c++) *c = (char)tolower((unsigned char)*c);
    free(bytes);
    return true;
}

/* ---- folders ------------------------------------------------------------------------------------
 */

/* The next part of a ':'-separated list; false at its end. */
static bool next_folder(const char **list, char folder[CATALOG_PATH_BYTES])
{
    *list += strspn(*list, FILES_LIST_SEPARATOR);
    const size_t length = strcspn(*list, FILES_LIST_SEPARATOR);
    if (length == 0) return false;
    const size_t kept = length < CATALOG_PATH_BYTES ? length : CATALOG_PATH_BYTES - 1;
    memcpy(folder, *list, kept);
    folder[kept] = '\0';
    if (kept > 1 && folder[kept - 1] == '/') folder[kept - 1] = '\0';
    *list += length;
    return true;
}

static void find_info(catalog_core_t *core, const char *core_dir, const char *info_dirs)
{
    char folder[CATALOG_PATH_BYTES], path[CATALOG_PATH_BYTES + 96];
    snprintf(path, sizeof path, "%s/%s_libretro.info", core_dir, core->name);
    core->has_info = read_info(core, path);
    for (const char *list = info_dirs; !core->has_info && next_folder(&list, folder);) {
        snprintf(path, sizeof path, "%s/%s_libretro.info", folder, core->name);
        core->has_info = read_info(core, path);
    }
    if (!core->display_name[0])
        snprintf(core->display_name, sizeof core->display_name, "%s", core->name);
}

static bool has_core(const catalog_t *catalog, const char *name)
{
    for (int32_t i = 0; i < catalog->num_cores; i++)
        if (strcmp(catalog->cores[i].name, name) == 0) return true;
    return false;
}

static int32_t rank_of(const char *name)
{
    const int32_t count = sizeof well_tried / sizeof well_tried[0];
    for (int32_t i = 0; i < count; i++)
        if (strcmp(well_tried[i], name) == 0) return i;
    return count;
}

/* False only when out of memory. */
static bool add_core(catalog_t *catalog, const char *dir, const char *file, int32_t dir_order,
                     const char *info_dirs)
{
    const size_t length = strlen(file), suffix = strlen(CORE_SUFFIX);
    catalog_core_t core = { .dir_order = dir_order, .states = CATALOG_STATES_DETERMINISTIC };
    if (length <= suffix || strcmp(file + length - suffix, CORE_SUFFIX) != 0) return true;
    if (length - suffix >= sizeof core.name) return true;
    memcpy(core.name, file, length - suffix);
    if (strcmp(core.name, "kata") == 0) return true; /* never itself */
    if (has_core(catalog, core.name)) return true;   /* an earlier folder has it */
    struct stat status;
    const int written = snprintf(core.core_path, sizeof core.core_path, "%s/%s", dir, file);
    if (written < 0 || (size_t)written >= sizeof core.core_path) return true;
    if (stat(core.core_path, &status) != 0 || !S_ISREG(status.st_mode)) return true;
    find_info(&core, dir, info_dirs);

    catalog_core_t *const larger =
        realloc(catalog->cores, ((size_t)catalog->num_cores + 1) * sizeof *larger);
    if (!larger) return false;
    larger[catalog->num_cores++] = core;
    catalog->cores = larger;
    return true;
}

static int by_preference(const void *left, const void *right)
{
    const catalog_core_t *const a = left, *const b = right;
    if (a->dir_order != b->dir_order) return a->dir_order < b->dir_order ? -1 : 1;
    const int32_t rank_a = rank_of(a->name), rank_b = rank_of(b->name);
    if (rank_a != rank_b) return rank_a < rank_b ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* ---- where cores are looked for ---------------------------------------------------------------
 */

/* A folder that does not fit is left out whole. */
static void add_folder(char list[FOLDERS_BYTES], const char *folder)
{
    const size_t length = strlen(list), more = strlen(folder);
    if (more == 0 || length + more + 2 > FOLDERS_BYTES) return;
    snprintf(list + length, FOLDERS_BYTES - length, "%s%s", length ? FILES_LIST_SEPARATOR : "",
             folder);
}

/* The folders that the pattern names, those of another processor among them: their cores are
 * listed last and refused by the loader if they are chosen. */
static void add_glob(char list[FOLDERS_BYTES], const char *pattern)
{
    glob_t found = { 0 };
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++) add_folder(list, found.gl_pathv[i]);
    globfree(&found);
}

static void add_below(char list[FOLDERS_BYTES], const char *folder, const char *below)
{
    char path[CATALOG_PATH_BYTES];
    if (folder && *folder && snprintf(path, sizeof path, "%s/%s", folder, below) < (int)sizeof path)
        add_folder(list, path);
}

/* The folder of Kata's own file; RetroArch's, as configured; RetroArch's own defaults; the
 * distribution's. RetroArch's updater puts both kinds of files in "cores". */
static void usual_folders(char cores[FOLDERS_BYTES], char info[FOLDERS_BYTES], const char *own_path)
{
#ifdef _WIN32 /* what is unpacked into one folder is found by the command line, too */
    char program[CATALOG_PATH_BYTES];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) program[length] = '\0';
    if (!own_path && length > 0) own_path = program;
#endif
    const char *const slash = own_path ? strrchr(own_path, '/') : NULL;
    char own[CATALOG_PATH_BYTES];
    cores[0] = info[0] = '\0';
    if (slash && slash > own_path && slash - own_path < (ptrdiff_t)sizeof own) {
        snprintf(own, sizeof own, "%.*s", (int)(slash - own_path), own_path);
        add_folder(cores, own);
        add_below(info, own, "../info");
    }
    retroarch_folders_t folders[RETROARCH_FOLDERS_MAX];
    const int32_t num_folders = retroarch_folders_find(folders);
    for (int32_t i = 0; i < num_folders; i++) {
        add_folder(cores, folders[i].cores);
        add_folder(info, folders[i].info);
    }
    const char *const config = getenv("XDG_CONFIG_HOME"), *const home = getenv("HOME");
    const struct {
        const char *folder, *below;
    } users[] = { { config, "retroarch/cores" },
                  { home, ".config/retroarch/cores" },
                  { home, ".var/app/org.libretro.RetroArch/config/retroarch/cores" } };
    for (size_t i = 0; i < sizeof users / sizeof users[0]; i++) {
        add_below(cores, users[i].folder, users[i].below);
        add_below(info, users[i].folder, users[i].below);
    }
    add_folder(cores, "/usr/local/lib/libretro");
    add_glob(cores, "/usr/lib/*/libretro");
    add_folder(cores, "/usr/lib/libretro");
    add_folder(cores, "/usr/lib64/libretro");
    add_folder(info, "/usr/local/share/libretro/info");
    add_folder(info, "/usr/share/libretro/info");
}

bool catalog_scan(catalog_t *out, const char *core_dirs, const char *info_dirs)
{
    *out = (catalog_t){ 0 };
    char folder[CATALOG_PATH_BYTES];
    int32_t order = 0;
    for (const char *list = core_dirs; next_folder(&list, folder); order++) {
        DIR *const dir = opendir(folder);
        if (!dir) continue;
        bool ok = true;
        for (struct dirent *entry; ok && (entry = readdir(dir)) != NULL;)
            ok = add_core(out, folder, entry->d_name, order, info_dirs);
        closedir(dir);
        if (!ok) {
            catalog_free(out);
            return false;
        }
    }
    if (out->num_cores > 1)
        qsort(out->cores, (size_t)out->num_cores, sizeof *out->cores, by_preference);
    return true;
}

bool catalog_scan_installed(catalog_t *out, const char *own_path)
{
    char cores[FOLDERS_BYTES], info[FOLDERS_BYTES];
    const char *const own_cores = getenv("KATA_CORE_PATH"), *const own_info =
                                                                getenv("KATA_INFO_PATH");
    usual_folders(cores, info, own_path);
    return catalog_scan(out, own_cores && *own_cores ? own_cores : cores,
                        own_info && *own_info ? own_info : info);
}

/* "dir/name_libretro.info" */
static char *info_in(const char *dir, const char *name)
{
    char path[CATALOG_PATH_BYTES + 96];
    uint8_t *bytes;
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/%s.info", dir, name);
    return files_read(path, INFO_MAX_BYTES, &bytes, &num_bytes, NULL) ? (char *)bytes : NULL;
}

char *catalog_info(const char *core_path)
{
    char cores[FOLDERS_BYTES], info[FOLDERS_BYTES], folder[CATALOG_PATH_BYTES], name[64];
    const char *const slash = strrchr(core_path, '/'), *const file = slash ? slash + 1 : core_path;
    const int length = (int)strlen(file) - (int)strlen(FILES_LIBRARY_SUFFIX);
    if (length <= 0 || length >= (int)sizeof name || slash - core_path >= CATALOG_PATH_BYTES)
        return NULL;
    snprintf(name, sizeof name, "%.*s", length, file);
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - core_path) : 1,
             slash ? core_path : ".");
    char *text = info_in(folder, name);
    const char *const own_info = getenv("KATA_INFO_PATH");
    usual_folders(cores, info, NULL);
    for (const char *list = own_info && *own_info ? own_info : info;
         !text && next_folder(&list, folder);)
        text = info_in(folder, name);
    return text;
}

void catalog_free(catalog_t *catalog)
{
    free(catalog->cores);
    *catalog = (catalog_t){ 0 };
}

/* ---- questions ---- */

static const char *system_id_of(const char *extension)
{
    const char *const system = identity_system(extension);
    for (size_t i = 0; i < sizeof system_ids / sizeof system_ids[0]; i++)
        if (strcmp(system_ids[i].system, system) == 0) return system_ids[i].system_id;
    return NULL;
}

/* A core made for the system before one that also opens it (mgba opens Game Boy games). */
const catalog_core_t *catalog_for(const catalog_t *catalog, const char *content_path)
{
    const char *const extension = extension_of(content_path);
    const char *const system_id = system_id_of(extension);
    const catalog_core_t *first = NULL;
    for (int32_t i = 0; i < catalog->num_cores; i++) {
        const catalog_core_t *const core = &catalog->cores[i];
        if (!extension_is_listed(core->extensions, extension)) continue;
        if (!system_id || strcmp(core->system_id, system_id) == 0) return core;
        if (!first) first = core;
    }
    return first;
}

/* "Beetle PCE Fast", "beetle-pce-fast" and "beetle_pce_fast" are one name. */
static bool same_name(const char *a, const char *b)
{
    for (bool has_begun = false;; has_begun = true) {
        while (*a && !isalnum((unsigned char)*a)) a++;
        while (*b && !isalnum((unsigned char)*b)) b++;
        if (!*a || !*b) return has_begun && *a == *b;
        if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++)) return false;
    }
}

const catalog_core_t *catalog_named(const catalog_t *catalog, const char *name)
{
    if (!name || !*name) return NULL;
    const char *const slash = strrchr(name, '/');
    const char *const file = slash ? slash + 1 : name;
    for (int32_t i = 0; i < catalog->num_cores; i++) {
        const catalog_core_t *const core = &catalog->cores[i];
        if (slash && strcmp(core->core_path, name) == 0) return core;
        if (slash) continue;
        const char *const own_file = strrchr(core->core_path, '/') + 1;
        if (strcmp(core->name, file) == 0 || strcmp(own_file, file) == 0) return core;
    }
    for (int32_t i = 0; !slash && i < catalog->num_cores; i++) {
        const catalog_core_t *const core = &catalog->cores[i];
        if (same_name(core->name, name) || same_name(core->core_name, name)) return core;
    }
    return NULL;
}
