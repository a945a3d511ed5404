/* test_learner_thread.c - a training beside frames: what counts is learned from, in `kata train`'s
 * ratio, and saved where it goes on; nothing of a frame waits. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kumite.h"
#include "learner_thread.h"
#include "runlog.h"
#include "why.h"

static atomic_int last_policy = -1;

/* In place of the C library's: what was asked for is looked at, and not done, so that the tests
 * end on a busy machine, too. */
__attribute__((visibility("default"))) int sched_setscheduler(pid_t pid, int policy,
                                                              const struct sched_param *param)
{
    (void)pid, (void)param;
    atomic_store(&last_policy, policy);
    return 0;
}

enum { WARMUP = 32, LIMIT_S = 60 };

static char dir[600];
static uint8_t picture[PLAYER_OBS_BYTES];

static void make_config(training_config_t *config, const char *name)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/%s", tmp ? tmp : "/tmp", name);
    training_config_defaults(config, kumite_preset);
    config->actors.actor.preset = kumite_preset;
    config->actors.actor.start = preset_default_start(kumite_preset);
    config->dir = dir;
    config->agent.replay_warmup_decisions = WARMUP;
    config->agent.replay_capacity_decisions = 512;
    config->agent.batch_size = 4;
}

static learner_thread_t *start(const training_config_t *config)
{
    why_t why;
    learner_thread_t *learner;
    if (!learner_thread_start(&learner, config, NULL, why)) fail_msg("%s", why);
    return learner;
}

static void stop_learner(learner_thread_t *learner)
{
    why_t why;
    if (!learner_thread_stop(learner, NULL, why)) fail_msg("%s", why);
}

static learner_thread_progress_t progress_of(learner_thread_t *learner)
{
    learner_thread_progress_t p;
    learner_thread_get_progress(learner, &p);
    return p;
}

/* The observation of step n: a picture of its own, and the three before it. */
static const uint8_t *see(int n)
{
    const size_t bytes = PLAYER_OBS_BYTES / PLAYER_OBS_STACK;
    for (int c = 0; c < PLAYER_OBS_STACK; c++)
        memset(picture + (size_t)c * bytes, (n + c) % 251, bytes);
    return picture;
}

/* A frame with a decision of one step; breaks: 0: none, 1: as if hidden, 2: a state was loaded. */
static void decide(learner_thread_t *learner, int n, bool terminal, int breaks)
{
    learner_thread_frame(learner);
    learner_thread_open(learner, 0, see(n));
    const player_outcome_t outcome = { .action = n % 3,
                                       .reward = (float)(n % 2),
                                       .duration_steps = 1,
                                       .duration_frames = 4,
                                       .terminal = terminal,
                                       .result = terminal ? PRESET_WON : PRESET_NO_RESULT,
                                       .episode_return = 1,
                                       .episode_steps = 10 };
    learner_thread_close(learner, 0, &outcome, see(n + 1), (uint64_t)n);
    if (breaks) learner_thread_break(learner, breaks == 2);
}

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

/* Decide at the learner's pace, each round ten decisions. */
static void play(learner_thread_t *learner, int from, int to)
{
    for (int n = from; n < to; n++) {
        decide(learner, n, n % 10 == 9, 0);
        while (learner_thread_is_behind(learner)) nap();
    }
    learner_thread_frame(learner); /* the last one counts */
}

static void wait_for(learner_thread_t *learner, uint64_t decisions, uint64_t updates)
{
    const time_t began = time(NULL);
    for (;;) {
        const learner_thread_progress_t p = progress_of(learner);
        if (p.decisions >= decisions && p.updates >= updates) return;
        if (time(NULL) - began > LIMIT_S)
            fail_msg("%d decisions and %d updates within %d s", (int)p.decisions, (int)p.updates,
                     LIMIT_S);
        nap();
    }
}

static void test_decisions_are_learned_from_in_the_trainers_ratio(void **state)
{
    (void)state;
    training_config_t config;
    make_config(&config, "learner-ratio");
    learner_thread_t *learner = start(&config);
    assert_false(learner_thread_resumed(learner));
    play(learner, 0, 200);
    wait_for(learner, 200, 0);
    for (int i = 0; i < 50; i++) nap(); /* no more come than are owed */
    const learner_thread_progress_t p = progress_of(learner);
    assert_int_equal(p.decisions, 200);
    assert_int_equal(p.lost, 0);
    /* One for four decisions, but for those before the warm-up. */
    assert_in_range(p.updates, (200 - WARMUP) / 4 - 2, (200 - WARMUP) / 4 + 1);
    assert_int_equal(p.episodes, 20);
    assert_int_equal(p.recent, 20);
    assert_true(p.win_rate == 1);
#ifdef SCHED_IDLE
    assert_int_equal(atomic_load(&last_policy), SCHED_IDLE);
#endif
    stop_learner(learner);
}

static void test_weights_change_only_when_they_are_taken(void **state)
{
    (void)state;
    training_config_t config;
    make_config(&config, "learner-weights");
    learner_thread_t *learner = start(&config);
    policy_t *policy;
    assert_int_equal(policy_create(&policy, learner_thread_agent(learner), NULL), AGENT_OK);
    const size_t num_bytes = policy_num_weights(policy) * sizeof(float);
    float *first = malloc(num_bytes), *now = malloc(num_bytes);
    assert_true(first && now);
    assert_true(learner_thread_take(learner, policy)); /* a new agent's, before any decision */
    assert_true(learner_thread_epsilon(learner) == 1);
    policy_write_greedy_weights(policy, first);

    play(learner, 0, 120);
    wait_for(learner, 120, 8);
    policy_write_greedy_weights(policy, now);
    assert_memory_equal(first, now, num_bytes);
    assert_true(learner_thread_take(learner, policy));
    policy_write_greedy_weights(policy, now);
    assert_memory_not_equal(first, now, num_bytes);
    assert_true(learner_thread_epsilon(learner) < 1);

    why_t why; /* what is played with afterwards is the mean of the weights */
    float *averaged = malloc(num_bytes);
    if (!learner_thread_stop(learner, averaged, why)) fail_msg("%s", why);
    assert_memory_not_equal(averaged, now, num_bytes);
    policy_destroy(policy);
    char path[700];
    snprintf(path, sizeof path, "%s/agent.safetensors", dir);
    if (policy_load(&policy, path, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    policy_write_greedy_weights(policy, now);
    assert_memory_equal(averaged, now, num_bytes);
    policy_destroy(policy);
    free(first);
    free(now);
    free(averaged);
}

/* Decisions in the replay memory that was saved. */
static int32_t num_saved(int32_t num_streams)
{
    char path[700];
    why_t why;
    agent_t *agent;
    agent_stats_t stats;
    snprintf(path, sizeof path, "%s/agent.safetensors", dir);
    if (agent_load(&agent, path, num_streams, false, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    snprintf(path, sizeof path, "%s/replay.kata", dir);
    if (agent_load_replay(agent, path, why) != AGENT_OK) fail_msg("%s", why);
    agent_get_stats(agent, &stats);
    agent_destroy(agent);
    return stats.replay_size_decisions;
}

/* Two pads at once: each has its half of the memory, and its own course. */
static void test_each_stream_has_its_own_share(void **state)
{
    (void)state;
    training_config_t config;
    make_config(&config, "learner-streams");
    config.actors.num_actors = 2;
    config.keep_replay = true;
    learner_thread_t *learner = start(&config);
    for (int n = 0; n < 200; n++) {
        learner_thread_frame(learner);
        for (int32_t s = 0; s < 2; s++) learner_thread_open(learner, s, see(n + 100 * s));
        const player_outcome_t outcome = { .action = n % 3, .duration_steps = 1 };
        for (int32_t s = 0; s < 2; s++)
            learner_thread_close(learner, s, &outcome, see(n + 1 + 100 * s), (uint64_t)n);
        while (learner_thread_is_behind(learner)) nap();
    }
    learner_thread_frame(learner);
    wait_for(learner, 400, 0);
    stop_learner(learner);
    assert_in_range(num_saved(2), 380, 400); /* 512 places, and windows that are not complete */
}

static bool count_line(void *context, const char *kind, const cJSON *line)
{
    int *counts = context;
    if (strcmp(kind, "session") == 0) counts[0]++;
    if (strcmp(kind, "training") == 0) {
        counts[1]++;
        assert_true(runlog_number(line, "win_rate") == 1);
    }
    return true;
}

static void test_what_was_learned_is_saved_and_gone_on_with(void **state)
{
    (void)state;
    training_config_t config;
    make_config(&config, "learner-goes-on");
    learner_thread_t *learner = start(&config);
    play(learner, 0, 100);
    wait_for(learner, 100, 8);
    stop_learner(learner);

    training_t *training; /* as `kata train` would: one agent for both */
    why_t why;
    training_progress_t p;
    training_config_t in_steps = config;
    in_steps.is_fed = true;
    if (!training_open(&training, &in_steps, why)) fail_msg("%s", why);
    assert_true(training_resumed(training));
    training_get_progress(training, &p);
    assert_int_equal(p.decisions, 100);
    assert_int_equal(p.episodes, 10);
    assert_int_equal(p.frames, 99); /* as the last decision said */
    assert_true(p.updates >= 8);
    assert_true(training_save(training, why));
    training_close(training);

    learner = start(&config);
    assert_true(learner_thread_resumed(learner));
    assert_int_equal(progress_of(learner).decisions, 100);
    play(learner, 0, 20);
    wait_for(learner, 120, 0);
    stop_learner(learner);
    int counts[2] = { 0 };
    assert_true(runlog_read(dir, count_line, counts));
    assert_int_equal(counts[0], 2);
    assert_int_equal(counts[1], 2);
}

static void test_a_game_that_is_trained_elsewhere_is_refused(void **state)
{
    (void)state;
    training_config_t config;
    make_config(&config, "learner-locked");
    learner_thread_t *learner = start(&config), *second = (learner_thread_t *)&config;
    why_t why;
    assert_false(learner_thread_start(&second, &config, NULL, why));
    assert_null(second);
    assert_non_null(strstr(why, "another training of this game is running"));
    stop_learner(learner);
    stop_learner(start(&config));
}

static void test_what_was_undone_is_not_learned_from(void **state)
{
    (void)state;
    training_config_t config;
    make_config(&config, "learner-undone");
    learner_thread_t *learner = start(&config);
    for (int n = 0; n < 40; n++) decide(learner, n, false, n % 2 == 0 ? 0 : n % 4 == 1 ? 1 : 2);
    learner_thread_frame(learner);
    wait_for(learner, 20, 0);
    for (int i = 0; i < 50; i++) nap();
    assert_int_equal(progress_of(learner).decisions, 20);

    learner_thread_open(learner, 0, see(7)); /* open, then undone: its end belongs to nothing */
    learner_thread_break(learner, true);
    learner_thread_close(learner, 0, &(player_outcome_t){ .duration_steps = 1 }, see(8), 41);
    learner_thread_frame(learner);
    for (int i = 0; i < 50; i++) nap();
    assert_int_equal(progress_of(learner).decisions, 20);
    stop_learner(learner);
}

/* The learner owes 64 updates for each decision: frames go on all the same. */
static void test_a_frame_never_waits_for_room(void **state)
{
    (void)state;
    training_config_t config;
    make_config(&config, "learner-full");
    config.updates_per_decision = 64;
    config.agent.replay_warmup_decisions = 16;
    config.agent.batch_size = 64;
    learner_thread_t *learner = start(&config);
    const clock_t began = clock();
    for (int n = 0; n < 2000; n++) decide(learner, n, false, 0);
    learner_thread_frame(learner);
    const learner_thread_progress_t p = progress_of(learner);
    assert_true(learner_thread_is_behind(learner));
    assert_true(p.lost > 1000);
    assert_true(clock() - began < 20 * CLOCKS_PER_SEC);
    stop_learner(learner); /* at once, whatever is owed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decisions_are_learned_from_in_the_trainers_ratio),
        cmocka_unit_test(test_weights_change_only_when_they_are_taken),
        cmocka_unit_test(test_each_stream_has_its_own_share),
        cmocka_unit_test(test_what_was_learned_is_saved_and_gone_on_with),
        cmocka_unit_test(test_a_game_that_is_trained_elsewhere_is_refused),
        cmocka_unit_test(test_what_was_undone_is_not_learned_from),
        cmocka_unit_test(test_a_frame_never_waits_for_room),
    };
    return cmocka_run_group_tests(tests, kumite_load, kumite_unload);
}
