/* training.h - an agent and a crew, learning: the loop that both faces share.
 *
 * training_turn() is one round: every member gets an action, updates run while the games run, the
 * outcomes are stored. With one member, one BLAS thread and one seed, everything that is saved is
 * the same to the byte. Nothing here prints: the caller looks at training_progress() when it likes.
 *
 * A training directory is home.h's game folder. Saved there: agent.safetensors, train.state (JSON:
 * counters, best evaluation, what it was trained with), preset.json (with the agent's similarity,
 * where it has one). training_open() resumes when
 * they exist and fit.
 */
#ifndef KATA_TRAINING_H
#define KATA_TRAINING_H

#include <stdbool.h>
#include <stdint.h>

#include "agent.h"
#include "crew.h"
#include "similarity_prior.h"
#include "why.h"

typedef struct training training_t;

typedef struct {
    crew_config_t crew;
    agent_config_t agent;  /* num_actions and num_streams are filled in */
    const char *dir;       /* game folder; NULL: nothing is saved */
    const char *core_name; /* for train.state */
    bool fresh;            /* ignore what was saved (it is kept until the first save) */
    float updates_per_decision;
    similarity_prior_t similarity_prior; /* of a new agent whose similarity is on */
    /* With SIMILARITY_PRIOR_PRESET: whose similarity a new agent begins with; NULL: that of
     * crew.preset. Borrowed until training_open() returns. */
    const preset_t *similarity_from;
} training_config_t;

typedef struct {
    uint64_t frames, decisions, updates, episodes; /* this training, over all its sessions */
    uint64_t session_decisions, session_updates, session_frames;
    uint32_t crashes;
    float mean_return;     /* of the last 100 episodes or fewer */
    float win_rate;        /* of those, where the preset can tell who won */
    bool winner_unknown;   /* the preset never tells: there is no win rate */
    int32_t mean_episodes; /* how many those are */
    agent_stats_t agent;
} training_progress_t;

void training_config_defaults(training_config_t *config, int32_t num_actions);
bool training_open(training_t **out, const training_config_t *config, why_t why);
void training_close(training_t *training); /* saves nothing */
agent_t *training_agent(training_t *training);
bool training_resumed(const training_t *training);
/* Weight of novelty's reward in this training: what was asked for, else what train.state remembers,
 * else the preset's. */
double training_novelty(const training_t *training);
/* The prior that the agent's similarity began with, as train.state names it; "" if it has none, or
 * nobody knows. */
const char *training_prior(const training_t *training);
/* Hash of the preset whose similarity that was; "" if it was none's. */
const char *training_similarity_from(const training_t *training);

/* One round. False: learning diverged or a member is lost for good; what was saved stays.
 * A member that crashed and runs again is told once by training_news(). */
bool training_turn(training_t *training, why_t why);
const char *training_news(training_t *training); /* NULL: none */
/* True if the last turn failed because a loss or gradient was not finite. */
bool training_diverged(const training_t *training);
void training_get_progress(const training_t *training, training_progress_t *progress);

bool training_save(training_t *training, why_t why);

#endif
