/* play.c - who may play: the player's wishes, and what follows from them. */
#include "session.h"

#include <stdio.h>

#include "splitmix.h"
#include "why.h"

bool session_make_player(session_t *session, why_t why)
{
    player_config_t config;
    player_config_defaults(&config, session->bridge, session->game.preset);
    config.port = session->settings.port;
    config.max_idle_frames = 0; /* start.c's business here */
    config.sticky_probability = 0.0f;
    why_t reason;
    if (!preset_plays_port(session->game.preset, config.port, reason)) {
        refuse(why, "%.900s; the agent stays on port 1", reason);
        config.port = session->settings.port = 0;
        return player_create(&session->player, &config, NULL);
    }
    return player_create(&session->player, &config, why);
}

bool session_plays(const session_t *session)
{
    return session->player && session->settings.plays;
}

void session_refuse_achievements(session_t *session, host_t *host)
{
    if (!session_plays(session)) return;
    bool supported = false;
    host->inner.agent_may_play = true; /* the inner core's own yes will not pass any more */
    host->inner.num_agent_ports = session->settings.port + 1;
    host_environment(host, RETRO_ENVIRONMENT_SET_SUPPORT_ACHIEVEMENTS, &supported);
}

void session_release_pads(session_t *session)
{
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++) bridge_release(session->bridge, port);
}

uint64_t session_random(session_t *session)
{
    return splitmix64(&session->trailer.random_state);
}

void session_start(session_t *session)
{
    if (!session->player) return;
    player_forget(session->player);
    session_release_pads(session);
    session->trailer.start = (start_t){ 0 };
    session->trailer.takeover.frames_left = 0;
    if (session_plays(session) && session_scripts_start(session))
        start_begin(&session->trailer.start, session->game.preset,
                    player_variables(session->player),
                    (int32_t)(session_random(session) % (START_MAX_IDLE_FRAMES + 1)));
    session_settle(session);
}

bool session_scripts_start(const session_t *session)
{
    return session->settings.starts && session->settings.port == 0;
}

void session_settle(session_t *session)
{
    const trailer_t *now = &session->trailer;
    const bool acts =
        session_plays(session) && now->takeover.frames_left == 0 && !start_runs(&now->start);
    if (acts)
        player_resume(session->player);
    else if (session->player)
        player_suspend(session->player);
}

void session_change(session_t *session, host_t *host)
{
    const settings_t old = session->settings;
    settings_read(&session->settings, host, session->bridge);
    record_switch(&session->record, host, session->settings.records);
    if (!session->player) return;

    const bool port_changed = session->settings.port != old.port;
    if (!port_changed && session->settings.plays == old.plays) return;
    if (port_changed) {
        why_t why = "";
        player_destroy(session->player);
        session->player = NULL;
        session_make_player(session, why);
        if (why[0]) host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
    }
    session_release_pads(session);
    session->trailer.start = (start_t){ 0 };
    session->trailer.takeover.frames_left = 0;
    session_refuse_achievements(session, host);
    if (!session->player) return;
    player_forget(session->player);
    session_settle(session);
}

bool session_environment(session_t *session, const host_t *host, unsigned command, void *data)
{
    const bool answer = host_environment(host, command, data);
    /* The agent's eyes need every picture, shown or not: README.md, hidden frames. */
    if (command == RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE && answer && session_plays(session))
        *(int *)data |= 1;
    return answer;
}
