/* memory_search.c - candidates as one bit a type for each byte of memory, narrowed step by step. */
#include "memory_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "why.h"

typedef enum { KIND_UNSIGNED, KIND_SIGNED, KIND_DECIMAL } kind_t;

static const struct {
    int32_t num_bytes;
    bool is_big;
    kind_t kind;
} types[SEARCH_NUM_TYPES] = {
    { 1, false, KIND_UNSIGNED }, { 1, false, KIND_DECIMAL }, { 1, false, KIND_SIGNED },
    { 2, false, KIND_UNSIGNED }, { 2, true, KIND_UNSIGNED }, { 2, false, KIND_DECIMAL },
    { 2, true, KIND_DECIMAL },   { 2, false, KIND_SIGNED },  { 2, true, KIND_SIGNED },
    { 4, false, KIND_UNSIGNED }, { 4, true, KIND_UNSIGNED }, { 4, false, KIND_DECIMAL },
    { 4, true, KIND_DECIMAL },   { 4, false, KIND_SIGNED },  { 4, true, KIND_SIGNED },
};
const char *const search_types[SEARCH_NUM_TYPES] = { "|u1", "|d1", "|i1", "<u2", ">u2",
                                                     "<d2", ">d2", "<i2", ">i2", "<u4",
                                                     ">u4", "<d4", ">d4", "<i4", ">i4" };
enum { ALL_TYPES = (1 << SEARCH_NUM_TYPES) - 1 };

/* What a step can take back: bit t of types[i] is the candidate of type t whose first byte is i. */
typedef struct {
    uint16_t *types; /* (num_bytes) */
    uint8_t *memory; /* (num_bytes): what the next step compares with */
    int32_t steps;
} level_t;

struct search {
    int32_t num_ranges;
    search_range_t *ranges;
    size_t num_bytes; /* of all ranges */
    /* A ring: levels[now] is now, those before it can be gone back to. */
    level_t levels[SEARCH_MAX_UNDO + 1];
    int32_t now, num_undo;
    uint8_t *was; /* (num_bytes): the memory before the last narrowing, for lists */
};

int32_t search_find_type(const char *text)
{
    for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++)
        if (strcmp(search_types[t], text) == 0) return t;
    return -1;
}

int32_t search_type_bytes(int32_t type)
{
    return types[type].num_bytes;
}

bool search_decode(int32_t type, const uint8_t *bytes, int64_t *value)
{
    const int32_t num_bytes = types[type].num_bytes;
    uint32_t whole = 0;
    for (int32_t i = 0; i < num_bytes; i++)
        whole = whole << 8 | bytes[types[type].is_big ? i : num_bytes - 1 - i];
    *value = whole;
    if (types[type].kind == KIND_SIGNED) {
        const int64_t sign = INT64_C(1) << (8 * num_bytes - 1);
        *value = (*value ^ sign) - sign;
    }
    if (types[type].kind != KIND_DECIMAL) return true;
    int64_t decimal = 0;
    for (int32_t shift = 8 * num_bytes - 4; shift >= 0; shift -= 4) {
        const uint32_t digit = whole >> shift & 15;
        if (digit > 9) return false;
        decimal = decimal * 10 + digit;
    }
    *value = decimal;
    return true;
}

/* ---- life
 * ---------------------------------------------------------------------------------------- */

/* Types that fit into what is left of the range. */
static void fill_types(memory_search_t *search, uint16_t *bits)
{
    for (int32_t r = 0; r < search->num_ranges; r++) {
        const size_t num_bytes = search->ranges[r].num_bytes;
        for (size_t i = 0; i < num_bytes; i++) {
            uint16_t fitting = 0;
            for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++)
                if ((size_t)types[t].num_bytes <= num_bytes - i) fitting |= (uint16_t)(1u << t);
            *bits++ = fitting;
        }
    }
}

/* memory_search_t, ranges, then for each level its bits, then all memories. */
static void place(memory_search_t *search, uint8_t *room)
{
    const size_t n = search->num_bytes;
    for (int32_t l = 0; l <= SEARCH_MAX_UNDO; l++)
        search->levels[l].types = (uint16_t *)(void *)(room + 2 * n * (size_t)l);
    room += 2 * n * (SEARCH_MAX_UNDO + 1);
    for (int32_t l = 0; l <= SEARCH_MAX_UNDO; l++) search->levels[l].memory = room + n * (size_t)l;
    search->was = room + n * (SEARCH_MAX_UNDO + 1);
}

bool search_create(memory_search_t **out, const search_range_t *ranges, int32_t num_ranges,
                   const uint8_t *memory, why_t why)
{
    *out = NULL;
    size_t num_bytes = 0;
    for (int32_t r = 0; r < num_ranges; r++) {
        if (ranges[r].num_bytes > SEARCH_MAX_BYTES - num_bytes)
            return refuse(why, "more than 4 MiB of memory to search");
        num_bytes += ranges[r].num_bytes;
    }
    if (num_bytes == 0) return refuse(why, "there is no memory to search");
    const size_t head = sizeof(memory_search_t) + (size_t)num_ranges * sizeof *ranges;
    memory_search_t *search = calloc(1, head + num_bytes * SEARCH_BYTES_PER_BYTE);
    if (!search) return refuse(why, "no memory for a search");
    search->ranges = (search_range_t *)(search + 1);
    memcpy(search->ranges, ranges, (size_t)num_ranges * sizeof *ranges);
    search->num_ranges = num_ranges;
    search->num_bytes = num_bytes;
    place(search, (uint8_t *)search + head);
    fill_types(search, search->levels[0].types);
    memcpy(search->levels[0].memory, memory, num_bytes);
    memcpy(search->was, memory, num_bytes);
    *out = search;
    return true;
}

void search_destroy(memory_search_t *search)
{
    free(search);
}

/* ---- steps
 * --------------------------------------------------------------------------------------- */

/* A copy of the level, to be changed; the one before can be gone back to. */
static level_t *step(memory_search_t *search)
{
    const level_t *before = &search->levels[search->now];
    search->now = (search->now + 1) % (SEARCH_MAX_UNDO + 1);
    if (search->num_undo < SEARCH_MAX_UNDO) search->num_undo++;
    level_t *now = &search->levels[search->now];
    memcpy(now->types, before->types, search->num_bytes * sizeof *now->types);
    memcpy(now->memory, before->memory, search->num_bytes);
    now->steps = before->steps + 1;
    return now;
}

static bool fits(search_op_t op, int64_t number, int64_t before, int64_t now)
{
    switch (op) {
    case SEARCH_EQUAL: return now == number;
    case SEARCH_NOT_EQUAL: return now != number;
    case SEARCH_UNCHANGED: return now == before;
    case SEARCH_CHANGED: return now != before;
    case SEARCH_LESS: return now < before;
    case SEARCH_GREATER: return now > before;
    case SEARCH_BY: return now - before == number;
    }
    return false;
}

static bool needs_before(search_op_t op)
{
    return op != SEARCH_EQUAL && op != SEARCH_NOT_EQUAL;
}

size_t search_narrow(memory_search_t *search, search_op_t op, int64_t number, const uint8_t *memory)
{
    level_t *level = step(search);
    size_t count = 0;
    for (size_t i = 0; i < search->num_bytes; i++) {
        uint16_t kept = 0;
        for (uint32_t left = level->types[i], t = 0; left; left >>= 1, t++) {
            int64_t now, before = 0;
            if (!(left & 1) || !search_decode((int32_t)t, memory + i, &now)) continue;
            if (needs_before(op) && !search_decode((int32_t)t, level->memory + i, &before))
                continue;
            if (!fits(op, number, before, now)) continue;
            kept |= (uint16_t)(1u << t);
            count++;
        }
        level->types[i] = kept;
    }
    memcpy(search->was, level->memory, search->num_bytes);
    memcpy(level->memory, memory, search->num_bytes);
    return count;
}

size_t search_keep_types(memory_search_t *search, uint32_t kept)
{
    level_t *level = step(search);
    for (size_t i = 0; i < search->num_bytes; i++) level->types[i] &= (uint16_t)kept;
    return search_count(search);
}

void search_mark(memory_search_t *search, const uint8_t *memory)
{
    level_t *level = step(search);
    level->steps--;
    memcpy(search->was, level->memory, search->num_bytes);
    memcpy(level->memory, memory, search->num_bytes);
}

void search_reset(memory_search_t *search, const uint8_t *memory)
{
    level_t *level = step(search);
    level->steps = 0;
    fill_types(search, level->types);
    memcpy(level->memory, memory, search->num_bytes);
    memcpy(search->was, memory, search->num_bytes);
}

bool search_undo(memory_search_t *search)
{
    if (search->num_undo == 0) return false;
    search->num_undo--;
    search->now = (search->now + SEARCH_MAX_UNDO) % (SEARCH_MAX_UNDO + 1);
    memcpy(search->was, search->levels[search->now].memory, search->num_bytes);
    return true;
}

/* ---- what is left
 * -------------------------------------------------------------------------------- */

int32_t search_steps(const memory_search_t *search)
{
    return search->levels[search->now].steps;
}

size_t search_count(const memory_search_t *search)
{
    const uint16_t *bits = search->levels[search->now].types;
    size_t count = 0;
    for (size_t i = 0; i < search->num_bytes; i++)
        for (uint32_t left = bits[i]; left; left &= left - 1) count++;
    return count;
}

/* Does a simpler candidate of this range, with the same lowest byte, have the same value? A place
 * is `at` bytes behind `first`, the range's first byte. */
static bool is_said_simpler(const level_t *level, size_t first, size_t at, int32_t type,
                            int64_t value)
{
    const size_t low = types[type].is_big ? at + (size_t)types[type].num_bytes - 1 : at;
    for (int32_t t = 0; t < type; t++) {
        const size_t back = types[t].is_big ? (size_t)types[t].num_bytes - 1 : 0;
        if (back > low || !(level->types[first + low - back] >> t & 1)) continue;
        int64_t simpler;
        if (search_decode(t, level->memory + first + low - back, &simpler) && simpler == value)
            return true;
    }
    return false;
}

static void describe(const memory_search_t *search, size_t place, uint64_t address, int32_t type,
                     search_candidate_t *found)
{
    *found = (search_candidate_t){ .address = address, .type = type };
    search_decode(type, search->levels[search->now].memory + place, &found->value);
    search_decode(type, search->was + place, &found->was);
}

size_t search_list(const memory_search_t *search, search_candidate_t *found, size_t max_found,
                   bool all)
{
    const level_t *level = &search->levels[search->now];
    size_t num_found = 0, first = 0;
    for (int32_t r = 0; r < search->num_ranges; r++) {
        const search_range_t *range = &search->ranges[r];
        for (size_t at = 0; at < range->num_bytes; at++)
            for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++) {
                int64_t value;
                if (!(level->types[first + at] >> t & 1)) continue;
                if (!search_decode(t, level->memory + first + at, &value)) continue;
                if (!all && is_said_simpler(level, first, at, t, value)) continue;
                if (num_found < max_found)
                    describe(search, first + at, range->address + at, t, &found[num_found]);
                num_found++;
            }
        first += range->num_bytes;
    }
    return num_found;
}

bool search_has(const memory_search_t *search, uint64_t address, int32_t type,
                search_candidate_t *found)
{
    const level_t *level = &search->levels[search->now];
    size_t first = 0;
    for (int32_t r = 0; r < search->num_ranges; r++) {
        const search_range_t *range = &search->ranges[r];
        if (address >= range->address && address - range->address < range->num_bytes) {
            const size_t place = first + (size_t)(address - range->address);
            if (!(level->types[place] >> type & 1)) return false;
            describe(search, place, address, type, found);
            return true;
        }
        first += range->num_bytes;
    }
    return false;
}
