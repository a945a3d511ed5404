/* import_pack.c - see import_pack.h. */
#include "import_pack.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builtin.h"
#include "files.h"
#include "folder.h"
#include "model.h"
#include "store.h"
#include "text.h"

bool pack_name_is_valid(const char *name)
{
    const size_t length = strlen(name);
    return length >= 1 && length < PACK_NAME_BYTES && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

/* ---- the folders ---- */

typedef struct {
    char **paths;
    int32_t num_paths, num_looked_at;
    bool failed; /* no memory */
} folder_list_t;

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void add_path(folder_list_t *list, const char *path)
{
    if (list->num_paths % 64 == 0) {
        char **more = realloc(list->paths, (size_t)(list->num_paths + 64) * sizeof *more);
        list->failed = list->failed || !more;
        if (more) list->paths = more;
    }
    char *copy = list->failed ? NULL : strdup(path);
    if (copy)
        list->paths[list->num_paths++] = copy;
    else
        list->failed = true;
}

static void walk(folder_list_t *list, const char *folder, int32_t depth)
{
    char path[FILES_PATH_BYTES];
    struct dirent **entries;
    struct stat status;
    if (list->failed || list->num_looked_at++ >= PACK_MAX_FOLDERS) return;
    if (snprintf(path, sizeof path, "%s/data.json", folder) < (int)sizeof path &&
        lstat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        add_path(list, folder);
        return;
    }
    const int num_entries =
        depth < PACK_MAX_DEPTH ? scandir(folder, &entries, is_visible, by_bytes) : -1;
    for (int i = 0; i < num_entries; i++) {
        if (snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < (int)sizeof path &&
            lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
            walk(list, path, depth + 1);
        free(entries[i]);
    }
    if (num_entries >= 0) free(entries);
}

static void free_list(folder_list_t *list)
{
    for (int32_t i = 0; i < list->num_paths; i++) free(list->paths[i]);
    free(list->paths);
}

/* ---- the library ---- */

/* The dumps that Kata's own presets know, in one list: each file is parsed once. */
typedef struct {
    char (*sha1s)[41];
    int32_t num_sha1s;
} known_dumps_t;

static bool read_known(known_dumps_t *known)
{
    for (int32_t i = 0; i < preset_num_builtins; i++) {
        const preset_builtin_t *file = &preset_builtins[i];
        preset_t *preset;
        if (!preset_parse(&preset, (const char *)file->bytes, file->num_bytes, file->name, NULL))
            continue;
        char(*more)[41] = realloc(
            known->sha1s, (size_t)(known->num_sha1s + preset->num_hashes + 1) * sizeof *more);
        if (more) known->sha1s = more;
        for (int32_t h = 0; more && h < preset->num_hashes; h++)
            memcpy(more[known->num_sha1s++], preset->hashes[h].sha1, sizeof *more);
        preset_free(preset);
        if (!more) return false;
    }
    return true;
}

static bool is_known(const known_dumps_t *known, const preset_t *preset)
{
    for (int32_t h = 0; h < preset->num_hashes; h++)
        for (int32_t k = 0; k < known->num_sha1s; k++)
            if (preset->hashes[h].sha1[0] && strcmp(preset->hashes[h].sha1, known->sha1s[k]) == 0)
                return true;
    return false;
}

/* ---- one game ---- */

typedef struct {
    const char *dir;
    char staged[FILES_PATH_BYTES];
    known_dumps_t known;
    text_t report;
    pack_count_t *count;
    pack_tell_t *tell;
    void *context;
} pack_work_t;

/* The folder's path without `dir`, with which each begins. */
static const char *below(const pack_work_t *work, const char *folder)
{
    const char *rest = folder + strlen(work->dir);
    while (*rest == '/') rest++;
    return *rest ? rest : folder;
}

static void refuse_one(pack_work_t *work, const char *folder, const char *why)
{
    const size_t length = strlen(folder);
    if (strncmp(why, folder, length) == 0 && (why[length] == ':' || why[length] == '/'))
        why += length + 1 + (why[length] == ':');
    work->count->num_refused++;
    text_say(&work->report, "%s: refused: %s\n", below(work, folder), why);
    if (work->tell) work->tell(work->context, below(work, folder), why);
}

static void note(pack_work_t *work, const preset_t *preset, const import_losses_t *losses,
                 const char *report)
{
    for (int32_t loss = 0; loss < IMPORT_NUM_LOSSES; loss++)
        work->count->games_losing[loss] += losses->counts[loss] > 0;
    text_say(&work->report, "%s (%s)\n", preset_game(preset), preset_system(preset));
    for (const char *line = report; *line;) {
        const size_t length = strcspn(line, "\n");
        text_say(&work->report, "  ");
        text_add(&work->report, line, length);
        text_say(&work->report, "\n");
        line += length + (line[length] == '\n');
    }
}

/* False: the disk, not the game. */
static bool store(pack_work_t *work, const char *folder, const preset_t *preset,
                  const import_losses_t *losses, const char *report, char *why)
{
    char path[FILES_PATH_BYTES], parent[FILES_PATH_BYTES];
    struct stat status;
    size_t num_bytes;
    if (is_known(&work->known, preset)) {
        text_say(&work->report, "%s: left out, Kata's own library knows this dump\n",
                 below(work, folder));
        work->count->num_known++;
        return true;
    }
    if (!preset_store_path(preset, work->staged, path))
        return refuse(why, "%.200s: the folder's path is too long", work->staged);
    if (lstat(path, &status) == 0) {
        work->count->num_twice++;
        text_say(&work->report, "%s: left out, an earlier folder is of the same game and system\n",
                 below(work, folder));
        return true;
    }
    snprintf(parent, sizeof parent, "%s", path);
    *strrchr(parent, '/') = '\0';
    const char *text = preset_text(preset, &num_bytes);
    if (!files_make_dirs(parent, why) || !files_show(path, text, num_bytes, why)) return false;
    work->count->num_stored++;
    note(work, preset, losses, report);
    return true;
}

static bool import_one(pack_work_t *work, const char *folder, char *why)
{
    char *text, *report;
    import_losses_t losses;
    why_t cause;
    preset_t *preset = NULL;
    work->count->num_folders++;
    if (!preset_import_stable_retro(&text, &report, folder, NULL, &losses, cause) ||
        !preset_parse(&preset, text, strlen(text), folder, cause)) {
        refuse_one(work, folder, cause);
        return true;
    }
    const bool ok = store(work, folder, preset, &losses, report, why);
    preset_free(preset);
    free(text);
    free(report);
    return ok;
}

/* ---- all ---- */

static bool is_stable(const char *path)
{
    return strstr(path, "/stable/") != NULL;
}

static bool import_all(pack_work_t *work, const folder_list_t *list, char *why)
{
    for (int pass = 0; pass < 2; pass++)
        for (int32_t i = 0; i < list->num_paths; i++)
            if (is_stable(list->paths[i]) == (pass == 0) && !import_one(work, list->paths[i], why))
                return false;
    return work->count->num_stored > 0 ||
           refuse(why, "%.300s: no game of it can be kept", work->dir);
}

static bool write_report(pack_work_t *work, char *why)
{
    char path[FILES_PATH_BYTES];
    size_t num_bytes;
    if (snprintf(path, sizeof path, "%s/" PACK_REPORT, work->staged) >= (int)sizeof path)
        return refuse(why, "%.200s...: too long a path", work->staged);
    char *text = text_take(&work->report, &num_bytes);
    const bool ok =
        text ? files_show(path, text, num_bytes, why) : refuse(why, "no memory for a report");
    free(text);
    return ok;
}

static bool import_list(pack_work_t *work, const folder_list_t *list, const char *packs,
                        const char *name, char *why)
{
    char target[FILES_PATH_BYTES];
    if (snprintf(target, sizeof target, "%s/%s", packs, name) >= (int)sizeof target)
        return refuse(why, "%.200s...: too long a path", packs);
    if (!files_stage_folder(work->staged, packs, why)) return false;
    const bool ok = import_all(work, list, why) && write_report(work, why) &&
                    files_put_folder(work->staged, target, why);
    if (!ok) files_remove_folder(work->staged, 3);
    return ok;
}

bool pack_import(pack_count_t *count, const char *dir, const char *packs, const char *name,
                 pack_tell_t *tell, void *context, why_t why)
{
    pack_work_t work = { .dir = dir, .count = count, .tell = tell, .context = context };
    folder_list_t list = { 0 };
    *count = (pack_count_t){ 0 };
    if (!pack_name_is_valid(name))
        return refuse(why, "a pack's name must be 1 to %d of a-z 0-9 - _, found '%.60s'",
                      PACK_NAME_BYTES - 1, name);
    walk(&list, dir, 0);
    bool ok = !list.failed && read_known(&work.known);
    if (!ok)
        refuse(why, "no memory to import %.200s", dir);
    else if (list.num_paths == 0)
        ok = refuse(why, "%.300s: no folder in it has a data.json, as those of stable-retro do",
                    dir);
    ok = ok && import_list(&work, &list, packs, name, why);
    text_drop(&work.report);
    free(work.known.sha1s);
    free_list(&list);
    return ok;
}
