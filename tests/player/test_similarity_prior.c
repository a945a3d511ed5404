/* test_similarity_prior.c - how alike actions are said to be at first, and what is kept of it. */
#include "similarity_prior.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "files.h"
#include "training.h"
#include "why.h"

enum { NEUTRAL, FORWARD, BACK, SWEEP, FIREBALL, DRAGON, LEFTWARDS, NOTHING, NUM_ACTIONS };

/* A step is 4 frames, a motion's direction and a press 3 each. The rows are two moves of this game
 * and one of another. */
static const char fighter[] =
    "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4, \"motion_frames\": 3, \"press_frames\": 3},"
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"},"
    "   {\"name\": \"Forward\", \"pad\": \"6\"}, {\"name\": \"Back\", \"pad\": \"4\"},"
    "   {\"name\": \"Sweep\", \"pad\": \"2B\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Dragon\", \"notation\": \"236A\"},"
    "   {\"name\": \"Leftwards\", \"notation\": \"4{4}\", \"mirrors\": false},"
    "   {\"name\": \"Nothing\", \"notation\": \"5{9}\"}]},"
    " \"similarity\": {\"rows\": [\"236B\", \"236A\", \"22B\"], \"upper\": [[0.875, 0.5], [0.25]],"
    "  \"decisions\": 7}, \"starts\": {\"go\": [\"{5}\"]}, \"default_start\": \"go\"}";

static preset_t *parse(const char *text, size_t num_bytes)
{
    why_t why = "";
    preset_t *preset;
    if (!preset_parse(&preset, text, num_bytes, "test", why)) fail_msg("%s", why);
    return preset;
}

static preset_t *kumite(void)
{
    why_t why = "";
    preset_t *preset;
    if (!preset_load(&preset, "presets/library/nes/Kumite.kata.json", why)) fail_msg("%s", why);
    return preset;
}

static void assert_near(double found, double expected)
{
    if (!(fabs(found - expected) < 1e-6)) fail_msg("found %g, expected %g", found, expected);
}

static void test_structure_is_what_is_pressed_together_of_what_is_pressed(void **state)
{
    (void)state;
    preset_t *preset = parse(fighter, sizeof fighter - 1);
    assert_int_equal(preset_num_actions(preset), NUM_ACTIONS);
    const struct {
        int32_t a, b;
        double expected;
    } cases[] = {
        /* down 3, down+right 3, right+button 3: 15 buttons; all but the last 3 in common of 18 */
        { FIREBALL, DRAGON, 12.0 / 18 },
        /* down+B for 4 frames: down in common for 4; 8 + 15 - 4 pressed by either */
        { SWEEP, FIREBALL, 4.0 / 19 },
        /* right for 4 frames: in common in the fourth alone */
        { FORWARD, FIREBALL, 1.0 / 18 },
        { FORWARD, BACK, 0 },
        /* the same pads on one side, opposite ones on the other: 4 of 4 and 0 of 8 */
        { BACK, LEFTWARDS, 4.0 / 12 },
        { NEUTRAL, NOTHING, 1 },
        { NEUTRAL, FORWARD, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_near((double)similarity_structure(preset, cases[i].a, cases[i].b),
                    cases[i].expected);
    preset_free(preset);
    preset = kumite();
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        assert_near((double)similarity_structure(preset, a, a), 1);
        for (int32_t b = 0; b < a; b++) {
            const float value = similarity_structure(preset, a, b);
            assert_true(value >= 0 && value <= 1);
            assert_true(value == similarity_structure(preset, b, a));
        }
    }
    preset_free(preset);
}

static void test_priors_are_a_number_the_structure_or_what_was_learned(void **state)
{
    (void)state;
    why_t why = "";
    float matrix[NUM_ACTIONS][NUM_ACTIONS];
    preset_t *preset = parse(fighter, sizeof fighter - 1);
    for (int prior = 0; prior < 3; prior++) {
        assert_true(similarity_prior(preset, (similarity_prior_t)prior, 0.125f, matrix[0], why));
        for (int32_t a = 0; a < NUM_ACTIONS; a++)
            for (int32_t b = 0; b < NUM_ACTIONS; b++) {
                const bool listed =
                    (a == FIREBALL && b == DRAGON) || (b == FIREBALL && a == DRAGON);
                float expected = similarity_structure(preset, a, b);
                if (prior == SIMILARITY_PRIOR_NONE) expected = 0.125f;
                if (prior == SIMILARITY_PRIOR_PRESET && listed) expected = 0.875f;
                if (a == b) expected = 0;
                assert_true(matrix[a][b] == expected);
            }
    }
    assert_string_equal(similarity_prior_name(SIMILARITY_PRIOR_STRUCTURE), "structure");
    assert_string_equal(similarity_prior_name(SIMILARITY_PRIOR_NONE), "none");
    assert_string_equal(similarity_prior_name(SIMILARITY_PRIOR_PRESET), "preset");
    assert_string_equal(similarity_prior_name(SIMILARITY_PRIOR_PROBE), "probe");
    assert_string_equal(similarity_prior_name(SIMILARITY_PRIOR_INVERSE), "inverse");
    preset_free(preset);

    static float large[PRESET_MAX_ACTIONS * PRESET_MAX_ACTIONS];
    preset = kumite();
    assert_false(similarity_prior(preset, SIMILARITY_PRIOR_PRESET, 0.5f, large, why));
    assert_non_null(strstr(why, "Kumite has no similarity"));
    preset_free(preset);
}

/* ---- what a training saves ---- */

static training_config_t config_for(const preset_t *preset, const char *dir,
                                    agent_similarity_mode_t mode)
{
    static char rom[1024];
    const char *build = getenv("KATA_BUILD"), *core = getenv("KATA_NESTOPIA");
    snprintf(rom, sizeof rom, "%s/games/kumite.nes", build ? build : "build/release");
    training_config_t config;
    training_config_defaults(&config, preset);
    config.actors.actor.core_path =
        core ? core : "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    config.actors.actor.content_path = rom;
    config.actors.actor.preset = preset;
    config.actors.actor.start = preset_default_start(preset);
    config.dir = dir;
    config.agent.replay_capacity_decisions = 2000;
    config.agent.replay_warmup_decisions = 40;
    config.agent.batch_size = 4;
    config.agent.similarity_mode = mode;
    config.agent.similarity_period_updates = 1;
    config.updates_per_decision = 0.25f;
    return config;
}

static const char *folder(const char *name)
{
    static char dir[600];
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/similarity-%s", tmp ? tmp : "/tmp", name);
    return dir;
}

static preset_t *saved_preset(const char *dir)
{
    char path[700];
    why_t why = "";
    snprintf(path, sizeof path, "%s/preset.json", dir);
    preset_t *preset;
    if (!preset_load(&preset, path, why)) fail_msg("%s", why);
    return preset;
}

static training_t *opened(const training_config_t *config)
{
    why_t why = "";
    training_t *training;
    if (!training_open(&training, config, why)) fail_msg("%s", why);
    return training;
}

static void test_a_new_agent_begins_with_the_prior_and_saves_what_it_learned(void **state)
{
    (void)state;
    why_t why = "";
    static float prior[PRESET_MAX_ACTIONS * PRESET_MAX_ACTIONS],
        learned[PRESET_MAX_ACTIONS * PRESET_MAX_ACTIONS];
    preset_t *preset = kumite();
    const int32_t A = preset_num_actions(preset);
    const char *dir = folder("meta");
    training_config_t config = config_for(preset, dir, AGENT_SIMILARITY_META);
    config.fresh = true;
    training_t *training = opened(&config);
    agent_get_similarity(training_agent(training), prior);
    for (int32_t a = 0; a < A; a++)
        for (int32_t b = 0; b < a; b++) {
            const float wanted = similarity_structure(preset, a, b);
            assert_true(fabsf(prior[a * A + b] - fminf(fmaxf(wanted, 1e-3f), 0.999f)) < 1e-4f);
        }
    training_progress_t progress;
    do {
        if (!training_turn(training, why)) fail_msg("%s", why);
        training_get_progress(training, &progress);
    } while (progress.decisions < 80);
    agent_get_similarity(training_agent(training), learned);
    assert_memory_not_equal(prior, learned, sizeof prior);
    if (!training_save(training, why)) fail_msg("%s", why);
    agent_stats_t stats;
    agent_get_stats(training_agent(training), &stats);
    training_close(training);

    preset_t *saved = saved_preset(dir);
    const preset_similarity_t *similarity = preset_similarity(saved);
    assert_non_null(similarity);
    assert_int_equal(similarity->decisions, stats.decisions);
    assert_int_equal(similarity->updates, stats.updates);
    assert_true(stats.updates > 0);
    assert_int_equal(similarity->seeds, 1);
    assert_memory_equal(similarity->version, "0.", 2);
    for (int32_t a = 0; a < A; a++) {
        const int32_t row = preset_similarity_row(saved, a);
        assert_in_range(row, 0, similarity->num_rows - 1);
        assert_string_equal(similarity->notations[row], preset_action(preset, a)->macro.notation);
        for (int32_t b = 0; b < A; b++) {
            const int32_t column = preset_similarity_row(saved, b);
            assert_true(fabsf(similarity->matrix[row * similarity->num_rows + column] -
                              learned[a * A + b]) <= 0.51e-6f);
        }
    }

    /* Going on keeps the matrix and the name of its prior. */
    config.fresh = false;
    config.similarity_prior = SIMILARITY_PRIOR_NONE;
    training = opened(&config);
    assert_true(training_resumed(training));
    assert_string_equal(training_prior(training), "structure");
    agent_get_similarity(training_agent(training), prior);
    assert_memory_equal(prior, learned, sizeof prior);
    training_close(training);

    /* Another agent begins with what the first one learned. */
    config = config_for(saved, NULL, AGENT_SIMILARITY_FIXED);
    config.similarity_prior = SIMILARITY_PRIOR_PRESET;
    training = opened(&config);
    agent_get_similarity(training_agent(training), prior);
    for (int32_t i = 0; i < A * A; i++)
        assert_true(fabsf(prior[i] - fminf(fmaxf(learned[i], i % (A + 1) ? 1e-3f : 0), 0.999f)) <
                    1e-5f);
    training_close(training);
    preset_free(saved);
    preset_free(preset);
}

static void test_without_similarity_the_preset_is_kept_to_the_byte(void **state)
{
    (void)state;
    char path[700];
    why_t why = "";
    preset_t *preset = kumite();
    const char *dir = folder("off");
    training_config_t config = config_for(preset, dir, AGENT_SIMILARITY_OFF);
    config.fresh = true;
    training_t *training = opened(&config);
    assert_string_equal(training_prior(training), "");
    if (!training_save(training, why)) fail_msg("%s", why);
    training_close(training);
    snprintf(path, sizeof path, "%s/preset.json", dir);
    uint8_t *bytes;
    size_t num_bytes, expected_bytes;
    assert_true(files_read(path, PRESET_FILE_BYTES, &bytes, &num_bytes, why));
    const char *expected = preset_text(preset, &expected_bytes);
    assert_int_equal(num_bytes, expected_bytes);
    assert_memory_equal(bytes, expected, num_bytes);
    free(bytes);
    preset_free(preset);
}

static void test_a_prior_that_the_preset_does_not_have_is_refused(void **state)
{
    (void)state;
    why_t why = "";
    preset_t *preset = kumite();
    training_config_t config = config_for(preset, NULL, AGENT_SIMILARITY_META);
    config.similarity_prior = SIMILARITY_PRIOR_PRESET;
    training_t *training;
    assert_false(training_open(&training, &config, why));
    assert_null(training);
    assert_non_null(strstr(why, "no similarity to start from"));
    preset_free(preset);
}

/* ---- from outcomes ---- */

/* Eight actions in the rows' order of the file; 0 to 3 do nearly the same, the others each
 * something else. */
static preset_t *with_outcomes(preset_t *preset, const preset_outcomes_t *how)
{
    float distances[NUM_ACTIONS * NUM_ACTIONS];
    for (int i = 0; i < NUM_ACTIONS; i++)
        for (int j = 0; j < NUM_ACTIONS; j++)
            distances[i * NUM_ACTIONS + j] = i == j ? 0 : i < 4 && j < 4 ? 0.01f : 0.5f;
    char *text = preset_with_outcomes(preset, distances, how);
    assert_non_null(text);
    preset_free(preset);
    preset = parse(text, strlen(text));
    free(text);
    return preset;
}

static const preset_outcomes_t of_a_probe = {
    .states = 9, .horizon_frames = 60, .seed = 3, .start = "go"
};
static const preset_outcomes_t of_an_inverse_model = { .decisions = 700, .seed = 4, .start = "go" };

static void test_outcomes_become_a_similarity_of_so_many_kinds(void **state)
{
    (void)state;
    preset_t *preset = parse(fighter, sizeof fighter - 1);
    float matrix[NUM_ACTIONS * NUM_ACTIONS];
    double rho[NUM_ACTIONS];
    why_t why = "";
    assert_false(similarity_has_outcomes(preset, SIMILARITY_PRIOR_PROBE));
    assert_false(similarity_has_outcomes(preset, SIMILARITY_PRIOR_INVERSE));
    assert_false(similarity_prior(preset, SIMILARITY_PRIOR_PROBE, 0, matrix, why));
    assert_non_null(strstr(why, "Fake has no outcomes: `kata similarity probe`"));

    preset = with_outcomes(preset, &of_a_probe);
    const preset_outcomes_t *outcomes = preset_outcomes(preset);
    assert_int_equal(outcomes->states, 9);
    assert_int_equal(outcomes->horizon_frames, 60);
    assert_int_equal(outcomes->seed, 3);
    assert_string_equal(outcomes->start, "go");
    assert_int_equal(outcomes->decisions, 0);
    assert_true(similarity_has_outcomes(preset, SIMILARITY_PRIOR_PROBE));
    assert_false(similarity_has_outcomes(preset, SIMILARITY_PRIOR_INVERSE));
    for (int kinds = 3; kinds <= 6; kinds++) {
        if (!similarity_from_outcomes(preset, kinds, matrix, why)) fail_msg("%s", why);
        assert_near(similarity_kinds(NUM_ACTIONS, matrix, rho), kinds);
        for (int i = 0; i < NUM_ACTIONS; i++) assert_near((double)matrix[i * NUM_ACTIONS + i], 0);
        assert_true(matrix[1] > matrix[4] && matrix[1] == matrix[NUM_ACTIONS]);
    }
    /* The four are one kind, three others stand alone, and LEFTWARDS, which is BACK but for
     * mirroring, has its row: near the four, and to BACK as the pads say. 2 sqrt(8) is 5.66. */
    assert_true(similarity_from_outcomes(preset, 4.1, matrix, why));
    assert_true(matrix[1] > 0.9f && matrix[4] < 0.1f);
    assert_true(matrix[LEFTWARDS] == matrix[BACK]);
    assert_near((double)matrix[BACK * NUM_ACTIONS + LEFTWARDS],
                (double)similarity_structure(preset, BACK, LEFTWARDS));
    assert_true(similarity_from_outcomes(preset, 0, matrix, why));
    assert_near(similarity_kinds(NUM_ACTIONS, matrix, rho), 2 * sqrt(NUM_ACTIONS));
    preset_free(preset);
}

/* Kept alike, and made a similarity of alike; only who found them differs. */
static void test_outcomes_of_an_inverse_model_are_told_from_a_probes(void **state)
{
    (void)state;
    float probed[NUM_ACTIONS * NUM_ACTIONS], learned[NUM_ACTIONS * NUM_ACTIONS];
    why_t why = "";
    preset_t *preset = with_outcomes(parse(fighter, sizeof fighter - 1), &of_a_probe);
    assert_true(similarity_prior(preset, SIMILARITY_PRIOR_PROBE, 0, probed, why));
    preset = with_outcomes(preset, &of_an_inverse_model);
    const preset_outcomes_t *outcomes = preset_outcomes(preset);
    assert_int_equal(outcomes->decisions, 700);
    assert_int_equal(outcomes->states, 0);
    assert_int_equal(outcomes->horizon_frames, 0);
    assert_int_equal(outcomes->seed, 4);
    assert_true(similarity_has_outcomes(preset, SIMILARITY_PRIOR_INVERSE));
    assert_false(similarity_has_outcomes(preset, SIMILARITY_PRIOR_PROBE));
    assert_true(similarity_prior(preset, SIMILARITY_PRIOR_INVERSE, 0, learned, why));
    assert_memory_equal(probed, learned, sizeof probed);
    preset_free(preset);
}

/* Moves that came behind the probe: it has to be done anew. */
static void test_outcomes_that_lack_an_action_are_refused(void **state)
{
    (void)state;
    preset_t *preset = with_outcomes(parse(fighter, sizeof fighter - 1), &of_a_probe);
    float matrix[(NUM_ACTIONS + 1) * (NUM_ACTIONS + 1)];
    why_t why = "";
    const preset_new_macro_t more = { "Kick", "2A" };
    char *text = preset_with_actions(preset, NULL, &more, 1, why);
    preset_t *longer = parse(text, strlen(text));
    assert_false(similarity_has_outcomes(longer, SIMILARITY_PRIOR_PROBE));
    assert_false(similarity_from_outcomes(longer, 0, matrix, why));
    assert_non_null(strstr(why, "do not know Kick"));
    preset_free(longer);
    preset_free(preset);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes_become_a_similarity_of_so_many_kinds),
        cmocka_unit_test(test_outcomes_of_an_inverse_model_are_told_from_a_probes),
        cmocka_unit_test(test_outcomes_that_lack_an_action_are_refused),
        cmocka_unit_test(test_structure_is_what_is_pressed_together_of_what_is_pressed),
        cmocka_unit_test(test_priors_are_a_number_the_structure_or_what_was_learned),
        cmocka_unit_test(test_a_new_agent_begins_with_the_prior_and_saves_what_it_learned),
        cmocka_unit_test(test_without_similarity_the_preset_is_kept_to_the_byte),
        cmocka_unit_test(test_a_prior_that_the_preset_does_not_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
