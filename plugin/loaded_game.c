/* loaded_game.c - from the content to the agent that was trained on it. */
#include "loaded_game.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builtin.h"
#include "extensions.h"
#include "files.h"
#include "home.h"
#include "kept_strength.h"
#include "note.h"
#include "player.h"
#include "reputation.h"
#include "shelf.h"
#include "why.h"

enum {
    TELL_COLLECTED_MS = 8000,
    OFFER_MAX_BYTES = 64 << 20, /* larger files are discs: not identified yet */
    OFFER_MAX_ARCHIVE_BYTES = 1 << 29
};

typedef char path_t[HOME_PATH_BYTES];

/* As handed over; where the inner core will read the file itself, the file. */
static bool identify(identity_t *identity, const offer_t *offer, why_t why)
{
    if (offer->bytes) {
        identity_of(identity, offer->bytes, offer->num_bytes, offer->extension);
        return true;
    }
    if (extension_is_listed(OFFER_DISCS, offer->extension)) {
        refuse(why, "discs are not recognized yet; the game runs untouched");
        return false;
    }
    uint8_t *bytes;
    size_t num_bytes;
    why_t cause;
    const bool is_archive = extension_is_listed(OFFER_ARCHIVES, offer->extension);
    const size_t most = is_archive ? OFFER_MAX_ARCHIVE_BYTES : OFFER_MAX_BYTES;
    if (!files_read(offer->path, most, &bytes, &num_bytes, cause)) {
        refuse(why, "the game runs untouched: %.480s", cause);
        return false;
    }
    identity_of(identity, bytes, num_bytes, offer->extension);
    free(bytes);
    return true;
}

static void library_dirs(path_t dirs, const host_t *host, const char *save_dir)
{
    path_t our_library;
    host_own_path(host, our_library);
    home_preset_dirs(dirs, sizeof(path_t), our_library, save_dir);
}

static bool find_in_library(loaded_game_t *game, const host_t *host, const char *save_dir)
{
    path_t dirs, path;
    library_dirs(dirs, host, save_dir);
    const identity_t *id = &game->identity;
    const char *name = game->name[0] ? game->name : NULL;
    return preset_find(&game->preset, dirs, id->system, id->sha1, id->crc32, id->md5, name, path,
                       NULL) ||
           preset_find_builtin(&game->preset, id->system, id->sha1, id->crc32, id->md5, name, NULL,
                               NULL);
}

static bool agent_fits(const loaded_game_t *game, const char *note, why_t why)
{
    const agent_config_t *config = policy_config(game->policy);
    if (config->num_actions != preset_num_actions(game->preset)) {
        refuse(why, "the agent was trained with %d actions, the preset has %d",
               (int)config->num_actions, (int)preset_num_actions(game->preset));
        return false;
    }
    if (config->obs_stack != PLAYER_OBS_STACK || config->obs_height_px != PLAYER_OBS_HEIGHT_PX ||
        config->obs_width_px != PLAYER_OBS_WIDTH_PX) {
        refuse(why, "the agent sees %dx%dx%d pixels, this Kata has %dx%dx%d",
               (int)config->obs_stack, (int)config->obs_height_px, (int)config->obs_width_px,
               PLAYER_OBS_STACK, PLAYER_OBS_HEIGHT_PX, PLAYER_OBS_WIDTH_PX);
        return false;
    }
    return note_fits(note, config, game->preset, why);
}

/* The file of the wished strength; where there is none, of the agent itself. *strength: the one
 * that is wished, then the one that was found. */
static bool find_weights(path_t path, const host_t *host, const char *dir,
                         league_strength_t *strength, why_t why)
{
    const char *named = getenv("KATA_STRENGTH");
    const char *name = named && *named ? named : league_strength_names[*strength];
    why_t cause;
    *strength = LEAGUE_BEST;
    for (int32_t s = 0; s < LEAGUE_NUM_STRENGTHS; s++)
        if (strcmp(name, league_strength_names[s]) == 0) *strength = (league_strength_t)s;
    if (league_strength_path(dir, name, path, cause)) return true;
    *strength = LEAGUE_BEST;
    if (!league_strength_path(dir, league_strength_names[LEAGUE_BEST], path, why)) return false;
    why_t text;
    refuse(text, "strength %.20s: %.900s; the agent itself plays", name, cause);
    host_say(host, RETRO_LOG_WARN, TELL_COLLECTED_MS, text);
    return true;
}

static bool load_agent(loaded_game_t *game, const host_t *host, const char *dir,
                       league_strength_t strength, why_t why)
{
    path_t path;
    if (!find_weights(path, host, dir, &strength, why)) return false;
    game->strength = strength;
    char *note = calloc(1, AGENT_NOTE_BYTES);
    if (!note) {
        refuse(why, "out of memory");
        return false;
    }
    why_t cause;
    bool ok = policy_load(&game->policy, path, note, AGENT_NOTE_BYTES, cause) == AGENT_OK;
    if (!ok)
        refuse(why, "%s", cause);
    else
        ok = agent_fits(game, note, why);
    if (ok) game->start = note_start(note, game->preset);
    free(note);
    return ok;
}

/* Nobody described this dump; perhaps another of the same game. */
static void refuse_unknown(const loaded_game_t *game, const offer_t *offer, const host_t *host,
                           const char *save_dir, char *why)
{
    preset_t *other;
    path_t dirs, path;
    char dump[PRESET_DUMP_BYTES];
    const char *system = game->identity.system;
    library_dirs(dirs, host, save_dir);
    if (!preset_find_other_dump(&other, dirs, system, offer->name, path) &&
        !preset_find_builtin_other_dump(&other, system, offer->name)) {
        refuse(why, "no agent and no preset for this game");
        return;
    }
    preset_name_dump(other, dump);
    refuse(
        why,
        "no agent for this dump of %s; a preset is there for %s: `kata train` says how to use it",
        preset_game(other), dump);
    preset_free(other);
}

static void tell_collected(void *context, bool is_stored, const char *sentence)
{
    host_say(context, is_stored ? RETRO_LOG_INFO : RETRO_LOG_WARN, TELL_COLLECTED_MS, sentence);
}

static void tell_stand_in(const host_t *host, const char *cause)
{
    why_t text;
    refuse(text, "the library's preset plays, the agent's own is damaged: %.900s", cause);
    host_say(host, RETRO_LOG_WARN, TELL_COLLECTED_MS, text);
}

/* The folder of the agent that plays. */
static bool choose_agent(loaded_game_t *game, path_t dir, const host_t *host, const char *save_dir,
                         const loaded_game_wish_t *wish, why_t why)
{
    const identity_t *id = &game->identity;
    const char *named = getenv("KATA_AGENT");
    if (named && !*named) named = NULL;
    if (!named && wish->prefers_sent &&
        shelf_find_sent(dir, game->agent, save_dir, id->system, id->sha1))
        return true;
    return shelf_find(dir, game->agent, save_dir, id->system, id->sha1, named, why) ||
           (wish->takes_box &&
            shelf_collect_box(id->system, id->sha1, tell_collected, (void *)host) &&
            shelf_find(dir, game->agent, save_dir, id->system, id->sha1, named, why));
}

static const char *save_dir_of(const host_t *host)
{
    const char *save_dir = NULL;
    return host_environment(host, RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY, &save_dir) ? save_dir
                                                                                   : NULL;
}

bool loaded_game_recognize(loaded_game_t *game, const offer_t *offer, const host_t *host,
                           const loaded_game_wish_t *wish, why_t why)
{
    *game = (loaded_game_t){ 0 };
    snprintf(game->name, sizeof game->name, "%s", offer->name);
    if (!identify(&game->identity, offer, why)) return false;
    const identity_t *id = &game->identity;

    const char *save_dir = save_dir_of(host);
    why_t cause = "", missing;
    bool is_damaged = false; /* the preset beside the agent */
    char *const dir = game->dir;
    shelf_collect(save_dir, id->system, id->sha1, tell_collected, (void *)host);
    const bool has_agent = choose_agent(game, dir, host, save_dir, wish, missing);
    const league_strength_t strength =
        wish->adapts && has_agent ? kept_strength(dir) : wish->strength;
    if (has_agent) {
        path_t path;
        if (snprintf(path, sizeof path, "%s/preset.json", dir) < (int)sizeof path)
            is_damaged = !preset_load(&game->preset, path, cause) && access(path, F_OK) == 0;
    }
    if (!game->preset) find_in_library(game, host, save_dir);

    if (!has_agent && getenv("KATA_AGENT") && *getenv("KATA_AGENT"))
        refuse(why, "%s (KATA_AGENT)", missing);
    else if (!has_agent && game->preset)
        refuse(why, "no agent has learned %s yet; train one: kata train %s",
               preset_game(game->preset), offer->file);
    else if (!has_agent)
        refuse_unknown(game, offer, host, save_dir, why);
    else if (!game->preset)
        refuse(why, "this game's agent has no preset: %.400s", cause);
    else if (load_agent(game, host, dir, strength, why)) {
        if (!reputation_of(dir, game->reputation)) game->reputation[0] = '\0';
        if (is_damaged) tell_stand_in(host, cause);
        return true;
    } else if (is_damaged) /* why the library's preset, which stands in for it, does not fit */
        refuse(why, "%s", cause);

    why_t detail; /* for the log alone: where a person has to look */
    snprintf(detail, sizeof detail, "the game is %s-%s%s%.700s", id->system, id->sha1,
             has_agent ? ", its agent is in " : "", has_agent ? dir : "");
    host_log(host, RETRO_LOG_INFO, detail);
    policy_destroy(game->policy);
    preset_free(game->preset);
    game->policy = NULL;
    game->preset = NULL;
    return false;
}

/* The library first, then what lies beside an agent that cannot be loaded, as `kata train`. */
static void find_preset(loaded_game_t *game, const host_t *host, const char *save_dir)
{
    path_t path;
    if (!find_in_library(game, host, save_dir) &&
        snprintf(path, sizeof path, "%s/preset.json", game->dir) < (int)sizeof path)
        preset_load(&game->preset, path, NULL);
    game->start = game->preset ? preset_default_start(game->preset) : 0;
}

bool loaded_game_to_learn(loaded_game_t *game, const host_t *host, bool prefers_sent, why_t why)
{
    path_t home;
    const identity_t *id = &game->identity;
    const char *save_dir = save_dir_of(host), *named = getenv("KATA_AGENT");
    if (!id->sha1[0]) return refuse(why, "only a game that is recognized can be learned");
    if (prefers_sent || (named && *named))
        return refuse(why, "only your own agent learns, and another is asked for (kata_agent)");
    if (game->policy && strcmp(game->agent, SHELF_OWN) == 0) return true;
    policy_destroy(game->policy);
    preset_free(game->preset);
    game->policy = NULL;
    game->preset = NULL;
    game->reputation[0] = '\0';
    snprintf(game->agent, sizeof game->agent, SHELF_OWN);
    if (!home_find_agent(game->dir, save_dir, id->system, id->sha1) &&
        (!home_for_writing(home, why) ||
         !home_game_dir(game->dir, home, id->system, id->sha1, why)))
        return false;
    find_preset(game, host, save_dir);
    return true;
}

void loaded_game_forget(loaded_game_t *game)
{
    policy_destroy(game->policy);
    preset_free(game->preset);
    *game = (loaded_game_t){ 0 };
}
