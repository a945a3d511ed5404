/* test_import_pack.c - a whole tree of stable-retro: all good games of it, and nothing that the bad
 * ones break. */
#include "import_pack.h"
#include "files.h"
#include "sample.h"
#include "store.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DATA "{\"info\": {\"score\": {\"address\": 16, \"type\": \">d4\"}}}"
#define SCENARIO                                                                                   \
    "{\"reward\": {\"variables\": {\"score\": {\"reward\": %s}}},"                                 \
    " \"done\": {\"variables\": {\"score\": {\"op\": \"equal\", \"reference\": 9}}}}"

static char base[256], tree[300], packs[300];

static int make_base(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(base, sizeof base, "%s/pack-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(base)) return -1;
    snprintf(tree, sizeof tree, "%s/data", base);
    snprintf(packs, sizeof packs, "%s/packs", base);
    return 0;
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[700];
    why_t why;
    snprintf(path, sizeof path, "%s/%s", tree, folder);
    if (!files_make_dirs(path, why)) fail_msg("%s", why);
    snprintf(path, sizeof path, "%s/%s/%s", tree, folder, name);
    if (!files_replace(path, text, strlen(text), why)) fail_msg("%s", why);
}

static void put_game(const char *folder, const char *reward)
{
    char scenario[300];
    snprintf(scenario, sizeof scenario, SCENARIO, reward);
    put(folder, "data.json", DATA);
    put(folder, "scenario.json", scenario);
}

static bool is_there(const char *path_in_packs)
{
    char path[700];
    snprintf(path, sizeof path, "%s/%s", packs, path_in_packs);
    return access(path, F_OK) == 0;
}

static double reward_of(const char *path_in_packs)
{
    char path[700];
    snprintf(path, sizeof path, "%s/%s", packs, path_in_packs);
    preset_t *preset = sample_load(path);
    const int64_t before[PRESET_MAX_VARIABLES] = { 0 }, now[PRESET_MAX_VARIABLES] = { 1 };
    const double reward = preset_reward(preset, 0, before, now) * preset_reward_scale(preset);
    preset_free(preset);
    return reward;
}

static char told[8][1200];
static int num_told;

static void tell(void *context, const char *folder, const char *why)
{
    assert_ptr_equal(context, told);
    assert_true(num_told < 8);
    snprintf(told[num_told++], sizeof told[0], "%s: %s", folder, why);
}

static bool import(pack_count_t *count, const char *name, char *why)
{
    num_told = 0;
    return pack_import(count, tree, packs, name, tell, told, why);
}

static void expect_report(const char *name, const char *words)
{
    char path[700];
    uint8_t *text;
    size_t num_bytes;
    why_t why;
    snprintf(path, sizeof path, "%s/%s/" PACK_REPORT, packs, name);
    if (!files_read(path, 1 << 20, &text, &num_bytes, why)) fail_msg("%s", why);
    if (!strstr((char *)text, words)) fail_msg("\"%s\" is not in:\n%s", words, (char *)text);
    free(text);
}

static void test_a_tree_becomes_a_pack(void **state)
{
    (void)state;
    pack_count_t count;
    why_t why = "";
    char path[FILES_PATH_BYTES], target[700];
    put_game("contrib/Twice-Nes", "1");
    put_game("stable/Twice-Nes-v0", "5");
    put_game("stable/deep/deeper/Far-Genesis", "2");
    put_game("stable/Million-Snes", "1000000");
    put_game("stable/Thing-Toaster", "1");
    put("stable/Cut-Nes", "data.json", "{\"info\": {");
    put_game("stable/Famous-Nes", "1"); /* by its dump, Galaga: the library's */
    put("stable/Famous-Nes", "rom.sha", "87E536B900DB2976E6B3BD682A4D7ED88AC19DCD\n");
    put("stable/Scripted-Gb", "readme", "no game");
    put_game(".git/Hidden-Nes", "1");
    snprintf(path, sizeof path, "%s/stable/loop", tree);
    assert_int_equal(symlink(tree, path), 0);
    snprintf(path, sizeof path, "%s/stable/Linked-Nes", tree);
    snprintf(target, sizeof target, "%s/stable/Twice-Nes-v0", tree);
    assert_int_equal(symlink(target, path), 0);
    if (!import(&count, "stable-retro", why)) fail_msg("%s", why);
    assert_int_equal(count.num_folders, 7);
    assert_int_equal(count.num_stored, 3);
    assert_int_equal(count.num_twice, 1);
    assert_int_equal(count.num_known, 1);
    assert_int_equal(count.num_refused, 2);
    assert_int_equal(num_told, 2);
    if (strncmp(told[0], "stable/Cut-Nes: data.json", 25) != 0) fail_msg("%s", told[0]);
    if (!strstr(told[1], "stable/Thing-Toaster: Toaster is a system")) fail_msg("%s", told[1]);
    assert_int_equal(count.games_losing[IMPORT_LOSES_START], 3);
    assert_int_equal(count.games_losing[IMPORT_LOSES_DUMP], 3);
    assert_int_equal(count.games_losing[IMPORT_LOSES_REWARD], 0);
    assert_true(is_there("stable-retro/genesis/Far.kata.json"));
    assert_false(is_there("stable-retro/nes/Famous.kata.json"));
    assert_false(is_there("stable-retro/nes/Hidden.kata.json"));
    assert_float_equal(reward_of("stable-retro/nes/Twice.kata.json"), 5, 0);
    assert_float_equal(reward_of("stable-retro/snes/Million.kata.json"), 1e5, 1e-6);
    expect_report("stable-retro", "Far (genesis)\n  no rom.sha");
    expect_report("stable-retro", "contrib/Twice-Nes: left out, an earlier folder");
    expect_report("stable-retro", "stable/Cut-Nes: refused: ");

    /* Found as a person's presets are: two levels below the folder of packs. */
    preset_t *found;
    assert_true(preset_find(&found, packs, "genesis", NULL, NULL, NULL, "Far", path, why));
    preset_free(found);
}

static void test_a_pack_made_anew_takes_the_old_ones_place_whole(void **state)
{
    (void)state;
    pack_count_t count;
    why_t why = "";
    char path[700];
    put_game("Old-Nes", "1");
    assert_true(import(&count, "mine", why));
    snprintf(path, sizeof path, "%s/Old-Nes/data.json", tree);
    put("Old-Nes", "data.json", "broken");
    assert_false(import(&count, "mine", why)); /* nothing to keep: what was there stays */
    assert_non_null(strstr(why, "no game of it can be kept"));
    assert_true(is_there("mine/nes/Old.kata.json"));
    put_game("New-Nes", "1");
    assert_true(import(&count, "mine", why));
    assert_true(is_there("mine/nes/New.kata.json"));
    assert_false(is_there("mine/nes/Old.kata.json"));
    /* Nothing half-made is left beside it. */
    snprintf(path, sizeof path, "exec test \"$(ls -A '%s')\" = mine", packs);
    assert_int_equal(system(path), 0);
}

static void test_what_is_no_tree_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = { "",  "-x",  "../x",
                                         "A", "a b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
    pack_count_t count;
    why_t why = "";
    put("empty", "readme", "nothing");
    assert_false(import(&count, "mine", why));
    assert_non_null(strstr(why, "no folder in it has a data.json"));
    assert_false(is_there(""));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_false(import(&count, names[i], why));
        assert_non_null(strstr(why, "a pack's name must be"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_tree_becomes_a_pack, make_base),
        cmocka_unit_test_setup(test_a_pack_made_anew_takes_the_old_ones_place_whole, make_base),
        cmocka_unit_test_setup(test_what_is_no_tree_is_refused, make_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
