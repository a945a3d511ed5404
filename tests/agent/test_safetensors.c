/* test_safetensors.c - written files read back; strangers' files are read or refused, never
 * trusted. */
#include "safetensors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"
#include "why.h"

static char folder[256], path[512];

static int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/safetensors-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

/* Header text and num_data bytes behind it; length < 0: the header's own. */
static void put_file(const char *header, int64_t length, size_t num_data)
{
    const size_t header_bytes = strlen(header), num_bytes = 8 + header_bytes + num_data;
    uint8_t *bytes = calloc(1, num_bytes + 1);
    const uint64_t claimed = length < 0 ? header_bytes : (uint64_t)length;
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(claimed >> (8 * i));
    memcpy(bytes + 8, header, header_bytes);
    assert_true(files_replace(path, bytes, num_bytes, NULL));
    free(bytes);
}

static void expect_refused(const char *header, size_t num_data, const char *sentence)
{
    why_t why = "";
    safetensors_t file;
    put_file(header, -1, num_data);
    assert_int_equal(safetensors_open(&file, path, 1 << 24, why), AGENT_BAD_FILE);
    if (!strstr(why, sentence))
        fail_msg("%.60s: expected \"%s\", found \"%s\"", header, sentence, why);
    assert_int_equal(file.fd, -1);
    assert_null(file.json);
}

static const float weights[6] = { 1, 2, 3, 4, 5, 6 };
static const uint8_t bytes3[3] = { 7, 8, 9 };

static agent_status_t write_sample(char *why)
{
    const safetensors_tensor_t tensors[] = {
        { "a.w", "F32", 2, { 2, 3 }, weights, sizeof weights, 0 },
        { "empty", "F32", 1, { 0 }, weights, 0, 0 },
        { "b\"\n", "U8", 1, { 3 }, bytes3, 3, 0 },
    };
    const safetensors_text_t texts[] = { { "note", "\xc3\xa4 \"quoted\"\n" }, { "k", "" } };
    return safetensors_write(path, tensors, 3, texts, 2, why);
}

static void test_what_was_written_is_read_back(void **state)
{
    (void)state;
    why_t why;
    safetensors_t file;
    assert_int_equal(write_sample(why), AGENT_OK);
    assert_int_equal(safetensors_open(&file, path, 1 << 20, why), AGENT_OK);
    assert_int_equal(file.num_tensors, 3);
    const safetensors_tensor_t *a = safetensors_find(&file, "a.w");
    assert_non_null(a);
    assert_string_equal(a->dtype, "F32");
    assert_int_equal(a->num_dims, 2);
    assert_int_equal(a->dims[0], 2);
    assert_int_equal(a->dims[1], 3);
    float read_weights[6];
    uint8_t read_bytes3[3];
    assert_int_equal(a->num_bytes, sizeof weights);
    assert_int_equal(safetensors_read(&file, a, read_weights, path, why), AGENT_OK);
    assert_memory_equal(read_weights, weights, sizeof weights);
    const safetensors_tensor_t *b = safetensors_find(&file, "b\"\n");
    assert_non_null(b);
    assert_int_equal(b->num_bytes, 3);
    assert_int_equal(safetensors_read(&file, b, read_bytes3, path, why), AGENT_OK);
    assert_memory_equal(read_bytes3, bytes3, 3);
    assert_int_equal(safetensors_find(&file, "empty")->num_bytes, 0);
    assert_null(safetensors_find(&file, "nothing"));
    assert_string_equal(safetensors_text(&file, "note"), "\xc3\xa4 \"quoted\"\n");
    assert_null(safetensors_text(&file, "nothing"));
    safetensors_free(&file);
}

/* Eight bytes of length, then '{': what the format's own description says. */
static void test_bytes_are_those_of_the_format(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t num_bytes;
    assert_int_equal(write_sample(NULL), AGENT_OK);
    assert_true(files_read(path, 1 << 20, &bytes, &num_bytes, NULL));
    const size_t length = bytes[0] + 256u * bytes[1];
    assert_int_equal(length % 8, 0);
    assert_int_equal(num_bytes, 8 + length + sizeof weights + 3);
    assert_int_equal(bytes[8], '{');
    assert_memory_equal(bytes + 8 + length, weights, sizeof weights);
    assert_non_null(strstr((char *)bytes + 8, "\"a.w\":{\"dtype\":\"F32\",\"shape\":[2,3],"
                                              "\"data_offsets\":[0,24]}"));
    free(bytes);
}

static void test_hostile_headers_are_refused_with_a_sentence(void **state)
{
    (void)state;
    expect_refused("", 0, "too short");
    expect_refused("[]", 0, "not flat JSON");
    expect_refused("{\"a\":", 8, "not flat JSON");
    expect_refused("{\"a\" 1}", 8, "not JSON");
    expect_refused("{\"a\":1}", 8, "not an object of distinct fields");
    expect_refused("{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}", 8, "not flat JSON"); /* too deep */
    expect_refused("{\"a\":{},\"a\":{}}", 8, "names something twice");
#define TENSOR(dtype, shape, offsets)                                                              \
    "{\"a\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
    expect_refused(TENSOR("\"F33\"", "[1]", "[0,4]"), 8, "unknown \"dtype\"");
    expect_refused(TENSOR("3", "[1]", "[0,4]"), 8, "unknown \"dtype\"");
    expect_refused(TENSOR("\"F32\"", "1", "[0,4]"), 8, "no \"shape\"");
    expect_refused(TENSOR("\"F32\"", "[1,1,1,1,1]", "[0,4]"), 8, "more than 4 dimensions");
    expect_refused(TENSOR("\"F32\"", "[-1]", "[0,4]"), 8, "not of whole numbers");
    expect_refused(TENSOR("\"F32\"", "[0.5]", "[0,2]"), 8, "not of whole numbers");
    expect_refused(TENSOR("\"F32\"", "[1e300]", "[0,4]"), 8, "not of whole numbers");
    expect_refused(TENSOR("\"F32\"", "[4294967296,4294967296]", "[0,0]"), 8,
                   "larger than the file");
    expect_refused(TENSOR("\"F32\"", "[2305843009213693952,8]", "[0,0]"), 8, "whole numbers");
    expect_refused(TENSOR("\"F32\"", "[1]", "[0]"), 8, "two \"data_offsets\"");
    expect_refused(TENSOR("\"F32\"", "[1]", "[0,4,8]"), 8, "two \"data_offsets\"");
    expect_refused(TENSOR("\"F32\"", "[1]", "[-4,0]"), 8, "two \"data_offsets\"");
    expect_refused(TENSOR("\"F32\"", "[1]", "[4,0]"), 8, "outside of the file");
    expect_refused(TENSOR("\"F32\"", "[1]", "[8,12]"), 8, "outside of the file");
    expect_refused(TENSOR("\"F32\"", "[1]", "[0,8]"), 8, "do not fit its shape");
    expect_refused("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 8, "distinct fields");
    expect_refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                   "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[3,7]}}",
                   8, "overlaps another");
    expect_refused("{\"__metadata__\":{\"a\":1}}", 8, "not all text");
    expect_refused("{\"__metadata__\":[]}", 8, "not an object");
    expect_refused("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 8, "distinct texts");
}

/* A name is quoted in the sentence; what a terminal would obey is not. */
static void test_names_that_a_terminal_would_obey(void **state)
{
    (void)state;
    why_t why = "";
    safetensors_t file;
    put_file("{\"\\u001b[2J\\u007f\\nname\":{\"dtype\":\"X\"}}", -1, 0);
    assert_int_equal(safetensors_open(&file, path, 1 << 20, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "tensor \"?[2J??name\" has an unknown"));
}

static void test_lengths_that_lie_are_refused(void **state)
{
    (void)state;
    const int64_t lengths[] = { 0, 1, 9, 1 << 20, (1 << 20) + 1, INT64_MAX, INT64_MIN, -2 };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        safetensors_t file;
        put_file("{}      ", 0, 100);
        uint8_t *bytes;
        size_t num_bytes;
        assert_true(files_read(path, 1 << 20, &bytes, &num_bytes, NULL));
        for (int k = 0; k < 8; k++) bytes[k] = (uint8_t)((uint64_t)lengths[i] >> (8 * k));
        assert_true(files_replace(path, bytes, num_bytes, NULL));
        free(bytes);
        assert_int_equal(safetensors_open(&file, path, 1 << 20, NULL), AGENT_BAD_FILE);
    }
    safetensors_t file; /* and the same bytes with the true length are fine */
    put_file("{}      ", 8, 100);
    assert_int_equal(safetensors_open(&file, path, 1 << 20, NULL), AGENT_OK);
    safetensors_free(&file);
}

static void test_floods_are_refused_before_they_are_parsed(void **state)
{
    (void)state;
    char *text = malloc(900001);
    memset(text, '[', 900000);
    text[900000] = '\0';
    text[0] = '{';
    expect_refused(text, 0, "not flat JSON");
    for (int i = 1; i < 900000; i++) text[i] = i % 2 ? '1' : ',';
    text[899999] = '}';
    expect_refused(text, 0, "not flat JSON");
    /* 513 tensors. */
    size_t at = 0;
    at += (size_t)sprintf(text, "{");
    for (int i = 0; i < 513; i++)
        at += (size_t)sprintf(text + at,
                              "%s\"t%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
                              i ? "," : "", i);
    sprintf(text + at, "}");
    expect_refused(text, 0, "more than 512");
    free(text);
}

static void test_every_cut_and_every_flipped_bit_is_survived(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t num_bytes;
    assert_int_equal(write_sample(NULL), AGENT_OK);
    assert_true(files_read(path, 1 << 20, &bytes, &num_bytes, NULL));
    safetensors_t file;
    for (size_t cut = 0; cut < num_bytes; cut++) {
        assert_true(files_replace(path, bytes, cut, NULL));
        assert_int_equal(safetensors_open(&file, path, 1 << 20, NULL), AGENT_BAD_FILE);
    }
    int32_t refused = 0;
    assert_true(files_replace(path, bytes, num_bytes, NULL));
    FILE *patch = fopen(path, "r+b"); /* in place: thousands of syncs take a while */
    for (size_t bit = 0; bit < 8 * (num_bytes - sizeof weights - 3); bit++) {
        const uint8_t flipped = bytes[bit / 8] ^ (uint8_t)(1u << (bit % 8));
        fseek(patch, (long)(bit / 8), SEEK_SET);
        fwrite(&flipped, 1, 1, patch);
        fflush(patch);
        why_t why = "";
        if (safetensors_open(&file, path, 1 << 20, why) == AGENT_OK) {
            for (int32_t t = 0; t < file.num_tensors; t++) {
                const safetensors_tensor_t *tensor = &file.tensors[t];
                assert_true(tensor->offset >= 8 && tensor->offset <= num_bytes);
                assert_true(tensor->num_bytes <= num_bytes - tensor->offset);
            }
            safetensors_free(&file);
        } else {
            assert_true(why[0] != '\0');
            refused++;
        }
        fseek(patch, (long)(bit / 8), SEEK_SET);
        fwrite(&bytes[bit / 8], 1, 1, patch);
        fflush(patch);
    }
    fclose(patch);
    assert_true(refused > 500);
    free(bytes);
}

/* The file is open between its header and its tensors: somebody may replace it, which harms
 * nothing, or cut it in place, which is refused. */
static void test_a_file_that_changes_while_it_is_open(void **state)
{
    (void)state;
    why_t why = "";
    safetensors_t file;
    float values[6];
    assert_int_equal(write_sample(NULL), AGENT_OK);
    assert_int_equal(safetensors_open(&file, path, 1 << 20, why), AGENT_OK);
    assert_true(files_replace(path, "other", 5, NULL));
    const safetensors_tensor_t *a = safetensors_find(&file, "a.w");
    assert_int_equal(safetensors_read(&file, a, values, path, why), AGENT_OK);
    assert_memory_equal(values, weights, sizeof weights);
    safetensors_free(&file);

    assert_int_equal(write_sample(NULL), AGENT_OK);
    assert_int_equal(safetensors_open(&file, path, 1 << 20, why), AGENT_OK);
    a = safetensors_find(&file, "a.w");
    assert_int_equal(truncate(path, (off_t)(a->offset + 8)), 0);
    assert_int_equal(safetensors_read(&file, a, values, path, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "24 bytes expected, 8 could be read"));
    safetensors_free(&file);
    safetensors_free(&file); /* as often as one likes */
}

/* What is handed over may be less than the file, never less than the header. */
static void test_a_header_is_parsed_without_its_tensors(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t num_bytes;
    safetensors_t file;
    why_t why = "";
    assert_int_equal(write_sample(NULL), AGENT_OK);
    assert_true(files_read(path, 1 << 20, &bytes, &num_bytes, NULL));
    const size_t head_bytes = 8 + bytes[0] + 256u * bytes[1];
    assert_int_equal(safetensors_parse(&file, bytes, head_bytes, num_bytes, path, why), AGENT_OK);
    assert_int_equal(safetensors_find(&file, "a.w")->offset, head_bytes);
    safetensors_free(&file);
    assert_int_equal(safetensors_parse(&file, bytes, head_bytes - 1, num_bytes, path, why),
                     AGENT_BAD_FILE);
    assert_non_null(strstr(why, "cut off in its header"));
    assert_int_equal(safetensors_parse(&file, bytes, head_bytes, num_bytes - 1, path, why),
                     AGENT_BAD_FILE);
    assert_non_null(strstr(why, "outside of the file"));
    free(bytes);
}

static void test_other_peoples_files_are_refused(void **state)
{
    (void)state;
    const char *const contents[] = { "\x89PNG\r\n\x1a\n0000000000000000",
                                     "PK\x03\x04"
                                     "00000000000000",
                                     "NES\x1a\x02\x01"
                                     "0000000000000000000",
                                     "{\"schema\": \"kata-preset/1\"}" };
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        safetensors_t file;
        assert_true(files_replace(path, contents[i], strlen(contents[i]), NULL));
        assert_int_equal(safetensors_open(&file, path, 1 << 20, NULL), AGENT_BAD_FILE);
    }
    why_t why;
    safetensors_t file;
    assert_int_equal(safetensors_open(&file, folder, 1 << 20, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "not a regular file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_written_is_read_back),
        cmocka_unit_test(test_bytes_are_those_of_the_format),
        cmocka_unit_test(test_hostile_headers_are_refused_with_a_sentence),
        cmocka_unit_test(test_names_that_a_terminal_would_obey),
        cmocka_unit_test(test_lengths_that_lie_are_refused),
        cmocka_unit_test(test_floods_are_refused_before_they_are_parsed),
        cmocka_unit_test(test_every_cut_and_every_flipped_bit_is_survived),
        cmocka_unit_test(test_a_file_that_changes_while_it_is_open),
        cmocka_unit_test(test_a_header_is_parsed_without_its_tensors),
        cmocka_unit_test(test_other_peoples_files_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
