/* test_sumtree.c - what sumtree.h promises, one test a sentence. */
#include "sumtree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"
#include "tree_sums.h"

enum { LEAVES = 64 };
static double nodes[2 * LEAVES];
static sumtree_t tree;

static int fresh_tree(void **state)
{
    (void)state;
    memset(nodes, 0, sizeof nodes);
    sumtree_init(&tree, nodes, LEAVES);
    return 0;
}

/* The promise, read literally: walk the leaves until the running sum passes target. */
static int32_t find_slowly(double target)
{
    int32_t last = 0;
    for (int32_t k = 0; k < LEAVES; k++) {
        if (sumtree_get(&tree, k) <= 0) continue;
        last = k;
        if (target < sumtree_get(&tree, k)) return k;
        target -= sumtree_get(&tree, k);
    }
    return last;
}

static void test_slice_edges_belong_to_the_right_leaf(void **state)
{
    (void)state;
    sumtree_set(&tree, 3, 2);
    sumtree_set(&tree, 5, 1);
    assert_int_equal(sumtree_find(&tree, 0), 3);
    assert_int_equal(sumtree_find(&tree, 1.999), 3);
    assert_int_equal(sumtree_find(&tree, 2), 5);
    assert_int_equal(sumtree_find(&tree, 2.999), 5);
}

static void test_agrees_with_the_slow_version_after_many_changes(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 1, 0);
    for (int i = 0; i < 20000; i++) {
        /* Whole numbers add without rounding, so both versions must agree exactly. */
        const double weight = rng_below(&rng, 3) == 0 ? 0 : (double)rng_below(&rng, 1000);
        sumtree_set(&tree, (int32_t)rng_below(&rng, LEAVES), weight);
        if (sumtree_total(&tree) <= 0) continue;
        const double target = rng_below(&rng, (uint32_t)sumtree_total(&tree));
        assert_int_equal(sumtree_find(&tree, target), find_slowly(target));
    }
    assert_true(tree_sums_agree(&tree));
}

static void test_zero_weight_leaves_are_never_drawn(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 2, 0);
    for (int round = 0; round < 200; round++) {
        for (int32_t k = 0; k < LEAVES; k++)
            sumtree_set(&tree, k, rng_below(&rng, 4) == 0 ? rng_uniform(&rng) : 0);
        sumtree_set(&tree, (int32_t)rng_below(&rng, LEAVES), 1e-300);
        const double total = sumtree_total(&tree);
        /* Targets at and past the end, too: rounding of total * u can give them. */
        for (int i = 0; i < 50; i++)
            assert_true(sumtree_get(&tree, sumtree_find(&tree, total * rng_uniform(&rng))) > 0);
        assert_true(sumtree_get(&tree, sumtree_find(&tree, total)) > 0);
        assert_true(sumtree_get(&tree, sumtree_find(&tree, total * 1.0001)) > 0);
    }
}

static void test_leaves_for_rounds_up_to_a_power_of_two(void **state)
{
    (void)state;
    assert_int_equal(sumtree_leaves_for(1), 1);
    assert_int_equal(sumtree_leaves_for(64), 64);
    assert_int_equal(sumtree_leaves_for(65), 128);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_slice_edges_belong_to_the_right_leaf, fresh_tree),
        cmocka_unit_test_setup(test_agrees_with_the_slow_version_after_many_changes, fresh_tree),
        cmocka_unit_test_setup(test_zero_weight_leaves_are_never_drawn, fresh_tree),
        cmocka_unit_test(test_leaves_for_rounds_up_to_a_power_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
