/* preset_lint.c - `kata preset lint FILE|DIR...`: what a reviewer of the library would say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "json_line.h"
#include "lint.h"
#include "store.h"

typedef struct {
    bool json, rules;
} preset_lint_values_t;

static const option_t rows[] = {
    { "rules", OPTION_FLAG, offsetof(preset_lint_values_t, rules), NULL, 0, 0,
      "list the rules, and look at nothing" },
    { "json", OPTION_FLAG, offsetof(preset_lint_values_t, json), NULL, 0, 0,
      "one JSON object a finding" },
};
static const option_group_t groups[] = { { "Options", rows, 2, 0 } };

typedef struct {
    lint_t lint;
    const char *library; /* that is walked */
} lint_walk_t;

static void say_words(void *context, const lint_finding_t *f)
{
    (void)context;
    printf("%s: %s (%s): %s\n    write %s\n", f->path, f->rule, f->must ? "must" : "should",
           f->found, f->write);
}

static void say_json(void *context, const lint_finding_t *f)
{
    (void)context;
    cJSON *object = cJSON_CreateObject();
    json_line_add_text(object, "file", f->path);
    json_line_add_text(object, "rule", f->rule);
    cJSON_AddBoolToObject(object, "must", f->must);
    json_line_add_text(object, "found", f->found);
    json_line_add_text(object, "write", f->write);
    json_line_print(object);
}

static bool visit(void *context, const char *path, preset_t *preset, const char *why)
{
    lint_walk_t *walk = context;
    (void)preset, (void)why; /* it is loaded again: once a file, and lint.h needs no more */
    lint_file(&walk->lint, path, walk->library);
    return true;
}

static int list_rules(void)
{
    bool must;
    const char *what, *name;
    for (int32_t i = 0; (name = lint_rule(i, &must, &what)); i++)
        printf("%-14s%-8s%s\n", name, must ? "must" : "should", what);
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const preset_lint_values_t *v = values;
    if (v->rules && num_arguments == 0) return list_rules();
    if (num_arguments == 0 || v->rules)
        return say_usage(v->rules ? "preset lint: --rules looks at no file"
                                  : "preset lint: it needs FILE or DIR; --rules lists the rules");
    lint_walk_t walk = { .lint = { .say = v->json ? say_json : say_words } };
    for (int32_t i = 0; i < num_arguments; i++) {
        struct stat status;
        const bool is_dir = stat(arguments[i], &status) == 0 && S_ISDIR(status.st_mode);
        walk.library = is_dir ? arguments[i] : NULL;
        if (is_dir)
            preset_walk(arguments[i], visit, &walk);
        else
            lint_file(&walk.lint, arguments[i], NULL);
    }
    const lint_t *lint = &walk.lint;
    lint_end(&walk.lint);
    if (lint->num_files == 0) return say_failed("%.300s: there is no preset in it", arguments[0]);
    if (!v->json)
        printf("%d presets: %d findings that must be mended, %d that should\n",
               (int)lint->num_files, (int)lint->num_must, (int)lint->num_should);
    return lint->num_must > 0 ? EXIT_FAILED : EXIT_OK;
}

const command_t command_preset_lint = {
    .name = "preset lint",
    .arguments = "FILE|DIR...",
    .max_arguments = COMMAND_ANY_NUMBER,
    .summary = "what a reviewer of the library would say of presets",
    .about =
        "Each finding names the file, the rule and what to write instead. Of a DIR, its layout\n"
        "<system>/<game>.kata.json is looked at, too, and that no two are for the same dump. The\n"
        "exit status is 1 if something must be mended; what should be may have a reason. What\n"
        "happens to a preset that is sent: presets/CONTRIBUTING.md.\n"
        "--json: file, rule, must, found, write.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Is my preset fit for the library?\n"
                "    kata preset lint Game.kata.json\n"
                "  The whole library, as `make check` does it:\n"
                "    kata preset lint presets/library\n"
                "  What is looked at:\n"
                "    kata preset lint --rules\n",
    .values_bytes = sizeof(preset_lint_values_t),
    .run = run,
};
