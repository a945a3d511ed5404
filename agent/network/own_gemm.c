/* own_gemm.c - see own_gemm.h.
 *
 * A block of op(a) of BLOCK_ROWS rows and a block of op(b) of BLOCK_OUTS columns, BLOCK_DEPTH deep,
 * are copied into panels: of `rows` rows and of `outs` columns, the depth slowest, zeros where the
 * matrix ends. A tile of rows by outs of c is then a sum of outer products that stays in registers.
 */
#include "own_gemm.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLLED for
#else
#define UNROLLED _Pragma("GCC unroll 16") for
#endif

enum {
    BLOCK_DEPTH = 256,
    BLOCK_ROWS = 96,  /* a multiple of each way's rows */
    BLOCK_OUTS = 256, /* and of its outs */
    MOST_ROWS = 12,
    MOST_OUTS = 128 / sizeof(real_t)
};

typedef struct {
    const real_t *at;
    size_t row, column; /* distances */
} gemm_matrix_t;

/* Makefile.libretro lets the compiler fuse a product and a sum in this file. */
typedef real_t gemm_lanes16_t __attribute__((vector_size(16), aligned(sizeof(real_t))));
typedef real_t gemm_lanes32_t __attribute__((vector_size(32), aligned(sizeof(real_t))));
typedef real_t gemm_lanes64_t __attribute__((vector_size(64), aligned(sizeof(real_t))));

/* tile (rows, outs) = sum over depth of a's panel (depth, rows) times b's (depth, outs). */
#define DEFINE_TILE(name, gemm_lanes_t, ROWS)                                                      \
    INLINE void name(int32_t depth, const real_t *a, const real_t *b, real_t *tile)                \
    {                                                                                              \
        enum { LANES = sizeof(gemm_lanes_t) / sizeof(real_t) };                                    \
        gemm_lanes_t sum[ROWS][2];                                                                 \
        UNROLLED(int32_t i = 0; i < ROWS; i++) sum[i][0] = sum[i][1] = (gemm_lanes_t){ 0 };        \
        for (int32_t d = 0; d < depth; d++) {                                                      \
            const gemm_lanes_t x = *(const gemm_lanes_t *)b,                                       \
                               y = *(const gemm_lanes_t *)(b + LANES);                             \
            UNROLLED(int32_t i = 0; i < ROWS; i++)                                                 \
            {                                                                                      \
                sum[i][0] += a[i] * x;                                                             \
                sum[i][1] += a[i] * y;                                                             \
            }                                                                                      \
            a += ROWS;                                                                             \
            b += 2 * LANES;                                                                        \
        }                                                                                          \
        UNROLLED(int32_t i = 0; i < ROWS; i++)                                                     \
        {                                                                                          \
            *(gemm_lanes_t *)(tile + i * 2 * LANES) = sum[i][0];                                   \
            *(gemm_lanes_t *)(tile + i * 2 * LANES + LANES) = sum[i][1];                           \
        }                                                                                          \
    }
DEFINE_TILE(tile16, gemm_lanes16_t, 4)
DEFINE_TILE(tile32, gemm_lanes32_t, 6)
DEFINE_TILE(tile64, gemm_lanes64_t, 12)

typedef void gemm_tile_t(int32_t depth, const real_t *a, const real_t *b, real_t *tile);

/* `width` rows of `from` side by side, the depth slowest. Of b the columns are its rows. */
INLINE void pack(real_t *to, gemm_matrix_t from, int32_t num_rows, int32_t depth, int32_t width)
{
    for (int32_t i = 0; i < num_rows; i += width) {
        const int32_t have = num_rows - i < width ? num_rows - i : width;
        const real_t *at = from.at + (size_t)i * from.row;
        if (have == width && from.row == 1) {
            for (int32_t d = 0; d < depth; d++, to += width, at += from.column)
                memcpy(to, at, (size_t)width * sizeof *to);
            continue;
        }
        for (int32_t j = 0; j < width; j++)
            for (int32_t d = 0; d < depth; d++)
                to[(size_t)d * (size_t)width + (size_t)j] =
                    j < have ? at[(size_t)j * from.row + (size_t)d * from.column] : 0;
        to += (size_t)depth * (size_t)width;
    }
}

/* c (rows, outs) = alpha * tile + beta * c; tile has `width` columns. */
INLINE void store(real_t *c, size_t ldc, int32_t rows, int32_t outs, const real_t *tile,
                  int32_t width, real_t alpha, real_t beta)
{
    for (int32_t i = 0; i < rows; i++, c += ldc, tile += width)
        if (beta == 0)
            for (int32_t j = 0; j < outs; j++) c[j] = alpha * tile[j];
        else
            for (int32_t j = 0; j < outs; j++) c[j] = alpha * tile[j] + beta * c[j];
}

INLINE int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

INLINE void multiply(gemm_tile_t *tile_of, int32_t rows, int32_t outs, int32_t m, int32_t n,
                     int32_t k, real_t alpha, gemm_matrix_t a, gemm_matrix_t b, real_t beta,
                     real_t *c, size_t ldc)
{
    real_t a_block[BLOCK_ROWS * BLOCK_DEPTH], b_block[BLOCK_OUTS * BLOCK_DEPTH];
    real_t tile[MOST_ROWS * MOST_OUTS];
    for (int32_t j = 0; j < n; j += BLOCK_OUTS)
        for (int32_t d = 0; d < k; d += BLOCK_DEPTH) {
            const int32_t num_outs = least(n - j, BLOCK_OUTS), depth = least(k - d, BLOCK_DEPTH);
            const gemm_matrix_t b_at = { b.at + (size_t)d * b.row + (size_t)j * b.column, b.column,
                                         b.row };
            pack(b_block, b_at, num_outs, depth, outs);
            for (int32_t i = 0; i < m; i += BLOCK_ROWS) {
                const int32_t num_rows = least(m - i, BLOCK_ROWS);
                const gemm_matrix_t a_at = { a.at + (size_t)i * a.row + (size_t)d * a.column, a.row,
                                             a.column };
                pack(a_block, a_at, num_rows, depth, rows);
                for (int32_t y = 0; y < num_outs; y += outs)
                    for (int32_t x = 0; x < num_rows; x += rows) {
                        tile_of(depth, a_block + (size_t)x * (size_t)depth,
                                b_block + (size_t)y * (size_t)depth, tile);
                        store(c + (size_t)(i + x) * ldc + (size_t)(j + y), ldc,
                              least(num_rows - x, rows), least(num_outs - y, outs), tile, outs,
                              alpha, d == 0 ? beta : 1);
                    }
            }
        }
}

typedef void gemm_multiply_t(int32_t m, int32_t n, int32_t k, real_t alpha, gemm_matrix_t a,
                             gemm_matrix_t b, real_t beta, real_t *c, size_t ldc);

static void multiply16(int32_t m, int32_t n, int32_t k, real_t alpha, gemm_matrix_t a,
                       gemm_matrix_t b, real_t beta, real_t *c, size_t ldc)
{
    multiply(tile16, 4, 32 / sizeof(real_t), m, n, k, alpha, a, b, beta, c, ldc);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void multiply32(int32_t m, int32_t n, int32_t k,
                                                           real_t alpha, gemm_matrix_t a,
                                                           gemm_matrix_t b, real_t beta, real_t *c,
                                                           size_t ldc)
{
    multiply(tile32, 6, 64 / sizeof(real_t), m, n, k, alpha, a, b, beta, c, ldc);
}

__attribute__((target("avx512f"))) static void multiply64(int32_t m, int32_t n, int32_t k,
                                                          real_t alpha, gemm_matrix_t a,
                                                          gemm_matrix_t b, real_t beta, real_t *c,
                                                          size_t ldc)
{
    multiply(tile64, 12, 128 / sizeof(real_t), m, n, k, alpha, a, b, beta, c, ldc);
}
#endif

static gemm_multiply_t *multiply_by(int32_t way)
{
#if defined(__x86_64__)
    if (way == 2) return __builtin_cpu_supports("avx512f") ? multiply64 : NULL;
    if (way == 1)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? multiply32 : NULL;
#endif
    return way == 0 ? multiply16 : NULL;
}

bool own_gemm_by(int32_t way, bool transpose_a, bool transpose_b, int32_t m, int32_t n, int32_t k,
                 real_t alpha, const real_t *a, int32_t lda, const real_t *b, int32_t ldb,
                 real_t beta, real_t *c, int32_t ldc)
{
    gemm_multiply_t *const multiplies = multiply_by(way);
    if (!multiplies) return false;
    const gemm_matrix_t left = { a, transpose_a ? 1 : (size_t)lda, transpose_a ? (size_t)lda : 1 };
    const gemm_matrix_t right = { b, transpose_b ? 1 : (size_t)ldb, transpose_b ? (size_t)ldb : 1 };
    multiplies(m, n, k, alpha, left, right, beta, c, (size_t)ldc);
    return true;
}

void own_gemm(bool transpose_a, bool transpose_b, int32_t m, int32_t n, int32_t k, real_t alpha,
              const real_t *a, int32_t lda, const real_t *b, int32_t ldb, real_t beta, real_t *c,
              int32_t ldc)
{
    for (int32_t way = 2; way >= 0; way--)
        if (own_gemm_by(way, transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c,
                        ldc))
            return;
}
