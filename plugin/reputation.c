/* reputation.c - see reputation.h. */
#include "reputation.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "files.h"

enum { MAX_BYTES = 64 << 20, MAX_LINE = 4096 };

typedef struct {
    int percent, rounds; /* rounds 0: not known */
} rate_t;

/* False: not a line of that kind with numbers that can be. */
static bool read_line(rate_t *rate, const char *line, const char *kind)
{
    cJSON *json = cJSON_Parse(line);
    const char *is = cJSON_GetStringValue(cJSON_GetObjectItem(json, "kind"));
    const cJSON *won = cJSON_GetObjectItem(json, "win_rate");
    const cJSON *rounds = cJSON_GetObjectItem(json, "episodes");
    const bool fits = is && strcmp(is, kind) == 0 && cJSON_IsNumber(won) &&
                      cJSON_IsNumber(rounds) && won->valuedouble >= 0 && won->valuedouble <= 1 &&
                      rounds->valuedouble >= 1 && rounds->valuedouble <= 1e6;
    if (fits) *rate = (rate_t){ (int)(100 * won->valuedouble + 0.5), (int)rounds->valuedouble };
    cJSON_Delete(json);
    return fits;
}

/* The last line of each kind. */
static void read_lines(char *text, rate_t *evaluation, rate_t *training)
{
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        if (strlen(line) > MAX_LINE) continue;
        if (strstr(line, "\"evaluation\"")) read_line(evaluation, line, "evaluation");
        if (strstr(line, "\"training\"")) read_line(training, line, "training");
    }
}

bool reputation_of(const char *dir, why_t text)
{
    char path[4096];
    uint8_t *bytes;
    size_t num_bytes;
    rate_t evaluation = { 0 }, training = { 0 };
    if (snprintf(path, sizeof path, "%s/log.jsonl", dir) >= (int)sizeof path) return false;
    if (!files_read(path, MAX_BYTES, &bytes, &num_bytes, NULL)) return false;
    char *lines = malloc(num_bytes + 1);
    if (lines) {
        memcpy(lines, bytes, num_bytes);
        lines[num_bytes] = '\0';
        read_lines(lines, &evaluation, &training);
    }
    free(lines);
    free(bytes);
    if (evaluation.rounds)
        refuse(text, "it won %d %% of %d rounds when it was tried last", evaluation.percent,
               evaluation.rounds);
    else if (training.rounds)
        refuse(text, "it won %d %% of its last %d rounds of training", training.percent,
               training.rounds);
    return evaluation.rounds || training.rounds;
}
