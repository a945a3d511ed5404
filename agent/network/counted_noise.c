/* counted_noise.c - see counted_noise.h. */
#include "counted_noise.h"

#include <math.h>

void counted_noise_words(const uint32_t key[2], const uint32_t counter[4], uint32_t words[4])
{
    enum { ROUNDS = 10 };
    uint32_t k0 = key[0], k1 = key[1];
    for (int i = 0; i < 4; i++) words[i] = counter[i];
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t a = (uint64_t)0xD2511F53u * words[0];
        const uint64_t b = (uint64_t)0xCD9E8D57u * words[2];
        words[0] = (uint32_t)(b >> 32) ^ words[1] ^ k0;
        words[1] = (uint32_t)b;
        words[2] = (uint32_t)(a >> 32) ^ words[3] ^ k1;
        words[3] = (uint32_t)a;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* In (0, 1), and exact in a float. */
static double uniform(uint32_t word)
{
    return ((double)(word >> 9) + 0.5) * 0x1.0p-23;
}

void counted_noise_draw(uint64_t seed, uint64_t update, uint32_t network, size_t count,
                        real_t *noise)
{
    const uint32_t key[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };
    for (size_t i = 0; i < count; i += 4) {
        const uint32_t counter[4] = { (uint32_t)(i / 4), network, (uint32_t)update,
                                      (uint32_t)(update >> 32) };
        uint32_t words[4];
        counted_noise_words(key, counter, words);
        for (size_t k = 0; k < 4 && i + k < count; k++) {
            const double radius = sqrt(-2 * log(uniform(words[k & 2])));
            const double angle = 6.283185307179586 * uniform(words[(k & 2) + 1]);
            const double x = radius * (k & 1 ? sin(angle) : cos(angle));
            noise[i + k] = (real_t)copysign(sqrt(fabs(x)), x);
        }
    }
}
