/* ablation_report.c - the numbers of a report, and its table for machines. */
#include "ablation_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "numbers.h"
#include "voice.h"
#include "why.h"

static const uint64_t BOOTSTRAP_SEED = 20211103;

bool report_is_reference(int32_t arm)
{
    return arm == ABLATION_RAINBOW || arm == ABLATION_MACROS;
}

const char *report_metric_name(data_metric_t metric)
{
    return metric == DATA_WINS ? "win rate" : "mean return";
}

void report_number(char out[32], data_metric_t metric, double value)
{
    if (!isfinite(value))
        snprintf(out, 32, "-");
    else if (metric == DATA_WINS)
        snprintf(out, 32, "%.1f %%", 100 * value);
    else
        snprintf(out, 32, "%+.2f", value);
}

void report_estimate(char out[96], data_metric_t metric, const statistics_estimate_t *e)
{
    if (!isfinite(e->value))
        snprintf(out, 96, "-");
    else if (!isfinite(e->low))
        report_number(out, metric, e->value);
    else if (metric == DATA_WINS)
        snprintf(out, 96, "%.1f %% [%.1f, %.1f]", 100 * e->value, 100 * e->low, 100 * e->high);
    else
        snprintf(out, 96, "%+.2f [%+.2f, %+.2f]", e->value, e->low, e->high);
}

void report_share(char out[96], const statistics_estimate_t *e)
{
    if (!isfinite(e->value))
        snprintf(out, 96, "-");
    else if (!isfinite(e->low))
        snprintf(out, 96, "%.2f", e->value);
    else
        snprintf(out, 96, "%.2f [%.2f, %.2f]", e->value, e->low, e->high);
}

static statistics_sample_t sample_of(const ablation_data_t *data, int32_t arm, data_metric_t metric,
                                     report_part_t part, double *scores)
{
    if (part == REPORT_COURSE) return data_course_sample(data, arm, metric, scores);
    return data_sample(data, arm, metric, part == REPORT_AT_FRAMES ? DATA_FRAMES : DATA_DECISIONS,
                       scores);
}

static void fill_cell(report_t *report, int32_t arm, data_metric_t metric, report_part_t part)
{
    double scores[STATISTICS_MAX_SCORES], others[STATISTICS_MAX_SCORES];
    report_cell_t *cell = &report->cells[arm][metric][part];
    const statistics_sample_t sample = sample_of(report->data, arm, metric, part, scores);
    cell->score = statistics_sample_iqm(&sample, STATISTICS_RESAMPLES, BOOTSTRAP_SEED);
    for (int32_t other = 0; other < ABLATION_NUM_ARMS; other++) {
        cell->improvement[other] = (statistics_estimate_t){ NAN, NAN, NAN };
        if (!report_is_reference(other) || other == arm) continue;
        const statistics_sample_t against = sample_of(report->data, other, metric, part, others);
        cell->improvement[other] =
            statistics_improvement(&sample, &against, STATISTICS_RESAMPLES, BOOTSTRAP_SEED);
    }
}

static void fill(report_t *report, const ablation_data_t *data)
{
    *report = (report_t){ .data = data, .first_metric = data->has_wins ? DATA_WINS : DATA_RETURN };
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        report->effort[arm] = data_effort(data, arm);
        for (int32_t metric = 0; metric < DATA_NUM_METRICS; metric++)
            for (int32_t part = 0; part < REPORT_NUM_PARTS; part++)
                fill_cell(report, arm, (data_metric_t)metric, (report_part_t)part);
    }
}

int32_t report_missing(const ablation_data_t *data, report_missing_t each, void *context)
{
    int32_t count = 0;
    for (int32_t r = 0; r < data->num_runs; r++) {
        const data_run_t *run = &data->runs[r];
        if (run->state == DATA_DONE) continue;
        char line[1024], at[NUMBERS_BYTES], of[NUMBERS_BYTES];
        const curve_t *curve = &run->curve;
        const double reached =
            curve->num_points ? curve->points[curve->num_points - 1].decisions : 0;
        snprintf(line, sizeof line, "%s: %s%s of %s decisions%s%s", run->name,
                 run->state == DATA_MISSING ? "not begun, " : "evaluated until ",
                 numbers_grouped(at, (uint64_t)reached),
                 numbers_grouped(of, (uint64_t)data->ablation->decisions),
                 *run->failure ? "; it died: " : "", run->failure);
        each(context, line);
        count++;
    }
    return count;
}

void report_oracle(char out[512], const report_t *report)
{
    const bool *arms = report->data->ablation->arms;
    const data_metric_t metric = report->first_metric;
    const report_cell_t *cell = &report->cells[ABLATION_ORACLE][metric][REPORT_COURSE];
    char share[96], score[96], other[96];
    if (!arms[ABLATION_ORACLE] || !arms[ABLATION_MACROS]) {
        snprintf(
            out, 512,
            "What the best similarity could gain here is not known: that takes the arms oracle "
            "and macros.");
        return;
    }
    if (isnan(cell->improvement[ABLATION_MACROS].value)) {
        snprintf(out, 512, "What the oracle gains is not known yet: its runs are not done.");
        return;
    }
    report_share(share, &cell->improvement[ABLATION_MACROS]);
    report_estimate(score, metric, &cell->score);
    report_estimate(other, metric, &report->cells[ABLATION_MACROS][metric][REPORT_COURSE].score);
    snprintf(
        out, 512,
        "What the oracle gains: a %s of %s over the whole course, %s without similarity; it is "
        "better with probability %s. Where it gains nothing, no learned similarity can.",
        report_metric_name(metric), score, other, share);
}

void report_resumes(char out[512], const ablation_data_t *data)
{
    int32_t runs = 0, times = 0;
    for (int32_t r = 0; r < data->num_runs; r++) {
        runs += data->runs[r].curve.num_resumes > 0;
        times += data->runs[r].curve.num_resumes;
    }
    out[0] = '\0';
    if (runs > 0)
        snprintf(out, 512,
                 "%d of %d runs %s interrupted and gone on with, %d time%s in all. A run that goes "
                 "on begins with an empty replay memory and makes no updates until it is warm "
                 "again: its updates are fewer.",
                 runs, data->num_runs, runs == 1 ? "was" : "were", times, times == 1 ? "" : "s");
}

bool report_is_partial(const report_t *report)
{
    return report->data->num_done < report->data->num_runs;
}

bool report_csv(const ablation_data_t *data, const char *dir, why_t why)
{
    static const char *const states[] = { "missing", "unfinished", "done" };
    char path[HOME_PATH_BYTES + 32];
    files_writer_t out;
    snprintf(path, sizeof path, "%s/ablation.csv", dir);
    if (!files_replace_open(&out, path, why)) return false;
    fputs("arm,start,seed,state,resumes,decisions,frames,updates,episodes,win_rate,mean_return\n",
          out.stream);
    for (int32_t r = 0; r < data->num_runs; r++) {
        const data_run_t *run = &data->runs[r];
        for (int32_t i = 0; i < run->curve.num_points; i++) {
            const curve_point_t *point = &run->curve.points[i];
            char start[2 * PRESET_NAME_BYTES] = "";
            size_t length = 0; /* quotes are doubled */
            for (const char *c = data->ablation->starts[run->run.start]; *c; c++) {
                if (*c == '"') start[length++] = '"';
                start[length++] = *c;
            }
            start[length] = '\0';
            fprintf(out.stream, "%s,\"%s\",%lld,%s,%d,%.0f,%.0f,%.0f,%d,%.4f,%.4f\n",
                    ablation_arm_name(run->run.arm), start,
                    (long long)(data->ablation->first_seed + run->run.seed), states[run->state],
                    run->curve.num_resumes, point->decisions, point->frames, point->updates,
                    point->episodes, point->win_rate, point->mean_return);
        }
    }
    return files_replace_commit(&out, why);
}

/* The table of the terminal. */
static void print(const report_t *report)
{
    const data_metric_t metric = report->first_metric;
    char text[96], number[NUMBERS_BYTES];
    if (!isfinite(report->data->budget[DATA_DECISIONS])) {
        say("Nothing was evaluated yet.\n");
        return;
    }
    say("After %s decisions, interquartile mean of the %s [95 %%]:\n",
        numbers_grouped(number, (uint64_t)report->data->budget[DATA_DECISIONS]),
        report_metric_name(metric));
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        if (!report->data->ablation->arms[arm]) continue;
        report_estimate(text, metric, &report->cells[arm][metric][REPORT_AT_DECISIONS].score);
        const int32_t runs = report->effort[arm].runs;
        say("  %-10s %-24s %d run%s\n", ablation_arm_name(arm), text, runs, runs == 1 ? "" : "s");
    }
}

bool ablation_report(const ablation_t *ablation, const char *dir, why_t why)
{
    ablation_data_t data;
    report_t *report = malloc(sizeof *report);
    if (!report || !ablation_data_read(&data, ablation, dir)) {
        free(report);
        refuse(why, "no memory for a report");
        return false;
    }
    fill(report, &data);
    print(report);
    const bool ok = report_csv(&data, dir, why) && report_pictures(report, dir, why) &&
                    report_summary(report, dir, why) && report_page(report, dir, why);
    ablation_data_free(&data);
    free(report);
    return ok;
}
