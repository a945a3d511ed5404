/* test_config.c - every range has its sentence, and text reads back as it was written. */
#include "config_fields.h"

#include "agent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "why.h"

static agent_config_t good;

static int set_good(void **state)
{
    (void)state;
    agent_config_defaults(&good, 10);
    return 0;
}

static void expect_refused(const agent_config_t *config, const char *sentence)
{
    why_t why = "";
    agent_t *agent = (agent_t *)&good; /* must be set to NULL */
    assert_int_equal(agent_create(&agent, config, why), AGENT_BAD_CONFIG);
    assert_null(agent);
    if (!strstr(why, sentence)) fail_msg("expected \"%s\", found \"%s\"", sentence, why);
    assert_int_equal(agent_create(&agent, config, NULL), AGENT_BAD_CONFIG);
    assert_true(agent_arena_bytes(config) == 0);
}

static void test_defaults_and_published_settings_are_valid(void **state)
{
    (void)state;
    why_t why;
    assert_int_equal(agent_config_check(&good, why), AGENT_OK);
    assert_true(agent_arena_bytes(&good) > 0);
    const char *const names[] = { "hessel2018", "vanhasselt2019" };
    for (int i = 0; i < 2; i++) {
        agent_config_t config = good;
        config.net_kind = AGENT_NET_IMPALA;
        config.net_width = 2;
        assert_true(agent_config_named(&config, names[i]));
        assert_int_equal(agent_config_check(&config, why), AGENT_OK);
        assert_int_equal(config.num_actions, 10);
        assert_true(agent_arena_bytes(&config) > 0);
    }
    assert_false(agent_config_named(&good, "nobody1999"));
}

/* One below and one above each range, NaN for floats. */
static void test_each_field_out_of_range_is_named(void **state)
{
    (void)state;
    int32_t tried = 0;
    for (int32_t i = 0; i < config_num_fields; i++) {
        const config_field_t *field = &config_fields[i];
        char start[64];
        snprintf(start, sizeof start, "\"%s\" must be ", field->name);
        for (int side = 0; side < 3; side++) {
            agent_config_t config = good;
            void *at = (char *)&config + field->offset;
            if (field->kind == CONFIG_INT && side < 2) {
                const double past = side == 0 ? field->low - 1 : field->high + 1;
                *(int32_t *)at = (int32_t)past;
            } else if (field->kind == CONFIG_FLOAT) {
                *(float *)at = side == 0   ? (float)field->low - 1
                               : side == 1 ? (float)field->high * 2 + 1
                                           : NAN;
            } else if (field->kind == CONFIG_CHOICE && side < 2) {
                *(int32_t *)at = side == 0 ? -1 : 7;
            } else {
                continue;
            }
            expect_refused(&config, start);
            tried++;
        }
    }
    assert_true(tried > 50);
}

static void test_fields_that_do_not_fit_each_other(void **state)
{
    (void)state;
    agent_config_t config = good;
    config.n_step_decisions = 3;
    config.num_streams = 256;
    config.replay_capacity_decisions = 1279;
    config.replay_warmup_decisions = 10;
    expect_refused(&config, "\"replay_capacity_decisions\" must be at least 1280 for 256 streams "
                            "and 3-step returns, found 1279");
    config = good;
    config.replay_warmup_decisions = 25001;
    expect_refused(&config, "\"replay_warmup_decisions\" must be at most half the capacity, 25000, "
                            "found 25001");
    config = good;
    config.num_atoms = 51;
    config.return_min = config.return_max = 3;
    expect_refused(&config, "\"return_min\" must be below \"return_max\", found 3 and 3");
    config = good;
    config.obs_width_px = 24;
    expect_refused(&config, "too small for the network's kernels, found 84 x 24");
    config.net_kind = AGENT_NET_IMPALA; /* takes any size */
    config.obs_width_px = config.obs_height_px = 1;
    assert_true(agent_arena_bytes(&config) > 0);
    config.net_width = 2;
    assert_true(agent_arena_bytes(&config) > 0);
    assert_string_equal(agent_net_name(&config), "impala, width 2");
    config = good;
    config.net_width = 2;
    expect_refused(&config, "\"net_width\" must be 1 where \"net_kind\" is small, found 2");
    assert_string_equal(agent_net_name(&good), "small");
    config = good;
    config.obs_height_px = config.obs_width_px = 512;
    config.replay_capacity_decisions = 1 << 24;
    config.replay_memory_mib = 1 << 20;
    expect_refused(&config, "\"replay_memory_mib\" is too large: with 16777216 decisions");
    config = good;
    config.n_step_decisions = 64;
    config.replay_memory_mib = 1;
    expect_refused(&config, "\"replay_memory_mib\" must be at least 3 for 1 streams and 64-step "
                            "returns, found 1");
}

static void test_text_reads_back_as_it_was_written(void **state)
{
    (void)state;
    good.learning_rate = 1.0f / 3;
    good.seed = UINT64_MAX;
    good.noisy = true;
    good.net_kind = AGENT_NET_IMPALA;
    good.return_min = -1e6f;
    agent_config_t copy;
    memset(&copy, 0xa5, sizeof copy);
    for (int32_t i = 0; i < config_num_fields; i++) {
        const config_field_t *field = &config_fields[i];
        char text[CONFIG_TEXT_BYTES], again[CONFIG_TEXT_BYTES];
        config_text(field, &good, text);
        assert_true(config_set(field, &copy, text));
        config_text(field, &copy, again);
        assert_string_equal(text, again);
    }
    assert_true(copy.learning_rate == good.learning_rate && copy.seed == UINT64_MAX);
    assert_true(copy.noisy && !copy.dueling && copy.net_kind == AGENT_NET_IMPALA);
}

static void test_what_is_no_value_is_refused(void **state)
{
    (void)state;
    const char *const bad[] = { "", " 1", "1 ", "nan", "inf", "1e99", "0x", "-", "1;", "true1" };
    for (int32_t i = 0; i < config_num_fields; i++)
        for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
            if (config_set(&config_fields[i], &good, bad[k]))
                fail_msg("%s took \"%s\"", config_fields[i].name, bad[k]);
        }
    for (int32_t i = 0; i < config_num_fields; i++) {
        if (config_fields[i].kind == CONFIG_SEED)
            assert_false(config_set(&config_fields[i], &good, "-1"));
        if (config_fields[i].kind == CONFIG_INT)
            assert_false(config_set(&config_fields[i], &good, "1.5"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_defaults_and_published_settings_are_valid, set_good),
        cmocka_unit_test_setup(test_each_field_out_of_range_is_named, set_good),
        cmocka_unit_test_setup(test_fields_that_do_not_fit_each_other, set_good),
        cmocka_unit_test_setup(test_text_reads_back_as_it_was_written, set_good),
        cmocka_unit_test_setup(test_what_is_no_value_is_refused, set_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
