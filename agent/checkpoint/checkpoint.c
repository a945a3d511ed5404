/* checkpoint.c - see checkpoint.h. */
#include "checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_fields.h"
#include "half.h"

agent_status_t checkpoint_open(checkpoint_t *checkpoint, const char *path, why_t why)
{
    checkpoint->path = path;
    checkpoint->locale = c_locale_enter();
    return safetensors_open(&checkpoint->file, path, CHECKPOINT_MAX_BYTES, why);
}

void checkpoint_close(checkpoint_t *checkpoint)
{
    safetensors_free(&checkpoint->file);
    c_locale_leave(checkpoint->locale);
}

agent_status_t checkpoint_read_config(const checkpoint_t *checkpoint, agent_config_t *config,
                                      char *why)
{
    const safetensors_t *file = &checkpoint->file;
    const char *path = checkpoint->path;
    const char *format = safetensors_text(file, "format");
    const char *version = safetensors_text(file, "version");
    if (!format || strcmp(format, CHECKPOINT_FORMAT) != 0 || !version)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: is not a checkpoint of Kata", path);
    if (strcmp(version, "1") != 0 && strcmp(version, "2") != 0)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: version must be 1 or 2, found %.16s", path,
                         version);
    if (version[0] == '2' && !file->has_sums)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: lacks \"checksums\"", path);
    agent_config_defaults(config, 1);
    if (!safetensors_text(file, "config.similarity_kinds")) config->similarity_kinds = 0;
    config->n_step_end_decisions = 0; /* before it was there, n stayed, */
    config->return_steps = 0;         /* and it alone ended a return */
    for (int32_t i = 0; i < config_num_fields; i++) {
        char key[CHECKPOINT_NAME_BYTES];
        snprintf(key, sizeof key, "config.%s", config_fields[i].name);
        const char *text = safetensors_text(file, key);
        if (!text && config_fields[i].is_later) continue;
        if (!text) return refuse_as(why, AGENT_BAD_FILE, "%.300s: lacks \"%s\"", path, key);
        if (!config_set(&config_fields[i], config, text))
            return refuse_as(why, AGENT_BAD_FILE, "%.300s: \"%s\" cannot be \"%.32s\"", path, key,
                             text);
    }
    /* Until there were two forms, the penalty was the mean over all pairs (masp.h). */
    if (!safetensors_text(file, "config.similarity_form") && config->num_actions > 0)
        config->similarity_weight /= (float)config->num_actions;
    return AGENT_OK;
}

agent_status_t checkpoint_refuse_config(const checkpoint_t *checkpoint, agent_status_t status,
                                        const char *cause, char *why)
{
    return refuse_as(why, status == AGENT_BAD_CONFIG ? AGENT_BAD_FILE : status, "%.200s: %.250s",
                     checkpoint->path, cause);
}

agent_status_t checkpoint_refuse_text(const checkpoint_t *checkpoint, const char *key, char *why)
{
    return refuse_as(why, AGENT_BAD_FILE, "%.300s: \"%s\" is missing or no number",
                     checkpoint->path, key);
}

bool checkpoint_count(const char *text, uint64_t *count)
{
    char *end = NULL;
    if (!(text[0] >= '0' && text[0] <= '9') || strlen(text) > 16) return false;
    *count = strtoull(text, &end, 10);
    return *end == '\0';
}

agent_status_t checkpoint_read_count(const checkpoint_t *checkpoint, const char *key,
                                     uint64_t *count, char *why)
{
    const char *text = safetensors_text(&checkpoint->file, key);
    if (text && checkpoint_count(text, count)) return AGENT_OK;
    return checkpoint_refuse_text(checkpoint, key, why);
}

agent_status_t checkpoint_read_scale(const checkpoint_t *checkpoint, double *scale, char *why)
{
    const char *text = safetensors_text(&checkpoint->file, CHECKPOINT_RETURN_SCALE);
    char *end = NULL;
    *scale = text && text[0] >= '0' && text[0] <= '9' ? strtod(text, &end) : 1;
    if (!text || (end && *end == '\0' && isfinite(*scale))) return AGENT_OK;
    return checkpoint_refuse_text(checkpoint, CHECKPOINT_RETURN_SCALE, why);
}

agent_status_t checkpoint_read_note(const checkpoint_t *checkpoint, char *note, size_t note_bytes,
                                    char *why)
{
    const char *text = safetensors_text(&checkpoint->file, "note");
    if (!note) return AGENT_OK;
    if (!text) text = "";
    const size_t length = strlen(text);
    if (length >= note_bytes)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: its note has %zu bytes, at most %zu fit",
                         checkpoint->path, length, note_bytes - 1);
    memcpy(note, text, length + 1);
    return AGENT_OK;
}

static bool values_are_sound(const real_t *values, size_t count, bool not_negative)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]) || (not_negative && values[i] < 0)) return false;
    return true;
}

static bool is_half(const safetensors_tensor_t *tensor)
{
    return strcmp(tensor->dtype, CHECKPOINT_HALF_DTYPE) == 0;
}

/* Halves are read to the end of `values`, and widened from its beginning. */
static agent_status_t read_values(const checkpoint_t *checkpoint,
                                  const safetensors_tensor_t *tensor, real_t *values, size_t count,
                                  char *why)
{
    uint8_t *to = (uint8_t *)values;
    if (is_half(tensor)) to += count * (sizeof(real_t) - sizeof(uint16_t));
    const agent_status_t status =
        safetensors_read(&checkpoint->file, tensor, to, checkpoint->path, why);
    for (size_t i = 0; status == AGENT_OK && is_half(tensor) && i < count; i++)
        values[i] = (real_t)half_value((uint16_t)(to[2 * i] | to[2 * i + 1] << 8));
    return status;
}

static bool has_shape(const safetensors_tensor_t *tensor, const net_row_t *row)
{
    if ((strcmp(tensor->dtype, REAL_SAFETENSORS_DTYPE) != 0 && !is_half(tensor)) ||
        tensor->num_dims != row->num_dims)
        return false;
    for (int32_t d = 0; d < row->num_dims; d++)
        if (tensor->dims[d] != row->dims[d]) return false;
    return true;
}

agent_status_t checkpoint_read_set(const checkpoint_t *checkpoint, const net_t *net,
                                   const char *set, real_t *array, char *why)
{
    const char *path = checkpoint->path;
    const bool not_negative = strcmp(set, CHECKPOINT_SECOND_MOMENT) == 0;
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        const net_row_t *row = &net->rows[t];
        if (row->count == 0) continue;
        char name[CHECKPOINT_NAME_BYTES];
        snprintf(name, sizeof name, "%s.%s", set, row->name);
        const safetensors_tensor_t *tensor = safetensors_find(&checkpoint->file, name);
        if (!tensor)
            return refuse_as(why, AGENT_BAD_FILE, "%.300s: lacks tensor \"%s\"", path, name);
        if (!has_shape(tensor, row))
            return refuse_as(why, AGENT_BAD_FILE,
                             "%.300s: tensor \"%s\" has not the shape and dtype that the file's "
                             "config asks for",
                             path, name);
        real_t *values = array + row->offset;
        const agent_status_t status = read_values(checkpoint, tensor, values, row->count, why);
        if (status != AGENT_OK) return status;
        if (!values_are_sound(values, row->count, not_negative))
            return refuse_as(why, AGENT_BAD_FILE,
                             "%.300s: tensor \"%s\" holds a number that is not finite%s", path,
                             name, not_negative ? " or negative" : "");
    }
    return AGENT_OK;
}

const char *checkpoint_played_set(const agent_config_t *config)
{
    return config->average_updates > 0 ? CHECKPOINT_AVERAGED : CHECKPOINT_ONLINE;
}

agent_status_t checkpoint_has_no_more(const checkpoint_t *checkpoint, const net_t *net,
                                      const char *set, char *why)
{
    int32_t num_rows = 0;
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        char name[CHECKPOINT_NAME_BYTES];
        snprintf(name, sizeof name, "%s.%s", set, net->rows[t].name);
        num_rows += net->rows[t].count > 0 && safetensors_find(&checkpoint->file, name);
    }
    if (checkpoint->file.num_tensors == num_rows) return AGENT_OK;
    return refuse_as(why, AGENT_BAD_FILE,
                     "%.300s: it holds %d tensors, of which %d are the policy's: nothing else "
                     "belongs in it",
                     checkpoint->path, checkpoint->file.num_tensors, num_rows);
}
