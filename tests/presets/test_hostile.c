/* test_hostile.c - presets made to hurt: each is refused with a sentence, and
 * whatever a byte is changed into, loading ends in a sentence or in a sound preset. */
#include "files.h"
#include "json.h"
#include "preset.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* The slowest refusal, printed at the end: milliseconds of processor time. How long is too long
 * depends on the machine; what bounds the work are the limits of scan.c, tested here. */
static double slowest_ms;
static char slowest[64];

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void expect_refusal(const char *text, size_t num_bytes, const char *part_of_why)
{
    why_t why = "";
    preset_t *preset;
    const double start = now_ms();
    if (preset_parse(&preset, text, num_bytes, "evil", why))
        fail_msg("accepted; should say %s", part_of_why);
    const double took = now_ms() - start;
    assert_null(preset);
    if (strncmp(why, "evil: ", 6) != 0 || !strstr(why, part_of_why))
        fail_msg("said \"%s\", not \"%s\"", why, part_of_why);
    for (const char *c = why; *c; c++) assert_true((unsigned char)*c >= 0x20 && *c != 0x7F);
    if (took > slowest_ms) {
        slowest_ms = took;
        snprintf(slowest, sizeof slowest, "%.60s", part_of_why);
    }
}

static void expect_text_refusal(const char *text, const char *part_of_why)
{
    expect_refusal(text, strlen(text), part_of_why);
}

/* `count` times `piece`, between `head` and `tail`. The caller frees it. */
static char *repeated(const char *head, const char *piece, size_t count, const char *tail,
                      size_t *num_bytes)
{
    const size_t h = strlen(head), p = strlen(piece), t = strlen(tail);
    char *text = malloc(h + p * count + t + 1);
    assert_non_null(text);
    memcpy(text, head, h);
    for (size_t i = 0; i < count; i++) memcpy(text + h + i * p, piece, p);
    memcpy(text + h + p * count, tail, t + 1);
    *num_bytes = h + p * count + t;
    return text;
}

static void expect_repeated_refusal(const char *head, const char *piece, size_t count,
                                    const char *tail, const char *part_of_why)
{
    size_t num_bytes;
    char *text = repeated(head, piece, count, tail, &num_bytes);
    expect_refusal(text, num_bytes, part_of_why);
    free(text);
}

#define HEAD "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", "
#define ACTIONS "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}"

static void test_too_big(void **state)
{
    (void)state;
    expect_repeated_refusal(HEAD ACTIONS "}", " ", 5u << 20, "", "must be at most 4194304 bytes");
    expect_repeated_refusal(HEAD "\"actions\": {\"macros\": [", "{},", 1000000, "{}]}}",
                            "a preset must have at most 100000 values");
    expect_repeated_refusal(HEAD "\"actions\": {\"macros\": [", "{},", 1000, "{}]}}",
                            "actions.macros: must have 0 to 256 items, found 1001");
    expect_repeated_refusal(HEAD "\"note\": \"", "x", 9000, "\"}", "a text must have at most 8192");
    expect_repeated_refusal(HEAD "\"note\": ", "9", 5000, "}", "a number must have at most 40");
    expect_repeated_refusal(HEAD "\"timing\": {\"frame_skip\": 0.", "0", 5000, "}}", "at most 40");
    expect_repeated_refusal(HEAD ACTIONS ", \"starts\": {\"s\": [", "\"START\",", 300,
                            "\"START\"]}}", "a start must have at most 256 steps");
    expect_repeated_refusal(HEAD ACTIONS ", \"done\": {\"any\": [", "{\"all\": [{}]},", 2000,
                            "{}]}}", "must have 1 to 1024 items");
}

/* A million sound macros are more than a file may hold; a thousand are more than an agent has. */
static void test_a_million_macros(void **state)
{
    (void)state;
    for (int32_t count = 1000; count <= 1000000; count *= 1000) {
        char *text = malloc((size_t)count * 48 + 256), *at = text;
        assert_non_null(text);
        at += sprintf(at, HEAD "\"actions\": {\"macros\": [");
        for (int32_t i = 0; i < count; i++)
            at += sprintf(at, "%s{\"name\":\"m%d\",\"notation\":\"236A\"}", i ? "," : "", (int)i);
        sprintf(at, "]}}");
        expect_text_refusal(text, count == 1000 ? "must have 0 to 256 items, found 1000"
                                                : "must be at most 4194304 bytes");
        free(text);
    }
}

static void test_addresses_out_of_range(void **state)
{
    (void)state;
    static const struct {
        const char *memory, *address, *type, *why;
    } rows[] = {
        { "{}", "-1", "|u1", "a whole number, 0 to 4294967295" },
        { "{}", "4294967296", "|u1", "a whole number, 0 to 4294967295" },
        { "{}", "18446744073709551615", "|u1", "a whole number, 0 to 4294967295" },
        { "{}", "1e300", "|u1", "a whole number, 0 to 4294967295" },
        { "{}", "0.5", "|u1", "a whole number, 0 to 4294967295" },
        { "{}", "\"0x100000000\"", "|u1", "0 to 0xFFFFFFFF" },
        { "{}", "\"0xFFFFFFFFFFFFFFFFFF\"", "|u1", "0 to 0xFFFFFFFF" },
        { "{}", "\"0x-1\"", "|u1", "0 to 0xFFFFFFFF" },
        { "{}", "\"0x\"", "|u1", "0 to 0xFFFFFFFF" },
        { "{}", "\"16\"", "|u1", "0 to 0xFFFFFFFF" },
        { "{}", "null", "|u1", "a whole number" },
        { "{}", "[0]", "|u1", "a whole number" },
        { "{}", "4294967289", "<u8", "must lie in memory with its 8 bytes, found 0xFFFFFFF9" },
        { "{\"ram_bytes\": 16}", "16", "|u1", "must lie in memory with its 1 bytes" },
        { "{\"ram_bytes\": 16}", "9", "<u8", "must lie in memory with its 8 bytes" },
        { "{\"ram_base\": 4294967295, \"ram_bytes\": 16}", "0", "|u1", "must lie in memory" },
        { "{\"ram_base\": 4294967296}", "0", "|u1", "memory.ram_base: " },
        { "{\"ram_bytes\": 268435457}", "0", "|u1", "memory.ram_bytes: " },
        { "{\"ram_base\": 1, \"word_swapped\": true}", "1", "|u1", "must be even" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char text[512];
        snprintf(text, sizeof text,
                 HEAD "\"memory\": %s, \"variables\": {\"v\": {\"address\": %s, \"type\": \"%s\"}},"
                      " " ACTIONS "}",
                 rows[r].memory, rows[r].address, rows[r].type);
        expect_text_refusal(text, rows[r].why);
    }
}

static void test_many_keys(void **state)
{
    (void)state;
    char *text = malloc(1 << 22), *at = text;
    assert_non_null(text);
    at += sprintf(at, "{");
    for (int i = 0; i < 90000; i++) at += sprintf(at, "\"k%d\": 0, ", i);
    sprintf(at, "\"z\": 0}");
    expect_text_refusal(text, "an object must have at most 512 keys");

    /* The most keys that are let through, over and over: looking for duplicates stays quick. */
    at = text + sprintf(text, HEAD ACTIONS ", \"note\": [");
    for (int object = 0; object < 190; object++) {
        at += sprintf(at, "%s{", object ? ", " : "");
        for (int i = 0; i < 512; i++) at += sprintf(at, "%s\"%d\": 0", i ? ", " : "", 511 - i);
        at += sprintf(at, "}");
    }
    sprintf(at, "], \"done\": 0}");
    expect_text_refusal(text, "done: must be a condition");
    free(text);
}

static void test_deep_nesting(void **state)
{
    (void)state;
    expect_repeated_refusal("", "[", 1000000, "", "nested at most 32 deep");
    expect_repeated_refusal(HEAD "\"done\": ", "{\"any\": [", 100000, "", "nested at most 32 deep");
    expect_repeated_refusal(HEAD "\"note\": ", "[", 32, "", "nested at most 32 deep");
    expect_repeated_refusal("[", "[", 31, "", "expected a value, found the end");
    expect_repeated_refusal(HEAD "\"actions\": {\"macros\": [{\"name\": \"n\", \"notation\": \"",
                            "(", 2000, "\"}]}}", "groups must be nested at most 4 deep");
}

static void test_numbers_that_are_none(void **state)
{
    (void)state;
    static const char *const all[] = { "NaN", "nan", "Infinity", "-Infinity", "inf", "0x10", "01",
                                       "+1",  ".5",  "1.",       "1e",        "--1", "1e+",  "-" };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, HEAD "\"reward\": {\"scale\": %s}}", all[i]);
        expect_text_refusal(text, "expected ");
    }
    expect_text_refusal(HEAD "\"reward\": {\"scale\": 1e400}}", "must be finite");
    expect_text_refusal(HEAD "\"reward\": {\"scale\": -1e400}}", "must be finite");
    expect_text_refusal(HEAD "\"note\": [[{\"deep\": 1e400}]]}", "note[0][0].deep: a number must");
}

static void test_keys_twice(void **state)
{
    (void)state;
    expect_text_refusal("{\"game\": 1, \"game\": 2}", "game: a key must appear once");
    expect_text_refusal(HEAD "\"note\": {\"a\": [{\"b\": 1, \"c\": 1, \"b\": 2}]}}",
                        "note.a[0].b: a key must appear once");
    /* The same key, spelled differently. */
    expect_text_refusal("{\"game\": 1, \"g\\u0061me\": 2}", "game: a key must appear once");
}

static void test_utf8_traps(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "\xC0\xAF",         /* overlong / */
        "\xE0\x80\xAF",     /* overlong / */
        "\xF0\x80\x80\xAF", /* overlong / */
        "\xED\xA0\x80",     /* a surrogate */
        "\xF4\x90\x80\x80", /* past U+10FFFF */
        "\xFF",
        "\x80",
        "\xC3", /* cut short by the quote */
        "\xE2\x82",
        "\xF5\x80\x80\x80",
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, HEAD "\"note\": \"%s\"}", broken[i]);
        expect_text_refusal(text, "text must be UTF-8");
    }
    expect_text_refusal("\xEF\xBB\xBF{}", "byte order mark");
    expect_text_refusal("{\"game\\u0000\": 1}", "must not contain \\u0000");
    expect_text_refusal("{\"game\": \"\\ud800\"}", "a high surrogate stands alone");
    expect_text_refusal("{\"game\": \"\\ud800\\u0041\"}", "a high surrogate stands alone");
    expect_text_refusal("{\"game\": \"\\udc00\"}", "a low surrogate stands alone");
    expect_text_refusal("{\"game\": \"\\ud8", "four hex digits");
    expect_text_refusal("{\"game", "expected \" at the end of a text, found the end");
    expect_text_refusal("{\"game\": \"\\x41\"}", "expected an escape");
    expect_text_refusal("{\"game\": \"a\nb\"}", "control byte 0x0A");
    expect_refusal("{\"ga\0me\": 1}", 12, "control byte 0x00");
    expect_refusal(HEAD ACTIONS "}\0", strlen(HEAD ACTIONS "}") + 1, "expected the end");
    expect_text_refusal("\xFF\xFE{\0}", "expected a value, found byte 0xFF");
    /* Names: escapes of the terminal, the other control characters, a name of 64 bytes. */
    expect_text_refusal("{\"kata_preset\": 1, \"game\": \"\\u001b[2J\"}", "no control characters");
    expect_text_refusal("{\"kata_preset\": 1, \"game\": \"\\u0085\"}", "no control characters");
    expect_text_refusal("{\"kata_preset\": 1, \"game\": \"\\u007f\"}", "no control characters");
    expect_repeated_refusal("{\"kata_preset\": 1, \"game\": \"", "\xC3\xA9", 32, "\"}",
                            "game: must be a text of 1 to 63 bytes");
    expect_repeated_refusal("{\"kata_preset\": 1, \"", "\xC3\xA9\\u001b", 700, "\": 1}",
                            "game: is required");
}

static void test_names_that_climb(void **state)
{
    (void)state;
    static const char *const names[] = {
        "../../etc/passwd", "..", "a/b", "a\\\\b", "/abs", " a", "a "
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static const char *const places[] = {
            "{\"kata_preset\": 1, \"game\": \"%s\"}",
            HEAD "\"aliases\": [\"%s\"]}",
            HEAD "\"variables\": {\"%s\": {}}}",
            HEAD "\"actions\": {\"macros\": [{\"name\": \"%s\"}]}}",
            HEAD ACTIONS ", \"starts\": {\"%s\": []}}",
        };
        for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
            char text[512];
            size_t used = 0;
            const char *hole = strstr(places[p], "%s");
            used = (size_t)snprintf(text, sizeof text, "%.*s", (int)(hole - places[p]), places[p]);
            snprintf(text + used, sizeof text - used, "%s%s", names[i], hole + 2);
            expect_text_refusal(text, "must be a name without");
        }
    }
}

/* What is no name but ends in a path, or looks like one. */
static void test_other_texts_that_climb(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"../nes\"", "system: " },
        { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes/..\"", "system: " },
        { HEAD "\"pad\": {\"buttons\": {\"../A\": \"a\"}}", "pad.buttons" },
        { HEAD "\"pad\": {\"buttons\": {\"A\": \"../a\"}}", "pad.buttons" },
        { HEAD "\"pad\": {\"classes\": {\"../P\": [\"A\"]}}", "pad.classes" },
        { HEAD ACTIONS ", \"starts\": {\"s\": [\"{5}\"]}, \"default_start\": \"../s\"",
          "default_start: " },
        { HEAD "\"hashes\": [{\"sha1\": \"../../../../../../../../../../../../..x\"}]",
          "hashes[0].sha1: " },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char text[512];
        snprintf(text, sizeof text, "%s}", rows[r].text);
        expect_text_refusal(text, rows[r].why);
    }
}

/* ---- real presets, damaged ---- */

static char *kumite(size_t *num_bytes)
{
    uint8_t *bytes;
    why_t why;
    if (!files_read("presets/library/nes/Kumite.kata.json", 1 << 20, &bytes, num_bytes, why))
        fail_msg("%s", why);
    while (*num_bytes && bytes[*num_bytes - 1] == '\n') --*num_bytes;
    return (char *)bytes;
}

static void test_cut_short_at_every_byte(void **state)
{
    (void)state;
    size_t num_bytes;
    char *text = kumite(&num_bytes);
    for (size_t length = 0; length < num_bytes; length++) {
        why_t why = "";
        preset_t *preset;
        char *copy = malloc(length ? length : 1); /* so that a read past the end is seen */
        memcpy(copy, text, length);
        if (preset_parse(&preset, copy, length, "cut", why)) fail_msg("accepted %zu bytes", length);
        assert_non_null(strstr(why, "cut: line "));
        free(copy);
    }
    free(text);
}

/* Everything that a caller might ask of a preset that was accepted. */
static void use(const preset_t *preset)
{
    int64_t values[PRESET_MAX_VARIABLES] = { 0 }, before[PRESET_MAX_VARIABLES] = { 0 };
    const uint8_t bytes[PRESET_VARIABLE_BYTES] = {
        255, 254, 253, 252, 251, 250, 249, 248, 247, 246
    };
    for (int32_t v = 0; v < preset_num_variables(preset); v++) {
        assert_in_range(preset_variable(preset, v)->num_bytes, 1, PRESET_VARIABLE_BYTES);
        values[v] = preset_decode(preset, v, bytes);
    }
    (void)preset_reward(preset, 0, before, values);
    (void)preset_done(preset, 0, before, values);
    (void)preset_result(preset, 0, before, values);
    (void)preset_faces_left(preset, 0, values);
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const macro_t *macro = &preset_action(preset, a)->macro;
        assert_in_range(macro->num_frames, 1, MACRO_MAX_FRAMES);
        for (int32_t f = 0; f < macro->num_frames; f++) (void)macro_pad_at(macro, f, true);
    }
    for (int32_t s = 0; s < preset_num_starts(preset); s++)
        for (int32_t i = 0; i < preset_num_boot_steps(preset, s); i++) {
            const preset_boot_step_t *step = preset_boot_step(preset, s, i);
            assert_true(step->port < (uint32_t)preset_num_ports(preset));
            if (step->kind == PRESET_BOOT_UNTIL)
                (void)preset_condition(preset, step->condition, before, values);
        }
    assert_in_range(preset_default_start(preset), 0, PRESET_MAX_STARTS - 1);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void test_random_damage(void **state)
{
    (void)state;
    static const char pieces[] = "{}[]\",:0123456789-.eE+\\u/ntrue \x80\xFF{}6[]*()";
    size_t num_bytes;
    char *text = kumite(&num_bytes), *copy = malloc(num_bytes);
    uint32_t seed = 1234567;
    int32_t num_accepted = 0;
    for (int32_t round = 0; round < 10000; round++) {
        memcpy(copy, text, num_bytes);
        const uint32_t num_changes = 1 + next_random(&seed) % 3;
        for (uint32_t c = 0; c < num_changes; c++)
            copy[next_random(&seed) % num_bytes] = pieces[next_random(&seed) % (sizeof pieces - 1)];
        why_t why = "";
        preset_t *preset;
        if (preset_parse(&preset, copy, num_bytes, "damaged", why)) {
            use(preset);
            num_accepted++;
        } else {
            assert_int_equal(strncmp(why, "damaged: ", 9), 0);
        }
        preset_free(preset);
    }
    assert_true(num_accepted > 100); /* names and numbers may change: the loop must see both */
    free(copy);
    free(text);
}

/* ---- memory that runs out: the n-th allocation of ours fails, for each n ---- */

static int32_t allocations_left = -1; /* -1: no limit */
static bool denied;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static bool may_allocate(void)
{
    if (allocations_left < 0) return true;
    if (allocations_left-- > 0) return true;
    denied = true; /* this one only: the next may work, and must not hide it */
    return false;
}

void *__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
    return may_allocate() ? __real_realloc(old, size) : NULL;
}

char *__wrap_strdup(const char *text)
{
    return may_allocate() ? __real_strdup(text) : NULL;
}

static void test_no_memory(void **state)
{
    (void)state;
    static const char text[] =
        HEAD ACTIONS ", \"starts\": {\"a\": [\"START\", \"{5}\"], \"b\": [\"repeat 3: START\"]},"
                     " \"similarity\": {\"rows\": [\"5\", \"6\"], \"upper\": [[0.5]]}}";
    int32_t n = 0;
    for (;; n++) {
        why_t why = "";
        preset_t *preset;
        allocations_left = n;
        denied = false;
        const bool ok = preset_parse(&preset, text, strlen(text), "poor", why);
        allocations_left = -1;
        preset_free(preset);
        assert_int_equal(ok, !denied);
        if (ok) break;
        assert_non_null(strstr(why, "no memory"));
    }
    assert_true(n > 10);
}

int main(void)
{
    /* Through our wrappers, so that the test of memory running out meets cJSON, too. */
    cJSON_Hooks hooks = { .malloc_fn = __wrap_malloc, .free_fn = free };
    cJSON_InitHooks(&hooks);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_big),
        cmocka_unit_test(test_a_million_macros),
        cmocka_unit_test(test_addresses_out_of_range),
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_numbers_that_are_none),
        cmocka_unit_test(test_keys_twice),
        cmocka_unit_test(test_utf8_traps),
        cmocka_unit_test(test_names_that_climb),
        cmocka_unit_test(test_other_texts_that_climb),
        cmocka_unit_test(test_cut_short_at_every_byte),
        cmocka_unit_test(test_random_damage),
        cmocka_unit_test(test_no_memory),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    print_message("slowest refusal: %.1f ms (%s)\n", slowest_ms, slowest);
    return failed;
}
