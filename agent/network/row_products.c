#include "row_products.h"

#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLLED for
#else
#define UNROLLED _Pragma("GCC unroll 8") for
#endif

/* Numbers side by side, in one register. Makefile.libretro lets the compiler fuse a product and a
 * sum in this file. */
typedef real_t narrow_t __attribute__((vector_size(16), aligned(sizeof(real_t))));
typedef real_t wide_t __attribute__((vector_size(32), aligned(sizeof(real_t))));
enum { MOST_ROWS = 3, MOST_OUTS = 8 };

/* One register of the narrow kind from one of either. */
INLINE narrow_t narrow_of_narrow(const narrow_t *sum)
{
    return *sum;
}
INLINE narrow_t narrow_of_wide(const wide_t *sum)
{
    const union {
        wide_t wide;
        narrow_t half[2];
    } both = { *sum };
    return both.half[0] + both.half[1];
}

/* sum + the products from t on, less than a wide register of them. */
INLINE real_t finish(narrow_t sum, int32_t t, int32_t k, const real_t *a, const real_t *b)
{
    const int32_t lanes = sizeof sum / sizeof(real_t);
    for (; t + lanes <= k; t += lanes)
        sum += *(const narrow_t *)(a + t) * *(const narrow_t *)(b + t);
    real_t total = 0;
    UNROLLED(int32_t l = 0; l < lanes; l++) total += sum[l];
    for (; t < k; t++) total += a[t] * b[t];
    return total;
}

/* c[i,j] = scale * sum_t a[i,t] * b[j,t] for i < rows, j < outs. The sums stay in registers when
 * rows and outs are constants, and few enough. */
#define DEFINE_TILE(tile, lanes_t, narrow_of)                                                      \
    INLINE void tile(int32_t rows, int32_t outs, int32_t n, int32_t k, real_t scale,               \
                     const real_t *a, const real_t *b, real_t *c)                                  \
    {                                                                                              \
        const int32_t lanes = sizeof(lanes_t) / sizeof(real_t);                                    \
        const size_t K = (size_t)k;                                                                \
        lanes_t sum[MOST_ROWS][MOST_OUTS];                                                         \
        UNROLLED(int32_t i = 0; i < rows; i++)                                                     \
        UNROLLED(int32_t j = 0; j < outs; j++) sum[i][j] = (lanes_t){ 0 };                         \
        int32_t t = 0;                                                                             \
        for (; t + lanes <= k; t += lanes) {                                                       \
            lanes_t x[MOST_ROWS];                                                                  \
            UNROLLED(int32_t i = 0; i < rows; i++)                                                 \
            x[i] = *(const lanes_t *)(a + (size_t)i * K + t);                                      \
            UNROLLED(int32_t j = 0; j < outs; j++)                                                 \
            {                                                                                      \
                const lanes_t y = *(const lanes_t *)(b + (size_t)j * K + t);                       \
                UNROLLED(int32_t i = 0; i < rows; i++) sum[i][j] += x[i] * y;                      \
            }                                                                                      \
        }                                                                                          \
        UNROLLED(int32_t i = 0; i < rows; i++)                                                     \
        UNROLLED(int32_t j = 0; j < outs; j++)                                                     \
        c[(size_t)i * (size_t)n + j] =                                                             \
            scale * finish(narrow_of(&sum[i][j]), t, k, a + (size_t)i * K, b + (size_t)j * K);     \
    }
DEFINE_TILE(narrow_tile, narrow_t, narrow_of_narrow)
DEFINE_TILE(wide_tile, wide_t, narrow_of_wide)

typedef void tile_t(int32_t rows, int32_t outs, int32_t n, int32_t k, real_t scale, const real_t *a,
                    const real_t *b, real_t *c);

INLINE void strip(tile_t *tile, int32_t rows, int32_t outs, int32_t n, int32_t k, real_t scale,
                  const real_t *a, const real_t *b, real_t *c)
{
    int32_t j = 0;
    for (; j + outs <= n; j += outs)
        tile(rows, outs, n, k, scale, a, b + (size_t)j * (size_t)k, c + j);
    for (; j < n; j++) tile(rows, 1, n, k, scale, a, b + (size_t)j * (size_t)k, c + j);
}

/* Tiles of rows by outs; what is left of the rows one by one, by row_outs. */
INLINE void products(tile_t *tile, int32_t rows, int32_t outs, int32_t row_outs, int32_t m,
                     int32_t n, int32_t k, real_t scale, const real_t *a, const real_t *b,
                     real_t *c)
{
    int32_t i = 0;
    for (; rows > 1 && i + rows <= m; i += rows)
        strip(tile, rows, outs, n, k, scale, a + (size_t)i * (size_t)k, b,
              c + (size_t)i * (size_t)n);
    for (; i < m; i++)
        strip(tile, 1, row_outs, n, k, scale, a + (size_t)i * (size_t)k, b,
              c + (size_t)i * (size_t)n);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void products_wide(int32_t m, int32_t n, int32_t k,
                                                              real_t scale, const real_t *a,
                                                              const real_t *b, real_t *c)
{
    products(wide_tile, 3, 4, 8, m, n, k, scale, a, b, c);
}
#endif

bool row_products_by(bool wide, int32_t m, int32_t n, int32_t k, real_t scale, const real_t *a,
                     const real_t *b, real_t *c)
{
    if (!wide) {
        products(narrow_tile, 2, 4, 8, m, n, k, scale, a, b, c);
        return true;
    }
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        products_wide(m, n, k, scale, a, b, c);
        return true;
    }
#endif
    return false;
}

void row_products(int32_t m, int32_t n, int32_t k, real_t scale, const real_t *a, const real_t *b,
                  real_t *c)
{
    if (!row_products_by(true, m, n, k, scale, a, b, c))
        (void)row_products_by(false, m, n, k, scale, a, b, c);
}
