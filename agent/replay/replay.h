/* replay.h - what happened, in rings of slots: one ring a stream.
 *
 * A slot is one stored observation. A decision sits in the slot of the observation it was
 * made on; its next observation is the following slot, which becomes the next decision's
 * own: nothing is stored twice. A chain (one episode, or a part of one) is a run of
 * consecutive slots:
 *
 *     CLOSED CLOSED CLOSED OPEN                 in flight
 *     CLOSED CLOSED TERMINAL | CLOSED ...       the game ended; no observation follows
 *     CLOSED CLOSED TAIL     | CLOSED ...       cut off: the TAIL is only bootstrapped from
 *
 * A slot is *live* (may be drawn) when its n-step window is complete: n decisions
 * followed, or its chain ended. The oldest slot is the one overwritten, and no window that
 * is still live reaches over it, since windows look forward in time.
 *
 * An observation is a stack of pictures of which consecutive ones share most. Each picture is kept
 * once, compressed (pictures.h), and a slot holds the numbers of its stack. When a stream's share
 * of the memory is full, its oldest slots are forgotten although their ring has room.
 *
 * n-step returns run over decisions that lasted t_0, t_1, ... steps (Sutton, Precup and Singh
 * 1999): return = R_0 + gamma^t_0 R_1 + gamma^(t_0 + t_1) R_2 ..., discount = gamma^(t_0 + ... +
 * t_k), or 0 after a terminal.
 */
#ifndef AGENT_REPLAY_H
#define AGENT_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "pictures.h"
#include "rng.h"
#include "sumtree.h"
#include "thread_pool.h"

typedef enum {
    REPLAY_EMPTY = 0,
    REPLAY_OPEN,     /* decided, not yet settled */
    REPLAY_CLOSED,   /* settled; the next slot holds the next observation */
    REPLAY_TERMINAL, /* settled; nothing follows */
    REPLAY_TAIL      /* an observation without a decision (yet) */
} replay_state_t;

typedef struct {
    float reward;
    int32_t duration_steps;
    int16_t action;
    uint8_t state; /* replay_state_t */
} replay_slot_t;

typedef struct {
    int32_t head;     /* ring position of the newest slot; -1: none yet */
    int32_t pending;  /* settled decisions of the running chain that are not live yet, < n */
    bool running;     /* the newest slot is a tail that the next decision may turn into its own */
    int32_t num_kept; /* slots that hold an observation: the newest and those before it */
    pictures_t pictures;
} replay_stream_t;

typedef struct {
    size_t obs_bytes;
    int32_t num_streams;
    int32_t slots_per_stream;
    int32_t n_step;        /* a slot is live when so many decisions followed */
    int32_t kept_stream;   /* takes no more when it is full, and forgets nothing; -1: none */
    int32_t sample_n_step; /* decisions of a drawn return, <= n_step */
    int32_t return_steps;  /* by which it ends besides; 0: never */
    double discount_per_step;
    bool prioritized;
    double priority_exponent;

    int32_t stack;     /* pictures of an observation */
    uint64_t *numbers; /* (num_slots, stack), of the pictures of its stream */
    pictures_reader_t readers[THREAD_POOL_MAX]; /* of the threads that draw */
    uint8_t *newest_obs;      /* (num_streams, obs_bytes), of each stream's newest slot */
    replay_slot_t *slots;     /* (num_slots), stream s owns [s * slots_per_stream, ...) */
    replay_stream_t *streams; /* (num_streams) */
    int32_t *live;            /* (num_slots), the first num_live are live slots, in no order */
    int32_t *live_rank;       /* (num_slots), 1 + position in `live`, 0: not live */
    int32_t num_live;
    sumtree_t tree;      /* leaf = slot, weight = priority^exponent; only if prioritized */
    double max_priority; /* new decisions get it, so that each is seen soon */
} replay_t;

typedef struct {
    size_t obs_bytes;
    int32_t stack;       /* an observation is so many pictures of equal size; divides obs_bytes */
    size_t memory_bytes; /* for compressed pictures at most, shared out evenly */
    int32_t num_streams;
    int32_t capacity; /* slots, shared out evenly among the streams */
    int32_t n_step;
    int32_t return_steps; /* a return ends with the decision by which so many have passed, too;
                             0: n_step alone ends it */
    double discount_per_step;
    bool prioritized;
    double priority_exponent;
} replay_config_t;

/* A stream's ring must hold a window and the slot being written. */
int32_t replay_min_capacity(int32_t num_streams, int32_t n_step);
/* The least memory_bytes: the same for the pictures of a window, incompressible. capacity is not
 * looked at. */
size_t replay_min_memory_bytes(const replay_config_t *config);
/* Compressed pictures take so much now. */
size_t replay_used_bytes(const replay_t *replay);

/* Memory must come zeroed; it is not touched beforehand. Returns are of n_step decisions until
 * sample_n_step is set. */
void replay_take(replay_t *replay, arena_t *arena, const replay_config_t *config);

/* obs: (obs_bytes). The stream must have no open decision. */
void replay_open(replay_t *replay, int32_t stream, const uint8_t *obs, int32_t action);
/* next_obs is ignored if terminal. */
void replay_settle(replay_t *replay, int32_t stream, float reward, int32_t duration_steps,
                   bool terminal, bool truncated, const uint8_t *next_obs);
/* End the chain here. An open decision is forgotten: only its observation stays, as a tail. */
void replay_drop(replay_t *replay, int32_t stream);
/* The same, and the decisions whose window is not complete will never be drawn. */
void replay_discard(replay_t *replay, int32_t stream);
/* Forget all: as it was taken. */
void replay_forget(replay_t *replay);
bool replay_is_open(const replay_t *replay, int32_t stream);
/* Observations in the kept stream; 0: there is none. */
int32_t replay_num_kept(const replay_t *replay);
/* False: it is the kept stream, and a decision more would push another out. */
bool replay_has_room(const replay_t *replay, int32_t stream);

typedef struct {
    int32_t slot;
    int32_t next_slot; /* of s'; where discount is 0 that of s */
    int32_t action;
    const uint8_t *obs;      /* in the caller's buffer; NULL: not unpacked */
    const uint8_t *next_obs; /* same; equals obs where discount is 0 */
    float n_step_return;
    float discount;    /* 0: no bootstrap */
    float probability; /* with which it was drawn */
    bool is_kept;      /* of the kept stream */
} replay_sample_t;

/* Draw num_samples live slots, with replacement; nothing is unpacked. Requires num_live > 0. */
void replay_draw(replay_t *replay, rng_t *rng, int32_t num_samples, replay_sample_t *samples);
/* The observations of drawn samples, before anything is stored. obs: caller's,
 * (2 * num_samples, obs_bytes): written, s of all, then s' of all. The pool's threads share the
 * work (NULL: this one does all). */
void replay_unpack(replay_t *replay, int32_t num_samples, replay_sample_t *samples, uint8_t *obs,
                   thread_pool_t *pool);
/* Both. */
void replay_sample(replay_t *replay, rng_t *rng, int32_t num_samples, replay_sample_t *samples,
                   uint8_t *obs, thread_pool_t *pool);
/* (stack), of the pictures of a slot that holds an observation, the newest last. */
const uint64_t *replay_pictures(const replay_t *replay, int32_t slot);
/* For who keeps pictures elsewhere: one of them, and where to. */
typedef struct {
    int32_t stream;
    uint64_t number;
    uint8_t *to; /* (obs_bytes / stack) */
} replay_picture_t;
void replay_unpack_pictures(replay_t *replay, const replay_picture_t *pictures, int32_t count,
                            thread_pool_t *pool);
/* The n-step transition that starts at a live slot; probability is left alone. obs, next_obs:
 * caller's, (obs_bytes) each, written; next_obs is not where discount is 0. */
void replay_transition(replay_t *replay, int32_t slot, replay_sample_t *sample, uint8_t *obs,
                       uint8_t *next_obs);
/* Of the newest picture in a slot that holds an observation. Another one after it was overwritten.
 */
uint64_t replay_number(const replay_t *replay, int32_t slot);
/* priority > 0 and finite; ignored if the slot is not live. */
void replay_set_priority(replay_t *replay, int32_t slot, double priority);

#endif
