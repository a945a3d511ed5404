/* devices.h - which devices can compute an agent's updates, and giving it one.
 *
 *     devices_row_t rows[DEVICES_MOST];
 *     int32_t count = devices_list(rows, why);       rows[0] is the processor
 *     if (agent_use_device(agent, "auto", cache_dir, false, said, why) != AGENT_OK) return
 * say(why); say(said);
 *     ... agent_learn() ...
 *     const char *news = agent_device_news(agent);   a card that was lost, once
 *
 * A device is named "cpu", or "gpu:N", card N of the list; "gpu" is the first that is a graphics
 * card. pocl, an OpenCL driver that computes on the processor, is a card by this list, but none
 * that "gpu" or "auto" take. What a device is does not enter a checkpoint: a run can go on on
 * another. Sums are made in another order on each, so that only one and the same device makes the
 * same bytes again.
 */
#ifndef AGENT_DEVICES_H
#define AGENT_DEVICES_H

#include "agent.h"
#include "why.h"

enum { DEVICES_MOST = 17, DEVICES_NAME_BYTES = 128 };

typedef struct {
    char id[16]; /* "cpu", "gpu:0" */
    char name[DEVICES_NAME_BYTES], platform[DEVICES_NAME_BYTES], driver[DEVICES_NAME_BYTES];
    uint64_t memory_bytes; /* 0: not told */
    bool is_gpu;
} devices_row_t;

/* rows: (DEVICES_MOST), written; the processor first. Returns how many, at least 1; if 1, `why`
 * says why there is no card. */
int32_t devices_list(devices_row_t *rows, why_t why);

/* False: `device` is neither "auto", "cpu", "gpu" nor "gpu:N". */
bool devices_is_name(const char *device, why_t why);

/* Updates are computed there from now on. "auto": the first graphics card that takes this agent,
 * else the processor. cache_dir: for compiled kernels; NULL: none; without them this may take
 * minutes. is_shared: somebody draws with that card, frame by frame (card_options_t). said: a line
 * on what is used. AGENT_BAD_CONFIG: there is no such device, or it refuses; the agent stays where
 * it was. */
agent_status_t agent_use_device(agent_t *agent, const char *device, const char *cache_dir,
                                bool is_shared, why_t said, why_t why);

/* Waits until the device has done all that it was asked for. For how many seconds it was busy since
 * the last such call, from its being asked on; 0 on the processor. No update becomes another by it.
 */
double agent_finish_device(agent_t *agent);

/* A sentence, once: the card was lost or computes wrongly, and learning goes on on the processor.
 * NULL: nothing. */
const char *agent_device_news(agent_t *agent);

/* Of the last update, where a card computed it; all 0 otherwise. */
typedef struct {
    int64_t num_launches, upload_bytes, download_bytes;
    double flop, memory_traffic_bytes; /* of the card's own memory, each operand once */
    uint64_t memory_bytes;             /* taken on the card */
} devices_counts_t;
devices_counts_t agent_device_counts(const agent_t *agent);

/* For benches: how long the matrix products of one update take on the device in use, with nothing
 * around them; the mean of `repeats`. On the processor they are plain calls of OpenBLAS, on one
 * thread; on a card the update's own launches, waited for once. There must have been an update, and
 * none may follow: on a card gradients are overwritten. AGENT_NO_MEMORY; AGENT_BAD_CONFIG: the card
 * is lost. */
agent_status_t agent_device_time_products(agent_t *agent, int32_t repeats, double *seconds,
                                          why_t why);

#endif
