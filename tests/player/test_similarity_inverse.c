/* test_similarity_inverse.c - what follows actions in random play tells which do the same: on a
 * core without savestates, on Kumite, the same with any number of workers; what cannot be played is
 * refused. */
#include "similarity_inverse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"
#include "kumite.h"
#include "similarity_probe.h"
#include "why.h"

enum { ACTIONS = KUMITE_ACTIONS, FAKE_ACTIONS = 4 };

static actor_config_t kumite_actor(void)
{
    return (actor_config_t){ .core_path = kumite_core,
                             .content_path = kumite_rom,
                             .preset = kumite_preset,
                             .start = preset_find_start(kumite_preset, "level1"),
                             .discount_per_step = 0.99f,
                             .max_idle_frames = 30,
                             .seed = 1 };
}

static similarity_inverse_config_t config_of(const actor_config_t *actor, int32_t decisions,
                                             int32_t workers)
{
    return (similarity_inverse_config_t){ .actor = actor,
                                          .num_workers = workers,
                                          .num_decisions = decisions,
                                          .silence_limit_ms = 60000 };
}

/* ---- our fake core, which cannot save ---- */

/* Two actions last a step, two last eight; the pads change nothing. The clock is all that there is
 * to see: it tells the long from the short. */
#define FAKE(seen)                                                                                 \
    "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"unknown\","                            \
    "\"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"                                           \
    "\"variables\": {\"clock\": {\"address\": 0, \"type\": \"|u1\"}},"                             \
    "\"pad\": {\"ports\": 1, \"buttons\": {\"A\": \"a\", \"START\": \"start\"}},"                  \
    "\"timing\": {\"frame_skip\": 4},"                                                             \
    "\"actions\": {\"primitives\": [{\"name\": \"Nothing\", \"pad\": \"5\"},"                      \
    "{\"name\": \"A\", \"pad\": \"A\"}], \"macros\": [{\"name\": \"Long\", \"notation\": "         \
    "\"6{32}\"}, {\"name\": \"Long A\", \"notation\": \"A{32}\"}]},"                               \
    "\"reward\": {\"variables\": {\"clock\": {\"reward\": 1}}}," seen                              \
    "\"done\": {\"variables\": {\"clock\": {\"op\": \"equal\", \"reference\": 255}}},"             \
    "\"starts\": {\"here\": [\"{20}\"], \"never\": [\"until clock == 300 within 9\"]},"            \
    " \"default_start\": \"here\"}"

static char fake_core[1024], fake_content[1024];

static void find_fake(const char *content)
{
    why_t why = "";
    const char *build = getenv("KATA_BUILD"), *folder = getenv("TMPDIR");
    snprintf(fake_core, sizeof fake_core, "%s/tests/fake_core/plain_libretro.so",
             build ? build : "build/release");
    snprintf(fake_content, sizeof fake_content, "%s/inverse-%d.fake", folder ? folder : "/tmp",
             (int)getpid());
    if (!files_replace(fake_content, content, strlen(content), why)) fail_msg("%s", why);
}

static preset_t *fake_preset(const char *text)
{
    why_t why = "";
    preset_t *preset;
    if (!preset_parse(&preset, text, strlen(text), "test", why)) fail_msg("%s", why);
    assert_int_equal(preset_num_actions(preset), FAKE_ACTIONS);
    return preset;
}

static actor_config_t fake_actor(const preset_t *preset, const char *start)
{
    return (actor_config_t){ .core_path = fake_core,
                             .content_path = fake_content,
                             .preset = preset,
                             .start = preset_find_start(preset, start),
                             .discount_per_step = 0.99f,
                             .max_idle_frames = 30,
                             .seed = 1 };
}

static void test_no_savestate_is_needed(void **state)
{
    (void)state;
    float d[FAKE_ACTIONS * FAKE_ACTIONS];
    similarity_inverse_result_t result;
    why_t why = "";
    find_fake("FAKE no_state");
    preset_t *preset =
        fake_preset(FAKE("\"observe\": [{\"variable\": \"clock\", \"range\": [0, 255]}],"));
    const actor_config_t actor = fake_actor(preset, "here");
    similarity_inverse_config_t config = config_of(&actor, 1000, 2);
    if (!similarity_inverse(d, &result, &config, why)) fail_msg("%s", why);
    assert_int_equal(result.num_decisions, 1000);
    assert_false(result.sees_pictures);
    assert_true(result.frames >= 1000 * 4);
    assert_true(result.seconds >= result.play_seconds && result.play_seconds > 0);
    enum { NOTHING, A, LONG, LONG_A };
    const float same[] = { d[NOTHING * 4 + A], d[LONG * 4 + LONG_A] };
    const float other[] = { d[NOTHING * 4 + LONG], d[NOTHING * 4 + LONG_A], d[A * 4 + LONG],
                            d[A * 4 + LONG_A] };
    for (int32_t i = 0; i < 2; i++)
        if (!(same[i] < 0.2f)) fail_msg("two that do the same are %g apart", (double)same[i]);
    for (int32_t i = 0; i < 4; i++)
        if (!(other[i] > 0.7f)) fail_msg("a short and a long one are %g apart", (double)other[i]);

    /* A probe cannot, and says what can. */
    similarity_probe_result_t probed;
    const similarity_probe_config_t probe = { .actor = &actor,
                                              .num_workers = 1,
                                              .num_states = 1,
                                              .horizon_frames = 60,
                                              .silence_limit_ms = 60000 };
    assert_false(similarity_probe(d, &probed, &probe, why));
    assert_non_null(strstr(why, "has no savestates, which a probe needs: `kata similarity inverse` "
                                "and --similarity inverse learn from play alone"));
    preset_free(preset);
    unlink(fake_content);
}

/* The fake core's pictures are noise. */
static void test_without_observe_it_looks_at_pictures_and_makes_nothing_up(void **state)
{
    (void)state;
    float d[FAKE_ACTIONS * FAKE_ACTIONS];
    similarity_inverse_result_t result;
    why_t why = "";
    find_fake("FAKE no_state");
    preset_t *preset = fake_preset(FAKE(""));
    const actor_config_t actor = fake_actor(preset, "here");
    const similarity_inverse_config_t config = config_of(&actor, 300, 1);
    assert_false(similarity_inverse(d, &result, &config, why));
    assert_string_equal(why, "from what follows 300 decisions of random play no action is told "
                             "from another: play more of them");
    assert_true(result.sees_pictures);
    assert_int_equal(result.num_decisions, 300);
    preset_free(preset);
    unlink(fake_content);
}

static bool stop_at_once(void *context, const similarity_inverse_progress_t *progress)
{
    ++*(int32_t *)context;
    return progress->decisions == 0 && progress->seconds < 0.05;
}

static void test_what_cannot_be_played_is_refused(void **state)
{
    (void)state;
    float d[FAKE_ACTIONS * FAKE_ACTIONS];
    similarity_inverse_result_t result;
    why_t why = "";
    find_fake("FAKE no_state");
    preset_t *preset = fake_preset(FAKE(""));
    actor_config_t actor = fake_actor(preset, "never");
    similarity_inverse_config_t config = config_of(&actor, 300, 1);
    assert_false(similarity_inverse(d, &result, &config, why));
    assert_non_null(strstr(why, "while it was played at random: "));
    assert_non_null(strstr(why, "was not reached within 9 frames"));

    actor = fake_actor(preset, "here");
    actor.content_path = "/nowhere.fake";
    assert_false(similarity_inverse(d, &result, &config, why));
    assert_non_null(strstr(why, "/nowhere.fake"));

    find_fake("FAKE no_state crash_at=100");
    actor = fake_actor(preset, "here");
    assert_false(similarity_inverse(d, &result, &config, why));
    assert_non_null(strstr(why, "plain_libretro.so playing inverse-"));

    int32_t calls = 0;
    find_fake("FAKE no_state frame_usec=1000");
    config.watch = stop_at_once;
    config.context = &calls;
    assert_false(similarity_inverse(d, &result, &config, why));
    assert_string_equal(why, "it was ended before the first 250 decisions");
    assert_true(calls > 0);

    config.watch = NULL;
    config.silence_limit_ms = 0; /* nobody is so quick */
    assert_false(similarity_inverse(d, &result, &config, why));
    assert_non_null(strstr(why, "no frame for 0 s while it was played at random"));
    preset_free(preset);
    unlink(fake_content);
}

/* ---- Kumite ---- */

static void test_kumites_own_pads_are_not_looked_at_and_kinds_are_above_chance(void **state)
{
    (void)state;
    assert_int_equal(preset_num_actions(kumite_preset), ACTIONS);
    float distances[ACTIONS * ACTIONS];
    const actor_config_t actor = kumite_actor();
    const similarity_inverse_config_t config = config_of(&actor, 1000, 2);
    similarity_inverse_result_t result;
    why_t why = "";
    if (!similarity_inverse(distances, &result, &config, why)) fail_msg("%s", why);
    assert_int_equal(result.num_decisions, 1000);
    assert_false(result.sees_pictures);
    /* log 24 is 3.18; where the own pads are looked at it falls below 2.5. */
    assert_true(result.model.held_out_loss < result.model.chance_loss - 0.05);
    assert_true(result.model.held_out_loss > 2.5);
    /* 0.5 is chance, and what permuted names give; docs/results has what was measured. */
    const double auc = kumite_auc(distances);
    if (!(auc > 0.56)) fail_msg("area under the ROC curve %.3f", auc);
}

static void test_workers_change_nothing(void **state)
{
    (void)state;
    float one[ACTIONS * ACTIONS], three[ACTIONS * ACTIONS], other[ACTIONS * ACTIONS];
    actor_config_t actor = kumite_actor();
    similarity_inverse_config_t config = config_of(&actor, 1000, 1);
    similarity_inverse_result_t result;
    why_t why = "";
    if (!similarity_inverse(one, &result, &config, why)) fail_msg("%s", why);
    config.num_workers = 3;
    if (!similarity_inverse(three, &result, &config, why)) fail_msg("%s", why);
    assert_memory_equal(one, three, sizeof one);
    actor.seed = 99;
    if (!similarity_inverse(other, &result, &config, why)) fail_msg("%s", why);
    assert_memory_not_equal(one, other, sizeof one);
    /* When the time is over it learns from what is whole, each worker's first block at least; 500
     * decisions are too few here, and it says so. */
    config.num_decisions = 20000;
    config.num_workers = 2;
    config.max_seconds = 1e-3;
    assert_false(similarity_inverse(other, &result, &config, why));
    assert_int_equal(result.num_decisions, 2 * SIMILARITY_INVERSE_BLOCK);
    assert_non_null(
        strstr(why, "from what follows 500 decisions of random play no action is told"));
}

/* Of outcomes that were kept: what docs/results says of them. */
static int print_areas(char *const *paths)
{
    for (; *paths; paths++) {
        float distances[ACTIONS * ACTIONS];
        int32_t rows[ACTIONS];
        why_t why = "";
        preset_t *preset;
        if (!preset_load(&preset, *paths, why)) fail_msg("%s", why);
        const preset_outcomes_t *outcomes = preset_outcomes(preset);
        if (!outcomes) fail_msg("%s has no outcomes", *paths);
        for (int32_t a = 0; a < ACTIONS; a++) {
            const macro_t *macro = &preset_action(kumite_preset, a)->macro;
            rows[a] = preset_table_find(preset, &outcomes->table, macro);
            if (rows[a] < 0) fail_msg("%s does not know %s", *paths, macro->notation);
        }
        for (int32_t i = 0; i < ACTIONS * ACTIONS; i++)
            distances[i] =
                outcomes->table
                    .matrix[rows[i / ACTIONS] * outcomes->table.num_rows + rows[i % ACTIONS]];
        printf("%s: area under the ROC curve %.3f\n", *paths, kumite_auc(distances));
        preset_free(preset);
    }
    return 0;
}

/* test_similarity_inverse PRESET... prints how well their outcomes tell Kumite's kinds apart. */
int main(int argc, char **argv)
{
    if (argc > 1) return kumite_load(NULL) || print_areas(argv + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_savestate_is_needed),
        cmocka_unit_test(test_without_observe_it_looks_at_pictures_and_makes_nothing_up),
        cmocka_unit_test(test_what_cannot_be_played_is_refused),
        cmocka_unit_test(test_kumites_own_pads_are_not_looked_at_and_kinds_are_above_chance),
        cmocka_unit_test(test_workers_change_nothing),
    };
    return cmocka_run_group_tests(tests, kumite_load, kumite_unload);
}
