/* rules.h - Kumite's rules and CPU compiled for this machine: the same C files as in the ROM, a
 * thousand times as fast, for measuring. kumite_bots -c holds them against the ROM on nestopia,
 * frame by frame. */
#ifndef RULES_H
#define RULES_H

#include <stdint.h>

/* Places the fighters as at the first frame of a fight; start: RAM of the ROM at that frame. */
void rules_begin(const uint8_t *start, int level);
/* One frame with this pad on port 1 (the second fighter is the CPU's); false when the round is
 * over. */
int rules_frame(uint8_t pad);
/* RAM as the ROM would show it: the addresses that bots read, and round_result. */
const uint8_t *rules_ram(void);

#endif
