/* evaluation.c - training_evaluate(), watched. */
#include "evaluation.h"

#include <stdio.h>

#include "interrupt.h"
#include "why.h"

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
                 request->who == TRAINING_RANDOM ? "random player" : "evaluating",
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
    const bool ok =
        training_evaluate(request->policy, request->who, request->crew, request->episodes,
                          request->epsilon, watch, &watcher, &evaluation->result, why);
    if (request->progress) progress_clear(request->progress);
    return ok;
}

void evaluation_sentence(char *out, size_t out_bytes, const training_result_t *result)
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
