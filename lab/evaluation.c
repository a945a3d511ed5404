/* evaluation.c - rounds on a crew of their own, counted and watched. */
#include "evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "interrupt.h"
#include "splitmix.h"
#include "voice.h"
#include "why.h"

/* ---- rounds ---- */

/* Wilson 1927: a 95 % interval for a share that behaves at 0 and 1. */
static void wilson(evaluation_result_t *result)
{
    const double n = result->episodes, z = 1.959964, p = n > 0 ? result->won / n : 0;
    if (n <= 0) return;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    result->win_rate = (float)p;
    result->win_low = (float)fmax(0, middle - half);
    result->win_high = (float)fmin(1, middle + half);
}

typedef struct {
    uint64_t random;
    int32_t episode; /* which one this member plays; -1: none left */
} seat_t;

static int32_t choose(policy_t *policy, evaluation_who_t who, seat_t *seat, int32_t num_actions,
                      const uint8_t *obs, float epsilon)
{
    if (who == EVALUATION_AGENT) return policy_greedy(policy, obs, epsilon);
    return (int32_t)splitmix_below(&seat->random, (uint32_t)num_actions);
}

static void count_episode(evaluation_result_t *result, const player_outcome_t *outcome,
                          double *returns, double *steps)
{
    result->episodes++;
    result->won += outcome->result == PRESET_WON;
    result->lost += outcome->result == PRESET_LOST;
    result->drawn += outcome->result == PRESET_DRAWN;
    *returns += (double)outcome->episode_return;
    *steps += outcome->episode_steps;
}

bool evaluation_play(policy_t *policy, evaluation_who_t who, const crew_config_t *crew_config,
                     int32_t episodes, float epsilon, evaluation_watch_t watch, void *context,
                     evaluation_result_t *result, why_t why)
{
    *result = (evaluation_result_t){ 0 };
    const int32_t num_members = crew_config->num_members,
                  num_actions = preset_num_actions(crew_config->preset);
    crew_t *crew;
    if (!crew_start(&crew, crew_config, why)) return false;
    crew_turn_t *turns = calloc((size_t)num_members, sizeof *turns);
    seat_t *seats = calloc((size_t)num_members, sizeof *seats);
    double returns = 0, steps = 0;
    bool ok = turns && seats;
    if (!ok) refuse(why, "no memory for an evaluation");
    int32_t begun = 0;
    for (int32_t m = 0; ok && m < num_members; m++) {
        seats[m].random = crew_config->seed + (uint64_t)m;
        seats[m].episode = begun < episodes ? begun++ : -1;
        crew_reset(crew, m);
    }
    for (int32_t m = 0; ok && m < num_members; m++) ok = crew_collect(crew, m, &turns[m], why);
    while (ok && result->episodes < episodes) {
        for (int32_t m = 0; m < num_members; m++)
            if (seats[m].episode >= 0)
                crew_act(crew, m,
                         choose(policy, who, &seats[m], num_actions, turns[m].obs, epsilon));
        for (int32_t m = 0; ok && m < num_members; m++) {
            if (seats[m].episode < 0) continue;
            ok = crew_collect(crew, m, &turns[m], why);
            if (!ok || !turns[m].has_outcome) continue; /* a crash: that episode is begun anew */
            const int32_t episode = seats[m].episode;
            if (turns[m].outcome.terminal || turns[m].outcome.truncated) {
                count_episode(result, &turns[m].outcome, &returns, &steps);
                seats[m].episode = begun < episodes ? begun++ : -1;
            }
            if (watch && !watch(context, &turns[m], episode, crew, m)) episodes = result->episodes;
        }
    }
    if (result->episodes > 0) {
        result->mean_return = (float)(returns / result->episodes);
        result->mean_steps = (float)(steps / result->episodes);
    }
    wilson(result);
    crew_stop(crew);
    free(turns);
    free(seats);
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

static bool watch(void *context, const crew_turn_t *turn, int32_t episode, crew_t *crew,
                  int32_t member)
{
    (void)episode;
    watcher_t *watcher = context;
    evaluation_t *evaluation = watcher->evaluation;
    const evaluation_request_t *request = watcher->request;
    evaluation->decisions++;
    evaluation->frames += (uint64_t)turn->outcome.duration_frames;
    evaluation->counts[turn->outcome.action]++;
    if (turn->outcome.terminal || turn->outcome.truncated) {
        watcher->ended++;
        watcher->won += turn->outcome.result == PRESET_WON;
    }
    if (request->strip && member == 0) {
        crew_want_pictures(crew, 0, true);
        strip_watch(request->strip, turn, crew, member, FRAME_RATE_HZ);
    }
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
    const bool ok = evaluation_play(request->policy, request->who, request->crew, request->episodes,
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
        snprintf(out, out_bytes, "%d rounds, mean return %+.3f (the preset does not say who wins)",
                 result->episodes, (double)result->mean_return);
    else
        snprintf(out, out_bytes,
                 "won %d of %d rounds (%.0f %%, 95 %% interval %.0f to %.0f %%), lost %d%s; mean "
                 "return %+.3f",
                 result->won, result->episodes, 100 * (double)result->win_rate,
                 100 * (double)result->win_low, 100 * (double)result->win_high, result->lost, drawn,
                 (double)result->mean_return);
}

void evaluation_say(const char *before, const evaluation_result_t *result)
{
    char sentence[256];
    evaluation_sentence(sentence, sizeof sentence, result);
    say("%s %s.\n", before, sentence);
}
