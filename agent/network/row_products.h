/* row_products.h - products of few rows, without a work buffer.
 *
 * OpenBLAS maps 128 MiB at its first product of matrices, and at its first product with a longer
 * vector, too, to pack what it multiplies. A program that only plays needs one observation's
 * products at a time, whose operands are in the cache as they are: nothing is packed here, nothing
 * allocated. Measured on nature's three convolutions and two layers, they take as long as
 * OpenBLAS's or less (docs/results/README.md).
 */
#ifndef AGENT_ROW_PRODUCTS_H
#define AGENT_ROW_PRODUCTS_H

#include <stdbool.h>
#include <stdint.h>

#include "real.h"

/* c[i,j] = scale * sum_t a[i,t] * b[j,t];  a: (m, k), b: (n, k), c: (m, n), all without gaps.
 * The same bits on every processor with AVX2 and FMA. */
void row_products(int32_t m, int32_t n, int32_t k, real_t scale, const real_t *a, const real_t *b,
                  real_t *c);

/* In the order of their speed. WIDE needs AVX2 and FMA; PAIRS needs AVX-512 and makes the same bits
 * as WIDE; neither is there in double precision. */
typedef enum { ROW_PRODUCTS_NARROW, ROW_PRODUCTS_WIDE, ROW_PRODUCTS_PAIRS } row_products_way_t;

/* The same by one way, for tests. False where the processor has not got it, and nothing was done.
 */
bool row_products_by(row_products_way_t way, int32_t m, int32_t n, int32_t k, real_t scale,
                     const real_t *a, const real_t *b, real_t *c);

#endif
