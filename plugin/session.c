/* session.c - what is loaded: inner core, game, agent; and one frame of it. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "extensions.h"
#include "netplay.h"
#include "shelf.h"
#include "why.h"

enum {
    TELL_MS = 4000,
    TELL_WHO_MS = 1500,
    EXPLAIN_MS = 8000,      /* a message that has to be read */
    TELL_WAIT_FIRST = 60,   /* a fight that begins sooner needs no word */
    TELL_WAIT_FRAMES = 420, /* said again so often: it stays on the screen */
    MAX_IDLE_FRAMES = 30,
    MAX_HOLD_FRAMES = 1 << 20,
    NETPLAY_FRAMES = 120, /* no state for so long: it is over */
};

void session_open(session_t *session, host_t *host)
{
    session_close(session, host);
    char own_path[HOST_PATH_BYTES];
    host_own_path(host, own_path);
    if (!catalog_scan_installed(&session->catalog, own_path))
        host_log(host, RETRO_LOG_ERROR, "out of memory while looking for cores");
    settings_build(&session->options, &session->catalog);
    host->inner.own_categories = settings_categories();
    host->inner.own_options = session->options.definitions;
    settings_announce(&session->options, host);
}

void session_close(session_t *session, host_t *host)
{
    session_unload(session, host);
    host->inner.own_categories = NULL;
    host->inner.own_options = NULL;
    catalog_free(&session->catalog);
    *session = (session_t){ 0 };
}

/* ---- who may play ---------------------------------------------------------------------------- */

static bool session_plays(const session_t *session)
{
    return session->player && player_holder(session->player)->wish.ports != 0;
}

/* Ports that the preset's agents can play on. */
static uint32_t possible_ports(const preset_t *preset)
{
    uint32_t ports = 0;
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
        if (preset_plays_port(preset, port, NULL)) ports |= 1u << port;
    return ports;
}

/* The wished pads, or the first where the preset knows none of them. */
static uint32_t agent_ports(const session_t *session)
{
    if (!session->settings.plays) return 0;
    const uint32_t possible = session->settings.ports & possible_ports(session->game.preset);
    return possible ? possible : 1;
}

/* What the options say, in numbers that decide frames. */
static holder_wish_t wish_of(const session_t *session)
{
    const settings_t *settings = &session->settings;
    const double frames = settings->hold_seconds * bridge_av(session->bridge).fps + 0.5;
    return (holder_wish_t){
        .ports = agent_ports(session),
        .hold_frames = frames >= 0 && frames < MAX_HOLD_FRAMES ? (uint32_t)frames : 0,
        .random_percent = settings->random_percent,
        .starts = settings->starts,
        .fights = 1,
        .start = (uint32_t)session->game.start + 1,
    };
}

static uint32_t num_ports_up_to(uint32_t ports)
{
    uint32_t count = 0;
    for (; ports; ports >>= 1) count++;
    return count;
}

/* The wish is kept, in case another preset can do it. */
static void explain_ports(const session_t *session, const host_t *host)
{
    const preset_t *preset = session->game.preset;
    const uint32_t wished = session->settings.ports;
    if (!session->settings.plays || wished & possible_ports(preset)) return;
    why_t reason, why;
    preset_plays_port(preset, num_ports_up_to(wished) - 1, reason);
    refuse(why, "%.900s; the agent stays on port 1", reason);
    host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
}

/* Before an agent's first frame. The inner core may have said yes to achievements while it was
 * loaded; from here on the answer is no until unload. */
static void admit_agent(const session_t *session, host_t *host)
{
    if (!session_plays(session)) return;
    bool supported = false;
    host->inner.agent_may_play = true; /* the inner core's own yes will not pass any more */
    host->inner.num_agent_ports = num_ports_up_to(player_holder(session->player)->wish.ports);
    host_environment(host, RETRO_ENVIRONMENT_SET_SUPPORT_ACHIEVEMENTS, &supported);
}

/* Another fight each evening: the clock, or KATA_SEED where the same one is wanted. What is drawn
 * from it rides in the savestate. */
static uint64_t luck(void)
{
    const char *wished = getenv("KATA_SEED");
    struct timespec now = { 0 };
    if (wished && *wished) return strtoull(wished, NULL, 10);
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000007u + (uint64_t)now.tv_nsec;
}

/* The agent's player on the open core. */
static bool make_player(session_t *session, why_t why)
{
    player_config_t config;
    player_config_defaults(&config, session->bridge, session->game.preset);
    config.ports = possible_ports(session->game.preset);
    config.max_idle_frames = MAX_IDLE_FRAMES;
    config.has_step_limit = false; /* nobody resets the game: there is nothing to be cut */
    config.seed = luck();
    if (!netplay_mind_of(&session->game, &session->mind)) return refuse(why, "out of memory");
    config.mind = session->mind;
    if (!player_create(&session->player, &config, why)) return false;
    const holder_wish_t wish = wish_of(session);
    player_wish(session->player, &wish);
    return true;
}

/* ... and what is to be said about both. why: as loaded_game_recognize() left it. */
static void invite_agent(session_t *session, host_t *host, why_t why)
{
    if (session->game.policy && !make_player(session, why)) loaded_game_forget(&session->game);
    const bool wanted = session->settings.plays;
    if (why[0] && wanted) host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
    if (why[0] && !wanted) host_log(host, RETRO_LOG_INFO, why);
    if (!session->player) return;

    explain_ports(session, host);
    char text[HOST_TEXT_BYTES], name[PACKAGE_NAME_BYTES + 3] = "";
    const char *agent = session->game.agent;
    if (strcmp(agent, SHELF_OWN) != 0) snprintf(name, sizeof name, "\"%s\" ", agent);
    snprintf(text, sizeof text, "the agent %sfor %.63s plays on pad %u, trained on %.63s", name,
             preset_game(session->game.preset), (unsigned)num_ports_up_to(agent_ports(session)),
             preset_start_name(session->game.preset, session->game.start));
    if (wanted)
        host_say(host, RETRO_LOG_INFO, TELL_MS, text);
    else
        host_log(host, RETRO_LOG_INFO, "an agent for this game is there; kata_mode is off");
    if (wanted && session->game.reputation[0])
        host_say(host, RETRO_LOG_INFO, TELL_MS, session->game.reputation);
    admit_agent(session, host);
}

/* Options changed while the game runs. */
static void session_change(session_t *session, host_t *host)
{
    const settings_t before = session->settings;
    char news[HOST_TEXT_BYTES];
    settings_read(&session->settings, host);
    settings_news(news, &before, &session->settings);
    if (session->is_netplay && session->player) { /* the others would go on by the old ones */
        const bool records = session->settings.records;
        session->settings = before;
        session->settings.records = records;
        if (news[0] && records == before.records)
            snprintf(news, sizeof news, "over netplay the agent's options stay as they are");
    }
    if (news[0]) host_say(host, RETRO_LOG_INFO, TELL_MS, news);
    record_switch(&session->record, host, session->settings.records);
    if (!session->player || session->is_netplay) return;
    const holder_wish_t wish = wish_of(session);
    player_wish(session->player, &wish);
    if (session->settings.ports != before.ports) explain_ports(session, host);
    admit_agent(session, host);
}

/* RetroArch says so only while it saves and loads, which netplay does every frame or two. */
static bool is_for_netplay(session_t *session, const host_t *host)
{
    if (!host_is_netplay(host)) return false;
    session->netplay_frames_left = NETPLAY_FRAMES;
    return true;
}

/* Netplay began or ended. After it the options of today hold again. */
static void note_netplay(session_t *session, host_t *host)
{
    if (session->netplay_frames_left > 0) session->netplay_frames_left--;
    const bool is_netplay = session->netplay_frames_left > 0;
    if (is_netplay == session->is_netplay) return;
    session->is_netplay = is_netplay;
    if (!is_netplay) {
        session_change(session, host);
        return;
    }
    why_t text;
    netplay_greeting(session->player ? &session->mind : NULL, text);
    host_say(host, RETRO_LOG_INFO, EXPLAIN_MS, text);
}

/* What the game has: directions, START, SELECT, and what its preset names. */
static uint16_t buttons_of(const preset_t *preset)
{
    const macro_language_t *language = preset_language(preset);
    uint16_t buttons = 0xf << RETRO_DEVICE_ID_JOYPAD_UP | 1 << RETRO_DEVICE_ID_JOYPAD_START |
                       1 << RETRO_DEVICE_ID_JOYPAD_SELECT;
    for (int32_t b = 0; b < language->num_buttons; b++) buttons |= language->buttons[b].pad;
    return buttons;
}

/* ---- load and unload ------------------------------------------------------------------------- */

/* The player's choice where it opens this kind of file, else the first that does. */
static const catalog_core_t *choose_core(const session_t *session, host_t *host,
                                         const offer_t *offer)
{
    const char *name = settings_core(host);
    const catalog_core_t *core = name ? catalog_named(&session->catalog, name) : NULL;
    if (core && (!core->has_info || extension_is_listed(core->extensions, offer->extension)))
        return core;
    return catalog_for(&session->catalog, offer->file);
}

/* Why run-ahead and netplay will be refused: to the log, as few ask for them. */
static void explain_states(const session_t *session, const host_t *host, const char *core)
{
    static const char *const promises[] = { "has no savestates by its .info file",
                                            "promises savestates that are only basic",
                                            "promises savestates that are only serialized" };
    why_t text;
    if (session->inner_states < CATALOG_STATES_DETERMINISTIC)
        snprintf(text, sizeof text, "%.120s %s: no run-ahead, no netplay", core,
                 promises[session->inner_states]);
    else if (bridge_draws_on_card(session->bridge))
        snprintf(text, sizeof text, "%.120s draws with the graphics card: no run-ahead", core);
    else
        return;
    host_log(host, RETRO_LOG_INFO, text);
}

static bool open_inner(session_t *session, host_t *host, const offer_t *offer)
{
    const catalog_core_t *core = choose_core(session, host, offer);
    why_t why;
    if (!core) {
        const bool is_archive = extension_is_listed(OFFER_ARCHIVES, offer->extension);
        refuse(why,
               is_archive
                   ? "no game is in it, and no installed core opens .%.16s files itself: unpack it"
                   : "no installed core opens .%.16s files; install one (in RetroArch: Online "
                     "Updater > "
                     "Core Downloader)",
               offer->extension);
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    if (session->is_second && core->states < CATALOG_STATES_DETERMINISTIC) {
        host_log(host, RETRO_LOG_WARN,
                 "no second instance: the inner core promises no deterministic savestates");
        return false;
    }
    const bridge_config_t config = { .core_path = core->core_path, .host = &host->inner };
    if (bridge_open(&session->bridge, &config, why) != BRIDGE_OK ||
        bridge_load(session->bridge, offer->path, offer->bytes, offer->num_bytes, why) !=
            BRIDGE_OK) {
        if (session->is_second) /* the first one runs: nothing that a player has to read */
            host_log(host, RETRO_LOG_WARN, why);
        else
            host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    session->inner_states = core->states;
    snprintf(why, sizeof why, "%.120s runs in %.120s (%.300s)", offer->file, core->name,
             core->core_path);
    host_log(host, RETRO_LOG_INFO, why);
    explain_states(session, host, core->name);
    return true;
}

static bool check_offer(offer_t *offer, const struct retro_game_info *game, const host_t *host)
{
    why_t why;
    bool ok = offer_from(offer, game, host, why);
    if (ok && offer->bytes && offer->num_bytes == 0)
        ok = refuse(why, "%.200s is empty", offer->file);
    if (!ok) host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
    return ok;
}

static bool load_offer(session_t *session, host_t *host, const offer_t *offer)
{
    session->is_second = host_is_copy(host);
    /* Who plays is settled first: an inner core is told of it while it loads. */
    why_t why = "";
    settings_read(&session->settings, host);
    const bool has_agent =
        loaded_game_recognize(&session->game, offer, host, session->settings.prefers_sent, why);
    host->inner.agent_may_play = has_agent && session->settings.plays;
    if (host->inner.agent_may_play)
        host->inner.num_agent_ports = num_ports_up_to(agent_ports(session));
    if (!open_inner(session, host, offer)) {
        session_unload(session, host);
        return false;
    }
    record_load(&session->record, host, &session->game, offer, bridge_av(session->bridge).fps);
    record_switch(&session->record, host, session->settings.records);
    invite_agent(session, host, why);

    bool masks = true; /* RetroArch answers by its return value alone, others fill this in, too */
    session->has_pad_mask =
        host_environment(host, RETRO_ENVIRONMENT_GET_INPUT_BITMASKS, &masks) && masks;
    session->trailer_bytes = session->player ? player_state_bytes() : 0;
    if (session->player) session->buttons = buttons_of(session->game.preset);
    if (session_plays(session) &&
        (session->inner_states == CATALOG_STATES_NONE || bridge_state_bytes(session->bridge) == 0))
        host_say(host, RETRO_LOG_WARN, TELL_MS,
                 "the inner core has no savestates: no rewind, no run-ahead");
    if (session->player) player_power_on(session->player);
    return true;
}

bool session_load(session_t *session, host_t *host, const struct retro_game_info *game)
{
    session_unload(session, host);
    offer_t offer;
    const bool ok = check_offer(&offer, game, host) && load_offer(session, host, &offer);
    offer_drop(&offer);
    return ok;
}

void session_unload(session_t *session, host_t *host)
{
    record_unload(&session->record, host);
    player_destroy(session->player);
    loaded_game_forget(&session->game);
    bridge_close(session->bridge);
    host->inner.video = host->video;
    host->inner.polled_this_frame = false;
    host->inner.agent_may_play = false;
    host->inner.num_agent_ports = 0;
    /* What belongs to the frontend's stay and not to the game is kept. */
    *session = (session_t){ .catalog = session->catalog, .options = session->options };
}

/* ---- one frame ------------------------------------------------------------------------------- */

/* Random or greedy: decided by the weights and by what a savestate holds. */
static int32_t choose(session_t *session, uint32_t port)
{
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

static void tell(session_t *session, const host_t *host, const player_news_t *news)
{
    if (news->failed_step) {
        char text[HOST_TEXT_BYTES];
        snprintf(text, sizeof text, "the start script waited %d frames in vain: %.200s",
                 (int)news->failed_step->limit_frames, news->failed_step->text);
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, text);
    }
    tell_way(session, host);
    status_show(&session->status, host, session->player, session->game.preset,
                bridge_av(session->bridge).fps, session->settings.status);
    const uint32_t humans = holder_humans(player_holder(session->player));
    if (humans == session->told_humans) return;
    session->told_humans = humans;
    host_say(host, RETRO_LOG_INFO, TELL_WHO_MS, humans ? "you play" : "the agent plays");
}

static void run_untouched(session_t *session, host_t *host)
{
    if (session->record.is_on) {
        host_poll(host);
        record_frame(&session->record, host, session->has_pad_mask, 0);
    }
    bridge_run_frame(session->bridge, NULL);
}

void session_run(session_t *session, host_t *host)
{
    if (!session->bridge) return;
    note_netplay(session, host);
    if (host_options_changed(host)) session_change(session, host);
    if (!session_plays(session)) {
        run_untouched(session, host);
        return;
    }
    const bool hidden = host_frame_is_hidden(host);
    if (hidden) host->inner.video = NULL; /* drawn for the agent alone */
    host_poll(host);
    const uint32_t ours = player_touch(session->player, touched_pads(session, host));
    record_frame(&session->record, host, session->has_pad_mask, ours);
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
        if (player_wants_action(session->player, port))
            player_begin(session->player, port, choose(session, port));

    const player_news_t *news = player_frame(session->player, NULL);
    host->inner.video = host->video;
    if (news->script == BOOT_WANTS_RESET) record_cut(&session->record);
    if (!hidden) tell(session, host, news);
}

void session_reset(session_t *session)
{
    if (!session->bridge) return;
    bridge_reset(session->bridge);
    record_cut(&session->record);
    if (session->player) player_power_on(session->player);
}

/* ---- savestates ------------------------------------------------------------------------------ */

static size_t reserved_bytes(session_t *session, const host_t *host)
{
    const bool is_netplay = is_for_netplay(session, host);
    return session->player || session->trailer_bytes || is_netplay ? player_state_bytes() : 0;
}

/* kata_libretro.info promises all that a core can; here it is held to what the inner core promises.
 * A state for run-ahead may be loaded by a second instance, for which the frontend makes no context
 * of the graphics card. */
static bool may_have_states(const session_t *session, const host_t *host)
{
    if (!session->bridge || session->inner_states == CATALOG_STATES_NONE) return false;
    const host_state_use_t use = host_state_use(host);
    if (use == HOST_STATE_KEPT) return true;
    if (use == HOST_STATE_RUN_AHEAD && bridge_draws_on_card(session->bridge)) return false;
    return session->inner_states == CATALOG_STATES_DETERMINISTIC;
}

size_t session_state_bytes(session_t *session, const host_t *host)
{
    if (!may_have_states(session, host)) return 0;
    const size_t inner_bytes = bridge_state_bytes(session->bridge);
    return inner_bytes > 0 ? inner_bytes + reserved_bytes(session, host) : 0;
}

/* The inner core is given what is left of the room that the frontend asked for: a core whose size
 * depends on what the state is for (bridge.h, bridge_save) is asked nothing again. */
bool session_save(session_t *session, const host_t *host, void *state, size_t num_bytes)
{
    const size_t trailer = reserved_bytes(session, host);
    if (num_bytes <= trailer || !may_have_states(session, host)) return false;
    const size_t inner_bytes = num_bytes - trailer;
    if (bridge_save(session->bridge, state, inner_bytes, NULL) != BRIDGE_OK) return false;
    uint8_t *rest = (uint8_t *)state + inner_bytes;
    if (session->player)
        player_save(session->player, inner_bytes, rest);
    else
        memset(rest, 0, trailer);
    record_saved(&session->record, state, inner_bytes);
    return true;
}

/* Where no trailer stands at the end (a state of the core alone, of another version, a damaged one)
 * the core gets everything, and if it does not take that, as much as it asks for now. How many
 * bytes it took; 0: none. */
static size_t restore_inner(session_t *session, const uint8_t *state, size_t num_bytes)
{
    const size_t ours = player_state_inner_bytes(state, num_bytes);
    const size_t inner_bytes = ours ? ours : num_bytes;
    if (bridge_restore(session->bridge, state, inner_bytes, NULL) == BRIDGE_OK) return inner_bytes;
    const size_t wanted = bridge_state_bytes(session->bridge);
    if (ours || wanted >= num_bytes) return 0;
    return bridge_restore(session->bridge, state, wanted, NULL) == BRIDGE_OK ? wanted : 0;
}

/* A state came over the network. */
static bool agree(session_t *session, host_t *host, const void *state, size_t num_bytes)
{
    why_t why;
    const player_mind_t *ours = session->player ? &session->mind : NULL;
    const netplay_verdict_t verdict = netplay_judge(ours, state, num_bytes, why);
    if (why[0]) host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
    if (verdict == NETPLAY_NO_AGENT) {                       /* until the game is loaded again */
        player_wish(session->player, &(holder_wish_t){ 0 }); /* lets go of the pads */
        player_destroy(session->player);
        session->player = NULL;
    }
    return verdict != NETPLAY_DIFFERS;
}

bool session_restore(session_t *session, host_t *host, const void *state, size_t num_bytes)
{
    if (!session->bridge) return false;
    if (is_for_netplay(session, host) && !agree(session, host, state, num_bytes)) return false;
    const size_t inner_bytes = restore_inner(session, state, num_bytes);
    if (inner_bytes == 0) return false;
    record_restored(&session->record, state, inner_bytes);
    if (!session->player) return true;

    player_restore(session->player, state, num_bytes);
    /* A person goes on by the options of today. Over the network both sides go on by the state's,
     * whatever each has set, or they would drift apart. */
    if (!host_is_netplay(host)) {
        const holder_wish_t wish = wish_of(session);
        player_wish(session->player, &wish);
    }
    admit_agent(session, host);
    return true;
}

/* ---- what the inner core asks ---------------------------------------------------------------- */

bool session_environment(session_t *session, host_t *host, unsigned command, void *data)
{
    if (command == RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE && data) {
        *(bool *)data = host_options_changed_for_inner(host);
        return true;
    }
    /* Nobody would make its context, and the first instance's callbacks would be replaced. */
    if (command == RETRO_ENVIRONMENT_SET_HW_RENDER && session->is_second) return false;
    const bool answer = host_environment(host, command, data);
    /* The agent's eyes need every picture, shown or not: README.md, hidden frames. */
    if (command == RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE && answer && session_plays(session))
        *(int *)data |= 1;
    return answer;
}
