/* actor_transport.h - where the actors of an exchange run, and how they are looked after.
 *
 * The learner's exchange has one lane an actor. Who fills the lanes is the transport's business:
 *
 *     actor_processes       forked processes of this machine: they share the block itself
 *     ranks_transport()     actors of other ranks of an `mpirun`: their records, the weights and
 * the permissions are carried between this block and theirs (ranks.h)
 *
 * All calls from the learner's thread.
 */
#ifndef PLAYER_ACTOR_TRANSPORT_H
#define PLAYER_ACTOR_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_pool.h"
#include "exchange.h"
#include "why.h"

struct actor_transport {
    /* Every actor of `config` has begun an episode or waits until it may. config and exchange are
     * borrowed until stop(). False: one cannot; *out is NULL. */
    bool (*start)(void **out, exchange_t *exchange, const actor_pool_config_t *config, why_t why);
    /* Carry what is there, without waiting; NULL: there is nothing to carry. */
    void (*carry)(void *carrier);
    /* Actor a brought a decision: it is well. */
    void (*brought)(void *carrier, int32_t a);
    /* Look after the actors, at most every 100 ms. False: one is given up; `why` says why. */
    bool (*watch)(void *carrier, why_t why);
    const char *(*news)(void *carrier); /* of the last death that was mended, once; NULL */
    uint32_t (*deaths)(const void *carrier);
    double (*cpu_seconds)(const void *carrier); /* of the actors who live now */
    void (*stop)(void *carrier);                /* ends the actors; NULL is fine */
};

extern const actor_transport_t actor_processes;

#endif
