/* session_load.c - a game is loaded: its file, an inner core, its agent; and let go again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "extensions.h"
#include "kept_strength.h"
#include "netplay.h"
#include "session_parts.h"
#include "shelf.h"
#include "why.h"

enum { MAX_IDLE_FRAMES = 30 };

/* ---- the inner core -------------------------------------------------------------------------- */

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
                   : "no installed core opens .%.16s files; install one (in RetroArch: "
                     "Online Updater > Core Downloader)",
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
    snprintf(session->inner_name, sizeof session->inner_name, "%s", core->name);
    snprintf(why, sizeof why, "%.120s runs in %.120s (%.300s)", offer->file, core->name,
             core->core_path);
    host_log(host, RETRO_LOG_INFO, why);
    char names[FIRMWARE_TEXT_BYTES];
    if (!session->is_second &&
        bridge_missing_firmware(session->bridge, FIRMWARE_NEEDED, names) > 0) {
        snprintf(why, sizeof why, "%.120s needs firmware that is not in the system folder: %s",
                 core->name, names);
        host_log(host, RETRO_LOG_WARN, why);
    }
    explain_states(session, host, core->name);
    return true;
}

/* ---- the agent ------------------------------------------------------------------------------- */

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

bool session_make_player(session_t *session, why_t why)
{
    player_config_t config;
    const learner_thread_t *learner = session->learning.learner;
    player_config_defaults(&config, session->bridge, session->game.preset);
    config.ports = session_possible_ports(session->game.preset);
    config.max_idle_frames = MAX_IDLE_FRAMES;
    /* Nobody resets the game: only what is learned is cut. */
    config.has_step_limit = learner != NULL;
    if (learner) {
        config.discount_per_step = learner_thread_agent(learner)->discount_per_step;
        config.novelty = (float)learner_thread_novelty(learner);
    }
    config.seed = luck();
    config.eyes = policy_config(session->game.policy)->eyes;
    if (!netplay_mind_of(&session->game, &session->mind)) return refuse(why, "out of memory");
    config.mind = session->mind;
    session->player = NULL;
    if (!player_create(&session->player, &config, why)) return false;
    const holder_wish_t wish = session_wish(session);
    player_wish(session->player, &wish);
    return true;
}

/* ... and what is to be said about both. why: as loaded_game_recognize() left it. */
static void invite_agent(session_t *session, host_t *host, why_t why)
{
    if (session->game.policy && !session_make_player(session, why)) {
        session_end_learning(session, host);
        loaded_game_forget(&session->game);
    }
    const bool wanted = session->settings.plays;
    if (why[0] && wanted) host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
    if (why[0] && !wanted) host_log(host, RETRO_LOG_INFO, why);
    if (!session->player) return;
    session_follow(session);

    session_explain_ports(session, host);
    session_explain_start(session, host);
    char text[HOST_TEXT_BYTES], name[PACKAGE_NAME_BYTES + 3] = "";
    const char *agent = session->game.agent;
    if (strcmp(agent, SHELF_OWN) != 0) snprintf(name, sizeof name, "\"%s\" ", agent);
    const preset_t *preset = session->game.preset;
    const int32_t trained = session->game.start, start = session_start(session);
    if (session_coaches(session) || session_watches(session))
        snprintf(text, sizeof text, "the agent %sfor %.63s looks at pad %u, which is yours", name,
                 preset_game(preset), (unsigned)session_port(session) + 1);
    else
        snprintf(text, sizeof text,
                 "the agent %sfor %.63s plays on pad %u, trained on %.63s%s%.63s", name,
                 preset_game(preset), (unsigned)session_num_ports(session_agent_ports(session)),
                 preset_start_name(preset, trained), start != trained ? ", goes to " : "",
                 start != trained ? preset_start_name(preset, start) : "");
    if (wanted && !session->learning.learner)
        host_say(host, RETRO_LOG_INFO, TELL_MS, text);
    else if (!wanted)
        host_log(host, RETRO_LOG_INFO, "an agent for this game is there; kata_mode is off");
    if (wanted && session->game.reputation[0])
        host_say(host, RETRO_LOG_INFO, TELL_MS, session->game.reputation);
    session_admit_agent(session, host);
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

static bool check_offer(offer_t *offer, const struct retro_game_info *game, const host_t *host)
{
    why_t why;
    bool ok = offer_from(offer, game, host, why);
    if (ok && offer->bytes && offer->num_bytes == 0)
        ok = refuse(why, "%.200s is empty", offer->file);
    if (!ok) host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
    return ok;
}

/* May an agent of one's own be learned here, if it is wanted? why: as loaded_game_recognize() left
 * it; where that says that there is no agent it need not be said. */
static bool wants_to_learn(session_t *session, const host_t *host, bool has_agent, why_t why)
{
    why_t cause, text;
    const settings_t *settings = &session->settings;
    if (!settings->learns || session->is_second) return false;
    if (loaded_game_to_learn(&session->game, host, settings->prefers_sent, cause)) return true;
    refuse(text, "nothing is learned here: %.900s", cause);
    if (has_agent)
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, text);
    else
        refuse(why, "%s", text);
    return false;
}

static bool load_offer(session_t *session, host_t *host, const offer_t *offer)
{
    session->is_second = host_is_copy(host);
    /* Who plays is settled first: an inner core is told of it while it loads. */
    why_t why = "";
    settings_read(&session->settings, host);
    const loaded_game_wish_t wish = { .prefers_sent = session->settings.prefers_sent,
                                      .takes_box = !session->settings.learns,
                                      .strength = session->settings.strength,
                                      .adapts = session->settings.adapts };
    const bool has_agent = loaded_game_recognize(&session->game, offer, host, &wish, why);
    const bool may_learn = wants_to_learn(session, host, has_agent, why);
    if (session->game.preset && (has_agent || may_learn)) { /* its starts can be chosen now */
        settings_build(&session->options, &session->catalog, session->game.preset);
        settings_announce(&session->options, host);
        session->hidden_options = 0;
        settings_read(&session->settings, host);
    }
    session->lacks_agent = !has_agent && !may_learn;
    session_show_own_options(session, host);
    host->inner.own_controller = &session_controller;
    host->inner.own_controller_ports = has_agent || (may_learn && session->game.preset)
                                           ? session_possible_ports(session->game.preset)
                                           : 0;
    host->inner.agent_may_play = (has_agent || may_learn) && session->settings.plays;
    if (host->inner.agent_may_play)
        host->inner.num_agent_ports = session_num_ports(session_agent_ports(session));
    if (!open_inner(session, host, offer)) {
        session_unload(session, host);
        return false;
    }
    record_load(&session->record, host, &session->game, offer, bridge_av(session->bridge).fps);
    record_switch(&session->record, host, session->settings.records || session->settings.watches);
    if (may_learn && session_begin_learning(session, host)) why[0] = '\0';
    invite_agent(session, host, why);
    session->lacks_agent = !session->player;
    session_show_own_options(session, host);
    bridge_offer_controllers(session->bridge);

    bool masks = true; /* RetroArch answers by its return value alone, others fill this in, too */
    session->has_pad_mask =
        host_environment(host, RETRO_ENVIRONMENT_GET_INPUT_BITMASKS, &masks) && masks;
    session->trailer_bytes = session->player ? player_state_bytes() : 0;
    if (session->player) session->buttons = buttons_of(session->game.preset);
    if (session_plays(session) &&
        (session->inner_states == CATALOG_STATES_NONE || bridge_state_bytes(session->bridge) == 0))
        host_say(host, RETRO_LOG_WARN, TELL_MS,
                 "the inner core has no savestates: no rewind, no run-ahead");
    if (session_plays(session) && !bridge_sees_card(session->bridge))
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS,
                 "no picture for the agent: the core draws, but not by OpenGL");
    if (session->player) player_power_on(session->player);
    session_switch_screen(session, host);
    session_begin_auto_strength(session, host);
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

static void keep_strength(const session_t *session, const host_t *host)
{
    why_t why, text;
    if (!session->moved_strength ||
        kept_strength_save(session->game.dir, session->game.strength, why))
        return;
    refuse(text, "the strength that auto came to is not kept: %.800s", why);
    host_log(host, RETRO_LOG_WARN, text);
}

void session_unload(session_t *session, host_t *host)
{
    keep_strength(session, host);
    session_end_learning(session, host);
    mind_finder_stop(session->finder);
    record_unload(&session->record, host);
    screen_close(&session->screen);
    player_destroy(session->player);
    loaded_game_forget(&session->game);
    bridge_close(session->bridge);
    host->inner.video = host->video;
    host->inner.polled_this_frame = false;
    host->inner.agent_may_play = false;
    host->inner.num_agent_ports = 0;
    host->inner.own_controller_ports = 0;
    /* What belongs to the frontend's stay and not to the game is kept. */
    *session = (session_t){ .catalog = session->catalog };
    settings_build(&session->options, &session->catalog, NULL);
}
