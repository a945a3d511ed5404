/* test_common_gradient.c - learners in threads, each on batches of its own, that make each step
 * along the mean of their gradients: the same step as one learner where the batches are the same,
 * the same weights to the byte where they are not, and none at all where one of them is unsound,
 * ends or is lost. */
#include <math.h>
#include <pthread.h>

#include "card_subject.h"

enum { MOST = 3 };

/* Sums in the learners' order, once all have come. */
typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t turn;
    int32_t num, arrived, sums;
    void *numbers[MOST];
    double *unsound[MOST];
    int32_t ends_at, lost_at; /* in this sum; -1: never */
} adder_t;

typedef struct {
    adder_t *adder;
    int32_t number;
    card_subject_t *subject;
    int32_t num_updates, done; /* to make; made */
    agent_status_t status;
    why_t why;
} member_t;

static void add_up(adder_t *adder, size_t count)
{
    double unsound = 0;
    for (int32_t i = 0; i < adder->num; i++) unsound += *adder->unsound[i];
    for (int32_t i = 0; i < adder->num; i++) *adder->unsound[i] = unsound;
    for (size_t k = 0; k < count; k++) {
        real_t sum = 0;
        for (int32_t i = 0; i < adder->num; i++) sum += ((real_t *)adder->numbers[i])[k];
        for (int32_t i = 0; i < adder->num; i++) ((real_t *)adder->numbers[i])[k] = sum;
    }
}

static common_gradient_status_t sum(void *self, void *numbers, size_t count, size_t number_bytes,
                                    double *num_unsound)
{
    const member_t *member = self;
    adder_t *adder = member->adder;
    pthread_mutex_lock(&adder->mutex);
    const int32_t here = adder->sums;
    adder->numbers[member->number] = numbers;
    adder->unsound[member->number] = num_unsound;
    if (number_bytes != sizeof(real_t)) abort();
    if (++adder->arrived == adder->num) {
        add_up(adder, count);
        adder->arrived = 0;
        adder->sums++;
        pthread_cond_broadcast(&adder->turn);
    }
    while (adder->sums == here) pthread_cond_wait(&adder->turn, &adder->mutex);
    const common_gradient_status_t status = here == adder->ends_at   ? COMMON_GRADIENT_ENDED
                                            : here == adder->lost_at ? COMMON_GRADIENT_LOST
                                                                     : COMMON_GRADIENT_OK;
    pthread_mutex_unlock(&adder->mutex);
    return status;
}

static void *work(void *context)
{
    member_t *member = context;
    while (member->status == AGENT_OK && member->done < member->num_updates) {
        int32_t done;
        member->status = learner_learn(&member->subject->learner, 1, 1, &done, member->why);
        if (done == 0) break;
        member->done += done;
    }
    return NULL;
}

/* ---- a group --------------------------------------------------------------------------------- */

typedef struct {
    adder_t adder;
    member_t members[MOST];
} group_t;

static void make_group(group_t *group, int32_t num, const agent_config_t *config)
{
    memset(group, 0, sizeof *group);
    group->adder = (adder_t){ .num = num, .ends_at = -1, .lost_at = -1 };
    pthread_mutex_init(&group->adder.mutex, NULL);
    pthread_cond_init(&group->adder.turn, NULL);
    for (int32_t i = 0; i < num; i++) {
        member_t *member = &group->members[i];
        member->adder = &group->adder;
        member->number = i;
        member->subject = card_subject_make(config);
        member->subject->learner.common =
            (common_gradient_t){ .num_learners = num, .learner = i, .self = member, .sum = sum };
    }
}

/* Their batches differ from now on. */
static void draw_apart(group_t *group)
{
    for (int32_t i = 1; i < group->adder.num; i++)
        rng_seed(&group->members[i].subject->learner.rng, 1000 + (uint64_t)i, RNG_LEARN);
}

static void run(group_t *group, int32_t num_updates)
{
    pthread_t threads[MOST];
    for (int32_t i = 0; i < group->adder.num; i++) {
        group->members[i].num_updates = group->members[i].done + num_updates;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &group->members[i]), 0);
    }
    for (int32_t i = 0; i < group->adder.num; i++) pthread_join(threads[i], NULL);
}

static void free_group(group_t *group)
{
    for (int32_t i = 0; i < group->adder.num; i++) card_subject_free(group->members[i].subject);
    pthread_mutex_destroy(&group->adder.mutex);
    pthread_cond_destroy(&group->adder.turn);
}

/* Whether all that a step changes is the same. */
static bool are_alike(const learner_t *a, const learner_t *b)
{
    const size_t bytes = a->net.num_weights * sizeof(real_t);
    return a->num_updates == b->num_updates && a->adam.num_steps == b->adam.num_steps &&
           memcmp(a->online, b->online, bytes) == 0 && memcmp(a->target, b->target, bytes) == 0 &&
           memcmp(a->averaged, b->averaged, bytes) == 0 &&
           memcmp(a->adam.m, b->adam.m, bytes) == 0 && memcmp(a->adam.v, b->adam.v, bytes) == 0;
}

static const learner_t *learner_of(const group_t *group, int32_t i)
{
    return &group->members[i].subject->learner;
}

static void config_for(agent_config_t *config)
{
    card_subject_config(config);
    config->max_grad_norm = 0.05f; /* nearly every step is clipped */
    config->random_shift_px = 2;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_the_same_batches_make_the_step_of_one(void **state)
{
    (void)state;
    agent_config_t config;
    config_for(&config);
    card_subject_t *alone = card_subject_make(&config);
    group_t group;
    make_group(&group, 2, &config);
    run(&group, 20);
    int32_t clipped = 0;
    for (int32_t i = 0; i < 20; i++) {
        assert_true(rainbow_update(&alone->learner));
        clipped += alone->learner.grad_norm > (double)config.max_grad_norm;
    }
    assert_true(clipped >= 10); /* the norm decides over the step */
    for (int32_t i = 0; i < 2; i++) {
        assert_int_equal(group.members[i].done, 20);
        assert_true(are_alike(learner_of(&group, i), &alone->learner));
        assert_true(learner_of(&group, i)->grad_norm == alone->learner.grad_norm);
    }
    card_subject_free(alone);
    free_group(&group);
}

static void test_other_batches_keep_the_same_weights(void **state)
{
    (void)state;
    for (int32_t num = 2; num <= MOST; num++) {
        agent_config_t config;
        config_for(&config);
        group_t group;
        make_group(&group, num, &config);
        card_subject_t *before = card_subject_make(&config);
        draw_apart(&group);
        run(&group, 50);
        for (int32_t i = 0; i < num; i++) {
            const learner_t *l = learner_of(&group, i);
            assert_int_equal(group.members[i].done, 50);
            assert_true(are_alike(l, learner_of(&group, 0)));
            assert_true(l->grad_norm == learner_of(&group, 0)->grad_norm);
            if (i > 0) assert_true(l->loss != learner_of(&group, 0)->loss); /* other batches */
        }
        assert_false(are_alike(learner_of(&group, 0), &before->learner));
        card_subject_free(before);
        free_group(&group);
    }
}

/* The mean gradient of both batches, computed by one learner after the other. */
static void test_the_step_is_along_the_mean(void **state)
{
    (void)state;
    agent_config_t config;
    config_for(&config);
    config.max_grad_norm = 1e6f;
    group_t group;
    make_group(&group, 2, &config);
    card_subject_t *alone[2] = { card_subject_make(&config), card_subject_make(&config) };
    draw_apart(&group);
    rng_seed(&alone[1]->learner.rng, 1001, RNG_LEARN);
    run(&group, 1);
    for (int i = 0; i < 2; i++) assert_true(rainbow_update(&alone[i]->learner));
    const net_t *net = &alone[0]->learner.net;
    double most = 0;
    for (size_t k = 0; k < net->mean_offset + net->mean_count; k++) {
        const double a = (double)alone[0]->learner.grad[k], b = (double)alone[1]->learner.grad[k];
        const double mean = (double)learner_of(&group, 0)->grad[k];
        most = fmax(most, fabs(mean));
        assert_true(fabs(mean - (a + b) / 2) <= 1e-6 * (fabs(a) + fabs(b)));
    }
    assert_true(most > 0);
    for (int i = 0; i < 2; i++) card_subject_free(alone[i]);
    free_group(&group);
}

/* Ten updates go well; in the next one nobody changes anything. */
static void expect_none_steps(group_t *group, agent_status_t status, const char *const sentences[])
{
    agent_config_t config = learner_of(group, 0)->config;
    group_t ten;
    make_group(&ten, 2, &config);
    draw_apart(&ten);
    run(&ten, 10);
    run(group, 1);
    for (int32_t i = 0; i < 2; i++) {
        const member_t *member = &group->members[i];
        assert_int_equal(member->done, 10);
        assert_int_equal(member->status, status);
        if (sentences && !strstr(member->why, sentences[i]))
            fail_msg("learner %d: '%s' is not in '%s'", (int)i, sentences[i], member->why);
        assert_true(are_alike(learner_of(group, i), learner_of(&ten, i)));
        const sumtree_t *a = &learner_of(group, i)->replay.tree,
                        *b = &learner_of(&ten, i)->replay.tree;
        assert_memory_equal(a->node, b->node, 2 * (size_t)a->num_leaves * sizeof *a->node);
    }
    free_group(&ten);
}

static void test_one_unsound_gradient_stops_all(void **state)
{
    (void)state;
    agent_config_t config;
    config_for(&config);
    config.num_atoms = 1;
    for (int32_t which = 0; which < 2; which++) {
        group_t group;
        make_group(&group, 2, &config);
        draw_apart(&group);
        run(&group, 10);
        replay_t *replay = &group.members[which].subject->learner.replay;
        for (int32_t s = 0; s < replay->num_streams * replay->slots_per_stream; s++)
            replay->slots[s].reward = INFINITY;
        const char *mine = "or its gradient", *other = "the loss of another learner is not finite";
        expect_none_steps(&group, AGENT_DIVERGED,
                          (const char *const[]){ which ? other : mine, which ? mine : other });
        free_group(&group);
    }
}

static void test_an_end_stops_all_without_a_fault(void **state)
{
    (void)state;
    agent_config_t config;
    config_for(&config);
    group_t group;
    make_group(&group, 2, &config);
    group.adder.ends_at = 10;
    draw_apart(&group);
    run(&group, 10);
    expect_none_steps(&group, AGENT_OK, NULL);
    free_group(&group);
}

static void test_a_lost_learner_stops_all(void **state)
{
    (void)state;
    static const char *const sentences[] = { "have not come together", "have not come together" };
    agent_config_t config;
    config_for(&config);
    group_t group;
    make_group(&group, 2, &config);
    group.adder.lost_at = 10;
    draw_apart(&group);
    run(&group, 10);
    expect_none_steps(&group, AGENT_LOST, sentences);
    free_group(&group);
}

static common_gradient_status_t no_sum(void *self, void *numbers, size_t count, size_t number_bytes,
                                       double *num_unsound)
{
    (void)self, (void)numbers, (void)count, (void)number_bytes, (void)num_unsound;
    return COMMON_GRADIENT_OK;
}

static void expect_refused(const agent_config_t *config, const char *sentence)
{
    agent_t *agent;
    why_t why;
    const common_gradient_t common = { .num_learners = 2, .sum = no_sum };
    assert_int_equal(agent_create(&agent, config, why), AGENT_OK);
    assert_int_equal(agent_share_gradient(agent, &common, why), AGENT_BAD_CONFIG);
    if (!strstr(why, sentence)) fail_msg("'%s' is not in '%s'", sentence, why);
    agent_destroy(agent);
}

static void test_what_the_mean_does_not_carry_is_refused(void **state)
{
    (void)state;
    agent_config_t config;
    card_subject_config(&config);
    config.similarity_mode = AGENT_SIMILARITY_META;
    expect_refused(&config, "\"similarity_mode\" is meta");
    card_subject_config(&config);
    config.eyes = AGENT_EYES_BOTH;
    config.obs_values = 3;
    expect_refused(&config, "\"eyes\" see 3 values");
}

/* One agent's pieces make another one's the same: it goes on as the first. */
static void test_pieces_carry_an_agent(void **state)
{
    (void)state;
    agent_config_t config;
    why_t why;
    card_subject_config(&config);
    config.similarity_mode = AGENT_SIMILARITY_FIXED;
    config.return_scale = 0;
    agent_t *first, *second;
    assert_int_equal(agent_create(&first, &config, why), AGENT_OK);
    config.seed += 5; /* other first weights */
    assert_int_equal(agent_create(&second, &config, why), AGENT_OK);
    float similarity[CARD_ACTIONS * CARD_ACTIONS], copy[CARD_ACTIONS * CARD_ACTIONS];
    for (int i = 0; i < CARD_ACTIONS * CARD_ACTIONS; i++) similarity[i] = 0.1f + 0.02f * (float)i;
    assert_int_equal(agent_set_similarity(first, similarity, why), AGENT_OK);
    agent_count_elsewhere(first, 77);
    agent_agree_scale(first, 3.5);

    void *piece;
    size_t num_bytes, same_bytes, total = 0;
    for (int32_t i = 0; (piece = agent_piece(first, i, &num_bytes)); i++) {
        void *mine = agent_piece(second, i, &same_bytes);
        assert_int_equal(num_bytes, same_bytes);
        memcpy(mine, piece, num_bytes);
        total += num_bytes;
    }
    agent_take_pieces(second);
    const uint8_t *a = agent_weight_bytes(first, &num_bytes);
    assert_true(total > 4 * num_bytes);
    assert_memory_equal(a, agent_weight_bytes(second, &same_bytes), num_bytes);
    agent_stats_t stats;
    agent_get_stats(second, &stats);
    assert_int_equal(stats.decisions, 77);
    assert_true(stats.return_scale == 3.5f);
    agent_get_similarity(first, similarity);
    agent_get_similarity(second, copy);
    assert_memory_equal(similarity, copy, sizeof copy);
    agent_destroy(first);
    agent_destroy(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_batches_make_the_step_of_one),
        cmocka_unit_test(test_other_batches_keep_the_same_weights),
        cmocka_unit_test(test_the_step_is_along_the_mean),
        cmocka_unit_test(test_one_unsound_gradient_stops_all),
        cmocka_unit_test(test_an_end_stops_all_without_a_fault),
        cmocka_unit_test(test_a_lost_learner_stops_all),
        cmocka_unit_test(test_what_the_mean_does_not_carry_is_refused),
        cmocka_unit_test(test_pieces_carry_an_agent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
