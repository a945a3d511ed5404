/* strip.c - see strip.h. */
#include "strip.h"

#include <stdlib.h>
#include <string.h>

static void empty(strip_round_t *round)
{
    for (int32_t i = 0; i < round->num_pictures; i++) free(round->pictures[i].rgb);
    *round = (strip_round_t){ 0 };
}

void strip_open(strip_t *strip)
{
    *strip = (strip_t){ .stride = 1 };
}

void strip_close(strip_t *strip)
{
    empty(&strip->best);
    empty(&strip->current);
}

static void halve(strip_round_t *round)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < round->num_pictures; i++) {
        if (i % 2 == 0)
            round->pictures[kept++] = round->pictures[i];
        else
            free(round->pictures[i].rgb);
    }
    round->num_pictures = kept;
}

static void keep(strip_t *strip, const uint8_t *rgb, int32_t width_px, int32_t height_px,
                 double at_seconds)
{
    strip_round_t *round = &strip->current;
    if (round->num_pictures == STRIP_KEPT) {
        halve(round);
        strip->stride *= 2;
    }
    const size_t bytes = 3 * (size_t)width_px * (size_t)height_px;
    uint8_t *copy = malloc(bytes);
    if (!copy) return; /* a picture fewer */
    memcpy(copy, rgb, bytes);
    round->pictures[round->num_pictures++] = (strip_picture_t){
        .rgb = copy, .width_px = width_px, .height_px = height_px, .at_seconds = at_seconds
    };
}

static bool is_better(const strip_round_t *a, const strip_round_t *b)
{
    if (a->won != b->won) return a->won;
    return a->episode_return > b->episode_return;
}

static void end_round(strip_t *strip, const player_outcome_t *outcome)
{
    strip->current.won = outcome->result == PRESET_WON;
    strip->current.episode_return = outcome->episode_return;
    if (strip->current.num_pictures > 0 &&
        (!strip->has_best || is_better(&strip->current, &strip->best))) {
        empty(&strip->best);
        strip->best = strip->current;
        strip->has_best = true;
        strip->current = (strip_round_t){ 0 };
    }
    empty(&strip->current);
    strip->stride = 1;
    strip->seen = 0;
    strip->frames = 0;
}

void strip_watch(strip_t *strip, const actor_turn_t *turn, double frame_rate_hz)
{
    if (turn->began) return;
    const bool ends = turn->outcome.terminal || turn->outcome.truncated;
    strip->frames += (uint64_t)turn->outcome.duration_frames;
    if (turn->screen && (ends || strip->seen % strip->stride == 0))
        keep(strip, turn->screen, turn->screen_width_px, turn->screen_height_px,
             (double)strip->frames / frame_rate_hz);
    strip->seen++;
    if (ends) end_round(strip, &turn->outcome);
}

int32_t strip_choose(const strip_t *strip, int32_t count, const strip_picture_t **chosen)
{
    const strip_round_t *round = &strip->best;
    const int32_t num = round->num_pictures < count ? round->num_pictures : count;
    for (int32_t i = 0; i < num; i++) {
        const int32_t at = num > 1 ? i * (round->num_pictures - 1) / (num - 1) : 0;
        chosen[i] = &round->pictures[at];
    }
    return num;
}
