/* test_watched.c - a training that is watched: what it leaves in its folder while it runs, and for
 * TensorBoard; `kata report`, looked at in a browser. */
#include "kata.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "event_reader.h"
#include "live.h"
#include "moves.h"
#include "pages.h"

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define CHEAP "--warmup", "64", "--updates-per-decision", "0.05", "--replay", "4000", "--batch", "4"

static kata_run_t r;

static const char *dir(void)
{
    return kata_path("watched");
}

/* Once for all tests: they look at what it left. */
static int train(void **state)
{
    if (kata_setup(state) != 0) return -1;
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir(), "--decisions", "300",
        "--eval-episodes", "1", "--eval-every", "150", "--similarity", "meta", "--tensorboard",
        CHEAP);
    return r.status;
}

static void test_live_json_says_how_the_training_ended(void **state)
{
    (void)state;
    static live_view_t view;
    why_t why;
    if (!live_read(&view, dir(), why)) fail_msg("%s", why);
    assert_int_equal(view.state, LIVE_ENDED);
    assert_int_equal(view.decisions, 300);
    assert_true(view.updates > 0 && view.frames > 600 && view.time > 1e9);
    assert_true(view.has_similarity && view.num_moves > 3 && view.has_picture);
    double sum = 0;
    for (int32_t i = 0; i < view.num_moves; i++) sum += view.moves[i].share;
    assert_true(fabs(sum - 1) < 0.01);
    int32_t grays[256] = { 0 }, num_grays = 0; /* a picture of a game, not one colour */
    for (size_t i = 0; i < sizeof view.picture; i++) num_grays += grays[view.picture[i]]++ == 0;
    assert_true(num_grays > 5);

    cJSON *session = live_read_session(dir(), why);
    if (!session) fail_msg("%s", why);
    assert_string_equal(live_text(session, "game"), "Kumite");
    assert_string_equal(live_text(session, "core"), "nestopia");
    assert_string_equal(live_action(session, 12, false), "Fireball");
    const cJSON *settings = cJSON_GetObjectItem(session, "settings");
    assert_int_equal(cJSON_GetObjectItem(settings, "batch")->valueint, 4);
    assert_string_equal(live_text(settings, "similarity"), "meta");
    cJSON_Delete(session);
}

static void test_the_log_says_which_moves_were_played(void **state)
{
    (void)state;
    moves_t moves;
    assert_true(moves_read(&moves, dir(), 24));
    assert_true(moves.num_records > 0);
    assert_true(moves.decisions[moves.num_records - 1] >= 300);
    moves_free(&moves);
}

static void test_tensorboard_reads_what_was_logged(void **state)
{
    (void)state;
    static event_read_t events[512];
    char folder[600], name[256];
    snprintf(folder, sizeof folder, "%s/tensorboard", dir());
    assert_true(kata_finds(folder, "events.out.tfevents.", name));
    const int32_t count = event_reader_read(pages_path(folder, name), events, 512);
    assert_string_equal(events[0].version, "brain.Event:2");
    assert_int_equal(events[1].status, 1);
    static const char *const tags[] = { "training/epsilon", "learning/loss", "evaluation/win_rate",
                                        "similarity/mean" };
    for (size_t t = 0; t < sizeof tags / sizeof tags[0]; t++) {
        int32_t found = 0;
        for (int32_t i = 0; i < count; i++) found += strcmp(events[i].tag, tags[t]) == 0;
        if (found == 0) fail_msg("no %s among %d events", tags[t], count);
    }
    assert_int_equal(events[count - 1].step, 300); /* the evaluation at the end */

    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("unwatched"), "--decisions",
        "20", "--eval-episodes", "0", CHEAP);
    kata_expect(&r, 0);
    assert_false(kata_exists(pages_path(kata_path("unwatched"), "tensorboard")));
}

/* ---- kata report ---- */

static char *report_page(const char *name, const char *rounds)
{
    const char *out = kata_path(name);
    RUN(&r, "report", dir(), "--rounds", rounds, "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Report: ");
    return pages_text(kata_dir(), name);
}

static void test_a_report_is_one_page_without_our_paths(void **state)
{
    (void)state;
    char *page = report_page("report.html", "1");
    assert_null(strstr(r.err, "kata:")); /* a progress line may be there */
    pages_expect(page, "default-src 'none'");
    pages_expect(page, "\"game\":\"Kumite\"");
    pages_expect(page, "\"decisions\":300");
    pages_expect(page, "[\"Fireball\",\"236B\"]");
    pages_expect(page, "\"similarity\":{\"order\":[");
    pages_expect(page, "\"batch\":4");
    pages_expect(page, "\"fight\":{\"rounds\":1,");
    pages_expect(page, "\"sheet\":\"iVBOR");
    assert_null(strstr(page, "/*DATA*/"));
    assert_null(strstr(page, kata_dir()));
    assert_null(strstr(page, "kumite.nes"));
    assert_null(strstr(page, " src="));
    free(page);
    assert_false(kata_exists(kata_path("report.html.tmp-fight")));

    page = report_page("bare.html", "0");
    assert_null(strstr(page, "\"fight\":"));
    pages_expect(page, "\"fight_was_wanted\":false");
    free(page);
}

static void test_a_report_without_its_game_says_so(void **state)
{
    (void)state;
    RUN(&r, "report", dir(), "--game", kata_path("gone.nes"), "--out", kata_path("gone.html"));
    kata_expect(&r, 0);
    kata_expect_err(&r, "the report has no fight: ");
    kata_expect_err(&r, "gone.nes");
    char *page = pages_text(kata_dir(), "gone.html");
    assert_null(strstr(page, "\"fight\":"));
    pages_expect(page, "\"fight_was_wanted\":true");
    free(page);
    RUN(&r, "report", dir(), "--core", "no_such_core", "--out", kata_path("gone.html"));
    kata_expect(&r, 0);
    kata_expect_err(&r, "the report has no fight: ");
    kata_expect_err(&r, "no_such_core");
}

static void test_a_folder_without_a_training_is_refused(void **state)
{
    (void)state;
    RUN(&r, "report", kata_path("nowhere"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "must be a game or a training's folder");
    char command[700];
    snprintf(command, sizeof command, "mkdir '%s'", kata_path("empty"));
    assert_int_equal(system(command), 0);
    RUN(&r, "report", kata_path("empty"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "no training is in it");
    RUN(&r, "report", dir(), "--rounds", "0", "--out", kata_path("nowhere/report.html"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "nowhere/report.html: cannot be written");
}

/* Without --dir nobody has to know where the folder is. */
static void test_a_game_is_enough(void **state)
{
    (void)state;
    RUN(&r, "train", kata_rom(), "--workers", "1", "--decisions", "100", CHEAP);
    kata_expect(&r, 0);
    RUN(&r, "watch", kata_rom(), "--once");
    kata_expect(&r, 0);
    kata_expect_out(&r, "ended 0:0");
    RUN(&r, "report", kata_rom(), "--rounds", "0", "--out", kata_path("of-a-game.html"));
    kata_expect(&r, 0);
    char *page = pages_text(kata_dir(), "of-a-game.html");
    pages_expect(page, "Kumite");
    free(page);
}

/* Whatever stands in the files of a folder stays text, and no core is opened by a path from there.
 */
static void test_files_of_others_stay_text(void **state)
{
    (void)state;
    const char *folder = kata_path("hostile");
    char command[700];
    snprintf(command, sizeof command, "mkdir '%s'", folder);
    assert_int_equal(system(command), 0);
    pages_write(folder, "session.json",
                "{\"game\":\"</script><script>alert(1)//\",\"core\":\"/tmp/evil.so\","
                "\"content\":\"/nowhere.nes\",\"actions\":[[\"<b>\",3],7,[\"x\"]],"
                "\"settings\":{\"<i>\":[1,{}]}}");
    pages_write(
        folder, "log.jsonl",
        "{\"kind\":\"training\",\"decisions\":1e300,\"win_rate\":\"x\"}\n{\"kind\":7}\nxyz\n"
        "{\"kind\":\"similarity\",\"decisions\":5,\"actions\":4,\"upper\":\"zz\"}\n");
    RUN(&r, "report", folder);
    kata_expect(&r, 0);
    kata_expect_err(&r, "no fight: ");
    assert_null(strstr(r.err, "evil"));
    char *page = pages_text(folder, "report.html");
    assert_int_equal(pages_count(page, "</script>"), 2);
    assert_null(strstr(page, "alert(1)//<"));
    pages_expect(page, "\\u003c/script>");
    free(page);
}

/* ---- in a browser ---- */

/* What the browser says of a page: its elements when all is drawn, and its console. The probe is a
 * script at the end of the page, which writes what it found into an element of its own. */
static const char PROBE[] =
    "<script>(() => { const wait = setInterval(() => {"
    "const root = document.documentElement; if (!root.dataset.drawn && !root.dataset.errors) "
    "return;"
    "clearInterval(wait); const found = document.createElement('pre'); found.id = 'probe';"
    "const say = words => { found.textContent += words + ';'; };"
    "const set = (id, value) => { const e = document.getElementById(id); e.value = value;"
    " e.dispatchEvent(new Event('input')); };"
    "const canvas = document.getElementById('fight');"
    "const copy = document.createElement('canvas'); copy.width = canvas.width;"
    "copy.height = canvas.height;"
    "const pen = copy.getContext('2d', { willReadFrequently: true });"
    "const look = () => { pen.drawImage(canvas, 0, 0); const d = pen.getImageData(0, 0, copy.width,"
    " copy.height).data, all = new Set(); let hash = 0; for (let i = 0; i < d.length; i += 4) {"
    " const c = d[i] << 16 | d[i + 1] << 8 | d[i + 2]; all.add(c); hash = (hash * 31 + c) | 0; }"
    " return [all.size, hash]; };"
    "say('canvas ' + canvas.width + 'x' + canvas.height);"
    "set('moment', 0); const first = look(); say('colours ' + (first[0] > 6 ? 'many' : first[0]));"
    "set('moment', 60); const later = look(); say('moves ' + (later[1] !== first[1]));"
    "set('moment', 0); say('back ' + (look()[1] === first[1]));"
    "const fills = () => [...document.querySelectorAll('#similarity rect')].map(e =>"
    " e.getAttribute('fill')).join(); const now = fills(); set('time', 0);"
    "say('squares ' + document.querySelectorAll('#similarity rect').length);"
    "say('learned ' + (fills() !== now));"
    "say('charts ' + document.querySelectorAll('svg').length);"
    "say('bands ' + document.querySelectorAll('path.move').length);"
    "say('numbers ' + ![...document.querySelectorAll('path')].some(e =>"
    " /NaN|undefined/.test(e.getAttribute('d'))));"
    "say('wide ' + (document.documentElement.scrollWidth > innerWidth));"
    "document.querySelector('.bar button').click(); setTimeout(() => {"
    "say('plays ' + (document.getElementById('moment').value > 5)); document.body.append(found); },"
    " 1000); }, 20); })();</script>";

static void expect_drawn(const char *name, int width)
{
    char *console, *dom = pages_browse(kata_path(name), width, &console);
    static const char *const words[] = { "data-drawn=\"1\"", "canvas 256x224;", "colours many;",
                                         "moves true;",      "back true;",      "squares 552;",
                                         "learned true;",    "charts 5;",       "bands 10;",
                                         "numbers true;",    "wide false;",     "plays true;" };
    const char *said = strstr(console, "CONSOLE");
    if (said) fail_msg("the console says: %.600s", said);
    assert_null(strstr(dom, "data-errors"));
    const char *probe = strstr(dom, "<pre id=\"probe\">");
    if (!probe) fail_msg("nothing was drawn:\n%.2000s", dom);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strstr(dom, words[i]))
            fail_msg("at a width of %d \"%s\" is missing: %.400s", width, words[i], probe);
    free(dom);
    free(console);
}

/* What a longer training would have written. */
static void log_more(void)
{
    char path[600];
    snprintf(path, sizeof path, "%s/log.jsonl", dir());
    FILE *log = fopen(path, "a");
    assert_non_null(log);
    for (int n = 400; n <= 600; n += 100) {
        fprintf(log,
                "{\"kind\":\"training\",\"decisions\":%d,\"win_rate\":0.%d,\"mean_return\":%d,"
                "\"episodes\":30,\"loss\":1.5}\n{\"kind\":\"moves\",\"decisions\":%d,\"counts\":[",
                n, n, n / 100 - 5, n);
        for (int a = 0; a < 24; a++) fprintf(log, "%s%d", a ? "," : "", a * n % 7);
        fputs("]}\n", log);
    }
    fclose(log);
}

static void test_a_report_is_drawn_in_a_browser(void **state)
{
    (void)state;
    if (!pages_browser()) {
        printf("skipped: no chromium is installed, so no report is looked at in a browser\n");
        skip();
    }
    log_more();
    char *page = report_page("drawn.html", "1"), *end = strstr(page, "</body>");
    assert_non_null(end);
    FILE *probed = fopen(kata_path("probed.html"), "w");
    assert_non_null(probed);
    fprintf(probed, "%.*s%s%s", (int)(end - page), page, PROBE, end);
    fclose(probed);
    free(page);
    expect_drawn("probed.html", 1200);
    expect_drawn("probed.html", 500); /* no window of Chromium's is narrower */

    /* The console is looked at: a script that fails is found. */
    char *console, *dom;
    pages_write(kata_dir(), "bad.html", "<!doctype html><script>nothing.there()</script>");
    dom = pages_browse(kata_path("bad.html"), 500, &console);
    pages_expect(console, "CONSOLE");
    free(dom);
    free(console);
    char folder[700];
    snprintf(folder, sizeof folder, "%s/report.html", kata_path("hostile"));
    dom = pages_browse(folder, 500, &console); /* of test_files_of_others_stay_text */
    assert_null(strstr(console, "CONSOLE"));
    pages_expect(dom, "data-drawn=\"1\"");
    pages_expect(dom, "&lt;/script&gt;&lt;script&gt;alert(1)//</h1>");
    free(dom);
    free(console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_report_is_one_page_without_our_paths),
        cmocka_unit_test(test_a_report_without_its_game_says_so),
        cmocka_unit_test(test_a_folder_without_a_training_is_refused),
        cmocka_unit_test(test_a_game_is_enough),
        cmocka_unit_test(test_files_of_others_stay_text),
        cmocka_unit_test(test_a_report_is_drawn_in_a_browser),
        cmocka_unit_test(test_live_json_says_how_the_training_ended),
        cmocka_unit_test(test_the_log_says_which_moves_were_played),
        cmocka_unit_test(test_tensorboard_reads_what_was_logged),
    };
    return cmocka_run_group_tests(tests, train, kata_teardown);
}
