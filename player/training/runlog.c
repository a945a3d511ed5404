/* runlog.c - see runlog.h. */
#include "runlog.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "files.h"
#include "why.h"

#define LOG_MAX_BYTES ((size_t)64 << 20)

static bool path_of(char path[HOME_PATH_BYTES], const char *dir)
{
    return snprintf(path, HOME_PATH_BYTES, "%s/log.jsonl", dir) < HOME_PATH_BYTES;
}

/* ---- reading ---- */

double runlog_number(const cJSON *line, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, key);
    return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : 0;
}

bool runlog_read(const char *dir, runlog_visit_t visit, void *context)
{
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    if (!path_of(path, dir) || !files_read(path, LOG_MAX_BYTES, &bytes, &num_bytes, NULL))
        return true;
    bool ok = true;
    for (size_t at = 0; ok && at < num_bytes;) {
        const char *text = (const char *)bytes + at;
        const size_t length = strcspn(text, "\n");
        cJSON *line = cJSON_ParseWithLength(text, length);
        const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "kind"));
        if (kind) ok = visit(context, kind, line);
        cJSON_Delete(line);
        at += length + 1;
    }
    free(bytes);
    return ok;
}

/* ---- writing ---- */

void runlog_open(runlog_t *log, const char *dir, uint64_t decisions)
{
    *log = (runlog_t){ .begins_at = (double)decisions };
    if (!dir || !path_of(log->path, dir)) log->path[0] = '\0';
}

/* A line that a crash cut short is ended first. */
bool runlog_add_line(runlog_t *log, const char *line, why_t why)
{
    if (!log->path[0]) return true;
    FILE *file = fopen(log->path, "a+");
    if (!file) return refuse(why, "%.300s: cannot be written", log->path);
    int last = '\n';
    if (fseek(file, -1, SEEK_END) == 0) last = fgetc(file);
    fseek(file, 0, SEEK_END);
    if (last != '\n' && last != EOF) fputc('\n', file);
    if (!log->is_begun)
        fprintf(file, "{\"kind\":\"session\",\"time\":%lld,\"decisions\":%.0f}\n",
                (long long)time(NULL), log->begins_at);
    fputs(line, file);
    const bool written = !ferror(file);
    if (fclose(file) != 0 || !written) return refuse(why, "%.300s: cannot be written", log->path);
    log->is_begun = true;
    return true;
}

bool runlog_add_training(runlog_t *log, const training_progress_t *p, why_t why)
{
    char line[512];
    snprintf(line, sizeof line,
             "{\"kind\":\"training\",\"time\":%lld,\"frames\":%llu,\"decisions\":%llu,"
             "\"updates\":%llu,\"episodes\":%d,\"win_rate\":%.4f,\"mean_return\":%.4f,"
             "\"epsilon\":%.4f,\"loss\":%.6f,\"return_scale\":%.6g,\"learning_rate\":%.4g}\n",
             (long long)time(NULL), (unsigned long long)p->frames, (unsigned long long)p->decisions,
             (unsigned long long)p->updates, p->mean_episodes, (double)p->win_rate,
             (double)p->mean_return, (double)p->agent.epsilon, (double)p->agent.loss_mean,
             (double)p->agent.return_scale, (double)p->agent.learning_rate);
    return runlog_add_line(log, line, why);
}
