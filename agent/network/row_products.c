/* row_products.c - see row_products.h. */
#include "row_products.h"

#if defined(__x86_64__) && !defined(AGENT_DOUBLE)
#define HAS_WIDE
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLLED for
#else
#define UNROLLED _Pragma("GCC unroll 8") for
#endif

/* Numbers side by side, in one register. */
typedef real_t narrow_t __attribute__((vector_size(16), aligned(sizeof(real_t))));
enum { MOST_ROWS = 4, MOST_OUTS = 8, AT_ONCE = 4 };

/* The narrow way: Makefile.libretro lets the compiler fuse a product and a sum in this file. */
INLINE narrow_t narrow_of_narrow(const narrow_t *sum)
{
    return *sum;
}
INLINE narrow_t narrow_add_product(narrow_t sum, narrow_t x, narrow_t y)
{
    return sum + x * y;
}

#ifdef HAS_WIDE
/* The wide way says itself where they are fused: GCC 13 and later do so in some loops and not in
 * others, and two processors should make the same bits. */
#define WITH_WIDE __attribute__((target("avx2,fma")))
typedef float wide_t __attribute__((vector_size(32), aligned(sizeof(real_t))));
WITH_WIDE INLINE narrow_t narrow_of_wide(const wide_t *sum)
{
    const __m256 x = (__m256)*sum;
    return (narrow_t)_mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
}
WITH_WIDE INLINE wide_t wide_add_product(wide_t sum, wide_t x, wide_t y)
{
    return (wide_t)_mm256_fmadd_ps((__m256)x, (__m256)y, (__m256)sum);
}
WITH_WIDE INLINE narrow_t fused_add_product(narrow_t sum, narrow_t x, narrow_t y)
{
    return (narrow_t)_mm_fmadd_ps((__m128)x, (__m128)y, (__m128)sum);
}
#endif

INLINE real_t total_of(narrow_t x)
{
#ifdef AGENT_DOUBLE
    return x[0] + x[1];
#else
    return (x[0] + x[2]) + (x[1] + x[3]);
#endif
}

/* total_of() each of four. */
INLINE void totals_of(const narrow_t x[AT_ONCE], real_t totals[AT_ONCE])
{
#ifdef AGENT_DOUBLE
    for (int32_t i = 0; i < AT_ONCE; i++) totals[i] = total_of(x[i]);
#else
    const narrow_t first = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5) +
                           __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
    const narrow_t second = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5) +
                            __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
    *(narrow_t *)totals = __builtin_shufflevector(first, second, 0, 1, 4, 5) +
                          __builtin_shufflevector(first, second, 2, 3, 6, 7);
#endif
}

/* count numbers and zeros behind them. */
INLINE narrow_t narrow_of_few(int32_t count, const real_t *from)
{
    real_t few[sizeof(narrow_t) / sizeof(real_t)] = { 0 };
    for (int32_t l = 0; l < count; l++) few[l] = from[l];
    return *(const narrow_t *)few;
}

/* c[j] = scale * (sums[j] + the products from t on, less than a wide register of them), j < outs.
 */
#define DEFINE_FINISH(finish, attribute, add_product)                                              \
    attribute INLINE void finish(int32_t outs, const narrow_t *sums, int32_t t, int32_t k,         \
                                 real_t scale, const real_t *a, const real_t *b, real_t *c)        \
    {                                                                                              \
        const int32_t lanes = sizeof(narrow_t) / sizeof(real_t);                                   \
        const size_t K = (size_t)k;                                                                \
        narrow_t sum[MOST_OUTS];                                                                   \
        UNROLLED(int32_t j = 0; j < outs; j++) sum[j] = sums[j];                                   \
        for (; t + lanes <= k; t += lanes) UNROLLED(int32_t j = 0; j < outs; j++)                  \
        sum[j] = add_product(sum[j], *(const narrow_t *)(a + t),                                   \
                             *(const narrow_t *)(b + (size_t)j * K + t));                          \
        if (t < k) {                                                                               \
            const narrow_t x = narrow_of_few(k - t, a + t);                                        \
            UNROLLED(int32_t j = 0; j < outs; j++)                                                 \
            sum[j] = add_product(sum[j], x, narrow_of_few(k - t, b + (size_t)j * K + t));          \
        }                                                                                          \
        real_t totals[MOST_OUTS];                                                                  \
        int32_t j = 0;                                                                             \
        UNROLLED(; j + AT_ONCE <= outs; j += AT_ONCE) totals_of(sum + j, totals + j);              \
        UNROLLED(; j < outs; j++) totals[j] = total_of(sum[j]);                                    \
        UNROLLED(j = 0; j < outs; j++) c[j] = scale * totals[j];                                   \
    }

/* c[i,j] = scale * sum_t a[i,t] * b[j,t] for i < rows, j < outs. The sums stay in registers when
 * rows and outs are constants, and few enough. */
#define DEFINE_TILE(tile, attribute, lanes_t, narrow_of, add_product, finish)                      \
    attribute INLINE void tile(int32_t rows, int32_t outs, int32_t n, int32_t k, real_t scale,     \
                               const real_t *a, const real_t *b, real_t *c)                        \
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
                UNROLLED(int32_t i = 0; i < rows; i++)                                             \
                sum[i][j] = add_product(sum[i][j], x[i], y);                                       \
            }                                                                                      \
        }                                                                                          \
        UNROLLED(int32_t i = 0; i < rows; i++)                                                     \
        {                                                                                          \
            narrow_t of_row[MOST_OUTS];                                                            \
            UNROLLED(int32_t j = 0; j < outs; j++) of_row[j] = narrow_of(&sum[i][j]);              \
            finish(outs, of_row, t, k, scale, a + (size_t)i * K, b, c + (size_t)i * (size_t)n);    \
        }                                                                                          \
    }
DEFINE_FINISH(narrow_finish, , narrow_add_product)
DEFINE_TILE(narrow_tile, , narrow_t, narrow_of_narrow, narrow_add_product, narrow_finish)
#ifdef HAS_WIDE
DEFINE_FINISH(wide_finish, WITH_WIDE, fused_add_product)
DEFINE_TILE(wide_tile, WITH_WIDE, wide_t, narrow_of_wide, wide_add_product, wide_finish)
#endif

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

#ifdef HAS_WIDE
WITH_WIDE static void products_wide(int32_t m, int32_t n, int32_t k, real_t scale, const real_t *a,
                                    const real_t *b, real_t *c)
{
    products(wide_tile, 3, 4, 8, m, n, k, scale, a, b, c);
}

#define WITH_PAIRS __attribute__((target("avx512f,avx512dq,avx2,fma")))

/* What wide_tile makes of as many rows, to the bit: a register holds the sums of two rows, each as
 * a wide one would. */
WITH_PAIRS INLINE void pair_tile(int32_t rows, int32_t outs, int32_t n, int32_t k, real_t scale,
                                 const real_t *a, const real_t *b, real_t *c)
{
    const int32_t lanes = sizeof(wide_t) / sizeof(real_t), pairs = rows / 2;
    const size_t K = (size_t)k;
    __m512 sum[MOST_ROWS / 2][MOST_OUTS];
    UNROLLED(int32_t i = 0; i < pairs; i++)
    UNROLLED(int32_t j = 0; j < outs; j++) sum[i][j] = _mm512_setzero_ps();
    int32_t t = 0;
    for (; t + lanes <= k; t += lanes) {
        __m512 x[MOST_ROWS / 2];
        UNROLLED(int32_t i = 0; i < pairs; i++)
        {
            const real_t *const row = a + (size_t)(2 * i) * K + t;
            x[i] = _mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(row)),
                                      _mm256_loadu_ps(row + K), 1);
        }
        UNROLLED(int32_t j = 0; j < outs; j++)
        {
            const __m512 y = _mm512_broadcast_f32x8(_mm256_loadu_ps(b + (size_t)j * K + t));
            UNROLLED(int32_t i = 0; i < pairs; i++) sum[i][j] = _mm512_fmadd_ps(x[i], y, sum[i][j]);
        }
    }
    UNROLLED(int32_t i = 0; i < rows; i++)
    {
        narrow_t of_row[MOST_OUTS];
        UNROLLED(int32_t j = 0; j < outs; j++)
        {
            const __m512 both = sum[i / 2][j];
            const wide_t half =
                (wide_t)(i % 2 ? _mm512_extractf32x8_ps(both, 1) : _mm512_castps512_ps256(both));
            of_row[j] = narrow_of_wide(&half);
        }
        wide_finish(outs, of_row, t, k, scale, a + (size_t)i * K, b, c + (size_t)i * (size_t)n);
    }
}

WITH_PAIRS static void products_pairs(int32_t m, int32_t n, int32_t k, real_t scale,
                                      const real_t *a, const real_t *b, real_t *c)
{
    const int32_t rows = 4, outs = 8;
    const size_t N = (size_t)n, K = (size_t)k;
    int32_t i = 0;
    for (; i + rows <= m; i += rows)
        strip(pair_tile, rows, outs, n, k, scale, a + (size_t)i * K, b, c + (size_t)i * N);
    products_wide(m - i, n, k, scale, a + (size_t)i * K, b, c + (size_t)i * N);
}
#endif

bool row_products_by(row_products_way_t way, int32_t m, int32_t n, int32_t k, real_t scale,
                     const real_t *a, const real_t *b, real_t *c)
{
    if (way == ROW_PRODUCTS_NARROW) {
        products(narrow_tile, 2, 4, 8, m, n, k, scale, a, b, c);
        return true;
    }
#ifdef HAS_WIDE
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return false;
    if (way == ROW_PRODUCTS_WIDE) {
        products_wide(m, n, k, scale, a, b, c);
        return true;
    }
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) return false;
    products_pairs(m, n, k, scale, a, b, c);
    return true;
#else
    return false;
#endif
}

void row_products(int32_t m, int32_t n, int32_t k, real_t scale, const real_t *a, const real_t *b,
                  real_t *c)
{
    for (row_products_way_t way = ROW_PRODUCTS_PAIRS;
         !row_products_by(way, m, n, k, scale, a, b, c); way--) {
    }
}
