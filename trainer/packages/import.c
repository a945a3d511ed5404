/* import.c - `kata import FILE`: what another sent is shown, checked and put beside one's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "home.h"
#include "package_show.h"
#include "shelf.h"
#include "store.h"
#include "why.h"

typedef struct {
    const char *name;
    bool show, replace;
} import_values_t;

static const option_t rows[] = {
    { "show", OPTION_FLAG, offsetof(import_values_t, show), NULL, 0, 0, "only show what is in it" },
    { "name", OPTION_TEXT, offsetof(import_values_t, name), "NAME", 0, 0,
      "call the agent so [as its maker called it]" },
    { "replace", OPTION_FLAG, offsetof(import_values_t, replace), NULL, 0, 0,
      "even if one of this name, or a preset of this game, is there; your own agent stays" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static int keep_preset(const preset_t *preset, const char *home, bool replace)
{
    char dir[HOME_PATH_BYTES], path[4096];
    why_t why;
    if (snprintf(dir, sizeof dir, "%s/presets", home) >= (int)sizeof dir)
        return say_failed("%.200s: the folder's path is too long", home);
    if (!preset_store(preset, dir, replace, path, why))
        return say_failed("%s%s", why, replace ? "" : " (--replace)");
    printf("\nsaved %s\n", path);
    return EXIT_OK;
}

static int keep(const package_t *package, const char *source, const preset_t *preset,
                const import_values_t *v)
{
    char home[HOME_PATH_BYTES], dir[HOME_PATH_BYTES];
    why_t why;
    const char *name = v->name ? v->name : package->name;
    if (!home_for_writing(home, why)) return say_failed("%s", why);
    if (!package->has_agent) return keep_preset(preset, home, v->replace);
    if (!shelf_store(package, source, home, name, v->replace, dir, why))
        return say_failed("%s", why);
    printf("\nsaved %s\n", dir);
    printf("Watch it with `kata play ROM --agent %s`, rate it with `kata eval ROM --agent %s`.\n",
           name, name);
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const import_values_t *v = values;
    package_t *package = calloc(1, sizeof *package);
    preset_t *preset = NULL;
    why_t why;
    if (!package) return say_failed("no memory to import");
    int status = EXIT_OK;
    if (!package_read(package, arguments[0], why) ||
        !shelf_check(package, arguments[0], &preset, why))
        status = say_failed("%s", why);
    if (status == EXIT_OK) {
        package_show(package);
        fflush(stdout);
        if (v->show)
            puts("\nNothing is saved.");
        else
            status = keep(package, arguments[0], preset, v);
    }
    preset_free(preset);
    package_free(package);
    free(package);
    return status;
}

const command_t command_import = {
    .name = "import",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "what another sent: shown, checked, put beside your own",
    .about =
        "Reads a .kata file of `kata export`, shows what is in it and stores it: the agent beside\n"
        "yours, <home>/<system>-<sha1>/agents/<name>, with the preset that it was trained with; a\n"
        "file without an agent as a preset of your library. Yours is never replaced. A file that\n"
        "is cut, altered or too large, that holds anything else, or whose agent does not fit its\n"
        "preset, is refused, and nothing is changed.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  What is in it?\n"
                "    kata import ryu.kata --show\n"
                "  Keep it, under another name:\n"
                "    kata import ryu.kata --name kens-ryu\n",
    .values_bytes = sizeof(import_values_t),
    .run = run,
};
