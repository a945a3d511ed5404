/* card.h - a learner's device (device.h) on a graphics card, by OpenCL.
 *
 *     card_info_t cards[CARD_MAX_CARDS];
 *     int32_t count = card_list(&api, cards, why);
 *     if (card_open(&device, &api, &cards[0], learner, cache_dir, &options, why)) ...
 *     learner_set_device(learner, device);
 *
 * On the card lie, in one block of floats, weights, moments, gradients and activations as the
 * learner lays them out; card_layout.h. Beside it lie a batch's pictures and, as many as fit, those
 * of the replay memory, each uploaded when a batch first has it; card_pictures.h. The
 * kernels are the .cl files of this folder. Everything is in single precision.
 *
 * What it computes is what rainbow.c computes, of the same batch and, with noisy layers, the same
 * noise (counted_noise.h); sums are made in another order. It refuses what it has no kernels for:
 * eyes that see variables, Munchausen.
 *
 * Errors. A call of OpenCL that fails makes the card lost: nothing more is asked of it, and the
 * learner goes on on the processor.
 */
#ifndef AGENT_CARD_H
#define AGENT_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"
#include "opencl_api.h"
#include "why.h"

enum { CARD_MAX_CARDS = 16, CARD_NAME_BYTES = 128 };

typedef struct {
    opencl_handle_t device;
    char name[CARD_NAME_BYTES], platform[CARD_NAME_BYTES], driver[CARD_NAME_BYTES];
    uint64_t memory_bytes, most_at_once_bytes; /* of all, of one buffer */
    uint64_t units, group_items;               /* compute units; the largest work group */
    uint64_t clock_mhz;
    bool is_gpu;        /* not a processor that runs kernels */
    bool is_integrated; /* a GPU that shares the processor's memory: it likely draws the screen */
} card_info_t;

/* Those that OpenCL has, GPUs first; the order is the drivers' otherwise. Returns how many, 0 with
 * a sentence. cards: (CARD_MAX_CARDS), written. */
int32_t card_list(const opencl_api_t *api, card_info_t *cards, why_t why);

typedef struct {
    /* A product is shared out among about so many groups, over K where its tiles are fewer. 0: four
     * a compute unit. */
    int32_t num_groups;
    /* A product of more operations is launched in parts, and the driver may draw in between. 0: on
     * an integrated card what it is assumed to do in CARD_MOST_LAUNCH_MS, no limit on another. */
    double most_launch_flop;
    /* Of the card's memory, for pictures of the replay memory. 0: half of a card's own, an eighth
     * of one that it shares with the processor. Less than a picture for each stream: none is
     * kept. */
    uint64_t most_picture_bytes;
    /* Somebody draws with this card, frame by frame, whatever card it is: parts of
     * CARD_SHARED_LAUNCH_MS, and each launch goes to the driver by itself, which may put a
     * picture's between any two. */
    bool is_shared;
} card_options_t;

/* An integrated card's drivers end a launch that takes seconds, and a picture waits for one to end.
 * How many operations take so long is an estimate: 2 in each clock of each unit, an eighth of the
 * least that a data sheet has (16: Intel's; others' units are wider). No part is smaller than one
 * group of items. Passes over the weights are not divided; they take a few milliseconds. */
enum { CARD_MOST_LAUNCH_MS = 50, CARD_SHARED_LAUNCH_MS = 4, CARD_FLOP_PER_UNIT_AND_CLOCK = 2 };
double card_launch_limit(const card_info_t *card, const card_options_t *options); /* 0: none */

/* Compiles the kernels, or takes them from cache_dir (NULL: no cache), and takes the card's memory;
 * nothing of the learner goes there before device->calls->load(). api is copied. False: refused; no
 * memory is left taken. */
bool card_open(device_t *device, const opencl_api_t *api, const card_info_t *card,
               const struct learner *learner, const char *cache_dir, const card_options_t *options,
               why_t why);

/* Of a device of card_open(): what the last update was. */
typedef struct {
    int64_t num_launches, upload_bytes, download_bytes;
    double flop;           /* of its products */
    double product_bytes;  /* that its products read and write, each operand once */
    double weights_bytes;  /* that compose, norm, step and averages read and write */
    double picture_bytes;  /* that a batch's pictures take to be put together */
    uint64_t memory_bytes; /* taken on the card */
} card_counts_t;
card_counts_t card_counts(const device_t *device);
/* Of a device of card_open(): a sentence on where the replay memory's pictures lie, with how many
 * MB. */
void card_say_pictures(const device_t *device, why_t said);

/* Of a device of card_open(): the products of an update of the learner's last batch and nothing
 * else of it, launched `repeats` times, and waited for once, at the end. For benches: gradients and
 * what was held of a batch are overwritten, so that no update may follow. Nothing is counted. */
device_status_t card_multiply(device_t *device, const struct learner *learner, int32_t repeats,
                              why_t why);

/* Of a device of card_open(), for tests: `count` floats of the block, from `at` on. */
struct card_layout;
const struct card_layout *card_layout_of(const device_t *device);
bool card_peek(const device_t *device, int at, int count, float *values);
/* pixels: (2B, an observation), written: of the last batch. */
bool card_peek_pictures(const device_t *device, const struct learner *learner, uint8_t *pixels);

#endif
