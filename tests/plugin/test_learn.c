/* kata_mode learn: the agent learns from what is played here, is saved, and goes on elsewhere. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"
#include "policy.h"
#include "why.h"
#include "../leaky_cores.h"

static atomic_int last_policy = -1;

/* In place of the C library's: what was asked for is looked at, and not done, so that the tests
 * end on a busy machine, too. */
__attribute__((visibility("default"))) int sched_setscheduler(pid_t pid, int policy,
                                                              const struct sched_param *param)
{
    (void)pid, (void)param;
    atomic_store(&last_policy, policy);
    return 0;
}

enum { KUMITE_FRAME_COUNT = 0x309, LIMIT_S = 900 };

static int forget(void **state)
{
    (void)state;
    kit_forget();
    return 0;
}

/* ---- what is saved --------------------------------------------------------------------------- */

static void file_of(char path[4096], const char *rom, const char *name)
{
    snprintf(path, 4096, "%s/%s", kit_game_dir(rom), name);
}

/* Decisions and updates of the saved agent; false: there is none. */
static bool saved(const char *rom, uint64_t *decisions, uint64_t *updates)
{
    char path[4096];
    policy_t *policy;
    why_t why;
    file_of(path, rom, "agent.safetensors");
    if (access(path, F_OK) != 0) return false;
    if (policy_load(&policy, path, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    policy_trained(policy, decisions, updates);
    policy_destroy(policy);
    return true;
}

/* The file's text, until the next call; "" if there is none. */
static const char *text_of(const char *rom, const char *name)
{
    static char text[1 << 16];
    char path[4096];
    file_of(path, rom, name);
    FILE *file = fopen(path, "r");
    const size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[length] = '\0';
    return text;
}

/* ---- playing --------------------------------------------------------------------------------- */

static void open_to_learn(frontend_t *front, const char *rom, const char *speed)
{
    kit_open(front);
    frontend_set_option(front, "kata_mode", "learn");
    frontend_set_option(front, "kata_learn_speed", speed);
    if (!frontend_load(front, rom)) fail_msg("%s", front->messages[0]);
}

/* Rounds that the status line counts; -1: it counts none. */
static int rounds_on_screen(const frontend_t *front)
{
    const char *bar = strstr(front->status, "| ");
    int rounds = -1;
    if (!bar || !strstr(bar, " round")) return -1;
    return sscanf(bar, "| %d round", &rounds) == 1 ? rounds : -1;
}

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static void run_rounds(frontend_t *front, int rounds)
{
    const time_t began = time(NULL);
    while (rounds_on_screen(front) < rounds) {
        frontend_run(front, 10);
        nap(); /* not so much faster than a screen that the learner loses what it is handed */
        if (time(NULL) - began > LIMIT_S)
            fail_msg("%d rounds within %d s: %s", rounds, LIMIT_S, front->status);
    }
}

static int frame_count(const frontend_t *front)
{
    return frontend_ram(front, KUMITE_FRAME_COUNT) | frontend_ram(front, KUMITE_FRAME_COUNT + 1)
                                                         << 8;
}

/* Frames of the game in the next one of the frontend. */
static int frames_in_one(frontend_t *front)
{
    const int before = frame_count(front);
    frontend_run(front, 1);
    return (frame_count(front) - before) & 0xffff;
}

/* Until several frames of the game pass in one of the frontend, which on a slow machine waits for
 * the learner to have caught up. */
static void run_until_fast(frontend_t *front)
{
    const time_t began = time(NULL);
    for (int frames = 0; frames < 2;) {
        frames = frames_in_one(front);
        assert_in_range(frames, 0, 4);
        nap();
        if (time(NULL) - began > LIMIT_S) fail_msg("still 1x after %d s", LIMIT_S);
    }
}

static uint64_t hash_of_ram(const frontend_t *front)
{
    uint64_t hash = 0;
    for (size_t at = 0; at < 2048; at++) {
        const uint8_t byte = frontend_ram(front, at);
        hash = frontend_hash(hash, &byte, 1);
    }
    return hash;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_an_untrained_game_is_learned_from_nothing_and_goes_on(void **state)
{
    (void)state;
    frontend_t front;
    uint64_t decisions, updates, more;
    open_to_learn(&front, kit_kumite, "max");
    assert_true(frontend_was_told(&front, "it learns Kumite from nothing"));
    assert_false(frontend_was_told(&front, "no agent has learned"));
    assert_false(front.achievements);
    run_rounds(&front, 3);
    assert_non_null(strstr(front.status, "P1 learns"));
    assert_non_null(strstr(front.status, "% of the last 3"));
    assert_false(saved(kit_kumite, &decisions, &updates)); /* not before a minute */
#ifdef SCHED_IDLE
    assert_int_equal(atomic_load(&last_policy), SCHED_IDLE);
#endif
    frontend_close(&front);
    assert_true(saved(kit_kumite, &decisions, &updates));
    assert_in_range(decisions, 50, 100000);
    assert_non_null(strstr(text_of(kit_kumite, "train.state"), "\"core\":\t\"nestopia\""));
    assert_non_null(strstr(text_of(kit_kumite, "log.jsonl"), "\"kind\":\"training\""));
    assert_non_null(strstr(text_of(kit_kumite, "preset.json"), "Kumite"));

    char command[8192]; /* the other face goes on with it, and this one again */
    snprintf(command, sizeof command,
             "%s/kata train %s --decisions 40 --workers 1 --eval-episodes 0 >%s 2>&1",
             getenv("KATA_BUILD") ? getenv("KATA_BUILD") : "build/release", kit_kumite,
             kit_path("train.log"));
    assert_int_equal(system(command), 0);
    assert_true(saved(kit_kumite, &more, &updates));
    assert_in_range(more, decisions + 40, decisions + 60);
    open_to_learn(&front, kit_kumite, "4x");
    char said[64];
    snprintf(said, sizeof said, "it goes on learning Kumite, from %d decisions", (int)more);
    assert_true(frontend_was_told(&front, said));
    frontend_close(&front); /* nothing was decided, so nothing is saved */
    assert_true(saved(kit_kumite, &decisions, &updates));
    assert_int_equal(decisions, more);
}

/* The tests' own agent, of few decisions of warm-up: weights change soon. */
static void test_weights_change_between_rounds_and_a_round_replays_exactly(void **state)
{
    (void)state;
    enum { FRAMES = 6000 };
    static uint64_t hashes[FRAMES];
    frontend_t front;
    kit_learn(kit_kumite, NULL);
    open_to_learn(&front, kit_kumite, "1x");
    run_rounds(&front, 1); /* the weights of another round are in force by now */
    while (!frontend_ram(&front, KUMITE_FIGHT_ACTIVE)) frontend_run(&front, 1);
    frontend_run(&front, 60);
    const size_t num_bytes = front.core.serialize_size();
    uint8_t *bytes = calloc(1, num_bytes);
    assert_non_null(bytes);
    assert_true(front.core.serialize(bytes, num_bytes));
    const uint64_t before = hash_of_ram(&front);

    int num_frames = 0; /* to the end of the round, while the learner goes on */
    for (; num_frames < FRAMES && frontend_ram(&front, KUMITE_FIGHT_ACTIVE); num_frames++) {
        frontend_run(&front, 1);
        hashes[num_frames] = hash_of_ram(&front);
        if (num_frames % 4 == 0) nap();
    }
    num_frames--; /* in the last one the round was over */
    assert_in_range(num_frames, 100, FRAMES - 1);

    /* The round's weights must still be there: back before the end of it, and again. */
    assert_true(front.core.unserialize(bytes, num_bytes));
    assert_true(hash_of_ram(&front) == before);
    for (int i = 0; i < num_frames / 2; i++) {
        frontend_run(&front, 1);
        if (hash_of_ram(&front) != hashes[i]) fail_msg("frame %d of %d differs", i, num_frames);
    }
    assert_true(front.core.unserialize(bytes, num_bytes));
    for (int i = 0; i < num_frames; i++) {
        frontend_run(&front, 1);
        if (hash_of_ram(&front) != hashes[i]) fail_msg("frame %d of %d differs", i, num_frames);
    }
    run_rounds(&front, 4); /* and then it goes on, with what was learned meanwhile */
    frontend_close(&front);
    uint64_t decisions, updates;
    assert_true(saved(kit_kumite, &decisions, &updates));
    /* One for two decisions, but for those of the warm-up and those that are not taken yet. */
    assert_in_range(updates, (decisions - 32) / 2 - 20, decisions / 2);
    free(bytes);
}

static void test_a_running_training_is_followed(void **state)
{
    (void)state;
    frontend_t front;
    kit_learn(kit_kumite, NULL);
    char dir[2048];
    strcpy(dir, kit_game_dir(kit_kumite));
    const int fd = open(dir, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    open_to_learn(&front, kit_kumite, "max");
    assert_true(frontend_was_told(&front, "`kata train` learns this game now"));
    assert_true(frontend_was_told(&front, "the agent for Kumite plays on pad 1"));
    for (int i = 0; i < 60; i++) frontend_run(&front, 10);
    assert_false(frontend_was_told(&front, "it plays with what was learned meanwhile"));

    kit_learn_other(kit_kumite, NULL, 8); /* it saves */
    const time_t began = time(NULL);
    while (!frontend_was_told(&front, "it plays with what was learned meanwhile")) {
        frontend_run(&front, 10);
        if (time(NULL) - began > LIMIT_S) fail_msg("not taken within %d s", LIMIT_S);
    }
    close(fd); /* it ends: the next load learns */
    frontend_close(&front);
    open_to_learn(&front, kit_kumite, "max");
    assert_true(frontend_was_told(&front, "it goes on learning Kumite"));
    frontend_close(&front);
}

static void test_modes_may_change_at_any_time(void **state)
{
    (void)state;
    static const char *const modes[] = { "play", "learn", "off", "learn", "play", "off", "play" };
    frontend_t front;
    uint64_t decisions = 0, updates, before;
    kit_learn(kit_kumite, NULL);
    open_to_learn(&front, kit_kumite, "max");
    while (!frontend_ram(&front, KUMITE_FIGHT_ACTIVE)) frontend_run(&front, 1);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        const bool learned = i == 0 || strcmp(modes[i - 1], "learn") == 0;
        frontend_run(&front, 120 + 7 * (int)i);
        if (i == 6) front.core.reset();
        frontend_set_option(&front, "kata_mode", modes[i]);
        frontend_run(&front, 2);
        before = decisions;
        assert_true(saved(kit_kumite, &decisions, &updates));
        if (learned ? decisions <= before : decisions != before)
            fail_msg("change %d: %d decisions, %d before", (int)i, (int)decisions,
                     (int)before); /* each end is a save */
    }
    assert_true(frontend_was_told(&front, "it shall learn"));
    assert_true(frontend_was_told(&front, "it does not learn any more"));
    assert_non_null(strstr(front.status, "agent"));
    frontend_set_option(&front, "kata_mode", "learn");
    frontend_run(&front, 100);
    assert_true(frontend_load(&front, kit_kumite)); /* another game without an unload */
    frontend_run(&front, 100);
    frontend_close(&front);
}

static void test_without_an_agent_learning_begins_at_the_next_load(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "no agent has learned Kumite"));
    frontend_run(&front, 10);
    frontend_set_option(&front, "kata_mode", "learn");
    frontend_run(&front, 10);
    assert_true(frontend_was_told(&front, "it learns when the game is loaded again"));
    front.num_messages = 0;
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "it learns Kumite from nothing"));
    frontend_close(&front);
}

static void test_it_is_fast_until_a_human_plays(void **state)
{
    (void)state;
    frontend_t front;
    kit_learn(kit_kumite, NULL);
    open_to_learn(&front, kit_kumite, "4x");
    for (int i = 0; i < 200; i++) assert_in_range(frames_in_one(&front), 0, 4);
    run_until_fast(&front);
    assert_int_equal(front.num_polls, front.num_frames_shown); /* once a frame that is shown */

    for (int i = 0; i < 240; i++) {
        front.pad[1] = i < 30 ? PAD_LEFT : 0; /* then three seconds */
        assert_in_range(frames_in_one(&front), 0, i < 200 ? 1 : 4);
    }
    assert_true(frontend_was_told(&front, "you play: it learns at 1x until you let go"));
    run_until_fast(&front);

    front.hidden = true; /* the frontend runs frames that it does not show */
    for (int i = 0; i < 20; i++) assert_in_range(frames_in_one(&front), 0, 1);
    front.hidden = false;
    frontend_set_option(&front, "kata_mode", "play");
    frontend_run(&front, 2);
    for (int i = 0; i < 20; i++) assert_in_range(frames_in_one(&front), 0, 1);
    frontend_close(&front);
}

static void test_no_states_for_run_ahead_while_it_learns(void **state)
{
    (void)state;
    frontend_t front;
    kit_learn(kit_kumite, NULL);
    open_to_learn(&front, kit_kumite, "1x");
    frontend_run(&front, 5);
    assert_true(front.core.serialize_size() > 0);
    front.for_now = true;
    assert_int_equal(front.core.serialize_size(), 0);
    front.for_now = false;
    frontend_close(&front);
}

static void test_hidden_frames_are_not_learned_from(void **state)
{
    (void)state;
    frontend_t front;
    uint64_t decisions, updates;
    kit_learn(kit_kumite, NULL);
    open_to_learn(&front, kit_kumite, "1x");
    front.hidden = true;
    frontend_run(&front, 1200);
    frontend_close(&front);
    assert_true(saved(kit_kumite, &decisions, &updates));
    assert_int_equal(decisions, 0);
}

static void test_netplay_ends_learning_for_as_long(void **state)
{
    (void)state;
    frontend_t front;
    uint64_t decisions, updates;
    kit_install("/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so", "nestopia", "nes");
    kit_learn(kit_kumite, NULL);
    open_to_learn(&front, kit_kumite, "1x");
    frontend_run(&front, 600);
    front.netplay = true;
    (void)front.core.serialize_size();
    assert_true(saved(kit_kumite, &decisions, &updates));
    assert_true(decisions > 0);
    frontend_run(&front, 2);
    assert_true(frontend_was_told(&front, "netplay: all need agent"));
    assert_null(strstr(front.status, "learns"));
    front.netplay = false;
    frontend_run(&front, 400);
    assert_non_null(strstr(front.status, "learns"));
    frontend_close(&front);
    kit_uninstall();
}

/* Nobody described it: pictures that were not seen yet are the reward, and a round is so many
 * steps. */
static void test_a_game_without_preset_is_learned_by_novelty(void **state)
{
    (void)state;
    frontend_t front;
    uint64_t decisions, updates;
    char rom[4096];
    strcpy(rom, kit_path("Nobody Knows.nes"));
    char source[2048];
    snprintf(source, sizeof source, "%s/tests/pad_echo/pad_echo.nes",
             getenv("KATA_BUILD") ? getenv("KATA_BUILD") : "build/release");
    kit_copy(source, rom);
    open_to_learn(&front, rom, "max");
    assert_true(frontend_was_told(&front, "from nothing, by what it has not seen yet"));
    run_rounds(&front, 1);
    assert_null(strstr(front.status, "%"));
    frontend_close(&front);
    assert_true(saved(rom, &decisions, &updates));
    assert_true(decisions > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_an_untrained_game_is_learned_from_nothing_and_goes_on, forget),
        cmocka_unit_test_setup(test_weights_change_between_rounds_and_a_round_replays_exactly,
                               forget),
        cmocka_unit_test_setup(test_a_running_training_is_followed, forget),
        cmocka_unit_test_setup(test_modes_may_change_at_any_time, forget),
        cmocka_unit_test_setup(test_without_an_agent_learning_begins_at_the_next_load, forget),
        cmocka_unit_test_setup(test_it_is_fast_until_a_human_plays, forget),
        cmocka_unit_test_setup(test_no_states_for_run_ahead_while_it_learns, forget),
        cmocka_unit_test_setup(test_hidden_frames_are_not_learned_from, forget),
        cmocka_unit_test_setup(test_netplay_ends_learning_for_as_long, forget),
        cmocka_unit_test_setup(test_a_game_without_preset_is_learned_by_novelty, forget),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
