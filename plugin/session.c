/* session.c - what is loaded: inner core, game, agent, and the player's wishes. */
#include "session.h"

#include <stdio.h>
#include <string.h>

enum { TELL_MS = 4000 };
static const uint64_t first_random_state = 0x6b617461u; /* the same evening twice is the same */

void session_open(session_t *session, host_t *host)
{
    session_close(session, host);
    if (!catalog_scan(&session->catalog, NULL, NULL))
        host_log(host, RETRO_LOG_ERROR, "out of memory while looking for cores");
    options_build(&session->options, &session->catalog);
    host->inner.own_category = options_category();
    host->inner.own_options = session->options.definitions;
    options_announce(&session->options, host);
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
                                         const content_t *content)
{
    const char *name = options_core(host);
    const catalog_core_t *core = name ? catalog_named(&session->catalog, name) : NULL;
    if (core && (!core->has_info || content_list_has(core->extensions, content->extension,
                                                     strlen(content->extension))))
        return core;
    return catalog_for(&session->catalog, content->file);
}

static bool open_inner(session_t *session, const host_t *host, const content_t *content)
{
    const catalog_core_t *core = choose_core(session, host, content);
    char why[HOST_TEXT_BYTES];
    if (!core) {
        snprintf(
            why, sizeof why,
            "no installed core opens .%.16s files; install one (in RetroArch: Online Updater > "
            "Core Downloader)",
            content->extension);
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    const bridge_config_t config = { .core_path = core->core_path, .host = &host->inner };
    if (bridge_open(&session->bridge, &config, why) != BRIDGE_OK) {
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    if (bridge_load(session->bridge, content->path, content->bytes, content->num_bytes, why) !=
        BRIDGE_OK) {
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        bridge_close(session->bridge);
        session->bridge = NULL;
        return false;
    }
    snprintf(why, sizeof why, "%.120s runs in %.120s (%.300s)", content->file, core->name,
             core->core_path);
    host_log(host, RETRO_LOG_INFO, why);
    return true;
}

/* Preset, agent and player, or a sentence on the screen and the game alone. */
static void invite_agent(session_t *session, const host_t *host, const content_t *content)
{
    char why[PLAYER_WHY_BYTES] = "";
    if (game_recognize(&session->game, content, session->bridge, host, why) &&
        !session_make_player(session, why))
        game_forget(&session->game);
    if (why[0] && session->settings.plays) host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
    if (why[0] && !session->settings.plays) host_log(host, RETRO_LOG_INFO, why);
    if (!session->player) return;

    char text[HOST_TEXT_BYTES];
    snprintf(text, sizeof text, "the agent for %s plays on pad %u, %d actions",
             preset_game(session->game.preset), (unsigned)session->settings.port + 1,
             (int)preset_num_actions(session->game.preset));
    if (session->settings.plays)
        host_say(host, RETRO_LOG_INFO, TELL_MS, text);
    else
        host_log(host, RETRO_LOG_INFO, "an agent for this game is there; kata_mode is off");
}

bool session_load(session_t *session, host_t *host, const struct retro_game_info *game)
{
    session_unload(session, host);
    content_t content;
    if (!content_from(&content, game, host)) {
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, "a game is needed: load one with this core");
        return false;
    }
    if (content.bytes && content.num_bytes == 0) {
        char why[HOST_TEXT_BYTES];
        snprintf(why, sizeof why, "%.200s is empty", content.file);
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
        return false;
    }
    if (!open_inner(session, host, &content)) return false;

    bool masks = true; /* RetroArch answers by its return value alone, others fill this in, too */
    session->has_pad_mask =
        host_environment(host, RETRO_ENVIRONMENT_GET_INPUT_BITMASKS, &masks) && masks;
    session->trailer.random_state = first_random_state;
    settings_read(&session->settings, session->bridge);
    invite_agent(session, host, &content);
    session->inner_state_bytes = bridge_state_bytes(session->bridge);
    session->state_bytes = session->inner_state_bytes;
    if (session->player && session->inner_state_bytes > 0)
        session->state_bytes += trailer_bytes(session->player);
    else if (session->player)
        host_log(host, RETRO_LOG_WARN, "the inner core has no savestates: no rewind, no run-ahead");
    session_refuse_achievements(session, host);
    session_start(session);
    return true;
}

void session_unload(session_t *session, host_t *host)
{
    player_destroy(session->player);
    game_forget(&session->game);
    bridge_close(session->bridge);
    host->inner.video = host->video;
    host->inner.polled_this_frame = false;
    /* What belongs to the frontend's stay and not to the game is kept. */
    *session = (session_t){ .catalog = session->catalog, .options = session->options };
}
