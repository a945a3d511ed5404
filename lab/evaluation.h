/* evaluation.h - rounds played for the record: who wins, with which moves, and a few pictures. */
#ifndef LAB_EVALUATION_H
#define LAB_EVALUATION_H

#include <stdbool.h>
#include <stdint.h>

#include "kept_rounds.h"
#include "progress.h"
#include "strip.h"
#include "training.h"
#include "why.h"

/* Greedy play of a deterministic game is the same wherever it begins the same. A round's course is
 * its decisions: action, frames, reward, and who won. Rounds of one course say as much as one of
 * them, so rates, means and the interval count each course once. */
typedef struct {
    int32_t episodes, won, lost, drawn; /* all rounds there */
    int32_t courses, courses_won;       /* that differ */
    float win_rate, win_low, win_high;  /* as in evaluation_result_t */
} evaluation_start_t;

typedef struct {
    int32_t episodes, won, lost, drawn;                        /* all rounds */
    int32_t courses, courses_won, courses_lost, courses_drawn; /* that differ */
    float mean_return, mean_steps;                             /* of the courses */
    float win_rate;                                            /* courses_won / courses */
    float win_low, win_high; /* 95 % Wilson interval over the courses */
    int32_t num_starts;      /* of the actors, where rounds begin at several in turn; else 0 */
    evaluation_start_t starts[PRESET_MAX_STARTS];
} evaluation_result_t;

/* Who plays: the agent (greedy but for epsilon), or random actions. */
typedef enum { EVALUATION_AGENT = 0, EVALUATION_RANDOM } evaluation_who_t;
/* Called with each turn, an episode's beginning or a decision; may be NULL. Return false to stop
 * early. */
typedef bool (*evaluation_watch_t)(void *context, const actor_turn_t *turn);
/* Episodes by actors of their own, apart from training: training does not change. Episode n is
 * played with the config's seed + n by whichever actor comes to it, so the rounds are the same with
 * any number of actors. policy: NULL with EVALUATION_RANDOM. */
bool evaluation_play(policy_t *policy, evaluation_who_t who, const actor_pool_config_t *actors,
                     int32_t episodes, float epsilon, evaluation_watch_t watch, void *context,
                     evaluation_result_t *result, why_t why);

/* Wilson 1927: a 95 % interval for a share, that behaves at 0 and 1. Of no rounds: 0 to 1. */
void evaluation_interval(int32_t won, int32_t rounds, double *low, double *high);

typedef struct {
    evaluation_result_t result;
    uint64_t decisions, frames;
    uint64_t counts[PRESET_MAX_ACTIONS]; /* how often each action was chosen */
    bool interrupted;                    /* by Ctrl-C: fewer episodes than asked for */
} evaluation_t;

typedef struct {
    policy_t *policy; /* NULL with EVALUATION_RANDOM */
    evaluation_who_t who;
    const actor_pool_config_t *actors;
    int32_t episodes;
    float epsilon;
    progress_t *progress; /* NULL: nothing is shown */
    strip_t *strip;       /* NULL: no pictures */
    kept_rounds_t *kept;  /* NULL: no pads */
} evaluation_request_t;

bool evaluation_run(evaluation_t *evaluation, const evaluation_request_t *request, why_t why);

/* What makes rounds of an evaluation differ, from each other and from training's: they begin at
 * other numbers of idle frames than training's (of a training of `trained_idle_frames`), with still
 * pads, and some steps keep the pad of the step before (sticky actions, Machado et al. 2018; why so
 * few: docs/results/README.md). */
#define EVALUATION_STICKY 0.02f
/* And so few of the agent's actions are random (DQN: 0.05, Mnih et al. 2015): without any, up to a
 * third of the rounds are equal (docs/results/README.md). */
#define EVALUATION_EPSILON 0.03f
void evaluation_vary(actor_pool_config_t *actors, int32_t trained_idle_frames);

/* "won 41 of 50 rounds, lost 8, drew 1, 48 different: 82 %, 95 % interval 69 to 90 %; mean return
 * +1.23" */
enum { EVALUATION_SENTENCE_BYTES = 256 };
void evaluation_sentence(char *out, size_t out_bytes, const evaluation_result_t *result);
/* Print it as a line, behind `before` ("Evaluation:"). */
void evaluation_say(const char *before, const evaluation_result_t *result);
/* A line for each of the actors' starts, if there are several. */
void evaluation_say_starts(const evaluation_result_t *result, const actor_config_t *actor);

#endif
