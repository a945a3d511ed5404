/* test_content.c - the games and presets that people have: another dump of a
 * known game, a preset without starts, games in archives. */
#include "kata.h"
#include "preset_files.h"

#include "../zip_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define QUICK "--workers", "1", "--decisions", "30", "--eval-episodes", "0", "--warmup", "8"

static kata_run_t r;

/* Episodes begin at power-on, which is a start by name; nothing else is one. */
static void test_a_preset_without_starts_begins_at_power_on(void **state)
{
    (void)state;
    const char *preset = put(
        "no-starts.kata.json",
        "{\"kata_preset\": 1, \"game\": \"Bare\", \"system\": \"nes\", \"variables\":"
        " {\"frame\": {\"address\": \"0x0301\", \"type\": \"|u1\"}}, \"actions\": {\"primitives\":"
        " [{\"name\": \"Wait\", \"pad\": \"5\"}, {\"name\": \"Right\", \"pad\": \"6\"}]},"
        " \"reward\": {\"time\": {\"reward\": 0.01}}, \"timing\": {\"max_steps\": 20}}");
    const char *dir = kata_path("bare");
    RUN(&r, "train", kata_rom(), "--preset", preset, "--dir", dir, QUICK);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Bare on nestopia: 2 actions, 1 worker, start power-on.\n");
    RUN(&r, "eval", kata_rom(), "--preset", preset, "--dir", dir, "--episodes", "2", "--start",
        "power-on", "--json");
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"start\":\"power-on\"");
    RUN(&r, "search", kata_rom(), "--preset", preset, "--script",
        put("boot.txt", "run 60\nboot\nlist\n"), "--json");
    kata_expect(&r, 0);
    kata_expect_err(&r, "frame 60\npower-on: frame 61\n");
    RUN(&r, "train", kata_rom(), "--preset", preset, "--dir", dir, "--start", "level1", QUICK);
    expect_refused(&r, 1, "Bare has no start 'level1'; it has power-on");
}

/* The dump is another than its preset is for: named, and the preset is used when it is asked for.
 */
static void test_another_dump_of_a_known_game_is_said(void **state)
{
    (void)state;
    static const char says[] = "Strange Game: the Duel has a preset, for the dump with SHA-1 "
                               "00000000000000000000000000000000000000aa and 1 more; yours is ";
    char preset[600], sha1[41], path[1400];
    make_folder("home");
    make_folder("home/presets");
    make_folder("home/presets/nes");
    snprintf(preset, sizeof preset, "%s",
             put("home/presets/nes/strange.kata.json",
                 "{\"kata_preset\": 1, \"game\": \"Strange Game: the Duel\", \"system\": \"nes\","
                 " \"aliases\": [\"Kaiju no Kyoku (Japan)\", \"Strange-Game\"],"
                 " \"hashes\": [{\"sha1\": \"00000000000000000000000000000000000000AA\"},"
                 " {\"crc32\": \"01020304\"}], \"actions\": {\"primitives\":"
                 " [{\"name\": \"Wait\", \"pad\": \"5\"}]}, \"reward\": {\"time\":"
                 " {\"reward\": 0.01}}, \"timing\": {\"max_steps\": 20}}"));
    const char *rom = unknown_game(); /* Strange Game.nes */
    RUN(&r, "identify", rom);
    kata_expect(&r, 0);
    const char *at = strstr(r.out, "\nsha1       ");
    assert_non_null(at);
    snprintf(sha1, sizeof sha1, "%s", at + 12);
    snprintf(path, sizeof path, "preset     none; %s%s; --preset %s uses it all the same\n", says,
             sha1, preset);
    kata_expect_out(&r, path);
    RUN(&r, "identify", rom, "--json");
    snprintf(path, sizeof path, "\"other_dump_preset\":\"%s\"", preset);
    kata_expect_out(&r, path);
    RUN(&r, "preset", "find", rom);
    expect_refused(&r, 1, says);
    RUN(&r, "eval", rom, "--who", "random", "--episodes", "1");
    expect_refused(&r, 1, says);
    RUN(&r, "train", rom, QUICK);
    kata_expect(&r, 0);
    kata_expect_out(&r, says);
    kata_expect_out(&r, "Without it nothing is known of this dump.\n");
    RUN(&r, "train", rom, "--preset", preset, "--dir", kata_path("strange"), QUICK);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Strange Game: the Duel on nestopia: 1 actions");
    if (strstr(r.out, says)) fail_msg("%s", r.out);

    /* By letters and digits before the brackets; another game is another game. */
    static const struct {
        const char *name;
        bool is_known;
    } names[] = { { "strange game_ THE duel (USA) (Rev 1).nes", true },
                  { "Kaiju No Kyoku [!].nes", true },
                  { "StrangeGame.nes", true },
                  { "Strange Game II.nes", false },
                  { "(USA).nes", false } };
    size_t num_bytes;
    uint8_t *bytes = kata_read_file(rom, &num_bytes);
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        kata_write_file(kata_path(names[n].name), bytes, num_bytes);
        RUN(&r, "preset", "find", kata_path(names[n].name));
        expect_refused(&r, 1, names[n].is_known ? says : "no preset in the library knows");
    }
    free(bytes);
    remove(preset);
}

/* What `kata identify` says behind this word. */
static const char *identified(const char *rom, const char *word)
{
    static char value[2][1400];
    static int turn;
    char line[64];
    turn = !turn;
    RUN(&r, "identify", rom);
    kata_expect(&r, 0);
    snprintf(line, sizeof line, "\n%-11s", word);
    const char *at = strstr(r.out, line);
    assert_non_null(at);
    at += strlen(line);
    snprintf(value[turn], sizeof value[turn], "%.*s", (int)strcspn(at, "\n"), at);
    return value[turn];
}

/* The game inside is the game: its hashes, its preset, its agent. */
static void test_a_game_in_a_zip_is_the_game(void **state)
{
    (void)state;
    size_t num_bytes;
    uint8_t *bytes = kata_read_file(kata_rom(), &num_bytes);
    const zip_entry_t entries[] = { { "read me.txt", "hello", 5 },
                                    { "roms/Kumite.nes", bytes, num_bytes },
                                    { "Other.nes", bytes, num_bytes } };
    char zip[1400], inside[1500];
    snprintf(zip, sizeof zip, "%s", kata_path("Any name.zip"));
    zip_file_write(zip, entries, 2);
    static const char *const words[] = { "system", "sha1", "crc32", "md5", "file sha1", "core" };
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
        assert_string_equal(identified(zip, words[w]), identified(kata_rom(), words[w]));
    snprintf(inside, sizeof inside, "Kumite, ");
    assert_memory_equal(identified(zip, "preset"), inside, 8);
    snprintf(inside, sizeof inside, "file       %s#roms/Kumite.nes\n", zip);
    RUN(&r, "identify", zip);
    kata_expect_out(&r, inside);
    RUN(&r, "train", zip, "--dir", kata_path("zipped"), QUICK);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Kumite on nestopia: 24 actions");

    /* Of two, the one that is named. */
    zip_file_write(zip, entries, 3);
    RUN(&r, "identify", zip);
    expect_refused(&r, 1,
                   "there are 2 games in it (Kumite.nes, Other.nes): unpack the one that you "
                   "mean, or name it behind a #: ");
    snprintf(inside, sizeof inside, "%s#Other.nes", zip);
    assert_string_equal(identified(inside, "sha1"), identified(kata_rom(), "sha1"));
    RUN(&r, "search", inside, "--script", put("one.txt", "run 1\n"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "frame 1\n");

    /* Without a game it is a zip, for a core that opens it. */
    zip_file_write(zip, entries, 1);
    assert_string_equal(identified(zip, "system"), "unknown");
    RUN(&r, "train", zip, QUICK);
    expect_refused(&r, 1, "no console's game is in it, and no installed core opens .zip files by");
    RUN(&r, "identify", put("broken.zip", "PK"));
    expect_refused(&r, 1, "broken.zip: is no sound zip archive");
    free(bytes);
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_preset_without_starts_begins_at_power_on),
        cmocka_unit_test(test_another_dump_of_a_known_game_is_said),
        cmocka_unit_test(test_a_game_in_a_zip_is_the_game),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
