/* options_capture.c - from the five shapes in which cores register options to V2 definitions.
 *
 *     capture_variables   SET_VARIABLES          "Description; default|other"
 *     capture_v1          SET_CORE_OPTIONS       key, texts, values, default
 *     capture_v2          SET_CORE_OPTIONS_V2    and categories
 *     translate_v1, _v2   the _INTL calls: the same once more in the person's language
 */
#include "options.h"

#include <string.h>

/* ---- copies ---- */

static void copy_values(bridge_pool_t *pool, struct retro_core_option_value *to,
                        const struct retro_core_option_value *from)
{
    for (int i = 0; i < RETRO_NUM_CORE_OPTION_VALUES_MAX - 1 && from[i].value; i++) {
        to[i].value = bridge_pool_string(pool, from[i].value);
        to[i].label = bridge_pool_string(pool, from[i].label);
    }
}

static void copy_definition(bridge_pool_t *pool, options_definition_t *to,
                            const options_definition_t *from)
{
    to->key = bridge_pool_string(pool, from->key);
    to->desc = bridge_pool_string(pool, from->desc);
    to->desc_categorized = bridge_pool_string(pool, from->desc_categorized);
    to->info = bridge_pool_string(pool, from->info);
    to->info_categorized = bridge_pool_string(pool, from->info_categorized);
    to->category_key = bridge_pool_string(pool, from->category_key);
    to->default_value = bridge_pool_string(pool, from->default_value);
    copy_values(pool, to->values, from->values);
}

static void copy_category(bridge_pool_t *pool, options_category_t *to,
                          const options_category_t *from)
{
    to->key = bridge_pool_string(pool, from->key);
    to->desc = bridge_pool_string(pool, from->desc);
    to->info = bridge_pool_string(pool, from->info);
}

static options_definition_t *make_definitions(options_t *options, size_t count)
{
    options->definitions =
        bridge_pool_alloc(&options->pool, count + 1, sizeof *options->definitions);
    options->num_definitions = options->definitions ? count : 0;
    return options->definitions;
}

/* ---- the five shapes ---- */

/* "Description; first|second|third": the first value is the default. */
static void split_variable(bridge_pool_t *pool, options_definition_t *to,
                           const struct retro_variable *from)
{
    to->key = bridge_pool_string(pool, from->key);
    char *text = bridge_pool_string(pool, from->value ? from->value : "");
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
    options_definition_t *const to = make_definitions(options, count);
    for (size_t i = 0; to && i < count; i++) split_variable(&options->pool, &to[i], &list[i]);
}

static void capture_v1(options_t *options, const struct retro_core_option_definition *list)
{
    size_t count = 0;
    while (list && count < OPTIONS_MAX && list[count].key) count++;
    options_definition_t *const to = make_definitions(options, count);
    for (size_t i = 0; to && i < count; i++) {
        to[i].key = bridge_pool_string(&options->pool, list[i].key);
        to[i].desc = bridge_pool_string(&options->pool, list[i].desc);
        to[i].info = bridge_pool_string(&options->pool, list[i].info);
        to[i].default_value = bridge_pool_string(&options->pool, list[i].default_value);
        copy_values(&options->pool, to[i].values, list[i].values);
    }
}

static void capture_v2(options_t *options, const struct retro_core_options_v2 *set)
{
    if (!set) return;
    const size_t count = options_count(set->definitions);
    options_definition_t *const to = make_definitions(options, count);
    for (size_t i = 0; to && i < count; i++)
        copy_definition(&options->pool, &to[i], &set->definitions[i]);

    const size_t num_categories = options_count_categories(set->categories);
    options->categories =
        bridge_pool_alloc(&options->pool, num_categories + 1, sizeof *options->categories);
    options->num_categories = options->categories ? num_categories : 0;
    for (size_t i = 0; i < options->num_categories; i++)
        copy_category(&options->pool, &options->categories[i], &set->categories[i]);
}

static void translate(bridge_pool_t *pool, const char **text, const char *local)
{
    if (local && *local) *text = bridge_pool_string(pool, local);
}

static void translate_labels(bridge_pool_t *pool, struct retro_core_option_value *to,
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
        options_definition_t *const to = options_find(options, local[i].key);
        if (!to) continue;
        translate(&options->pool, &to->desc, local[i].desc);
        translate(&options->pool, &to->info, local[i].info);
        translate_labels(&options->pool, to->values, local[i].values);
    }
}

static void translate_v2(options_t *options, const struct retro_core_options_v2 *local)
{
    if (!local) return;
    const size_t count = options_count(local->definitions);
    for (size_t i = 0; i < count; i++) {
        const options_definition_t *const from = &local->definitions[i];
        options_definition_t *const to = options_find(options, from->key);
        if (!to) continue;
        translate(&options->pool, &to->desc, from->desc);
        translate(&options->pool, &to->desc_categorized, from->desc_categorized);
        translate(&options->pool, &to->info, from->info);
        translate(&options->pool, &to->info_categorized, from->info_categorized);
        translate_labels(&options->pool, to->values, from->values);
    }
    const size_t num_categories = options_count_categories(local->categories);
    for (size_t i = 0; i < num_categories; i++)
        for (size_t k = 0; k < options->num_categories; k++)
            if (options->categories[k].key &&
                strcmp(options->categories[k].key, local->categories[i].key) == 0) {
                translate(&options->pool, &options->categories[k].desc, local->categories[i].desc);
                translate(&options->pool, &options->categories[k].info, local->categories[i].info);
            }
}

bool options_capture(options_t *options, unsigned cmd, const void *data)
{
    options_drop_set(options);
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
    options_drop_set(options);
    return false;
}
