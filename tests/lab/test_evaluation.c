/* test_evaluation.c - rounds that are played for the record, on a real core. */
#include "evaluation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "learning.h"
#include "why.h"

static preset_t *preset;
static char rom[1024];
static const char *core;

static int load(void **state)
{
    (void)state;
    why_t why = "";
    const char *build = getenv("KATA_BUILD"), *own = getenv("KATA_NESTOPIA");
    snprintf(rom, sizeof rom, "%s/games/kumite.nes", build ? build : "build/release");
    core = own ? own : "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    if (preset_load(&preset, "presets/library/nes/Kumite.kata.json", why)) return 0;
    print_error("%s\n", why);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    preset_free(preset);
    return 0;
}

static actor_pool_config_t config_for(int32_t num_actors)
{
    return (actor_pool_config_t){ .num_actors = num_actors,
                                  .actor = { .core_path = core,
                                             .content_path = rom,
                                             .preset = preset,
                                             .start = preset_default_start(preset),
                                             .discount_per_step = 0.99f,
                                             .max_idle_frames = 30,
                                             .seed = 5 } };
}

static void test_evaluations_count_every_episode_once(void **state)
{
    (void)state;
    why_t why = "";
    evaluation_result_t results[2];
    for (int round = 0; round < 2; round++) {
        actor_pool_config_t config = config_for(1 + round); /* the same rounds by two actors */
        if (!evaluation_play(NULL, EVALUATION_RANDOM, &config, 4, 0, NULL, NULL, &results[round],
                             why))
            fail_msg("%s", why);
        const evaluation_result_t *r = &results[round];
        assert_int_equal(r->episodes, 4);
        assert_int_equal(r->won + r->lost + r->drawn, 4);
        assert_int_equal(r->courses, 4); /* random actions: no two rounds are the same */
        assert_int_equal(r->courses_won, r->won);
        assert_true(r->win_low <= r->win_rate && r->win_rate <= r->win_high);
        assert_true(r->win_low >= 0 && r->win_high <= 1 && r->win_high - r->win_low > 0.3f);
    }
    assert_memory_equal(&results[0], &results[1], sizeof results[0]);
}

/* Where there are several starts each has its share of the rounds, and of the counts. */
static void test_rounds_of_several_starts_in_turn(void **state)
{
    (void)state;
    why_t why = "";
    evaluation_result_t r;
    actor_pool_config_t config = config_for(2);
    config.actor.num_starts = 2;
    config.actor.starts[0] = preset_find_start(preset, "level8");
    config.actor.starts[1] = preset_find_start(preset, "level1");
    if (!evaluation_play(NULL, EVALUATION_RANDOM, &config, 24, 0, NULL, NULL, &r, why))
        fail_msg("%s", why);
    assert_int_equal(r.num_starts, 2);
    int32_t won = 0, courses = 0;
    for (int32_t s = 0; s < 2; s++) {
        const evaluation_start_t *start = &r.starts[s];
        assert_int_equal(start->episodes, 12);
        assert_int_equal(start->won + start->lost + start->drawn, 12);
        assert_true(start->win_low <= start->win_rate && start->win_rate <= start->win_high);
        won += start->won;
        courses += start->courses;
    }
    assert_int_equal(won, r.won);
    assert_int_equal(courses, r.courses);
    assert_true(r.starts[0].won < r.starts[1].won); /* random play: level 8 is the hardest */
}

static agent_t *make_agent(void)
{
    agent_config_t config;
    agent_t *agent = NULL;
    why_t why = "";
    agent_config_defaults(&config, preset_num_actions(preset));
    config.net_kind = AGENT_NET_SMALL;
    config.num_streams = 1;
    if (agent_create(&agent, &config, why) != AGENT_OK) fail_msg("%s", why);
    return agent;
}

/* Greedy play of a deterministic core from two starts: two rounds, however often they are played.
 */
static void test_repeated_rounds_count_once(void **state)
{
    (void)state;
    why_t why = "";
    evaluation_result_t r, twice;
    agent_t *agent = make_agent();
    actor_pool_config_t config = config_for(1);
    config.actor.max_idle_frames = 1;
    for (int32_t episodes = 4; episodes <= 8; episodes += 4) {
        evaluation_result_t *result = episodes == 4 ? &r : &twice;
        if (!evaluation_play(agent_policy(agent), EVALUATION_AGENT, &config, episodes, 0, NULL,
                             NULL, result, why))
            fail_msg("%s", why);
        assert_int_equal(result->episodes, episodes);
        assert_in_range(result->courses, 1, 2);
        assert_in_range(result->courses_won, 0, result->courses);
        assert_true(result->win_rate == (float)result->courses_won / (float)result->courses);
        /* two rounds at most say hardly anything */
        assert_true(result->win_high - result->win_low > 0.6f);
    }
    char sentence[EVALUATION_SENTENCE_BYTES];
    evaluation_sentence(sentence, sizeof sentence, &twice);
    assert_non_null(strstr(sentence, "of 8 rounds"));
    assert_non_null(strstr(sentence, twice.courses == 1 ? ", 1 different" : ", 2 different"));

    /* Sticky steps make them differ, and not more than there are. */
    evaluation_vary(&config, 30);
    config.actor.min_idle_frames = config.actor.max_idle_frames = 31;
    config.actor.sticky_probability = 0.25f;
    if (!evaluation_play(agent_policy(agent), EVALUATION_AGENT, &config, 4, 0, NULL, NULL, &r, why))
        fail_msg("%s", why);
    assert_in_range(r.courses, 2, 4);
    agent_destroy(agent);
}

/* No evaluation begins where training does. */
static void test_evaluations_begin_elsewhere_than_training(void **state)
{
    (void)state;
    for (int32_t trained = 0; trained <= 60; trained += 30) {
        actor_pool_config_t training = config_for(2);
        training.actor.max_idle_frames = trained;
        training.actor.sticky_probability = 0.5f;
        const actor_pool_config_t actors = learning_evaluation_actors(&training);
        assert_int_equal(actors.actor.min_idle_frames, trained + 1);
        assert_int_equal(actors.actor.max_idle_frames - actors.actor.min_idle_frames, trained);
        assert_true(actors.actor.sticky_probability == EVALUATION_STICKY);
        assert_int_not_equal(actors.actor.seed, training.actor.seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evaluations_count_every_episode_once),
        cmocka_unit_test(test_rounds_of_several_starts_in_turn),
        cmocka_unit_test(test_repeated_rounds_count_once),
        cmocka_unit_test(test_evaluations_begin_elsewhere_than_training),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
