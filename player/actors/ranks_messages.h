/* ranks_messages.h - what the learner and the acting ranks send each other; for ranks_*_mpi.c only.
 */
#ifndef PLAYER_RANKS_MESSAGES_H
#define PLAYER_RANKS_MESSAGES_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor.h"
#include "actor_transport.h"
#include "why.h"

enum {
    RANKS_TAG_HELLO = 1, /* acting rank -> learner, once: ranks_hello_t */
    RANKS_TAG_RECORD,    /* acting rank -> learner: ranks_record_t with its used bytes */
    RANKS_TAG_LIFE,      /* acting rank -> learner: ranks_life_t */
    RANKS_TAG_GRANT,     /* learner -> acting rank: ranks_grant_t */
    RANKS_TAG_WEIGHTS,   /* learner -> acting rank: one publication */
    RANKS_TAG_BYE,       /* acting rank -> learner, its last: empty */
    RANKS_TAG_CALL       /* learner 0 -> learner: come to the last meeting */
};
enum {
    RANKS_HOST_BYTES = 64,
    RANKS_VERSION_BYTES = 64,
    RANKS_RECORDS_AHEAD = 16, /* of each acting rank that may be on their way */
    RANKS_LIFE_MS = 200
};

/* From a learner to its acting ranks, once: go, with the policy that its agent has. */
typedef struct {
    int32_t num_acting; /* of its group, ranks 1 to this one act; the others are not needed */
    float discount_per_step, novelty;
    int32_t who; /* actor_who_t */
    agent_config_t agent;
} ranks_setup_t;

typedef struct {
    int32_t ok; /* else `why` */
    int32_t num_actors, pid;
    char host[RANKS_HOST_BYTES], version[RANKS_VERSION_BYTES];
    why_t why;
} ranks_hello_t;

typedef struct {
    int32_t actor; /* of this rank's */
    int32_t unused;
    uint8_t record[]; /* actor_record_t, its used bytes */
} ranks_record_t;

typedef struct {
    uint64_t decisions; /* that this rank's actors may make since the beginning */
    int32_t ends;       /* no more: end */
    int32_t unused;
} ranks_grant_t;

/* Of an acting rank to its learner; of a learner to the first, with news alone. */
typedef struct {
    double cpu_seconds; /* of its actors */
    uint32_t deaths;
    int32_t is_given_up; /* `news` says why */
    int32_t news_number; /* one more for each sentence in `news` */
    why_t news;
} ranks_life_t;

/* A learner and the ranks that act for it, in which the learner is 0; the learners alone. */
MPI_Comm ranks_group(void);
MPI_Comm ranks_learners_comm(void);
int32_t ranks_group_size(void);
/* What mpirun calls rank `rank` of this one's group. */
int32_t ranks_world_rank(int32_t rank);

/* What MPI calls an error, as "doing: what MPI says". Always false. */
bool ranks_refuse(why_t why, const char *doing, int error);

extern const actor_transport_t ranks_transport; /* ranks_learner_mpi.c */

#endif
