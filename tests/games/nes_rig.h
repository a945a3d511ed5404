/* nes_rig.h - nestopia without a frontend: open a ROM, hold pads, run frames, read RAM, save
 * pictures. One core in a process, so the functions keep their state to themselves. */
#ifndef NES_RIG_H
#define NES_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of a pad as the NES reads them, the same as in the game. */
enum {
    NES_A = 0x80,
    NES_B = 0x40,
    NES_SELECT = 0x20,
    NES_START = 0x10,
    NES_UP = 0x08,
    NES_DOWN = 0x04,
    NES_LEFT = 0x02,
    NES_RIGHT = 0x01
};

/* Opens core and ROM, or says on stderr why not. */
bool nes_open(const char *core_path, const char *rom_path);
void nes_close(void);
void nes_reset(void);
/* Runs one frame with these pads held. */
void nes_frame(uint8_t pad1, uint8_t pad2);
const uint8_t *nes_ram(void); /* 2048 bytes */
bool nes_save_png(const char *path, int scale);
size_t nes_state_bytes(void);
bool nes_state_save(void *data, size_t bytes);
bool nes_state_load(const void *data, size_t bytes);

#endif
