/* parcel.c - see parcel.h. */
#include "parcel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zip.h>

#include <cmocka.h>

#include "agent.h"
#include "files.h"
#include "note.h"
#include "preset.h"

#define PRESET(second)                                                                             \
    "{\"kata_preset\": 1, \"game\": \"Tryout\", \"system\": \"nes\","                              \
    " \"actions\": {\"primitives\": [{\"name\": \"Wait\", \"pad\": \"5\"},"                        \
    " {\"name\": \"Step\", \"pad\": \"" second "\"}, {\"name\": \"Back\", \"pad\": \"4\"}]}}"
const char parcel_preset[] = PRESET("6");
const char parcel_other_preset[] = PRESET("9");
const char parcel_recording[] = "kata-recording 1\ngame Tryout\nsystem nes\nports 1\n\nsegment\n"
                                "3 down\n4 right+B\n\nend 7\n";
char parcel_folder[256];

int parcel_setup(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(parcel_folder, sizeof parcel_folder, "%s/parcel-XXXXXX", base ? base : "/tmp");
    agent_set_blas_threads(1);
    return mkdtemp(parcel_folder) ? 0 : -1;
}

void parcel_agent(int weights, uint8_t **bytes, size_t *num_bytes)
{
    char path[512], note[NOTE_BYTES];
    why_t why;
    preset_t *preset;
    agent_config_t config;
    agent_t *agent;
    policy_t *policy;
    snprintf(path, sizeof path, "%s/made.safetensors", parcel_folder);
    if (!preset_parse(&preset, parcel_preset, strlen(parcel_preset), "preset", why))
        fail_msg("%s", why);
    assert_true(note_make(note, sizeof note, preset, 0, 0));
    agent_config_defaults(&config, preset_num_actions(preset));
    preset_free(preset);
    config.num_atoms = 1;
    config.average_updates = 0;
    config.replay_capacity_decisions = 100;
    config.replay_warmup_decisions = 50;
    config.replay_memory_mib = 16;
    if (weights == PARCEL_MANY) config.num_actions++;
    if (weights == PARCEL_SMALL) config.obs_height_px = 60;
    assert_int_equal(agent_create(&agent, &config, why), AGENT_OK);
    assert_int_equal(agent_save(agent, path, note, why), AGENT_OK);
    agent_destroy(agent);
    if (weights != PARCEL_WHOLE) {
        assert_int_equal(policy_load(&policy, path, NULL, 0, why), AGENT_OK);
        if (weights == PARCEL_NAN) {
            float *values = malloc(policy_num_weights(policy) * sizeof *values);
            policy_write_greedy_weights(policy, values);
            values[0] = NAN;
            policy_take_weights(policy, values);
            free(values);
        }
        assert_int_equal(policy_save(policy, path, note, false, why), AGENT_OK);
        policy_destroy(policy);
    }
    assert_true(files_read(path, 1 << 26, bytes, num_bytes, why));
    unlink(path);
}

void parcel_make(package_t *package, const char *name, const char *preset, int weights)
{
    uint8_t *bytes;
    size_t num_bytes;
    why_t why;
    *package = (package_t){ .has_agent = true, .training = { .port = 1 } };
    snprintf(package->name, sizeof package->name, "%s", name);
    strcpy(package->game, "Tryout");
    strcpy(package->system, "nes");
    strcpy(package->sha1, PARCEL_SHA1);
    strcpy(package->made_by, "a test");
    package->training.rating = (package_rating_t){ .episodes = 10,
                                                   .won = 7,
                                                   .lost = 3,
                                                   .win_rate = 0.7,
                                                   .win_low = 0.4,
                                                   .win_high = 0.9,
                                                   .mean_return = 1.25 };
    assert_true(
        package_add(package, PACKAGE_PRESET, (uint8_t *)strdup(preset), strlen(preset), why));
    parcel_agent(weights, &bytes, &num_bytes);
    assert_true(package_add(package, PACKAGE_AGENT, bytes, num_bytes, why));
    assert_true(package_add(package, PACKAGE_RECORDINGS "1.kata-recording",
                            (uint8_t *)strdup(parcel_recording), strlen(parcel_recording), why));
}

void parcel_bytes(package_t *package, uint8_t **bytes, size_t *num_bytes)
{
    char path[512];
    why_t why = "";
    snprintf(path, sizeof path, "%s/made.kata", parcel_folder);
    if (!package_write(package, path, why)) fail_msg("%s", why);
    assert_true(files_read(path, PACKAGE_MAX_FILE_BYTES, bytes, num_bytes, why));
    unlink(path);
}

void parcel_zip(const char *const members[][2], uint8_t **bytes, size_t *num_bytes)
{
    char path[512];
    snprintf(path, sizeof path, "%s/made.zip", parcel_folder);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert_non_null(zip);
    for (int i = 0; members[i][0]; i++) {
        zip_source_t *from = zip_source_buffer(zip, members[i][1], strlen(members[i][1]), 0);
        assert_true(zip_file_add(zip, members[i][0], from, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_true(files_read(path, 1 << 26, bytes, num_bytes, NULL));
    unlink(path);
}
