/* bare_products.h - the products of matrices that one update is made of, with nothing around them:
 * what an update on the processor is measured against (`kata bench device`).
 *
 * A row a product, as OpenBLAS is called for it: c (m, n) = op(a) (m, k) * op(b) (k, n). Numbers
 * are made up and results thrown away. Unfolding, which a convolution's patches need, is no part of
 * it. On a card the same products are launched by card_multiply() (card.h).
 */
#ifndef AGENT_BARE_PRODUCTS_H
#define AGENT_BARE_PRODUCTS_H

#include "learner.h"

enum { BARE_PRODUCTS_MOST = 160 };

typedef struct {
    int32_t m, n, k;
    bool transposes_a, transposes_b;
} bare_product_t;

/* Those of an update of `learner`; with a learned similarity, of one with a meta-gradient. rows:
 * (BARE_PRODUCTS_MOST), written. Returns how many. */
int32_t bare_products_list(const learner_t *learner, bare_product_t *rows);

/* All of them, `repeats` times, on one thread. seconds: of one time. False: no memory for the
 * largest. */
bool bare_products_time(const learner_t *learner, int32_t repeats, double *seconds);

#endif
