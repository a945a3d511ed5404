/* kept_rounds.h - the pads of an evaluation's rounds, as they were chosen: frame by frame, for a
 * fighter who looks right.
 *
 * A decision adds the pads of its action for as long as it lasted. What an evaluation changes in
 * them, sticky steps and the mirror of a fighter who looks left, is not in them: they say what was
 * meant, so that moves can be found in them (mine.h), and do not replay a round.
 */
#ifndef LAB_KEPT_ROUNDS_H
#define LAB_KEPT_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_pool.h"
#include "preset.h"

#define KEPT_MAX_FRAMES 864000 /* of a round; the rest is not kept */

typedef struct {
    uint16_t *pads; /* (num_frames) */
    int32_t num_frames, capacity;
    preset_result_t result;
    float episode_return;
} kept_round_t;

typedef struct {
    const preset_t *preset; /* borrowed */
    kept_round_t *rounds;   /* (num_rounds), in the order of their ends */
    int32_t num_rounds;
    kept_round_t *open; /* (num_actors) */
    int32_t num_actors;
    bool failed; /* no memory: some are missing */
} kept_rounds_t;

/* False: no memory. */
bool kept_rounds_open(kept_rounds_t *kept, const preset_t *preset, int32_t num_actors);
void kept_rounds_turn(kept_rounds_t *kept, const actor_turn_t *turn);
/* The best first: those that were won, then by their return; equal ones stay in their order. */
void kept_rounds_sort(kept_rounds_t *kept);
void kept_rounds_close(kept_rounds_t *kept); /* all zero is fine, and afterwards */

#endif
