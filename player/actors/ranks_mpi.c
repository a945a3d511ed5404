/* ranks_mpi.c - the ranks of an mpirun: their beginning and end, and the work of one that acts. The
 * learner's side: ranks_learner_mpi.c.
 *
 * An acting rank has an exchange of its own, which its actors (actor_processes.c) share, and takes
 * the learner's part in it: it publishes what weights come, allows what it is allowed, takes the
 * records and sends them on. */
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "processors.h"
#include "ranks.h"
#include "ranks_messages.h"

enum { NAP_MS = 1, BYE_MS = 3000, LAST_WORDS_MS = 500 };

static struct {
    MPI_Comm group, learners;
    int32_t num_learners, num_workers;
} world = { .num_learners = 1 };

bool ranks_refuse(why_t why, const char *doing, int error)
{
    char text[MPI_MAX_ERROR_STRING] = "an unknown error";
    int length;
    (void)MPI_Error_string(error, text, &length);
    return refuse(why, "%s: MPI says: %.300s", doing, text);
}

/* ---- life ------------------------------------------------------------------------------------ */

static bool has_begun(void)
{
    int begun = 0, ended = 0;
    (void)MPI_Initialized(&begun);
    if (begun) (void)MPI_Finalized(&ended);
    return begun && !ended;
}

bool ranks_begin(why_t why)
{
    if (!getenv("OMPI_COMM_WORLD_SIZE") && !getenv("PMIX_RANK") && !getenv("PMI_SIZE")) return true;
    /* Where there are more ranks than processors Open MPI gives its turn away in every test that
     * finds nothing: on a busy machine a round of all other programs, for each message that is
     * looked for. We sleep between looks ourselves. */
    setenv("OMPI_MCA_mpi_yield_when_idle", "0", 1);
    int given;
    const int error = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given);
    if (error != MPI_SUCCESS) return ranks_refuse(why, "beginning", error);
    (void)MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    world.group = MPI_COMM_WORLD;
    return given >= MPI_THREAD_FUNNELED ||
           refuse(why, "this MPI allows no other threads beside the one that calls it");
}

int32_t ranks_size(void)
{
    int size = 1;
    if (has_begun()) (void)MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

int32_t ranks_rank(void)
{
    int rank = 0;
    if (has_begun()) (void)MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

/* ---- groups: a learner and those who act for it ---------------------------------------------- */

/* Of the world's rank r. */
static int32_t learner_of(int32_t r)
{
    const int32_t num = world.num_learners;
    return r < num ? r : (r - num) % num;
}

bool ranks_learn_by(int32_t num_learners, why_t why)
{
    const int32_t size = ranks_size(), rank = ranks_rank();
    if (num_learners == 1) return true;
    if (size < 2 * num_learners)
        return refuse(why,
                      "%d learners, and each needs a rank or more that acts for it: `mpirun -n %d` "
                      "or more, found %d rank%s",
                      num_learners, 2 * num_learners, size, size == 1 ? "" : "s");
    world.num_learners = num_learners;
    /* In a group and among the learners ranks stand in the world's order. */
    int error = MPI_Comm_split(MPI_COMM_WORLD, learner_of(rank), rank, &world.group);
    if (error == MPI_SUCCESS)
        error = MPI_Comm_split(MPI_COMM_WORLD, rank < num_learners ? 0 : MPI_UNDEFINED, rank,
                               &world.learners);
    return error == MPI_SUCCESS || ranks_refuse(why, "parting the ranks among learners", error);
}

int32_t ranks_num_learners(void)
{
    return world.num_learners;
}

int32_t ranks_learner(void)
{
    const int32_t rank = ranks_rank();
    return rank < world.num_learners ? rank : -1;
}

int32_t ranks_num_workers(void)
{
    return world.num_workers;
}

MPI_Comm ranks_group(void)
{
    return world.group;
}

MPI_Comm ranks_learners_comm(void)
{
    return world.learners;
}

int32_t ranks_group_size(void)
{
    int size = 1;
    if (has_begun()) (void)MPI_Comm_size(world.group, &size);
    return size;
}

static int32_t group_rank(void)
{
    int rank = 0;
    (void)MPI_Comm_rank(world.group, &rank);
    return rank;
}

int32_t ranks_world_rank(int32_t rank)
{
    const int32_t learner = learner_of(ranks_rank());
    return rank == 0 ? learner : world.num_learners * rank + learner;
}

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = NAP_MS * 1000000 }, NULL);
}

/* Wait without keeping the processor busy, which actors need. */
static int wait_for(MPI_Request *request)
{
    for (;;) {
        int done = 0;
        const int error = MPI_Test(request, &done, MPI_STATUS_IGNORE);
        if (error != MPI_SUCCESS || done) return error;
        nap();
    }
}

/* What each rank says of itself. */
typedef struct {
    int32_t wanted; /* actors; 0: not said */
    int32_t processors, is_bound;
    char host[RANKS_HOST_BYTES];
} share_t;

static bool is_same_host(const share_t *a, const share_t *b)
{
    return strncmp(a->host, b->host, sizeof a->host) == 0;
}

static bool acts(int32_t r)
{
    return r >= world.num_learners;
}

/* Of rank r; not said: its part of the processors of its machine. */
static int32_t actors_of(const share_t *all, int32_t size, int32_t r)
{
    if (!acts(r)) return 0;
    if (all[r].wanted > 0) return all[r].wanted;
    int32_t acting_here = 0;
    for (int32_t i = 0; i < size; i++) acting_here += acts(i) && is_same_host(&all[i], &all[r]);
    const int32_t mine = all[r].is_bound ? all[r].processors : all[r].processors / acting_here;
    return mine > 1 ? mine : 1;
}

bool ranks_share(actor_pool_config_t *actors, bool is_default, why_t why)
{
    const int32_t size = ranks_size(), rank = ranks_rank();
    if (size < 2) return true;
    share_t mine = { .wanted = is_default ? 0 : actors->num_actors,
                     .processors = processors_available(),
                     .is_bound = processors_available() < sysconf(_SC_NPROCESSORS_ONLN) };
    (void)gethostname(mine.host, sizeof mine.host - 1);
    share_t *all = calloc((size_t)size, sizeof *all);
    if (!all) return refuse(why, "no memory for %d ranks", size);
    MPI_Request request;
    int error = MPI_Iallgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE,
                               MPI_COMM_WORLD, &request);
    if (error == MPI_SUCCESS) error = wait_for(&request);
    int32_t before = 0, before_here = 0, sum = 0, of_group = 0;
    for (int32_t r = 0; r < size; r++) {
        const int32_t count = actors_of(all, size, r);
        if (r == rank) before = sum;
        if (r < rank && is_same_host(&all[r], &mine)) before_here += count;
        sum += count;
        if (learner_of(r) == learner_of(rank)) of_group += count;
    }
    if (acts(rank)) actors->num_actors = actors_of(all, size, rank);
    free(all);
    if (error != MPI_SUCCESS) return ranks_refuse(why, "finding the other ranks", error);
    world.num_workers = sum;
    if (!acts(rank)) {
        actors->num_actors = of_group;
        actors->transport = &ranks_transport;
    } else {
        actors->actor.seed += (uint64_t)before;
        /* Where mpirun gave each rank processors of its own, they begin with its first. */
        actors->first_processor = mine.is_bound ? 0 : before_here;
    }
    return true;
}

bool ranks_come_to_end(why_t why)
{
    MPI_Request request;
    if (!has_begun()) return true;
    int done = 0, error = MPI_Ibarrier(MPI_COMM_WORLD, &request);
    const int64_t until = clock_now_ms() + RANKS_END_MS;
    while (error == MPI_SUCCESS && !done) {
        error = MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (error == MPI_SUCCESS && !done && ranks_rank() == 0 && clock_now_ms() > until)
            return refuse(why, "not all ranks have come to the end within %d s: they are ended",
                          RANKS_END_MS / 1000);
        if (!done) nap();
    }
    return error == MPI_SUCCESS || ranks_refuse(why, "coming to the end", error);
}

void ranks_end(int32_t status, int32_t orderly)
{
    if (!has_begun()) return;
    /* Where MPI does not come to its own end this process does, and mpirun ends the others. Their
     * last words are not passed on by then. */
    signal(SIGALRM, SIG_DFL);
    (void)alarm((ranks_rank() == 0 ? 1 : 2) * RANKS_END_MS / 1000);
    if (status != 0 && status != orderly && ranks_size() > 1) {
        /* mpirun passes on what was written, unless it is told to kill before it has read it. */
        fflush(NULL);
        for (int32_t ms = 0; ms < LAST_WORDS_MS; ms += NAP_MS) nap();
        (void)MPI_Abort(MPI_COMM_WORLD, status);
    }
    (void)MPI_Finalize();
    (void)alarm(0);
}

/* ---- an acting rank -------------------------------------------------------------------------- */

static bool refuse_learner(char *why, const char *doing, int error)
{
    char with_rank[64];
    snprintf(with_rank, sizeof with_rank, doing, (int)ranks_world_rank(0));
    return ranks_refuse(why, with_rank, error);
}

typedef struct {
    actor_pool_config_t config;
    agent_config_t agent; /* of the policy, as the learner has it */
    exchange_t *exchange;
    void *crew; /* of actor_processes */
    size_t weight_bytes, record_bytes;

    ranks_grant_t grant;
    MPI_Request grant_request, weights_request, life_request;
    ranks_life_t life;
    int64_t life_at_ms;

    uint8_t *records; /* (RANKS_RECORDS_AHEAD, record_bytes), on their way */
    MPI_Request record_requests[RANKS_RECORDS_AHEAD];
    int32_t next_record, next_actor;
    uint64_t allowed; /* the last grant */
    bool ends;
} acting_t;

static bool receive_setup(acting_t *acting, const actor_pool_config_t *actors, bool *goes,
                          char *why)
{
    ranks_setup_t setup;
    MPI_Request request;
    int error = MPI_Ibcast(&setup, sizeof setup, MPI_BYTE, 0, ranks_group(), &request);
    if (error == MPI_SUCCESS) error = wait_for(&request);
    if (error != MPI_SUCCESS) return refuse_learner(why, "waiting for rank %d", error);
    acting->config = *actors;
    actor_pool_set_defaults(&acting->config);
    acting->agent = setup.agent;
    acting->config.actor.agent = &acting->agent;
    acting->config.actor.who = (actor_who_t)setup.who;
    acting->config.actor.discount_per_step = setup.discount_per_step;
    acting->config.actor.novelty = setup.novelty;
    *goes = group_rank() <= setup.num_acting;
    return true;
}

static bool start_actors(acting_t *acting, char *why)
{
    const actor_config_t *actor = &acting->config.actor;
    acting->record_bytes = sizeof(ranks_record_t) + actor_record_bytes(actor);
    acting->records = malloc(RANKS_RECORDS_AHEAD * acting->record_bytes);
    if (!acting->records) return refuse(why, "no memory for records");
    if (!actor_weight_bytes(actor, &acting->weight_bytes, why)) return false;
    const exchange_config_t config = { .num_actors = acting->config.num_actors,
                                       .ring_records = acting->config.ring_records,
                                       .record_bytes = actor_record_bytes(actor),
                                       .weight_bytes = acting->weight_bytes };
    return exchange_create(&acting->exchange, &config, why) &&
           actor_processes.start(&acting->crew, acting->exchange, &acting->config, why);
}

static bool say_hello(const acting_t *acting, bool ok, const char *cause, char *why)
{
    ranks_hello_t hello = { .ok = ok,
                            .num_actors = acting->config.num_actors,
                            .pid = (int32_t)getpid(),
                            .version = KATA_VERSION };
    (void)gethostname(hello.host, sizeof hello.host - 1);
    refuse(hello.why, "%s", ok ? "" : cause);
    MPI_Request request;
    int error =
        MPI_Isend(&hello, sizeof hello, MPI_BYTE, 0, RANKS_TAG_HELLO, ranks_group(), &request);
    if (error == MPI_SUCCESS) error = wait_for(&request);
    return error == MPI_SUCCESS || refuse_learner(why, "greeting rank %d", error);
}

static int take_grants(acting_t *acting)
{
    for (;;) {
        int done = 0;
        int error = MPI_SUCCESS;
        if (acting->grant_request == MPI_REQUEST_NULL)
            error = MPI_Irecv(&acting->grant, sizeof acting->grant, MPI_BYTE, 0, RANKS_TAG_GRANT,
                              ranks_group(), &acting->grant_request);
        if (error == MPI_SUCCESS)
            error = MPI_Test(&acting->grant_request, &done, MPI_STATUS_IGNORE);
        if (error != MPI_SUCCESS) return error;
        if (!done) break;
        acting->allowed = acting->grant.decisions;
        acting->ends |= acting->grant.ends != 0;
    }
    /* A grant may overtake the first weights. */
    if (acting->weight_bytes == 0 || exchange_version(acting->exchange) > 0)
        exchange_allow(acting->exchange, acting->allowed);
    return MPI_SUCCESS;
}

/* Straight into the exchange's next buffer. */
static int take_weights(acting_t *acting)
{
    int done = 0, error = MPI_SUCCESS;
    if (acting->weight_bytes == 0) return error;
    if (acting->weights_request == MPI_REQUEST_NULL) {
        void *draft = exchange_draft(acting->exchange);
        if (!draft) return error; /* an actor copies from it: next time */
        error = MPI_Irecv(draft, (int)acting->weight_bytes, MPI_BYTE, 0, RANKS_TAG_WEIGHTS,
                          ranks_group(), &acting->weights_request);
    }
    if (error == MPI_SUCCESS) error = MPI_Test(&acting->weights_request, &done, MPI_STATUS_IGNORE);
    if (error == MPI_SUCCESS && done) exchange_publish(acting->exchange);
    return error;
}

/* The next record of any actor, if it may be sent. False: nothing was there, or it must wait. */
static bool send_record(acting_t *acting, int *error)
{
    MPI_Request *request = &acting->record_requests[acting->next_record];
    int free_again = 0;
    *error = MPI_Test(request, &free_again, MPI_STATUS_IGNORE);
    if (*error != MPI_SUCCESS || !free_again) return false;
    for (int32_t i = 0; i < acting->config.num_actors; i++) {
        const int32_t a = acting->next_actor;
        acting->next_actor = (a + 1) % acting->config.num_actors;
        const actor_record_t *record = exchange_peek(acting->exchange, a);
        if (!record) continue;
        ranks_record_t *message = (ranks_record_t *)(acting->records + (size_t)acting->next_record *
                                                                           acting->record_bytes);
        const size_t used = actor_record_used_bytes(&acting->config.actor, record);
        message->actor = a;
        message->unused = 0;
        memcpy(message->record, record, used);
        if (record->kind == ACTOR_DECIDED) actor_processes.brought(acting->crew, a);
        exchange_pop(acting->exchange, a);
        acting->next_record = (acting->next_record + 1) % RANKS_RECORDS_AHEAD;
        *error = MPI_Isend(message, (int)(sizeof *message + used), MPI_BYTE, 0, RANKS_TAG_RECORD,
                           ranks_group(), request);
        return *error == MPI_SUCCESS;
    }
    return false;
}

static int send_life(acting_t *acting, bool at_once)
{
    int done = 0;
    const int64_t now = clock_now_ms();
    const int error = MPI_Test(&acting->life_request, &done, MPI_STATUS_IGNORE);
    if (error != MPI_SUCCESS || !done || (!at_once && now < acting->life_at_ms)) return error;
    acting->life_at_ms = now + RANKS_LIFE_MS;
    acting->life.deaths = actor_processes.deaths(acting->crew);
    acting->life.cpu_seconds = actor_processes.cpu_seconds(acting->crew);
    const char *news = actor_processes.news(acting->crew);
    if (news) {
        refuse(acting->life.news, "%s", news);
        acting->life.news_number++;
    }
    return MPI_Isend(&acting->life, sizeof acting->life, MPI_BYTE, 0, RANKS_TAG_LIFE, ranks_group(),
                     &acting->life_request);
}

static bool carry_on(acting_t *acting, char *why)
{
    while (!acting->ends) {
        int error = take_grants(acting);
        if (error == MPI_SUCCESS) error = take_weights(acting);
        while (error == MPI_SUCCESS && send_record(acting, &error))
            ;
        if (error == MPI_SUCCESS) error = send_life(acting, false);
        if (error != MPI_SUCCESS) return refuse_learner(why, "rank %d is lost", error);
        if (!acting->life.is_given_up && !actor_processes.watch(acting->crew, why)) {
            /* Rank 0 ends the run with this sentence, and then us. */
            acting->life.is_given_up = 1;
            refuse(acting->life.news, "%s", why);
            error = send_life(acting, true);
        }
        int sent = 1;
        if (exchange_wait(acting->exchange, NAP_MS)) /* there is one: may it be sent? */
            (void)MPI_Test(&acting->record_requests[acting->next_record], &sent, MPI_STATUS_IGNORE);
        if (!sent) nanosleep(&(struct timespec){ .tv_nsec = NAP_MS * 500000 }, NULL);
    }
    return !acting->life.is_given_up;
}

/* Until what was sent has been received, the last word too, or nobody receives it. */
static void say_bye(acting_t *acting)
{
    const int64_t until = clock_now_ms() + BYE_MS;
    int sent = 0, is_told = 0, done = 0;
    while (!sent && clock_now_ms() < until) {
        if (MPI_Testall(RANKS_RECORDS_AHEAD, acting->record_requests, &sent, MPI_STATUSES_IGNORE) !=
                MPI_SUCCESS ||
            MPI_Test(&acting->life_request, &is_told, MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return;
        if (!sent) nap();
    }
    MPI_Request bye;
    if (MPI_Isend(NULL, 0, MPI_BYTE, 0, RANKS_TAG_BYE, ranks_group(), &bye) != MPI_SUCCESS) return;
    while (!done && clock_now_ms() < until) {
        if (MPI_Test(&bye, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS) return;
        if (!done) nap();
    }
}

/* No weights are on their way any more when rank 0 says that it ends. */
static void leave(acting_t *acting)
{
    if (acting->exchange) exchange_stop(acting->exchange);
    actor_processes.stop(acting->crew);
    MPI_Request *waiting[] = { &acting->grant_request, &acting->weights_request };
    for (size_t i = 0; i < sizeof waiting / sizeof waiting[0]; i++)
        if (*waiting[i] != MPI_REQUEST_NULL) {
            (void)MPI_Cancel(waiting[i]);
            (void)MPI_Request_free(waiting[i]);
        }
    if (acting->ends) say_bye(acting);
    /* MPI may still look at the buffers: they go with the process, which ends now. */
}

void ranks_leave_signals(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

bool ranks_act(const actor_pool_config_t *actors, why_t why)
{
    acting_t *acting = calloc(1, sizeof *acting);
    if (!acting) return refuse(why, "no memory for an acting rank");
    acting->grant_request = acting->weights_request = acting->life_request = MPI_REQUEST_NULL;
    for (int32_t i = 0; i < RANKS_RECORDS_AHEAD; i++) acting->record_requests[i] = MPI_REQUEST_NULL;
    ranks_leave_signals();
    bool goes = false;
    bool ok = receive_setup(acting, actors, &goes, why);
    if (!ok || !goes) {
        free(acting);
        return ok;
    }
    why_t cause = "", greeting;
    const bool begins = start_actors(acting, cause);
    ok = say_hello(acting, begins, cause, greeting);
    if (!begins || !ok) refuse(why, "%s", begins ? greeting : cause);
    ok = ok && begins && carry_on(acting, why);
    leave(acting);
    return ok;
}
