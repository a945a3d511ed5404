/* memory.c - finds a console address in a core's memory map. */
#include "memory.h"

#include <string.h>

bool memory_map_set(memory_map_t *memory, const struct retro_memory_map *from)
{
    memory_map_drop(memory);
    if (!from || !from->descriptors || from->num_descriptors == 0) return true;
    struct retro_memory_descriptor *const copies =
        bridge_pool_alloc(&memory->pool, from->num_descriptors, sizeof *copies);
    for (unsigned i = 0; copies && i < from->num_descriptors; i++) {
        copies[i] = from->descriptors[i];
        copies[i].addrspace = bridge_pool_string(&memory->pool, copies[i].addrspace);
    }
    if (memory->pool.failed) {
        memory_map_drop(memory);
        return false;
    }
    memory->map.descriptors = copies;
    memory->map.num_descriptors = from->num_descriptors;
    return true;
}

void memory_map_drop(memory_map_t *memory)
{
    bridge_pool_empty(&memory->pool);
    memory->map = (struct retro_memory_map){ 0 };
}

/* Take the bits of `mask` out of the address and close the gaps, lowest first. */
static uint64_t without_bits(uint64_t address, uint64_t mask)
{
    for (int bit = 63; bit >= 0; bit--) {
        if (!(mask >> bit & 1)) continue;
        const uint64_t below = (UINT64_C(1) << bit) - 1;
        address = (address & below) | (address >> 1 & ~below);
    }
    return address;
}

/* A chip smaller than its window shows again behind itself: clear top bits until it is inside. */
static uint64_t into_chip(uint64_t offset, uint64_t chip_bytes)
{
    while (offset >= chip_bytes) {
        uint64_t top = offset;
        while (top & (top - 1)) top &= top - 1;
        offset &= ~top;
    }
    return offset;
}

/* Offset in the descriptor's chip, or false. select == 0 describes one plain range. */
static bool offset_in(const struct retro_memory_descriptor *d, uint64_t address, uint64_t *offset)
{
    if (d->select == 0) {
        if (address < d->start || address - d->start >= d->len) return false;
        *offset = address - d->start;
        return true;
    }
    if ((d->start ^ address) & d->select) return false;
    *offset = without_bits(address - d->start, d->disconnect);
    if (d->len > 0) *offset = into_chip(*offset, d->len);
    return true;
}

static const struct retro_memory_descriptor *find(const memory_map_t *memory, uint64_t address,
                                                  uint64_t *offset)
{
    for (unsigned i = 0; i < memory->map.num_descriptors; i++)
        if (offset_in(&memory->map.descriptors[i], address, offset))
            return &memory->map.descriptors[i];
    return NULL;
}

const uint8_t *memory_map_byte(const memory_map_t *memory, uint64_t address)
{
    uint64_t offset;
    const struct retro_memory_descriptor *const d = find(memory, address, &offset);
    return d && d->ptr ? (const uint8_t *)d->ptr + d->offset + offset : NULL;
}

const uint8_t *memory_map_range(const memory_map_t *memory, uint64_t address, size_t num_bytes)
{
    if (num_bytes == 0 || num_bytes - 1 > UINT64_MAX - address) return NULL;
    const uint8_t *const first = memory_map_byte(memory, address);
    if (!first) return NULL;
    for (size_t i = 1; i < num_bytes; i++)
        if (memory_map_byte(memory, address + i) != first + i) return NULL;
    return first;
}

size_t memory_map_run(const memory_map_t *memory, unsigned index, uint64_t *address)
{
    enum { MAX_RUN_BYTES = 1 << 24 }; /* more than any console's RAM that Kata opens */
    const struct retro_memory_descriptor *const d = &memory->map.descriptors[index];
    *address = d->start;
    if (!d->ptr || d->flags & (RETRO_MEMDESC_CONST | RETRO_MEMDESC_VIDEO_RAM)) return 0;
    const uint8_t *const first = (const uint8_t *)d->ptr + d->offset;
    const size_t limit = d->len > 0 && d->len < MAX_RUN_BYTES ? d->len : MAX_RUN_BYTES;
    size_t num_bytes = 0;
    for (uint64_t offset; num_bytes < limit; num_bytes++)
        if (find(memory, d->start + num_bytes, &offset) != d || offset != num_bytes) break;
    return memory_map_byte(memory, d->start) == first ? num_bytes : 0;
}
