/* memory.h - a console's address space, as a core's memory map describes it. */
#ifndef CORE_BRIDGE_MEMORY_H
#define CORE_BRIDGE_MEMORY_H

#include "libretro.h"
#include "bridge_pool.h"

#include <stdint.h>

/* Deep copy of the core's map: cores pass descriptors and names from their stack. All zero: no map.
 */
typedef struct {
    bridge_pool_t pool;
    struct retro_memory_map map;
} memory_map_t;

/* Replace the map. False, and no map, if there is no memory. from == NULL: no map. */
bool memory_map_set(memory_map_t *memory, const struct retro_memory_map *from);
void memory_map_drop(memory_map_t *memory);

/* The byte at an address: the first descriptor that matches wins; NULL if none does, or if that
 * one has no memory behind it (registers). */
const uint8_t *memory_map_byte(const memory_map_t *memory, uint64_t address);

/* num_bytes (at least 1) that lie behind each other; NULL if they do not. */
const uint8_t *memory_map_range(const memory_map_t *memory, uint64_t address, size_t num_bytes);

/* The run of addresses from where descriptor `index` starts, as far as they lie behind each other
 * and the descriptor answers for them. 0 bytes: it is constant or video memory, another one
 * answers, or nothing is behind it. */
size_t memory_map_run(const memory_map_t *memory, unsigned index, uint64_t *address);

#endif
