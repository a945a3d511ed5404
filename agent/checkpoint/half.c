/* half.c - see half.h. */
#include "half.h"

#include <string.h>

/* Of a float's 23 bits of fraction a half keeps 10, of its exponents -14 to 15; below, steps of
 * 2^-24. */
uint16_t half_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    const int32_t exponent = (int32_t)(bits >> 23 & 0xff) - 127;
    uint32_t fraction = bits & 0x7fffff;
    if (exponent == 128) return (uint16_t)(sign | 0x7c00 | (fraction ? 0x200 : 0));
    if (exponent > 15) return (uint16_t)(sign | 0x7c00);
    if (exponent < -25) return sign;
    fraction |= 0x800000;
    const uint32_t drop = exponent < -14 ? (uint32_t)(13 - 14 - exponent) : 13;
    const uint32_t rest = fraction & ((1u << drop) - 1), half = 1u << (drop - 1);
    uint32_t kept = fraction >> drop;
    if (rest > half || (rest == half && (kept & 1))) kept++;
    /* The kept leading 1 adds one to the exponent's bits, and rounding up may carry into them. */
    const uint32_t base = exponent < -14 ? 0 : (uint32_t)(exponent + 14) << 10;
    return (uint16_t)(sign | (base + kept));
}

float half_value(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 0x1f;
    const uint32_t fraction = half & 0x3ff;
    if (exponent == 0) {
        const float small = (float)fraction / 16777216.0f; /* 2^24 */
        return sign ? -small : small;
    }
    const uint32_t bits =
        sign | (exponent == 31 ? 0xffu << 23 : (exponent + 112) << 23) | fraction << 13;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
