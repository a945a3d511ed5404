/* similarity_probe_command.c - `kata similarity probe ROM`: which actions do the same? */
#include <stdio.h>

#include "commands.h"
#include "game.h"
#include "interrupt.h"
#include "numbers.h"
#include "outcomes.h"
#include "preset_file.h"
#include "probe_game.h"
#include "voice.h"
#include "why.h"

typedef struct {
    game_options_t game;
    probe_options_t probe;
    const char *out;
    double kinds;
    bool replace;
} similarity_probe_values_t;

#define AT(field) offsetof(similarity_probe_values_t, field)

static const option_t rows[] = {
    { "states", OPTION_COUNT, AT(probe.states), "N", 1, SIMILARITY_PROBE_MAX_STATES,
      "savestates of random play, from each of which every action is tried" },
    { "horizon", OPTION_COUNT, AT(probe.horizon), "FRAMES", SIMILARITY_PROBE_MOMENTS,
      SIMILARITY_PROBE_MAX_HORIZON, "for so long what comes out is looked at" },
    { "seconds", OPTION_REAL, AT(probe.seconds), "X", 0, 1e6,
      "then no further state is begun; 0: all are" },
    { "seed", OPTION_COUNT, AT(probe.seed), "N", 0, 1e15, "of the states" },
    { "workers", OPTION_COUNT, AT(probe.workers), "N", 1, 256,
      "games at once [as many as there are cores]" },
    { "kinds", OPTION_REAL, AT(kinds), "X", 0, PRESET_MAX_ACTIONS,
      "how many kinds the list is to make of them; 0: 2 times the root of their number" },
    { "out", OPTION_TEXT, AT(out), "FILE", 0, 0, "save the preset with the outcomes there" },
    { "replace", OPTION_FLAG, AT(replace), NULL, 0, 0, "with --out: even if the file is there" },
};
static const option_group_t groups[] = {
    { "The probe", rows, sizeof rows / sizeof rows[0], 0 },
    { "The game", game_option_rows, GAME_NUM_OPTION_ROWS, AT(game) },
};

static void defaults(void *values)
{
    similarity_probe_values_t *v = values;
    probe_options_defaults(&v->probe);
    v->game.port = 1;
}

static int probe(game_t *game, const similarity_probe_values_t *v)
{
    similarity_probe_result_t result;
    char frames[NUMBERS_BYTES];
    why_t why;
    size_t num_bytes;
    interrupt_catch();
    if (!probe_game(game, &v->probe, &result, why)) {
        const int failed = say_failed("%s", why);
        return interrupt_asked() ? EXIT_INTERRUPTED : failed;
    }
    say("%s on %s: every action from %d states, %s frames in %.1f s.\n", preset_game(game->preset),
        game->core_name, (int)result.num_states, numbers_grouped(frames, result.frames),
        result.seconds);
    const int status = outcomes_print_kinds(game->preset, v->kinds);
    fflush(voice_out());
    if (status != EXIT_OK || !v->out) return status;
    const char *text = preset_text(game->preset, &num_bytes);
    return preset_file_save(v->out, text, num_bytes, v->replace);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const similarity_probe_values_t *v = values;
    game_t game = { 0 };
    why_t why;
    if (v->replace && !v->out) return say_usage("similarity probe: --replace needs --out FILE");
    if (!game_open(&game, arguments[0], &v->game, GAME_TO_EXPLORE, why))
        return say_failed("%s", why);
    const int status = probe(&game, v);
    game_close(&game);
    return status;
}

const command_t command_similarity_probe = {
    .name = "similarity probe",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "which moves do the same? Every one is tried from savestates",
    .about =
        "Plays at random to a few savestates, tries every action from each, and compares what\n"
        "comes out: the preset's variables and the picture, until a fixed horizon. No reward is\n"
        "looked at. It prints how many kinds of moves there are and which are alike, and with\n"
        "--out saves the preset with the distances, for `kata train --similarity probe`. The\n"
        "same states come out with any number of workers, as far as the seconds go. Needs a\n"
        "core with savestates.",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples =
        "  Which of 240 actions are special?\n"
        "    kata similarity probe kumite.nes --preset K240.kata.json --out P240.kata.json\n"
        "    kata train kumite.nes --preset P240.kata.json --similarity probe\n",
    .values_bytes = sizeof(similarity_probe_values_t),
    .defaults = defaults,
    .run = run,
};
