/* trailer.c - packing and unpacking trailer.h's layout. */
#include "trailer.h"

#include <string.h>

enum { VERSION = 1, HEAD_BYTES = 52, CHECK_AT = 16, ARMED = 1 };
static const char magic[8] = { 'K', 'A', 'T', 'A', 'T', 'A', 'I', 'L' };

static void put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t check_of(const uint8_t *bytes, size_t num_bytes)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < num_bytes; i++) {
        const bool own = i >= CHECK_AT && i < CHECK_AT + 4;
        hash = (hash ^ (own ? 0 : bytes[i])) * 16777619u;
    }
    return hash;
}

size_t trailer_bytes(const player_t *player)
{
    return HEAD_BYTES + player_state_bytes(player);
}

bool trailer_begins(const uint8_t *bytes)
{
    return memcmp(bytes, magic, sizeof magic) == 0;
}

void trailer_write(const trailer_t *trailer, const player_t *player, uint8_t *bytes)
{
    const size_t num_bytes = trailer_bytes(player);
    memcpy(bytes, magic, sizeof magic);
    put_u32(bytes + 8, VERSION);
    put_u32(bytes + 12, (uint32_t)num_bytes);
    put_u32(bytes + 20, trailer->takeover.armed ? ARMED : 0);
    put_u32(bytes + 24, (uint32_t)trailer->random_state);
    put_u32(bytes + 28, (uint32_t)(trailer->random_state >> 32));
    put_u32(bytes + 32, trailer->takeover.frames_left);
    put_u32(bytes + 36, (uint32_t)trailer->start.phase);
    put_u32(bytes + 40, (uint32_t)trailer->start.step);
    put_u32(bytes + 44, (uint32_t)trailer->start.frame);
    put_u32(bytes + 48, (uint32_t)trailer->start.idle_frames);
    player_save(player, bytes + HEAD_BYTES);
    put_u32(bytes + CHECK_AT, check_of(bytes, num_bytes));
}

bool trailer_read(trailer_t *trailer, player_t *player, const preset_t *preset,
                  const uint8_t *bytes, size_t num_bytes)
{
    const size_t expected = trailer_bytes(player);
    if (num_bytes < expected || memcmp(bytes, magic, sizeof magic) != 0) return false;
    if (get_u32(bytes + 8) != VERSION || get_u32(bytes + 12) != expected) return false;
    if (get_u32(bytes + CHECK_AT) != check_of(bytes, expected)) return false;

    const uint32_t phase = get_u32(bytes + 36);
    if (phase >= START_NUM_PHASES) return false;
    const trailer_t found = {
        .random_state = (uint64_t)get_u32(bytes + 28) << 32 | get_u32(bytes + 24),
        .takeover = { .frames_left = get_u32(bytes + 32),
                      .armed = (get_u32(bytes + 20) & ARMED) != 0 },
        .start = { .phase = (start_phase_t)phase,
                   .step = (int32_t)get_u32(bytes + 40),
                   .frame = (int32_t)get_u32(bytes + 44),
                   .idle_frames = (int32_t)get_u32(bytes + 48) },
    };
    if (!start_is_sound(&found.start, preset)) return false;
    player_resume(player); /* a suspended player would drop the macro in flight */
    if (!player_restore(player, bytes + HEAD_BYTES, expected - HEAD_BYTES)) return false;
    *trailer = found;
    return true;
}
