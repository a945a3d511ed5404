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

/* Random, the best, or one about as good: decided by the weights and by what a savestate holds. */
static int32_t choose(session_t *session, uint32_t port)
{
    if (session->learning.learner)
        return frame_learning_choose(&session->learning, session->player, session->game.policy,
                                     port);
    const int32_t random = player_explore(session->player);
    if (random >= 0) return random;
    const uint64_t thousandths = player_holder(session->player)->wish.temperature_thousandths;
    if (thousandths > 0) policy_seed(session->game.policy, player_draw(session->player));
    return policy_soft(session->game.policy, player_observation(session->player, port),
                       (float)thousandths / 1000);
}

static void decide(session_t *session, uint32_t port)
{
    const int32_t action = choose(session, port);
    player_begin(session->player, port, action);
    frame_learning_decided(&session->learning);
    if (port == session_port(session))
        screen_decided(&session->screen, session->game.policy, session->player,
                       session->game.preset, port, action);
}

/* What the agent would do now, if it had the pad. */
static void advise(session_t *session)
{
    player_t *player = session->player;
    const preset_t *preset = session->game.preset;
    const int64_t *now = player_variables(player);
    const uint32_t port = session_port(session);
    if (preset_knows_fight(preset) &&
        (!preset_fight(preset, port, now, now) || preset_done(preset, port, now, now))) {
        screen_forget(&session->screen);
    } else if (screen_wants_advice(&session->screen)) {
        policy_t *policy = session->game.policy;
        const int32_t action = policy_greedy(policy, player_observation(player, port), 0.0f);
        screen_decided(&session->screen, policy, player, preset, port, action);
    }
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

static void watch_line(const session_t *session, char line[STATUS_BYTES])
{
    learner_thread_progress_t p = { 0 };
    if (session->learning.learner) learner_thread_get_progress(session->learning.learner, &p);
    snprintf(line, STATUS_BYTES, "you play, it watches pad %u | %d decisions, %llu updates",
             (unsigned)session_port(session) + 1, (int)p.demonstrations,
             (unsigned long long)(p.updates - session->learning.updates_before));
}

/* Who holds which pad, and what is learned; moves: the move in flight, too. */
static void compose_line(session_t *session, char line[STATUS_BYTES], bool moves)
{
    char progress[LEARNING_TEXT_BYTES] = "";
    const preset_t *preset = session->game.preset;
    if (session_coaches(session)) {
        snprintf(line, STATUS_BYTES, "you play | the agent advises pad %u",
                 (unsigned)session_port(session) + 1);
        return;
    }
    if (session_watches(session)) {
        watch_line(session, line);
        return;
    }
    if (session->learning.learner)
        frame_learning_line(&session->learning, progress, preset_tells_winner(preset));
    status_line(&session->status, line, session->player, preset, progress,
                bridge_av(session->bridge).fps, moves);
}

/* Before a frame that is shown: what is drawn on its picture. The line stands there, and not
 * beside the picture, where the overlay is on. */
static void draw_screen(session_t *session)
{
    char line[STATUS_BYTES];
    if (!screen_draws(&session->screen)) return;
    if (session_coaches(session))
        advise(session);
    else if (!(holder_agents(player_holder(session->player)) >> session_port(session) & 1))
        screen_forget(&session->screen);
    compose_line(session, line, false);
    screen_compose(&session->screen, line,
                   !session->learning.learner ||
                       session_watches(session)); /* else the line counts */
}

void session_show(session_t *session, const host_t *host, const void *pixels, unsigned width_px,
                  unsigned height_px, size_t pitch_bytes)
{
    const void *shown = screen_picture(&session->screen, pixels, width_px, height_px, &pitch_bytes);
    if (host->video) host->video(shown, width_px, height_px, pitch_bytes);
}

/* A round counts for whoever played it on that pad: the agent, or who is advised or watched. */
static void note_round(session_t *session, const player_news_t *news)
{
    const uint32_t port = session_port(session);
    const bool is_over = session_coaches(session) || session_watches(session)
                             ? news->ended >> port & 1
                             : news->closed >> port & 1 && news->outcomes[port].terminal;
    screen_note_round(&session->screen, is_over, is_over ? news->results[port] : PRESET_NO_RESULT);
}

/* kata_strength auto, after each frame. Over netplay the others would go on with other weights. */
static void spar(session_t *session, uint32_t touched, const player_news_t *news)
{
    newer_agent_t *newer = session->learning.newer;
    if (!session->settings.adapts || !newer || session->netplay_frames_left > 0 ||
        !session_plays(session))
        return;
    const holder_t *holder = player_holder(session->player);
    const uint32_t port = session_port(session), ports = holder->wish.ports;
    const bool is_over = news->closed >> port & 1 && news->outcomes[port].terminal;
    const int32_t step = auto_strength_frame(&session->auto_strength, touched & ~ports,
                                             holder_humans(holder) & ports, is_over,
                                             is_over ? news->results[port] : PRESET_NO_RESULT);
    const int32_t level = (int32_t)session->game.strength + step;
    if (step == 0 || level < LEAGUE_EASY || level > LEAGUE_BEST) return;
    session->auto_strength_step = step;
    newer_agent_wish(newer, (league_strength_t)level);
}

/* Once a frame that is shown. */
static void tell(session_t *session, const host_t *host)
{
    const status_kind_t kind = session->settings.status;
    const bool is_drawn =
        screen_draws(&session->screen) && session->settings.overlay != OVERLAY_OFF;
    const int32_t step = session->settings.adapts ? session->auto_strength_step : 0;
    frame_learning_tell(&session->learning, host, session->game.strength,
                        step > 0   ? "you won most of the last rounds: "
                        : step < 0 ? "you lost most of the last rounds: "
                                   : "");
    if (kind != STATUS_OFF && !is_drawn) {
        char line[STATUS_BYTES];
        compose_line(session, line, kind == STATUS_MOVES);
        status_show(&session->status, host, line);
    }
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
        frame_learning_begin(&session->learning, session->game.policy, &session->mind,
                             &session->game.strength)) {
        player_set_mind(player, &session->mind);
        if (session->learning.has_strength) {
            session->auto_strength = (auto_strength_t){ 0 };
            session->moved_strength = session->settings.adapts && session->auto_strength_step != 0;
        }
    }
    const uint32_t ours = player_touch(player, touched);
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
        if (player_wants_action(player, port)) decide(session, port);
    if (!hidden && host->inner.video) draw_screen(session);
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++) {
        const bool is_watched = session_watches(session) && port == session_port(session);
        if (!(touched >> port & 1) && !is_watched) continue;
        const uint16_t pad = host_pad(host, port, session->has_pad_mask);
        if (!(ours >> port & 1)) player_see_pad(player, port, pad);
        if (is_watched)
            frame_learning_watch(&session->learning, player, session->game.preset, port, pad);
    }

    const bridge_observer_t observer = screen_observer(&session->screen);
    const player_news_t *news =
        player_frame(player, screen_draws(&session->screen) ? &observer : NULL);
    record_frame(&session->record, host, session->has_pad_mask, ours, session->bridge);
    note_round(session, news);
    spar(session, touched, news);
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
    if (!session_looks(session)) {
        run_untouched(session, host);
        return;
    }
    const bool hidden = host_frame_is_hidden(host);
    host_poll(host);
    const uint32_t touched = touched_pads(session, host);
    if (!hidden && session_plays(session)) run_burst(session, host, touched);
    if (hidden)
        host->inner.video = NULL; /* drawn for the agent alone */
    else if (screen_draws(&session->screen))
        host->inner.video = host->draw;
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
    if (command == RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE && answer && session_looks(session))
        *(int *)data |= 1;
    return answer;
}
