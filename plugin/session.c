/* session.c - one stay in a frontend, one frame of it, and what the inner core asks meanwhile. */
#include "session.h"

#include <stdio.h>

#include "session_parts.h"

enum {
    TELL_WHO_MS = 1500,
    TELL_WAIT_FIRST = 60,   /* a fight that begins sooner needs no word */
    TELL_WAIT_FRAMES = 420, /* said again so often: it stays on the screen */
};

void session_open(session_t *session, host_t *host)
{
    session_close(session, host);
    char own_path[HOST_PATH_BYTES];
    host_own_path(host, own_path);
    if (!catalog_scan_installed(&session->catalog, own_path))
        host_log(host, RETRO_LOG_ERROR, "out of memory while looking for cores");
    settings_build(&session->options, &session->catalog, NULL);
    host->inner.own_categories = settings_categories();
    host->inner.own_options = session->options.definitions;
    settings_announce(&session->options, host);
    session_show_own_options(session, host);
}

void session_close(session_t *session, host_t *host)
{
    session_unload(session, host);
    host->inner.own_categories = NULL;
    host->inner.own_options = NULL;
    catalog_free(&session->catalog);
    *session = (session_t){ 0 };
}

/* ---- one frame ------------------------------------------------------------------------------- */

/* Random or greedy: decided by the weights and by what a savestate holds. */
static int32_t choose(session_t *session, uint32_t port)
{
    if (session->learning.learner)
        return frame_learning_choose(&session->learning, session->player, session->game.policy,
                                     port);
    const int32_t random = player_explore(session->player);
    if (random >= 0) return random;
    return policy_greedy(session->game.policy, player_observation(session->player, port), 0.0f);
}

static uint32_t touched_pads(const session_t *session, const host_t *host)
{
    uint32_t touched = 0;
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
        if (host_pad_is_touched(host, port, session->has_pad_mask, session->buttons))
            touched |= 1u << port;
    return touched;
}

/* While no fight is on and the agent finds no way to it: what a person has to press. That it is on
 * the way is in the status line. */
static void tell_way(const session_t *session, const host_t *host)
{
    const holder_t *holder = player_holder(session->player);
    if (!holder_seeks(holder) || holder_humans(holder) ||
        holder->way.frames % TELL_WAIT_FRAMES != TELL_WAIT_FIRST)
        return;
    const char *say;
    if (!player_waits(session->player, &say)) return;
    if (!say)
        say = holder->wish.ports & 1 ? "start the fight: the agent waits for it"
                                     : "start a game for two: the agent waits for the fight";
    host_say(host, RETRO_LOG_INFO, EXPLAIN_MS, say);
}

/* After each frame of the inner core that is not hidden by the frontend. */
static void tell_course(session_t *session, const host_t *host, const player_news_t *news)
{
    if (news->failed_step) {
        char text[HOST_TEXT_BYTES];
        snprintf(text, sizeof text, "the start script waited %d frames in vain: %.200s",
                 (int)news->failed_step->limit_frames, news->failed_step->text);
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, text);
    }
    tell_way(session, host);
}

/* Once a frame that is shown. */
static void tell(session_t *session, const host_t *host)
{
    char progress[LEARNING_TEXT_BYTES] = "";
    const preset_t *preset = session->game.preset;
    if (session->learning.learner)
        frame_learning_line(&session->learning, progress, preset_tells_winner(preset));
    frame_learning_tell(&session->learning, host);
    status_show(&session->status, host, session->player, preset, progress,
                bridge_av(session->bridge).fps, session->settings.status);
    const uint32_t humans = holder_humans(player_holder(session->player));
    if (humans == session->told_humans) return;
    session->told_humans = humans;
    host_say(host, RETRO_LOG_INFO, TELL_WHO_MS, humans ? "you play" : "the agent plays");
}

static void run_untouched(session_t *session, host_t *host)
{
    if (session->record.is_on) host_poll(host);
    bridge_run_frame(session->bridge, NULL);
    record_frame(&session->record, host, session->has_pad_mask, 0, session->bridge);
}

/* One frame of the inner core; the frontend was polled. hidden: the frontend's own word. */
static void play_frame(session_t *session, host_t *host, uint32_t touched, bool hidden)
{
    player_t *player = session->player;
    host->inner.polled_this_frame = true;
    if (session->netplay_frames_left == 0 &&
        frame_learning_begin(&session->learning, session->game.policy, &session->mind))
        player_set_mind(player, &session->mind);
    const uint32_t ours = player_touch(player, touched);
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
        if (player_wants_action(player, port)) player_begin(player, port, choose(session, port));

    const player_news_t *news = player_frame(player, NULL);
    record_frame(&session->record, host, session->has_pad_mask, ours, session->bridge);
    frame_learning_note(&session->learning, player, news, hidden);
    if (news->script == BOOT_WANTS_RESET) record_cut(&session->record);
    if (!hidden) tell_course(session, host, news);
}

/* Frames that count, before the one that is shown and heard (kata_learn_speed). */
static void run_burst(session_t *session, host_t *host, uint32_t touched)
{
    frame_learning_burst_t burst =
        frame_learning_burst(&session->learning, host, session->settings.learn_speed, touched);
    const struct bridge_host whole = host->inner;
    host->inner.video = NULL;
    host->inner.audio_sample = NULL;
    host->inner.audio_batch = NULL;
    while (frame_learning_burst_goes_on(&session->learning, &burst))
        play_frame(session, host, touched, false);
    host->inner.video = whole.video;
    host->inner.audio_sample = whole.audio_sample;
    host->inner.audio_batch = whole.audio_batch;
}

void session_run(session_t *session, host_t *host)
{
    if (!session->bridge) return;
    session_note_netplay(session, host);
    if (host_options_changed(host)) session_change(session, host);
    if (!session_plays(session)) {
        run_untouched(session, host);
        return;
    }
    const bool hidden = host_frame_is_hidden(host);
    host_poll(host);
    const uint32_t touched = touched_pads(session, host);
    if (!hidden) run_burst(session, host, touched);
    if (hidden) host->inner.video = NULL; /* drawn for the agent alone */
    play_frame(session, host, touched, hidden);
    host->inner.video = host->video;
    if (!hidden) tell(session, host);
}

void session_reset(session_t *session)
{
    if (!session->bridge) return;
    bridge_reset(session->bridge);
    record_cut(&session->record);
    frame_learning_jumped(&session->learning, false);
    if (session->player) player_power_on(session->player);
}

/* ---- what the inner core asks ---------------------------------------------------------------- */

/* What the inner core says of its options' visibility when the frontend asks us. */
static bool keep_display(session_t *session, const host_t *host,
                         const struct retro_core_options_update_display_callback *inner)
{
    session->inner_display = inner ? inner->callback : NULL;
    return host->has_display_callback;
}

static bool registers_options(unsigned command)
{
    return command == RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2 ||
           command == RETRO_ENVIRONMENT_SET_CORE_OPTIONS ||
           command == RETRO_ENVIRONMENT_SET_VARIABLES;
}

bool session_environment(session_t *session, host_t *host, unsigned command, void *data)
{
    if (command == RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE && data) {
        *(bool *)data = host_options_changed_for_inner(host);
        return true;
    }
    if (command == RETRO_ENVIRONMENT_SET_CORE_OPTIONS_UPDATE_DISPLAY_CALLBACK)
        return keep_display(session, host, data);
    /* Nobody would make its context, and the first instance's callbacks would be replaced. */
    if (command == RETRO_ENVIRONMENT_SET_HW_RENDER && session->is_second) return false;
    const bool answer = host_environment(host, command, data);
    if (registers_options(command)) { /* ours together with the inner core's: all visible now */
        session->hidden_options = 0;
        session_show_own_options(session, host);
    }
    /* The agent's eyes need every picture, shown or not: README.md, hidden frames. */
    if (command == RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE && answer && session_plays(session))
        *(int *)data |= 1;
    return answer;
}
