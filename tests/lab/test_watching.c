/* test_watching.c - what a training leaves for those who watch it: events for TensorBoard, which
 * moves were played, and live.json, which may be anybody's. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "event_reader.h"
#include "events.h"
#include "film.h"
#include "kata.h"
#include "live.h"
#include "moves.h"
#include "pages.h"
#include "why.h"

static void test_crc32c_is_castagnolis(void **state)
{
    (void)state;
    uint8_t bytes[32] = { 0 };
    assert_int_equal(events_crc32c(bytes, 32), 0x8a9136aau); /* RFC 3720, B.4 */
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(events_crc32c(bytes, 32), 0x62a8ab43u);
    for (uint8_t i = 0; i < 32; i++) bytes[i] = i;
    assert_int_equal(events_crc32c(bytes, 32), 0x46dd794eu);
    assert_int_equal(events_crc32c("123456789", 9), 0xe3069283u);
}

static void test_events_are_read_by_the_specification(void **state)
{
    (void)state;
    static event_read_t read[64];
    const char *dir = kata_path("events");
    events_t events;
    why_t why;
    if (!events_open(&events, dir, 300, why)) fail_msg("%s", why);
    assert_true(events_add(&events, "a/b", 300, -1.5, why));
    assert_true(events_add(&events, "large", UINT64_C(1) << 40, 1e20, why));
    assert_true(events_add(&events, "not a number", 301, NAN, why)); /* left out */
    const training_progress_t p = { .decisions = 400,
                                    .mean_episodes = 5,
                                    .win_rate = 0.25f,
                                    .mean_return = -2,
                                    .agent = { .epsilon = 0.5f } };
    assert_true(events_add_training(&events, &p, why)); /* no update yet: no loss */
    const evaluation_result_t result = { .courses = 4, .win_rate = 0.75f, .mean_return = 3 };
    assert_true(events_add_evaluation(&events, &p, &result, why));
    events_close(&events);

    const int32_t count = event_reader_read(events.path, read, 64);
    assert_int_equal(count, 2 + 2 + 3 + 4);
    assert_string_equal(read[0].version, "brain.Event:2");
    assert_int_equal(read[1].status, 1); /* SessionLog.START: what lies behind 300 is void */
    assert_int_equal(read[1].step, 300);
    assert_string_equal(read[2].tag, "a/b");
    assert_true(read[2].value <= -1.5f && read[2].value >= -1.5f && read[2].wall_time > 1e9);
    assert_int_equal(read[3].step, INT64_C(1) << 40);
    assert_string_equal(read[4].tag, "training/win_rate");
    assert_true(fabsf(read[4].value - 0.25f) < 1e-6f);
    assert_int_equal(read[4].step, 400);
    assert_string_equal(read[5].tag, "training/mean_return");
    assert_string_equal(read[6].tag, "training/epsilon");
    assert_string_equal(read[7].tag, "evaluation/win_rate");
    assert_true(fabsf(read[7].value - 0.75f) < 1e-6f);
}

static void test_events_that_cannot_be_written_are_refused(void **state)
{
    (void)state;
    events_t events;
    why_t why;
    const char *file = kata_path("a-file");
    kata_write_file(file, "x", 1);
    assert_false(events_open(&events, file, 0, why));
    pages_expect(why, "a-file");
    if (access("/dev/full", W_OK) != 0) return;
    events = (events_t){ .file = fopen("/dev/full", "ab") };
    assert_non_null(events.file);
    snprintf(events.path, sizeof events.path, "/dev/full");
    assert_false(events_add(&events, "a", 1, 1, why));
    pages_expect(why, "/dev/full: cannot be written: No space left");
    events_close(&events);
}

static void test_moves_are_counted_between_two_lines(void **state)
{
    (void)state;
    uint64_t counts[3] = { 4, 0, 12 }, before[3] = { 0 };
    char line[MOVES_LINE_BYTES];
    assert_true(moves_line(line, 100, counts, before, 3));
    pages_expect(line, "\"decisions\":100,\"counts\":[4,0,12]}\n");
    counts[1] = 7;
    assert_true(moves_line(line, 200, counts, before, 3));
    pages_expect(line, "\"counts\":[0,7,0]}");
    assert_false(moves_line(line, 300, counts, before, 3));

    uint64_t most[PRESET_MAX_ACTIONS], none[PRESET_MAX_ACTIONS] = { 0 };
    for (int32_t a = 0; a < PRESET_MAX_ACTIONS; a++) most[a] = UINT64_MAX;
    assert_true(moves_line(line, UINT64_MAX, most, none, PRESET_MAX_ACTIONS));
    assert_string_equal(line + strlen(line) - 3, "]}\n"); /* it fits */
}

static void expect_moves(const char *log, int32_t num_records, double last)
{
    moves_t moves;
    pages_write(kata_dir(), "log.jsonl", log);
    assert_true(moves_read(&moves, kata_dir(), 2));
    if (moves.num_records != num_records)
        fail_msg("%d records, expected %d of:\n%s", moves.num_records, num_records, log);
    if (num_records > 0) {
        const float *shares = moves.shares + 2 * (num_records - 1);
        assert_true(fabs((double)shares[0] - last) < 1e-6);
        assert_true(fabs((double)shares[0] + (double)shares[1] - 1) < 1e-6);
    }
    moves_free(&moves);
}

#define MOVES(decisions, counts)                                                                   \
    "{\"kind\":\"moves\",\"decisions\":" #decisions ",\"counts\":" counts "}\n"
#define SESSION(decisions) "{\"kind\":\"session\",\"decisions\":" #decisions "}\n"

static void test_moves_are_read_as_far_as_the_log_is_true(void **state)
{
    (void)state;
    expect_moves("", 0, 0);
    expect_moves(MOVES(10, "[1,3]") MOVES(20, "[3,1]"), 2, 0.75);
    /* A session that goes on from 10 knows nothing of 20; a fresh one of nothing. */
    expect_moves(MOVES(10, "[1,3]") MOVES(20, "[3,1]") SESSION(10), 1, 0.25);
    expect_moves(MOVES(10, "[1,3]") SESSION(0) MOVES(5, "[1,1]"), 1, 0.5);
    /* Of another preset, and broken. */
    expect_moves(MOVES(10, "[1,3,4]") MOVES(20, "[1]") MOVES(30, "[-1,2]") MOVES(40, "[0,0]")
                     MOVES(50, "[1,\"x\"]") MOVES(60, "7") MOVES(70, "[1e300,1]"),
                 0, 0);
    unlink(kata_path("log.jsonl"));
}

static void refuse_live(const char *text, const char *words)
{
    live_view_t view;
    why_t why;
    pages_write(kata_dir(), "live.json", text);
    assert_false(live_read(&view, kata_dir(), why));
    pages_expect(why, words);
}

static void test_live_json_of_others_is_checked(void **state)
{
    (void)state;
    live_view_t view;
    why_t why;
    assert_false(live_read(&view, kata_path("nowhere"), why));
    refuse_live("", "must be one JSON object");
    refuse_live("[1]", "must be one JSON object");
    refuse_live("{\"decisions\":", "must be one JSON object");
    pages_write(
        kata_dir(), "live.json",
        "{\"state\":7,\"pid\":1e300,\"decisions\":\"x\",\"loss\":null,\"moves\":[2,-1,\"a\","
        "0.25,0.5],\"picture\":\"zz\",\"similarity\":{\"top\":[[0,1,0.5,9],[0,900,0,0],"
        "[2,3,0.25,0.5],7]}}");
    assert_true(live_read(&view, kata_dir(), why));
    assert_true(view.state == LIVE_TRAINING && view.decisions <= 0 && view.pid == INT32_MAX);
    assert_true(isnan(view.loss) && isnan(view.win_rate) && view.left_seconds < 0);
    assert_int_equal(view.num_moves, 2);
    assert_int_equal(view.moves[0].action, 4);
    assert_int_equal(view.moves[1].action, 3);
    assert_false(view.has_picture);
    assert_int_equal(view.num_pairs, 1);
    assert_int_equal(view.pairs[0].b, 3);

    cJSON *session = cJSON_Parse("{\"game\":\"G\",\"actions\":[[\"Punch\",\"A\"],7,[\"Kick\"]]}");
    assert_string_equal(live_text(session, "game"), "G");
    assert_string_equal(live_text(session, "core"), "");
    assert_string_equal(live_action(session, 0, false), "Punch");
    assert_string_equal(live_action(session, 0, true), "A");
    assert_string_equal(live_action(session, 1, false), "");
    assert_string_equal(live_action(session, 2, true), "");
    assert_string_equal(live_action(session, 9, false), "");
    assert_string_equal(live_action(NULL, 0, false), "");
    cJSON_Delete(session);
}

/* ---- film ---- */

enum { FILM_WIDTH = 100, FILM_HEIGHT = 60, FILM_BYTES = 3 * FILM_WIDTH * FILM_HEIGHT };

/* Frame n: a moving square on a still ground, or noise. */
static void paint(uint8_t *rgb, int32_t n, bool is_noise)
{
    uint32_t random = (uint32_t)n * 2654435761u + 1;
    for (int32_t i = 0; i < FILM_BYTES; i++) {
        random = random * 1664525 + 1013904223;
        const int32_t x = i / 3 % FILM_WIDTH, y = i / 3 / FILM_WIDTH;
        const bool inside = x >= n % 80 && x < n % 80 + 9 && y >= n % 40 && y < n % 40 + 11;
        rgb[i] = is_noise ? (uint8_t)(random >> 24) : inside ? 255 : (uint8_t)(x / 8 * 16 + y / 8);
    }
}

static void expect_film(const film_t *film, int32_t num_game_frames, bool is_noise)
{
    static uint8_t wanted[FILM_BYTES], shown[FILM_BYTES];
    const int32_t stride = film_stride(film);
    assert_int_equal(film_num_frames(film), (num_game_frames + stride - 1) / stride);
    for (int32_t f = 0; f < film_num_frames(film); f++) {
        paint(wanted, f * stride, is_noise);
        film_show(film, f, shown);
        if (memcmp(wanted, shown, FILM_BYTES) != 0) fail_msg("frame %d is another", f);
    }
}

static void test_a_film_shows_what_it_was_shown(void **state)
{
    (void)state;
    static uint8_t rgb[FILM_BYTES];
    film_t *film = film_create();
    assert_non_null(film);
    for (int32_t n = 0; n < 301; n++) {
        if (n % 50 == 0) film_move(film, n / 50);
        paint(rgb, n, false);
        assert_true(film_frame(film, rgb, FILM_WIDTH, FILM_HEIGHT));
    }
    assert_int_equal(film_stride(film), 2);
    expect_film(film, 301, false);
    assert_true(film_frame(film, rgb, 8, 8)); /* another size shows the frame before */
    assert_true(film_frame(film, rgb, 8, 8));
    char *text = NULL;
    size_t num_bytes;
    FILE *out = open_memstream(&text, &num_bytes);
    assert_true(film_write(film, out));
    fclose(out);
    pages_expect(text, "\"width\":100,\"height\":60,\"stride\":2,\"sheet\":\"iVBOR");
    pages_expect(text, "\"moves\":[[0,0],[50,1],[100,2],[150,3],[200,4],[250,5],[300,6]]");
    free(text);

    film_clear(film);
    assert_int_equal(film_num_frames(film), 0);
    paint(rgb, 0, false);
    assert_true(film_frame(film, rgb, FILM_WIDTH, FILM_HEIGHT));
    expect_film(film, 1, false);
    film_destroy(film);
}

/* 104 new tiles a frame: the 24,576 there are last for 236 frames that are kept. */
static void test_a_film_of_too_many_tiles_keeps_fewer_frames(void **state)
{
    (void)state;
    static uint8_t rgb[FILM_BYTES];
    film_t *film = film_create();
    assert_non_null(film);
    for (int32_t n = 0; n < 1500; n++) {
        paint(rgb, n, true);
        assert_true(film_frame(film, rgb, FILM_WIDTH, FILM_HEIGHT));
    }
    assert_int_equal(film_stride(film), 8);
    expect_film(film, 1500, true);
    film_clear(film);
    assert_int_equal(film_stride(film), 2);
    for (int32_t n = 0; n < 2 * FILM_MAX_FRAMES + 3; n++) { /* too many frames, too */
        paint(rgb, n, false);
        assert_true(film_frame(film, rgb, FILM_WIDTH, FILM_HEIGHT));
    }
    assert_int_equal(film_stride(film), 4);
    expect_film(film, 2 * FILM_MAX_FRAMES + 3, false);
    film_destroy(film);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_film_shows_what_it_was_shown),
        cmocka_unit_test(test_a_film_of_too_many_tiles_keeps_fewer_frames),
        cmocka_unit_test(test_crc32c_is_castagnolis),
        cmocka_unit_test(test_events_are_read_by_the_specification),
        cmocka_unit_test(test_events_that_cannot_be_written_are_refused),
        cmocka_unit_test(test_moves_are_counted_between_two_lines),
        cmocka_unit_test(test_moves_are_read_as_far_as_the_log_is_true),
        cmocka_unit_test(test_live_json_of_others_is_checked),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
