/* core_rig.h - a core without a frontend: open a ROM, hold pads, run frames, read RAM, save
 * pictures. One core in a process, so the functions keep their state to themselves. */
#ifndef CORE_RIG_H
#define CORE_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of a pad: as the NES reads them, the same as in Kumite. Of a PC Engine A is I, B is II,
 * START is RUN. */
enum {
    RIG_A = 0x80,
    RIG_B = 0x40,
    RIG_SELECT = 0x20,
    RIG_START = 0x10,
    RIG_UP = 0x08,
    RIG_DOWN = 0x04,
    RIG_LEFT = 0x02,
    RIG_RIGHT = 0x01
};

/* Opens core and ROM, or says on stderr why not. */
bool rig_open(const char *core_path, const char *rom_path);
void rig_close(void);
void rig_reset(void);
/* Runs one frame with these pads held. */
void rig_frame(uint8_t pad1, uint8_t pad2);
const uint8_t *rig_ram(void); /* system RAM: rig_ram_bytes() of it */
size_t rig_ram_bytes(void);
void rig_poke(size_t at, uint8_t value); /* a byte of it */
bool rig_save_png(const char *path, int scale);
size_t rig_state_bytes(void);
bool rig_state_save(void *data, size_t bytes);
bool rig_state_load(const void *data, size_t bytes);

#endif
