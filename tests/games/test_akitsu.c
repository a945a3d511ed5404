/* test_akitsu.c - Akitsu on beetle-pce-fast: its way in, its moves, what each breaks, its players.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "akitsu_players.h"
#include "akitsu_ram.h"
#include "core_rig.h"

enum { STATE_BYTES = AKITSU_END - AKITSU_MAGIC };
static bool is_core_there;

static uint8_t ram(int at)
{
    return rig_ram()[at];
}

static void run(uint8_t pad, int frames)
{
    while (frames-- > 0) rig_frame(pad, 0);
}

static void boot(int level, int idle_frames)
{
    if (!is_core_there) {
        print_message("skipped: the core mednafen_pce_fast is not installed (./packages.sh says "
                      "whether this distribution has it)\n");
        skip();
    }
    assert_true(akitsu_boot(level, idle_frames));
}

/* An empty field for a test of its own. */
static void clear_field(void)
{
    for (int i = 0; i < 3; i++) rig_poke((size_t)AKITSU_ENEMY_KIND + (size_t)i, 0);
    for (int i = 0; i < 6; i++) rig_poke((size_t)AKITSU_PELLET_Y + (size_t)i, 0);
    for (int i = 0; i < 8; i++) rig_poke((size_t)AKITSU_SHOT_KIND + (size_t)i, 0);
}

static void put_enemy(uint8_t kind, uint8_t y)
{
    clear_field();
    rig_poke(AKITSU_ENEMY_KIND, kind);
    rig_poke(AKITSU_ENEMY_X, 128);
    rig_poke(AKITSU_ENEMY_Y, y);
    rig_poke(AKITSU_ENEMY_HP, 1);
    rig_poke(AKITSU_ENEMY_WAIT, 200);
}

static void put_shot(uint8_t kind, uint8_t y)
{
    rig_poke(AKITSU_SHOT_KIND, kind);
    rig_poke(AKITSU_SHOT_X, 128);
    rig_poke(AKITSU_SHOT_Y, y);
}

static int count(int at, int bytes, uint8_t value)
{
    int found = 0;
    for (int i = 0; i < bytes; i++) found += ram(at + i) == value;
    return found;
}

static void test_the_title_leads_to_each_level(void **state)
{
    static const int quota[4] = { 8, 8, 9, 10 }, points[4] = { 5, 6, 6, 6 };
    (void)state;
    for (int level = 1; level <= 4; level++) {
        boot(level, 0);
        assert_int_equal(ram(AKITSU_MAGIC), 'A');
        assert_int_equal(ram(AKITSU_MAGIC + 1), 1);
        assert_int_equal(ram(AKITSU_SCREEN), 2);
        assert_int_equal(ram(AKITSU_ROUND_STATE), 2);
        assert_int_equal(ram(AKITSU_ROUND_RESULT), 0);
        assert_int_equal(ram(AKITSU_LEVEL), level);
        assert_int_equal(ram(AKITSU_TIMER), 30);
        assert_int_equal(ram(AKITSU_ENEMIES_LEFT), quota[level - 1]);
        assert_int_equal(ram(AKITSU_HP), points[level - 1]);
        assert_int_equal(ram(AKITSU_X), 128);
    }
}

static void press_all(const uint8_t *pads, int steps, int frames_each)
{
    for (int i = 0; i < steps; i++) run(pads[i], frames_each);
    run(0, 2);
}

static void test_moves_come_out_of_their_sequences(void **state)
{
    static const struct {
        uint8_t pads[4];
        int steps, frames_each, kind, shots;
    } moves[] = {
        { { RIG_A }, 1, 2, AKITSU_BOLT, 1 },
        { { RIG_DOWN, RIG_DOWN | RIG_RIGHT, RIG_RIGHT | RIG_A }, 3, 2, AKITSU_LANCE, 1 },
        { { RIG_DOWN, RIG_DOWN | RIG_LEFT, RIG_LEFT | RIG_A }, 3, 2, AKITSU_FAN, 5 },
        { { RIG_DOWN, RIG_DOWN | RIG_RIGHT, RIG_RIGHT, RIG_RIGHT | RIG_A }, 4, 8, AKITSU_LANCE, 1 },
        { { RIG_DOWN, RIG_RIGHT, RIG_RIGHT | RIG_A }, 3, 2, AKITSU_BOLT, 1 },
        { { RIG_RIGHT, RIG_DOWN | RIG_RIGHT, RIG_DOWN | RIG_A }, 3, 2, AKITSU_BOLT, 1 },
        { { RIG_DOWN, RIG_DOWN | RIG_RIGHT, RIG_RIGHT }, 3, 2, 0, 8 },
    };
    (void)state;
    for (size_t m = 0; m < sizeof moves / sizeof moves[0]; m++) {
        boot(1, 0);
        press_all(moves[m].pads, moves[m].steps, moves[m].frames_each);
        assert_int_equal(count(AKITSU_SHOT_KIND, 8, (uint8_t)moves[m].kind), moves[m].shots);
    }
}

static void test_a_charge_needs_its_forty_frames(void **state)
{
    (void)state;
    for (int held = 39; held <= 40; held++) {
        boot(1, 0);
        run(RIG_A, held);
        assert_int_equal(ram(AKITSU_CHARGE), held);
        assert_int_equal(count(AKITSU_SHOT_KIND, 8, AKITSU_HEAVY), 0);
        run(0, 2);
        assert_int_equal(count(AKITSU_SHOT_KIND, 8, AKITSU_HEAVY), held == 40);
        assert_int_equal(ram(AKITSU_CHARGE), 0);
    }
}

static void test_a_direction_twice_is_a_dash(void **state)
{
    (void)state;
    boot(1, 0);
    clear_field();
    run(RIG_RIGHT, 2);
    run(0, 2);
    run(RIG_RIGHT, 10);
    assert_int_equal(ram(AKITSU_X), 128 + 4 + 60);
    assert_in_range(ram(AKITSU_SAFE), 1, 14);
    boot(1, 0);
    run(RIG_RIGHT, 2);
    run(0, 12); /* too late */
    run(RIG_RIGHT, 10);
    assert_int_equal(ram(AKITSU_X), 128 + 4 + 20);
    assert_int_equal(ram(AKITSU_SAFE), 0);
}

static void test_each_kind_is_broken_by_its_own_shot(void **state)
{
    static const struct {
        int kind, shot, breaks, comes_back;
    } cases[] = {
        { AKITSU_DRONE, AKITSU_BOLT, 1, 0 },   { AKITSU_HUSK, AKITSU_BOLT, 0, 0 },
        { AKITSU_HUSK, AKITSU_LANCE, 0, 0 },   { AKITSU_HUSK, AKITSU_FAN, 0, 0 },
        { AKITSU_HUSK, AKITSU_HEAVY, 1, 0 },   { AKITSU_MIRROR, AKITSU_BOLT, 0, 1 },
        { AKITSU_MIRROR, AKITSU_HEAVY, 0, 1 }, { AKITSU_MIRROR, AKITSU_FAN, 0, 0 },
        { AKITSU_MIRROR, AKITSU_LANCE, 1, 0 },
    };
    (void)state;
    boot(1, 0);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const int left = ram(AKITSU_ENEMIES_LEFT);
        put_enemy((uint8_t)cases[c].kind, 44);
        put_shot((uint8_t)cases[c].shot, 100);
        run(0, 14);
        assert_int_equal(left - ram(AKITSU_ENEMIES_LEFT), cases[c].breaks);
        assert_int_equal(6 - count(AKITSU_PELLET_Y, 6, 0), cases[c].comes_back);
    }
}

static void test_a_wasp_evades_all_but_the_fan(void **state)
{
    (void)state;
    for (uint8_t shot = AKITSU_BOLT; shot <= AKITSU_FAN; shot++) {
        boot(2, 0);
        put_enemy(AKITSU_WASP, 44);
        rig_poke(AKITSU_BEAM_STATE, 0);
        put_shot(shot, 90); /* so near that it hits if the wasp just flies on */
        if (shot == AKITSU_FAN) rig_poke(AKITSU_SHOT_Y, 60); /* it moves, though not away */
        run(0, 26);
        assert_int_equal(8 - ram(AKITSU_ENEMIES_LEFT), shot == AKITSU_FAN);
    }
}

static void test_a_dash_leaves_the_beam_and_a_walk_does_not(void **state)
{
    (void)state;
    for (int dashes = 0; dashes < 2; dashes++) {
        boot(2, 0);
        clear_field();
        rig_poke(AKITSU_BEAM_STATE, 1);
        rig_poke(AKITSU_BEAM_FRAMES, 30);
        while (ram(AKITSU_BEAM_STATE) == 1) run(0, 1);
        assert_int_equal(ram(AKITSU_BEAM_X), 128);
        const int hp = ram(AKITSU_HP);
        if (dashes) run(RIG_RIGHT, 2), run(0, 2);
        while (ram(AKITSU_BEAM_STATE)) clear_field(), run(RIG_RIGHT, 1);
        assert_int_equal(hp - ram(AKITSU_HP), dashes ? 0 : 2);
    }
}

static void test_rounds_lead_on(void **state)
{
    (void)state;
    boot(1, 0);
    for (int win = 1; win >= 0; win--) {
        const int level = ram(AKITSU_LEVEL), done = ram(AKITSU_ROUNDS_DONE);
        if (win) {
            rig_poke(AKITSU_ENEMIES_LEFT, 1);
            put_enemy(AKITSU_HUSK, 44);
            put_shot(AKITSU_HEAVY, 80);
        } else {
            rig_poke(AKITSU_TIMER, 1);
        }
        for (int i = 0; i < 70 && ram(AKITSU_ROUND_ACTIVE); i++) run(0, 1);
        assert_int_equal(ram(AKITSU_ROUND_RESULT), win ? 1 : 2);
        assert_int_equal(ram(AKITSU_ROUND_STATE), 3);
        assert_int_equal(ram(AKITSU_ROUNDS_DONE), done + 1);
        assert_int_equal(ram(AKITSU_ROUNDS_WON), 1);
        run(0, 100);
        assert_int_equal(ram(AKITSU_ROUND_STATE), 4);
        run(RIG_START, 3);
        run(0, 100);
        assert_int_equal(ram(AKITSU_ROUND_ACTIVE), 1);
        assert_int_equal(ram(AKITSU_LEVEL), level + win);
    }
}

static void test_same_inputs_same_game(void **state)
{
    static uint8_t first[STATE_BYTES], other[STATE_BYTES];
    (void)state;
    for (int pass = 0; pass < 3; pass++) {
        akitsu_player_t player;
        boot(2, pass == 2); /* one frame more on the title */
        akitsu_player_init(&player, PLAYER_RANDOM_ACTIONS, 5);
        for (int i = 0; i < 400; i++) run(akitsu_player_pad(&player, rig_ram()), 1);
        memcpy(pass ? other : first, rig_ram() + AKITSU_MAGIC, STATE_BYTES);
        if (pass == 1) assert_memory_equal(first, other, STATE_BYTES);
    }
    const int enemies = AKITSU_ENEMY_KIND - AKITSU_MAGIC;
    assert_memory_not_equal(first + enemies, other + enemies, 9);
}

static void test_a_savestate_replays_exactly(void **state)
{
    enum { FRAMES = 300 };
    static uint8_t pads[FRAMES], seen[FRAMES][STATE_BYTES];
    (void)state;
    boot(2, 3);
    akitsu_player_t player;
    akitsu_player_init(&player, PLAYER_SCRIPTED, 1);
    for (int i = 0; i < 150; i++) run(akitsu_player_pad(&player, rig_ram()), 1);
    const size_t bytes = rig_state_bytes();
    void *saved = malloc(bytes);
    assert_non_null(saved);
    assert_true(rig_state_save(saved, bytes));
    for (int i = 0; i < FRAMES; i++) {
        pads[i] = akitsu_player_pad(&player, rig_ram());
        run(pads[i], 1);
        memcpy(seen[i], rig_ram() + AKITSU_MAGIC, STATE_BYTES);
    }
    assert_true(rig_state_load(saved, bytes));
    free(saved);
    for (int i = 0; i < FRAMES; i++) {
        run(pads[i], 1);
        assert_memory_equal(seen[i], rig_ram() + AKITSU_MAGIC, STATE_BYTES);
    }
}

/* Rounds won of so many at level 1. */
static int rounds_won(player_kind_t kind, int rounds)
{
    int won = 0;
    for (int round = 0; round < rounds; round++) {
        akitsu_player_t player;
        boot(1, round * 7);
        akitsu_player_init(&player, kind, (uint32_t)(1000 + round));
        assert_in_range(akitsu_play_round(&player), 200, 1801);
        assert_int_equal(ram(AKITSU_LAG_FRAMES), 0);
        won += ram(AKITSU_ROUND_RESULT) == 1;
    }
    return won;
}

static void test_sequences_win_and_plain_buttons_do_not(void **state)
{
    (void)state;
    assert_in_range(rounds_won(PLAYER_SCRIPTED, 10), 8, 10);
    assert_in_range(rounds_won(PLAYER_RANDOM_ACTIONS, 10), 0, 3);
    assert_in_range(rounds_won(PLAYER_PLAIN, 6), 0, 1);
}

static int open_core(void **state)
{
    char rom[1024];
    const char *core = getenv("KATA_PCE_FAST"), *build = getenv("KATA_BUILD");
    (void)state;
    if (!core) core = "/usr/lib/x86_64-linux-gnu/libretro/mednafen_pce_fast_libretro.so";
    is_core_there = access(core, R_OK) == 0;
    if (!is_core_there) return 0;
    snprintf(rom, sizeof rom, "%s/games/akitsu.pce", build ? build : "build/release");
    return rig_open(core, rom) ? 0 : -1;
}

static int close_core(void **state)
{
    (void)state;
    if (is_core_there) rig_close();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_title_leads_to_each_level),
        cmocka_unit_test(test_moves_come_out_of_their_sequences),
        cmocka_unit_test(test_a_charge_needs_its_forty_frames),
        cmocka_unit_test(test_a_direction_twice_is_a_dash),
        cmocka_unit_test(test_each_kind_is_broken_by_its_own_shot),
        cmocka_unit_test(test_a_wasp_evades_all_but_the_fan),
        cmocka_unit_test(test_a_dash_leaves_the_beam_and_a_walk_does_not),
        cmocka_unit_test(test_rounds_lead_on),
        cmocka_unit_test(test_same_inputs_same_game),
        cmocka_unit_test(test_a_savestate_replays_exactly),
        cmocka_unit_test(test_sequences_win_and_plain_buttons_do_not),
    };
    return cmocka_run_group_tests(tests, open_core, close_core);
}
