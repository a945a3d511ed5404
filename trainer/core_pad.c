/* core_pad.c - asks a core for its input descriptors, in a process of its own. */
#include "core_pad.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bridge.h"
#include "why.h"

enum { CORE_SECONDS = 30, NUM_BUTTONS = 16 };

/* Writes a starter_input_t for each
 * button, or the reason why there is none, and ends the process. */
static void ask_core(const game_t *game, int to)
{
    alarm(CORE_SECONDS);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    why_t why = "";
    const bridge_config_t config = { .core_path = game->core_path };
    bridge_t *bridge;
    bool ok = bridge_open(&bridge, &config, why) == BRIDGE_OK &&
              bridge_load(bridge, game->rom_path, NULL, 0, why) == BRIDGE_OK;
    if (!ok) (void)!write(to, why, sizeof why);
    if (ok) bridge_run_frame(bridge, NULL); /* some describe their buttons only then */
    for (uint32_t id = 0; ok && id < NUM_BUTTONS; id++) {
        const char *name = bridge_button_name(bridge, id);
        starter_input_t input = { .id = (int32_t)id };
        if (!name) continue;
        snprintf(input.description, sizeof input.description, "%s", name);
        ok = write(to, &input, sizeof input) == (ssize_t)sizeof input;
    }
    _exit(ok ? 0 : 1);
}

static bool read_inputs(int from, starter_t *starter, why_t why)
{
    /* As long as either answer can be; a pipe holds it whole. */
    static unsigned char answer[NUM_BUTTONS * sizeof(starter_input_t) + sizeof(why_t)];
    size_t num_bytes = 0;
    ssize_t got;
    while (num_bytes < sizeof answer &&
           (got = read(from, answer + num_bytes, sizeof answer - num_bytes)) > 0)
        num_bytes += (size_t)got;
    refuse(why, "%.*s", (int)(num_bytes < 500 ? num_bytes : 500), answer);
    for (size_t at = 0;
         at + sizeof(starter_input_t) <= num_bytes && starter->num_inputs < NUM_BUTTONS;
         at += sizeof(starter_input_t))
        memcpy(&starter->inputs[starter->num_inputs++], answer + at, sizeof(starter_input_t));
    return starter->num_inputs > 0;
}

bool core_pad_ask(const game_t *game, starter_t *starter, why_t why)
{
    why_t cause;
    int ends[2], status = 0;
    if (pipe(ends) != 0) return refuse(why, "no pipe to ask %s", game->core_name);
    fflush(stdout);
    const pid_t pid = fork();
    if (pid == 0) ask_core(game, ends[1]);
    close(ends[1]);
    const bool any = pid > 0 && read_inputs(ends[0], starter, cause);
    close(ends[0]);
    if (pid < 0) return refuse(why, "no process to ask %s", game->core_name);
    waitpid(pid, &status, 0);
    const bool hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    const bool silent = WIFEXITED(status) && WEXITSTATUS(status) != 0 && !*cause;
    if (WIFSIGNALED(status) || silent)
        return refuse(why, "%s %s when asked what its buttons are called; leave out --core",
                      game->core_name,
                      hung     ? "hung"
                      : silent ? "gave up"
                               : "crashed");
    if (WEXITSTATUS(status) != 0) return refuse(why, "%s", cause);
    return any || refuse(why, "%s does not say what its buttons are called; leave out --core",
                         game->core_name);
}
