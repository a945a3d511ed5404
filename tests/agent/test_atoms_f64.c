/* test_atoms_f64.c - projection against its definition, losses against central differences. */
#include "atoms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "numeric.h"

enum { Z = 11 };
static const atoms_t atoms = { Z, -2, 3 };

static void random_probs(rng_t *rng, double *probs)
{
    double logits[Z];
    numeric_fill(rng, logits, Z);
    atoms_softmax(&atoms, 1, logits, probs);
}

/* Bellemare et al. 2017, eq. 7: target_i = sum_j [1 - |clip(Tz_j) - z_i| / step]_0^1 p_j. */
static void project_slowly(const double *probs, double sum, double discount, double *target)
{
    const double step = (atoms.high - atoms.low) / (Z - 1);
    for (int i = 0; i < Z; i++) {
        target[i] = 0;
        for (int j = 0; j < Z; j++) {
            const double moved =
                fmin(fmax(sum + discount * (atoms.low + step * j), atoms.low), atoms.high);
            const double share = 1 - fabs(moved - (atoms.low + step * i)) / step;
            target[i] += fmin(fmax(share, 0), 1) * probs[j];
        }
    }
}

static void test_projection_agrees_with_the_slow_version(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 1, 0);
    for (int i = 0; i < 2000; i++) {
        double probs[Z], fast[Z], slow[Z], total = 0;
        random_probs(&rng, probs);
        /* Edges on purpose: terminal, on an atom, far outside on both sides. */
        static const double sums[] = { 0, 0.5, -2, 3, 100, -100 };
        const double sum = i % 2 ? sums[i / 2 % 6] : 3 * rng_normal(&rng);
        const double discount = i % 3 ? rng_uniform(&rng) : 0;
        atoms_project(&atoms, probs, sum, discount, fast);
        project_slowly(probs, sum, discount, slow);
        for (int z = 0; z < Z; z++) {
            assert_true(numeric_close(fast[z], slow[z], 1e-12));
            total += fast[z];
        }
        assert_true(numeric_close(total, 1, 1e-12));
    }
}

typedef struct {
    double logits[Z], target[Z];
    const atoms_t *atoms;
} loss_case_t;

static double loss_of(void *context)
{
    loss_case_t *c = context;
    double d[Z], td_error;
    return 0.7 * atoms_loss(c->atoms, c->logits, c->target, 0.7, d, &td_error);
}

static void test_gradient_of_the_cross_entropy(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 2, 0);
    loss_case_t c = { .atoms = &atoms };
    numeric_fill(&rng, c.logits, Z);
    random_probs(&rng, c.target);
    c.target[3] = 0; /* 0 log 0 is 0 */
    double d[Z], td_error, entropy = 0;
    const double loss = atoms_loss(&atoms, c.logits, c.target, 0.7, d, &td_error);
    for (int z = 0; z < Z; z++)
        if (z != 3) entropy -= c.target[z] * log(c.target[z]);
    assert_true(numeric_close(td_error, loss - entropy, 1e-12));
    /* softmax - target is the gradient only where target sums to 1. */
    double total = 0;
    for (int z = 0; z < Z; z++) total += c.target[z];
    for (int z = 0; z < Z; z++) c.target[z] /= total;
    (void)atoms_loss(&atoms, c.logits, c.target, 0.7, d, &td_error);
    assert_true(numeric_grad_error(loss_of, &c, c.logits, d, Z, Z, NUMERIC_STEP, &rng) <= 1e-6);
}

static void test_gradient_of_the_huber_loss(void **state)
{
    (void)state;
    static const atoms_t scalar = { 1, 0, 0 };
    rng_t rng;
    rng_seed(&rng, 3, 0);
    const double errors[] = { 0.3, -0.9, 1.5, -4 };
    for (int i = 0; i < 4; i++) {
        loss_case_t c = { .logits = { 1 + errors[i] }, .target = { 1 }, .atoms = &scalar };
        double d, td_error;
        (void)atoms_loss(&scalar, c.logits, c.target, 0.7, &d, &td_error);
        assert_true(numeric_close(td_error, fabs(errors[i]), 1e-12));
        assert_true(numeric_grad_error(loss_of, &c, c.logits, &d, 1, 1, NUMERIC_STEP, &rng) <=
                    1e-6);
    }
}

typedef struct {
    double logits[3 * Z], weights[3];
} mean_case_t;

static double mean_of(void *context)
{
    mean_case_t *c = context;
    double probs[3 * Z], q[3];
    atoms_softmax(&atoms, 3, c->logits, probs);
    atoms_mean(&atoms, 3, probs, q);
    return numeric_dot(q, c->weights, 3);
}

static void test_gradient_and_tangent_of_the_mean(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 4, 0);
    mean_case_t c;
    numeric_fill(&rng, c.logits, 3 * Z);
    numeric_fill(&rng, c.weights, 3);
    double probs[3 * Z], q[3], d[3 * Z] = { 0 }, along[3 * Z], t_q[3];
    atoms_softmax(&atoms, 3, c.logits, probs);
    atoms_mean(&atoms, 3, probs, q);
    atoms_add_mean_grad(&atoms, 3, probs, q, c.weights, d);
    assert_true(numeric_grad_error(mean_of, &c, c.logits, d, 3 * Z, 3 * Z, NUMERIC_STEP, &rng) <=
                1e-6);
    numeric_fill(&rng, along, 3 * Z);
    atoms_mean_jvp(&atoms, 3, probs, q, along, t_q);
    assert_true(numeric_close(numeric_dot(t_q, c.weights, 3), numeric_dot(along, d, 3 * Z), 1e-12));
}

static void test_softmax_of_huge_logits_stays_finite(void **state)
{
    (void)state;
    double logits[Z] = { 1e4, -1e4 }, probs[Z], d[Z], td_error;
    const double target[Z] = { 0, 1 };
    atoms_softmax(&atoms, 1, logits, probs);
    assert_true(numeric_close(probs[0], 1, 1e-12));
    assert_true(isfinite(atoms_loss(&atoms, logits, target, 1, d, &td_error)));
    for (int z = 0; z < Z; z++) assert_true(isfinite(d[z]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_projection_agrees_with_the_slow_version),
        cmocka_unit_test(test_gradient_of_the_cross_entropy),
        cmocka_unit_test(test_gradient_of_the_huber_loss),
        cmocka_unit_test(test_gradient_and_tangent_of_the_mean),
        cmocka_unit_test(test_softmax_of_huge_logits_stays_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
