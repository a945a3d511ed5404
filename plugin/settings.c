/* settings.c - the option table, and reading it back. */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extensions.h"
#include "offer.h"
#include "options.h"

static const struct retro_core_option_v2_category categories[] = {
    { "kata_players", "Agent", "Who plays: which core runs the game, and what the agent may do." },
    { "kata_screen", "Screen", "What Kata shows and writes down." },
    { NULL, NULL, NULL }
};

const struct retro_core_option_v2_category *settings_categories(void)
{
    return categories;
}

/* kata_start's other values; a preset's start of such a name cannot be chosen. */
#define START_TRAINED "trained"
#define START_DISABLED "disabled"
#define EPSILON_VARIED "varied"

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
        .info =
            "Play: the trained agent of this game holds a pad. Learn: it holds a pad and learns "
            "from it, from nothing where there is no agent. Coach: you play, and it shows what it "
            "would do. Watch me: you play, and it learns from that. Off: the game runs untouched.",
        .values = { { "play", "Play" },
                    { "learn", "Learn" },
                    { "coach", "Coach" },
                    { "watch", "Watch me" },
                    { "off", "Off" } },
        .default_value = "play",
    },
    {
        .key = "kata_learn_speed",
        .desc = "Kata - Speed of learning",
        .desc_categorized = "Speed of learning",
        .info = "How many frames are played in one that is shown while the agent learns: at most "
                "as many as fit into 12 ms. While a human presses anything it is 1x.",
        .values = { { "1x", NULL }, { "4x", NULL }, { "max", "As fast as it goes" } },
        .default_value = "1x",
    },
    {
        .key = "kata_device",
        .desc = "Kata - Learn on",
        .desc_categorized = "Learn on",
        .info =
            "From the next time on that learning begins. The graphics card, at most half of the "
            "time, so that it draws the game in between: for agents that see pictures, by "
            "OpenCL. Where there is none, the processor.",
        .values = { { "cpu", "Processor" }, { "gpu", "Graphics card" } },
        .default_value = "cpu",
    },
    {
        .key = "kata_agent",
        .desc = "Kata - Whose agent (next load)",
        .desc_categorized = "Whose agent (next load)",
        .info = "Your own, or the last that another sent: a .kata file in this save folder's kata "
                "folder, or `kata import`. Where one is missing the other plays.",
        .values = { { "own", "Your own" }, { "sent", "The last that was sent" } },
        .default_value = "own",
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
        .desc = "Kata - Way to the fight",
        .desc_categorized = "Way to the fight",
        .info = "Where the agent goes from power-on and after a match, at once if it is changed in "
                "the middle of a fight. Touching the pad stops it. Off: you begin each fight.",
        .values = { { START_TRAINED, "As trained" },
                    { START_DISABLED, "Off" } }, /* settings_build(): the starts between */
        .default_value = START_TRAINED,
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
                    { "disabled", "Never" } },
        .default_value = "3",
    },
    {
        .key = "kata_epsilon",
        .desc = "Kata - Random moves",
        .desc_categorized = "Random moves",
        .info = "A less predictable opponent: moves that it thinks about as good take turns, or a "
                "share of its moves is random.",
        .values = { { "0", "None" },
                    { EPSILON_VARIED, "Among moves about as good" },
                    { "1", "1 %" },
                    { "2", "2 %" },
                    { "5", "5 %" } },
        .default_value = "0",
    },
    {
        .key = "kata_reaction",
        .desc = "Kata - Reaction time",
        .desc_categorized = "Reaction time",
        .info = "So late the agent sees the game: people need 200 ms and more. An agent that was "
                "trained with --reaction random plays well with any.",
        .values = { { "0", "None" },
                    { "100", "100 ms" },
                    { "200", "200 ms" },
                    { "250", "250 ms" },
                    { "300", "300 ms" } },
        .default_value = "0",
    },
    {
        .key = "kata_strength",
        .desc = "Kata - Strength",
        .desc_categorized = "Strength",
        .info = "From the next round on. Best: the agent itself. The others are its past selves, "
                "where it was trained with --versus self. Automatic: harder after you win four "
                "rounds more than it does of six, easier after you lose so many more.",
        .values = { { "best", "Best" },
                    { "hard", "Hard" },
                    { "normal", "Normal" },
                    { "easy", "Easy" },
                    { "auto", "Automatic" } },
        .default_value = "best",
    },
    {
        .key = "kata_status",
        .category_key = "kata_screen",
        .desc = "Kata - Who holds which pad",
        .desc_categorized = "Who holds which pad",
        .info = "A small line that says all the time who plays, when the agent plays again, and "
                "the name of its move.",
        .values = { { "moves", "Pads and moves" }, { "pads", "Pads" }, { "disabled", "Off" } },
        .default_value = "moves",
    },
    {
        .key = "kata_overlay",
        .category_key = "kata_screen",
        .desc = "Kata - Overlay",
        .desc_categorized = "Overlay",
        .info = "Drawn into the picture. Small: who plays, the move in flight, rounds won. Full: "
                "also its best moves and how alike its moves are. Similarity: small and that.",
        .values = { { "off", "Off" },
                    { "small", "Small" },
                    { "full", "Full" },
                    { "similarity", "Similarity" } },
        .default_value = "off",
    },
    {
        .key = "kata_record",
        .category_key = "kata_screen",
        .desc = "Kata - Record the pads",
        .desc_categorized = "Record the pads",
        .info = "Writes down what humans hold, and saves it in the game's folder when the game is "
                "closed. `kata macros mine` finds your moves in it.",
        .values = { { "disabled", NULL }, { "enabled", NULL } },
        .default_value = "disabled",
    },
};

static void add_cores(struct retro_core_option_v2_definition *option, const catalog_t *catalog)
{
    struct retro_core_option_value *value = option->values;
    const struct retro_core_option_value *last = value + RETRO_NUM_CORE_OPTION_VALUES_MAX - 1;
    value++; /* behind "auto" */
    for (int32_t i = 0; i < catalog->num_cores && value < last; i++) {
        const catalog_core_t *core = &catalog->cores[i];
        if (!core->has_info || !extension_lists_meet(core->extensions, OFFER_EXTENSIONS)) continue;
        *value++ = (struct retro_core_option_value){ core->name, core->display_name };
    }
}

_Static_assert(PRESET_MAX_STARTS + 3 <= RETRO_NUM_CORE_OPTION_VALUES_MAX, "all starts have room");

static void add_starts(settings_table_t *options, struct retro_core_option_v2_definition *option,
                       const preset_t *preset)
{
    struct retro_core_option_value *value = option->values;
    const struct retro_core_option_value off = value[1];
    for (int32_t s = 0; s < preset_num_starts(preset); s++) {
        const char *name = preset_start_name(preset, s);
        if (strcmp(name, START_TRAINED) == 0 || strcmp(name, START_DISABLED) == 0 ||
            strchr(name, '|')) /* what divides values in the oldest form */
            continue;
        snprintf(options->starts[s], sizeof options->starts[s], "%s", name);
        *++value = (struct retro_core_option_value){ options->starts[s], NULL };
    }
    *++value = off;
}

void settings_build(settings_table_t *options, const catalog_t *catalog, const preset_t *preset)
{
    *options = (settings_table_t){ 0 };
    struct retro_core_option_v2_definition *option = options->definitions;
    for (int32_t i = 0; i < SETTINGS_COUNT; i++) {
        const bool is_start = strcmp(table[i].key, "kata_start") == 0;
        if (is_start && !preset) continue;
        *option = table[i];
        if (!option->category_key) option->category_key = categories[0].key;
        if (is_start) add_starts(options, option, preset);
        if (i == 0) add_cores(option, catalog);
        option++;
    }
}

void settings_announce(const settings_table_t *options, const host_t *host)
{
    unsigned version = 0;
    if (!host->environment) return;
    if (!host_environment(host, RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION, &version)) version = 0;
    options_t no_others = { 0 }; /* of an inner core: none is open */
    options_register(&no_others, host->environment, version, categories, options->definitions);
    options_drop(&no_others);
}

static bool is_about_play(const char *key)
{
    static const char *const keys[] = { "kata_agent",    "kata_port",    "kata_start",
                                        "kata_takeover", "kata_epsilon", "kata_reaction",
                                        "kata_strength", "kata_status",  "kata_overlay" };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i], key) == 0) return true;
    return false;
}

bool settings_show(uint32_t *hidden, const settings_table_t *options, bool agent_plays,
                   const host_t *host)
{
    const uint32_t before = *hidden;
    for (int32_t i = 0; options->definitions[i].key; i++) {
        const char *key = options->definitions[i].key;
        struct retro_core_option_display display = { key, agent_plays || !is_about_play(key) };
        const uint32_t bit = 1u << i;
        if (display.visible == !(before & bit)) continue;
        *hidden ^= bit;
        host_environment(host, RETRO_ENVIRONMENT_SET_CORE_OPTIONS_DISPLAY, &display);
    }
    return *hidden != before;
}

static const char *value_of(host_t *host, const char *key)
{
    const char *value = host_option(host, key);
    if (value) return value;
    for (int32_t i = 0; i < SETTINGS_COUNT; i++)
        if (strcmp(table[i].key, key) == 0) return table[i].default_value;
    return "";
}

const char *settings_core(host_t *host)
{
    const char *core = value_of(host, "kata_core");
    return strcmp(core, "auto") == 0 ? NULL : core;
}

static uint32_t number_of(host_t *host, const char *key, uint32_t highest)
{
    const unsigned long number = strtoul(value_of(host, key), NULL, 10);
    return number < highest ? (uint32_t)number : highest; /* "disabled" reads as 0 */
}

static league_strength_t strength_of(const char *name)
{
    for (int32_t s = 0; s < LEAGUE_NUM_STRENGTHS; s++)
        if (strcmp(name, league_strength_names[s]) == 0) return (league_strength_t)s;
    return LEAGUE_BEST;
}

void settings_read(settings_t *settings, host_t *host)
{
    /* A value ends when the next one is asked for. */
    *settings = (settings_t){ 0 };
    settings->plays = strcmp(value_of(host, "kata_mode"), "off") != 0;
    settings->watches = strcmp(value_of(host, "kata_mode"), "watch") == 0;
    settings->learns = settings->watches || strcmp(value_of(host, "kata_mode"), "learn") == 0;
    settings->coaches = strcmp(value_of(host, "kata_mode"), "coach") == 0;
    const char *speed = value_of(host, "kata_learn_speed");
    settings->learn_speed = strcmp(speed, "max") == 0  ? LEARNING_SPEED_MAX
                            : strcmp(speed, "4x") == 0 ? LEARNING_SPEED_4
                                                       : LEARNING_SPEED_1;
    settings->wants_card = strcmp(value_of(host, "kata_device"), "gpu") == 0;
    settings->prefers_sent = strcmp(value_of(host, "kata_agent"), "sent") == 0;
    const char *start = value_of(host, "kata_start");
    settings->starts = strcmp(start, START_DISABLED) != 0;
    if (settings->starts && strcmp(start, START_TRAINED) != 0)
        snprintf(settings->start, sizeof settings->start, "%s", start);
    settings->ports = strcmp(value_of(host, "kata_port"), "2") == 0 ? 1 << 1 : 1 << 0;
    settings->hold_seconds = number_of(host, "kata_takeover", 60);
    settings->varies = strcmp(value_of(host, "kata_epsilon"), EPSILON_VARIED) == 0;
    settings->random_percent = settings->varies ? 0 : number_of(host, "kata_epsilon", 100);
    settings->reaction_ms = (int32_t)number_of(host, "kata_reaction", 300);
    settings->adapts = strcmp(value_of(host, "kata_strength"), "auto") == 0;
    settings->strength =
        settings->adapts ? LEAGUE_NORMAL : strength_of(value_of(host, "kata_strength"));
    const char *status = value_of(host, "kata_status");
    settings->status = strcmp(status, "disabled") == 0 ? STATUS_OFF
                       : strcmp(status, "pads") == 0   ? STATUS_PADS
                                                       : STATUS_MOVES;
    const char *overlay = value_of(host, "kata_overlay");
    settings->overlay = strcmp(overlay, "small") == 0        ? OVERLAY_SMALL
                        : strcmp(overlay, "full") == 0       ? OVERLAY_FULL
                        : strcmp(overlay, "similarity") == 0 ? OVERLAY_SIMILARITY
                                                             : OVERLAY_OFF;
    settings->records = strcmp(value_of(host, "kata_record"), "enabled") == 0;
}

/* The next part of the sentence. */
static void add_news(char text[HOST_TEXT_BYTES], const char *part)
{
    const size_t length = strlen(text);
    snprintf(text + length, HOST_TEXT_BYTES - length, "%s%s", length ? "; " : "", part);
}

void settings_news(char text[HOST_TEXT_BYTES], const settings_t *before, const settings_t *now)
{
    char part[96];
    text[0] = '\0';
    if (now->plays != before->plays)
        add_news(text, now->plays ? "the agent may play" : "the agent is off, the pads are yours");
    if (now->coaches != before->coaches && now->plays)
        add_news(text, now->coaches ? "you play, it shows what it would do"
                                    : "it shows its advice no more");
    if (now->watches != before->watches && now->plays)
        add_news(text, now->watches ? "you play, it watches" : "it does not watch you any more");
    else if (now->learns != before->learns && now->plays)
        add_news(text, now->learns ? "it shall learn" : "it does not learn any more");
    static const char *const speeds[] = { "it learns at 1x", "it learns at 4x",
                                          "it learns as fast as it goes" };
    if (now->learn_speed != before->learn_speed) add_news(text, speeds[now->learn_speed]);
    if (now->wants_card != before->wants_card)
        add_news(text, now->wants_card ? "when learning begins again it is on the graphics card"
                                       : "when learning begins again it is on the processor");
    if (now->prefers_sent != before->prefers_sent)
        add_news(text, now->prefers_sent ? "the agent that was sent plays from the next load on"
                                         : "your own agent plays from the next load on");
    if (now->ports != before->ports)
        add_news(text, now->ports & 1 ? "the agent's pad is pad 1" : "the agent's pad is pad 2");
    if (now->starts != before->starts || strcmp(now->start, before->start) != 0) {
        snprintf(part, sizeof part, "it goes to %.63s", now->start);
        add_news(text, !now->starts    ? "you go to the fight yourself"
                       : now->start[0] ? part
                                       : "it goes to what it was trained on");
    }
    if (now->hold_seconds != before->hold_seconds) {
        snprintf(part, sizeof part, "a touch takes its pad until let go for %u s",
                 (unsigned)now->hold_seconds);
        add_news(text, now->hold_seconds ? part : "a touch does not take its pad");
    }
    if (now->varies && !before->varies) {
        add_news(text, "moves that it thinks about as good take turns");
    } else if (now->random_percent != before->random_percent || now->varies != before->varies) {
        snprintf(part, sizeof part, "%u %% of its moves are random", (unsigned)now->random_percent);
        add_news(text, part);
    }
    if (now->reaction_ms != before->reaction_ms) {
        snprintf(part, sizeof part, "it sees the game %d ms late", (int)now->reaction_ms);
        add_news(text, now->reaction_ms ? part : "it sees the game at once");
    }
    if (now->adapts && !before->adapts) {
        add_news(text, "its strength follows what you win");
    } else if (now->strength != before->strength || now->adapts != before->adapts) {
        snprintf(part, sizeof part, "strength %s from the next round on%s",
                 league_strength_names[now->strength],
                 now->learns ? " that is not learned from" : "");
        add_news(text, part);
    }
    static const char *const lines[] = { "nothing says who holds which pad",
                                         "the line says who holds which pad",
                                         "the line says who holds which pad, and the move" };
    if (now->status != before->status) add_news(text, lines[now->status]);
    static const char *const overlays[] = { "no overlay", "a small overlay", "the full overlay",
                                            "the overlay shows how alike its moves are" };
    if (now->overlay != before->overlay) add_news(text, overlays[now->overlay]);
    if (now->records != before->records)
        add_news(text, now->records ? "what you hold is recorded" : "nothing is recorded");
}
