/* demo.c - `kata demo ROM`: what a few minutes of learning do, from the first round to a picture.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "files.h"
#include "interrupt.h"
#include "learning.h"
#include "learning_options.h"
#include "numbers.h"
#include "poster.h"
#include "retroarch.h"
#include "shell.h"
#include "start_list.h"
#include "voice.h"
#include "why.h"

typedef struct {
    game_options_t game;
    learning_options_t learning;
    double minutes;
    int64_t episodes;
    const char *picture;
    bool fresh;
} demo_values_t;

static const option_t demo_rows[] = {
    { "minutes", OPTION_REAL, offsetof(demo_values_t, minutes), "M", 0.001, 1e6, "train so long" },
    { "episodes", OPTION_COUNT, offsetof(demo_values_t, episodes), "N", 1, 100000,
      "rounds of each of the three evaluations" },
    { "picture", OPTION_TEXT, offsetof(demo_values_t, picture), "FILE", 0, 0,
      "where the picture goes [demo.png]" },
    { "fresh", OPTION_FLAG, offsetof(demo_values_t, fresh), NULL, 0, 0,
      "begin anew; what was saved is replaced at the first save" },
};
static const option_group_t groups[] = {
    { "The demonstration", demo_rows, sizeof demo_rows / sizeof demo_rows[0], 0 },
    LEARNING_GROUPS(demo_values_t),
};

static void demo_defaults(demo_values_t *v)
{
    v->minutes = 5;
    v->episodes = 30;
    v->game.many_starts = true;
    v->picture = "demo.png";
}

static void defaults(void *values)
{
    demo_defaults(values);
    learning_options_unset(&((demo_values_t *)values)->learning);
}

static void shown(void *values)
{
    demo_defaults(values);
    learning_options_default(&((demo_values_t *)values)->learning);
}

enum { RANDOM = 0, BEFORE, AFTER, NUM_PLAYERS };

typedef struct {
    const demo_values_t *values;
    game_t game;
    training_config_t config;
    actor_pool_config_t evaluation_actors;
    preset_t *similarity_from;
    curve_t curve;
    progress_t progress;
    live_t live;
    learning_plan_t plan;
    learning_t learning; /* of the above; its training is NULL for a random player */
    strip_t strip;
    evaluation_result_t results[NUM_PLAYERS];
    char names[NUM_PLAYERS][64];
    double seconds;
    bool interrupted;
    why_t why;
} demo_t;

/* One of the three evaluations; prints how it ended. */
static bool evaluate(demo_t *d, int player, strip_t *strip)
{
    policy_t *policy = player == RANDOM ? NULL : agent_policy(training_agent(d->learning.training));
    const evaluation_request_t request = { .policy = policy,
                                           .who = policy ? EVALUATION_AGENT : EVALUATION_RANDOM,
                                           .actors = &d->evaluation_actors,
                                           .episodes = (int32_t)d->values->episodes,
                                           .epsilon = EVALUATION_EPSILON,
                                           .progress = &d->progress,
                                           .strip = strip };
    evaluation_t evaluation;
    char before[80];
    why_t cause;
    if (!evaluation_run(&evaluation, &request, cause))
        return refuse(d->why, "%s: %s", d->names[player], cause);
    d->interrupted = evaluation.interrupted;
    d->results[player] = evaluation.result;
    if (d->interrupted) return true;
    snprintf(before, sizeof before, "%-24s", d->names[player]);
    if (policy) return learning_record(&d->learning, before, &evaluation.result, d->why);
    evaluation_say(before, &evaluation.result);
    return true;
}

static void name_players(demo_t *d, uint64_t decisions)
{
    char number[NUMBERS_BYTES];
    snprintf(d->names[RANDOM], sizeof d->names[RANDOM], "A random player");
    if (decisions == 0)
        snprintf(d->names[BEFORE], sizeof d->names[BEFORE], "Kata, untrained");
    else
        snprintf(d->names[BEFORE], sizeof d->names[BEFORE], "Kata, %s decisions old",
                 numbers_short(number, (double)decisions));
    const double minutes = d->values->minutes;
    if (minutes >= 1)
        snprintf(d->names[AFTER], sizeof d->names[AFTER], "Kata, %.3g minute%s later", minutes,
                 minutes == 1 ? "" : "s");
    else
        snprintf(d->names[AFTER], sizeof d->names[AFTER], "Kata, %.0f seconds later", 60 * minutes);
}

static bool save_poster(demo_t *d)
{
    char starts[80], subtitle[256], footer[512] = "kata play", a[NUMBERS_BYTES], b[NUMBERS_BYTES];
    training_progress_t p;
    training_get_progress(d->learning.training, &p);
    const agent_config_t *agent = agent_config(training_agent(d->learning.training));
    start_list_text(starts, sizeof starts, d->game.preset, d->game.starts, d->game.num_starts);
    snprintf(subtitle, sizeof subtitle,
             "What Kata learned in %s decisions and %s updates; %s network, %s core, start %s",
             numbers_grouped(a, p.decisions), numbers_grouped(b, p.updates), agent_net_name(agent),
             d->game.core_name, starts);
    shell_add(footer, sizeof footer, files_name(d->game.rom_path));
    const size_t length = strlen(footer);
    snprintf(footer + length, sizeof footer - length, "  lets it play in a window");
    poster_t poster = { .title = preset_game(d->game.preset),
                        .subtitle = subtitle,
                        .footer = footer,
                        .curve = &d->curve,
                        .num_players = NUM_PLAYERS,
                        .strip = &d->strip };
    for (int i = 0; i < NUM_PLAYERS; i++)
        poster.players[i] = (poster_player_t){ .name = d->names[i],
                                               .result = d->results[i],
                                               .is_learned = i == AFTER };
    return poster_save(&poster, d->values->picture, d->why);
}

static void print_end(const demo_t *d)
{
    retroarch_t retroarch = { 0 };
    why_t why;
    say("\nPicture: %s\nAgent:   %s\n", d->values->picture, d->game.dir);
    if (d->values->game.dir)
        say("RetroArch does not look into a folder that was given with --dir.\n");
    if (!retroarch_find(&retroarch, d->game.rom_path, why))
        say_failed("%s", why);
    else
        say("Let it play in a window:\n  %s\n", retroarch.line);
}

/* Everything up to the trained agent; *status is set when that is the end. */
static bool learn(demo_t *d, int *status)
{
    const demo_values_t *v = d->values;
    *status = EXIT_FAILED;
    if (!evaluate(d, RANDOM, NULL)) return false;
    if (d->interrupted) return true;
    if (!learning_open(&d->learning.training, &d->config, &v->learning, d->why)) return false;
    training_progress_t p;
    training_get_progress(d->learning.training, &p);
    name_players(d, p.decisions);
    if (!curve_open(&d->curve, d->game.dir, p.decisions)) {
        snprintf(d->why, sizeof d->why, "there is no memory for the learning curve");
        return false;
    }
    if (!learning_show(&d->live, d->learning.training, &d->config, &v->learning, d->why))
        return false;
    if (!evaluate(d, BEFORE, NULL)) return false;
    if (d->interrupted) return true;
    switch (learning_run(&d->learning, &d->seconds, d->why)) {
    case LEARNING_DONE: return evaluate(d, AFTER, &d->strip);
    case LEARNING_INTERRUPTED: d->interrupted = true; return true;
    case LEARNING_DIVERGED: *status = EXIT_DIVERGED; return false;
    case LEARNING_FAILED: return false;
    }
    return false;
}

static int demonstrate(demo_t *d)
{
    int status;
    if (!learning_config(&d->config, &d->values->learning, &d->game, d->why)) {
        say_usage("demo: %s", d->why);
        return EXIT_USAGE;
    }
    d->config.fresh = d->values->fresh;
    if (!learning_begin_with(&d->similarity_from, &d->config, &d->values->learning, d->why))
        return say_failed("%s", d->why);
    d->evaluation_actors = learning_evaluation_actors(&d->config.actors);
    say("%s on %s: %d actions, %g min of training, %lld rounds an evaluation.\n",
        preset_game(d->game.preset), d->game.core_name, preset_num_actions(d->game.preset),
        d->values->minutes, (long long)d->values->episodes);
    interrupt_catch();
    name_players(d, 0);
    d->plan = (learning_plan_t){ .max_seconds = 60 * d->values->minutes,
                                 .cooldown = LEARNING_COOLDOWN,
                                 .save_every_seconds = 60 };
    d->learning =
        (learning_t){ NULL, &d->config, &d->plan, &d->curve, &d->progress, &d->live, NULL };
    progress_begin(&d->progress);
    strip_open(&d->strip);
    if (!learn(d, &status)) {
        say_failed("%s", d->why);
        return status;
    }
    if (d->interrupted) {
        say("Interrupted; what was learned is saved in %s\n", d->game.dir);
        return EXIT_INTERRUPTED;
    }
    if (!save_poster(d)) return say_failed("%s", d->why);
    print_end(d);
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    demo_t d = { .values = values };
    if (!game_open(&d.game, arguments[0], &d.values->game, GAME_TO_WRITE, d.why))
        return say_failed("%s", d.why);
    const int status = demonstrate(&d);
    if (d.learning.training) (void)live_show(&d.live, d.learning.training, LIVE_ENDED, -1, NULL);
    strip_close(&d.strip);
    training_close(d.learning.training);
    curve_close(&d.curve);
    preset_free(d.similarity_from);
    game_close(&d.game);
    return status;
}

const command_t command_demo = {
    .name = "demo",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "train for a few minutes and draw what was learned",
    .about =
        "Lets a random player and the agent play, trains for a few minutes, lets the agent play\n"
        "again, and draws a picture: the learning curve, who won how often, and the frames of a\n"
        "round that it won. Then prints the RetroArch command that lets it play in a window.\n"
        "An agent that was saved for the game is gone on with; --fresh begins anew.",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples = "  Five minutes on the game that comes with Kata:\n"
                "    kata demo build/release/games/kumite.nes\n"
                "  Twenty minutes, two games at once, from the beginning:\n"
                "    kata demo game.nes --minutes 20 --workers 2 --fresh\n",
    .values_bytes = sizeof(demo_values_t),
    .defaults = defaults,
    .shown = shown,
    .run = run,
};
