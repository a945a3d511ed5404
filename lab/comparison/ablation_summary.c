/* ablation_summary.c - DIR/summary.md: the tables and pictures, for a README. */
#include <math.h>
#include <stdio.h>

#include "ablation_report.h"
#include "files.h"
#include "numbers.h"
#include "why.h"

/* A name can hold what Markdown would take for its own. */
static void write_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|' || *text == '<' || *text == '*' || *text == '_' || *text == '`' ||
            *text == '[' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void write_count(FILE *out, double value)
{
    char number[NUMBERS_BYTES];
    fputs(isfinite(value) ? numbers_grouped(number, (uint64_t)llround(value)) : "-", out);
}

static void write_effort(FILE *out, const data_effort_t *effort)
{
    fprintf(out, " %d |", effort->runs);
    const double counts[] = { effort->decisions, effort->frames, effort->updates };
    for (int32_t i = 0; i < 3; i++) {
        fputc(' ', out);
        write_count(out, effort->runs ? counts[i] : NAN);
        fputs(" |", out);
    }
    fprintf(out, " %d |", effort->resumed);
}

static void write_scores(FILE *out, const report_t *report, data_metric_t metric)
{
    fprintf(out,
            "| arm | %s at equal decisions | at equal frames | whole course | runs | decisions | "
            "frames | updates | resumed |\n|---|---|---|---|---|---|---|---|---|\n",
            report_metric_name(metric));
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        if (!report->data->ablation->arms[arm]) continue;
        fprintf(out, "| `%s` %s |", ablation_arm_name(arm), ablation_arm_text(arm));
        for (int32_t part = 0; part < REPORT_NUM_PARTS; part++) {
            char text[96];
            report_estimate(text, metric, &report->cells[arm][metric][part].score);
            fprintf(out, " %s |", text);
        }
        write_effort(out, &report->effort[arm]);
        fputc('\n', out);
    }
    fputc('\n', out);
}

static void write_improvements(FILE *out, const report_t *report, data_metric_t metric,
                               int32_t other)
{
    fprintf(out,
            "| P(%s > that of `%s`) | at equal decisions | at equal frames | whole course |\n"
            "|---|---|---|---|\n",
            report_metric_name(metric), ablation_arm_name(other));
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        if (!report->data->ablation->arms[arm] || arm == other) continue;
        fprintf(out, "| `%s` |", ablation_arm_name(arm));
        for (int32_t part = 0; part < REPORT_NUM_PARTS; part++) {
            char text[96];
            report_share(text, &report->cells[arm][metric][part].improvement[other]);
            fprintf(out, " %s |", text);
        }
        fputc('\n', out);
    }
    fputc('\n', out);
}

static void write_line(void *context, const char *line)
{
    fputs("- ", context);
    write_text(context, line);
    fputc('\n', context);
}

static void write_history(FILE *out, const ablation_t *ablation)
{
    const cJSON *history = cJSON_GetObjectItemCaseSensitive(ablation->file, "history"), *entry;
    fputs("```sh\n", out);
    cJSON_ArrayForEach(entry, history)
    {
        const char *version =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "version"));
        const char *command =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "command"));
        fprintf(out, "# Kata %.64s\n%.4000s\n", version ? version : "?", command ? command : "?");
    }
    fputs("```\n", out);
}

static void write_summary(FILE *out, const report_t *report)
{
    const ablation_data_t *data = report->data;
    const ablation_t *ablation = data->ablation;
    char number[NUMBERS_BYTES], resumes[512], oracle[512];
    fputs("# ", out);
    write_text(out, ablation->game);
    fprintf(
        out,
        ": agents compared\n%d of %d runs done; %d seed%s each, %s decisions a run, %lld greedy "
        "rounds an evaluation. Interquartile mean over runs [95 %% stratified bootstrap "
        "interval]; equal decisions: ",
        data->num_done, data->num_runs, ablation->num_seeds, ablation->num_seeds == 1 ? "" : "s",
        numbers_grouped(number, (uint64_t)ablation->decisions), (long long)ablation->eval_episodes);
    write_count(out, data->budget[DATA_DECISIONS]);
    fputs(", equal frames: ", out);
    write_count(out, data->budget[DATA_FRAMES]);
    fputs(".\n\n", out);
    if (report_is_partial(report)) {
        fputs("**Not all runs are done:**\n\n", out);
        report_missing(data, write_line, out);
        fputc('\n', out);
    }
    report_resumes(resumes, data);
    if (*resumes) fprintf(out, "%s\n\n", resumes);
    report_oracle(oracle, report);
    fprintf(out, "%s\n\n", oracle);
    for (int32_t metric = 0; metric < DATA_NUM_METRICS; metric++) {
        if (metric == DATA_WINS && !data->has_wins) continue;
        write_scores(out, report, (data_metric_t)metric);
        for (int32_t other = 0; other < ABLATION_NUM_ARMS; other++)
            if (report_is_reference(other) && ablation->arms[other])
                write_improvements(out, report, (data_metric_t)metric, other);
    }
    for (int32_t i = 0; i < report->num_pictures; i++) {
        fputs("![", out);
        write_text(out, report->pictures[i].caption);
        fprintf(out, "](%s)\n\n", report->pictures[i].file);
    }
    write_history(out, ablation);
}

bool report_summary(const report_t *report, const char *dir, why_t why)
{
    char path[HOME_PATH_BYTES + 32];
    files_writer_t out;
    snprintf(path, sizeof path, "%s/summary.md", dir);
    if (!files_replace_open(&out, path, why)) return false;
    write_summary(out.stream, report);
    return files_replace_commit(&out, why);
}
