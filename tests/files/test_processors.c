/* test_processors.c - which process could run, told from those that wait for something else. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "processors.h"

static void nap(int32_t ms)
{
    nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L }, NULL);
}

static pid_t child(bool spins)
{
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nobody */
    prctl(PR_SET_NAME, "a) R b");     /* a name is anything */
    for (volatile uint64_t i = 0;; i++)
        if (!spins) pause();
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Within two seconds it is found so. */
static bool becomes(pid_t pid, bool runnable)
{
    for (int32_t i = 0; i < 200; i++, nap(10))
        if (processors_is_runnable(pid) == runnable) return true;
    return false;
}

static void test_who_could_run_and_who_waits(void **state)
{
    (void)state;
    const pid_t spinning = child(true), sleeping = child(false);
    assert_true(becomes(spinning, true));
    assert_true(becomes(sleeping, false));
    nap(50);
    assert_false(processors_is_runnable(sleeping));
    kill(spinning, SIGSTOP);
    assert_true(becomes(spinning, false));
    end(sleeping);
    end(spinning);
    assert_false(processors_is_runnable(spinning));
}

static void test_seconds_had(void **state)
{
    (void)state;
    const pid_t spinning = child(true), sleeping = child(false);
    for (int32_t i = 0; i < 300 && processors_seconds_of(spinning) < 0.02; i++) nap(10);
    assert_true(processors_seconds_of(spinning) >= 0.02);
    assert_true(processors_seconds_of(sleeping) < 0.02);
    end(sleeping);
    end(spinning);
    assert_true(processors_seconds_of(spinning) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_could_run_and_who_waits),
        cmocka_unit_test(test_seconds_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
