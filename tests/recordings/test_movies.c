/* test_movies.c - .fm2, .bk2 and RetroArch's replays, made here by hand: what is read from them,
 * and each refusal. */
#include "recording_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <zip.h>

/* ---- .fm2 ---- */

static void read_bk2(const char *header, const char *log);

#define FM2                                                                                        \
    "version 3\nemuVersion 20000\nromFilename My Game\n"                                           \
    "romChecksum base64:ABEiM0RVZneImaq7zN3u/w==\nfourscore 0\nport0 1\nport1 1\nport2 0\n"

static void test_fm2(void **state)
{
    (void)state;
    read_text(FM2 "|0|R......A|........||\n|1|.LDU....|....T...||\n|0|.....SB.|       A||\n");
    assert_int_equal(r.kind, RECORDING_FM2);
    PADS(0, RIGHT | A, LEFT | DOWN | UP, SELECT | B);
    PADS(1, 0, START, A);
    assert_string_equal(r.game, "My Game");
    assert_string_equal(r.system, "nes");
    assert_string_equal(r.md5, "00112233445566778899aabbccddeeff");
    assert_in_range((uint64_t)(r.fps * 10000), 600987, 600988);

    read_text("version 3\nfourscore 1\npalFlag 1\n|0|R.......|L.......|........|.......A||\n");
    assert_int_equal(r.num_ports, 4);
    PADS(0, RIGHT);
    PADS(3, A);
    assert_true(r.fps < 51);

    read_text("version 3\nport0 1\nport1 2\n|0|R.......|050 060 0 0 0||\n");
    PADS(1, 0);
    assert_non_null(strstr(r.note, "light gun of port 2"));
}

/* FCEUX writes the whole path of the ROM; a recording that is passed on must not say whose it is.
 */
static void test_a_game_is_the_last_part_of_a_path(void **state)
{
    (void)state;
    static const struct {
        const char *path, *game;
    } names[] = {
        { "C:\\Users\\ann\\roms\\Some Game (Japan).nes", "Some Game (Japan)" },
        { "/home/ann/roms/Some Game (Japan).NES", "Some Game (Japan)" },
        { "/home/ann/ Some Game.zip", " Some Game" },
        { "C:\\ann\\pack.7z|Some Game.nes", "Some Game" },
        { "..\\roms/Some Game.nes.gz", "Some Game" },
        { "Mr. Game v1.2", "Mr. Game v1.2" },
        { "This / That", "This / That" },
        { "/home/ann/", "" },
        { ".nes", ".nes" },
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "version 3\nromFilename %s\n|0|........|||\n", names[i].path);
        read_text(text);
        assert_string_equal(r.game, names[i].game);
        snprintf(text, sizeof text, "kata-recording 1\nports 1\ngame %s\nsegment\n1 -\nend 1\n",
                 names[i].path);
        read_text(text);
        assert_string_equal(r.game, names[i].game);
        snprintf(text, sizeof text, "GameName %s\n", names[i].path);
        read_bk2(text, "LogKey:#P1 A|\n|A|\n");
        assert_string_equal(r.game, names[i].game);
    }
}

/* A movie that begins at a savestate holds it as one line of base64. */
static void test_fm2_with_long_lines(void **state)
{
    (void)state;
    char *text;
    size_t num_bytes;
    FILE *out = open_memstream(&text, &num_bytes);
    fprintf(out, "version 3\nport0 1\nport1 0\nsubtitle 1 %05000d\nsavestate base64:", 7);
    for (int32_t i = 0; i < 3000; i++) fputs("QUJD", out);
    fputs("\n|0|R.......|||\n|0|.......A|||\n", out);
    fclose(out);
    expect_read(text, num_bytes);
    free(text);
    PADS(0, RIGHT, A);
    assert_string_equal(r.note, "the savestate that it begins at");
    read_text("version 3\nsavestate 0x00\n|0|R.......|||\n");
    assert_string_equal(r.note, "the savestate that it begins at");

    /* What says something must still fit. */
    out = open_memstream(&text, &num_bytes);
    fprintf(out, "version 3\n|0|R.......||%05000d|\n", 7);
    fclose(out);
    expect_refused(text, num_bytes, "line 2: a line must be shorter than 4096 bytes");
    free(text);
}

static void test_refusals_of_fm2(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        { "version 2\n|0|........|||\n", "version must be 3" },
        { "version 3\nbinary 1\nlength 3\n|\x01\x02\x03", "a binary .fm2" },
        { "version 3\nport0 1\n", "without frames" },
        { "version 3\nport0 5\n", "port0 must be 0 to 2" },
        { "version 3\nfourscore x\n", "fourscore must be 0 or 1" },
        { FM2 "|0|.......|........||\n", "a pad must be 8 letters, found 7" },
        { FM2 "|0|.........|........||\n", "a pad must be 8 letters, found 9" },
        { FM2 "|0|........|........||\n|0|....", "line 10: a pad must be 8 letters, found 4" },
        { FM2 "|0|........", "a command and 2 ports" },
        { FM2 "|0|........|........", "must end with |" },
        { FM2 "|", "a command and 2 ports" },
        { "FCM\x1A\x02", "an old FCEU movie" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) refuse_text(bad[i].text, bad[i].says);
}

/* ---- .bk2 ---- */

typedef struct {
    const char *name, *text;
    size_t num_bytes; /* 0: strlen(text) */
} member_t;

static uint8_t *make_zip(const member_t *members, int32_t num_members, size_t *num_bytes)
{
    char path[] = "/tmp/kata-bk2-XXXXXX";
    close(mkstemp(path));
    unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    assert_non_null(zip);
    for (int32_t m = 0; m < num_members; m++) {
        const size_t length = members[m].num_bytes ? members[m].num_bytes : strlen(members[m].text);
        zip_source_t *source = zip_source_buffer(zip, members[m].text, length, 0);
        assert_true(zip_file_add(zip, members[m].name, source, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    FILE *file = fopen(path, "rb");
    fseek(file, 0, SEEK_END);
    *num_bytes = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*num_bytes);
    assert_int_equal(fread(bytes, 1, *num_bytes, file), *num_bytes);
    fclose(file);
    unlink(path);
    return bytes;
}

static void read_bk2(const char *header, const char *log)
{
    const member_t members[] = { { "Header.txt", header, 0 }, { "Input Log.txt", log, 0 } };
    size_t num_bytes;
    uint8_t *bytes = make_zip(members, 2, &num_bytes);
    expect_read(bytes, num_bytes);
    free(bytes);
}

static void refuse_bk2(const char *log, const char *says)
{
    const member_t member = { "Input Log.txt", log, 0 };
    size_t num_bytes;
    uint8_t *bytes = make_zip(&member, 1, &num_bytes);
    expect_refused(bytes, num_bytes, says);
    free(bytes);
}

/* gym-retro and stable-retro write the names over "LogKey:#Reset|Power|#", in any order. */
static void test_bk2_of_retro(void **state)
{
    (void)state;
#define RETRO_HEADER "MovieVersion Retro\nAuthor ?\nSHA1 ?\nCore ?\n"
    read_bk2(RETRO_HEADER "Platform GEN\nGameName Some-Genesis\n",
             "[Input]\nP1 X|P1 B|P1 Start|P1 Up|P1 C|P1 Left|P1 A|\n"
             "|..|.......|\n|..|.B.U...|\n|..|X...C.A|\n[/Input]");
    assert_int_equal(r.num_ports, 1);
    assert_string_equal(r.system, "genesis");
    assert_string_equal(r.game, "Some-Genesis");
    assert_string_equal(r.sha1, "");
    PADS(0, 0, B | UP, L | A | Y);

    read_bk2(RETRO_HEADER "Platform NES\n",
             "[Input]\nP1 A|P1 Right|P1 Start|P2 A|P2 Right|P2 Start|\n"
             "|..|A..|..S|\n|..|.R.|AR.|\n[/Input]");
    assert_int_equal(r.num_ports, 2);
    PADS(0, A, RIGHT);
    PADS(1, START, A | RIGHT);

    read_bk2(RETRO_HEADER "Platform GameBoy\n", "[Input]\nP1 A|P1 Down|\n|..|A.|\n[/Input]");
    assert_string_equal(r.system, "gb");
    PADS(0, A);

    /* it begins at a state of the game's, in the zip */
    const member_t members[] = { { "Header.txt", RETRO_HEADER "Platform NES\n", 0 },
                                 { "Input Log.txt", "[Input]\nP1 A|\n|..|A|\n[/Input]", 0 },
                                 { "Core.bin", "state", 0 } };
    size_t num_bytes;
    uint8_t *bytes = make_zip(members, 3, &num_bytes);
    expect_read(bytes, num_bytes);
    free(bytes);
    PADS(0, A);
    assert_string_equal(r.note, "the savestate that it begins at");
}

/* What BizHawk plays, too: bars elsewhere than in the LogKey, the LogKey again, more than nine
 * players, no LogKey. */
static void test_bk2_as_bizhawk_reads_it(void **state)
{
    (void)state;
    read_bk2("Platform NES\n",
             "LogKey:#Reset|Power|#P1 A|P1 Up|P2 A|P2 Up|\n"
             "|..|AU|..|\n|r.|.U|A.|\nLogKey:#Reset|Power|#P1 A|P1 Up|P2 A|P2 Up|\n"
             "|....|.U|\n");
    PADS(0, A | UP, UP, 0);
    PADS(1, 0, A, UP);

    read_bk2("Platform NES\n", "LogKey:#P1 A|#P10 A|#P8 A|\n|A|A|A|\n|.|A|.|\n");
    assert_int_equal(r.num_ports, 8);
    PADS(0, A, 0);
    PADS(7, A, 0);

    read_bk2("Platform NES\n", "[Input]\n|..|UD......|.......A|\n|r.|..LRSsB.|........|\n");
    assert_int_equal(r.num_ports, 2);
    PADS(0, UP | DOWN, LEFT | RIGHT | START | SELECT | B);
    PADS(1, A, 0);
    read_bk2("Platform GB\n", "|..LR....|\n|......BAP|\n");
    assert_int_equal(r.num_ports, 1);
    PADS(0, LEFT | RIGHT, B | A);
    assert_string_equal(r.note, "letter P");
    read_bk2("Platform GEN\n", "|..|UD..ABCS....|............|\n|..|........XYZM|............|\n");
    PADS(0, UP | DOWN | Y | B | A | START, L | X | R | SELECT);
}

#define SNES_KEY                                                                                   \
    "[Input]\r\nLogKey:#Reset|Power|#P1 Up|P1 Down|P1 Left|P1 Right|P1 Select|P1 Start|P1 Y|P1 B|" \
    "P1 X|P1 A|P1 L|P1 R|#P2 Up|P2 Down|\r\n"

static void test_bk2(void **state)
{
    (void)state;
    read_bk2("MovieVersion BizHawk v2.0\r\nPlatform SNES\r\nGameName Some Game\r\n"
             "SHA1 00112233445566778899AABBCCDDEEFF00112233\r\n",
             SNES_KEY "|..|.D.R..Y.....|..|\r\n|r.|U...sS.BXAlr|.D|\r\n[/Input]\r\n");
    assert_int_equal(r.kind, RECORDING_BK2);
    assert_int_equal(r.num_ports, 2);
    PADS(0, DOWN | RIGHT | Y, UP | SELECT | START | B | X | A | L | R);
    PADS(1, 0, DOWN);
    assert_string_equal(r.game, "Some Game");
    assert_string_equal(r.system, "snes");
    assert_string_equal(r.sha1, "00112233445566778899aabbccddeeff00112233");
    assert_string_equal(r.note, "");

    /* a handheld names no player; Genesis has buttons that a RetroPad calls otherwise */
    read_bk2("Platform GB\n", "LogKey:#Up|Down|Left|Right|Start|Select|B|A|Power|\n|U......A.|\n");
    PADS(0, UP | A);
    read_bk2("Platform GEN\n", "LogKey:#Power|Reset|#P1 A|P1 B|P1 C|P1 X|P1 Y|P1 Z|\n"
                               "|..|A.....|\n|..|.B....|\n|..|..C...|\n|..|...XYZ|\n");
    PADS(0, Y, B, A, L | X | R);
}

static void test_bk2_with_axes_and_strange_controls(void **state)
{
    (void)state;
    read_bk2("Platform N64\n", "LogKey:#Reset|#P1 X Axis|P1 Y Axis|P1 A|P1 DPad U|\n"
                               "|.|    0, -128,A.|\n|.| 127,   0,.U|\n");
    PADS(0, A, 0);
    assert_non_null(strstr(r.note, "P1 X Axis"));
    assert_non_null(strstr(r.note, "P1 DPad U"));
}

static void test_refusals_of_bk2(void **state)
{
    (void)state;
    refuse_bk2(SNES_KEY, "there is no frame");
    refuse_bk2("|..|\n", "has no LogKey, and its letters alone do not say");
    refuse_bk2("LogKey:#Reset|Power|\n|..|\n", "names no button of a pad");
    refuse_bk2("LogKey:#P1 A|\nLogKey:#P1 B|\n", "two LogKeys that differ");
    refuse_bk2("P1 A|P1 B|\n|..|A|\n", "there is nothing for P1 B");
    refuse_bk2("P1 A|\n|..|AB|\n", "more than the LogKey names");
    refuse_bk2("P1 Fire|\n|..|A|\n", "names no button of a pad");
    refuse_bk2("LogKey:#P1 A|P1 B|\n|A|\n", "there is nothing for P1 B");
    refuse_bk2("LogKey:#P1 A|P1 B|\n|A", "there is nothing for P1 B");
    refuse_bk2("LogKey:#P1 A|P1 B|\n|AB\n", "more than the LogKey names");
    refuse_bk2("LogKey:#P1 A|P1 B|\n|ABC|\n", "more than the LogKey names");

    char *key = malloc(4 * 1200);
    strcpy(key, "LogKey:#");
    for (int32_t i = 0; i < 1100; i++) strcat(key, "K|");
    refuse_bk2(key, "at most 1024 controls");
    free(key);

    const member_t other = { "input", "....", 0 };
    size_t num_bytes;
    uint8_t *bytes = make_zip(&other, 1, &num_bytes);
    expect_refused(bytes, num_bytes, "without \"Input Log.txt\"");
    free(bytes);
}

static void test_a_damaged_or_exploding_zip(void **state)
{
    (void)state;
    const member_t member = { "Input Log.txt", SNES_KEY "|..|............|..|\n", 0 };
    size_t num_bytes;
    uint8_t *bytes = make_zip(&member, 1, &num_bytes);
    expect_refused(bytes, num_bytes / 2, "not a whole zip");
    expect_refused(bytes, 4, "not a whole zip");
    bytes[60] ^= 0xFF; /* in the packed text */
    expect_refused(bytes, num_bytes, "damaged");
    free(bytes);

    /* 65 MiB of the same letter are 64 KiB in a zip */
    const size_t huge = RECORDING_FILE_BYTES + 1;
    char *text = malloc(huge);
    memset(text, '|', huge);
    bytes = make_zip(&(member_t){ "Input Log.txt", text, huge }, 1, &num_bytes);
    assert_true(num_bytes < 1 << 20);
    expect_refused(bytes, num_bytes, "at most 67108864 bytes unpacked");
    /* it lies about its size: in the directory, and before the packed bytes */
    for (size_t i = 0; i + 4 <= num_bytes; i++)
        if (memcmp(bytes + i, "\x01\x00\x00\x04", 4) == 0) memcpy(bytes + i, "\x40\x00\x00\x00", 4);
    expect_refused(bytes, num_bytes, "");
    free(bytes);
    bytes = make_zip(&(member_t){ "Header.txt", text, 2 << 20 }, 1, &num_bytes);
    expect_refused(bytes, num_bytes, "Header.txt in the zip must be at most 1048576");
    free(bytes);
    free(text);

    member_t many[300];
    static char names[300][16];
    for (int32_t m = 0; m < 300; m++) {
        snprintf(names[m], sizeof names[m], "%d", m);
        many[m] = (member_t){ names[m], "x", 0 };
    }
    bytes = make_zip(many, 300, &num_bytes);
    expect_refused(bytes, num_bytes, "at most 256 members, found 300");
    free(bytes);
}

/* ---- RetroArch's replay ---- */

static uint8_t file[1024];
static size_t file_bytes;

static void put(uint64_t number, size_t num_bytes)
{
    for (size_t i = 0; i < num_bytes; i++) file[file_bytes++] = (uint8_t)(number >> 8 * i);
}

static void begin_replay(uint32_t version, uint32_t state_bytes)
{
    file_bytes = 0;
    put(0x42535632, 4);
    put(version, 4);
    put(0xCAFE0123, 4);
    put(state_bytes, 4);
    put(99, 8);
    if (version == 2)
        for (int32_t i = 0; i < 4; i++) put(7, 4);
    for (uint32_t i = 0; i < state_bytes; i++) put(0xEE, 1);
}

static void put_answer(uint32_t port, uint32_t device, uint32_t id, uint16_t value)
{
    put(port, 1);
    put(device, 1);
    put(0, 2);
    put(id, 2);
    put(value, 2);
}

static void begin_frame(uint32_t version, uint32_t num_keys, uint32_t num_answers)
{
    if (version == 2) put(12, 4);
    put(num_keys, 1);
    for (uint32_t i = 0; i < num_keys; i++) put(0, 8), put(0, 4);
    put(num_answers, 2);
}

static void make_replay(uint32_t version)
{
    begin_replay(version, 20);
    begin_frame(version, 0, 2); /* masks, as most cores ask */
    put_answer(0, 1, 256, RIGHT | A);
    put_answer(1, 1, 256, 0x8000 | UP);
    put('f', 1);
    begin_frame(version, 2, 3); /* one by one; the mouse is none of ours */
    put_answer(0, 1, 7, 0);
    put_answer(0, 0x101, 6, 1);
    put_answer(0, 2, 0, 1);
    put(version == 2 ? 'C' : 'c', 1);
    if (version == 2)
        put(1, 1), put(1, 1), put(100, 4), put(90, 4), put(5, 4);
    else
        put(5, 8);
    put(0xEEEEEEEEEE, 5);
    begin_frame(version, 0, 0); /* the core did not ask: what was held stays */
    put('f', 1);
}

static void test_replays(void **state)
{
    (void)state;
    for (uint32_t version = 1; version <= 2; version++) {
        make_replay(version);
        expect_read(file, file_bytes);
        assert_int_equal(r.kind, RECORDING_REPLAY);
        assert_int_equal(r.num_ports, 2);
        PADS(0, RIGHT | A, LEFT | A, LEFT | A);
        PADS(1, 0x8000 | UP, 0x8000 | UP, 0x8000 | UP);
        assert_string_equal(r.crc32, "cafe0123");
    }
}

/* Cut off anywhere but between frames, it is refused; so is a size that says more than there is. */
static void test_refusals_of_replays(void **state)
{
    (void)state;
    for (uint32_t version = 1; version <= 2; version++) {
        make_replay(version);
        int32_t num_read = 0;
        for (size_t length = 4; length < file_bytes; length++) {
            recording_t part;
            uint8_t *copy = malloc(length);
            memcpy(copy, file, length);
            num_read += recording_parse(&part, copy, length, "file", why);
            recording_free(&part);
            free(copy);
        }
        assert_int_equal(num_read, 2); /* behind the first and the second frame */
        expect_refused(file, file_bytes - 1, "frame 3: the frame's token must be 1 bytes");
        file[file_bytes - 1] = 'x';
        expect_refused(file, file_bytes, "the token must be 'f', 'c' or 'C', found 0x78");
    }
    begin_replay(0, 0);
    expect_refused(file, file_bytes, "a RetroArch replay of version 0");
    begin_replay(3, 0);
    expect_refused(file, file_bytes, "version must be 1 or 2, found 3");
    begin_replay(1, 0);
    expect_refused(file, file_bytes, "there is no frame");
    begin_replay(1, 0);
    file[15] = 0xFF;
    expect_refused(file, file_bytes, "the first savestate must be 4278190080 bytes");
    begin_replay(1, 0);
    begin_frame(1, 0, 65535);
    expect_refused(file, file_bytes, "the answers must be 524280 bytes, the file has 0 more");
    begin_replay(1, 0);
    begin_frame(1, 0, 1);
    put_answer(8, 1, 256, 1);
    put('f', 1);
    expect_refused(file, file_bytes, "a port must be below 8, found 8");
    begin_replay(1, 0);
    begin_frame(1, 0, 0);
    put('c', 1);
    put(UINT64_MAX, 8);
    expect_refused(file, file_bytes, "a savestate must be 18446744073709551615 bytes");
    expect_refused("BSV1\0\0\0\0\0\0\0\0\0\0\0\0", 16, "an old RetroArch recording (BSV1)");
    expect_refused("1VSB\0\0\0\0\0\0\0\0\0\0\0\0", 16, "an old RetroArch recording (BSV1)");
    expect_refused("#RZIPv1#", 8, "a file that RetroArch compressed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_fm2, forget),
        cmocka_unit_test_teardown(test_a_game_is_the_last_part_of_a_path, forget),
        cmocka_unit_test_teardown(test_fm2_with_long_lines, forget),
        cmocka_unit_test_teardown(test_refusals_of_fm2, forget),
        cmocka_unit_test_teardown(test_bk2, forget),
        cmocka_unit_test_teardown(test_bk2_with_axes_and_strange_controls, forget),
        cmocka_unit_test_teardown(test_bk2_of_retro, forget),
        cmocka_unit_test_teardown(test_bk2_as_bizhawk_reads_it, forget),
        cmocka_unit_test_teardown(test_refusals_of_bk2, forget),
        cmocka_unit_test_teardown(test_a_damaged_or_exploding_zip, forget),
        cmocka_unit_test_teardown(test_replays, forget),
        cmocka_unit_test_teardown(test_refusals_of_replays, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
