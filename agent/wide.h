/* wide.h - loops that are compiled twice: for any processor, and for AVX2, which is chosen where
 * the processor has it. Neither fuses a product and a sum, and the loops' order is their own, so
 * both make the same bits.
 *
 *     WIDE_LOOP(scale, (size_t count, const real_t *restrict x, real_t *restrict y), (count, x, y))
 *     {
 *         for (size_t i = 0; i < count; i++) y[i] = 2 * x[i];
 *     }
 *
 * defines `static void scale(...)`. Neither version is inlined: with -fno-strict-aliasing a store
 * might change the struct that holds a pointer or a bound, and where GCC inlines such a function it
 * drops `restrict`; either way it would not vectorize.
 */
#ifndef AGENT_WIDE_H
#define AGENT_WIDE_H

#ifdef __x86_64__
#define WIDE_LOOP(name, parameters, arguments)                                                     \
    static inline __attribute__((always_inline)) void name##_loop parameters;                      \
    static __attribute__((noinline)) void name##_narrow parameters                                 \
    {                                                                                              \
        name##_loop arguments;                                                                     \
    }                                                                                              \
    static __attribute__((noinline, target("avx2"))) void name##_wide parameters                   \
    {                                                                                              \
        name##_loop arguments;                                                                     \
    }                                                                                              \
    static void name parameters                                                                    \
    {                                                                                              \
        if (__builtin_cpu_supports("avx2"))                                                        \
            name##_wide arguments;                                                                 \
        else                                                                                       \
            name##_narrow arguments;                                                               \
    }                                                                                              \
    static inline __attribute__((always_inline)) void name##_loop parameters
#else
#define WIDE_LOOP(name, parameters, arguments) static __attribute__((noinline)) void name parameters
#endif

#endif
