/* agent_config.c - defaults, published settings, ranges. */
#include "agent_config.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_fields.h"
#include "kinds.h"
#include "replay.h"
#include "why.h"

static const char *const net_names[] = { "small", "nature", "impala" };
static const char *const eyes_names[] = { "pictures", "variables", "both" };
static const char *const similarity_names[] = { "off", "fixed", "meta" };
static const char *const form_names[] = { "pairs", "mixture" };

/* Choices are read and written as int32_t. */
_Static_assert(sizeof(agent_net_kind_t) == sizeof(int32_t), "an enum is four bytes");
_Static_assert(sizeof(agent_eyes_t) == sizeof(int32_t), "an enum is four bytes");
_Static_assert(sizeof(agent_similarity_mode_t) == sizeof(int32_t), "an enum is four bytes");
_Static_assert(sizeof(agent_similarity_form_t) == sizeof(int32_t), "an enum is four bytes");

/* clang-format off */
#define PLACE(name) offsetof(agent_config_t, name)
#define FIELD(kind, name, low, high) { #name, kind, PLACE(name), low, high, NULL, false }
#define CHOICE(name, names) \
    { #name, CONFIG_CHOICE, PLACE(name), 0, sizeof names / sizeof names[0] - 1, names, false }
#define LATER_CHOICE(name, names) \
    { #name, CONFIG_CHOICE, PLACE(name), 0, sizeof names / sizeof names[0] - 1, names, true }
#define LATER(kind, name, low, high) { #name, kind, PLACE(name), low, high, NULL, true }
#define LATER_CHOICE(name, names) \
    { #name, CONFIG_CHOICE, PLACE(name), 0, sizeof names / sizeof names[0] - 1, names, true }
/* clang-format on */

const config_field_t config_fields[] = {
    CHOICE(net_kind, net_names),
    LATER(CONFIG_INT, net_width, 1, 2),
    LATER_CHOICE(eyes, eyes_names),
    LATER(CONFIG_INT, obs_values, 0, AGENT_MAX_VALUES),
    FIELD(CONFIG_INT, obs_stack, 1, 16),
    FIELD(CONFIG_INT, obs_height_px, 1, 512),
    FIELD(CONFIG_INT, obs_width_px, 1, 512),
    FIELD(CONFIG_INT, num_actions, 1, AGENT_MAX_ACTIONS),
    FIELD(CONFIG_INT, num_streams, 1, AGENT_MAX_STREAMS),
    FIELD(CONFIG_FLOAT, discount_per_step, 0, 1),
    FIELD(CONFIG_INT, n_step_decisions, 1, 64),
    LATER(CONFIG_INT, n_step_end_decisions, 0, 64),
    LATER(CONFIG_INT, n_step_ramp_updates, 1, 1 << 30),
    LATER(CONFIG_INT, return_steps, 0, 1 << 16),
    FIELD(CONFIG_INT, replay_capacity_decisions, 1, 1 << 24),
    LATER(CONFIG_INT, replay_memory_mib, 1, 1 << 20),
    FIELD(CONFIG_INT, replay_warmup_decisions, 1, 1 << 24),
    FIELD(CONFIG_INT, batch_size, 1, 1024),
    FIELD(CONFIG_INT, target_sync_period_updates, 1, 1 << 30),
    FIELD(CONFIG_FLOAT, learning_rate, 0, 1),
    FIELD(CONFIG_FLOAT, adam_epsilon, 1e-12, 1),
    FIELD(CONFIG_FLOAT, max_grad_norm, 1e-6, 1e9),
    LATER(CONFIG_INT, random_shift_px, 0, 16),
    FIELD(CONFIG_INT, average_updates, 0, 1 << 30),
    FIELD(CONFIG_FLOAT, epsilon_start, 0, 1),
    FIELD(CONFIG_FLOAT, epsilon_end, 0, 1),
    FIELD(CONFIG_INT, epsilon_ramp_decisions, 0, 1 << 30),
    LATER(CONFIG_FLOAT, epsilon_repeat, 0, 16),
    FIELD(CONFIG_SEED, seed, 0, 0),
    FIELD(CONFIG_BOOL, double_q, 0, 1),
    LATER(CONFIG_FLOAT, munchausen, 0, 1),
    LATER(CONFIG_FLOAT, munchausen_temperature, 1e-4, 100),
    FIELD(CONFIG_BOOL, dueling, 0, 1),
    FIELD(CONFIG_BOOL, noisy, 0, 1),
    FIELD(CONFIG_FLOAT, noisy_sigma_init, 0, 10),
    FIELD(CONFIG_BOOL, prioritized, 0, 1),
    FIELD(CONFIG_FLOAT, priority_exponent, 0, 1),
    FIELD(CONFIG_FLOAT, importance_exponent_start, 0, 1),
    FIELD(CONFIG_INT, importance_ramp_updates, 0, 1 << 30),
    FIELD(CONFIG_INT, num_atoms, 1, 255),
    FIELD(CONFIG_FLOAT, return_min, -1e6, 1e6),
    FIELD(CONFIG_FLOAT, return_max, -1e6, 1e6),
    LATER(CONFIG_FLOAT, return_scale, 0, 1e9),
    CHOICE(similarity_mode, similarity_names),
    LATER_CHOICE(similarity_form, form_names),
    FIELD(CONFIG_FLOAT, similarity_weight, 0, 1e6),
    LATER(CONFIG_FLOAT, similarity_kinds, 0, KINDS_MAX_SHARPNESS),
    LATER(CONFIG_INT, similarity_fade_updates, 0, 1 << 30),
    FIELD(CONFIG_FLOAT, similarity_learning_rate, 0, 10),
    FIELD(CONFIG_INT, similarity_period_updates, 1, 1 << 30),
    LATER(CONFIG_BOOL, similarity_balanced, 0, 1),
    FIELD(CONFIG_FLOAT, similarity_pull, 0, 1),
    FIELD(CONFIG_FLOAT, similarity_start, 1e-3, 0.999),
};
const int32_t config_num_fields = (int32_t)(sizeof config_fields / sizeof config_fields[0]);

void agent_config_defaults(agent_config_t *config, int32_t num_actions)
{
    *config = (agent_config_t){
        .net_kind = AGENT_NET_SMALL,
        .net_width = 1,
        .obs_stack = 4,
        .obs_height_px = 84,
        .obs_width_px = 84,
        .num_actions = num_actions,
        .num_streams = 1,
        .discount_per_step = 0.99f,
        .n_step_decisions = 10,
        .n_step_end_decisions = 3,
        .n_step_ramp_updates = 5000,
        .replay_capacity_decisions = 50000,
        .replay_memory_mib = 1536,
        .replay_warmup_decisions = 1600,
        .batch_size = 32,
        .target_sync_period_updates = 200,
        .learning_rate = 1e-4f,
        .adam_epsilon = 1.5e-4f,
        .max_grad_norm = 10,
        .average_updates = 1000,
        .epsilon_start = 1,
        .epsilon_end = 0.02f,
        .epsilon_ramp_decisions = 8000,
        .seed = 1,
        .double_q = true,
        .munchausen_temperature = 0.03f,
        .noisy_sigma_init = 0.5f,
        .priority_exponent = 0.5f,
        .importance_exponent_start = 0.4f,
        .importance_ramp_updates = 100000,
        .num_atoms = 51,
        .return_min = -10,
        .return_max = 10,
        .similarity_mode = AGENT_SIMILARITY_OFF,
        .similarity_weight = 1,
        .similarity_kinds = 1,
        .similarity_learning_rate = 0.01f,
        .similarity_period_updates = 4,
        .similarity_pull = 1e-3f,
        .similarity_start = 0.12f, /* sigmoid(-2) */
    };
}

/* What both Rainbows share (Hessel et al. 2018, table 1). */
static void rainbow_parts(agent_config_t *config)
{
    config->net_width = 1;
    config->double_q = config->dueling = config->noisy = config->prioritized = true;
    config->discount_per_step = 0.99f;
    config->n_step_end_decisions = config->return_steps = 0;
    config->priority_exponent = 0.5f;
    config->importance_exponent_start = 0.4f;
    config->num_atoms = 51;
    config->return_min = -10;
    config->return_max = 10;
    config->batch_size = 32;
    config->adam_epsilon = 1.5e-4f;
    config->max_grad_norm = 10;
    config->average_updates = 0;
    config->epsilon_start = config->epsilon_end = 0;
    config->epsilon_ramp_decisions = 0;
    config->epsilon_repeat = 0;
}

bool agent_config_named(agent_config_t *config, const char *name)
{
    if (strcmp(name, "hessel2018") == 0) {
        rainbow_parts(config);
        config->net_kind = AGENT_NET_NATURE;
        config->n_step_decisions = 3;
        config->noisy_sigma_init = 0.5f;
        config->learning_rate = 6.25e-5f;
        config->replay_capacity_decisions = 1000000;
        config->replay_warmup_decisions = 20000;    /* 80k frames */
        config->target_sync_period_updates = 8000;  /* 32k frames, an update every 4 */
        config->importance_ramp_updates = 12500000; /* 200M frames */
        return true;
    }
    if (strcmp(name, "vanhasselt2019") == 0) {
        rainbow_parts(config);
        config->net_kind = AGENT_NET_SMALL;
        config->n_step_decisions = 20;
        config->noisy_sigma_init = 0.1f;
        config->learning_rate = 1e-4f;
        config->replay_capacity_decisions = 100000;
        config->replay_warmup_decisions = 1600;
        config->target_sync_period_updates = 2000;
        config->importance_ramp_updates = 100000;
        return true;
    }
    return false;
}

const char *agent_net_name(const agent_config_t *config)
{
    return config->net_width > 1 ? "impala, width 2" : net_names[config->net_kind];
}

bool agent_draws_by_kinds(const agent_config_t *config)
{
    return config->similarity_mode != AGENT_SIMILARITY_OFF && config->num_actions > 1 &&
           config->similarity_kinds > 0;
}

static const void *place(const config_field_t *field, const agent_config_t *config)
{
    return (const char *)config + field->offset;
}

static double number_of(const config_field_t *field, const agent_config_t *config)
{
    switch (field->kind) {
    case CONFIG_INT: return *(const int32_t *)place(field, config);
    case CONFIG_FLOAT: return (double)*(const float *)place(field, config);
    case CONFIG_BOOL: return *(const bool *)place(field, config);
    case CONFIG_CHOICE: return *(const int32_t *)place(field, config);
    case CONFIG_SEED: break; /* every value is a seed */
    }
    return 0;
}

size_t agent_picture_bytes(const agent_config_t *config)
{
    if (config->eyes == AGENT_EYES_VARIABLES) return 0;
    return (size_t)config->obs_height_px * (size_t)config->obs_width_px;
}

size_t agent_seen_bytes(const agent_config_t *config)
{
    return agent_picture_bytes(config) + (size_t)config->obs_values * sizeof(uint16_t);
}

size_t agent_look_bytes(const agent_config_t *config)
{
    const int32_t told = config->taught ? config->num_actions : 0;
    return agent_seen_bytes(config) + (size_t)told * sizeof(uint16_t);
}

size_t agent_obs_bytes(const agent_config_t *config)
{
    return (size_t)config->obs_stack * agent_look_bytes(config);
}

agent_status_t agent_config_check(const agent_config_t *config, why_t why)
{
    for (int32_t i = 0; i < config_num_fields; i++) {
        const config_field_t *field = &config_fields[i];
        const double number = number_of(field, config);
        if (!(number >= field->low && number <= field->high)) /* a NaN fails, too */
            return refuse_as(why, AGENT_BAD_CONFIG, "\"%s\" must be %.9g to %.9g, found %.9g",
                             field->name, field->low, field->high, number);
    }
    if (config->net_width > 1 && config->net_kind != AGENT_NET_IMPALA)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"net_width\" must be 1 where \"net_kind\" is %s, found %d",
                         net_names[config->net_kind], config->net_width);
    if ((config->eyes == AGENT_EYES_PICTURES) != (config->obs_values == 0))
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"obs_values\" must be %s where \"eyes\" is %s, found %d",
                         config->eyes == AGENT_EYES_PICTURES ? "0" : "1 or more",
                         eyes_names[config->eyes], config->obs_values);
    const int32_t least = replay_min_capacity(config->num_streams, config->n_step_decisions);
    if (config->replay_capacity_decisions < least)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"replay_capacity_decisions\" must be at least %d for %d streams and "
                         "%d-step returns, found %d",
                         least, config->num_streams, config->n_step_decisions,
                         config->replay_capacity_decisions);
    if (config->n_step_end_decisions > config->n_step_decisions)
        return refuse_as(
            why, AGENT_BAD_CONFIG,
            "\"n_step_end_decisions\" must be at most \"n_step_decisions\", %d, found %d",
            config->n_step_decisions, config->n_step_end_decisions);
    const replay_config_t replay = {
        .obs_bytes = agent_obs_bytes(config),
        .stack = config->obs_stack,
        .num_streams = config->num_streams,
        .n_step = config->n_step_decisions,
    };
    const size_t least_mib = (replay_min_memory_bytes(&replay) >> 20) + 1;
    if ((size_t)config->replay_memory_mib < least_mib)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"replay_memory_mib\" must be at least %zu for %d streams and %d-step "
                         "returns, found %d",
                         least_mib, config->num_streams, config->n_step_decisions,
                         config->replay_memory_mib);
    /* Half, because slots that only hold a last observation do not count. */
    if (config->replay_warmup_decisions > config->replay_capacity_decisions / 2)
        return refuse_as(
            why, AGENT_BAD_CONFIG,
            "\"replay_warmup_decisions\" must be at most half the capacity, %d, found %d",
            config->replay_capacity_decisions / 2, config->replay_warmup_decisions);
    if (config->num_atoms > 1 && !(config->return_min < config->return_max))
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"return_min\" must be below \"return_max\", found %.9g and %.9g",
                         (double)config->return_min, (double)config->return_max);
    return AGENT_OK;
}

void config_text(const config_field_t *field, const agent_config_t *config,
                 char text[CONFIG_TEXT_BYTES])
{
    switch (field->kind) {
    case CONFIG_SEED:
        snprintf(text, CONFIG_TEXT_BYTES, "%" PRIu64, *(const uint64_t *)place(field, config));
        break;
    case CONFIG_CHOICE:
        snprintf(text, CONFIG_TEXT_BYTES, "%s",
                 field->names[*(const int32_t *)place(field, config)]);
        break;
    case CONFIG_BOOL:
        snprintf(text, CONFIG_TEXT_BYTES, "%s", number_of(field, config) != 0 ? "true" : "false");
        break;
    case CONFIG_INT:
    case CONFIG_FLOAT: snprintf(text, CONFIG_TEXT_BYTES, "%.9g", number_of(field, config)); break;
    }
}

bool config_set(const config_field_t *field, agent_config_t *config, const char *text)
{
    void *to = (char *)config + field->offset;
    if (field->kind == CONFIG_CHOICE) {
        for (int32_t i = 0; i <= (int32_t)field->high; i++)
            if (strcmp(text, field->names[i]) == 0) {
                *(int32_t *)to = i;
                return true;
            }
        return false;
    }
    if (field->kind == CONFIG_BOOL) {
        *(bool *)to = strcmp(text, "true") == 0;
        return *(bool *)to || strcmp(text, "false") == 0;
    }
    /* strto* would skip spaces and take "-1" for an unsigned, "nan" for a float. */
    if (!(text[0] >= '0' && text[0] <= '9') && !(text[0] == '-' && field->kind != CONFIG_SEED))
        return false;
    char *end = NULL;
    errno = 0;
    if (field->kind == CONFIG_SEED) {
        *(uint64_t *)to = strtoull(text, &end, 10);
    } else {
        const double number = strtod(text, &end);
        if (!(number >= -2e9 && number <= 2e9)) return false;
        if (field->kind == CONFIG_INT && number != floor(number)) return false;
        if (field->kind == CONFIG_INT)
            *(int32_t *)to = (int32_t)number;
        else
            *(float *)to = (float)number;
    }
    return errno == 0 && end != text && *end == '\0';
}
