/* test_digest.c - SHA-256 against FIPS 180-4's examples, and at each length of the last block. */
#include "digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_sha256(const char *text, const char *expected)
{
    char hex[65];
    digest_sha256_hex(text, strlen(text), hex);
    assert_string_equal(hex, expected);
}

static void test_the_standards_examples(void **state)
{
    (void)state;
    expect_sha256("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_sha256("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* The digests of 0 to 199 bytes, one after the other, digested: what `sha256sum` makes of them. */
static void test_each_length_of_the_last_block(void **state)
{
    (void)state;
    uint8_t bytes[200], all[200 * 32];
    char hex[65];
    for (int i = 0; i < 200; i++) bytes[i] = (uint8_t)(i * 7);
    for (size_t n = 0; n < 200; n++) digest_sha256(bytes, n, all + 32 * n);
    digest_sha256_hex(all, sizeof all, hex);
    assert_string_equal(hex, "0a716dcd52ebb45d547cf893c2616d1641ae3c122398e759ddeb1d0698a65c1a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_standards_examples),
        cmocka_unit_test(test_each_length_of_the_last_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
