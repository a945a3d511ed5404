/* ablation_page.c - DIR/index.html: one file, no script, nothing fetched. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ablation_report.h"
#include "files.h"
#include "html.h"
#include "numbers.h"
#include "why.h"

enum { PICTURE_BYTES = 16 << 20 };

static const char style[] =
    "body{margin:0;background:#f6f1e7;color:#1f2430;font:16px/1.55 Georgia,'Times New Roman',serif}"
    "main{max-width:1080px;margin:0 auto;padding:48px 28px 80px}"
    "h1{font-size:38px;line-height:1.15;margin:0 0 6px}"
    "h2{font-size:23px;margin:52px 0 10px}"
    ".lead{color:#6f6a5e;font-size:18px;margin:0 0 28px}"
    ".card{background:#fffdf8;border-radius:14px;padding:8px 22px 14px;overflow-x:auto;"
    "box-shadow:0 1px 2px rgba(31,36,48,.08)}"
    ".note{border-left:4px solid #d1432b;background:#fffdf8;padding:10px 18px;margin:18px 0}"
    ".note ul{margin:6px 0;padding-left:20px}"
    "table{border-collapse:collapse;width:100%;font:14px/1.4 'Helvetica Neue',Arial,sans-serif;"
    "font-variant-numeric:tabular-nums}"
    "th{text-align:left;font-weight:600;color:#6f6a5e;padding:10px 14px 8px 0;"
    "border-bottom:1px solid #ddd5c5;vertical-align:bottom;white-space:nowrap}"
    "td{padding:9px 14px 9px 0;border-bottom:1px solid #eee7d9;white-space:nowrap}"
    "tr:last-child td{border-bottom:0}"
    "td.n,th.n{text-align:right}"
    ".arm b{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:9px}"
    ".arm span{color:#6f6a5e}"
    "figure{margin:18px 0 34px}img{width:100%;height:auto;border-radius:14px;display:block}"
    "img.map{width:auto;max-width:100%}"
    "figcaption{color:#6f6a5e;font-size:15px;margin-top:9px}"
    "pre{background:#fffdf8;border-radius:10px;padding:14px 18px;overflow-x:auto;font-size:13px;"
    "white-space:pre-wrap;overflow-wrap:anywhere}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 22px;margin:8px 0;"
    "font:14px/1.5 'Helvetica Neue',Arial,sans-serif}"
    "dt{color:#6f6a5e}dd{margin:0;overflow-wrap:anywhere}"
    "@media print{body{background:#fff}.card,figure,.note{break-inside:avoid}}";

static void write_count(FILE *out, double value)
{
    char number[NUMBERS_BYTES];
    fputs(isfinite(value) ? numbers_grouped(number, (uint64_t)llround(value)) : "-", out);
}

__attribute__((format(printf, 2, 3))) static void write_cell(FILE *out, const char *format, ...)
{
    char text[128];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fputs("<td class=n>", out);
    html_text(out, text);
    fputs("</td>", out);
}

static void write_arm(FILE *out, int32_t arm)
{
    fprintf(out, "<td class=arm><b style=\"background:#%06x\"></b>%s <span>%s</span></td>",
            (unsigned)ablation_arm_colour(arm), ablation_arm_name(arm), ablation_arm_text(arm));
}

/* ---- intervals as bars ---- */

typedef struct {
    double least, most;
} scale_t;

static scale_t scale_of(const report_t *report, data_metric_t metric, report_part_t part)
{
    scale_t scale = { INFINITY, -INFINITY };
    if (metric == DATA_WINS) return (scale_t){ 0, 1 };
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        const statistics_estimate_t *e = &report->cells[arm][metric][part].score;
        /* fmin and fmax pass over NAN */
        scale.least = fmin(scale.least, fmin(e->low, e->value));
        scale.most = fmax(scale.most, fmax(e->high, e->value));
    }
    return scale;
}

static void write_bar(FILE *out, const statistics_estimate_t *e, const scale_t *scale,
                      uint32_t colour)
{
    enum { WIDTH = 190, HEIGHT = 18, EDGE = 8 };
    fprintf(out,
            "<td><svg width=%d height=%d role=img><line x1=%d y1=9 x2=%d y2=9 stroke=\"#ddd5c5\"/>",
            WIDTH, HEIGHT, EDGE, WIDTH - EDGE);
    if (isfinite(e->value)) {
        const double span = fmax(1e-9, scale->most - scale->least), width = WIDTH - 2 * EDGE;
        const double at = EDGE + width * (e->value - scale->least) / span;
        const bool known = isfinite(e->low);
        const double low = known ? EDGE + width * (e->low - scale->least) / span : at,
                     high = known ? EDGE + width * (e->high - scale->least) / span : at;
        fprintf(out,
                "<line x1=\"%.1f\" y1=9 x2=\"%.1f\" y2=9 stroke=\"#%06x\" stroke-width=6 "
                "stroke-linecap=round opacity=\"0.4\"/><circle cx=\"%.1f\" cy=9 r=5 "
                "fill=\"#%06x\"/>",
                low, high, (unsigned)colour, at, (unsigned)colour);
    }
    fputs("</svg></td>", out);
}

/* ---- tables ---- */

static void write_scores(FILE *out, const report_t *report, report_part_t part)
{
    const data_metric_t metric = report->first_metric;
    const scale_t scale = scale_of(report, metric, part);
    const bool both = report->data->has_wins;
    fprintf(out, "<div class=card><table><tr><th>arm</th><th class=n>%s [95 %%]</th><th></th>",
            report_metric_name(metric));
    if (both) fputs("<th class=n>mean return [95 %]</th>", out);
    fputs("<th class=n>runs</th>", out);
    if (part == REPORT_AT_DECISIONS)
        fputs("<th class=n>decisions</th><th class=n>frames</th><th class=n>updates</th>"
              "<th class=n>resumed</th>",
              out);
    fputs("</tr>", out);
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        if (!report->data->ablation->arms[arm]) continue;
        const data_effort_t *effort = &report->effort[arm];
        const statistics_estimate_t *score = &report->cells[arm][metric][part].score;
        char text[96];
        fputs("<tr>", out);
        write_arm(out, arm);
        report_estimate(text, metric, score);
        write_cell(out, "%s", text);
        write_bar(out, score, &scale, ablation_arm_colour(arm));
        if (both) {
            report_estimate(text, DATA_RETURN, &report->cells[arm][DATA_RETURN][part].score);
            write_cell(out, "%s", text);
        }
        write_cell(out, "%d", isfinite(score->value) ? effort->runs : 0);
        if (part == REPORT_AT_DECISIONS) {
            const double counts[] = { effort->decisions, effort->frames, effort->updates };
            for (int32_t i = 0; i < 3; i++) {
                fputs("<td class=n>", out);
                write_count(out, effort->runs ? counts[i] : NAN);
                fputs("</td>", out);
            }
            write_cell(out, "%d", effort->resumed);
        }
        fputs("</tr>\n", out);
    }
    fputs("</table></div>\n", out);
}

static void write_improvements(FILE *out, const report_t *report, data_metric_t metric)
{
    static const char *const parts[] = { "equal decisions", "equal frames", "whole course" };
    const bool *has = report->data->ablation->arms;
    fprintf(out, "<h3>%s</h3><div class=card><table><tr><th>arm</th>",
            metric == DATA_WINS ? "Win rate" : "Mean return");
    for (int32_t other = 0; other < ABLATION_NUM_ARMS; other++)
        for (int32_t part = 0; report_is_reference(other) && has[other] && part < REPORT_NUM_PARTS;
             part++)
            fprintf(out, "<th class=n>P(&gt; %s)<br>%s</th>", ablation_arm_name(other),
                    parts[part]);
    fputs("</tr>", out);
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        if (!has[arm]) continue;
        fputs("<tr>", out);
        write_arm(out, arm);
        for (int32_t other = 0; other < ABLATION_NUM_ARMS; other++)
            for (int32_t part = 0;
                 report_is_reference(other) && has[other] && part < REPORT_NUM_PARTS; part++) {
                char text[96];
                report_share(text, &report->cells[arm][metric][part].improvement[other]);
                write_cell(out, "%s", text);
            }
        fputs("</tr>\n", out);
    }
    fputs("</table></div>\n", out);
}

/* ---- the rest ---- */

static void write_line(void *context, const char *line)
{
    fputs("<li>", context);
    html_text(context, line);
    fputs("</li>", context);
}

static void ignore_line(void *context, const char *line)
{
    (void)context;
    (void)line;
}

static void write_notes(FILE *out, const report_t *report)
{
    char resumes[512];
    const int32_t missing = report_missing(report->data, ignore_line, NULL);
    if (missing > 0) {
        fprintf(out,
                "<div class=note><strong>%d of %d runs %s missing or not done.</strong> What "
                "follows is made from what there is, and may change.<ul>",
                missing, report->data->num_runs, missing == 1 ? "is" : "are");
        report_missing(report->data, write_line, out);
        fputs("</ul></div>\n", out);
    }
    report_resumes(resumes, report->data);
    if (*resumes) {
        fputs("<div class=note>", out);
        html_text(out, resumes);
        fputs("</div>\n", out);
    }
}

static void write_picture(FILE *out, const report_t *report, int32_t number, const char *dir)
{
    char path[HOME_PATH_BYTES + 64];
    uint8_t *bytes;
    size_t num_bytes;
    const char *file = report->pictures[number].file, *caption = report->pictures[number].caption;
    snprintf(path, sizeof path, "%s/%s", dir, file);
    if (!files_read(path, PICTURE_BYTES, &bytes, &num_bytes, NULL)) return;
    fprintf(out, "<figure><img%s alt=\"", strcmp(file, "similarity.png") == 0 ? " class=map" : "");
    html_text(out, caption);
    fputs("\" src=\"data:image/png;base64,", out);
    html_base64(out, bytes, num_bytes);
    fputs("\">", out);
    if (strcmp(file, "similarity-moved.png") == 0) { /* the others say it themselves */
        fputs("<figcaption>", out);
        html_text(out, caption);
        fputs("</figcaption>", out);
    }
    fputs("</figure>\n", out);
    free(bytes);
}

static void write_pictures(FILE *out, const report_t *report, const char *dir, bool of_similarity)
{
    for (int32_t i = 0; i < report->num_pictures; i++)
        if ((strncmp(report->pictures[i].file, "similarity", 10) == 0) == of_similarity)
            write_picture(out, report, i, dir);
}

static void write_tree(FILE *out, const cJSON *object, const char *prefix)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        char name[256];
        snprintf(name, sizeof name, "%s%s%.100s", prefix, *prefix ? " " : "",
                 item->string ? item->string : "");
        if (cJSON_IsObject(item)) {
            write_tree(out, item, name);
            continue;
        }
        char *text = cJSON_IsString(item) ? NULL : cJSON_PrintUnformatted(item);
        fputs("<dt>", out);
        html_text(out, name);
        fputs("</dt><dd>", out);
        html_text(out, text ? text : item->valuestring ? item->valuestring : "");
        fputs("</dd>", out);
        cJSON_free(text);
    }
}

static void write_provenance(FILE *out, const ablation_t *ablation)
{
    const cJSON *history = cJSON_GetObjectItemCaseSensitive(ablation->file, "history"), *entry;
    const cJSON *transfer = cJSON_GetObjectItemCaseSensitive(ablation->file, "transfer");
    fputs("<h2>How it was made</h2><p>Each line is a command that was run on this comparison, with "
          "the version of Kata that ran it. Arms and seeds may be added on the way; nothing else "
          "can change.</p><pre>",
          out);
    cJSON_ArrayForEach(entry, history)
    {
        const char *version =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "version"));
        const char *command =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "command"));
        fputs("# Kata ", out);
        html_text(out, version ? version : "?");
        fputs("\n", out);
        html_text(out, command ? command : "?");
        fputs("\n", out);
    }
    fputs("</pre><h3>What all runs share</h3><div class=card><dl>", out);
    write_tree(out, cJSON_GetObjectItemCaseSensitive(ablation->file, "shared"), "");
    if (transfer) write_tree(out, transfer, "transfer from");
    fputs("</dl></div>\n", out);
}

static void write_reading(FILE *out)
{
    fputs(
        "<h2>How to read it</h2>"
        "<p><strong>Interquartile mean</strong>: the mean of the middle half of the runs; a "
        "quarter, rounded down, is left out at each end. In brackets: 95 % interval of a bootstrap "
        "stratified by start, 10,000 resamples. With five runs or fewer such intervals are "
        "somewhat too narrow; a single run has none, since it says nothing of what another would "
        "have been.</p>"
        "<p><strong>P(&gt; other)</strong>: the chance that a run of this arm scores higher than a "
        "run of the other, a tie counting half. 0.5 is no difference; an interval that holds 0.5 "
        "shows none.</p>"
        "<p><strong>Equal decisions</strong>: every run has made as many choices, and as many "
        "updates. <strong>Equal frames</strong>: every run has played as long. A macro is one "
        "decision of many frames, so an arm with primitives alone plays less with the same "
        "decisions. Between two evaluations scores are interpolated. <strong>Whole "
        "course</strong>: the mean of all evaluations until the end, the area under the learning "
        "curve.</p>"
        "<p>All runs are evaluated greedily, on the same seed of the game's luck, with as many "
        "rounds. Primitives are the actions of the preset's list <code>actions.primitives</code>, "
        "macros those of <code>actions.macros</code>. The arms <em>fixed</em> and <em>meta</em> "
        "begin with the same similarity, the option <code>similarity-prior</code> below.</p>\n",
        out);
}

static void write_page(FILE *out, const report_t *report, const char *dir)
{
    const ablation_t *ablation = report->data->ablation;
    char decisions[NUMBERS_BYTES], oracle[512];
    fputs("<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
          "<meta name=viewport content=\"width=device-width,initial-scale=1\"><title>",
          out);
    html_text(out, ablation->game);
    fprintf(out, ": agents compared</title><style>%s</style></head><body><main>\n<h1>", style);
    html_text(out, ablation->game);
    fprintf(out,
            ": agents compared</h1><p class=lead>%d seed%s each, %s decisions a run, %lld "
            "greedy rounds an evaluation; %d of %d runs done. Starts: ",
            ablation->num_seeds, ablation->num_seeds == 1 ? "" : "s",
            numbers_grouped(decisions, (uint64_t)ablation->decisions),
            (long long)ablation->eval_episodes, report->data->num_done, report->data->num_runs);
    for (int32_t s = 0; s < ablation->num_starts; s++) {
        if (s > 0) fputs(", ", out);
        html_text(out, ablation->starts[s]);
    }
    fputs(".</p>\n", out);
    write_notes(out, report);

    const double *budget = report->data->budget;
    fputs("<h2>At equal decisions: ", out);
    write_count(out, budget[DATA_DECISIONS]);
    fputs("</h2>\n", out);
    write_scores(out, report, REPORT_AT_DECISIONS);
    fputs("<h2>At equal frames: ", out);
    write_count(out, budget[DATA_FRAMES]);
    fputs("</h2>\n", out);
    write_scores(out, report, REPORT_AT_FRAMES);
    fputs("<h2>Over the whole course</h2>\n", out);
    write_scores(out, report, REPORT_COURSE);
    fputs("<h2>Probability of improvement</h2>\n<p>", out);
    report_oracle(oracle, report);
    html_text(out, oracle);
    fputs("</p>\n", out);
    if (report->data->has_wins) write_improvements(out, report, DATA_WINS);
    write_improvements(out, report, DATA_RETURN);
    fputs("<h2>Learning curves</h2>\n", out);
    write_pictures(out, report, dir, false);
    fputs("<h2>How alike the moves are</h2>\n", out);
    write_pictures(out, report, dir, true);
    write_reading(out);
    write_provenance(out, ablation);
    fputs("</main></body></html>\n", out);
}

bool report_page(const report_t *report, const char *dir, why_t why)
{
    char path[HOME_PATH_BYTES + 32];
    files_writer_t out;
    snprintf(path, sizeof path, "%s/index.html", dir);
    if (!files_replace_open(&out, path, why)) return false;
    write_page(out.stream, report, dir);
    return files_replace_commit(&out, why);
}
