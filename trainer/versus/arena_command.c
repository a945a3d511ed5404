/* arena_command.c - `kata arena ROM A B ...`: agents play each other, and who is how strong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "arena_players.h"
#include "commands.h"
#include "evaluation.h"
#include "interrupt.h"
#include "json_line.h"
#include "numbers.h"
#include "training.h"
#include "voice.h"

typedef struct {
    game_options_t game;
    int64_t rounds, workers, seed;
    double sticky;
    bool rate, json;
} arena_values_t;

static const option_t rows[] = {
    { "rounds", OPTION_COUNT, offsetof(arena_values_t, rounds), "N", 1, 100000,
      "rounds of each pair on each port" },
    { "rate", OPTION_FLAG, offsetof(arena_values_t, rate), NULL, 0, 0,
      "with own and all past selves; the league keeps the ratings and chooses its strengths" },
    { "sticky", OPTION_REAL, offsetof(arena_values_t, sticky), "X", 0, 1,
      "chance that a step keeps the last pad" },
    { "temperature", OPTION_REAL,
      offsetof(arena_values_t, game) + offsetof(game_options_t, temperature), "X", 0, 100,
      "agents take moves that are worth about the same in turns: softmax(Q / X); 0: the best" },
    { "workers", OPTION_COUNT, offsetof(arena_values_t, workers), "N", 1, 256, "games at once" },
    { "seed", OPTION_COUNT, offsetof(arena_values_t, seed), "N", 0, 1e15,
      "random seed of the games" },
    { "json", OPTION_FLAG, offsetof(arena_values_t, json), NULL, 0, 0, "one JSON object" },
};
static const option_group_t groups[] = {
    { "The rounds", rows, sizeof rows / sizeof rows[0], 0 },
    { "The game", game_option_rows, GAME_NUM_OPTION_ROWS, offsetof(arena_values_t, game) },
};

static void defaults(void *values)
{
    arena_values_t *v = values;
    v->rounds = 10;
    v->workers = 1;
    v->seed = 1;
    v->sticky = (double)EVALUATION_STICKY;
}

typedef struct {
    const arena_values_t *values;
    game_t game;
    int32_t start;
    league_t league;
    int lock; /* on the game's folder, with --rate; -1: none */
    arena_players_t players;
    tournament_t tournament;
    int32_t order[TOURNAMENT_MAX_PLAYERS]; /* the strongest first */
    why_t why;
} arena_run_t;

/* ---- who plays ------------------------------------------------------------------------------- */

static bool gather(arena_run_t *a, char *const *words, int32_t num_words)
{
    const arena_values_t *v = a->values;
    if ((v->rate || num_words == 0) && !league_open(&a->league, a->game.dir, a->why)) return false;
    if (v->rate && a->league.num_entries == 0)
        return refuse(a->why,
                      "%.300s: has no past selves to rate; `kata train --versus self` adds "
                      "them",
                      a->league.dir);
    if ((v->rate || num_words == 0) &&
        !arena_players_add_league(&a->players, &a->game, &a->league, a->why))
        return false;
    if (num_words == 0 && !arena_players_add(&a->players, &a->game, "masher", a->why)) return false;
    for (int32_t i = 0; i < num_words; i++)
        if (!arena_players_add(&a->players, &a->game, words[i], a->why)) return false;
    return a->players.num_players >= 2 ||
           refuse(a->why, "two different players are needed, found %d", a->players.num_players);
}

static bool play(arena_run_t *a)
{
    const arena_values_t *v = a->values;
    training_config_t config;
    training_config_defaults(&config, a->game.preset);
    actor_pool_config_t actors = config.actors;
    game_actors(&a->game, &actors);
    actors.num_actors = (int32_t)v->workers;
    actors.actor.start = a->start;
    actors.actor.seed = (uint64_t)v->seed;
    evaluation_vary(&actors, actors.actor.max_idle_frames);
    actors.actor.sticky_probability = (float)v->sticky;
    progress_t progress;
    progress_begin(&progress);
    const tournament_request_t request = { .actors = &actors,
                                           .players = a->players.players,
                                           .num_players = a->players.num_players,
                                           .rounds = (int32_t)v->rounds,
                                           .progress = &progress };
    interrupt_catch();
    return tournament_play(&a->tournament, &request, a->why);
}

static void sort(arena_run_t *a)
{
    for (int32_t p = 0; p < a->tournament.num_players; p++) {
        int32_t at = p;
        for (; at > 0 &&
               a->tournament.ratings[a->order[at - 1]].rating < a->tournament.ratings[p].rating;
             at--)
            a->order[at] = a->order[at - 1];
        a->order[at] = p;
    }
}

/* ---- what is said ---------------------------------------------------------------------------- */

static double low_of(const glicko_t *r)
{
    return r->rating - GLICKO_95 * r->deviation;
}

static double high_of(const glicko_t *r)
{
    return r->rating + GLICKO_95 * r->deviation;
}

static void print_pairs(const arena_run_t *a)
{
    const tournament_t *t = &a->tournament;
    say("\nRounds won by the row's against the column's:\n%-20s", "");
    for (int32_t c = 0; c < t->num_players; c++) say(" %8.8s", t->players[a->order[c]].name);
    say("\n");
    for (int32_t r = 0; r < t->num_players; r++) {
        say("%-20.20s", t->players[a->order[r]].name);
        for (int32_t c = 0; c < t->num_players; c++) {
            const tournament_score_t *pair = &t->pairs[a->order[r] * t->num_players + a->order[c]];
            char cell[24] = "-";
            if (pair->rounds) snprintf(cell, sizeof cell, "%d/%d", pair->won, pair->rounds);
            say(" %8s", cell);
        }
        say("\n");
    }
}

static void print_table(const arena_run_t *a)
{
    enum { MOST_COLUMNS = 10 };
    const tournament_t *t = &a->tournament;
    char frames[NUMBERS_BYTES];
    say("%s on %s, start %s: %d players, %d rounds a pair and port, %s frames.\n\n",
        preset_game(a->game.preset), a->game.core_name, preset_start_name(a->game.preset, a->start),
        t->num_players, (int)a->values->rounds, numbers_grouped(frames, t->frames));
    say("%-20s %6s %12s  %6s %5s %5s %5s  %5s %11s\n", "", "rating", "95 %", "rounds", "won",
        "lost", "drawn", "wins", "95 %");
    for (int32_t i = 0; i < t->num_players; i++) {
        const int32_t p = a->order[i];
        const glicko_t *rating = &t->ratings[p];
        const tournament_score_t score = tournament_score(t, p);
        double low, high;
        evaluation_interval(score.won, score.rounds, &low, &high);
        say("%-20.20s %6.0f %5.0f-%-6.0f  %6d %5d %5d %5d  %3.0f %% %3.0f-%.0f %%\n",
            t->players[p].name, rating->rating, low_of(rating), high_of(rating), score.rounds,
            score.won, score.lost, score.drawn, score.rounds ? 100.0 * score.won / score.rounds : 0,
            100 * low, 100 * high);
    }
    if (t->num_players <= MOST_COLUMNS) print_pairs(a);
}

static void add_score(cJSON *item, const tournament_score_t *score)
{
    json_line_add_number(item, "rounds", 0, score->rounds);
    json_line_add_number(item, "won", 0, score->won);
    json_line_add_number(item, "lost", 0, score->lost);
    json_line_add_number(item, "drawn", 0, score->drawn);
}

static void print_json(const arena_run_t *a)
{
    const tournament_t *t = &a->tournament;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "game", preset_game(a->game.preset));
    cJSON_AddStringToObject(object, "sha1", a->game.identity.sha1);
    cJSON_AddStringToObject(object, "core", a->game.core_name);
    cJSON_AddStringToObject(object, "start", preset_start_name(a->game.preset, a->start));
    json_line_add_number(object, "rounds_asked", 0, (double)a->values->rounds);
    json_line_add_number(object, "frames", 0, (double)t->frames);
    cJSON *players = cJSON_AddArrayToObject(object, "players");
    for (int32_t i = 0; i < t->num_players; i++) {
        const int32_t p = a->order[i];
        const tournament_score_t score = tournament_score(t, p);
        double low, high;
        evaluation_interval(score.won, score.rounds, &low, &high);
        cJSON *item = cJSON_CreateObject();
        json_line_add_text(item, "name", t->players[p].name);
        json_line_add_number(item, "rating", 1, t->ratings[p].rating);
        json_line_add_number(item, "rating_low", 1, low_of(&t->ratings[p]));
        json_line_add_number(item, "rating_high", 1, high_of(&t->ratings[p]));
        add_score(item, &score);
        json_line_add_number(item, "win_rate", 4,
                             score.rounds ? (double)score.won / score.rounds : 0);
        json_line_add_number(item, "win_low", 4, low);
        json_line_add_number(item, "win_high", 4, high);
        cJSON_AddItemToArray(players, item);
    }
    cJSON *pairs = cJSON_AddArrayToObject(object, "pairs");
    for (int32_t i = 0; i < t->num_players; i++)
        for (int32_t j = i + 1; j < t->num_players; j++) {
            const int32_t p = a->order[i], q = a->order[j];
            cJSON *item = cJSON_CreateObject();
            json_line_add_text(item, "a", t->players[p].name);
            json_line_add_text(item, "b", t->players[q].name);
            add_score(item, &t->pairs[p * t->num_players + q]);
            cJSON_AddItemToArray(pairs, item);
        }
    json_line_print(object);
}

/* ---- what is kept ---------------------------------------------------------------------------- */

static void take_rating(arena_run_t *a, int32_t player)
{
    const tournament_score_t score = tournament_score(&a->tournament, player);
    const int32_t number = a->players.numbers[player];
    league_entry_t *entry = number > 0 ? league_find(&a->league, number) : NULL;
    if (number == 0) {
        a->league.agent = a->tournament.ratings[player];
        a->league.agent_rounds = score.rounds;
    } else if (entry) {
        entry->rating = a->tournament.ratings[player];
        entry->rounds = score.rounds;
    }
}

static bool keep(arena_run_t *a)
{
    for (int32_t p = 0; p < a->tournament.num_players; p++) take_rating(a, p);
    const double apart = league_choose_strengths(&a->league);
    if (!league_save(&a->league, a->why)) return false;
    if (a->values->json) return true;
    if (a->league.strengths[LEAGUE_EASY] == 0) {
        say("\nRatings kept in %s; strengths need %d past selves.\n", a->league.dir, LEAGUE_BEST);
        return true;
    }
    say("\nKept in %s. Strengths: easy %04d, normal %04d, hard %04d, best the agent itself; %s\n",
        a->league.dir, a->league.strengths[LEAGUE_EASY], a->league.strengths[LEAGUE_NORMAL],
        a->league.strengths[LEAGUE_HARD],
        apart > 1 ? "their ratings' intervals are apart."
                  : "not all of their ratings are surely different.");
    return true;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    static arena_run_t arena;
    arena_run_t *a = &arena;
    *a = (arena_run_t){ .values = values, .lock = -1 };
    if (!game_open(&a->game, arguments[0], &a->values->game, GAME_TO_READ, a->why))
        return say_failed("%s", a->why);
    a->start = game_versus_start(&a->game);
    bool ok =
        a->start >= 0 || refuse(a->why, "%s has no start with \"players\": 2 (presets/FORMAT.md)",
                                preset_game(a->game.preset));
    if (ok && a->values->rate) ok = training_lock_dir(a->game.dir, &a->lock, a->why);
    ok = ok && gather(a, arguments + 1, num_arguments - 1) && play(a);
    int status = ok ? EXIT_OK : EXIT_FAILED;
    if (ok) {
        sort(a);
        if (a->values->json)
            print_json(a);
        else
            print_table(a);
        if (a->tournament.interrupted)
            status = EXIT_INTERRUPTED;
        else if (a->values->rate && !keep(a))
            status = EXIT_FAILED;
    }
    if (status == EXIT_FAILED) say_failed("%s", a->why);
    tournament_close(&a->tournament);
    training_unlock_dir(a->lock);
    game_close(&a->game);
    return status;
}

const command_t command_arena = {
    .name = "arena",
    .arguments = "ROM [PLAYER ...]",
    .min_arguments = 1,
    .max_arguments = TOURNAMENT_MAX_PLAYERS + 1,
    .summary = "agents play each other, and who is how strong",
    .about =
        "Each player plays each other on both ports, in the preset's start for two, and a table\n"
        "says who won how often, with 95 % Wilson intervals, and ratings by Glicko-2 with theirs.\n"
        "Rounds begin at different times and 2 % of their steps are sticky; equal courses count\n"
        "once. A player is: own, the game's agent; the number of a past self in its league\n"
        "(0012); easy, normal, hard or best, where the league chose them; a name of `kata\n"
        "agents`; masher, which presses anything; random actions; a folder or a checkpoint, with\n"
        "a slash in it. Without any: own, all past selves, masher.",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples = "  Is it better than what a friend sent?\n"
                "    kata arena game.nes own ryu --rounds 50\n"
                "  Which of two trainings is better, and are they better than mashing?\n"
                "    kata arena game.nes /tmp/first/ /tmp/second/ masher\n"
                "  Rate the whole league, and choose easy, normal and hard by it:\n"
                "    kata arena game.nes --rate --rounds 20 --workers 2\n"
                "  For a script:\n"
                "    kata arena game.nes own masher --json | jq .players[0].name\n",
    .values_bytes = sizeof(arena_values_t),
    .defaults = defaults,
    .run = run,
};
