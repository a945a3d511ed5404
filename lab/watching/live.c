/* live.c - session.json and live.json are written; live_read.c reads them. */
#include "live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "drift.h"
#include "files.h"
#include "home.h"
#include "making.h"
#include "start_list.h"
#include "why.h"

enum { FORMAT_VERSION = 1 };

/* ---- session.json ---- */

static cJSON *describe(bool *failed, const training_config_t *config, const cJSON *settings)
{
    const actor_config_t *actor = &config->actors.actor;
    const preset_t *preset = actor->preset;
    cJSON *session = cJSON_CreateObject();
    json_add_number(failed, session, "version", FORMAT_VERSION);
    json_add_string(failed, session, "kata", KATA_VERSION);
    json_add_number(failed, session, "time", floor(clock_date()));
    json_add_string(failed, session, "game", preset_game(preset));
    json_add_string(failed, session, "system", preset_system(preset));
    json_add_string(failed, session, "preset", preset_hash(preset));
    if (config->core_name) json_add_string(failed, session, "core", config->core_name);
    if (actor->content_path) json_add_string(failed, session, "content", actor->content_path);
    char starts[PRESET_NAME_BYTES * 16];
    /* Of self-play those against the CPU: who shows or evaluates it plays there. */
    const bool is_self = actor->versus == OPPONENT_SELF;
    const bool is_one = actor->num_starts == 0 || (is_self && !(actor->self_play.cpu_share > 0));
    const int32_t *only = is_self ? &actor->self_play.start : &actor->start;
    start_list_text(starts, sizeof starts, preset, is_one ? only : actor->starts,
                    is_one ? 1 : actor->num_starts);
    json_add_string(failed, session, "start", starts);
    json_add_number(failed, session, "port", actor->port + 1);
    if (actor->versus == OPPONENT_MASHER) json_add_string(failed, session, "versus", "masher");
    if (actor->versus == OPPONENT_SELF) json_add_string(failed, session, "versus", "self");
    json_add_number(failed, session, "workers", config->actors.num_actors);
    cJSON *actions = json_add_list(failed, session, "actions");
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const preset_action_t *action = preset_action(preset, a);
        const char *const words[] = { action->name, action->macro.notation };
        json_append(failed, actions, cJSON_CreateStringArray(words, 2));
    }
    if (settings) json_add_copy(failed, session, "settings", settings);
    return session;
}

bool live_begin(live_t *live, const training_config_t *config, const cJSON *settings, why_t why)
{
    char path[HOME_PATH_BYTES];
    *live = (live_t){ .num_actions = preset_num_actions(config->actors.actor.preset) };
    if (!config->dir) return true;
    if (!home_join(path, config->dir, "session.json", why)) return false;
    bool failed = false;
    cJSON *session = describe(&failed, config, settings);
    char *text = failed ? NULL : cJSON_Print(session);
    cJSON_Delete(session);
    if (!text) return refuse(why, "no memory for session.json");
    const bool ok = files_replace(path, text, strlen(text), why);
    cJSON_free(text);
    if (ok) snprintf(live->dir, sizeof live->dir, "%s", config->dir);
    return ok;
}

/* ---- live.json ---- */

/* Rates are of time spent training alone. */
static void measure(live_t *live, training_t *training, const training_progress_t *p,
                    live_state_t state, double now)
{
    const double seconds = now - live->last_at;
    const uint64_t *counts = training_action_counts(training);
    if (live->last_at > 0 && seconds > 0 && state == LIVE_TRAINING &&
        live->last_state == LIVE_TRAINING) {
        /* The share that a second keeps of what was before it. */
        const double kept = exp(-seconds / 5), fading = exp(-seconds / 60);
        const double rates[3] = { (double)(p->session_decisions - live->last_decisions) / seconds,
                                  (double)(p->session_updates - live->last_updates) / seconds,
                                  (double)(p->session_frames - live->last_frames) / seconds };
        double *smooth[3] = { &live->decisions_rate, &live->updates_rate, &live->frames_rate };
        const bool is_first = live->decisions_rate <= 0 && live->frames_rate <= 0;
        for (int32_t i = 0; i < 3; i++)
            *smooth[i] = is_first ? rates[i] : kept * *smooth[i] + (1 - kept) * rates[i];
        for (int32_t a = 0; a < live->num_actions; a++) live->recent[a] *= fading;
    }
    for (int32_t a = 0; a < live->num_actions; a++) {
        live->recent[a] += (double)(counts[a] - live->last_counts[a]);
        live->last_counts[a] = counts[a];
    }
    live->last_at = now;
    live->last_state = state;
    live->last_decisions = p->session_decisions;
    live->last_updates = p->session_updates;
    live->last_frames = p->session_frames;
}

static void write_number(FILE *out, const char *key, double value)
{
    if (isfinite(value))
        fprintf(out, ",\"%s\":%.10g", key, value);
    else
        fprintf(out, ",\"%s\":null", key);
}

static void write_moves(FILE *out, const live_t *live)
{
    double sum = 0;
    for (int32_t a = 0; a < live->num_actions; a++) sum += live->recent[a];
    fputs(",\"moves\":[", out);
    for (int32_t a = 0; a < live->num_actions; a++)
        fprintf(out, "%s%.4f", a ? "," : "", sum > 0 ? live->recent[a] / sum : 0);
    fputs("]", out);
}

static void write_similarity(FILE *out, training_t *training)
{
    char line[DRIFT_LINE_BYTES];
    const agent_t *agent = training_agent(training);
    if (agent_config(agent)->similarity_mode == AGENT_SIMILARITY_OFF || !drift_line(line, agent))
        return;
    line[strcspn(line, "\n")] = '\0';
    fprintf(out, ",\"similarity\":%s", line);
}

static void write_picture(FILE *out, const uint8_t *picture)
{
    static const char hex[] = "0123456789abcdef";
    char row[2 * LIVE_PICTURE_PX + 1];
    fputs(",\"picture\":\"", out);
    for (int32_t y = 0; y < LIVE_PICTURE_PX; y++) {
        for (int32_t x = 0; x < LIVE_PICTURE_PX; x++) {
            const uint8_t gray = picture[y * LIVE_PICTURE_PX + x];
            row[2 * x] = hex[gray >> 4];
            row[2 * x + 1] = hex[gray & 15];
        }
        row[2 * LIVE_PICTURE_PX] = '\0';
        fputs(row, out);
    }
    fputs("\"", out);
}

static void write_live(FILE *out, const live_t *live, training_t *training,
                       const training_progress_t *p, live_state_t state, double left_seconds)
{
    static const char *const states[] = { "training", "evaluating", "ended" };
    const bool knows_winner = p->mean_episodes > 0 && !p->winner_unknown;
    fprintf(out, "{\"version\":%d,\"state\":\"%s\",\"pid\":%ld,\"time\":%.3f", FORMAT_VERSION,
            states[state], (long)getpid(), clock_date());
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        { "decisions", (double)p->decisions },
        { "updates", (double)p->updates },
        { "frames", (double)p->frames },
        { "episodes", (double)p->episodes },
        { "crashes", (double)p->crashes },
        { "decisions_rate", live->decisions_rate },
        { "updates_rate", live->updates_rate },
        { "frames_rate", live->frames_rate },
        { "mean_episodes", (double)p->mean_episodes },
        { "win_rate", knows_winner ? (double)p->win_rate : NAN },
        { "mean_return", p->mean_episodes > 0 ? (double)p->mean_return : NAN },
        { "loss", p->updates > 0 ? (double)p->agent.loss_mean : NAN },
        { "epsilon", (double)p->agent.epsilon },
        { "left_seconds", left_seconds },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        write_number(out, numbers[i].key, numbers[i].value);
    write_moves(out, live);
    write_similarity(out, training);
    if (training_picture(training)) write_picture(out, training_picture(training));
    fputs("}\n", out);
}

bool live_show(live_t *live, training_t *training, live_state_t state, double left_seconds,
               why_t why)
{
    const double now = clock_now();
    if (!live->dir[0] || (state == LIVE_TRAINING && now < live->next_at)) return true;
    live->next_at = now + LIVE_PERIOD_S;
    training_progress_t p;
    training_get_progress(training, &p);
    measure(live, training, &p, state, now);

    char path[HOME_PATH_BYTES], *text = NULL;
    size_t num_bytes = 0;
    if (!home_join(path, live->dir, "live.json", why)) return false;
    FILE *out = open_memstream(&text, &num_bytes);
    if (!out) return refuse(why, "no memory for live.json");
    write_live(out, live, training, &p, state, left_seconds);
    const bool whole = fclose(out) == 0;
    const bool ok =
        whole ? files_show(path, text, num_bytes, why) : refuse(why, "no memory for live.json");
    free(text);
    return ok;
}
