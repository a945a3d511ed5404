/* tournament.c - see tournament.h. */
#include "tournament.h"

#include <stdio.h>
#include <stdlib.h>

#include "evaluation.h"
#include "interrupt.h"
#include "policy.h"

enum { PERIODS = 10 };

typedef struct {
    tournament_t *tournament;
    const tournament_request_t *request;
    char label[160];
    int32_t ended;
} table_t;

static bool watch(void *context, const actor_turn_t *turn)
{
    table_t *table = context;
    char text[240];
    if (turn->began) return true;
    table->tournament->frames += (uint64_t)turn->outcome.duration_frames;
    table->ended += turn->outcome.terminal || turn->outcome.truncated;
    snprintf(text, sizeof text, "%s, round %d of %d", table->label,
             table->ended + 1 < table->request->rounds ? table->ended + 1 : table->request->rounds,
             table->request->rounds);
    if (table->request->progress) progress_show_text(table->request->progress, text);
    table->tournament->interrupted = interrupt_asked();
    return !table->tournament->interrupted;
}

static void count(tournament_score_t *score, int32_t won, int32_t lost, int32_t drawn,
                  int32_t rounds)
{
    score->rounds += rounds;
    score->won += won;
    score->lost += lost;
    score->drawn += drawn;
}

/* Rounds of a, on this port, against b. A masher holds a pad and no seat, so it is always b. */
static bool play_side(table_t *table, int32_t a, int32_t b, uint32_t port, char *why)
{
    tournament_t *t = table->tournament;
    const tournament_player_t *one = &t->players[a], *other = &t->players[b];
    actor_pool_config_t actors = *table->request->actors;
    actors.actor.port = port;
    actors.actor.versus = other->kind;
    actors.actor.opponent_path = other->kind == OPPONENT_FILE ? other->path : NULL;
    policy_t *policy = NULL;
    if (one->kind == OPPONENT_FILE && policy_load(&policy, one->path, NULL, 0, why) != AGENT_OK)
        return false;
    evaluation_result_t result;
    table->ended = 0;
    snprintf(table->label, sizeof table->label, "%.60s against %.60s", one->name, other->name);
    const bool ok = evaluation_play(policy, policy ? EVALUATION_AGENT : EVALUATION_RANDOM, &actors,
                                    table->request->rounds, 0, watch, table, &result, why);
    policy_destroy(policy);
    if (!ok) return false;
    const int32_t n = t->num_players;
    count(&t->pairs[a * n + b], result.courses_won, result.courses_lost, result.courses_drawn,
          result.courses);
    count(&t->pairs[b * n + a], result.courses_lost, result.courses_won, result.courses_drawn,
          result.courses);
    return true;
}

static bool play_pair(table_t *table, int32_t a, int32_t b, char *why)
{
    const bool swaps = table->tournament->players[a].kind == OPPONENT_MASHER;
    for (uint32_t port = 0; port < 2 && !table->tournament->interrupted; port++)
        if (!play_side(table, swaps ? b : a, swaps ? a : b, port, why)) return false;
    return true;
}

static bool check(const tournament_request_t *request, char *why)
{
    if (request->num_players < 2 || request->num_players > TOURNAMENT_MAX_PLAYERS)
        return refuse(why, "players must be 2 to %d, found %d", TOURNAMENT_MAX_PLAYERS,
                      request->num_players);
    int32_t mashers = 0;
    for (int32_t p = 0; p < request->num_players; p++)
        mashers += request->players[p].kind == OPPONENT_MASHER;
    return mashers < 2 || refuse(why, "the masher can be in it once, found %d times", mashers);
}

bool tournament_play(tournament_t *tournament, const tournament_request_t *request, why_t why)
{
    const int32_t n = request->num_players;
    *tournament = (tournament_t){ .num_players = n, .players = request->players };
    if (!check(request, why)) return false;
    tournament->pairs = calloc((size_t)n * (size_t)n, sizeof *tournament->pairs);
    tournament->ratings = calloc((size_t)n, sizeof *tournament->ratings);
    if (!tournament->pairs || !tournament->ratings)
        return refuse(why, "no memory for %d players", n);
    table_t table = { .tournament = tournament, .request = request };
    bool ok = true;
    for (int32_t a = 0; ok && a < n; a++)
        for (int32_t b = a + 1; ok && b < n && !tournament->interrupted; b++)
            ok = play_pair(&table, a, b, why);
    if (request->progress) progress_clear(request->progress);
    tournament_rate(tournament);
    return ok;
}

void tournament_close(tournament_t *tournament)
{
    free(tournament->pairs);
    free(tournament->ratings);
    tournament->pairs = NULL;
    tournament->ratings = NULL;
}

tournament_score_t tournament_score(const tournament_t *tournament, int32_t player)
{
    tournament_score_t sum = { 0 };
    for (int32_t b = 0; b < tournament->num_players; b++) {
        const tournament_score_t *pair = &tournament->pairs[player * tournament->num_players + b];
        count(&sum, pair->won, pair->lost, pair->drawn, pair->rounds);
    }
    return sum;
}

void tournament_rate(tournament_t *tournament)
{
    const int32_t n = tournament->num_players;
    glicko_t before[TOURNAMENT_MAX_PLAYERS];
    for (int32_t p = 0; p < n; p++) glicko_begin(&tournament->ratings[p]);
    for (int32_t period = 0; period < PERIODS; period++) {
        for (int32_t p = 0; p < n; p++) before[p] = tournament->ratings[p];
        for (int32_t p = 0; p < n; p++) {
            glicko_result_t results[TOURNAMENT_MAX_PLAYERS];
            int32_t num_results = 0;
            for (int32_t b = 0; b < n; b++) {
                const tournament_score_t *pair = &tournament->pairs[p * n + b];
                if (pair->rounds == 0) continue;
                /* A round that nobody won within the step limit says as much as a drawn one. */
                const double score = pair->won + 0.5 * (pair->rounds - pair->won - pair->lost);
                results[num_results++] =
                    (glicko_result_t){ before[b], (double)pair->rounds / PERIODS, score / PERIODS };
            }
            if (num_results > 0) glicko_update(&tournament->ratings[p], results, num_results);
        }
    }
}
