/* ranks_learner_mpi.c - the learner's side of the acting ranks: an actor_transport_t that takes
 * their records into its exchange's lanes, and sends weights and permissions.
 *
 * The lanes of rank r are those behind the lanes of rank r - 1. Decisions are given to the rank
 * whose actors have the fewest before them, so a faster machine gets more. */
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

enum {
    NAP_US = 1000,
    BYE_WAIT_MS = 60000, /* of a rank that shows life */
    GRANT_AT_LEAST = 4   /* decisions in one message, while the actors have as many before them */
};

/* One acting rank. */
typedef struct {
    int32_t rank; /* of the group */
    int32_t first_lane, num_lanes;
    ranks_fellow_t fellow;

    uint8_t *records; /* (RANKS_RECORDS_AHEAD, record_bytes), each awaited or arrived */
    MPI_Request record_requests[RANKS_RECORDS_AHEAD];
    int32_t next_record;

    ranks_grant_t grant; /* being sent */
    MPI_Request grant_request;
    uint64_t granted, told, brought; /* decisions: given, sent, come back */

    MPI_Request weights_request;
    uint64_t version;      /* of the weights sent or being sent */
    int64_t weights_at_ms; /* before then no newer ones are sent */
    bool holds;            /* they are being sent from the exchange's buffer */
} peer_t;

typedef struct {
    exchange_t *exchange;
    const actor_pool_config_t *config;
    size_t record_bytes, weight_bytes;
    peer_t *peers;
    int32_t num_peers;
    uint64_t granted; /* to all */
    int64_t watched_at_ms;
    bool is_lost; /* MPI failed, or a rank said what it may not; `why` says what */
    why_t why, news;
} carrier_t;

static void lose(carrier_t *carrier, const peer_t *peer, int error)
{
    if (carrier->is_lost) return;
    carrier->is_lost = true;
    ranks_fellow_lose(&peer->fellow, error, carrier->why);
}

/* ---- records --------------------------------------------------------------------------------- */

static int await_record(carrier_t *carrier, peer_t *peer, int32_t i)
{
    return MPI_Irecv(peer->records + (size_t)i * carrier->record_bytes, (int)carrier->record_bytes,
                     MPI_BYTE, peer->rank, RANKS_TAG_RECORD, ranks_group(),
                     &peer->record_requests[i]);
}

static bool is_sound(const actor_config_t *config, const peer_t *peer,
                     const ranks_record_t *message, size_t num_bytes)
{
    const actor_record_t *record = (const actor_record_t *)message->record;
    return num_bytes >= sizeof *message + sizeof *record && message->actor >= 0 &&
           message->actor < peer->num_lanes && record->num_looks >= 0 &&
           record->num_looks <= PLAYER_OBS_STACK && record->screen_width_px == 0 &&
           num_bytes == sizeof *message + actor_record_used_bytes(config, record);
}

/* As long as the lane of the oldest has room: records of one rank stay in order. */
static void take_records(carrier_t *carrier, peer_t *peer)
{
    for (;;) {
        const int32_t i = peer->next_record;
        int done = 0, num_bytes = 0;
        MPI_Status status;
        const ranks_record_t *message =
            (const ranks_record_t *)(peer->records + (size_t)i * carrier->record_bytes);
        if (peer->record_requests[i] != MPI_REQUEST_NULL) {
            const int error = MPI_Test(&peer->record_requests[i], &done, &status);
            if (error != MPI_SUCCESS) lose(carrier, peer, error);
            if (error != MPI_SUCCESS || !done) return;
            (void)MPI_Get_count(&status, MPI_BYTE, &num_bytes);
            if (!is_sound(&carrier->config->actor, peer, message, (size_t)num_bytes)) {
                carrier->is_lost = true;
                refuse(carrier->why, "%s sent a record of %d bytes that is none", peer->fellow.name,
                       num_bytes);
                return;
            }
        }
        const int32_t lane = peer->first_lane + message->actor;
        if (!exchange_has_room(carrier->exchange, lane)) return;
        actor_record_t *record = exchange_slot(carrier->exchange, lane);
        if (!record) return; /* stopped */
        memcpy(record, message->record,
               actor_record_used_bytes(&carrier->config->actor,
                                       (const actor_record_t *)message->record));
        record->screen_width_px = record->screen_height_px = 0;
        const bool is_decision = record->kind == ACTOR_DECIDED;
        exchange_push(carrier->exchange, lane, is_decision);
        peer->brought += is_decision;
        peer->fellow.heard_at_ms = clock_now_ms();
        const int error = await_record(carrier, peer, i);
        if (error != MPI_SUCCESS) {
            lose(carrier, peer, error);
            return;
        }
        peer->next_record = (i + 1) % RANKS_RECORDS_AHEAD;
    }
}

/* ---- signs of life --------------------------------------------------------------------------- */

static void take_life(carrier_t *carrier, peer_t *peer)
{
    if (carrier->is_lost) return;
    carrier->is_lost = !ranks_fellow_hear(&peer->fellow, peer->rank, ranks_group(), carrier->why) ||
                       ranks_fellow_has_given_up(&peer->fellow, carrier->why);
}

/* ---- weights and permission ------------------------------------------------------------------ */

static void send_weights(carrier_t *carrier, peer_t *peer)
{
    int done = 0;
    int error = MPI_Test(&peer->weights_request, &done, MPI_STATUS_IGNORE);
    if (error == MPI_SUCCESS && done) {
        if (peer->holds) exchange_release_weights(carrier->exchange, peer->first_lane);
        const int64_t now = clock_now_ms();
        const void *weights =
            now < peer->weights_at_ms
                ? NULL
                : exchange_hold_weights(carrier->exchange, peer->first_lane, &peer->version);
        peer->holds = weights != NULL;
        if (weights) peer->weights_at_ms = now + RANKS_WEIGHTS_MS;
        if (weights)
            error = MPI_Isend(weights, (int)carrier->weight_bytes, MPI_BYTE, peer->rank,
                              RANKS_TAG_WEIGHTS, ranks_group(), &peer->weights_request);
    }
    if (error != MPI_SUCCESS) lose(carrier, peer, error);
}

static double ahead_of(const peer_t *peer)
{
    return ((double)peer->granted - (double)peer->brought) / peer->num_lanes;
}

static void give_grants(carrier_t *carrier)
{
    const uint64_t allowed = exchange_allowed(carrier->exchange);
    for (; carrier->granted < allowed; carrier->granted++) {
        peer_t *least = &carrier->peers[0];
        for (int32_t p = 1; p < carrier->num_peers; p++)
            if (ahead_of(&carrier->peers[p]) < ahead_of(least)) least = &carrier->peers[p];
        least->granted++;
    }
    for (int32_t p = 0; p < carrier->num_peers; p++) {
        peer_t *peer = &carrier->peers[p];
        int done = 0;
        int error = MPI_Test(&peer->grant_request, &done, MPI_STATUS_IGNORE);
        const uint64_t unsent = peer->granted - peer->told;
        const bool is_dry = peer->told - peer->brought < GRANT_AT_LEAST * (uint64_t)peer->num_lanes;
        if (error == MPI_SUCCESS && done && unsent > 0 && (unsent >= GRANT_AT_LEAST || is_dry)) {
            peer->told = peer->granted;
            peer->grant = (ranks_grant_t){ .decisions = peer->granted };
            error = MPI_Isend(&peer->grant, sizeof peer->grant, MPI_BYTE, peer->rank,
                              RANKS_TAG_GRANT, ranks_group(), &peer->grant_request);
        }
        if (error != MPI_SUCCESS) lose(carrier, peer, error);
    }
}

static void carry(void *self)
{
    carrier_t *carrier = self;
    for (int32_t p = 0; p < carrier->num_peers && !carrier->is_lost; p++) {
        take_records(carrier, &carrier->peers[p]);
        take_life(carrier, &carrier->peers[p]);
        if (carrier->weight_bytes > 0) send_weights(carrier, &carrier->peers[p]);
    }
    if (!carrier->is_lost) give_grants(carrier);
}

static void brought(void *self, int32_t a)
{
    (void)self; /* its own rank counts its deaths */
    (void)a;
}

/* ---- looking after them ---------------------------------------------------------------------- */

static bool watch(void *self, why_t why)
{
    carrier_t *carrier = self;
    const int64_t now = clock_now_ms();
    if (now - carrier->watched_at_ms < RANKS_WATCH_EVERY_MS && !carrier->is_lost) return true;
    const bool was_away = now - carrier->watched_at_ms > RANKS_AWAY_MS;
    carrier->watched_at_ms = now;
    for (int32_t p = 0; p < carrier->num_peers; p++) {
        peer_t *peer = &carrier->peers[p];
        if (was_away) peer->fellow.heard_at_ms = now;
        if (!carrier->is_lost)
            carrier->is_lost = ranks_fellow_has_ended(&peer->fellow, carrier->why) ||
                               ranks_fellow_is_silent(&peer->fellow, now, carrier->why);
    }
    return !carrier->is_lost || ranks_refuse_to_go_on(why, carrier->why);
}

static const char *news(void *self)
{
    carrier_t *carrier = self;
    for (int32_t p = 0; p < carrier->num_peers; p++)
        if (ranks_fellow_news(&carrier->peers[p].fellow, carrier->news)) return carrier->news;
    return NULL;
}

static uint32_t deaths(const void *self)
{
    const carrier_t *carrier = self;
    uint32_t sum = 0;
    for (int32_t p = 0; p < carrier->num_peers; p++) sum += carrier->peers[p].fellow.last.deaths;
    return sum;
}

static double cpu_seconds(const void *self)
{
    const carrier_t *carrier = self;
    double sum = 0;
    for (int32_t p = 0; p < carrier->num_peers; p++)
        sum += carrier->peers[p].fellow.last.cpu_seconds;
    return sum;
}

/* ---- life ------------------------------------------------------------------------------------ */

/* What the rank still sends is received and dropped, so that no send of it is left hanging. */
static void drop_messages(carrier_t *carrier, peer_t *peer)
{
    for (int done = 1; done;) {
        const int32_t i = peer->next_record;
        if (MPI_Test(&peer->record_requests[i], &done, MPI_STATUS_IGNORE) != MPI_SUCCESS) return;
        if (!done) break;
        if (await_record(carrier, peer, i) != MPI_SUCCESS) return;
        peer->next_record = (i + 1) % RANKS_RECORDS_AHEAD;
    }
    take_life(carrier, peer);
}

/* When all that was sent to it has arrived it is told to end, and has the last word. */
static void take_leave(carrier_t *carrier, peer_t *peer, int64_t until)
{
    static const ranks_grant_t end = { .ends = 1 };
    MPI_Request bye, end_request = MPI_REQUEST_NULL;
    bool is_told = false;
    why_t silent;
    peer->fellow.heard_at_ms = clock_now_ms();
    if (MPI_Irecv(NULL, 0, MPI_BYTE, peer->rank, RANKS_TAG_BYE, ranks_group(), &bye) != MPI_SUCCESS)
        return;
    for (int said = 0; !said && !carrier->is_lost && clock_now_ms() < until;) {
        if (ranks_fellow_is_silent(&peer->fellow, clock_now_ms(), silent)) break;
        int weights = 0, grant = 0;
        drop_messages(carrier, peer);
        if (MPI_Test(&peer->weights_request, &weights, MPI_STATUS_IGNORE) != MPI_SUCCESS ||
            MPI_Test(&peer->grant_request, &grant, MPI_STATUS_IGNORE) != MPI_SUCCESS ||
            MPI_Test(&bye, &said, MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return;
        if (!is_told && weights && grant) {
            is_told = true;
            if (MPI_Isend(&end, sizeof end, MPI_BYTE, peer->rank, RANKS_TAG_GRANT, ranks_group(),
                          &end_request) != MPI_SUCCESS)
                return;
        }
        if (!said) ranks_nap(NAP_US);
    }
    if (end_request != MPI_REQUEST_NULL) (void)MPI_Request_free(&end_request);
}

static void stop(void *self)
{
    carrier_t *carrier = self;
    if (!carrier) return;
    const int64_t until = clock_now_ms() + BYE_WAIT_MS;
    for (int32_t p = 0; p < carrier->num_peers && !carrier->is_lost; p++)
        take_leave(carrier, &carrier->peers[p], until);
    for (int32_t p = 0; p < carrier->num_peers; p++) {
        peer_t *peer = &carrier->peers[p];
        for (int32_t i = 0; i < RANKS_RECORDS_AHEAD; i++) ranks_forget(&peer->record_requests[i]);
        ranks_forget(&peer->fellow.life_request);
        if (peer->holds) exchange_release_weights(carrier->exchange, peer->first_lane);
    }
    /* Buffers of what a lost rank never took stay until the process ends. */
    if (carrier->is_lost) return;
    for (int32_t p = 0; p < carrier->num_peers; p++) free(carrier->peers[p].records);
    free(carrier->peers);
    free(carrier);
}

static bool set_up(const actor_pool_config_t *config, int32_t num_acting, char *why)
{
    ranks_setup_t setup = { .num_acting = num_acting,
                            .discount_per_step = config->actor.discount_per_step,
                            .novelty = config->actor.novelty,
                            .who = (int32_t)config->actor.who };
    if (config->actor.agent) setup.agent = *config->actor.agent;
    MPI_Request request;
    int error = MPI_Ibcast(&setup, sizeof setup, MPI_BYTE, 0, ranks_group(), &request);
    for (int done = 0; error == MPI_SUCCESS && !done;) {
        error = MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (!done) ranks_nap(NAP_US);
    }
    return error == MPI_SUCCESS || ranks_refuse(why, "telling the other ranks to begin", error);
}

/* Until the rank's actors have begun, or it says why they cannot. */
static bool greet(carrier_t *carrier, peer_t *peer, int32_t *next_lane, char *why)
{
    ranks_hello_t hello;
    MPI_Request request;
    const int64_t until = clock_now_ms() + carrier->config->boot_limit_ms + RANKS_SILENCE_MS;
    int error = MPI_Irecv(&hello, sizeof hello, MPI_BYTE, peer->rank, RANKS_TAG_HELLO,
                          ranks_group(), &request);
    for (int done = 0; error == MPI_SUCCESS && !done;) {
        error = MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (error == MPI_SUCCESS && !done && clock_now_ms() > until)
            return refuse(why, "%s has not begun within %d s", peer->fellow.name,
                          (carrier->config->boot_limit_ms + RANKS_SILENCE_MS) / 1000);
        if (!done) ranks_nap(NAP_US);
    }
    if (error != MPI_SUCCESS) return ranks_refuse(why, peer->fellow.name, error);
    hello.why[sizeof hello.why - 1] = '\0';
    const bool is_same = ranks_fellow_meet(&peer->fellow, ranks_world_rank(peer->rank), hello.host,
                                           hello.version, hello.pid, why);
    if (!hello.ok) return refuse(why, "%s: %.400s", peer->fellow.name, hello.why);
    if (!is_same) return false;
    peer->first_lane = *next_lane;
    peer->num_lanes = hello.num_actors;
    *next_lane += hello.num_actors;
    if (hello.num_actors < 1 || *next_lane > carrier->config->num_actors)
        return refuse(why, "%s has %d actors, which nobody told rank %d of", peer->fellow.name,
                      hello.num_actors, ranks_rank());
    for (int32_t i = 0; error == MPI_SUCCESS && i < RANKS_RECORDS_AHEAD; i++)
        error = await_record(carrier, peer, i);
    return error == MPI_SUCCESS || ranks_refuse(why, peer->fellow.name, error);
}

static bool start(void **out, exchange_t *exchange, const actor_pool_config_t *config, why_t why)
{
    *out = NULL;
    if (config->actor.counts_episodes || config->actor.shows_screen)
        return refuse(why, "rounds for the record are not played on other ranks");
    carrier_t *carrier = calloc(1, sizeof *carrier);
    if (!carrier) return refuse(why, "no memory for the other ranks");
    carrier->exchange = exchange;
    carrier->config = config;
    carrier->record_bytes = sizeof(ranks_record_t) + actor_record_bytes(&config->actor);
    /* Each has one actor or more: fewer actors than ranks is a measurement with the first ranks. */
    carrier->num_peers = ranks_group_size() - 1;
    if (config->num_actors < carrier->num_peers) carrier->num_peers = config->num_actors;
    carrier->watched_at_ms = clock_now_ms();
    carrier->peers = calloc((size_t)carrier->num_peers, sizeof *carrier->peers);
    bool ok = carrier->peers || refuse(why, "no memory for %d ranks", carrier->num_peers);
    if (!ok) carrier->num_peers = 0;
    for (int32_t p = 0; ok && p < carrier->num_peers; p++) {
        peer_t *peer = &carrier->peers[p];
        peer->rank = p + 1;
        snprintf(peer->fellow.name, sizeof peer->fellow.name, "rank %d",
                 ranks_world_rank(peer->rank));
        peer->fellow.life_request = peer->grant_request = peer->weights_request = MPI_REQUEST_NULL;
        for (int32_t i = 0; i < RANKS_RECORDS_AHEAD; i++)
            peer->record_requests[i] = MPI_REQUEST_NULL;
        peer->records = malloc(RANKS_RECORDS_AHEAD * carrier->record_bytes);
        ok = peer->records ||
             refuse(why, "no memory for the records of %d ranks", carrier->num_peers);
    }
    ok = ok && actor_weight_bytes(&config->actor, &carrier->weight_bytes, why) &&
         set_up(config, carrier->num_peers, why);
    int32_t next_lane = 0;
    for (int32_t p = 0; ok && p < carrier->num_peers; p++)
        ok = greet(carrier, &carrier->peers[p], &next_lane, why);
    if (!ok) {
        carrier->is_lost = true; /* nothing more is said to them: the caller ends the run */
        stop(carrier);
        return false;
    }
    *out = carrier;
    return true;
}

const actor_transport_t ranks_transport = { .start = start,
                                            .carry = carry,
                                            .brought = brought,
                                            .watch = watch,
                                            .news = news,
                                            .deaths = deaths,
                                            .cpu_seconds = cpu_seconds,
                                            .stop = stop };
