/* counted_noise.h - the noise of an update by its number alone: any device draws the same.
 *
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011) has no state: its 128 bits are a function of a
 * key, the seed, and a counter, here (block, network, update). Its four words make two pairs of
 * normals (Box and Muller), each passed through sign(x) sqrt|x| as net_draw_noise() does. A
 * learner that has used a card draws its noise so (device.h), and a card by the same in
 * agent/card/noise.cl.
 */
#ifndef AGENT_COUNTED_NOISE_H
#define AGENT_COUNTED_NOISE_H

#include <stddef.h>
#include <stdint.h>

#include "real.h"

enum { COUNTED_NOISE_ONLINE = 0, COUNTED_NOISE_TARGET = 1 };

void counted_noise_words(const uint32_t key[2], const uint32_t counter[4], uint32_t words[4]);

/* noise: (count), written. network: one of those above. */
void counted_noise_draw(uint64_t seed, uint64_t update, uint32_t network, size_t count,
                        real_t *noise);

#endif
