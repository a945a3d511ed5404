/* test_device_bench.c - `kata bench device`: what is timed and counted of updates on a device. */
#include "agent_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static agent_config_t small_config(void)
{
    agent_config_t config;
    agent_config_defaults(&config, 4);
    config.net_kind = AGENT_NET_SMALL;
    config.obs_stack = 1;
    config.obs_height_px = config.obs_width_px = 26;
    config.batch_size = 4;
    return config;
}

static void test_the_processor_is_timed_and_counts_nothing(void **state)
{
    (void)state;
    const agent_config_t config = small_config();
    agent_bench_device_t found;
    assert_int_equal(agent_bench_device(&config, "cpu", NULL, 0, &found, NULL), AGENT_OK);
    assert_int_equal(found.num_updates, 2);
    assert_true(found.ms_median > 0);
    assert_true(found.products_ms > 0);
    assert_int_equal(found.counts.num_launches, 0);
}

static void test_a_device_that_is_not_there_is_named(void **state)
{
    (void)state;
    const agent_config_t config = small_config();
    agent_bench_device_t found;
    why_t why;
    assert_int_equal(agent_bench_device(&config, "gpu:999", NULL, 0, &found, why),
                     AGENT_BAD_CONFIG);
    assert_non_null(strstr(why, "--device: "));
}

/* A batch's pictures go up, as many as the card lacks, and where each comes from; every product's
 * operations are counted, those of a tangent, too. */
static void test_a_card_is_counted(void **state)
{
    (void)state;
    devices_row_t rows[DEVICES_MOST];
    why_t why;
    if (devices_list(rows, why) == 1) {
        printf("skipped: no kernel is run: %s\n", why);
        skip();
    }
    agent_config_t config = small_config();
    const int64_t pictures = 2 * 4 * 26 * 26, numbers = 5 * 4 * 4 + 2 * 4 * 4 * 4;
    agent_bench_device_t found[2];
    config.similarity_mode = AGENT_SIMILARITY_OFF;
    for (int i = 0; i < 2; i++) {
        const agent_status_t status = agent_bench_device(&config, "gpu:0", NULL, 0, &found[i], why);
        if (status != AGENT_OK && strstr(why, "it computes wrongly")) { /* card_subject.h */
            printf("skipped: %s\n", why);
            skip();
        }
        if (status != AGENT_OK) fail_msg("%s", why);
        config.similarity_mode = AGENT_SIMILARITY_META;
        config.similarity_period_updates = 1;
    }
    assert_true(found[0].counts.upload_bytes >= numbers);
    assert_true(found[0].counts.upload_bytes <= pictures + numbers);
    assert_int_equal((found[0].counts.upload_bytes - numbers) % (26 * 26), 0);
    assert_true(found[0].counts.flop > 0 && found[0].counts.memory_traffic_bytes > 0);
    assert_true(found[0].counts.num_launches >= 15);
    assert_true(found[0].products_ms > 0 && found[1].products_ms > 0);
    assert_true(found[1].counts.num_launches > found[0].counts.num_launches + 15);
    assert_true(found[1].counts.flop > 1.5 * found[0].counts.flop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_processor_is_timed_and_counts_nothing),
        cmocka_unit_test(test_a_device_that_is_not_there_is_named),
        cmocka_unit_test(test_a_card_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
