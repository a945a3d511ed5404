/* test_adam_f64.c - Adam against numbers worked out by hand (Kingma and Ba 2015, algorithm 1). */
#include "adam.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "numeric.h"

static const double grads[3][2] = { { 0.5, -1 }, { 0.25, 3 }, { 0, -2 } };

static void test_three_steps_by_hand(void **state)
{
    (void)state;
    /* learning rate 0.1, epsilon 1e-3, weights start at 1 and -2; first step: m^ = g and
     * v^ = g^2, so 1 - 0.1 * 0.5 / 0.501 = 0.90019960... */
    static const double expected[3][2] = {
        { 0.9001996007984032, -1.9000999000999002 },
        { 0.8072169019164815, -1.9494967968848673 },
        { 0.7353818076803165, -1.9476188966495638 },
    };
    double w[2] = { 1, -2 }, m[2] = { 0 }, v[2] = { 0 };
    adam_t adam = { m, v, 0, 0.1, 1e-3 };
    for (int t = 0; t < 3; t++) {
        /* Half the gradient, scaled by two: the scale must reach both moments. */
        const double halved[2] = { grads[t][0] / 2, grads[t][1] / 2 };
        const adam_rates_t rates = adam_begin(&adam, 2);
        adam_apply(&adam, rates, w, halved, 0, 1); /* in two pieces */
        adam_apply(&adam, rates, w, halved, 1, 1);
        for (int i = 0; i < 2; i++) assert_true(numeric_close(w[i], expected[t][i], 1e-13));
    }
    assert_int_equal(adam.num_steps, 3);
    const double ones[2] = { 1, 1 };
    double scaled[2];
    adam_tangent(&adam, adam_again(&adam), ones, scaled, 0, 2);
    assert_true(numeric_close(scaled[0], 1.1402395910502396, 1e-12));
    assert_true(numeric_close(scaled[1], 0.1707182032094149, 1e-12));
}

/* d w' / d g = -learning_rate * (1 - beta1) * D, where D is held: the part through v is small
 * here because v is almost all history. */
static void test_scale_is_the_derivative_of_the_step_with_d_held(void **state)
{
    (void)state;
    double moved[2];
    for (int side = 0; side < 2; side++) {
        double w = 0, m = 0.1, v = 4;
        adam_t adam = { &m, &v, 5000, 0.1, 1e-8 };
        const double g = 0.2 + (side ? 1e-6 : -1e-6);
        adam_apply(&adam, adam_begin(&adam, 1), &w, &g, 0, 1);
        moved[side] = w;
    }
    double m = 0.1, v = 4, w = 0, one = 1, scale;
    adam_t adam = { &m, &v, 5000, 0.1, 1e-8 };
    const double g = 0.2;
    adam_apply(&adam, adam_begin(&adam, 1), &w, &g, 0, 1);
    adam_tangent(&adam, adam_again(&adam), &one, &scale, 0, 1);
    const double slope = (moved[1] - moved[0]) / 2e-6;
    assert_true(fabs(slope / (-0.1 * scale) - 1) < 1e-3);
}

static void test_square_sum_sees_every_value_and_every_nan(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static double g[COUNT];
    double squares = 0;
    for (int i = 0; i < COUNT; i++) {
        g[i] = sin(i);
        squares += g[i] * g[i];
    }
    assert_true(numeric_close(adam_square_sum(g, COUNT), squares, 1e-10));
    for (int i = 0; i < COUNT; i += 37) {
        const double before = g[i];
        g[i] = NAN;
        assert_false(isfinite(adam_square_sum(g, COUNT)));
        g[i] = before;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_steps_by_hand),
        cmocka_unit_test(test_scale_is_the_derivative_of_the_step_with_d_held),
        cmocka_unit_test(test_square_sum_sees_every_value_and_every_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
