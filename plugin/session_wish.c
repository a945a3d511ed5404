/* session_wish.c - what the options wish of the player: on which pads, for how long a human keeps
 * one, how many random moves; taken over while the game runs, and left alone over netplay. */
#include <stdio.h>
#include <string.h>

#include "netplay.h"
#include "reaction.h"
#include "session_parts.h"
#include "why.h"

enum {
    MAX_HOLD_FRAMES = 1 << 20,
    VARIED_THOUSANDTHS = 50, /* in units of Q: costs next to no strength (docs/results) */
    NETPLAY_FRAMES = 120,    /* no state for so long: it is over */
};

const struct retro_controller_description session_controller = {
    "Kata agent", RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 0x4b41)
};

bool session_plays(const session_t *session)
{
    return session->player && player_holder(session->player)->wish.ports != 0;
}

bool session_coaches(const session_t *session)
{
    return session->player && session->settings.coaches && !session_plays(session);
}

bool session_watches(const session_t *session)
{
    return session->player && session->settings.watches && !session_plays(session);
}

bool session_looks(const session_t *session)
{
    return session_plays(session) || session_coaches(session) || session_watches(session);
}

static bool leaves_pads(const settings_t *settings)
{
    return settings->coaches || settings->watches;
}

/* Ports that the preset's agents can play on. */
uint32_t session_possible_ports(const preset_t *preset)
{
    uint32_t ports = 0;
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
        if (preset_plays_port(preset, port, NULL)) ports |= 1u << port;
    return ports;
}

static uint32_t wished_ports(const session_t *session)
{
    return session->menu_decides ? session->menu_ports : session->settings.ports;
}

/* The wished pads, or the first where the preset knows none of them. */
uint32_t session_agent_ports(const session_t *session)
{
    const uint32_t wished = wished_ports(session);
    if (!session->settings.plays || !wished) return 0;
    const preset_t *preset = session->game.preset; /* NULL: of a game that nobody described */
    const uint32_t possible = preset ? wished & session_possible_ports(preset) : 0;
    return possible ? possible : 1;
}

uint32_t session_port(const session_t *session)
{
    const uint32_t ports = session_agent_ports(session);
    uint32_t port = 0;
    while (ports && !(ports >> port & 1)) port++;
    return port;
}

int32_t session_start(const session_t *session)
{
    const char *chosen = session->settings.start;
    const int32_t start = chosen[0] ? preset_find_start(session->game.preset, chosen) : -1;
    return start >= 0 ? start : session->game.start;
}

/* What the options say, in numbers that decide frames. */
holder_wish_t session_wish(const session_t *session)
{
    const settings_t *settings = &session->settings;
    int32_t delay_steps;
    if (!reaction_steps(settings->reaction_ms, preset_frame_skip(session->game.preset),
                        &delay_steps, NULL))
        delay_steps = HOLDER_MAX_DELAY; /* as late as can be, where steps are short */
    const double frames = settings->hold_seconds * bridge_av(session->bridge).fps + 0.5;
    return (holder_wish_t){
        .ports = leaves_pads(settings) ? 0 : session_agent_ports(session),
        .hold_frames = frames >= 0 && frames < MAX_HOLD_FRAMES ? (uint32_t)frames : 0,
        .random_percent = settings->random_percent,
        .starts = settings->starts && !leaves_pads(settings),
        .fights = 1,
        .start = (uint32_t)session_start(session) + 1,
        .temperature_thousandths = settings->varies ? VARIED_THOUSANDTHS : 0,
        .delay_steps = leaves_pads(settings) ? 0 : (uint32_t)delay_steps, /* advice is of now */
    };
}

uint32_t session_num_ports(uint32_t ports)
{
    uint32_t count = 0;
    for (; ports; ports >>= 1) count++;
    return count;
}

/* The wish is kept, in case another preset can do it. */
void session_explain_ports(const session_t *session, const host_t *host)
{
    const preset_t *preset = session->game.preset;
    const uint32_t wished = wished_ports(session);
    if (!session->settings.plays || !wished || wished & session_possible_ports(preset)) return;
    why_t reason, why;
    preset_plays_port(preset, session_num_ports(wished) - 1, reason);
    refuse(why, "%.900s; the agent stays on port 1", reason);
    host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
}

/* On pad 2 alone only a game for two will do. */
void session_explain_start(const session_t *session, const host_t *host)
{
    const preset_t *preset = session->game.preset;
    const settings_t *settings = &session->settings;
    const uint32_t ports = session_agent_ports(session);
    const int32_t versus = preset_versus_start(preset);
    if (!ports || ports & 1 || !settings->starts || !settings->start[0] ||
        (versus >= 0 && session_start(session) == versus))
        return;
    why_t text;
    snprintf(text, sizeof text, "on pad 2 it plays %.63s, not %.63s",
             versus >= 0 ? preset_start_name(preset, versus) : "a game for two that you begin",
             settings->start);
    host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, text);
}

/* Before an agent's first frame. The inner core may have said yes to achievements while it was
 * loaded; from here on the answer is no until unload. */
void session_admit_agent(const session_t *session, host_t *host)
{
    if (!session_looks(session)) return;
    bool supported = false;
    host->inner.agent_may_play = true; /* the inner core's own yes will not pass any more */
    host->inner.num_agent_ports = session_num_ports(player_holder(session->player)->wish.ports);
    host_environment(host, RETRO_ENVIRONMENT_SET_SUPPORT_ACHIEVEMENTS, &supported);
}

void session_switch_screen(session_t *session, const host_t *host)
{
    const settings_t *settings = &session->settings;
    const bool can = session->player && settings->plays;
    const bridge_av_t av = bridge_av(session->bridge);
    if (!screen_switch(&session->screen, can ? settings->overlay : OVERLAY_OFF,
                       can && settings->coaches, session->game.preset, &av))
        host_say(host, RETRO_LOG_WARN, TELL_MS, "out of memory: nothing is drawn");
}

/* Options changed while the game runs. */
void session_change(session_t *session, host_t *host)
{
    const settings_t before = session->settings;
    char news[HOST_TEXT_BYTES];
    settings_read(&session->settings, host);
    settings_news(news, &before, &session->settings);
    if (session->is_netplay && session->player) { /* the others would go on by the old ones */
        const settings_t now = session->settings;
        session->settings = before;
        session->settings.records = now.records;
        session->settings.overlay = now.overlay;
        if (news[0] && now.records == before.records && now.overlay == before.overlay)
            snprintf(news, sizeof news, "over netplay the agent's options stay as they are");
    }
    if (session->settings.ports != before.ports) session->menu_decides = false;
    if (news[0]) host_say(host, RETRO_LOG_INFO, TELL_MS, news);
    session_show_own_options(session, host);
    record_switch(&session->record, host, session->settings.records || session->settings.watches);
    if (session->is_netplay) {
        session_switch_screen(session, host);
        return;
    }
    if (session->settings.learns != before.learns || session->settings.plays != before.plays ||
        session->settings.watches != before.watches)
        session_switch_learning(session, host);
    session_switch_screen(session, host);
    if (!session->player) return;
    if (session->settings.adapts != before.adapts) session_begin_auto_strength(session, host);
    if (session->settings.strength != before.strength || session->settings.adapts != before.adapts)
        session_wish_strength(session, host);
    const holder_wish_t wish = session_wish(session);
    player_wish(session->player, &wish);
    const bool other_ports = session->settings.ports != before.ports;
    const bool other_start = strcmp(session->settings.start, before.start) != 0;
    if (other_ports || other_start) frame_learning_jumped(&session->learning, false);
    if (other_start) player_leave(session->player);
    if (other_ports) session_explain_ports(session, host);
    if (other_ports || other_start) session_explain_start(session, host);
    session_admit_agent(session, host);
}

/* The pads were given to the agent, or taken back, in the frontend's menu. */
static void take_pads(session_t *session, host_t *host)
{
    static const char *const news[4] = { "the agent has no pad; Controls or kata_port gives it one",
                                         "the agent's pad is pad 1", "the agent's pad is pad 2",
                                         "the agent's pads are pads 1 and 2" };
    const holder_wish_t wish = session_wish(session);
    player_wish(session->player, &wish);
    if (player_frames(session->player) == 0) player_power_on(session->player);
    if (!session->settings.plays)
        host_say(host, RETRO_LOG_WARN, TELL_MS, "the agent is off: kata_mode switches it on");
    else if (leaves_pads(&session->settings))
        host_say(host, RETRO_LOG_INFO, TELL_MS,
                 session_port(session) ? "it looks at pad 2" : "it looks at pad 1");
    else
        host_say(host, RETRO_LOG_INFO, TELL_MS, news[wish.ports & 3]);
    session_explain_ports(session, host);
    session_explain_start(session, host);
    session_admit_agent(session, host);
}

void session_plug(session_t *session, host_t *host, unsigned port, unsigned device)
{
    if (!session->bridge) return;
    const bool is_agents = device == session_controller.id;
    bridge_set_port_device(session->bridge, port, is_agents ? RETRO_DEVICE_JOYPAD : device);
    if (port >= PLAYER_MAX_PORTS || is_agents == (session->menu_ports >> port & 1)) return;
    session->menu_ports ^= 1u << port;
    session->menu_decides = true;
    if (!session->player) return;
    if (session->is_netplay)
        host_say(host, RETRO_LOG_WARN, TELL_MS,
                 "over netplay the agent's options stay as they are");
    else
        take_pads(session, host);
}

bool session_show_own_options(session_t *session, host_t *host)
{
    settings_t now;
    settings_read(&now, host);
    return settings_show(&session->hidden_options, &session->options,
                         now.plays && !session->lacks_agent, host);
}

bool session_show_options(session_t *session, host_t *host)
{
    const bool ours = session_show_own_options(session, host);
    return (session->inner_display && session->inner_display()) || ours;
}

/* RetroArch says so only while it saves and loads, which netplay does every frame or two. */
bool session_is_for_netplay(session_t *session, const host_t *host)
{
    if (!host_is_netplay(host)) return false;
    session->netplay_frames_left = NETPLAY_FRAMES;
    /* Both sides need the same weights, from the first state on. */
    if (session->learning.learner) session_switch_learning(session, host);
    return true;
}

/* Netplay began or ended. After it the options of today hold again. */
void session_note_netplay(session_t *session, host_t *host)
{
    if (session->netplay_frames_left > 0) session->netplay_frames_left--;
    const bool is_netplay = session->netplay_frames_left > 0;
    if (is_netplay == session->is_netplay) return;
    session->is_netplay = is_netplay;
    if (!is_netplay) {
        session_change(session, host);
        if (session->settings.learns) session_switch_learning(session, host);
        return;
    }
    why_t text;
    netplay_greeting(session->player ? &session->mind : NULL, text);
    host_say(host, RETRO_LOG_INFO, EXPLAIN_MS, text);
}
