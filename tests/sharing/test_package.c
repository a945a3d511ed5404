/* test_package.c - what goes into a package comes out; what a stranger may have done to one is
 * refused with a sentence. */
#include "package.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <zip.h>

#include <cmocka.h>

#include "digest.h"
#include "files.h"
#include "package_parts.h"
#include "parcel.h"

#define MANIFEST(middle) "{\"format\":\"kata-package\",\"version\":1,\"name\":\"a\"," middle "}"
#define GAME "\"game\":{\"name\":\"T\",\"system\":\"nes\",\"sha1\":\"" PARCEL_SHA1 "\"}"
#define PART(name)                                                                                 \
    "{\"name\":\"" name "\",\"bytes\":1,\"sha256\":"                                               \
    "\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\"}"
#define AGENT "\"agent\":{\"decisions\":1,\"updates\":1}"

static void expect_refused(const uint8_t *bytes, size_t num_bytes, const char *part_of_why)
{
    package_t package;
    why_t why = "";
    if (package_parse(&package, bytes, num_bytes, "evil", why))
        fail_msg("accepted; should say %s", part_of_why);
    if (strncmp(why, "evil: ", 6) != 0 || !strstr(why, part_of_why))
        fail_msg("said \"%s\", not \"%s\"", why, part_of_why);
    for (const char *c = why; *c; c++) assert_true((unsigned char)*c >= 0x20 && *c != 0x7F);
    assert_true(package.num_parts == 0 && !package.manifest);
}

static void test_what_goes_in_comes_out(void **state)
{
    (void)state;
    package_t made, back;
    uint8_t *bytes, *again;
    size_t num_bytes, again_bytes;
    why_t why = "";
    parcel_make(&made, "ryu", parcel_preset, PARCEL_GOOD);
    made.training.decisions = 123456789012;
    made.training.is_half = true;
    strcpy(made.training.core, "nestopia");
    parcel_bytes(&made, &bytes, &num_bytes);
    parcel_bytes(&made, &again, &again_bytes);
    assert_int_equal(num_bytes, again_bytes); /* no time, no order of chance */
    assert_memory_equal(bytes, again, num_bytes);
    if (!package_parse(&back, bytes, num_bytes, "ryu.kata", why)) fail_msg("%s", why);
    assert_string_equal(back.name, "ryu");
    assert_string_equal(back.game, "Tryout");
    assert_string_equal(back.sha1, PARCEL_SHA1);
    assert_memory_equal(&back.training, &made.training, sizeof back.training);
    assert_int_equal(back.num_parts, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(back.parts[i].name, made.parts[i].name);
        assert_int_equal(back.parts[i].num_bytes, made.parts[i].num_bytes);
        assert_memory_equal(back.parts[i].bytes, made.parts[i].bytes, made.parts[i].num_bytes);
    }
    package_free(&back);
    package_free(&made);
    free(bytes);
    free(again);
}

static void test_a_cut_or_altered_file_is_refused_or_the_same(void **state)
{
    (void)state;
    package_t made;
    uint8_t *bytes;
    size_t num_bytes;
    why_t why;
    parcel_make(&made, "ryu", parcel_preset, PARCEL_GOOD);
    parcel_bytes(&made, &bytes, &num_bytes);
    for (int i = 0; i < 64; i++)
        expect_refused(bytes, num_bytes * (size_t)i / 64, i ? "not a whole .kata file" : "");
    int refused = 0;
    const size_t edge = 2500; /* both ends hold what is not weights */
    for (size_t k = 0; k < 2 * edge; k += 7) {
        const size_t at = k < edge ? k : num_bytes - 2 * edge + k;
        package_t back;
        bytes[at] ^= 0x41;
        if (package_parse(&back, bytes, num_bytes, "evil", why)) {
            for (int p = 0; p < back.num_parts; p++)
                assert_memory_equal(back.parts[p].bytes, made.parts[p].bytes,
                                    made.parts[p].num_bytes);
            package_free(&back);
        } else {
            assert_int_equal(strncmp(why, "evil: ", 6), 0);
            refused++;
        }
        bytes[at] ^= 0x41;
    }
    assert_true(refused > 300);
    package_free(&made);
    free(bytes);
}

static void test_members_that_no_package_has_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "../evil.json",
        "/etc/passwd",
        "recordings/../../x.kata-recording",
        "recordings/a/b.kata-recording",
        "recordings/.kata-recording",
        "recordings/a.exe",
        "recordings/",
        "league/../league.json",
        "league/7.safetensors",
        "league/00007.safetensors",
        "league/0007.safetensors/x",
        "league/",
        "a.state",
        "C:\\x",
        "evil\n.json",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *const members[][2] = { { PACKAGE_MANIFEST, "{}" },
                                           { names[i], "x" },
                                           { NULL, NULL } };
        uint8_t *bytes;
        size_t num_bytes;
        parcel_zip(members, &bytes, &num_bytes);
        expect_refused(bytes, num_bytes, "and nothing else");
        free(bytes);
    }
}

/* A few kilobytes that would unpack to more than is allowed. */
static void test_bombs_are_refused_before_they_are_unpacked(void **state)
{
    (void)state;
    const size_t large = (size_t)5 << 20;
    const char *lying =
        MANIFEST(GAME ",\"parts\":[{\"name\":\"preset.json\",\"bytes\":16,\"sha256\":"
                      "\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\"}]");
    char *zeros = malloc(large + 1);
    uint8_t *bytes;
    size_t num_bytes;
    memset(zeros, ' ', large);
    zeros[large] = '\0';
    const char *const members[][2] = { { PACKAGE_MANIFEST, lying },
                                       { PACKAGE_PRESET, zeros },
                                       { NULL, NULL } };
    parcel_zip(members, &bytes, &num_bytes);
    assert_true(num_bytes < 20000);
    expect_refused(bytes, num_bytes, "preset.json would unpack to 5242880 bytes, at most 4194304");
    /* One that lies about it: the sizes say 16, in both headers. */
    for (size_t i = 0; i + 4 <= num_bytes; i++)
        if (memcmp(bytes + i, "\0\0P\0", 4) == 0) memcpy(bytes + i, "\20\0\0\0", 4);
    expect_refused(bytes, num_bytes, "preset.json in it is damaged");
    const char *const with_manifest[][2] = { { PACKAGE_MANIFEST, zeros + large - 70000 },
                                             { NULL, NULL } };
    free(bytes);
    parcel_zip(with_manifest, &bytes, &num_bytes);
    expect_refused(bytes, num_bytes, "manifest.json would unpack to 70000 bytes, at most 65536");
    free(bytes);
    free(zeros);
}

static void test_too_many_members_and_too_large_files_are_refused(void **state)
{
    (void)state;
    static char names[PACKAGE_MAX_PARTS + 2][40];
    const char *filled[PACKAGE_MAX_PARTS + 3][2] = { { NULL, NULL } };
    uint8_t *bytes;
    size_t num_bytes;
    for (int i = 0; i < PACKAGE_MAX_PARTS + 2; i++) {
        snprintf(names[i], sizeof names[i], "recordings/%d.kata-recording", i);
        filled[i][0] = names[i];
        filled[i][1] = "x";
    }
    parcel_zip((const char *const(*)[2])filled, &bytes, &num_bytes);
    expect_refused(bytes, num_bytes, "a package has 1 to 71 members, found 72");
    free(bytes);

    char path[512];
    why_t why = "";
    package_t package;
    snprintf(path, sizeof path, "%s/large.kata", parcel_folder);
    assert_true(files_replace(path, "PK", 2, NULL));
    assert_int_equal(truncate(path, (off_t)PACKAGE_MAX_FILE_BYTES + 1), 0);
    assert_false(package_read(&package, path, why));
    assert_non_null(strstr(why, "large.kata"));
    assert_false(package_peek(&package, path, why));
    unlink(path);
}

static void expect_manifest(const char *manifest, const char *part_of_why)
{
    const char *const members[][2] = { { PACKAGE_MANIFEST, manifest },
                                       { PACKAGE_PRESET, "x" },
                                       { NULL, NULL } };
    uint8_t *bytes;
    size_t num_bytes;
    parcel_zip(members, &bytes, &num_bytes);
    expect_refused(bytes, num_bytes, part_of_why);
    free(bytes);
}

static void test_manifests_that_are_wrong_are_refused(void **state)
{
    (void)state;
    expect_manifest("[]", "manifest.json");
    expect_manifest("{\"format\":\"kata\"}", "\"format\" must be \"kata-package\"");
    expect_manifest("{\"format\":\"kata-package\",\"version\":2,\"name\":\"a\"}", "version");
    expect_manifest("{\"format\":\"kata-package\",\"version\":1,\"name\":\"../a\"}",
                    "\"name\" must be");
    expect_manifest("{\"format\":\"kata-package\",\"version\":1,\"name\":\"own\"}",
                    "\"name\" must be");
    expect_manifest(MANIFEST(GAME ",\"parts\":[]"), "parts");
    expect_manifest(MANIFEST(GAME ",\"parts\":[" PART("../x") "]"), "has no part \"../x\"");
    expect_manifest(MANIFEST(GAME ",\"parts\":[" PART("preset.json") "," PART("preset.json") "]"),
                    "twice");
    expect_manifest(MANIFEST(GAME ",\"parts\":[" PART("agent.safetensors") "]"),
                    "lacks preset.json");
    expect_manifest(MANIFEST(GAME "," AGENT ",\"parts\":[" PART("preset.json") "]"),
                    "belong together");
    expect_manifest(MANIFEST("\"game\":{\"name\":\"T\",\"system\":\"nes\"}," AGENT
                             ",\"parts\":[" PART("preset.json") "," PART("agent.safetensors") "]"),
                    "lacks \"sha1\"");
    expect_manifest(MANIFEST("\"game\":{\"name\":\"T\",\"system\":\"../nes\"},\"parts\":[" PART(
                        "preset.json") "]"),
                    "lower-case letters");
    expect_manifest(MANIFEST("\"game\":{\"name\":\"a/b\",\"system\":\"nes\"},\"parts\":[" PART(
                        "preset.json") "]"),
                    "name");
    expect_manifest(MANIFEST(GAME ",\"parts\":[" PART("preset.json") "," PART(
                        "recordings/1.kata-recording") "]"),
                    "alone");
    expect_manifest(
        MANIFEST(GAME ",\"parts\":[{\"name\":\"preset.json\",\"bytes\":1,\"sha256\":\"00\"}]"),
        "must be 64 digits");
    /* The same that is right, but for its size or what is in it. */
    const char *good = MANIFEST(GAME ",\"parts\":[" PART("preset.json") "]");
    const char *const members[][2] = { { PACKAGE_MANIFEST, good },
                                       { PACKAGE_PRESET, "x" },
                                       { NULL, NULL } };
    const char *const longer[][2] = { { PACKAGE_MANIFEST, good },
                                      { PACKAGE_PRESET, "xy" },
                                      { NULL, NULL } };
    const char *const other[][2] = { { PACKAGE_MANIFEST, good },
                                     { PACKAGE_PRESET, "y" },
                                     { NULL, NULL } };
    const char *const more[][2] = {
        { PACKAGE_MANIFEST, good }, { PACKAGE_PRESET, "x" }, { PACKAGE_AGENT, "x" }, { NULL, NULL }
    };
    uint8_t *bytes;
    size_t num_bytes;
    package_t package;
    why_t why = "";
    parcel_zip(members, &bytes, &num_bytes);
    if (!package_parse(&package, bytes, num_bytes, "good", why)) fail_msg("%s", why);
    package_free(&package);
    free(bytes);
    parcel_zip(longer, &bytes, &num_bytes);
    expect_refused(bytes, num_bytes, "is not what the manifest says");
    free(bytes);
    parcel_zip(other, &bytes, &num_bytes); /* the zip's own sum is right */
    expect_refused(bytes, num_bytes, "is not what the manifest says");
    free(bytes);
    parcel_zip(more, &bytes, &num_bytes);
    expect_refused(bytes, num_bytes, "holds 2 parts, its manifest lists 1");
    free(bytes);
}

static int32_t allocations_before; /* one fails, the next ones are granted again */

static void *failing_malloc(size_t num_bytes)
{
    return allocations_before-- == 0 ? NULL : malloc(num_bytes);
}

static void test_a_manifest_is_whole_or_none_when_memory_runs_out(void **state)
{
    (void)state;
    package_t package = { .name = "a",
                          .game = "T",
                          .system = "nes",
                          .made_by = "somebody",
                          .has_agent = true,
                          .training = { .decisions = 1, .rating = { .episodes = 2, .won = 1 } },
                          .num_parts = 1 };
    snprintf(package.parts[0].name, sizeof package.parts[0].name, "preset.json");
    char *whole = package_manifest_text(&package);
    assert_non_null(whole);
    cJSON_Hooks hooks = { failing_malloc, free };
    cJSON_InitHooks(&hooks);
    int32_t count = 0;
    for (bool is_over = false; !is_over && count < 1000; count++) {
        allocations_before = count;
        char *text = package_manifest_text(&package);
        is_over = allocations_before >= 0; /* it needed no more than that */
        if (text && strcmp(text, whole) != 0) fail_msg("without number %d: %s", (int)count, text);
        free(text);
    }
    cJSON_InitHooks(NULL);
    assert_in_range(count, 20, 999);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_goes_in_comes_out),
        cmocka_unit_test(test_a_cut_or_altered_file_is_refused_or_the_same),
        cmocka_unit_test(test_members_that_no_package_has_are_refused),
        cmocka_unit_test(test_bombs_are_refused_before_they_are_unpacked),
        cmocka_unit_test(test_too_many_members_and_too_large_files_are_refused),
        cmocka_unit_test(test_manifests_that_are_wrong_are_refused),
        cmocka_unit_test(test_a_manifest_is_whole_or_none_when_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, parcel_setup, NULL);
}
