/* checkpoint.h - what a policy and an agent read from a checkpoint alike. FORMAT.md says what
 * stands in the file.
 *
 * The file is hostile until it was checked: each function refuses with a sentence that names the
 * file and what is wrong in it.
 */
#ifndef AGENT_CHECKPOINT_H
#define AGENT_CHECKPOINT_H

#include "agent_config.h"
#include "c_locale.h"
#include "net.h"
#include "safetensors.h"

#define CHECKPOINT_FORMAT "kata-agent"
#define CHECKPOINT_VERSION 2 /* 1: the same without sums */
#define CHECKPOINT_MAX_BYTES ((size_t)2 << 30)

/* Sets of tensors that have the network's shapes. */
#define CHECKPOINT_ONLINE "online"
#define CHECKPOINT_AVERAGED "average"
#define CHECKPOINT_SECOND_MOMENT "adam_v"
#define CHECKPOINT_HALF_DTYPE "F16"
#define CHECKPOINT_RETURN_SCALE "returns.scale"

enum { CHECKPOINT_NAME_BYTES = 48 };

typedef struct {
    safetensors_t file;
    const char *path;  /* borrowed */
    c_locale_t locale; /* while it is open, this thread is in the C locale */
} checkpoint_t;

/* Read and check the file's header; tensors are read when they are asked for. The thread is in the
 * C locale until checkpoint_close(), which is to be called whatever came of this. */
agent_status_t checkpoint_open(checkpoint_t *checkpoint, const char *path, why_t why);
void checkpoint_close(checkpoint_t *checkpoint);

/* config, not yet checked for its ranges. */
agent_status_t checkpoint_read_config(const checkpoint_t *checkpoint, agent_config_t *config,
                                      char *why);
/* agent_create() or policy_create() refused that config with `status` and `cause`. */
agent_status_t checkpoint_refuse_config(const checkpoint_t *checkpoint, agent_status_t status,
                                        const char *cause, char *why);
agent_status_t checkpoint_read_count(const checkpoint_t *checkpoint, const char *key,
                                     uint64_t *count, char *why);
/* What returns were divided by (return_scale.h); 0: none was seen. 1 where the file, an older one,
 * does not say. */
agent_status_t checkpoint_read_scale(const checkpoint_t *checkpoint, double *scale, char *why);
/* note: (note_bytes), NULL: not wanted. "" if there is none. */
agent_status_t checkpoint_read_note(const checkpoint_t *checkpoint, char *note, size_t note_bytes,
                                    char *why);
/* array: (net->num_weights), written: the tensors "<set>.<row>", all finite, and not negative if
 * they are second moments. In full precision or, a row as it likes, in half. */
agent_status_t checkpoint_read_set(const checkpoint_t *checkpoint, const net_t *net,
                                   const char *set, real_t *array, char *why);
/* The set that an agent with this config plays with. */
const char *checkpoint_played_set(const agent_config_t *config);
/* AGENT_BAD_FILE: there are tensors that are not of this set. */
agent_status_t checkpoint_has_no_more(const checkpoint_t *checkpoint, const net_t *net,
                                      const char *set, char *why);
/* AGENT_BAD_FILE: the text under this key is missing or no number. */
agent_status_t checkpoint_refuse_text(const checkpoint_t *checkpoint, const char *key, char *why);
/* A decimal of at most 16 digits. */
bool checkpoint_count(const char *text, uint64_t *count);

#endif
