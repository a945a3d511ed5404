/* learning.h - the options of learning, and the loop of a training session with its saving,
 * evaluations, learning curve and progress line. Shared by `train` and `demo`. */
#ifndef KATA_LEARNING_H
#define KATA_LEARNING_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "curve.h"
#include "evaluation.h"
#include "game.h"
#include "training.h"

#define LEARNING_WHY_BYTES 1024

/* What was not given is OPTION_UNSET, NAN or -1: then the setting's value counts, or, when a
 * training is resumed, what the agent was made with. */
typedef struct {
    int32_t net;     /* "small|nature" */
    int32_t setting; /* "default|hessel2018|vanhasselt2019" */
    int64_t workers, threads, seed;
    double learning_rate, discount, updates_per_decision;
    int64_t n_step, batch, replay, warmup, target_sync;
    double epsilon_start, epsilon_end;
    int64_t epsilon_ramp;
    int32_t double_q, dueling, noisy, prioritized; /* "off|on" */
    int64_t atoms;
    double return_min, return_max; /* of the atoms */
    double max_grad_norm, adam_epsilon;
    int32_t similarity;       /* "off|fixed|meta" */
    int32_t similarity_prior; /* SIMILARITY_PRIOR_NAMES */
    double similarity_weight, similarity_learning_rate;
    int64_t similarity_period;
    int64_t idle_frames;
    double sticky;
    double novelty;
} learning_options_t;

extern const option_t learning_machine_rows[], learning_agent_rows[];
enum { LEARNING_NUM_MACHINE_ROWS = 3, LEARNING_NUM_AGENT_ROWS = 30 };

void learning_options_unset(learning_options_t *options);   /* for command_t.defaults */
void learning_options_default(learning_options_t *options); /* for command_t.shown */

/* The training that these options ask for. False: a value is out of range; `why` names it. */
bool learning_config(training_config_t *config, const learning_options_t *options,
                     const game_t *game, char why[LEARNING_WHY_BYTES]);

/* A resumed agent keeps what it was made with. False: an option asks for something else. prior: of
 * its similarity, see training_prior(). */
bool learning_fits(const learning_options_t *options, const agent_config_t *made_with,
                   const char *prior, char why[LEARNING_WHY_BYTES]);

/* False: an option of the similarity would change nothing with this agent's kind of it. */
bool learning_similarity_fits(const learning_options_t *options, agent_similarity_mode_t mode,
                              char why[LEARNING_WHY_BYTES]);

typedef struct {
    double max_seconds;     /* of training; evaluations do not count */
    uint64_t max_decisions; /* of this session; 0: no limit */
    double save_every_seconds;
    uint64_t eval_every_decisions; /* 0: never on the way */
    int32_t eval_episodes;
} learning_plan_t;

typedef enum {
    LEARNING_DONE = 0,
    LEARNING_INTERRUPTED, /* Ctrl-C; saved */
    LEARNING_FAILED,
    LEARNING_DIVERGED
} learning_end_t;

/* Trains until the plan is done, and saves. Notes (a worker that crashed, a save that failed on the
 * way) go to stderr, all else to `why`. *seconds: spent training. */
learning_end_t learning_run(training_t *training, const training_config_t *config,
                            const learning_plan_t *plan, curve_t *curve, progress_t *progress,
                            double *seconds, char why[LEARNING_WHY_BYTES]);

/* training_open() with the learner's threads set; a resumed agent is held against the options. */
bool learning_open(training_t **out, const training_config_t *config,
                   const learning_options_t *options, char why[LEARNING_WHY_BYTES]);

/* The crew of an evaluation: the same game, other luck, nothing sticky, and of novelty what the
 * preset says, so that `kata eval` measures the same. */
crew_config_t learning_evaluation_crew(const crew_config_t *training_crew);

#endif
