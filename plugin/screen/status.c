/* status.c - see status.h. */
#include "status.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { AGAIN_FRAMES = 40, SHOWN_MS = 1500, MOVE_FRAMES = 45, HINT_FRAMES = 600 };

static void add(char text[STATUS_BYTES], const char *format, ...)
{
    const size_t length = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + length, STATUS_BYTES - length, format, args);
    va_end(args);
}

static void add_port(char text[STATUS_BYTES], const holder_t *holder, uint32_t port, double fps,
                     bool learns)
{
    const char *comma = text[0] ? ", " : "";
    const unsigned number = (unsigned)port + 1;
    switch (holder_of(holder, port)) {
    case HOLDER_AGENT: add(text, learns ? "%sP%u learns" : "%sP%u agent", comma, number); break;
    case HOLDER_HUMAN: {
        const double seconds = fps > 0 ? holder->touch.frames_left[port] / fps : 0;
        add(text, "%sP%u you, the agent in %d s", comma, number, (int)ceil(seconds - 0.01));
        break;
    }
    case HOLDER_SCRIPT: add(text, "%sP%u agent", comma, number); break;
    case HOLDER_NOBODY:
        add(text, holder->wish.ports >> port & 1 ? "%sP%u agent waits" : "%sP%u you", comma,
            number);
        break;
    }
}

/* The newest macro in flight of any seat. */
static const char *move_of(status_t *status, const player_t *player, const preset_t *preset)
{
    if (status->move_frames > 0 && --status->move_frames == 0) status->move = 0;
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++) {
        const int32_t action = player_action(player, port);
        if (action < 0 || action >= preset_num_actions(preset) ||
            !preset_action(preset, action)->is_macro)
            continue;
        status->move = action + 1;
        status->move_frames = MOVE_FRAMES;
    }
    return status->move > 0 ? preset_action(preset, status->move - 1)->name : NULL;
}

void status_line(status_t *status, char text[STATUS_BYTES], const player_t *player,
                 const preset_t *preset, const char *progress, double fps, bool moves)
{
    const holder_t *holder = player_holder(player);
    text[0] = '\0';
    if (boot_script_runs(&holder->script) ||
        (holder_seeks(holder) && !holder_humans(holder) && !holder_waits(holder, preset))) {
        add(text, "the agent is on the way to the fight");
        return;
    }
    const uint32_t num_ports = (uint32_t)preset_num_ports(preset);
    for (uint32_t port = 0; port < num_ports && port < PLAYER_MAX_PORTS; port++)
        /* Its progress needs the room of who else plays. */
        if ((port < 2 && !*progress) || holder->wish.ports >> port & 1)
            add_port(text, holder, port, fps, *progress);
    const char *move = move_of(status, player, preset);
    const uint32_t agents = holder_agents(holder);
    if (!agents) return;
    if (*progress)
        add(text, " | %s", progress);
    else if (holder->wish.hold_frames > 0 && status->hint_frames < HINT_FRAMES) {
        status->hint_frames++;
        add(text, " | touch pad %d to play", agents & 1 ? 1 : 2);
    } else if (moves && move) {
        add(text, " | %s", move);
    }
}

void status_show(status_t *status, const host_t *host, const char text[STATUS_BYTES])
{
    if (status->frames_left > 0) status->frames_left--;
    if (status->frames_left > 0 && strcmp(text, status->text) == 0) return;
    snprintf(status->text, sizeof status->text, "%s", text);
    status->frames_left = AGAIN_FRAMES;
    host_status(host, SHOWN_MS, text);
}
