/* checkpoint.c - agent_save() and agent_load(). */
#include "checkpoint.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "parts.h"
#include "safetensors.h"
#include "why.h"

enum { NAME_BYTES = 48, MAX_TEXTS = 64, NUM_SETS = 5, COUNTER_TEXT_BYTES = 96 };

/* The flat arrays that are saved, each cut into tensors by the table of net.h. */
static const char *const set_names[NUM_SETS] = { "online", "target", "average", "adam_m",
                                                 "adam_v" };
enum { AVERAGE = 2, SECOND_MOMENT = 4 };

static void arrays_of(const agent_t *agent, real_t *arrays[NUM_SETS])
{
    arrays[0] = agent->rainbow.weights;
    arrays[1] = agent->rainbow.target;
    arrays[AVERAGE] = agent->rainbow.average; /* NULL: there is none */
    arrays[3] = agent->rainbow.adam.m;
    arrays[SECOND_MOMENT] = agent->rainbow.adam.v;
}

/* Arrays of doubles beside the network's: the similarity of actions, if there is one. */
enum { NUM_EXTRAS = 4 };
static const char *const extra_names[NUM_EXTRAS] = { "similarity.s", "similarity.prior",
                                                     "similarity.adam_m", "similarity.adam_v" };

/* How many numbers each of them has; 0: there are none. */
static int32_t extras_of(const agent_t *agent, double *extras[NUM_EXTRAS])
{
    const masp_t *masp = &agent->rainbow.masp;
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
    { "counter.decisions", false, offsetof(agent_t, num_decisions), 1 },
    { "counter.updates", false, offsetof(agent_t, rainbow.num_updates), 1 },
    { "counter.adam_steps", false, offsetof(agent_t, rainbow.adam.num_steps), 1 },
    { "counter.similarity_steps", false, offsetof(agent_t, rainbow.masp.num_steps), 1 },
    { "rng.act", false, offsetof(agent_t, act_rng), 4 },
    { "rng.learn", false, offsetof(agent_t, learn_rng), 4 },
    { "stats.loss_mean", true, offsetof(agent_t, loss_mean), 1 },
    { "stats.q_chosen_mean", true, offsetof(agent_t, q_chosen_mean), 1 },
    { "stats.penalty", true, offsetof(agent_t, rainbow.penalty), 1 },
    { "stats.grad_norm", true, offsetof(agent_t, rainbow.grad_norm), 1 },
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
    if (counter->count == 1) {
        if (!(text[0] >= '0' && text[0] <= '9') || strlen(text) > 16) return false;
        *(uint64_t *)at = strtoull(text, &end, 10);
        return *end == '\0';
    }
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
    const net_t *net = &agent->rainbow.net;
    enum { MOST = NUM_SETS * NET_NUM_TENSORS + NUM_EXTRAS };
    safetensors_tensor_t tensors[MOST];
    char names[MOST][NAME_BYTES];
    int32_t count = 0;
    real_t *arrays[NUM_SETS];
    arrays_of(agent, arrays);
    for (int32_t set = 0; set < NUM_SETS; set++)
        for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
            const net_row_t *row = &net->rows[t];
            if (row->count == 0 || !arrays[set]) continue;
            snprintf(names[count], NAME_BYTES, "%s.%s", set_names[set], row->name);
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
    char keys[MAX_TEXTS][NAME_BYTES], config_values[MAX_TEXTS][CONFIG_TEXT_BYTES];
    char counter_values[NUM_COUNTERS][COUNTER_TEXT_BYTES], version[16];
    int32_t count = 0;
    texts[count++] = (safetensors_text_t){ "format", CHECKPOINT_FORMAT };
    snprintf(version, sizeof version, "%d", CHECKPOINT_VERSION);
    texts[count++] = (safetensors_text_t){ "version", version };
    for (int32_t i = 0; i < config_num_fields; i++) {
        snprintf(keys[i], NAME_BYTES, "config.%s", config_fields[i].name);
        config_text(&config_fields[i], &agent->config, config_values[i]);
        texts[count++] = (safetensors_text_t){ keys[i], config_values[i] };
    }
    for (int32_t i = 0; i < NUM_COUNTERS; i++) {
        counter_text(&counters[i], agent, counter_values[i]);
        texts[count++] = (safetensors_text_t){ counters[i].key, counter_values[i] };
    }
    if (note) texts[count++] = (safetensors_text_t){ "note", note };
    return save_tensors(agent, path, texts, count, why);
}

static agent_status_t read_config(const safetensors_t *file, const char *path,
                                  agent_config_t *config, char *why)
{
    const char *format = safetensors_text(file, "format");
    const char *version = safetensors_text(file, "version");
    if (!format || strcmp(format, CHECKPOINT_FORMAT) != 0 || !version)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: is not a checkpoint of Kata", path);
    if (strcmp(version, "1") != 0)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: version must be %d, found %.16s", path,
                         CHECKPOINT_VERSION, version);
    agent_config_defaults(config, 1);
    for (int32_t i = 0; i < config_num_fields; i++) {
        char key[NAME_BYTES];
        snprintf(key, sizeof key, "config.%s", config_fields[i].name);
        const char *text = safetensors_text(file, key);
        if (!text && config_fields[i].is_later) continue;
        if (!text) return refuse_as(why, AGENT_BAD_FILE, "%.300s: lacks \"%s\"", path, key);
        if (!config_set(&config_fields[i], config, text))
            return refuse_as(why, AGENT_BAD_FILE, "%.300s: \"%s\" cannot be \"%.32s\"", path, key,
                             text);
    }
    return AGENT_OK;
}

static bool values_are_sound(const real_t *values, size_t count, bool not_negative)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]) || (not_negative && values[i] < 0)) return false;
    return true;
}

static agent_status_t read_tensors(const safetensors_t *file, const char *path, agent_t *agent,
                                   char *why)
{
    const net_t *net = &agent->rainbow.net;
    real_t *arrays[NUM_SETS];
    arrays_of(agent, arrays);
    for (int32_t set = 0; set < NUM_SETS; set++)
        for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
            const net_row_t *row = &net->rows[t];
            if (row->count == 0 || !arrays[set]) continue;
            char name[NAME_BYTES];
            snprintf(name, sizeof name, "%s.%s", set_names[set], row->name);
            const safetensors_tensor_t *tensor = safetensors_find(file, name);
            if (!tensor)
                return refuse_as(why, AGENT_BAD_FILE, "%.300s: lacks tensor \"%s\"", path, name);
            bool fits = strcmp(tensor->dtype, REAL_SAFETENSORS_DTYPE) == 0 &&
                        tensor->num_dims == row->num_dims;
            for (int32_t d = 0; fits && d < row->num_dims; d++)
                fits = tensor->dims[d] == row->dims[d];
            if (!fits)
                return refuse_as(why, AGENT_BAD_FILE,
                                 "%.300s: tensor \"%s\" has not the shape and dtype that the "
                                 "file's config asks for",
                                 path, name);
            memcpy(arrays[set] + row->offset, tensor->data, tensor->num_bytes);
            if (!values_are_sound(arrays[set] + row->offset, row->count, set == SECOND_MOMENT))
                return refuse_as(why, AGENT_BAD_FILE,
                                 "%.300s: tensor \"%s\" holds a number that is not finite%s", path,
                                 name, set == SECOND_MOMENT ? " or negative" : "");
        }
    return AGENT_OK;
}

static agent_status_t read_extras(const safetensors_t *file, const char *path, agent_t *agent,
                                  char *why)
{
    double *extras[NUM_EXTRAS];
    const int32_t num_pairs = extras_of(agent, extras);
    if (num_pairs == 0) return AGENT_OK;
    for (int32_t i = 0; i < NUM_EXTRAS; i++) {
        const safetensors_tensor_t *tensor = safetensors_find(file, extra_names[i]);
        if (!tensor || strcmp(tensor->dtype, "F64") != 0 || tensor->num_dims != 1 ||
            tensor->dims[0] != num_pairs)
            return refuse_as(why, AGENT_BAD_FILE, "%.300s: needs a tensor \"%s\" of %d F64 numbers",
                             path, extra_names[i], num_pairs);
        memcpy(extras[i], tensor->data, tensor->num_bytes);
        for (int32_t k = 0; k < num_pairs; k++)
            if (!isfinite(extras[i][k]) || (i == 3 && extras[i][k] < 0))
                return refuse_as(why, AGENT_BAD_FILE,
                                 "%.300s: tensor \"%s\" holds a number that is not sound", path,
                                 extra_names[i]);
    }
    masp_refresh(&agent->rainbow.masp);
    return AGENT_OK;
}

static agent_status_t load_parts(const safetensors_t *file, const char *path, agent_t **out,
                                 int32_t num_streams, char *note, size_t note_bytes, char *why)
{
    agent_config_t config;
    agent_status_t status = read_config(file, path, &config, why);
    if (status != AGENT_OK) return status;
    config.num_streams = num_streams;
    const char *text = safetensors_text(file, "note");
    if (!text) text = "";
    if (note && strlen(text) >= note_bytes)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: its note has %zu bytes, at most %zu fit",
                         path, strlen(text), note_bytes - 1);
    why_t config_why;
    agent_t *agent = NULL;
    status = agent_create(&agent, &config, config_why);
    if (status != AGENT_OK)
        return refuse_as(why, status == AGENT_BAD_CONFIG ? AGENT_BAD_FILE : status,
                         "%.200s: %.250s", path, config_why);
    for (int32_t i = 0; status == AGENT_OK && i < NUM_COUNTERS; i++) {
        const char *value = safetensors_text(file, counters[i].key);
        if (!value || !counter_set(&counters[i], agent, value))
            status = refuse_as(why, AGENT_BAD_FILE, "%.300s: \"%s\" is missing or no number", path,
                               counters[i].key);
    }
    if (status == AGENT_OK) status = read_tensors(file, path, agent, why);
    if (status == AGENT_OK) status = read_extras(file, path, agent, why);
    if (status != AGENT_OK) {
        agent_destroy(agent);
        return status;
    }
    if (note) memcpy(note, text, strlen(text) + 1);
    *out = agent;
    return AGENT_OK;
}

/* Numbers are written with a point wherever the host program's locale has a comma. */
static locale_t enter_c_locale(locale_t *c_locale)
{
    *c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    return *c_locale ? uselocale(*c_locale) : (locale_t)0;
}

static void leave_c_locale(locale_t c_locale, locale_t before)
{
    if (!c_locale) return;
    uselocale(before);
    freelocale(c_locale);
}

agent_status_t agent_save(const agent_t *agent, const char *path, const char *note, why_t why)
{
    if (note && strlen(note) >= AGENT_NOTE_BYTES)
        return refuse_as(why, AGENT_BAD_FILE, "%.300s: a note may have %d bytes, found %zu", path,
                         AGENT_NOTE_BYTES - 1, strlen(note));
    locale_t c_locale;
    const locale_t before = enter_c_locale(&c_locale);
    const agent_status_t status = save_in_c_locale(agent, path, note, why);
    leave_c_locale(c_locale, before);
    return status;
}

agent_status_t agent_load(agent_t **out, const char *path, int32_t num_streams, char *note,
                          size_t note_bytes, why_t why)
{
    *out = NULL;
    safetensors_t file;
    locale_t c_locale;
    const locale_t before = enter_c_locale(&c_locale);
    agent_status_t status = safetensors_read(&file, path, CHECKPOINT_MAX_BYTES, why);
    if (status == AGENT_OK)
        status = load_parts(&file, path, out, num_streams, note, note_bytes, why);
    safetensors_free(&file);
    leave_c_locale(c_locale, before);
    return status;
}
