/* kata_mode watch: what a human plays is learned from, and recorded; no pad is the agent's. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kit.h"
#include "policy.h"
#include "why.h"
#include "../leaky_cores.h"

/* In place of the C library's: not done, so that the test ends on a busy machine, too. */
__attribute__((visibility("default"))) int sched_setscheduler(pid_t pid, int policy,
                                                              const struct sched_param *param)
{
    (void)pid, (void)policy, (void)param;
    return 0;
}

enum { KUMITE_FACING = 0x316, LIMIT_S = 240 };

static frontend_t front;

static void open_to_watch(const char *mode)
{
    kit_capacity = 2000;
    kit_learn(kit_kumite, NULL);
    kit_capacity = 0;
    kit_open(&front);
    frontend_set_option(&front, "kata_mode", mode);
    if (!frontend_load(&front, kit_kumite)) fail_msg("%s", front.messages[0]);
}

/* The human goes to the fight, as nobody does it for him. */
static void go_to_the_fight(void)
{
    for (int i = 0; i < 1800 && frontend_ram(&front, KUMITE_FIGHT_ACTIVE) != 1; i++) {
        front.pad[0] = i % 40 < 4 ? PAD_START : 0;
        frontend_run(&front, 1);
    }
    front.pad[0] = 0;
    assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 1);
}

/* A number in the line: "| 12 decisions, 3 updates". */
static int in_line(const char *what)
{
    int decisions = -1, updates = -1;
    const char *bar = strstr(front.status, "| ");
    if (!bar || sscanf(bar, "| %d decisions, %d updates", &decisions, &updates) != 2)
        fail_msg("%s", front.status);
    return strcmp(what, "decisions") == 0 ? decisions : updates;
}

static void hold(uint16_t pad, int frames)
{
    const bool faces_left = frontend_ram(&front, KUMITE_FACING) == 1;
    if (faces_left && pad & (PAD_LEFT | PAD_RIGHT)) pad ^= PAD_LEFT | PAD_RIGHT;
    front.pad[0] = pad;
    frontend_run(&front, frames);
    front.pad[0] = 0;
}

/* A human who knows one move. */
static void throw_fireballs(int count)
{
    for (int n = 0; n < count; n++) {
        if (frontend_ram(&front, KUMITE_FIGHT_ACTIVE) != 1) go_to_the_fight();
        hold(PAD_DOWN, 4);
        hold(PAD_DOWN | PAD_RIGHT, 3);
        hold(PAD_RIGHT | PAD_B, 4);
        nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    }
}

static int num_recordings(void)
{
    char path[4096];
    int count = 0;
    snprintf(path, sizeof path, "%s/recordings", kit_game_dir(kit_kumite));
    DIR *dir = opendir(path);
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        count += strstr(entry->d_name, ".kata-recording") != NULL;
    if (dir) closedir(dir);
    return count;
}

/* How many of the next decisions that have a name are fireballs, in percent. */
static int percent_of_fireballs(int frames)
{
    int fireballs = 0, all = 0;
    for (int i = 0; i < frames; i++) {
        frontend_run(&front, 1);
        if (!strstr(front.status, "P1 agent")) continue;
        all++;
        fireballs += strstr(front.status, "Fireball") != NULL;
    }
    return all ? 100 * fireballs / all : 0;
}

static void test_a_human_is_imitated_and_recorded(void **state)
{
    (void)state;
    open_to_watch("watch");
    assert_true(frontend_was_told(&front, "it watches pad 1, which is yours, and learns Kumite"));
    frontend_run(&front, 300);
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1); /* nobody went anywhere */
    assert_int_equal(in_line("decisions"), 0);
    go_to_the_fight();
    const time_t began = time(NULL);
    while (in_line("updates") < 150) {
        throw_fireballs(20);
        if (time(NULL) - began > LIMIT_S) fail_msg("%s", front.status);
    }
    assert_in_range(in_line("decisions"), 100, 1000);
    /* It plays what it saw: the hint of the first ten seconds stands where the move would. */
    frontend_set_option(&front, "kata_mode", "play");
    frontend_run(&front, 1);
    assert_true(frontend_was_told(&front, "it does not watch you any more"));
    for (int i = 0; i < 1500 && !strstr(front.status, "P1 agent, P2 you | Fireball"); i++) {
        frontend_run(&front, 1);
    }
    assert_in_range(percent_of_fireballs(1200), 60, 100);
    frontend_close(&front);
    assert_int_equal(num_recordings(), 1);
    kit_forget();
}

/* Where there is none yet it does not wait for the 1,600 decisions of a training. */
static void test_a_new_agent_learns_from_the_first_rounds(void **state)
{
    (void)state;
    kit_open(&front);
    frontend_set_option(&front, "kata_mode", "watch");
    if (!frontend_load(&front, kit_kumite)) fail_msg("%s", front.messages[0]);
    frontend_run(&front, 1);
    const time_t began = time(NULL);
    while (in_line("updates") < 20) {
        throw_fireballs(10);
        if (in_line("decisions") > 800 || time(NULL) - began > LIMIT_S)
            fail_msg("%s", front.status);
    }
    assert_in_range(in_line("decisions"), 200, 800);
    frontend_close(&front);
    kit_forget();
}

static void test_modes_change_while_it_watches(void **state)
{
    (void)state;
    static const char *const modes[] = { "watch", "learn", "watch", "coach",
                                         "watch", "off",   "watch", "play" };
    open_to_watch("learn");
    frontend_run(&front, 700);
    size_t num_bytes = front.core.serialize_size();
    uint8_t *saved = calloc(1, num_bytes);
    assert_non_null(saved);
    for (int i = 0; i < 8; i++) {
        frontend_set_option(&front, "kata_mode", modes[i]);
        frontend_run(&front, 1);
        assert_int_equal(front.core.serialize_size(), num_bytes);
        assert_true(front.core.serialize(saved, num_bytes));
        front.pad[0] = PAD_RIGHT;
        frontend_run(&front, 40);
        front.pad[0] = 0;
        frontend_run(&front, 40);
        if (strcmp(modes[i], "watch") == 0) {
            assert_non_null(strstr(front.status, "you play, it watches pad 1"));
            assert_int_equal(frontend_ram(&front, KUMITE_PAD), 0);
        }
        assert_true(front.core.unserialize(saved, num_bytes));
        frontend_run(&front, 10);
        if (i == 4) front.core.reset();
    }
    free(saved);
    frontend_close(&front);
    kit_forget();
}

/* test_watch PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_human_is_imitated_and_recorded),
        cmocka_unit_test(test_a_new_agent_learns_from_the_first_rounds),
        cmocka_unit_test(test_modes_change_while_it_watches),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
