/* options.c - captures, answers and merges core options. */
#include "options.h"

#include <stdio.h>
#include <string.h>

typedef struct retro_core_option_v2_definition definition_t;
typedef struct retro_core_option_v2_category category_t;

/* ---- copies ------------------------------------------------------------------------------- */

static void copy_values(pool_t *pool, struct retro_core_option_value *to,
                        const struct retro_core_option_value *from)
{
    for (int i = 0; i < RETRO_NUM_CORE_OPTION_VALUES_MAX - 1 && from[i].value; i++) {
        to[i].value = pool_string(pool, from[i].value);
        to[i].label = pool_string(pool, from[i].label);
    }
}

static void copy_definition(pool_t *pool, definition_t *to, const definition_t *from)
{
    to->key = pool_string(pool, from->key);
    to->desc = pool_string(pool, from->desc);
    to->desc_categorized = pool_string(pool, from->desc_categorized);
    to->info = pool_string(pool, from->info);
    to->info_categorized = pool_string(pool, from->info_categorized);
    to->category_key = pool_string(pool, from->category_key);
    to->default_value = pool_string(pool, from->default_value);
    copy_values(pool, to->values, from->values);
}

static void copy_category(pool_t *pool, category_t *to, const category_t *from)
{
    to->key = pool_string(pool, from->key);
    to->desc = pool_string(pool, from->desc);
    to->info = pool_string(pool, from->info);
}

/* Lists end with an element whose key is NULL. */
static size_t count_definitions(const definition_t *list)
{
    size_t n = 0;
    while (list && n < OPTIONS_MAX && list[n].key) n++;
    return n;
}

static size_t count_categories(const category_t *list)
{
    size_t n = 0;
    while (list && n < OPTIONS_MAX && list[n].key) n++;
    return n;
}

static definition_t *make_definitions(options_t *options, size_t count)
{
    options->definitions = pool_alloc(&options->pool, count + 1, sizeof *options->definitions);
    options->num_definitions = options->definitions ? count : 0;
    return options->definitions;
}

/* ---- the five shapes ------------------------------------------------------------------------ */

/* "Description; first|second|third": the first value is the default. */
static void split_variable(pool_t *pool, definition_t *to, const struct retro_variable *from)
{
    to->key = pool_string(pool, from->key);
    char *text = pool_string(pool, from->value ? from->value : "");
    if (!text) return;
    char *values = strstr(text, "; ");
    to->desc = text;
    if (!values) return;
    *values = '\0';
    values += 2;
    for (int i = 0; values && i < RETRO_NUM_CORE_OPTION_VALUES_MAX - 1; i++) {
        to->values[i].value = values;
        values = strchr(values, '|');
        if (values) *values++ = '\0';
    }
    to->default_value = to->values[0].value;
}

static void capture_variables(options_t *options, const struct retro_variable *list)
{
    size_t count = 0;
    while (count < OPTIONS_MAX && list[count].key) count++;
    definition_t *const to = make_definitions(options, count);
    for (size_t i = 0; to && i < count; i++) split_variable(&options->pool, &to[i], &list[i]);
}

static void capture_v1(options_t *options, const struct retro_core_option_definition *list)
{
    size_t count = 0;
    while (list && count < OPTIONS_MAX && list[count].key) count++;
    definition_t *const to = make_definitions(options, count);
    for (size_t i = 0; to && i < count; i++) {
        to[i].key = pool_string(&options->pool, list[i].key);
        to[i].desc = pool_string(&options->pool, list[i].desc);
        to[i].info = pool_string(&options->pool, list[i].info);
        to[i].default_value = pool_string(&options->pool, list[i].default_value);
        copy_values(&options->pool, to[i].values, list[i].values);
    }
}

static void capture_v2(options_t *options, const struct retro_core_options_v2 *set)
{
    if (!set) return;
    const size_t count = count_definitions(set->definitions);
    definition_t *const to = make_definitions(options, count);
    for (size_t i = 0; to && i < count; i++)
        copy_definition(&options->pool, &to[i], &set->definitions[i]);

    const size_t num_categories = count_categories(set->categories);
    options->categories =
        pool_alloc(&options->pool, num_categories + 1, sizeof *options->categories);
    options->num_categories = options->categories ? num_categories : 0;
    for (size_t i = 0; i < options->num_categories; i++)
        copy_category(&options->pool, &options->categories[i], &set->categories[i]);
}

static definition_t *find_definition(const options_t *options, const char *key)
{
    for (size_t i = 0; key && i < options->num_definitions; i++)
        if (options->definitions[i].key && strcmp(options->definitions[i].key, key) == 0)
            return &options->definitions[i];
    return NULL;
}

static void translate(pool_t *pool, const char **text, const char *local)
{
    if (local && *local) *text = pool_string(pool, local);
}

static void translate_labels(pool_t *pool, struct retro_core_option_value *to,
                             const struct retro_core_option_value *local)
{
    for (int i = 0; i < RETRO_NUM_CORE_OPTION_VALUES_MAX - 1 && local[i].value; i++)
        for (int k = 0; to[k].value; k++)
            if (strcmp(to[k].value, local[i].value) == 0)
                translate(pool, &to[k].label, local[i].label);
}

/* Two languages: `us` decides keys, values and defaults, `local` only what people read. */
static void translate_v1(options_t *options, const struct retro_core_option_definition *local)
{
    for (size_t i = 0; local && i < OPTIONS_MAX && local[i].key; i++) {
        definition_t *const to = find_definition(options, local[i].key);
        if (!to) continue;
        translate(&options->pool, &to->desc, local[i].desc);
        translate(&options->pool, &to->info, local[i].info);
        translate_labels(&options->pool, to->values, local[i].values);
    }
}

static void translate_v2(options_t *options, const struct retro_core_options_v2 *local)
{
    if (!local) return;
    const size_t count = count_definitions(local->definitions);
    for (size_t i = 0; i < count; i++) {
        const definition_t *const from = &local->definitions[i];
        definition_t *const to = find_definition(options, from->key);
        if (!to) continue;
        translate(&options->pool, &to->desc, from->desc);
        translate(&options->pool, &to->desc_categorized, from->desc_categorized);
        translate(&options->pool, &to->info, from->info);
        translate(&options->pool, &to->info_categorized, from->info_categorized);
        translate_labels(&options->pool, to->values, from->values);
    }
    const size_t num_categories = count_categories(local->categories);
    for (size_t i = 0; i < num_categories; i++)
        for (size_t k = 0; k < options->num_categories; k++)
            if (options->categories[k].key &&
                strcmp(options->categories[k].key, local->categories[i].key) == 0) {
                translate(&options->pool, &options->categories[k].desc, local->categories[i].desc);
                translate(&options->pool, &options->categories[k].info, local->categories[i].info);
            }
}

static void drop_set(options_t *options)
{
    pool_empty(&options->pool);
    options->categories = NULL;
    options->definitions = NULL;
    options->num_categories = options->num_definitions = 0;
}

bool options_capture(options_t *options, unsigned cmd, const void *data)
{
    drop_set(options);
    if (!data) return true;
    switch (cmd) {
    case RETRO_ENVIRONMENT_SET_VARIABLES: capture_variables(options, data); break;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS: capture_v1(options, data); break;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_INTL: {
        const struct retro_core_options_intl *const both = data;
        capture_v1(options, both->us);
        translate_v1(options, both->local);
        break;
    }
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2: capture_v2(options, data); break;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2_INTL: {
        const struct retro_core_options_v2_intl *const both = data;
        capture_v2(options, both->us);
        translate_v2(options, both->local);
        break;
    }
    default: break;
    }
    if (!options->pool.failed) return true;
    drop_set(options);
    return false;
}

/* ---- headless answers ----------------------------------------------------------------------- */

static bridge_option_t *find_answer(const options_t *options, const char *key)
{
    for (size_t i = 0; i < options->num_answers; i++)
        if (strcmp(options->answers[i].key, key) == 0) return &options->answers[i];
    return NULL;
}

bool options_answer(options_t *options, const char *key, const char *value)
{
    pool_t *const pool = &options->answers_pool;
    char *const value_copy = pool_string(pool, value);
    if (!value_copy) return false;
    bridge_option_t *const known = find_answer(options, key);
    if (known) {
        known->value = value_copy;
        return true;
    }
    if (options->num_answers == options->capacity_answers) {
        const size_t capacity = options->capacity_answers * 2 + 16;
        bridge_option_t *const larger = pool_alloc(pool, capacity, sizeof *larger);
        if (!larger) return false;
        if (options->answers)
            memcpy(larger, options->answers, options->num_answers * sizeof *larger);
        options->answers = larger;
        options->capacity_answers = capacity;
    }
    char *const key_copy = pool_string(pool, key);
    if (!key_copy) return false;
    options->answers[options->num_answers++] = (bridge_option_t){ key_copy, value_copy };
    return true;
}

const char *options_value(const options_t *options, const char *key)
{
    const bridge_option_t *const answer = find_answer(options, key);
    if (answer) return answer->value;
    const definition_t *const definition = find_definition(options, key);
    if (!definition) return NULL;
    return definition->default_value ? definition->default_value : definition->values[0].value;
}

/* ---- one set for the host -------------------------------------------------------------------- */

static bool register_v2(retro_environment_t host, category_t *categories, definition_t *definitions)
{
    struct retro_core_options_v2 set = { categories, definitions };
    return host(RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2, &set);
}

static bool register_v1(options_t *options, retro_environment_t host,
                        const definition_t *definitions, size_t count)
{
    struct retro_core_option_definition *const list =
        pool_alloc(&options->merged_pool, count + 1, sizeof *list);
    if (!list) return false;
    for (size_t i = 0; i < count; i++) {
        list[i].key = definitions[i].key;
        list[i].desc = definitions[i].desc;
        list[i].info = definitions[i].info;
        list[i].default_value = definitions[i].default_value;
        memcpy(list[i].values, definitions[i].values, sizeof list[i].values);
    }
    return host(RETRO_ENVIRONMENT_SET_CORE_OPTIONS, list);
}

/* "Description; default|others": the oldest shape takes its first value as the default. */
static const char *joined(pool_t *pool, const definition_t *definition)
{
    const char *const desc = definition->desc ? definition->desc : definition->key;
    const char *const first =
        definition->default_value ? definition->default_value : definition->values[0].value;
    size_t bytes = strlen(desc) + 3 + (first ? strlen(first) : 0);
    for (int i = 0; definition->values[i].value; i++)
        bytes += strlen(definition->values[i].value) + 1;
    char *const text = pool_alloc(pool, bytes, 1);
    if (!text) return NULL;
    int at = snprintf(text, bytes, "%s; %s", desc, first ? first : "");
    for (int i = 0; definition->values[i].value; i++)
        if (!first || strcmp(definition->values[i].value, first) != 0)
            at += snprintf(text + at, bytes - (size_t)at, "|%s", definition->values[i].value);
    return text;
}

static bool register_variables(options_t *options, retro_environment_t host,
                               const definition_t *definitions, size_t count)
{
    struct retro_variable *const list = pool_alloc(&options->merged_pool, count + 1, sizeof *list);
    for (size_t i = 0; list && i < count; i++) {
        list[i].key = definitions[i].key;
        list[i].value = joined(&options->merged_pool, &definitions[i]);
    }
    if (options->merged_pool.failed) return false;
    return host(RETRO_ENVIRONMENT_SET_VARIABLES, list);
}

bool options_register(options_t *options, retro_environment_t host, unsigned host_version,
                      const category_t *own_category, const definition_t *own_options)
{
    pool_t *const pool = &options->merged_pool;
    pool_empty(pool);
    const size_t num_own = count_definitions(own_options);
    const size_t num_own_categories = own_category ? 1 : 0;
    const size_t count = num_own + options->num_definitions;
    const size_t num_categories = num_own_categories + options->num_categories;
    definition_t *const definitions = pool_alloc(pool, count + 1, sizeof *definitions);
    category_t *const categories = pool_alloc(pool, num_categories + 1, sizeof *categories);
    if (pool->failed) return false;

    /* Shallow: own options are static, the inner core's live in options->pool. */
    for (size_t i = 0; i < num_own; i++) definitions[i] = own_options[i];
    for (size_t i = 0; i < options->num_definitions; i++)
        definitions[num_own + i] = options->definitions[i];
    if (own_category) categories[0] = *own_category;
    for (size_t i = 0; i < options->num_categories; i++)
        categories[num_own_categories + i] = options->categories[i];

    if (host_version >= 2) return register_v2(host, categories, definitions);
    if (host_version == 1) return register_v1(options, host, definitions, count);
    return register_variables(options, host, definitions, count);
}

void options_drop(options_t *options)
{
    drop_set(options);
    pool_empty(&options->answers_pool);
    pool_empty(&options->merged_pool);
    *options = (options_t){ 0 };
}
