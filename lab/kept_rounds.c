/* kept_rounds.c - see kept_rounds.h. */
#include "kept_rounds.h"

#include <stdlib.h>
#include <string.h>

bool kept_rounds_open(kept_rounds_t *kept, const preset_t *preset, int32_t num_actors)
{
    *kept = (kept_rounds_t){ .preset = preset, .num_actors = num_actors };
    kept->open = calloc((size_t)num_actors, sizeof *kept->open);
    return kept->open != NULL;
}

static void add_frame(kept_rounds_t *kept, kept_round_t *round, uint16_t pad)
{
    if (round->num_frames == KEPT_MAX_FRAMES) return;
    if (round->num_frames == round->capacity) {
        const int32_t capacity = round->capacity ? 2 * round->capacity : 4096;
        uint16_t *more = realloc(round->pads, (size_t)capacity * sizeof *more);
        kept->failed = kept->failed || !more;
        if (!more) return;
        round->pads = more;
        round->capacity = capacity;
    }
    round->pads[round->num_frames++] = pad;
}

static void end_round(kept_rounds_t *kept, kept_round_t *round, const player_outcome_t *outcome)
{
    kept_round_t *more =
        realloc(kept->rounds, (size_t)(kept->num_rounds + 1) * sizeof *kept->rounds);
    kept->failed = kept->failed || !more;
    if (!more) return;
    kept->rounds = more;
    kept->rounds[kept->num_rounds] = *round;
    kept->rounds[kept->num_rounds].result = outcome->result;
    kept->rounds[kept->num_rounds++].episode_return = outcome->episode_return;
    *round = (kept_round_t){ 0 };
}

void kept_rounds_turn(kept_rounds_t *kept, const actor_turn_t *turn)
{
    kept_round_t *round = &kept->open[turn->actor];
    if (turn->began) { /* after a crash: that round is begun anew */
        round->num_frames = 0;
        return;
    }
    const macro_t *macro = &preset_action(kept->preset, turn->outcome.action)->macro;
    for (int32_t f = 0; f < turn->outcome.duration_frames;
         f++) /* whole steps: neutral behind its end */
        add_frame(kept, round, macro_pad_at(macro, f, false));
    if (turn->outcome.terminal || turn->outcome.truncated) end_round(kept, round, &turn->outcome);
}

static int by_quality(const void *a, const void *b)
{
    const kept_round_t *left = a, *right = b;
    const int won = (right->result == PRESET_WON) - (left->result == PRESET_WON);
    if (won) return won;
    if (left->episode_return != right->episode_return)
        return left->episode_return < right->episode_return ? 1 : -1;
    return 0;
}

void kept_rounds_sort(kept_rounds_t *kept)
{
    for (int32_t i = 1; i < kept->num_rounds; i++) { /* insertion: few, and equal ones stay */
        const kept_round_t moved = kept->rounds[i];
        int32_t at = i;
        for (; at > 0 && by_quality(&kept->rounds[at - 1], &moved) > 0; at--)
            kept->rounds[at] = kept->rounds[at - 1];
        kept->rounds[at] = moved;
    }
}

void kept_rounds_close(kept_rounds_t *kept)
{
    for (int32_t i = 0; i < kept->num_rounds; i++) free(kept->rounds[i].pads);
    for (int32_t a = 0; kept->open && a < kept->num_actors; a++) free(kept->open[a].pads);
    free(kept->rounds);
    free(kept->open);
    *kept = (kept_rounds_t){ 0 };
}
