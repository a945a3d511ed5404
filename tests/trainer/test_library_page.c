/* test_library_page.c - `kata library page`: every game, its moves as arrows, who tried it; text of
 * others stays text; searched in a browser. */
#include "kata.h"
#include "pages.h"
#include "preset_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kata_run_t r;

#define HOSTILE                                                                                    \
    "{\"kata_preset\": 1, \"game\": \"<img src=x onerror=alert(1)>\\\" onclick=\\\"\","            \
    " \"system\": \"nes\", \"aliases\": [\"'><b>bold\"],"                                          \
    " \"actions\": {\"macros\": [{\"name\": \"<script>alert(1)<script>\", \"notation\": "          \
    "\"6B\"}]},"                                                                                   \
    " \"provenance\": {\"verified\": \"<script>alert(2)<script>\","                                \
    " \"sources\": [\"javascript:alert(3)\"]}}"

static void test_every_game_of_the_library(void **state)
{
    (void)state;
    RUN(&r, "library", "page", "--out", kata_path("page"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "/page/index.html\n");
    char *page = pages_text(kata_path("page"), "index.html");
    assert_int_equal(pages_count(page, "<article "), 17);
    assert_int_equal(pages_count(page, "</article>"), 17);
    assert_int_equal(pages_count(page, "<details>"), pages_count(page, "</details>"));
    assert_int_equal(pages_count(page, "<table>"), pages_count(page, "</table>"));
    assert_int_equal(pages_count(page, "<ul>"), pages_count(page, "</ul>"));
    pages_expect(page, "<article id=\"nes/Kumite\" data-words=\"Kumite nes/Kumite.kata.json ");
    /* 236B: down, down and right, right with B. [4]6A: 41 frames back. */
    pages_expect(page, "<td>Fireball</td><td class=\"keys\">&#8595; &#8600; &#8594; <b>B</b> </td>"
                       "<td><code>236B</code></td><td>6</td>");
    pages_expect(page, "&#8592; <small>41</small> &#8594; <b>A</b> </td><td><code>[4]6A</code>");
    pages_expect(page,
                 "<li>the Kata authors, on <code>built from games/kumite</code>: every start");
    pages_expect(page, "<li>Nobody has said so yet.</li>\n<li>Not run on the real game. ");
    pages_expect(page, "<code>87e536b900db2976e6b3bd682a4d7ed88ac19dcd</code>");
    pages_expect(page, "content=\"default-src 'none';");
    assert_null(strstr(page, " src="));
    assert_null(strstr(page, " href="));
    free(page);
}

static void test_a_folder_of_others(void **state)
{
    (void)state;
    make_folder("pack");
    make_folder("pack/nes");
    put("pack/nes/Bad.kata.json", "{");
    put("pack/nes/Hostile.kata.json", HOSTILE);
    RUN(&r, "library", "page", kata_path("pack"), "--out", kata_path("hostile"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "1 games\n");
    kata_expect_err(&r, "passed over: ");
    char *page = pages_text(kata_path("hostile"), "index.html");
    pages_expect(page, "<article id=\"nes/Hostile\"");
    pages_expect(page, "<h2>&lt;img src=x onerror=alert(1)&gt;&quot; onclick=&quot;</h2>");
    assert_null(strstr(page, "<img"));
    assert_int_equal(pages_count(page, "<script"), 1); /* ours */
    assert_null(strstr(page, "href"));
    free(page);
    RUN(&r, "library", "page", kata_path("nowhere"), "--out", kata_path("none"));
    expect_refused(&r, 1, "it is no folder of presets");
    assert_false(kata_exists(kata_path("none/index.html")));
    RUN(&r, "library", "page");
    expect_refused(&r, 2, "it needs --out DIR");
}

static void expect_found(const char *address, const char *count, const char *hidden)
{
    char *console, *dom = pages_browse(address, 900, &console);
    const char *said = strstr(console, "CONSOLE");
    if (said) fail_msg("the console says: %.600s", said);
    pages_expect(dom, count);
    if (hidden) pages_expect(dom, hidden);
    free(dom);
    free(console);
}

static void test_it_searches_in_a_browser(void **state)
{
    (void)state;
    char address[700];
    if (!pages_browser()) {
        printf("skipped: no chromium is installed, so no page is searched in a browser\n");
        skip();
    }
    snprintf(address, sizeof address, "%s", kata_path("page/index.html"));
    expect_found(address, "<p id=\"count\">17 games</p>", NULL);
    strcat(address, "#q=Fight%C3%A9r%20street");
    expect_found(address, "<p id=\"count\">1 of 17 games</p>",
                 "<article id=\"nes/Kumite\" data-words=");
    char *console, *dom = pages_browse(address, 900, &console);
    assert_int_equal(pages_count(dom, " hidden=\"\""), 16);
    free(dom);
    free(console);
    snprintf(address, sizeof address, "%s#q=87e536b900", kata_path("page/index.html"));
    expect_found(address, "<p id=\"count\">1 of 17 games</p>", NULL);
    snprintf(address, sizeof address, "%s#q=no%%20such", kata_path("page/index.html"));
    expect_found(address, "<p id=\"count\">0 of 17 games</p>", NULL);
    /* A link to a game opens it. */
    snprintf(address, sizeof address, "%s#nes/Kumite", kata_path("page/index.html"));
    expect_found(address, "<details open=\"\"><summary>12 moves</summary>", NULL);
    snprintf(address, sizeof address, "%s", kata_path("hostile/index.html"));
    expect_found(address, "<p id=\"count\">1 game</p>", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_game_of_the_library),
        cmocka_unit_test(test_a_folder_of_others),
        cmocka_unit_test(test_it_searches_in_a_browser),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
