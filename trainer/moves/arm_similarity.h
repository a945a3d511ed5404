/* arm_similarity.h - the similarities of a comparison's arms that are given, not learned. */
#ifndef TRAINER_ARM_SIMILARITY_H
#define TRAINER_ARM_SIMILARITY_H

#include "ablation.h"
#include "preset.h"
#include "why.h"

/* Does this arm begin with one of them? */
bool arm_has_similarity(int32_t arm);
/* Of those, the ones that are made from a probe, from an inverse model. */
bool arm_needs_probe(int32_t arm);
bool arm_needs_inverse(int32_t arm);
/* Is the similarity learned on while the agent trains? Of all other arms it is fixed, or off. */
bool arm_learns_similarity(int32_t arm);
/* Are random actions drawn by kinds (agent/kinds.h)? */
bool arm_draws_by_kinds(int32_t arm);

/* The preset with the similarity that the arm begins with:
 *     oracle    by hand, from the file `oracle`: {"kinds": [["Fireball", "236A"], ["Throw", ...]]},
 *               actions by name or notation; those of one list are alike, no others
 *     probe     of `found`, which has outcomes (similarity_from_outcomes())
 *     kinds     the same, and so of probe-meta, together and inverse, and of fixed and meta where
 *               they begin with outcomes
 *     permuted  the same under shuffled names: always the same shuffle
 *     constant  the mean of it for every pair
 * False: the file cannot be read, names no action or one twice; `why` says it. */
bool arm_similarity(preset_t **out, int32_t arm, const preset_t *preset, const preset_t *found,
                    const char *oracle, why_t why);

#endif
