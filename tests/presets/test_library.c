/* test_library.c - the presets that we ship: they load without a warning, say where they come from,
 * find their own game, and Street Fighter II reads its numbers as Genesis Plus GX stores them. */
#include "builtin.h"
#include "preset.h"
#include "sample.h"
#include "store.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LIBRARY "presets/library"
#define STREET_FIGHTER LIBRARY "/genesis/StreetFighterII-SpecialChampionEdition.kata.json"

static int32_t num_macros(const preset_t *preset)
{
    int32_t count = 0;
    for (int32_t a = 0; a < preset_num_actions(preset); a++)
        count += preset_action(preset, a)->is_macro;
    return count;
}

/* A game in games/: it can be played here, and its bytes are whatever cc65 makes of it. */
static bool is_our_own(const preset_t *preset)
{
    return strncmp(preset_game(preset), "Kumite", 6) == 0 ||
           strcmp(preset_game(preset), "Akitsu") == 0;
}

typedef struct {
    int32_t num_presets;
    char systems[512];
} seen_t;

static bool look_at(void *context, const char *path, preset_t *preset, const char *why)
{
    seen_t *seen = context;
    if (!preset) fail_msg("%s", why);
    for (int32_t w = 0; w < preset_num_warnings(preset); w++)
        fail_msg("%s", preset_warning(preset, w));
    const preset_provenance_t *p = preset_provenance(preset);
    if (!p->author[0] || !p->licence[0] || !p->verified[0] || !p->num_sources)
        fail_msg("%s: author, licence, verified and sources must be said", path);
    /* Only our own games can be played here; of the others it must be said that they were not. */
    if (!is_our_own(preset) && strncmp(p->verified, "Not run on the real game. ", 26) != 0)
        fail_msg("%s: verified: %s", path, p->verified);
    if (num_macros(preset) < 8) fail_msg("%s: %d macros", path, (int)num_macros(preset));
    if (!preset_num_starts(preset) || !preset_max_steps(preset)) fail_msg("%s: no start", path);

    char *advice = preset_advice(preset);
    static const char *const bad[] = { "reward:", "done:", "is the same as", "hashes:" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (strstr(advice, bad[i]) && !(i == 3 && is_our_own(preset)))
            fail_msg("%s: %s", path, advice);
    free(advice);
    seen->num_presets++;
    if (!strstr(seen->systems, preset_system(preset)))
        snprintf(seen->systems + strlen(seen->systems),
                 sizeof seen->systems - strlen(seen->systems), "%s ", preset_system(preset));
    return true;
}

static void test_every_preset(void **state)
{
    (void)state;
    seen_t seen = { 0 };
    preset_walk(LIBRARY, look_at, &seen);
    assert_true(seen.num_presets >= 10);
    static const char *const systems[] = {
        "nes", "snes", "genesis", "sms", "gb", "pce", "atari2600"
    };
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        assert_non_null(strstr(seen.systems, systems[i]));
}

/* SHA-1 values as stable-retro's rom.sha files give them. */
static void test_games_are_found_by_their_hash(void **state)
{
    (void)state;
    static const struct {
        const char *system, *sha1, *game;
    } rows[] = {
        { "genesis", "A5AAD1D108046D9388E33247610DAFB4C6516E0B",
          "Street Fighter II' Special Champion Edition" },
        { "genesis", "af6d2db16f2b76940ff5a9738f1e00c4e7ea485e", "Mortal Kombat II" },
        { "genesis", "48b6277fc73368d8e96ba407a66f908c3bd87c39", "Fatal Fury" },
        { "genesis", "17ae2595e4d3fb705c9f8f66d5938deca3f95c4e", "Columns" },
        { "genesis", "a8be7b0ca850119b167f9644e6a4a22e983d61a4", "Airstriker" },
        { "nes", "facee9c577a5262dbe33ac4930bb0b58c8c037f7", "Super Mario Bros." },
        { "nes", "87e536b900db2976e6b3bd682a4d7ed88ac19dcd", "Galaga - Demons of Death" },
        { "nes", "230fc31d2c2eb20e78711c82574f29f28117eba3", "Arkanoid" },
        { "nes", "9282e87c643557682aee674174821bf3a0fe3876", "Gradius" },
        { "snes", "6b47bb75d16514b6a476aa0c73a683a2a4c18765", "Super Mario World" },
        { "sms", "6b9677e4a9abb37765d6db4658f4324251807e07", "Sonic The Hedgehog" },
        { "gb", "0cf2b8d0428f389f5361f67a0cd1ace05a1c75cc", "Alleyway" },
        { "atari2600", "8d473b87b70e26890268e6c417c0bb7f01e402eb", "Breakout" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        preset_t *preset;
        char path[4096];
        why_t why;
        if (!preset_find(&preset, LIBRARY, rows[r].system, rows[r].sha1, NULL, NULL, NULL, path,
                         why))
            fail_msg("%s: %s", rows[r].game, why);
        assert_string_equal(preset_game(preset), rows[r].game);
        preset_free(preset);
    }
}

static bool compare_with_builtin(void *context, const char *path, preset_t *preset, const char *why)
{
    int32_t *number = context;
    assert_string_equal(why, "");
    assert_in_range(*number, 0, preset_num_builtins - 1);
    const preset_builtin_t *file = NULL;
    for (int32_t i = 0; i < preset_num_builtins; i++)
        if (strcmp(path + sizeof LIBRARY, preset_builtins[i].name) == 0) file = &preset_builtins[i];
    if (!file) fail_msg("%s is not inside", path);
    preset_t *inside;
    assert_true(preset_parse(&inside, (const char *)file->bytes, file->num_bytes, path, NULL));
    assert_string_equal(preset_hash(inside), preset_hash(preset)); /* of all bytes */
    preset_free(inside);
    ++*number;
    return true;
}

static void test_the_programs_hold_the_library(void **state)
{
    (void)state;
    int32_t number = 0;
    preset_walk(LIBRARY, compare_with_builtin, &number);
    assert_int_equal(number, preset_num_builtins);
    preset_t *preset;
    const char *name;
    why_t why;
    assert_true(preset_find_builtin(&preset, "nes", NULL, NULL, NULL, "kumite", &name, why));
    assert_string_equal(name, "nes/Kumite.kata.json");
    preset_free(preset);
    assert_true(preset_find_builtin(&preset, "pce", NULL, NULL, NULL, "akitsu", &name, why));
    assert_string_equal(name, "pce/Akitsu.kata.json");
    preset_free(preset);
    assert_false(preset_find_builtin(&preset, "nes", "00", NULL, NULL, "Nobody", NULL, why));
    assert_null(preset);
}

/* ---- Kumite ---- */

static void test_kumite(void **state)
{
    (void)state;
    preset_t *preset = sample_load(KUMITE);
    assert_string_equal(preset_game(preset), "Kumite");
    assert_in_range(preset_num_actions(preset), 20, 24);
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const preset_action_t *action = preset_action(preset, a);
        if (!action->is_macro) assert_int_equal(action->macro.num_frames, 8);
        assert_in_range(action->macro.num_frames, 1, 60);
    }
    assert_int_equal(preset_num_starts(preset), 9);
    assert_int_equal(preset_default_start(preset), preset_find_start(preset, "level1"));
    preset_t *found;
    assert_true(preset_find(&found, LIBRARY, "nes", "00", NULL, NULL, "kumite", NULL, NULL));
    assert_string_equal(preset_hash(found), preset_hash(preset));
    preset_free(found);
    preset_free(preset);
}

/* A round won without a scratch and one lost without a blow: the ends of the range of returns. */
static void test_kumites_returns_fit(void **state)
{
    (void)state;
    preset_t *preset = sample_load(KUMITE);
    const int32_t mine = preset_find_variable(preset, "health"),
                  theirs = preset_find_variable(preset, "enemy_health"),
                  won = preset_find_variable(preset, "rounds_won"),
                  lost = preset_find_variable(preset, "enemy_rounds_won"),
                  round_state = preset_find_variable(preset, "round_state"),
                  result = preset_find_variable(preset, "round_result"),
                  facing = preset_find_variable(preset, "facing");
    int64_t before[PRESET_MAX_VARIABLES] = { 0 }, now[PRESET_MAX_VARIABLES];
    before[mine] = before[theirs] = 96;
    before[round_state] = 2;
    assert_false(preset_done(preset, 0, before, before));
    memcpy(now, before, sizeof now);
    now[theirs] = 0;
    now[won] = 1;
    now[round_state] = 3;
    now[result] = 1;
    assert_true(preset_done(preset, 0, before, now));
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_WON);
    assert_true(preset_reward(preset, 0, before, now) * preset_reward_scale(preset) == 9.8);
    assert_true(preset_reward(preset, 0, now, before) ==
                0); /* health comes back for the next round */
    memcpy(now, before, sizeof now);
    now[mine] = 0;
    now[lost] = 1;
    now[round_state] = 3;
    now[result] = 2;
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_LOST);
    assert_true(preset_reward(preset, 0, before, now) * preset_reward_scale(preset) == -9.8);
    now[result] = 3;
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_DRAWN);
    assert_false(preset_faces_left(preset, 0, now));
    now[facing] = 1;
    assert_true(preset_faces_left(preset, 0, now));
    preset_free(preset);
}

/* ---- Street Fighter II ---- */

static uint8_t ram[65536]; /* as the core holds it: console byte a at a ^ 1 */

static void store(uint32_t address, int32_t num_bytes, uint64_t value)
{
    for (int32_t i = 0; i < num_bytes; i++)
        ram[((address + (uint32_t)i) & 0xFFFF) ^ 1] = (uint8_t)(value >> (8 * (num_bytes - 1 - i)));
}

static void fetch(const preset_t *preset, int64_t *values)
{
    for (int32_t v = 0; v < preset_num_variables(preset); v++) {
        const preset_variable_t *variable = preset_variable(preset, v);
        assert_true(variable->address >= 0xFF0000 &&
                    variable->address + (uint64_t)variable->num_bytes <= 0x1000000);
        values[v] = preset_decode(preset, v, ram + (variable->address - preset_ram_base(preset)));
    }
}

static void test_street_fighters_memory(void **state)
{
    (void)state;
    preset_t *preset = sample_load(STREET_FIGHTER);
    int64_t before[PRESET_MAX_VARIABLES], now[PRESET_MAX_VARIABLES];
    store(0xFF8042, 2, 176);
    store(0xFF82C2, 2, 176);
    store(0xFF81E8, 4, 0x00012300);
    fetch(preset, before);
    assert_int_equal(before[preset_find_variable(preset, "health")], 176);
    assert_int_equal(before[preset_find_variable(preset, "score")], 12300);
    assert_false(preset_done(preset, 0, before, before));

    store(0xFF82C2, 2, 150); /* a blow */
    fetch(preset, now);
    assert_true(preset_reward(preset, 0, before, now) == 26);
    memcpy(before, now, sizeof now);
    store(0xFF82C2, 2, 0xFFFF); /* knocked out: -1 */
    store(0xFF81DA, 1, 1);
    fetch(preset, now);
    assert_int_equal(now[preset_find_variable(preset, "enemy_health")], -1);
    assert_true(preset_reward(preset, 0, before, now) == 151 + 150);
    assert_true(preset_done(preset, 0, before, now));
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_WON);
    store(0xFF8042, 2, 0xFFFF);
    fetch(preset, now);
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_DRAWN);
    store(0xFF82C2, 2, 10);
    fetch(preset, now);
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_LOST);
    preset_free(preset);
}

static void test_street_fighter_has_every_motion(void **state)
{
    (void)state;
    static const char *const motions[] = {
        "236LP",   "623LP", "214LK", "[4]6LP", "[2]8LK", "HK*6",  "HP*6",           "360HP",
        "41236HP", "PPP",   "KKK",   "[4]6LK", "2369HK", "236LK", "[PPP]{90}~]PPP["
    };
    preset_t *preset = sample_load(STREET_FIGHTER);
    for (size_t m = 0; m < sizeof motions / sizeof motions[0]; m++) {
        bool found = false;
        for (int32_t a = 0; a < preset_num_actions(preset) && !found; a++)
            found = strcmp(preset_action(preset, a)->macro.notation, motions[m]) == 0;
        if (!found) fail_msg("%s is missing", motions[m]);
    }
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_preset),
        cmocka_unit_test(test_games_are_found_by_their_hash),
        cmocka_unit_test(test_the_programs_hold_the_library),
        cmocka_unit_test(test_kumite),
        cmocka_unit_test(test_kumites_returns_fit),
        cmocka_unit_test(test_street_fighters_memory),
        cmocka_unit_test(test_street_fighter_has_every_motion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
