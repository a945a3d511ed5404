/* test_preset_json.c - `kata preset ... --json`: what scripts read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "preset_files.h"

static kata_run_t r;

/* The n-th line of what was printed, as an object with exactly these keys. */
static cJSON *expect_keys(int line, const char *keys)
{
    const char *at = r.out;
    for (; line > 0 && at; line--) at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    assert_non_null(at);
    cJSON *object = cJSON_ParseWithLength(at, strcspn(at, "\n"));
    assert_non_null(object);
    char found[512] = "";
    for (const cJSON *item = object->child; item; item = item->next) {
        const size_t length = strlen(found);
        snprintf(found + length, sizeof found - length, "%s%s", length ? " " : "", item->string);
    }
    assert_string_equal(found, keys);
    return object;
}

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItem(object, key);
    assert_true(cJSON_IsString(item));
    return item->valuestring;
}

static void test_json_of_validate(void **state)
{
    (void)state;
    const char *bad = put("bad.json", "{\"kata_preset\": 1, \"game\": \"G\",");
    RUN(&r, "preset", "validate", "--json", bad, put("ours.json", OURS));
    kata_expect(&r, 1);
    kata_expect_err(&r, "bad.json: ");
    cJSON *object = expect_keys(0, "path sound why");
    assert_string_equal(text_of(object, "path"), bad);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(object, "sound")));
    assert_non_null(strstr(text_of(object, "why"), "bad.json: line 1"));
    cJSON_Delete(object);
    object = expect_keys(1, "path game system hash sound actions variables starts warnings advice");
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(object, "sound")));
    assert_int_equal(cJSON_GetObjectItem(object, "variables")->valueint, 1);
    const cJSON *advice = cJSON_GetObjectItem(object, "advice");
    assert_true(cJSON_GetArraySize(advice) >= 3);
    assert_memory_equal(cJSON_GetArrayItem(advice, 0)->valuestring, "reward: none", 12);
    cJSON_Delete(object);
}

static void test_json_of_list_and_find(void **state)
{
    (void)state;
    RUN(&r, "preset", "list", "--json");
    kata_expect(&r, 0);
    int num_lines = 0;
    bool has_kumite = false;
    for (const char *at = r.out; (at = strchr(at, '\n')); at++) num_lines++;
    assert_true(num_lines >= 10);
    for (int line = 0; line < num_lines; line++) {
        cJSON *object = expect_keys(line, "path game system hash actions similarity");
        has_kumite |= strcmp(text_of(object, "game"), "Kumite") == 0 &&
                      cJSON_GetObjectItem(object, "actions")->valueint == 24 &&
                      cJSON_IsFalse(cJSON_GetObjectItem(object, "similarity"));
        cJSON_Delete(object);
    }
    assert_true(has_kumite);

    setenv("KATA_PRESET_PATH", kata_dir(), 1);
    size_t num_bytes;
    char *kumite = (char *)kata_read_file(KUMITE, &num_bytes);
    const char *copy = put("copy.kata.json", kumite);
    free(kumite);
    RUN(&r, "preset", "find", "--json", kata_rom());
    remove(copy);
    unsetenv("KATA_PRESET_PATH");
    kata_expect(&r, 0);
    for (int line = 0; line < 2; line++) {
        cJSON *object = expect_keys(line, "path game system hash by used");
        assert_string_equal(text_of(object, "by"), "name");
        assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(object, "used")), line == 0);
        cJSON_Delete(object);
    }
    RUN(&r, "preset", "find", "--json", unknown_game());
    expect_refused(&r, 1, "no preset in the library knows ");
}

static void test_json_of_show(void **state)
{
    (void)state;
    RUN(&r, "preset", "show", "--json", KUMITE);
    kata_expect(&r, 0);
    cJSON *object = expect_keys(
        0, "path game system hash canonical_hash frame_skip horizon_frames ports max_steps "
           "actions variables starts similarity provenance warnings");
    assert_string_equal(text_of(object, "system"), "nes");
    const cJSON *actions = cJSON_GetObjectItem(object, "actions");
    assert_int_equal(cJSON_GetArraySize(actions), 24);
    bool has_fireball = false;
    for (const cJSON *action = actions->child; action; action = action->next)
        has_fireball |= strcmp(text_of(action, "name"), "Fireball") == 0 &&
                        strcmp(text_of(action, "notation"), "236B") == 0 &&
                        cJSON_IsTrue(cJSON_GetObjectItem(action, "macro")) &&
                        cJSON_GetObjectItem(action, "frames")->valueint == 6;
    assert_true(has_fireball);
    const cJSON *variable = cJSON_GetArrayItem(cJSON_GetObjectItem(object, "variables"), 0);
    assert_true(cJSON_IsNumber(cJSON_GetObjectItem(variable, "address")));
    int num_defaults = 0;
    const cJSON *starts = cJSON_GetObjectItem(object, "starts");
    for (const cJSON *start = starts->child; start; start = start->next)
        num_defaults += cJSON_IsTrue(cJSON_GetObjectItem(start, "default"));
    assert_int_equal(num_defaults, 1);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(object, "similarity")));
    assert_string_equal(text_of(cJSON_GetObjectItem(object, "provenance"), "licence"), "MIT");
    cJSON_Delete(object);
    RUN(&r, "preset", "show", "--json", put("bad.json", "[]"));
    expect_refused(&r, 1, "bad.json");
}

/* test_preset_json PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_of_validate),
        cmocka_unit_test(test_json_of_list_and_find),
        cmocka_unit_test(test_json_of_show),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
