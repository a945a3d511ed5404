/* ablation_data.c - see ablation_data.h. */
#include "ablation_data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ablation_train.h"
#include "files.h"

enum { FAILURE_BYTES = 4096 };

/* ---- reading ---- */

/* Rising decisions, frames and updates, or it is not a log that we wrote: the rest is left out. */
static void keep_evaluations(curve_t *curve, const ablation_t *ablation)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < curve->num_points; i++) {
        const curve_point_t *point = &curve->points[i],
                            *last = kept ? &curve->points[kept - 1] : NULL;
        if (!point->is_evaluation || point->episodes != ablation->eval_episodes) continue;
        if (point->decisions > (double)ablation->decisions) continue;
        if (last && (point->decisions <= last->decisions || point->frames < last->frames)) continue;
        curve->points[kept++] = *point;
    }
    curve->num_points = kept;
}

static void read_failure(data_run_t *run)
{
    char path[HOME_PATH_BYTES + 16];
    uint8_t *bytes;
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/" ABLATION_FAILURE_FILE, run->dir);
    if (!files_read(path, FAILURE_BYTES, &bytes, &num_bytes, NULL)) return;
    snprintf(run->failure, sizeof run->failure, "%s", (const char *)bytes);
    for (char *c = run->failure; *c; c++)
        if ((unsigned char)*c < ' ') *c = ' ';
    free(bytes);
}

static bool read_run(ablation_data_t *data, data_run_t *run, const char *dir, int32_t number)
{
    run->run = ablation_run(data->ablation, number);
    ablation_run_name(run->name, data->ablation, &run->run);
    if (!ablation_run_dir(run->dir, dir, data->ablation, &run->run)) return true;
    if (!curve_open(&run->curve, run->dir, UINT64_MAX)) return false;
    const bool is_started = run->curve.num_points > 0;
    keep_evaluations(&run->curve, data->ablation);
    run->state = ablation_is_done(data->ablation, &run->curve) ? DATA_DONE
                 : is_started                                  ? DATA_STARTED
                                                               : DATA_MISSING;
    if (run->state != DATA_DONE) read_failure(run);
    data->num_done += run->state == DATA_DONE;
    for (int32_t i = 0; i < run->curve.num_points; i++)
        data->has_wins = data->has_wins || run->curve.points[i].win_rate > 0;
    return true;
}

static const curve_point_t *last_point(const data_run_t *run)
{
    return run->curve.num_points ? &run->curve.points[run->curve.num_points - 1] : NULL;
}

static void choose_budgets(ablation_data_t *data)
{
    double furthest[ABLATION_NUM_ARMS], decisions = INFINITY, frames = INFINITY;
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++) furthest[a] = -1;
    for (int32_t r = 0; r < data->num_runs; r++) {
        const curve_point_t *last = last_point(&data->runs[r]);
        double *of_arm = &furthest[data->runs[r].run.arm];
        if (last) *of_arm = fmax(*of_arm, last->decisions);
    }
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++)
        if (furthest[a] > 0) decisions = fmin(decisions, furthest[a]);
    data->budget[DATA_DECISIONS] = isfinite(decisions) ? decisions : NAN;
    for (int32_t r = 0; r < data->num_runs; r++)
        if (data_counts(data, &data->runs[r]))
            frames = fmin(frames, last_point(&data->runs[r])->frames);
    data->budget[DATA_FRAMES] = isfinite(frames) ? frames : NAN;
}

bool ablation_data_read(ablation_data_t *data, const ablation_t *ablation, const char *dir)
{
    *data = (ablation_data_t){ .ablation = ablation, .num_runs = ablation_num_runs(ablation) };
    data->runs = calloc((size_t)data->num_runs, sizeof *data->runs);
    bool ok = data->runs;
    for (int32_t r = 0; ok && r < data->num_runs; r++) ok = read_run(data, &data->runs[r], dir, r);
    if (ok)
        choose_budgets(data);
    else
        ablation_data_free(data);
    return ok;
}

void ablation_data_free(ablation_data_t *data)
{
    for (int32_t r = 0; data->runs && r < data->num_runs; r++) curve_close(&data->runs[r].curve);
    free(data->runs);
    *data = (ablation_data_t){ 0 };
}

/* ---- values ---- */

static double score_of(const curve_point_t *point, data_metric_t metric)
{
    return metric == DATA_WINS ? point->win_rate : point->mean_return;
}

static double place_of(const curve_point_t *point, data_axis_t axis)
{
    return axis == DATA_FRAMES ? point->frames : point->decisions;
}

double data_value(const data_run_t *run, data_metric_t metric, data_axis_t axis, double at)
{
    const curve_point_t *points = run->curve.points;
    const int32_t count = run->curve.num_points;
    if (count == 0 || !(at >= place_of(&points[0], axis)) ||
        !(at <= place_of(&points[count - 1], axis)))
        return NAN;
    int32_t next = 0;
    while (place_of(&points[next], axis) < at) next++;
    const double to = place_of(&points[next], axis);
    if (to == at) return score_of(&points[next], metric);
    const double from = place_of(&points[next - 1], axis), share = (at - from) / (to - from);
    return score_of(&points[next - 1], metric) * (1 - share) +
           score_of(&points[next], metric) * share;
}

double data_course(const data_run_t *run, data_metric_t metric, double decisions)
{
    double sum = 0;
    int32_t count = 0;
    for (int32_t i = 0; i < run->curve.num_points; i++)
        if (run->curve.points[i].decisions <= decisions) {
            sum += score_of(&run->curve.points[i], metric);
            count++;
        }
    return count ? sum / count : NAN;
}

bool data_counts(const ablation_data_t *data, const data_run_t *run)
{
    const curve_point_t *last = last_point(run);
    return last && last->decisions >= data->budget[DATA_DECISIONS];
}

/* ---- samples ---- */

typedef double (*score_t)(const void *context, const data_run_t *run);

static statistics_sample_t collect(const ablation_data_t *data, int32_t arm, score_t score,
                                   const void *context, double *scores)
{
    statistics_sample_t sample = { .scores = scores, .num_tasks = data->ablation->num_starts };
    for (int32_t task = 0; task < sample.num_tasks; task++)
        for (int32_t r = 0; r < data->num_runs; r++) {
            const data_run_t *run = &data->runs[r];
            if (run->run.arm != arm || run->run.start != task) continue;
            const double value = score(context, run);
            if (!isfinite(value)) continue;
            *scores++ = value;
            sample.num_runs[task]++;
        }
    return sample;
}

typedef struct {
    const ablation_data_t *data; /* NULL: every run counts */
    data_metric_t metric;
    data_axis_t axis;
    double at;
} place_t;

static double score_at(const void *context, const data_run_t *run)
{
    const place_t *place = context;
    if (place->data && !data_counts(place->data, run)) return NAN;
    return data_value(run, place->metric, place->axis, place->at);
}

static double score_of_course(const void *context, const data_run_t *run)
{
    const place_t *place = context;
    if (!data_counts(place->data, run)) return NAN;
    return data_course(run, place->metric, place->at);
}

statistics_sample_t data_sample(const ablation_data_t *data, int32_t arm, data_metric_t metric,
                                data_axis_t axis, double *scores)
{
    const place_t place = { data, metric, axis, data->budget[axis] };
    statistics_sample_t sample = collect(data, arm, score_at, &place, scores);
    /* Leaving out the runs whose log begins behind the budget would choose among them. */
    int32_t counted = 0;
    for (int32_t t = 0; t < sample.num_tasks; t++) counted += sample.num_runs[t];
    if (counted < data_effort(data, arm).runs) memset(sample.num_runs, 0, sizeof sample.num_runs);
    return sample;
}

statistics_sample_t data_course_sample(const ablation_data_t *data, int32_t arm,
                                       data_metric_t metric, double *scores)
{
    const place_t place = { data, metric, DATA_DECISIONS, data->budget[DATA_DECISIONS] };
    return collect(data, arm, score_of_course, &place, scores);
}

statistics_sample_t data_sample_at(const ablation_data_t *data, int32_t arm, data_metric_t metric,
                                   data_axis_t axis, double at, double *scores)
{
    const place_t place = { NULL, metric, axis, at };
    return collect(data, arm, score_at, &place, scores);
}

data_effort_t data_effort(const ablation_data_t *data, int32_t arm)
{
    data_effort_t effort = { 0 };
    for (int32_t r = 0; r < data->num_runs; r++) {
        const data_run_t *run = &data->runs[r];
        if (run->run.arm != arm || !data_counts(data, run)) continue;
        const curve_point_t *at = run->curve.points;
        while (at->decisions < data->budget[DATA_DECISIONS]) at++;
        effort.runs++;
        effort.resumed += run->curve.num_resumes > 0;
        effort.decisions += at->decisions;
        effort.frames += at->frames;
        effort.updates += at->updates;
    }
    if (effort.runs > 0) {
        effort.decisions /= effort.runs;
        effort.frames /= effort.runs;
        effort.updates /= effort.runs;
    }
    return effort;
}
