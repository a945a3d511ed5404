/* ranks_fellow_mpi.c - see ranks_fellow.h. */
#include "ranks_fellow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "ranks.h"

bool ranks_fellow_meet(ranks_fellow_t *fellow, int32_t world_rank, char host[RANKS_HOST_BYTES],
                       char version[RANKS_VERSION_BYTES], int32_t pid, why_t why)
{
    char here[RANKS_HOST_BYTES] = "";
    (void)gethostname(here, sizeof here - 1);
    host[RANKS_HOST_BYTES - 1] = version[RANKS_VERSION_BYTES - 1] = '\0';
    snprintf(fellow->name, sizeof fellow->name, "rank %d on %s", world_rank, host);
    fellow->heard_at_ms = clock_now_ms();
    /* The same name may be another machine's, or another container's. */
    if (strcmp(here, host) == 0 && pid > 0 && kill(pid, 0) == 0) fellow->pid = pid;
    return strcmp(version, KATA_VERSION) == 0 ||
           refuse(why, "%s runs Kata %s, rank %d runs %s: all must be the same", fellow->name,
                  version, ranks_rank(), KATA_VERSION);
}

bool ranks_fellow_hear(ranks_fellow_t *fellow, int32_t rank, MPI_Comm comm, why_t why)
{
    for (;;) {
        int done = 0, error = MPI_SUCCESS;
        if (fellow->life_request == MPI_REQUEST_NULL)
            error = MPI_Irecv(&fellow->life, sizeof fellow->life, MPI_BYTE, rank, RANKS_TAG_LIFE,
                              comm, &fellow->life_request);
        if (error == MPI_SUCCESS) error = MPI_Test(&fellow->life_request, &done, MPI_STATUS_IGNORE);
        if (error != MPI_SUCCESS) ranks_fellow_lose(fellow, error, why);
        if (error != MPI_SUCCESS || !done) return error == MPI_SUCCESS;
        fellow->heard_at_ms = clock_now_ms();
        fellow->last = fellow->life;
        fellow->last.news[sizeof fellow->last.news - 1] = '\0';
    }
}

bool ranks_fellow_has_given_up(const ranks_fellow_t *fellow, why_t why)
{
    if (!fellow->last.is_given_up) return false;
    refuse(why, "%s: %.400s", fellow->name, fellow->last.news);
    return true;
}

bool ranks_fellow_has_ended(const ranks_fellow_t *fellow, why_t why)
{
    if (fellow->pid <= 0 || kill(fellow->pid, 0) == 0 || errno != ESRCH) return false;
    refuse(why, "%s is lost: its process has ended", fellow->name);
    return true;
}

bool ranks_fellow_is_silent(const ranks_fellow_t *fellow, int64_t now_ms, why_t why)
{
    if (now_ms - fellow->heard_at_ms <= RANKS_SILENCE_MS) return false;
    refuse(why, "%s is lost: nothing was heard of it for %d s", fellow->name,
           RANKS_SILENCE_MS / 1000);
    return true;
}

bool ranks_fellow_news(ranks_fellow_t *fellow, why_t news)
{
    if (fellow->last.news_number == fellow->news_told) return false;
    fellow->news_told = fellow->last.news_number;
    refuse(news, "%s: %.400s", fellow->name, fellow->last.news);
    return true;
}

void ranks_fellow_lose(const ranks_fellow_t *fellow, int error, why_t why)
{
    char doing[RANKS_HOST_BYTES + 64];
    snprintf(doing, sizeof doing, "%s is lost", fellow->name);
    ranks_refuse(why, doing, error);
}

bool ranks_refuse_to_go_on(why_t why, const char *because)
{
    static const char end[] =
        "; the run ends here, and goes on from what is saved when it is started again";
    return refuse(why, "%.600s%s", because, strstr(because, end) ? "" : end);
}

void ranks_nap(int32_t us)
{
    nanosleep(&(struct timespec){ .tv_nsec = us * 1000L }, NULL);
}

void ranks_forget(MPI_Request *request)
{
    if (*request == MPI_REQUEST_NULL) return;
    (void)MPI_Cancel(request);
    (void)MPI_Request_free(request);
}
