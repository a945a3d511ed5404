/* outcomes.c - see outcomes.h. */
#include "outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "inverse_game.h"
#include "probe_game.h"
#include "similarity_prior.h"
#include "voice.h"

bool outcomes_keep(game_t *game, const float *distances, const preset_outcomes_t *how, why_t why)
{
    char *text = preset_with_outcomes(game->preset, distances, how);
    if (!text)
        return refuse(why, "no memory for the outcomes of %d actions",
                      preset_num_actions(game->preset));
    preset_t *preset;
    const bool ok = preset_parse(&preset, text, strlen(text), "the preset with its outcomes", why);
    free(text);
    if (!ok) return false;
    preset_free(game->preset);
    game->preset = preset;
    return true;
}

bool outcomes_before_training(game_t *game, const learning_options_t *options, bool is_saved,
                              why_t why)
{
    return probe_before_training(game, options, is_saved, why) &&
           inverse_before_training(game, options, is_saved, why);
}

int outcomes_print_kinds(const preset_t *preset, double kinds)
{
    const int32_t num_actions = preset_num_actions(preset);
    float *matrix = malloc((size_t)num_actions * (size_t)num_actions * sizeof *matrix);
    double rho[PRESET_MAX_ACTIONS];
    why_t why;
    if (!matrix) return say_failed("no memory for %d actions", (int)num_actions);
    if (!similarity_from_outcomes(preset, kinds, matrix, why)) {
        free(matrix);
        return say_failed("%s", why);
    }
    const double found = similarity_kinds(num_actions, matrix, rho);
    say("%d moves, about %.0f kinds. Of random moves by kinds, times a uniform share:\n",
        (int)num_actions, found);
    for (int32_t a = 0; a < num_actions; a++) {
        say("  %5.2f  %-28s", num_actions / found / (1 + rho[a]), preset_action(preset, a)->name);
        float *row = matrix + a * num_actions;
        for (int n = 0; n < 3; n++) {
            int32_t best = a;
            for (int32_t b = 0; b < num_actions; b++)
                if (row[b] > row[best]) best = b;
            if (!(row[best] >= 0.005f)) break;
            say("%s %s %.2f", n ? "," : "", preset_action(preset, best)->name, (double)row[best]);
            row[best] = 0;
        }
        say("\n");
    }
    free(matrix);
    return EXIT_OK;
}
