/* test_starved_actor.c - an actor that gets no processor is silent without a fault of its own. */
#define _GNU_SOURCE /* sched_getaffinity */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor_pool.h"
#include "children.h"
#include "kumite.h"
#include "why.h"

/* A process that goes before all others takes its processor for most of each second. */
static void test_an_actor_that_gets_no_processor_is_not_ended(void **state)
{
    (void)state;
    cpu_set_t allowed;
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    if (CPU_COUNT(&allowed) < 2) {
        print_message("skipped: one processor\n");
        skip();
    }
    actor_pool_config_t config = {
        .num_actors = 1,
        .pins = true,
        .silence_limit_ms = 300,
        .actor = { .core_path = kumite_core,
                   .content_path = kumite_rom,
                   .preset = kumite_preset,
                   .start = preset_default_start(kumite_preset),
                   .discount_per_step = 0.99f,
                   .novelty = NAN,
                   .seed = 5,
                   .who = ACTOR_RANDOM },
    };
    actor_pool_t *pool;
    actor_turn_t turn;
    why_t why;
    if (!actor_pool_start(&pool, &config, why)) fail_msg("%s", why);
    actor_pool_allow(pool, UINT64_MAX);
    for (int32_t i = 0; i < 1000 && !actor_pool_turn(pool, &turn); i++) actor_pool_wait(pool, 10);
    const pid_t actor = children_newest(), hog = fork();
    if (hog == 0) {
        cpu_set_t same;
        const struct sched_param first = { .sched_priority = 1 };
        if (sched_getaffinity(actor, sizeof same, &same) != 0 ||
            sched_setaffinity(0, sizeof same, &same) != 0 ||
            sched_setscheduler(0, SCHED_FIFO, &first) != 0)
            _exit(1);
        for (volatile uint64_t i = 0;; i++) continue;
    }
    bool is_watched = true, has_ended = false;
    for (int32_t i = 0; i < 75 && is_watched && !has_ended; i++) {
        while (actor_pool_turn(pool, &turn)) continue;
        actor_pool_wait(pool, 20);
        is_watched = actor_pool_watch(pool, why);
        has_ended = waitpid(hog, NULL, WNOHANG) == hog;
    }
    if (!has_ended) {
        kill(hog, SIGKILL);
        waitpid(hog, NULL, 0);
    }
    const uint32_t deaths = actor_pool_deaths(pool);
    actor_pool_stop(pool);
    if (has_ended) {
        print_message("skipped: no process may go before others here (SCHED_FIFO)\n");
        skip();
    }
    assert_true(is_watched);
    assert_int_equal(deaths, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_actor_that_gets_no_processor_is_not_ended),
    };
    return cmocka_run_group_tests(tests, kumite_load, kumite_unload);
}
