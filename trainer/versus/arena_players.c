/* arena_players.c - see arena_players.h. */
#include "arena_players.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "note.h"
#include "policy.h"
#include "shelf.h"

static bool is_word(const char *word, const char *const *words, int32_t num_words)
{
    for (int32_t i = 0; i < num_words; i++)
        if (strcmp(word, words[i]) == 0) return true;
    return false;
}

static bool join(char path[HOME_PATH_BYTES], const char *dir, char *why)
{
    if (snprintf(path, HOME_PATH_BYTES, "%s/agent.safetensors", dir) < HOME_PATH_BYTES) return true;
    return refuse(why, "%.200s...: too long a path", dir);
}

/* A file, or a folder with an agent in it. */
static bool find_path(char path[HOME_PATH_BYTES], const char *word, char *why)
{
    struct stat what;
    if (stat(word, &what) == 0 && S_ISDIR(what.st_mode)) return join(path, word, why);
    if (snprintf(path, HOME_PATH_BYTES, "%s", word) < HOME_PATH_BYTES) return true;
    return refuse(why, "%.200s...: too long a path", word);
}

/* *number: as in arena_players_t. */
static bool find_file(char path[HOME_PATH_BYTES], int32_t *number, const game_t *game,
                      const char *word, char *why)
{
    const identity_t *id = &game->identity;
    char dir[HOME_PATH_BYTES], name[PACKAGE_NAME_BYTES];
    *number = -1;
    if (strcmp(word, "own") == 0 || strcmp(word, "best") == 0) {
        *number = 0;
        return join(path, game->dir, why);
    }
    if (is_word(word, league_strength_names, LEAGUE_NUM_STRENGTHS)) {
        if (!league_strength_path(game->dir, word, path, why)) return false;
        *number = (int32_t)strtol(strrchr(path, '/') + 1, NULL, 10);
        return true;
    }
    if (strlen(word) <= 4 && strspn(word, "0123456789") == strlen(word)) {
        league_t league;
        if (!league_open(&league, game->dir, why)) return false;
        *number = (int32_t)strtol(word, NULL, 10);
        if (!league_find(&league, *number))
            return refuse(why, "%.300s: has no past self %s", league.dir, word);
        league_weights_path(&league, *number, path);
        return true;
    }
    if (strchr(word, '/')) return find_path(path, word, why);
    return shelf_find(dir, name, NULL, id->system, id->sha1, word, why) && join(path, dir, why);
}

static bool check_agent(const game_t *game, const char *path, char *why)
{
    char *note = malloc(NOTE_BYTES);
    policy_t *policy = NULL;
    why_t cause;
    if (!note) return refuse(why, "no memory for a checkpoint's note");
    bool ok = policy_load(&policy, path, note, NOTE_BYTES, cause) == AGENT_OK;
    if (!ok)
        refuse(why, "%s", cause);
    else if (!note_fits(note, policy_config(policy), game->preset, cause))
        ok = refuse(why, "%.300s: %.500s", path, cause);
    policy_destroy(policy);
    free(note);
    return ok;
}

bool arena_players_find(char path[HOME_PATH_BYTES], const game_t *game, const char *word, why_t why)
{
    int32_t number;
    return find_file(path, &number, game, word, why) && check_agent(game, path, why);
}

static bool add(arena_players_t *players, const game_t *game, const tournament_player_t *player,
                int32_t number, char *why)
{
    for (int32_t p = 0; p < players->num_players; p++)
        if (players->players[p].kind == player->kind &&
            strcmp(players->players[p].path, player->path) == 0)
            return true;
    if (players->num_players == TOURNAMENT_MAX_PLAYERS)
        return refuse(why, "%s is one player too many: at most %d", player->name,
                      TOURNAMENT_MAX_PLAYERS);
    if (player->kind == OPPONENT_FILE && !check_agent(game, player->path, why)) return false;
    players->numbers[players->num_players] = number;
    players->players[players->num_players++] = *player;
    return true;
}

bool arena_players_add(arena_players_t *players, const game_t *game, const char *word, why_t why)
{
    tournament_player_t player = { .kind = OPPONENT_FILE };
    int32_t number = -1;
    const size_t length = strlen(word), most = sizeof player.name - 1;
    snprintf(player.name, sizeof player.name, "%s", length > most ? word + length - most : word);
    if (strcmp(word, "masher") == 0)
        player.kind = OPPONENT_MASHER;
    else if (strcmp(word, "random") == 0)
        player.kind = OPPONENT_RANDOM;
    else if (!find_file(player.path, &number, game, word, why))
        return false;
    return add(players, game, &player, number, why);
}

bool arena_players_add_league(arena_players_t *players, const game_t *game, const league_t *league,
                              why_t why)
{
    if (!arena_players_add(players, game, "own", why)) return false;
    for (int32_t i = 0; i < league->num_entries; i++) {
        tournament_player_t player = { .kind = OPPONENT_FILE };
        const int32_t number = league->entries[i].number;
        snprintf(player.name, sizeof player.name, "%04d", number);
        league_weights_path(league, number, player.path);
        if (!add(players, game, &player, number, why)) return false;
    }
    return true;
}
