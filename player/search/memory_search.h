/* memory_search.h - which bytes of a game's memory hold its health, its score, its timer?
 *
 * As cheat finders do it: every place of the memory, read as every type, is a candidate; each
 * comparison of the memory now with the memory before leaves only those that fit.
 *
 *     memory_search_t *search;
 *     search_create(&search, ranges, num_ranges, memory, why);   memory: all ranges, one by one
 *     ... a blow lands ...
 *     search_narrow(search, SEARCH_LESS, 0, memory_now);
 *     num = search_list(search, found, MAX, false);
 *
 * Bytes are in the console's order (a caller swaps the words of memories that are stored so), and
 * types are spelled as presets spell them. A packed decimal is one only while all its half bytes
 * are digits.
 *
 * Many candidates say the same: the low byte of a health of 88 is also a word of 88. search_list()
 * shows of those that have the same value at the same lowest byte only the simplest.
 *
 * Memory: one allocation of about SEARCH_BYTES_PER_BYTE times the memory searched, in
 * search_create(). May include: the C library. Knows no bridge, so that a test searches arrays.
 */
#ifndef PLAYER_MEMORY_SEARCH_H
#define PLAYER_MEMORY_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define SEARCH_MAX_BYTES ((size_t)4 << 20) /* of all ranges together */
#define SEARCH_MAX_UNDO 8                  /* steps that can be taken back */
#define SEARCH_BYTES_PER_BYTE (3 * (SEARCH_MAX_UNDO + 1) + 1)

/* Simplest first: of candidates that say the same, the first is shown. */
#define SEARCH_NUM_TYPES 15
extern const char *const search_types[SEARCH_NUM_TYPES]; /* "|u1" ... ">d4" */
/* Index of a type, or -1. */
int32_t search_find_type(const char *text);
/* The value of a type's bytes; false: not decimal digits. For tests and lists. */
bool search_decode(int32_t type, const uint8_t *bytes, int64_t *value);
int32_t search_type_bytes(int32_t type); /* 1, 2 or 4 */

typedef struct {
    uint64_t address; /* of its first byte, as presets count */
    size_t num_bytes;
} search_range_t;

/* All but EQUAL and NOT_EQUAL compare with the memory at the step before. */
typedef enum {
    SEARCH_EQUAL = 0, /* is `number` */
    SEARCH_NOT_EQUAL,
    SEARCH_UNCHANGED,
    SEARCH_CHANGED,
    SEARCH_LESS,
    SEARCH_GREATER,
    SEARCH_BY /* changed by exactly `number`, which may be negative */
} search_op_t;

typedef struct {
    uint64_t address;
    int32_t type;       /* index in search_types */
    int64_t value, was; /* at the last step, and at the one before it */
} search_candidate_t;

typedef struct search memory_search_t;

/* Everything is a candidate. ranges are copied; memory: their bytes, range behind range. False:
 * nothing to search, more than SEARCH_MAX_BYTES, or no memory. */
bool search_create(memory_search_t **out, const search_range_t *ranges, int32_t num_ranges,
                   const uint8_t *memory, why_t why);
void search_destroy(memory_search_t *search); /* NULL is fine */

/* One step: keep what fits. memory as in search_create(). Returns how many candidates are left. */
size_t search_narrow(memory_search_t *search, search_op_t op, int64_t number,
                     const uint8_t *memory);
/* Keep candidates of the types whose bits are set. A step, too; the memory stays. */
size_t search_keep_types(memory_search_t *search, uint32_t types);
/* From now on comparisons are with this memory. A step, too; all candidates stay. */
void search_mark(memory_search_t *search, const uint8_t *memory);
/* Everything is a candidate again. A step, too. */
void search_reset(memory_search_t *search, const uint8_t *memory);
/* Take the last step back. False: there is none, or it is more than SEARCH_MAX_UNDO ago. */
bool search_undo(memory_search_t *search);

int32_t search_steps(const memory_search_t *search); /* since the last reset, marks not counted */
size_t search_count(const memory_search_t *search);  /* candidates, the same ones each for itself */
/* The first max_found candidates by address, then type; returns how many there are. all: also those
 * that say the same as a simpler one. What is no number now (see above) is not listed. */
size_t search_list(const memory_search_t *search, search_candidate_t *found, size_t max_found,
                   bool all);
/* The candidate of that type at that address; false: it is none (any more). */
bool search_has(const memory_search_t *search, uint64_t address, int32_t type,
                search_candidate_t *found);

#endif
