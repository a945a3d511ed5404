/* event_reader.c - see event_reader.h. */
#include "event_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kata.h"

typedef struct {
    const uint8_t *at, *end;
} span_t;

static uint64_t little(span_t *span, int num_bytes)
{
    uint64_t value = 0;
    assert_true(span->end - span->at >= num_bytes);
    for (int i = 0; i < num_bytes; i++) value |= (uint64_t)*span->at++ << 8 * i;
    return value;
}

/* By its polynomial, a table made here: not the writer's way. */
static uint32_t masked_crc(const uint8_t *bytes, size_t num_bytes)
{
    uint32_t table[256], crc = 0xffffffffu;
    for (uint32_t n = 0; n < 256; n++) {
        table[n] = n;
        for (int k = 0; k < 8; k++)
            table[n] = table[n] & 1 ? 0x82f63b78u ^ (table[n] >> 1) : table[n] >> 1;
    }
    for (size_t i = 0; i < num_bytes; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >> 8);
    crc = ~crc;
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

static uint64_t varint(span_t *span)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const uint64_t byte = little(span, 1);
        value |= (byte & 127) << shift;
        if (byte < 128) return value;
    }
    fail_msg("a varint has no end");
    return 0;
}

static span_t message(span_t *span)
{
    const uint64_t length = varint(span);
    assert_true(length <= (uint64_t)(span->end - span->at));
    const span_t inner = { span->at, span->at + length };
    span->at += length;
    return inner;
}

static void copy(char *out, size_t out_bytes, span_t text)
{
    const size_t length = (size_t)(text.end - text.at);
    assert_true(length < out_bytes);
    memcpy(out, text.at, length);
    out[length] = '\0';
}

/* The number of a summary: { 1: { 1: tag, 2: simple_value } }. */
static void read_summary(span_t summary, event_read_t *event)
{
    assert_int_equal(varint(&summary), 1 << 3 | 2);
    span_t value = message(&summary);
    assert_true(summary.at == summary.end);
    assert_int_equal(varint(&value), 1 << 3 | 2);
    copy(event->tag, sizeof event->tag, message(&value));
    assert_int_equal(varint(&value), 2 << 3 | 5);
    const uint32_t bits = (uint32_t)little(&value, 4);
    memcpy(&event->value, &bits, sizeof bits);
    assert_true(value.at == value.end);
}

static void read_event(span_t span, event_read_t *event)
{
    *event = (event_read_t){ 0 };
    while (span.at < span.end) {
        const uint64_t key = varint(&span);
        span_t inner;
        uint64_t bits;
        switch (key) {
        case 1 << 3 | 1:
            bits = little(&span, 8);
            memcpy(&event->wall_time, &bits, sizeof bits);
            break;
        case 2 << 3 | 0: event->step = (int64_t)varint(&span); break;
        case 3 << 3 | 2: copy(event->version, sizeof event->version, message(&span)); break;
        case 5 << 3 | 2: read_summary(message(&span), event); break;
        case 7 << 3 | 2:
            inner = message(&span);
            assert_int_equal(varint(&inner), 1 << 3 | 0);
            event->status = (int32_t)varint(&inner);
            break;
        default: fail_msg("field %d of type %d", (int)(key >> 3), (int)(key & 7));
        }
    }
}

int32_t event_reader_read(const char *path, event_read_t *out, int32_t most)
{
    size_t num_bytes;
    uint8_t *bytes = kata_read_file(path, &num_bytes);
    span_t file = { bytes, bytes + num_bytes };
    int32_t count = 0;
    while (file.at < file.end) {
        const uint8_t *head = file.at;
        const uint64_t length = little(&file, 8);
        assert_int_equal(little(&file, 4), masked_crc(head, 8));
        assert_true(length <= (uint64_t)(file.end - file.at));
        const span_t record = { file.at, file.at + length };
        file.at += length;
        assert_int_equal(little(&file, 4), masked_crc(record.at, (size_t)length));
        assert_true(count < most);
        read_event(record, &out[count++]);
    }
    free(bytes);
    return count;
}
