/* sha1.c - SHA-1 as FIPS 180-4 section 6.1 describes it. */
#include "sha1.h"

#include <stdio.h>
#include <string.h>

static uint32_t rotate_left(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static void mix_block(uint32_t hash[5], const uint8_t block[64])
{
    uint32_t w[80];
    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
               (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
    for (int t = 16; t < 80; t++)
        w[t] = rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);

    uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4];
    for (int t = 0; t < 80; t++) {
        uint32_t f, k;
        if (t < 20)
            f = (b & c) | (~b & d), k = 0x5A827999;
        else if (t < 40)
            f = b ^ c ^ d, k = 0x6ED9EBA1;
        else if (t < 60)
            f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
        else
            f = b ^ c ^ d, k = 0xCA62C1D6;
        const uint32_t next = rotate_left(a, 5) + f + e + k + w[t];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = next;
    }
    hash[0] += a;
    hash[1] += b;
    hash[2] += c;
    hash[3] += d;
    hash[4] += e;
}

void preset_sha1_hex(const void *bytes, size_t num_bytes, char hex[41])
{
    uint32_t hash[5] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 };
    const uint8_t *at = bytes;
    size_t left = num_bytes;
    for (; left >= 64; left -= 64, at += 64) mix_block(hash, at);

    uint8_t tail[128] = { 0 };
    if (left) memcpy(tail, at, left);
    tail[left] = 0x80;
    const size_t tail_bytes = left < 56 ? 64 : 128;
    const uint64_t num_bits = (uint64_t)num_bytes * 8;
    for (int i = 0; i < 8; i++) tail[tail_bytes - 1 - (size_t)i] = (uint8_t)(num_bits >> (8 * i));
    for (size_t i = 0; i < tail_bytes; i += 64) mix_block(hash, tail + i);
    for (int i = 0; i < 5; i++) snprintf(hex + 8 * i, 9, "%08x", (unsigned)hash[i]);
}
