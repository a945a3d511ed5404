/* evaluation.c - rounds by actors of their own, counted and watched. */
#include "evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "voice.h"
#include "why.h"

/* ---- rounds ---- */

void evaluation_vary(actor_pool_config_t *actors, int32_t trained_idle_frames)
{
    actors->actor.min_idle_frames = trained_idle_frames + 1;
    actors->actor.max_idle_frames = 2 * trained_idle_frames + 1;
    actors->actor.mashes_idle_frames = false;
    actors->actor.sticky_probability = EVALUATION_STICKY;
}

/* A round that was played: what it was (a hash), and what it came to. */
typedef struct {
    uint64_t course;
    float episode_return;
    int32_t steps, start;
    preset_result_t result;
} round_t;

static uint64_t hash(uint64_t before, const void *bytes, size_t num_bytes)
{
    const uint8_t *b = bytes; /* FNV-1a */
    for (size_t i = 0; i < num_bytes; i++) before = (before ^ b[i]) * UINT64_C(0x100000001b3);
    return before;
}

#define HASH_START UINT64_C(0xcbf29ce484222325)

static uint64_t hash_decision(uint64_t course, const player_outcome_t *outcome)
{
    course = hash(course, &outcome->action, sizeof outcome->action);
    course = hash(course, &outcome->duration_frames, sizeof outcome->duration_frames);
    course = hash(course, &outcome->reward, sizeof outcome->reward);
    return hash(course, &outcome->result, sizeof outcome->result);
}

/* Courses of two starts may be alike; they are two all the same. */
static int by_course(const void *a, const void *b)
{
    const round_t *left = a, *right = b;
    if (left->start != right->start) return left->start < right->start ? -1 : 1;
    return left->course < right->course ? -1 : left->course > right->course;
}

void evaluation_interval(int32_t won, int32_t rounds, double *low, double *high)
{
    *low = 0;
    *high = 1;
    if (rounds <= 0) return;
    const double n = rounds, z = 1.959964, p = won / n;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    *low = fmax(0, middle - half);
    *high = fmin(1, middle + half);
}

static void rate(int32_t won, int32_t courses, float *win_rate, float *win_low, float *win_high)
{
    double low, high;
    evaluation_interval(won, courses, &low, &high);
    *win_rate = courses ? (float)won / (float)courses : 0;
    *win_low = (float)low;
    *win_high = (float)high;
}

/* Sorts the rounds. */
static void count_courses(evaluation_result_t *result, round_t *rounds)
{
    double returns = 0, steps = 0;
    qsort(rounds, (size_t)result->episodes, sizeof *rounds, by_course);
    for (int32_t i = 0; i < result->episodes; i++) {
        evaluation_start_t *start = &result->starts[rounds[i].start];
        start->episodes++;
        start->won += rounds[i].result == PRESET_WON;
        start->lost += rounds[i].result == PRESET_LOST;
        start->drawn += rounds[i].result == PRESET_DRAWN;
        if (i > 0 && by_course(&rounds[i], &rounds[i - 1]) == 0) continue;
        start->courses++;
        start->courses_won += rounds[i].result == PRESET_WON;
        result->courses++;
        result->courses_won += rounds[i].result == PRESET_WON;
        result->courses_lost += rounds[i].result == PRESET_LOST;
        result->courses_drawn += rounds[i].result == PRESET_DRAWN;
        returns += (double)rounds[i].episode_return;
        steps += rounds[i].steps;
    }
    if (result->courses == 0) return;
    result->mean_return = (float)(returns / result->courses);
    result->mean_steps = (float)(steps / result->courses);
    rate(result->courses_won, result->courses, &result->win_rate, &result->win_low,
         &result->win_high);
    for (int32_t s = 0; s < result->num_starts; s++) {
        evaluation_start_t *start = &result->starts[s];
        rate(start->courses_won, start->courses, &start->win_rate, &start->win_low,
             &start->win_high);
    }
}

static void count_episode(evaluation_result_t *result, round_t *rounds, uint64_t course,
                          int32_t start, const player_outcome_t *outcome)
{
    rounds[result->episodes++] = (round_t){ .course = course,
                                            .start = start,
                                            .episode_return = outcome->episode_return,
                                            .steps = outcome->episode_steps,
                                            .result = outcome->result };
    result->won += outcome->result == PRESET_WON;
    result->lost += outcome->result == PRESET_LOST;
    result->drawn += outcome->result == PRESET_DRAWN;
}

typedef struct {
    actor_pool_t *actors;
    uint64_t *courses; /* (actors), of each one's episode so far */
    round_t *rounds;   /* (episodes) */
} play_t;

static void close_play(play_t *play)
{
    actor_pool_stop(play->actors);
    free(play->courses);
    free(play->rounds);
}

static bool open_play(play_t *play, policy_t *policy, const actor_pool_config_t *actors,
                      int32_t episodes, float epsilon, char *why)
{
    *play = (play_t){ .courses = calloc((size_t)actors->num_actors, sizeof *play->courses),
                      .rounds = calloc((size_t)(episodes > 0 ? episodes : 1), sizeof(round_t)) };
    if (!play->courses || !play->rounds) return refuse(why, "no memory for an evaluation");
    if (!actor_pool_start(&play->actors, actors, why)) return false;
    if (policy) policy_write_greedy_weights(policy, actor_pool_draft(play->actors)); /* the first */
    actor_pool_publish(play->actors, epsilon);
    actor_pool_allow(play->actors, (uint64_t)(episodes > 0 ? episodes : 0));
    return true;
}

bool evaluation_play(policy_t *policy, evaluation_who_t who, const actor_pool_config_t *actors,
                     int32_t episodes, float epsilon, evaluation_watch_t watch, void *context,
                     evaluation_result_t *result, why_t why)
{
    actor_pool_config_t config = *actors;
    *result = (evaluation_result_t){ 0 };
    result->num_starts = config.actor.num_starts > 1 ? config.actor.num_starts : 0;
    if (who == EVALUATION_RANDOM) policy = NULL;
    config.actor.who = policy ? ACTOR_GREEDY : ACTOR_RANDOM;
    agent_config_t network; /* a copy: the policy itself is not there in a child */
    if (policy) network = *policy_config(policy);
    config.actor.agent = policy ? &network : NULL;
    config.actor.counts_episodes = true;
    if (config.actor.shows_screen) config.ring_records = 8; /* they are large */
    play_t play;
    bool ok = open_play(&play, policy, &config, episodes, epsilon, why), stopped = false;
    while (ok && !stopped && result->episodes < episodes) {
        actor_turn_t turn;
        ok = actor_pool_watch(play.actors, why);
        if (!actor_pool_turn(play.actors, &turn)) {
            actor_pool_wait(play.actors, 20);
            continue;
        }
        uint64_t *course = &play.courses[turn.actor];
        if (turn.began) /* after a crash: that episode is begun anew */
            *course = HASH_START;
        else
            *course = hash_decision(*course, &turn.outcome);
        if (!turn.began && (turn.outcome.terminal || turn.outcome.truncated))
            count_episode(result, play.rounds, *course, turn.start, &turn.outcome);
        stopped = watch && !watch(context, &turn);
    }
    if (play.rounds) count_courses(result, play.rounds);
    close_play(&play);
    return ok;
}

/* ---- watched ---- */

/* Games run at this rate or at 50 Hz; it is only for the captions of pictures. */
#define FRAME_RATE_HZ 60.0

typedef struct {
    evaluation_t *evaluation;
    const evaluation_request_t *request;
    int32_t ended, won;
} watcher_t;

static bool watch(void *context, const actor_turn_t *turn)
{
    watcher_t *watcher = context;
    evaluation_t *evaluation = watcher->evaluation;
    const evaluation_request_t *request = watcher->request;
    if (request->kept) kept_rounds_turn(request->kept, turn);
    if (turn->began) return true;
    evaluation->decisions++;
    evaluation->frames += (uint64_t)turn->outcome.duration_frames;
    evaluation->counts[turn->outcome.action]++;
    if (turn->outcome.terminal || turn->outcome.truncated) {
        watcher->ended++;
        watcher->won += turn->outcome.result == PRESET_WON;
    }
    if (request->strip && turn->actor == 0) strip_watch(request->strip, turn, FRAME_RATE_HZ);
    if (request->progress) {
        char text[80];
        snprintf(text, sizeof text, "%s: round %d of %d, won %d",
                 request->who == EVALUATION_RANDOM ? "random player" : "evaluating",
                 watcher->ended + 1 < request->episodes ? watcher->ended + 1 : request->episodes,
                 request->episodes, watcher->won);
        progress_show_text(request->progress, text);
    }
    evaluation->interrupted = interrupt_asked();
    return !evaluation->interrupted;
}

bool evaluation_run(evaluation_t *evaluation, const evaluation_request_t *request, why_t why)
{
    *evaluation = (evaluation_t){ 0 };
    watcher_t watcher = { .evaluation = evaluation, .request = request };
    actor_pool_config_t actors = *request->actors;
    actors.actor.shows_screen = request->strip != NULL;
    const bool ok = evaluation_play(request->policy, request->who, &actors, request->episodes,
                                    request->epsilon, watch, &watcher, &evaluation->result, why);
    if (request->progress) progress_clear(request->progress);
    return ok;
}

void evaluation_sentence(char *out, size_t out_bytes, const evaluation_result_t *result)
{
    const int known = result->won + result->lost + result->drawn;
    char drawn[32] = "";
    if (result->drawn > 0) snprintf(drawn, sizeof drawn, ", drew %d", result->drawn);
    if (known == 0)
        snprintf(out, out_bytes,
                 "%d rounds, %d different, mean return %+.3f (the preset does not say who wins)",
                 result->episodes, result->courses, (double)result->mean_return);
    else
        snprintf(out, out_bytes,
                 "won %d of %d rounds, lost %d%s, %d different: %.0f %%, 95 %% interval %.0f to "
                 "%.0f %%; mean return %+.3f",
                 result->won, result->episodes, result->lost, drawn, result->courses,
                 100 * (double)result->win_rate, 100 * (double)result->win_low,
                 100 * (double)result->win_high, (double)result->mean_return);
}

void evaluation_say(const char *before, const evaluation_result_t *result)
{
    char sentence[EVALUATION_SENTENCE_BYTES];
    evaluation_sentence(sentence, sizeof sentence, result);
    say("%s %s.\n", before, sentence);
}

void evaluation_say_starts(const evaluation_result_t *result, const actor_config_t *actor)
{
    int width = 0;
    for (int32_t s = 0; s < result->num_starts; s++) {
        const int length = (int)strlen(preset_start_name(actor->preset, actor->starts[s]));
        if (length > width) width = length;
    }
    for (int32_t s = 0; s < result->num_starts; s++) {
        const evaluation_start_t *start = &result->starts[s];
        say("  %-*s  won %d of %d: %.0f %%, 95 %% interval %.0f to %.0f %%\n", width,
            preset_start_name(actor->preset, actor->starts[s]), start->won, start->episodes,
            100 * (double)start->win_rate, 100 * (double)start->win_low,
            100 * (double)start->win_high);
    }
}
