/* actor.h - one game with its own copy of the policy: it plays and reports, and waits for nobody
 * but its own share of decisions.
 *
 * actor_play() is the whole life of an actor: open core and content, boot, and then
 *
 *     begin an episode                                   -> record ACTOR_BEGAN
 *     claim a decision, take newer weights if there are  (exchange.h)
 *     choose, play the macro frame by frame, judge       -> record ACTOR_DECIDED
 *     after an episode's end: begin the next one
 *
 * Self-play (OPPONENT_SELF). Both ports are seats. Which port is which is drawn anew for each
 * round, and so is who is met there: the same policy, and then the decisions of both seats are
 * reported, or a past self from a file, or nobody, in a start for one, where the game's CPU plays.
 * A seat is a stream of records of its own. An actor claims for both seats before a round begins,
 * and for all that want an action before any of them chooses: so with one actor, and a learner that
 * allows no more than two decisions ahead, each choice is made with weights that do not depend on
 * who was quicker.
 *
 * It runs in a process of its own (actor_pool.h), or wherever an exchange reaches.
 *
 * Seen twice. Where delays are drawn, a late agent that explores is reported by a seat more, as one
 * would have seen the same round that is less late, or not at all. What was done and what came of
 * it are the same, so both learn from it. Not the other way: what an agent does that sees more
 * depends on what a later one does not see, and to that one each of its moves would seem to be
 * worth what it is at its best moment.
 *
 * A teacher, if there is one, is another agent of the same game that sees it as it is now: what it
 * holds each action to be worth goes along with the newest look of each record (agent_config.h,
 * taught), for an agent that sees late and learns to choose as well as it can from there.
 *
 * Records carry each look (agent_config.h) once: an observation is the last PLAYER_OBS_STACK of
 * them, and a record holds only those that the decision added (a macro of many steps: the last
 * ones). Whoever takes the records puts the observations together by actor_observe().
 */
#ifndef PLAYER_ACTOR_H
#define PLAYER_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "agent_config.h"
#include "exchange.h"
#include "opponent.h"
#include "player.h"
#include "reaction.h"
#include "why.h"

#define ACTOR_PICTURE_BYTES (PLAYER_OBS_BYTES / PLAYER_OBS_STACK)
#define ACTOR_SCREEN_MAX_PX (640 * 512) /* largest picture of the screen that is handed over */

#define ACTOR_SEATS 2                       /* of self-play: ports 0 and 1 */
#define ACTOR_MAX_STREAMS (2 * ACTOR_SEATS) /* and their twins */
#define ACTOR_MAX_PAST 64                   /* past selves that may be drawn */
#define ACTOR_OBS_MOST_BYTES                                                                       \
    (PLAYER_OBS_MOST_BYTES + PLAYER_OBS_STACK * AGENT_MAX_ACTIONS * sizeof(uint16_t))

typedef enum { ACTOR_EXPLORES = 0, ACTOR_GREEDY, ACTOR_RANDOM } actor_who_t;

/* Who was met in a round of self-play: the number of a past self, or one of these. */
enum { ACTOR_MET_CPU = -2, ACTOR_MET_SELF = -1 };

typedef struct {
    int32_t start;    /* for two */
    float cpu_share;  /* of the rounds: against the CPU, at one of the config's starts */
    float self_share; /* of the others: against the same policy; the rest against a past self */
    const char *league_dir; /* has NNNN.safetensors of past selves; NULL: none */
} actor_self_play_t;

/* What actors of one game have in common. Strings and pointers are borrowed for the actor's life:
 * forked children have their own copies. */
typedef struct {
    const char *core_path, *content_path;
    const preset_t *preset;
    int32_t start;      /* boot script, where there are no `starts` */
    int32_t num_starts; /* boot scripts, one of them drawn for each round by the shares */
    int32_t starts[PRESET_MAX_STARTS]; /* that are published; with counts_episodes, in turn */
    uint32_t port;                     /* the agent's, from 0; drawn in self-play */
    opponent_kind_t versus;            /* who holds the other one of the first two ports */
    const char *opponent_path;         /* with OPPONENT_FILE */
    /* policy_soft() of policies that do not learn, in self-play of all; 0: best moves. */
    float temperature;
    float opponent_temperature;  /* that of an opponent_t; in self-play the same */
    actor_self_play_t self_play; /* with OPPONENT_SELF; `starts` are those against the CPU */
    float discount_per_step;
    int32_t min_idle_frames, max_idle_frames;
    bool mashes_idle_frames;
    float sticky_probability;
    float novelty; /* weight of novelty.h's reward, 0: none; NAN: the preset's */
    /* How late the agent sees, in steps (reaction.h). num_delays 0: never; 1: always so late; more:
     * drawn for each round. */
    int32_t num_delays;
    int32_t delays[REACTION_NUM];
    const char *teacher_path; /* its checkpoint; with an agent that is taught; NULL: none */
    uint64_t seed;            /* actor a uses seed + a */
    actor_who_t who;
    const agent_config_t *agent; /* of the policy; with ACTOR_RANDOM of what is
                                  * reported, NULL: pictures */
    /* With ACTOR_RANDOM: how actions are drawn, one number an action (agent/kinds.h); NULL:
     * uniformly. */
    const double *kinds;
    /* Claims are of episodes, not of decisions, and episode n is played with seed + n by whichever
     * actor: the same rounds with any number of actors. */
    bool counts_episodes;
    bool shows_screen; /* records carry the screen, too */
} actor_config_t;

/* What is published: this head, then policy_num_weights() and policy_num_kinds() floats (none with
 * ACTOR_RANDOM). */
typedef struct {
    float epsilon;
    uint32_t num_past; /* past selves that a round of self-play may meet */
    uint32_t past[ACTOR_MAX_PAST];
    float start_shares[PRESET_MAX_STARTS]; /* of rounds, one a start; all 0: alike */
} actor_weights_t;

typedef enum { ACTOR_BEGAN = 0, ACTOR_DECIDED } actor_record_kind_t;

typedef struct {
    int32_t kind;      /* actor_record_kind_t */
    int32_t num_looks; /* 0..PLAYER_OBS_STACK that are new, the newest last */
    int32_t seat;      /* whose, 0..actor_num_seats() - 1: the twin of s is so many seats further */
    int32_t met;       /* in self-play */
    int32_t start;     /* index in config.starts; 0 in a round that is none of theirs */
    player_outcome_t outcome; /* with ACTOR_DECIDED */
    uint64_t frames;          /* emulated by this actor since its birth */
    bool has_view;
    uint32_t screen_width_px, screen_height_px; /* 0: none */
    /* (PLAYER_OBS_STACK, actor_look_bytes()); then, if it explores by variables alone, a picture,
     * ACTOR_PICTURE_BYTES, which is there if has_view; then, if shows_screen, 3 *
     * ACTOR_SCREEN_MAX_PX: RGB, rows without gaps. */
    uint8_t looks[];
} actor_record_t;

/* Streams of records of an actor: one a seat, and as many again where decisions are seen twice. */
int32_t actor_num_seats(const actor_config_t *config);
/* Of those that play: no twins. */
int32_t actor_num_playing(const actor_config_t *config);
/* This seat's records are what another seat's decisions look like at another delay. */
bool actor_is_twin(const actor_config_t *config, int32_t seat);
/* What the actors' agents see; pictures, if they have none. */
agent_eyes_t actor_eyes(const actor_config_t *config);
size_t actor_look_bytes(const actor_config_t *config);
const uint8_t *actor_view(const actor_config_t *config, const actor_record_t *record);
const uint8_t *actor_screen(const actor_config_t *config, const actor_record_t *record);
size_t actor_record_bytes(const actor_config_t *config);
/* Those at its beginning that say something: without a screen that is not there and looks that are
 * not new. */
size_t actor_record_used_bytes(const actor_config_t *config, const actor_record_t *record);
/* Of one publication; 0 with ACTOR_RANDOM. False: the network's config is not valid. */
bool actor_weight_bytes(const actor_config_t *config, size_t *bytes, why_t why);

/* obs: (PLAYER_OBS_STACK, look_bytes), the observation before the record (anything, if it is
 * ACTOR_BEGAN); then the one behind it. */
void actor_observe(uint8_t *obs, size_t look_bytes, const actor_record_t *record);

/* The player of one of them; its seed is config->seed. */
void actor_player_config(player_config_t *player, const actor_config_t *config, bridge_t *bridge);

/* Play as actor a until the exchange stops: true. False: it cannot; `why` says why. */
bool actor_play(exchange_t *exchange, int32_t a, const actor_config_t *config, why_t why);

#endif
