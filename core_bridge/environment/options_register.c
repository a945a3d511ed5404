/* options_register.c - from V2 definitions to the newest shape that a host knows.
 *
 *     register_v2          SET_CORE_OPTIONS_V2, host version 2
 *     register_v1          SET_CORE_OPTIONS, host version 1
 *     register_variables   SET_VARIABLES, host version 0
 */
#include "options.h"

#include <stdio.h>
#include <string.h>

/* ---- one set for the host ---- */

static bool register_v2(retro_environment_t host, options_category_t *categories,
                        options_definition_t *definitions)
{
    struct retro_core_options_v2 set = { categories, definitions };
    return host(RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2, &set);
}

static bool register_v1(options_t *options, retro_environment_t host,
                        const options_definition_t *definitions, size_t count)
{
    struct retro_core_option_definition *const list =
        bridge_pool_alloc(&options->merged_pool, count + 1, sizeof *list);
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
static const char *joined(bridge_pool_t *pool, const options_definition_t *definition)
{
    const char *const desc = definition->desc ? definition->desc : definition->key;
    const char *const first =
        definition->default_value ? definition->default_value : definition->values[0].value;
    size_t bytes = strlen(desc) + 3 + (first ? strlen(first) : 0);
    for (int i = 0; definition->values[i].value; i++)
        bytes += strlen(definition->values[i].value) + 1;
    char *const text = bridge_pool_alloc(pool, bytes, 1);
    if (!text) return NULL;
    int at = snprintf(text, bytes, "%s; %s", desc, first ? first : "");
    for (int i = 0; definition->values[i].value; i++)
        if (!first || strcmp(definition->values[i].value, first) != 0)
            at += snprintf(text + at, bytes - (size_t)at, "|%s", definition->values[i].value);
    return text;
}

static bool register_variables(options_t *options, retro_environment_t host,
                               const options_definition_t *definitions, size_t count)
{
    struct retro_variable *const list =
        bridge_pool_alloc(&options->merged_pool, count + 1, sizeof *list);
    for (size_t i = 0; list && i < count; i++) {
        list[i].key = definitions[i].key;
        list[i].value = joined(&options->merged_pool, &definitions[i]);
    }
    if (options->merged_pool.failed) return false;
    return host(RETRO_ENVIRONMENT_SET_VARIABLES, list);
}

bool options_register(options_t *options, retro_environment_t host, unsigned host_version,
                      const options_category_t *own_categories,
                      const options_definition_t *own_options)
{
    bridge_pool_t *const pool = &options->merged_pool;
    bridge_pool_empty(pool);
    const size_t num_own = options_count(own_options);
    const size_t num_own_categories = options_count_categories(own_categories);
    const size_t count = num_own + options->num_definitions;
    const size_t num_categories = num_own_categories + options->num_categories;
    options_definition_t *const definitions =
        bridge_pool_alloc(pool, count + 1, sizeof *definitions);
    options_category_t *const categories =
        bridge_pool_alloc(pool, num_categories + 1, sizeof *categories);
    if (pool->failed) return false;

    /* Shallow: own options are static, the inner core's live in options->pool. */
    for (size_t i = 0; i < num_own; i++) definitions[i] = own_options[i];
    for (size_t i = 0; i < options->num_definitions; i++)
        definitions[num_own + i] = options->definitions[i];
    for (size_t i = 0; i < num_own_categories; i++) categories[i] = own_categories[i];
    for (size_t i = 0; i < options->num_categories; i++)
        categories[num_own_categories + i] = options->categories[i];

    if (host_version >= 2) return register_v2(host, categories, definitions);
    if (host_version == 1) return register_v1(options, host, definitions, count);
    return register_variables(options, host, definitions, count);
}
