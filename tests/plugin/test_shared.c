/* Agents that others sent: a .kata file in the save folder plays as it did at home, beside one's
 * own, and a bad one changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "kit.h"
#include "note.h"
#include "package.h"
#include "policy.h"
#include "preset.h"
#include "../leaky_cores.h"

/* The agent that kit_learn() made, as "ryu" in <saves>/kata/ryu.kata. */
static void send_it(void)
{
    static char note[NOTE_BYTES];
    char path[4096], policy_path[4096];
    const char *sha1 = strrchr(kit_game_dir(kit_kumite), '-') + 1;
    why_t why = "";
    preset_t *preset;
    policy_t *policy;
    uint8_t *bytes;
    size_t num_bytes;
    package_t package = { .name = "ryu", .has_agent = true, .training = { .port = 1 } };
    assert_true(preset_parse(&preset, kit_preset, strlen(kit_preset), "preset", why));
    snprintf(package.game, sizeof package.game, "%s", preset_game(preset));
    snprintf(package.system, sizeof package.system, "%s", preset_system(preset));
    snprintf(package.sha1, sizeof package.sha1, "%s", sha1);
    preset_free(preset);
    snprintf(path, sizeof path, "%s/agent.safetensors", kit_game_dir(kit_kumite));
    if (policy_load(&policy, path, note, sizeof note, why) != AGENT_OK) fail_msg("%s", why);
    snprintf(policy_path, sizeof policy_path, "%s", kit_path("sent.safetensors"));
    assert_int_equal(policy_save(policy, policy_path, note, false, why), AGENT_OK);
    policy_destroy(policy);
    assert_true(files_read(policy_path, 1 << 26, &bytes, &num_bytes, why));
    assert_true(package_add(&package, PACKAGE_PRESET, (uint8_t *)strdup(kit_preset),
                            strlen(kit_preset), why));
    assert_true(package_add(&package, PACKAGE_AGENT, bytes, num_bytes, why));
    assert_true(files_make_dirs(kit_path("kata"), why));
    if (!package_write(&package, kit_path("kata/ryu.kata"), why)) fail_msg("%s", why);
    package_free(&package);
}

/* The fight's first seconds, as the agent on the pad makes them. */
static uint64_t play(frontend_t *front)
{
    uint64_t hash = 0;
    for (int i = 0; i < 900; i++) {
        frontend_run(front, 1);
        const uint8_t seen[3] = { frontend_ram(front, KUMITE_PAD), frontend_ram(front, KUMITE_X),
                                  frontend_ram(front, KUMITE_HEALTH) };
        hash = frontend_hash(hash, seen, sizeof seen);
    }
    return hash;
}

static int forget(void **state)
{
    (void)state;
    unsetenv("KATA_AGENT");
    kit_forget();
    char command[2100];
    snprintf(command, sizeof command, "rm -rf '%s'", kit_path("kata"));
    return system(command);
}

static void test_a_file_in_the_save_folder_plays_as_at_home(void **state)
{
    (void)state;
    frontend_t front;
    kit_learn(kit_kumite, NULL);
    send_it();
    unlink(kit_path("kata/ryu.kata"));
    kit_open_in_fight(&front);
    const uint64_t at_home = play(&front);
    frontend_close(&front);
    send_it();
    kit_forget(); /* another's machine */
    for (int again = 0; again < 2; again++) {
        kit_open_in_fight(&front);
        assert_int_equal(frontend_was_told(&front, "the agent \"ryu\" was put beside yours"),
                         again == 0);
        assert_true(frontend_was_told(&front, "the agent \"ryu\" for "));
        assert_true(play(&front) == at_home);
        frontend_close(&front);
    }
}

static void test_ones_own_plays_unless_the_other_is_asked_for(void **state)
{
    (void)state;
    frontend_t front;
    kit_learn(kit_kumite, NULL);
    send_it();
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "the agent for "));
    front.num_messages = 0;
    frontend_set_option(&front, "kata_agent", "sent");
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "the agent \"ryu\" for "));
    frontend_close(&front);
    setenv("KATA_AGENT", "ryu", 1);
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "the agent \"ryu\" for "));
    frontend_close(&front);
    setenv("KATA_AGENT", "ken", 1);
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite)); /* untouched */
    assert_true(frontend_was_told(&front, "no agent \"ken\"; it has own, ryu"));
    frontend_close(&front);
}

static void test_a_bad_file_is_named_and_changes_nothing(void **state)
{
    (void)state;
    frontend_t front;
    uint8_t *bytes;
    size_t num_bytes;
    kit_learn(kit_kumite, NULL);
    send_it();
    assert_true(files_read(kit_path("kata/ryu.kata"), 1 << 26, &bytes, &num_bytes, NULL));
    kit_write(kit_path("kata/cut.kata"), bytes, num_bytes / 2);
    bytes[num_bytes / 2] ^= 1; /* a weight: only its digest tells */
    kit_write(kit_path("kata/ryu.kata"), bytes, num_bytes);
    free(bytes);
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "cut.kata: not a whole .kata file"));
    assert_true(frontend_was_told(&front, "ryu.kata: agent.safetensors "));
    assert_true(frontend_was_told(&front, "the agent for "));
    frontend_close(&front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_a_file_in_the_save_folder_plays_as_at_home, forget),
        cmocka_unit_test_teardown(test_ones_own_plays_unless_the_other_is_asked_for, forget),
        cmocka_unit_test_teardown(test_a_bad_file_is_named_and_changes_nothing, forget),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
