/* Loading: which core, which agent, and what the player is told when something is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit.h"
#include "../leaky_cores.h"

/* Fails to load, says `text` on the screen, and stays usable. */
static void refuses(frontend_t *front, const char *path, const void *bytes, size_t num_bytes,
                    const char *text)
{
    front->num_messages = 0;
    assert_false(frontend_load_bytes(front, path, bytes, num_bytes));
    if (!frontend_was_told(front, text))
        fail_msg("\"%s\" was not said but \"%s\"", text, front->messages[0]);
    assert_int_equal(strncmp(front->messages[0], "Kata: ", 6), 0);
    frontend_run(front, 1);
    assert_int_equal(front->core.serialize_size(), 0);
}

static void test_content_that_cannot_be_played_is_named(void **state)
{
    (void)state;
    static const uint8_t garbage[40000] = "this is no cartridge";
    frontend_t front;
    kit_open(&front);
    front.num_messages = 0;
    assert_false(front.core.load_game(NULL));
    assert_true(frontend_was_told(&front, "a game is needed"));
    refuses(&front, NULL, NULL, 0, "a game is needed");
    refuses(&front, "/nowhere/missing.nes", NULL, 0, "missing.nes");
    refuses(&front, "/nowhere/empty.nes", garbage, 0, "empty.nes is empty");
    refuses(&front, "/nowhere/garbage.nes", garbage, sizeof garbage, "garbage.nes: Nestopia");
    refuses(&front, "/nowhere/short.nes", "NES\x1a\x02\x01", 6, "short.nes: Nestopia");
    refuses(&front, "/nowhere/page.html", garbage, sizeof garbage,
            "no installed core opens .html files");
    refuses(&front, "/nowhere/game.a26", garbage, sizeof garbage,
            "no installed core opens .a26 files");
    refuses(&front, "/nowhere/noextension", garbage, sizeof garbage, "no installed core opens");
    assert_true(frontend_load(&front, kit_kumite)); /* after all that */
    frontend_run(&front, 60);
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1);
    frontend_close(&front);
}

static void test_old_frontends_are_told_the_old_way(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    front.without_messages = true;
    refuses(&front, "/nowhere/empty.nes", "", 0, "Kata: empty.nes is empty");
    frontend_close(&front);
}

static int uninstall(void **state)
{
    (void)state;
    kit_uninstall();
    return 0;
}

static void test_an_inner_core_that_is_kata_is_refused(void **state)
{
    (void)state;
    kit_install(kit_plugin, "mirror", "nes|fds");
    frontend_t front;
    kit_open(&front);
    refuses(&front, kit_kumite, NULL, 0, "Kata");
    frontend_close(&front);
}

static void test_an_inner_core_that_is_no_library_is_refused(void **state)
{
    (void)state;
    kit_install(NULL, "paper", "nes|fds");
    frontend_t front;
    kit_open(&front);
    refuses(&front, kit_kumite, NULL, 0, "paper_libretro.so");
    frontend_close(&front);
}

static void test_without_any_core_the_player_is_told_what_to_do(void **state)
{
    (void)state;
    setenv("KATA_CORE_PATH", kit_path("cores"), 1);
    frontend_t front;
    kit_open(&front);
    refuses(&front, kit_kumite, NULL, 0, "no installed core opens .nes files; install one");
    frontend_close(&front);
}

/* As RetroArch's updater lays them: all cores and their .info files in one folder, Kata's with
 * them. The frontend that names no path is answered by the dynamic loader. */
static void test_the_cores_beside_kata_are_found_first(void **state)
{
    (void)state;
    kit_install("/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so", "neighbour", "nes");
    kit_install(kit_plugin, "kata", "nes");
    unsetenv("KATA_CORE_PATH");
    unsetenv("KATA_INFO_PATH");
    for (int silent = 0; silent < 2; silent++) {
        frontend_t front;
        frontend_open(&front, kit_path("cores/kata_libretro.so"));
        front.save_dir = kit_dir;
        front.without_path = silent;
        frontend_init(&front);
        assert_true(frontend_load(&front, kit_kumite));
        if (!strstr(front.log, "runs in neighbour")) fail_msg("%s", front.log);
        frontend_close(&front);
    }
}

static void test_the_chosen_core_runs_the_game_if_it_opens_it(void **state)
{
    (void)state;
    char nestopia[1024] = "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    kit_install(nestopia, "alpha", "nes");
    kit_install(nestopia, "beta", "nes|fds");
    kit_install(NULL, "gamma", "sfc");
    static const char *const wishes[] = { "auto", "beta", "gamma", "gone" };
    static const char *const runs_in[] = { "runs in alpha", "runs in beta", "runs in alpha",
                                           "runs in alpha" };
    for (int i = 0; i < 4; i++) {
        frontend_t front;
        frontend_open(&front, kit_plugin);
        front.save_dir = kit_dir;
        frontend_set_option(&front, "kata_core", wishes[i]); /* as it was saved */
        frontend_init(&front);
        assert_true(frontend_load(&front, kit_kumite));
        assert_non_null(strstr(front.log, runs_in[i]));
        frontend_close(&front);
    }
}

/* ---- agents ---- */

static int learn(void **state)
{
    (void)state;
    kit_forget();
    kit_learn(kit_kumite, NULL);
    return 0;
}

/* The game runs untouched, without a trailer, and `text` is said. */
static void plays_alone(const char *text)
{
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    if (!frontend_was_told(&front, text))
        fail_msg("\"%s\" was not said but \"%s\"", text, front.messages[0]);
    assert_int_equal(front.num_messages, 1);
    frontend_run(&front, 500);
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1);
    assert_true(front.achievements);
    frontend_close(&front);
}

static void test_no_agent_and_no_preset(void **state)
{
    (void)state;
    kit_forget();
    setenv("KATA_PRESET_PATH", kit_path("nothing"), 1);
    char rom[2048];
    strcpy(rom, kit_path("Nobody knows.nes"));
    kit_copy(kit_kumite, rom);
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, rom));
    assert_true(frontend_was_told(&front, "no agent and no preset for this game"));
    assert_non_null(strstr(front.log, "the game is nes-"));
    frontend_run(&front, 10);
    frontend_close(&front);
    unsetenv("KATA_PRESET_PATH");
}

/* A game of that name is described, but not this dump: said, with the dump that it is for. */
static void test_another_dump_of_a_known_game(void **state)
{
    (void)state;
    kit_forget();
    setenv("KATA_PRESET_PATH", kit_path("nothing"), 1);
    char rom[2048];
    strcpy(rom, kit_path("Galaga - demons of Death (Moon) [!].nes"));
    kit_copy(kit_kumite, rom);
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, rom));
    assert_true(frontend_was_told(&front, "no agent for this dump of Galaga - Demons of Death"));
    assert_non_null(strstr(front.log, "a preset is there for the dump with SHA-1 87e536b9"));
    frontend_run(&front, 10);
    frontend_close(&front);
    unsetenv("KATA_PRESET_PATH");
}

/* Only the plugin is installed: it holds the library's presets. */
static void test_the_librarys_presets_are_inside(void **state)
{
    (void)state;
    kit_forget();
    kit_install("/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so", "alone", "nes");
    kit_install(kit_plugin, "kata", "nes");
    frontend_t front;
    frontend_open(&front, kit_path("cores/kata_libretro.so"));
    front.save_dir = kit_dir;
    frontend_init(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "no agent has learned Kumite yet"));
    frontend_close(&front);
    kit_uninstall();
}

static void test_no_agent_but_a_preset(void **state)
{
    (void)state;
    kit_forget();
    assert_int_equal(system("mkdir -p $KATA_HOME/presets"), 0);
    kit_write(kit_path("home/presets/Kumite.kata.json"), kit_preset, strlen(kit_preset));
    plays_alone("no agent has learned Kumite yet; train one: kata train kumite.nes");
    kit_forget();
}

/* Nothing was trained, nothing was put anywhere: what comes inside the plugin plays. */
static void test_the_opponent_in_the_box_plays(void **state)
{
    (void)state;
    frontend_t front;
    if (access("sharing/box/kumite.kata", R_OK) != 0) {
        printf("skipped: there is no .kata file in sharing/box\n");
        skip();
    }
    kit_forget();
    unsetenv("KATA_BOX");
    kit_open_in_fight(&front);
    assert_true(frontend_was_told(&front, "was put beside yours"));
    int pressed = 0;
    for (int i = 0; i < 300; i++) {
        frontend_run(&front, 1);
        pressed += frontend_ram(&front, KUMITE_PAD) != 0;
    }
    assert_true(pressed > 30);
    frontend_close(&front);
    kit_forget();
    frontend_t learning; /* who wants to learn from nothing does */
    kit_open(&learning);
    frontend_set_option(&learning, "kata_mode", "learn");
    assert_true(frontend_load(&learning, kit_kumite));
    assert_false(frontend_was_told(&learning, "was put beside yours"));
    assert_true(frontend_was_told(&learning, "from nothing"));
    frontend_close(&learning);
    setenv("KATA_BOX", "off", 1);
    kit_forget();
}

static void test_the_library_helps_out_when_the_folders_preset_is_gone_or_broken(void **state)
{
    (void)state;
    char path[4096], library[2048];
    snprintf(path, sizeof path, "%s/preset.json", kit_game_dir(kit_kumite));
    for (int round = 0; round < 2; round++) {
        if (round)
            kit_write(path, "{", 1);
        else
            assert_int_equal(remove(path), 0);
        assert_int_equal(system("mkdir -p $KATA_HOME/presets"), 0);
        strcpy(library, kit_path("home/presets/Kumite.kata.json"));
        kit_write(library, kit_preset, strlen(kit_preset));
        frontend_t front;
        kit_open(&front);
        assert_true(frontend_load(&front, kit_kumite));
        assert_true(frontend_was_told(&front, "the agent for Kumite plays"));
        assert_int_equal(frontend_was_told(&front, "the agent's own is damaged"), round == 1);
        frontend_close(&front);
        assert_int_equal(remove(library), 0);
    }
}

/* However deep the folder: the screen shows what is wrong with the file. */
static void test_a_long_path_does_not_hide_the_reason(void **state)
{
    (void)state;
    char deep[512] = "/";
    for (int i = 0; i < 12; i++) strcat(deep, "a folder-of-a-name/");
    strcat(deep, "empty.nes");
    frontend_t front;
    kit_open(&front);
    refuses(&front, deep, "", 0, "Kata: empty.nes is empty");
    assert_in_range(strlen(front.messages[0]), 10, 120);
    frontend_close(&front);
}

static void test_an_agent_without_any_preset(void **state)
{
    (void)state;
    char path[4096];
    snprintf(path, sizeof path, "%s/preset.json", kit_game_dir(kit_kumite));
    kit_write(path, "{\"kata_preset\": 1}", 18);
    setenv("KATA_PRESET_PATH", kit_path("nothing"), 1);
    char copy[2048];
    strcpy(copy, kit_path("Unheard of.nes"));
    kit_copy(kit_kumite, copy);
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, copy));
    assert_true(frontend_was_told(&front, "this game's agent has no preset"));
    frontend_close(&front);
    unsetenv("KATA_PRESET_PATH");
}

static void test_a_broken_agent(void **state)
{
    (void)state;
    char path[4096];
    snprintf(path, sizeof path, "%s/agent.safetensors", kit_game_dir(kit_kumite));
    kit_write(path, "garbage", 7);
    plays_alone("agent.safetensors");

    /* Two lines of a screen hold the reason; where the file lies is in the log. */
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_in_range(strlen(front.messages[0]), 30, 120);
    assert_null(strstr(front.messages[0], kit_dir));
    assert_non_null(strstr(front.messages[0], "Kata: agent.safetensors: "));
    assert_non_null(strstr(front.log, path));
    frontend_close(&front);
}

/* The agent's actions are numbers: another preset gives them another meaning. */
static void test_an_agent_of_other_actions(void **state)
{
    (void)state;
    char text[4096], path[4096];
    snprintf(path, sizeof path, "%s/preset.json", kit_game_dir(kit_kumite));
    strcpy(text, kit_preset);
    memcpy(strstr(text, "236B"), "214B", 4);
    kit_write(path, text, strlen(text));
    plays_alone("the agent was trained with other actions: its action 4 is 236B");

    strcpy(text, kit_preset);
    char *end = strstr(text, ",   {\"name\": \"Rise\"");
    if (!end) end = strstr(text, "   {\"name\": \"Rise\"") - 1;
    char *close = strchr(end + 1, '}') + 1;
    memmove(end, close, strlen(close) + 1);
    kit_write(path, text, strlen(text));
    plays_alone("the agent was trained with 5 actions, the preset has 4");
}

static void test_the_frontends_save_folder_is_looked_at_first(void **state)
{
    (void)state;
    assert_int_equal(system("cd $KATA_HOME/.. && mkdir -p saves/kata && mv home/nes-* saves/kata"),
                     0);
    frontend_t front;
    kit_open(&front);
    char saves[2048];
    strcpy(saves, kit_path("saves"));
    front.save_dir = saves;
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "the agent for Kumite plays"));
    frontend_close(&front);
}

/* The two faces of Kata meet in a folder: nothing has to be copied. */
static void test_what_kata_train_saved_is_played(void **state)
{
    (void)state;
    const char *build = getenv("KATA_BUILD");
    char command[4096];
    kit_forget();
    snprintf(command, sizeof command,
             "'%s/kata' train '%s' --decisions 60 --warmup 40 --replay 100 --eval-episodes 0 "
             ">'%s' 2>&1",
             build ? build : "build/release", kit_kumite, kit_path("train.log"));
    assert_int_equal(system(command), 0);
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    if (!frontend_was_told(&front, "the agent for Kumite plays on pad 1"))
        fail_msg("%s", front.messages[0]);
    for (int i = 0; i < 900 && !frontend_ram(&front, KUMITE_FIGHT_ACTIVE); i++)
        frontend_run(&front, 1);
    int presses = 0;
    for (int i = 0; i < 900; i++) {
        frontend_run(&front, 1);
        presses += frontend_ram(&front, KUMITE_PAD) != 0;
    }
    assert_in_range(presses, 1, 900);
    frontend_close(&front);
}

/* The same game, whether the frontend hands over bytes or a path. */
static void test_a_path_will_do_where_bytes_are_not_given(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load_bytes(&front, kit_kumite, NULL, 0));
    assert_true(frontend_was_told(&front, "the agent for Kumite plays"));
    frontend_run(&front, 60);
    frontend_close(&front);
}

/* An agent that would play without seeing anything: with Vulkan, not with OpenGL. */
static void test_a_picture_that_cannot_be_read_is_said(void **state)
{
    (void)state;
    static const char preset[] =
        "{\"kata_preset\": 1, \"game\": \"Card\", \"system\": \"card\","
        " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64}, \"variables\": {},"
        " \"pad\": {\"ports\": 1, \"buttons\": {\"B\": \"b\"}},"
        " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"}]}}";
    const char *build = getenv("KATA_BUILD");
    char core[2048], game[2048];
    snprintf(core, sizeof core, "%s/tests/plugin/cores/card_libretro.so",
             build ? build : "build/release");
    kit_install(core, "card", "card");
    strcpy(game, kit_path("game.card"));
    for (int vulkan = 0; vulkan < 2; vulkan++) {
        frontend_t front;
        kit_write(game, vulkan ? "64 48 0 6" : "64 48 0 1", 9);
        kit_learn(game, preset);
        kit_open(&front);
        front.gives_card = true;
        assert_true(frontend_load(&front, game));
        assert_true(frontend_was_told(&front, "the agent for Card plays"));
        assert_int_equal(frontend_was_told(&front, "no picture for the agent"), vulkan);
        frontend_close(&front);
    }
}

#define CORES(name) cmocka_unit_test_setup_teardown(name, uninstall, uninstall)
#define AGENT(name) cmocka_unit_test_setup(name, learn)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_that_cannot_be_played_is_named),
        cmocka_unit_test(test_old_frontends_are_told_the_old_way),
        CORES(test_an_inner_core_that_is_kata_is_refused),
        CORES(test_an_inner_core_that_is_no_library_is_refused),
        CORES(test_without_any_core_the_player_is_told_what_to_do),
        CORES(test_the_cores_beside_kata_are_found_first),
        CORES(test_the_chosen_core_runs_the_game_if_it_opens_it),
        CORES(test_a_picture_that_cannot_be_read_is_said),
        AGENT(test_no_agent_and_no_preset),
        AGENT(test_another_dump_of_a_known_game),
        AGENT(test_the_librarys_presets_are_inside),
        AGENT(test_no_agent_but_a_preset),
        AGENT(test_the_opponent_in_the_box_plays),
        AGENT(test_the_library_helps_out_when_the_folders_preset_is_gone_or_broken),
        AGENT(test_a_long_path_does_not_hide_the_reason),
        AGENT(test_an_agent_without_any_preset),
        AGENT(test_a_broken_agent),
        AGENT(test_an_agent_of_other_actions),
        AGENT(test_the_frontends_save_folder_is_looked_at_first),
        AGENT(test_what_kata_train_saved_is_played),
        AGENT(test_a_path_will_do_where_bytes_are_not_given),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
