/* test_rules.c - the rules compiled for this machine play the same game as the ROM, frame by frame.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bots.h"
#include "kumite_ram.h"
#include "core_rig.h"
#include "rules.h"

/* As the preset's starts do it. */
static void boot(int level, bool is_versus)
{
    rig_reset();
    while (rig_ram()[KUMITE_SCREEN] != 1) rig_frame(0, 0);
    for (int i = 0; i < 20; i++) rig_frame(0, 0);
    for (int i = 0; i < 6 * (is_versus ? 1 : level - 1); i++)
        rig_frame(i % 6 >= 3 ? 0 : is_versus ? RIG_DOWN : RIG_RIGHT, 0);
    for (int i = 0; i < 200 && !rig_ram()[KUMITE_FIGHT_ACTIVE]; i++)
        rig_frame(i < 3 ? RIG_START : 0, 0);
    assert_int_equal(rig_ram()[KUMITE_FIGHT_ACTIVE], 1);
    assert_int_equal(rig_ram()[KUMITE_CPU_LEVEL], level);
    assert_int_equal(rig_ram()[KUMITE_TWO_PLAYERS], is_versus);
}

static void assert_same_memory(void)
{
    const uint8_t *core = rig_ram(), *rules = rules_ram();
    if (core[KUMITE_FIGHT_ACTIVE]) assert_memory_equal(core + 0x0300, rules + 0x0300, 0x3a);
    assert_memory_equal(core + KUMITE_RNG, rules + KUMITE_RNG, 2);
    assert_memory_equal(core + KUMITE_HEALTH, rules + KUMITE_HEALTH,
                        KUMITE_ROUNDS_WON - KUMITE_HEALTH);
    assert_int_equal(core[KUMITE_FIGHT_ACTIVE], rules[KUMITE_FIGHT_ACTIVE]);
}

static void play_both(bot_kind_t kind, int level)
{
    boot(level, false);
    rules_begin(rig_ram());
    bot_t bot;
    bot_init(&bot, kind, 0, 7);
    while (rules_ram()[KUMITE_FIGHT_ACTIVE]) {
        const uint8_t pad = bot_pad(&bot, rules_ram());
        rig_frame(pad, 0);
        rules_frame(pad, 0);
        assert_same_memory();
    }
    assert_int_equal(rig_ram()[KUMITE_ROUND_RESULT], rules_ram()[KUMITE_ROUND_RESULT]);
    assert_memory_equal(rig_ram() + KUMITE_ROUNDS_WON, rules_ram() + KUMITE_ROUNDS_WON, 2);
}

static void test_the_same_round_by_a_random_player(void **unused)
{
    (void)unused;
    play_both(BOT_RANDOM, 1);
}

static void test_the_same_round_by_a_thrower(void **unused)
{
    (void)unused;
    play_both(BOT_THROW, 5);
}

static void test_the_same_round_by_a_good_player(void **unused)
{
    (void)unused;
    play_both(BOT_GOOD, 8);
}

static void test_the_same_round_for_two(void **unused)
{
    (void)unused;
    boot(1, true);
    rules_begin(rig_ram());
    bot_t bots[2];
    bot_init(&bots[0], BOT_RANDOM, 0, 8);
    bot_init(&bots[1], BOT_RANDOM, 1, 9);
    while (rules_ram()[KUMITE_FIGHT_ACTIVE]) {
        const uint8_t pads[2] = { bot_pad(&bots[0], rules_ram()), bot_pad(&bots[1], rules_ram()) };
        rig_frame(pads[0], pads[1]);
        rules_frame(pads[0], pads[1]);
        assert_same_memory();
    }
}

/* What is written back goes on as it did the first time. */
static void test_what_the_rules_remember(void **unused)
{
    (void)unused;
    boot(3, false);
    rules_begin(rig_ram());
    for (int i = 0; i < 200; i++) rules_frame((uint8_t)(i * 37), 0);
    size_t num_bytes;
    void *memory = rules_memory(&num_bytes), *kept = malloc(num_bytes);
    memcpy(kept, memory, num_bytes);
    uint8_t ends[2][2048];
    for (int k = 0; k < 2; k++) {
        memcpy(memory, kept, num_bytes);
        for (int i = 0; i < 300; i++) rules_frame((uint8_t)(i * 91), 0);
        memcpy(ends[k], rules_ram(), sizeof ends[k]);
    }
    free(kept);
    assert_memory_equal(ends[0], ends[1], sizeof ends[0]);
    assert_int_equal(ends[0][KUMITE_FIGHT_ACTIVE], 1);
}

static void test_the_starts_of_the_core(void **unused)
{
    (void)unused;
    for (int level = 1; level <= RULES_VERSUS; level++) {
        boot(level < RULES_VERSUS ? level : 1, level == RULES_VERSUS);
        const uint8_t *dice = rules_dice[level - 1], *ram = rig_ram();
        assert_memory_equal(dice, ram + KUMITE_RNG, 2);
        assert_int_equal(dice[2], ram[KUMITE_FRAME_COUNT]);
        assert_int_equal(0, ram[KUMITE_FRAME_COUNT + 1]);
        rules_begin_at(level);
        assert_same_memory();
    }
}

static int open_core(void **unused)
{
    (void)unused;
    const char *core = getenv("KATA_NESTOPIA"), *rom = getenv("KATA_KUMITE_ROM");
    if (!core) core = "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    if (!rom) rom = "build/games/kumite.nes";
    return rig_open(core, rom) ? 0 : -1;
}

static int close_core(void **unused)
{
    (void)unused;
    rig_close();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_round_by_a_random_player),
        cmocka_unit_test(test_the_same_round_by_a_thrower),
        cmocka_unit_test(test_the_same_round_by_a_good_player),
        cmocka_unit_test(test_the_same_round_for_two),
        cmocka_unit_test(test_what_the_rules_remember),
        cmocka_unit_test(test_the_starts_of_the_core),
    };
    return cmocka_run_group_tests(tests, open_core, close_core);
}
