/* types.c - stable-retro's variable types: byte order, format, width, as one string. */
#include "model.h"

#include <string.h>

typedef enum { ORDER_LITTLE, ORDER_BIG, ORDER_BIG_HALVES, ORDER_LITTLE_HALVES } byte_order_t;

/* "=" is the machine's own order; presets are read the same everywhere, so it is little. */
static const struct {
    const char *text;
    byte_order_t order;
} orders[] = {
    /* two characters first: the longest prefix counts */
    { "><", ORDER_BIG_HALVES }, { ">=", ORDER_BIG_HALVES }, { "<>", ORDER_LITTLE_HALVES },
    { "<=", ORDER_LITTLE },     { "=>", ORDER_LITTLE },     { "=<", ORDER_LITTLE },
    { ">", ORDER_BIG },         { "<", ORDER_LITTLE },      { "=", ORDER_LITTLE },
    { "|", ORDER_LITTLE },
};

static const struct {
    char letter;
    type_format_t format;
} formats[] = {
    { 'u', TYPE_UNSIGNED }, { 'i', TYPE_SIGNED }, { 'd', TYPE_BCD }, { 'n', TYPE_LOW_NYBBLES }
};

/* Significance of the byte at `offset` of `width`. BIG_HALVES: the more significant half comes
 * first, bytes in a half least significant first; LITTLE_HALVES the other way round. Of an odd
 * width the half that comes second has one byte more, as stable-retro cuts it. */
static uint8_t significance(byte_order_t order, int32_t offset, int32_t width)
{
    const int32_t half = width / 2;
    switch (order) {
    case ORDER_BIG: return (uint8_t)(width - 1 - offset);
    case ORDER_BIG_HALVES: return (uint8_t)(offset < half ? offset + width - half : offset - half);
    case ORDER_LITTLE_HALVES:
        return (uint8_t)(offset < half ? half - 1 - offset : width - 1 - (offset - half));
    default: return (uint8_t)offset;
    }
}

const char *type_parse(value_type_t *out, const char *text)
{
    *out = (value_type_t){ .mask = -1 };
    size_t o = 0, f = 0;
    const size_t num_orders = sizeof orders / sizeof orders[0];
    const size_t num_formats = sizeof formats / sizeof formats[0];
    while (o < num_orders && strncmp(text, orders[o].text, strlen(orders[o].text)) != 0) o++;
    if (o == num_orders) return "must begin with a byte order (| < > = >< <> >= <= => =<)";
    text += strlen(orders[o].text);
    while (f < num_formats && text[0] != formats[f].letter) f++;
    if (f == num_formats) return "must have a format after the byte order (u i d n)";
    if (text[1] < '1' || text[1] > '8' || text[2] != '\0')
        return "must end in a width of 1 to 8 bytes";
    const int32_t width = text[1] - '0';
    out->format = formats[f].format;
    out->width_bytes = width;
    for (int32_t i = 0; i < width; i++)
        out->significance[i] = significance(orders[o].order, i, width);
    return "";
}

/* A half byte that is no decimal digit counts modulo 10, as in stable-retro. */
int64_t type_decode(const value_type_t *type, const uint8_t *bytes)
{
    uint8_t by_significance[8] = { 0 };
    for (int32_t i = 0; i < type->width_bytes; i++)
        by_significance[type->significance[i]] = bytes[i];
    uint64_t value = 0;
    for (int32_t i = type->width_bytes - 1; i >= 0; i--) {
        const uint8_t byte = by_significance[i];
        switch (type->format) {
        case TYPE_BCD:
            value = value * 100 + (uint64_t)((byte >> 4) % 10 * 10 + (byte & 15) % 10);
            break;
        case TYPE_LOW_NYBBLES: value = value * 10 + (byte & 15) % 10; break;
        default: value = value << 8 | byte;
        }
    }
    if (type->format == TYPE_SIGNED && type->width_bytes < 8) {
        const uint64_t sign = 1ull << (8 * type->width_bytes - 1);
        value = (value ^ sign) - sign;
    }
    return (int64_t)(value & (uint64_t)type->mask);
}
