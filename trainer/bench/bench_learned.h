/* bench_learned.h - an agent in a folder of its own, for a plugin that is measured. */
#ifndef TRAINER_BENCH_LEARNED_H
#define TRAINER_BENCH_LEARNED_H

#include "agent_config.h"
#include "home.h"
#include "identity.h"
#include "preset.h"
#include "why.h"

/* A new folder, below TMPDIR, for a home (home.h). */
bool bench_learned_home(char home[HOME_PATH_BYTES], why_t why);
void bench_learned_remove(const char *home);
/* A game's preset and an agent with random weights there. agent: num_actions is filled in. path:
 * of the agent's file; num_weights: how many it plays with. */
bool bench_learned_save(char path[HOME_PATH_BYTES + 32], size_t *num_weights, const char *home,
                        const identity_t *identity, const preset_t *preset,
                        const agent_config_t *agent, why_t why);

#endif
