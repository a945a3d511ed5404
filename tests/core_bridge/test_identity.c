/* test_identity.c - digests against published vectors; header rules against built files. */
#define _GNU_SOURCE
#include "setup.h"

#include "digest.h"
#include "identity.h"

static void hex(char *out, const uint8_t *bytes, size_t num_bytes)
{
    for (size_t i = 0; i < num_bytes; i++) sprintf(out + 2 * i, "%02x", bytes[i]);
}

static void expect_digests(const void *bytes, size_t num_bytes, const char *sha1, const char *md5,
                           uint32_t crc32)
{
    uint8_t raw[20];
    char text[41];
    digest_sha1(bytes, num_bytes, raw);
    hex(text, raw, 20);
    assert_string_equal(text, sha1);
    digest_md5(bytes, num_bytes, raw);
    hex(text, raw, 16);
    assert_string_equal(text, md5);
    assert_int_equal(digest_crc32(bytes, num_bytes), crc32);
    for (size_t cut = 0; cut <= num_bytes; cut += 1 + num_bytes / 100) /* in two parts */
        assert_int_equal(digest_crc32_more(digest_crc32(bytes, cut), (const uint8_t *)bytes + cut,
                                           num_bytes - cut),
                         crc32);
}

/* FIPS 180-4 examples, RFC 1321 appendix A.5, the check value of CRC-32/ISO-HDLC. */
static void test_published_vectors(void **state)
{
    (void)state;
    static uint8_t million[1000000];
    memset(million, 'a', sizeof million);
    expect_digests("", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                   "d41d8cd98f00b204e9800998ecf8427e", 0);
    expect_digests("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d",
                   "900150983cd24fb0d6963f7d28e17f72", 0x352441c2);
    expect_digests("123456789", 9, "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
                   "25f9e794323b453885f5181f1b624d0b", 0xcbf43926);
    expect_digests("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                   "84983e441c3bd26ebaae4aa1f95129e5e54670f1", "8215ef0796a20bcaaae116d3876c664a",
                   0x171a3f5f);
    expect_digests(
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890", 80,
        "50abf5706a150990a08b2c5ea40fa0e585554732", "57edf4a22be3c955ac49da2e2107b67a", 0x7ca94a72);
    expect_digests(million, sizeof million, "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
                   "7707d6ae4e027c70eea2a935c2296f21", 0xdc25bfbc);
}

/* The padding's turning points: 55, 56, 63, 64, 119, 120 bytes. Golden values from Python's
 * hashlib. */
static void test_lengths_around_a_block(void **state)
{
    (void)state;
    uint8_t bytes[128];
    for (int i = 0; i < 128; i++) bytes[i] = (uint8_t)(i * 7);
    static const struct {
        size_t length;
        const char *sha1, *md5;
        uint32_t crc32;
    } golden[] = {
        { 55, "aecd1643c9903b9bae8cb94f53c50f8a4e18605b", "8d24280288a696559fd8d5aa1b6d8c6e",
          0xd551cbc6 },
        { 56, "f5d65c621c02cc8e785159feff8088e3072da1bc", "ef2c72b7254c92459e498eddd4ace573",
          0x3a6f6a75 },
        { 63, "4952f0fe097e4d6410ae9eab4855aa836caf3bff", "c4c8c6d513f4e1604eb18508a1769364",
          0xfd395ff8 },
        { 64, "1e17ae1fc093e5daca033553c97a5192ca164486", "a2fcb39a253b9b785b1f97518fa37683",
          0xd324a7d4 },
        { 119, "b4a4e69060d0b1e7e8ebbf7041a4211c63438b57", "1640deea49ebb258ec6ede18d4b2d2d7",
          0x638e720e },
        { 120, "b651390c2996406336a3f6647e4b590c18cdd6f8", "05f879f7b542a7ebf0605adff67d4423",
          0x34023dfe },
        { 127, "374f47c1c8d4700fc2588e71f6d1e861b431b5c3", "c774d99f2281f28edc4257944c8871d1",
          0x6442192c },
        { 128, "516846cd40bd1fe431119c3b0a0f362957992ee8", "fe942895e9aae953f3e246e5fd00739d",
          0xc96708ef },
    };
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++)
        expect_digests(bytes, golden[i].length, golden[i].sha1, golden[i].md5, golden[i].crc32);
}

/* A file with `header` bytes in front of a body must be known as the bare body is. */
static void expect_header(const char *extension, const char *system, const uint8_t *file,
                          size_t file_bytes, size_t header)
{
    identity_t whole, bare;
    identity_of(&whole, file, file_bytes, extension);
    identity_of(&bare, file + header, file_bytes - header, "unknown");
    assert_string_equal(whole.system, system);
    assert_int_equal(whole.header_bytes, header);
    assert_int_equal(whole.body_bytes, file_bytes - header);
    assert_string_equal(whole.sha1, bare.file_sha1);
    assert_string_equal(whole.crc32, bare.file_crc32);
    assert_string_equal(whole.md5, bare.md5);
    if (header) {
        assert_string_not_equal(whole.sha1, whole.file_sha1);
        assert_string_not_equal(whole.crc32, whole.file_crc32);
    } else {
        assert_string_equal(whole.sha1, whole.file_sha1);
        assert_string_equal(whole.crc32, whole.file_crc32);
    }
}

static uint8_t file[0x8000 + 512];

static void begin_with(const char *magic, size_t at, size_t length)
{
    for (size_t i = 0; i < sizeof file; i++) file[i] = (uint8_t)(i * 13 + i / 256);
    memcpy(file + at, magic, length);
}

static void test_header_rules(void **state)
{
    (void)state;
    begin_with("NES\x1a", 0, 4);
    expect_header("nes", "nes", file, 16 + 0x6000, 16);
    expect_header(".NES", "nes", file, 16 + 0x6000, 16);
    expect_header("bin", "nes", file, 16 + 0x6000, 16); /* renamed: the magic tells */
    expect_header("sfc", "nes", file, 16 + 0x6000, 16);
    begin_with("FDS\x1a", 0, 4);
    expect_header("fds", "fds", file, 16 + 0x6000, 16);
    begin_with("LYNX", 0, 5);
    expect_header("lnx", "lynx", file, 64 + 0x4000, 64);
    begin_with("ATARI7800", 1, 9);
    expect_header("a78", "atari7800", file, 128 + 0x4000, 128);

    begin_with("", 0, 0); /* no magic: by size and extension */
    expect_header("nes", "nes", file, 0x6000, 0);
    expect_header("sfc", "snes", file, 0x8000, 0);
    expect_header("smc", "snes", file, 0x8000 + 512, 512);
    expect_header("SMC", "snes", file, 0x2000 + 512, 512);
    expect_header("sfc", "snes", file, 0x8000 + 256, 0);
    expect_header("pce", "pce", file, 0x2000, 0);
    expect_header("pce", "pce", file, 0x2000 + 512, 512);
    expect_header("gb", "gb", file, 0x8000 + 512, 0);
    expect_header("gbc", "gbc", file, 0x8000, 0);
    expect_header("gba", "gba", file, 0x400, 0);
    expect_header("md", "genesis", file, 0x8000 + 512, 0);
    expect_header("zzz", "unknown", file, 0x8000 + 512, 0);
    expect_header("", "unknown", file, 100, 0);
    expect_header(NULL, "unknown", file, 100, 0);
}

static void test_files_that_are_too_short(void **state)
{
    (void)state;
    identity_t identity;
    identity_of(&identity, (const uint8_t *)"NES\x1a", 4,
                "nes"); /* all header, and not even that */
    assert_int_equal(identity.header_bytes, 4);
    assert_int_equal(identity.body_bytes, 0);
    assert_string_equal(identity.sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    identity_of(&identity, (const uint8_t *)"NES", 3, "nes");
    assert_int_equal(identity.header_bytes, 0);
    identity_of(&identity, NULL, 0, "pce");
    assert_string_equal(identity.crc32, "00000000");
    assert_string_equal(identity.md5, "d41d8cd98f00b204e9800998ecf8427e");
}

static void test_systems_by_extension(void **state)
{
    (void)state;
    assert_string_equal(identity_system("nes"), "nes");
    assert_string_equal(identity_system(".Sfc"), "snes");
    assert_string_equal(identity_system("PCE"), "pce");
    assert_string_equal(identity_system(""), "unknown");
    assert_string_equal(identity_system("."), "unknown");
    assert_string_equal(identity_system(NULL), "unknown");
    assert_string_equal(identity_system("nesx"), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_vectors),
        cmocka_unit_test(test_lengths_around_a_block),
        cmocka_unit_test(test_header_rules),
        cmocka_unit_test(test_files_that_are_too_short),
        cmocka_unit_test(test_systems_by_extension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
