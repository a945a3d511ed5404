/* test_lint.c - the library passes its own review; every rule finds what it is for, and each is in
 * CONTRIBUTING.md; the index is of the presets that are there. */
#include "files.h"
#include "library_index.h"
#include "lint.h"
#include "sample.h"
#include "store.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LIBRARY "presets/library"

static char base[256];
static char said[16384]; /* "rule: found | write\n" ... */

static int make_base(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(base, sizeof base, "%s/lint-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(base) ? 0 : -1;
}

static void take(void *context, const lint_finding_t *f)
{
    (void)context;
    const size_t length = strlen(said);
    assert_true(*f->path && *f->rule && *f->found && *f->write);
    snprintf(said + length, sizeof said - length, "%s: %s: %s | %s\n", f->path, f->rule, f->found,
             f->write);
}

/* A sound file with `changed` in place of `field`; "": without it. */
typedef struct {
    const char *field, *changed, *rule, *found;
} lint_case_t;

#define SOUND                                                                                      \
    "{\"kata_preset\": 1, \"game\": \"Gee\", \"system\": \"nes\","                                 \
    " \"hashes\": [{\"sha1\": \"0123456789abcdef0123456789abcdef01234567\", \"name\": \"USA\"}],"  \
    " \"variables\": {\"hp\": {\"address\": 785, \"type\": \"|u1\"}},"                             \
    " \"actions\": {\"macros\": [{\"name\": \"Up\", \"notation\": \"623B\"}]},"                    \
    " \"reward\": {\"variables\": {\"hp\": {\"reward\": 1}}},"                                     \
    " \"done\": \"hp == 0\", \"result\": {\"lost\": \"hp == 0\"}, \"fight\": {\"when\": \"hp > "   \
    "0\"},"                                                                                        \
    " \"starts\": {\"one\": [\"press START{4} {60} until hp > 0 within 900\"]},"                   \
    " \"provenance\": {\"author\": \"me\", \"licence\": \"MIT\", \"verified\": \"all of it\","     \
    " \"sources\": [\"https://example.org/home/x\"], \"checks\": [{\"by\": \"me\","                \
    " \"dump\": \"USA\", \"tried\": \"all\"}]}}"

static void put(const char *name, const char *text)
{
    char path[600];
    why_t why;
    snprintf(path, sizeof path, "%s/%s", base, name);
    *strrchr(path, '/') = '\0';
    if (!files_make_dirs(path, why)) fail_msg("%s", why);
    snprintf(path, sizeof path, "%s/%s", base, name);
    if (!files_replace(path, text, strlen(text), why)) fail_msg("%s", why);
}

static void put_changed(const char *name, const char *field, const char *changed)
{
    char text[4096];
    const char *at = strstr(SOUND, field);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - SOUND), SOUND, changed, at + strlen(field));
    put(name, text);
}

static bool visit(void *context, const char *path, preset_t *preset, const char *why)
{
    (void)preset, (void)why;
    lint_file(context, path, base);
    return true;
}

static lint_t review(void)
{
    lint_t lint = { .say = take };
    said[0] = '\0';
    preset_walk(base, visit, &lint);
    lint_end(&lint);
    return lint;
}

static void test_a_sound_preset_passes(void **state)
{
    (void)state;
    put("nes/Gee.kata.json", SOUND);
    const lint_t lint = review();
    if (said[0]) fail_msg("%s", said);
    assert_int_equal(lint.num_files, 1);
    assert_int_equal(lint.num_must + lint.num_should, 0);
}

static void test_each_rule_finds_what_it_is_for(void **state)
{
    (void)state;
    static const lint_case_t cases[] = {
        { "\"kata_preset\": 1", "\"kata_preset\": 9", "loads", "kata_preset" },
        { "\"done\":", "\"dome\": 1, \"done\":", "fields", "dome" },
        { "\"sha1\": \"0123456789abcdef0123456789abcdef01234567\", ", "\"crc32\": \"01234567\", ",
          NULL, NULL },
        { "\"hashes\": [{\"sha1\": \"0123456789abcdef0123456789abcdef01234567\", \"name\": "
          "\"USA\"}],",
          "", "hashes", "any game of that name" },
        { "{\"hp\": {\"reward\": 1}}", "{\"hp\": {\"penalty\": 0}}", "reward", "always 0" },
        { "\"reward\": {\"variables\": {\"hp\": {\"reward\": 1}}},", "", "reward", "none" },
        { "\"done\": \"hp == 0\", ", "", "done", "never end" },
        { "\"result\": {\"lost\": \"hp == 0\"}, ", "", "result", "no win rate" },
        { "\"fight\": {\"when\": \"hp > 0\"},", "", "fight", "menus" },
        { "\"starts\": {\"one\": [\"press START{4} {60} until hp > 0 within 900\"]},", "", "starts",
          "power-on" },
        { "press START{4} {60} until hp > 0 within 900", "START{4} {60}", "start-waits",
          "\"one\"" },
        { "{\"macros\": [{\"name\": \"Up\", \"notation\": \"623B\"}]}",
          "{\"primitives\": [{\"name\": \"Up\", \"pad\": \"8\"}]}", "moves", "no macro" },
        { "{\"name\": \"Up\", \"notation\": \"623B\"}",
          "{\"name\": \"Up\", \"notation\": \"623B\"}, {\"name\": \"Too\", \"notation\": \"623B\"}",
          "same-actions", "\"Too\" is the same as \"Up\"" },
        { "623B", "623B{300}", "actions", "lasts" },
        { "{\"hp\": {\"address\"",
          "{\"x\": {\"address\": 3, \"type\": \"|u1\"}, \"hp\": {\"address\"", "variables",
          "nothing reads \"x\"" },
        { "\"author\": \"me\", ", "", "author", "no author" },
        { "\"MIT\"", "\"all mine\"", "licence", "\"all mine\"" },
        { "\"licence\": \"MIT\", ", "", "licence", "no licence" },
        { "\"https://example.org/home/x\"", "", "sources", "no source" },
        { "\"https://example.org/home/x\"", "\"/home/somebody/notes.txt\"", "paths", "/home/some" },
        { "\"all of it\"", "\"seen in C:\\\\Users\\\\me\"", "paths", "is a path" },
        { "\"verified\": \"all of it\",", "", "verified", "nothing says" },
        { ", \"checks\": [{\"by\": \"me\", \"dump\": \"USA\", \"tried\": \"all\"}]", "", "verified",
          "Not run on the real game." },
        { "\"dump\": \"USA\"", "\"dump\": \"Japan\"", "checks", "\"Japan\" is none of its dumps" },
        { "\"dump\": \"USA\"", "\"dump\": \"0123456789ABCDEF0123456789abcdef01234567\"", NULL,
          NULL },
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char wanted[80];
        put_changed("nes/Gee.kata.json", cases[c].field, cases[c].changed);
        const lint_t lint = review();
        snprintf(wanted, sizeof wanted,
                 "nes/Gee.kata.json: %s: ", cases[c].rule ? cases[c].rule : "");
        if (!cases[c].rule ? said[0] != '\0'
                           : !strstr(said, wanted) || !strstr(said, cases[c].found))
            fail_msg("case %zu, %s: %s", c, cases[c].rule, said);
        if (cases[c].rule) assert_true(lint.num_must + lint.num_should > 0);
    }
}

static void test_the_layout(void **state)
{
    (void)state;
    put("nes/Gee.kata.json", SOUND);
    put("snes/Gee too.kata.json", SOUND);
    const lint_t lint = review();
    assert_int_equal(lint.num_files, 2);
    if (!strstr(said,
                "snes/Gee too.kata.json: place: a preset for nes lies at snes/Gee too.kata.json"
                " | it to nes/Gee too.kata.json\n") ||
        !strstr(said, "snes/Gee too.kata.json: file-name: it is called Gee too.kata.json | ") ||
        !strstr(said, "twice: nes/Gee.kata.json is for the dump 0123456789abcdef") ||
        !strstr(said, "twice: nes/Gee.kata.json is for Gee on nes, too"))
        fail_msg("%s", said);
    lint_t alone = { .say = take };
    char path[600];
    said[0] = '\0';
    snprintf(path, sizeof path, "%s/snes/Gee too.kata.json", base);
    lint_file(&alone, path, NULL); /* it lies anywhere */
    lint_end(&alone);
    assert_string_equal(said, "");
}

static bool visit_library(void *context, const char *path, preset_t *preset, const char *why)
{
    (void)preset, (void)why;
    lint_file(context, path, LIBRARY);
    return true;
}

static void take_must(void *context, const lint_finding_t *f)
{
    (void)context;
    if (f->must) fail_msg("%s: %s: %s; write %s", f->path, f->rule, f->found, f->write);
}

static void test_the_library_passes(void **state)
{
    (void)state;
    lint_t lint = { .say = take_must };
    preset_walk(LIBRARY, visit_library, &lint);
    lint_end(&lint);
    assert_true(lint.num_files >= 16);
}

static void test_the_index_is_of_the_presets_that_are_there(void **state)
{
    (void)state;
    why_t why = "";
    size_t num_bytes;
    uint8_t *found;
    char *wanted = library_index(LIBRARY, &num_bytes, why);
    if (!wanted) fail_msg("%s", why);
    if (!files_read(LIBRARY "/" LIBRARY_INDEX_NAME, 1 << 26, &found, &num_bytes, why))
        fail_msg("%s", why);
    if (strcmp(wanted, (char *)found) != 0)
        fail_msg(LIBRARY "/" LIBRARY_INDEX_NAME " is old: kata preset index " LIBRARY);
    free(found);
    free(wanted);

    put("nes/Gee.kata.json", SOUND);
    char *text = library_index(base, NULL, why);
    assert_non_null(text);
    if (!strstr(
            text,
            "\n{\"file\":\"nes/Gee.kata.json\",\"game\":\"Gee\",\"system\":\"nes\",\"aliases\":[],"
            "\"sha1\":[\"0123456789abcdef0123456789abcdef01234567\"],\"crc32\":[],\"md5\":[],"))
        fail_msg("%s", text);
    assert_non_null(
        strstr(text, "\"macros\":1,\"starts\":1,\"tried\":1,\"similarity\":false}\n]}\n"));
    free(text);
    put("nes/Broken.kata.json", "{");
    assert_null(library_index(base, NULL, why));
    assert_non_null(strstr(why, "Broken.kata.json"));
}

static void test_the_rules_are_in_contributing(void **state)
{
    (void)state;
    uint8_t *text;
    size_t num_bytes;
    why_t why;
    bool must;
    const char *name, *what;
    if (!files_read("presets/CONTRIBUTING.md", 1 << 20, &text, &num_bytes, why))
        fail_msg("%s", why);
    for (int32_t i = 0; (name = lint_rule(i, &must, &what)); i++) {
        char row[80];
        snprintf(row, sizeof row, "\n| `%s` | %s | ", name, must ? "must" : "should");
        if (!strstr((char *)text, row)) fail_msg("no row for the rule %s", name);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_sound_preset_passes, make_base),
        cmocka_unit_test_setup(test_each_rule_finds_what_it_is_for, make_base),
        cmocka_unit_test_setup(test_the_layout, make_base),
        cmocka_unit_test(test_the_library_passes),
        cmocka_unit_test_setup(test_the_index_is_of_the_presets_that_are_there, make_base),
        cmocka_unit_test(test_the_rules_are_in_contributing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
