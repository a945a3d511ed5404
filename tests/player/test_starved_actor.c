/* test_starved_actor.c - an actor that gets little of a processor, or none, is silent without a
 * fault of its own; one that hangs is ended, whether it works, sleeps or is stopped. */
#define _GNU_SOURCE /* sched_getaffinity */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor_pool.h"
#include "children.h"
#include "clock.h"
#include "pools.h"
#include "processors.h"
#include "why.h"

enum { LIMIT_MS = 300 };

/* An actor on the first processor, whose core does as `words` say (fake_core.h); it has decided. */
static actor_pool_t *start(const char *words)
{
    actor_pool_config_t config = pools_of_fake(1, words);
    config.pins = true;
    config.silence_limit_ms = LIMIT_MS;
    config.actor.max_idle_frames = 0;
    actor_pool_t *pool = pools_start(&config);
    actor_turn_t turn = { .began = true };
    actor_pool_allow(pool, UINT64_MAX);
    for (int32_t i = 0; i < 1000 && turn.began; i++)
        if (!actor_pool_turn(pool, &turn)) actor_pool_wait(pool, 10);
    assert_false(turn.began);
    return pool;
}

static void look_after(actor_pool_t *pool)
{
    actor_turn_t turn;
    why_t why;
    while (actor_pool_turn(pool, &turn)) continue;
    actor_pool_wait(pool, 20);
    if (!actor_pool_watch(pool, why)) fail_msg("%s", why);
}

/* Works for ever on the actor's processor. is_first: it goes before all that are not; the process
 * ends if it may not. */
static pid_t hog(pid_t actor, bool is_first)
{
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    cpu_set_t same;
    const struct sched_param first = { .sched_priority = 1 };
    if (sched_getaffinity(actor, sizeof same, &same) != 0 ||
        sched_setaffinity(0, sizeof same, &same) != 0 ||
        (is_first && sched_setscheduler(0, SCHED_FIFO, &first) != 0))
        _exit(1);
    for (volatile uint64_t i = 0;; i++) continue;
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static bool has_one_processor(void)
{
    cpu_set_t allowed;
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    if (CPU_COUNT(&allowed) < 2) print_message("skipped: one processor\n");
    return CPU_COUNT(&allowed) < 2;
}

/* A process that goes before all others takes its processor for most of each second. */
static void test_an_actor_that_gets_no_processor_is_not_ended(void **state)
{
    (void)state;
    if (has_one_processor()) skip();
    actor_pool_t *pool = start("work_usec=1000");
    const pid_t first = hog(children_newest(), true);
    bool has_ended = false;
    for (int32_t i = 0; i < 75 && !has_ended; i++) {
        look_after(pool);
        has_ended = waitpid(first, NULL, WNOHANG) == first;
    }
    if (!has_ended) end(first);
    const uint32_t deaths = actor_pool_deaths(pool);
    actor_pool_stop(pool);
    if (has_ended) {
        print_message("skipped: no process may go before others here (SCHED_FIFO)\n");
        skip();
    }
    assert_int_equal(deaths, 0);
}

/* Fourteen processes that are more urgent leave it about a 28th of its processor, a slice in each
 * tenth of a second: a frame of 100 ms takes seconds, many times the limit. */
static void test_an_actor_that_gets_little_of_a_processor_is_not_ended(void **state)
{
    (void)state;
    enum { HOGS = 14 };
    if (has_one_processor()) skip();
    actor_pool_t *pool = start("work_usec=100000");
    const pid_t actor = children_newest();
    pid_t hogs[HOGS];
    for (int32_t i = 0; i < HOGS; i++) hogs[i] = hog(actor, false);
    const double had = processors_seconds_of(actor), began = clock_now();
    while (clock_now() - began < 6) look_after(pool);
    const double got = processors_seconds_of(actor) - had;
    for (int32_t i = 0; i < HOGS; i++) end(hogs[i]);
    const uint32_t deaths = actor_pool_deaths(pool);
    actor_pool_stop(pool);
    assert_int_equal(deaths, 0);
    assert_true(got > 0.01 && got < 3); /* starved, but not all the time */
}

/* Seconds until it was ended, at most ten of which the watch was kept. */
static double time_to_end(actor_pool_t *pool)
{
    const double began = clock_now();
    while (actor_pool_deaths(pool) == 0 && clock_now() - began < 10) look_after(pool);
    assert_int_equal(actor_pool_deaths(pool), 1);
    const char *news = actor_pool_news(pool);
    assert_non_null(strstr(news, "game.fake: no frame for 0.3 s, ended"));
    return clock_now() - began;
}

/* Within the limit, a look each 100 ms, and what a busy machine adds. */
static void test_an_actor_that_hangs_is_ended(void **state)
{
    (void)state;
    static const char *const words[] = { "spin_at=60", "hang_at=60", "frame_usec=2000" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        actor_pool_t *pool = start(words[i]);
        if (i == 2) kill(children_newest(), SIGSTOP);
        const double seconds = time_to_end(pool);
        if (i > 0 && !(seconds < 4)) fail_msg("\"%s\": ended after %.1f s", words[i], seconds);
        actor_pool_stop(pool);
    }
}

/* One that works and hangs has its limit in its own time: beside three others in about four times
 * as much. */
static void test_an_actor_that_hangs_among_others_is_ended(void **state)
{
    (void)state;
    enum { HOGS = 3 };
    if (has_one_processor()) skip();
    actor_pool_t *pool = start("spin_at=60");
    pid_t hogs[HOGS];
    for (int32_t i = 0; i < HOGS; i++) hogs[i] = hog(children_newest(), false);
    (void)time_to_end(pool);
    for (int32_t i = 0; i < HOGS; i++) end(hogs[i]);
    actor_pool_stop(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_actor_that_gets_no_processor_is_not_ended),
        cmocka_unit_test(test_an_actor_that_gets_little_of_a_processor_is_not_ended),
        cmocka_unit_test(test_an_actor_that_hangs_is_ended),
        cmocka_unit_test(test_an_actor_that_hangs_among_others_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, pools_forget_fake);
}
