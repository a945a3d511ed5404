/* test_mined.c - moves found in an agent's own play: `kata eval --record`, `kata train --mine`. */
#include "kata.h"
#include "kept_rounds.h"
#include "mined.h"
#include "preset_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

static kata_run_t r;

static int32_t action_called(const preset_t *preset, const char *name)
{
    for (int32_t a = 0; a < preset_num_actions(preset); a++)
        if (strcmp(preset_action(preset, a)->name, name) == 0) return a;
    fail_msg("no action %s", name);
    return -1;
}

static void begin(kept_rounds_t *kept, int32_t actor)
{
    const actor_turn_t turn = { .actor = actor, .began = true };
    kept_rounds_turn(kept, &turn);
}

static void decide(kept_rounds_t *kept, int32_t actor, int32_t action, int32_t frames)
{
    const actor_turn_t turn = { .actor = actor,
                                .outcome = { .action = action, .duration_frames = frames } };
    kept_rounds_turn(kept, &turn);
}

static void end(kept_rounds_t *kept, int32_t actor, preset_result_t result, float total)
{
    const actor_turn_t turn = { .actor = actor,
                                .outcome = { .action = 0,
                                             .duration_frames = 4,
                                             .terminal = true,
                                             .result = result,
                                             .episode_return = total } };
    kept_rounds_turn(kept, &turn);
}

static void test_rounds_are_kept_apart_and_sorted(void **state)
{
    (void)state;
    preset_t *preset;
    why_t why = "";
    kept_rounds_t kept;
    if (!preset_load(&preset, KUMITE, why)) fail_msg("%s", why);
    const int32_t fireball = action_called(preset, "Fireball");
    assert_true(kept_rounds_open(&kept, preset, 2));
    begin(&kept, 0);
    begin(&kept, 1);
    decide(&kept, 0, fireball, 8);
    decide(&kept, 1, fireball, 5); /* the round ended within it */
    end(&kept, 1, PRESET_LOST, 9);
    begin(&kept, 1);
    decide(&kept, 1, fireball, 8);
    begin(&kept, 1); /* its game crashed: anew */
    end(&kept, 1, PRESET_WON, -1);
    end(&kept, 0, PRESET_WON, 3);
    assert_int_equal(kept.num_rounds, 3);
    kept_rounds_sort(&kept);
    assert_float_equal(kept.rounds[0].episode_return, 3, 0); /* won, and with more */
    assert_float_equal(kept.rounds[1].episode_return, -1, 0);
    assert_float_equal(kept.rounds[2].episode_return, 9, 0);
    assert_int_equal(kept.rounds[0].num_frames, 12);
    assert_int_equal(kept.rounds[1].num_frames, 4);
    assert_int_equal(kept.rounds[2].num_frames, 9);
    const macro_t *macro = &preset_action(preset, fireball)->macro;
    for (int32_t f = 0; f < 8; f++) /* neutral behind its end, to whole steps */
        assert_int_equal(kept.rounds[0].pads[f], macro_pad_at(macro, f, false));
    assert_false(kept.failed);
    kept_rounds_close(&kept);
    preset_free(preset);
}

static void test_a_sequence_that_repeats_is_found_and_what_is_known_is_not(void **state)
{
    (void)state;
    preset_t *preset;
    why_t why = "";
    kept_rounds_t kept;
    if (!preset_load(&preset, KUMITE, why)) fail_msg("%s", why);
    const int32_t first = action_called(preset, "Heavy"),
                  second = action_called(preset, "Fireball");
    const int32_t num_actions = preset_num_actions(preset);
    assert_true(kept_rounds_open(&kept, preset, 1));
    uint32_t random = 1;
    for (int32_t round = 0; round < 6; round++) {
        begin(&kept, 0);
        for (int32_t n = 0; n < 40; n++) { /* noise, and between it always the same two */
            random = random * 1664525u + 1013904223u;
            const int32_t noise = (int32_t)(random >> 16) % num_actions;
            decide(&kept, 0, noise, (preset_action(preset, noise)->macro.num_frames + 3) / 4 * 4);
            decide(&kept, 0, first, 4);
            decide(&kept, 0, second, 8);
        }
        end(&kept, 0, PRESET_WON, 1);
    }
    import_macros_t *found = calloc(1, sizeof *found);
    assert_non_null(found);
    if (!mined_rounds(found, &kept, kept.num_rounds, preset, 3, why)) fail_msg("%s", why);
    assert_in_range(found->num_macros, 1, 3);
    /* Its pads are those of the two, one behind the other. */
    const macro_t *macro = &found->macros[0].macro, *a = &preset_action(preset, first)->macro,
                  *b = &preset_action(preset, second)->macro;
    int32_t at = 0, matched = 0;
    while (at < 4 && macro_pad_at(macro, 0, false) != macro_pad_at(a, at, false)) at++;
    for (int32_t f = 0; f < macro->num_frames; f++, at++)
        matched += macro_pad_at(macro, f, false) ==
                   (at < 4 ? macro_pad_at(a, at, false) : macro_pad_at(b, at - 4, false));
    assert_true(macro->num_frames >= 8);
    assert_int_equal(matched, macro->num_frames);
    for (int32_t m = 0; m < found->num_macros; m++)
        for (int32_t k = 0; k < num_actions; k++)
            assert_false(
                macro_same_steps(&found->macros[m].macro, &preset_action(preset, k)->macro));
    free(found);
    kept_rounds_close(&kept);
    preset_free(preset);
}

/* Kumite with two moves and rounds of a few seconds. */
static const char *short_preset(void)
{
    size_t num_bytes;
    char *text = (char *)kata_read_file(KUMITE, &num_bytes);
    cJSON *preset = cJSON_Parse(text), *actions = cJSON_GetObjectItem(preset, "actions");
    cJSON_ReplaceItemInObject(cJSON_GetObjectItem(preset, "timing"), "max_steps",
                              cJSON_CreateNumber(90));
    cJSON_DeleteItemFromObject(actions, "primitives");
    cJSON_ReplaceItemInObject(
        actions, "macros",
        cJSON_Parse("[{\"name\": \"Fireball\", \"notation\": \"236B\"},"
                    " {\"name\": \"Heavy rising fist\", \"notation\": \"623A\"}]"));
    char *less = cJSON_PrintUnformatted(preset);
    const char *path = put("short.json", less);
    cJSON_free(less);
    cJSON_Delete(preset);
    free(text);
    return path;
}

#define FEW                                                                                        \
    "--workers", "1", "--net", "small", "--eval-episodes", "0", "--batch", "8", "--warmup", "64",  \
        "--replay", "2000", "--updates-per-decision", "0.1"

static double number_of(const char *json, const char *key)
{
    cJSON *object = cJSON_Parse(json);
    assert_non_null(object);
    const cJSON *item = cJSON_GetObjectItem(object, key);
    if (!item) fail_msg("no %s in %s", key, json);
    const double number = item->valuedouble;
    cJSON_Delete(object);
    return number;
}

static void test_an_agents_play_is_recorded_and_mined(void **state)
{
    (void)state;
    char preset[600], one[600], dir[600];
    snprintf(preset, sizeof preset, "%s", short_preset());
    RUN(&r, "train", kata_rom(), "--preset", preset, "--mine", "2", "--decisions", "10", FEW);
    expect_refused(&r, 1, "--mine: no agent of this game is saved");
    RUN(&r, "train", kata_rom(), "--preset", preset, "--mine-from", "x", "--decisions", "10", FEW);
    expect_refused(&r, 1, "--mine-from needs --mine N");
    RUN(&r, "train", kata_rom(), "--preset", preset, "--decisions", "100", "--seed", "3", FEW);
    kata_expect(&r, 0);

    RUN(&r, "eval", kata_rom(), "--episodes", "3", "--json", "--record", kata_path("rounds"));
    kata_expect(&r, 0);
    const double frames = number_of(r.out, "frames");
    char name[256];
    assert_true(kata_finds(kata_path("rounds"), "001-", name));
    snprintf(one, sizeof one, "%s/%s", kata_path("rounds"), name);
    assert_true(kata_finds(kata_path("rounds"), "003-", name));
    assert_false(kata_finds(kata_path("rounds"), "004-", name));
    double sum = 0;
    for (int n = 1; n <= 3; n++) {
        char prefix[16], path[700];
        snprintf(prefix, sizeof prefix, "%03d-", n);
        assert_true(kata_finds(kata_path("rounds"), prefix, name));
        snprintf(path, sizeof path, "%s/%s", kata_path("rounds"), name);
        RUN(&r, "recording", "show", path, "--json");
        kata_expect(&r, 0);
        sum += number_of(r.out, "frames");
    }
    assert_float_equal(sum, frames, 0);
    RUN(&r, "macros", "mine", one, "--preset", preset, "--jitter", "0");
    kata_expect(&r, 0);

    RUN(&r, "train", kata_rom(), "--preset", preset, "--mine", "2", "--decisions", "10", FEW);
    expect_refused(&r, 1, "for which an agent begins anew: --fresh, or another --dir");
    snprintf(dir, sizeof dir, "%s", kata_path("more"));
    RUN(&r, "train", kata_rom(), "--preset", preset, "--mine", "2", "--decisions", "80", "--dir",
        dir, "--similarity", "fixed", FEW);
    kata_expect(&r, 0);
    kata_expect_out(&r, " moves more, found in the better 12 of 24 rounds (");
    const bool one_more = strstr(r.out, "1 moves more") != NULL;
    kata_expect_out(&r, one_more ? ": 3 actions, 1 worker" : ": 4 actions, 1 worker");
    kata_expect_out(&r, one_more ? "3 moves, about" : "4 moves, about"); /* the similarity's */

    /* It goes on with them, whatever the library says; --fresh begins without. */
    RUN(&r, "train", kata_rom(), "--decisions", "20", "--dir", dir, FEW);
    kata_expect(&r, 0);
    kata_expect_out(&r, one_more ? ": 3 actions, 1 worker" : ": 4 actions, 1 worker");
    RUN(&r, "eval", kata_rom(), "--episodes", "1", "--dir", dir, "--json");
    kata_expect(&r, 0);
    RUN(&r, "train", kata_rom(), "--fresh", "--decisions", "20", "--dir", dir, FEW);
    kata_expect(&r, 0);
    kata_expect_out(&r, ": 24 actions, 1 worker");
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounds_are_kept_apart_and_sorted),
        cmocka_unit_test(test_a_sequence_that_repeats_is_found_and_what_is_known_is_not),
        cmocka_unit_test(test_an_agents_play_is_recorded_and_mined),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
