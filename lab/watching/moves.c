/* moves.c - see moves.h. */
#include "moves.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runlog.h"

bool moves_line(char out[MOVES_LINE_BYTES], uint64_t decisions, const uint64_t *counts,
                uint64_t *before, int32_t num_actions)
{
    uint64_t sum = 0;
    size_t length = (size_t)snprintf(out, MOVES_LINE_BYTES,
                                     "{\"kind\":\"moves\",\"time\":%lld,\"decisions\":%llu,"
                                     "\"counts\":[",
                                     (long long)time(NULL), (unsigned long long)decisions);
    /* 256 counts of at most 20 digits and a comma fit. */
    for (int32_t a = 0; a < num_actions; a++) {
        const uint64_t count = counts[a] - before[a];
        length += (size_t)snprintf(out + length, MOVES_LINE_BYTES - length, "%s%llu", a ? "," : "",
                                   (unsigned long long)count);
        sum += count;
        before[a] = counts[a];
    }
    snprintf(out + length, MOVES_LINE_BYTES - length, "]}\n");
    return sum > 0;
}

static bool grow(moves_t *moves)
{
    if (moves->num_records < moves->capacity) return true;
    const int32_t capacity = moves->capacity ? 2 * moves->capacity : 64;
    double *decisions = realloc(moves->decisions, (size_t)capacity * sizeof *decisions);
    if (decisions) moves->decisions = decisions;
    float *shares =
        realloc(moves->shares, (size_t)capacity * (size_t)moves->num_actions * sizeof *shares);
    if (shares) moves->shares = shares;
    if (decisions && shares) moves->capacity = capacity;
    return decisions && shares;
}

/* The counts as shares into `shares`; false: they are not as many as there are actions, or none. */
static bool read_counts(float *shares, const cJSON *line, int32_t num_actions)
{
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive(line, "counts"), *item;
    double sum = 0;
    int32_t action = 0;
    cJSON_ArrayForEach(item, counts)
    {
        if (action == num_actions || !cJSON_IsNumber(item)) return false;
        if (!(item->valuedouble >= 0 && item->valuedouble <= 1e15)) return false;
        shares[action++] = (float)item->valuedouble;
        sum += item->valuedouble;
    }
    if (action != num_actions || sum <= 0) return false;
    for (int32_t a = 0; a < num_actions; a++) shares[a] = (float)((double)shares[a] / sum);
    return true;
}

static bool read_line(void *context, const char *kind, const cJSON *line)
{
    moves_t *moves = context;
    const double decisions = runlog_number(line, "decisions");
    const bool is_session = strcmp(kind, "session") == 0;
    if (!is_session && strcmp(kind, "moves") != 0) return true;
    /* What a session that goes on from there cannot know, and what a broken log has twice. */
    while (moves->num_records > 0 && (decisions <= 0 || moves->decisions[moves->num_records - 1] >=
                                                            decisions + (is_session ? 1 : 0)))
        moves->num_records--;
    if (is_session) return true;
    if (!grow(moves)) return false;
    float *shares = moves->shares + (size_t)moves->num_records * (size_t)moves->num_actions;
    if (read_counts(shares, line, moves->num_actions))
        moves->decisions[moves->num_records++] = decisions;
    return true;
}

bool moves_read(moves_t *moves, const char *dir, int32_t num_actions)
{
    *moves = (moves_t){ .num_actions = num_actions };
    if (num_actions < 1 || runlog_read(dir, read_line, moves)) return true;
    moves_free(moves);
    return false;
}

void moves_free(moves_t *moves)
{
    free(moves->decisions);
    free(moves->shares);
    *moves = (moves_t){ 0 };
}
