/* A frame that is run again is the same again, where the real cores of test_state.c do not go: on a
 * core that leaves out pictures, with a step limit, with other options on the other side, with both
 * pads the agent's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core_alone.h"
#include "kit.h"
#include "../leaky_cores.h"

enum { NUM_FRAMES = 400, PAD_AT = 8 };

/* %s: more of "timing". Actions of one and of several steps. */
static const char preset_format[] =
    "{\"kata_preset\": 1, \"game\": \"Lazy\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
    " \"variables\": {\"a\": {\"address\": 0, \"type\": \"|u1\"}, \"pad\": {\"address\": 8,"
    "  \"type\": \"<u2\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4%s},"
    " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Rise\", \"notation\": \"623A\"}, {\"name\": \"Spin\", \"notation\": \"214A\"},"
    "   {\"name\": \"Sweep\", \"notation\": \"2A,2B\"}]}}";

static char rom[2048];

/* draws: how often the core draws, "1" or "3" frames apart. */
static void open_lazy(frontend_t *front, const char *draws, const char *more_timing)
{
    const char *build = getenv("KATA_BUILD");
    char core[2048], preset[2048];
    snprintf(core, sizeof core, "%s/tests/plugin/cores/lazy_libretro.so",
             build ? build : "build/release");
    kit_forget();
    kit_uninstall();
    kit_install(core, "lazy", "nes");
    strcpy(rom, kit_path("game.nes"));
    kit_write(rom, draws, 1);
    snprintf(preset, sizeof preset, preset_format, more_timing);
    kit_learn(rom, preset);
    kit_open(front);
}

static uint16_t pad_of(const frontend_t *front)
{
    return (uint16_t)(frontend_ram(front, PAD_AT) | frontend_ram(front, PAD_AT + 1) << 8);
}

static uint8_t *new_state(frontend_t *front, size_t *num_bytes)
{
    *num_bytes = front->core.serialize_size();
    uint8_t *bytes = calloc(1, *num_bytes);
    assert_non_null(bytes);
    return bytes;
}

/* The agent's pads, frame by frame. ahead: frames that are run and undone behind each. */
static void play(const char *draws, const char *more_timing, int ahead, uint16_t pads[NUM_FRAMES])
{
    frontend_t front;
    open_lazy(&front, draws, more_timing);
    assert_true(frontend_load(&front, rom));
    size_t num_bytes;
    uint8_t *state = new_state(&front, &num_bytes);
    for (int i = 0; i < NUM_FRAMES; i++) {
        front.hidden = ahead > 0;
        frontend_run(&front, 1);
        pads[i] = pad_of(&front);
        if (ahead == 0) continue;
        assert_true(front.core.serialize(state, num_bytes));
        for (int a = 1; a <= ahead; a++) {
            front.hidden = a < ahead;
            frontend_run(&front, 1);
        }
        assert_true(front.core.unserialize(state, num_bytes));
    }
    frontend_close(&front);
    free(state);
}

static void is_the_same_with_run_ahead(const char *draws, const char *more_timing)
{
    static uint16_t plain[NUM_FRAMES], again[NUM_FRAMES];
    play(draws, more_timing, 0, plain);
    int changes = 0;
    for (int i = 1; i < NUM_FRAMES; i++) changes += plain[i] != plain[i - 1];
    assert_in_range(changes, 15, NUM_FRAMES); /* it does not do one thing all the time */
    for (int ahead = 1; ahead < 4; ahead++) {
        play(draws, more_timing, ahead, again);
        for (int i = 0; i < NUM_FRAMES; i++)
            if (plain[i] != again[i])
                fail_msg("%d ahead, frame %d: pad %x, then %x", ahead, i, plain[i], again[i]);
    }
}

static void test_a_core_that_leaves_out_pictures_is_seen_the_same_again(void **state)
{
    (void)state;
    is_the_same_with_run_ahead("3", "");
}

/* Its eyes are in the state, too; no picture is made for it. */
static void test_an_agent_that_sees_numbers_plays_the_same_again(void **state)
{
    (void)state;
    kit_sees_numbers = true;
    is_the_same_with_run_ahead("1",
                               "}, \"observe\": [{\"variable\": \"pad\", \"values\": [0, 1, 16, "
                               "32, 33, 64, 128, 129, 160, 161, 256, 288, 384, 416]}], "
                               "\"provenance\": {\"tool\": \"t\"");
    kit_sees_numbers = false;
}

static void test_a_step_limit_changes_nothing(void **state)
{
    (void)state;
    static uint16_t free_play[NUM_FRAMES], limited[NUM_FRAMES];
    is_the_same_with_run_ahead("1", ", \"max_steps\": 7");
    play("1", "", 0, free_play);
    play("1", ", \"max_steps\": 7", 0, limited); /* nobody resets the game: nothing is to be cut */
    assert_memory_equal(free_play, limited, sizeof limited);
}

/* Two players' machines, each with options of its own: once the host's state is loaded, the guest's
 * game is the host's, whatever the guest set. Without a network a player's own options stand. */
static void test_over_the_network_the_states_options_count(void **state)
{
    (void)state;
    static uint16_t pads[3][NUM_FRAMES];
    uint8_t *saved = NULL;
    size_t num_bytes = 0;
    for (int side = 0; side < 3; side++) { /* the host, its guest, and one who plays alone */
        frontend_t front;
        open_lazy(&front, "1", "");
        frontend_set_option(&front, "kata_epsilon", side == 0 ? "5" : "0");
        frontend_set_option(&front, "kata_reaction", side == 0 ? "200" : "0");
        frontend_set_option(&front, "kata_takeover", side == 0 ? "1" : "disabled");
        assert_true(frontend_load(&front, rom));
        frontend_run(&front, 50);
        front.netplay = side < 2;
        if (side == 0) {
            saved = new_state(&front, &num_bytes);
            assert_true(front.core.serialize(saved, num_bytes));
        } else {
            assert_int_equal(front.core.serialize_size(), num_bytes);
            assert_true(front.core.unserialize(saved, num_bytes));
        }
        uint8_t *now = new_state(&front, &num_bytes);
        for (int i = 0; i < NUM_FRAMES; i++) {
            assert_true(front.core.serialize(now, num_bytes)); /* netplay saves each frame */
            front.pad[0] = i >= 200 && i < 205 ? PAD_UP : 0;
            frontend_run(&front, 1);
            pads[side][i] = pad_of(&front);
        }
        free(now);
        frontend_close(&front);
    }
    free(saved);
    assert_int_equal(pads[0][202], PAD_UP);
    assert_memory_equal(pads[0], pads[1], sizeof pads[0]);
    assert_int_not_equal(pads[2][202] & PAD_UP, PAD_UP);
}

/* ---- both pads ---- */

enum { DUEL_FRAMES = 700, EVERY = 7 };
typedef enum { DUEL_PLAIN, DUEL_ONE_AHEAD, DUEL_TWO_AHEAD, DUEL_REWOUND, NUM_DUELS } duel_t;

/* A fight of two agents on Kumite, its memory frame by frame. Run ahead: each frame is hidden, and
 * later ones are undone. Rewound: every seventh frame is saved, and once more played from there. */
static void play_duel(duel_t how, uint64_t memory[DUEL_FRAMES], int presses[2])
{
    const unsigned agents_type = RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 0x4b41);
    frontend_t front;
    kit_uninstall();
    kit_open(&front);
    frontend_set_option(&front, "kata_epsilon", "5");
    assert_true(frontend_load(&front, kit_kumite));
    for (unsigned port = 0; port < 2; port++)
        front.core.set_controller_port_device(port, agents_type);
    frontend_set_option(&front, "kata_start", "versus");
    size_t num_bytes;
    uint8_t *state = new_state(&front, &num_bytes);
    presses[0] = presses[1] = 0;
    /* The options are taken over, and states are exact (core_alone.h). */
    frontend_run(&front, 1 + core_alone_settled_frame());
    for (int i = 0; i < DUEL_FRAMES; i++) {
        const bool again = how == DUEL_REWOUND && i % EVERY == 0;
        const int ahead = how == DUEL_REWOUND ? (again ? EVERY : 0) : (int)how;
        if (again) { /* the frames to come, in vain */
            assert_true(front.core.serialize(state, num_bytes));
            frontend_run(&front, ahead);
            assert_true(front.core.unserialize(state, num_bytes));
        }
        front.hidden = !again && ahead > 0;
        frontend_run(&front, 1);
        if (front.hidden) assert_true(front.core.serialize(state, num_bytes));
        memory[i] = frontend_hash(0, front.core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM), 2048);
        for (int pad = 0; pad < 2; pad++)
            presses[pad] += frontend_ram(&front, (size_t)(KUMITE_PAD + pad)) != 0;
        if (!front.hidden) continue;
        for (int a = 1; a <= ahead; a++) {
            front.hidden = a < ahead;
            frontend_run(&front, 1);
        }
        assert_true(front.core.unserialize(state, num_bytes));
    }
    frontend_close(&front);
    free(state);
}

static void test_two_agents_fight_the_same_fight_again(void **state)
{
    (void)state;
    static uint64_t plain[DUEL_FRAMES], again[DUEL_FRAMES];
    int presses[2];
    kit_forget();
    kit_learn_kumite("level1", NULL);
    core_alone_measure();
    for (duel_t how = DUEL_PLAIN; how < NUM_DUELS; how++) {
        play_duel(how, how ? again : plain, presses);
        assert_in_range(presses[0], 100, DUEL_FRAMES); /* it is a fight, of both */
        assert_in_range(presses[1], 100, DUEL_FRAMES);
        for (int i = 0; how && i < DUEL_FRAMES; i++)
            if (plain[i] != again[i]) fail_msg("duel %d, frame %d: another memory", (int)how, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_core_that_leaves_out_pictures_is_seen_the_same_again),
        cmocka_unit_test(test_an_agent_that_sees_numbers_plays_the_same_again),
        cmocka_unit_test(test_a_step_limit_changes_nothing),
        cmocka_unit_test(test_over_the_network_the_states_options_count),
        cmocka_unit_test(test_two_agents_fight_the_same_fight_again),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
