/* eval.c - `kata eval ROM`: how good is the saved agent, or a random player? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "evaluation.h"
#include "game.h"
#include "interrupt.h"
#include "json_line.h"
#include "kinds.h"
#include "learning.h"
#include "league.h"
#include "learning_options.h"
#include "mined.h"
#include "note.h"
#include "numbers.h"
#include "similarity_prior.h"
#include "start_list.h"
#include "voice.h"
#include "why.h"

typedef struct {
    game_options_t game;
    int64_t episodes, workers, seed, idle_frames;
    int32_t who, strength; /* strength: a league_strength_t; -1: not given */
    double epsilon, sticky, kinds;
    double against_temperature; /* NAN: that of both */
    const char *record;
    bool json;
} eval_values_t;

static const option_t rows[] = {
    { "episodes", OPTION_COUNT, offsetof(eval_values_t, episodes), "N", 1, 1000000,
      "rounds to play" },
    { "agent", OPTION_TEXT, offsetof(eval_values_t, game) + offsetof(game_options_t, agent), "NAME",
      0, 0, "whose agent: `kata agents` lists them [own, else the one that came last]" },
    { "strength", OPTION_CHOICE, offsetof(eval_values_t, strength), "easy|normal|hard|best", 0, 0,
      "the first three: past selves that its league chose; best: the agent itself [best]" },
    { "who", OPTION_CHOICE, offsetof(eval_values_t, who), "agent|random", 0, 0, "who plays" },
    { "kinds", OPTION_REAL, offsetof(eval_values_t, kinds), "X", 0, KINDS_MAX_SHARPNESS,
      "with --who random: each kind of move alike, by the preset's similarity, so sharply" },
    { "epsilon", OPTION_REAL, offsetof(eval_values_t, epsilon), "X", 0, 1,
      "share of random actions in the agent's play [0.03, with --temperature 0]" },
    { "against-temperature", OPTION_REAL, offsetof(eval_values_t, against_temperature), "X", 0, 100,
      "--temperature of the one of --against [the same]" },
    { "idle-frames", OPTION_COUNT, offsetof(eval_values_t, idle_frames), "N", 0, 10000,
      "rounds begin 0 to N frames late [31 to 61, training's 0 to 30]" },
    { "sticky", OPTION_REAL, offsetof(eval_values_t, sticky), "X", 0, 1,
      "chance that a step keeps the last pad" },
    { "workers", OPTION_COUNT, offsetof(eval_values_t, workers), "N", 1, 256, "games at once" },
    { "seed", OPTION_COUNT, offsetof(eval_values_t, seed), "N", 0, 1e15,
      "random seed of the games" },
    { "record", OPTION_TEXT, offsetof(eval_values_t, record), "DIR", 0, 0,
      "keep each round's pads there, the best first, for `kata macros mine`" },
    { "json", OPTION_FLAG, offsetof(eval_values_t, json), NULL, 0, 0, "one JSON object" },
};
static const option_group_t groups[] = {
    { "The evaluation", rows, sizeof rows / sizeof rows[0], 0 },
    { "The game", game_many_starts_rows, GAME_NUM_OPTION_ROWS, offsetof(eval_values_t, game) },
    { "Both sides", game_side_rows, GAME_NUM_SIDE_ROWS, offsetof(eval_values_t, game) },
};

static void defaults(void *values)
{
    eval_values_t *v = values;
    v->episodes = 50;
    v->game.port = 1;
    v->game.many_starts = true;
    v->workers = 1;
    v->seed = 1;
    v->idle_frames = OPTION_UNSET;
    v->strength = -1;
    v->sticky = (double)EVALUATION_STICKY;
    v->epsilon = v->against_temperature = NAN;
}

/* Moves that are drawn by what they are worth differ without random ones. */
static double epsilon_of(const eval_values_t *v)
{
    if (!isnan(v->epsilon)) return v->epsilon;
    return v->game.temperature > 0 ? 0 : (double)EVALUATION_EPSILON;
}

typedef struct {
    const eval_values_t *values;
    game_t game;
    policy_t *policy; /* NULL: a random player */
    evaluation_t evaluation;
    kept_rounds_t kept;         /* with --record */
    actor_pool_config_t actors; /* that played */
    char note[NOTE_BYTES];
    double kinds[PRESET_MAX_ACTIONS]; /* with --kinds: how a random player draws */
    why_t why;
} eval_t;

/* By what an agent learned, or else by what a probe found. */
static bool take_kinds(eval_t *e)
{
    const preset_t *preset = e->game.preset;
    const int32_t num_actions = preset_num_actions(preset);
    const similarity_prior_t prior =
        preset_similarity(preset) ? SIMILARITY_PRIOR_PRESET : SIMILARITY_PRIOR_PROBE;
    double rho[PRESET_MAX_ACTIONS];
    float *matrix = malloc((size_t)num_actions * (size_t)num_actions * sizeof *matrix);
    if (!matrix) return refuse(e->why, "no memory for %d actions", (int)num_actions);
    const bool ok = similarity_prior(preset, prior, 0, matrix, e->why);
    if (ok) {
        (void)similarity_kinds(num_actions, matrix, rho);
        kinds_cumulate(num_actions, rho, e->values->kinds, e->kinds);
    }
    free(matrix);
    return ok;
}

static bool load_agent(eval_t *e)
{
    char path[HOME_PATH_BYTES];
    why_t cause;
    const int32_t strength = e->values->strength < 0 ? LEAGUE_BEST : e->values->strength;
    if (!league_strength_path(e->game.dir, league_strength_names[strength], path, e->why))
        return false;
    if (policy_load(&e->policy, path, e->note, sizeof e->note, cause) != AGENT_OK) {
        snprintf(e->why, sizeof e->why,
                 "%.500s; `kata train` makes an agent, and --who random needs none", cause);
        return false;
    }
    if (note_fits(e->note, policy_config(e->policy), e->game.preset, cause)) return true;
    snprintf(e->why, sizeof e->why, "%.300s: %.500s", path, cause);
    return false;
}

/* Actions by how often they were chosen. */
typedef struct {
    int32_t action;
    uint64_t count;
} use_t;

static int by_count(const void *a, const void *b)
{
    const use_t *left = a, *right = b;
    if (left->count != right->count) return left->count < right->count ? 1 : -1;
    return left->action - right->action;
}

static int32_t sort_uses(const eval_t *e, use_t uses[PRESET_MAX_ACTIONS])
{
    const int32_t num_actions = preset_num_actions(e->game.preset);
    for (int32_t a = 0; a < num_actions; a++)
        uses[a] = (use_t){ .action = a, .count = e->evaluation.counts[a] };
    qsort(uses, (size_t)num_actions, sizeof uses[0], by_count);
    return num_actions;
}

static double share_of(const eval_t *e, const use_t *use)
{
    return e->evaluation.decisions ? (double)use->count / (double)e->evaluation.decisions : 0;
}

static void print_result(const eval_t *e)
{
    const evaluation_result_t *result = &e->evaluation.result;
    char sentence[EVALUATION_SENTENCE_BYTES], decisions[NUMBERS_BYTES];
    evaluation_sentence(sentence, sizeof sentence, result);
    say("%s, %s: %s.\n", preset_game(e->game.preset), e->policy ? "the agent" : "a random player",
        sentence);
    evaluation_say_starts(result, &e->actors.actor);
    uint64_t trained_decisions = 0;
    if (e->policy) policy_trained(e->policy, &trained_decisions, NULL);
    if (e->policy)
        say("Trained for %s decisions; %s\n", numbers_grouped(decisions, trained_decisions),
            e->game.dir);
    say("Actions chosen, of %s:\n", numbers_grouped(decisions, e->evaluation.decisions));
    use_t uses[PRESET_MAX_ACTIONS];
    const int32_t num_actions = sort_uses(e, uses);
    int width = 0;
    for (int32_t a = 0; a < num_actions; a++) {
        const int length = (int)strlen(preset_action(e->game.preset, a)->name);
        if (length > width) width = length;
    }
    for (int32_t i = 0; i < num_actions; i++) {
        static const char bar[] = "########################################";
        const preset_action_t *action = preset_action(e->game.preset, uses[i].action);
        say("  %-*s  %-12s %5.1f %%  %.*s\n", width, action->name, action->macro.notation,
            100 * share_of(e, &uses[i]), (int)(share_of(e, &uses[i]) * 40 + 0.5), bar);
    }
}

static void add_starts(cJSON *object, const evaluation_result_t *result,
                       const actor_config_t *actor)
{
    cJSON *list = cJSON_AddArrayToObject(object, "starts");
    for (int32_t s = 0; s < result->num_starts; s++) {
        const evaluation_start_t *start = &result->starts[s];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", preset_start_name(actor->preset, actor->starts[s]));
        json_line_add_number(item, "episodes", 0, start->episodes);
        json_line_add_number(item, "won", 0, start->won);
        json_line_add_number(item, "lost", 0, start->lost);
        json_line_add_number(item, "drawn", 0, start->drawn);
        json_line_add_number(item, "courses", 0, start->courses);
        json_line_add_number(item, "courses_won", 0, start->courses_won);
        json_line_add_number(item, "win_rate", 4, (double)start->win_rate);
        json_line_add_number(item, "win_low", 4, (double)start->win_low);
        json_line_add_number(item, "win_high", 4, (double)start->win_high);
        cJSON_AddItemToArray(list, item);
    }
}

static void print_json(const eval_t *e)
{
    const evaluation_result_t *result = &e->evaluation.result;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "game", preset_game(e->game.preset));
    cJSON_AddStringToObject(object, "sha1", e->game.identity.sha1);
    cJSON_AddStringToObject(object, "core", e->game.core_name);
    char starts[512];
    start_list_text(starts, sizeof starts, e->game.preset, e->game.starts, e->game.num_starts);
    cJSON_AddStringToObject(object, "start", starts);
    json_line_add_number(object, "port", 0, e->game.port + 1);
    if (e->game.versus == OPPONENT_MASHER) cJSON_AddStringToObject(object, "versus", "masher");
    if (e->game.versus == OPPONENT_FILE)
        cJSON_AddStringToObject(object, "against", e->game.opponent_path);
    json_line_add_number(object, "reaction_ms", 0, reaction_ms[e->values->game.reaction]);
    if (e->game.temperature > 0)
        json_line_add_number(object, "temperature", 4, (double)e->game.temperature);
    if (e->game.versus == OPPONENT_FILE && e->game.against_temperature > 0)
        json_line_add_number(object, "against_temperature", 4, (double)e->game.against_temperature);
    cJSON_AddStringToObject(object, "who", e->policy ? "agent" : "random");
    if (e->values->strength >= 0)
        cJSON_AddStringToObject(object, "strength", league_strength_names[e->values->strength]);
    if (e->policy) {
        uint64_t trained_decisions, trained_updates;
        policy_trained(e->policy, &trained_decisions, &trained_updates);
        json_line_add_number(object, "trained_decisions", 0, (double)trained_decisions);
        json_line_add_number(object, "trained_updates", 0, (double)trained_updates);
        json_line_add_number(object, "epsilon", 4, epsilon_of(e->values));
    }
    json_line_add_number(object, "episodes", 0, result->episodes);
    json_line_add_number(object, "won", 0, result->won);
    json_line_add_number(object, "lost", 0, result->lost);
    json_line_add_number(object, "drawn", 0, result->drawn);
    json_line_add_number(object, "courses", 0, result->courses);
    json_line_add_number(object, "courses_won", 0, result->courses_won);
    json_line_add_number(object, "sticky", 4, e->values->sticky);
    json_line_add_number(object, "win_rate", 4, (double)result->win_rate);
    json_line_add_number(object, "win_low", 4, (double)result->win_low);
    json_line_add_number(object, "win_high", 4, (double)result->win_high);
    if (result->num_starts) add_starts(object, result, &e->actors.actor);
    json_line_add_number(object, "mean_return", 4, (double)result->mean_return);
    json_line_add_number(object, "mean_steps", 1, (double)result->mean_steps);
    json_line_add_number(object, "decisions", 0, (double)e->evaluation.decisions);
    json_line_add_number(object, "frames", 0, (double)e->evaluation.frames);
    cJSON *actions = cJSON_AddArrayToObject(object, "actions");
    use_t uses[PRESET_MAX_ACTIONS];
    const int32_t num_actions = sort_uses(e, uses);
    for (int32_t i = 0; i < num_actions; i++) {
        const preset_action_t *action = preset_action(e->game.preset, uses[i].action);
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", action->name);
        cJSON_AddStringToObject(item, "notation", action->macro.notation);
        json_line_add_number(item, "count", 0, (double)uses[i].count);
        json_line_add_number(item, "share", 4, share_of(e, &uses[i]));
        cJSON_AddItemToArray(actions, item);
    }
    json_line_print(object);
}

static int evaluate(eval_t *e)
{
    const eval_values_t *v = e->values;
    training_config_t config;
    training_config_defaults(&config, e->game.preset);
    e->actors = config.actors;
    actor_pool_config_t *const actors = &e->actors;
    game_actors(&e->game, actors);
    actors->num_actors = (int32_t)v->workers;
    actors->actor.seed = (uint64_t)v->seed;
    actors->actor.kinds = v->kinds > 0 ? e->kinds : NULL;
    evaluation_vary(actors, actors->actor.max_idle_frames);
    actors->actor.sticky_probability = (float)v->sticky;
    if (v->idle_frames != OPTION_UNSET) {
        actors->actor.min_idle_frames = 0;
        actors->actor.max_idle_frames = (int32_t)v->idle_frames;
    }
    progress_t progress;
    progress_begin(&progress);
    const evaluation_request_t request = { .policy = e->policy,
                                           .who = e->policy ? EVALUATION_AGENT : EVALUATION_RANDOM,
                                           .actors = actors,
                                           .episodes = (int32_t)v->episodes,
                                           .epsilon = (float)epsilon_of(v),
                                           .progress = &progress,
                                           .kept = v->record ? &e->kept : NULL };
    if (v->record && !kept_rounds_open(&e->kept, e->game.preset, actors->num_actors))
        return say_failed("no memory to record rounds");
    interrupt_catch();
    if (!evaluation_run(&e->evaluation, &request, e->why)) return say_failed("%s", e->why);
    if (v->record) kept_rounds_sort(&e->kept);
    if (v->record && !mined_save_rounds(&e->kept, &e->game, v->record, e->why))
        return say_failed("%s", e->why);
    if (v->json)
        print_json(e);
    else
        print_result(e);
    if (v->record && !v->json)
        say("%d rounds in %s, the best first.\n", (int)e->kept.num_rounds, v->record);
    return e->evaluation.interrupted ? EXIT_INTERRUPTED : EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    eval_t e = { .values = values };
    if (e.values->kinds > 0 && e.values->who != EVALUATION_RANDOM)
        return say_usage("eval: --kinds needs --who random");
    if (e.values->who == EVALUATION_RANDOM && e.values->strength >= 0)
        return say_usage("eval: --strength: a random player has none");
    if (e.values->who == EVALUATION_RANDOM && e.values->game.temperature > 0 &&
        !e.values->game.against)
        return say_usage("eval: --temperature: a random player has no values to draw by");
    const bool is_of_other = !isnan(e.values->against_temperature);
    if (is_of_other && !e.values->game.against)
        return say_usage("eval: --against-temperature is of the one of --against, and nobody is");
    if (!game_open(&e.game, arguments[0], &e.values->game, GAME_TO_READ, e.why))
        return say_failed("%s", e.why);
    if (is_of_other) e.game.against_temperature = (float)e.values->against_temperature;
    int status = EXIT_FAILED;
    if (e.values->kinds > 0 && !take_kinds(&e))
        say_failed("%s", e.why);
    else if (e.values->who == EVALUATION_RANDOM || load_agent(&e))
        status = evaluate(&e);
    else
        say_failed("%s", e.why);
    policy_destroy(e.policy);
    kept_rounds_close(&e.kept);
    game_close(&e.game);
    return status;
}

const command_t command_eval = {
    .name = "eval",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "how often the agent, or a random player, wins",
    .about =
        "Plays rounds with the saved agent, or with random actions, and prints how many were\n"
        "won, with a 95 % Wilson interval, the mean return, and how often each action was\n"
        "chosen. The agent learns nothing from it. --record keeps what was chosen in each round,\n"
        "frame by frame, for a fighter who looks right, without the sticky steps: moves are found\n"
        "in it, but it does not replay the round.",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples = "  How good is what I trained?\n"
                "    kata eval game.nes\n"
                "  And the easy one of its past selves?\n"
                "    kata eval game.nes --strength easy\n"
                "  And at each of its starts, ten rounds a start?\n"
                "    kata eval game.nes --start level1..level8 --episodes 80\n"
                "  And a random player, over 200 rounds, two at a time?\n"
                "    kata eval game.nes --who random --episodes 200 --workers 2\n"
                "  Which sequences does it repeat in its best ten rounds?\n"
                "    kata eval game.nes --record rounds\n"
                "    kata macros mine rounds/00?-*.kata-recording --jitter 0\n"
                "  For a script:\n"
                "    kata eval game.nes --json | jq .win_rate\n",
    .values_bytes = sizeof(eval_values_t),
    .defaults = defaults,
    .run = run,
};
