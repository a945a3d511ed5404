/* state_fields.h - structs that travel in savestates, each declared by one table.
 *
 * The table makes the struct's members, the bytes in the savestate, and the check of what is read
 * back, so that a member cannot be left out of any of the three:
 *
 *     #define THING_FIELDS(NUMBER, ARRAY)              \
 *         NUMBER(int32_t, frame, 0, 600)               \
 *         ARRAY(uint8_t, picture, 7056, 0, 255)
 *     typedef struct { THING_FIELDS(STATE_MEMBER, STATE_MEMBERS) } thing_t;
 *     STATE_ASSERT_WHOLE(thing_t, THING_FIELDS);
 *
 *     typedef thing_t state_self_t;                    in a function, where the rows are wanted
 *     const state_field_t rows[] = { THING_FIELDS(STATE_ROW, STATE_ROWS) };
 *
 * Numbers are written in the table's order, little-endian, each as wide as its type, without gaps.
 * The ranges may use anything that is in scope where the rows are made (a preset's number of
 * actions). New members go last: a reader takes the members that are there and leaves the others
 * as they were, so that a state of an older version can still be read.
 */
#ifndef PLAYER_STATE_FIELDS_H
#define PLAYER_STATE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_ANY INT64_MIN, INT64_MAX

/* One member: `count` numbers of `num_bytes` each at `offset` of the struct. */
typedef struct {
    size_t offset;
    size_t count;
    int64_t low, high; /* what a number that is read back may be */
    uint8_t num_bytes; /* 1, 2, 4 or 8 */
    bool is_signed;
} state_field_t;

/* What NUMBER and ARRAY stand for; ... is the range. */
#define STATE_MEMBER(type, name, ...) type name;
#define STATE_MEMBERS(type, name, count, ...) type name[count];
#define STATE_ROW(type, name, ...)                                                                 \
    { offsetof(state_self_t, name), 1, __VA_ARGS__, sizeof(type), (type)-1 < (type)1 },
#define STATE_ROWS(type, name, count, ...)                                                         \
    { offsetof(state_self_t, name), count, __VA_ARGS__, sizeof(type), (type)-1 < (type)1 },
#define STATE_ADD(type, name, ...) +sizeof(type)
#define STATE_ADD_ALL(type, name, count, ...) +sizeof(type) * (count)

/* Every byte of the struct belongs to a member: no padding, nothing beside the table. */
#define STATE_ASSERT_WHOLE(type, FIELDS)                                                           \
    _Static_assert(sizeof(type) == 0 FIELDS(STATE_ADD, STATE_ADD_ALL), "the table is the struct")

size_t state_fields_bytes(const state_field_t *fields, size_t num_fields);

/* record -> bytes, state_fields_bytes() of them. */
void state_fields_write(const state_field_t *fields, size_t num_fields, const void *record,
                        uint8_t *bytes);

/* bytes -> record, for the members that lie within num_bytes as a whole. False: a number is out of
 * its range; the record is then half read. */
bool state_fields_read(const state_field_t *fields, size_t num_fields, void *record,
                       const uint8_t *bytes, size_t num_bytes);

#endif
