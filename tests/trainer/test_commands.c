/* test_commands.c - what `kata` says: help, refusals, and the commands that play nothing. */
#include "kata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })

static kata_run_t r;

static void test_every_command_has_help_with_examples(void **state)
{
    (void)state;
    static const char *const commands[][2] = { { "train" },
                                               { "eval" },
                                               { "ablate" },
                                               { "play" },
                                               { "demo" },
                                               { "cores" },
                                               { "devices" },
                                               { "identify" },
                                               { "bench" },
                                               { "macro", "explain" },
                                               { "preset", "show" },
                                               { "preset", "validate" },
                                               { "preset", "list" },
                                               { "preset", "find" },
                                               { "preset", "new" },
                                               { "preset", "boot" },
                                               { "preset", "import" },
                                               { "preset", "merge" },
                                               { "preset", "diff" },
                                               { "preset", "canonical" },
                                               { "similarity", "show" } };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const char *one[] = { commands[i][0], "--help", NULL, NULL };
        const char *two[] = { commands[i][0], commands[i][1], "--help", NULL };
        kata_run(&r, commands[i][1] ? two : one);
        kata_expect(&r, 0);
        char name[64], example[80];
        snprintf(name, sizeof name, "%s%s%s", commands[i][0], commands[i][1] ? " " : "",
                 commands[i][1] ? commands[i][1] : "");
        snprintf(example, sizeof example, "    kata %s", name);
        kata_expect_out(&r, "\nExamples\n");
        if (strcmp(name, "bench") != 0) kata_expect_out(&r, example);
        assert_string_equal(r.err, "");
        RUN(&r, "--help");
        kata_expect(&r, 0);
        kata_expect_out(&r, name);
    }
    RUN(&r, "help", "train");
    kata_expect(&r, 0);
    kata_expect_out(&r, "--learning-rate X");
    kata_expect_out(&r, "[0.0001]"); /* the default that the agent really has */
}

static void test_what_is_misspelt_is_refused_with_the_nearest_word(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[5], *says;
    } cases[] = {
        { { "trian" }, "did you mean 'train'?" },
        { { "identfy", "x.nes" }, "did you mean 'identify'?" },
        { { "marco", "explain", "6" }, "did you mean 'macro explain'?" },
        { { "macro", "explian", "6" }, "did you mean 'macro explain'?" },
        { { "macro" }, "'macro explain'" },
        { { "preset", "mrge" }, "did you mean 'preset merge'?" },
        { { "perset", "valdate", "x" }, "did you mean 'preset validate'?" },
        { { "preset", "translate" }, "there are 'preset show', " },
        { { "preset" }, "'preset canonical'" },
        { { "dance" }, "`kata --help` lists them" },
        { { "train", "x.nes", "--worker", "2" }, "did you mean --workers?" },
        { { "train", "x.nes", "--lerning-rate=1" }, "did you mean --learning-rate?" },
        { { "train", "x.nes", "--eval", "2" }, "did you mean --eval-e" },
        { { "eval", "x.nes", "--zzz" }, "`kata eval --help` lists them" },
        { { "bench", "desicion" }, "did you mean 'decision'?" },
        { { "cores", "-j" }, "options begin with two dashes" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kata_run(&r, cases[i].arguments);
        kata_expect(&r, 2);
        kata_expect_err(&r, cases[i].says);
        assert_memory_equal(r.err, "kata: ", 6);
        assert_string_equal(r.out, "");
    }
    kata_run(&r, (const char *const[]){ NULL });
    kata_expect(&r, 2);
    kata_expect_err(&r, "Commands");
    kata_expect_err(&r, "  similarity inverse  which moves"); /* the longest name */
}

static void test_values_out_of_range_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[5], *says;
    } cases[] = {
        { { "train", "x.nes", "--workers", "0" }, "--workers must be a whole number 1..256" },
        { { "train", "x.nes", "--workers", "many" }, "found 'many'" },
        { { "train", "x.nes", "--decisions", "10x" }, "found '10x'" },
        { { "train", "x.nes", "--learning-rate", "nan" }, "--learning-rate must be a number" },
        { { "train", "x.nes", "--net", "huge" }, "--net must be one of small|nature|impala" },
        { { "train", "x.nes", "--net-width", "3" }, "--net-width must be a whole number 1..2" },
        { { "train", "x.nes", "--workers" }, "--workers needs a value" },
        { { "train", "x.nes", "--preset=" }, "--preset needs a FILE" },
        { { "train", "x.nes", "--fresh=yes" }, "--fresh takes no value" },
        { { "train" }, "it needs ROM" },
        { { "train", "x.nes", "y.nes" }, "'y.nes' is one word too many" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kata_run(&r, cases[i].arguments);
        kata_expect(&r, 2);
        kata_expect_err(&r, cases[i].says);
    }
}

static void test_identify_knows_the_hashes_of_known_bytes(void **state)
{
    (void)state;
    /* "abc" behind an iNES header that promises nothing: SHA-1 and MD5 of "abc" are in RFC 3174 and
     * RFC 1321. */
    uint8_t nes[19] = "NES\x1a";
    memcpy(nes + 16, "abc", 3);
    kata_write_file(kata_path("abc.nes"), nes, sizeof nes);
    RUN(&r, "identify", "--json", kata_path("abc.nes"));
    kata_expect(&r, 0);
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "system")->valuestring, "nes");
    assert_string_equal(cJSON_GetObjectItem(json, "sha1")->valuestring,
                        "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_string_equal(cJSON_GetObjectItem(json, "md5")->valuestring,
                        "900150983cd24fb0d6963f7d28e17f72");
    assert_string_equal(cJSON_GetObjectItem(json, "crc32")->valuestring, "352441c2");
    assert_int_equal(cJSON_GetObjectItem(json, "header_bytes")->valueint, 16);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "preset")));
    cJSON_Delete(json);
    RUN(&r, "identify", kata_rom());
    kata_expect(&r, 0);
    kata_expect_out(&r, "preset     Kumite, ");
    kata_expect_out(&r, "agent      none yet");
    assert_string_equal(r.err, "");
}

/* One file alone in a folder, as after a download: no library of presets lies beside it. */
static void test_the_program_alone_knows_the_librarys_games(void **state)
{
    (void)state;
    const char *const build = getenv("KATA_BUILD");
    char *const kept = build ? strdup(build) : NULL;
    size_t num_bytes, num_rom_bytes;
    uint8_t *const program = kata_read_file(kata_program(), &num_bytes), *const rom =
                                                                             kata_read_file(
                                                                                 kata_rom(),
                                                                                 &num_rom_bytes);
    kata_write_file(kata_path("kata"), program, num_bytes);
    kata_write_file(kata_path("kumite.nes"), rom, num_rom_bytes);
    free(program);
    free(rom);
    assert_int_equal(chmod(kata_path("kata"), 0755), 0);
    setenv("KATA_BUILD", kata_dir(), 1);
    RUN(&r, "identify", kata_path("kumite.nes"));
    if (kept)
        setenv("KATA_BUILD", kept, 1);
    else
        unsetenv("KATA_BUILD");
    free(kept);
    kata_expect(&r, 0);
    kata_expect_out(&r, "preset     Kumite, built in: nes/Kumite.kata.json");
    assert_string_equal(r.err, "");
}

static void test_cores_lists_what_is_installed(void **state)
{
    (void)state;
    RUN(&r, "cores");
    kata_expect(&r, 0);
    kata_expect_out(&r, "nestopia");
    kata_expect_out(&r, ".nes .fds");
    RUN(&r, "cores", "game.GB", "--json");
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "nestopia"));
    kata_expect_out(&r, "\"gambatte\"");
    RUN(&r, "cores", ".zzz");
    kata_expect(&r, 1);
    kata_expect_err(&r, "no installed core opens .zzz files");
    setenv("KATA_CORE_PATH", kata_dir(), 1);
    RUN(&r, "cores");
    unsetenv("KATA_CORE_PATH");
    kata_expect(&r, 1);
    kata_expect_err(&r, "kata: no core is installed where Kata looks");
}

/* Whatever cards there are, the processor is one device, and none of 9,999 cards. */
static void test_devices_lists_where_to_learn(void **state)
{
    (void)state;
    RUN(&r, "devices");
    kata_expect(&r, 0);
    kata_expect_out(&r, "cpu     this machine's processor\n");
    const bool has_card = strstr(r.out, "\ngpu:0   ") != NULL;
    assert_true(has_card != (strstr(r.out, "No graphics card: ") != NULL));
    RUN(&r, "devices", "--json");
    kata_expect(&r, 0);
    kata_expect_out(&r, "{\"device\":\"cpu\",");
    RUN(&r, "train", getenv("KATA_KUMITE_ROM"), "--device", "cuda");
    kata_expect(&r, 2);
    kata_expect_err(&r, "train: --device: there is no device \"cuda\": it is auto, cpu, gpu or");
    RUN(&r, "train", getenv("KATA_KUMITE_ROM"), "--device", "gpu:9999", "--workers", "1");
    kata_expect(&r, 1);
    kata_expect_err(&r,
                    has_card ? "--device: there is no gpu:9999, the last is gpu:" : "--device: ");
}

/* 4,000 decisions of four pictures, and two groups more. No update is made, so whatever card there
 * is will do. Kernels are compiled once for all tests (card_subject.h). */
static void test_train_says_where_pictures_lie(void **state)
{
    (void)state;
    char cache[600];
    RUN(&r, "devices");
    kata_expect(&r, 0);
    if (!strstr(r.out, "\ngpu:0   ")) {
        printf("skipped: no card is here\n");
        skip();
    }
    snprintf(cache, sizeof cache, "%s/opencl-cache", getenv("KATA_BUILD"));
    (void)mkdir(cache, 0777);
    char home[600];
    snprintf(home, sizeof home, "%s", getenv("KATA_HOME"));
    setenv("KATA_HOME", kata_path("home-of-card"), 1); /* its agent is none of the other tests' */
    assert_int_equal(mkdir(kata_path("home-of-card"), 0777), 0);
    assert_int_equal(symlink(cache, kata_path("home-of-card/cache")), 0);
    RUN(&r, "train", getenv("KATA_KUMITE_ROM"), "--device", "gpu:0", "--workers", "1",
        "--decisions", "10", "--warmup", "64", "--replay", "4000", "--eval-episodes", "0");
    setenv("KATA_HOME", home, 1);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Learning on gpu:0, ");
    kata_expect_out(&r, " Pictures: 108 MB on the card, all that the replay memory can hold.\n");
}

static void test_macro_explain_prints_the_timeline(void **state)
{
    (void)state;
    RUN(&r, "macro", "explain", "236P");
    kata_expect(&r, 0);
    kata_expect_out(&r, "236P: 9 frames, 0.15 s at 60 Hz, facing right\n"
                        "  frames       pad  LP\n"
                        "  1-3          2 ↓  ·\n"
                        "  4-6          3 ↘  ·\n"
                        "  7-9          6 →  ●\n"
                        "  Without --preset: LP MP HP are Y X L");
    RUN(&r, "macro", "explain", "623HP");
    kata_expect_out(&r, "623HP: 9 frames");
    RUN(&r, "macro", "explain", "cr.MK xx QCF+HP (3 hits)");
    kata_expect_out(&r, "2MKxx236HP: ");
    kata_expect_out(&r, "  passed over: (3 hits)\n");
    RUN(&r, "macro", "explain", "236B");
    kata_expect_out(&r, "  frames       pad  B\n"
                        "  1-3          2 ↓  ·\n"
                        "  4-6          3 ↘  ·\n"
                        "  7-9          6 →  ●\n");
    RUN(&r, "macro", "explain", "--left", "236P");
    kata_expect_out(&r, "  4-6          1 ↙  ·\n"
                        "  7-9          4 ←  ●\n");
    RUN(&r, "macro", "explain", "23Q");
    kata_expect(&r, 1);
    kata_expect_err(&r, "kata: column 3: expected");
    kata_expect_err(&r, "without --preset the buttons are LP MP HP LK MK HK");
    RUN(&r, "macro", "explain", "236B", "--preset", "presets/library/nes/Kumite.kata.json");
    kata_expect(&r, 0);
    kata_expect_out(&r, "236B: 6 frames");
    RUN(&r, "macro", "explain", "236B", "--preset", kata_path("nowhere.json"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "nowhere.json");
}

static void test_macro_explain_without_arrows_where_there_are_none(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    RUN(&r, "macro", "explain", "1A+B");
    setenv("LC_ALL", "C.UTF-8", 1);
    kata_expect(&r, 0);
    kata_expect_out(&r, "  frames       pad  B  A\n"
                        "  1-3          1 db #  #\n");
    for (const char *s = r.out; *s; s++) assert_true((unsigned char)*s < 0x80);
}

static void test_preset_show_checks_a_preset(void **state)
{
    (void)state;
    RUN(&r, "preset", "show", "presets/library/nes/Kumite.kata.json");
    kata_expect(&r, 0);
    kata_expect_out(&r, "game       Kumite");
    kata_expect_out(&r, "Fireball");
    kata_expect_out(&r, "enemy_health");
    kata_expect_out(&r, "level1, ");
    kata_write_file(kata_path("broken.json"), "{\"kata_preset\":", 15);
    RUN(&r, "preset", "show", kata_path("broken.json"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "broken.json");
    assert_string_equal(r.out, "");
}

static void expect_refused(const char *rom, const char *says)
{
    RUN(&r, "train", rom, "--decisions", "10", "--dir", kata_path("refused"));
    kata_expect(&r, 1);
    kata_expect_err(&r, says);
    assert_memory_equal(r.err, "kata: ", 6);
    assert_int_equal(strcspn(r.err, "\n"), strlen(r.err) - 1); /* one sentence */
    assert_false(kata_exists(kata_path("refused/agent.safetensors")));
    RUN(&r, "eval", rom, "--who", "random", "--episodes", "1");
    kata_expect(&r, 1);
    kata_expect_err(&r, says);
}

static void test_bad_roms_end_in_a_sentence(void **state)
{
    (void)state;
    size_t num_bytes;
    uint8_t *rom = kata_read_file(kata_rom(), &num_bytes);

    expect_refused(kata_path("missing.nes"), "missing.nes");
    kata_write_file(kata_path("empty.nes"), "", 0);
    expect_refused(kata_path("empty.nes"), "the file is empty");
    kata_write_file(kata_path("short.nes"), rom, num_bytes / 2);
    expect_refused(kata_path("short.nes"), "it is cut short: its header promises 40976 bytes");
    kata_write_file(kata_path("kumite.gb"), rom, num_bytes);
    expect_refused(kata_path("kumite.gb"), "it is not a Game Boy game");
    kata_write_file(kata_path("text.nes"), "This is no game.", 16);
    expect_refused(kata_path("text.nes"), "it is not an NES game");
    kata_write_file(kata_path("kumite.zzz"), rom, num_bytes);
    expect_refused(kata_path("kumite.zzz"), "no installed core opens .zzz files");
    kata_write_file(kata_path("kumite"), rom, num_bytes);
    expect_refused(kata_path("kumite"), "its name has no extension (such as .nes)");
    expect_refused(kata_dir(), "kata-trainer");

    /* A sound game that nobody knows: what to do is said, with its SHA-1. */
    rom[num_bytes - 1] ^= 1;
    kata_write_file(kata_path("unknown.nes"), rom, num_bytes);
    RUN(&r, "eval", kata_path("unknown.nes"), "--who", "random", "--episodes", "1");
    kata_expect(&r, 1);
    kata_expect_err(&r, "there is no preset for unknown.nes (nes, SHA-1 ");
    kata_expect_err(&r, "presets/FORMAT.md");
    free(rom);
}

static void test_a_core_or_preset_that_does_not_fit_is_named(void **state)
{
    (void)state;
    RUN(&r, "train", kata_rom(), "--core", "nestopio");
    kata_expect(&r, 1);
    kata_expect_err(&r, "no core is called 'nestopio'");
    RUN(&r, "train", kata_rom(), "--core", "tests/run.sh", "--decisions", "1");
    kata_expect(&r, 1);
    kata_expect_err(&r, "run.sh");
    RUN(&r, "train", kata_rom(), "--start", "level99");
    kata_expect(&r, 1);
    kata_expect_err(&r, "Kumite has no start 'level99'; it has level1, ");
    RUN(&r, "train", kata_rom(), "--core", "gambatte", "--decisions", "1");
    kata_expect(&r, 1);
    assert_memory_equal(r.err, "kata: ", 6);
    setenv("KATA_CORE_PATH", kata_dir(), 1);
    RUN(&r, "train", kata_rom());
    unsetenv("KATA_CORE_PATH");
    kata_expect(&r, 1);
    kata_expect_err(&r, "no installed core opens .nes files");
}

static void test_play_prints_and_runs_retroarch(void **state)
{
    (void)state;
    const char *path = getenv("PATH");
    char *old = path ? strdup(path) : NULL;
    RUN(&r, "play", kata_rom(), "--print");
    kata_expect(&r, 0);
    kata_expect_out(&r, "retroarch -L ");
    kata_expect_out(&r, "/kata_libretro.so ");
    kata_expect_out(&r, "KATA_HOME="); /* or the window would look elsewhere */
    kata_expect_err(&r, "no agent yet");
    RUN(&r, "play", kata_rom(), "--print", "--record", kata_path("evening"), "--strength", "easy");
    kata_expect(&r, 0);
    kata_expect_out(&r, "KATA_STRENGTH=easy KATA_RECORD=");
    kata_write_file(kata_path("evening"), "x", 1);
    RUN(&r, "play", kata_rom(), "--record", kata_path("evening"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "evening: it is there already, and is not replaced");
    RUN(&r, "recording", "replay", kata_rom(), kata_path("evening"));
    kata_expect(&r, 1);
    static const char other[] =
        "kata-recording 1\nsha1 a9993e364706816aba3e25717850c26c9cd0d89d\nports 1\n\nsegment\n"
        "3 down\n\nend 3\n";
    kata_write_file(kata_path("evening"), other, sizeof other - 1);
    RUN(&r, "recording", "replay", kata_rom(), kata_path("evening"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "it was recorded in another game or dump: its SHA-1 is a9993e36");

    static const char script[] = "#!/bin/sh\necho \"window: $1 $2 $3\"\nexit 7\n";
    kata_write_file(kata_path("retroarch"), script, sizeof script - 1);
    assert_int_equal(chmod(kata_path("retroarch"), 0755), 0);
    setenv("PATH", kata_dir(), 1);
    RUN(&r, "play", kata_rom());
    kata_expect(&r, 7);
    kata_expect_out(&r, "window: -L ");
    kata_expect_out(&r, "kumite.nes\n");
    setenv("PATH", "/nowhere", 1);
    RUN(&r, "play", kata_rom());
    kata_expect(&r, 1);
    kata_expect_err(&r, "RetroArch is not in PATH");
    setenv("PATH", old ? old : "/usr/bin:/bin", 1);
    free(old);
}

static void test_a_full_pipe_end_is_a_failure(void **state)
{
    (void)state;
    char command[2048];
    snprintf(command, sizeof command, "%s cores >/dev/full 2>%s", kata_program(),
             kata_path("said"));
    assert_int_not_equal(system(command), 0);
    size_t num_bytes;
    uint8_t *said = kata_read_file(kata_path("said"), &num_bytes);
    assert_non_null(strstr((const char *)said, "could not be written in full"));
    free(said);
}

/* test_commands PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_command_has_help_with_examples),
        cmocka_unit_test(test_what_is_misspelt_is_refused_with_the_nearest_word),
        cmocka_unit_test(test_values_out_of_range_are_refused),
        cmocka_unit_test(test_identify_knows_the_hashes_of_known_bytes),
        cmocka_unit_test(test_the_program_alone_knows_the_librarys_games),
        cmocka_unit_test(test_cores_lists_what_is_installed),
        cmocka_unit_test(test_devices_lists_where_to_learn),
        cmocka_unit_test(test_train_says_where_pictures_lie),
        cmocka_unit_test(test_macro_explain_prints_the_timeline),
        cmocka_unit_test(test_macro_explain_without_arrows_where_there_are_none),
        cmocka_unit_test(test_preset_show_checks_a_preset),
        cmocka_unit_test(test_bad_roms_end_in_a_sentence),
        cmocka_unit_test(test_a_core_or_preset_that_does_not_fit_is_named),
        cmocka_unit_test(test_play_prints_and_runs_retroarch),
        cmocka_unit_test(test_a_full_pipe_end_is_a_failure),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
