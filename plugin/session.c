/* session.c - what is loaded: inner core, game, agent, and the player's wishes. */
#include "session.h"

#include <stdio.h>
#include <string.h>

#include "extensions.h"
#include "why.h"

enum { TELL_MS = 4000 };
static const uint64_t first_random_state = 0x6b617461u; /* the same evening twice is the same */

void session_open(session_t *session, host_t *host)
{
    session_close(session, host);
    if (!catalog_scan(&session->catalog, NULL, NULL))
        host_log(host, RETRO_LOG_ERROR, "out of memory while looking for cores");
    settings_build(&session->options, &session->catalog);
    host->inner.own_category = settings_category();
    host->inner.own_options = session->options.definitions;
    settings_announce(&session->options, host);
}

void session_close(session_t *session, host_t *host)
{
    session_unload(session, host);
    host->inner.own_category = NULL;
    host->inner.own_options = NULL;
    catalog_free(&session->catalog);
    *session = (session_t){ 0 };
}

/* The player's choice where it opens this kind of file, else the first that does. */
static const catalog_core_t *choose_core(const session_t *session, const host_t *host,
                                         const offer_t *offer)
{
    const char *name = settings_core(host);
    const catalog_core_t *core = name ? catalog_named(&session->catalog, name) : NULL;
    if (core && (!core->has_info || extension_is_listed(core->extensions, offer->extension)))
        return core;
    return catalog_for(&session->catalog, offer->file);
}

static bool open_inner(session_t *session, host_t *host, const offer_t *offer)
{
    const catalog_core_t *core = choose_core(session, host, offer);
    why_t why;
    if (!core) {
        refuse(why,
               "no installed core opens .%.16s files; install one (in RetroArch: Online Updater > "
               "Core Downloader)",
               offer->extension);
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    const bridge_config_t config = { .core_path = core->core_path, .host = &host->inner };
    if (bridge_open(&session->bridge, &config, why) != BRIDGE_OK) {
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    if (bridge_load(session->bridge, offer->path, offer->bytes, offer->num_bytes, why) !=
        BRIDGE_OK) {
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    snprintf(why, sizeof why, "%.120s runs in %.120s (%.300s)", offer->file, core->name,
             core->core_path);
    host_log(host, RETRO_LOG_INFO, why);
    return true;
}

/* The agent's player on the open core, and what is to be said about both. */
static void invite_agent(session_t *session, const host_t *host, why_t why)
{
    if (session->game.policy && !session_make_player(session, why)) game_forget(&session->game);
    const bool wanted = session->settings.plays;
    if (why[0] && wanted) host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
    if (why[0] && !wanted) host_log(host, RETRO_LOG_INFO, why);
    if (!session->player) return;

    char text[HOST_TEXT_BYTES];
    snprintf(text, sizeof text, "the agent for %s plays on pad %u, %d actions",
             preset_game(session->game.preset), (unsigned)session->settings.port + 1,
             (int)preset_num_actions(session->game.preset));
    if (wanted)
        host_say(host, RETRO_LOG_INFO, TELL_MS, text);
    else
        host_log(host, RETRO_LOG_INFO, "an agent for this game is there; kata_mode is off");
}

static bool check_offer(offer_t *offer, const struct retro_game_info *game, const host_t *host)
{
    char why[HOST_TEXT_BYTES] = "";
    if (!offer_from(offer, game, host))
        snprintf(why, sizeof why, "a game is needed: load one with this core");
    else if (offer->bytes && offer->num_bytes == 0)
        snprintf(why, sizeof why, "%.200s is empty", offer->file);
    if (why[0]) host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
    return !why[0];
}

bool session_load(session_t *session, host_t *host, const struct retro_game_info *game)
{
    session_unload(session, host);
    offer_t offer;
    if (!check_offer(&offer, game, host)) return false;

    /* Who plays is settled first: an inner core is told of it while it loads. */
    why_t why = "";
    settings_read(&session->settings, host, NULL);
    const bool has_agent = game_recognize(&session->game, &offer, host, why);
    host->inner.agent_may_play = has_agent && session->settings.plays;
    host->inner.num_agent_ports = host->inner.agent_may_play ? session->settings.port + 1 : 0;
    if (!open_inner(session, host, &offer)) {
        session_unload(session, host);
        return false;
    }
    record_load(&session->record, host, &session->game, &offer, bridge_av(session->bridge).fps);
    record_switch(&session->record, host, session->settings.records);
    invite_agent(session, host, why);

    bool masks = true; /* RetroArch answers by its return value alone, others fill this in, too */
    session->has_pad_mask =
        host_environment(host, RETRO_ENVIRONMENT_GET_INPUT_BITMASKS, &masks) && masks;
    session->trailer.random_state = first_random_state;
    session->trailer_bytes = session->player ? trailer_bytes(session->player) : 0;
    if (session_plays(session) && bridge_state_bytes(session->bridge) == 0)
        host_say(host, RETRO_LOG_WARN, TELL_MS,
                 "the inner core has no savestates: no rewind, no run-ahead");
    session_refuse_achievements(session, host);
    session_start(session);
    return true;
}

void session_unload(session_t *session, host_t *host)
{
    record_unload(&session->record, host);
    player_destroy(session->player);
    game_forget(&session->game);
    bridge_close(session->bridge);
    host->inner.video = host->video;
    host->inner.polled_this_frame = false;
    host->inner.agent_may_play = false;
    host->inner.num_agent_ports = 0;
    /* What belongs to the frontend's stay and not to the game is kept. */
    *session = (session_t){ .catalog = session->catalog, .options = session->options };
}
