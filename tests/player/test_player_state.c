/* The trailer behind a savestate: every member travels, nothing hostile gets in. */
#include "player_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "why.h"

enum { INNER = 100, HEAD = 8, FOOTER = 32 };

static const char preset_text_json[] =
    "{\"kata_preset\": 1, \"game\": \"State\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"
    " \"variables\": {\"ready\": {\"address\": 0, \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\"}}, \"timing\": {\"frame_skip\": 4},"
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"}]},"
    " \"starts\": {\"go\": [\"{2}\", \"until ready == 1 within 10\"]}}";

static preset_t *preset;
static player_state_limits_t limits;
static player_state_t first, second, rest;
static uint8_t *savestate;
static size_t num_bytes;

static int load(void **state)
{
    (void)state;
    why_t why = "";
    if (!preset_parse(&preset, preset_text_json, strlen(preset_text_json), "state", why)) {
        print_error("%s\n", why);
        return -1;
    }
    player_state_limits(&limits, preset);
    player_state_init(&rest, &limits);
    num_bytes = INNER + player_state_bytes();
    savestate = malloc(num_bytes);
    return savestate ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    free(savestate);
    preset_free(preset);
    return 0;
}

static uint32_t luck = 1;
static uint32_t below(uint32_t limit)
{
    luck = luck * 1664525u + 1013904223u;
    return (luck >> 8) % limit;
}

/* Any state that can be: each member has a value of its own. */
static void fill(player_state_t *state)
{
    uint8_t *bytes = (uint8_t *)&state->eyes;
    for (size_t i = 0; i < sizeof state->eyes; i++) bytes[i] = (uint8_t)below(256);
    state->eyes.actions_digest = limits.actions_digest;
    state->eyes.frame_in_step = (int32_t)below(4);
    state->eyes.newest = (uint16_t)below(PLAYER_OBS_STACK);
    state->eyes.repeats = (uint16_t)below(2);
    state->holder.wish = (holder_wish_t){ below(256), below(999), below(101), below(2),
                                          below(2),   below(65),  below(6),   below(1001) };
    bytes = (uint8_t *)&state->late;
    for (size_t i = 0; i < sizeof state->late; i++) bytes[i] = (uint8_t)below(256);
    state->late.newest = below(HOLDER_MAX_DELAY);
    state->holder.way = (holder_way_t){ .frames = below(99),
                                        .rest = below(99),
                                        .way = below(33),
                                        .way_frame = below(9),
                                        .presses = (uint16_t)below(HOLDER_MAX_PRESSES + 1),
                                        .tries = (uint16_t)below(HOLDER_MAX_TRIES + 1),
                                        .still = below(99),
                                        .versus = (uint16_t)below(2),
                                        .leaves = (uint16_t)below(2),
                                        .company = below(256) };
    state->holder.touch.armed = below(256);
    state->mind =
        (player_mind_t){ (uint64_t)below(1 << 24) << 40 | below(1 << 24), below(1 << 24) };
    state->holder.script = (boot_script_t){ (int32_t)below(BOOT_NUM_PHASES), 0, (int32_t)below(2),
                                            (int32_t)below(500), (int32_t)below(600) };
    for (size_t port = 0; port < PLAYER_MAX_PORTS; port++) {
        state->holder.touch.frames_left[port] = below(1000);
        state->seats[port] = (player_seat_t){
            .action = (int32_t)below(3) - 1,
            .frame_in_macro = (int32_t)below(5),
            .episode_steps = (int32_t)below(9999),
            .step_pad = (uint16_t)below(1 << 16),
            .pad = (uint16_t)below(1 << 16),
            .faces_left = (uint8_t)below(2),
            .was_done = (uint8_t)below(2),
            .keeps_step_pad = (uint16_t)below(2),
        };
    }
}

static void write_first(void)
{
    fill(&first);
    memset(savestate, 0xee, num_bytes);
    player_state_write(&first, INNER, savestate + INNER);
}

static bool read_second(void)
{
    second = rest;
    return player_state_read(&second, &limits, savestate, num_bytes);
}

/* The structs have no padding (a static assertion), so that memcmp() sees each member. */
static void test_every_byte_of_the_struct_travels(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        write_first();
        assert_int_equal(player_state_inner_bytes(savestate, num_bytes), INNER);
        assert_true(read_second());
        assert_memory_equal(&second, &first, sizeof first);
    }
}

static void test_every_byte_turned_is_no_trailer(void **state)
{
    (void)state;
    write_first();
    for (size_t at = INNER; at < num_bytes; at++) {
        const uint8_t turned[] = { 1, 0x80, 0xff };
        savestate[at] ^= turned[at % 3];
        assert_int_equal(player_state_inner_bytes(savestate, num_bytes), 0);
        assert_false(read_second());
        savestate[at] ^= turned[at % 3];
        if (at == INNER + 2000) at = num_bytes - 2000; /* pictures in between */
    }
    for (size_t length = 0; length < num_bytes; length += length < 64 ? 1 : 331) {
        uint8_t *exact = malloc(length + 1);
        memcpy(exact, savestate + num_bytes - length, length); /* the end alone */
        assert_false(player_state_read(&second, &limits, exact, length) &&
                     length < player_state_bytes());
        memcpy(exact, savestate, length); /* the beginning alone */
        assert_false(player_state_read(&second, &limits, exact, length));
        free(exact);
    }
    assert_true(read_second());
}

/* ---- states of others, with their checksum right ---- */

static uint8_t built[1 << 17];
static size_t num_built;

static void build_begin(void)
{
    memset(built, 0, INNER);
    num_built = INNER;
}

static void put(uint64_t value, int count)
{
    for (int i = 0; i < count; i++) built[num_built++] = (uint8_t)(value >> 8 * i);
}

static void build_block(const char *tag, const void *payload, size_t payload_bytes, uint32_t said)
{
    memcpy(built + num_built, tag, 4);
    num_built += 4;
    put(said, 4);
    memcpy(built + num_built, payload, payload_bytes);
    num_built += payload_bytes;
}

/* The payload of our own block. */
static const uint8_t *own_block(const char *tag, size_t *payload_bytes)
{
    for (size_t at = INNER; at < num_bytes - FOOTER;) {
        uint32_t payload;
        memcpy(&payload, savestate + at + 4, 4);
        *payload_bytes = payload;
        if (memcmp(savestate + at, tag, 4) == 0) return savestate + at + HEAD;
        at += HEAD + payload;
    }
    fail_msg("no block %s", tag);
    return NULL;
}

static void copy_block(const char *tag)
{
    size_t payload_bytes = 0;
    const uint8_t *payload = own_block(tag, &payload_bytes);
    build_block(tag, payload, payload_bytes, (uint32_t)payload_bytes);
}

static void build_end(uint64_t inner_bytes, uint64_t trailer_bytes)
{
    put(inner_bytes, 8);
    put(trailer_bytes ? trailer_bytes : num_built + 24 - INNER, 4);
    put(0, 4);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t at = INNER;
    for (; at + 8 <= num_built; at += 8) {
        uint64_t word;
        memcpy(&word, built + at, 8);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
    }
    for (; at < num_built; at++) hash = (hash ^ built[at]) * UINT64_C(0x100000001b3);
    put(hash ^ hash >> 32, 8);
    memcpy(built + num_built, "KATASTAT", 8);
    num_built += 8;
}

static bool read_built(void)
{
    second = rest;
    return player_state_read(&second, &limits, built, num_built);
}

static void test_unknown_blocks_are_skipped_and_missing_ones_are_at_rest(void **state)
{
    (void)state;
    write_first();
    build_begin();
    build_block("NEWS", "of a later version", 18, 18);
    copy_block("EYES");
    build_block("LRN1", "", 0, 0);
    copy_block("SEA1");
    build_end(INNER, 0);
    assert_true(read_built());
    assert_memory_equal(&second.eyes, &first.eyes, sizeof first.eyes);
    assert_memory_equal(&second.seats[1], &first.seats[1], sizeof first.seats[1]);
    assert_memory_equal(&second.seats[0], &rest.seats[0], sizeof rest.seats[0]);
    assert_memory_equal(&second.holder, &rest.holder, sizeof rest.holder);
    assert_int_equal(player_state_inner_bytes(built, num_built), INNER);

    memset(built + num_built, 0, 5000); /* a buffer that has grown */
    num_built += 5000;
    assert_true(read_built());
}

/* It is asked before anything is restored, of states of any player. */
static void test_a_state_says_whose_decisions_it_holds(void **state)
{
    (void)state;
    player_mind_t mind = { 1, 2 };
    write_first();
    assert_true(player_state_mind(savestate, num_bytes, &mind));
    assert_memory_equal(&mind, &first.mind, sizeof mind);

    mind = (player_mind_t){ 1, 2 };
    build_begin();
    copy_block("EYES");
    build_end(INNER, 0);
    assert_false(player_state_mind(built, num_built, &mind)); /* of an earlier version */
    assert_true(read_built());

    build_begin();
    build_block("MIND", "short", 5, 5);
    build_end(INNER, 0);
    assert_false(player_state_mind(built, num_built, &mind));

    build_begin();
    build_block("NEWS", "more than there is", 18, 1 << 20);
    build_end(INNER, 0);
    assert_false(player_state_mind(built, num_built, &mind));
    assert_false(player_state_mind(savestate, INNER, &mind)); /* the core's alone */
    assert_int_equal(mind.weights, 1);
    assert_int_equal(mind.preset, 2);
}

static void test_shorter_blocks_leave_the_rest_and_longer_ones_are_cut(void **state)
{
    (void)state;
    size_t payload_bytes = 0;
    uint8_t longer[256] = { 0 };
    write_first();
    const uint8_t *seat = own_block("SEA0", &payload_bytes);
    for (size_t length = 0; length <= payload_bytes + 9; length++) {
        memcpy(longer, seat, payload_bytes);
        build_begin();
        copy_block("EYES");
        build_block("SEA0", longer, length, (uint32_t)length);
        build_end(INNER, 0);
        if (!read_built()) continue; /* without its macro the place in it may be too far on */
        assert_int_equal(second.seats[0].action, length >= 4 ? first.seats[0].action : -1);
        assert_int_equal(second.seats[0].pad, length >= 16 ? first.seats[0].pad : 0);
    }
    assert_true(read_built());
    assert_memory_equal(&second.seats[0], &first.seats[0], sizeof first.seats[0]);
}

static void test_what_is_no_trailer_of_ours(void **state)
{
    (void)state;
    write_first();
    build_begin(); /* no pictures */
    copy_block("SEA0");
    build_end(INNER, 0);
    assert_false(read_built());

    build_begin(); /* twice */
    copy_block("EYES");
    copy_block("SEA0");
    copy_block("SEA0");
    build_end(INNER, 0);
    assert_false(read_built());

    build_begin(); /* a length that leads behind the end */
    copy_block("EYES");
    build_block("SEA0", "1234", 4, 4000);
    build_end(INNER, 0);
    assert_false(read_built());

    build_begin(); /* half a head */
    copy_block("EYES");
    put(0, 5);
    build_end(INNER, 0);
    assert_false(read_built());

    build_begin(); /* more of the inner core's than there is */
    copy_block("EYES");
    build_end(INNER + 1, 0);
    assert_false(read_built());
    assert_int_equal(player_state_inner_bytes(built, num_built), 0);

    build_begin(); /* a trailer that is longer than all */
    copy_block("EYES");
    build_end(0, 1u << 30);
    assert_false(read_built());

    static const char old[] = "KATATAIL\1\0\0\0"; /* before there were blocks */
    memcpy(built, old, sizeof old);
    second = rest;
    assert_false(player_state_read(&second, &limits, built, 200));
    assert_int_equal(player_state_inner_bytes(built, 0), 0);
}

typedef struct {
    const char *tag;
    size_t at;
    int width;
    int64_t low, high; /* of what is taken */
} range_t;

/* Each number that has a range, set to its ends and just beyond. */
static void test_numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    static const range_t ranges[] = {
        { "EYES", 16, 4, 0, 3 },
        { "EYES", 20, 2, 0, 3 },
        { "EYES", 22, 2, 0, 1 },
        { "WISH", 0, 4, 0, 255 },
        { "WISH", 4, 4, 0, 1 << 24 },
        { "WISH", 8, 4, 0, 100 },
        { "WISH", 12, 4, 0, 1 },
        { "PADS", 0, 4, 0, 255 },
        { "PADS", 4 + 4 * 7, 4, 0, 1 << 24 },
        { "WAY ", 0, 4, 0, 1 << 24 },
        { "WAY ", 4, 4, 0, 1 << 24 },
        { "WAY ", 8, 4, 0, PRESET_MAX_WAYS },
        { "WAY ", 12, 4, 0, 1 << 24 },
        { "WAY ", 16, 2, 0, HOLDER_MAX_PRESSES },
        { "WAY ", 18, 2, 0, HOLDER_MAX_TRIES },
        { "WAY ", 20, 4, 0, 1 << 24 },
        { "WAY ", 24, 2, 0, 1 },
        { "WAY ", 26, 2, 0, 1 },
        { "WAY ", 28, 4, 0, 255 },
        { "BOOT", 0, 4, 0, 2 },
        { "BOOT", 4, 4, 0, 0 },
        { "BOOT", 8, 4, 0, 1 },
        { "BOOT", 12, 4, 0, 1 << 24 },
        { "BOOT", 16, 4, 0, 1 << 16 },
        { "SEA7", 0, 4, -1, 1 },
        { "SEA7", 4, 4, 0, 12 },
        { "SEA7", 8, 4, 0, INT32_MAX },
        { "SEA7", 16, 1, 0, 1 },
        { "SEA7", 17, 1, 0, 1 },
        { "SEA7", 18, 2, 0, 1 },
    };
    static const char *const tags[] = { "EYES", "WISH", "PADS", "WAY ", "BOOT", "SEA7" };
    for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++) {
        const range_t *range = &ranges[r];
        const int64_t values[4] = { range->low, range->high, range->low - 1, range->high + 1 };
        for (int v = 0; v < 4; v++) {
            /* In the script, and in the longest macro: where the most is allowed. */
            fill(&first);
            first.holder.script = (boot_script_t){ .phase = BOOT_SCRIPT, .step = 1 };
            first.seats[7] = (player_seat_t){ .action = 1 };
            player_state_write(&first, INNER, savestate + INNER);
            build_begin();
            for (size_t t = 0; t < sizeof tags / sizeof tags[0]; t++) {
                const size_t payload = num_built + HEAD;
                copy_block(tags[t]);
                if (strcmp(tags[t], range->tag) != 0) continue;
                for (int b = 0; b < range->width; b++)
                    built[payload + range->at + (size_t)b] = (uint8_t)(values[v] >> 8 * b);
            }
            build_end(INNER, 0);
            const bool is_taken = read_built();
            if (is_taken != (v < 2))
                fail_msg("%s+%zu: %lld %s", range->tag, range->at, (long long)values[v],
                         is_taken ? "is taken" : "is refused");
        }
    }
}

/* A state of other actions is none of ours, however well its numbers fit. */
static void test_a_state_of_other_actions_is_refused(void **state)
{
    (void)state;
    static char text[sizeof preset_text_json];
    why_t why = "";
    preset_t *other;
    strcpy(text, preset_text_json);
    memcpy(strstr(text, "236B"), "214B", 4);
    if (!preset_parse(&other, text, strlen(text), "other", why)) fail_msg("%s", why);
    player_state_limits_t others;
    player_state_limits(&others, other);
    write_first();
    second = rest;
    assert_false(player_state_read(&second, &others, savestate, num_bytes));
    assert_true(read_second());
    preset_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte_of_the_struct_travels),
        cmocka_unit_test(test_every_byte_turned_is_no_trailer),
        cmocka_unit_test(test_unknown_blocks_are_skipped_and_missing_ones_are_at_rest),
        cmocka_unit_test(test_a_state_says_whose_decisions_it_holds),
        cmocka_unit_test(test_shorter_blocks_leave_the_rest_and_longer_ones_are_cut),
        cmocka_unit_test(test_what_is_no_trailer_of_ours),
        cmocka_unit_test(test_numbers_out_of_range_are_refused),
        cmocka_unit_test(test_a_state_of_other_actions_is_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
