/* Savestates: macro state is game state. Rewind, run-ahead and netplay must stay exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core_alone.h"
#include "kit.h"
#include "player_state.h"
#include "../leaky_cores.h"

enum { MAX_FRAMES = 4000 };

static int learn(void **state)
{
    (void)state;
    core_alone_measure();
    kit_forget();
    kit_learn(kit_kumite, NULL);
    return 0;
}

/* Zeroed: some cores write less than they announce, and leave the rest as it was. */
static uint8_t *new_state(frontend_t *front, size_t *num_bytes)
{
    *num_bytes = front->core.serialize_size();
    uint8_t *bytes = calloc(1, *num_bytes);
    assert_non_null(bytes);
    return bytes;
}

/* What the humans do in frame i: nothing, then a touch now and then. */
static void play_as_human(frontend_t *front, int frame)
{
    front->pad[0] = frame % 700 > 660 ? PAD_UP : 0;
    front->pad[1] = frame % 50 < 20 ? PAD_LEFT : 0;
}

typedef struct {
    uint64_t video, state;
    uint8_t pad;
} moment_t;

/* One visible frame, and everything that can be known about it. */
static moment_t run_and_look(frontend_t *front, int frame, uint8_t *bytes, size_t num_bytes)
{
    play_as_human(front, frame);
    frontend_run(front, 1);
    assert_true(front->core.serialize(bytes, num_bytes));
    return (moment_t){ .video = front->video_hash,
                       .state = core_alone_hash(bytes, num_bytes),
                       .pad = frontend_ram(front, KUMITE_PAD) };
}

static void assert_same(const moment_t *a, const moment_t *b, int frame)
{
    if (a->video != b->video) fail_msg("frame %d: another picture", frame);
    if (a->pad != b->pad) fail_msg("frame %d: pad %02x, then %02x", frame, a->pad, b->pad);
    if (a->state != b->state) fail_msg("frame %d: another state", frame);
}

static void test_a_restored_state_goes_on_as_the_game_did(void **state)
{
    (void)state;
    /* in the start script, in the fight, while the human has the pad, in the middle of macros */
    static const int saved_at[] = { 1, 57, 110, 301, 302, 303, 333, 450, 680, 699, 730, 1203 };
    static moment_t first[200];
    frontend_t front;
    for (size_t s = 0; s < sizeof saved_at / sizeof saved_at[0]; s++) {
        if (saved_at[s] < core_alone_settled_frame()) continue; /* nor does the core alone */
        kit_open(&front);
        frontend_set_option(&front, "kata_takeover", "1");
        frontend_set_option(&front, "kata_epsilon", s % 2 ? "5" : s % 4 ? "varied" : "0");
        frontend_set_option(&front, "kata_reaction", s % 3 ? "250" : "0");
        assert_true(frontend_load(&front, kit_kumite));
        size_t num_bytes;
        uint8_t *saved = new_state(&front, &num_bytes), *scratch = new_state(&front, &num_bytes);
        for (int i = 0; i < saved_at[s]; i++) {
            play_as_human(&front, i);
            frontend_run(&front, 1);
        }
        assert_true(front.core.serialize(saved, num_bytes));
        for (int i = 0; i < 200; i++)
            first[i] = run_and_look(&front, saved_at[s] + i, scratch, num_bytes);
        for (int turn = 0; turn < 2; turn++) {
            front.pad[0] = 0;
            frontend_run(&front, turn * 41);
            assert_true(front.core.unserialize(saved, num_bytes));
            assert_true(front.core.serialize(scratch, num_bytes));
            core_alone_expect_same(scratch, saved, num_bytes);
            for (int i = 0; i < 200; i++) {
                const moment_t again = run_and_look(&front, saved_at[s] + i, scratch, num_bytes);
                assert_same(&first[i], &again, saved_at[s] + i);
            }
        }
        frontend_close(&front);
        free(saved);
        free(scratch);
    }
}

/* As RetroArch runs ahead in one instance: the frame that counts is hidden, later ones are shown
 * and undone. The agent must play the same game as without. */
static void test_run_ahead_changes_nothing(void **state)
{
    (void)state;
    static moment_t plain[MAX_FRAMES];
    const int num_frames = 900, first = core_alone_settled_frame();
    uint8_t *begun = NULL; /* where all begin: power-on itself differs, core_alone.h */
    for (int ahead = 0; ahead < 3; ahead++) {
        frontend_t front;
        kit_open(&front);
        frontend_set_option(&front, "kata_epsilon", "varied");
        frontend_set_option(&front, "kata_reaction", "200");
        assert_true(frontend_load(&front, kit_kumite));
        int fight_frames = 0;
        for (int i = 0; i < first; i++) frontend_run(&front, 1);
        size_t num_bytes; /* asked here: nestopia's size at load is another */
        uint8_t *bytes = new_state(&front, &num_bytes);
        if (!begun) {
            begun = new_state(&front, &num_bytes);
            assert_true(front.core.serialize(begun, num_bytes));
        }
        assert_true(front.core.unserialize(begun, num_bytes));
        for (int i = 0; i < num_frames; i++) {
            front.hidden = ahead > 0;
            const unsigned shown = front.num_frames_shown;
            moment_t now = run_and_look(&front, i, bytes, num_bytes);
            if (ahead > 0) assert_int_equal(front.num_frames_shown, shown);
            for (int a = 1; a <= ahead; a++) {
                front.hidden = a < ahead;
                frontend_run(&front, 1);
            }
            if (ahead > 0) {
                assert_int_equal(front.num_frames_shown, shown + 1);
                assert_true(front.core.unserialize(bytes, num_bytes));
                now.video = 0;
            }
            if (ahead == 0) {
                plain[i] = now;
                plain[i].video = 0;
            } else {
                assert_same(&plain[i], &now, i);
            }
            fight_frames += frontend_ram(&front, KUMITE_FIGHT_ACTIVE) == 1;
        }
        assert_in_range(fight_frames, 300, num_frames);
        frontend_close(&front);
        free(bytes);
    }
    free(begun);
}

/* Every frame is saved; time runs backwards for a while, again and again. */
static void test_rewinding_finds_the_same_past_and_the_same_future(void **state)
{
    (void)state;
    enum { NUM = 160 };
    frontend_t front;
    kit_open_in_fight(&front);
    size_t num_bytes;
    uint8_t *scratch = new_state(&front, &num_bytes);
    uint8_t *all = calloc(NUM, num_bytes);
    assert_non_null(all);
    static moment_t first[NUM];
    for (int i = 0; i < NUM; i++) {
        assert_true(front.core.serialize(all + (size_t)i * num_bytes, num_bytes));
        first[i] = run_and_look(&front, i, scratch, num_bytes);
    }
    for (int back = NUM - 1; back >= 0; back -= 7) {
        assert_true(front.core.unserialize(all + (size_t)back * num_bytes, num_bytes));
        for (int i = back; i < back + 20 && i < NUM; i++) {
            const moment_t again = run_and_look(&front, i, scratch, num_bytes);
            assert_same(&first[i], &again, i);
        }
    }
    frontend_close(&front);
    free(scratch);
    free(all);
}

/* The core's own size may (nestopia's is 20 bytes less once it has run); Kata's part may not,
 * whatever the options say, and both together never grow. */
static void test_the_size_never_grows(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    const size_t num_bytes = front.core.serialize_size();
    frontend_set_option(&front, "kata_mode", "off"); /* it may be switched on later */
    assert_true(frontend_load(&front, kit_kumite));
    assert_int_equal(front.core.serialize_size(), num_bytes);
    frontend_set_option(&front, "kata_mode", "play");
    frontend_run(&front, 1);
    const size_t running = front.core.serialize_size();
    assert_in_range(running, num_bytes - 64, num_bytes);
    for (int i = 0; i < 60; i++) {
        if (i == 20) frontend_set_option(&front, "kata_mode", "off");
        if (i == 30) frontend_set_option(&front, "kata_port", "2");
        if (i == 40) frontend_set_option(&front, "kata_mode", "play");
        frontend_run(&front, 10);
        assert_int_equal(front.core.serialize_size(), running);
    }
    frontend_close(&front);
}

/* Bytes that Kata adds, the same from load to unload. */
static size_t added_bytes(void)
{
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    const size_t num_bytes = front.core.serialize_size();
    frontend_close(&front);
    return num_bytes - core_alone_bytes();
}

/* The payload of a block of the trailer (player_state.h). */
static uint8_t *block_of(uint8_t *state, size_t num_bytes, const char *tag)
{
    for (size_t at = num_bytes - player_state_bytes(); at + 8 < num_bytes;) {
        if (memcmp(state + at, tag, 4) == 0) return state + at + 8;
        uint32_t payload;
        memcpy(&payload, state + at + 4, sizeof payload);
        at += 8 + payload;
    }
    fail_msg("no block %s", tag);
    return NULL;
}

static int32_t action_in_flight(uint8_t *state, size_t num_bytes)
{
    int32_t action;
    memcpy(&action, block_of(state, num_bytes, "SEA0"), sizeof action);
    return action;
}

/* Who has the pad does not matter: what was held on it is its past (reaction.h). */
static void test_what_a_human_holds_is_the_pads_past(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    size_t num_bytes;
    uint8_t *saved = new_state(&front, &num_bytes);
    front.pad[0] = PAD_RIGHT; /* the agent's pad is taken */
    frontend_run(&front, 60);
    assert_true(front.core.serialize(saved, num_bytes));
    player_late_t late;
    memcpy(late.pads, block_of(saved, num_bytes, "LATE") + offsetof(player_late_t, pads),
           sizeof late.pads);
    for (int step = 0; step < HOLDER_MAX_DELAY; step++) {
        assert_int_equal(late.pads[step], PAD_RIGHT);
        assert_int_equal(late.pads[HOLDER_MAX_DELAY + step], 0);
    }
    free(saved);
    frontend_close(&front);
}

static void test_a_state_of_the_inner_core_alone_is_taken(void **state)
{
    (void)state;
    const size_t added = added_bytes(), at_load = core_alone_bytes();
    frontend_t front;
    kit_open_in_fight(&front);
    size_t num_bytes;
    uint8_t *saved = new_state(&front, &num_bytes), *scratch = new_state(&front, &num_bytes);
    const size_t inner = num_bytes - added;
    assert_in_range(added, 28000, 98304);
    frontend_run(&front, 61);
    assert_true(front.core.serialize(saved, num_bytes));
    const uint8_t health = frontend_ram(&front, KUMITE_HEALTH);
    frontend_run(&front, 300);
    assert_true(front.core.unserialize(saved, inner));
    assert_true(front.core.serialize(scratch, num_bytes));
    core_alone_expect_same(scratch, saved, inner);
    assert_int_equal(frontend_ram(&front, KUMITE_HEALTH), health);
    assert_in_range(action_in_flight(saved, num_bytes), 0, 4);
    assert_int_equal(action_in_flight(scratch, num_bytes), -1);
    int presses = 0;
    for (int i = 0; i < 60; i++) {
        frontend_run(&front, 1);
        presses += frontend_ram(&front, KUMITE_PAD) != 0;
    }
    assert_in_range(presses, 30, 60); /* the agent plays on */
    frontend_close(&front);

    /* and the other way: a state with a trailer where no agent is known */
    kit_forget();
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_int_equal(front.core.serialize_size(), at_load);
    assert_true(front.core.unserialize(saved, num_bytes));
    assert_int_equal(frontend_ram(&front, KUMITE_HEALTH), health);
    assert_true(front.core.serialize(scratch, inner));
    core_alone_expect_same(scratch, saved, inner);
    frontend_run(&front, 10);
    frontend_close(&front);
    free(saved);
    free(scratch);
}

/* A trailer with any byte turned is left alone; the game's own state is loaded. */
static void test_a_damaged_trailer_is_left_alone(void **state)
{
    (void)state;
    const size_t added = added_bytes();
    frontend_t front;
    kit_open_in_fight(&front);
    size_t num_bytes;
    uint8_t *saved = new_state(&front, &num_bytes), *scratch = new_state(&front, &num_bytes);
    const size_t inner = num_bytes - added;
    frontend_run(&front, 61);
    assert_true(front.core.serialize(saved, num_bytes));
    const size_t random_at = (size_t)(block_of(saved, num_bytes, "EYES") - saved) + 8;
    frontend_set_option(&front, "kata_epsilon", "5"); /* numbers are drawn */
    frontend_run(&front, 61);
    const size_t end_of_pictures = num_bytes - 700;
    for (size_t at = inner; at < num_bytes;
         at += at < inner + 60 || at >= end_of_pictures ? 1 : 977) {
        saved[at] ^= 0xff;
        assert_true(front.core.unserialize(saved, num_bytes));
        assert_true(front.core.serialize(scratch, num_bytes));
        core_alone_expect_same(scratch, saved, inner);
        /* the random state was not taken from it */
        assert_memory_not_equal(scratch + random_at, saved + random_at, 8);
        frontend_run(&front, 3);
        saved[at] ^= 0xff;
    }
    for (size_t cut = 1; cut < num_bytes - inner; cut += 501) {
        uint8_t *exact = malloc(num_bytes - cut); /* so that a sanitizer sees a step too far */
        assert_non_null(exact);
        memcpy(exact, saved, num_bytes - cut);
        assert_true(front.core.unserialize(exact, num_bytes - cut));
        free(exact);
        frontend_run(&front, 1);
    }
    assert_false(front.core.unserialize(saved, 100));
    assert_false(front.core.unserialize(saved, 0));
    assert_false(front.core.serialize(saved, inner - 1));
    frontend_close(&front);
    free(saved);
    free(scratch);
}

static void test_loading_a_state_stops_the_start_script_of_a_game_under_way(void **state)
{
    (void)state;
    const size_t inner = core_alone_bytes();
    frontend_t front;
    kit_open_in_fight(&front);
    size_t num_bytes;
    uint8_t *saved = new_state(&front, &num_bytes);
    assert_true(front.core.serialize(saved, num_bytes));
    frontend_close(&front);

    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 1); /* the script of power-on runs */
    assert_true(front.core.unserialize(saved, inner));
    int presses = 0;
    for (int i = 0; i < 60; i++) {
        frontend_run(&front, 1);
        presses += frontend_ram(&front, KUMITE_PAD) != 0;
    }
    assert_in_range(presses, 30, 60);
    frontend_close(&front);
    free(saved);
}

#define TEST(name) cmocka_unit_test_setup(name, learn)
/* Kata's .info promises all; what the inner core's does not is not to be had. */
static void test_states_are_what_the_inner_core_promises(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool kept, for_now, netplay;
    } rows[] = { { "", true, true, true },
                 { "savestate = \"true\"", true, true, true },
                 { "savestate_features = \"deterministic\"", true, true, true },
                 { "savestate_features = \"serialized\"", true, false, false },
                 { "savestate_features = \"basic\"", true, false, false },
                 { "savestate = \"false\"", false, false, false } };
    char core[PATH_MAX], info[512], game[512];
    const char *build = getenv("KATA_BUILD");
    snprintf(core, sizeof core, "%s/tests/plugin/cores/shy_libretro.so",
             build ? build : "build/release");
    snprintf(game, sizeof game, "%s", kit_path("promise.shy"));
    kit_write(game, "x", 1);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        kit_install(core, "shy", "shy");
        const int length =
            snprintf(info, sizeof info, "supported_extensions = \"shy\"\n%s\n", rows[r].lines);
        kit_write(kit_path("cores/shy_libretro.info"), info, (size_t)length);
        frontend_t front;
        static uint8_t bytes[1 << 17]; /* netplay's states keep room for a trailer */
        kit_open(&front);
        assert_true(frontend_load(&front, game));
        frontend_run(&front, 1);
        for (int use = 0; use < 3; use++) {
            front.for_now = use == 1;
            front.netplay = use == 2;
            const bool is_had = use == 0   ? rows[r].kept
                                : use == 1 ? rows[r].for_now
                                           : rows[r].netplay;
            const size_t num_bytes = front.core.serialize_size();
            if ((num_bytes > 0) != is_had) fail_msg("%s: use %d", rows[r].lines, use);
            assert_int_equal(front.core.serialize(bytes, sizeof bytes), is_had);
        }
        frontend_close(&front);
        kit_uninstall();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_a_human_holds_is_the_pads_past),
        TEST(test_a_restored_state_goes_on_as_the_game_did),
        TEST(test_run_ahead_changes_nothing),
        TEST(test_rewinding_finds_the_same_past_and_the_same_future),
        TEST(test_the_size_never_grows),
        TEST(test_a_state_of_the_inner_core_alone_is_taken),
        TEST(test_a_damaged_trailer_is_left_alone),
        TEST(test_loading_a_state_stops_the_start_script_of_a_game_under_way),
        TEST(test_states_are_what_the_inner_core_promises),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
