/* frontend_options.c - core options as the small frontend keeps them, and refuses them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "frontend.h"

#include <stdio.h>
#include <string.h>

static frontend_option_t *find_option(frontend_t *front, const char *key)
{
    for (int i = 0; i < front->num_options; i++)
        if (strcmp(front->options[i].key, key) == 0) return &front->options[i];
    return NULL;
}

const frontend_option_t *frontend_find_option(const frontend_t *front, const char *key)
{
    return find_option((frontend_t *)front, key);
}

static frontend_option_t *make_option(frontend_t *front, const char *key)
{
    frontend_option_t *option = find_option(front, key);
    if (option) return option;
    assert_true(front->num_options < FRONTEND_OPTIONS);
    option = &front->options[front->num_options++];
    snprintf(option->key, sizeof option->key, "%s", key);
    return option;
}

const char *frontend_option(const frontend_t *front, const char *key)
{
    const frontend_option_t *option = frontend_find_option(front, key);
    return option ? option->value : "";
}

bool frontend_shows_option(const frontend_t *front, const char *key)
{
    const frontend_option_t *option = frontend_find_option(front, key);
    return option && option->is_there && option->is_visible;
}

/* Is the value one of "a|b|c"? */
static bool is_listed(const char *values, const char *value)
{
    const size_t length = strlen(value);
    for (const char *at = values; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, value, length) == 0 && strchr("|", at[length])) return true;
    }
    return false;
}

void frontend_set_option(frontend_t *front, const char *key, const char *value)
{
    frontend_option_t *option = make_option(front, key);
    if (option->is_there && !is_listed(option->values, value))
        fail_msg("%s has no value \"%s\" among %s", key, value, option->values);
    snprintf(option->value, sizeof option->value, "%s", value);
    if (option->is_there) front->options_changed = true;
}

/* ---- what a core registers ---- */

static void check_key(const char *key)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (!*key || strspn(key, letters) != strlen(key)) fail_msg("\"%s\" is no key", key);
}

static void begin_set(frontend_t *front, unsigned command, unsigned needed_version)
{
    if (front->options_version < needed_version)
        fail_msg("options came in form %u, the frontend has %u", needed_version,
                 front->options_version);
    front->option_sets++;
    front->option_shape = command;
    for (int i = 0; i < front->num_options; i++) front->options[i].is_there = false;
}

/* A value that is among the new ones stays. */
static void add_option(frontend_t *front, const char *key, const char *desc, const char *value,
                       const char *values, const char *category)
{
    check_key(key);
    frontend_option_t *option = make_option(front, key);
    if (option->is_there) fail_msg("%s comes twice in a set", key);
    if (!desc || !*desc) fail_msg("%s has no description", key);
    if (!is_listed(values, value)) fail_msg("%s: the default %s is not in %s", key, value, values);
    snprintf(option->values, sizeof option->values, "%s", values);
    snprintf(option->category, sizeof option->category, "%s", category ? category : "");
    option->is_there = option->is_visible = true;
    if (!is_listed(values, option->value))
        snprintf(option->value, sizeof option->value, "%s", value);
}

static void join(const struct retro_core_option_value *list, char values[1024])
{
    int count = 0;
    values[0] = '\0';
    for (; list[count].value; count++) {
        assert_true(strlen(values) + strlen(list[count].value) + 2 < 1024);
        if (count) strcat(values, "|");
        strcat(values, list[count].value);
    }
    assert_in_range(count, 1, RETRO_NUM_CORE_OPTION_VALUES_MAX - 1);
}

static void take_v2(frontend_t *front, const struct retro_core_options_v2 *all)
{
    char values[1024];
    for (const struct retro_core_option_v2_category *c = all->categories; c && c->key; c++)
        check_key(c->key);
    for (const struct retro_core_option_v2_definition *d = all->definitions; d->key; d++) {
        join(d->values, values);
        add_option(front, d->key, d->desc, d->default_value ? d->default_value : d->values[0].value,
                   values, d->category_key);
    }
}

static void take_v1(frontend_t *front, const struct retro_core_option_definition *d)
{
    char values[1024];
    for (; d->key; d++) {
        join(d->values, values);
        add_option(front, d->key, d->desc, d->default_value ? d->default_value : d->values[0].value,
                   values, NULL);
    }
}

static void take_variables(frontend_t *front, const struct retro_variable *variable)
{
    for (; variable->key; variable++) {
        char value[64];
        const char *values = strstr(variable->value, "; ");
        if (!values) {
            fail_msg("%s: no \"; \" in %s", variable->key, variable->value);
            return;
        }
        values += 2;
        snprintf(value, sizeof value, "%.*s", (int)strcspn(values, "|"), values);
        add_option(front, variable->key, variable->value, value, values, NULL);
    }
}

/* ---- the environment ---- */

static bool get_variable(frontend_t *front, struct retro_variable *variable)
{
    const frontend_option_t *option = find_option(front, variable->key);
    front->options_changed = false; /* as RetroArch does */
    variable->value = option && option->is_there ? option->value : NULL;
    return variable->value != NULL;
}

static bool set_display(frontend_t *front, const struct retro_core_option_display *display)
{
    frontend_option_t *option = find_option(front, display->key);
    if (!option || !option->is_there) { /* nestopia does that */
        if (strncmp(display->key, "kata_", 5) == 0) fail_msg("no such option: %s", display->key);
        return false;
    }
    option->is_visible = display->visible;
    return true;
}

static bool keep_callback(frontend_t *front,
                          const struct retro_core_options_update_display_callback *callback)
{
    if (!front->in_set_environment) fail_msg("the display callback came too late");
    front->update_display = callback->callback;
    return true;
}

bool frontend_answer_option(frontend_t *front, unsigned command, void *data, bool *answer)
{
    *answer = true;
    switch (command) {
    case RETRO_ENVIRONMENT_GET_VARIABLE: *answer = get_variable(front, data); return true;
    case RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE:
        *(bool *)data = front->options_changed;
        front->options_changed = false;
        return true;
    case RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION:
        *(unsigned *)data = front->options_version;
        *answer = front->options_version > 0;
        return true;
    case RETRO_ENVIRONMENT_SET_VARIABLES:
        begin_set(front, command, 0);
        take_variables(front, data);
        return true;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS:
        begin_set(front, command, 1);
        take_v1(front, data);
        return true;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2:
        begin_set(front, command, 2);
        take_v2(front, data);
        return true;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_DISPLAY:
        *answer = front->options_version > 0 && set_display(front, data);
        return true;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_UPDATE_DISPLAY_CALLBACK:
        *answer = front->options_version > 1 && keep_callback(front, data);
        return true;
    default: return false;
    }
}
