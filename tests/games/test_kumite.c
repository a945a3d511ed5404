/* test_kumite.c - Kumite on a real NES core: it boots, its moves come out, its rules
 * hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kumite_ram.h"
#include "core_rig.h"

enum {
    M_5B = 32,
    M_5A,
    M_2B,
    M_2A,
    M_JB,
    M_JA,
    M_THROW,
    M_236B,
    M_236A,
    M_623B,
    M_623A,
    M_46A,
    M_214B,
    M_214A,
    M_28A
};
enum { ST_BLOCK = 7, ST_BLOCK_LOW = 8, ST_HIT = 9, ST_THROWN = 14 };

static uint8_t *two_players_state, *one_player_state,
    *spare_state; /* at the first frame of a fight */
static size_t state_bytes;

static uint8_t ram(int address)
{
    return rig_ram()[address];
}

static void run(uint8_t pad1, uint8_t pad2, int frames)
{
    while (frames-- > 0) rig_frame(pad1, pad2);
}

static void tap(uint8_t pad)
{
    run(pad, 0, 2);
    run(0, 0, 2);
}

/* A pad for one fighter; it sits on both ports' argument places. */
static void run_as(int fighter, uint8_t pad, int frames)
{
    run(fighter ? 0 : pad, fighter ? pad : 0, frames);
}

/* Direction on the keypad as seen by the fighter, mirrored when it looks left. */
static uint8_t way(int fighter, int keypad)
{
    const uint8_t forward = ram(KUMITE_FACING + fighter) ? RIG_LEFT : RIG_RIGHT;
    const uint8_t back = forward ^ (RIG_LEFT | RIG_RIGHT);
    uint8_t pad = 0;
    if (keypad <= 3) pad |= RIG_DOWN;
    if (keypad >= 7) pad |= RIG_UP;
    if (keypad % 3 == 0) pad |= forward;
    if (keypad % 3 == 1) pad |= back;
    return pad;
}

static void wait_for_fight(void)
{
    for (int i = 0; i < 300 && !ram(KUMITE_FIGHT_ACTIVE); i++) run(0, 0, 1);
    assert_int_equal(ram(KUMITE_FIGHT_ACTIVE), 1);
}

static void boot(int players, int level)
{
    rig_reset();
    run(0, 0, 40);
    assert_int_equal(ram(KUMITE_SCREEN), 1);
    while (ram(KUMITE_CPU_LEVEL) != level) tap(RIG_RIGHT);
    if (players == 2) tap(RIG_DOWN);
    tap(RIG_START);
    wait_for_fight();
}

static void load(const uint8_t *state)
{
    assert_true(rig_state_load(state, state_bytes));
}

/* Walks fighter 0 forwards until the two are this near. */
static void walk_to(int gap)
{
    for (int i = 0; i < 200 && abs(ram(KUMITE_X) - ram(KUMITE_X + 1)) > gap; i++)
        run(RIG_RIGHT, 0, 1);
    run(0, 0, 8);
}

static void motion(int fighter, const char *directions, uint8_t button, int frames_a_step)
{
    for (const char *at = directions; *at; at++)
        run_as(fighter, way(fighter, *at - '0') | (at[1] ? 0 : button), frames_a_step);
    run(0, 0, 2);
}

static void test_power_on_shows_the_title(void **unused)
{
    (void)unused;
    rig_reset();
    run(0, 0, 40);
    assert_int_equal(ram(KUMITE_MAGIC), 'K');
    assert_int_equal(ram(KUMITE_MAGIC + 1), 1);
    assert_int_equal(ram(KUMITE_SCREEN), 1);
    assert_int_equal(ram(KUMITE_FIGHT_ACTIVE), 0);
    assert_int_equal(ram(KUMITE_CPU_LEVEL), 1);
}

static void test_start_begins_a_fight_at_the_chosen_level(void **unused)
{
    (void)unused;
    boot(1, 6);
    assert_int_equal(ram(KUMITE_SCREEN), 2);
    assert_int_equal(ram(KUMITE_ROUND_STATE), 2);
    assert_int_equal(ram(KUMITE_CPU_LEVEL), 6);
    assert_int_equal(ram(KUMITE_TWO_PLAYERS), 0);
    assert_int_equal(ram(KUMITE_ROUND_NO), 1);
    assert_int_equal(ram(KUMITE_TIMER), 60);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ram(KUMITE_HEALTH + i), KUMITE_HEALTH_FULL);
        assert_int_equal(ram(KUMITE_FACING + i), i);
    }
}

static void test_specials_come_out_of_their_motions(void **unused)
{
    static const struct {
        const char *directions;
        uint8_t button;
        int state;
    } moves[] = {
        { "236", RIG_B, M_236B },
        { "236", RIG_A, M_236A },
        { "623", RIG_B, M_623B },
        { "623", RIG_A, M_623A },
    };
    (void)unused;
    for (int fighter = 0; fighter < 2; fighter++)
        for (int frames = 2; frames <= 8; frames++)
            for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
                load(two_players_state);
                motion(fighter, moves[i].directions, moves[i].button, frames);
                assert_int_equal(ram(KUMITE_STATE + fighter), moves[i].state);
                assert_int_equal(ram(KUMITE_SPECIALS + fighter), 1);
                run(0, 0, 20);
                assert_int_equal(ram(KUMITE_PROJ_ON + fighter), moves[i].state <= M_236A);
            }
}

/* TORA has fireballs and spins but does not rise; SAYA rises and spins but has no fireball. */
static void test_other_characters_have_their_own_lists(void **unused)
{
    static const struct {
        const char *directions;
        uint8_t button;
        int state[2]; /* of TORA, of SAYA; 0: no special comes out */
    } moves[] = {
        { "236", RIG_B, { M_236B, 0 } },
        { "623", RIG_A, { 0, M_623A } },
        { "214", RIG_B, { M_214B, M_214B } },
        { "214", RIG_A, { M_214A, M_214A } },
    };
    (void)unused;
    for (int who = 1; who <= 2; who++) {
        rig_reset();
        run(0, 0, 40);
        for (int i = 0; i < 3; i++) tap(RIG_DOWN);
        for (int i = 0; i < who; i++) tap(RIG_RIGHT);
        tap(RIG_START);
        wait_for_fight();
        assert_int_equal(ram(KUMITE_CHARACTER), who);
        assert_true(rig_state_save(spare_state, state_bytes));
        for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
            load(spare_state);
            motion(0, moves[i].directions, moves[i].button, 3);
            const int want = moves[i].state[who - 1];
            assert_int_equal(ram(KUMITE_SPECIALS), want != 0);
            if (want) assert_int_equal(ram(KUMITE_STATE), want);
        }
        load(spare_state);
        run(RIG_DOWN, 0, 45);
        run(RIG_UP, 0, 2);
        run(RIG_UP | RIG_A, 0, 2);
        assert_int_equal(ram(KUMITE_STATE), M_28A);
    }
}

static void test_charge_move_needs_its_charge(void **unused)
{
    (void)unused;
    for (int fighter = 0; fighter < 2; fighter++)
        for (int charge = 20; charge <= 45; charge += 25) {
            load(two_players_state);
            run_as(fighter, way(fighter, 4), charge);
            run_as(fighter, way(fighter, 6), 2);
            run_as(fighter, way(fighter, 6) | RIG_A, 3);
            assert_int_equal(ram(KUMITE_STATE + fighter), charge >= 40 ? M_46A : M_5A);
        }
}

static void test_sloppy_motions_are_no_specials(void **unused)
{
    static const char *const wrong[] = { "632", "26", "36", "216", "63", "23", "214" };
    (void)unused;
    for (int fighter = 0; fighter < 2; fighter++)
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
            load(two_players_state);
            motion(fighter, wrong[i], RIG_B, 3);
            run(0, 0, 20);
            assert_int_equal(ram(KUMITE_SPECIALS + fighter), 0);
        }
    load(two_players_state); /* too slow */
    motion(0, "236", RIG_B, 1);
    load(two_players_state);
    run(RIG_DOWN, 0, 3);
    run(0, 0, 20);
    run(RIG_DOWN | RIG_RIGHT, 0, 3);
    run(RIG_RIGHT | RIG_B, 0, 3);
    assert_int_equal(ram(KUMITE_SPECIALS), 0);
}

static void test_walking_into_a_fireball_motion_is_no_rising_attack(void **unused)
{
    (void)unused;
    load(two_players_state);
    run(RIG_RIGHT, 0, 10);
    motion(0, "236", RIG_B, 3);
    assert_int_equal(ram(KUMITE_STATE), M_236B);
}

static void test_each_normal_has_its_button(void **unused)
{
    static const struct {
        int direction;
        uint8_t button;
        int state;
    } normals[] = {
        { 5, RIG_B, M_5B }, { 5, RIG_A, M_5A }, { 2, RIG_B, M_2B }, { 2, RIG_A, M_2A }
    };
    (void)unused;
    for (int fighter = 0; fighter < 2; fighter++) {
        for (size_t i = 0; i < sizeof(normals) / sizeof(normals[0]); i++) {
            load(two_players_state);
            run_as(fighter, way(fighter, normals[i].direction), 3);
            run_as(fighter, way(fighter, normals[i].direction) | normals[i].button, 3);
            assert_int_equal(ram(KUMITE_STATE + fighter), normals[i].state);
        }
        for (int heavy = 0; heavy < 2; heavy++) {
            load(two_players_state);
            run_as(fighter, RIG_UP, 4);
            run(0, 0, 10);
            assert_true(ram(KUMITE_Y + fighter) > 20);
            run_as(fighter, heavy ? RIG_A : RIG_B, 3);
            assert_int_equal(ram(KUMITE_STATE + fighter), heavy ? M_JA : M_JB);
        }
    }
}

static void test_a_fireball_is_blocked_by_holding_back(void **unused)
{
    (void)unused;
    for (int block = 0; block < 2; block++) {
        load(two_players_state);
        motion(0, "236", RIG_B, 3);
        int seen = 0;
        for (int i = 0; i < 80; i++) {
            run(0, block ? RIG_RIGHT : 0, 1);
            if (ram(KUMITE_STATE + 1) == (block ? ST_BLOCK : ST_HIT)) seen = 1;
        }
        assert_true(seen);
        assert_int_equal(ram(KUMITE_BLOCKS + 1), block);
        assert_int_equal(ram(KUMITE_HITS), !block);
        if (block)
            assert_int_equal(ram(KUMITE_HEALTH + 1), KUMITE_HEALTH_FULL - 2);
        else
            assert_true(ram(KUMITE_HEALTH + 1) < KUMITE_HEALTH_FULL - 5);
    }
}

/* Fighter 0 attacks from 26 pixels, fighter 1 holds a direction; returns what it lost. */
static int health_lost(uint8_t attack, uint8_t guard)
{
    load(two_players_state);
    walk_to(26);
    run(attack & RIG_DOWN, guard, 2);
    run(attack, guard, 3);
    run(attack & RIG_DOWN, guard, 20);
    return KUMITE_HEALTH_FULL - ram(KUMITE_HEALTH + 1);
}

static void test_low_attacks_are_blocked_low(void **unused)
{
    (void)unused;
    assert_true(health_lost(RIG_DOWN | RIG_A, RIG_RIGHT) > 0);
    assert_int_equal(health_lost(RIG_DOWN | RIG_A, RIG_RIGHT | RIG_DOWN), 0);
    assert_true(health_lost(RIG_DOWN | RIG_B, RIG_RIGHT) > 0);
    assert_int_equal(health_lost(RIG_B, RIG_RIGHT), 0);
    assert_int_equal(health_lost(RIG_B, RIG_RIGHT | RIG_DOWN), 0);
    assert_true(health_lost(RIG_B, 0) > 0);
}

static void test_jump_attacks_are_blocked_standing(void **unused)
{
    (void)unused;
    for (int low = 0; low < 2; low++) {
        load(two_players_state);
        walk_to(70);
        const uint8_t guard = low ? RIG_RIGHT | RIG_DOWN : RIG_DOWN;
        run(RIG_UP | RIG_RIGHT, low ? guard : 0, 4);
        run(0, low ? guard : 0, 24);
        run(RIG_A, low ? guard : RIG_RIGHT, 3);
        run(0, low ? guard : RIG_RIGHT, 20);
        if (low)
            assert_true(ram(KUMITE_HEALTH + 1) < KUMITE_HEALTH_FULL);
        else
            assert_int_equal(ram(KUMITE_HEALTH + 1), KUMITE_HEALTH_FULL);
        assert_int_equal(ram(KUMITE_BLOCKS + 1), !low);
    }
}

static void test_throws_work_both_ways_and_through_blocks(void **unused)
{
    (void)unused;
    for (int back = 0; back < 2; back++) {
        load(two_players_state);
        for (int i = 0; i < 100 && abs(ram(KUMITE_X) - ram(KUMITE_X + 1)) > 22; i++)
            run(RIG_RIGHT, RIG_DOWN, 1);
        run(back ? RIG_LEFT : 0, RIG_DOWN | RIG_RIGHT, 2);
        run((back ? RIG_LEFT : RIG_RIGHT) | RIG_A, RIG_DOWN | RIG_RIGHT, 2);
        assert_int_equal(ram(KUMITE_STATE), M_THROW);
        assert_int_equal(ram(KUMITE_STATE + 1), ST_THROWN);
        run(0, 0, 80);
        assert_true(ram(KUMITE_HEALTH + 1) < KUMITE_HEALTH_FULL - 10);
        if (back)
            assert_true(ram(KUMITE_X + 1) < ram(KUMITE_X));
        else
            assert_true(ram(KUMITE_X + 1) > ram(KUMITE_X));
    }
}

static void test_a_throw_is_escaped_with_the_heavy_button(void **unused)
{
    (void)unused;
    load(two_players_state);
    walk_to(22);
    run(RIG_RIGHT | RIG_A, 0, 3);
    assert_int_equal(ram(KUMITE_STATE + 1), ST_THROWN);
    run(0, RIG_A, 3);
    run(0, 0, 60);
    assert_int_equal(ram(KUMITE_HEALTH + 1), KUMITE_HEALTH_FULL);
}

static void test_rising_attack_beats_a_jump_and_is_open_when_it_misses(void **unused)
{
    (void)unused;
    load(two_players_state);
    walk_to(60);
    run(0, RIG_UP | RIG_LEFT, 4);
    run(0, 0, 16);
    motion(0, "623", RIG_A, 3);
    run(0, 0, 20);
    assert_true(ram(KUMITE_HEALTH + 1) < KUMITE_HEALTH_FULL);
    assert_int_equal(ram(KUMITE_HEALTH), KUMITE_HEALTH_FULL);
    load(two_players_state);
    motion(0, "623", RIG_A, 3);
    int busy = 0;
    while (busy < 200 && ram(KUMITE_STATE) > 4) {
        run(0, 0, 1);
        busy++;
    }
    assert_in_range(busy, 45, 90);
}

static void test_facing_follows_when_fighters_cross(void **unused)
{
    (void)unused;
    load(two_players_state);
    walk_to(40);
    run(RIG_UP | RIG_RIGHT, 0, 4);
    run(0, 0, 60);
    assert_true(ram(KUMITE_X) > ram(KUMITE_X + 1));
    assert_int_equal(ram(KUMITE_FACING), 1);
    assert_int_equal(ram(KUMITE_FACING + 1), 0);
    motion(0, "236", RIG_A, 3); /* the same notation, mirrored */
    assert_int_equal(ram(KUMITE_STATE), M_236A);
    motion(1, "623", RIG_A, 3);
    assert_int_equal(ram(KUMITE_STATE + 1), M_623A);
}

static void test_both_pads_move_their_fighter(void **unused)
{
    (void)unused;
    load(two_players_state);
    assert_int_equal(ram(KUMITE_TWO_PLAYERS), 1);
    const int x0 = ram(KUMITE_X), x1 = ram(KUMITE_X + 1);
    run(RIG_LEFT, RIG_LEFT, 12);
    assert_true(ram(KUMITE_X) < x0);
    assert_true(ram(KUMITE_X + 1) < x1);
    assert_int_equal(ram(KUMITE_STATE), 2);
    assert_int_equal(ram(KUMITE_STATE + 1), 1);
}

static void knock_out_second(void)
{
    for (int i = 0; i < 3000 && ram(KUMITE_FIGHT_ACTIVE); i++) {
        run(RIG_DOWN, 0, 3);
        run(RIG_DOWN | RIG_RIGHT, 0, 3);
        run(RIG_RIGHT | RIG_A, 0, 3);
        run(0, 0, 6);
    }
}

static void test_rounds_end_and_make_a_match(void **unused)
{
    (void)unused;
    load(two_players_state);
    for (int round = 1; round <= 2; round++) {
        assert_int_equal(ram(KUMITE_ROUND_NO), round);
        knock_out_second();
        assert_int_equal(ram(KUMITE_HEALTH + 1), 0);
        assert_int_equal(ram(KUMITE_ROUND_STATE), 3);
        assert_int_equal(ram(KUMITE_ROUND_RESULT), 1);
        assert_int_equal(ram(KUMITE_ROUNDS_WON), round);
        assert_int_equal(ram(KUMITE_ROUNDS_DONE), round);
        int shown = 0;
        while (shown < 400 && (ram(KUMITE_ROUND_STATE) == 3 || ram(KUMITE_ROUND_STATE) == 4)) {
            run(0, 0, 1);
            shown++;
        }
        assert_in_range(shown, 60, 300);
        if (round == 1) {
            wait_for_fight();
            assert_int_equal(ram(KUMITE_HEALTH + 1), KUMITE_HEALTH_FULL);
        }
    }
    assert_int_equal(ram(KUMITE_MATCH_WINNER), 1);
    assert_int_equal(ram(KUMITE_MATCHES_WON), 1);
    run(0, 0, 60);
    assert_int_equal(ram(KUMITE_SCREEN), 3);
    tap(RIG_START); /* once more */
    wait_for_fight();
    assert_int_equal(ram(KUMITE_ROUNDS_WON), 0);
}

static void test_time_runs_out_in_a_draw(void **unused)
{
    (void)unused;
    load(two_players_state);
    int frames = 0;
    while (frames < 4000 && ram(KUMITE_FIGHT_ACTIVE)) {
        run(0, 0, 1);
        frames++;
    }
    assert_int_equal(ram(KUMITE_TIMER), 0);
    assert_in_range(frames, 3500, 3700);
    assert_int_equal(ram(KUMITE_ROUND_RESULT), 3);
}

static void test_same_inputs_same_game(void **unused)
{
    static uint8_t first[2048];
    (void)unused;
    for (int pass = 0; pass < 2; pass++) {
        rig_reset();
        uint32_t seed = 7;
        for (int i = 0; i < 1500; i++) {
            seed = seed * 1664525u + 1013904223u;
            const uint8_t pad = i < 40   ? 0
                                : i < 44 ? RIG_START
                                         : (uint8_t)(seed >> 24) & (uint8_t)~RIG_START;
            rig_frame(pad, 0);
        }
        if (pass == 0) memcpy(first, rig_ram(), sizeof(first));
    }
    assert_int_equal(first[KUMITE_SCREEN], 2);
    assert_memory_equal(first, rig_ram(), sizeof(first));
}

static void test_one_idle_frame_makes_another_game(void **unused)
{
    uint8_t rng[2];
    (void)unused;
    for (int idle = 0; idle < 2; idle++) {
        load(one_player_state);
        run(0, 0, idle);
        for (int i = 0; i < 600; i++) run(i / 16 % 2 ? RIG_RIGHT : RIG_B, 0, 1);
        rng[idle] = ram(KUMITE_HEALTH) ^ ram(KUMITE_X + 1) ^ ram(KUMITE_RNG);
    }
    assert_int_not_equal(rng[0], rng[1]);
}

static void test_sixty_pictures_a_second(void **unused)
{
    (void)unused;
    load(one_player_state);
    uint32_t seed = 1;
    for (int i = 0; i < 2000; i++) {
        seed = seed * 1664525u + 1013904223u;
        run((uint8_t)(seed >> 24) & (uint8_t)~RIG_START, 0, 3);
    }
    assert_int_equal(ram(KUMITE_LAG_FRAMES), 0);
}

static int open_all(void **unused)
{
    (void)unused;
    const char *core = getenv("KATA_NESTOPIA"), *rom = getenv("KATA_KUMITE_ROM");
    if (!core) core = "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    if (!rom) rom = "build/games/kumite.nes";
    if (!rig_open(core, rom)) return -1;
    state_bytes = rig_state_bytes();
    one_player_state = malloc(state_bytes);
    two_players_state = malloc(state_bytes);
    spare_state = malloc(state_bytes);
    if (!one_player_state || !two_players_state || !spare_state) return -1;
    boot(1, 8);
    if (!rig_state_save(one_player_state, state_bytes)) return -1;
    boot(2, 1);
    return rig_state_save(two_players_state, state_bytes) ? 0 : -1;
}

static int close_all(void **unused)
{
    (void)unused;
    free(one_player_state);
    free(two_players_state);
    free(spare_state);
    rig_close();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_power_on_shows_the_title),
        cmocka_unit_test(test_start_begins_a_fight_at_the_chosen_level),
        cmocka_unit_test(test_specials_come_out_of_their_motions),
        cmocka_unit_test(test_other_characters_have_their_own_lists),
        cmocka_unit_test(test_charge_move_needs_its_charge),
        cmocka_unit_test(test_sloppy_motions_are_no_specials),
        cmocka_unit_test(test_walking_into_a_fireball_motion_is_no_rising_attack),
        cmocka_unit_test(test_each_normal_has_its_button),
        cmocka_unit_test(test_a_fireball_is_blocked_by_holding_back),
        cmocka_unit_test(test_low_attacks_are_blocked_low),
        cmocka_unit_test(test_jump_attacks_are_blocked_standing),
        cmocka_unit_test(test_throws_work_both_ways_and_through_blocks),
        cmocka_unit_test(test_a_throw_is_escaped_with_the_heavy_button),
        cmocka_unit_test(test_rising_attack_beats_a_jump_and_is_open_when_it_misses),
        cmocka_unit_test(test_facing_follows_when_fighters_cross),
        cmocka_unit_test(test_both_pads_move_their_fighter),
        cmocka_unit_test(test_rounds_end_and_make_a_match),
        cmocka_unit_test(test_time_runs_out_in_a_draw),
        cmocka_unit_test(test_same_inputs_same_game),
        cmocka_unit_test(test_one_idle_frame_makes_another_game),
        cmocka_unit_test(test_sixty_pictures_a_second),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
