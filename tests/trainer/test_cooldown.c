/* test_cooldown.c - how long a session is, by decisions, frames or the clock; in the last share of
 * it the learning rate falls, and the next session begins with the whole of it. */
#include "kata.h"
#include "learning.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

enum { SESSION_DECISIONS = 500 };

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define TRAIN(...)                                                                                 \
    "train", kata_rom(), "--workers", "1", "--dir", kata_path("cooled"), "--eval-episodes", "0",   \
        "--warmup", "64", "--updates-per-decision", "0.05", "--replay", "4000", "--batch", "2",    \
        __VA_ARGS__

static kata_run_t r;

/* What the learning rate is after so many decisions of a session. */
static double rate_after(double decisions, double cooldown)
{
    const double left = 1 - decisions / SESSION_DECISIONS;
    return 1e-4 * (cooldown > 0 && left < cooldown ? 0.02 + 0.98 * left / cooldown : 1);
}

/* The log of the last session, from its own line on; freed by the caller through *whole. */
static char *last_session(char **whole)
{
    size_t num_bytes;
    char *log = (char *)kata_read_file(kata_path("cooled/log.jsonl"), &num_bytes), *last = NULL;
    for (char *at = log; (at = strstr(at, "{\"kind\":\"session\"")); at++) last = at;
    assert_non_null(last);
    *whole = log;
    return last;
}

/* Each of its lines on training says the rate of then, or of up to a few decisions before. How many
 * there are that say less than the whole rate. */
static int32_t expect_rates(double cooldown)
{
    int32_t lines = 0, fallen = 0;
    char *log, *from = last_session(&log);
    double first = 0;
    for (char *line = strtok(from, "\n"); line; line = strtok(NULL, "\n")) {
        cJSON *object = cJSON_Parse(line);
        const cJSON *kind = cJSON_GetObjectItem(object, "kind");
        const double decisions = cJSON_GetNumberValue(cJSON_GetObjectItem(object, "decisions"));
        const double rate = cJSON_GetNumberValue(cJSON_GetObjectItem(object, "learning_rate"));
        if (line == from) first = decisions;
        if (cJSON_IsString(kind) && strcmp(kind->valuestring, "training") == 0) {
            const double least = rate_after(decisions - first, cooldown);
            const double most = rate_after(fmax(decisions - first - 8, 0), cooldown);
            if (!(rate >= least * 0.999 && rate <= most * 1.001))
                fail_msg("%g after %g decisions, not %g to %g", rate, decisions, least, most);
            lines++;
            fallen += rate < 0.99e-4;
        }
        cJSON_Delete(object);
    }
    free(log);
    assert_true(lines > 0);
    return fallen;
}

static void test_it_falls_within_a_session(void **state)
{
    (void)state;
    RUN(&r, TRAIN("--decisions", "500", "--cooldown", "0.5"));
    kata_expect(&r, 0);
    assert_true(expect_rates(0.5) > 0);
    RUN(&r, TRAIN("--decisions", "500", "--cooldown", "1"));
    kata_expect(&r, 0);
    assert_true(expect_rates(1) > 0);
}

/* By the clock, too: of six seconds the last round ends within the last ones. */
static void test_it_falls_by_the_clock(void **state)
{
    (void)state;
    RUN(&r, TRAIN("--fresh", "--minutes", "0.1", "--cooldown", "1"));
    kata_expect(&r, 0);
    char *log, *last = last_session(&log);
    for (char *at = last; (at = strstr(at, "\"learning_rate\":")); at++) last = at;
    const double rate = atof(last + strlen("\"learning_rate\":"));
    free(log);
    assert_true(rate > 1.9e-6 && rate < 3e-5); /* a turn may take long on a busy machine */
}

static void test_what_it_is_where_nothing_is_asked(void **state)
{
    (void)state;
    RUN(&r, TRAIN("--fresh", "--decisions", "500"));
    kata_expect(&r, 0);
    assert_true(expect_rates(LEARNING_COOLDOWN) > 0);
    RUN(&r, TRAIN("--fresh", "--decisions", "500", "--cooldown", "0"));
    kata_expect(&r, 0);
    assert_int_equal(expect_rates(0), 0);
    RUN(&r, TRAIN("--fresh", "--decisions", "500", "--repeatable"));
    kata_expect(&r, 0);
    assert_int_equal(expect_rates(0), 0);
}

/* The frames and the learning rate that the last line on training says. */
static double last_frames(double *rate)
{
    char *log, *last = NULL;
    for (char *at = last_session(&log); (at = strstr(at, "{\"kind\":\"training\"")); at++)
        last = at;
    assert_non_null(last);
    *rate = atof(strstr(last, "\"learning_rate\":") + strlen("\"learning_rate\":"));
    const double frames = atof(strstr(last, "\"frames\":") + strlen("\"frames\":"));
    free(log);
    return frames;
}

/* A session ends with the decision by which so many frames have passed, a macro's length at most
 * behind them; the next one counts from there. */
static void test_it_ends_by_frames(void **state)
{
    (void)state;
    double rate;
    RUN(&r, TRAIN("--fresh", "--frames", "3000", "--cooldown", "0.5"));
    kata_expect(&r, 0);
    const double first = last_frames(&rate);
    assert_true(first >= 3000 && first < 3200);
    assert_true(rate < 0.04e-4);
    RUN(&r, TRAIN("--frames", "2000"));
    kata_expect(&r, 0);
    const double second = last_frames(&rate);
    assert_true(second >= first + 2000 && second < first + 2200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_falls_within_a_session),
        cmocka_unit_test(test_it_falls_by_the_clock),
        cmocka_unit_test(test_what_it_is_where_nothing_is_asked),
        cmocka_unit_test(test_it_ends_by_frames),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
