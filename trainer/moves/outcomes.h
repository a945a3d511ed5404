/* outcomes.h - what actions do, found by a probe or an inverse model: found before a training, kept
 * in the game's preset, said. */
#ifndef TRAINER_OUTCOMES_H
#define TRAINER_OUTCOMES_H

#include <stdbool.h>

#include "game.h"
#include "learning_options.h"
#include "preset.h"
#include "why.h"

/* game->preset is replaced by the same with these distances (A, A), found as `how` says. False:
 * nothing was changed. */
bool outcomes_keep(game_t *game, const float *distances, const preset_outcomes_t *how, why_t why);

/* Before a training of a new agent: probe_before_training() or inverse_before_training(), as its
 * similarity is to begin; nothing where it begins otherwise. False: `why` says it. */
bool outcomes_before_training(game_t *game, const learning_options_t *options, bool is_saved,
                              why_t why);

/* Each action with its share of random moves by kinds, and the three that are most like it. kinds:
 * as in similarity_from_outcomes(). Returns an exit status. */
int outcomes_print_kinds(const preset_t *preset, double kinds);

#endif
