/* Two RetroArchs on loopback play one game, the agent on the host's pad 2 and a quarter of a second
 * late: the checksums of their states stay the same for 1,800 frames; without the same agent the
 * client is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core_alone.h"
#include "../leaky_cores.h"
#include "netplay_proxy.h"
#include "retroarch_kit.h"

enum { CHECK_FRAMES = 60, NUM_FRAMES = 1800, KUMITE_PAD_2 = KUMITE_PAD + 1 };

typedef struct {
    pid_t host, client;
    int host_commands, client_commands;
    netplay_proxy_t proxy;
} match_t;

/* kata: lines of its core options. Saves are sorted by core and by content, in a folder of its own.
 */
static pid_t start_side(const char *name, int commands, const char *kata, const char *const *args)
{
    const bool is_host = strcmp(name, "host") == 0; /* the one with a window */
    char more[8192], options[2048], log[64], saves[2048];
    snprintf(log, sizeof log, "%s.opt", name);
    strcpy(options, kit_path(log));
    kit_write(options, kata, strlen(kata));
    snprintf(log, sizeof log, "saves-%s", name);
    strcpy(saves, kit_path(log));
    mkdir(saves, 0700);
    snprintf(more, sizeof more,
             "savefile_directory = \"%s\"\nsavestate_directory = \"%s\"\n"
             "sort_savefiles_enable = \"true\"\nsort_savefiles_by_content_enable = \"true\"\n"
             "core_options_path = \"%s\"\nglobal_core_options = \"true\"\n"
             "network_cmd_enable = \"true\"\nnetwork_cmd_port = \"%d\"\n"
             "netplay_public_announce = \"false\"\nnetplay_nat_traversal = \"false\"\n"
             "netplay_start_as_spectator = \"false\"\n%s",
             saves, saves, options, commands,
             is_host ? "" : "video_driver = \"null\"\ninput_driver = \"null\"\n");
    snprintf(log, sizeof log, "%s.log", name);
    return ra_start_retroarch(kit_kumite, log, more, 0, NULL, args);
}

/* kata_start: the keys of start_game_for_two() alone lead to the fight. */
static const char host_options[] = "kata_mode = \"play\"\nkata_port = \"2\"\n"
                                   "kata_reaction = \"250\"\nkata_start = \"disabled\"\n";

static void start_match(match_t *match, const char *client_options)
{
    char host_port[32], client_port[32];
    const int port = ra_free_port(), commands[2] = { ra_free_port(), ra_free_port() };
    snprintf(host_port, sizeof host_port, "--port=%d", port);
    const int proxy_port = netplay_proxy_open(&match->proxy, port);
    assert_true(proxy_port > 0);
    snprintf(client_port, sizeof client_port, "--port=%d", proxy_port);
    const char *const host_args[] = { "--host", host_port, "--check-frames=60", "--nick=host",
                                      NULL };
    const char *const client_args[] = { "--connect=127.0.0.1", client_port, "--check-frames=60",
                                        "--nick=client", NULL };
    match->host_commands = ra_connect(commands[0]);
    match->client_commands = ra_connect(commands[1]);
    match->host = start_side("host", commands[0], host_options, host_args);
    assert_true(ra_wait_for_byte(match->host_commands, KUMITE_SCREEN, 1, 240)); /* its title */
    match->client = start_side("client", commands[1], client_options, client_args);
}

static void end_match(match_t *match)
{
    kill(match->client, SIGKILL);
    kill(match->host, SIGKILL);
    waitpid(match->client, NULL, 0);
    waitpid(match->host, NULL, 0);
    netplay_proxy_close(&match->proxy);
    close(match->host_commands);
    close(match->client_commands);
}

static bool pump_until(match_t *match, int num_checks, double limit_s)
{
    for (const double end = ra_now_s() + limit_s; ra_now_s() < end;) {
        if (match->proxy.num_checks >= num_checks) return true;
        netplay_proxy_step(&match->proxy, 50);
    }
    return false;
}

/* While the network goes on: the game's byte on this side. */
static bool pump_for_byte(match_t *match, int side, unsigned address, int value, double limit_s)
{
    for (const double end = ra_now_s() + limit_s; ra_now_s() < end;) {
        if (ra_peek(side, address) == value) return true;
        for (int i = 0; i < 20; i++) netplay_proxy_step(&match->proxy, 1);
    }
    return false;
}

/* Presses on the host's pad 1 lead from the title to a game for two. */
static bool start_game_for_two(match_t *match)
{
    static const char *const keys[] = { "Down", "Return" };
    if (!ra_focus_window()) return false;
    for (int k = 0; k < 2; k++) {
        if (!ra_press("keydown", keys[k])) return false;
        for (int i = 0; i < 20; i++) netplay_proxy_step(&match->proxy, 5);
        if (!ra_press("keyup", keys[k])) return false;
        for (int i = 0; i < 20; i++) netplay_proxy_step(&match->proxy, 5);
    }
    return pump_for_byte(match, match->host_commands, KUMITE_FIGHT_ACTIVE, 1, 120);
}

static void play_without_drifting_apart(const char *client_options)
{
    match_t match;
    start_match(&match, client_options);
    const bool is_checked = pump_until(&match, 2, 240);
    const bool fights = is_checked && start_game_for_two(&match);
    const int complaints = match.proxy.num_complaints, checks = match.proxy.num_checks;
    int presses[2] = { 0, 0 };
    const int sides[2] = { match.host_commands, match.client_commands };
    const int enough = checks + NUM_FRAMES / CHECK_FRAMES;
    for (const double end = ra_now_s() + 400; fights && ra_now_s() < end;) {
        for (int i = 0; i < 2; i++) presses[i] += ra_peek(sides[i], KUMITE_PAD_2) > 0;
        for (int i = 0; i < 20; i++) netplay_proxy_step(&match.proxy, 1);
        if (match.proxy.num_checks >= enough && presses[0] >= 10 && presses[1] >= 10) break;
    }
    const netplay_proxy_t heard = match.proxy;
    end_match(&match);
    if (!fights || heard.num_checks < enough)
        fail_msg("%d checks, %d differed, fight %d: %s", heard.num_checks, heard.num_complaints,
                 fights, ra_log_end("client.log"));
    print_message("%d states compared up to frame %u, %d differed\n", heard.num_checks,
                  (unsigned)heard.check_frame, heard.num_complaints);
    assert_in_range(presses[0], 10, 1 << 20);
    assert_in_range(presses[1], 10, 1 << 20);
    assert_non_null(strstr(ra_log("client.log"), "netplay: all need agent "));
    assert_null(strstr(ra_log("client.log"), "netplay refused"));
    if (heard.num_complaints > 0 && core_alone_num_lost() > 0) {
        printf(
            "skipped: %d of %d checksums differed; the core alone does not restore %d bytes that "
            "they count\n",
            heard.num_complaints, heard.num_checks, core_alone_num_lost());
        skip();
    }
    assert_int_equal(complaints, 0);
    assert_int_equal(heard.num_complaints, 0);
}

static void put_agent(const char *saves)
{
    char command[8192];
    snprintf(command, sizeof command, "mkdir -p '%s/%s' && cp -r '%s' '%s/%s/kata'", kit_dir, saves,
             kit_path("home"), kit_dir, saves);
    assert_int_equal(system(command), 0);
}

static void test_an_agent_in_kata_home_and_other_options(void **state)
{
    (void)state;
    play_without_drifting_apart("kata_mode = \"off\"\nkata_port = \"1\"\nkata_epsilon = \"5\"\n");
}

/* This one sees numbers, its own pads among them. */
static void test_an_agent_in_the_saves_of_each_side(void **state)
{
    (void)state;
    kit_forget();
    kit_sees_numbers = true;
    kit_learn_kumite("versus", NULL);
    kit_sees_numbers = false;
    put_agent("saves-host");
    put_agent("saves-client");
    setenv("KATA_HOME", kit_path("nothing"), 1);
    play_without_drifting_apart("kata_mode = \"play\"\n");
}

static void test_a_client_without_the_agent_is_refused(void **state)
{
    (void)state;
    char command[2048];
    snprintf(command, sizeof command, "rm -r '%s/saves-client'", kit_dir);
    assert_int_equal(system(command), 0);
    match_t match;
    start_match(&match, "");
    for (const double end = ra_now_s() + 240; ra_now_s() < end && match.proxy.num_complaints < 1;)
        netplay_proxy_step(&match.proxy, 50);
    const netplay_proxy_t heard = match.proxy;
    end_match(&match);
    print_message("%d states compared, %d differed, %d sent\n", heard.num_checks,
                  heard.num_complaints, heard.num_states);
    assert_in_range(heard.num_complaints, 1,
                    1 << 20); /* what a side that drifts apart looks like */
    const char *log = ra_log("client.log");
    if (!strstr(log, "netplay refused: the host's agent ") || !strstr(log, " is missing here"))
        fail_msg("%s", log);
    assert_non_null(strstr(ra_log("host.log"), "netplay: all need agent "));
}

static int setup(void **state)
{
    if (ra_setup(state) != 0) return -1;
    ra_put_nestopia();
    kit_learn(kit_kumite, NULL);
    core_alone_measure();
    return 0;
}

/* test_retroarch_netplay PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_agent_in_kata_home_and_other_options),
        cmocka_unit_test(test_an_agent_in_the_saves_of_each_side),
        cmocka_unit_test(test_a_client_without_the_agent_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, ra_teardown);
}
