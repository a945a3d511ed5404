/* similarity_inverse_command.c - `kata similarity inverse ROM`: which actions do the same, by what
 * follows them? */
#include <stdio.h>

#include "commands.h"
#include "game.h"
#include "interrupt.h"
#include "inverse_game.h"
#include "outcomes.h"
#include "preset_file.h"
#include "voice.h"
#include "why.h"

typedef struct {
    game_options_t game;
    inverse_options_t inverse;
    const char *out;
    double kinds;
    bool replace;
} similarity_inverse_values_t;

#define AT(field) offsetof(similarity_inverse_values_t, field)

static const option_t rows[] = {
    { "decisions", OPTION_COUNT, AT(inverse.decisions), "N", SIMILARITY_INVERSE_MIN_DECISIONS,
      SIMILARITY_INVERSE_MAX_DECISIONS, "of random play, that are learned from" },
    { "seconds", OPTION_REAL, AT(inverse.seconds), "X", 0, 1e6,
      "of play, then it learns from what there is; 0: all decisions are played" },
    { "seed", OPTION_COUNT, AT(inverse.seed), "N", 0, 1e15, "of the play and of the model" },
    { "workers", OPTION_COUNT, AT(inverse.workers), "N", 1, 256,
      "games at once [as many as there are cores]" },
    { "kinds", OPTION_REAL, AT(kinds), "X", 0, PRESET_MAX_ACTIONS,
      "how many kinds the list is to make of them; 0: 2 times the root of their number" },
    { "out", OPTION_TEXT, AT(out), "FILE", 0, 0, "save the preset with the outcomes there" },
    { "replace", OPTION_FLAG, AT(replace), NULL, 0, 0, "with --out: even if the file is there" },
};
static const option_group_t groups[] = {
    { "The play", rows, sizeof rows / sizeof rows[0], 0 },
    { "The game", game_option_rows, GAME_NUM_OPTION_ROWS, AT(game) },
};

static void defaults(void *values)
{
    similarity_inverse_values_t *v = values;
    inverse_options_defaults(&v->inverse);
    v->game.port = 1;
}

static int inverse(game_t *game, const similarity_inverse_values_t *v)
{
    similarity_inverse_result_t result;
    char said[400];
    why_t why;
    size_t num_bytes;
    interrupt_catch();
    if (!inverse_game(game, &v->inverse, &result, why)) {
        const int failed = say_failed("%s", why);
        return interrupt_asked() ? EXIT_INTERRUPTED : failed;
    }
    inverse_game_text(said, sizeof said, &result);
    say("%s on %s: %s.\n", preset_game(game->preset), game->core_name, said);
    const int status = outcomes_print_kinds(game->preset, v->kinds);
    fflush(voice_out());
    if (status != EXIT_OK || !v->out) return status;
    const char *text = preset_text(game->preset, &num_bytes);
    return preset_file_save(v->out, text, num_bytes, v->replace);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const similarity_inverse_values_t *v = values;
    game_t game = { 0 };
    why_t why;
    if (v->replace && !v->out) return say_usage("similarity inverse: --replace needs --out FILE");
    if (!game_open(&game, arguments[0], &v->game, GAME_TO_EXPLORE, why))
        return say_failed("%s", why);
    const int status = inverse(&game, v);
    game_close(&game);
    return status;
}

const command_t command_similarity_inverse = {
    .name = "similarity inverse",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "which moves do the same, by random play, where no state can be saved?",
    .about =
        "Plays at random and learns which action it was from what was seen before and behind it:\n"
        "the numbers that the preset's `observe` lists, else the picture. Actions that are taken\n"
        "for each other do the same. No reward is looked at. It prints how many kinds of moves\n"
        "there are and which are alike, and with --out saves the preset with the distances, for\n"
        "`kata train --similarity inverse`. The same decisions come out with any number of\n"
        "workers, as far as the seconds go. No savestate is needed; where the core has them,\n"
        "`kata similarity probe` finds more.",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples =
        "  Which of a preset's actions do the same?\n"
        "    kata similarity inverse kumite.nes --decisions 20000 --seconds 0 --out K.kata.json\n"
        "    kata train kumite.nes --preset K.kata.json --similarity inverse\n",
    .values_bytes = sizeof(similarity_inverse_values_t),
    .defaults = defaults,
    .run = run,
};
