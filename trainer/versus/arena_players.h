/* arena_players.h - from the words of `kata arena` to who plays. */
#ifndef TRAINER_ARENA_PLAYERS_H
#define TRAINER_ARENA_PLAYERS_H

#include <stdbool.h>
#include <stdint.h>

#include "game.h"
#include "league.h"
#include "tournament.h"
#include "why.h"

typedef struct {
    int32_t num_players;
    tournament_player_t players[TOURNAMENT_MAX_PLAYERS];
    int32_t numbers[TOURNAMENT_MAX_PLAYERS]; /* of past selves; 0: the agent itself; -1: others */
} arena_players_t;

/* A word: own; masher; random; easy, normal, hard, best; a past self's number; a folder or a file
 * with a slash in it; the name of an agent that was sent. One that is there already is not added
 * again. False: nobody is called so, or the agent does not fit the game's preset. */
bool arena_players_add(arena_players_t *players, const game_t *game, const char *word, why_t why);
/* The checkpoint of an agent by the same words, masher and random not among them. */
bool arena_players_find(char path[HOME_PATH_BYTES], const game_t *game, const char *word,
                        why_t why);
/* The agent itself and all of its past selves. */
bool arena_players_add_league(arena_players_t *players, const game_t *game, const league_t *league,
                              why_t why);

#endif
