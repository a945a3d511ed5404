/* test_bare_products.c - the products that an update is measured against are those that it needs.
 */
#include <math.h>

#include "agent.h"
#include "bare_products.h"
#include "card_subject.h"

/* Of the same net, by agent_update_operations(). */
static void expect_as_many_operations(const agent_config_t *config)
{
    bare_product_t rows[BARE_PRODUCTS_MOST];
    agent_t *agent;
    why_t why = "";
    if (agent_create(&agent, config, why) != AGENT_OK) fail_msg("%s", why);
    card_subject_t *s = card_subject_make(config);
    const int32_t count = bare_products_list(&s->learner, rows);
    double operations = 0;
    for (int32_t i = 0; i < count; i++) {
        assert_true(rows[i].m > 0 && rows[i].n > 0 && rows[i].k > 0);
        operations += 2.0 * rows[i].m * rows[i].n * rows[i].k;
    }
    const double expected = agent_update_operations(agent);
    if (fabs(operations - expected) > 1e-9 * expected)
        fail_msg("%g operations, an update has %g", operations, expected);
    double seconds = 0;
    assert_true(bare_products_time(&s->learner, 2, &seconds));
    assert_true(seconds > 0);
    card_subject_free(s);
    agent_destroy(agent);
}

static void test_the_products_are_an_updates(void **state)
{
    (void)state;
    agent_config_t config;
    card_subject_config(&config);
    expect_as_many_operations(&config);
    config.net_kind = AGENT_NET_IMPALA;
    expect_as_many_operations(&config);
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_period_updates = 1;
    expect_as_many_operations(&config);
    config.similarity_mode = AGENT_SIMILARITY_OFF;
    config.net_kind = AGENT_NET_SMALL;
    config.dueling = config.double_q = false;
    expect_as_many_operations(&config);
    config.dueling = config.double_q = true;
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_period_updates = 1;
    expect_as_many_operations(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_products_are_an_updates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
