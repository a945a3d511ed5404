/* run.c - one frame: the human, the start script or the agent has the pad. */
#include "session.h"

#include <stdio.h>
#include <string.h>

/* Greedy, or now and then random. It depends on the weights and on what a savestate holds, nothing
 * else: a frame that is run again (rewind, run-ahead, netplay) decides the same again. */
static int32_t choose(session_t *session)
{
    const double unit = (double)(session_random(session) >> 11) * 0x1p-53;
    if (unit < (double)session->settings.epsilon)
        return (int32_t)(session_random(session) %
                         (uint64_t)preset_num_actions(session->game.preset));
    return policy_greedy(session->game.policy, player_observation(session->player), 0.0f);
}

/* True: the human has the agent's pad. */
static bool human_has_pad(session_t *session, const host_t *host)
{
    trailer_t *now = &session->trailer;
    const bool touched = host_pad_is_touched(host, session->settings.port, session->has_pad_mask);
    const double fps = bridge_av(session->bridge).fps;
    const uint32_t hold_frames = (uint32_t)(session->settings.hold_seconds * fps + 0.5);
    const bool had = now->takeover.frames_left > 0;
    const bool has = takeover_step(&now->takeover, touched, hold_frames);
    if (has != had) {
        now->start = (start_t){ 0 }; /* the human starts the game from here on */
        session_release_pads(session);
        session_settle(session);
    }
    return has;
}

static void hold_script_pad(session_t *session)
{
    uint32_t port;
    const uint16_t pad = start_pad(&session->trailer.start, session->game.preset, &port);
    session_release_pads(session);
    bridge_hold(session->bridge, session->settings.port, 0);
    bridge_hold(session->bridge, port, pad);
}

/* True if the script came to nothing; `why` says where. */
static bool advance_script(session_t *session, char why[HOST_TEXT_BYTES])
{
    const preset_t *preset = session->game.preset;
    int32_t failed = 0;
    const start_turn_t turn = start_advance(&session->trailer.start, preset, session->before,
                                            player_variables(session->player), &failed);
    if (turn == START_GOES_ON) return false;
    session_release_pads(session);
    if (turn == START_WANTS_RESET) {
        bridge_reset(session->bridge);
        record_cut(&session->record);
        session_start(session);
        return false;
    }
    session_settle(session);
    if (turn == START_FINISHED) return false;
    const preset_boot_step_t *step = preset_boot_step(preset, preset_default_start(preset), failed);
    snprintf(why, HOST_TEXT_BYTES, "the start script waited %d frames in vain: %.200s",
             (int)step->limit_frames, step->text);
    return true;
}

static void tell_who_plays(session_t *session, const host_t *host)
{
    const bool human = session->trailer.takeover.frames_left > 0;
    if (human == session->told_human) return;
    session->told_human = human;
    host_say(host, RETRO_LOG_INFO, 1500, human ? "you play" : "the agent plays");
}

void session_run(session_t *session, host_t *host)
{
    if (!session->bridge) return;
    if (bridge_own_options_changed(session->bridge)) session_change(session, host);
    if (!session_plays(session)) {
        if (session->record.is_on) {
            host_poll(host);
            record_frame(&session->record, host, session->has_pad_mask, 0);
        }
        bridge_run_frame(session->bridge, NULL);
        return;
    }

    const bool hidden = host_frame_is_hidden(host);
    if (hidden) host->inner.video = NULL; /* drawn for the agent alone */
    host_poll(host);
    const bool human = human_has_pad(session, host);
    const bool scripted = !human && start_runs(&session->trailer.start);
    if (scripted)
        hold_script_pad(session);
    else if (!human && player_wants_action(session->player))
        player_begin(session->player, choose(session));

    /* The script holds all pads, the agent its own. */
    const uint32_t ours = scripted ? UINT32_MAX : human ? 0 : 1u << session->settings.port;
    record_frame(&session->record, host, session->has_pad_mask, ours);

    const preset_t *preset = session->game.preset;
    const int64_t *now = player_variables(session->player);
    memcpy(session->before, now, (size_t)preset_num_variables(preset) * sizeof *now);
    player_frame(session->player, NULL);
    player_outcome_t ignored; /* nothing learns here yet */
    player_take_outcome(session->player, &ignored);

    char why[HOST_TEXT_BYTES];
    bool failed = false;
    now = player_variables(session->player);
    if (scripted)
        failed = advance_script(session, why);
    else if (!human && session_scripts_start(session) && preset_num_starts(preset) > 0 &&
             preset_done(preset, session->settings.port, session->before, now)) {
        start_after_episode(&session->trailer.start, START_OVER_FRAMES);
        session_settle(session);
    }
    host->inner.video = host->video;
    if (hidden) return;
    if (failed) host_say(host, RETRO_LOG_WARN, 8000, why);
    tell_who_plays(session, host);
}

void session_reset(session_t *session)
{
    if (!session->bridge) return;
    bridge_reset(session->bridge);
    record_cut(&session->record);
    session_start(session);
}
