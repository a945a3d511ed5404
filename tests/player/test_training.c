/* test_training.c - one training of a game at a time, damaged saves, and agents of other actions
 * told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kumite.h"
#include "memory_free.h"
#include "note.h"
#include "training.h"
#include "training_parts.h"
#include "why.h"

static char dir[600];

static void make_config(training_config_t *config, const char *name)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/%s", tmp ? tmp : "/tmp", name);
    training_config_defaults(config, kumite_preset);
    config->actors.actor.core_path = kumite_core;
    config->actors.actor.content_path = kumite_rom;
    config->actors.actor.preset = kumite_preset;
    config->actors.actor.start = preset_default_start(kumite_preset);
    config->dir = dir;
    config->agent.replay_warmup_decisions = 1000;
}

static void play(training_t *training, uint64_t decisions)
{
    training_progress_t p = { 0 };
    why_t why;
    while (p.decisions < decisions) {
        if (!training_turn(training, why)) fail_msg("%s", why);
        training_get_progress(training, &p);
    }
}

static const char *file_in_dir(const char *name)
{
    static char path[700];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

/* One bit in the middle. */
static void damage(const char *name)
{
    FILE *file = fopen(file_in_dir(name), "r+b");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    const long middle = ftell(file) / 2;
    fseek(file, middle, SEEK_SET);
    const int byte = fgetc(file);
    fseek(file, middle, SEEK_SET);
    fputc(byte ^ 1, file);
    fclose(file);
}

static training_t *open_or_fail(const training_config_t *config)
{
    training_t *training;
    why_t why;
    if (!training_open(&training, config, why)) fail_msg("%s", why);
    return training;
}

static void test_one_game_is_trained_once_at_a_time(void **state)
{
    (void)state;
    char left[700];
    why_t why = "";
    training_config_t config;
    make_config(&config, "training-once");
    training_t *first, *second;
    if (!training_open(&first, &config, why)) fail_msg("%s", why);
    assert_false(training_open(&second, &config, why));
    assert_null(second);
    assert_non_null(strstr(why, "another training of this game is running"));
    assert_true(training_save(first, why));
    training_close(first);

    snprintf(left, sizeof left, "%s/agent.safetensors.tmp-Ab12Cd", dir);
    fclose(fopen(left, "w")); /* a save that was killed */
    if (!training_open(&first, &config, why)) fail_msg("%s", why);
    assert_true(training_resumed(first));
    assert_int_not_equal(access(left, F_OK), 0);
    training_close(first);
}

static void test_a_damaged_save_is_gone_back_from(void **state)
{
    (void)state;
    training_config_t config;
    training_progress_t first, second, p;
    make_config(&config, "training-damaged");
    training_t *training = open_or_fail(&config);
    play(training, 20);
    assert_true(training_save(training, NULL));
    training_get_progress(training, &first);
    play(training, 40);
    assert_true(training_save(training, NULL));
    training_get_progress(training, &second);
    training_close(training);

    training = open_or_fail(&config); /* sound: nothing is said */
    assert_null(training_news(training));
    training_get_progress(training, &p);
    assert_true(p.decisions == second.decisions && p.frames == second.frames);
    training_close(training);

    damage("agent.safetensors");
    training = open_or_fail(&config);
    const char *news = training_news(training);
    assert_non_null(news);
    assert_non_null(strstr(news, "is damaged, it is not what was saved"));
    assert_non_null(strstr(news, "went back to the save before it, and kept the damaged one as "
                                 "agent.safetensors.damaged"));
    assert_null(training_news(training));
    training_get_progress(training, &p); /* the counters of that save, too */
    assert_true(p.decisions == first.decisions && p.frames == first.frames);
    assert_int_equal(access(file_in_dir("agent.safetensors.damaged"), F_OK), 0);
    training_close(training); /* killed before its first save: it still goes back */
    training = open_or_fail(&config);
    assert_non_null(strstr(training_news(training), "is missing"));
    assert_true(training_save(training, NULL));
    training_close(training);

    damage("agent.safetensors");
    damage("agent.safetensors.previous");
    why_t why = "";
    assert_false(training_open(&training, &config, why));
    assert_non_null(strstr(why, "cannot be gone on from, either"));
    assert_non_null(strstr(why, "begin anew with --fresh"));
    assert_int_equal(access(file_in_dir("agent.safetensors"), F_OK), 0); /* nothing was lost */
}

static void test_a_replay_memory_that_is_kept_is_gone_on_with(void **state)
{
    (void)state;
    training_config_t config;
    training_progress_t saved, p;
    training_replay_sizes_t sizes;
    why_t why = "";
    make_config(&config, "training-replay");
    config.agent.replay_capacity_decisions = 2000;
    config.keep_replay = true;
    training_t *training = open_or_fail(&config);
    training_replay_sizes(training, &sizes);
    assert_true(sizes.likely_bytes > 0 && sizes.likely_bytes <= sizes.most_bytes);
    assert_true(sizes.most_bytes < sizes.agent_bytes + (1 << 20));
    play(training, 60);
    assert_true(training_save_all(training, NULL));
    training_get_progress(training, &saved);
    assert_true(saved.agent.replay_size_decisions > 30);
    training_close(training);

    training = open_or_fail(&config);
    training_get_progress(training, &p);
    /* Those whose windows were open end at the last decision now. */
    assert_true(p.agent.replay_size_decisions >= saved.agent.replay_size_decisions);
    play(training, 80);
    assert_true(training_save_all(training, NULL));
    training_close(training);

    config.keep_replay = false; /* not asked for: left alone */
    training = open_or_fail(&config);
    training_get_progress(training, &p);
    assert_int_equal(p.agent.replay_size_decisions, 0);
    assert_true(training_save_all(training, NULL));
    training_close(training);
    config.keep_replay = true;
    config.actors.num_actors = 2; /* another shape: refused, nothing is lost */
    assert_false(training_open(&training, &config, why));
    assert_non_null(strstr(why, "was kept of 1 streams"));
    config.actors.num_actors = 1;
    damage("replay.kata");
    training = open_or_fail(&config);
    const char *news = training_news(training);
    assert_non_null(news);
    assert_non_null(strstr(news, "training goes on with an empty replay memory"));
    training_get_progress(training, &p);
    assert_int_equal(p.agent.replay_size_decisions, 0);
    training_close(training);
}

static void test_a_replay_memory_that_does_not_fit_is_refused_with_numbers(void **state)
{
    (void)state;
    why_t why = "";
    training_replay_sizes_t sizes = { .likely_bytes = (uint64_t)1100 << 20,
                                      .most_bytes = (uint64_t)1600 << 20,
                                      .agent_bytes = (uint64_t)1700 << 20,
                                      .free_bytes = (uint64_t)1200 << 20 };
    assert_true(training_has_room(&sizes, 1000000, false, why));
    sizes.free_bytes--;
    assert_false(training_has_room(&sizes, 1000000, false, why));
    assert_string_equal(why, "a replay memory of 1000000 decisions takes about 1100 MiB and the "
                             "networks 100, found 1199 MiB free: a smaller --replay or "
                             "--replay-memory needs less");
    assert_false(training_has_room(&sizes, 1000000, true, why));
    assert_non_null(strstr(why, "a new agent (--fresh) with a smaller"));
    sizes.free_bytes = 0; /* nobody knows */
    assert_true(training_has_room(&sizes, 1000000, false, why));
    assert_true(memory_free_bytes() > 1 << 20);

    const uint64_t mib = 1 << 20;
    assert_true(training_has_disk("dir", 100 * mib, 200 * mib, false, why));
    assert_false(training_has_disk("dir", 100 * mib, 200 * mib - 1, false, why));
    assert_string_equal(why, "dir: the replay memory takes up to 100 MiB there, and as much again "
                             "while it is saved, found 199 MiB free: a smaller --replay-memory "
                             "needs less");
}

/* A damaged train.state costs no training: its counters are those of the save before. */
static void test_a_damaged_state_is_not_believed(void **state)
{
    (void)state;
    training_config_t config;
    training_progress_t saved, p;
    make_config(&config, "training-state");
    training_t *training = open_or_fail(&config);
    play(training, 20);
    assert_true(training_save(training, NULL));
    training_get_progress(training, &saved);
    assert_true(training_save(training, NULL));
    training_close(training);
    for (int32_t i = 0; i < 2; i++) {
        damage(i ? "train.state.previous" : "train.state");
        training = open_or_fail(&config);
        training_get_progress(training, &p);
        assert_true(p.decisions == saved.decisions);
        assert_true(p.frames == (i ? 0 : saved.frames));
        training_close(training);
    }
}

static void test_notes_tell_agents_that_see_other_numbers_apart(void **state)
{
    (void)state;
    static char note[NOTE_BYTES];
    why_t why = "";
    agent_config_t agent;
    agent_config_defaults(&agent, 1);
    assert_true(note_make(note, sizeof note, kumite_preset, 0, 0));
    assert_true(player_set_eyes(&agent, kumite_preset, AGENT_EYES_VARIABLES, why));
    assert_int_equal(agent.obs_values, preset_num_observed(kumite_preset));
    if (!note_fits(note, &agent, kumite_preset, why)) fail_msg("%s", why);
    agent.obs_values--;
    assert_false(note_fits(note, &agent, kumite_preset, why));
    assert_string_equal(why, "the agent sees 95 numbers, the preset lists 96");
    agent.obs_values++;
    char *line = strstr(note, "sees=health from 0 to 96");
    assert_non_null(line);
    line[5] = 'w';
    assert_false(note_fits(note, &agent, kumite_preset, why));
    assert_string_equal(why, "the agent was trained to see other variables: its number 4 is wealth "
                             "from 0 to 96, the preset's is health from 0 to 96");
    *line = '\0';
    assert_false(note_fits(note, &agent, kumite_preset, why));
    assert_non_null(strstr(why, "its number 4 is missing, the preset's is health"));
    /* What it does not look at may differ. */
    assert_true(player_set_eyes(&agent, kumite_preset, AGENT_EYES_PICTURES, why));
    assert_int_equal(agent.obs_values, 0);
    assert_true(note_fits(note, &agent, kumite_preset, why));
}

static void test_notes_tell_agents_of_other_actions_apart(void **state)
{
    (void)state;
    static char note[NOTE_BYTES];
    char *line;
    why_t why = "";
    agent_config_t agent;
    agent_config_defaults(&agent, 1);
    assert_false(note_make(note, 40, kumite_preset, 0, 0));
    assert_true(note_make(note, sizeof note, kumite_preset, 2, 1));
    assert_true(note_fits(note, &agent, kumite_preset, why));
    assert_non_null(strstr(note, "\nport=2\n"));
    line = strstr(strstr(note, "action=") + 1, "action="); /* the second: forward */
    assert_non_null(line);
    const char held = line[7];
    line[7] = '3';
    assert_false(note_fits(note, &agent, kumite_preset, why));
    assert_non_null(strstr(why, "action 2 is 3"));
    line[7] = held;
    *strstr(note, "action=") = '\0';
    assert_false(note_fits(note, &agent, kumite_preset, why));
    assert_non_null(strstr(why, "0 actions"));
}

static void test_a_horizon_in_frames_is_a_discount_of_a_step(void **state)
{
    (void)state;
    static const struct {
        const char *timing;
        double discount; /* exp(-frame_skip / horizon_frames) */
    } rows[] = {
        { "\"frame_skip\": 8, \"horizon_frames\": 160", 0.95122942 },
        { "\"frame_skip\": 4, \"horizon_frames\": 160", 0.97530991 },
        { "\"frame_skip\": 8, \"horizon_frames\": 0", 0.99 },
        { "\"frame_skip\": 8", 0.99 },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char text[600];
        preset_t *preset;
        training_config_t config;
        why_t why;
        snprintf(text, sizeof text,
                 "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"timing\": {%s},"
                 " \"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]},"
                 " \"starts\": {\"s\": []}}",
                 rows[r].timing);
        if (!preset_parse(&preset, text, strlen(text), "horizon", why)) fail_msg("%s", why);
        training_config_defaults(&config, preset);
        assert_true(fabs((double)config.agent.discount_per_step - rows[r].discount) < 1e-6);
        preset_free(preset);
    }
}

/* Who sees numbers alone has defaults of its own; eyes that are chosen later bring theirs. */
static void test_defaults_suit_the_eyes(void **state)
{
    (void)state;
    training_config_t numbers, pictures;
    training_config_defaults(&numbers, kumite_preset);
    training_config_defaults(&pictures, NULL);
    assert_int_equal(numbers.agent.eyes, AGENT_EYES_VARIABLES);
    assert_float_equal(numbers.agent.munchausen, 0.9, 1e-6);
    assert_float_equal(numbers.agent.epsilon_end, 0.1, 1e-6);
    assert_int_equal(numbers.agent.epsilon_ramp_decisions, 4000);
    assert_float_equal(numbers.updates_per_decision, 0.25, 1e-6);
    assert_int_equal(numbers.agent.replay_capacity_decisions, 50000);
    training_config_suit_agents(&pictures, AGENT_EYES_PICTURES);
    assert_int_equal(pictures.agent.replay_capacity_decisions, 50000);
    training_config_suit_agents(&numbers, AGENT_EYES_VARIABLES);
    assert_int_equal(numbers.agent.replay_capacity_decisions, 300000);
    assert_float_equal(numbers.agent.munchausen, 0.9, 1e-6);
    assert_float_equal(numbers.agent.epsilon_end, 0.02, 1e-6);
    assert_int_equal(numbers.agent.epsilon_ramp_decisions, 8000);
    assert_float_equal(pictures.agent.munchausen, 0, 1e-6);
    assert_float_equal(pictures.updates_per_decision, 0.5, 1e-6);
    training_config_suit(&numbers, AGENT_EYES_BOTH);
    assert_float_equal(numbers.agent.munchausen, 0, 1e-6);
    assert_float_equal(numbers.agent.epsilon_end, pictures.agent.epsilon_end, 1e-6);
    assert_int_equal(numbers.agent.epsilon_ramp_decisions, pictures.agent.epsilon_ramp_decisions);
    assert_float_equal(numbers.updates_per_decision, 0.5, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_game_is_trained_once_at_a_time),
        cmocka_unit_test(test_a_damaged_save_is_gone_back_from),
        cmocka_unit_test(test_a_damaged_state_is_not_believed),
        cmocka_unit_test(test_a_replay_memory_that_is_kept_is_gone_on_with),
        cmocka_unit_test(test_a_replay_memory_that_does_not_fit_is_refused_with_numbers),
        cmocka_unit_test(test_notes_tell_agents_that_see_other_numbers_apart),
        cmocka_unit_test(test_notes_tell_agents_of_other_actions_apart),
        cmocka_unit_test(test_a_horizon_in_frames_is_a_discount_of_a_step),
        cmocka_unit_test(test_defaults_suit_the_eyes),
    };
    return cmocka_run_group_tests(tests, kumite_load, kumite_unload);
}
