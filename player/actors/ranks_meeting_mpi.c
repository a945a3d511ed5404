/* ranks_meeting_mpi.c - see ranks_meeting.h. Learner i is rank i of the world and of the
 * learners' communicator. */
#include <errno.h>
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "ranks.h"
#include "ranks_fellow.h"
#include "ranks_meeting.h"

enum {
    SUM_NAP_US = 50,
    NAP_US = 1000,
    BEGIN_MS = 60000,              /* learner 0 comes last: it has the agent to open */
    SUM_MS = 2 * RANKS_SILENCE_MS, /* whoever is silent is named before */
    COMPARE_MS = 5000,
    PASS_AT_ONCE = 1 << 26
};

typedef struct {
    int32_t pid;
    char host[RANKS_HOST_BYTES], version[RANKS_VERSION_BYTES];
} introduction_t;

struct ranks_meeting {
    int32_t num, me;
    ranks_fellow_t *fellows; /* (num); the life of each is received by learner 0 alone */

    ranks_word_t mine, *words; /* words: (num) */
    MPI_Request meeting;
    int64_t arrived_at_ms; /* 0: not in a meeting */

    ranks_life_t life; /* being sent to learner 0 */
    MPI_Request life_request;
    int64_t life_at_ms;
    why_t said; /* with the next one */
    bool has_said, is_final;

    int32_t call; /* from learner 0 */
    MPI_Request call_request, *call_requests;
    bool is_called, is_ending, has_ended;

    double tally[2]; /* of a sum: unsound, ending */
    uint32_t *numbers, number;
    int64_t watched_at_ms;
    bool is_open, is_lost; /* is_open: all know each other */
    why_t why, news;
};

static void lose(ranks_meeting_t *l, const char *doing, int error)
{
    if (l->is_lost) return;
    l->is_lost = true;
    ranks_refuse(l->why, doing, error);
}

/* Of this machine's; one that has ended is lost. */
static void look_after_processes(ranks_meeting_t *l)
{
    for (int32_t i = 0; i < l->num && !l->is_lost; i++)
        l->is_lost = ranks_fellow_has_ended(&l->fellows[i], l->why);
}

static void look_after_lives(ranks_meeting_t *l, int64_t now);

/* False: MPI failed, a learner is lost, or it takes longer than that; l->why says so. */
static bool wait_for(ranks_meeting_t *l, int32_t count, MPI_Request *requests, int32_t nap_us,
                     int64_t limit_ms, const char *doing)
{
    const int64_t until = clock_now_ms() + limit_ms;
    int64_t look_at = 0;
    for (int done = 0; !l->is_lost;) {
        const int error = MPI_Testall(count, requests, &done, MPI_STATUSES_IGNORE);
        if (error != MPI_SUCCESS) lose(l, doing, error);
        if (error != MPI_SUCCESS || done) break;
        const int64_t now = clock_now_ms();
        if (now > look_at) {
            look_after_processes(l);
            if (l->is_open && !l->is_lost) look_after_lives(l, now);
            look_at = now + RANKS_WATCH_EVERY_MS;
        }
        if (now > until && !l->is_lost) {
            l->is_lost = true;
            refuse(l->why, "%s: not all learners have come within %d s", doing,
                   (int)(limit_ms / 1000));
        }
        ranks_nap(nap_us);
    }
    return !l->is_lost;
}

/* ---- life ------------------------------------------------------------------------------------ */

static bool meet_fellows(ranks_meeting_t *l, char *why)
{
    introduction_t mine = { .pid = (int32_t)getpid(), .version = KATA_VERSION };
    (void)gethostname(mine.host, sizeof mine.host - 1);
    introduction_t *all = calloc((size_t)l->num, sizeof *all);
    if (!all) return refuse(why, "no memory for %d learners", l->num);
    MPI_Request request;
    const int error = MPI_Iallgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE,
                                     ranks_learners_comm(), &request);
    if (error != MPI_SUCCESS) lose(l, "finding the other learners", error);
    const int64_t limit_ms = l->me == 0 ? BEGIN_MS : RANKS_FIRST_LEARNER_MS;
    bool ok = wait_for(l, 1, &request, NAP_US, limit_ms, "finding the other learners") ||
              refuse(why, "%s", l->why);
    for (int32_t i = 0; ok && i < l->num; i++)
        ok = ranks_fellow_meet(&l->fellows[i], i, all[i].host, all[i].version,
                               i == l->me ? 0 : all[i].pid, why);
    free(all);
    return ok;
}

static void free_learners(ranks_meeting_t *l)
{
    free(l->fellows);
    free(l->words);
    free(l->call_requests);
    free(l->numbers);
    free(l);
}

bool ranks_meeting_open(ranks_meeting_t **out, why_t why)
{
    *out = NULL;
    ranks_meeting_t *l = calloc(1, sizeof *l);
    if (!l) return refuse(why, "no memory for the other learners");
    l->num = ranks_num_learners();
    l->me = ranks_learner();
    l->fellows = calloc((size_t)l->num, sizeof *l->fellows);
    l->words = calloc((size_t)l->num, sizeof *l->words);
    l->numbers = calloc((size_t)l->num, sizeof *l->numbers);
    l->call_requests = calloc((size_t)l->num, sizeof(MPI_Request));
    l->meeting = l->life_request = l->call_request = MPI_REQUEST_NULL;
    if (!l->fellows || !l->words || !l->numbers || !l->call_requests) {
        free_learners(l);
        return refuse(why, "no memory for %d learners", ranks_num_learners());
    }
    for (int32_t i = 0; i < l->num; i++) {
        l->fellows[i].life_request = MPI_REQUEST_NULL;
        l->call_requests[i] = MPI_REQUEST_NULL;
    }
    int error = MPI_SUCCESS;
    if (l->me > 0)
        error = MPI_Irecv(&l->call, 1, MPI_INT32_T, 0, RANKS_TAG_CALL, ranks_learners_comm(),
                          &l->call_request);
    if ((error != MPI_SUCCESS && !ranks_refuse(why, "awaiting learner 0", error)) ||
        !meet_fellows(l, why))
        return false; /* MPI may look at what is in it until the process ends */
    l->watched_at_ms = clock_now_ms();
    l->is_open = true;
    *out = l;
    return true;
}

void ranks_meeting_close(ranks_meeting_t *l)
{
    if (!l || l->is_lost) return;
    int sent = 0;
    if (l->life_request != MPI_REQUEST_NULL)
        (void)MPI_Test(&l->life_request, &sent, MPI_STATUS_IGNORE);
    for (int32_t i = 0; i < l->num; i++) ranks_forget(&l->fellows[i].life_request);
    ranks_forget(&l->call_request);
    int called = 0;
    if (MPI_Testall(l->num, l->call_requests, &called, MPI_STATUSES_IGNORE) != MPI_SUCCESS) return;
    if (called && l->life_request == MPI_REQUEST_NULL && l->meeting == MPI_REQUEST_NULL)
        free_learners(l);
}

bool ranks_meeting_pass(ranks_meeting_t *l, void *bytes, size_t num_bytes, why_t why)
{
    static const char doing[] = "passing the agent to all learners";
    for (size_t at = 0; at < num_bytes; at += PASS_AT_ONCE) {
        const size_t rest = num_bytes - at;
        MPI_Request request;
        const int error =
            MPI_Ibcast((char *)bytes + at, (int)(rest < PASS_AT_ONCE ? rest : PASS_AT_ONCE),
                       MPI_BYTE, 0, ranks_learners_comm(), &request);
        if (error != MPI_SUCCESS) lose(l, doing, error);
        if (!wait_for(l, 1, &request, NAP_US, RANKS_FIRST_LEARNER_MS, doing))
            return refuse(why, "%s", l->why);
    }
    return true;
}

/* ---- meetings -------------------------------------------------------------------------------- */

void ranks_meeting_arrive(ranks_meeting_t *l, const ranks_word_t *word)
{
    if (l->is_lost) return;
    l->mine = *word;
    l->mine.is_ending = l->is_ending || l->is_called;
    l->arrived_at_ms = clock_now_ms();
    const int error = MPI_Iallgather(&l->mine, sizeof l->mine, MPI_BYTE, l->words, sizeof l->mine,
                                     MPI_BYTE, ranks_learners_comm(), &l->meeting);
    if (error != MPI_SUCCESS) lose(l, "waiting for the other learners", error);
}

const ranks_word_t *ranks_meeting_met(ranks_meeting_t *l)
{
    int done = 0;
    if (l->is_lost || l->arrived_at_ms == 0) return NULL;
    const int error = MPI_Test(&l->meeting, &done, MPI_STATUS_IGNORE);
    if (error != MPI_SUCCESS) lose(l, "waiting for the other learners", error);
    if (error != MPI_SUCCESS || !done) return NULL;
    l->arrived_at_ms = 0;
    return l->words;
}

/* ---- looking after them ---------------------------------------------------------------------- */

static void take_life(ranks_meeting_t *l, int32_t i)
{
    if (l->is_lost) return;
    l->is_lost = !ranks_fellow_hear(&l->fellows[i], i, ranks_learners_comm(), l->why) ||
                 ranks_fellow_has_given_up(&l->fellows[i], l->why);
}

static void send_life(ranks_meeting_t *l)
{
    int done = 0;
    const int64_t now = clock_now_ms();
    int error = MPI_Test(&l->life_request, &done, MPI_STATUS_IGNORE);
    if (error == MPI_SUCCESS && done && (now >= l->life_at_ms || l->has_said)) {
        l->life_at_ms = now + RANKS_LIFE_MS;
        if (l->has_said) {
            refuse(l->life.news, "%s", l->said);
            l->life.news_number++;
            l->life.is_given_up = l->is_final;
            l->has_said = false;
        }
        error = MPI_Isend(&l->life, sizeof l->life, MPI_BYTE, 0, RANKS_TAG_LIFE,
                          ranks_learners_comm(), &l->life_request);
    }
    int called = 0;
    if (error == MPI_SUCCESS && !l->is_called) {
        error = MPI_Test(&l->call_request, &called, MPI_STATUS_IGNORE);
        l->is_called = error == MPI_SUCCESS && called;
    }
    if (error != MPI_SUCCESS) lose(l, "rank 0 is lost", error);
}

static void look_after_lives(ranks_meeting_t *l, int64_t now)
{
    if (l->me > 0) send_life(l);
    for (int32_t i = 1; i < l->num && l->me == 0 && !l->is_lost; i++) {
        take_life(l, i);
        if (!l->is_lost) l->is_lost = ranks_fellow_is_silent(&l->fellows[i], now, l->why);
    }
}

static common_gradient_status_t sum(void *self, void *numbers, size_t count, size_t number_bytes,
                                    double *num_unsound)
{
    static const char doing[] = "summing the gradients";
    ranks_meeting_t *l = self;
    MPI_Request requests[2] = { MPI_REQUEST_NULL, MPI_REQUEST_NULL };
    l->tally[0] = *num_unsound;
    l->tally[1] = l->is_ending;
    int error = MPI_Iallreduce(MPI_IN_PLACE, l->tally, 2, MPI_DOUBLE, MPI_SUM,
                               ranks_learners_comm(), &requests[0]);
    if (error == MPI_SUCCESS)
        error = MPI_Iallreduce(MPI_IN_PLACE, numbers, (int)count,
                               number_bytes == sizeof(float) ? MPI_FLOAT : MPI_DOUBLE, MPI_SUM,
                               ranks_learners_comm(), &requests[1]);
    if (error != MPI_SUCCESS) lose(l, doing, error);
    if (!wait_for(l, 2, requests, SUM_NAP_US, SUM_MS, doing)) return COMMON_GRADIENT_LOST;
    *num_unsound = l->tally[0];
    l->has_ended = l->tally[1] > 0;
    return l->has_ended ? COMMON_GRADIENT_ENDED : COMMON_GRADIENT_OK;
}

common_gradient_t ranks_meeting_gradient(ranks_meeting_t *l)
{
    return (common_gradient_t){ .num_learners = l->num, .learner = l->me, .self = l, .sum = sum };
}

/* The first learner's own work may keep it away from the others' words for long. */
static void look_for_silence(ranks_meeting_t *l, int64_t now, bool was_away)
{
    for (int32_t i = 1; i < l->num && l->me == 0 && was_away; i++) l->fellows[i].heard_at_ms = now;
    look_after_lives(l, now);
    if (l->me > 0 && l->arrived_at_ms > 0 && now - l->arrived_at_ms > RANKS_FIRST_LEARNER_MS &&
        !l->is_lost) {
        l->is_lost = true;
        refuse(l->why, "the other learners have not come to an update for %d s",
               RANKS_FIRST_LEARNER_MS / 1000);
    }
}

bool ranks_meeting_watch(ranks_meeting_t *l, why_t why)
{
    const int64_t now = clock_now_ms();
    if (now - l->watched_at_ms < RANKS_WATCH_EVERY_MS && !l->is_lost) return true;
    const bool was_away = now - l->watched_at_ms > RANKS_AWAY_MS;
    l->watched_at_ms = now;
    if (!l->is_lost) look_after_processes(l);
    if (!l->is_lost) look_for_silence(l, now, was_away);
    return !l->is_lost || ranks_refuse_to_go_on(why, l->why);
}

void ranks_meeting_tell(ranks_meeting_t *l, const char *sentence, bool is_final)
{
    refuse(l->said, "%s", sentence);
    l->has_said = true;
    l->is_final = is_final;
}

const char *ranks_meeting_news(ranks_meeting_t *l)
{
    for (int32_t i = 1; i < l->num && l->me == 0; i++)
        if (ranks_fellow_news(&l->fellows[i], l->news)) return l->news;
    return NULL;
}

/* ---- the end --------------------------------------------------------------------------------- */

void ranks_meeting_end(ranks_meeting_t *l)
{
    if (l->is_ending) return;
    l->is_ending = true;
    for (int32_t i = 1; i < l->num && l->me == 0 && !l->is_lost; i++) {
        const int error = MPI_Isend(&l->call, 1, MPI_INT32_T, i, RANKS_TAG_CALL,
                                    ranks_learners_comm(), &l->call_requests[i]);
        if (error != MPI_SUCCESS) lose(l, l->fellows[i].name, error);
    }
}

bool ranks_meeting_is_called(const ranks_meeting_t *l)
{
    return l->is_called;
}

bool ranks_meeting_has_ended(const ranks_meeting_t *l)
{
    return l->has_ended;
}

const uint32_t *ranks_meeting_compare(ranks_meeting_t *l, uint32_t number)
{
    static const char doing[] = "comparing the weights of all learners";
    MPI_Request request;
    l->number = number;
    const int error = MPI_Iallgather(&l->number, 1, MPI_UINT32_T, l->numbers, 1, MPI_UINT32_T,
                                     ranks_learners_comm(), &request);
    if (error != MPI_SUCCESS) lose(l, doing, error);
    return wait_for(l, 1, &request, NAP_US, COMPARE_MS, doing) ? l->numbers : NULL;
}
