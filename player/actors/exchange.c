/* exchange.c - see exchange.h.
 *
 * Orders of memory: everything that passes between processes goes through an atomic of this file.
 * Rings are single producer, single consumer: `head` is stored with release after the record was
 * written, loaded with acquire before it is read; `tail` the other way round. The weights' two
 * buffers are guarded by a mark an actor (which buffer it copies from) and the version: both are
 * sequentially consistent, so that either the learner sees the mark or the actor sees the newer
 * version, and never both miss each other.
 */
#define _GNU_SOURCE /* sem_clockwait */
#include "exchange.h"

#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { LINE_BYTES = 64, LOOK_AGAIN_MS = 100 };

/* One actor's part. Each field has one writer, but `waits`, which the learner clears after a death.
 */
typedef struct {
    _Alignas(LINE_BYTES) _Atomic uint64_t head; /* records pushed; written by the actor */
    _Atomic uint64_t beats;                     /* written by the actor */
    _Atomic int32_t claims;                     /* claimed decisions that brought no record yet */
    _Atomic int32_t copies_from;                /* weights' buffer + 1, or 0 */
    _Atomic int32_t waits;                      /* 1: for a decision or for room */
    _Alignas(LINE_BYTES) _Atomic uint64_t tail; /* records taken; written by the learner */
    sem_t go;                                   /* posted by the learner when `waits` is set */
} lane_t;

struct exchange {
    exchange_config_t config;
    size_t bytes; /* of the mapping */
    size_t record_stride_bytes, rings_at_bytes, weights_at_bytes, weight_stride_bytes;
    _Alignas(LINE_BYTES) _Atomic uint64_t version; /* buffer version % 2 is current; 0: none */
    _Atomic int32_t stopped;
    _Alignas(LINE_BYTES) _Atomic uint64_t allowed;
    _Alignas(LINE_BYTES) _Atomic uint64_t claimed;
    _Alignas(LINE_BYTES) _Atomic int32_t learner_waits;
    sem_t records; /* posted by an actor when learner_waits is set */
    lane_t lanes[];
};

static size_t in_lines(size_t bytes)
{
    return (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
}

/* ---- life ------------------------------------------------------------------------------------ */

bool exchange_create(exchange_t **out, const exchange_config_t *config, why_t why)
{
    *out = NULL;
    if (config->num_actors < 1 || config->num_actors > EXCHANGE_MAX_ACTORS)
        return refuse(why, "actors must be 1..%d, found %d", EXCHANGE_MAX_ACTORS,
                      config->num_actors);
    const size_t most = SIZE_MAX / 4;
    if (config->ring_records < 1 || config->record_bytes < 1 || config->weight_bytes > most ||
        config->record_bytes >
            most / ((size_t)config->ring_records * (size_t)config->num_actors) - LINE_BYTES)
        return refuse(why, "rings of %d records of %zu bytes do not fit into memory",
                      config->ring_records, config->record_bytes);

    const size_t stride = in_lines(config->record_bytes);
    const size_t weight_stride = in_lines(config->weight_bytes);
    const size_t rings_at =
        in_lines(sizeof(exchange_t) + (size_t)config->num_actors * sizeof(lane_t));
    const size_t weights_at =
        rings_at + (size_t)config->num_actors * (size_t)config->ring_records * stride;
    const size_t bytes = weights_at + 2 * weight_stride;
    exchange_t *exchange =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (exchange == MAP_FAILED)
        return refuse(why, "no memory for %zu bytes shared with the actors: %s", bytes,
                      strerror(errno));
    exchange->config = *config;
    exchange->bytes = bytes;
    exchange->record_stride_bytes = stride;
    exchange->rings_at_bytes = rings_at;
    exchange->weights_at_bytes = weights_at;
    exchange->weight_stride_bytes = weight_stride;
    /* The rest is zero, as mapped: nothing published, pushed, allowed or claimed. */
    bool ok = sem_init(&exchange->records, 1, 0) == 0;
    for (int32_t a = 0; ok && a < config->num_actors; a++)
        ok = sem_init(&exchange->lanes[a].go, 1, 0) == 0;
    if (!ok) {
        munmap(exchange, bytes);
        return refuse(why, "no semaphore between processes: %s", strerror(errno));
    }
    *out = exchange;
    return true;
}

void exchange_destroy(exchange_t *exchange)
{
    if (exchange) munmap(exchange, exchange->bytes);
}

static struct timespec in_ms(int32_t timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

/* Until a post or `until`: false if the time is over. A post may be an old one, so the caller looks
 * again at what it waits for. */
static bool nap(sem_t *semaphore, const struct timespec *until)
{
    return sem_clockwait(semaphore, CLOCK_MONOTONIC, until) == 0 || errno != ETIMEDOUT;
}

static void nap_shortly(sem_t *semaphore)
{
    const struct timespec until = in_ms(LOOK_AGAIN_MS);
    nap(semaphore, &until);
}

static void wake(_Atomic int32_t *waits, sem_t *semaphore)
{
    if (atomic_load(waits)) sem_post(semaphore);
}

void exchange_stop(exchange_t *exchange)
{
    atomic_store(&exchange->stopped, 1);
    for (int32_t a = 0; a < exchange->config.num_actors; a++) sem_post(&exchange->lanes[a].go);
}

bool exchange_stopped(const exchange_t *exchange)
{
    return atomic_load(&((exchange_t *)exchange)->stopped) != 0;
}

/* ---- weights --------------------------------------------------------------------------------- */

static unsigned char *weights_of(exchange_t *exchange, uint64_t version)
{
    return (unsigned char *)exchange + exchange->weights_at_bytes +
           (size_t)(version % 2) * exchange->weight_stride_bytes;
}

/* An actor that marks this buffer from now on finds a version that is not its own, and leaves it.
 */
void *exchange_draft(exchange_t *exchange)
{
    const uint64_t next = atomic_load(&exchange->version) + 1;
    for (int32_t a = 0; a < exchange->config.num_actors; a++)
        if (atomic_load(&exchange->lanes[a].copies_from) == (int32_t)(next % 2) + 1) return NULL;
    return weights_of(exchange, next);
}

void exchange_publish(exchange_t *exchange)
{
    atomic_fetch_add(&exchange->version, 1);
}

const void *exchange_hold_weights(exchange_t *exchange, int32_t a, uint64_t *version)
{
    lane_t *lane = &exchange->lanes[a];
    for (;;) {
        const uint64_t current = atomic_load(&exchange->version);
        if (current <= *version) return NULL;
        atomic_store(&lane->copies_from, (int32_t)(current % 2) + 1);
        /* Published meanwhile: the learner may not have seen the mark in time. */
        if (atomic_load(&exchange->version) == current) {
            *version = current;
            return weights_of(exchange, current);
        }
        atomic_store(&lane->copies_from, 0);
    }
}

void exchange_release_weights(exchange_t *exchange, int32_t a)
{
    atomic_store(&exchange->lanes[a].copies_from, 0);
}

bool exchange_take_weights(exchange_t *exchange, int32_t a, void *weights, uint64_t *version)
{
    const void *held = exchange_hold_weights(exchange, a, version);
    if (!held) return false;
    memcpy(weights, held, exchange->config.weight_bytes);
    exchange_release_weights(exchange, a);
    return true;
}

uint64_t exchange_version(const exchange_t *exchange)
{
    return atomic_load(&((exchange_t *)exchange)->version);
}

/* ---- records --------------------------------------------------------------------------------- */

static unsigned char *record_of(exchange_t *exchange, int32_t a, uint64_t number)
{
    const uint64_t ring = (uint64_t)exchange->config.ring_records;
    return (unsigned char *)exchange + exchange->rings_at_bytes +
           ((size_t)a * ring + (size_t)(number % ring)) * exchange->record_stride_bytes;
}

int32_t exchange_room(exchange_t *exchange, int32_t a)
{
    lane_t *lane = &exchange->lanes[a];
    const uint64_t head = atomic_load_explicit(&lane->head, memory_order_relaxed);
    return exchange->config.ring_records - (int32_t)(head - atomic_load(&lane->tail));
}

void *exchange_slot(exchange_t *exchange, int32_t a)
{
    lane_t *lane = &exchange->lanes[a];
    const uint64_t head = atomic_load_explicit(&lane->head, memory_order_relaxed);
    while (head - atomic_load(&lane->tail) >= (uint64_t)exchange->config.ring_records) {
        if (exchange_stopped(exchange)) return NULL;
        atomic_store(&lane->waits, 1);
        if (head - atomic_load(&lane->tail) >= (uint64_t)exchange->config.ring_records)
            nap_shortly(&lane->go);
        atomic_store(&lane->waits, 0);
    }
    return exchange_stopped(exchange) ? NULL : record_of(exchange, a, head);
}

bool exchange_has_room(exchange_t *exchange, int32_t a)
{
    lane_t *lane = &exchange->lanes[a];
    return atomic_load(&lane->head) - atomic_load(&lane->tail) <
           (uint64_t)exchange->config.ring_records;
}

void exchange_push(exchange_t *exchange, int32_t a, bool ends_decision)
{
    if (ends_decision) atomic_fetch_sub(&exchange->lanes[a].claims, 1);
    atomic_fetch_add(&exchange->lanes[a].head, 1);
    wake(&exchange->learner_waits, &exchange->records);
}

const void *exchange_peek(exchange_t *exchange, int32_t a)
{
    const uint64_t tail = atomic_load_explicit(&exchange->lanes[a].tail, memory_order_relaxed);
    const uint64_t head = atomic_load(&exchange->lanes[a].head);
    return head == tail ? NULL : record_of(exchange, a, tail);
}

void exchange_pop(exchange_t *exchange, int32_t a)
{
    lane_t *lane = &exchange->lanes[a];
    atomic_fetch_add(&lane->tail, 1);
    wake(&lane->waits, &lane->go);
}

static bool has_record(exchange_t *exchange)
{
    for (int32_t a = 0; a < exchange->config.num_actors; a++)
        if (exchange_peek(exchange, a)) return true;
    return false;
}

bool exchange_wait(exchange_t *exchange, int32_t timeout_ms)
{
    if (has_record(exchange)) return true;
    const struct timespec until = in_ms(timeout_ms);
    atomic_store(&exchange->learner_waits, 1);
    while (!has_record(exchange) && nap(&exchange->records, &until))
        ;
    atomic_store(&exchange->learner_waits, 0);
    return has_record(exchange);
}

/* ---- decisions ------------------------------------------------------------------------------- */

void exchange_allow(exchange_t *exchange, uint64_t num_decisions)
{
    if (num_decisions <= atomic_load_explicit(&exchange->allowed, memory_order_relaxed)) return;
    atomic_store(&exchange->allowed, num_decisions);
    for (int32_t a = 0; a < exchange->config.num_actors; a++)
        wake(&exchange->lanes[a].waits, &exchange->lanes[a].go);
}

uint64_t exchange_allowed(const exchange_t *exchange)
{
    return atomic_load(&((exchange_t *)exchange)->allowed);
}

static bool claim_one(exchange_t *exchange, uint64_t *number)
{
    uint64_t claimed = atomic_load(&exchange->claimed);
    while (claimed < atomic_load(&exchange->allowed))
        if (atomic_compare_exchange_weak(&exchange->claimed, &claimed, claimed + 1)) {
            if (number) *number = claimed;
            return true;
        }
    return false;
}

bool exchange_claim(exchange_t *exchange, int32_t a, uint64_t *number)
{
    lane_t *lane = &exchange->lanes[a];
    while (!exchange_stopped(exchange)) {
        atomic_fetch_add(&lane->claims, 1);
        if (claim_one(exchange, number)) return true;
        atomic_fetch_sub(&lane->claims, 1);
        atomic_store(&lane->waits, 1);
        if (atomic_load(&exchange->claimed) >= atomic_load(&exchange->allowed))
            nap_shortly(&lane->go);
        atomic_store(&lane->waits, 0);
    }
    return false;
}

void exchange_unclaim(exchange_t *exchange, int32_t a)
{
    atomic_fetch_sub(&exchange->lanes[a].claims, 1);
    atomic_fetch_sub(&exchange->claimed, 1);
}

uint64_t exchange_claimed(const exchange_t *exchange)
{
    return atomic_load(&((exchange_t *)exchange)->claimed);
}

/* ---- signs of life --------------------------------------------------------------------------- */

void exchange_beat(exchange_t *exchange, int32_t a)
{
    atomic_fetch_add_explicit(&exchange->lanes[a].beats, 1, memory_order_relaxed);
}

uint64_t exchange_beats(const exchange_t *exchange, int32_t a)
{
    return atomic_load_explicit(&((exchange_t *)exchange)->lanes[a].beats, memory_order_relaxed);
}

bool exchange_actor_waits(const exchange_t *exchange, int32_t a)
{
    return atomic_load(&((exchange_t *)exchange)->lanes[a].waits) != 0;
}

void exchange_actor_died(exchange_t *exchange, int32_t a)
{
    lane_t *lane = &exchange->lanes[a];
    atomic_store(&lane->copies_from, 0);
    atomic_store(&lane->waits, 0);
    const int32_t claims = atomic_exchange(&lane->claims, 0);
    if (claims > 0) atomic_fetch_sub(&exchange->claimed, (uint64_t)claims);
}
