/* similarity_inverse.h - how alike actions are by what follows them in random play: for cores
 * without savestates, where no action can be tried twice from the same state (similarity_probe.h).
 *
 * Plays decisions drawn uniformly over all actions, from power-on by the start script, as in a
 * frontend: after each episode the console is reset, no state is ever saved or loaded. Of each
 * decision it keeps the action and what was seen in the frame before its first and in its last: the
 * numbers of the preset's `observe`, without the own pad, which would tell the action and not what
 * it did; or, where the preset lists none, the picture (14 x 14). From these an inverse model
 * learns which action it was, and says which it takes for each other (inverse_model.h). No reward
 * is looked at.
 *
 * Block k of SIMILARITY_INVERSE_BLOCK decisions is the same with any number of workers: from
 * power-on with the seed + k. Each worker is a process with a core of its own; one that dies ends
 * all.
 */
#ifndef PLAYER_SIMILARITY_INVERSE_H
#define PLAYER_SIMILARITY_INVERSE_H

#include <stdbool.h>
#include <stdint.h>

#include "actor.h"
#include "inverse_model.h"
#include "why.h"

enum {
    SIMILARITY_INVERSE_BLOCK = 250,
    SIMILARITY_INVERSE_MIN_DECISIONS = INVERSE_MODEL_MIN_ROWS,
    SIMILARITY_INVERSE_MAX_DECISIONS = 1000000,
    /* Without a fight in so many frames of play (ten minutes at 60 a second) it gives up. */
    SIMILARITY_INVERSE_MAX_WAIT_FRAMES = 36000
};

typedef struct {
    int32_t decisions; /* in blocks that are whole */
    int32_t epochs;    /* of the model; 0: it is played yet */
    double seconds;
} similarity_inverse_progress_t;

/* Called now and then; false: stop. While it is played, the model is then made of the blocks that
 * are whole; while the model learns, all is over. May be NULL. */
typedef bool similarity_inverse_watch_t(void *context,
                                        const similarity_inverse_progress_t *progress);

typedef struct {
    const actor_config_t *actor; /* core, content, preset, start, port, idle frames, seed */
    int32_t num_workers;
    int32_t num_decisions; /* SIMILARITY_INVERSE_MIN_DECISIONS..SIMILARITY_INVERSE_MAX_DECISIONS */
    double max_seconds;    /* then no further block is begun; 0: as long as it takes */
    int32_t silence_limit_ms; /* a worker without a frame for so long ends all */
    similarity_inverse_watch_t *watch;
    void *context;
} similarity_inverse_config_t;

typedef struct {
    int32_t num_decisions;        /* that were learned from */
    bool sees_pictures;           /* the preset has no `observe` */
    uint64_t frames;              /* emulated, by all workers */
    double seconds, play_seconds; /* in all; of them before the model learned */
    inverse_model_result_t model;
} similarity_inverse_result_t;

/* distances: (A, A), written: symmetric, in [0, 1], zero diagonal. False: a core that cannot be
 * opened, a start script that leads nowhere, a worker that died or fell silent, decisions that may
 * tell an action by chance alone (inverse_model.h), no memory; `why` says it. */
bool similarity_inverse(float *distances, similarity_inverse_result_t *result,
                        const similarity_inverse_config_t *config, why_t why);

#endif
