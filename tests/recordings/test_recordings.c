/* test_recordings.c - Kata's own text and what training modes write, made here by hand: what is
 * read from it, and each refusal. */
#include "recording_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../comma_locale.h"

/* ---- Kata's own ---- */

#define OURS                                                                                       \
    "kata-recording 1\ngame Kumite\nsystem nes\nsha1 00112233445566778899aabbccddeeff00112233\n"   \
    "fps 60.0988\nfacing right\nports 2\n\nsegment\n2 - -\n1 down+right+A B\n\nsegment\n"          \
    "1 - START+SELECT\n\nend 4\n"

static void test_katas_own_text(void **state)
{
    (void)state;
    read_text(OURS);
    assert_int_equal(r.kind, RECORDING_KATA);
    assert_int_equal(r.num_ports, 2);
    assert_string_equal(r.game, "Kumite");
    assert_string_equal(r.system, "nes");
    assert_string_equal(r.sha1, "00112233445566778899aabbccddeeff00112233");
    assert_int_equal(r.facing, RECORDING_FACING_RIGHT);
    assert_true(r.fps == 60.0988);
    PADS(0, 0, 0, DOWN | RIGHT | A, 0);
    PADS(1, 0, 0, B, START | SELECT);
    assert_int_equal(r.num_segments, 2);
    assert_int_equal(r.segments[1], 3);
    assert_int_equal(recording_segment_frames(&r, 0), 3);
    assert_int_equal(recording_segment_frames(&r, 1), 1);
}

/* The indented lines of FORMAT.md are a whole recording. */
static void test_the_example_of_the_manual(void **state)
{
    (void)state;
    char line[256], text[2048] = "";
    FILE *manual = fopen("recordings/FORMAT.md", "r");
    assert_non_null(manual);
    while (fgets(line, sizeof line, manual))
        if (strncmp(line, "    ", 4) == 0) strcat(text, line + 4);
    fclose(manual);
    read_text(text);
    assert_int_equal(r.num_frames, 52);
    assert_int_equal(r.num_segments, 2);
    assert_int_equal(recording_pads(&r, 1)[51], UP);
    assert_string_equal(r.game, "Kumite");
}

static void test_unknown_keys_are_passed_over(void **state)
{
    (void)state;
    read_text("kata-recording 1\r\nmood good\r\nports 1\r\nsegment\r\n1 B\r\nend 1\r\n");
    PADS(0, B);
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Any recording, printed and read, is the same; printed again, it is the same bytes. */
static void test_printing_and_reading_give_the_same(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int32_t round = 0; round < 50; round++) {
        uint16_t pads[3 * 200];
        int32_t segments[3] = { 0, 50, 120 };
        recording_t made = { .num_ports = 1 + (int32_t)(next(&seed) % 3),
                             .num_frames = 200,
                             .num_segments = 1 + (int32_t)(next(&seed) % 3),
                             .pads = pads,
                             .segments = segments,
                             .fps = round % 2 ? 59.7275005696 : 0,
                             .facing = (recording_facing_t)(round % 2),
                             .game = "A game, 2nd (edition)" };
        for (size_t f = 0; f < 600; f++)
            pads[f] = next(&seed) % 3 ? (f ? pads[f - 1] : 0) : (uint16_t)next(&seed);
        char *text[2];
        size_t num_bytes[2];
        for (int32_t turn = 0; turn < 2; turn++) {
            FILE *out = open_memstream(&text[turn], &num_bytes[turn]);
            assert_true(recording_print(turn ? &r : &made, out));
            fclose(out);
            expect_read(text[turn], num_bytes[turn]);
        }
        assert_int_equal(num_bytes[0], num_bytes[1]);
        assert_memory_equal(text[0], text[1], num_bytes[0]);
        assert_int_equal(r.num_ports, made.num_ports);
        assert_int_equal(r.num_segments, made.num_segments);
        assert_int_equal(r.facing, made.facing);
        assert_true(r.fps == made.fps);
        assert_string_equal(r.game, made.game);
        assert_memory_equal(r.segments, segments, (size_t)made.num_segments * sizeof *segments);
        assert_memory_equal(r.pads, pads, (size_t)made.num_ports * 200 * sizeof *pads);
        free(text[0]);
        free(text[1]);
    }
}

/* A frontend's locale, in which printf writes 60,0988 and strtod stops at the point. */
static void test_numbers_have_a_point_in_every_locale(void **state)
{
    (void)state;
    for (int i = 0; i < COMMA_NUM_LOCALES; i++) {
        char *text;
        size_t num_bytes;
        comma_locale_begin(i);
        read_text(OURS);
        assert_true(r.fps == 60.0988);
        FILE *out = open_memstream(&text, &num_bytes);
        assert_true(recording_print(&r, out));
        fclose(out);
        comma_locale_end();
        assert_non_null(strstr(text, "\nfps 60.0988\n"));
        free(text);
    }
}

static void test_refusals_of_katas_own(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        { "kata-recording 2\nports 1\nsegment\n1 -\nend 1\n", "line 1 must be 'kata-recording 1'" },
        { "kata-recording 1\nsegment\n1 -\nend 1\n", "ports must be said before" },
        { "kata-recording 1\nports 9\n", "ports must be 1 to 8, found '9'" },
        { "kata-recording 1\nports 1\nsegment\n", "'end', is missing" },
        { "kata-recording 1\nports 1\nsegment\n1 -\n", "'end', is missing" },
        { "kata-recording 1\nports 1\nsegment\n1 -\nend 2\n", "ends after 1 frames" },
        { "kata-recording 1\nports 1\nsegment\n1 -\nend 1\nmore\n", "nothing may follow" },
        { "kata-recording 1\nports 1\nsegment\n0 -\nend 1\n", "1 to 864000 frames, found '0'" },
        { "kata-recording 1\nports 1\nsegment\n864001 -\n", "frames, found '864001'" },
        { "kata-recording 1\nports 1\nsegment\n864000 -\n1 B\n", "at most 864000 frames" },
        { "kata-recording 1\nports 1\nsegment\n1 - -\n", "a pad for each of the 1 ports" },
        { "kata-recording 1\nports 2\nsegment\n1 -\n", "a pad for each of the 2 ports" },
        { "kata-recording 1\nports 1\nsegment\n1 B+C\n", "found 'B+C'" },
        { "kata-recording 1\nports 1\nsegment\n1 B+\n", "found 'B+'" },
        { "kata-recording 1\nsha1 123\n", "sha1 must be its hex digits" },
        { "kata-recording 1\nfps nan\n", "fps must be 1 to 1000" },
        { "kata-recording 1\nfps 0\n", "fps must be 1 to 1000" },
        { "kata-recording 1\nfacing left\n", "facing must be right or unknown" },
        { "kata-recording 1\nports 1\nsegment\nend 0\n", "ends after 0 frames" },
        { "", "no recording that Kata reads" },
        { "hello", "no recording that Kata reads" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) refuse_text(bad[i].text, bad[i].says);
    expect_refused("kata-recording 1\nga\0me\n", 23, "no NUL byte");

    char *text = calloc(1, 9000);
    memset(text, 'x', 8000);
    memcpy(text, "kata-recording 1\n", 17);
    refuse_text(text, "must be shorter than 4096 bytes");
    free(text);
}

static void test_a_file_of_too_many_segments(void **state)
{
    (void)state;
    char *text;
    size_t num_bytes;
    FILE *out = open_memstream(&text, &num_bytes);
    fputs("kata-recording 1\nports 1\n", out);
    for (int32_t s = 0; s <= RECORDING_MAX_SEGMENTS; s++) fputs("segment\n1 B\n", out);
    fclose(out);
    expect_refused(text, num_bytes, "at most 4096 segments");
    free(text);
}

static void test_saving_replaces_whole(void **state)
{
    (void)state;
    char path[] = "/tmp/kata-recording-XXXXXX";
    recording_t again;
    close(mkstemp(path));
    read_text(OURS);
    if (!recording_save(&r, path, why)) fail_msg("%s", why);
    if (!recording_read(&again, path, why)) fail_msg("%s", why);
    assert_memory_equal(again.pads, r.pads, (size_t)r.num_frames * 2 * sizeof *r.pads);
    recording_free(&again);
    unlink(path);
    assert_false(recording_save(&r, "/nowhere/at/all", why));
    assert_non_null(strstr(why, "/nowhere/at/all"));
    assert_false(recording_read(&again, path, why));
    assert_non_null(strstr(why, path));
}

/* ---- training modes ---- */

static void test_training_modes(void **state)
{
    (void)state;
    read_text(" [[\"down\",\"back\"], [],\n[\"forward\",\"LP\",\"MP\",\"HP\"],[\"LK\",\"MK\","
              "\"HK\"],[\"coin\",\"start\"]]\n");
    assert_int_equal(r.kind, RECORDING_TRAINING);
    assert_int_equal(r.facing, RECORDING_FACING_RIGHT);
    PADS(0, DOWN | LEFT, 0, RIGHT | Y | X | L, B | A | R, SELECT | START);
}

static void test_refusals_of_training_modes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        { "[", "expected the [ of a frame, found the end" },
        { "[]", "there is no frame" },
        { "[[", "found the end of the file" },
        { "[[\"down", "found \"" },
        { "[[\"down\"", "the ] of a frame, found the end" },
        { "[[\"sideways\"]]", "found \"sideways\"" },
        { "[[\"down\",]]", "a name such as" },
        { "[[] []]", "expected a comma" },
        { "[[],]", "expected the [ of a frame, found ']'" },
        { "[[[]]]", "a name such as \"down\", found '['" },
        { "[[]] x", "nothing behind the last ]" },
        { "[{\"name\": \"m\"}]", "kata preset import" },
        { "[1]", "expected the [ of a frame, found '1' at byte 2" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) refuse_text(bad[i].text, bad[i].says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_katas_own_text, forget),
        cmocka_unit_test_teardown(test_the_example_of_the_manual, forget),
        cmocka_unit_test_teardown(test_unknown_keys_are_passed_over, forget),
        cmocka_unit_test_teardown(test_printing_and_reading_give_the_same, forget),
        cmocka_unit_test_teardown(test_numbers_have_a_point_in_every_locale, forget),
        cmocka_unit_test_teardown(test_refusals_of_katas_own, forget),
        cmocka_unit_test_teardown(test_a_file_of_too_many_segments, forget),
        cmocka_unit_test_teardown(test_saving_replaces_whole, forget),
        cmocka_unit_test_teardown(test_training_modes, forget),
        cmocka_unit_test_teardown(test_refusals_of_training_modes, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
