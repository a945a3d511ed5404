/* ablation_pictures.c - learning curves with bands, the similarity that was learned, and how it
 * moved. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ablation_report.h"
#include "bands.h"
#include "drift.h"
#include "heatmap.h"
#include "numbers.h"
#include "preset.h"
#include "why.h"

enum { GRID_POINTS = 40, MAX_DECISION_POINTS = 200 };

static const uint64_t BOOTSTRAP_SEED = 19790101;

static void add_picture(report_t *report, const char *file, const char *caption)
{
    snprintf(report->pictures[report->num_pictures].file, REPORT_PICTURE_BYTES, "%s", file);
    snprintf(report->pictures[report->num_pictures].caption, 512, "%s", caption);
    report->num_pictures++;
}

static bool make_path(char path[HOME_PATH_BYTES + 64], const char *dir, const char *file)
{
    snprintf(path, HOME_PATH_BYTES + 64, "%s/%s", dir, file);
    return true;
}

/* ---- learning curves ---- */

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where an arm's curve has points: over decisions where its runs were evaluated, over frames evenly
 * from where all of its runs begin to where the first of those ends that count. */
static int32_t make_grid(const ablation_data_t *data, int32_t arm, data_axis_t axis,
                         double grid[MAX_DECISION_POINTS])
{
    double begin = 0, end = INFINITY;
    int32_t count = 0;
    for (int32_t r = 0; r < data->num_runs; r++) {
        const data_run_t *run = &data->runs[r];
        if (run->run.arm != arm || run->curve.num_points == 0) continue;
        const curve_point_t *points = run->curve.points;
        begin = fmax(begin, points[0].frames);
        if (data_counts(data, run)) end = fmin(end, points[run->curve.num_points - 1].frames);
        for (int32_t i = 0; i < run->curve.num_points; i++) {
            bool is_new = true;
            for (int32_t k = 0; k < count; k++) is_new = is_new && grid[k] != points[i].decisions;
            if (is_new && count < MAX_DECISION_POINTS) grid[count++] = points[i].decisions;
        }
    }
    if (axis == DATA_DECISIONS || count == 0 || !isfinite(end) || end <= begin) {
        qsort(grid, (size_t)count, sizeof *grid, rising);
        return axis == DATA_DECISIONS ? count : 0;
    }
    for (int32_t i = 0; i < GRID_POINTS; i++)
        grid[i] = begin + (end - begin) * i / (GRID_POINTS - 1);
    return GRID_POINTS;
}

static int32_t make_curve(const ablation_data_t *data, int32_t arm, data_metric_t metric,
                          data_axis_t axis, bands_point_t points[MAX_DECISION_POINTS])
{
    double grid[MAX_DECISION_POINTS], scores[STATISTICS_MAX_SCORES];
    const int32_t count = make_grid(data, arm, axis, grid);
    for (int32_t i = 0; i < count; i++) {
        const statistics_sample_t sample = data_sample_at(data, arm, metric, axis, grid[i], scores);
        const statistics_estimate_t e =
            statistics_sample_iqm(&sample, STATISTICS_RESAMPLES, BOOTSTRAP_SEED);
        points[i] = (bands_point_t){ .x = grid[i], .y = e.value, .low = e.low, .high = e.high };
    }
    return count;
}

static bool draw_curves(report_t *report, data_metric_t metric, data_axis_t axis, const char *dir,
                        char *why)
{
    static const char *const units[] = { "decisions", "frames" };
    const ablation_data_t *data = report->data;
    bands_series_t series[ABLATION_NUM_ARMS];
    bands_point_t *points = calloc(ABLATION_NUM_ARMS * MAX_DECISION_POINTS, sizeof *points);
    if (!points) {
        refuse(why, "no memory for a picture");
        return false;
    }
    int32_t num_series = 0;
    for (int32_t arm = ABLATION_NUM_ARMS - 1; arm >= 0; arm--) { /* the newest idea on top */
        if (!data->ablation->arms[arm]) continue;
        bands_point_t *of_arm = points + MAX_DECISION_POINTS * num_series;
        series[num_series++] =
            (bands_series_t){ .name = ablation_arm_name(arm),
                              .colour = ablation_arm_colour(arm),
                              .points = of_arm,
                              .num_points = make_curve(data, arm, metric, axis, of_arm) };
    }
    char file[REPORT_PICTURE_BYTES], title[160], caption[512], path[HOME_PATH_BYTES + 64];
    const char *what = metric == DATA_WINS ? "Win rate" : "Mean return";
    snprintf(file, sizeof file, "%s-over-%s.png", metric == DATA_WINS ? "wins" : "return",
             units[axis]);
    snprintf(title, sizeof title, "%.64s: %s over %s", data->ablation->game,
             report_metric_name(metric), units[axis]);
    snprintf(caption, sizeof caption,
             "%s of %lld greedy rounds: interquartile mean over runs, with its 95 %% bootstrap "
             "interval.",
             what, (long long)data->ablation->eval_episodes);
    const bands_t chart = { .title = title,
                            .subtitle = caption,
                            .x_unit = axis == DATA_FRAMES ? "frames of training"
                                                          : "decisions of training",
                            .series = series,
                            .num_series = num_series,
                            .percent = metric == DATA_WINS,
                            .y_least = metric == DATA_WINS ? 0 : NAN,
                            .y_most = metric == DATA_WINS ? 1 : NAN };
    make_path(path, dir, file);
    const bool ok = bands_save(&chart, path, why);
    free(points);
    if (ok) add_picture(report, file, caption);
    return ok;
}

/* ---- the similarity ---- */

/* The runs whose similarity is shown: of the first of the arms that learn one; -1: none does. */
static int32_t shown_arm(const ablation_t *ablation)
{
    static const ablation_arm_t learned[] = { ABLATION_META, ABLATION_PROBE_META, ABLATION_TOGETHER,
                                              ABLATION_TRANSFER };
    for (size_t i = 0; i < sizeof learned / sizeof learned[0]; i++)
        if (ablation->arms[learned[i]]) return (int32_t)learned[i];
    return -1;
}

typedef struct {
    preset_t *preset; /* of the first run; names come from it */
    float *sum;       /* (A, A) */
    int32_t num_runs;
} mean_t;

static bool has_same_actions(const preset_t *a, const preset_t *b)
{
    if (preset_num_actions(a) != preset_num_actions(b)) return false;
    for (int32_t i = 0; i < preset_num_actions(a); i++)
        if (strcmp(preset_action(a, i)->macro.notation, preset_action(b, i)->macro.notation) != 0)
            return false;
    return true;
}

static void add_similarity(mean_t *mean, const preset_t *preset)
{
    const int32_t A = preset_num_actions(preset);
    const preset_similarity_t *similarity = preset_similarity(preset);
    for (int32_t i = 0; i < A; i++)
        for (int32_t j = 0; j < A; j++) {
            const int32_t row = preset_similarity_row(preset, i),
                          column = preset_similarity_row(preset, j);
            if (row >= 0 && column >= 0)
                mean->sum[i * A + j] += similarity->matrix[row * similarity->num_rows + column];
        }
    mean->num_runs++;
}

/* False: no memory. A run without a preset, or with another's actions, is left out. */
static bool read_mean(mean_t *mean, const ablation_data_t *data, int32_t arm)
{
    *mean = (mean_t){ 0 };
    for (int32_t r = 0; r < data->num_runs; r++) {
        char path[HOME_PATH_BYTES + 64];
        preset_t *preset;
        if (data->runs[r].run.arm != arm) continue;
        make_path(path, data->runs[r].dir, "preset.json");
        if (!preset_load(&preset, path, NULL)) continue;
        if (!preset_similarity(preset) ||
            (mean->preset && !has_same_actions(mean->preset, preset))) {
            preset_free(preset);
            continue;
        }
        const size_t A = (size_t)preset_num_actions(preset);
        if (!mean->sum) mean->sum = calloc(A * A, sizeof *mean->sum);
        if (mean->sum) add_similarity(mean, preset);
        if (!mean->preset)
            mean->preset = preset;
        else
            preset_free(preset);
        if (!mean->sum) return false;
    }
    for (int32_t i = 0;
         mean->preset && i < preset_num_actions(mean->preset) * preset_num_actions(mean->preset);
         i++)
        mean->sum[i] /= (float)mean->num_runs;
    return true;
}

static bool draw_similarity(report_t *report, const mean_t *mean, int32_t arm, const char *dir,
                            char *why)
{
    const int32_t A = preset_num_actions(mean->preset);
    const char *names[PRESET_MAX_ACTIONS];
    int32_t order[PRESET_MAX_ACTIONS];
    char title[160], caption[256], path[HOME_PATH_BYTES + 64];
    for (int32_t a = 0; a < A; a++) names[a] = preset_action(mean->preset, a)->name;
    if (!heatmap_order(mean->sum, A, order)) {
        refuse(why, "no memory for %d moves", A);
        return false;
    }
    snprintf(title, sizeof title, "%.64s: how alike the moves are", report->data->ablation->game);
    snprintf(caption, sizeof caption, "As the arm %s learned it: mean of %d run%s.",
             ablation_arm_name(arm), mean->num_runs, mean->num_runs == 1 ? "" : "s");
    const heatmap_t map = { .title = title,
                            .subtitle = caption,
                            .names = names,
                            .matrix = mean->sum,
                            .order = order,
                            .count = A };
    make_path(path, dir, "similarity.png");
    if (!heatmap_save(&map, path, why)) return false;
    add_picture(report, "similarity.png", caption);
    return true;
}

static bool draw_mean_drift(report_t *report, const drift_t *mean, const preset_t *preset,
                            int32_t arm, int32_t num_runs, const char *dir, char *why)
{
    const char *names[PRESET_MAX_ACTIONS];
    char title[160], sentence[400], caption[512], path[HOME_PATH_BYTES + 64];
    if (mean->num_records == 0 || mean->num_actions != preset_num_actions(preset)) return true;
    for (int32_t a = 0; a < mean->num_actions; a++) names[a] = preset_action(preset, a)->name;
    drift_sentence(sentence, sizeof sentence, mean, names);
    snprintf(title, sizeof title, "%.64s: how the similarity moved", report->data->ablation->game);
    snprintf(caption, sizeof caption, "Arm %s, mean of %d run%s: %s.", ablation_arm_name(arm),
             num_runs, num_runs == 1 ? "" : "s", sentence);
    char below[160];
    snprintf(below, sizeof below, "Arm %s, mean of %d run%s: the pairs that moved most, and all",
             ablation_arm_name(arm), num_runs, num_runs == 1 ? "" : "s");
    make_path(path, dir, "similarity-moved.png");
    if (!drift_save(mean, names, title, below, path, why)) return false;
    add_picture(report, "similarity-moved.png", caption);
    return true;
}

static bool draw_drift(report_t *report, const preset_t *preset, int32_t arm, const char *dir,
                       char *why)
{
    const ablation_data_t *data = report->data;
    drift_t *drifts = calloc((size_t)data->num_runs, sizeof *drifts), mean = { 0 };
    int32_t num_drifts = 0, num_used = 0;
    bool ok = drifts;
    for (int32_t r = 0; ok && r < data->num_runs; r++)
        if (data->runs[r].run.arm == arm) ok = drift_read(&drifts[num_drifts++], data->runs[r].dir);
    ok = ok && drift_mean(&mean, drifts, num_drifts, &num_used);
    if (!ok) refuse(why, "no memory for how the similarity moved");
    ok = ok && draw_mean_drift(report, &mean, preset, arm, num_used, dir, why);
    drift_free(&mean);
    for (int32_t d = 0; d < num_drifts; d++) drift_free(&drifts[d]);
    free(drifts);
    return ok;
}

static bool draw_similarities(report_t *report, const char *dir, char *why)
{
    const int32_t arm = shown_arm(report->data->ablation);
    mean_t mean;
    if (arm < 0) return true;
    bool ok = read_mean(&mean, report->data, arm);
    if (!ok) refuse(why, "no memory for the similarity");
    if (ok && mean.preset)
        ok = draw_similarity(report, &mean, arm, dir, why) &&
             draw_drift(report, mean.preset, arm, dir, why);
    preset_free(mean.preset);
    free(mean.sum);
    return ok;
}

bool report_pictures(report_t *report, const char *dir, why_t why)
{
    for (int32_t m = 0; m < DATA_NUM_METRICS; m++)
        for (int32_t axis = 0; axis < DATA_NUM_AXES; axis++)
            if ((m == DATA_RETURN || report->data->has_wins) &&
                !draw_curves(report, (data_metric_t)m, (data_axis_t)axis, dir, why))
                return false;
    return draw_similarities(report, dir, why);
}
