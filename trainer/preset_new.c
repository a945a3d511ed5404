/* preset_new.c - `kata preset new ROM`: a preset to begin with, for a game that nobody described.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bridge.h"
#include "commands.h"
#include "game.h"
#include "preset_file.h"
#include "starter.h"

enum { CORE_SECONDS = 30, NUM_BUTTONS = 16 };

typedef struct {
    const char *core, *out;
    int64_t ports;
    bool replace;
} values_t;

static const option_t rows[] = {
    { "core", OPTION_TEXT, offsetof(values_t, core), "NAME|PATH", 0, 0,
      "buttons are called as this core describes them [as the console's are]" },
    { "ports", OPTION_COUNT, offsetof(values_t, ports), "N", 1, 8,
      "ports that an agent can play on" },
    { "out", OPTION_TEXT, offsetof(values_t, out), "FILE", 0, 0, "save it there [print it]" },
    { "replace", OPTION_FLAG, offsetof(values_t, replace), NULL, 0, 0,
      "with --out: even if the file is there" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    ((values_t *)values)->ports = 1;
}

/* ---- what a core calls its buttons ---- */

/* In a process of its own, for a core may print, crash or hang. Writes a starter_input_t for each
 * button, or the reason why there is none, and ends the process. */
static void ask_core(const game_t *game, int to)
{
    alarm(CORE_SECONDS);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    char why[BRIDGE_WHY_BYTES] = "";
    const bridge_config_t config = { .core_path = game->core_path };
    bridge_t *bridge;
    bridge_frame_t frame;
    bool ok = bridge_open(&bridge, &config, why) == BRIDGE_OK &&
              bridge_load(bridge, game->rom_path, NULL, 0, why) == BRIDGE_OK;
    if (!ok) (void)!write(to, why, sizeof why);
    if (ok) bridge_run_frame(bridge, &frame); /* some describe their buttons only then */
    for (uint32_t id = 0; ok && id < NUM_BUTTONS; id++) {
        const char *name = bridge_button_name(bridge, id);
        starter_input_t input = { .id = (int32_t)id };
        if (!name) continue;
        snprintf(input.description, sizeof input.description, "%s", name);
        ok = write(to, &input, sizeof input) == (ssize_t)sizeof input;
    }
    _exit(ok ? 0 : 1);
}

static bool read_inputs(int from, starter_t *starter, char why[BRIDGE_WHY_BYTES])
{
    /* As long as either answer can be; a pipe holds it whole. */
    static unsigned char answer[NUM_BUTTONS * sizeof(starter_input_t) + BRIDGE_WHY_BYTES];
    size_t num_bytes = 0;
    ssize_t got;
    while (num_bytes < sizeof answer &&
           (got = read(from, answer + num_bytes, sizeof answer - num_bytes)) > 0)
        num_bytes += (size_t)got;
    snprintf(why, BRIDGE_WHY_BYTES, "%.*s", (int)(num_bytes < 500 ? num_bytes : 500), answer);
    for (size_t at = 0;
         at + sizeof(starter_input_t) <= num_bytes && starter->num_inputs < NUM_BUTTONS;
         at += sizeof(starter_input_t))
        memcpy(&starter->inputs[starter->num_inputs++], answer + at, sizeof(starter_input_t));
    return starter->num_inputs > 0;
}

static int name_inputs(game_t *game, const char *core, starter_t *starter)
{
    char why[GAME_WHY_BYTES], cause[BRIDGE_WHY_BYTES];
    int ends[2], status = 0;
    if (!game_find_core(game, core, why)) return say_failed("%s", why);
    if (pipe(ends) != 0) return say_failed("no pipe to ask %s", game->core_name);
    fflush(stdout);
    const pid_t pid = fork();
    if (pid == 0) ask_core(game, ends[1]);
    close(ends[1]);
    const bool any = pid > 0 && read_inputs(ends[0], starter, cause);
    close(ends[0]);
    if (pid < 0) return say_failed("no process to ask %s", game->core_name);
    waitpid(pid, &status, 0);
    const bool hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    const bool silent = WIFEXITED(status) && WEXITSTATUS(status) != 0 && !*cause;
    if (WIFSIGNALED(status) || silent)
        return say_failed("%s %s when asked what its buttons are called; leave out --core",
                          game->core_name,
                          hung     ? "hung"
                          : silent ? "gave up"
                                   : "crashed");
    if (WEXITSTATUS(status) != 0) return say_failed("%s", cause);
    if (!any)
        return say_failed("%s does not say what its buttons are called; leave out --core",
                          game->core_name);
    return EXIT_OK;
}

/* ---- the command ---- */

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const values_t *v = values;
    static game_t game; /* large */
    char why[GAME_WHY_BYTES], *text;
    if (v->replace && !v->out) return say_usage("preset new: --replace needs --out FILE");
    if (!game_identify(&game, arguments[0], why)) return say_failed("%s", why);
    const identity_t *id = &game.identity;
    static starter_t starter;
    starter = (starter_t){
        .game = game.rom_name,
        .system = id->system,
        .sha1 = id->sha1,
        .crc32 = id->crc32,
        .md5 = id->md5,
        .num_ports = (int32_t)v->ports,
    };
    int status = v->core ? name_inputs(&game, v->core, &starter) : EXIT_OK;
    if (status != EXIT_OK) return status;
    if (!preset_starter(&text, &starter, why)) return say_failed("%s", why);
    if (v->out)
        status = preset_file_save(v->out, text, strlen(text), v->replace);
    else
        preset_file_print(text, strlen(text));
    free(text);
    return status;
}

const command_t command_preset_new = {
    .name = "preset new",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "a starter for a game that nobody described",
    .about =
        "Writes a preset that loads: the game's name and hashes, the console's pad and memory,\n"
        "the directions, each button alone and with a direction, common motions, and a start\n"
        "that presses START. What makes a reward and where an episode ends is yours to add;\n"
        "presets/FORMAT.md says how, `kata preset validate` says what is missing.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Begin a preset:\n"
                "    kata preset new game.nes --out game.kata.json\n"
                "  With the button names of a core, for two players:\n"
                "    kata preset new game.md --core genesis_plus_gx --ports 2\n",
    .values_bytes = sizeof(values_t),
    .defaults = defaults,
    .run = run,
};
