/* learning.h - the loop of a training session, with its saving, evaluations, learning curve and
 * progress line. */
#ifndef LAB_LEARNING_H
#define LAB_LEARNING_H

#include <stdbool.h>
#include <stdint.h>

#include "curve.h"
#include "evaluation.h"
#include "events.h"
#include "live.h"
#include "training.h"
#include "why.h"

typedef struct {
    double max_seconds; /* of training; evaluations do not count */
    /* Of this session; 0: no limit. */
    uint64_t max_decisions, max_frames;
    double cooldown; /* the last share of the session, in which the learning rate falls; or 0 */
    double save_every_seconds;
    uint64_t eval_every_decisions; /* at its multiples, over all sessions; 0: never on the way */
    int32_t eval_episodes;
    float eval_epsilon;            /* share of random actions in them */
    uint64_t save_every_decisions; /* at its multiples; 0: by seconds alone */
    uint64_t eval_seed;            /* of all evaluations; 0: learning_evaluation_actors()'s */
    /* Told after every round; may be NULL. */
    void (*watch)(void *context, const training_progress_t *progress);
    void *context;
} learning_plan_t;

/* To which share of itself the rate falls, linearly, in a cooldown (Hagele et al. 2024). */
#define LEARNING_LEAST_RATE 0.02
/* What a session's cooldown is where nothing else is asked for: without one Kumite's agents won 88
 * % of rounds, with it 95 % (docs/results/README.md). */
#define LEARNING_COOLDOWN 0.3

typedef enum {
    LEARNING_DONE = 0,
    LEARNING_INTERRUPTED, /* Ctrl-C; saved */
    LEARNING_FAILED,
    LEARNING_DIVERGED
} learning_end_t;

/* What a session works on; all borrowed. */
typedef struct {
    training_t *training;
    const training_config_t *config;
    const learning_plan_t *plan;
    curve_t *curve;
    progress_t *progress;
    live_t *live;     /* NULL: nobody is shown anything */
    events_t *events; /* NULL: nothing for TensorBoard */
} learning_t;

/* Trains until the plan is done, and saves. Notes (a worker that crashed, a save that failed on the
 * way) go to stderr, all else to `why`. *seconds: spent training. */
learning_end_t learning_run(const learning_t *learning, double *seconds, why_t why);

/* The actors of an evaluation: the same game, as evaluation_vary() says, and of novelty what the
 * preset says, so that `kata eval` measures the same. Of self-play: on port 1 against the CPU, or
 * in a start for two against a masher. */
actor_pool_config_t learning_evaluation_actors(const actor_pool_config_t *training_actors);

/* Evaluate as the plan says. */
bool learning_evaluate(const learning_t *learning, evaluation_t *evaluation, why_t why);
/* An evaluation of the agent as it is: said behind `before` (NULL: not said) and logged. False: the
 * log cannot be written. */
bool learning_record(const learning_t *learning, const char *before,
                     const evaluation_result_t *result, why_t why);

#endif
