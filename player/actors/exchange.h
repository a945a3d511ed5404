/* exchange.h - what actors and the learner hand each other, in one block of shared memory. Between
 * machines its contents are carried from block to block (actor_transport.h).
 *
 * One learner, several actors, each in a process (or thread) of its own. Nobody waits for somebody
 * else's macro to end:
 *
 *     weights    the learner publishes, each actor copies them when it likes (two buffers)
 *     records    one ring an actor: the actor pushes, the learner takes what is there
 *     decisions  the learner says how many may be made in all; an actor claims each of its own
 *
 * The block is mapped before the actors are forked and shared by inheritance. It holds no pointer
 * and no lock that a dying actor could keep: an actor that is killed at any instruction leaves the
 * block usable, and what it had pushed is still taken. Waiting is by counting semaphores in the
 * block, each with a limit after which the condition is looked at again.
 *
 * Clock: decisions. Bytes only: this file knows nothing of games, networks or replay.
 * Threads: functions marked (learner) from one thread of the learner; those marked (actor) from
 * one thread of actor `a`.
 */
#ifndef PLAYER_EXCHANGE_H
#define PLAYER_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define EXCHANGE_MAX_ACTORS 256

typedef struct exchange exchange_t;

typedef struct {
    int32_t num_actors;   /* 1..EXCHANGE_MAX_ACTORS */
    int32_t ring_records; /* records a ring holds before its actor waits; 1 or more */
    size_t record_bytes;  /* of one record */
    size_t weight_bytes;  /* of one publication; 0: none are published */
} exchange_config_t;

/* Map the block. No decision is allowed yet, nothing is published. False: *out is NULL. */
bool exchange_create(exchange_t **out, const exchange_config_t *config, why_t why);
/* Unmap it in this process. NULL is fine. */
void exchange_destroy(exchange_t *exchange);

/* ---- weights --------------------------------------------------------------------------------- */

/* (learner) Where to write the next weights: (weight_bytes). NULL while an actor still copies from
 * there: try again later. */
void *exchange_draft(exchange_t *exchange);
/* (learner) What was written to exchange_draft() is current. */
void exchange_publish(exchange_t *exchange);
/* (actor) Copy the current weights out if they are newer than *version, which is then theirs (begin
 * with 0). False: there are none, or none newer; nothing is copied. Never waits. */
bool exchange_take_weights(exchange_t *exchange, int32_t a, void *weights, uint64_t *version);
/* (actor) The current weights where they lie, if they are newer than *version, which is then
 * theirs: they stay as they are until exchange_release_weights(). NULL: none newer. Never waits. */
const void *exchange_hold_weights(exchange_t *exchange, int32_t a, uint64_t *version);
void exchange_release_weights(exchange_t *exchange, int32_t a);
/* How often was published. */
uint64_t exchange_version(const exchange_t *exchange);

/* ---- records --------------------------------------------------------------------------------- */

/* (actor) How many records fit in now: for so many exchange_slot() does not wait. */
int32_t exchange_room(exchange_t *exchange, int32_t a);
/* (actor) Where to write the next record; waits while the ring is full. NULL: stopped. */
void *exchange_slot(exchange_t *exchange, int32_t a);
/* (actor) Whether exchange_slot() would not wait. */
bool exchange_has_room(exchange_t *exchange, int32_t a);
/* (actor) The record in exchange_slot() is whole: hand it over. ends_decision: it is what the
 * claimed decision brought. */
void exchange_push(exchange_t *exchange, int32_t a, bool ends_decision);
/* (learner) The oldest record of actor a that was not taken, or NULL. Valid until exchange_pop().
 */
const void *exchange_peek(exchange_t *exchange, int32_t a);
void exchange_pop(exchange_t *exchange, int32_t a);
/* (learner) Wait until some ring has a record, at most timeout_ms. True: one has. */
bool exchange_wait(exchange_t *exchange, int32_t timeout_ms);

/* ---- decisions ------------------------------------------------------------------------------- */

/* (learner) From now on this many decisions may be made in all, counted from the creation. Never
 * falls. UINT64_MAX: as many as they like. */
void exchange_allow(exchange_t *exchange, uint64_t num_decisions);
uint64_t exchange_allowed(const exchange_t *exchange);
/* (actor) Claim one decision; waits until it is allowed. False: stopped. number: which of all it
 * is, from 0; NULL: nobody asks. */
bool exchange_claim(exchange_t *exchange, int32_t a, uint64_t *number);
/* (actor) A claimed decision will bring no record: somebody may claim it anew. */
void exchange_unclaim(exchange_t *exchange, int32_t a);
uint64_t exchange_claimed(const exchange_t *exchange);

/* ---- life ------------------------------------------------------------------------------------ */

/* (learner) Ask all actors to end: whoever waits, and whoever waits later, gets its refusal. */
void exchange_stop(exchange_t *exchange);
bool exchange_stopped(const exchange_t *exchange);

/* (actor) A sign of life, once a frame. */
void exchange_beat(exchange_t *exchange, int32_t a);
uint64_t exchange_beats(const exchange_t *exchange, int32_t a);
/* True while actor a waits for the learner (for room in its ring or for a decision): its silence is
 * no fault of its own. */
bool exchange_actor_waits(const exchange_t *exchange, int32_t a);

/* (learner) Actor a has died and is about to be started again: what it was copying or waiting for
 * is forgotten, and decisions that it had claimed and not brought may be claimed anew. (An actor
 * killed between two instructions of a claim may leave the count one off; what the learner stored
 * is what it counts updates by.) */
void exchange_actor_died(exchange_t *exchange, int32_t a);

#endif
