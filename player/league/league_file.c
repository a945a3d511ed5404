/* league_file.c - league.json is written, read and checked. */
#include "league.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "c_locale.h"
#include "files.h"
#include "json_sum.h"

#define EXACT 9007199254740992.0 /* 2^53 */
enum { FORMAT_VERSION = 1, FILE_BYTES = 1 << 20 };

static bool path_of(const league_t *league, char path[HOME_PATH_BYTES], char *why)
{
    if (league->dir[0] &&
        snprintf(path, HOME_PATH_BYTES, "%s/league.json", league->dir) < HOME_PATH_BYTES)
        return true;
    return refuse(why, "%.200s...: too long a path", league->dir);
}

/* ---- written --------------------------------------------------------------------------------- */

static void write_rating(cJSON *object, const glicko_t *rating, double rounds)
{
    cJSON_AddNumberToObject(object, "rating", rating->rating);
    cJSON_AddNumberToObject(object, "deviation", rating->deviation);
    cJSON_AddNumberToObject(object, "volatility", rating->volatility);
    cJSON_AddNumberToObject(object, "rounds", rounds);
}

static cJSON *describe(const league_t *league)
{
    cJSON *file = cJSON_CreateObject();
    cJSON_AddNumberToObject(file, "version", FORMAT_VERSION);
    cJSON_AddStringToObject(file, "crc32", JSON_SUM_NONE);
    cJSON_AddNumberToObject(file, "size", league->size);
    write_rating(cJSON_AddObjectToObject(file, "agent"), &league->agent, league->agent_rounds);
    cJSON *strengths = cJSON_AddObjectToObject(file, "strengths");
    for (int32_t s = 0; s < LEAGUE_BEST; s++)
        cJSON_AddNumberToObject(strengths, league_strength_names[s], league->strengths[s]);
    cJSON *entries = cJSON_AddArrayToObject(file, "past");
    for (int32_t i = 0; i < league->num_entries; i++) {
        const league_entry_t *entry = &league->entries[i];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddNumberToObject(item, "number", entry->number);
        cJSON_AddNumberToObject(item, "decisions", (double)entry->decisions);
        write_rating(item, &entry->rating, entry->rounds);
        cJSON_AddItemToArray(entries, item);
    }
    return file;
}

bool league_save(const league_t *league, why_t why)
{
    char path[HOME_PATH_BYTES];
    if (!path_of(league, path, why) || !files_make_dirs(league->dir, why)) return false;
    cJSON *file = describe(league);
    const c_locale_t before = c_locale_enter();
    char *text = cJSON_Print(file);
    c_locale_leave(before);
    cJSON_Delete(file);
    if (!text) return refuse(why, "no memory for league.json");
    json_sum_write(text);
    const bool ok = files_replace(path, text, strlen(text), why);
    free(text);
    return ok;
}

/* ---- read ------------------------------------------------------------------------------------ */

typedef struct {
    const char *path;
    char *why;
} source_t;

/* A number of low..high; where: what it is in the file. */
static bool number(const source_t *source, const cJSON *object, const char *where, const char *key,
                   double low, double high, double *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    *out = cJSON_IsNumber(item) ? item->valuedouble : NAN;
    if (*out >= low && *out <= high) return true;
    return refuse(source->why, "%.300s: %s.%s must be a number, %g to %g", source->path, where, key,
                  low, high);
}

static bool whole(const source_t *source, const cJSON *object, const char *where, const char *key,
                  double low, double high, double *out)
{
    if (!number(source, object, where, key, low, high, out)) return false;
    if (*out == floor(*out)) return true;
    return refuse(source->why, "%.300s: %s.%s must be a whole number, found %g", source->path,
                  where, key, *out);
}

static bool read_rating(const source_t *source, const cJSON *object, const char *where,
                        glicko_t *rating, double *rounds)
{
    return number(source, object, where, "rating", -1e5, 1e5, &rating->rating) &&
           number(source, object, where, "deviation", 1e-3, 1e4, &rating->deviation) &&
           number(source, object, where, "volatility", 1e-9, 10, &rating->volatility) &&
           whole(source, object, where, "rounds", 0, EXACT, rounds);
}

static bool read_entry(const source_t *source, league_t *league, const cJSON *item)
{
    char where[32], path[HOME_PATH_BYTES];
    double number, decisions;
    league_entry_t entry = { 0 };
    const league_entry_t *last =
        league->num_entries ? &league->entries[league->num_entries - 1] : NULL;
    snprintf(where, sizeof where, "past[%d]", league->num_entries);
    if (!whole(source, item, where, "number", last ? last->number + 1 : 1, LEAGUE_MAX_NUMBER,
               &number) ||
        !whole(source, item, where, "decisions", last ? (double)last->decisions + 1 : 0, EXACT,
               &decisions) ||
        !read_rating(source, item, where, &entry.rating, &entry.rounds))
        return false;
    entry.number = (int32_t)number;
    entry.decisions = (uint64_t)decisions;
    league->entries[league->num_entries++] = entry;
    league_weights_path(league, entry.number, path);
    return access(path, R_OK) == 0 ||
           refuse(source->why, "%.300s: %s is %.300s, which is not there", source->path, where,
                  path);
}

static bool read_strengths(const source_t *source, league_t *league, const cJSON *file)
{
    const cJSON *strengths = cJSON_GetObjectItemCaseSensitive(file, "strengths");
    for (int32_t s = 0; s < LEAGUE_BEST; s++) {
        double number;
        if (!whole(source, strengths, "strengths", league_strength_names[s], 0, LEAGUE_MAX_NUMBER,
                   &number))
            return false;
        league->strengths[s] = (int32_t)number;
        if (number > 0 && !league_find(league, (int32_t)number))
            return refuse(source->why, "%.300s: strengths.%s is %d, which is no past self",
                          source->path, league_strength_names[s], (int)number);
    }
    return true;
}

static bool read_all(const source_t *source, league_t *league, const cJSON *file)
{
    double version, size;
    const cJSON *entries = cJSON_GetObjectItemCaseSensitive(file, "past"), *item;
    if (!whole(source, file, "league", "version", FORMAT_VERSION, FORMAT_VERSION, &version) ||
        !whole(source, file, "league", "size", 2, LEAGUE_MAX_SIZE, &size) ||
        !read_rating(source, cJSON_GetObjectItemCaseSensitive(file, "agent"), "agent",
                     &league->agent, &league->agent_rounds))
        return false;
    league->size = (int32_t)size;
    if (!cJSON_IsArray(entries) || cJSON_GetArraySize(entries) > LEAGUE_MAX_SIZE)
        return refuse(source->why, "%.300s: past must be a list of at most %d", source->path,
                      LEAGUE_MAX_SIZE);
    cJSON_ArrayForEach(item, entries) if (!read_entry(source, league, item)) return false;
    return read_strengths(source, league, file);
}

bool league_open(league_t *league, const char *game_dir, why_t why)
{
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    league_begin_anew(league, game_dir);
    if (!path_of(league, path, why)) return false;
    if (access(path, F_OK) != 0) return true;
    if (!files_read(path, FILE_BYTES, &bytes, &num_bytes, why)) return false;
    const json_sum_t sum = json_sum_check((char *)bytes);
    const c_locale_t before = c_locale_enter();
    cJSON *file = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    c_locale_leave(before);
    free(bytes);
    why_t cause;
    const source_t source = { path, cause };
    bool ok = cJSON_IsObject(file) || refuse(cause, "%.300s: is not JSON", path);
    if (ok && sum != JSON_SUM_RIGHT)
        ok = refuse(cause, "%.300s: its checksum is %s", path,
                    sum == JSON_SUM_WRONG ? "not that of its text" : "missing");
    ok = ok && read_all(&source, league, file);
    cJSON_Delete(file);
    if (ok) return true;
    league_begin_anew(league, game_dir);
    return refuse(why,
                  "%s; the file is damaged: put back a copy, or move %.300s away to begin "
                  "another league",
                  cause, league->dir);
}
