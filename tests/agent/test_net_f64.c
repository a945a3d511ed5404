/* test_net_f64.c - the whole network: gradient and jvp against central differences, noisy
 * layers against their definition, for each way it can be wired. */
#include "net_subject.h"

#include "emulated.h"

static subject_t *make_subject(agent_net_kind_t kind, bool dueling, bool noisy, int32_t num_atoms,
                               rng_t *rng)
{
    agent_config_t config;
    subject_config(&config, kind, dueling, noisy, num_atoms);
    return open_subject(&config, rng);
}

static void prove_on(int32_t num_threads, agent_net_kind_t kind, bool dueling, bool noisy,
                     int32_t num_atoms)
{
    rng_t rng;
    rng_seed(&rng, 21, 0);
    /* The trunk's sums are longer, and their rounding is beside smaller gradients. */
    const double bound = kind == AGENT_NET_IMPALA ? 1e-5 : 1e-6;
    (void)prove_subject(make_subject(kind, dueling, noisy, num_atoms, &rng), num_threads, bound,
                        &rng);
}

static void prove(agent_net_kind_t kind, bool dueling, bool noisy, int32_t num_atoms)
{
    prove_on(1, kind, dueling, noisy, num_atoms);
}

static void test_gradient_and_tangent_of_the_small_network(void **state)
{
    (void)state;
    prove(AGENT_NET_SMALL, false, false, 1);
    prove(AGENT_NET_SMALL, true, false, 1);
    prove(AGENT_NET_SMALL, false, true, 1);
    prove(AGENT_NET_SMALL, true, true, 7);
}

/* More threads than rows: some have nothing to do. */
static void test_gradient_and_tangent_on_several_threads(void **state)
{
    (void)state;
    openblas_set_num_threads(1);
    prove_on(2, AGENT_NET_SMALL, true, true, 7);
    prove_on(5, AGENT_NET_SMALL, true, true, 7);
    prove_on(5, AGENT_NET_SMALL, false, false, 1);
}

static void test_gradient_and_tangent_of_the_nature_network(void **state)
{
    (void)state;
    prove(AGENT_NET_NATURE, false, false, 1);
    prove(AGENT_NET_NATURE, true, true, 3);
}

static void test_gradient_and_tangent_of_the_impala_network(void **state)
{
    (void)state;
    if (emulated_skips("the impala network")) skip();
    openblas_set_num_threads(1);
    prove(AGENT_NET_IMPALA, false, false, 1);
    prove_on(2, AGENT_NET_IMPALA, true, true, 3);
    prove_on(5, AGENT_NET_IMPALA, true, true, 3);
}

/* w + scale * eps_out * eps_in for single weights of each tensor, from the definition. */
static void test_composed_weights_are_mean_plus_scaled_noise(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 22, 0);
    subject_t *s = make_subject(AGENT_NET_SMALL, true, true, 3, &rng);
    const net_t *net = &s->net;
    (void)run_forward(s);
    const int32_t F = net->num_features, half = 256;
    /* Order of a draw: for each half of fc: in, out; head: in, out; value: in, out. */
    const real_t *fc0_in = s->noise, *fc0_out = fc0_in + F, *fc1_in = fc0_out + half;
    const real_t *fc1_out = fc1_in + F, *head_in = fc1_out + half, *head_out = head_in + half;
    const real_t *value_in = head_out + 15, *value_out = value_in + half;
    assert_ptr_equal(value_out + 3, s->noise + net->noise_count);
    const struct {
        net_tensor_t w;
        int32_t o, i;
        real_t eps_out, eps_in;
    } cases[] = {
        { NET_FC_W, 4, 17, fc0_out[4], fc0_in[17] },
        { NET_FC_W, half + 9, 20, fc1_out[9], fc1_in[20] },
        { NET_HEAD_W, 14, 255, head_out[14], head_in[255] },
        { NET_VALUE_W, 2, 3, value_out[2], value_in[3] },
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const net_row_t *w = &net->rows[cases[c].w], *b = w + 1;
        const net_row_t *noise_w = &net->rows[cases[c].w + NET_NOISE_FC_W - NET_FC_W];
        const net_row_t *noise_b = noise_w + 1;
        const size_t at = (size_t)(cases[c].o * w->dims[1] + cases[c].i), o = (size_t)cases[c].o;
        assert_true(
            numeric_close(s->effective[w->offset - net->mean_offset + at],
                          s->weights[w->offset + at] +
                              s->weights[noise_w->offset + at] * cases[c].eps_out * cases[c].eps_in,
                          1e-15));
        assert_true(numeric_close(
            s->effective[b->offset - net->mean_offset + o],
            s->weights[b->offset + o] + s->weights[noise_b->offset + o] * cases[c].eps_out, 1e-15));
    }
    free_subject(s);
}

static void test_one_noisy_row_agrees_with_composed_weights(void **state)
{
    (void)state;
    for (int run = 0; run < 4; run++) {
        rng_t rng;
        rng_seed(&rng, 23, 0);
        subject_t *s =
            make_subject(run < 2 ? AGENT_NET_SMALL : AGENT_NET_IMPALA, run % 2, true, 3, &rng);
        (void)run_forward(s);
        memcpy(s->t_logits, s->acts.logits, num_logits(s) * sizeof(real_t));
        net_forward_noisy_row(&s->net, s->weights, s->noise, s->rows[0], &s->scratch, &s->acts);
        for (int32_t i = 0; i < s->net.head.out_size; i++)
            assert_true(numeric_close(s->acts.logits[i], s->t_logits[i], 1e-12));
        free_subject(s);
    }
}

/* f(x) = sign(x) sqrt|x| of a normal x: mean 0, E f^2 = E|x| = sqrt(2/pi) = 0.7979. */
static void test_noise_has_its_moments(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 24, 0);
    subject_t *s = make_subject(AGENT_NET_SMALL, true, true, 3, &rng);
    double sum = 0, squares = 0, count = 0;
    for (int i = 0; i < 300; i++) {
        net_draw_noise(&s->net, &rng, s->noise);
        for (size_t k = 0; k < s->net.noise_count; k++) {
            sum += s->noise[k];
            squares += s->noise[k] * s->noise[k];
            count++;
        }
    }
    /* Standard errors at ~400,000 draws: 0.0014 and 0.001; four of them allowed. */
    assert_true(count > 300000);
    assert_true(numeric_close(sum / count, 0, 0.006));
    assert_true(numeric_close(squares / count, 0.7979, 0.004));
    free_subject(s);
}

static void test_first_weights_fill_their_range(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 25, 0);
    subject_t *s = make_subject(AGENT_NET_SMALL, true, true, 51, &rng);
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        const net_row_t *row = &s->net.rows[t];
        if (row->count == 0) continue;
        const double bound = 1 / sqrt(row->fan_in);
        double largest = 0;
        for (size_t i = 0; i < row->count; i++)
            largest = fmax(largest, fabs(s->weights[row->offset + i]));
        if (t >= NET_NOISE_FC_W)
            assert_true(numeric_close(largest, 0.5 * bound, 1e-12));
        else
            assert_true(largest <= bound && (row->count < 100 || largest > 0.9 * bound));
    }
    free_subject(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradient_and_tangent_of_the_small_network),
        cmocka_unit_test(test_gradient_and_tangent_of_the_nature_network),
        cmocka_unit_test(test_gradient_and_tangent_of_the_impala_network),
        cmocka_unit_test(test_gradient_and_tangent_on_several_threads),
        cmocka_unit_test(test_composed_weights_are_mean_plus_scaled_noise),
        cmocka_unit_test(test_one_noisy_row_agrees_with_composed_weights),
        cmocka_unit_test(test_noise_has_its_moments),
        cmocka_unit_test(test_first_weights_fill_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
