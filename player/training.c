/* training.c - rounds of acting and learning, and what is kept of them on disk. */
#include "training.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "home.h"
#include "note.h"
#include "splitmix.h"
#include "why.h"

#define JSON_EXACT 9007199254740992.0 /* 2^53 */
enum { RECENT_EPISODES = 100, STATE_VERSION = 1, STATE_FILE_BYTES = 1 << 20 };

struct training {
    training_config_t config;
    char dir[HOME_PATH_BYTES];
    int dir_fd; /* holds the lock on dir; -1: none */
    char note[NOTE_BYTES];
    agent_t *agent;
    crew_t *crew;
    crew_turn_t *turns; /* (members) */
    bool resumed;
    char prior[16];             /* name of the similarity's; "": none or unknown */
    preset_similarity_t origin; /* with a learned prior: how it was learned; no rows, no matrix */
    double update_debt;         /* updates owed: updates_per_decision may be a fraction */

    uint64_t frames_before, episodes; /* of earlier sessions; of all */
    uint64_t decisions_at_open, updates_at_open;
    uint32_t crashes_before;

    float recent_return[RECENT_EPISODES];
    uint8_t recent_won[RECENT_EPISODES], recent_known[RECENT_EPISODES];
    uint64_t num_recent; /* written so far; the ring holds the last RECENT_EPISODES */

    why_t news;
    bool has_news, diverged;
};

void training_config_defaults(training_config_t *config, int32_t num_actions)
{
    *config = (training_config_t){ .updates_per_decision = 0.25f };
    agent_config_defaults(&config->agent, num_actions);
    config->crew = (crew_config_t){ .num_members = 1,
                                    .discount_per_step = config->agent.discount_per_step,
                                    .max_idle_frames = 30,
                                    .novelty = NAN,
                                    .seed = config->agent.seed };
}

/* ---- what is on disk ----------------------------------------------------------------------------
 */

static bool path_of(const training_t *training, const char *name, char path[HOME_PATH_BYTES],
                    char *why)
{
    if (snprintf(path, HOME_PATH_BYTES, "%s/%s", training->dir, name) < HOME_PATH_BYTES)
        return true;
    return refuse(why, "%.200s...: too long a path", training->dir);
}

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

static void write_origin(const preset_similarity_t *origin, cJSON *state)
{
    cJSON *from = cJSON_AddObjectToObject(state, "similarity_from");
    cJSON_AddStringToObject(from, "preset", origin->from);
    cJSON_AddNumberToObject(from, "decisions", (double)origin->decisions);
    cJSON_AddNumberToObject(from, "updates", (double)origin->updates);
    cJSON_AddNumberToObject(from, "seeds", origin->seeds);
    if (origin->has_seed) cJSON_AddNumberToObject(from, "seed", (double)origin->seed);
    if (origin->version[0]) cJSON_AddStringToObject(from, "version", origin->version);
}

/* NULL: missing or broken, which costs statistics, not the training. */
static cJSON *open_state(const training_t *training)
{
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    if (!path_of(training, "train.state", path, NULL) ||
        !files_read(path, STATE_FILE_BYTES, &bytes, &num_bytes, NULL))
        return NULL;
    cJSON *state = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    free(bytes);
    return state;
}

/* What is trained for stays what it was, unless another weight is asked for. Before the crew. */
static void keep_novelty(training_t *training)
{
    float *novelty = &training->config.crew.novelty;
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
    if (!path_of(training, "train.state", path, why)) return false;
    cJSON *state = cJSON_CreateObject();
    cJSON_AddNumberToObject(state, "version", STATE_VERSION);
    cJSON_AddStringToObject(state, "game", preset_game(training->config.crew.preset));
    cJSON_AddStringToObject(state, "preset", preset_hash(training->config.crew.preset));
    cJSON_AddStringToObject(
        state, "start",
        preset_start_name(training->config.crew.preset, training->config.crew.start));
    if (training->config.core_name)
        cJSON_AddStringToObject(state, "core", training->config.core_name);
    if (training->prior[0]) cJSON_AddStringToObject(state, "similarity_prior", training->prior);
    if (training->origin.from[0]) write_origin(&training->origin, state);
    if (!isnan(training->config.crew.novelty)) /* else the preset's */
        cJSON_AddNumberToObject(state, "novelty", (double)training->config.crew.novelty);
    cJSON_AddNumberToObject(state, "frames", (double)p.frames);
    cJSON_AddNumberToObject(state, "decisions", (double)p.decisions);
    cJSON_AddNumberToObject(state, "updates", (double)p.updates);
    cJSON_AddNumberToObject(state, "episodes", (double)p.episodes);
    cJSON_AddNumberToObject(state, "crashes", p.crashes);
    cJSON_AddNumberToObject(state, "mean_return", (double)p.mean_return);
    cJSON_AddNumberToObject(state, "win_rate", (double)p.win_rate);
    char *text = cJSON_Print(state);
    cJSON_Delete(state);
    if (!text) return refuse(why, "no memory for train.state");
    const bool ok = files_replace(path, text, strlen(text), why);
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
    const preset_t *preset = training->config.crew.preset;
    if (!path_of(training, "preset.json", path, why)) return false;
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
        if (at && strlen(at) == 11) (void)unlinkat(training->dir_fd, entry->d_name, 0);
    }
    closedir(dir);
}

/* Two trainings of one game would replace each other's agent. The lock dies with the process. */
static bool lock_dir(training_t *training, char *why)
{
    if (!files_make_dirs(training->dir, why)) return false;
    training->dir_fd = open(training->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (training->dir_fd < 0)
        return refuse(why, "%.300s: cannot be opened: %s", training->dir, strerror(errno));
    if (flock(training->dir_fd, LOCK_EX | LOCK_NB) != 0)
        return refuse(why, "%.300s: another training of this game is running; use another --dir",
                      training->dir);
    sweep_temporaries(training);
    return true;
}

static bool set_prior(training_t *training, char *why)
{
    if (!has_similarity(training)) return true;
    const similarity_prior_t prior = training->config.similarity_prior;
    const preset_t *preset = training->config.crew.preset;
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

/* A checkpoint that is there must be used, be asked to be ignored, or stop us: never be lost. */
static bool open_agent(training_t *training, char *why)
{
    char path[HOME_PATH_BYTES];
    agent_config_t *agent = &training->config.agent;
    if (training->dir[0] && !training->config.fresh) {
        if (!path_of(training, "agent.safetensors", path, why)) return false;
        if (access(path, F_OK) == 0) {
            char *saved_note = malloc(NOTE_BYTES), differs[512];
            if (!saved_note) return refuse(why, "no memory for a checkpoint's note");
            bool ok = agent_load(&training->agent, path, training->config.crew.num_members,
                                 saved_note, NOTE_BYTES, why) == AGENT_OK;
            if (ok && !note_fits(saved_note, training->config.crew.preset, differs))
                ok = refuse(why, "%.200s: %.250s", path, differs);
            free(saved_note);
            if (!ok) return false;
            *agent = *agent_config(training->agent);
            training->resumed = true;
            read_state(training);
            return true;
        }
    }
    return agent_create(&training->agent, agent, why) == AGENT_OK && set_prior(training, why);
}

/* ---- life
 * ---------------------------------------------------------------------------------------- */

bool training_open(training_t **out, const training_config_t *config, why_t why)
{
    *out = NULL;
    if (!(config->updates_per_decision >= 0 && config->updates_per_decision <= 64))
        return refuse(why, "updates per decision must be 0..64, found %g",
                      (double)config->updates_per_decision);
    training_t *training = calloc(1, sizeof *training);
    if (!training) return refuse(why, "no memory for training");
    training->config = *config;
    training->dir_fd = -1;
    training->config.agent.num_actions = preset_num_actions(config->crew.preset);
    training->config.agent.num_streams = config->crew.num_members;
    training->config.crew.discount_per_step = config->agent.discount_per_step;
    if (config->dir) snprintf(training->dir, sizeof training->dir, "%s", config->dir);

    training->turns = calloc((size_t)config->crew.num_members, sizeof *training->turns);
    if (!training->turns) {
        free(training);
        return refuse(why, "no memory for training");
    }
    if (!note_make(training->note, sizeof training->note, config->crew.preset)) {
        training_close(training);
        return refuse(why, "the preset's actions are too many to be named in a checkpoint");
    }
    keep_novelty(training);
    /* The crew first: workers are forked before this process grows. */
    const bool ok = (!training->dir[0] || lock_dir(training, why)) &&
                    crew_start(&training->crew, &training->config.crew, why) &&
                    open_agent(training, why);
    if (!ok) {
        training_close(training);
        return false;
    }
    for (int32_t m = 0; m < config->crew.num_members; m++) crew_reset(training->crew, m);
    for (int32_t m = 0; m < config->crew.num_members; m++)
        if (!crew_collect(training->crew, m, &training->turns[m], why)) {
            training_close(training);
            return false;
        }
    agent_stats_t stats;
    agent_get_stats(training->agent, &stats);
    training->decisions_at_open = stats.decisions;
    training->updates_at_open = stats.updates;
    *out = training;
    return true;
}

void training_close(training_t *training)
{
    if (!training) return;
    crew_stop(training->crew);
    agent_destroy(training->agent);
    if (training->dir_fd >= 0) close(training->dir_fd);
    free(training->turns);
    free(training);
}

agent_t *training_agent(training_t *training)
{
    return training->agent;
}

bool training_resumed(const training_t *training)
{
    return training->resumed;
}

double training_novelty(const training_t *training)
{
    const float asked = training->config.crew.novelty;
    return isnan(asked) ? preset_novelty(training->config.crew.preset) : (double)asked;
}

const char *training_prior(const training_t *training)
{
    return training->prior;
}

const char *training_similarity_from(const training_t *training)
{
    return training->origin.from;
}

/* ---- one round
 * ----------------------------------------------------------------------------------- */

static void note_episode(training_t *training, const player_outcome_t *outcome)
{
    const uint64_t at = training->num_recent++ % RECENT_EPISODES;
    training->recent_return[at] = outcome->episode_return;
    training->recent_won[at] = outcome->result == PRESET_WON;
    training->recent_known[at] = outcome->result != PRESET_NO_RESULT || outcome->truncated;
    training->episodes++;
}

static void settle(training_t *training, int32_t m, const crew_turn_t *turn)
{
    if (!turn->has_outcome) { /* it crashed: what was being played is nobody's doing */
        agent_drop(training->agent, m);
        return;
    }
    const player_outcome_t *o = &turn->outcome;
    const agent_outcome_t outcome = { .reward = o->reward,
                                      .duration_steps = o->duration_steps,
                                      .terminal = o->terminal,
                                      .truncated = o->truncated };
    agent_settle(training->agent, m, &outcome, o->truncated ? turn->final_obs : turn->obs);
    if (o->terminal || o->truncated) note_episode(training, o);
}

bool training_turn(training_t *training, why_t why)
{
    const int32_t num_members = training->config.crew.num_members;
    for (int32_t m = 0; m < num_members; m++)
        crew_act(training->crew, m, agent_choose(training->agent, m, training->turns[m].obs));

    /* The games run in their processes meanwhile. */
    training->update_debt += (double)training->config.updates_per_decision * num_members;
    const int32_t owed = (int32_t)training->update_debt;
    training->update_debt -= owed;
    why_t cause = "";
    agent_status_t learned = AGENT_OK;
    if (owed > 0) learned = agent_learn(training->agent, owed, NULL, cause);
    training->diverged = learned == AGENT_DIVERGED;

    bool all_there = true;
    for (int32_t m = 0; m < num_members; m++) {
        why_t sentence;
        crew_turn_t *turn = &training->turns[m];
        if (!crew_collect(training->crew, m, turn, sentence)) {
            all_there = refuse(why, "%s", sentence);
            turn->has_outcome = false;
        } else if (turn->crashed) {
            memcpy(training->news, sentence, sizeof training->news);
            training->has_news = true;
        }
        settle(training, m, turn);
    }
    if (learned != AGENT_OK) return refuse(why, "%s", cause);
    return all_there;
}

bool training_diverged(const training_t *training)
{
    return training->diverged;
}

const char *training_news(training_t *training)
{
    if (!training->has_news) return NULL;
    training->has_news = false;
    return training->news;
}

void training_get_progress(const training_t *training, training_progress_t *progress)
{
    *progress = (training_progress_t){ 0 };
    agent_get_stats(training->agent, &progress->agent);
    progress->session_frames = crew_frames(training->crew);
    progress->frames = training->frames_before + progress->session_frames;
    progress->decisions = progress->agent.decisions;
    progress->updates = progress->agent.updates;
    progress->session_decisions = progress->decisions - training->decisions_at_open;
    progress->session_updates = progress->updates - training->updates_at_open;
    progress->episodes = training->episodes;
    progress->crashes = training->crashes_before + crew_crashes(training->crew);

    const int32_t count =
        training->num_recent < RECENT_EPISODES ? (int32_t)training->num_recent : RECENT_EPISODES;
    int32_t known = 0, won = 0;
    double sum = 0;
    for (int32_t i = 0; i < count; i++) {
        sum += (double)training->recent_return[i];
        known += training->recent_known[i];
        won += training->recent_won[i];
    }
    progress->mean_episodes = count;
    progress->winner_unknown = !preset_tells_winner(training->config.crew.preset);
    progress->mean_return = count ? (float)(sum / count) : 0;
    progress->win_rate = known ? (float)won / (float)known : 0;
}

bool training_save(training_t *training, why_t why)
{
    if (!training->dir[0]) return true;
    char path[HOME_PATH_BYTES];
    return path_of(training, "agent.safetensors", path, why) &&
           agent_save(training->agent, path, training->note, why) == AGENT_OK &&
           write_preset(training, why) && write_state(training, why);
}

/* ---- evaluation
 * ----------------------------------------------------------------------------------- */

/* Wilson 1927: a 95 % interval for a share that behaves at 0 and 1. */
static void wilson(training_result_t *result)
{
    const double n = result->episodes, z = 1.959964, p = n > 0 ? result->won / n : 0;
    if (n <= 0) return;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    result->win_rate = (float)p;
    result->win_low = (float)fmax(0, middle - half);
    result->win_high = (float)fmin(1, middle + half);
}

typedef struct {
    uint64_t random;
    int32_t episode; /* which one this member plays; -1: none left */
} seat_t;

static int32_t choose(policy_t *policy, training_who_t who, seat_t *seat, int32_t num_actions,
                      const uint8_t *obs, float epsilon)
{
    if (who == TRAINING_AGENT) return policy_greedy(policy, obs, epsilon);
    return (int32_t)splitmix_below(&seat->random, (uint32_t)num_actions);
}

static void count_episode(training_result_t *result, const player_outcome_t *outcome,
                          double *returns, double *steps)
{
    result->episodes++;
    result->won += outcome->result == PRESET_WON;
    result->lost += outcome->result == PRESET_LOST;
    result->drawn += outcome->result == PRESET_DRAWN;
    *returns += (double)outcome->episode_return;
    *steps += outcome->episode_steps;
}

bool training_evaluate(policy_t *policy, training_who_t who, const crew_config_t *crew_config,
                       int32_t episodes, float epsilon, training_watch_t watch, void *context,
                       training_result_t *result, why_t why)
{
    *result = (training_result_t){ 0 };
    const int32_t num_members = crew_config->num_members,
                  num_actions = preset_num_actions(crew_config->preset);
    crew_t *crew;
    if (!crew_start(&crew, crew_config, why)) return false;
    crew_turn_t *turns = calloc((size_t)num_members, sizeof *turns);
    seat_t *seats = calloc((size_t)num_members, sizeof *seats);
    double returns = 0, steps = 0;
    bool ok = turns && seats;
    if (!ok) refuse(why, "no memory for an evaluation");
    int32_t begun = 0;
    for (int32_t m = 0; ok && m < num_members; m++) {
        seats[m].random = crew_config->seed + (uint64_t)m;
        seats[m].episode = begun < episodes ? begun++ : -1;
        crew_reset(crew, m);
    }
    for (int32_t m = 0; ok && m < num_members; m++) ok = crew_collect(crew, m, &turns[m], why);
    while (ok && result->episodes < episodes) {
        for (int32_t m = 0; m < num_members; m++)
            if (seats[m].episode >= 0)
                crew_act(crew, m,
                         choose(policy, who, &seats[m], num_actions, turns[m].obs, epsilon));
        for (int32_t m = 0; ok && m < num_members; m++) {
            if (seats[m].episode < 0) continue;
            ok = crew_collect(crew, m, &turns[m], why);
            if (!ok || !turns[m].has_outcome) continue; /* a crash: that episode is begun anew */
            const int32_t episode = seats[m].episode;
            if (turns[m].outcome.terminal || turns[m].outcome.truncated) {
                count_episode(result, &turns[m].outcome, &returns, &steps);
                seats[m].episode = begun < episodes ? begun++ : -1;
            }
            if (watch && !watch(context, &turns[m], episode, crew, m)) episodes = result->episodes;
        }
    }
    if (result->episodes > 0) {
        result->mean_return = (float)(returns / result->episodes);
        result->mean_steps = (float)(steps / result->episodes);
    }
    wilson(result);
    crew_stop(crew);
    free(turns);
    free(seats);
    return ok;
}

bool training_log_evaluation(training_t *training, const training_result_t *result, why_t why)
{
    if (!training->dir[0]) return true;
    char path[HOME_PATH_BYTES];
    if (!path_of(training, "log.jsonl", path, why)) return false;
    training_progress_t p;
    training_get_progress(training, &p);
    FILE *log = fopen(path, "a");
    if (!log) return refuse(why, "%.300s: cannot be written", path);
    fprintf(log,
            "{\"kind\":\"evaluation\",\"time\":%lld,\"frames\":%llu,\"decisions\":%llu,"
            "\"updates\":%llu,\"episodes\":%d,\"won\":%d,\"lost\":%d,\"drawn\":%d,"
            "\"win_rate\":%.4f,\"win_low\":%.4f,\"win_high\":%.4f,\"mean_return\":%.4f}\n",
            (long long)time(NULL), (unsigned long long)p.frames, (unsigned long long)p.decisions,
            (unsigned long long)p.updates, result->episodes, result->won, result->lost,
            result->drawn, (double)result->win_rate, (double)result->win_low,
            (double)result->win_high, (double)result->mean_return);
    const bool written = !ferror(log);
    if (fclose(log) != 0 || !written) return refuse(why, "%.300s: cannot be written", path);
    return true;
}
