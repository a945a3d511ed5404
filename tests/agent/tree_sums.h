/* tree_sums.h - true if every inner node of a sum tree equals the sum of its children. */
#ifndef TESTS_TREE_SUMS_H
#define TESTS_TREE_SUMS_H

#include "sumtree.h"

static inline bool tree_sums_agree(const sumtree_t *tree)
{
    for (int32_t i = 1; i < tree->num_leaves; i++)
        if (tree->node[i] != tree->node[2 * i] + tree->node[2 * i + 1]) return false;
    return true;
}

#endif
