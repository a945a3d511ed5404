/* inverse_game.h - a game played at random, and what an inverse model finds of its actions put into
 * its preset, as outcomes. */
#ifndef TRAINER_INVERSE_GAME_H
#define TRAINER_INVERSE_GAME_H

#include <stdbool.h>
#include <stdint.h>

#include "game.h"
#include "learning_options.h"
#include "similarity_inverse.h"
#include "why.h"

typedef struct {
    int64_t decisions, seed, workers; /* workers: OPTION_UNSET: one a core */
    double seconds;                   /* 0: as long as the decisions take */
} inverse_options_t;

/* 5,000 decisions, seed 1, two minutes. */
void inverse_options_defaults(inverse_options_t *options);

/* Play and learn (similarity_inverse.h) with a line of progress; game->preset is replaced by the
 * same with the outcomes. False: nothing was changed. */
bool inverse_game(game_t *game, const inverse_options_t *options,
                  similarity_inverse_result_t *result, why_t why);

/* What was done, in a line without a full stop. text: (text_bytes), written; 300 are enough. */
void inverse_game_text(char *text, size_t text_bytes, const similarity_inverse_result_t *result);

/* Before a training of a new agent whose similarity begins so: do it, unless the preset has
 * outcomes of an inverse model or `is_saved` says that there is an agent to go on with. */
bool inverse_before_training(game_t *game, const learning_options_t *options, bool is_saved,
                             why_t why);

#endif
