/* cores.c - `kata cores`: the libretro cores that are installed, and what each opens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "commands.h"
#include "extensions.h"
#include "json_line.h"

typedef struct {
    bool json;
} cores_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(cores_values_t, json), NULL, 0, 0, "one JSON object a core" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

static int width_of(const char *text, int so_far)
{
    const int length = (int)strlen(text);
    return length > so_far ? length : so_far;
}

static void print_json(const catalog_core_t *core)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", core->name);
    cJSON_AddStringToObject(object, "path", core->core_path);
    cJSON_AddStringToObject(object, "display_name", core->display_name);
    cJSON_AddStringToObject(object, "system", core->system_name);
    cJSON_AddStringToObject(object, "extensions", core->extensions);
    cJSON_AddBoolToObject(object, "has_info", core->has_info);
    json_line_print(object);
}

/* "nes|fds|unf" as ".nes .fds .unf", at most `room` characters of it. */
static void print_extensions(const char *extensions, int room)
{
    int used = 0;
    for (const char *at = extensions; *at;) {
        const int word = (int)strcspn(at, "|");
        if (used + word + 2 > room) {
            fputs(" ...", stdout);
            return;
        }
        used += printf("%s.%.*s", used ? " " : "", word, at);
        at += word + (at[word] == '|');
    }
}

static void print_table(const catalog_core_t *const *cores, int32_t num_cores)
{
    int name_width = 4, system_width = 6;
    for (int32_t i = 0; i < num_cores; i++) {
        name_width = width_of(cores[i]->name, name_width);
        system_width = width_of(cores[i]->system_name, system_width);
    }
    printf("%-*s  %-*s  %s\n", name_width, "core", system_width, "system", "opens");
    for (int32_t i = 0; i < num_cores; i++) {
        printf("%-*s  %-*s  ", name_width, cores[i]->name, system_width, cores[i]->system_name);
        if (cores[i]->has_info)
            print_extensions(cores[i]->extensions, 48);
        else
            fputs("? (its .info file is missing)", stdout);
        putchar('\n');
    }
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const cores_values_t *v = values;
    catalog_t catalog;
    if (!catalog_scan_installed(&catalog, NULL))
        return say_failed("there is no memory for the list of cores");

    /* `kata cores game.nes`, `kata cores .nes` and `kata cores nes` ask the same. */
    const char *wanted = num_arguments > 0 ? arguments[0] : NULL;
    const char *dot = wanted ? strrchr(wanted, '.') : NULL;
    if (dot) wanted = dot + 1;

    const catalog_core_t **cores =
        calloc((size_t)catalog.num_cores + 1, sizeof(const catalog_core_t *));
    int32_t num_cores = 0;
    for (int32_t i = 0; cores && i < catalog.num_cores; i++)
        if (!wanted || extension_is_listed(catalog.cores[i].extensions, wanted))
            cores[num_cores++] = &catalog.cores[i];

    int status = EXIT_OK;
    if (num_cores == 0 && wanted)
        status = say_failed("no installed core opens .%.40s files", wanted);
    else if (num_cores == 0)
        status = say_failed("no core is installed where Kata looks; on Debian and Ubuntu: `apt "
                            "install libretro-nestopia libretro-core-info`, or set KATA_CORE_PATH");
    else if (v->json)
        for (int32_t i = 0; i < num_cores; i++) print_json(cores[i]);
    else
        print_table(cores, num_cores);
    free(cores);
    catalog_free(&catalog);
    return status;
}

const command_t command_cores = {
    .name = "cores",
    .arguments = "[ROM|EXTENSION]",
    .max_arguments = 1,
    .summary = "the installed libretro cores and what they open",
    .about = "Lists the cores in the folders where RetroArch and the distribution put them (or in\n"
             "KATA_CORE_PATH), with what their .info files say that they open. For a game, the\n"
             "first of the list is the one that Kata takes; --core of the other commands names\n"
             "another. No core is loaded.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  What is installed?\n"
                "    kata cores\n"
                "  What opens this game?\n"
                "    kata cores game.nes\n",
    .values_bytes = sizeof(cores_values_t),
    .run = run,
};
