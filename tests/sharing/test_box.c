/* test_box.c - what comes inside the programs: whole, small, and on the shelf of who has nothing.
 */
#include "box.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "league.h"
#include "parcel.h"
#include "shelf.h"

enum { MOST_BYTES = 2 << 20 };

static int told;

static void hear(void *context, bool is_stored, const char *sentence)
{
    (void)context;
    if (!is_stored) fail_msg("%s", sentence);
    told++;
}

/* A build may have none: sharing/box/README.md says how to make one. */
static void skip_if_empty(void)
{
    if (box_files[0].name) return;
    printf("skipped: there is no .kata file in sharing/box\n");
    skip();
}

static void test_it_is_whole_and_small(void **state)
{
    (void)state;
    size_t sum = 0;
    skip_if_empty();
    for (const box_file_t *file = box_files; file->name; file++) {
        package_t package;
        why_t why = "";
        if (!package_parse(&package, file->bytes, (size_t)(file->end - file->bytes), file->name,
                           why))
            fail_msg("%s", why);
        assert_true(package.has_agent && package.sha1[0]);
        assert_non_null(package_part(&package, PACKAGE_LEAGUE));
        if (!shelf_check(&package, file->name, NULL, why)) fail_msg("%s", why);
        sum += (size_t)(file->end - file->bytes);
        package_free(&package);
    }
    assert_in_range(sum, 1, MOST_BYTES);
}

static void test_it_is_taken_out_once(void **state)
{
    (void)state;
    char home[400], dir[HOME_PATH_BYTES], path[HOME_PATH_BYTES], name[PACKAGE_NAME_BYTES];
    package_t package;
    why_t why = "";
    skip_if_empty();
    const box_file_t *file = &box_files[0];
    snprintf(home, sizeof home, "%s/box", parcel_folder);
    setenv("KATA_HOME", home, 1);
    setenv("XDG_DATA_HOME", "/nonexistent", 1);
    if (!package_parse(&package, file->bytes, (size_t)(file->end - file->bytes), file->name, why))
        fail_msg("%s", why);

    setenv("KATA_BOX", "off", 1);
    assert_false(shelf_collect_box(package.system, package.sha1, hear, NULL));
    unsetenv("KATA_BOX");
    assert_false(shelf_collect_box(package.system, PARCEL_SHA1, hear, NULL)); /* another game */
    assert_int_equal(told, 0);
    assert_true(shelf_collect_box(package.system, package.sha1, hear, NULL));
    assert_int_equal(told, 1);
    if (!shelf_find(dir, name, NULL, package.system, package.sha1, NULL, why)) fail_msg("%s", why);
    assert_string_equal(name, package.name);
    for (int32_t s = 0; s < LEAGUE_NUM_STRENGTHS; s++)
        if (!league_strength_path(dir, league_strength_names[s], path, why)) fail_msg("%s", why);
    assert_false(shelf_collect_box(package.system, package.sha1, hear, NULL)); /* it is there */
    assert_int_equal(told, 1);
    package_free(&package);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_whole_and_small),
        cmocka_unit_test(test_it_is_taken_out_once),
    };
    return cmocka_run_group_tests(tests, parcel_setup, NULL);
}
