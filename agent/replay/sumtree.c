/* sumtree.c - see sumtree.h. */
#include "sumtree.h"

#include <assert.h>
#include <math.h>

int32_t sumtree_leaves_for(int32_t count)
{
    int32_t leaves = 1;
    while (leaves < count) leaves *= 2;
    return leaves;
}

void sumtree_init(sumtree_t *tree, double *node, int32_t num_leaves)
{
    assert(num_leaves > 0 && (num_leaves & (num_leaves - 1)) == 0);
    *tree = (sumtree_t){ node, num_leaves };
}

void sumtree_set(sumtree_t *tree, int32_t leaf, double weight)
{
    assert(leaf >= 0 && leaf < tree->num_leaves && isfinite(weight) && weight >= 0);
    int32_t i = tree->num_leaves + leaf;
    tree->node[i] = weight;
    /* Sums are made anew, not adjusted by a difference: errors cannot pile up. */
    for (i /= 2; i >= 1; i /= 2) tree->node[i] = tree->node[2 * i] + tree->node[2 * i + 1];
}

double sumtree_get(const sumtree_t *tree, int32_t leaf)
{
    return tree->node[tree->num_leaves + leaf];
}

double sumtree_total(const sumtree_t *tree)
{
    return tree->node[1];
}

int32_t sumtree_find(const sumtree_t *tree, double target)
{
    int32_t i = 1;
    while (i < tree->num_leaves) {
        const double left = tree->node[2 * i];
        /* Rounding can carry the target past everything on the right: stay where weight is. */
        if (target < left || tree->node[2 * i + 1] <= 0) {
            i = 2 * i;
        } else {
            target -= left;
            i = 2 * i + 1;
        }
    }
    return i - tree->num_leaves;
}
