/* test_strengths.c - strengths change while a game runs: by kata_strength, and with "auto" by what
 * a human wins; the second of two instances changes with the first. A league of agents with random
 * weights; rounds end because a test takes somebody's health. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"
#include "league.h"
#include "note.h"
#include "player_state.h"
#include "policy.h"
#include "auto_strength.h"
#include "why.h"
#include "../leaky_cores.h"

enum { LIMIT_ROUNDS = 12 };

/* Who plays, by the savestate; 0: nobody. */
static uint64_t mind_of(frontend_t *front)
{
    player_mind_t mind;
    const size_t num_bytes = front->core.serialize_size();
    uint8_t *bytes = calloc(1, num_bytes);
    assert_non_null(bytes);
    assert_true(front->core.serialize(bytes, num_bytes));
    const bool ok = player_state_mind(bytes, num_bytes, &mind);
    free(bytes);
    return ok ? mind.weights : 0;
}

/* One's own agent for a game for two, and with_league three past selves: easy, normal, hard. */
static void make_strengths(bool with_league)
{
    char path[4096];
    why_t why;
    static char note[NOTE_BYTES];
    static league_t league;
    kit_forget();
    kit_learn_kumite("versus", NULL);
    if (!with_league) return;
    snprintf(path, sizeof path, "%s/agent.safetensors", kit_game_dir(kit_kumite));
    league_begin_anew(&league, kit_game_dir(kit_kumite));
    league.size = 4;
    policy_t *policy;
    if (policy_load(&policy, path, note, sizeof note, why) != AGENT_OK) fail_msg("%s", why);
    const size_t num_weights = policy_num_weights(policy);
    float *weights = malloc(num_weights * sizeof *weights);
    assert_non_null(weights);
    policy_write_greedy_weights(policy, weights);
    for (int32_t i = 0; i < LEAGUE_BEST; i++) {
        for (size_t w = 0; w < num_weights; w++) /* others, that play another game */
            weights[w] *= w % (size_t)(i + 2) ? 0.5f : -0.5f;
        policy_take_weights(policy, weights);
        if (!league_add(&league, policy, note, 100 * (uint64_t)(i + 1), why)) fail_msg("%s", why);
        league.strengths[i] = i + 1;
    }
    if (!league_save(&league, why)) fail_msg("%s", why);
    free(weights);
    policy_destroy(policy);
}

static void nap(double seconds)
{
    const struct timespec time = { (time_t)seconds, (long)(seconds * 1e9) % 1000000000 };
    nanosleep(&time, NULL);
}

static void wait_for_fight(frontend_t *front)
{
    for (int i = 0; i < 3000; i++) {
        if (frontend_ram(front, KUMITE_FIGHT_ACTIVE) == 1) return;
        frontend_run(front, 1);
    }
    fail_msg("no fight began");
}

/* A fight whose first round ends as told; then the thread that reads weights has time for it.
 * presses: the human on pad 2 does something. */
static void play_round(frontend_t *front, bool human_wins, bool presses)
{
    front->core.reset();
    frontend_run(front, 5);
    wait_for_fight(front);
    frontend_run(front, 20);
    front->pad[1] = presses ? PAD_LEFT : 0;
    frontend_run(front, AUTO_STRENGTH_PRESSED_FRAMES + 10);
    front->pad[1] = 0;
    uint8_t *ram = front->core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM);
    ram[KUMITE_HEALTH + (human_wins ? 0 : 1)] = 0;
    for (int i = 0; i < 600 && frontend_ram(front, KUMITE_FIGHT_ACTIVE) == 1; i++)
        frontend_run(front, 1);
    assert_int_not_equal(frontend_ram(front, KUMITE_FIGHT_ACTIVE), 1);
    frontend_run(front, 10);
    nap(1.3);
    frontend_run(front, 5);
}

static void open_game(frontend_t *front, const char *strength)
{
    kit_open(front);
    frontend_set_option(front, "kata_strength", strength);
    assert_true(frontend_load(front, kit_kumite));
    frontend_run(front, 5);
}

/* Rounds until it is said. How many; fails when that takes too long. */
static int play_until(frontend_t *front, bool human_wins, const char *said)
{
    front->num_messages = 0;
    for (int i = 1; i <= LIMIT_ROUNDS; i++) {
        play_round(front, human_wins, true);
        if (frontend_was_told(front, said)) return i;
    }
    fail_msg("\"%s\" was not said within %d rounds", said, LIMIT_ROUNDS);
    return 0;
}

static void test_a_changed_strength_is_taken_between_two_rounds(void **state)
{
    (void)state;
    frontend_t front;
    uint64_t minds[LEAGUE_NUM_STRENGTHS];
    make_strengths(true);
    for (int s = 0; s < LEAGUE_NUM_STRENGTHS; s++) {
        open_game(&front, league_strength_names[s]);
        minds[s] = mind_of(&front);
        for (int i = 0; i < s; i++) assert_true(minds[s] != 0 && minds[s] != minds[i]);
        frontend_close(&front);
    }
    open_game(&front, "best");
    wait_for_fight(&front);
    frontend_run(&front, 30);
    for (int s = LEAGUE_EASY; s <= LEAGUE_BEST; s++) {
        char said[64];
        snprintf(said, sizeof said, "strength %s from this round on", league_strength_names[s]);
        const uint64_t before = mind_of(&front);
        frontend_set_option(&front, "kata_strength", league_strength_names[s]);
        frontend_run(&front, 1);
        nap(1.3); /* its weights wait now, and the round goes on */
        frontend_run(&front, 30);
        assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 1);
        assert_true(mind_of(&front) == before);
        assert_false(frontend_was_told(&front, said));
        play_until(&front, true, said);
        assert_true(mind_of(&front) == minds[s]);
        wait_for_fight(&front);
        frontend_run(&front, 30);
    }
    frontend_close(&front);
}

/* A newer checkpoint is the agent's own: whoever plays an easy one goes on with that. */
static void test_a_newer_agent_does_not_replace_another_strength(void **state)
{
    (void)state;
    frontend_t front;
    make_strengths(true);
    open_game(&front, "easy");
    const uint64_t easy = mind_of(&front);
    char from[4096], to[4096];
    snprintf(from, sizeof from, "%s/league/0003.safetensors", kit_game_dir(kit_kumite));
    snprintf(to, sizeof to, "%s/agent.safetensors", kit_game_dir(kit_kumite));
    kit_copy(from, to);
    for (int i = 0; i < 3; i++) play_round(&front, false, false);
    assert_false(frontend_was_told(&front, "it plays with what was learned meanwhile"));
    assert_true(mind_of(&front) == easy);
    frontend_close(&front);
}

static void test_strengths_that_are_missing_are_said(void **state)
{
    (void)state;
    frontend_t front;
    make_strengths(false);
    open_game(&front, "best");
    const uint64_t best = mind_of(&front);
    frontend_set_option(&front, "kata_strength", "easy");
    play_until(&front, true, "has 0 past selves, and strengths need 3");
    assert_true(frontend_was_told(&front, "strength best plays on, not easy: "));
    assert_true(mind_of(&front) == best);
    frontend_set_option(&front, "kata_strength", "auto");
    play_until(&front, false, "strength best plays on, not hard: ");
    assert_true(mind_of(&front) == best);
    frontend_close(&front);
}

static void test_the_strength_follows_what_a_human_wins(void **state)
{
    (void)state;
    frontend_t front;
    make_strengths(true);
    open_game(&front, "auto");
    const uint64_t normal = mind_of(&front);
    assert_int_equal(
        play_until(&front, true, "you won most of the last rounds: strength hard from this round"),
        AUTO_STRENGTH_LEAD);
    assert_int_equal(play_until(&front, true, "strength best from this round on"),
                     AUTO_STRENGTH_LEAD);
    front.num_messages = 0;
    for (int i = 0; i < AUTO_STRENGTH_LEAD + 1; i++) play_round(&front, true, true); /* the end */
    assert_false(frontend_was_told(&front, "strength "));
    play_round(&front, false, true); /* one lost among them is not enough */
    assert_false(frontend_was_told(&front, "strength "));
    assert_in_range(play_until(&front, false,
                               "you lost most of the last rounds: strength hard from this round"),
                    AUTO_STRENGTH_LEAD - 1, AUTO_STRENGTH_LEAD + 1);
    assert_int_equal(play_until(&front, false, "strength normal from this round on"),
                     AUTO_STRENGTH_LEAD);
    assert_true(mind_of(&front) == normal);
    assert_int_equal(play_until(&front, false, "strength easy from this round on"),
                     AUTO_STRENGTH_LEAD);
    front.num_messages = 0;
    for (int i = 0; i < AUTO_STRENGTH_LEAD + 1; i++) play_round(&front, false, true);
    assert_false(frontend_was_told(&front, "strength "));
    frontend_close(&front);
}

static void test_the_next_evening_begins_where_the_last_ended(void **state)
{
    (void)state;
    frontend_t front;
    char path[4096];
    make_strengths(true);
    open_game(&front, "auto");
    const uint64_t normal = mind_of(&front);
    play_until(&front, true, "strength hard from this round");
    const uint64_t hard = mind_of(&front);
    frontend_close(&front);
    open_game(&front, "auto");
    assert_true(mind_of(&front) == hard);
    frontend_close(&front);
    open_game(&front, "normal"); /* what is chosen by name is not asked of the last evening */
    assert_true(mind_of(&front) == normal);
    frontend_set_option(&front, "kata_strength", "easy"); /* ... and tells the next one nothing */
    play_until(&front, true, "strength easy from this round");
    frontend_close(&front);
    open_game(&front, "auto");
    assert_true(mind_of(&front) == hard);
    frontend_close(&front);
    snprintf(path, sizeof path, "%s/auto_strength", kit_game_dir(kit_kumite));
    kit_write(path, "hardest\n", 8);
    open_game(&front, "auto");
    assert_true(mind_of(&front) == normal);
    frontend_close(&front);
}

/* Half of the rounds are won; then nobody holds the other pad: the strength stays. */
static void test_what_does_not_change_the_strength(void **state)
{
    (void)state;
    frontend_t front;
    make_strengths(true);
    open_game(&front, "auto");
    const uint64_t normal = mind_of(&front);
    for (int i = 0; i < AUTO_STRENGTH_ROUNDS + 2; i++) play_round(&front, i % 2 == 0, true);
    for (int i = 0; i < AUTO_STRENGTH_ROUNDS; i++) play_round(&front, true, false);
    assert_false(frontend_was_told(&front, "from this round on"));
    assert_true(mind_of(&front) == normal);
    frontend_close(&front);
}

/* ---- two instances, one ahead (test_exact_cores.c) ---- */

static uint64_t memory_of(frontend_t *front)
{
    return frontend_hash(0, front->core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM), 2048);
}

static void hand_over(frontend_t *first, frontend_t *second)
{
    const size_t num_bytes = first->core.serialize_size();
    assert_int_equal(second->core.serialize_size(), num_bytes);
    uint8_t *bytes = calloc(1, num_bytes);
    assert_non_null(bytes);
    assert_true(first->core.serialize(bytes, num_bytes));
    assert_true(second->core.unserialize(bytes, num_bytes));
    free(bytes);
}

/* How many of the next frames are the same in both, from one state on; INT_MAX: all. */
static int frames_alike(frontend_t *first, frontend_t *second)
{
    enum { FRAMES = 300 };
    int alike = 0;
    for (int i = 0; i < FRAMES; i++) {
        frontend_run(first, 1);
        frontend_run(second, 1);
        if (memory_of(first) != memory_of(second)) return alike;
        alike++;
    }
    return alike == FRAMES ? INT_MAX : alike;
}

static void test_the_second_of_two_instances_changes_with_the_first(void **state)
{
    (void)state;
    static frontend_t fronts[2];
    frontend_t *const first = &fronts[0], *const second = &fronts[1];
    char copy[4096];
    glob_t found; /* under an .info that promises what a second instance needs */
    assert_int_equal(glob("/usr/lib/*/libretro/nestopia_libretro.so", 0, NULL, &found), 0);
    kit_install(found.gl_pathv[0], "nestopia", "nes");
    globfree(&found);
    make_strengths(true);
    snprintf(copy, sizeof copy, "%s", kit_path("second_libretro.so"));
    kit_copy(kit_plugin, copy);
    for (int i = 0; i < 2; i++) {
        frontend_open(&fronts[i], i == 0 ? kit_plugin : copy);
        fronts[i].save_dir = kit_dir;
        fronts[i].second = i == 1;
        strcpy(fronts[i].path, kit_plugin); /* a frontend names the file that it copied */
        frontend_init(&fronts[i]);
        frontend_set_option(&fronts[i], "kata_strength", "best");
        assert_true(frontend_load(&fronts[i], kit_kumite));
        frontend_run(&fronts[i], 30);
    }
    wait_for_fight(first);
    hand_over(first, second);
    assert_int_equal(frames_alike(first, second), INT_MAX);

    /* Both hear of the option: the first state of the other strength finds it ready. */
    for (int i = 0; i < 2; i++) {
        frontend_set_option(&fronts[i], "kata_strength", "easy");
        frontend_run(&fronts[i], 1);
    }
    const uint64_t best = mind_of(second);
    play_until(first, true, "strength easy from this round on");
    wait_for_fight(first);
    const uint64_t easy = mind_of(first);
    assert_true(easy != best && mind_of(second) == best);
    hand_over(first, second);
    assert_true(mind_of(second) == easy);
    assert_int_equal(frames_alike(first, second), INT_MAX);

    /* The first one's alone, as auto does it: looked for when the first state of it comes. */
    frontend_set_option(first, "kata_strength", "hard");
    play_until(first, true, "strength hard from this round on");
    wait_for_fight(first);
    const uint64_t hard = mind_of(first);
    hand_over(first, second);
    assert_true(mind_of(second) == easy);
    assert_in_range(frames_alike(first, second), 1, 299); /* what it shows is another's game */
    nap(1.3);
    hand_over(first, second);
    assert_true(mind_of(second) == hard);
    assert_int_equal(frames_alike(first, second), INT_MAX);
    assert_false(frontend_was_told(second, "from this round on")); /* once is enough */
    for (int i = 1; i >= 0; i--) frontend_close(&fronts[i]);
    kit_uninstall();
}

/* The rule alone: a round whose last frame is undone counts once, one that a human played on the
 * agent's pad never. */
static int32_t spar_round(auto_strength_t *auto_strength, bool holds_agents, preset_result_t result)
{
    for (int i = 0; i < AUTO_STRENGTH_PRESSED_FRAMES; i++)
        assert_int_equal(
            auto_strength_frame(auto_strength, true, holds_agents, false, PRESET_NO_RESULT), 0);
    auto_strength_frame(auto_strength, false, false, true, result); /* run ahead, and undone */
    auto_strength_jumped(auto_strength);
    assert_int_equal(auto_strength_frame(auto_strength, false, false, true, result), 0);
    return auto_strength_frame(auto_strength, false, false, false, PRESET_NO_RESULT);
}

static void test_what_counts_as_a_round(void **state)
{
    (void)state;
    auto_strength_t auto_strength = { 0 };
    for (int i = 0; i < 20; i++) {
        assert_int_equal(spar_round(&auto_strength, true, PRESET_LOST), 0);
        assert_int_equal(spar_round(&auto_strength, false, PRESET_NO_RESULT), 0);
    }
    for (int turn = 0; turn < 2; turn++)
        for (int i = 1; i <= AUTO_STRENGTH_LEAD; i++)
            assert_int_equal(spar_round(&auto_strength, false, PRESET_LOST),
                             i == AUTO_STRENGTH_LEAD);
    for (int i = 0; i < 5; i++) { /* five of six, one drawn */
        assert_int_equal(spar_round(&auto_strength, false, i == 1 ? PRESET_DRAWN : PRESET_WON),
                         i == 4 ? -1 : 0);
    }
    for (int i = 0; i < 30; i++)
        assert_int_equal(spar_round(&auto_strength, false, i % 3 == 0 ? PRESET_LOST : PRESET_DRAWN),
                         0);
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_changed_strength_is_taken_between_two_rounds),
        cmocka_unit_test(test_a_newer_agent_does_not_replace_another_strength),
        cmocka_unit_test(test_strengths_that_are_missing_are_said),
        cmocka_unit_test(test_the_strength_follows_what_a_human_wins),
        cmocka_unit_test(test_the_next_evening_begins_where_the_last_ended),
        cmocka_unit_test(test_what_does_not_change_the_strength),
        cmocka_unit_test(test_the_second_of_two_instances_changes_with_the_first),
        cmocka_unit_test(test_what_counts_as_a_round),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
