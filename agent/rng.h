/* rng.h - random numbers from a state that someone passes in.
 *
 * xoshiro256** (Blackman and Vigna 2018), seeded through splitmix64 so that seeds
 * 0, 1, 2 give unrelated sequences. The four words are the whole state: saving and
 * restoring them continues the sequence exactly.
 */
#ifndef AGENT_RNG_H
#define AGENT_RNG_H

#include <stdint.h>

typedef struct {
    uint64_t word[4]; /* never all zero */
} rng_t;

/* Generators of one seed: policy_explore(), the learner, policy_greedy(). */
enum { RNG_EXPLORE = 1, RNG_LEARN, RNG_GREEDY };

/* `purpose` (one of these, or a caller's own) separates generators of one seed. */
void rng_seed(rng_t *rng, uint64_t seed, uint64_t purpose);
uint64_t rng_next(rng_t *rng);
/* Uniform in [0, 1), 53 bits. */
double rng_uniform(rng_t *rng);
/* Uniform in [0, bound), without modulo bias; bound >= 1. */
uint32_t rng_below(rng_t *rng, uint32_t bound);
/* Two standard normals from two uniforms (Box and Muller); nothing is kept back. */
void rng_normal_pair(rng_t *rng, double pair[2]);
/* The first of such a pair. */
double rng_normal(rng_t *rng);

#endif
