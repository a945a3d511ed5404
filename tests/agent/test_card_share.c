/* test_card_share.c - a card that also draws rests after each update, by a clock of the test's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "card_share.h"

static double now;

/* An update that takes so long on the card, then waits as it must, looking every `nap` seconds. How
 * long the wait was. */
static double update(card_share_t *share, double busy_seconds, double nap)
{
    now += busy_seconds;
    card_share_note(share, busy_seconds, now);
    const double done_at = now;
    while (card_share_rest(share, now) > 0) now += nap;
    return now - done_at;
}

static void test_it_rests_as_long_as_its_share_asks(void **state)
{
    (void)state;
    static const double shares[] = { 0.5, 0.25, 0.1, 1 };
    for (int i = 0; i < 4; i++) {
        now = 1000;
        card_share_t share = card_share_begin(shares[i], now);
        assert_true(card_share_rest(&share, now) == 0);
        now += 0.03;
        card_share_note(&share, 0.03, now);
        const double rest = 0.03 / shares[i] - 0.03;
        assert_true(fabs(card_share_rest(&share, now) - rest) < 1e-9);
        assert_true(fabs(card_share_rest(&share, now + rest / 4) - 0.75 * rest) < 1e-9);
        assert_true(card_share_rest(&share, now + rest + 1e-6) == 0);
        assert_true(card_share_rest(&share, now + 1000) == 0);
    }
}

/* Whatever updates take, and however coarse the waiting is. */
static void test_the_share_is_kept_from_each_update_to_the_next(void **state)
{
    (void)state;
    static const double busy[] = { 0.004, 0.3, 0.02, 2, 0.0001, 0.05 };
    now = 50;
    card_share_t share = card_share_begin(0.5, now);
    double busy_in_all = 0;
    for (int i = 0; i < 300; i++) {
        const double took = busy[i % 6], began = now;
        const double waited = update(&share, took, i % 2 ? 0.05 : 0.0003);
        assert_true(waited >= took - 1e-9);
        assert_true(waited <= took + 0.05 + 1e-9); /* and no longer */
        assert_true(took <= 0.5 * (now - began) + 1e-9);
        busy_in_all += took;
        assert_true(fabs(card_share_taken(&share, now) - busy_in_all / (now - 50)) < 1e-9);
        now += i % 5 ? 0 : 0.01; /* a batch is drawn: none of the card's time */
    }
    assert_int_equal(share.num_updates, 300);
    assert_true(card_share_taken(&share, now) <= 0.5);
    assert_true(card_share_taken(&share, now) > 0.45); /* it uses what it has */
}

/* Time in which nothing is asked for is not saved up: no burst follows. */
static void test_idle_time_is_not_saved_up(void **state)
{
    (void)state;
    now = 0;
    card_share_t share = card_share_begin(0.5, now);
    assert_true(card_share_taken(&share, now) == 0);
    now = 3600;
    for (int i = 0; i < 10; i++) assert_true(update(&share, 0.2, 0.001) >= 0.2 - 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_rests_as_long_as_its_share_asks),
        cmocka_unit_test(test_the_share_is_kept_from_each_update_to_the_next),
        cmocka_unit_test(test_idle_time_is_not_saved_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
