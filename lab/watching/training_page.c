/* training_page.c - see training_page.h. */
#include "training_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "heatmap.h"
#include "numbers.h"

/* More than these cannot be told apart on a page. */
enum { MOST_POINTS = 600, MOST_RECORDS = 120 };

static const char MARK[] = "/*DATA*/";

/* The i-th of `shown` out of `count`, the first and the last among them. */
static int32_t thinned(int32_t i, int32_t shown, int32_t count)
{
    return shown > 1 ? (int32_t)((int64_t)i * (count - 1) / (shown - 1)) : count - 1;
}

static int32_t at_most(int32_t count, int32_t most)
{
    return count < most ? count : most;
}

static void put_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, "%.7g", value);
    else
        fputs("null", out);
}

/* As JSON, so that nothing in it ends the page's script. */
static void put_json(FILE *out, const cJSON *item)
{
    char *text = cJSON_PrintUnformatted(item);
    for (const char *c = text ? text : "null"; *c; c++)
        if (*c == '<')
            fputs("\\u003c", out);
        else
            fputc(*c, out);
    cJSON_free(text);
}

static void put_text(FILE *out, const char *text)
{
    cJSON *item = cJSON_CreateString(text);
    put_json(out, item);
    cJSON_Delete(item);
}

/* ---- what was trained ---- */

int32_t training_page_num_actions(const cJSON *session, const preset_t *preset)
{
    const int32_t listed = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(session, "actions"));
    if (listed > 0) return at_most(listed, PRESET_MAX_ACTIONS);
    return preset ? preset_num_actions(preset) : 0;
}

static const char *game_of(const training_page_t *page)
{
    const char *game = live_text(page->session, "game");
    return *game ? game : page->preset ? preset_game(page->preset) : "A training";
}

static void put_actions(FILE *out, const training_page_t *page)
{
    const int32_t num_actions = training_page_num_actions(page->session, page->preset);
    const bool listed = cJSON_HasObjectItem(page->session, "actions");
    fputs(",\"actions\":[", out);
    for (int32_t a = 0; a < num_actions; a++) {
        const preset_action_t *action = listed ? NULL : preset_action(page->preset, a);
        fputs(a ? ",[" : "[", out);
        put_text(out, listed ? live_action(page->session, a, false) : action->name);
        fputs(",", out);
        put_text(out, listed ? live_action(page->session, a, true) : action->macro.notation);
        fputs("]", out);
    }
    fputs("]", out);
}

typedef struct {
    double decisions, updates, frames;
} page_counts_t;

static page_counts_t count(const training_page_t *page)
{
    page_counts_t counts = { 0 };
    for (int32_t i = 0; i < page->curve->num_points; i++) {
        const curve_point_t *point = &page->curve->points[i];
        counts.decisions = fmax(counts.decisions, point->decisions);
        counts.updates = fmax(counts.updates, point->updates);
        counts.frames = fmax(counts.frames, point->frames);
    }
    if (!page->live) return counts;
    counts.decisions = fmax(counts.decisions, page->live->decisions);
    counts.updates = fmax(counts.updates, page->live->updates);
    counts.frames = fmax(counts.frames, page->live->frames);
    return counts;
}

static void put_lead(FILE *out, const training_page_t *page, const page_counts_t *counts)
{
    char text[512], a[NUMBERS_BYTES], b[NUMBERS_BYTES], c[NUMBERS_BYTES];
    const char *core = live_text(page->session, "core"), *start = live_text(page->session, "start");
    const bool is_self = strcmp(live_text(page->session, "versus"), "self") == 0;
    snprintf(
        text, sizeof text,
        "What Kata learned in %s decisions and %s updates%s%.60s%s%.60s; %s frames were played.",
        numbers_grouped(a, (uint64_t)counts->decisions),
        numbers_grouped(b, (uint64_t)counts->updates), *core ? ", on " : "", core,
        !*start   ? ""
        : is_self ? ", in self-play, start "
                  : ", start ",
        start, numbers_grouped(c, (uint64_t)counts->frames));
    fputs(",\"lead\":", out);
    put_text(out, text);
    fprintf(out, ",\"counts\":{\"decisions\":%.0f,\"updates\":%.0f,\"frames\":%.0f}",
            counts->decisions, counts->updates, counts->frames);
}

static void put_versions(FILE *out, const training_page_t *page)
{
    static const struct {
        const char *key, *name;
    } texts[] = { { "kata", "Kata that trained" },
                  { "system", "system" },
                  { "core", "core" },
                  { "start", "start" },
                  { "versus", "opponent" },
                  { "preset", "preset, SHA-1" } };
    fputs(",\"versions\":{\"Kata that wrote this\":", out);
    put_text(out, KATA_VERSION);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = live_text(page->session, texts[i].key);
        if (!*text) continue;
        fprintf(out, ",\"%s\":", texts[i].name);
        put_text(out, text);
    }
    fputs("},\"settings\":", out);
    const cJSON *settings = cJSON_GetObjectItemCaseSensitive(page->session, "settings");
    if (cJSON_IsObject(settings))
        put_json(out, settings);
    else
        fputs("{}", out);
}

/* ---- how it went ---- */

static void put_points(FILE *out, const curve_t *curve)
{
    int32_t num_training = 0;
    for (int32_t i = 0; i < curve->num_points; i++) num_training += !curve->points[i].is_evaluation;
    const int32_t shown = at_most(num_training, MOST_POINTS);
    fprintf(out, ",\"has_wins\":%s,\"points\":[", chart_shows_wins(curve) ? "true" : "false");
    for (int32_t i = 0, seen = 0, put = 0; i < curve->num_points; i++) {
        const curve_point_t *p = &curve->points[i];
        if (p->is_evaluation || seen++ != thinned(put, shown, num_training)) continue;
        const double numbers[] = { p->decisions, p->win_rate, p->mean_return, p->loss };
        for (int32_t n = 0; n < 4; n++) {
            fputs(n ? "," : put ? ",[" : "[", out);
            put_number(out, numbers[n]);
        }
        fputs("]", out);
        put++;
    }
    fputs("],\"evaluations\":[", out);
    for (int32_t i = 0, put = 0; i < curve->num_points; i++) {
        const curve_point_t *p = &curve->points[i];
        if (!p->is_evaluation) continue;
        const double numbers[] = { p->decisions, p->win_rate,    p->win_low,
                                   p->win_high,  p->mean_return, p->episodes };
        for (int32_t n = 0; n < 6; n++) {
            fputs(n ? "," : put ? ",[" : "[", out);
            put_number(out, numbers[n]);
        }
        fputs("]", out);
        put++;
    }
    fputs("]", out);
}

static void put_moves(FILE *out, const moves_t *moves)
{
    const int32_t shown = at_most(moves->num_records, MOST_RECORDS);
    fputs(",\"moves\":{\"decisions\":[", out);
    for (int32_t i = 0; i < shown; i++) {
        if (i) fputs(",", out);
        put_number(out, moves->decisions[thinned(i, shown, moves->num_records)]);
    }
    fputs("],\"shares\":[", out);
    for (int32_t i = 0; i < shown; i++) {
        const float *shares = moves->shares + (size_t)thinned(i, shown, moves->num_records) *
                                                  (size_t)moves->num_actions;
        fputs(i ? ",[" : "[", out);
        for (int32_t a = 0; a < moves->num_actions; a++)
            fprintf(out, "%s%.4g", a ? "," : "", (double)shares[a]);
        fputs("]", out);
    }
    fputs("]}", out);
}

/* The order of the moves by the last record, so that like ones stand side by side. */
static bool put_order(FILE *out, const drift_t *drift)
{
    const int32_t A = drift->num_actions;
    float *matrix = calloc((size_t)A * (size_t)A, sizeof *matrix);
    int32_t order[DRIFT_MAX_ACTIONS];
    const float *upper =
        drift->upper + (size_t)(drift->num_records - 1) * (size_t)A * (size_t)(A - 1) / 2;
    for (int32_t i = 0; matrix && i < A; i++)
        for (int32_t j = i + 1; j < A; j++) matrix[i * A + j] = matrix[j * A + i] = *upper++;
    const bool ok = matrix && heatmap_order(matrix, A, order);
    free(matrix);
    for (int32_t i = 0; ok && i < A; i++) fprintf(out, "%s%d", i ? "," : "", order[i]);
    return ok;
}

static bool put_similarity(FILE *out, const drift_t *drift)
{
    const int32_t A = drift->num_actions, shown = at_most(drift->num_records, MOST_RECORDS);
    if (shown == 0 || !drift->upper || A < 2) return true;
    fputs(",\"similarity\":{\"order\":[", out);
    if (!put_order(out, drift)) return false;
    fputs("],\"decisions\":[", out);
    for (int32_t i = 0; i < shown; i++)
        fprintf(out, "%s%.0f", i ? "," : "",
                drift->records[thinned(i, shown, drift->num_records)].decisions);
    fputs("],\"mean\":[", out);
    for (int32_t i = 0; i < shown; i++)
        fprintf(out, "%s%.4f", i ? "," : "",
                drift->records[thinned(i, shown, drift->num_records)].mean);
    fputs("],\"upper\":[", out);
    const size_t pairs = (size_t)A * (size_t)(A - 1) / 2;
    for (int32_t i = 0; i < shown; i++) {
        const float *upper = drift->upper + (size_t)thinned(i, shown, drift->num_records) * pairs;
        fputs(i ? ",\"" : "\"", out);
        for (size_t p = 0; p < pairs; p++)
            fprintf(out, "%02x", (unsigned)lround(255 * fmax(0, fmin((double)upper[p], 1))));
        fputs("\"", out);
    }
    fputs("]}", out);
    return true;
}

static void put_fight(FILE *out, FILE *fight)
{
    char piece[65536];
    fputs(",\"fight\":{", out);
    for (size_t n; (n = fread(piece, 1, sizeof piece, fight)) > 0;) (void)!fwrite(piece, 1, n, out);
    fputs("}", out);
}

bool training_page_write(const training_page_t *page, FILE *out)
{
    const char *html = (const char *)training_page_html;
    const char *mark = strstr(html, MARK);
    const size_t head = (size_t)(mark - html), behind = head + sizeof MARK - 1;
    const page_counts_t counts = count(page);
    (void)!fwrite(html, 1, head, out);
    fputs("{\"game\":", out);
    put_text(out, game_of(page));
    put_actions(out, page);
    put_lead(out, page, &counts);
    put_points(out, page->curve);
    put_moves(out, page->moves);
    if (!put_similarity(out, page->drift)) return false;
    put_versions(out, page);
    if (page->fight) put_fight(out, page->fight);
    fprintf(out, ",\"fight_was_wanted\":%s", page->fight_was_wanted ? "true" : "false");
    fputs(",\"footer\":\"One file, nothing fetched: it can be sent as it is.\"}", out);
    (void)!fwrite(html + behind, 1, training_page_html_bytes - behind, out);
    return true;
}
