/* sumtree.h - pick an index with probability proportional to its weight.
 *
 * A complete binary tree in one array: node[1] is the root, the children of i
 * are 2i and 2i+1, leaf k is node[num_leaves + k]. Each inner node is the sum
 * of its children, so set and find both cost log2(num_leaves) steps.
 *
 * Sums are double: a million float additions lose the small priorities.
 */
#ifndef AGENT_SUMTREE_H
#define AGENT_SUMTREE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    double *node;       /* (2 * num_leaves), borrowed from the agent's arena, zero at first */
    int32_t num_leaves; /* a power of two */
} sumtree_t;

/* The smallest power of two that is >= count. */
int32_t sumtree_leaves_for(int32_t count);
/* `node` must be all zero: a fresh arena is, and writing to it here would touch its pages. */
void sumtree_init(sumtree_t *tree, double *node, int32_t num_leaves);
/* weight must be finite and >= 0. */
void sumtree_set(sumtree_t *tree, int32_t leaf, double weight);
double sumtree_get(const sumtree_t *tree, int32_t leaf);
double sumtree_total(const sumtree_t *tree);
/* The leaf whose slice of [0, total) contains `target`. Never returns a leaf of
 * weight 0 while the total is above 0. */
int32_t sumtree_find(const sumtree_t *tree, double target);

#endif
