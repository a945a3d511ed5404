/* agent_config.h - what an agent is made with: sizes, parts, numbers; and the room's statuses.
 *
 * Letters used in every shape comment of this room:
 *     B batch    C stacked frames    H, W observation height, width
 *     A actions (primitives + macros)    Z atoms of the return distribution
 *
 * Three clocks. They differ by orders of magnitude, so every count and period
 * says in its name which one it means:
 *     _frames     emulated video frames (known to player/, never here)
 *     _decisions  actions chosen; one decision lasts one *step* or many
 *     _updates    gradient steps
 * A *step* is frame_skip frames; the discount is per step and durations are
 * counted in steps (semi-MDP; Sutton, Precup and Singh 1999).
 */
#ifndef AGENT_CONFIG_H
#define AGENT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

/* A status is for what the outside world can do to us. `why`: see why.h. */
typedef enum {
    AGENT_OK = 0,
    AGENT_BAD_CONFIG, /* a field is out of range; `why` names it            */
    AGENT_NO_MEMORY,
    AGENT_BAD_FILE, /* not a checkpoint, wrong version, truncated, or unwritable */
    AGENT_DIVERGED, /* loss or gradient not finite; nothing was changed */
    AGENT_LOST      /* another learner of the same gradient is (common_gradient.h); the same */
} agent_status_t;

#define AGENT_MAX_ACTIONS 512
#define AGENT_MAX_STREAMS 256
#define AGENT_MAX_VALUES 256
#define AGENT_NOTE_BYTES 65536 /* longest note a checkpoint can carry, with its NUL */

typedef enum {
    AGENT_NET_SMALL = 0, /* van Hasselt, Hessel and Aslanides 2019 (data-efficient Rainbow) */
    AGENT_NET_NATURE,    /* Mnih et al. 2015 */
    AGENT_NET_IMPALA     /* the residual trunk of Espeholt et al. 2018 (network/residual.h) */
} agent_net_kind_t;

/* What the network sees: its picture, the numbers beside it (network/encoder.h), or both. */
typedef enum { AGENT_EYES_PICTURES = 0, AGENT_EYES_VARIABLES, AGENT_EYES_BOTH } agent_eyes_t;

/* How alike two actions are, Sigma, pulls their Q-values together (masp.h). */
typedef enum {
    AGENT_SIMILARITY_OFF = 0,
    AGENT_SIMILARITY_FIXED, /* Sigma stays what it was set to */
    AGENT_SIMILARITY_META   /* Sigma is learned along with the policy */
} agent_similarity_mode_t;

/* What the penalty is of. */
typedef enum {
    AGENT_SIMILARITY_PAIRS = 0, /* squared gaps between like actions, A times their mean */
    AGENT_SIMILARITY_MIXTURE    /* each value less the mean of its likes, squared */
} agent_similarity_form_t;

typedef struct {
    agent_net_kind_t net_kind;
    int32_t net_width; /* of AGENT_NET_IMPALA: its channels are 1 or 2 times the paper's; else 1 */

    /* Observation: C looks, the newest last; a look is a picture, uint8 (H, W), if the eyes see
     * pictures, then V values, IEEE halves in the machine's byte order, if they see those. */
    agent_eyes_t eyes;
    int32_t obs_values;    /* V; 0 with AGENT_EYES_PICTURES */
    int32_t obs_stack;     /* C */
    int32_t obs_height_px; /* H */
    int32_t obs_width_px;  /* W */
    int32_t num_actions;   /* A */
    int32_t num_streams;   /* environments that feed this agent, >= 1 */
    /* Each look that is stored ends with A more halves, which no network sees: what a teacher says
     * that the actions are worth where that look is the newest, or NaN. A decision with such
     * values is learned from by them alone, J_T = 1/2 sum_a (Q(s, a) - Q_T(a))^2 (agent/README.md).
     * Not saved: each session has a teacher or none. */
    bool taught;

    /* A decision that took t steps bootstraps with discount_per_step^t. */
    float discount_per_step;
    int32_t n_step_decisions;
    /* n falls from n_step_decisions to this one, exponentially, over so many updates, and stays
     * there (Schwarzer et al. 2023, 4: 10 to 3 over 10,000); 0: it never changes. */
    int32_t n_step_end_decisions;
    int32_t n_step_ramp_updates;
    /* A return ends, instead, with the decision by which so many steps have passed, and after
     * n_step_decisions at the latest: actions that take long are not summed over a longer time
     * than short ones. 0: n alone ends it. */
    int32_t return_steps;

    int32_t replay_capacity_decisions;
    int32_t replay_memory_mib; /* of compressed pictures at most; full: fewer decisions are kept */
    int32_t replay_warmup_decisions; /* agent_learn() does nothing before this */

    int32_t batch_size; /* B */
    int32_t target_sync_period_updates;
    float learning_rate;
    float adam_epsilon;
    float max_grad_norm; /* L2, over all weights together */
    /* Each observation of a batch is moved by up to so many pixels each way, its edge repeated
     * (Yarats, Kostrikov and Fergus 2021); 0: not. */
    int32_t random_shift_px;

    /* policy_greedy() plays with the mean of the weights over about the last so many updates
     * (an exponential one; Polyak and Juditsky 1992); 0: with the last weights. Training never
     * sees it. */
    int32_t average_updates;

    /* Epsilon-greedy: falls linearly from start to end over this many decisions. */
    float epsilon_start;
    float epsilon_end;
    int32_t epsilon_ramp_decisions;
    /* A random action is taken n times in a row, P(n) in proportion to n^-epsilon_repeat, n up to
     * POLICY_MAX_REPEATS, unless the episode ends (Dabney, Ostrovski and Barreto 2021): a move that
     * wins by being repeated is met sooner. 0: once, as always where a state decides what is
     * drawn (RetroArch). */
    float epsilon_repeat;

    /* Same seed, same calls, same machine, one BLAS thread: same agent_save()
     * bytes. Across machines only the learning curve is comparable. */
    uint64_t seed;

    /* Rainbow (Hessel et al. 2018), each part switchable. */
    bool double_q;
    /* alpha of Munchausen (Vieillard, Pietquin and Geist 2020): the reward gains alpha * tau * ln
     * pi(a|s), kept within [-1, 0], and s' is worth the mean under pi of Q - tau * ln pi, where pi
     * = softmax(Q / tau) of the target network. It takes double Q's place. 0: off. */
    float munchausen;
    float munchausen_temperature; /* tau, in units of return / return_scale */
    bool dueling;
    bool noisy; /* factorised noisy layers; one draw an update, one a decision */
    float noisy_sigma_init;
    bool prioritized;
    float priority_exponent;         /* 0 = uniform, 1 = fully proportional */
    float importance_exponent_start; /* grows linearly to 1 ... */
    int32_t importance_ramp_updates; /* ... over this many updates */

    /* 1: Q itself with a Huber loss. Otherwise returns live on Z atoms, evenly spaced on
     * [return_min, return_max] (C51). */
    int32_t num_atoms; /* Z */
    float return_min;
    float return_max;
    /* Rewards are divided by this where they are learned from. 0: by what makes the returns fit
     * return_min to return_max, found from the returns (return_scale.h). */
    float return_scale;

    /* MASP. Its penalty is quadratic in Q, as scaled. */
    agent_similarity_mode_t similarity_mode;
    agent_similarity_form_t similarity_form;
    float similarity_weight;           /* lambda; alike for any number of actions */
    float similarity_kinds;            /* sharpness of random actions by kinds (kinds.h), as long as
                                          the penalty has not faded; 0: uniform */
    int32_t similarity_fade_updates;   /* lambda falls linearly to 0 over so many updates, and
                                          there Sigma rests, too; 0: never */
    float similarity_learning_rate;    /* of s, Sigma = sigmoid(s) */
    int32_t similarity_period_updates; /* one meta step every so many updates */
    bool similarity_balanced;          /* J is the mean over the actions in B' of each one's mean TD
                                          loss, not that over its rows */
    float similarity_pull;  /* of s to its prior, per meta step, times the learning rate */
    float similarity_start; /* Sigma of every pair until agent_set_similarity() */
} agent_config_t;

/* Bytes of one look: of its picture, which may be none, of what is seen, and in all, with what a
 * teacher says; of an observation, C looks. */
size_t agent_picture_bytes(const agent_config_t *config);
size_t agent_seen_bytes(const agent_config_t *config);
size_t agent_look_bytes(const agent_config_t *config);
size_t agent_obs_bytes(const agent_config_t *config);

/* Values of the papers named in agent/README.md. */
void agent_config_defaults(agent_config_t *config, int32_t num_actions);

/* Lay a published setting over `config`; sizes of observation, actions, streams, discount
 * and seed stay. "hessel2018": Rainbow. "vanhasselt2019": data-efficient Rainbow.
 * False: no such name. */
bool agent_config_named(agent_config_t *config, const char *name);

/* Random actions are drawn by kinds (kinds.h): similarity is on, with a sharpness above 0. */
bool agent_draws_by_kinds(const agent_config_t *config);

/* "small", "nature", "impala", or "impala, width 2". */
const char *agent_net_name(const agent_config_t *config);

/* AGENT_BAD_CONFIG and a sentence that names the field, or AGENT_OK. */
agent_status_t agent_config_check(const agent_config_t *config, why_t why);

#endif
