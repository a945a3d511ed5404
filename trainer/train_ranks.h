/* train_ranks.h - what `kata train` does as one of several ranks of an mpirun (ranks.h), where it
 * is not the one that speaks, and where several learn. */
#ifndef TRAINER_TRAIN_RANKS_H
#define TRAINER_TRAIN_RANKS_H

#include <stdbool.h>
#include <stdint.h>

#include "learning_options.h"
#include "training.h"
#include "why.h"

/* The whole work of a rank that does not learn; an exit status. Rank 0 says what there is to say.
 */
int train_ranks_act(const actor_pool_config_t *actors);

/* The whole work of a learner beside the first: no folder, no evaluation, no word. *training is the
 * caller's to close. */
int train_ranks_learn_along(training_t **training, const training_config_t *config,
                            const learning_options_t *options);

/* False: an option that num_learners cannot follow; `why` names it. */
bool train_ranks_fit(int32_t num_learners, const training_config_t *config, const char *device,
                     why_t why);

/* In rank 0, at the end of a session: the other learners end, too, and all have the same weights,
 * which is said. False: they have not. Where one learns alone nothing happens. */
bool train_ranks_part(training_t *training, why_t why);

#endif
