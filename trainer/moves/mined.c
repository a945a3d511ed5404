/* mined.c - see mined.h. */
#include "mined.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "evaluation.h"
#include "files.h"
#include "home.h"
#include "interrupt.h"
#include "note.h"
#include "policy.h"
#include "ranks.h"
#include "recording.h"
#include "training.h"
#include "voice.h"

const char *mined_known_as(const preset_t *preset, const macro_language_t *language,
                           const mine_macro_t *macro)
{
    for (int32_t a = 0; preset && a < preset_num_actions(preset); a++) {
        const preset_action_t *action = preset_action(preset, a);
        char name[sizeof macro->name], family[sizeof macro->family];
        if (macro_same_steps(&action->macro, &macro->macro)) return action->name;
        mine_name(&action->macro, language, name, family, sizeof name);
        if (name[0] && strcmp(name, macro->name) == 0) return action->name;
    }
    return NULL;
}

/* A preset's names hold neither slashes nor dots. */
static void name_macro(const mine_macro_t *macro, int32_t number, char name[PRESET_NAME_BYTES])
{
    if (macro->name[0] && strlen(macro->name) < PRESET_NAME_BYTES / 2 &&
        !strpbrk(macro->name, "/\\."))
        snprintf(name, PRESET_NAME_BYTES, "%.*s, as played", PRESET_NAME_BYTES / 2, macro->name);
    else
        snprintf(name, PRESET_NAME_BYTES, "Mined %d", (int)number);
}

void mined_new(import_macros_t *out, const mine_t *mine, const preset_t *preset, int32_t most)
{
    for (int32_t m = 0; m < mine->num_macros && most > 0; m++) {
        const mine_macro_t *found = &mine->macros[m];
        if (out->num_macros == IMPORT_MAX_MACROS) return;
        if (mined_known_as(preset, preset_language(preset), found)) continue;
        import_macro_t *macro = &out->macros[out->num_macros++];
        macro->macro = found->macro;
        name_macro(found, m + 1, macro->name);
        most--;
    }
}

/* ---- rounds as recordings ---- */

static const char *result_name(preset_result_t result)
{
    switch (result) {
    case PRESET_WON: return "won";
    case PRESET_LOST: return "lost";
    case PRESET_DRAWN: return "drawn";
    default: return "ended";
    }
}

static bool save_round(const kept_round_t *round, const game_t *game, const char *path, char *why)
{
    int32_t first = 0;
    recording_t recording = { .kind = RECORDING_KATA,
                              .facing = RECORDING_FACING_RIGHT,
                              .num_ports = 1,
                              .num_frames = round->num_frames,
                              .num_segments = 1,
                              .pads = round->pads,
                              .segments = &first };
    snprintf(recording.game, sizeof recording.game, "%s", preset_game(game->preset));
    snprintf(recording.system, sizeof recording.system, "%s", game->identity.system);
    snprintf(recording.sha1, sizeof recording.sha1, "%s", game->identity.sha1);
    return recording_save(&recording, path, why);
}

bool mined_save_rounds(const kept_rounds_t *kept, const game_t *game, const char *dir, why_t why)
{
    if (!files_make_dirs(dir, why)) return false;
    for (int32_t i = 0; i < kept->num_rounds; i++) {
        char path[HOME_PATH_BYTES];
        const kept_round_t *round = &kept->rounds[i];
        if (round->num_frames == 0) continue;
        if (snprintf(path, sizeof path, "%s/%03d-%s.kata-recording", dir, (int)i + 1,
                     result_name(round->result)) >= (int)sizeof path)
            return refuse(why, "%.200s...: too long a path", dir);
        if (!save_round(round, game, path, why)) return false;
    }
    return !kept->failed || refuse(why, "no memory for all of the rounds");
}

/* ---- an agent's play ---- */

typedef struct {
    game_t game; /* the caller's, with the agent's preset once that is loaded */
    bool is_loaded;
    policy_t *policy;
    kept_rounds_t kept;
    char note[NOTE_BYTES];
} mined_work_t;

void mined_take_preset(game_t *game, preset_t *preset)
{
    int32_t num_starts = 0;
    for (int32_t i = 0; i < game->num_starts; i++) {
        const int32_t start =
            preset_find_start(preset, preset_start_name(game->preset, game->starts[i]));
        if (start >= 0) game->starts[num_starts++] = start;
    }
    if (num_starts == 0) game->starts[num_starts++] = preset_default_start(preset);
    game->num_starts = num_starts;
    game->start = game->starts[0];
    game->preset = preset;
}

static bool load(mined_work_t *work, const char *dir, char *why)
{
    char path[HOME_PATH_BYTES];
    why_t cause;
    preset_t *preset;
    if (!home_join(path, dir, "preset.json", why)) return false;
    if (!preset_load(&preset, path, cause))
        return refuse(why, "no agent's play can be looked at: %.600s", cause);
    mined_take_preset(&work->game, preset);
    work->is_loaded = true;
    if (!home_join(path, dir, "agent.safetensors", why)) return false;
    if (policy_load(&work->policy, path, work->note, sizeof work->note, cause) != AGENT_OK)
        return refuse(why, "no agent's play can be looked at: %.600s", cause);
    return note_fits(work->note, policy_config(work->policy), preset, cause) ||
           refuse(why, "%.300s: %.500s", path, cause);
}

static bool play(mined_work_t *work, char *why)
{
    training_config_t config;
    training_config_defaults(&config, work->game.preset);
    actor_pool_config_t actors = config.actors;
    game_actors(&work->game, &actors);
    actors.num_actors = 1;
    actors.actor.seed = 1;
    evaluation_vary(&actors, actors.actor.max_idle_frames);
    if (!kept_rounds_open(&work->kept, work->game.preset, actors.num_actors))
        return refuse(why, "no memory for %d rounds", MINED_ROUNDS);
    progress_t progress;
    progress_begin(&progress);
    const evaluation_request_t request = { .policy = work->policy,
                                           .who = EVALUATION_AGENT,
                                           .actors = &actors,
                                           .episodes = MINED_ROUNDS,
                                           .progress = &progress,
                                           .kept = &work->kept };
    evaluation_t evaluation;
    if (!evaluation_run(&evaluation, &request, why)) return false;
    if (evaluation.interrupted) return refuse(why, "interrupted before its play was looked at");
    kept_rounds_sort(&work->kept);
    return work->kept.num_rounds > 0 || refuse(why, "not one round of its play has ended");
}

/* It says what made it, so that the training that it is for goes on with it; and of what. */
static bool say_origin(char **text, const preset_t *preset, char *why)
{
    cJSON *file = cJSON_Parse(*text);
    cJSON *provenance = cJSON_GetObjectItemCaseSensitive(file, "provenance");
    if (file && !provenance) provenance = cJSON_AddObjectToObject(file, "provenance");
    cJSON_DeleteItemFromObjectCaseSensitive(provenance, "tool");
    cJSON_DeleteItemFromObjectCaseSensitive(provenance, "parent");
    char *made = NULL;
    if (cJSON_AddStringToObject(provenance, "tool", GAME_MINED_TOOL) &&
        cJSON_AddStringToObject(provenance, "parent", preset_hash(preset)))
        made = cJSON_Print(file);
    cJSON_Delete(file);
    free(*text);
    *text = made;
    return made || refuse(why, "no memory for the preset with these moves");
}

bool mined_rounds(import_macros_t *out, const kept_rounds_t *kept, int32_t num_rounds,
                  const preset_t *preset, int32_t most, why_t why)
{
    mine_t mine;
    mine_options_t options;
    mine_track_t *tracks = calloc((size_t)num_rounds + 1, sizeof *tracks);
    if (!tracks) return refuse(why, "no memory for %d rounds", (int)num_rounds);
    for (int32_t i = 0; i < num_rounds; i++)
        tracks[i] = (mine_track_t){ .pads = kept->rounds[i].pads,
                                    .num_frames = kept->rounds[i].num_frames };
    mine_options_defaults(&options, preset_language(preset));
    options.facing_unknown = false; /* as chosen: right is forward */
    options.jitter_frames = 0;      /* an agent's macros are the same each time */
    options.max_macros = MINE_MAX_MACROS;
    const bool ok = mine_macros(&mine, tracks, num_rounds, &options, why);
    if (ok) mined_new(out, &mine, preset, most);
    if (ok) mine_free(&mine);
    free(tracks);
    return ok;
}

static bool find(mined_work_t *work, mined_play_t *out, char **text, int32_t most, char *why)
{
    out->num_rounds = (work->kept.num_rounds + 1) / 2;
    for (int32_t i = 0; i < out->num_rounds; i++)
        out->num_won += work->kept.rounds[i].result == PRESET_WON;
    import_macros_t *macros = calloc(1, sizeof *macros);
    if (!macros) return refuse(why, "no memory for %d macros", (int)most);
    bool ok = mined_rounds(macros, &work->kept, out->num_rounds, work->game.preset, most, why);
    out->num_macros = macros->num_macros;
    if (ok)
        ok = macros->num_macros > 0 ||
             refuse(why,
                    "nothing repeats often enough in its better %d rounds that it has not already",
                    (int)out->num_rounds);
    if (ok) *text = preset_with_macros(work->game.preset, macros, why);
    free(macros);
    return *text && say_origin(text, work->game.preset, why);
}

bool mined_from_play(mined_play_t *out, const game_t *game, const char *dir, int32_t most,
                     why_t why)
{
    mined_work_t *work = calloc(1, sizeof *work);
    *out = (mined_play_t){ 0 };
    if (!work) return refuse(why, "no memory to look at its play");
    work->game = *game;
    char *text = NULL;
    const bool ok =
        load(work, dir, why) && play(work, why) && find(work, out, &text, most, why) &&
        preset_parse(&out->preset, text, strlen(text), "the preset with these moves", why);
    if (!ok) *out = (mined_play_t){ 0 };
    free(text);
    if (work->is_loaded) preset_free(work->game.preset);
    policy_destroy(work->policy);
    kept_rounds_close(&work->kept);
    free(work);
    return ok;
}

/* Where the agent is whose play is looked at: of its own folder a training with --dir knows
 * nothing. */
static bool find_player(const game_t *game, const char *from, char dir[HOME_PATH_BYTES], char *why)
{
    if (from)
        return snprintf(dir, HOME_PATH_BYTES, "%s", from) < HOME_PATH_BYTES ||
               refuse(why, "--mine-from: too long a path");
    return home_find_agent(dir, NULL, game->identity.system, game->identity.sha1) ||
           refuse(why, "--mine: no agent of this game is saved, whose play could be looked at; "
                       "--mine-from DIR names another's folder");
}

bool mined_before_training(game_t *game, const mined_request_t *request, why_t why)
{
    char dir[HOME_PATH_BYTES], saved[HOME_PATH_BYTES + 32];
    mined_play_t play;
    why_t cause;
    if (request->num_macros == OPTION_UNSET)
        return !request->from || refuse(why, "--mine-from needs --mine N");
    snprintf(saved, sizeof saved, "%s/agent.safetensors", game->dir);
    if (!request->fresh && access(saved, F_OK) == 0)
        return refuse(why, "--mine makes another list of actions, for which an agent begins anew: "
                           "--fresh, or another --dir");
    if (ranks_size() > 1)
        return refuse(why, "--mine: begin without mpirun; ranks can go on with it");
    if (!find_player(game, request->from, dir, why)) return false;
    if (!mined_from_play(&play, game, dir, (int32_t)request->num_macros, cause))
        return refuse(why, "--mine: %s", cause);
    say("%d moves more, found in the better %d of %d rounds (%d won) of the agent in %s:\n",
        (int)play.num_macros, (int)play.num_rounds, MINED_ROUNDS, (int)play.num_won, dir);
    const int32_t num_actions = preset_num_actions(play.preset);
    for (int32_t a = num_actions - play.num_macros; a < num_actions; a++)
        say("  %-20s %s\n", preset_action(play.preset, a)->name,
            preset_action(play.preset, a)->macro.notation);
    preset_t *const before = game->preset;
    mined_take_preset(game, play.preset);
    preset_free(before);
    game->is_unknown = false;
    return true;
}
