/* test_watched.c - a training that is watched: what it leaves in its folder while it runs, and for
 * TensorBoard. */
#include "kata.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_reader.h"
#include "live.h"
#include "moves.h"
#include "pages.h"

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define CHEAP "--warmup", "64", "--updates-per-decision", "0.05", "--replay", "4000", "--batch", "4"

static kata_run_t r;

static const char *dir(void)
{
    return kata_path("watched");
}

/* Once for all tests: they look at what it left. */
static int train(void **state)
{
    if (kata_setup(state) != 0) return -1;
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir(), "--decisions", "300",
        "--eval-episodes", "1", "--eval-every", "150", "--similarity", "meta", "--tensorboard",
        CHEAP);
    return r.status;
}

static void test_live_json_says_how_the_training_ended(void **state)
{
    (void)state;
    static live_view_t view;
    why_t why;
    if (!live_read(&view, dir(), why)) fail_msg("%s", why);
    assert_int_equal(view.state, LIVE_ENDED);
    assert_int_equal(view.decisions, 300);
    assert_true(view.updates > 0 && view.frames > 600 && view.time > 1e9);
    assert_true(view.has_similarity && view.num_moves > 3 && view.has_picture);
    double sum = 0;
    for (int32_t i = 0; i < view.num_moves; i++) sum += view.moves[i].share;
    assert_true(fabs(sum - 1) < 0.01);
    int32_t grays[256] = { 0 }, num_grays = 0; /* a picture of a game, not one colour */
    for (size_t i = 0; i < sizeof view.picture; i++) num_grays += grays[view.picture[i]]++ == 0;
    assert_true(num_grays > 5);

    cJSON *session = live_read_session(dir(), why);
    if (!session) fail_msg("%s", why);
    assert_string_equal(live_text(session, "game"), "Kumite");
    assert_string_equal(live_text(session, "core"), "nestopia");
    assert_string_equal(live_action(session, 12, false), "Fireball");
    const cJSON *settings = cJSON_GetObjectItem(session, "settings");
    assert_int_equal(cJSON_GetObjectItem(settings, "batch")->valueint, 4);
    assert_string_equal(live_text(settings, "similarity"), "meta");
    cJSON_Delete(session);
}

static void test_the_log_says_which_moves_were_played(void **state)
{
    (void)state;
    moves_t moves;
    assert_true(moves_read(&moves, dir(), 24));
    assert_true(moves.num_records > 0);
    assert_true(moves.decisions[moves.num_records - 1] >= 300);
    moves_free(&moves);
}

static void test_tensorboard_reads_what_was_logged(void **state)
{
    (void)state;
    static event_read_t events[512];
    char folder[600], name[256];
    snprintf(folder, sizeof folder, "%s/tensorboard", dir());
    assert_true(kata_finds(folder, "events.out.tfevents.", name));
    const int32_t count = event_reader_read(pages_path(folder, name), events, 512);
    assert_string_equal(events[0].version, "brain.Event:2");
    assert_int_equal(events[1].status, 1);
    static const char *const tags[] = { "training/epsilon", "learning/loss", "evaluation/win_rate",
                                        "similarity/mean" };
    for (size_t t = 0; t < sizeof tags / sizeof tags[0]; t++) {
        int32_t found = 0;
        for (int32_t i = 0; i < count; i++) found += strcmp(events[i].tag, tags[t]) == 0;
        if (found == 0) fail_msg("no %s among %d events", tags[t], count);
    }
    assert_int_equal(events[count - 1].step, 300); /* the evaluation at the end */

    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("unwatched"), "--decisions",
        "20", "--eval-episodes", "0", CHEAP);
    kata_expect(&r, 0);
    assert_false(kata_exists(pages_path(kata_path("unwatched"), "tensorboard")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_json_says_how_the_training_ended),
        cmocka_unit_test(test_the_log_says_which_moves_were_played),
        cmocka_unit_test(test_tensorboard_reads_what_was_logged),
    };
    return cmocka_run_group_tests(tests, train, kata_teardown);
}
