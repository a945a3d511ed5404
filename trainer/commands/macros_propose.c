/* macros_propose.c - `kata macros propose GAME --count N`: more actions for a game. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "game.h"
#include "preset_file.h"
#include "propose.h"
#include "recorded.h"
#include "voice.h"
#include "why.h"

typedef struct {
    const char *preset, *out;
    int64_t count, seed;
    bool random, replace;
} macros_propose_values_t;

static const option_t rows[] = {
    { "count", OPTION_COUNT, offsetof(macros_propose_values_t, count), "N", 1, PRESET_MAX_ACTIONS,
      "actions of the new preset, the game's own among them" },
    { "seed", OPTION_COUNT, offsetof(macros_propose_values_t, seed), "N", 0, 1e15,
      "of the random sequences" },
    { "random", OPTION_FLAG, offsetof(macros_propose_values_t, random), NULL, 0, 0,
      "behind the game's own only random sequences, no motions and directions" },
    { "preset", OPTION_TEXT, offsetof(macros_propose_values_t, preset), "FILE", 0, 0,
      "what to know of the game [found by its hash]" },
    { "out", OPTION_TEXT, offsetof(macros_propose_values_t, out), "FILE", 0, 0,
      "save the preset with them there [list them]" },
    { "replace", OPTION_FLAG, offsetof(macros_propose_values_t, replace), NULL, 0, 0,
      "with --out: even if the file is there" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    macros_propose_values_t *v = values;
    v->count = 128;
    v->seed = 1;
}

/* ---- which game ---- */

static bool is_preset(const char *path)
{
    const size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".json") == 0;
}

static bool find_preset(preset_t **preset, const macros_propose_values_t *v, const char *named,
                        why_t why)
{
    game_t game;
    char path[HOME_PATH_BYTES];
    why_t cause = "";
    if (is_preset(named)) {
        if (v->preset) return refuse(why, "%.200s is a preset already: leave out --preset", named);
        return preset_load(preset, named, why);
    }
    if (!game_identify(&game, named, why)) return false;
    if (v->preset) return preset_load(preset, v->preset, why);
    *preset = game_find_preset(&game, path, cause);
    if (*preset) return true;
    return refuse(why, "%.200s: no preset describes this game%s%.200s; name one with --preset",
                  named, cause[0] ? ": " : "", cause);
}

/* ---- what it has ---- */

typedef struct {
    const macros_propose_values_t *values;
    preset_t *preset;
    recorded_t recorded;
    mine_t mine;
    int32_t num_known;
    const macro_t *known[PRESET_MAX_ACTIONS];
    const char *known_names[PRESET_MAX_ACTIONS];
    bool dropped[PRESET_MAX_ACTIONS];
    const char *same[PRESET_MAX_ACTIONS]; /* of one that is dropped: what does the same */
    propose_t proposed;
} proposal_t;

/* The earlier one that does the same, or NULL; what is not mirrored is something else. */
static const char *earlier_same(const preset_t *preset, int32_t action)
{
    const preset_action_t *later = preset_action(preset, action);
    for (int32_t a = 0; a < action; a++) {
        const preset_action_t *other = preset_action(preset, a);
        if (other->mirrors == later->mirrors &&
            propose_same_effect(&other->macro, &later->macro, preset_frame_skip(preset)))
            return other->name;
    }
    return NULL;
}

static void take_known(proposal_t *work)
{
    for (int32_t a = 0; a < preset_num_actions(work->preset); a++) {
        const preset_action_t *action = preset_action(work->preset, a);
        work->same[a] = earlier_same(work->preset, a);
        work->dropped[a] = work->same[a] != NULL;
        if (work->dropped[a]) continue;
        work->known[work->num_known] = &action->macro;
        work->known_names[work->num_known++] = action->name;
    }
}

static bool mine(proposal_t *work, char *const *paths, int32_t num_paths, why_t why)
{
    mine_options_t options;
    if (num_paths == 0) return true;
    if (!recorded_read(&work->recorded, paths, num_paths, OPTION_UNSET, why)) return false;
    mine_options_defaults(&options, preset_language(work->preset));
    options.facing_unknown = work->recorded.recordings[0].facing == 0;
    return mine_macros(&work->mine, work->recorded.tracks, work->recorded.num_tracks, &options,
                       why);
}

static bool propose(proposal_t *work, why_t why)
{
    const macros_propose_values_t *v = work->values;
    if (v->count < work->num_known)
        return refuse(why, "--count %d: %.64s has %d different actions already", (int)v->count,
                      preset_game(work->preset), (int)work->num_known);
    const propose_options_t options = { .language = preset_language(work->preset),
                                        .frames_per_step = preset_frame_skip(work->preset),
                                        .known = work->known,
                                        .known_names = work->known_names,
                                        .num_known = work->num_known,
                                        .recorded = &work->mine,
                                        .count = (int32_t)v->count - work->num_known,
                                        .random_only = v->random,
                                        .seed = (uint64_t)v->seed };
    return propose_macros(&work->proposed, &options, why);
}

/* ---- showing and keeping ---- */

static void print_summary(const proposal_t *work)
{
    static const char *const names[PROPOSE_NUM_SOURCES] = { "motions", "directions",
                                                            "from recordings", "random sequences" };
    int32_t counts[PROPOSE_NUM_SOURCES] = { 0 };
    const propose_t *proposed = &work->proposed;
    for (int32_t m = 0; m < proposed->num_macros; m++) counts[proposed->list[m].source]++;
    say("%s: %d actions, %d of its own", preset_game(work->preset),
        (int)(work->num_known + proposed->num_macros), (int)work->num_known);
    for (int32_t s = 0; s < PROPOSE_NUM_SOURCES; s++)
        if (counts[s] > 0) say(", %d %s", (int)counts[s], names[s]);
    say("\n");
    for (int32_t a = 0; a < preset_num_actions(work->preset); a++)
        if (work->dropped[a])
            say("  left out: %s does what %s does\n", preset_action(work->preset, a)->name,
                work->same[a]);
    for (int32_t d = 0; d < proposed->num_duplicates; d++)
        say("  left out: %s does what %s does\n", proposed->duplicates[d].name,
            proposed->duplicates[d].of);
}

static int save(const proposal_t *work)
{
    why_t why;
    preset_new_macro_t macros[PRESET_MAX_ACTIONS];
    const propose_t *proposed = &work->proposed;
    for (int32_t m = 0; m < proposed->num_macros; m++)
        macros[m] =
            (preset_new_macro_t){ proposed->list[m].name, proposed->list[m].macro.notation };
    char *text =
        preset_with_actions(work->preset, work->dropped, macros, proposed->num_macros, why);
    if (!text) return say_failed("%s", why);
    const int status =
        preset_file_save(work->values->out, text, strlen(text), work->values->replace);
    free(text);
    return status;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const macros_propose_values_t *v = values;
    why_t why;
    if (v->replace && !v->out) return say_usage("macros propose: --replace needs --out FILE");
    proposal_t *work = calloc(1, sizeof *work);
    if (!work) return say_failed("no memory for a list of actions");
    work->values = v;
    int status = EXIT_OK;
    if (!find_preset(&work->preset, v, arguments[0], why) ||
        !mine(work, arguments + 1, num_arguments - 1, why) ||
        (take_known(work), !propose(work, why)))
        status = say_failed("%s", why);
    if (status == EXIT_OK) {
        print_summary(work);
        for (int32_t m = 0; m < work->proposed.num_macros && !v->out; m++)
            say("  %-24s %s\n", work->proposed.list[m].name, work->proposed.list[m].macro.notation);
        fflush(voice_out());
        if (v->out) status = save(work);
    }
    propose_free(&work->proposed);
    mine_free(&work->mine);
    recorded_free(&work->recorded);
    preset_free(work->preset);
    free(work);
    return status;
}

const command_t command_macros_propose = {
    .name = "macros propose",
    .arguments = "GAME [RECORDING...]",
    .min_arguments = 1,
    .max_arguments = COMMAND_ANY_NUMBER,
    .summary = "a longer list of actions for a game, most of them useless",
    .about =
        "GAME is a ROM or a preset's file. The new preset has the game's own actions, then the\n"
        "motions that people use with each button, then directions with and without each button\n"
        "for half a step to three steps, then what the recordings hold, then random sequences\n"
        "of pads until there are N. What does the same to the pad as an earlier action, frame by\n"
        "frame in whole steps, is left out, and it says so. The same options make the same list.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Can an agent find what is useful among 240 actions?\n"
                "    kata macros propose kumite.nes --count 240 --out K240.kata.json\n"
                "    kata train kumite.nes --preset K240.kata.json --similarity probe --dir /tmp/k240\n"
                "  With what people played:\n"
                "    kata macros propose game.nes run.bk2 --count 64 --out Game64.kata.json\n",
    .values_bytes = sizeof(macros_propose_values_t),
    .defaults = defaults,
    .run = run,
};
