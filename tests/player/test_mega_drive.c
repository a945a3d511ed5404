/* test_mega_drive.c - the preset of Street Fighter II' on a game of our own that keeps its numbers
 * at the same addresses (tests/mega_drive): variables, facing, reward, ends.
 *
 * The same round is played twice: on a core that holds memory as Genesis Plus GX does, byte-swapped
 * words, and on Genesis Plus GX or PicoDrive itself, if one is installed; Debian's main archive has
 * neither. The real game's positions are not published, so the preset has no facing; here the
 * game's own are added to it.
 */
#include "catalog.h"
#include "files.h"
#include "player.h"
#include "why.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#define STREET_FIGHTER "presets/library/genesis/StreetFighterII-SpecialChampionEdition.kata.json"

enum { SELECT = 1 << 2, UP = 1 << 4, DOWN = 1 << 5, LEFT = 1 << 6, RIGHT = 1 << 7, LP = 1 << 10 };

static preset_t *preset;
static bridge_t *bridge;
static player_t *player;

/* ---- the preset, and the positions of this game ---- */

static void add_position(cJSON *variables, const char *name, const char *address)
{
    cJSON *variable = cJSON_AddObjectToObject(variables, name);
    cJSON_AddStringToObject(variable, "address", address);
    cJSON_AddStringToObject(variable, "type", ">u2");
}

static preset_t *with_positions(void)
{
    uint8_t *bytes;
    size_t num_bytes;
    why_t why;
    preset_t *out;
    if (!files_read(STREET_FIGHTER, PRESET_FILE_BYTES, &bytes, &num_bytes, why))
        fail_msg("%s", why);
    cJSON *json = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    cJSON *variables = cJSON_GetObjectItem(json, "variables");
    assert_non_null(variables);
    assert_null(cJSON_GetObjectItem(json, "facing"));
    add_position(variables, "x", "0xFF9000");
    add_position(variables, "enemy_x", "0xFF9002");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(json, "facing"), "left_when", "x > enemy_x");
    cJSON *pairs = cJSON_GetObjectItem(cJSON_GetObjectItem(json, "sides"), "variables");
    assert_non_null(pairs);
    cJSON_AddStringToObject(pairs, "x", "enemy_x");
    char *text = cJSON_PrintUnformatted(json);
    if (!preset_parse(&out, text, strlen(text), "with positions", why)) fail_msg("%s", why);
    cJSON_free(text);
    cJSON_Delete(json);
    free(bytes);
    return out;
}

/* ---- playing ---- */

static void open_game(const char *core_path)
{
    char rom[1024];
    why_t why;
    const char *build = getenv("KATA_BUILD");
    snprintf(rom, sizeof rom, "%s/tests/mega_drive/sparring.md", build ? build : "build/release");
    const bridge_config_t bridge_config = { .core_path = core_path };
    player_config_t config;
    preset = with_positions();
    if (bridge_open(&bridge, &bridge_config, why) != BRIDGE_OK) fail_msg("%s", why);
    if (bridge_load(bridge, rom, NULL, 0, why) != BRIDGE_OK) fail_msg("%s", why);
    player_config_defaults(&config, bridge, preset);
    config.discount_per_step = 1;
    config.max_idle_frames = 0;
    if (!player_create(&player, &config, why)) fail_msg("%s", why);
    if (!player_boot(player, preset_default_start(preset), why)) fail_msg("%s", why);
    if (!player_reset(player, why)) fail_msg("%s", why);
}

static int close_game(void **state)
{
    (void)state;
    player_destroy(player);
    bridge_close(bridge);
    preset_free(preset);
    player = NULL;
    bridge = NULL;
    preset = NULL;
    return 0;
}

static int64_t value_of(const char *name)
{
    const int32_t variable = preset_find_variable(preset, name);
    assert_true(variable >= 0);
    return player_variables(player)[variable];
}

static int32_t action_named(const char *name)
{
    for (int32_t a = 0; a < preset_num_actions(preset); a++)
        if (strcmp(preset_action(preset, a)->name, name) == 0) return a;
    fail_msg("there is no action %s", name);
    return -1;
}

/* One decision to its end; what pads it held, if pads is not NULL: a bit for each word seen. */
static player_outcome_t decide(const char *name, uint16_t *pads, int32_t max_pads)
{
    const player_news_t *news;
    int32_t num_pads = 0;
    assert_true(player_wants_action(player, 0));
    player_begin(player, 0, action_named(name));
    do {
        news = player_frame(player, NULL);
        const uint16_t pad = player_pad(player, 0);
        if (pads && num_pads < max_pads && (num_pads == 0 || pads[num_pads - 1] != pad))
            pads[num_pads++] = pad;
    } while (!news->closed);
    return news->outcomes[0];
}

/* A decision and the points that the preset gives for it, before scaling. */
static void expect_points(const char *name, double points)
{
    const player_outcome_t outcome = decide(name, NULL, 0);
    const double expected = points * preset_reward_scale(preset);
    if (fabs((double)outcome.reward - expected) > 1e-5)
        fail_msg("%s: reward %g, not %g", name, (double)outcome.reward, expected);
}

static void expect_variable(const char *name, int64_t value)
{
    if (value_of(name) != value)
        fail_msg("%s is %lld, not %lld", name, (long long)value_of(name), (long long)value);
}

/* Past the player: what no action of the preset presses. The players' rest is one step. */
static void press(uint16_t pad)
{
    player_wish(player, &(holder_wish_t){ .ports = 0 });
    bridge_hold(bridge, 0, pad);
    for (int32_t f = 0; f < 4; f++) player_frame(player, NULL);
    bridge_release(bridge, 0);
    for (int32_t f = 0; f < 4; f++) player_frame(player, NULL);
    player_wish(player, &(holder_wish_t){ .ports = 1 });
    while (!player_wants_action(player, 0)) player_frame(player, NULL);
}

/* ---- the round ---- */

static void play_blows(void)
{
    expect_variable("health", 176);
    expect_variable("enemy_health", 176);
    expect_variable("score", 0);
    expect_variable("matches_won", 0);
    expect_variable("enemy_matches_won", 0);
    expect_points("Neutral", 0);
    expect_points("Light punch", 8);
    expect_points("Medium punch", 16);
    expect_points("Heavy punch", 32);
    expect_points("Light kick", -8);
    expect_points("Medium kick", -32);
    expect_variable("enemy_health", 120);
    expect_variable("health", 136);
    expect_variable("score", 800);
    expect_points("Heavy punch", 32);
    expect_variable("score", 1300); /* decimal digits carry */
}

/* Forward is towards the enemy, wherever he stands, and so are macros. */
static void play_both_sides(void)
{
    static const uint16_t to_the_right[] = { DOWN, DOWN | RIGHT, RIGHT | LP, 0 };
    static const uint16_t to_the_left[] = { DOWN, DOWN | LEFT, LEFT | LP, 0 };
    uint16_t pads[4] = { 0 };
    expect_variable("x", 96);
    decide("Forward", pads, 1);
    assert_int_equal(pads[0], RIGHT);
    expect_variable("x", 100);
    decide("Fireball, light", pads, 4);
    assert_memory_equal(pads, to_the_right, sizeof pads);
    decide("Heavy kick", NULL, 0); /* they change places */
    assert_true(value_of("x") > value_of("enemy_x"));
    const int64_t x_px = value_of("x");
    decide("Forward", pads, 1);
    assert_int_equal(pads[0], LEFT);
    expect_variable("x", x_px - 4);
    decide("Fireball, light", pads, 4);
    assert_memory_equal(pads, to_the_left, sizeof pads);
    decide("Heavy kick", NULL, 0);
    assert_true(value_of("x") < value_of("enemy_x"));
}

static void play_ends(void)
{
    why_t why;
    player_outcome_t outcome;
    assert_true(player_reset(player, why));
    for (int32_t blow = 0; blow < 5; blow++) expect_points("Heavy punch", 32);
    outcome = decide("Heavy punch", NULL, 0); /* 16 points were left, and one below zero */
    assert_true(outcome.terminal);
    assert_int_equal(outcome.result, PRESET_WON);
    assert_true(fabs((double)outcome.reward - 0.006 * (17 + 150)) < 1e-5);
    expect_variable("enemy_health", -1);
    expect_variable("matches_won", 1);

    assert_true(player_reset(player, why));
    for (int32_t blow = 0; blow < 5; blow++) expect_points("Medium kick", -32);
    outcome = decide("Medium kick", NULL, 0);
    assert_true(outcome.terminal);
    assert_int_equal(outcome.result, PRESET_LOST);
    assert_true(fabs((double)outcome.reward + 0.006 * (17 + 150)) < 1e-5);
    expect_variable("enemy_matches_won", 1);
}

static void play_specials(void)
{
    why_t why;
    assert_true(player_reset(player, why));
    press(SELECT);
    expect_variable("matches_won", 1);
    press(UP | SELECT);
    expect_variable("enemy_matches_won", 0x01020304); /* four bytes in order, from an odd address */
    assert_false(preset_done(preset, 0, player_variables(player), player_variables(player)));
    press(DOWN | SELECT);
    expect_variable("continuetimer", 10);
    assert_true(preset_done(preset, 0, player_variables(player), player_variables(player)));
}

/* The picture is the game's: some of it is lit, and not all. */
static void look(void)
{
    const uint8_t *obs = player_observation(player, 0);
    int32_t num_lit = 0;
    for (int32_t i = 0; i < 84 * 84; i++) num_lit += obs[3 * 84 * 84 + i] > 20;
    assert_in_range(num_lit, 20, 84 * 84 / 2);
}

static void play_round(const char *core_path)
{
    open_game(core_path);
    play_blows();
    look();
    play_both_sides();
    play_ends();
    play_specials();
}

static void test_memory_as_genesis_plus_gx_holds_it(void **state)
{
    (void)state;
    char core[1024];
    const char *build = getenv("KATA_BUILD");
    snprintf(core, sizeof core, "%s/tests/mega_drive/sparring_libretro.so",
             build ? build : "build/release");
    play_round(core);
}

static void test_a_real_core(void **state)
{
    (void)state;
    static const char *const names[] = { "genesis_plus_gx", "picodrive" };
    catalog_t catalog;
    char core[CATALOG_PATH_BYTES] = "";
    assert_true(catalog_scan_installed(&catalog, NULL));
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !core[0]; i++) {
        const catalog_core_t *found = catalog_named(&catalog, names[i]);
        if (found) snprintf(core, sizeof core, "%s", found->core_path);
    }
    catalog_free(&catalog);
    if (!core[0]) {
        print_message("skipped: no Mega Drive core is installed (genesis_plus_gx or picodrive; "
                      "neither is in Debian's main archive)\n");
        skip();
    }
    play_round(core);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_memory_as_genesis_plus_gx_holds_it, close_game),
        cmocka_unit_test_teardown(test_a_real_core, close_game),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
