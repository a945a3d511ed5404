/* rules.h - Kumite's rules and CPU compiled for this machine: the same C files as in the ROM, a
 * thousand times as fast, for measuring. test_rules and kumite_bots -c hold them against the ROM on
 * nestopia, frame by frame. */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As at power-on: nobody fights, level 1. */
void rules_power_on(void);
/* Places the fighters as at the first frame of a match's first fight; start: RAM of the ROM at that
 * frame, of which the level, the players, the characters, the dice and the frame count are read. */
void rules_begin(const uint8_t *start);
/* The same without the ROM, of the fight that the preset's start for this level or RULES_VERSUS
 * begins: rules_dice are the dice and the low byte of the frame count there. */
void rules_begin_at(int level);
enum { RULES_VERSUS = 9 };
extern const uint8_t rules_dice[RULES_VERSUS][3];
/* One frame with these pads; the second one counts in a match of two players. False when the round
 * is over, and from then on nothing moves. */
bool rules_frame(uint8_t pad1, uint8_t pad2);
/* RAM as the ROM would show it while a round is fought: the addresses of kumite_ram.h. */
uint8_t *rules_ram(void);
/* All that the rules remember, rules_ram() apart: *num_bytes of it, to be copied and written back.
 */
void *rules_memory(size_t *num_bytes);

#endif
