/* live.h - what a training leaves in its folder for those who watch it while it runs.
 *
 * Two files of JSON, both replaced whole:
 *     session.json   what this training is: game, core, content, start, actions, settings, version;
 *                    written once a session
 *     live.json      how it goes: counts, rates, means, the moves played lately, the similarity and
 *                    a small picture; at most once a second, and once more when the session ends
 *
 * They are written between two turns of the learner, never by an actor, and without waiting for the
 * disk. What fails here is told once and does not end a training.
 *
 *     live_t live;
 *     live_begin(&live, &config, settings, why);
 *     live_show(&live, training, LIVE_TRAINING, left_seconds, why);   after every turn
 *     live_show(&live, training, LIVE_ENDED, 0, why);
 */
#ifndef LAB_LIVE_H
#define LAB_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "home.h"
#include "training.h"
#include "why.h"

#define LIVE_PERIOD_S 1.0
enum { LIVE_PICTURE_PX = 84 }; /* square; grays */

typedef enum { LIVE_TRAINING = 0, LIVE_EVALUATING, LIVE_ENDED, LIVE_NUM_STATES } live_state_t;

/* ---- writing ---- */

typedef struct {
    char dir[HOME_PATH_BYTES]; /* "": nothing is shown */
    int32_t num_actions;
    live_state_t last_state;
    double next_at, last_at; /* clock_now() */
    uint64_t last_decisions, last_updates, last_frames;
    double decisions_rate, updates_rate, frames_rate; /* smoothed over about five seconds */
    uint64_t last_counts[PRESET_MAX_ACTIONS];
    double recent[PRESET_MAX_ACTIONS]; /* moves played lately, older ones fading */
} live_t;

/* Writes session.json in config->dir (NULL: nothing is ever shown). settings: what the options came
 * to, as JSON; copied. */
bool live_begin(live_t *live, const training_config_t *config, const cJSON *settings, why_t why);
/* Writes live.json if it is due; a state other than LIVE_TRAINING is always due. left_seconds < 0:
 * not known. False: it could not be written. */
bool live_show(live_t *live, training_t *training, live_state_t state, double left_seconds,
               why_t why);

/* ---- reading: the files may be anybody's ---- */

typedef struct {
    int32_t action;
    double share; /* of the moves played lately */
} live_move_t;

typedef struct {
    live_state_t state;
    double time; /* when it was written, seconds since 1970 */
    int32_t pid;
    double decisions, updates, frames, episodes, crashes;
    double decisions_rate, updates_rate, frames_rate;
    double win_rate;              /* NAN: the preset does not tell, or no episode ended yet */
    double mean_return, loss;     /* NAN: none yet */
    double epsilon, left_seconds; /* left < 0: not known */
    int32_t mean_episodes;        /* how many episodes the means are of */
    live_move_t moves[PRESET_MAX_ACTIONS]; /* the most played first */
    int32_t num_moves;
    bool has_similarity, has_picture;
    double similarity_mean, similarity_sd, similarity_change; /* change: mean, since it began */
    struct {
        int32_t a, b;
        double began, now;
    } pairs[8]; /* that moved most */
    int32_t num_pairs;
    uint8_t picture[LIVE_PICTURE_PX * LIVE_PICTURE_PX];
} live_view_t;

/* False: there is no live.json that can be read; `why` says what is wrong. */
bool live_read(live_view_t *view, const char *dir, why_t why);
/* session.json, checked to be an object; freed by the caller. NULL: there is none. */
cJSON *live_read_session(const char *dir, why_t why);
/* A string of it, or "" if there is none. */
const char *live_text(const cJSON *session, const char *key);
/* Name and notation of an action, from session.json; "" beyond those it lists. */
const char *live_action(const cJSON *session, int32_t action, bool notation);

#endif
