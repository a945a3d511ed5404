/* probe_game.h - a game's actions tried out from savestates, and the outcomes put into its preset.
 */
#ifndef TRAINER_PROBE_GAME_H
#define TRAINER_PROBE_GAME_H

#include <stdbool.h>
#include <stdint.h>

#include "game.h"
#include "learning_options.h"
#include "similarity_probe.h"
#include "why.h"

typedef struct {
    int64_t states, horizon, seed, workers; /* workers: OPTION_UNSET: one a core */
    double seconds;                         /* 0: as long as the states take */
} probe_options_t;

/* 40 states, 60 frames, seed 1, a minute. */
void probe_options_defaults(probe_options_t *options);

/* Probe (similarity_probe.h) with a line of progress; game->preset is replaced by the same with the
 * outcomes. False: nothing was changed. */
bool probe_game(game_t *game, const probe_options_t *options, similarity_probe_result_t *result,
                why_t why);

/* Before a training of a new agent whose similarity begins with a probe: do it, unless the preset
 * has outcomes of a probe or `is_saved` says that there is an agent to go on with. */
bool probe_before_training(game_t *game, const learning_options_t *options, bool is_saved,
                           why_t why);

#endif
