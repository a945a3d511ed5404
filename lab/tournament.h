/* tournament.h - agents that play each other: every pair, on both ports, rated by Glicko-2.
 *
 * A pair plays `rounds` rounds with the one on port 1 and as many with it on port 2, as
 * evaluation.h plays rounds: they begin at different times, some steps are sticky, and rounds of
 * one course count once. Ratings begin anew with each tournament, at 1500; a rating period is a
 * share of each pair's rounds, so they do not depend on the order in which pairs were played.
 */
#ifndef LAB_TOURNAMENT_H
#define LAB_TOURNAMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_pool.h"
#include "glicko.h"
#include "progress.h"
#include "why.h"

enum { TOURNAMENT_MAX_PLAYERS = 80, TOURNAMENT_NAME_BYTES = 64 };

typedef struct {
    char name[TOURNAMENT_NAME_BYTES];
    opponent_kind_t kind; /* OPPONENT_MASHER, OPPONENT_RANDOM, or OPPONENT_FILE with `path` */
    char path[HOME_PATH_BYTES];
} tournament_player_t;

/* Different rounds of one against another, or of one against all. */
typedef struct {
    int32_t rounds, won, lost, drawn;
} tournament_score_t;

typedef struct {
    int32_t num_players;
    const tournament_player_t *players; /* borrowed */
    tournament_score_t *pairs;          /* (num_players, num_players): of the row's */
    glicko_t *ratings;                  /* (num_players) */
    uint64_t frames;
    bool interrupted; /* by Ctrl-C: pairs that were not played have no rounds */
} tournament_t;

typedef struct {
    const actor_pool_config_t *actors; /* of a start for two; seats and opponents are filled in */
    const tournament_player_t *players;
    int32_t num_players; /* 2 or more */
    int32_t rounds;      /* of a pair and a port */
    progress_t *progress;
} tournament_request_t;

/* False: `why` says what is wrong with whom. Close it in either case. */
bool tournament_play(tournament_t *tournament, const tournament_request_t *request, why_t why);
void tournament_close(tournament_t *tournament);
/* Against everybody. */
tournament_score_t tournament_score(const tournament_t *tournament, int32_t player);
/* Ratings from `pairs`. */
void tournament_rate(tournament_t *tournament);

#endif
