/* preset_index.c - `kata preset index DIR`: the library's list of games, made or held against what
 * is there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "files.h"
#include "home.h"
#include "library_index.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    bool check;
} preset_index_values_t;

static const option_t rows[] = {
    { "check", OPTION_FLAG, offsetof(preset_index_values_t, check), NULL, 0, 0,
      "change nothing; exit status 1 if it is not what it should be" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };
enum { INDEX_MAX_BYTES = 64 << 20 };

/* The first line in which they differ, for whoever wonders. */
static int say_difference(const char *path, const char *found, const char *wanted)
{
    int line = 1;
    while (*found && *found == *wanted) {
        line += *found == '\n';
        found++, wanted++;
    }
    return say_failed("%.300s: it is not of the presets that are there, from line %d on; `kata "
                      "preset index` makes it anew",
                      path, line);
}

static int check(const char *path, const char *text)
{
    uint8_t *found;
    size_t num_bytes;
    why_t why;
    if (!files_read(path, INDEX_MAX_BYTES, &found, &num_bytes, why)) return say_failed("%s", why);
    int status = EXIT_OK;
    if (strcmp((const char *)found, text) != 0)
        status = say_difference(path, (const char *)found, text);
    else
        printf("%s is of the presets that are there\n", path);
    free(found);
    return status;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const preset_index_values_t *v = values;
    const char *library = num_arguments > 0 ? arguments[0] : "presets/library";
    char path[HOME_PATH_BYTES];
    size_t num_bytes;
    why_t why;
    if (!home_join(path, library, LIBRARY_INDEX_NAME, why)) return say_failed("%s", why);
    char *text = library_index(library, &num_bytes, why);
    if (!text) return say_failed("%s", why);
    const int status = v->check ? check(path, text) : preset_file_save(path, text, num_bytes, true);
    free(text);
    return status;
}

const command_t command_preset_index = {
    .name = "preset index",
    .arguments = "[DIR]",
    .max_arguments = 1,
    .summary = "the library's index.json: names, systems and hashes of its games",
    .about =
        "DIR has a folder a system with presets in them; presets/library by default. A line a\n"
        "preset, in the order of the files: game, system, aliases, the dumps' digests, the\n"
        "SHA-1 of the preset's canonical form, how many macros and starts it has, by how many\n"
        "it was tried. Whoever adds a game makes it anew; `make check` does --check.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  After a preset was added or changed:\n"
                "    kata preset index presets/library\n"
                "  Which file is for this dump?\n"
                "    tail -n +2 presets/library/index.json | grep 87e536b900db\n",
    .values_bytes = sizeof(preset_index_values_t),
    .run = run,
};
