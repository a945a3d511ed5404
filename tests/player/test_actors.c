/* test_actors.c - actors in processes of their own: what they report, permission, a teacher,
 * starts, the other pad, refusals. How they end: test_actor_deaths.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor_pool.h"
#include "agent.h"
#include "bridge.h"
#include "half.h"
#include "kumite.h"
#include "masher.h"
#include "policy.h"
#include "pools.h"
#include "splitmix.h"
#include "why.h"

/* ---- what is reported ---- */

enum { TWIN_DECISIONS = 300 };

typedef struct {
    player_outcome_t outcomes[TWIN_DECISIONS];
    uint8_t before[TWIN_DECISIONS][PLAYER_OBS_MOST_BYTES];
    uint8_t obs[TWIN_DECISIONS][PLAYER_OBS_MOST_BYTES];
} twin_t;

/* In a child: the same random player, frame by frame, without actor or exchange. */
static void play_the_same(twin_t *twin, const agent_config_t *agent)
{
    why_t why;
    bridge_t *bridge;
    const bridge_config_t bridge_config = { .core_path = kumite_core };
    if (bridge_open(&bridge, &bridge_config, why) != BRIDGE_OK) _exit(1);
    if (bridge_load(bridge, kumite_rom, NULL, 0, why) != BRIDGE_OK) _exit(2);
    player_config_t config;
    player_config_defaults(&config, bridge, kumite_preset);
    config.discount_per_step = 0.99f;
    config.seed = 5;
    config.eyes = agent->eyes;
    const size_t obs_bytes = agent_obs_bytes(agent);
    player_t *player;
    if (!player_create(&player, &config, why)) _exit(3);
    if (!player_boot(player, preset_default_start(kumite_preset), why)) _exit(4);
    if (!player_reset(player, why)) _exit(5);
    uint64_t random = 5;
    for (int32_t d = 0; d < TWIN_DECISIONS; d++) {
        memcpy(twin->before[d], player_observation(player, 0), obs_bytes);
        player_begin(player, 0,
                     (int32_t)splitmix_below(&random, (uint32_t)preset_num_actions(kumite_preset)));
        const player_news_t *news;
        do news = player_frame(player, NULL);
        while (!news->closed);
        twin->outcomes[d] = news->outcomes[0];
        memcpy(twin->obs[d], player_observation(player, 0), obs_bytes);
        if (news->outcomes[0].terminal || news->outcomes[0].truncated) player_reset(player, why);
    }
    _exit(0);
}

static void expect_turns_of(agent_eyes_t eyes)
{
    why_t why;
    agent_config_t agent;
    agent_config_defaults(&agent, preset_num_actions(kumite_preset));
    assert_true(player_set_eyes(&agent, kumite_preset, eyes, why));
    const size_t obs_bytes = agent_obs_bytes(&agent);
    twin_t *twin =
        mmap(NULL, sizeof *twin, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(twin != MAP_FAILED);
    const pid_t pid = fork();
    if (pid == 0) play_the_same(twin, &agent);
    int status;
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);

    actor_pool_config_t config = pools_of_kumite(1);
    config.actor.agent = &agent; /* random players see it, too */
    actor_pool_t *pool = pools_start(&config);
    actor_pool_allow(pool, TWIN_DECISIONS);
    actor_turn_t turn;
    int32_t d = 0, episodes = 0;
    while (d < TWIN_DECISIONS) {
        pools_next_turn(pool, &turn);
        if (turn.began) {
            episodes++;
            continue;
        }
        assert_memory_equal(turn.before, twin->before[d], obs_bytes);
        assert_memory_equal(turn.obs, twin->obs[d], obs_bytes);
        assert_int_equal(turn.outcome.action, twin->outcomes[d].action);
        assert_true(turn.outcome.reward == twin->outcomes[d].reward);
        assert_int_equal(turn.outcome.duration_steps, twin->outcomes[d].duration_steps);
        assert_int_equal(turn.outcome.terminal, twin->outcomes[d].terminal);
        d++;
    }
    assert_true(episodes > 1);
    assert_true(actor_pool_frames(pool) > TWIN_DECISIONS * 4);
    assert_null(turn.screen);
    actor_pool_stop(pool);
    munmap(twin, sizeof *twin);
}

static void test_turns_say_what_a_player_by_itself_would_have_seen(void **state)
{
    (void)state;
    expect_turns_of(AGENT_EYES_PICTURES);
}

static void test_turns_say_the_numbers_that_it_would_have_seen(void **state)
{
    (void)state;
    expect_turns_of(AGENT_EYES_VARIABLES);
    expect_turns_of(AGENT_EYES_BOTH);
}

/* ---- a teacher ---- */

enum { TAUGHT_DECISIONS = 120 };

typedef struct {
    uint8_t obs[TAUGHT_DECISIONS][ACTOR_OBS_MOST_BYTES];
} lessons_t;

/* Random play that sees the game so many steps late, beside a teacher. */
static void take_lessons(const agent_config_t *agent, const char *teacher, int32_t delay,
                         lessons_t *lessons)
{
    actor_pool_config_t config = pools_of_kumite(1);
    config.actor.agent = agent;
    config.actor.teacher_path = teacher;
    config.actor.num_delays = 1;
    config.actor.delays[0] = delay;
    actor_pool_t *pool = pools_start(&config);
    actor_pool_allow(pool, TAUGHT_DECISIONS);
    for (int32_t d = 0; d < TAUGHT_DECISIONS;) {
        actor_turn_t turn;
        pools_next_turn(pool, &turn);
        if (!turn.began) memcpy(lessons->obs[d++], turn.obs, agent_obs_bytes(agent));
    }
    actor_pool_stop(pool);
}

/* A teacher's values are those of the game as it is, however late the taught one sees it. */
static void expect_lessons_of_the_present(agent_eyes_t eyes)
{
    why_t why;
    char path[700];
    agent_config_t agent;
    policy_t *teacher;
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/teacher-%d.safetensors", tmp ? tmp : "/tmp", (int)eyes);
    const int32_t num_actions = preset_num_actions(kumite_preset);
    agent_config_defaults(&agent, num_actions);
    assert_true(player_set_eyes(&agent, kumite_preset, eyes, why));
    agent_t *made;
    if (agent_create(&made, &agent, why) != AGENT_OK) fail_msg("%s", why);
    if (agent_save(made, path, NULL, why) != AGENT_OK) fail_msg("%s", why);
    agent_destroy(made);
    if (policy_load(&teacher, path, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);

    agent.taught = true;
    lessons_t *prompt = malloc(sizeof *prompt), *late = malloc(sizeof *late);
    assert_true(prompt && late);
    take_lessons(&agent, path, 0, prompt);
    take_lessons(&agent, path, 3, late);
    const size_t seen_bytes = agent_seen_bytes(&agent), look_bytes = agent_look_bytes(&agent);
    const size_t newest = (PLAYER_OBS_STACK - 1) * look_bytes, told_bytes = look_bytes - seen_bytes;
    assert_int_equal(told_bytes, 2 * num_actions);
    int32_t num_other = 0, num_changes = 0;
    for (int32_t d = 0; d < TAUGHT_DECISIONS; d++) {
        uint8_t seen[PLAYER_OBS_MOST_BYTES];
        float q[AGENT_MAX_ACTIONS];
        const uint8_t *told = prompt->obs[d] + newest + seen_bytes;
        for (int32_t i = 0; i < PLAYER_OBS_STACK; i++)
            memcpy(seen + (size_t)i * seen_bytes, prompt->obs[d] + (size_t)i * look_bytes,
                   seen_bytes);
        policy_q_values(teacher, seen, q);
        for (int32_t a = 0; a < num_actions; a++)
            assert_memory_equal(told + 2 * a, &(uint16_t){ half_of(q[a]) }, 2);
        assert_memory_equal(late->obs[d] + newest + seen_bytes, told, told_bytes);
        num_other += memcmp(prompt->obs[d] + newest, late->obs[d] + newest, seen_bytes) != 0;
        num_changes += d > 0 && memcmp(told, prompt->obs[d - 1] + newest + seen_bytes, told_bytes);
    }
    assert_true(num_other > TAUGHT_DECISIONS / 2 && num_changes > TAUGHT_DECISIONS / 2);
    free(prompt);
    free(late);
    policy_destroy(teacher);
}

static void test_a_teacher_sees_the_game_as_it_is(void **state)
{
    (void)state;
    expect_lessons_of_the_present(AGENT_EYES_VARIABLES);
    expect_lessons_of_the_present(AGENT_EYES_PICTURES);
}

static void test_a_teacher_with_other_eyes_is_refused(void **state)
{
    (void)state;
    why_t why;
    char path[700];
    actor_pool_t *pool;
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/teacher-%d.safetensors", tmp ? tmp : "/tmp",
             (int)AGENT_EYES_PICTURES); /* of the test before */
    agent_config_t agent;
    agent_config_defaults(&agent, preset_num_actions(kumite_preset));
    assert_true(player_set_eyes(&agent, kumite_preset, AGENT_EYES_VARIABLES, why));
    agent.taught = true;
    actor_pool_config_t config = pools_of_kumite(1);
    config.actor.agent = &agent;
    config.actor.teacher_path = path;
    assert_false(actor_pool_start(&pool, &config, why));
    assert_non_null(strstr(why, "sees or does something else than whom it would teach"));
}

static void test_no_more_decisions_than_are_allowed(void **state)
{
    (void)state;
    const actor_pool_config_t config = pools_of_kumite(2);
    actor_pool_t *pool = pools_start(&config);
    actor_turn_t turn;
    int32_t decisions = 0, by_actor[2] = { 0 };
    for (uint64_t allowed = 40; allowed <= 200; allowed += 40) {
        actor_pool_allow(pool, allowed);
        while (actor_pool_wait(pool, 500)) {
            assert_true(actor_pool_turn(pool, &turn));
            decisions += !turn.began;
            by_actor[turn.actor] += !turn.began;
        }
        actor_pool_turn(pool, &turn); /* releases the last */
        assert_int_equal(decisions, allowed);
    }
    assert_true(by_actor[0] > 0 && by_actor[1] > 0);
    actor_pool_stop(pool);
}

static void test_episodes_are_counted_where_they_are_claimed(void **state)
{
    (void)state;
    actor_pool_config_t config = pools_of_kumite(2);
    config.actor.counts_episodes = true;
    actor_pool_t *pool = pools_start(&config);
    actor_turn_t turn;
    int32_t began = 0, ended = 0;
    actor_pool_allow(pool, 3);
    while (ended < 3) {
        pools_next_turn(pool, &turn);
        began += turn.began;
        ended += !turn.began && (turn.outcome.terminal || turn.outcome.truncated);
    }
    assert_int_equal(began, 3);
    assert_false(actor_pool_wait(pool, 300));
    actor_pool_stop(pool);
}

static void test_the_screen_comes_when_it_is_wanted(void **state)
{
    (void)state;
    actor_pool_config_t config = pools_of_kumite(1);
    config.actor.shows_screen = true;
    config.ring_records = 4;
    actor_pool_t *pool = pools_start(&config);
    actor_pool_allow(pool, 5);
    actor_turn_t turn;
    do pools_next_turn(pool, &turn);
    while (turn.began);
    assert_non_null(turn.screen);
    assert_true(turn.screen_width_px >= 240 && turn.screen_height_px >= 200);
    int32_t changes = 0;
    for (int32_t i = 1; i < turn.screen_width_px * turn.screen_height_px; i++)
        changes += memcmp(turn.screen, turn.screen + 3 * i, 3) != 0;
    assert_true(changes > 1000);
    actor_pool_stop(pool);
}

/* ---- seen twice ---- */

enum { TWICE_DECISIONS = 900 };

static double number_in(const uint8_t *obs, int32_t look, int32_t number, size_t look_bytes)
{
    uint16_t half;
    memcpy(&half, obs + (size_t)look * look_bytes + (size_t)number * sizeof half, sizeof half);
    return (double)half_value(half);
}

/* Where delays are drawn, what a late agent does is told once as it was seen and once as one would
 * have seen it who is less late, or not at all: the same numbers of the game, so many steps apart,
 * and the same own pads. What one does that is not late is told once. */
static void test_a_late_round_is_seen_twice(void **state)
{
    (void)state;
    why_t why;
    agent_config_t agent;
    static uint8_t prompt[PLAYER_OBS_MOST_BYTES];
    player_outcome_t told = { 0 };
    agent_config_defaults(&agent, preset_num_actions(kumite_preset));
    assert_true(player_set_eyes(&agent, kumite_preset, AGENT_EYES_VARIABLES, why));
    const size_t look_bytes = agent_look_bytes(&agent);
    const int32_t newest = PLAYER_OBS_STACK - 1;
    /* own_pad is first in Kumite's list, behind two facings: four directions, two buttons, how late
     */
    enum { DELAY = 2, PADS_AT = 2, LATE_AT = PADS_AT + 6 };
    actor_pool_config_t config = pools_of_kumite(1);
    config.actor.who = ACTOR_EXPLORES;
    config.actor.agent = &agent;
    config.actor.num_delays = 2;
    config.actor.delays[0] = 0;
    config.actor.delays[1] = DELAY;
    assert_int_equal(actor_num_seats(&config.actor), 2);
    actor_pool_t *pool = pools_start(&config);
    memset(actor_pool_draft(pool), 0, 4);
    actor_pool_publish(pool, 1);
    actor_pool_allow(pool, TWICE_DECISIONS);
    int32_t rounds[DELAY] = { 0 }, undelayed = 0, twin_delay = -1, changes = 0;
    for (int32_t decisions = 0; decisions < TWICE_DECISIONS;) {
        actor_turn_t turn;
        pools_next_turn(pool, &turn);
        assert_int_equal(turn.stream, turn.is_twin);
        const int32_t delay =
            (int32_t)lround(number_in(turn.obs, newest, LATE_AT, look_bytes) * HOLDER_MAX_DELAY);
        if (turn.is_twin) {
            assert_true(delay < DELAY && (turn.began || delay == twin_delay));
            twin_delay = delay;
            memcpy(prompt, turn.obs, agent_obs_bytes(&agent));
            told = turn.outcome;
            continue;
        }
        decisions += !turn.began;
        if (delay == 0) {
            undelayed += turn.began;
            twin_delay = -1;
            continue;
        }
        assert_int_equal(delay, DELAY);
        assert_in_range(twin_delay, 0, DELAY - 1); /* its twin came before it */
        const int32_t apart = DELAY - twin_delay;
        for (int32_t look = 0; look < PLAYER_OBS_STACK; look++) {
            for (int32_t n = PADS_AT; n < LATE_AT; n++)
                assert_true(number_in(turn.obs, look, n, look_bytes) ==
                            number_in(prompt, look, n, look_bytes));
            for (int32_t n = LATE_AT + 1; look >= apart && n < agent.obs_values; n++)
                assert_true(number_in(prompt, look - apart, n, look_bytes) ==
                            number_in(turn.obs, look, n, look_bytes));
        }
        rounds[twin_delay] += turn.began;
        changes += memcmp(prompt, turn.obs, agent_obs_bytes(&agent)) != 0;
        if (turn.began) continue;
        assert_int_equal(turn.outcome.action, told.action);
        assert_true(turn.outcome.reward == told.reward);
        assert_int_equal(turn.outcome.duration_steps, told.duration_steps);
        assert_int_equal(turn.outcome.terminal, told.terminal);
        told.action = -1;
    }
    assert_true(undelayed > 1 && rounds[0] > 0 && rounds[1] > 0 && changes > TWICE_DECISIONS / 4);
    actor_pool_stop(pool);
}

/* ---- several starts ---- */

static int32_t start_of(const char *name)
{
    return preset_find_start(kumite_preset, name);
}

/* Random play by a policy that is published with these shares; how many rounds began at each. */
static void play_by_shares(const float *shares, int32_t rounds[3])
{
    agent_config_t network;
    agent_config_defaults(&network, preset_num_actions(kumite_preset));
    actor_pool_config_t config = pools_of_kumite(1);
    config.actor.num_starts = 3;
    config.actor.starts[0] = start_of("level1");
    config.actor.starts[1] = start_of("level4");
    config.actor.starts[2] = start_of("level8");
    config.actor.who = ACTOR_EXPLORES;
    config.actor.agent = &network;
    actor_pool_t *pool = pools_start(&config);
    memset(actor_pool_draft(pool), 0, 4);
    actor_pool_set_starts(pool, shares);
    actor_pool_publish(pool, 1);
    actor_pool_allow(pool, 100000);
    memset(rounds, 0, 3 * sizeof *rounds);
    for (int32_t n = 0; n < 12;) {
        actor_turn_t turn;
        pools_next_turn(pool, &turn);
        assert_in_range(turn.start, 0, 2);
        if (!turn.began) continue;
        rounds[turn.start]++;
        n++;
    }
    actor_pool_stop(pool);
}

static void test_rounds_begin_where_the_shares_say(void **state)
{
    (void)state;
    static const float last[] = { 0, 0, 1 }, two[] = { 0.5f, 0.5f, 0 };
    int32_t rounds[3];
    play_by_shares(last, rounds);
    assert_int_equal(rounds[2], 12);
    play_by_shares(two, rounds);
    assert_int_equal(rounds[2], 0);
    assert_true(rounds[0] > 0 && rounds[1] > 0);
}

/* ---- the other pad ---- */

/* The agent's random moves are hit now and then by a masher, never by a pad that nobody holds. */
static void test_a_masher_plays_on_the_other_pad(void **state)
{
    (void)state;
    for (uint32_t port = 0; port < 2; port++)
        for (int32_t plays = 0; plays < 2; plays++) {
            actor_pool_config_t config = pools_of_kumite(1);
            config.actor.start = preset_find_start(kumite_preset, "versus");
            config.actor.port = port;
            config.actor.versus = plays ? OPPONENT_MASHER : OPPONENT_NOBODY;
            actor_pool_t *pool = pools_start(&config);
            actor_pool_allow(pool, 600);
            float lost = 0;
            for (int32_t d = 0; d < 600;) {
                actor_turn_t turn;
                pools_next_turn(pool, &turn);
                if (turn.began) continue;
                d++;
                /* Time takes 0.04 a step, a hit 0.05 a point. */
                const float time = 0.04f * (float)turn.outcome.duration_steps;
                if (turn.outcome.reward + time < -1e-3f) lost -= turn.outcome.reward + time;
            }
            assert_true(plays ? lost > 0 : lost == 0);
            actor_pool_stop(pool);
        }
}

static void test_a_masher_presses_anything_but_start(void **state)
{
    (void)state;
    masher_t masher, same;
    int32_t num_left = 0, num_right = 0, num_up = 0, num_down = 0, num_a = 0, num_b = 0;
    masher_init(&masher, kumite_preset, 3);
    masher_init(&same, kumite_preset, 3);
    for (int32_t f = 0; f < 20000; f++) {
        const uint16_t pad = masher_next(&masher);
        assert_int_equal(masher_next(&same), pad);
        assert_int_equal(pad & (1 << 2 | 1 << 3), 0);
        num_left += (pad & MACRO_LEFT) != 0;
        num_right += (pad & MACRO_RIGHT) != 0;
        num_up += (pad & MACRO_UP) != 0;
        num_down += (pad & MACRO_DOWN) != 0;
        num_b += pad & 1;
        num_a += pad >> 8 & 1;
    }
    /* a third each, an eighth each; a pad is kept for 5.5 frames in the mean, so 3,600 draws */
    const int32_t counts[4] = { num_left, num_right, num_up, num_down };
    for (int32_t i = 0; i < 4; i++) assert_in_range(counts[i], 5900, 7450);
    assert_in_range(num_a, 1900, 3100);
    assert_in_range(num_b, 1900, 3100);
}

/* ---- random actions in a row ---- */

/* A random action that is being repeated ends with its round: of two actions the one after a
 * round's end is the one before it as often as not, where runs are ten long. */
static void test_a_run_of_random_actions_ends_with_its_round(void **state)
{
    (void)state;
    actor_pool_config_t config = pools_of_fake(1, "");
    agent_config_t network;
    agent_config_defaults(&network, preset_num_actions(config.actor.preset));
    network.epsilon_repeat = 1e-3f;
    config.actor.who = ACTOR_EXPLORES;
    config.actor.agent = &network;
    actor_pool_t *pool = pools_start(&config);
    memset(actor_pool_draft(pool), 0, 4);
    actor_pool_publish(pool, 1);
    actor_pool_allow(pool, UINT64_MAX);
    int32_t last = -1, rounds = 0, alike = 0, within = 0, decisions = 0;
    for (bool began = true; rounds < 100;) {
        actor_turn_t turn;
        pools_next_turn(pool, &turn);
        if (turn.began) {
            began = true;
            continue;
        }
        const bool same = turn.outcome.action == last;
        if (began) {
            alike += same;
            rounds++;
        } else {
            within += same;
            decisions++;
        }
        began = false;
        last = turn.outcome.action;
    }
    actor_pool_stop(pool);
    if (alike < 30 || alike > 70) fail_msg("%d of 100 rounds began as the last one ended", alike);
    if (within < decisions * 8 / 10) fail_msg("%d of %d are the one before", within, decisions);
}

/* ---- refusals ---- */

static void test_what_cannot_start_says_why(void **state)
{
    (void)state;
    why_t why;
    actor_pool_t *pool;
    actor_pool_config_t config = pools_of_kumite(1);
    config.actor.content_path = "no/such.nes";
    assert_false(actor_pool_start(&pool, &config, why));
    assert_null(pool);
    assert_non_null(strstr(why, "no/such.nes"));
    config = pools_of_kumite(2);
    config.actor.core_path = "presets/README.md";
    assert_false(actor_pool_start(&pool, &config, why));
    assert_non_null(strstr(why, "README.md"));
    config = pools_of_kumite(0);
    assert_false(actor_pool_start(&pool, &config, why));
    assert_non_null(strstr(why, "workers must be 1..256"));
    config = pools_of_kumite(1);
    config.actor.start = 999;
    assert_false(actor_pool_start(&pool, &config, why));
    assert_non_null(strstr(why, "start"));
}

static int unload(void **state)
{
    pools_forget_fake(state);
    return kumite_unload(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns_say_what_a_player_by_itself_would_have_seen),
        cmocka_unit_test(test_turns_say_the_numbers_that_it_would_have_seen),
        cmocka_unit_test(test_a_teacher_sees_the_game_as_it_is),
        cmocka_unit_test(test_a_late_round_is_seen_twice),
        cmocka_unit_test(test_a_teacher_with_other_eyes_is_refused),
        cmocka_unit_test(test_no_more_decisions_than_are_allowed),
        cmocka_unit_test(test_episodes_are_counted_where_they_are_claimed),
        cmocka_unit_test(test_the_screen_comes_when_it_is_wanted),
        cmocka_unit_test(test_rounds_begin_where_the_shares_say),
        cmocka_unit_test(test_a_masher_plays_on_the_other_pad),
        cmocka_unit_test(test_a_masher_presses_anything_but_start),
        cmocka_unit_test(test_a_run_of_random_actions_ends_with_its_round),
        cmocka_unit_test(test_what_cannot_start_says_why),
    };
    return cmocka_run_group_tests(tests, kumite_load, unload);
}
