/* test_shelf.c - another's agent comes beside one's own, whole or not at all. */
#include "shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"
#include "parcel.h"

static char home[400], game_dir[HOME_PATH_BYTES];

/* A new home, with an agent of one's own. */
static void new_home(const char *name)
{
    char path[HOME_PATH_BYTES + 32];
    snprintf(home, sizeof home, "%s/%s", parcel_folder, name);
    setenv("KATA_HOME", home, 1);
    setenv("XDG_DATA_HOME", "/nonexistent", 1);
    assert_true(home_game_dir(game_dir, home, "nes", PARCEL_SHA1, NULL));
    assert_true(files_make_dirs(game_dir, NULL));
    snprintf(path, sizeof path, "%s/agent.safetensors", game_dir);
    assert_true(files_replace(path, "mine", 4, NULL));
}

static void expect_own_is_untouched(void)
{
    char path[HOME_PATH_BYTES + 32];
    uint8_t *bytes;
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/agent.safetensors", game_dir);
    assert_true(files_read(path, 100, &bytes, &num_bytes, NULL));
    assert_int_equal(num_bytes, 4);
    assert_memory_equal(bytes, "mine", 4);
    free(bytes);
}

/* Names under agents/, hidden ones, too. */
static int num_agents(void)
{
    char command[HOME_PATH_BYTES + 64], text[16] = "";
    snprintf(command, sizeof command, "ls -A '%s/agents' 2>/dev/null | wc -l", game_dir);
    FILE *pipe = popen(command, "r");
    assert_non_null(fgets(text, sizeof text, pipe));
    pclose(pipe);
    return atoi(text);
}

/* A package as it arrives: written and read. */
static void arrive(package_t *package, const char *name, const char *preset, int weights)
{
    package_t made;
    uint8_t *bytes;
    size_t num_bytes;
    why_t why = "";
    parcel_make(&made, name, preset, weights);
    parcel_bytes(&made, &bytes, &num_bytes);
    package_free(&made);
    if (!package_parse(package, bytes, num_bytes, "ryu.kata", why)) fail_msg("%s", why);
    free(bytes);
}

static void test_it_is_stored_beside_ones_own_and_found_by_name(void **state)
{
    (void)state;
    package_t package;
    why_t why = "";
    char dir[HOME_PATH_BYTES], path[HOME_PATH_BYTES + 64], name[PACKAGE_NAME_BYTES];
    new_home("beside");
    arrive(&package, "ryu", parcel_preset, PARCEL_GOOD);
    if (!shelf_store(&package, "ryu.kata", home, "ryu", false, dir, why)) fail_msg("%s", why);
    expect_own_is_untouched();
    for (int i = 0; i < package.num_parts; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, package.parts[i].name);
        uint8_t *bytes;
        size_t num_bytes;
        assert_true(files_read(path, 1 << 26, &bytes, &num_bytes, NULL));
        assert_int_equal(num_bytes, package.parts[i].num_bytes);
        assert_memory_equal(bytes, package.parts[i].bytes, num_bytes);
        free(bytes);
    }
    /* own first; by name; a wrong name says which there are */
    assert_true(shelf_find(path, name, NULL, "nes", PARCEL_SHA1, NULL, why));
    assert_string_equal(name, "own");
    assert_string_equal(path, game_dir);
    assert_true(shelf_find(path, name, NULL, "nes", PARCEL_SHA1, "ryu", why));
    assert_string_equal(path, dir);
    assert_false(shelf_find(path, name, NULL, "nes", PARCEL_SHA1, "ken", why));
    assert_non_null(strstr(why, "no agent \"ken\"; it has own, ryu"));
    assert_true(shelf_find_sent(path, name, NULL, "nes", PARCEL_SHA1));
    assert_string_equal(name, "ryu");

    /* Never over another, unless it is asked for; never as one's own. */
    assert_false(shelf_store(&package, "ryu.kata", home, "ryu", false, dir, why));
    assert_non_null(strstr(why, "there is an agent of this name already"));
    assert_true(shelf_store(&package, "ryu.kata", home, "ryu", true, dir, why));
    assert_false(shelf_store(&package, "ryu.kata", home, "own", true, dir, why));
    assert_false(shelf_store(&package, "ryu.kata", home, "../x", true, dir, why));
    assert_int_equal(num_agents(), 1);
    expect_own_is_untouched();

    /* Without one's own, it plays. */
    snprintf(path, sizeof path, "%s/agent.safetensors", game_dir);
    unlink(path);
    assert_true(shelf_find(path, name, NULL, "nes", PARCEL_SHA1, NULL, why));
    assert_string_equal(name, "ryu");
    package_free(&package);
}

/* A folder that a killed store left goes when it is old; one that may be in use stays. */
static void test_what_a_kill_left_is_swept(void **state)
{
    (void)state;
    package_t package;
    why_t why = "";
    char dir[HOME_PATH_BYTES], command[5 * HOME_PATH_BYTES];
    new_home("swept");
    snprintf(command, sizeof command,
             "mkdir -p '%s/agents/.new-aaaaaa/recordings' '%s/agents/.new-bbbbbb' && "
             "echo x >'%s/agents/.new-aaaaaa/recordings/x' && "
             "touch -d '2 hours ago' '%s/agents/.new-aaaaaa'",
             game_dir, game_dir, game_dir, game_dir);
    assert_int_equal(system(command), 0);
    arrive(&package, "ryu", parcel_preset, PARCEL_GOOD);
    if (!shelf_store(&package, "ryu.kata", home, "ryu", false, dir, why)) fail_msg("%s", why);
    assert_int_equal(num_agents(), 2); /* ryu and .new-bbbbbb */
    package_free(&package);
}

static void expect_not_stored(package_t *package, const char *part_of_why)
{
    why_t why = "";
    char dir[HOME_PATH_BYTES];
    if (shelf_store(package, "ryu.kata", home, "ryu", true, dir, why))
        fail_msg("stored; should say %s", part_of_why);
    if (!strstr(why, part_of_why)) fail_msg("said \"%s\", not \"%s\"", why, part_of_why);
    assert_int_equal(num_agents(), 0);
    expect_own_is_untouched();
    package_free(package);
}

static void test_what_does_not_fit_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    package_t package;
    new_home("refused");
    arrive(&package, "ryu", parcel_preset, PARCEL_NAN);
    expect_not_stored(&package, "holds a number that is not finite");
    arrive(&package, "ryu", parcel_preset, PARCEL_WHOLE);
    expect_not_stored(&package, "nothing else belongs in it");
    arrive(&package, "ryu", parcel_preset, PARCEL_SMALL);
    expect_not_stored(&package, "its agent sees 4x60x84 pixels");
    arrive(&package, "ryu", parcel_preset, PARCEL_MANY);
    expect_not_stored(&package, "actions");
    arrive(&package, "ryu", parcel_other_preset, PARCEL_GOOD);
    expect_not_stored(&package, "trained with other actions");
    arrive(&package, "ryu", "{\"kata_preset\": 1}", PARCEL_GOOD);
    expect_not_stored(&package, "preset.json");
    arrive(&package, "ryu", parcel_preset, PARCEL_GOOD);
    strcpy(package.game, "Other");
    expect_not_stored(&package, "is for Tryout, the manifest says Other");
    arrive(&package, "ryu", parcel_preset, PARCEL_GOOD);
    package.training.decisions = 5;
    expect_not_stored(&package, "its manifest says 5 decisions");
    arrive(&package, "ryu", parcel_preset, PARCEL_GOOD);
    package.parts[2].bytes[0] = 'K';
    expect_not_stored(&package, "recordings/1.kata-recording");
}

/* Past selves that are not its own, or none that its league knows. */
static void test_a_league_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const char nobody[] = "{\"version\":1,\"crc32\":\"00000000\"}";
    package_t package;
    why_t why = "";
    new_home("league");
    const struct {
        const char *part, *says;
        int from; /* the part that is copied; -1: `nobody` */
    } rows[] = { { "league/0001.safetensors", "1 past selves are in it", 1 },
                 { "league/0001.safetensors", "league/0001.safetensors", 0 },
                 { PACKAGE_LEAGUE, "league/league.json: its checksum", -1 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        arrive(&package, "ryu", parcel_preset, PARCEL_GOOD);
        const package_part_t *part = rows[i].from < 0 ? NULL : &package.parts[rows[i].from];
        const size_t num_bytes = part ? part->num_bytes : strlen(nobody);
        uint8_t *bytes = malloc(num_bytes + 1);
        assert_non_null(bytes);
        memcpy(bytes, part ? (const char *)part->bytes : nobody, num_bytes);
        bytes[num_bytes] = 0;
        if (!package_add(&package, rows[i].part, bytes, num_bytes, why)) fail_msg("%s", why);
        expect_not_stored(&package, rows[i].says);
    }
}

/* ---- in the frontend's save directory ---- */

typedef struct {
    int stored, refused;
    why_t last;
} told_t;

static void hear(void *context, bool is_stored, const char *sentence)
{
    told_t *told = context;
    *(is_stored ? &told->stored : &told->refused) += 1;
    snprintf(told->last, sizeof told->last, "%s", sentence);
}

static void lay(const char *saves, const char *file, package_t *package)
{
    char path[HOME_PATH_BYTES];
    why_t why = "";
    snprintf(path, sizeof path, "%s/kata/%s", saves, file);
    if (!package_write(package, path, why)) fail_msg("%s", why);
}

static void test_files_in_the_save_directory_are_taken_once(void **state)
{
    (void)state;
    char saves[400], path[HOME_PATH_BYTES], name[PACKAGE_NAME_BYTES];
    package_t one, other;
    told_t told = { 0 };
    new_home("unused");
    snprintf(saves, sizeof saves, "%s/saves", parcel_folder);
    snprintf(path, sizeof path, "%s/kata", saves);
    assert_true(files_make_dirs(path, NULL));
    parcel_make(&one, "ryu", parcel_preset, PARCEL_GOOD);
    parcel_make(&other, "ryu", parcel_preset, PARCEL_GOOD);
    strcpy(other.made_by, "somebody else");
    lay(saves, "a.kata", &one);
    lay(saves, "b.kata", &other);
    strcpy(other.sha1, "ffffffffffffffffffffffffffffffffffffffff");
    lay(saves, "of another game.kata", &other);
    snprintf(path, sizeof path, "%s/kata/broken.kata", saves);
    assert_true(files_replace(path, "PK\3\4", 4, NULL));

    shelf_collect(saves, "nes", PARCEL_SHA1, hear, &told);
    assert_int_equal(told.stored, 2);
    assert_int_equal(told.refused, 1);
    assert_non_null(strstr(told.last, "broken.kata"));
    assert_true(shelf_find(path, name, saves, "nes", PARCEL_SHA1, "ryu-2", NULL));
    assert_true(shelf_find(path, name, saves, "nes", PARCEL_SHA1, "ryu", NULL));

    told = (told_t){ 0 };
    shelf_collect(saves, "nes", PARCEL_SHA1, hear, &told);
    assert_int_equal(told.stored, 0);
    package_free(&one);
    package_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_stored_beside_ones_own_and_found_by_name),
        cmocka_unit_test(test_what_a_kill_left_is_swept),
        cmocka_unit_test(test_what_does_not_fit_is_refused_and_changes_nothing),
        cmocka_unit_test(test_a_league_that_does_not_fit_is_refused),
        cmocka_unit_test(test_files_in_the_save_directory_are_taken_once),
    };
    return cmocka_run_group_tests(tests, parcel_setup, NULL);
}
