/* league.h - past selves of an agent: their weights on the disk, their ratings, the strengths that
 * are chosen among them.
 *
 *     <game folder>/league/0001.safetensors ...   weights alone (policy.h), in half precision where
 *                                                 they fit into it
 *     <game folder>/league/league.json            who is in it, ratings, strengths
 *
 * A fixed size. Where one more comes, another goes: of all but the first and the newest the one
 * whose neighbours are nearest to each other in decisions, of equals the oldest. So the first and
 * the newest stay, and those between them are spread evenly over the whole training.
 *
 * Ratings are Glicko-2's (glicko.h). The agent itself has one, too; a past self begins with the
 * agent's of that moment. league_note() collects results, league_rate() ends a period.
 *
 * Files. Weights are written first, then league.json; who goes leaves league.json first. So at
 * every moment league.json names files that are there; a file that it does not name is removed by
 * the next league_add(). Each file is replaced as a whole (files.h). A league.json that is cut,
 * altered or has a number out of its range is refused with a sentence: it has a CRC-32 of itself.
 *
 * Who writes holds the game folder's lock (training.h). Nothing here runs while frames do.
 */
#ifndef PLAYER_LEAGUE_H
#define PLAYER_LEAGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "glicko.h"
#include "home.h"
#include "policy.h"
#include "why.h"

enum { LEAGUE_MAX_SIZE = 64, LEAGUE_DEFAULT_SIZE = 16, LEAGUE_MAX_NUMBER = 9999 };

/* Strengths. Easy, normal and hard are past selves, best is the agent itself. */
typedef enum { LEAGUE_EASY = 0, LEAGUE_NORMAL, LEAGUE_HARD, LEAGUE_BEST } league_strength_t;
enum { LEAGUE_NUM_STRENGTHS = LEAGUE_BEST + 1 };
extern const char *const league_strength_names[LEAGUE_NUM_STRENGTHS];

typedef struct {
    int32_t number;     /* of its file, 1..LEAGUE_MAX_NUMBER; rises with time */
    uint64_t decisions; /* of training, when it was taken */
    glicko_t rating;
    double rounds;                /* that it was rated by */
    double met_rounds, met_score; /* of the agent against it, since the last period */
} league_entry_t;

typedef struct {
    char dir[HOME_PATH_BYTES]; /* <game folder>/league */
    int32_t size;              /* 2..LEAGUE_MAX_SIZE */
    int32_t num_entries;
    league_entry_t entries[LEAGUE_MAX_SIZE + 1]; /* the oldest first */
    int32_t last_number;                         /* that a file had */
    glicko_t agent;
    double agent_rounds;
    int32_t strengths[LEAGUE_BEST]; /* numbers of easy, normal and hard; 0: not chosen */
} league_t;

/* What is saved in the game's folder, or an empty league. False: league.json is damaged. */
bool league_open(league_t *league, const char *game_dir, why_t why);
/* An empty one whose numbers go on behind those of files that are there. */
void league_begin_anew(league_t *league, const char *game_dir);
/* Of league.json alone. */
bool league_save(const league_t *league, why_t why);

/* One more: the agent as `policy` plays it greedily, with the note of its checkpoint. Ends a rating
 * period, saves, and thins to league->size. False: the league is as before. */
bool league_add(league_t *league, const policy_t *policy, const char *note, uint64_t decisions,
                why_t why);
/* NULL: nobody has this number (any more). */
league_entry_t *league_find(league_t *league, int32_t number);
/* A round of the agent against a past self: 1 won, 0.5 drawn, 0 lost. */
void league_note(league_t *league, int32_t number, double score);
/* The end of a period: those who met are rated, and the strengths are chosen anew. */
void league_rate(league_t *league);
/* Of all triples of past selves with ratings in order: the one whose smallest distance, between
 * neighbours and from hard to the agent, is largest; distances are measured in the half width of
 * the difference's 95 % interval, so that above 1 their intervals are apart. Fewer than three past
 * selves: none. Returns that distance, 0 where none were chosen. */
double league_choose_strengths(league_t *league);

void league_weights_path(const league_t *league, int32_t number, char path[HOME_PATH_BYTES]);
/* The file of a strength of the game in this folder, for `kata eval` and the plugin: for "best" the
 * agent's own. False: no such strength; `why` says what is missing. */
bool league_strength_path(const char *game_dir, const char *strength, char path[HOME_PATH_BYTES],
                          why_t why);

#endif
