/* state_fields.c - see state_fields.h. */
#include "state_fields.h"

#include <string.h>

size_t state_fields_bytes(const state_field_t *fields, size_t num_fields)
{
    size_t num_bytes = 0;
    for (size_t f = 0; f < num_fields; f++) num_bytes += fields[f].count * fields[f].num_bytes;
    return num_bytes;
}

static uint64_t get_number(const uint8_t *member, uint8_t num_bytes)
{
    uint64_t value = 0;
    switch (num_bytes) {
    case 1: return *member;
    case 2: {
        uint16_t word;
        memcpy(&word, member, sizeof word);
        return word;
    }
    case 4: {
        uint32_t word;
        memcpy(&word, member, sizeof word);
        return word;
    }
    default: memcpy(&value, member, sizeof value); return value;
    }
}

static void set_number(uint8_t *member, uint8_t num_bytes, uint64_t value)
{
    switch (num_bytes) {
    case 1: *member = (uint8_t)value; break;
    case 2: memcpy(member, &(uint16_t){ (uint16_t)value }, 2); break;
    case 4: memcpy(member, &(uint32_t){ (uint32_t)value }, 4); break;
    default: memcpy(member, &value, 8); break;
    }
}

void state_fields_write(const state_field_t *fields, size_t num_fields, const void *record,
                        uint8_t *bytes)
{
    for (const state_field_t *field = fields; field < fields + num_fields; field++) {
        const uint8_t *member = (const uint8_t *)record + field->offset;
        if (field->num_bytes == 1) {
            memcpy(bytes, member, field->count);
            bytes += field->count;
            continue;
        }
        for (size_t i = 0; i < field->count; i++, member += field->num_bytes) {
            const uint64_t value = get_number(member, field->num_bytes);
            for (uint8_t b = 0; b < field->num_bytes; b++) *bytes++ = (uint8_t)(value >> 8 * b);
        }
    }
}

/* The value as the member's type has it, widened. */
static int64_t widened(const state_field_t *field, uint64_t value)
{
    const int unused_bits = 64 - 8 * field->num_bytes;
    if (!field->is_signed || unused_bits == 0) return (int64_t)value;
    return (int64_t)(value << unused_bits) >> unused_bits;
}

static bool is_unbounded(const state_field_t *field)
{
    return field->low == INT64_MIN && field->high == INT64_MAX;
}

bool state_fields_read(const state_field_t *fields, size_t num_fields, void *record,
                       const uint8_t *bytes, size_t num_bytes)
{
    for (const state_field_t *field = fields; field < fields + num_fields; field++) {
        const size_t wanted = field->count * field->num_bytes;
        if (wanted > num_bytes) return true; /* an older version ends here */
        num_bytes -= wanted;
        uint8_t *member = (uint8_t *)record + field->offset;
        if (field->num_bytes == 1 && is_unbounded(field)) {
            memcpy(member, bytes, field->count);
            bytes += field->count;
            continue;
        }
        for (size_t i = 0; i < field->count; i++, member += field->num_bytes) {
            uint64_t value = 0;
            for (uint8_t b = 0; b < field->num_bytes; b++) value |= (uint64_t)*bytes++ << 8 * b;
            const int64_t number = widened(field, value);
            if (number < field->low || number > field->high) return false;
            set_number(member, field->num_bytes, value);
        }
    }
    return true;
}
