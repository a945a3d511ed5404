/* device.h - where a learner's updates are computed: the seam between what an update is and who
 * does its arithmetic.
 *
 * update.c draws a batch, asks the device for loss and gradient, decides whether they are sound,
 * asks it for the step, and keeps priorities and Sigma. There are two devices: the processor
 * (rainbow.c), whose memory is the learner's own, and a card (agent/card/), which holds copies.
 *
 *     fetch     the pictures of l->batch, as the replay memory numbers them
 *     compute   l->batch, and l->held: loss, gradient, norm, TD errors, dJ/dSigma
 *     step      Adam along that gradient, averages, target network
 *     collect   what came of an update that nobody waited for
 *     read      what the learner's arrays lack comes back to them
 *
 * On a card an update is not waited for (l->lags): compute() and step() only ask for it, the card
 * itself clips, and makes no step where loss or norm is not finite. While it computes, the next
 * batch is drawn; when that was asked for, too, the first one's results are collected. So
 * priorities are set one update later than on the processor, after the next batch was drawn by the
 * former ones. An update that computes a meta-gradient is waited for, since Sigma's step needs it,
 * and so are a card's first and, before weights are read, its last.
 *
 * A card that fails is closed, and the learner goes on on the processor from what was read last.
 * The first update on a card is computed by the processor, too; a card whose loss or gradient is
 * another is closed, and that update is the processor's.
 */
#ifndef AGENT_DEVICE_H
#define AGENT_DEVICE_H

#include <stdbool.h>

#include "why.h"

struct learner;

typedef enum {
    DEVICE_OK = 0,
    DEVICE_DIVERGED, /* loss, its gradient or Sigma's is not finite; nothing was changed */
    DEVICE_LOST      /* it computes no more; `why` says what it said */
} device_status_t;

/* What device_read() brings back. */
typedef enum {
    DEVICE_WEIGHTS, /* the online and the averaged network */
    DEVICE_ALL      /* those, the target network and Adam's moments */
} device_part_t;

/* `self` is the device's own; NULL for the processor. */
typedef struct {
    /* Weights, moments and Sigma go from the learner's arrays to the device. */
    device_status_t (*load)(void *self, const struct learner *learner, char *why);
    /* And back; the arrays may be written though the learner is const. */
    device_status_t (*read)(void *self, const struct learner *learner, device_part_t part,
                            char *why);
    /* l->batch was drawn, and its pictures were not unpacked: what the device lacks of them is
     * taken from the replay memory now, and moved by l->batch->shifts. compute() may not follow. An
     * error is told by compute(). NULL: compute() reads l->batch->obs. */
    void (*fetch)(void *self, struct learner *learner);
    /* Of l->batch (drawn by update.c): td_errors, loss, mean_q, penalty, grad_norm. With l->held:
     * masp.grad, before anything else changes. */
    device_status_t (*compute)(void *self, struct learner *learner, char *why);
    /* With l->lags, compute() writes none of these, and step() clips by itself; collect() waits for
     * the first update that was asked for so and not collected, and writes them. At most two may be
     * outstanding. DEVICE_DIVERGED: it made no step; one that was asked for behind it may have.
     * NULL: this device never lags. */
    device_status_t (*collect)(void *self, struct learner *learner, char *why);
    /* With the gradient of the last compute(), times clip. l->num_updates already counts this
     * update. is_held: the next update will compute this one's meta-gradient. */
    device_status_t (*step)(void *self, struct learner *learner, double clip, bool is_held,
                            char *why);
    /* Waits until all that was asked for is done; busy_seconds, written: how long that took, from
     * the compute() that was the first since the last call. What lags is not collected by it. NULL:
     * nothing is outstanding behind any call. */
    device_status_t (*finish)(void *self, double *busy_seconds, char *why);
    /* Sigma was set from outside, or made a step. */
    device_status_t (*similarity)(void *self, const struct learner *learner, char *why);
    void (*close)(void *self);
} device_calls_t;

typedef struct {
    const device_calls_t *calls;
    void *self;
} device_t;

#endif
