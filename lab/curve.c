/* curve.c - see curve.h. */
#include "curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "why.h"

static bool add_point(curve_t *curve, const curve_point_t *point)
{
    if (curve->num_points == curve->capacity) {
        const int32_t capacity = curve->capacity ? 2 * curve->capacity : 256;
        curve_point_t *points = realloc(curve->points, (size_t)capacity * sizeof *points);
        if (!points) return false;
        curve->points = points;
        curve->capacity = capacity;
    }
    curve->points[curve->num_points++] = *point;
    return true;
}

/* From nothing (a fresh agent) even the evaluation before the first decision is void. */
static void forget_after(curve_t *curve, double decisions)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < curve->num_points; i++)
        if (decisions > 0 && curve->points[i].decisions <= decisions)
            curve->points[kept++] = curve->points[i];
    curve->num_points = kept;
}

static bool read_line(void *context, const char *kind, const cJSON *line)
{
    curve_t *curve = context;
    const bool is_evaluation = strcmp(kind, "evaluation") == 0;
    if (strcmp(kind, "session") == 0) {
        const double decisions = runlog_number(line, "decisions");
        forget_after(curve, decisions);
        curve->num_resumes = decisions > 0 ? curve->num_resumes + 1 : 0;
    }
    if (!is_evaluation && strcmp(kind, "training") != 0) return true;
    const curve_point_t point = { .is_evaluation = is_evaluation,
                                  .decisions = runlog_number(line, "decisions"),
                                  .mean_return = runlog_number(line, "mean_return"),
                                  .win_rate = runlog_number(line, "win_rate"),
                                  .win_low = runlog_number(line, "win_low"),
                                  .win_high = runlog_number(line, "win_high"),
                                  .episodes = (int32_t)fmax(
                                      -1e9, fmin(runlog_number(line, "episodes"), 1e9)),
                                  .frames = runlog_number(line, "frames"),
                                  .updates = runlog_number(line, "updates"),
                                  .loss = runlog_number(line, "loss") };
    return add_point(curve, &point);
}

bool curve_open(curve_t *curve, const char *dir, uint64_t decisions)
{
    *curve = (curve_t){ 0 };
    runlog_open(&curve->log, dir, decisions);
    if (!dir) return true;
    if (!runlog_read(dir, read_line, curve)) return false;
    forget_after(curve, (double)decisions);
    return true;
}

void curve_close(curve_t *curve)
{
    free(curve->points);
    *curve = (curve_t){ 0 };
}

bool curve_add_training(curve_t *curve, const training_progress_t *p, why_t why)
{
    if (p->mean_episodes == 0) return true;
    const curve_point_t point = { .decisions = (double)p->decisions,
                                  .mean_return = (double)p->mean_return,
                                  .win_rate = (double)p->win_rate,
                                  .episodes = p->mean_episodes,
                                  .frames = (double)p->frames,
                                  .updates = (double)p->updates,
                                  .loss = (double)p->agent.loss_mean };
    if (!add_point(curve, &point)) return refuse(why, "no memory for the learning curve");
    return runlog_add_training(&curve->log, p, why);
}

static bool log_evaluation(runlog_t *log, const training_progress_t *p,
                           const evaluation_result_t *result, char *why)
{
    char line[512 + PRESET_MAX_STARTS * 8], starts[16 + PRESET_MAX_STARTS * 8] = "";
    size_t length = 0; /* of the starts' win rates: at most 7 bytes each */
    for (int32_t s = 0; s < result->num_starts; s++)
        length += (size_t)snprintf(starts + length, sizeof starts - length, "%s%.4f",
                                   s ? "," : ",\"starts\":[", (double)result->starts[s].win_rate);
    if (length) snprintf(starts + length, sizeof starts - length, "]");
    snprintf(line, sizeof line,
             "{\"kind\":\"evaluation\",\"time\":%lld,\"frames\":%llu,\"decisions\":%llu,"
             "\"updates\":%llu,\"episodes\":%d,\"won\":%d,\"lost\":%d,\"drawn\":%d,"
             "\"courses\":%d,\"courses_won\":%d,"
             "\"win_rate\":%.4f,\"win_low\":%.4f,\"win_high\":%.4f,\"mean_return\":%.4f%s}\n",
             (long long)time(NULL), (unsigned long long)p->frames, (unsigned long long)p->decisions,
             (unsigned long long)p->updates, result->episodes, result->won, result->lost,
             result->drawn, result->courses, result->courses_won, (double)result->win_rate,
             (double)result->win_low, (double)result->win_high, (double)result->mean_return,
             starts);
    return runlog_add_line(log, line, why);
}

bool curve_add_evaluation(curve_t *curve, const training_progress_t *p,
                          const evaluation_result_t *result, why_t why)
{
    const curve_point_t point = { .is_evaluation = true,
                                  .decisions = (double)p->decisions,
                                  .mean_return = (double)result->mean_return,
                                  .win_rate = (double)result->win_rate,
                                  .win_low = (double)result->win_low,
                                  .win_high = (double)result->win_high,
                                  .episodes = result->episodes,
                                  .frames = (double)p->frames,
                                  .updates = (double)p->updates };
    if (!add_point(curve, &point)) return refuse(why, "no memory for the learning curve");
    return log_evaluation(&curve->log, p, result, why);
}
