/* drift.c - see drift.h. */
#include "drift.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bands.h"
#include "numbers.h"
#include "picture.h"
#include "runlog.h"
#include "why.h"

enum { DIGITS = 3, FULL = 4095, LEAST_PERIOD_DECISIONS = 1000, RECORDS_A_DOUBLING = 64 };

static size_t num_pairs(int32_t num_actions)
{
    return (size_t)num_actions * (size_t)(num_actions - 1) / 2;
}

/* ---- writing ---- */

uint64_t drift_next(uint64_t decisions)
{
    const uint64_t period = decisions / RECORDS_A_DOUBLING;
    return decisions + (period > LEAST_PERIOD_DECISIONS ? period : LEAST_PERIOD_DECISIONS);
}

/* Keep `pair` if it moved more than one of those kept; the most moved first. */
static void keep_top(drift_pair_t *top, int32_t *num_top, const drift_pair_t *pair)
{
    int32_t at = *num_top;
    while (at > 0 && fabs(pair->now - pair->began) > fabs(top[at - 1].now - top[at - 1].began))
        at--;
    if (at >= DRIFT_TOP) return;
    if (*num_top < DRIFT_TOP) (*num_top)++;
    memmove(top + at + 1, top + at, (size_t)(*num_top - 1 - at) * sizeof *top);
    top[at] = *pair;
}

typedef struct {
    drift_record_t record;
    drift_pair_t top[DRIFT_TOP];
    int32_t num_top;
} summary_t;

/* began, now: (A, A). */
static summary_t summarize(const float *began, const float *now, int32_t num_actions)
{
    summary_t s = { 0 };
    double sum = 0, squares = 0, moved = 0;
    const double count = fmax(1, (double)num_pairs(num_actions));
    for (int32_t i = 0; i < num_actions; i++)
        for (int32_t j = i + 1; j < num_actions; j++) {
            const drift_pair_t pair = { .a = i,
                                        .b = j,
                                        .began = (double)began[i * num_actions + j],
                                        .now = (double)now[i * num_actions + j] };
            const double change = fabs(pair.now - pair.began);
            sum += pair.now;
            squares += pair.now * pair.now;
            moved += change;
            s.record.max_change = fmax(s.record.max_change, change);
            keep_top(s.top, &s.num_top, &pair);
        }
    s.record.mean = sum / count;
    s.record.sd = sqrt(fmax(0, squares / count - s.record.mean * s.record.mean));
    s.record.mean_change = moved / count;
    return s;
}

__attribute__((format(printf, 2, 3))) static void add(char *out, const char *format, ...)
{
    const size_t length = strlen(out);
    va_list args;
    va_start(args, format);
    vsnprintf(out + length, DRIFT_LINE_BYTES - length, format, args);
    va_end(args);
}

static void add_upper(char *out, const float *now, int32_t num_actions)
{
    static const char hex[] = "0123456789abcdef";
    char *to = out + strlen(out);
    for (int32_t i = 0; i < num_actions; i++)
        for (int32_t j = i + 1; j < num_actions; j++) {
            const long value = lround((double)now[i * num_actions + j] * FULL);
            for (int shift = 8; shift >= 0; shift -= 4) *to++ = hex[value >> shift & 15];
        }
    *to = '\0';
}

static void write_line(char *out, const agent_t *agent, const float *began, const float *now)
{
    const int32_t num_actions = agent_config(agent)->num_actions;
    const summary_t s = summarize(began, now, num_actions);
    agent_stats_t stats;
    agent_get_stats(agent, &stats);
    out[0] = '\0';
    add(out,
        "{\"kind\":\"similarity\",\"time\":%lld,\"decisions\":%llu,\"updates\":%llu,"
        "\"meta_updates\":%llu,\"actions\":%d,\"mean\":%.5f,\"sd\":%.5f,\"mean_change\":%.5f,"
        "\"max_change\":%.5f,\"top\":[",
        (long long)time(NULL), (unsigned long long)stats.decisions,
        (unsigned long long)stats.updates, (unsigned long long)stats.meta_updates, num_actions,
        s.record.mean, s.record.sd, s.record.mean_change, s.record.max_change);
    for (int32_t i = 0; i < s.num_top; i++)
        add(out, "%s[%d,%d,%.4f,%.4f]", i ? "," : "", s.top[i].a, s.top[i].b, s.top[i].began,
            s.top[i].now);
    add(out, "]");
    if (num_actions <= DRIFT_MAX_ACTIONS) {
        add(out, ",\"upper\":\"");
        add_upper(out, now, num_actions);
        add(out, "\"");
    }
    add(out, "}\n");
}

bool drift_now(drift_record_t *record, const agent_t *agent)
{
    const size_t A = (size_t)agent_config(agent)->num_actions;
    float *began = malloc(2 * A * A * sizeof *began);
    if (!began) return false;
    agent_get_similarity_prior(agent, began);
    agent_get_similarity(agent, began + A * A);
    *record = summarize(began, began + A * A, (int32_t)A).record;
    free(began);
    return true;
}

bool drift_line(char out[DRIFT_LINE_BYTES], const agent_t *agent)
{
    const size_t A = (size_t)agent_config(agent)->num_actions;
    float *began = malloc(2 * A * A * sizeof *began);
    if (!began) return false;
    agent_get_similarity_prior(agent, began);
    agent_get_similarity(agent, began + A * A);
    write_line(out, agent, began, began + A * A);
    free(began);
    return true;
}

/* ---- reading ---- */

void drift_free(drift_t *drift)
{
    free(drift->records);
    free(drift->upper);
    *drift = (drift_t){ 0 };
}

static void forget_after(drift_t *drift, double decisions)
{
    while (drift->num_records > 0 &&
           (decisions <= 0 || drift->records[drift->num_records - 1].decisions > decisions))
        drift->num_records--;
}

static bool grow(drift_t *drift)
{
    if (drift->num_records < drift->capacity) return true;
    const int32_t capacity = drift->capacity ? 2 * drift->capacity : 64;
    const size_t pairs = num_pairs(drift->num_actions);
    drift_record_t *records = realloc(drift->records, (size_t)capacity * sizeof *records);
    if (records) drift->records = records;
    bool ok = records;
    if (ok && drift->num_actions <= DRIFT_MAX_ACTIONS) {
        float *upper = realloc(drift->upper, (size_t)capacity * pairs * sizeof *upper);
        if (upper) drift->upper = upper;
        ok = upper;
    }
    if (ok) drift->capacity = capacity;
    return ok;
}

static int32_t hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False: not as many numbers as there are pairs. */
static bool read_upper(float *upper, const char *text, size_t pairs)
{
    if (!text || strlen(text) != DIGITS * pairs) return false;
    for (size_t k = 0; k < pairs; k++) {
        int32_t value = 0;
        for (size_t d = 0; d < DIGITS; d++) {
            const int32_t digit = hex_digit(text[DIGITS * k + d]);
            if (digit < 0) return false;
            value = 16 * value + digit;
        }
        upper[k] = (float)value / FULL;
    }
    return true;
}

static void read_top(drift_t *drift, const cJSON *line)
{
    const cJSON *top = cJSON_GetObjectItemCaseSensitive(line, "top"), *item;
    drift->num_top = 0;
    cJSON_ArrayForEach(item, top)
    {
        double numbers[4];
        int32_t count = 0;
        for (const cJSON *n = item->child; n && count < 4; n = n->next)
            numbers[count++] = cJSON_IsNumber(n) ? n->valuedouble : -1;
        const int32_t A = drift->num_actions;
        if (count < 4 || !(numbers[0] >= 0 && numbers[0] < numbers[1] && numbers[1] < A) ||
            !(numbers[2] >= 0 && numbers[2] <= 1 && numbers[3] >= 0 && numbers[3] <= 1))
            continue;
        if (drift->num_top == DRIFT_TOP) return;
        drift->top[drift->num_top++] = (drift_pair_t){ .a = (int32_t)numbers[0],
                                                       .b = (int32_t)numbers[1],
                                                       .began = numbers[2],
                                                       .now = numbers[3] };
    }
}

static bool read_record(drift_t *drift, const cJSON *line)
{
    const double actions = runlog_number(line, "actions");
    if (!(actions >= 2 && actions <= AGENT_MAX_ACTIONS)) return true;
    if (drift->num_records == 0 && drift->num_actions != (int32_t)actions) {
        drift_free(drift);
        drift->num_actions = (int32_t)actions;
    }
    const drift_record_t record = { .decisions = runlog_number(line, "decisions"),
                                    .mean = runlog_number(line, "mean"),
                                    .sd = runlog_number(line, "sd"),
                                    .mean_change = runlog_number(line, "mean_change"),
                                    .max_change = runlog_number(line, "max_change") };
    if (drift->num_actions != (int32_t)actions) return true;
    if (drift->num_records > 0 &&
        record.decisions <= drift->records[drift->num_records - 1].decisions)
        return true;
    if (!grow(drift)) return false;
    const size_t pairs = num_pairs(drift->num_actions);
    const cJSON *upper = cJSON_GetObjectItemCaseSensitive(line, "upper");
    if (drift->upper && !read_upper(drift->upper + (size_t)drift->num_records * pairs,
                                    cJSON_GetStringValue(upper), pairs))
        return true;
    drift->records[drift->num_records++] = record;
    read_top(drift, line);
    return true;
}

static bool visit(void *context, const char *kind, const cJSON *line)
{
    drift_t *drift = context;
    if (strcmp(kind, "session") == 0) forget_after(drift, runlog_number(line, "decisions"));
    return strcmp(kind, "similarity") != 0 || read_record(drift, line);
}

bool drift_read(drift_t *drift, const char *dir)
{
    *drift = (drift_t){ 0 };
    const bool ok = runlog_read(dir, visit, drift);
    if (!ok || drift->num_records == 0) drift_free(drift);
    return ok;
}

/* ---- several runs ---- */

static bool can_be_joined(const drift_t *drift, const drift_t *first)
{
    return drift->num_records > 0 && drift->upper && drift->num_actions == first->num_actions;
}

/* The pairs of `drift` at so many decisions, added to `sum`. */
static void add_at(const drift_t *drift, double decisions, float share, float *sum)
{
    const size_t pairs = num_pairs(drift->num_actions);
    int32_t next = 0;
    while (next < drift->num_records - 1 && drift->records[next].decisions < decisions) next++;
    const int32_t last = next > 0 ? next - 1 : 0;
    const double from = drift->records[last].decisions, to = drift->records[next].decisions;
    const float part = to > from ? (float)fmin(1, fmax(0, (decisions - from) / (to - from))) : 1;
    for (size_t k = 0; k < pairs; k++) {
        const float a = drift->upper[(size_t)last * pairs + k],
                    b = drift->upper[(size_t)next * pairs + k];
        sum[k] += share * (a + part * (b - a));
    }
}

/* Statistics and top of the records from their pairs; they began with the first. */
static bool make_summaries(drift_t *drift)
{
    const int32_t A = drift->num_actions;
    const size_t pairs = num_pairs(A), square = (size_t)A * (size_t)A;
    float *matrices = calloc(2 * square, sizeof *matrices);
    if (!matrices) return false;
    for (int32_t r = 0; r < drift->num_records; r++) {
        const float *began = drift->upper, *now = drift->upper + (size_t)r * pairs;
        size_t k = 0;
        for (int32_t i = 0; i < A; i++)
            for (int32_t j = i + 1; j < A; j++, k++) {
                matrices[i * A + j] = began[k];
                matrices[square + (size_t)(i * A + j)] = now[k];
            }
        const summary_t s = summarize(matrices, matrices + square, A);
        const double decisions = drift->records[r].decisions;
        drift->records[r] = s.record;
        drift->records[r].decisions = decisions;
        memcpy(drift->top, s.top, sizeof drift->top);
        drift->num_top = s.num_top;
    }
    free(matrices);
    return true;
}

bool drift_mean(drift_t *out, const drift_t *drifts, int32_t num_drifts, int32_t *num_used)
{
    *out = (drift_t){ 0 };
    *num_used = 0;
    const drift_t *first = NULL;
    double end = INFINITY;
    for (int32_t d = 0; d < num_drifts; d++) {
        if (!first && can_be_joined(&drifts[d], &drifts[d])) first = &drifts[d];
        if (!first || !can_be_joined(&drifts[d], first)) continue;
        (*num_used)++;
        end = fmin(end, drifts[d].records[drifts[d].num_records - 1].decisions);
    }
    if (!first) return true;
    out->num_actions = first->num_actions;
    const size_t pairs = num_pairs(first->num_actions);
    for (int32_t r = 0; r < first->num_records && first->records[r].decisions <= end; r++) {
        if (!grow(out)) {
            drift_free(out);
            return false;
        }
        float *sum = out->upper + (size_t)out->num_records * pairs;
        memset(sum, 0, pairs * sizeof *sum);
        for (int32_t d = 0; d < num_drifts; d++)
            if (can_be_joined(&drifts[d], first))
                add_at(&drifts[d], first->records[r].decisions, 1.0f / (float)*num_used, sum);
        out->records[out->num_records++].decisions = first->records[r].decisions;
    }
    const bool ok = make_summaries(out);
    if (!ok) drift_free(out);
    return ok;
}

/* ---- words and a picture ---- */

void drift_sentence(char *out, size_t out_bytes, const drift_t *drift, const char *const *names)
{
    const drift_record_t *first = &drift->records[0], *last = first + drift->num_records - 1;
    char number[NUMBERS_BYTES];
    size_t length = (size_t)snprintf(
        out, out_bytes,
        "mean %.2f -> %.2f (sd %.2f -> %.2f), %d record%s until %s decisions; moved most: ",
        first->mean, last->mean, first->sd, last->sd, drift->num_records,
        drift->num_records == 1 ? "" : "s", numbers_grouped(number, (uint64_t)last->decisions));
    for (int32_t i = 0; i < drift->num_top && i < 3 && length < out_bytes; i++)
        length += (size_t)snprintf(out + length, out_bytes - length, "%s%.40s & %.40s %.2f -> %.2f",
                                   i ? "; " : "", names[drift->top[i].a], names[drift->top[i].b],
                                   drift->top[i].began, drift->top[i].now);
}

static size_t pair_index(int32_t num_actions, int32_t a, int32_t b)
{
    return (size_t)a * (size_t)(2 * num_actions - a - 1) / 2 + (size_t)(b - a - 1);
}

bool drift_save(const drift_t *drift, const char *const *names, const char *title,
                const char *subtitle, const char *path, why_t why)
{
    const size_t records = (size_t)drift->num_records, pairs = num_pairs(drift->num_actions);
    const int32_t num_lines = drift->upper ? drift->num_top : 0;
    bands_series_t series[DRIFT_TOP + 1];
    char labels[DRIFT_TOP][96];
    bands_point_t *points = calloc(records * (DRIFT_TOP + 1), sizeof *points);
    if (!points) {
        refuse(why, "no memory for a picture");
        return false;
    }
    for (size_t r = 0; r < records; r++) {
        const drift_record_t *record = &drift->records[r];
        points[r] = (bands_point_t){ .x = record->decisions,
                                     .y = record->mean,
                                     .low = fmax(0, record->mean - record->sd),
                                     .high = fmin(1, record->mean + record->sd) };
        for (int32_t i = 0; i < num_lines; i++) {
            const size_t k = pair_index(drift->num_actions, drift->top[i].a, drift->top[i].b);
            const double value = (double)drift->upper[r * pairs + k];
            points[records * (size_t)(i + 1) + r] =
                (bands_point_t){ .x = record->decisions, .y = value, .low = value, .high = value };
        }
    }
    series[0] = (bands_series_t){ .name = "mean of all pairs, with one standard deviation",
                                  .colour = PICTURE_INK,
                                  .points = points,
                                  .num_points = (int32_t)records };
    for (int32_t i = 0; i < num_lines; i++) {
        snprintf(labels[i], sizeof labels[i], "%.40s & %.40s", names[drift->top[i].a],
                 names[drift->top[i].b]);
        series[i + 1] = (bands_series_t){ .name = labels[i],
                                          .colour = bands_colour(i),
                                          .points = points + records * (size_t)(i + 1),
                                          .num_points = (int32_t)records };
    }
    const bands_t chart = { .title = title,
                            .subtitle = subtitle,
                            .x_unit = "decisions",
                            .series = series,
                            .num_series = num_lines + 1,
                            .y_least = 0,
                            .y_most = 1 };
    const bool ok = bands_save(&chart, path, why);
    free(points);
    return ok;
}
