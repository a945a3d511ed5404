/* live_read.c - live.json and session.json as somebody left them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "live.h"
#include "runlog.h"
#include "why.h"

enum { FILE_BYTES = 1 << 20 };

static cJSON *read_object(const char *dir, const char *name, char *why)
{
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) {
        refuse(why, "%.200s...: too long a path", dir);
        return NULL;
    }
    if (!files_read(path, FILE_BYTES, &bytes, &num_bytes, why)) return NULL;
    cJSON *object = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    free(bytes);
    if (cJSON_IsObject(object)) return object;
    cJSON_Delete(object);
    refuse(why, "%.300s: must be one JSON object, found something else", path);
    return NULL;
}

cJSON *live_read_session(const char *dir, why_t why)
{
    return read_object(dir, "session.json", why);
}

const char *live_text(const cJSON *session, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(session, key));
    return text ? text : "";
}

const char *live_action(const cJSON *session, int32_t action, bool notation)
{
    const cJSON *actions = cJSON_GetObjectItemCaseSensitive(session, "actions");
    const char *text =
        cJSON_GetStringValue(cJSON_GetArrayItem(cJSON_GetArrayItem(actions, action), notation));
    return text ? text : "";
}

/* A number of the object, NAN if it has none. */
static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : NAN;
}

static int32_t whole(const cJSON *object, const char *key, double most)
{
    return (int32_t)fmax(0, fmin(runlog_number(object, key), most));
}

static int by_share(const void *a, const void *b)
{
    const live_move_t *left = a, *right = b;
    if (left->share < right->share || left->share > right->share)
        return left->share < right->share ? 1 : -1;
    return left->action - right->action;
}

static void read_moves(live_view_t *view, const cJSON *object)
{
    const cJSON *moves = cJSON_GetObjectItemCaseSensitive(object, "moves"), *item;
    int32_t action = 0;
    cJSON_ArrayForEach(item, moves)
    {
        if (action == PRESET_MAX_ACTIONS) break;
        const double share = cJSON_IsNumber(item) ? item->valuedouble : 0;
        if (share > 0 && share <= 1)
            view->moves[view->num_moves++] = (live_move_t){ .action = action, .share = share };
        action++;
    }
    qsort(view->moves, (size_t)view->num_moves, sizeof view->moves[0], by_share);
}

static void read_similarity(live_view_t *view, const cJSON *object)
{
    const cJSON *similarity = cJSON_GetObjectItemCaseSensitive(object, "similarity"), *pair;
    if (!cJSON_IsObject(similarity)) return;
    view->has_similarity = true;
    view->similarity_mean = runlog_number(similarity, "mean");
    view->similarity_sd = runlog_number(similarity, "sd");
    view->similarity_change = runlog_number(similarity, "mean_change");
    cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(similarity, "top"))
    {
        double n[4] = { -1, -1, -1, -1 };
        int32_t count = 0;
        if (view->num_pairs == (int32_t)(sizeof view->pairs / sizeof view->pairs[0])) break;
        for (const cJSON *item = pair->child; item && count < 4; item = item->next)
            n[count++] = cJSON_IsNumber(item) ? item->valuedouble : -1;
        if (!(n[0] >= 0 && n[0] < PRESET_MAX_ACTIONS && n[1] >= 0 && n[1] < PRESET_MAX_ACTIONS &&
              n[2] >= 0 && n[2] <= 1 && n[3] >= 0 && n[3] <= 1))
            continue;
        view->pairs[view->num_pairs].a = (int32_t)n[0];
        view->pairs[view->num_pairs].b = (int32_t)n[1];
        view->pairs[view->num_pairs].began = n[2];
        view->pairs[view->num_pairs++].now = n[3];
    }
}

static int32_t digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void read_picture(live_view_t *view, const cJSON *object)
{
    const char *text = live_text(object, "picture");
    if (strlen(text) != 2 * sizeof view->picture) return;
    for (size_t i = 0; i < sizeof view->picture; i++) {
        const int32_t high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return;
        view->picture[i] = (uint8_t)(16 * high + low);
    }
    view->has_picture = true;
}

bool live_read(live_view_t *view, const char *dir, why_t why)
{
    *view = (live_view_t){ 0 };
    cJSON *object = read_object(dir, "live.json", why);
    if (!object) return false;
    const char *state = live_text(object, "state");
    view->state = strcmp(state, "evaluating") == 0 ? LIVE_EVALUATING
                  : strcmp(state, "ended") == 0    ? LIVE_ENDED
                                                   : LIVE_TRAINING;
    view->time = runlog_number(object, "time");
    view->pid = whole(object, "pid", INT32_MAX);
    view->decisions = runlog_number(object, "decisions");
    view->updates = runlog_number(object, "updates");
    view->frames = runlog_number(object, "frames");
    view->episodes = runlog_number(object, "episodes");
    view->crashes = runlog_number(object, "crashes");
    view->decisions_rate = runlog_number(object, "decisions_rate");
    view->updates_rate = runlog_number(object, "updates_rate");
    view->frames_rate = runlog_number(object, "frames_rate");
    view->mean_episodes = whole(object, "mean_episodes", 1e6);
    view->win_rate = number(object, "win_rate");
    view->mean_return = number(object, "mean_return");
    view->loss = number(object, "loss");
    view->epsilon = runlog_number(object, "epsilon");
    const double left = number(object, "left_seconds");
    view->left_seconds = isnan(left) ? -1 : left;
    read_moves(view, object);
    read_similarity(view, object);
    read_picture(view, object);
    cJSON_Delete(object);
    return true;
}
