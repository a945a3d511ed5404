/* test_actor_deaths.c - every way in which an actor ends: crashes, hangs, memory, cores that
 * misbehave; and what looks like it and is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "actor_pool.h"
#include "children.h"
#include "kumite.h"
#include "pools.h"
#include "why.h"

/* Where both are as urgent, the kernel lets actors run until they may go no further, and then one
 * of their processors waits for the learner on another's. */
static void test_actors_let_the_learner_go_first(void **state)
{
    (void)state;
    const actor_pool_config_t config = pools_of_kumite(1);
    const int ours = getpriority(PRIO_PROCESS, 0);
    actor_pool_t *pool = pools_start(&config);
    actor_pool_allow(pool, UINT64_MAX);
    actor_turn_t turn;
    pools_next_turn(pool, &turn);
    const int theirs = getpriority(PRIO_PROCESS, (id_t)children_newest());
    actor_pool_stop(pool);
    assert_int_equal(theirs, ours + 3 > 19 ? 19 : ours + 3);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), ours);
}

static void test_an_actor_that_crashes_is_named_and_plays_on(void **state)
{
    (void)state;
    const actor_pool_config_t config = pools_of_kumite(2);
    actor_pool_t *pool = pools_start(&config);
    actor_pool_allow(pool, UINT64_MAX);
    actor_turn_t turn;
    why_t news, why;
    kill(children_newest(), SIGSEGV); /* the second */
    assert_false(pools_wait_for_news(pool, news, why));
    assert_non_null(strstr(news, "kumite.nes"));
    assert_non_null(strstr(news, "SIGSEGV"));
    assert_int_equal(actor_pool_deaths(pool), 1);
    bool began = false, decided = false;
    while (!decided) { /* it begins an episode, then decides */
        pools_next_turn(pool, &turn);
        if (turn.actor != 1) continue;
        began |= turn.began;
        decided = began && !turn.began;
    }
    bool given_up = false;
    for (int32_t death = 0; death < 40 && !given_up; death++) { /* again and again: given up */
        kill(children_newest(), SIGKILL);
        given_up = pools_wait_for_news(pool, news, why);
    }
    assert_true(given_up);
    assert_non_null(strstr(why, "given up"));
    actor_pool_stop(pool);
}

static void test_an_actor_that_hangs_is_ended(void **state)
{
    (void)state;
    actor_pool_config_t config = pools_of_kumite(1);
    config.silence_limit_ms = 700;
    actor_pool_t *pool = pools_start(&config);
    actor_pool_allow(pool, UINT64_MAX);
    actor_turn_t turn;
    for (int32_t i = 0; i < 10; i++) pools_next_turn(pool, &turn);
    kill(children_newest(), SIGSTOP);
    why_t news, why;
    assert_false(pools_wait_for_news(pool, news, why));
    assert_non_null(strstr(news, "no frame for 0.7 s"));
    do pools_next_turn(pool, &turn);
    while (!turn.began);
    actor_pool_stop(pool);
}

/* Each of these ends an actor in the middle of a macro, of which the pool hears nothing else; it is
 * said, counted, and played on by a new one. */
static void test_a_core_that_hangs_leaks_or_dies_is_started_again(void **state)
{
    (void)state;
    static const struct {
        const char *words, *says;
    } cases[] = {
        { "hang_at=60", "game.fake: no frame for 0.8 s, ended" },
        { "leaks=4", "MiB of memory, more than 200, ended" },
        { "crash_at=60", "game.fake: crashed with SIGABRT" },
        { "exit_at=60", "game.fake: ended with exit code 3" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        actor_pool_config_t config = pools_of_fake(2, cases[i].words);
        config.silence_limit_ms = 800;
        config.memory_limit_mib = 200;
        actor_pool_t *pool = pools_start(&config);
        actor_pool_allow(pool, UINT64_MAX);
        why_t news, why;
        if (pools_wait_for_news(pool, news, why)) fail_msg("%s: %s", cases[i].words, why);
        if (!strstr(news, cases[i].says)) fail_msg("%s: %s", cases[i].words, news);
        assert_true(actor_pool_deaths(pool) >= 1);
        const pid_t newest = children_newest();
        actor_turn_t turn;
        bool began = false;
        for (int32_t t = 0; t < 2000 && !began; t++) {
            if (actor_pool_turn(pool, &turn))
                began = turn.began;
            else
                actor_pool_wait(pool, 10);
        }
        assert_true(began && newest > 0);
        actor_pool_stop(pool);
        assert_int_equal(children_newest(), 0);
    }
}

/* While nobody watched (a save of gigabytes, an evaluation) an actor had to wait. Its first frame
 * after that may take longer than what is left of a limit that was over long ago. */
static void test_an_actor_is_not_blamed_for_time_that_nobody_watched(void **state)
{
    (void)state;
    actor_pool_config_t config = pools_of_fake(1, "frame_usec=150000");
    config.actor.max_idle_frames = 0;
    config.silence_limit_ms = 600;
    actor_pool_t *pool = pools_start(&config);
    why_t why;
    assert_true(actor_pool_watch(pool, why)); /* it waits for its first decision */
    nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
    actor_pool_allow(pool, 100);
    nanosleep(&(struct timespec){ .tv_nsec = 60000000 }, NULL); /* it plays its first frame */
    assert_true(actor_pool_watch(pool, why));
    assert_int_equal(actor_pool_deaths(pool), 0);
    actor_pool_stop(pool);
}

/* Waiting for permission is no silence. */
static void test_an_actor_that_must_wait_is_left_alone(void **state)
{
    (void)state;
    actor_pool_config_t config = pools_of_kumite(1);
    config.silence_limit_ms = 300;
    actor_pool_t *pool = pools_start(&config);
    why_t why;
    for (int32_t i = 0; i < 12; i++) {
        nanosleep(&(struct timespec){ .tv_nsec = 120000000 }, NULL);
        assert_true(actor_pool_watch(pool, why));
    }
    assert_int_equal(actor_pool_deaths(pool), 0);
    actor_pool_stop(pool);
}

static void test_an_actor_that_takes_too_much_memory_is_ended(void **state)
{
    (void)state;
    actor_pool_config_t config = pools_of_kumite(1);
    config.memory_limit_mib = 1;
    actor_pool_t *pool = pools_start(&config);
    why_t news, why;
    assert_false(pools_wait_for_news(pool, news, why));
    assert_non_null(strstr(news, "MiB of memory, more than 1"));
    actor_pool_stop(pool);
}

static void test_no_process_is_left(void **state)
{
    (void)state;
    assert_int_equal(children_newest(), 0);
}

static int unload(void **state)
{
    pools_forget_fake(state);
    return kumite_unload(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actors_let_the_learner_go_first),
        cmocka_unit_test(test_an_actor_that_crashes_is_named_and_plays_on),
        cmocka_unit_test(test_an_actor_that_hangs_is_ended),
        cmocka_unit_test(test_a_core_that_hangs_leaks_or_dies_is_started_again),
        cmocka_unit_test(test_an_actor_is_not_blamed_for_time_that_nobody_watched),
        cmocka_unit_test(test_an_actor_that_must_wait_is_left_alone),
        cmocka_unit_test(test_an_actor_that_takes_too_much_memory_is_ended),
        cmocka_unit_test(test_no_process_is_left),
    };
    return cmocka_run_group_tests(tests, kumite_load, unload);
}
