/* policy_file.c - policy_save(): a checkpoint of the weights that play, and nothing else. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "config_fields.h"
#include "half.h"
#include "parts.h"
#include "policy.h"

enum { MAX_TEXTS = 128 };

/* The row's weights as halves, which the caller frees. NULL: no memory, or one is too large. */
static uint16_t *halves_of(const real_t *weights, size_t count)
{
    uint16_t *halves = malloc(count * sizeof *halves);
    for (size_t i = 0; halves && i < count; i++) {
        halves[i] = half_of((float)weights[i]);
        if (isfinite(half_value(halves[i]))) continue;
        free(halves);
        return NULL;
    }
    return halves;
}

static agent_status_t save_tensors(const policy_t *policy, const char *path, bool as_halves,
                                   const safetensors_text_t *texts, int32_t num_texts, char *why)
{
    safetensors_tensor_t tensors[NET_NUM_TENSORS];
    char names[NET_NUM_TENSORS][CHECKPOINT_NAME_BYTES];
    uint16_t *halves[NET_NUM_TENSORS] = { NULL };
    int32_t count = 0;
    bool ok = true;
    for (int32_t t = 0; t < NET_NUM_TENSORS && ok; t++) {
        const net_row_t *row = &policy->net.rows[t];
        if (row->count == 0) continue;
        const real_t *weights = policy->greedy_weights + row->offset;
        if (as_halves) halves[count] = halves_of(weights, row->count);
        ok = !as_halves || halves[count];
        snprintf(names[count], CHECKPOINT_NAME_BYTES, "%s.%s",
                 checkpoint_played_set(&policy->config), row->name);
        safetensors_tensor_t *tensor = &tensors[count];
        *tensor = (safetensors_tensor_t){
            .name = names[count],
            .dtype = as_halves ? CHECKPOINT_HALF_DTYPE : REAL_SAFETENSORS_DTYPE,
            .num_dims = row->num_dims,
            .data = as_halves ? (const void *)halves[count] : weights,
            .num_bytes = row->count * (as_halves ? sizeof(uint16_t) : sizeof(real_t)),
        };
        for (int32_t d = 0; d < row->num_dims; d++) tensor->dims[d] = row->dims[d];
        count++;
    }
    const agent_status_t status =
        ok ? safetensors_write(path, tensors, count, texts, num_texts, why)
           : refuse_as(why, AGENT_BAD_FILE,
                       "%.300s: a weight is beyond %g, the largest in half precision, or there is "
                       "no memory",
                       path, (double)HALF_LARGEST);
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) free(halves[t]);
    return status;
}

static agent_status_t save_in_c_locale(const policy_t *policy, const char *path, const char *note,
                                       bool as_halves, char *why)
{
    safetensors_text_t texts[MAX_TEXTS];
    char keys[MAX_TEXTS][CHECKPOINT_NAME_BYTES], values[MAX_TEXTS][CONFIG_TEXT_BYTES];
    char version[16], decisions[24], updates[24];
    int32_t count = 0;
    snprintf(version, sizeof version, "%d", CHECKPOINT_VERSION);
    snprintf(decisions, sizeof decisions, "%" PRIu64, policy->trained_decisions);
    snprintf(updates, sizeof updates, "%" PRIu64, policy->trained_updates);
    texts[count++] = (safetensors_text_t){ "format", CHECKPOINT_FORMAT };
    texts[count++] = (safetensors_text_t){ "version", version };
    for (int32_t i = 0; i < config_num_fields; i++) {
        snprintf(keys[i], CHECKPOINT_NAME_BYTES, "config.%s", config_fields[i].name);
        config_text(&config_fields[i], &policy->config, values[i]);
        texts[count++] = (safetensors_text_t){ keys[i], values[i] };
    }
    texts[count++] = (safetensors_text_t){ "counter.decisions", decisions };
    texts[count++] = (safetensors_text_t){ "counter.updates", updates };
    texts[count++] = (safetensors_text_t){ "note", note ? note : "" };
    return save_tensors(policy, path, as_halves, texts, count, why);
}

agent_status_t policy_save(const policy_t *policy, const char *path, const char *note,
                           bool as_halves, why_t why)
{
    const c_locale_t locale = c_locale_enter();
    const agent_status_t status = save_in_c_locale(policy, path, note, as_halves, why);
    c_locale_leave(locale);
    return status;
}
