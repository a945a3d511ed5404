/* learning_options.h - the options of learning: their rows on a command line, the configuration
 * that they come to, what a saved agent allows of them. */
#ifndef TRAINER_LEARNING_OPTIONS_H
#define TRAINER_LEARNING_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "command.h"
#include "game.h"
#include "live.h"
#include "training.h"
#include "why.h"

/* What was not given is OPTION_UNSET, NAN or -1: then the setting's value counts, or, when a
 * training is resumed, what the agent was made with. */
typedef struct {
    int32_t net; /* "small|nature|impala" */
    int64_t net_width;
    int32_t eyes;    /* "auto|pictures|variables|both" */
    int32_t setting; /* "default|hessel2018|vanhasselt2019" */
    int64_t workers, threads, seed;
    double worker_silence;
    int64_t worker_memory;
    bool repeatable;
    double learning_rate, discount, updates_per_decision;
    int64_t average, n_step, n_step_end, n_step_ramp, return_steps, batch, random_shift, replay,
        replay_memory, warmup, target_sync;
    double epsilon_start, epsilon_end;
    double munchausen, munchausen_temperature;
    int64_t epsilon_ramp;
    double epsilon_repeat;
    int32_t double_q, dueling, noisy, prioritized; /* "off|on" */
    int64_t atoms;
    double return_min, return_max; /* of the atoms */
    double return_scale;           /* 0: found while training */
    double max_grad_norm, adam_epsilon;
    int32_t
        similarity; /* "off|fixed|meta|probe|inverse": the last two are fixed, with that prior */
    const char *similarity_from; /* a preset, or a folder with one; NULL: none */
    int32_t similarity_prior;    /* SIMILARITY_PRIOR_NAMES */
    int32_t similarity_form;     /* "pairs|mixture" */
    double similarity_weight, similarity_kinds, similarity_learning_rate;
    int64_t similarity_states, similarity_decisions, similarity_period, similarity_fade;
    int32_t similarity_balance; /* "off|on" */
    int64_t idle_frames;
    int32_t idle_pads; /* "still|mashed" */
    double sticky;
    double novelty;
} learning_options_t;

extern const option_t learning_machine_rows[], learning_agent_rows[], learning_similarity_rows[];
/* The first two similarity rows, its mode and where it comes from, are a comparison's arms. */
enum {
    LEARNING_NUM_MACHINE_ROWS = 6,
    LEARNING_NUM_AGENT_ROWS = 38,
    LEARNING_NUM_SIMILARITY_ROWS = 12,
    LEARNING_NUM_ARM_ROWS = 2
};

/* The groups of a command that trains; its values have the fields `game` and `learning`. */
#define LEARNING_GROUPS(values)                                                                    \
    { "The game", game_many_starts_rows, GAME_NUM_OPTION_ROWS, offsetof(values, game) },           \
        { "The machine", learning_machine_rows, LEARNING_NUM_MACHINE_ROWS,                         \
          offsetof(values, learning) },                                                            \
        { "The agent (of a new one; a saved one keeps its own)", learning_agent_rows,              \
          LEARNING_NUM_AGENT_ROWS, offsetof(values, learning) },                                   \
    {                                                                                              \
        "The similarity of its actions (of a new one; a saved one keeps its own)",                 \
            learning_similarity_rows, LEARNING_NUM_SIMILARITY_ROWS, offsetof(values, learning)     \
    }

void learning_options_unset(learning_options_t *options);   /* for command_t.defaults */
void learning_options_default(learning_options_t *options); /* for command_t.shown */

/* Unless they ask for other eyes. */
void learning_prefer_pictures(learning_options_t *options);
/* The training that these options ask for. False: a value is out of range; `why` names it. */
bool learning_config(training_config_t *config, const learning_options_t *options,
                     const game_t *game, why_t why);

/* What a configuration comes to, as JSON by the options' names; freed by the caller. */
cJSON *learning_settings(const learning_options_t *options, const training_config_t *config);
/* Add to what an earlier version kept the options that have come since, at their defaults: with
 * these an agent learns as it did before. Not those that are a comparison's arms, and not the form
 * of the penalty, whose weight counted otherwise before there were two. */
void learning_add_later_settings(cJSON *settings);

/* Begin with the similarity that --similarity-from names, if it was given; *from is freed by the
 * caller, after training_open(). */
bool learning_begin_with(preset_t **from, training_config_t *config,
                         const learning_options_t *options, why_t why);
/* A preset with a similarity; path: its file, or a folder with a preset.json. */
bool learning_load_similarity(preset_t **out, const char *path, why_t why);

/* A new agent's similarity begins with a probe (similarity_probe.h), with an inverse model
 * (similarity_inverse.h). */
bool learning_wants_probe(const learning_options_t *options);
bool learning_wants_inverse(const learning_options_t *options);

/* What the similarity of a resumed agent began with, and what is asked for. */
typedef struct {
    const char *prior, *from; /* training_prior(), training_similarity_from() */
    const char *wanted_from;  /* hash of the preset of --similarity-from; NULL: not given */
} learning_origin_t;

/* A resumed agent keeps what it was made with. False: an option asks for something else. */
bool learning_fits(const learning_options_t *options, const agent_config_t *made_with,
                   const learning_origin_t *origin, why_t why);

/* False: an option of the similarity would change nothing with this agent's kind of it. */
bool learning_similarity_fits(const learning_options_t *options, agent_similarity_mode_t mode,
                              why_t why);

/* training_open() with the learner's threads set; a resumed agent is compared with the options. */
bool learning_open(training_t **out, const training_config_t *config,
                   const learning_options_t *options, why_t why);

/* Begin to show an opened training to those who watch its folder (live.h). */
bool learning_show(live_t *live, training_t *training, const training_config_t *config,
                   const learning_options_t *options, why_t why);

#endif
