/* preset_import.c - `kata preset import`: what another tool or person knows, shown before it is
 * kept. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "files.h"
#include "home.h"
#include "import.h"
#include "import_all.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    const char *preset, *keys, *out;
    import_retro_options_t folder; /* of stable-retro */
    const char *name;              /* of a pack */
    bool all, store, replace;
} preset_import_values_t;

static const option_t rows[] = {
    { "preset", OPTION_TEXT, offsetof(preset_import_values_t, preset), "FILE", 0, 0,
      "the game's preset, to which macros are added; needed for macros" },
    { "keys", OPTION_TEXT, offsetof(preset_import_values_t, keys), "KEYS", 0, 0,
      "of a .mis: \"1=LP 2=MP S=START\" [buttons in order, letters by name]" },
    { "system", OPTION_TEXT, offsetof(preset_import_values_t, folder.system), "SYSTEM", 0, 0,
      "of a folder: nes, genesis ... [the end of its name, or its rom.nes]" },
    { "game", OPTION_TEXT, offsetof(preset_import_values_t, folder.game), "NAME", 0, 0,
      "of a folder: what to call the game [the folder's name]" },
    { "scenario", OPTION_TEXT, offsetof(preset_import_values_t, folder.scenario), "FILE", 0, 0,
      "of a folder: which of its files is the scenario [scenario.json]" },
    { "all", OPTION_FLAG, offsetof(preset_import_values_t, all), NULL, 0, 0,
      "of a tree: every game of it, into <home>/packs/NAME" },
    { "name", OPTION_TEXT, offsetof(preset_import_values_t, name), "NAME", 0, 0,
      "with --all: what to call the pack [stable-retro]" },
    { "out", OPTION_TEXT, offsetof(preset_import_values_t, out), "FILE", 0, 0,
      "save the result there" },
    { "store", OPTION_FLAG, offsetof(preset_import_values_t, store), NULL, 0, 0,
      "save it in your library, <home>/presets/<system>/<game>.kata.json" },
    { "replace", OPTION_FLAG, offsetof(preset_import_values_t, replace), NULL, 0, 0,
      "with --out, --store or --all: even if it is there" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

typedef enum { SOURCE_FOLDER, SOURCE_MIS, SOURCE_INPUTMACRO, SOURCE_PRESET } import_source_t;

/* What was read: a preset, as the text that would be saved. */
typedef struct {
    preset_t *preset;
    char *report;            /* what could not be carried over; freed */
    import_macros_t *macros; /* NULL: not macros; freed */
    why_t why;               /* on failure */
} import_t;

/* MAME's file is a list, a preset an object. */
static import_source_t source_of(const char *path, const char *text)
{
    const char *dot = strrchr(path, '.');
    if (dot && strcasecmp(dot, ".mis") == 0) return SOURCE_MIS;
    return text[strspn(text, " \t\r\n")] == '[' ? SOURCE_INPUTMACRO : SOURCE_PRESET;
}

static bool parse_made(import_t *import, char *text, const char *source)
{
    const bool ok = text && preset_parse(&import->preset, text, strlen(text), source, import->why);
    free(text);
    return ok;
}

/* "moves/fireball.mis" is "fireball". */
static void name_of(const char *path, char name[PRESET_NAME_BYTES])
{
    const char *slash = strrchr(path, '/'), *start = slash ? slash + 1 : path;
    const char *dot = strrchr(start, '.');
    const size_t length = dot && dot > start ? (size_t)(dot - start) : strlen(start);
    snprintf(name, PRESET_NAME_BYTES, "%.*s", (int)(length < 40 ? length : 40), start);
}

static bool import_macros(import_t *import, const preset_import_values_t *v, import_source_t source,
                          const char *path, const char *text, size_t num_bytes)
{
    preset_t *target;
    char name[PRESET_NAME_BYTES];
    import->macros = calloc(1, sizeof *import->macros);
    if (!import->macros) {
        snprintf(import->why, sizeof import->why, "no memory to import");
        return false;
    }
    if (!preset_load(&target, v->preset, import->why)) return false;
    const macro_language_t *language = preset_language(target);
    why_t cause;
    name_of(path, name);
    bool ok = source == SOURCE_MIS
                  ? import_mis(import->macros, text, num_bytes, name, v->keys, language, cause)
                  : import_inputmacro(import->macros, text, num_bytes, language, cause);
    if (!ok) snprintf(import->why, sizeof import->why, "%.150s: %.340s", path, cause);
    if (ok && import->macros->num_macros == 0) {
        snprintf(import->why, sizeof import->why,
                 "%.200s: there is no macro in it that fits%s%.200s", path,
                 import->macros->report[0] ? ": " : "", import->macros->report);
        import->why[strcspn(import->why, "\n")] = '\0';
        ok = false;
    }
    if (ok)
        ok = parse_made(import, preset_with_macros(target, import->macros, import->why),
                        "the preset with these macros");
    preset_free(target);
    return ok;
}

/* A file that is no preset, and beside it stands stable-retro's data.json: its folder was meant. */
static void say_if_of_a_folder(import_t *import, const char *path, const char *text)
{
    char folder[HOME_PATH_BYTES], beside[HOME_PATH_BYTES + 16];
    const char *slash = strrchr(path, '/');
    const int length = slash ? (int)(slash - path) : 1;
    if (strstr(text, "\"kata_preset\"") ||
        snprintf(folder, sizeof folder, "%.*s", length, slash ? path : ".") >= (int)sizeof folder)
        return;
    snprintf(beside, sizeof beside, "%s/data.json", folder);
    if (access(beside, F_OK) != 0) return;
    snprintf(import->why, sizeof import->why,
             "%.200s: this is stable-retro's %.100s: give its folder, kata preset import %.200s",
             path, slash ? slash + 1 : path, folder);
}

static bool import_file(import_t *import, const preset_import_values_t *v, import_source_t source,
                        const char *path, const char *text, size_t num_bytes)
{
    if (source == SOURCE_PRESET &&
        preset_parse(&import->preset, text, num_bytes, path, import->why))
        return true;
    if (source == SOURCE_PRESET) {
        say_if_of_a_folder(import, path, text);
        return false;
    }
    return import_macros(import, v, source, path, text, num_bytes);
}

static bool import_folder(import_t *import, const preset_import_values_t *v, const char *path)
{
    char *text, *whole = realpath(path, NULL); /* "." has a name, too */
    const bool ok = preset_import_stable_retro(&text, &import->report, whole ? whole : path,
                                               &v->folder, NULL, import->why) &&
                    parse_made(import, text, path);
    free(whole);
    return ok;
}

/* ---- showing ---- */

static void show(const import_t *import, const char *target)
{
    const import_macros_t *macros = import->macros;
    const char *report = macros ? macros->report : import->report;
    char *description = macros ? NULL : preset_describe(import->preset);
    if (description) fputs(description, stdout);
    free(description);
    if (macros) printf("Macros for %s: %d\n", target, macros->num_macros);
    for (int32_t m = 0; macros && m < macros->num_macros; m++)
        printf("  %s  %s  %d frames\n", macros->macros[m].name, macros->macros[m].macro.notation,
               macros->macros[m].macro.num_frames);
    if (report && *report) {
        printf("\nNot carried over, or worth knowing\n");
        preset_file_print_lines("  ", report);
    }
    char *advice = macros ? NULL : preset_advice(import->preset);
    if (advice && *advice) {
        printf("\nAdvice\n");
        preset_file_print_lines("  ", advice);
    }
    free(advice);
    fflush(stdout);
}

static int save_in_library(const preset_t *preset, bool replace)
{
    char home[HOME_PATH_BYTES], dir[HOME_PATH_BYTES], path[4096];
    why_t why;
    if (!home_for_writing(home, why)) return say_failed("%s", why);
    if (snprintf(dir, sizeof dir, "%s/presets", home) >= (int)sizeof dir)
        return say_failed("%.200s: the folder's path is too long", home);
    signal(SIGXFSZ, SIG_IGN); /* as preset_file_save() */
    if (!preset_store(preset, dir, replace, path, why))
        return say_failed("%s%s", why, replace ? "" : " (--replace)");
    printf("saved %s\n", path);
    return EXIT_OK;
}

static int keep(const import_t *import, const preset_import_values_t *v)
{
    if (!v->out && !v->store) {
        puts("\nNothing is saved; --out FILE or --store keeps it.");
        return EXIT_OK;
    }
    putchar('\n');
    if (v->store) return save_in_library(import->preset, v->replace);
    size_t num_bytes;
    const char *text = preset_text(import->preset, &num_bytes);
    return preset_file_save(v->out, text, num_bytes, v->replace);
}

/* ---- the command ---- */

static int refuse_useless(const preset_import_values_t *v, import_source_t source)
{
    const bool has_macros = source == SOURCE_MIS || source == SOURCE_INPUTMACRO;
    if (has_macros && !v->preset)
        return say_usage("preset import: macros need --preset FILE, whose buttons they press");
    if (!has_macros && v->preset)
        return say_usage("preset import: --preset is for macros; this is a whole preset");
    if ((v->folder.system || v->folder.game || v->folder.scenario) && source != SOURCE_FOLDER)
        return say_usage("preset import: --system, --game and --scenario are for a folder of "
                         "stable-retro");
    if (v->keys && source != SOURCE_MIS)
        return say_usage("preset import: --keys is for MacroLua's .mis files");
    return EXIT_OK;
}

static int import_and_keep(import_t *import, const preset_import_values_t *v, const char *path)
{
    struct stat status;
    const bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    uint8_t *text = NULL;
    size_t num_bytes = 0;
    if (!is_folder && !files_read(path, PRESET_FILE_BYTES, &text, &num_bytes, import->why))
        return say_failed("%s", import->why);
    const import_source_t source = is_folder ? SOURCE_FOLDER : source_of(path, (const char *)text);
    int ends = refuse_useless(v, source);
    if (ends == EXIT_OK) {
        const bool ok = is_folder
                            ? import_folder(import, v, path)
                            : import_file(import, v, source, path, (const char *)text, num_bytes);
        if (!ok) ends = say_failed("%s", import->why);
    }
    free(text);
    if (ends != EXIT_OK) return ends;
    show(import, v->preset);
    return keep(import, v);
}

static int import_tree(const preset_import_values_t *v, const char *dir)
{
    if (v->out || v->store || v->preset || v->keys || v->folder.system || v->folder.game ||
        v->folder.scenario)
        return say_usage("preset import: --all goes with --name and --replace alone");
    return import_all(dir, v->name ? v->name : "stable-retro", v->replace);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_import_values_t *v = values;
    if (v->out && v->store) return say_usage("preset import: --out or --store, not both");
    if (v->all) return import_tree(v, arguments[0]);
    if (v->name) return say_usage("preset import: --name is a pack's: it needs --all");
    if (v->replace && !v->out && !v->store)
        return say_usage("preset import: --replace needs --out FILE, --store or --all");
    import_t import = { 0 };
    const int status = import_and_keep(&import, v, arguments[0]);
    preset_free(import.preset);
    free(import.report);
    free(import.macros);
    return status;
}

const command_t command_preset_import = {
    .name = "preset import",
    .arguments = "FOLDER|FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "what others know: stable-retro, MacroLua, MAME, presets",
    .about =
        "FOLDER is a game of stable-retro, \"<Game>-<System>\" with data.json and scenario.json.\n"
        "FILE is a preset that somebody sent, or macros: a MacroLua script (.mis) or the JSON\n"
        "of MAME's inputmacro plugin, which are added to a copy of --preset. Shows what is in\n"
        "it, what could not be carried over and what a reviewer would say, and saves nothing\n"
        "unless asked to. --all takes every game below FOLDER as a pack: looked at after your\n"
        "own presets and before Kata's library, whose games it leaves out by their dumps; bad\n"
        "games are listed and left out, and what the presets lack is summed up.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  What does stable-retro know of this game?\n"
                "    kata preset import Airstriker-Genesis\n"
                "  A folder that is called otherwise, and another of its scenarios:\n"
                "    kata preset import data --system nes --game Example --scenario contest.json\n"
                "  Keep it, so that `kata train` finds it:\n"
                "    kata preset import Airstriker-Genesis --store\n"
                "  All that you have of stable-retro, so that a game of it trains at once:\n"
                "    kata preset import stable_retro/data --all\n"
                "  Add a MacroLua script to a preset:\n"
                "    kata preset import fireball.mis --preset Game.kata.json --out New.kata.json\n",
    .values_bytes = sizeof(preset_import_values_t),
    .run = run,
};
