/* training_parts.h - what the files of a training share; for training*.c only. */
#ifndef PLAYER_TRAINING_PARTS_H
#define PLAYER_TRAINING_PARTS_H

#include "curriculum.h"
#include "home.h"
#include "note.h"
#include "ranks_meeting.h"
#include "training.h"

enum {
    TRAINING_RECENT_EPISODES = 100,
    TRAINING_LEAD = 16, /* decisions an actor may be ahead */
    /* From one publication to the next: updates, and where there are none, decisions (epsilon). */
    TRAINING_PUBLISH_UPDATES = 4,
    TRAINING_PUBLISH_DECISIONS = 64
};

/* Of the other learners, in this session. */
typedef struct {
    uint64_t decisions, frames, episodes;
    uint32_t deaths;
} training_elsewhere_t;

struct training {
    training_config_t config;
    char dir[HOME_PATH_BYTES];
    int dir_fd; /* holds the lock on dir; -1: none */
    char note[NOTE_BYTES];
    agent_t *agent;
    actor_pool_t *actors; /* NULL: fed */
    bool resumed;
    char prior[16];             /* name of the similarity's; "": none or unknown */
    preset_similarity_t origin; /* with a learned prior: how it was learned; no rows, no matrix */
    double update_debt;         /* updates owed: updates_per_decision may be a fraction */

    uint64_t frames_before, episodes; /* of earlier sessions; of all */
    uint64_t decisions_at_open, updates_at_open;
    uint64_t session_decisions; /* taken from the actors, or fed */
    uint64_t fed_frames;
    uint64_t published_updates, published_decisions; /* the counts at the last publication */
    bool is_published;
    bool publishes_kinds; /* with the weights: how random actions are drawn */
    uint32_t crashes_before;

    float recent_return[TRAINING_RECENT_EPISODES];
    uint8_t recent_won[TRAINING_RECENT_EPISODES], recent_known[TRAINING_RECENT_EPISODES];
    uint64_t num_recent; /* written so far; the ring holds the last TRAINING_RECENT_EPISODES */

    curriculum_t curriculum; /* of config.actors.actor.starts */

    ranks_meeting_t *meeting; /* with the other learners; NULL: it learns alone */
    training_elsewhere_t elsewhere;
    bool is_open;               /* training_open() is over */
    bool is_met_with;           /* it has arrived, and not all have */
    bool has_ended, has_parted; /* no update any more; training_part() was called */
    const uint32_t *checksums;  /* of all learners' weights after the end; NULL */

    bool has_league;
    league_t league;
    uint64_t next_past_self; /* decisions at which the agent joins it */

    uint64_t action_counts[PRESET_MAX_ACTIONS]; /* of this session */
    uint8_t picture[ACTOR_PICTURE_BYTES];       /* the first actor's newest */
    bool has_picture;

    double next_replay_at; /* monotonic seconds: not saved before */

    why_t news;
    bool has_news, diverged;
};

/* ---- training_files.c ---- */

/* Create the folder and lock it; what killed saves left in it is removed. False: another training
 * has it, or it cannot be made. */
bool training_lock(training_t *training, why_t why);
/* Novelty's weight that train.state remembers, unless another is asked for. Before the actors. */
void training_keep_novelty(training_t *training);
/* The saved agent with what train.state knows of it, or a new one with its prior. */
bool training_open_agent(training_t *training, why_t why);

/* ---- training_learners.c: all of it does nothing where a training learns alone ---- */

/* The agent comes from learner 0. */
bool training_follows(const training_t *training);
/* With learner 0's agent open: the others make theirs the same. False: it cannot be shared. */
bool training_join(training_t *training, why_t why);
/* One must come: an update is due, or the end. */
bool training_is_awaited(const training_t *training);
/* Come, or look whether all have. *goes: make the update now. False: the learners differ. */
bool training_meet(training_t *training, bool *goes, why_t why);
void training_wait_for_learners(training_t *training);
/* False: a learner is lost. */
bool training_watch_learners(training_t *training, why_t why);

/* ---- training_league.c ---- */

bool training_plays_itself(const training_t *training);
/* Before the actors start: they read from its folder. False: league.json is damaged. */
bool training_open_league(training_t *training, why_t why);
/* A round of self-play is over for one of its seats. */
void training_note_round(training_t *training, const actor_turn_t *turn);
/* Between two turns: the agent joins its past selves when it is time. True: the actors have to be
 * told. */
bool training_league_turn(training_t *training);
/* Ratings, with what was met since the last period. */
bool training_save_league(training_t *training, why_t why);
/* The sentence of something that went wrong and does not end the training. */
void training_add_news(training_t *training, const char *sentence);

/* ---- training_replay.c ---- */

/* Memory for the replay memory as it is likely to become; is_saved: of an agent that is gone on
 * with.
 */
bool training_has_room(const training_replay_sizes_t *sizes, int32_t capacity, bool is_saved,
                       why_t why);
/* there_bytes: free, and what the replay memory's file takes now. */
bool training_has_disk(const char *dir, uint64_t most_bytes, uint64_t there_bytes, bool is_saved,
                       why_t why);
/* False: not enough memory, or disk where it is kept; `why` has the numbers. */
bool training_replay_fits(const training_t *training, why_t why);
/* Of a resumed agent, if it is kept and there is one. */
bool training_load_replay(training_t *training, why_t why);
/* must: even if that takes long; else not too often. */
bool training_save_replay(training_t *training, bool must, why_t why);

#endif
