/* pools.h - pools of actors for tests: on our own game, or on a game of the fake core that
 * misbehaves as it is told. */
#ifndef TESTS_PLAYER_POOLS_H
#define TESTS_PLAYER_POOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_pool.h"
#include "why.h"

/* Random players of Kumite, by kumite.h's preset at its default start. */
actor_pool_config_t pools_of_kumite(int32_t num_actors);

/* Random players of a game whose core does as `words` say (fake_core.h): two actions, each a step
 * of four frames; a round ends when the core's clock is at 255. The configuration's preset and
 * paths are this file's, and last until the next call. */
actor_pool_config_t pools_of_fake(int32_t num_actors, const char *words);

/* For cmocka's groups: frees what pools_of_fake made. */
int pools_forget_fake(void **state);

/* The test fails, with the pool's reason, if it cannot start. */
actor_pool_t *pools_start(const actor_pool_config_t *config);

/* The next turn; the test fails after ten seconds or when an actor is given up. */
void pools_next_turn(actor_pool_t *pool, actor_turn_t *turn);

/* Turns are taken until the pool has news, which are copied; true: an actor was given up instead,
 * and `why` says it. The test fails after 30 seconds. */
bool pools_wait_for_news(actor_pool_t *pool, why_t news, why_t why);

#endif
