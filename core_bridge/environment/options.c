/* options.c - the set of options that is owned, and the answers to it. */
#include "options.h"

#include <string.h>

/* Lists end with an element whose key is NULL. */
size_t options_count(const options_definition_t *list)
{
    size_t n = 0;
    while (list && n < OPTIONS_MAX && list[n].key) n++;
    return n;
}

size_t options_count_categories(const options_category_t *list)
{
    size_t n = 0;
    while (list && n < OPTIONS_MAX && list[n].key) n++;
    return n;
}

options_definition_t *options_find(const options_t *options, const char *key)
{
    for (size_t i = 0; key && i < options->num_definitions; i++)
        if (options->definitions[i].key && strcmp(options->definitions[i].key, key) == 0)
            return &options->definitions[i];
    return NULL;
}

void options_drop_set(options_t *options)
{
    bridge_pool_empty(&options->pool);
    options->categories = NULL;
    options->definitions = NULL;
    options->num_categories = options->num_definitions = 0;
}

/* ---- headless answers ---- */

static bridge_option_t *find_answer(const options_t *options, const char *key)
{
    for (size_t i = 0; i < options->num_answers; i++)
        if (strcmp(options->answers[i].key, key) == 0) return &options->answers[i];
    return NULL;
}

bool options_answer(options_t *options, const char *key, const char *value)
{
    bridge_pool_t *const pool = &options->answers_pool;
    char *const value_copy = bridge_pool_string(pool, value);
    if (!value_copy) return false;
    bridge_option_t *const known = find_answer(options, key);
    if (known) {
        known->value = value_copy;
        return true;
    }
    if (options->num_answers == options->capacity_answers) {
        const size_t capacity = options->capacity_answers * 2 + 16;
        bridge_option_t *const larger = bridge_pool_alloc(pool, capacity, sizeof *larger);
        if (!larger) return false;
        if (options->answers)
            memcpy(larger, options->answers, options->num_answers * sizeof *larger);
        options->answers = larger;
        options->capacity_answers = capacity;
    }
    char *const key_copy = bridge_pool_string(pool, key);
    if (!key_copy) return false;
    options->answers[options->num_answers++] = (bridge_option_t){ key_copy, value_copy };
    return true;
}

const char *options_value(const options_t *options, const char *key)
{
    const bridge_option_t *const answer = find_answer(options, key);
    if (answer) return answer->value;
    const options_definition_t *const definition = options_find(options, key);
    if (!definition) return NULL;
    return definition->default_value ? definition->default_value : definition->values[0].value;
}

void options_drop(options_t *options)
{
    options_drop_set(options);
    bridge_pool_empty(&options->answers_pool);
    bridge_pool_empty(&options->merged_pool);
    *options = (options_t){ 0 };
}
