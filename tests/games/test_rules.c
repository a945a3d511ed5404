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

static void boot(int level)
{
    rig_reset();
    for (int i = 0; i < 40; i++) rig_frame(0, 0);
    for (int i = 0; i < 4 * (level - 1); i++) rig_frame(i % 4 < 2 ? RIG_RIGHT : 0, 0);
    for (int i = 0; i < 200 && !rig_ram()[KUMITE_FIGHT_ACTIVE]; i++)
        rig_frame(i < 2 ? RIG_START : 0, 0);
    assert_int_equal(rig_ram()[KUMITE_FIGHT_ACTIVE], 1);
    assert_int_equal(rig_ram()[KUMITE_CPU_LEVEL], level);
}

static void play_both(bot_kind_t kind, int level)
{
    boot(level);
    rules_begin(rig_ram(), level);
    bot_t bot;
    bot_init(&bot, kind, 0, 7);
    while (rules_ram()[KUMITE_FIGHT_ACTIVE]) {
        const uint8_t pad = bot_pad(&bot, rules_ram());
        rig_frame(pad, 0);
        rules_frame(pad);
        const uint8_t *core = rig_ram(), *rules = rules_ram();
        assert_memory_equal(core + KUMITE_RNG, rules + KUMITE_RNG, 2);
        assert_memory_equal(core + KUMITE_HEALTH, rules + KUMITE_HEALTH,
                            KUMITE_ROUNDS_WON - KUMITE_HEALTH);
        assert_int_equal(core[KUMITE_FIGHT_ACTIVE], rules[KUMITE_FIGHT_ACTIVE]);
    }
    assert_int_equal(rig_ram()[KUMITE_ROUND_RESULT], rules_ram()[KUMITE_ROUND_RESULT]);
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
    };
    return cmocka_run_group_tests(tests, open_core, close_core);
}
