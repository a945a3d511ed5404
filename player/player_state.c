/* player_state.c - see player_state.h. */
#include "player_state.h"

#include <string.h>

enum { FOOTER_BYTES = 32, CHECKED_FOOTER_BYTES = 16, HEAD_BYTES = 8, NUM_BLOCKS = 15 };
enum { MAX_FIELDS = 12 };
static const char magic[8] = { 'K', 'A', 'T', 'A', 'S', 'T', 'A', 'T' };

/* One block: which part of player_state_t it is. */
typedef struct {
    char tag[4];
    size_t offset; /* in player_state_t */
    size_t num_fields;
    state_field_t fields[MAX_FIELDS];
} block_t;

typedef struct {
    block_t blocks[NUM_BLOCKS];
    size_t num_blocks;
} layout_t;

static void add_block(layout_t *layout, const char *tag, size_t offset, const state_field_t *fields,
                      size_t num_fields)
{
    block_t *block = &layout->blocks[layout->num_blocks++];
    memcpy(block->tag, tag, sizeof block->tag);
    block->offset = offset;
    block->num_fields = num_fields;
    memcpy(block->fields, fields, num_fields * sizeof *fields);
}

/* self: the type of the part. */
#define ADD_BLOCK(layout, tag, self, at, FIELDS)                                                   \
    do {                                                                                           \
        typedef self state_self_t;                                                                 \
        const state_field_t rows[] = { FIELDS(STATE_ROW, STATE_ROWS) };                            \
        _Static_assert(sizeof rows / sizeof rows[0] <= MAX_FIELDS, "room for the rows");           \
        add_block(layout, tag, at, rows, sizeof rows / sizeof rows[0]);                            \
    } while (0)

/* The first block is the one that must be there. */
static void lay_out(layout_t *layout, const player_state_limits_t *limits)
{
    layout->num_blocks = 0;
    ADD_BLOCK(layout, "EYES", player_eyes_t, offsetof(player_state_t, eyes), PLAYER_EYES_FIELDS);
    ADD_BLOCK(layout, "WISH", holder_wish_t, offsetof(player_state_t, holder.wish),
              HOLDER_WISH_FIELDS);
    ADD_BLOCK(layout, "PADS", holder_touch_t, offsetof(player_state_t, holder.touch),
              HOLDER_TOUCH_FIELDS);
    ADD_BLOCK(layout, "WAY ", holder_way_t, offsetof(player_state_t, holder.way),
              HOLDER_WAY_FIELDS);
    ADD_BLOCK(layout, "BOOT", boot_script_t, offsetof(player_state_t, holder.script),
              BOOT_SCRIPT_FIELDS);
    ADD_BLOCK(layout, "MIND", player_mind_t, offsetof(player_state_t, mind), PLAYER_MIND_FIELDS);
    ADD_BLOCK(layout, "LATE", player_late_t, offsetof(player_state_t, late), PLAYER_LATE_FIELDS);
    for (size_t port = 0; port < PLAYER_MAX_PORTS; port++) {
        const char tag[4] = { 'S', 'E', 'A', (char)('0' + port) };
        ADD_BLOCK(layout, tag, player_seat_t,
                  offsetof(player_state_t, seats) + port * sizeof(player_seat_t),
                  PLAYER_SEAT_FIELDS);
    }
}
_Static_assert(NUM_BLOCKS == 7 + PLAYER_MAX_PORTS, "a block for each part");

static void put_number(uint8_t *at, uint64_t value, int num_bytes)
{
    for (int i = 0; i < num_bytes; i++) at[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t get_number(const uint8_t *at, int num_bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < num_bytes; i++) value |= (uint64_t)at[i] << 8 * i;
    return value;
}

/* FNV-1a's step over eight bytes at once: each step is a bijection of what came before, so that a
 * single changed byte never goes unseen. */
static uint64_t checksum(const uint8_t *bytes, size_t num_bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t at = 0;
    for (; at + 8 <= num_bytes; at += 8)
        hash = (hash ^ get_number(bytes + at, 8)) * UINT64_C(0x100000001b3);
    for (; at < num_bytes; at++) hash = (hash ^ bytes[at]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* ---- the state ------------------------------------------------------------------------------- */

int32_t player_action_frames(const preset_t *preset, int32_t action)
{
    const preset_action_t *a = preset_action(preset, action);
    return a->is_macro && a->macro.num_frames > 0 ? a->macro.num_frames : 1;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x100000001b3);
}

void player_state_limits(player_state_limits_t *limits, const preset_t *preset)
{
    *limits = (player_state_limits_t){ .preset = preset,
                                       .num_actions = preset_num_actions(preset),
                                       .frame_skip = preset_frame_skip(preset) };
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), (uint64_t)limits->frame_skip);
    for (int32_t a = 0; a < limits->num_actions; a++) {
        const preset_action_t *action = preset_action(preset, a);
        hash = mix(hash, (uint64_t)action->is_macro << 1 | action->mirrors);
        for (int32_t s = 0; s < action->macro.num_steps; s++)
            hash = mix(hash,
                       (uint64_t)action->macro.steps[s].pad << 16 | action->macro.steps[s].frames);
    }
    limits->actions_digest = hash ^ hash >> 32;
}

void player_state_init(player_state_t *state, const player_state_limits_t *limits)
{
    *state = (player_state_t){ .eyes = { .actions_digest = limits->actions_digest } };
    for (size_t port = 0; port < PLAYER_MAX_PORTS; port++) state->seats[port].action = -1;
}

static bool is_sound(const player_state_t *state, const player_state_limits_t *limits)
{
    for (size_t port = 0; port < PLAYER_MAX_PORTS; port++) {
        const player_seat_t *seat = &state->seats[port];
        if (seat->action >= 0 &&
            seat->frame_in_macro >=
                player_action_frames(limits->preset, seat->action) + limits->frame_skip)
            return false;
    }
    return boot_script_is_sound(&state->holder.script, limits->preset);
}

/* ---- writing --------------------------------------------------------------------------------- */

size_t player_state_bytes(void)
{
    return sizeof(player_state_t) + NUM_BLOCKS * (size_t)HEAD_BYTES + FOOTER_BYTES;
}

void player_state_write(const player_state_t *state, size_t inner_bytes, uint8_t *bytes)
{
    static const player_state_limits_t no_limits;
    layout_t layout;
    lay_out(&layout, &no_limits);
    uint8_t *at = bytes;
    for (const block_t *block = layout.blocks; block < layout.blocks + layout.num_blocks; block++) {
        const size_t num_bytes = state_fields_bytes(block->fields, block->num_fields);
        memcpy(at, block->tag, 4);
        put_number(at + 4, num_bytes, 4);
        state_fields_write(block->fields, block->num_fields, (const uint8_t *)state + block->offset,
                           at + HEAD_BYTES);
        at += HEAD_BYTES + num_bytes;
    }
    put_number(at, inner_bytes, 8);
    put_number(at + 8, player_state_bytes(), 4);
    put_number(at + 12, 0, 4);
    at += CHECKED_FOOTER_BYTES;
    put_number(at, checksum(bytes, (size_t)(at - bytes)), 8);
    memcpy(at + 8, magic, sizeof magic);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The blocks of a savestate; NULL: there is no trailer. */
static const uint8_t *find_blocks(const uint8_t *savestate, size_t num_bytes, size_t *blocks_bytes,
                                  size_t *inner_bytes)
{
    /* A frontend may hand back more room than it was asked for. */
    while (num_bytes > 0 && savestate[num_bytes - 1] == 0) num_bytes--;
    if (num_bytes < FOOTER_BYTES) return NULL;
    const uint8_t *footer = savestate + num_bytes - FOOTER_BYTES;
    if (memcmp(footer + CHECKED_FOOTER_BYTES + 8, magic, sizeof magic) != 0) return NULL;
    const uint64_t trailer = get_number(footer + 8, 4), inner = get_number(footer, 8);
    if (trailer < FOOTER_BYTES || trailer > num_bytes || inner > num_bytes - trailer) return NULL;
    const uint8_t *blocks = savestate + num_bytes - trailer;
    if (get_number(footer + CHECKED_FOOTER_BYTES, 8) !=
        checksum(blocks, (size_t)trailer - FOOTER_BYTES + CHECKED_FOOTER_BYTES))
        return NULL;
    *blocks_bytes = (size_t)trailer - FOOTER_BYTES;
    *inner_bytes = (size_t)inner;
    return blocks;
}

size_t player_state_inner_bytes(const uint8_t *savestate, size_t num_bytes)
{
    size_t blocks_bytes, inner_bytes;
    return find_blocks(savestate, num_bytes, &blocks_bytes, &inner_bytes) ? inner_bytes : 0;
}

bool player_state_mind(const uint8_t *savestate, size_t num_bytes, player_mind_t *mind)
{
    size_t left, inner_bytes;
    const uint8_t *at = find_blocks(savestate, num_bytes, &left, &inner_bytes);
    while (at && left >= HEAD_BYTES) {
        const size_t payload = (size_t)get_number(at + 4, 4);
        if (payload > left - HEAD_BYTES) return false;
        if (memcmp(at, "MIND", 4) == 0 && payload >= sizeof *mind) {
            mind->weights = get_number(at + HEAD_BYTES, 8);
            mind->preset = get_number(at + HEAD_BYTES + 8, 8);
            return true;
        }
        at += HEAD_BYTES + payload;
        left -= HEAD_BYTES + payload;
    }
    return false;
}

static const block_t *block_of(const layout_t *layout, const uint8_t *tag)
{
    for (size_t b = 0; b < layout->num_blocks; b++)
        if (memcmp(layout->blocks[b].tag, tag, 4) == 0) return &layout->blocks[b];
    return NULL;
}

bool player_state_read(player_state_t *state, const player_state_limits_t *limits,
                       const uint8_t *savestate, size_t num_bytes)
{
    size_t left, inner_bytes;
    const uint8_t *at = find_blocks(savestate, num_bytes, &left, &inner_bytes);
    if (!at) return false;
    layout_t layout;
    lay_out(&layout, limits);
    uint32_t found = 0;
    while (left > 0) {
        if (left < HEAD_BYTES) return false;
        const size_t payload = (size_t)get_number(at + 4, 4);
        if (payload > left - HEAD_BYTES) return false;
        const block_t *block = block_of(&layout, at);
        if (block) {
            const uint32_t bit = 1u << (block - layout.blocks);
            if (found & bit) return false;
            found |= bit;
            if (!state_fields_read(block->fields, block->num_fields,
                                   (uint8_t *)state + block->offset, at + HEAD_BYTES, payload))
                return false;
        }
        at += HEAD_BYTES + payload;
        left -= HEAD_BYTES + payload;
    }
    /* A state without pictures is nothing to go on from. */
    const bool has_eyes = found & 1;
    return has_eyes && is_sound(state, limits); /* the actions' digest is a range of "EYES" */
}
