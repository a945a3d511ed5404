/* card_queue.h - an open card: its queue, its kernels, its memory. For the .c files of this folder.
 *
 * The first call that fails is kept in `error`, and nothing is asked of the card after it; who
 * waits for a result looks there. */
#ifndef AGENT_CARD_QUEUE_H
#define AGENT_CARD_QUEUE_H

#include "card.h"
#include "card_args.h"
#include "card_layout.h"
#include "card_pictures.h"

/* In the order of the table in card_kernels.c. */
typedef enum {
    CARD_DRAW_NOISE = 0,
    CARD_COMPOSE,
    CARD_SQUARES,
    CARD_SUM_UP,
    CARD_STEP_WEIGHTS,
    CARD_FOLLOW_AVERAGE,
    CARD_FIND_TANGENT,
    CARD_DUELING,
    CARD_DUELING_BACK,
    CARD_MEANS,
    CARD_TD_LOSS,
    CARD_PENALTY,
    CARD_BALANCE,
    CARD_MEAN_TANGENTS,
    CARD_GATHER_PICTURES,
    CARD_POOL,
    CARD_POOL_BACK,
    CARD_POOL_TANGENT,
    CARD_CELLS,
    CARD_CELLS_BACK,
    CARD_CELLS_TANGENT,
    CARD_LET_OPEN,
    CARD_PLAIN_NORM,
    CARD_PLAIN_NORM_DERIVATIVE,
    CARD_ADD_SHARES,
    CARD_CONV_OF_BYTES, /* the products, from here on */
    CARD_CONV_OF_REALS,
    CARD_LINEAR,
    CARD_LINEAR_INPUT,
    CARD_LINEAR_WEIGHTS,
    CARD_CONV_WEIGHTS_OF_BYTES,
    CARD_CONV_WEIGHTS_OF_REALS,
    CARD_CONV_INPUT,
    CARD_PADDED_OF_BYTES,
    CARD_PADDED_OF_REALS,
    CARD_PADDED_WEIGHTS_OF_BYTES,
    CARD_PADDED_WEIGHTS_OF_REALS,
    CARD_NUM_KERNELS
} card_kernel_t;

typedef struct {
    const char *name, *defines; /* of a product, what stands in front of product.cl */
    int tile_m, tile_n;
} card_kernel_row_t;
extern const card_kernel_row_t card_kernel_rows[CARD_NUM_KERNELS];

/* Results of an update that lags (device.h), on their way. */
typedef struct {
    opencl_handle_t done; /* event: all of them are there; NULL: none is on its way */
    bool is_held, penalizes;
    float *rows; /* (RESULT_NUMBERS + B + B A): CARD_RESULT_*, TD errors, q of a held batch */
} card_waiting_t;

typedef struct card {
    opencl_api_t api;
    card_info_t info;
    opencl_handle_t context, queue, program, kernels[CARD_NUM_KERNELS];
    opencl_handle_t pool, pixels, tables;
    card_layout_t layout;
    card_pictures_t pictures;
    int32_t num_groups;
    double most_launch_flop;   /* 0: no limit */
    bool is_shared;            /* each launch goes to the driver by itself */
    double asked_at;           /* the first compute() since card_finish(); 0: there was none */
    int32_t error;             /* OPENCL_SUCCESS, or of the first call that failed */
    const char *failed_call;   /* its name */
    float *staging;            /* (W) floats, where real_t is none */
    float *batch_rows;         /* (2, 5, B): one may be on its way while the other is written */
    int turn;                  /* which of them is written next */
    float *read_rows;          /* (2 A + 1) B: TD errors, q, t_q */
    card_waiting_t waiting[2]; /* the first asked for, the second */
    int num_waiting;
    card_counts_t counts;
} card_t;

/* Compiles or takes from the cache; false: `why` says what the compiler said. */
bool card_build(card_t *card, const char *cache_dir, why_t why);

/* Memory of all zeros. False: there is none; `what` it was for. */
bool card_take_buffer(card_t *card, opencl_handle_t *buffer, size_t num_bytes, const char *what,
                      char *why);
/* args: a struct of card_args.h. */
void card_launch(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes,
                 const size_t global[3], const size_t local[3]);
/* An item for each of `count`, in groups of CARD_LANES. */
void card_launch_items(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes,
                       size_t count);
/* As card_launch(), of a product with so many operations: in as many parts as the limit demands.
 * Its groups must find their place by get_global_id(). */
void card_launch_product(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes,
                         const size_t global[3], const size_t local[3], double flop);
void card_write(card_t *card, opencl_handle_t buffer, size_t at_bytes, const void *bytes,
                size_t num_bytes, bool waits);
void card_read(card_t *card, int at, size_t count, float *values, bool waits);
/* Not waited for; `done`: NULL, or is set to an event, which the caller releases. */
void card_read_later(card_t *card, int at, size_t count, float *values, opencl_handle_t *done);
/* For such an event, which is released. */
void card_wait(card_t *card, opencl_handle_t *done);
/* For all that was asked for. */
void card_wait_for_all(card_t *card);
void card_copy(card_t *card, int from, int to, size_t count);
/* Waits until nothing is outstanding; seconds since asked_at, which is 0 then. */
double card_finish(card_t *card);
/* False: a call has failed; `why` says which. */
bool card_is_well(const card_t *card, why_t why);
void card_free(card_t *card);

#endif
