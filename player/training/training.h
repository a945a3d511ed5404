/* training.h - an agent that learns from actors, or from what is fed to it: the learner's loop.
 *
 * Actors (actor_pool.h) play with copies of the policy and never wait for the learner, but for the
 * asked ratio: after the warm-up there are updates_per_decision updates for each decision, exactly.
 * The actors may be `TRAINING_LEAD` decisions each ahead of the learner, no more. training_turn()
 * takes what is there, makes at most one update, publishes weights now and then, and returns, so
 * that its caller can look at training_progress(). Nothing here prints.
 *
 * is_fed: there are no actors. Who plays hands over each decision by training_feed(), and
 * training_turn() makes the updates that it owes.
 *
 * repeatable: one actor, which decides only when the learner has done all it owes. With one BLAS
 * thread and one seed everything that is saved is then the same to the byte.
 *
 * Self-play (actors.actor.versus is OPPONENT_SELF, actor.h). Every league_every_decisions decisions
 * the agent, as it plays greedily, joins the league of its past selves in dir/league (league.h),
 * and rounds against those rate both. Without dir there are no past selves.
 *
 * A training directory is home.h's game folder. Saved there: agent.safetensors, train.state (JSON:
 * counters, best evaluation, what it was trained with), preset.json (with the agent's similarity,
 * where it has one), and with keep_replay replay.kata. training_open() resumes when
 * they exist and fit; from the save before, with a sentence as its news, where the newest agent is
 * damaged.
 */
#ifndef KATA_TRAINING_H
#define KATA_TRAINING_H

#include <stdbool.h>
#include <stdint.h>

#include "agent.h"
#include "actor_pool.h"
#include "curriculum.h"
#include "league.h"
#include "similarity_prior.h"
#include "why.h"

typedef struct training training_t;

typedef struct {
    actor_pool_config_t actors; /* actor.agent and actor.who are filled in */
    bool is_fed;                /* actors.num_actors streams of decisions come from the caller */
    bool has_human; /* with is_fed: the last stream is a human's, who is imitated (agent.h) */
    bool repeatable;
    /* It is one of several learners' (ranks_learn_by()): each update is along the mean of their
     * gradients, and updates_per_decision counts each one's own decisions. Beside the first they
     * need no dir, and of `agent` what they look at. */
    bool is_shared;
    agent_config_t agent;  /* num_actions, num_streams and what its eyes see are filled in */
    const char *dir;       /* game folder; NULL: nothing is saved */
    const char *core_name; /* for train.state */
    bool fresh;            /* ignore what was saved (it is kept until the first save) */
    bool keep_replay;      /* the replay memory is saved in dir, and gone on with */
    float updates_per_decision;
    int32_t league_size;                 /* 0: as it was saved, else LEAGUE_DEFAULT_SIZE */
    uint64_t league_every_decisions;     /* 0: TRAINING_LEAGUE_EVERY */
    similarity_prior_t similarity_prior; /* of a new agent whose similarity is on */
    /* With SIMILARITY_PRIOR_PRESET: whose similarity a new agent begins with; NULL: that of
     * actors.actor.preset. Borrowed until training_open() returns. */
    const preset_t *similarity_from;
} training_config_t;

typedef struct {
    /* This training, over all its sessions; where several learn, of all of them. */
    uint64_t frames, decisions, updates, episodes;
    uint64_t session_decisions, session_updates, session_frames;
    uint32_t crashes;      /* actors that died and were started again */
    float mean_return;     /* of the last 100 episodes or fewer, of this learner's actors */
    float win_rate;        /* of those, where the preset can tell who won */
    bool winner_unknown;   /* the preset never tells: there is no win rate */
    int32_t mean_episodes; /* how many those are */
    agent_stats_t agent;
} training_progress_t;

enum { TRAINING_LEAGUE_EVERY = 5000 };

/* How a human is imitated: Hester et al. 2018's margin and weight; it fades. */
#define TRAINING_MARGIN 0.8f
enum { TRAINING_MARGIN_WEIGHT = 1, TRAINING_MARGIN_UPDATES = 20000 };

/* True: a training has the folder now. */
bool training_is_locked(const char *dir);
/* For a game's actions. Where its preset lists what may be seen (observe), the agent sees that and
 * no pictures; where it says how far ahead rewards count (timing.horizon_frames), the discount of a
 * step is exp(-frame_skip / horizon_frames). preset NULL: one action. */
void training_config_defaults(training_config_t *config, const preset_t *preset);
/* The defaults that hang on what the agent sees, which training_config_defaults() has set already
 * for what it chose: who sees numbers alone learns more with Munchausen's reward, fewer updates and
 * more random moves (docs/results/level-1.md). */
void training_config_suit(training_config_t *config, agent_eyes_t eyes);
/* Of those the ones that hang on whom it plays against: where that is an agent, a tenth of random
 * moves loses most rounds whatever else is played, so few are drawn; and what was met once is met
 * again, so an agent that sees numbers alone, of which many fit into memory, remembers more of it
 * (docs/results/versus.md). */
void training_config_suit_agents(training_config_t *config, agent_eyes_t eyes);
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

/* Only one process at a time writes what is kept in a game's folder: a lock that dies with it.
 * *lock is for training_unlock_dir(), which takes -1, too. False: another has it, or it cannot be
 * made. */
bool training_lock_dir(const char *dir, int *lock, why_t why);
void training_unlock_dir(int lock);

/* Of its past selves; NULL: no self-play, or no dir. Borrowed until the next turn. */
const league_t *training_league(const training_t *training);

/* At most one record, which is at most one decision, and one update; waits at most 20 ms where
 * there is neither. False: learning diverged or an actor is given up; what was saved stays. An
 * actor that died and runs again is told once by training_news(). */
bool training_turn(training_t *training, why_t why);
/* With is_fed: the next turn of stream turn->actor; frames: how many were played since the opening.
 * True from training_owes(): training_turn() is to be called first. */
void training_feed(training_t *training, const actor_turn_t *turn, uint64_t frames);
bool training_owes(const training_t *training);
/* With is_fed: a savestate took the stream back to where its last decisions had not been made:
 * those whose n-step return is not complete are never learned from. */
void training_undo(training_t *training, int32_t stream);
const char *training_news(training_t *training); /* NULL: none */
/* With is_shared: learner 0 has ended the session; training_part() is due. */
bool training_has_ended(const training_t *training);
/* With is_shared: this learner makes no update any more, so neither do the others; within
 * RANKS_SILENCE_MS. How many learners gave a checksum of their weights, and which, borrowed until
 * the close; 0: they did not come together, or it learned alone. */
int32_t training_part(training_t *training, const uint32_t **checksums);
/* With is_shared, beside learner 0: tell it why this one cannot go on. Takes some seconds. */
void training_give_up(training_t *training, const char *sentence);
/* False: an actor is given up, or a rank of this run is lost; `why` says which. */
bool training_is_whole(training_t *training, why_t why);
/* True if the last turn failed because a loss or gradient was not finite. */
bool training_diverged(const training_t *training);
void training_get_progress(const training_t *training, training_progress_t *progress);

/* Starts that rounds are drawn from, if there are several (actor.starts); for each how many of its
 * last rounds were won. NULL: one start. Borrowed. */
const curriculum_t *training_curriculum(const training_t *training);

/* What the first actor's game showed at its last decision, or, where the agent sees no pictures, a
 * few decisions ago: (84, 84) grays; NULL before there is one. Borrowed until the next turn. */
const uint8_t *training_picture(const training_t *training);
/* How often each action was played in this session: one count an action. Borrowed; rises. */
const uint64_t *training_action_counts(const training_t *training);

/* Seconds that the living actors have had a processor; for measurements. */
double training_actor_cpu_seconds(const training_t *training);

/* keep_replay: the replay memory, too, unless the last one was so short ago that writing it would
 * take more than a twentieth of the time. */
bool training_save(training_t *training, why_t why);
/* The same with the replay memory in any case: for the end of a session. */
bool training_save_all(training_t *training, why_t why);

enum { TRAINING_SAVE_SECONDS = 60 }; /* between two saves on the way, where nothing else is asked */

/* What a decision of Kumite takes in the replay memory: docs/results/saves. */
enum { TRAINING_DECISION_BYTES = 1250 };

typedef struct {
    uint64_t likely_bytes; /* of the replay memory when it is full, by Kumite's pictures */
    uint64_t most_bytes;   /* that it ever takes, in memory and on the disk */
    uint64_t agent_bytes;  /* of the whole agent, that among it */
    uint64_t free_bytes;   /* memory of this machine; 0: not known */
} training_replay_sizes_t;
void training_replay_sizes(const training_t *training, training_replay_sizes_t *sizes);

#endif
