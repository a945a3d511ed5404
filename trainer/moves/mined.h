/* mined.h - what is found in pads (mine.h), beside what a preset has; and an agent's own play as
 * such pads. */
#ifndef TRAINER_MINED_H
#define TRAINER_MINED_H

#include <stdbool.h>
#include <stdint.h>

#include "game.h"
#include "import.h"
#include "kept_rounds.h"
#include "mine.h"
#include "preset.h"
#include "why.h"

/* What the preset (NULL: none) calls this move already, or NULL. A name counts, not its timing. */
const char *mined_known_as(const preset_t *preset, const macro_language_t *language,
                           const mine_macro_t *macro);

/* The first `most` of those that the preset does not know, named, behind those that are in *out. */
void mined_new(import_macros_t *out, const mine_t *mine, const preset_t *preset, int32_t most);

/* The same of the first `num_rounds` that were kept, in which no sequence is ever longer or
 * shorter. *out is added to. */
bool mined_rounds(import_macros_t *out, const kept_rounds_t *kept, int32_t num_rounds,
                  const preset_t *preset, int32_t most, why_t why);

/* Each round as a recording of port 1 that looks right, "DIR/001-won.kata-recording", the best
 * first: DIR is made if need be. False: why. */
bool mined_save_rounds(const kept_rounds_t *kept, const game_t *game, const char *dir, why_t why);

/* The game with another preset, whose starts are those of the same names, else its default. The one
 * that it had is the caller's. */
void mined_take_preset(game_t *game, preset_t *preset);

enum { MINED_ROUNDS = 24 }; /* that an agent plays to be learned from; of these the better half */

typedef struct {
    int32_t num_rounds, num_won; /* of those that were looked at */
    int32_t num_macros;          /* at most as many as were asked for */
    preset_t *preset;            /* the agent's, with them, made by GAME_MINED_TOOL; freed by the
                                    caller */
} mined_play_t;

/* The agent in `dir` plays; the `most` sequences that shorten its better rounds most, and that its
 * own preset does not have, are added to that. False: no agent is there, nothing repeats, or why;
 * *out is all zero. */
bool mined_from_play(mined_play_t *out, const game_t *game, const char *dir, int32_t most,
                     why_t why);

/* `kata train --mine`. num_macros OPTION_UNSET: nothing is asked for, and `from` must be NULL. */
typedef struct {
    int64_t num_macros;
    const char *from; /* folder of the agent that plays; NULL: the game's own */
    bool fresh;       /* what is saved in game->dir will be replaced */
} mined_request_t;

/* Before a training of a new agent: its preset becomes that of mined_from_play(), whose moves are
 * said. False: why; the game is as it was. */
bool mined_before_training(game_t *game, const mined_request_t *request, why_t why);

#endif
