/* rng.c - xoshiro256** and what is drawn from it. */
#include "rng.h"

#include <math.h>

#include "splitmix.h"

static uint64_t rotated(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

void rng_seed(rng_t *rng, uint64_t seed, uint64_t purpose)
{
    uint64_t state = purpose;
    state = seed ^ splitmix64(&state);
    for (int i = 0; i < 4; i++) rng->word[i] = splitmix64(&state);
}

uint64_t rng_next(rng_t *rng)
{
    uint64_t *s = rng->word;
    const uint64_t result = rotated(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

double rng_uniform(rng_t *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1.0p-53;
}

uint32_t rng_below(rng_t *rng, uint32_t bound)
{
    /* Lemire 2019: the high word of a product; redraw in the short first interval. */
    uint64_t product = (rng_next(rng) >> 32) * bound;
    if ((uint32_t)product < bound) {
        const uint32_t short_interval = (0u - bound) % bound;
        while ((uint32_t)product < short_interval) product = (rng_next(rng) >> 32) * bound;
    }
    return (uint32_t)(product >> 32);
}

void rng_normal_pair(rng_t *rng, double pair[2])
{
    const double radius = sqrt(-2.0 * log(1.0 - rng_uniform(rng))); /* argument in (0, 1] */
    const double angle = 6.283185307179586 * rng_uniform(rng);
    pair[0] = radius * cos(angle);
    pair[1] = radius * sin(angle);
}

double rng_normal(rng_t *rng)
{
    double pair[2];
    rng_normal_pair(rng, pair);
    return pair[0];
}
