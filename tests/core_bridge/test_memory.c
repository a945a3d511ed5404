/* test_memory.c - console addresses: against a slow reading of libretro.h, and against known maps.
 */
#define _GNU_SOURCE
#include "setup.h"

#include "memory.h"

static uint8_t chip[1 << 16];

/* The words of libretro.h taken one by one: the address without the disconnected bits, written down
 * bit by bit; then, while past the chip's end, its highest set bit is cleared. */
static const uint8_t *find_slowly(const struct retro_memory_map *map, uint64_t address)
{
    for (unsigned i = 0; i < map->num_descriptors; i++) {
        const struct retro_memory_descriptor *const d = &map->descriptors[i];
        uint64_t offset = address - d->start;
        if (d->select == 0) {
            if (address < d->start || address >= d->start + d->len) continue;
        } else {
            bool is_mine = true;
            for (int bit = 0; bit < 64; bit++)
                if ((d->select >> bit & 1) && (d->start >> bit & 1) != (address >> bit & 1))
                    is_mine = false;
            if (!is_mine) continue;
            uint64_t kept = 0;
            int place = 0;
            for (int bit = 0; bit < 64; bit++)
                if (!(d->disconnect >> bit & 1)) kept |= (offset >> bit & 1) << place++;
            offset = kept;
            for (int bit = 63; bit >= 0 && d->len && offset >= d->len; bit--)
                offset &= ~(UINT64_C(1) << bit);
        }
        return d->ptr ? (const uint8_t *)d->ptr + d->offset + offset : NULL;
    }
    return NULL;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void test_agrees_with_the_slow_version(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int round = 0; round < 300; round++) {
        struct retro_memory_descriptor list[4] = { { 0 } };
        for (int i = 0; i < 4; i++) {
            list[i].ptr = next_random(&random) % 5 ? chip : NULL;
            list[i].offset = next_random(&random) % 256;
            list[i].start = next_random(&random) & 0xff00;
            list[i].len = 1 + next_random(&random) % 4096;
            if (next_random(&random) % 2) continue;
            list[i].select = (next_random(&random) & 0xf000) | 0x10000;
            list[i].start &= list[i].select;
            list[i].disconnect = next_random(&random) & next_random(&random) & 0x0ff0;
        }
        const struct retro_memory_map map = { list, 4 };
        memory_map_t memory = { 0 };
        assert_true(memory_map_set(&memory, &map));
        for (int i = 0; i < 200; i++) {
            const uint64_t address = next_random(&random) & 0x1ffff;
            assert_ptr_equal(memory_map_byte(&memory, address), find_slowly(&map, address));
        }
        memory_map_drop(&memory);
    }
}

/* A Super Nintendo's work memory: 128 KB at $7E0000, its first 8 KB again in many banks. */
static void test_mirrors_of_a_super_nintendo(void **state)
{
    (void)state;
    static uint8_t ram[1 << 17];
    const struct retro_memory_descriptor list[] = {
        { .ptr = ram, .start = 0x7e0000, .select = 0xfe0000, .len = sizeof ram },
        { .ptr = ram, .start = 0x000000, .select = 0x40e000, .len = 0x2000 },
    };
    const struct retro_memory_map map = { list, 2 };
    memory_map_t memory = { 0 };
    assert_true(memory_map_set(&memory, &map));
    assert_ptr_equal(memory_map_byte(&memory, 0x7e0100), ram + 0x100);
    assert_ptr_equal(memory_map_byte(&memory, 0x7f0100), ram + 0x10100);
    assert_ptr_equal(memory_map_byte(&memory, 0x000100), ram + 0x100);
    assert_ptr_equal(memory_map_byte(&memory, 0x3f0100), ram + 0x100);
    assert_ptr_equal(memory_map_byte(&memory, 0x800100), ram + 0x100);
    assert_null(memory_map_byte(&memory, 0x402000));
    assert_ptr_equal(memory_map_range(&memory, 0x7e1fff, 2), ram + 0x1fff);
    assert_null(memory_map_range(&memory, 0x001fff, 2)); /* the mirror ends here */
    memory_map_drop(&memory);
}

/* Every second byte of the bus: 8-bit chip on a 16-bit bus. */
static void test_disconnected_bits(void **state)
{
    (void)state;
    const struct retro_memory_descriptor list[] = {
        { .ptr = chip, .start = 0x200000, .select = 0xff0001, .disconnect = 1, .len = 0x8000 },
    };
    const struct retro_memory_map map = { list, 1 };
    memory_map_t memory = { 0 };
    assert_true(memory_map_set(&memory, &map));
    assert_ptr_equal(memory_map_byte(&memory, 0x200000), chip);
    assert_ptr_equal(memory_map_byte(&memory, 0x200010), chip + 8);
    assert_null(memory_map_byte(&memory, 0x200011));
    assert_null(memory_map_range(&memory, 0x200010, 2));
    memory_map_drop(&memory);
}

static void test_a_map_is_copied_replaced_and_dropped(void **state)
{
    (void)state;
    char name[] = "RAM";
    struct retro_memory_descriptor list[] = {
        { .ptr = chip, .start = 0x100, .len = 16, .addrspace = name },
    };
    struct retro_memory_map map = { list, 1 };
    memory_map_t memory = { 0 };
    assert_true(memory_map_set(&memory, &map));
    memset(list, 0xee, sizeof list);
    memset(name, 'x', 3);
    assert_string_equal(memory.map.descriptors[0].addrspace, "RAM");
    assert_ptr_equal(memory_map_range(&memory, 0x100, 16), chip);
    assert_null(memory_map_range(&memory, 0x100, 0));
    assert_null(memory_map_range(&memory, 0x100, SIZE_MAX));
    assert_null(memory_map_range(&memory, UINT64_MAX, 2));
    assert_true(memory_map_set(&memory, NULL));
    assert_null(memory_map_byte(&memory, 0x100));
    map.num_descriptors = 0;
    assert_true(memory_map_set(&memory, &map));
    memory_map_drop(&memory);
    memory_map_drop(&memory);
}

static void test_runs_end_where_another_answers(void **state)
{
    (void)state;
    const struct retro_memory_descriptor list[] = {
        { .ptr = chip, .start = 0x100, .len = 16 },
        { .ptr = chip + 64, .start = 0x0F8, .len = 32 }, /* its 9th byte is the first's */
        { .ptr = chip, .start = 0x1000, .select = 0xFF000, .len = 64 }, /* mirrored in its window */
        { .ptr = chip, .start = 0x2000, .len = 16, .flags = RETRO_MEMDESC_CONST },
        { .ptr = chip, .start = 0x3000, .len = 16, .flags = RETRO_MEMDESC_VIDEO_RAM },
        { .ptr = NULL, .start = 0x4000, .len = 16 },
        { .ptr = chip, .start = 0x104, .len = 2 }, /* hidden by the first */
        { .ptr = chip, .offset = 8, .start = 0x5000, .select = 0xFF000, .disconnect = 0x10 },
    };
    static const struct {
        uint64_t address;
        size_t num_bytes;
    } expected[] = { { 0x100, 16 }, { 0xF8, 8 },   { 0x1000, 64 }, { 0x2000, 0 },
                     { 0x3000, 0 }, { 0x4000, 0 }, { 0x104, 0 },   { 0x5000, 16 } };
    const struct retro_memory_map map = { list, sizeof list / sizeof list[0] };
    memory_map_t memory = { 0 };
    assert_true(memory_map_set(&memory, &map));
    for (unsigned i = 0; i < map.num_descriptors; i++) {
        uint64_t address;
        const size_t num_bytes = memory_map_run(&memory, i, &address);
        assert_int_equal(address, expected[i].address);
        if (num_bytes != expected[i].num_bytes) fail_msg("descriptor %u: %zu", i, num_bytes);
        if (num_bytes) assert_non_null(memory_map_range(&memory, address, num_bytes));
    }
    memory_map_drop(&memory);
}

static void test_no_memory_means_no_map(void **state)
{
    (void)state;
    const struct retro_memory_descriptor list[] = {
        { .ptr = chip, .start = 0x100, .len = 16, .addrspace = "RAM" },
    };
    const struct retro_memory_map map = { list, 1 };
    memory_map_t memory = { 0 };
    for (long n = 1; n <= 2; n++) {
        fail_allocation(n);
        assert_false(memory_map_set(&memory, &map));
        fail_allocation(0);
        assert_null(memory_map_byte(&memory, 0x100));
    }
    assert_true(memory_map_set(&memory, &map));
    memory_map_drop(&memory);
}

/* ---- the same asked of a bridge ---- */

static void test_memory_regions(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    size_t num_bytes = 9;
    assert_non_null(bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &num_bytes));
    assert_int_equal(num_bytes, FAKE_RAM_BYTES);
    assert_null(bridge_memory(bridge, BRIDGE_MEMORY_VIDEO_RAM, &num_bytes));
    assert_int_equal(num_bytes, 0);
    bridge_unload(bridge);
    assert_null(bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &num_bytes));
    assert_int_equal(num_bytes, 0);
    bridge_close(bridge);
}

static void test_addresses_without_a_map_are_system_ram(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    size_t num_bytes;
    const uint8_t *const ram = bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &num_bytes);
    assert_ptr_equal(bridge_address(bridge, 0, 1, 0), ram);
    assert_ptr_equal(bridge_address(bridge, 0xc010, 16, 0xc000), ram + 16);
    assert_ptr_equal(bridge_address(bridge, 255, 1, 0), ram + 255);
    assert_null(bridge_address(bridge, 255, 2, 0)); /* half outside */
    assert_null(bridge_address(bridge, 256, 1, 0));
    assert_null(bridge_address(bridge, 0xbfff, 1, 0xc000));
    assert_null(bridge_address(bridge, 0, 0, 0));
    assert_null(bridge_address(bridge, UINT64_MAX, 2, 0));
    assert_null(bridge_address(bridge, 0, SIZE_MAX, 0));

    bridge_range_t ranges[2];
    assert_int_equal(bridge_ram(bridge, 0xc000, ranges, 2), 1);
    assert_int_equal(ranges[0].address, 0xc000);
    assert_int_equal(ranges[0].num_bytes, num_bytes);
    assert_int_equal(bridge_ram(bridge, 0xc000, ranges, 0), 0);
    bridge_close(bridge);
}

static void test_addresses_by_map_then_system_ram(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("map");
    size_t num_bytes;
    const uint8_t *const ram = bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &num_bytes);
    assert_true(report_of(bridge)->answers[4]);
    assert_ptr_equal(bridge_address(bridge, 0x8000, 128, 0), ram);
    assert_null(bridge_address(bridge, 0x8000, 129, 0)); /* ends, and system RAM is elsewhere */
    assert_ptr_equal(bridge_address(bridge, 0x10003, 4, 0), ram + 131);
    assert_ptr_equal(bridge_address(bridge, 0x10043, 4, 0), ram + 131); /* shows again */
    assert_null(bridge_address(bridge, 0x20000, 1, 0));                 /* registers */
    assert_ptr_equal(bridge_address(bridge, 0x40, 1, 0), ram + 0x40);   /* the map is silent */

    /* System RAM holds what the map shows in pieces: it is listed once, as the larger. */
    bridge_range_t ranges[4];
    assert_int_equal(bridge_ram(bridge, 0, ranges, 4), 1);
    assert_int_equal(ranges[0].address, 0);
    assert_int_equal(ranges[0].num_bytes, num_bytes);
    /* A base that the map answers for otherwise: its own pieces, largest mirror each. */
    assert_int_equal(bridge_ram(bridge, 0x10000, ranges, 4), 2);
    assert_int_equal(ranges[0].address, 0x8000);
    assert_int_equal(ranges[0].num_bytes, 128);
    assert_int_equal(ranges[1].address, 0x10000);
    bridge_close(bridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_the_slow_version),
        cmocka_unit_test(test_mirrors_of_a_super_nintendo),
        cmocka_unit_test(test_disconnected_bits),
        cmocka_unit_test(test_a_map_is_copied_replaced_and_dropped),
        cmocka_unit_test(test_runs_end_where_another_answers),
        cmocka_unit_test(test_no_memory_means_no_map),
        cmocka_unit_test(test_memory_regions),
        cmocka_unit_test(test_addresses_without_a_map_are_system_ram),
        cmocka_unit_test(test_addresses_by_map_then_system_ram),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
