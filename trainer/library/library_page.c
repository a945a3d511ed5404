/* library_page.c - `kata library page --out DIR`: the library as one page, searched in a browser.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "builtin.h"
#include "commands.h"
#include "files.h"
#include "home.h"
#include "page_game.h"
#include "store.h"
#include "why.h"

typedef struct {
    const char *out;
} library_page_values_t;

static const option_t rows[] = {
    { "out", OPTION_TEXT, offsetof(library_page_values_t, out), "DIR", 0, 0,
      "write DIR/index.html there" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

typedef struct {
    FILE *out;
    const char *folder;
    int32_t num_games;
} page_walk_t;

static bool add_file(void *context, const char *path, preset_t *preset, const char *why)
{
    page_walk_t *walk = context;
    if (!preset) {
        say_failed("passed over: %s", why);
        return true;
    }
    const char *file = path + strlen(walk->folder);
    while (*file == '/') file++;
    page_game(walk->out, preset, file);
    walk->num_games++;
    return true;
}

static void add_builtins(page_walk_t *walk)
{
    for (int32_t i = 0; i < preset_num_builtins; i++) {
        const preset_builtin_t *file = &preset_builtins[i];
        preset_t *preset;
        if (!preset_parse(&preset, (const char *)file->bytes, file->num_bytes, file->name, NULL))
            continue;
        page_game(walk->out, preset, file->name);
        walk->num_games++;
        preset_free(preset);
    }
}

static int write_page(FILE *out, char *const *folders, int32_t num_folders)
{
    const char *page = (const char *)library_page_html, *games = strstr(page, PAGE_GAMES);
    page_walk_t walk = { .out = out };
    fwrite(page, 1, (size_t)(games - page), out);
    if (num_folders == 0) add_builtins(&walk);
    for (int32_t i = 0; i < num_folders; i++) {
        struct stat status;
        if (stat(folders[i], &status) != 0 || !S_ISDIR(status.st_mode))
            return say_failed("%.300s: it is no folder of presets", folders[i]);
        walk.folder = folders[i];
        preset_walk(folders[i], add_file, &walk);
    }
    fputs(games + strlen(PAGE_GAMES), out);
    if (walk.num_games == 0) return say_failed("%.300s: there is no preset in it", folders[0]);
    printf("%d games\n", (int)walk.num_games);
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const library_page_values_t *v = values;
    char path[HOME_PATH_BYTES];
    why_t why;
    files_writer_t writer;
    if (!v->out) return say_usage("library page: it needs --out DIR");
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be said, not a kill */
    if (!home_join(path, v->out, "index.html", why) || !files_make_dirs(v->out, why) ||
        !files_replace_open(&writer, path, why))
        return say_failed("%s", why);
    const int status = write_page(writer.stream, arguments, num_arguments);
    if (status != EXIT_OK) {
        files_replace_abort(&writer);
        return status;
    }
    if (!files_replace_commit(&writer, why)) return say_failed("%s", why);
    printf("saved %s\n", path);
    return EXIT_OK;
}

const command_t command_library_page = {
    .name = "library page",
    .arguments = "[DIR...]",
    .max_arguments = COMMAND_ANY_NUMBER,
    .summary = "the library as one page, to be searched in a browser",
    .about = "Each game with its moves as arrows, what is known of it, and who tried it on which\n"
             "dump. One file without pictures or network; it searches by itself, for games,\n"
             "systems, moves and hashes, and reads without scripts, too. DIR are folders of\n"
             "presets, <DIR>/<system>/<game>.kata.json, such as a pack's; without one it is the\n"
             "library inside this program. A link ending with #nes/Kumite opens that game, one\n"
             "with #q=236B searches.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  The library that came with Kata:\n"
                "    kata library page --out page\n"
                "  A thousand games of stable-retro (`kata preset import --all`):\n"
                "    kata library page ~/.local/share/kata/packs/stable-retro --out page\n",
    .values_bytes = sizeof(library_page_values_t),
    .run = run,
};
