/* options.h - core options: five shapes of one thing, brought to the newest, owned, merged,
 * answered.
 *
 * libretro has grown five calls to register options (variables; options; the same in two
 * languages; options with categories; the same in two languages). options_capture.c: whatever the
 * inner core uses is deep-copied into one list of V2 definitions. options.c: a headless bridge
 * answers GET_VARIABLE from it. options_register.c: a hosted one registers it together with the
 * plugin's own options, as one set, because a frontend forgets the first set when it gets a second
 * one.
 */
#ifndef CORE_BRIDGE_OPTIONS_H
#define CORE_BRIDGE_OPTIONS_H

#include "bridge.h"
#include "libretro.h"
#include "bridge_pool.h"

#define OPTIONS_MAX 4096 /* more than any core has; a bound for lists that forgot their end */

typedef struct retro_core_option_v2_definition options_definition_t;
typedef struct retro_core_option_v2_category options_category_t;

/* All zero: no options, no answers. */
typedef struct {
    bridge_pool_t pool; /* the inner core's set */
    options_category_t *categories;
    options_definition_t *definitions;
    size_t num_categories, num_definitions;

    bridge_pool_t answers_pool; /* answers given by bridge_open's caller or by SET_VARIABLE */
    bridge_option_t *answers;
    size_t num_answers, capacity_answers;

    bridge_pool_t merged_pool; /* what the host was given last */
} options_t;

/* Replace the inner core's set by what `cmd` (one of the five registering calls) brought. NULL data
 * empties the set. False only if there is no memory; the set is then empty. */
bool options_capture(options_t *options, unsigned cmd, const void *data);

/* Headless: answer `key` with `value` from now on (copied). */
bool options_answer(options_t *options, const char *key, const char *value);
/* The answer, else the default, else the first value, else NULL. Borrowed until the set changes. */
const char *options_value(const options_t *options, const char *key);

/* Register own options and the captured set with a host as one set, in the newest shape that
 * `host_version` (its answer to GET_CORE_OPTIONS_VERSION) knows. Returns the host's answer. */
bool options_register(options_t *options, retro_environment_t host, unsigned host_version,
                      const options_category_t *own_categories,
                      const options_definition_t *own_options);

void options_drop(options_t *options);

/* ---- between options.c, options_capture.c and options_register.c ---- */

/* Of lists that end with a NULL key; NULL: 0. */
size_t options_count_categories(const struct retro_core_option_v2_category *list);
size_t options_count(const options_definition_t *list);
options_definition_t *options_find(const options_t *options, const char *key);
void options_drop_set(options_t *options); /* the inner core's; answers stay */

#endif
