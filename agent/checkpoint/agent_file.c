/* agent_file.c - agent_save() and agent_load(), the replay memory's file. */
#include "agent.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "config_fields.h"
#include "parts.h"
#include "replay_file.h"
#include "why.h"

enum { MAX_TEXTS = 128, NUM_SETS = 5, COUNTER_TEXT_BYTES = 96 };

/* The flat arrays that are saved, each cut into tensors by the table of net.h. */
static const char *const set_names[NUM_SETS] = { CHECKPOINT_ONLINE, "target", CHECKPOINT_AVERAGED,
                                                 "adam_m", CHECKPOINT_SECOND_MOMENT };

static void arrays_of(const agent_t *agent, real_t *arrays[NUM_SETS])
{
    arrays[0] = agent->learner.online;
    arrays[1] = agent->learner.target;
    arrays[2] = agent->learner.averaged; /* NULL: there is none */
    arrays[3] = agent->learner.adam.m;
    arrays[4] = agent->learner.adam.v;
}

/* Arrays of doubles beside the network's: the similarity of actions, if there is one. */
enum { NUM_EXTRAS = 4 };
static const char *const extra_names[NUM_EXTRAS] = { "similarity.s", "similarity.prior",
                                                     "similarity.adam_m", "similarity.adam_v" };

/* How many numbers each of them has; 0: there are none. */
static int32_t extras_of(const agent_t *agent, double *extras[NUM_EXTRAS])
{
    const masp_t *masp = &agent->learner.masp;
    extras[0] = masp->s;
    extras[1] = masp->prior;
    extras[2] = masp->m;
    extras[3] = masp->v;
    return masp->num_pairs;
}

/* Counters and random states: one row each, as text in the metadata. */
typedef struct {
    const char *key;
    bool is_double;
    size_t offset; /* into agent_t */
    int32_t count; /* words */
} counter_t;

static const counter_t counters[] = {
    { "counter.decisions", false, offsetof(agent_t, learner.num_decisions), 1 },
    { "counter.updates", false, offsetof(agent_t, learner.num_updates), 1 },
    { "counter.adam_steps", false, offsetof(agent_t, learner.adam.num_steps), 1 },
    { "counter.similarity_steps", false, offsetof(agent_t, learner.masp.num_steps), 1 },
    { "rng.act", false, offsetof(agent_t, policy.explore_rng), 4 },
    { "rng.learn", false, offsetof(agent_t, learner.rng), 4 },
    { "stats.loss_mean", true, offsetof(agent_t, learner.loss_mean), 1 },
    { "stats.q_chosen_mean", true, offsetof(agent_t, learner.q_chosen_mean), 1 },
    { "stats.penalty", true, offsetof(agent_t, learner.penalty), 1 },
    { "stats.grad_norm", true, offsetof(agent_t, learner.grad_norm), 1 },
};
enum { NUM_COUNTERS = sizeof counters / sizeof counters[0] };

static void counter_text(const counter_t *counter, const agent_t *agent,
                         char text[COUNTER_TEXT_BYTES])
{
    const void *at = (const char *)agent + counter->offset;
    if (counter->is_double) {
        snprintf(text, COUNTER_TEXT_BYTES, "%.17g", *(const double *)at);
    } else if (counter->count == 1) {
        snprintf(text, COUNTER_TEXT_BYTES, "%" PRIu64, *(const uint64_t *)at);
    } else {
        const uint64_t *words = at;
        snprintf(text, COUNTER_TEXT_BYTES,
                 "%016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64, words[0], words[1],
                 words[2], words[3]);
    }
}

static bool counter_set(const counter_t *counter, agent_t *agent, const char *text)
{
    void *at = (char *)agent + counter->offset;
    char *end = NULL;
    if (counter->is_double) {
        *(double *)at = strtod(text, &end);
        return end != text && *end == '\0' && isfinite(*(double *)at);
    }
    if (counter->count == 1) return checkpoint_count(text, at);
    uint64_t *words = at, any = 0;
    if (strlen(text) != 4 * 17 - 1 || strspn(text, "0123456789abcdef ") != 4 * 17 - 1) return false;
    for (int i = 0; i < 4; i++) {
        words[i] = strtoull(text + 17 * i, &end, 16);
        if (end != text + 17 * i + 16) return false;
        any |= words[i];
    }
    return any != 0;
}

static agent_status_t save_tensors(const agent_t *agent, const char *path,
                                   const safetensors_text_t *texts, int32_t num_texts, char *why)
{
    const net_t *net = &agent->learner.net;
    enum { MOST = NUM_SETS * NET_NUM_TENSORS + NUM_EXTRAS };
    safetensors_tensor_t tensors[MOST];
    char names[MOST][CHECKPOINT_NAME_BYTES];
    int32_t count = 0;
    real_t *arrays[NUM_SETS];
    arrays_of(agent, arrays);
    for (int32_t set = 0; set < NUM_SETS; set++)
        for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
            const net_row_t *row = &net->rows[t];
            if (row->count == 0 || !arrays[set]) continue;
            snprintf(names[count], CHECKPOINT_NAME_BYTES, "%s.%s", set_names[set], row->name);
            safetensors_tensor_t *tensor = &tensors[count];
            *tensor = (safetensors_tensor_t){
                .name = names[count],
                .dtype = REAL_SAFETENSORS_DTYPE,
                .num_dims = row->num_dims,
                .data = arrays[set] + row->offset,
                .num_bytes = row->count * sizeof(real_t),
            };
            for (int32_t d = 0; d < row->num_dims; d++) tensor->dims[d] = row->dims[d];
            count++;
        }
    double *extras[NUM_EXTRAS];
    const int32_t num_pairs = extras_of(agent, extras);
    for (int32_t i = 0; num_pairs > 0 && i < NUM_EXTRAS; i++)
        tensors[count++] = (safetensors_tensor_t){
            .name = extra_names[i],
            .dtype = "F64",
            .num_dims = 1,
            .dims = { num_pairs },
            .data = extras[i],
            .num_bytes = (size_t)num_pairs * sizeof(double),
        };
    return safetensors_write(path, tensors, count, texts, num_texts, why);
}

static agent_status_t save_in_c_locale(const agent_t *agent, const char *path, const char *note,
                                       char *why)
{
    safetensors_text_t texts[MAX_TEXTS];
    char keys[MAX_TEXTS][CHECKPOINT_NAME_BYTES], config_values[MAX_TEXTS][CONFIG_TEXT_BYTES];
    char counter_values[NUM_COUNTERS][COUNTER_TEXT_BYTES], version[16], scale[32];
    int32_t count = 0;
    texts[count++] = (safetensors_text_t){ "format", CHECKPOINT_FORMAT };
    snprintf(version, sizeof version, "%d", CHECKPOINT_VERSION);
    texts[count++] = (safetensors_text_t){ "version", version };
    for (int32_t i = 0; i < config_num_fields; i++) {
        snprintf(keys[i], CHECKPOINT_NAME_BYTES, "config.%s", config_fields[i].name);
        config_text(&config_fields[i], &agent->learner.config, config_values[i]);
        texts[count++] = (safetensors_text_t){ keys[i], config_values[i] };
    }
    for (int32_t i = 0; i < NUM_COUNTERS; i++) {
        counter_text(&counters[i], agent, counter_values[i]);
        texts[count++] = (safetensors_text_t){ counters[i].key, counter_values[i] };
    }
    snprintf(scale, sizeof scale, "%.17g", agent->learner.return_scale.scale);
    texts[count++] = (safetensors_text_t){ CHECKPOINT_RETURN_SCALE, scale };
    if (note) texts[count++] = (safetensors_text_t){ "note", note };
    return save_tensors(agent, path, texts, count, why);
}

static agent_status_t read_extras(const checkpoint_t *checkpoint, agent_t *agent, char *why)
{
    const safetensors_t *file = &checkpoint->file;
    const char *path = checkpoint->path;
    double *extras[NUM_EXTRAS];
    const int32_t num_pairs = extras_of(agent, extras);
    if (num_pairs == 0) return AGENT_OK;
    for (int32_t i = 0; i < NUM_EXTRAS; i++) {
        const safetensors_tensor_t *tensor = safetensors_find(file, extra_names[i]);
        if (!tensor || strcmp(tensor->dtype, "F64") != 0 || tensor->num_dims != 1 ||
            tensor->dims[0] != num_pairs)
            return refuse_as(why, AGENT_BAD_FILE, "%.300s: needs a tensor \"%s\" of %d F64 numbers",
                             path, extra_names[i], num_pairs);
        const agent_status_t status = safetensors_read(file, tensor, extras[i], path, why);
        if (status != AGENT_OK) return status;
        for (int32_t k = 0; k < num_pairs; k++)
            if (!isfinite(extras[i][k]) || (i == 3 && extras[i][k] < 0))
                return refuse_as(why, AGENT_BAD_FILE,
                                 "%.300s: tensor \"%s\" holds a number that is not sound", path,
                                 extra_names[i]);
    }
    masp_refresh(&agent->learner.masp);
    return AGENT_OK;
}

static agent_status_t read_counters(const checkpoint_t *checkpoint, agent_t *agent, char *why)
{
    for (int32_t i = 0; i < NUM_COUNTERS; i++) {
        const char *value = safetensors_text(&checkpoint->file, counters[i].key);
        if (!value || !counter_set(&counters[i], agent, value))
            return checkpoint_refuse_text(checkpoint, counters[i].key, why);
    }
    return checkpoint_read_scale(checkpoint, &agent->learner.return_scale.scale, why);
}

static agent_status_t read_arrays(const checkpoint_t *checkpoint, agent_t *agent, char *why)
{
    real_t *arrays[NUM_SETS];
    arrays_of(agent, arrays);
    agent_status_t status = AGENT_OK;
    for (int32_t set = 0; status == AGENT_OK && set < NUM_SETS; set++)
        if (arrays[set])
            status = checkpoint_read_set(checkpoint, &agent->learner.net, set_names[set],
                                         arrays[set], why);
    return status;
}

static agent_status_t load_parts(const checkpoint_t *checkpoint, agent_t **out, int32_t num_streams,
                                 bool taught, char *note, size_t note_bytes, char *why)
{
    agent_config_t config;
    agent_status_t status = checkpoint_read_config(checkpoint, &config, why);
    if (status == AGENT_OK) status = checkpoint_read_note(checkpoint, note, note_bytes, why);
    if (status != AGENT_OK) return status;
    config.num_streams = num_streams;
    config.taught = taught;
    why_t cause;
    agent_t *agent;
    status = agent_create(&agent, &config, cause);
    if (status != AGENT_OK) return checkpoint_refuse_config(checkpoint, status, cause, why);
    status = read_counters(checkpoint, agent, why);
    if (status == AGENT_OK) status = read_arrays(checkpoint, agent, why);
    if (status == AGENT_OK) status = read_extras(checkpoint, agent, why);
    if (status == AGENT_OK)
        *out = agent;
    else
        agent_destroy(agent);
    return status;
}

agent_status_t agent_save(agent_t *agent, const char *path, const char *note, why_t why)
{
    if (note && strlen(note) >= AGENT_NOTE_BYTES)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: a note may have %d bytes, found %zu", path,
                         AGENT_NOTE_BYTES - 1, strlen(note));
    learner_read(&agent->learner, DEVICE_ALL);
    if (agent->learner.has_diverged) return learner_refuse_update(&agent->learner, why);
    const c_locale_t locale = c_locale_enter();
    const agent_status_t status = save_in_c_locale(agent, path, note, why);
    c_locale_leave(locale);
    return status;
}

agent_status_t agent_load(agent_t **out, const char *path, int32_t num_streams, bool taught,
                          char *note, size_t note_bytes, why_t why)
{
    *out = NULL;
    checkpoint_t checkpoint;
    agent_status_t status = checkpoint_open(&checkpoint, path, why);
    if (status == AGENT_OK)
        status = load_parts(&checkpoint, out, num_streams, taught, note, note_bytes, why);
    checkpoint_close(&checkpoint);
    return status;
}

agent_status_t agent_save_replay(const agent_t *agent, const char *path, why_t why)
{
    return replay_file_write(&agent->learner.replay, path, why);
}

agent_status_t agent_load_replay(agent_t *agent, const char *path, why_t why)
{
    return replay_file_read(&agent->learner.replay, path, agent->learner.config.num_actions, why);
}

uint64_t agent_replay_file_bytes(const agent_t *agent)
{
    return replay_file_bytes(&agent->learner.replay);
}

uint64_t agent_replay_file_most_bytes(const agent_t *agent)
{
    return replay_file_most_bytes(&agent->learner.replay);
}
