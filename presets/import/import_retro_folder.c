/* import_retro_folder.c - what a stable-retro folder says besides its JSON: system and game by its
 * name, dumps by rom.sha, and the files that are not read. */
#include "files.h"
#include "import_retro.h"
#include "making.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { MAX_NAMES_SAID = 24 }; /* of a list in the report */

const char *retro_scenario_name(const retro_import_t *import)
{
    return import->options.scenario ? import->options.scenario : "scenario.json";
}

/* ---- system and game ---- */

/* Its name, without what stands before it and "-v0" behind it. */
static void read_name(const char *folder, char name[256])
{
    const char *end = folder + strlen(folder);
    while (end > folder && end[-1] == '/') end--;
    const char *start = end;
    while (start > folder && start[-1] != '/') start--;
    snprintf(name, 256, "%.*s", (int)(end - start), start);
    char *dash = strrchr(name, '-');
    if (dash && (dash[1] == 'v' || dash[1] == 'V') && dash[2] &&
        dash[2 + strspn(dash + 2, "0123456789")] == '\0')
        *dash = '\0';
}

/* The system whose ROM lies in the folder as "rom.nes": where stable-retro takes it from. */
static const system_facts_t *system_of_rom(const char *folder)
{
    const system_facts_t *facts;
    for (int32_t s = 0; (facts = system_at(s)) != NULL; s++)
        for (const char *at = facts->rom_extensions; *at;) {
            char path[FILES_PATH_BYTES];
            const size_t length = strcspn(at, "|");
            if (snprintf(path, sizeof path, "%s/rom.%.*s", folder, (int)length, at) <
                    (int)sizeof path &&
                access(path, F_OK) == 0)
                return facts;
            at += length + (at[length] == '|');
        }
    return NULL;
}

static bool refuse_system(const retro_import_t *import, const char *word)
{
    char list[256] = "";
    const system_facts_t *facts;
    for (int32_t s = 0; (facts = system_at(s)) != NULL; s++) {
        const size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%s", s ? ", " : "", facts->id);
    }
    const bool is_letter = word && ((*word | 32) >= 'a' && (*word | 32) <= 'z');
    if (import->options.system)
        return refuse(import->why, "--system must be one of %s, found '%.60s'", list,
                      import->options.system);
    if (is_letter)
        return refuse(import->why,
                      "%.200s: %.60s is a system that Kata does not know; --system says which of "
                      "%s it is like, if it is",
                      import->folder, word, list);
    return refuse(import->why,
                  "%.200s: neither its name, which should be <Game>-<System>, nor a rom.nes or the "
                  "like in it says which system this is; --system says it, one of %s",
                  import->folder, list);
}

bool retro_read_name(retro_import_t *import)
{
    char name[256];
    read_name(import->folder, name);
    char *dash = strrchr(name, '-');
    const system_facts_t *named = dash ? system_find_stable_retro(dash + 1) : NULL;
    const char *wanted = import->options.system;
    import->facts =
        wanted ? system_find_stable_retro(wanted) : (named ? named : system_of_rom(import->folder));
    if (!import->facts) return refuse_system(import, dash ? dash + 1 : NULL);
    if (named) *dash = '\0';
    const char *game = import->options.game ? import->options.game : name;
    if (!named && !import->options.game) {
        text_say(&import->report, "game: \"");
        text_add_printable(&import->report, game);
        text_say(&import->report, "\" is the folder's name; --game says another\n");
    }
    reader_t quiet = { .source = "" };
    if (!reader_check_name(&quiet, game, sizeof import->game))
        return refuse(import->why,
                      "%.200s: the game's name must have 1 to %d bytes, no control characters, no "
                      "/ and no ..; --game says another",
                      import->folder, PRESET_NAME_BYTES - 1);
    memcpy(import->game, game, strlen(game) + 1); /* the check bounds it */
    return true;
}

/* ---- dumps ---- */

void retro_read_hashes(retro_import_t *import)
{
    char path[FILES_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    cJSON *list = NULL;
    snprintf(path, sizeof path, "%s/rom.sha", import->folder);
    if (!files_read(path, IMPORT_FILE_BYTES, &bytes, &num_bytes, NULL)) {
        import->losses.counts[IMPORT_LOSES_DUMP]++;
        text_say(&import->report, "no rom.sha: any game of that name matches\n");
        return;
    }
    for (char *line = strtok((char *)bytes, "\r\n \t"); line && !import->failed;
         line = strtok(NULL, "\r\n \t")) {
        if (strlen(line) != 40 || strspn(line, "0123456789abcdefABCDEF") != 40) {
            retro_leave_out(import, IMPORT_LOSES_DUMP, "rom.sha", line, "no SHA-1");
            continue;
        }
        if (!list) list = json_add_list(&import->failed, import->file, "hashes");
        if (cJSON_GetArraySize(list) == MODEL_MAX_HASHES) {
            retro_leave_out(import, IMPORT_LOSES_DUMP, "rom.sha", line,
                            "a preset has at most 32 dumps");
            continue;
        }
        cJSON *hashes = json_append_object(&import->failed, list);
        if (hashes) json_add_string(&import->failed, hashes, "sha1", line);
    }
    if (!list) {
        import->losses.counts[IMPORT_LOSES_DUMP]++;
        text_say(&import->report, "rom.sha: it names no dump; any game of that name matches\n");
    }
    free(bytes);
}

/* ---- files that are not read ---- */

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), wanted = strlen(ending);
    return length > wanted && strcasecmp(name + length - wanted, ending) == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* "states: Level2, Level3 ...", of which the default is not one: that is said elsewhere. */
static void say_states(retro_import_t *import, struct dirent *const *entries, int num_entries)
{
    int32_t num_states = 0;
    for (int i = 0; i < num_entries; i++) {
        const char *name = entries[i]->d_name;
        const int length = (int)strlen(name) - 6;
        char state[256];
        if (!ends_with(name, ".state")) continue;
        snprintf(state, sizeof state, "%.*s", length, name);
        if (strcmp(state, import->default_state) == 0) continue;
        if (++num_states > MAX_NAMES_SAID) continue;
        text_say(&import->report, num_states > 1 ? ", " : "cannot be carried over: states: ");
        text_add_printable(&import->report, state);
    }
    import->losses.counts[IMPORT_LOSES_STATE] += num_states;
    if (num_states > MAX_NAMES_SAID)
        text_say(&import->report, " and %d more", (int)(num_states - MAX_NAMES_SAID));
    if (num_states)
        text_say(&import->report, ": each holds the game's memory; a start of the preset would be "
                                  "a boot script to the same place\n");
}

static bool is_read(const retro_import_t *import, const char *name)
{
    static const char *const read[] = { "data.json", "metadata.json", "rom.sha" };
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++)
        if (strcmp(name, read[i]) == 0) return true;
    return name[0] == '.' || strncmp(name, "rom.", 4) == 0 || ends_with(name, ".state") ||
           strcmp(name, retro_scenario_name(import)) == 0;
}

void retro_say_files(retro_import_t *import)
{
    struct dirent **entries;
    const int num_entries = scandir(import->folder, &entries, NULL, by_bytes);
    if (num_entries < 0) return;
    say_states(import, entries, num_entries);
    int32_t num_others = 0;
    for (int i = 0; i < num_entries; i++) {
        const char *name = entries[i]->d_name;
        if (is_read(import, name) || ++num_others > MAX_NAMES_SAID) continue;
        text_add_printable(&import->report, name);
        text_say(&import->report, ends_with(name, ".json")
                                      ? ": another scenario, perhaps: not read; --scenario takes "
                                        "it in place of scenario.json\n"
                                      : ": not read\n");
    }
    import->losses.counts[IMPORT_LOSES_FILE] += num_others;
    if (num_others > MAX_NAMES_SAID)
        text_say(&import->report, "%d more files: not read\n", (int)(num_others - MAX_NAMES_SAID));
    for (int i = 0; i < num_entries; i++) free(entries[i]);
    free(entries);
}
