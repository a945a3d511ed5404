/* ranks_fellow.h - another rank, as the one knows it that looks after it; for ranks_*_mpi.c only.
 */
#ifndef PLAYER_RANKS_FELLOW_H
#define PLAYER_RANKS_FELLOW_H

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ranks_messages.h"
#include "why.h"

enum {
    RANKS_WATCH_EVERY_MS = 20,
    /* Nobody looked for so long (a save, an evaluation): silence says nothing. */
    RANKS_AWAY_MS = 1000
};

typedef struct {
    char name[RANKS_HOST_BYTES + 32]; /* "rank 2 on host" */
    pid_t pid;                        /* 0: on another machine */
    ranks_life_t life, last;          /* being received; the newest */
    MPI_Request life_request;         /* MPI_REQUEST_NULL before the first */
    int64_t heard_at_ms;
    int32_t news_told; /* life.news_number */
} ranks_fellow_t;

/* Who it says it is; host and version end with a NUL afterwards. False: another version. */
bool ranks_fellow_meet(ranks_fellow_t *fellow, int32_t world_rank, char host[RANKS_HOST_BYTES],
                       char version[RANKS_VERSION_BYTES], int32_t pid, why_t why);
/* Its signs of life that have come, from rank `rank` of comm. False: MPI failed. */
bool ranks_fellow_hear(ranks_fellow_t *fellow, int32_t rank, MPI_Comm comm, why_t why);
/* It goes on no more; `why` says what it said. */
bool ranks_fellow_has_given_up(const ranks_fellow_t *fellow, why_t why);
/* Its process, on this machine, is there no more. */
bool ranks_fellow_has_ended(const ranks_fellow_t *fellow, why_t why);
/* Nothing was heard of it for RANKS_SILENCE_MS. */
bool ranks_fellow_is_silent(const ranks_fellow_t *fellow, int64_t now_ms, why_t why);
/* False: it has told nothing new. Once for each sentence. */
bool ranks_fellow_news(ranks_fellow_t *fellow, why_t news);

/* What is lost by an error of MPI with it. */
void ranks_fellow_lose(const ranks_fellow_t *fellow, int error, why_t why);

/* "because; the run ends here, ...", which another rank may have added already. Always false. */
bool ranks_refuse_to_go_on(why_t why, const char *because);

void ranks_nap(int32_t us);
/* Cancelled and freed, if it is under way. */
void ranks_forget(MPI_Request *request);

#endif
