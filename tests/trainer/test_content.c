/* test_content.c - the games and presets that people have: another dump of a
 * known game, a preset without starts. */
#include "kata.h"
#include "preset_files.h"

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

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_preset_without_starts_begins_at_power_on),
        cmocka_unit_test(test_another_dump_of_a_known_game_is_said),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
