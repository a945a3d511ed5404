/* macros_mine.c - `kata macros mine FILE...`: the moves that people play, out of what they held. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "import.h"
#include "json_line.h"
#include "mine.h"
#include "mined.h"
#include "numbers.h"
#include "preset_file.h"
#include "recorded.h"
#include "voice.h"
#include "why.h"

enum { SHOWN_STEPS_BYTES = 56 };

typedef struct {
    const char *preset, *out;
    int64_t port, top, jitter;
    int32_t facing;
    bool json, replace;
} macros_mine_values_t;

enum { FACING_UNKNOWN, FACING_RIGHT };

static const option_t rows[] = {
    { "preset", OPTION_TEXT, offsetof(macros_mine_values_t, preset), "FILE", 0, 0,
      "the game's own buttons and moves; moves that it has are marked" },
    { "port", OPTION_COUNT, offsetof(macros_mine_values_t, port), "N", 1, RECORDING_MAX_PORTS,
      "only this player's pad [all]" },
    { "top", OPTION_COUNT, offsetof(macros_mine_values_t, top), "N", 1, IMPORT_MAX_MACROS,
      "show and save so many" },
    { "jitter", OPTION_COUNT, offsetof(macros_mine_values_t, jitter), "FRAMES", 0, MINE_MAX_JITTER,
      "a step may be so much longer or shorter each time" },
    { "facing", OPTION_CHOICE, offsetof(macros_mine_values_t, facing), "unknown|right", 0, 0,
      "right: the fighter always looks right [as the file says]" },
    { "json", OPTION_FLAG, offsetof(macros_mine_values_t, json), NULL, 0, 0,
      "one JSON object a macro" },
    { "out", OPTION_TEXT, offsetof(macros_mine_values_t, out), "FILE", 0, 0,
      "save the preset with the macros that are new to it" },
    { "replace", OPTION_FLAG, offsetof(macros_mine_values_t, replace), NULL, 0, 0,
      "with --out: even if the file is there" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    macros_mine_values_t *v = values;
    v->top = 20;
    v->jitter = 2;
    v->facing = -1;
    v->port = OPTION_UNSET;
}

/* Everything that is looked at. */
typedef struct {
    recorded_t recorded;
    preset_t *preset; /* or NULL */
    macro_language_t language;
    mine_t mine;
} work_t;

static int find_macros(work_t *work, const macros_mine_values_t *v)
{
    mine_options_t options;
    why_t why;
    mine_options_defaults(&options, &work->language);
    options.jitter_frames = (int32_t)v->jitter;
    options.max_macros = (int32_t)v->top;
    options.facing_unknown =
        v->facing == FACING_UNKNOWN || (v->facing < 0 && work->recorded.recordings[0].facing == 0);
    if (!mine_macros(&work->mine, work->recorded.tracks, work->recorded.num_tracks, &options, why))
        return say_failed("%s", why);
    return EXIT_OK;
}

static const char *known_as(const work_t *work, const mine_macro_t *macro)
{
    return mined_known_as(work->preset, &work->language, macro);
}

/* ---- showing ---- */

static void print_macro(const work_t *work, const mine_macro_t *macro)
{
    char name[sizeof macro->name + sizeof macro->family + 8], steps[SHOWN_STEPS_BYTES + 8];
    const char *known = known_as(work, macro);
    snprintf(name, sizeof name, "%s%s%s%s", macro->name[0] ? macro->name : "-",
             macro->family[0] ? " (" : "", macro->family, macro->family[0] ? ")" : "");
    snprintf(steps, sizeof steps, "%.*s%s", SHOWN_STEPS_BYTES, macro->macro.notation,
             strlen(macro->macro.notation) > SHOWN_STEPS_BYTES ? "..." : "");
    say("  %-20s %6d %7d %9.0f  %s%s%s\n", name, macro->count, macro->macro.num_frames,
        macro->bits_saved, steps, known ? "  = " : "", known ? known : "");
}

static void print_table(const work_t *work)
{
    char frames[NUMBERS_BYTES];
    const mine_t *mine = &work->mine;
    numbers_grouped(frames, (uint64_t)work->recorded.num_frames);
    say("%s frames, %d changes of the pads, %.0f bits\n", frames, mine->num_runs, mine->bits);
    if (mine->num_macros == 0) {
        say("nothing repeats often enough to be a macro\n");
        return;
    }
    say("\n  %-20s %6s %7s %9s  %s\n", "macro", "played", "frames", "bits", "steps");
    for (int32_t m = 0; m < mine->num_macros; m++) print_macro(work, &mine->macros[m]);
}

static void print_json(const work_t *work)
{
    for (int32_t m = 0; m < work->mine.num_macros; m++) {
        const mine_macro_t *macro = &work->mine.macros[m];
        const char *known = known_as(work, macro);
        cJSON *object = cJSON_CreateObject();
        if (macro->name[0]) cJSON_AddStringToObject(object, "notation", macro->name);
        if (macro->family[0]) cJSON_AddStringToObject(object, "family", macro->family);
        cJSON_AddStringToObject(object, "steps", macro->macro.notation);
        json_line_add_number(object, "count", 0, macro->count);
        json_line_add_number(object, "mirrored", 0, macro->num_mirrored);
        json_line_add_number(object, "variants", 0, macro->num_variants);
        json_line_add_number(object, "frames", 0, macro->macro.num_frames);
        json_line_add_number(object, "bits_saved", 1, macro->bits_saved);
        if (known) cJSON_AddStringToObject(object, "known_as", known);
        json_line_print(object);
    }
}

/* ---- keeping ---- */

static int save_preset(const work_t *work, const macros_mine_values_t *v)
{
    import_macros_t *macros = calloc(1, sizeof *macros);
    why_t why;
    if (!macros) return say_failed("no memory for a preset");
    mined_new(macros, &work->mine, work->preset, work->mine.num_macros);
    int status = EXIT_OK;
    if (macros->num_macros == 0) {
        status = say_failed("there is no macro in it that %.200s has not", v->preset);
    } else {
        char *text = preset_with_macros(work->preset, macros, why);
        status =
            text ? preset_file_save(v->out, text, strlen(text), v->replace) : say_failed("%s", why);
        free(text);
    }
    free(macros);
    return status;
}

/* ---- the command ---- */

static int mine(work_t *work, const macros_mine_values_t *v, char *const *paths, int32_t num_paths)
{
    why_t why;
    macro_language_defaults(&work->language);
    if (v->preset) {
        if (!preset_load(&work->preset, v->preset, why)) return say_failed("%s", why);
        work->language = *preset_language(work->preset);
    }
    if (!recorded_read(&work->recorded, paths, num_paths, v->port, why))
        return say_failed("%s", why);
    const int status = find_macros(work, v);
    if (status != EXIT_OK) return status;
    if (v->json)
        print_json(work);
    else
        print_table(work);
    fflush(voice_out());
    return v->out ? save_preset(work, v) : EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const macros_mine_values_t *v = values;
    if (v->out && !v->preset)
        return say_usage("macros mine: --out needs --preset FILE, to which the macros are added");
    if (v->replace && !v->out) return say_usage("macros mine: --replace needs --out FILE");
    work_t *work = calloc(1, sizeof *work);
    if (!work) return say_failed("no memory for %d recordings", num_arguments);
    const int status = mine(work, v, arguments, num_arguments);
    recorded_free(&work->recorded);
    mine_free(&work->mine);
    preset_free(work->preset);
    free(work);
    return status;
}

const command_t command_macros_mine = {
    .name = "macros mine",
    .arguments = "FILE...",
    .min_arguments = 1,
    .max_arguments = COMMAND_ANY_NUMBER,
    .summary = "finds the moves that people, or agents, play in recordings",
    .about =
        "FILE is any recording that `kata recording show` reads. A macro is a sequence of pads\n"
        "that comes again, give or take a few frames, either way round. The best are those\n"
        "that shorten its description most; \"bits\" says by how much. With --out the\n"
        "preset gets those that it does not know, timed as they were played. An agent's own\n"
        "rounds are recorded by `kata eval --record DIR`, the best first; `kata train --mine N`\n"
        "does both.",
    .groups = groups,
    .num_groups = 1,
    .examples =
        "  Which moves did I play?\n"
        "    kata macros mine run.kata-recording --preset Game.kata.json\n"
        "  What does my agent repeat in its best rounds?\n"
        "    kata eval game.nes --record rounds\n"
        "    kata macros mine rounds/00*.kata-recording --preset Game.kata.json --jitter 0\n"
        "  Teach them to the agent:\n"
        "    kata macros mine *.bk2 --preset Game.kata.json --top 8 --out New.kata.json\n"
        "    kata train game.nes --preset New.kata.json --fresh\n",
    .values_bytes = sizeof(macros_mine_values_t),
    .defaults = defaults,
    .run = run,
};
