/* actor_pool.h - the learner's side of many actors: their processes, their records, their deaths.
 *
 *     actor_pool_t *pool;
 *     actor_pool_start(&pool, &config, why);      every actor has begun an episode
 *     write weights to actor_pool_draft(pool); actor_pool_publish(pool, epsilon);
 *     actor_pool_allow(pool, 1000);
 *     while (...) {
 *         while (actor_pool_turn(pool, &turn)) learn from it;
 *         actor_pool_wait(pool, 20);
 *         if (!actor_pool_watch(pool, why)) give up;
 *     }
 *     actor_pool_stop(pool);
 *
 * An actor is a forked process (worker.h) with one game, here or where config.transport says. One
 * that crashes, is silent for too long or takes too much memory is ended, counted and started again
 * from its boot script; its open decision is lost, and its next turn is the beginning of an
 * episode. After ACTOR_POOL_MAX_DEATHS in a row without a decision between them it is given up.
 *
 * Start pools before the process grows: fork copies what is there. One thread.
 */
#ifndef PLAYER_ACTOR_POOL_H
#define PLAYER_ACTOR_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "actor.h"
#include "why.h"

enum { ACTOR_POOL_MAX_DEATHS = 6 };

typedef struct actor_pool actor_pool_t;
typedef struct actor_transport actor_transport_t; /* actor_transport.h */

typedef struct {
    actor_config_t actor; /* copied; what it points to is borrowed until the pool stops */
    int32_t num_actors;
    int32_t ring_records; /* an actor's lead, in records; 0: 64 */
    /* Without a frame, while it need not wait for the learner; while it runs or waits for a
     * processor, its own processor time counts, otherwise all time. 0: 5,000. */
    int32_t silence_limit_ms;
    int32_t boot_limit_ms;    /* from its start to its first frame, counted alike; 0: 60,000 */
    int32_t memory_limit_mib; /* resident memory of one actor; 0: 2,048 */
    bool pins; /* actor a to the processor first_processor + a of those this process may use */
    int32_t first_processor;
    const actor_transport_t *transport; /* NULL: actor_processes, on this machine */
} actor_pool_config_t;

/* One record, with the observations put together. Borrowed until the next actor_pool_turn() or
 * actor_pool_wait(). */
typedef struct {
    int32_t actor;
    int32_t stream; /* actor * actor_num_seats() + seat: whose records these are */
    int32_t met;    /* in self-play: actor.h */
    int32_t start;  /* index in the config's starts */
    bool is_twin;   /* of decisions that are told anyway: as seen at another delay (actor.h) */
    bool began; /* an episode begins at obs (an open decision before it is lost); else a decision */
    player_outcome_t outcome;
    const uint8_t *before; /* an observation, what the decision was made on */
    const uint8_t *obs; /* an observation, what came of it; the last one if the episode is over */
    const uint8_t *picture; /* (84, 84) grays as it was over; NULL: none, or it is in obs */
    const uint8_t *screen;  /* RGB, 3 bytes a pixel; NULL: none */
    int32_t screen_width_px, screen_height_px;
} actor_turn_t;

/* What is 0 becomes what 0 stands for; actor_pool_start() does it, too. */
void actor_pool_set_defaults(actor_pool_config_t *config);

/* False: some actor could not begin; `why` is its own sentence. */
bool actor_pool_start(actor_pool_t **out, const actor_pool_config_t *config, why_t why);
void actor_pool_stop(actor_pool_t *pool); /* NULL is fine */

/* Where to write the next weights, as many floats as the policy has; then publish. NULL: an actor
 * still copies an older publication, try again later; or actors have no policy. */
float *actor_pool_draft(actor_pool_t *pool);
void actor_pool_publish(actor_pool_t *pool, float epsilon);
/* Past selves that rounds of self-play may meet, from the next publication on: numbers of their
 * files, at most ACTOR_MAX_PAST. */
void actor_pool_set_past(actor_pool_t *pool, const uint32_t *numbers, int32_t count);
/* How many rounds begin at each of config.actor's starts, as shares of any sum; from the next
 * publication on. */
void actor_pool_set_starts(actor_pool_t *pool, const float *shares);
/* How many decisions (episodes, if config.actor.counts_episodes) may be made since the start. */
void actor_pool_allow(actor_pool_t *pool, uint64_t count);

/* The next record of any actor, in turn; false: there is none now. */
bool actor_pool_turn(actor_pool_t *pool, actor_turn_t *turn);
/* Wait for a record, at most timeout_ms. */
bool actor_pool_wait(actor_pool_t *pool, int32_t timeout_ms);

/* Look after the actors, at most every 100 ms: cheap to call often. False: one is given up; `why`
 * says why it died. */
bool actor_pool_watch(actor_pool_t *pool, why_t why);
/* The sentence of the last death that was mended, once; NULL: none. */
const char *actor_pool_news(actor_pool_t *pool);
uint32_t actor_pool_deaths(const actor_pool_t *pool);
/* Emulated by all actors, as far as their turns were taken. */
uint64_t actor_pool_frames(const actor_pool_t *pool);
/* That the actors who live now have had a processor. */
double actor_pool_cpu_seconds(const actor_pool_t *pool);

#endif
