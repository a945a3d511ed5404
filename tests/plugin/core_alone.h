/* core_alone.h - what the inner core does without Kata: a fault of its own is not Kata's, and a
 * claim that a state is exact holds for the bytes that the core itself brings back.
 *
 * nestopia 1.53, for one, writes the counters of its turbo buttons into a state and does not read
 * them from it, and two games of one process can differ from power-on (seen at frame 0, in one
 * process of many, with the same file on the same machine). Which bytes are lost, and from which
 * frame on it repeats itself from a state, is measured here, on the core alone, and not listed.
 */
#ifndef TEST_CORE_ALONE_H
#define TEST_CORE_ALONE_H

#include <stddef.h>
#include <stdint.h>

/* What plays kit_kumite. */
extern const char core_alone_path[];

/* The bytes of its state right after it has loaded kit_kumite. */
size_t core_alone_bytes(void);

/* Plays kit_kumite on the core, saves and restores, and notes what comes back as another; the
 * second call and later ones do nothing. Before Kata opens the core: one copy of a library has one
 * game. Fails when it is so much that the comparisons below would prove nothing. */
void core_alone_measure(void);

/* Bytes of its state that the core does not restore: checksums of whole states, as netplay compares
 * them, hold for no such core. */
int core_alone_num_lost(void);

/* From this frame after power-on, 1 to 64, the core goes on from a state as it did before, in the
 * same game and in one loaded later. */
int core_alone_settled_frame(void);

/* States of kit_kumite by the core, or by Kata around it: equal but for the bytes that were
 * measured. core_alone_hash leaves these out. */
uint64_t core_alone_hash(const uint8_t *state, size_t num_bytes);
void core_alone_expect_same(const uint8_t *state, const uint8_t *expected, size_t num_bytes);

#endif
