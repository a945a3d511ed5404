/* test_checkpoint.c - an agent that was saved comes back whole, or not at all, or the old one. */
#include "agent.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../comma_locale.h"

#include "emulated.h"
#include "files.h"
#include "parts.h"
#include "toy_world.h"
#include "why.h"

static char folder[256], path[512];
static agent_t *agent; /* a little trained, all parts on */

static int make_agent(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/checkpoint-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/agent.safetensors", folder);
    agent_set_blas_threads(1);
    agent_config_t config;
    toy_config(&config);
    config.dueling = config.noisy = config.prioritized = true;
    config.num_atoms = 5;
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_period_updates = 2;
    config.similarity_fade_updates = 1 << 20;
    config.similarity_balanced = true;
    config.learning_rate = 1.0f / 3000;
    config.average_updates = 30;
    if (agent_create(&agent, &config, NULL) != AGENT_OK) return -1;
    toy_world_t world = { .random = 1 };
    toy_reset(&world);
    toy_train(agent, &world, 150, 1);
    return 0;
}

static int free_agent(void **state)
{
    (void)state;
    agent_destroy(agent);
    return 0;
}

static void read_file(uint8_t **bytes, size_t *num_bytes)
{
    assert_true(files_read(path, 1 << 28, bytes, num_bytes, NULL));
}

static void save(const char *note)
{
    why_t why = "";
    if (agent_save(agent, path, note, why) != AGENT_OK) fail_msg("%s", why);
}

static size_t header_end(const uint8_t *bytes)
{
    return 8 + (size_t)(bytes[0] | bytes[1] << 8 | bytes[2] << 16);
}

/* A file of version 1, which had no sums: what is changed in it is looked at for itself. */
static void unseal(uint8_t *bytes)
{
    char *version = strstr((char *)bytes + 8, "\"version\":\"2\"");
    char *sums = strstr((char *)bytes + 8, "\"checksums\":");
    assert_non_null(version);
    assert_non_null(sums);
    version[strlen("\"version\":\"")] = '1';
    sums[strlen("\"checksum")] = 'z';
}

static void expect_refused(const uint8_t *bytes, size_t num_bytes, const char *sentence)
{
    why_t why = "";
    agent_t *loaded = agent;
    assert_true(files_replace(path, bytes, num_bytes, NULL));
    assert_int_equal(agent_load(&loaded, path, 1, false, NULL, 0, why), AGENT_BAD_FILE);
    assert_null(loaded);
    if (!strstr(why, sentence)) fail_msg("expected \"%s\", found \"%s\"", sentence, why);
}

static void test_save_load_save_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char note[] = "{\"wins\": 3, \"name\": \"\xc3\xa4\"}\n";
    save(note);
    uint8_t *first, *second;
    size_t first_bytes, second_bytes;
    read_file(&first, &first_bytes);
    agent_t *loaded = NULL;
    char text[100];
    why_t why = "";
    if (agent_load(&loaded, path, 1, false, text, sizeof text, why) != AGENT_OK)
        fail_msg("%s", why);
    assert_string_equal(text, note);
    assert_int_equal(agent_save(loaded, path, text, why), AGENT_OK);
    read_file(&second, &second_bytes);
    assert_int_equal(first_bytes, second_bytes);
    assert_memory_equal(first, second, first_bytes);
    free(first);
    free(second);

    float sigma[TOY_ACTIONS * TOY_ACTIONS], sigma_loaded[TOY_ACTIONS * TOY_ACTIONS];
    agent_get_similarity(agent, sigma);
    agent_get_similarity(loaded, sigma_loaded);
    assert_memory_equal(sigma, sigma_loaded, sizeof sigma);
    assert_memory_equal(loaded->learner.masp.v, agent->learner.masp.v, 6 * sizeof(double));
    assert_true(loaded->learner.masp.v[0] > 0);
    assert_memory_equal(&loaded->policy.explore_rng, &agent->policy.explore_rng, sizeof(rng_t));
    assert_memory_equal(&loaded->learner.rng, &agent->learner.rng, sizeof(rng_t));
    agent_stats_t before, after;
    agent_get_stats(agent, &before);
    agent_get_stats(loaded, &after);
    assert_int_equal(after.replay_size_decisions, 0);
    assert_true(after.decisions == before.decisions && after.updates == before.updates);
    assert_true(after.loss_mean == before.loss_mean && after.grad_norm == before.grad_norm);
    assert_true(after.q_chosen_mean == before.q_chosen_mean && after.epsilon == before.epsilon);
    toy_world_t world = { .random = 5 };
    for (int i = 0; i < 20; i++) {
        float q[TOY_ACTIONS], q_loaded[TOY_ACTIONS];
        toy_reset(&world);
        policy_q_values(agent_policy(agent), world.obs, q);
        policy_q_values(agent_policy(loaded), world.obs, q_loaded);
        assert_memory_equal(q, q_loaded, sizeof q);
    }
    agent_destroy(loaded);
}

/* As many tensors as there can be: the residual trunk, numbers beside it, every part. */
static void test_the_largest_agent_comes_back(void **state)
{
    (void)state;
    agent_config_t config = *agent_config(agent);
    config.net_kind = AGENT_NET_IMPALA;
    config.net_width = 2;
    config.eyes = AGENT_EYES_BOTH;
    config.obs_values = 3;
    agent_t *large = NULL, *loaded = NULL;
    why_t why = "";
    assert_int_equal(agent_create(&large, &config, why), AGENT_OK);
    if (agent_save(large, path, NULL, why) != AGENT_OK) fail_msg("%s", why);
    if (agent_load(&loaded, path, 1, false, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    assert_int_equal(agent_config(loaded)->net_kind, AGENT_NET_IMPALA);
    assert_int_equal(agent_config(loaded)->net_width, 2);
    assert_memory_equal(loaded->learner.online, large->learner.online,
                        large->learner.net.num_weights * sizeof(real_t));
    uint8_t *obs = calloc(1, agent_obs_bytes(&config));
    assert_non_null(obs);
    for (size_t i = 0; i < agent_picture_bytes(&config); i++) obs[i] = (uint8_t)(i * i);
    float q[TOY_ACTIONS], q_loaded[TOY_ACTIONS];
    policy_q_values(agent_policy(large), obs, q);
    policy_q_values(agent_policy(loaded), obs, q_loaded);
    assert_memory_equal(q, q_loaded, sizeof q);
    free(obs);
    agent_destroy(large);
    agent_destroy(loaded);
}

static void test_an_agent_without_sums_loads(void **state)
{
    (void)state;
    save("old");
    uint8_t *bytes;
    size_t num_bytes;
    read_file(&bytes, &num_bytes);
    unseal(bytes);
    assert_true(files_replace(path, bytes, num_bytes, NULL));
    free(bytes);
    agent_t *loaded = NULL;
    why_t why = "";
    if (agent_load(&loaded, path, 1, false, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    agent_stats_t before, after;
    agent_get_stats(agent, &before);
    agent_get_stats(loaded, &after);
    assert_true(after.updates == before.updates);
    agent_destroy(loaded);
}

/* One bit anywhere: of weights that nobody could tell from others, too. */
static void test_any_flipped_bit_is_found(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t num_bytes;
    save("n");
    read_file(&bytes, &num_bytes);
    const size_t end = header_end(bytes);
    for (size_t i = 0; i < 60; i++) {
        const size_t at = i < 20 ? i * end / 20 : end + (i - 20) * (num_bytes - end) / 40;
        bytes[at] ^= (uint8_t)(1u << i % 8);
        expect_refused(bytes, num_bytes, at < end ? "" : "is damaged, it is not what was saved");
        bytes[at] ^= (uint8_t)(1u << i % 8);
    }
    char *config = strstr((char *)bytes + 8, "\"config.batch_size\":\"32\"");
    assert_non_null(config);
    config[strlen("\"config.batch_size\":\"")] = '1';
    expect_refused(bytes, num_bytes,
                   "is damaged, its header is not what was saved; the save before it is the file "
                   "beside it that ends in .previous");
    config[strlen("\"config.batch_size\":\"")] = '3';
    assert_true(files_replace(path, bytes, num_bytes, NULL));
    agent_t *loaded = NULL;
    assert_int_equal(agent_load(&loaded, path, 1, false, NULL, 0, NULL), AGENT_OK);
    agent_destroy(loaded);
    free(bytes);
}

static void test_the_save_before_is_kept(void **state)
{
    (void)state;
    char previous[600], note[16];
    snprintf(previous, sizeof previous, "%s" FILES_PREVIOUS, path);
    save("first");
    save("second");
    agent_t *loaded = NULL;
    assert_int_equal(agent_load(&loaded, previous, 1, false, note, sizeof note, NULL), AGENT_OK);
    assert_string_equal(note, "first");
    agent_destroy(loaded);
}

static void test_a_loaded_agent_learns_on_with_other_streams(void **state)
{
    (void)state;
    save(NULL);
    agent_t *loaded = NULL;
    char note[4] = "x";
    assert_int_equal(agent_load(&loaded, path, 3, false, note, sizeof note, NULL), AGENT_OK);
    assert_string_equal(note, "");
    assert_int_equal(agent_config(loaded)->num_streams, 3);
    toy_world_t world = { .random = 2 };
    toy_reset(&world);
    agent_stats_t before, after;
    agent_get_stats(loaded, &before);
    toy_train(loaded, &world, 200, 1);
    agent_get_stats(loaded, &after);
    assert_true(after.updates > before.updates && after.decisions == before.decisions + 200);
    agent_destroy(loaded);
}

static void test_notes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    char small[4];
    why_t why = "";
    agent_t *loaded = NULL;
    save("four");
    assert_int_equal(agent_load(&loaded, path, 1, false, small, sizeof small, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "its note has 4 bytes, at most 3 fit"));
    char *big = malloc(AGENT_NOTE_BYTES + 1);
    memset(big, '\x01', AGENT_NOTE_BYTES); /* six bytes each in JSON */
    big[AGENT_NOTE_BYTES] = '\0';
    assert_int_equal(agent_save(agent, path, big, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "a note may have 65535 bytes, found 65536"));
    big[AGENT_NOTE_BYTES - 1] = '\0';
    save(big);
    char *back = malloc(AGENT_NOTE_BYTES);
    assert_int_equal(agent_load(&loaded, path, 1, false, back, AGENT_NOTE_BYTES, why), AGENT_OK);
    assert_string_equal(back, big);
    agent_destroy(loaded);
    free(back);
    free(big);
}

static void test_every_cut_is_refused(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t num_bytes;
    save(NULL);
    read_file(&bytes, &num_bytes);
    const size_t end = header_end(bytes);
    for (size_t cut = 0; cut < 24; cut++) expect_refused(bytes, cut, "");
    for (size_t cut = 24; cut < end; cut += 97) expect_refused(bytes, cut, "cut off");
    for (size_t cut = end; cut < num_bytes; cut += (num_bytes - end) / 7)
        expect_refused(bytes, cut, "");
    expect_refused(bytes, num_bytes - 1, "");
    free(bytes);
}

/* Two bits of each byte of the header (all of them: test_safetensors.c): the file loads as a
 * sound agent or is refused with a sentence. */
static void test_flipped_bits_of_the_header_are_survived(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t num_bytes;
    save("n");
    read_file(&bytes, &num_bytes);
    unseal(bytes);
    assert_true(files_replace(path, bytes, num_bytes, NULL));
    const size_t end = header_end(bytes);
    FILE *file = fopen(path, "r+b");
    int32_t refused = 0, loaded_count = 0;
    const size_t step = emulated() ? 16 : 1;
    int32_t flips = 0;
    for (size_t i = 0; i < 2 * end; i += step, flips++) {
        const size_t bit = i / 2 * 8 + (i * 5 + i / 16) % 8;
        const uint8_t flipped = bytes[bit / 8] ^ (uint8_t)(1u << (bit % 8));
        fseek(file, (long)(bit / 8), SEEK_SET);
        fwrite(&flipped, 1, 1, file);
        fflush(file);
        why_t why = "";
        agent_t *loaded = NULL;
        const agent_status_t status = agent_load(&loaded, path, 1, false, NULL, 0, why);
        if (status == AGENT_OK) {
            toy_world_t world = { .random = 5 };
            toy_reset(&world);
            const agent_config_t *config = agent_config(loaded);
            if (config->obs_height_px * config->obs_width_px * config->obs_stack == TOY_OBS_BYTES)
                assert_in_range(policy_greedy(agent_policy(loaded), world.obs, 0), 0,
                                config->num_actions - 1);
            loaded_count++;
        } else {
            assert_true(why[0] != '\0');
            refused++;
        }
        agent_destroy(loaded);
        fseek(file, (long)(bit / 8), SEEK_SET);
        fwrite(&bytes[bit / 8], 1, 1, file);
        fflush(file);
    }
    fclose(file);
    assert_true(refused > flips / 2 && loaded_count > 0);
    free(bytes);
}

/* A saved checkpoint with text of its header replaced by other text of the same length; free(). */
static uint8_t *save_with(const char *text, const char *other, size_t *num_bytes)
{
    uint8_t *bytes;
    assert_int_equal(strlen(text), strlen(other));
    save(NULL);
    read_file(&bytes, num_bytes);
    unseal(bytes);
    char *at = strstr((char *)bytes + 8, text);
    assert_non_null(at);
    memcpy(at, other, strlen(other));
    return bytes;
}

static void expect_refused_with(const char *text, const char *other, const char *sentence)
{
    size_t num_bytes;
    uint8_t *bytes = save_with(text, other, &num_bytes);
    expect_refused(bytes, num_bytes, sentence);
    free(bytes);
}

static void test_a_checkpoint_of_before_a_setting_has_its_default(void **state)
{
    (void)state;
    static const char *const later[][2] = {
        { "config.similarity_fade_updates", "config.similarity_fade_updatez" },
        { "config.similarity_balanced", "config.similarity_balancez" },
        { "config.net_width", "config.net_widtz" },
    };
    for (int i = 0; i < 3; i++) {
        size_t num_bytes;
        uint8_t *bytes = save_with(later[i][0], later[i][1], &num_bytes);
        assert_true(files_replace(path, bytes, num_bytes, NULL));
        free(bytes);
        why_t why = "";
        agent_t *loaded = NULL;
        assert_int_equal(agent_load(&loaded, path, 1, false, NULL, 0, why), AGENT_OK);
        assert_int_equal(agent_config(loaded)->similarity_fade_updates, i == 0 ? 0 : 1 << 20);
        assert_int_equal(agent_config(loaded)->similarity_balanced, i != 1);
        assert_int_equal(agent_config(loaded)->net_width, 1);
        assert_int_equal(agent_config(loaded)->average_updates, 30);
        agent_destroy(loaded);
    }
}

/* The penalty was the mean over all pairs, and random actions were uniform: such an agent goes on
 * with the same pull, though lambda now counts A times as much. */
static void test_a_checkpoint_of_before_there_were_forms_keeps_its_strength(void **state)
{
    (void)state;
    static const char *const later[][2] = { { "config.similarity_form", "config.similarity_forn" },
                                            { "config.similarity_kinds",
                                              "config.similarity_kindz" } };
    for (int i = 0; i < 2; i++) {
        size_t num_bytes;
        uint8_t *bytes = save_with(later[i][0], later[i][1], &num_bytes);
        assert_true(files_replace(path, bytes, num_bytes, NULL));
        free(bytes);
        agent_t *loaded = NULL;
        assert_int_equal(agent_load(&loaded, path, 1, false, NULL, 0, NULL), AGENT_OK);
        const float weight = agent_config(agent)->similarity_weight;
        const float wanted = i == 0 ? weight / TOY_ACTIONS : weight;
        assert_true(agent_config(loaded)->similarity_weight == wanted);
        assert_int_equal(agent_config(loaded)->similarity_form, AGENT_SIMILARITY_PAIRS);
        assert_true(agent_config(loaded)->similarity_kinds == (i == 1 ? 0 : 1));
        agent_destroy(loaded);
    }
}

/* Before there was a scale of returns, it was 1; it is found anew from there. */
static void test_the_scale_of_returns_is_saved_and_1_in_an_older_file(void **state)
{
    (void)state;
    agent_stats_t stats;
    agent_get_stats(agent, &stats);
    assert_true(stats.return_scale > 0 && stats.return_scale != 1);
    for (int is_older = 0; is_older < 2; is_older++) {
        size_t num_bytes;
        uint8_t *bytes =
            save_with("returns.scale", is_older ? "returns.scalf" : "returns.scale", &num_bytes);
        assert_true(files_replace(path, bytes, num_bytes, NULL));
        free(bytes);
        agent_t *loaded = NULL;
        agent_stats_t after;
        assert_int_equal(agent_load(&loaded, path, 1, false, NULL, 0, NULL), AGENT_OK);
        agent_get_stats(loaded, &after);
        assert_true(after.return_scale == (is_older ? 1 : stats.return_scale));
        assert_true(loaded->learner.return_scale.scale ==
                    (is_older ? 1 : agent->learner.return_scale.scale));
        agent_destroy(loaded);
    }
    expect_refused_with("\"returns.scale\":\"0", "\"returns.scale\":\"-",
                        "\"returns.scale\" is missing or no number");
}

static void test_wrong_contents_are_named(void **state)
{
    (void)state;
    expect_refused_with("\"version\":\"1\"", "\"version\":\"2\"", "lacks \"checksums\"");
    expect_refused_with("kata-agent", "kata-tiger", "is not a checkpoint of Kata");
    expect_refused_with("\"version\":\"1\"", "\"version\":\"9\"",
                        "version must be 1 or 2, found 9");
    expect_refused_with("config.batch_size", "config.batch_fize", "lacks \"config.batch_size\"");
    expect_refused_with("\"config.batch_size\":\"32\"", "\"config.batch_size\":\"3x\"",
                        "\"config.batch_size\" cannot be \"3x\"");
    expect_refused_with("\"config.batch_size\":\"32\"", "\"config.batch_size\":\"00\"",
                        "\"batch_size\" must be 1 to 1024, found 0");
    expect_refused_with("\"config.num_actions\":\"4\"", "\"config.num_actions\":\"5\"",
                        "tensor \"online.head.w\" has not the shape");
    expect_refused_with("\"config.net_kind\":\"small\"", "\"config.net_kind\":\"smalt\"",
                        "\"config.net_kind\" cannot be \"smalt\"");
    expect_refused_with("online.fc.w", "online.fc.x", "lacks tensor \"online.fc.w\"");
    expect_refused_with("\"counter.updates\"", "\"counter.updatez\"",
                        "\"counter.updates\" is missing");
    expect_refused_with("\"F64\",\"shape\":[6]", "\"F64\",\"shape\":[3]", "do not fit its shape");
    expect_refused_with("\"similarity.prior\"", "\"similarity.priox\"",
                        "needs a tensor \"similarity.prior\" of 6 F64 numbers");
    expect_refused_with("\"F32\",\"shape\":[32]", "\"I32\",\"shape\":[32]",
                        "tensor \"online.conv1.b\" has not the shape and dtype");
}

static void test_numbers_that_are_not_sound_are_refused(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t num_bytes;
    save(NULL);
    read_file(&bytes, &num_bytes);
    unseal(bytes);
    const float bad[] = { NAN, INFINITY };
    for (int i = 0; i < 2; i++) {
        float before;
        memcpy(&before, bytes + header_end(bytes), sizeof before);
        memcpy(bytes + header_end(bytes), &bad[i], sizeof bad[i]);
        expect_refused(bytes, num_bytes, "tensor \"online.conv1.w\" holds a number that is not");
        memcpy(bytes + header_end(bytes), &before, sizeof before);
    }
    /* Behind the network's second moments: four arrays of six doubles. */
    float last;
    uint8_t *at = bytes + num_bytes - 4 * 6 * sizeof(double) - sizeof last;
    memcpy(&last, at, sizeof last);
    const float minus = -1;
    memcpy(at, &minus, sizeof minus);
    expect_refused(bytes, num_bytes, "or negative");
    memcpy(at, &last, sizeof last);
    const double negative = -1; /* the last value of the file is a second moment */
    memcpy(bytes + num_bytes - sizeof negative, &negative, sizeof negative);
    expect_refused(bytes, num_bytes, "\"similarity.adam_v\" holds a number that is not sound");
    free(bytes);
}

static void test_bad_arguments_are_refused(void **state)
{
    (void)state;
    why_t why = "";
    agent_t *loaded = NULL;
    save(NULL);
    assert_int_equal(agent_load(&loaded, path, 0, false, NULL, 0, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "\"num_streams\" must be 1 to 256, found 0"));
    assert_int_equal(agent_load(&loaded, "/nowhere/x", 1, false, NULL, 0, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "/nowhere/x: cannot be read"));
    assert_int_equal(agent_save(agent, "/nowhere/x", NULL, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "/nowhere/x: cannot be written"));
}

static void test_full_disk_keeps_the_old_checkpoint(void **state)
{
    (void)state;
    why_t why = "";
    uint8_t *before, *after;
    size_t before_bytes, after_bytes;
    save("old");
    read_file(&before, &before_bytes);

    signal(SIGXFSZ, SIG_IGN); /* a file size limit is what a full disk looks like to write(2) */
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 100000;
    setrlimit(RLIMIT_FSIZE, &small);
    const agent_status_t status = agent_save(agent, path, "new", why);
    setrlimit(RLIMIT_FSIZE, &limit);

    assert_int_equal(status, AGENT_BAD_FILE);
    assert_non_null(strstr(why, "could not be saved, the file before it is untouched"));
    read_file(&after, &after_bytes);
    assert_int_equal(before_bytes, after_bytes);
    assert_memory_equal(before, after, before_bytes);
    free(before);
    free(after);
}

static void test_kill_while_saving_leaves_a_checkpoint_that_loads(void **state)
{
    (void)state;
    save("whole");
    for (int round = 0; round < 15; round++) {
        const pid_t child = fork();
        if (child == 0) { /* with an agent of its own: its parent's is not there in a child */
            agent_t *own = NULL;
            if (agent_load(&own, path, 1, false, NULL, 0, NULL) != AGENT_OK) _exit(1);
            for (;;) (void)agent_save(own, path, "whole", NULL);
        }
        usleep(2000 + 1300 * (useconds_t)round);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        agent_t *loaded = NULL;
        char note[16];
        why_t why = "";
        if (agent_load(&loaded, path, 1, false, note, sizeof note, why) != AGENT_OK)
            fail_msg("%s", why);
        assert_string_equal(note, "whole");
        agent_destroy(loaded);
    }
}

/* A frontend's locale, in which a decimal point is a comma, or several bytes. */
static void test_locale_does_not_matter(void **state)
{
    (void)state;
    why_t why = "";
    uint8_t *bytes[2];
    size_t num_bytes[2];
    save("note");
    read_file(&bytes[0], &num_bytes[0]);
    for (int i = 0; i < COMMA_NUM_LOCALES; i++) {
        agent_t *loaded = NULL;
        policy_t *policy = NULL;
        comma_locale_begin(i);
        save("note");
        const agent_status_t status = agent_load(&loaded, path, 1, false, NULL, 0, why);
        const agent_status_t alone = policy_load(&policy, path, NULL, 0, why);
        comma_locale_end();
        if (status != AGENT_OK || alone != AGENT_OK) fail_msg("%s", why);
        agent_destroy(loaded);
        policy_destroy(policy);
        read_file(&bytes[1], &num_bytes[1]);
        assert_int_equal(num_bytes[0], num_bytes[1]);
        assert_memory_equal(bytes[0], bytes[1], num_bytes[0]);
        free(bytes[1]);
    }
    free(bytes[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_save_load_save_gives_the_same_bytes),
        cmocka_unit_test(test_the_largest_agent_comes_back),
        cmocka_unit_test(test_an_agent_without_sums_loads),
        cmocka_unit_test(test_any_flipped_bit_is_found),
        cmocka_unit_test(test_the_save_before_is_kept),
        cmocka_unit_test(test_a_loaded_agent_learns_on_with_other_streams),
        cmocka_unit_test(test_notes_that_do_not_fit_are_refused),
        cmocka_unit_test(test_locale_does_not_matter),
        cmocka_unit_test(test_every_cut_is_refused),
        cmocka_unit_test(test_flipped_bits_of_the_header_are_survived),
        cmocka_unit_test(test_a_checkpoint_of_before_a_setting_has_its_default),
        cmocka_unit_test(test_a_checkpoint_of_before_there_were_forms_keeps_its_strength),
        cmocka_unit_test(test_the_scale_of_returns_is_saved_and_1_in_an_older_file),
        cmocka_unit_test(test_wrong_contents_are_named),
        cmocka_unit_test(test_numbers_that_are_not_sound_are_refused),
        cmocka_unit_test(test_bad_arguments_are_refused),
        cmocka_unit_test(test_full_disk_keeps_the_old_checkpoint),
        cmocka_unit_test(test_kill_while_saving_leaves_a_checkpoint_that_loads),
    };
    return cmocka_run_group_tests(tests, make_agent, free_agent);
}
