/* training_files.c - what is kept of a training on disk: its folder's lock, train.state,
 * preset.json, agent.safetensors. */
#include "training_parts.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "c_locale.h"
#include "dir_lock.h"
#include "files.h"
#include "home.h"
#include "json_sum.h"
#include "making.h"
#include "why.h"

#define JSON_EXACT 9007199254740992.0 /* 2^53 */
enum { STATE_VERSION = 2, STATE_FILE_BYTES = 1 << 20 };

static double number_in(const cJSON *object, const char *key, double otherwise)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) && isfinite(item->valuedouble) && item->valuedouble >= 0
               ? item->valuedouble
               : otherwise;
}

static void copy_text(char *out, size_t out_bytes, const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    snprintf(out, out_bytes, "%s", text ? text : "");
}

/* How the prior was learned; of a similarity that stays as it is, that is what is saved of it. */
static void read_origin(preset_similarity_t *origin, const cJSON *state)
{
    const cJSON *from = cJSON_GetObjectItemCaseSensitive(state, "similarity_from");
    *origin = (preset_similarity_t){ 0 };
    copy_text(origin->from, sizeof origin->from, from, "preset");
    copy_text(origin->version, sizeof origin->version, from, "version");
    if (strspn(origin->from, "0123456789abcdef") != 40) origin->from[0] = '\0';
    for (const char *c = origin->version; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) origin->version[0] = '\0';
    origin->decisions = (int64_t)fmin(number_in(from, "decisions", 0), JSON_EXACT);
    origin->updates = (int64_t)fmin(number_in(from, "updates", 0), JSON_EXACT);
    origin->seeds = (int32_t)fmin(number_in(from, "seeds", 0), 1000000);
    const double seed = number_in(from, "seed", -1);
    origin->has_seed = seed >= 0 && seed <= JSON_EXACT;
    origin->seed = origin->has_seed ? (int64_t)seed : 0;
}

static void write_origin(bool *failed, const preset_similarity_t *origin, cJSON *state)
{
    cJSON *from = json_add_object(failed, state, "similarity_from");
    json_add_string(failed, from, "preset", origin->from);
    json_add_number(failed, from, "decisions", (double)origin->decisions);
    json_add_number(failed, from, "updates", (double)origin->updates);
    json_add_number(failed, from, "seeds", origin->seeds);
    if (origin->has_seed) json_add_number(failed, from, "seed", (double)origin->seed);
    if (origin->version[0]) json_add_string(failed, from, "version", origin->version);
}

/* NULL: missing or broken, which costs statistics, not the training. */
static cJSON *open_one_state(const training_t *training, const char *name)
{
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    if (!home_join(path, training->dir, name, NULL) ||
        !files_read(path, STATE_FILE_BYTES, &bytes, &num_bytes, NULL))
        return NULL;
    const c_locale_t before = c_locale_enter();
    cJSON *state = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    c_locale_leave(before);
    const json_sum_t sum = json_sum_check((char *)bytes);
    const bool is_sound =
        sum == JSON_SUM_RIGHT || (sum == JSON_SUM_MISSING && number_in(state, "version", 0) < 2);
    free(bytes);
    if (is_sound) return state;
    cJSON_Delete(state);
    return NULL;
}

/* The counters that go with the agent's decisions: the newest, or those of the save before it,
 * where a save was killed or the training went back. Before there is an agent: the newest. */
static cJSON *open_state(const training_t *training)
{
    cJSON *newest = open_one_state(training, "train.state");
    if (newest && !training->agent) return newest;
    cJSON *previous = open_one_state(training, "train.state" FILES_PREVIOUS);
    agent_stats_t stats = { 0 };
    if (training->agent) agent_get_stats(training->agent, &stats);
    const double decisions = (double)stats.decisions;
    const bool goes_back = !newest || (number_in(newest, "decisions", -1) != decisions &&
                                       number_in(previous, "decisions", -1) == decisions);
    cJSON_Delete(goes_back ? newest : previous);
    return goes_back ? previous : newest;
}

void training_keep_novelty(training_t *training)
{
    float *novelty = &training->config.actors.actor.novelty;
    if (!isnan(*novelty) || !training->dir[0] || training->config.fresh) return;
    cJSON *state = open_state(training);
    const double saved = number_in(state, "novelty", -1);
    if (saved >= 0 && saved <= PRESET_MAX_NOVELTY) *novelty = (float)saved;
    cJSON_Delete(state);
}

static void read_state(training_t *training)
{
    cJSON *state = open_state(training);
    training->frames_before = (uint64_t)number_in(state, "frames", 0);
    training->episodes = (uint64_t)number_in(state, "episodes", 0);
    training->crashes_before = (uint32_t)fmin(number_in(state, "crashes", 0), UINT32_MAX);
    copy_text(training->prior, sizeof training->prior, state, "similarity_prior");
    read_origin(&training->origin, state);
    cJSON_Delete(state);
}

static bool write_state(const training_t *training, char *why)
{
    training_progress_t p;
    training_get_progress(training, &p);
    char path[HOME_PATH_BYTES];
    if (!home_join(path, training->dir, "train.state", why)) return false;
    bool failed = false;
    cJSON *state = cJSON_CreateObject();
    json_add_number(&failed, state, "version", STATE_VERSION);
    json_add_string(&failed, state, "crc32", JSON_SUM_NONE);
    json_add_string(&failed, state, "game", preset_game(training->config.actors.actor.preset));
    json_add_string(&failed, state, "preset", preset_hash(training->config.actors.actor.preset));
    json_add_string(&failed, state, "start",
                    preset_start_name(training->config.actors.actor.preset,
                                      training->config.actors.actor.start));
    json_add_number(&failed, state, "port", training->config.actors.actor.port + 1);
    if (training->config.actors.actor.versus == OPPONENT_MASHER)
        json_add_string(&failed, state, "versus", "masher");
    if (training_plays_itself(training)) json_add_string(&failed, state, "versus", "self");
    if (training->config.core_name)
        json_add_string(&failed, state, "core", training->config.core_name);
    if (training->prior[0]) json_add_string(&failed, state, "similarity_prior", training->prior);
    if (training->origin.from[0]) write_origin(&failed, &training->origin, state);
    if (!isnan(training->config.actors.actor.novelty)) /* else the preset's */
        json_add_number(&failed, state, "novelty", (double)training->config.actors.actor.novelty);
    json_add_number(&failed, state, "frames", (double)p.frames);
    json_add_number(&failed, state, "decisions", (double)p.decisions);
    json_add_number(&failed, state, "updates", (double)p.updates);
    json_add_number(&failed, state, "episodes", (double)p.episodes);
    json_add_number(&failed, state, "crashes", p.crashes);
    json_add_number(&failed, state, "mean_return", (double)p.mean_return);
    json_add_number(&failed, state, "win_rate", (double)p.win_rate);
    const c_locale_t before = c_locale_enter();
    char *text = failed ? NULL : cJSON_Print(state);
    c_locale_leave(before);
    cJSON_Delete(state);
    if (!text) return refuse(why, "no memory for train.state");
    json_sum_write(text);
    const bool ok = files_replace_keeping(path, text, strlen(text), why);
    free(text);
    return ok;
}

static bool has_similarity(const training_t *training)
{
    return training->config.agent.similarity_mode != AGENT_SIMILARITY_OFF;
}

static bool write_preset(const training_t *training, char *why)
{
    char path[HOME_PATH_BYTES];
    size_t num_bytes;
    const preset_t *preset = training->config.actors.actor.preset;
    if (!home_join(path, training->dir, "preset.json", why)) return false;
    if (!has_similarity(training)) {
        const char *text = preset_text(preset, &num_bytes);
        return files_replace(path, text, num_bytes, why);
    }
    char *text = similarity_preset_text(preset, training->agent,
                                        training->origin.from[0] ? &training->origin : NULL);
    if (!text) return refuse(why, "no memory for the similarity");
    const bool ok = files_replace(path, text, strlen(text), why);
    free(text);
    return ok;
}

/* What a save that was killed left behind: "agent.safetensors.tmp-XXXXXX". Only under the lock. */
static void sweep_temporaries(const training_t *training)
{
    DIR *dir = opendir(training->dir);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *at = strstr(entry->d_name, ".tmp-");
        char path[HOME_PATH_BYTES];
        if (at && strlen(at) == 11 && home_join(path, training->dir, entry->d_name, NULL))
            (void)unlink(path);
    }
    closedir(dir);
}

bool training_lock_dir(const char *dir, int *lock, why_t why)
{
    *lock = -1;
    if (!files_make_dirs(dir, why)) return false;
    *lock = dir_lock_take(dir);
    if (*lock < 0 && errno == EWOULDBLOCK)
        return refuse(why, "%.300s: another training of this game is running; use another --dir",
                      dir);
    if (*lock < 0) return refuse(why, "%.300s: cannot be opened: %s", dir, strerror(errno));
    return access(dir, W_OK) == 0 ||
           refuse(why, "%.300s: nothing could be saved there: %s", dir, strerror(errno));
}

void training_unlock_dir(int lock)
{
    dir_lock_drop(lock);
}

/* Two trainings of one game would replace each other's agent. */
bool training_lock(training_t *training, why_t why)
{
    if (!training_lock_dir(training->dir, &training->dir_fd, why)) return false;
    sweep_temporaries(training);
    return true;
}

bool training_is_locked(const char *dir)
{
    return dir_lock_is_held(dir);
}

static bool set_prior(training_t *training, char *why)
{
    if (!has_similarity(training)) return true;
    const similarity_prior_t prior = training->config.similarity_prior;
    const preset_t *preset = training->config.actors.actor.preset;
    const size_t num_actions = (size_t)preset_num_actions(preset);
    float *matrix = malloc(num_actions * num_actions * sizeof *matrix);
    if (!matrix) return refuse(why, "no memory for the similarity");
    const preset_t *source = training->config.similarity_from;
    const bool is_learned = prior == SIMILARITY_PRIOR_PRESET;
    if (!is_learned || !source) source = preset;
    bool ok =
        source == preset
            ? similarity_prior(preset, prior, training->config.agent.similarity_start, matrix, why)
            : similarity_prior_from(preset, source, matrix, NULL, why);
    ok = ok && agent_set_similarity(training->agent, matrix, why) == AGENT_OK;
    free(matrix);
    if (ok && is_learned) {
        training->origin = *preset_similarity(source);
        training->origin.num_rows = 0;
        training->origin.notations = NULL;
        training->origin.matrix = NULL;
        snprintf(training->origin.from, sizeof training->origin.from, "%s", preset_hash(source));
    }
    snprintf(training->prior, sizeof training->prior, "%s", similarity_prior_name(prior));
    return ok;
}

/* AGENT_BAD_FILE: this file cannot be loaded, another one may; any other failure is final. */
static agent_status_t load_agent(training_t *training, const char *path, char *why)
{
    char *saved_note = malloc(NOTE_BYTES);
    why_t differs;
    if (!saved_note) return refuse_as(why, AGENT_NO_MEMORY, "no memory for a checkpoint's note");
    agent_status_t status = agent_load(&training->agent, path, training->config.agent.num_streams,
                                       training->config.agent.taught, saved_note, NOTE_BYTES, why);
    if (status == AGENT_OK && !note_fits(saved_note, agent_config(training->agent),
                                         training->config.actors.actor.preset, differs))
        status = refuse_as(why, AGENT_BAD_CONFIG,
                           "%.180s: %.250s; begin anew with --fresh, or elsewhere with --dir", path,
                           differs);
    free(saved_note);
    return status;
}

void training_add_news(training_t *training, const char *sentence)
{
    snprintf(training->news, sizeof training->news, "%s", sentence);
    training->has_news = true;
}

/* The newest save cannot be loaded, and `cause` says why: the one before it is gone on from, and
 * the newest is put aside, so that no later save takes the place of the good one with it. */
static agent_status_t go_back(training_t *training, const char *path, const char *cause, char *why)
{
    char previous[HOME_PATH_BYTES + 16], aside[HOME_PATH_BYTES + 16];
    why_t second;
    snprintf(previous, sizeof previous, "%s" FILES_PREVIOUS, path);
    snprintf(aside, sizeof aside, "%s.damaged", path);
    const bool is_there = access(path, F_OK) == 0;
    const agent_status_t status = load_agent(training, previous, second);
    if (status != AGENT_OK)
        return refuse_as(why, status,
                         "%.400s; the save before it cannot be gone on from, either: %.400s; put "
                         "back a copy, or begin anew with --fresh",
                         cause, second);
    if (is_there && rename(path, aside) != 0)
        return refuse_as(why, AGENT_BAD_FILE, "%.400s; it cannot be put aside: %s", cause,
                         strerror(errno));
    why_t news;
    refuse(news, "%.400s; went back to the save before it%s", cause,
           is_there ? ", and kept the damaged one as agent.safetensors.damaged" : "");
    training_add_news(training, news);
    return AGENT_OK;
}

/* A checkpoint that is there must be used, be asked to be ignored, or stop us: never be lost. */
bool training_open_agent(training_t *training, why_t why)
{
    char path[HOME_PATH_BYTES], previous[HOME_PATH_BYTES + 16];
    agent_config_t *agent = &training->config.agent;
    if (training->dir[0] && !training->config.fresh) {
        if (!home_join(path, training->dir, "agent.safetensors", why)) return false;
        snprintf(previous, sizeof previous, "%s" FILES_PREVIOUS, path);
        const bool is_there = access(path, F_OK) == 0;
        if (is_there || access(previous, F_OK) == 0) {
            why_t cause;
            agent_status_t status = AGENT_BAD_FILE;
            if (is_there)
                status = load_agent(training, path, cause);
            else
                refuse(cause, "%.300s: is missing", path);
            if (status == AGENT_BAD_FILE)
                status = go_back(training, path, cause, why);
            else if (status != AGENT_OK)
                refuse(why, "%s", cause);
            if (status != AGENT_OK) return false;
            *agent = *agent_config(training->agent);
            training->resumed = true;
            read_state(training);
            return true;
        }
    }
    return agent_create(&training->agent, agent, why) == AGENT_OK && set_prior(training, why);
}

/* train.state first: when a save is killed on its way, the one before it is still beside it, and
 * an agent finds the counters of its own decisions. */
static bool save(training_t *training, bool ends, char *why)
{
    if (!training->dir[0]) return true;
    char path[HOME_PATH_BYTES];
    return home_join(path, training->dir, "agent.safetensors", why) &&
           write_preset(training, why) && write_state(training, why) &&
           agent_save(training->agent, path, training->note, why) == AGENT_OK &&
           training_save_league(training, why) && training_save_replay(training, ends, why);
}

bool training_save(training_t *training, why_t why)
{
    return save(training, false, why);
}

bool training_save_all(training_t *training, why_t why)
{
    return save(training, true, why);
}
