/* settings.c - the option table, and reading it back. */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "extensions.h"
#include "offer.h"
#include "options.h"

static const struct retro_core_option_v2_category category = {
    "kata", "Kata", "Who plays: which core runs the game, and what the agent may do."
};

const struct retro_core_option_v2_category *settings_category(void)
{
    return &category;
}

static const struct retro_core_option_v2_definition table[SETTINGS_COUNT] = {
    {
        .key = "kata_core",
        .desc = "Kata - Inner core (restart)",
        .desc_categorized = "Inner core (restart)",
        .info = "The installed core that runs the game. A core that does not open the game's file "
                "type is passed over.",
        .values = { { "auto", "First that opens the file" } }, /* settings_build() adds the rest */
        .default_value = "auto",
    },
    {
        .key = "kata_mode",
        .desc = "Kata - Agent",
        .desc_categorized = "Agent",
        .info = "Play: the trained agent of this game holds a pad. Off: the game runs untouched.",
        .values = { { "play", "Play" }, { "off", "Off" } },
        .default_value = "play",
    },
    {
        .key = "kata_port",
        .desc = "Kata - The agent's pad",
        .desc_categorized = "The agent's pad",
        .info = "Which player the agent is. The other pad stays yours.",
        .values = { { "1", "Player 1" }, { "2", "Player 2" } },
        .default_value = "1",
    },
    {
        .key = "kata_start",
        .desc = "Kata - Start script",
        .desc_categorized = "Start script",
        .info = "Go from power-on to the fight by the preset's start script, and again after a "
                "match. Touching the pad stops it.",
        .values = { { "enabled", NULL }, { "disabled", NULL } },
        .default_value = "enabled",
    },
    {
        .key = "kata_takeover",
        .desc = "Kata - Touching the agent's pad takes it",
        .desc_categorized = "Touching the agent's pad takes it",
        .info = "You play as soon as you press anything on the agent's pad. It plays again when "
                "you have let go for so long.",
        .values = { { "1", "Until let go for 1 second" },
                    { "3", "Until let go for 3 seconds" },
                    { "10", "Until let go for 10 seconds" },
                    { "disabled", "No" } },
        .default_value = "3",
    },
    {
        .key = "kata_epsilon",
        .desc = "Kata - Random moves",
        .desc_categorized = "Random moves",
        .info = "The share of the agent's moves that are random: a less predictable opponent.",
        .values = { { "0", "None" }, { "1", "1 %" }, { "2", "2 %" }, { "5", "5 %" } },
        .default_value = "0",
    },
    {
        .key = "kata_record",
        .desc = "Kata - Record the pads",
        .desc_categorized = "Record the pads",
        .info = "Writes down what humans hold, and saves it in the game's folder when the game is "
                "closed. `kata macros mine` finds your moves in it.",
        .values = { { "disabled", NULL }, { "enabled", NULL } },
        .default_value = "disabled",
    },
};

void settings_build(settings_table_t *options, const catalog_t *catalog)
{
    *options = (settings_table_t){ 0 };
    memcpy(options->definitions, table, sizeof table);
    for (int32_t i = 0; i < SETTINGS_COUNT; i++)
        options->definitions[i].category_key = category.key;

    struct retro_core_option_value *value = options->definitions[0].values;
    const struct retro_core_option_value *last = value + RETRO_NUM_CORE_OPTION_VALUES_MAX - 1;
    value++; /* behind "auto" */
    for (int32_t i = 0; i < catalog->num_cores && value < last; i++) {
        const catalog_core_t *core = &catalog->cores[i];
        if (!core->has_info || !extension_lists_meet(core->extensions, OFFER_EXTENSIONS)) continue;
        *value++ = (struct retro_core_option_value){ core->name, core->display_name };
    }
}

void settings_announce(const settings_table_t *options, const host_t *host)
{
    unsigned version = 0;
    options_t all = { 0 }; /* the inner core's are added when it is open */
    if (!host->environment) return;
    host_environment(host, RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION, &version);
    options_register(&all, host->environment, version < 2 ? 0 : version, &category,
                     options->definitions);
    options_drop(&all);
}

/* While a game runs the bridge is asked, because reading an option wipes out the news that others
 * changed, which the inner core waits for. */
static const char *value_of(const host_t *host, bridge_t *bridge, const char *key)
{
    struct retro_variable variable = { key, NULL };
    if (bridge)
        variable.value = bridge_own_option(bridge, key);
    else if (!host_environment(host, RETRO_ENVIRONMENT_GET_VARIABLE, &variable))
        variable.value = NULL;
    if (variable.value) return variable.value;
    for (int32_t i = 0; i < SETTINGS_COUNT; i++)
        if (strcmp(table[i].key, key) == 0) return table[i].default_value;
    return "";
}

const char *settings_core(const host_t *host)
{
    const char *core = value_of(host, NULL, "kata_core");
    return strcmp(core, "auto") == 0 ? NULL : core;
}

void settings_read(settings_t *settings, const host_t *host, bridge_t *bridge)
{
    /* A value ends when the next one is asked for. */
    *settings = (settings_t){ 0 };
    settings->plays = strcmp(value_of(host, bridge, "kata_mode"), "off") != 0;
    settings->starts = strcmp(value_of(host, bridge, "kata_start"), "disabled") != 0;
    settings->port = strcmp(value_of(host, bridge, "kata_port"), "2") == 0 ? 1 : 0;
    const unsigned long seconds = strtoul(value_of(host, bridge, "kata_takeover"), NULL, 10);
    settings->hold_seconds = seconds < 60 ? (uint32_t)seconds : 60; /* "disabled" reads as 0 */
    const unsigned long percent = strtoul(value_of(host, bridge, "kata_epsilon"), NULL, 10);
    settings->records = strcmp(value_of(host, bridge, "kata_record"), "enabled") == 0;
    settings->epsilon = percent < 100 ? (float)percent / 100.0f : 1.0f;
}
