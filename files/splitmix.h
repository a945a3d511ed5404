/* splitmix.h - a random generator whose whole state is one number (Steele, Lea and Flood 2014,
 * splitmix64). For what a savestate holds, for seeds, for choices that need no more. agent/rng.h
 * has a longer period, and real numbers.
 *
 *     uint64_t state = seed;
 *     const uint64_t bits = splitmix64(&state);
 */
#ifndef FILES_SPLITMIX_H
#define FILES_SPLITMIX_H

#include <stdint.h>

/* The golden ratio's fraction times 2^64, odd: also good to multiply a seed or a hash by. */
#define SPLITMIX_GOLDEN UINT64_C(0x9e3779b97f4a7c15)

/* The next 64 random bits; every state is allowed, 0 too. */
static inline uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += SPLITMIX_GOLDEN;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 .. count - 1, count >= 1; no number is preferred by more than count / 2^32. */
static inline uint32_t splitmix_below(uint64_t *state, uint32_t count)
{
    return (uint32_t)(((splitmix64(state) >> 32) * count) >> 32);
}

#endif
