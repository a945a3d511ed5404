/* league.c - who is in the league, who goes, who is how strong; league_file.c has league.json. */
#include "league.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

const char *const league_strength_names[LEAGUE_NUM_STRENGTHS] = { "easy", "normal", "hard",
                                                                  "best" };

void league_weights_path(const league_t *league, int32_t number, char path[HOME_PATH_BYTES])
{
    const int length = snprintf(path, HOME_PATH_BYTES, "%s/%04d.safetensors", league->dir, number);
    if (length >= HOME_PATH_BYTES) path[0] = '\0';
}

/* Of a file of weights; 0: it is none. */
static int32_t number_of(const char *name)
{
    if (strlen(name) != 16 || strcmp(name + 4, ".safetensors") != 0) return 0;
    if (strspn(name, "0123456789") != 4) return 0;
    return (int32_t)strtol(name, NULL, 10);
}

/* Files of weights that league.json does not name. removes: else only the last number is found. */
static void walk(league_t *league, bool removes)
{
    DIR *dir = opendir(league->dir);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const int32_t number = number_of(entry->d_name);
        if (number == 0) continue;
        if (number > league->last_number) league->last_number = number;
        char path[HOME_PATH_BYTES];
        if (removes && !league_find(league, number) &&
            home_join(path, league->dir, entry->d_name, NULL))
            (void)unlink(path);
    }
    closedir(dir);
}

void league_begin_anew(league_t *league, const char *game_dir)
{
    *league = (league_t){ .size = LEAGUE_DEFAULT_SIZE };
    glicko_begin(&league->agent);
    if (snprintf(league->dir, sizeof league->dir, "%s/league", game_dir) >= (int)sizeof league->dir)
        league->dir[0] = '\0';
    walk(league, false);
}

league_entry_t *league_find(league_t *league, int32_t number)
{
    for (int32_t i = 0; i < league->num_entries; i++)
        if (league->entries[i].number == number) return &league->entries[i];
    return NULL;
}

/* ---- one more, one less ---------------------------------------------------------------------- */

static void thin(league_t *league)
{
    while (league->num_entries > league->size) {
        const league_entry_t *e = league->entries;
        int32_t goes = 1;
        for (int32_t i = 2; i < league->num_entries - 1; i++)
            if (e[i + 1].decisions - e[i - 1].decisions <
                e[goes + 1].decisions - e[goes - 1].decisions)
                goes = i;
        memmove(&league->entries[goes], &league->entries[goes + 1],
                (size_t)(league->num_entries - goes - 1) * sizeof *e);
        league->num_entries--;
    }
}

bool league_add(league_t *league, const policy_t *policy, const char *note, uint64_t decisions,
                why_t why)
{
    char path[HOME_PATH_BYTES];
    const int32_t number = league->last_number + 1;
    if (number > LEAGUE_MAX_NUMBER)
        return refuse(why,
                      "%.300s: the league has had %d past selves, more than its file names "
                      "can tell apart; move the folder away to begin another",
                      league->dir, LEAGUE_MAX_NUMBER);
    if (league->num_entries > 0 && league->entries[league->num_entries - 1].decisions >= decisions)
        return refuse(why, "%.300s: the newest past self has %llu decisions, the agent %llu",
                      league->dir,
                      (unsigned long long)league->entries[league->num_entries - 1].decisions,
                      (unsigned long long)decisions);
    league_weights_path(league, number, path);
    if (!path[0]) return refuse(why, "%.200s...: too long a path", league->dir);
    if (!files_make_dirs(league->dir, why)) return false;
    if (policy_save(policy, path, note, true, why) != AGENT_OK &&
        policy_save(policy, path, note, false, why) != AGENT_OK) /* a weight too large for halves */
        return false;
    league_t grown = *league;
    league_rate(&grown);
    grown.last_number = number;
    grown.entries[grown.num_entries++] =
        (league_entry_t){ .number = number, .decisions = decisions, .rating = grown.agent };
    thin(&grown);
    (void)league_choose_strengths(&grown);
    if (!league_save(&grown, why)) {
        (void)unlink(path);
        return false;
    }
    *league = grown;
    walk(league, true);
    return true;
}

/* ---- ratings --------------------------------------------------------------------------------- */

void league_note(league_t *league, int32_t number, double score)
{
    league_entry_t *entry = league_find(league, number);
    if (!entry) return; /* it went while the round was played */
    entry->met_rounds++;
    entry->met_score += score;
}

void league_rate(league_t *league)
{
    const glicko_t agent = league->agent;
    glicko_result_t results[LEAGUE_MAX_SIZE + 1];
    int32_t num_results = 0;
    for (int32_t i = 0; i < league->num_entries; i++) {
        league_entry_t *entry = &league->entries[i];
        if (entry->met_rounds <= 0) continue;
        results[num_results++] =
            (glicko_result_t){ entry->rating, entry->met_rounds, entry->met_score };
        const glicko_result_t theirs = { agent, entry->met_rounds,
                                         entry->met_rounds - entry->met_score };
        glicko_update(&entry->rating, &theirs, 1);
        league->agent_rounds += entry->met_rounds;
        entry->rounds += entry->met_rounds;
        entry->met_rounds = entry->met_score = 0;
    }
    if (num_results > 0) glicko_update(&league->agent, results, num_results);
    (void)league_choose_strengths(league);
}

/* ---- strengths ------------------------------------------------------------------------------- */

/* How far b is above a, in half widths of their difference's interval. */
static double above(const glicko_t *a, const glicko_t *b)
{
    return (b->rating - a->rating) / (GLICKO_95 * hypot(a->deviation, b->deviation));
}

static int by_rating(const void *a, const void *b)
{
    const league_entry_t *left = a, *right = b;
    if (left->rating.rating != right->rating.rating)
        return left->rating.rating < right->rating.rating ? -1 : 1;
    return left->number - right->number;
}

double league_choose_strengths(league_t *league)
{
    league_entry_t sorted[LEAGUE_MAX_SIZE + 1];
    const int32_t n = league->num_entries;
    memset(league->strengths, 0, sizeof league->strengths);
    if (n < LEAGUE_BEST) return 0;
    memcpy(sorted, league->entries, (size_t)n * sizeof sorted[0]);
    qsort(sorted, (size_t)n, sizeof sorted[0], by_rating);
    double best = -INFINITY;
    for (int32_t h = 2; h < n; h++) {
        const double last = above(&sorted[h].rating, &league->agent);
        for (int32_t m = 1; m < h; m++) {
            const double second = fmin(last, above(&sorted[m].rating, &sorted[h].rating));
            for (int32_t e = 0; e < m; e++) {
                const double least = fmin(second, above(&sorted[e].rating, &sorted[m].rating));
                if (!(least > best)) continue;
                best = least;
                league->strengths[LEAGUE_EASY] = sorted[e].number;
                league->strengths[LEAGUE_NORMAL] = sorted[m].number;
                league->strengths[LEAGUE_HARD] = sorted[h].number;
            }
        }
    }
    return best;
}

bool league_strength_path(const char *game_dir, const char *strength, char path[HOME_PATH_BYTES],
                          why_t why)
{
    league_t league;
    for (int32_t s = 0; s < LEAGUE_NUM_STRENGTHS; s++) {
        if (strcmp(strength, league_strength_names[s]) != 0) continue;
        if (s == LEAGUE_BEST) {
            if (snprintf(path, HOME_PATH_BYTES, "%s/agent.safetensors", game_dir) < HOME_PATH_BYTES)
                return true;
            return refuse(why, "%.200s...: too long a path", game_dir);
        }
        if (!league_open(&league, game_dir, why)) return false;
        if (league.strengths[s] == 0)
            return refuse(why,
                          "%.300s: has %d past selves, and strengths need %d; `kata train --versus "
                          "self` adds them",
                          league.dir, league.num_entries, LEAGUE_BEST);
        league_weights_path(&league, league.strengths[s], path);
        return true;
    }
    return refuse(why, "strength must be easy, normal, hard or best, found '%.60s'", strength);
}
