/* train.c - `kata train ROM`: learn to win a game, save what was learned, go on the next time. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chart.h"
#include "commands.h"
#include "devices.h"
#include "interrupt.h"
#include "learning.h"
#include "learning_options.h"
#include "mined.h"
#include "numbers.h"
#include "outcomes.h"
#include "ranks.h"
#include "shell.h"
#include "start_list.h"
#include "train_ranks.h"
#include "unknown.h"
#include "voice.h"
#include "why.h"

typedef struct {
    game_options_t game;
    learning_options_t learning;
    int64_t decisions, frames, eval_every, eval_episodes, mine, learners;
    const char *mine_from;
    double minutes, save_every, cooldown;
    bool fresh, tensorboard, keep_replay;
    const char *device;
    double self_share, cpu_share;
    int64_t league_size, league_every;
} train_values_t;

enum { DEFAULT_MINUTES = 15 };
#define DEFAULT_SELF_SHARE 0.2
#define DEFAULT_CPU_SHARE 0.45

static const option_t session_rows[] = {
    { "minutes", OPTION_REAL, offsetof(train_values_t, minutes), "M", 0.001, 1e6,
      "train so long [15, if neither --decisions nor --frames is given]" },
    { "decisions", OPTION_COUNT, offsetof(train_values_t, decisions), "N", 1, 1e12,
      "train for so many decisions more" },
    { "frames", OPTION_COUNT, offsetof(train_values_t, frames), "N", 1, 1e12,
      "train for so many frames of the game more" },
    { "cooldown", OPTION_REAL, offsetof(train_values_t, cooldown), "X", 0, 1,
      "the last share of the session, in which the learning rate falls; 0: it stays, as it does "
      "unless it is asked for with --repeatable and --learners" },
    { "fresh", OPTION_FLAG, offsetof(train_values_t, fresh), NULL, 0, 0,
      "begin anew; what was saved is replaced at the first save" },
    { "mine", OPTION_COUNT, offsetof(train_values_t, mine), "N", 1, IMPORT_MAX_MACROS,
      "a new agent gets the N sequences more that shorten good play of a saved one most" },
    { "mine-from", OPTION_TEXT, offsetof(train_values_t, mine_from), "DIR", 0, 0,
      "with --mine: the folder of the agent that plays [the game's own]" },
    { "save-every", OPTION_REAL, offsetof(train_values_t, save_every), "SECONDS", 0.01, 1e6,
      "save on the way" },
    { "device", OPTION_TEXT, offsetof(train_values_t, device), "auto|cpu|gpu|gpu:N", 0, 0,
      "where to learn [cpu]: `kata devices` lists them; auto: a graphics card, if there is one" },
    { "learners", OPTION_COUNT, offsetof(train_values_t, learners), "K", 1, 64,
      "under mpirun: the first K ranks learn together, the others act" },
    { "keep-replay", OPTION_FLAG, offsetof(train_values_t, keep_replay), NULL, 0, 0,
      "save the replay memory, too, and go on with it" },
    { "eval-every", OPTION_COUNT, offsetof(train_values_t, eval_every), "DECISIONS", 0, 1e12,
      "evaluate on the way; 0: only at the end" },
    { "eval-episodes", OPTION_COUNT, offsetof(train_values_t, eval_episodes), "N", 0, 100000,
      "rounds of an evaluation; 0: none, not even at the end" },
    { "tensorboard", OPTION_FLAG, offsetof(train_values_t, tensorboard), NULL, 0, 0,
      "write what is logged for TensorBoard, too: in the folder's tensorboard/" },
};

static const option_t self_play_rows[] = {
    { "cpu-share", OPTION_REAL, offsetof(train_values_t, cpu_share), "X", 0, 1,
      "share of rounds against the game's CPU, at the starts for one (or at --start)" },
    { "self-share", OPTION_REAL, offsetof(train_values_t, self_share), "X", 0, 1,
      "share of the others against itself as it is, learned from on both pads" },
    { "league-size", OPTION_COUNT, offsetof(train_values_t, league_size), "N", 2, LEAGUE_MAX_SIZE,
      "past selves that are kept; the rest of the rounds is against those" },
    { "league-every", OPTION_COUNT, offsetof(train_values_t, league_every), "DECISIONS", 1, 1e12,
      "how often it joins its past selves" },
};

static const option_group_t groups[] = {
    { "This session", session_rows, sizeof session_rows / sizeof session_rows[0], 0 },
    LEARNING_GROUPS(train_values_t),
    { "Both sides", game_training_side_rows, GAME_NUM_TRAINING_SIDE_ROWS,
      offsetof(train_values_t, game) },
    { "Self-play (with --versus self)", self_play_rows,
      sizeof self_play_rows / sizeof self_play_rows[0], 0 },
};

static void session_defaults(train_values_t *v)
{
    v->decisions = v->frames = v->mine = OPTION_UNSET;
    v->minutes = v->cooldown = NAN;
    v->save_every = TRAINING_SAVE_SECONDS;
    v->eval_episodes = 50;
    v->device = "cpu";
    v->learners = 1;
    v->game.port = 1;
    v->game.many_starts = true;
}

static void defaults(void *values)
{
    train_values_t *v = values;
    session_defaults(v);
    v->self_share = v->cpu_share = v->game.temperature = NAN;
    v->league_size = v->league_every = OPTION_UNSET;
    learning_options_unset(&v->learning);
}

static void shown(void *values)
{
    train_values_t *v = values;
    session_defaults(v);
    v->cooldown = LEARNING_COOLDOWN;
    v->self_share = DEFAULT_SELF_SHARE;
    v->cpu_share = DEFAULT_CPU_SHARE;
    v->league_size = LEAGUE_DEFAULT_SIZE;
    v->league_every = TRAINING_LEAGUE_EVERY;
    v->game.temperature = NAN; /* its help says both */
    learning_options_default(&v->learning);
}

typedef struct {
    const train_values_t *values;
    const char *rom; /* as it was typed */
    game_t game;
    training_config_t config;
    preset_t *similarity_from;
    training_t *training;
    curve_t curve;
    progress_t progress;
    live_t live;
    events_t events;
    why_t why;
} train_t;

static void print_memory(const train_t *t)
{
    char a[NUMBERS_BYTES], b[NUMBERS_BYTES], c[NUMBERS_BYTES], d[NUMBERS_BYTES];
    training_progress_t p;
    training_replay_sizes_t sizes;
    training_get_progress(t->training, &p);
    training_replay_sizes(t->training, &sizes);
    const int32_t capacity = agent_config(training_agent(t->training))->replay_capacity_decisions;
    say("Replay memory: %s decisions, about %s MiB, at most %s (a million: about %s).\n",
        numbers_grouped(a, (uint64_t)capacity), numbers_grouped(b, sizes.likely_bytes >> 20),
        numbers_grouped(c, sizes.most_bytes >> 20),
        numbers_grouped(d, ((uint64_t)1000000 * TRAINING_DECISION_BYTES) >> 20));
    if (t->config.keep_replay)
        say("It is kept in %s/replay.kata, as large, and twice while it is saved; %s decisions are "
            "remembered.\n",
            t->game.dir, numbers_grouped(a, (uint64_t)p.agent.replay_size_decisions));
}

static void print_beginning(const train_t *t)
{
    char decisions[NUMBERS_BYTES];
    training_progress_t p;
    training_get_progress(t->training, &p);
    const int32_t num_learners = ranks_num_learners();
    const int32_t num_workers =
        num_learners > 1 ? ranks_num_workers() : t->config.actors.num_actors;
    if (num_learners > 1)
        say("Ranks 0 to %d of %d learn together, the others act with %d workers in all; decisions "
            "are counted over all, an update is one step of all.\n",
            num_learners - 1, ranks_size(), ranks_num_workers());
    else if (ranks_size() > 1)
        say("Rank 0 of %d learns; the others act with %d workers in all.\n", ranks_size(),
            t->config.actors.num_actors);
    const league_t *league = training_league(t->training);
    const actor_config_t *actor = &t->config.actors.actor;
    char starts[512];
    if (league) /* most rounds, all of them where cpu_share is 0 */
        snprintf(starts, sizeof starts, "%s",
                 preset_start_name(t->game.preset, actor->self_play.start));
    else
        start_list_text(starts, sizeof starts, t->game.preset, t->game.starts, t->game.num_starts);
    say("%s on %s: %d actions, %d worker%s, start%s %s.\n", preset_game(t->game.preset),
        t->game.core_name, preset_num_actions(t->game.preset), num_workers,
        num_workers == 1 ? "" : "s", league || t->game.num_starts == 1 ? "" : "s", starts);
    if (training_resumed(t->training))
        say("Going on from %s decisions in %s\n", numbers_grouped(decisions, p.decisions),
            t->game.dir);
    else
        say("A new agent, kept in %s\n", t->game.dir);
    if (actor->teacher_path) say("Its teacher: %s\n", actor->teacher_path);
    if (league) {
        start_list_text(starts, sizeof starts, t->game.preset, actor->starts, actor->num_starts);
        say("Both pads are the agent's, in %s; %d of at most %d past selves in %s\n",
            preset_start_name(t->game.preset, actor->self_play.start), league->num_entries,
            league->size, league->dir);
        if (actor->num_starts > 0)
            say("%.0f %% of the rounds are against the game's CPU: %s\n",
                100 * (double)actor->self_play.cpu_share, starts);
    }
    const agent_t *agent = training_agent(t->training);
    if (agent_config(agent)->similarity_mode != AGENT_SIMILARITY_OFF)
        say("%d moves, about %.0f kinds.\n", preset_num_actions(t->game.preset),
            agent_num_kinds(agent));
    if (agent_config(agent)->obs_values > 0)
        say("It sees %d numbers that the preset lists%s.\n", agent_config(agent)->obs_values,
            agent_config(agent)->eyes == AGENT_EYES_BOTH ? ", and the screen"
                                                         : "; --eyes pictures: the screen");
    unknown_say(&t->game, t->rom, training_novelty(t->training));
    print_memory(t);
}

/* Whoever wants the same bytes gets them from two sessions as from one. */
static double cooldown(const train_values_t *v)
{
    if (!isnan(v->cooldown)) return v->cooldown;
    return v->learning.repeatable || v->learners > 1 ? 0 : LEARNING_COOLDOWN;
}

/* Numbers that this session was told, and the next one would not know. */
static void add_numbers(const train_values_t *v, char *line, size_t line_bytes)
{
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        { "--cpu-share", v->cpu_share },
        { "--cooldown", v->cooldown },
        { "--self-share", v->self_share },
        { "--league-every", v->league_every == OPTION_UNSET ? NAN : (double)v->league_every },
        { "--temperature", v->game.temperature },
        { "--learners", v->learners > 1 ? (double)v->learners : NAN },
        { "--workers", v->learning.workers == OPTION_UNSET ? NAN : (double)v->learning.workers },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char number[32];
        if (isnan(numbers[i].value)) continue;
        snprintf(number, sizeof number, "%.9g", numbers[i].value);
        shell_add(line, line_bytes, numbers[i].name);
        shell_add(line, line_bytes, number);
    }
}

/* The command that goes on: a saved agent remembers how it learns, so only what names the game and
 * the machine is repeated. */
static void print_how_to_go_on(const train_t *t)
{
    const train_values_t *v = t->values;
    char line[8192] = "kata train", reaction[32];
    if (ranks_size() > 1) snprintf(line, sizeof line, "mpirun -n %d kata train", ranks_size());
    if (v->game.reaction < REACTION_NUM)
        snprintf(reaction, sizeof reaction, "%d", (int)reaction_ms[v->game.reaction]);
    const struct {
        const char *name, *value;
    } texts[] = { { "--preset", v->game.preset },
                  { "--core", v->game.core },
                  { "--start", v->game.start },
                  { "--dir", v->game.dir },
                  { "--port", t->game.port ? "2" : NULL },
                  { "--versus", t->game.versus == OPPONENT_MASHER ? "masher"
                                : t->game.versus == OPPONENT_SELF ? "self"
                                                                  : NULL },
                  { "--against", v->game.against },
                  { "--teacher", v->game.teacher },
                  { "--reaction", v->game.reaction == GAME_REACTION_RANDOM ? "random"
                                  : v->game.reaction > 0                   ? reaction
                                                                           : NULL } };
    shell_add(line, sizeof line, t->rom);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].value) {
            shell_add(line, sizeof line, texts[i].name);
            shell_add(line, sizeof line, texts[i].value);
        }
    add_numbers(v, line, sizeof line);
    if (v->keep_replay) shell_add(line, sizeof line, "--keep-replay");
    if (strcmp(v->device, "cpu") != 0) {
        shell_add(line, sizeof line, "--device");
        shell_add(line, sizeof line, v->device);
    }
    say("Go on with: %s\n", line);
}

static void save_chart(const train_t *t)
{
    char path[HOME_PATH_BYTES + 16], heading[256], number[NUMBERS_BYTES];
    why_t cause;
    training_progress_t p;
    training_get_progress(t->training, &p);
    snprintf(path, sizeof path, "%s/progress.png", t->game.dir);
    snprintf(heading, sizeof heading, "%.100s, %s decisions", preset_game(t->game.preset),
             numbers_grouped(number, p.decisions));
    if (chart_save(path, heading, &t->curve, cause))
        say("Learning curve: %s\n", path);
    else
        say_failed("%s", cause);
}

static bool evaluate_at_the_end(train_t *t, const learning_t *learning, bool *interrupted)
{
    *interrupted = false;
    if (learning->plan->eval_episodes == 0) return true;
    evaluation_t evaluation;
    if (!learning_evaluate(learning, &evaluation, t->why)) return false;
    *interrupted = evaluation.interrupted;
    return *interrupted || learning_record(learning, "Evaluation:", &evaluation.result, t->why);
}

/* Of several starts: where it still loses. In self-play these are the starts against the game's
 * CPU, which has a small share of the rounds: those that it was not met at are left out. */
static void print_starts(const train_t *t)
{
    const curriculum_t *curriculum = training_curriculum(t->training);
    const bool is_self_play = training_league(t->training) != NULL;
    bool has_heading = false;
    if (!curriculum) return;
    for (int32_t s = 0; s < curriculum->num_starts; s++) {
        int32_t rounds;
        const double rate = (double)curriculum_win_rate(curriculum, s, &rounds);
        const char *name = preset_start_name(t->game.preset, t->config.actors.actor.starts[s]);
        if (!rounds && is_self_play) continue;
        if (!has_heading)
            say("Won of each start's last rounds%s while it explored:\n",
                is_self_play ? " against the game's CPU" : "");
        has_heading = true;
        if (rounds)
            say("  %-12s %3.0f %% of %d\n", name, 100 * rate, rounds);
        else
            say("  %-12s not played\n", name);
    }
}

static int end_session(train_t *t, const learning_t *learning, learning_end_t end, double seconds)
{
    if (end == LEARNING_FAILED) return say_failed("%s", t->why);
    if (end == LEARNING_DIVERGED) {
        say_failed("%s; what was saved before stays in %s; a lower --learning-rate may help",
                   t->why, t->game.dir);
        return EXIT_DIVERGED;
    }
    training_progress_t p;
    training_get_progress(t->training, &p);
    char a[NUMBERS_BYTES], b[NUMBERS_BYTES], c[NUMBERS_BYTES];
    say("%s %s: %s decisions and %s updates in %s.\n",
        end == LEARNING_INTERRUPTED ? "Interrupted and saved in" : "Saved in", t->game.dir,
        numbers_grouped(a, p.session_decisions), numbers_grouped(b, p.session_updates),
        numbers_clock(c, seconds));
    if (p.session_updates == 0 && t->config.updates_per_decision > 0 &&
        !agent_is_warm(training_agent(t->training)))
        say("It has not learned yet: an update needs %s decisions in the replay memory "
            "(--warmup).\n",
            numbers_grouped(
                a, (uint64_t)agent_config(training_agent(t->training))->replay_warmup_decisions));
    if (p.agent.updates > 0)
        say("Rewards are divided by %.4g to be learned from (--return-scale).\n",
            (double)p.agent.return_scale);
    print_starts(t);
    if (!train_ranks_part(t->training, t->why)) return say_failed("%s", t->why);
    bool interrupted = end == LEARNING_INTERRUPTED;
    /* mpirun ends all ranks where one has died: that, and not a person, was the signal. */
    if (interrupted && ranks_size() > 1 && !training_is_whole(t->training, t->why))
        return say_failed("%s", t->why);
    if (!interrupted && !evaluate_at_the_end(t, learning, &interrupted))
        return say_failed("%s", t->why);
    save_chart(t);
    if (!interrupted) return EXIT_OK;
    print_how_to_go_on(t);
    return EXIT_INTERRUPTED;
}

/* False: an option of self-play without it, or one that could not be kept to. */
static bool configure_self_play(train_t *t)
{
    const train_values_t *v = t->values;
    actor_self_play_t *self_play = &t->config.actors.actor.self_play;
    const bool is_given = !isnan(v->self_share) || !isnan(v->cpu_share) ||
                          v->league_size != OPTION_UNSET || v->league_every != OPTION_UNSET;
    if ((t->game.versus == OPPONENT_FILE || v->game.teacher) && ranks_size() > 1)
        return refuse(t->why, "--against, --teacher: each worker reads that file, and ranks of "
                              "mpirun share no folder; run it without mpirun");
    if (t->game.versus != OPPONENT_SELF)
        return !is_given || refuse(t->why, "--cpu-share, --self-share, --league-size and "
                                           "--league-every need --versus self");
    if (ranks_size() > 1)
        return refuse(t->why, "--versus self: past selves are read from the game's folder, which "
                              "ranks of mpirun do not share; run it without mpirun");
    if (v->cpu_share > 0 && t->config.actors.actor.num_starts == 0)
        return refuse(t->why, "--cpu-share %g: %s has no start for one player", v->cpu_share,
                      preset_game(t->game.preset));
    self_play->self_share = (float)(isnan(v->self_share) ? DEFAULT_SELF_SHARE : v->self_share);
    self_play->cpu_share = (float)(isnan(v->cpu_share) ? DEFAULT_CPU_SHARE : v->cpu_share);
    if (v->league_size != OPTION_UNSET) t->config.league_size = (int32_t)v->league_size;
    if (v->league_every != OPTION_UNSET)
        t->config.league_every_decisions = (uint64_t)v->league_every;
    return true;
}

/* False: it was asked for, and is not to be had. */
static bool use_device(train_t *t)
{
    char cache[HOME_PATH_BYTES];
    why_t said, cause;
    const bool has_cache = home_for_cache(cache);
    if (agent_use_device(training_agent(t->training), t->values->device, has_cache ? cache : NULL,
                         false, said, cause) != AGENT_OK)
        return refuse(t->why, "--device: %.600s: use --device cpu", cause);
    if (strcmp(t->values->device, "cpu") != 0) say("%s\n", said);
    return true;
}

/* Cards, and learners of one gradient, know pictures alone (card.h, common_gradient.h). */
static bool configure(train_t *t)
{
    const train_values_t *v = t->values;
    learning_options_t options = v->learning;
    if (v->learners > 1 || strcmp(v->device, "cpu") != 0) learning_prefer_pictures(&options);
    return learning_config(&t->config, &options, &t->game, t->why);
}

static int train(train_t *t)
{
    const train_values_t *v = t->values;
    char saved[HOME_PATH_BYTES + 32];
    snprintf(saved, sizeof saved, "%s/agent.safetensors", t->game.dir);
    interrupt_catch();
    if (!devices_is_name(v->device, t->why)) return say_usage("train: --device: %s", t->why);
    if (ranks_rank() == 0 &&
        !outcomes_before_training(&t->game, &v->learning, !v->fresh && access(saved, F_OK) == 0,
                                  t->why))
        return say_failed("%s", t->why);
    if (!configure(t) || !configure_self_play(t)) {
        say_usage("train: %s", t->why);
        return EXIT_USAGE;
    }
    t->config.fresh = v->fresh;
    t->config.keep_replay = v->keep_replay;
    if (!learning_begin_with(&t->similarity_from, &t->config, &v->learning, t->why))
        return say_failed("%s", t->why);
    if (v->learning.repeatable && ranks_size() > 1)
        return say_failed("--repeatable: there is one game then, which cannot be on another rank");
    if (!train_ranks_fit((int32_t)v->learners, &t->config, v->device, t->why))
        return say_failed("%s", t->why);
    t->config.is_shared = v->learners > 1;
    if (t->config.is_shared && v->cooldown > 0)
        return say_failed("--cooldown: %d learners step at one rate, which stays",
                          (int)v->learners);
    if (!ranks_share(&t->config.actors, v->learning.workers == OPTION_UNSET, t->why))
        return say_failed("%s", t->why);
    if (ranks_learner() < 0) return train_ranks_act(&t->config.actors);
    if (ranks_learner() > 0) return train_ranks_learn_along(&t->training, &t->config, &v->learning);
    if (!learning_open(&t->training, &t->config, &v->learning, t->why) || !use_device(t))
        return say_failed("%s", t->why);

    training_progress_t p;
    training_get_progress(t->training, &p);
    if (!curve_open(&t->curve, t->game.dir, p.decisions))
        return say_failed("there is no memory for the learning curve");
    if (!learning_show(&t->live, t->training, &t->config, &v->learning, t->why) ||
        (v->tensorboard && !events_open(&t->events, t->game.dir, p.decisions, t->why)))
        return say_failed("%s", t->why);
    print_beginning(t);
    learning_plan_t plan = { .save_every_seconds = v->save_every,
                             .eval_every_decisions = (uint64_t)v->eval_every,
                             .eval_episodes = (int32_t)v->eval_episodes,
                             .eval_epsilon = EVALUATION_EPSILON,
                             .cooldown = cooldown(v) };
    if (plan.eval_episodes == 0) plan.eval_every_decisions = 0;
    if (!isnan(v->minutes)) plan.max_seconds = 60 * v->minutes;
    if (v->decisions != OPTION_UNSET) plan.max_decisions = (uint64_t)v->decisions;
    if (v->frames != OPTION_UNSET) plan.max_frames = (uint64_t)v->frames;
    if (isnan(v->minutes) && !plan.max_decisions && !plan.max_frames)
        plan.max_seconds = 60 * DEFAULT_MINUTES;
    progress_begin(&t->progress);
    const learning_t learning = { t->training,
                                  &t->config,
                                  &plan,
                                  &t->curve,
                                  &t->progress,
                                  &t->live,
                                  v->tensorboard ? &t->events : NULL };
    double seconds;
    const learning_end_t end = learning_run(&learning, &seconds, t->why);
    const int status = end_session(t, &learning, end, seconds);
    (void)live_show(&t->live, t->training, LIVE_ENDED, -1, NULL);
    return status;
}

static int open_and_train(train_t *t)
{
    game_options_t options = t->values->game;
    options.fresh = t->values->fresh;
    if (!game_open(&t->game, t->rom, &options, GAME_TO_EXPLORE, t->why))
        return say_failed("%s", t->why);
    const mined_request_t mining = { t->values->mine, t->values->mine_from, t->values->fresh };
    const int status =
        mined_before_training(&t->game, &mining, t->why) ? train(t) : say_failed("%s", t->why);
    training_close(t->training);
    events_close(&t->events);
    curve_close(&t->curve);
    preset_free(t->similarity_from);
    game_close(&t->game);
    return status;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    train_t t = { .values = values, .rom = arguments[0] };
    if (!ranks_begin(t.why)) return say_failed("%s", t.why);
    int status;
    if (ranks_learn_by((int32_t)t.values->learners, t.why))
        status = open_and_train(&t);
    else
        status = say_failed("--learners: %s", t.why);
    const bool is_orderly = status == EXIT_OK || status == EXIT_INTERRUPTED;
    if (is_orderly && !ranks_come_to_end(t.why)) status = say_failed("%s", t.why);
    ranks_end(status, EXIT_INTERRUPTED);
    return status;
}

const command_t command_train = {
    .name = "train",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "learn to win a game; run it again to go on",
    .about =
        "Plays a game in one or more worker processes, as fast as the machine allows, and learns\n"
        "from it. What is learned is saved for this game, where the plugin in RetroArch finds it:\n"
        "the agent, the preset it was made with, a log (log.jsonl) and its learning curve\n"
        "(progress.png). A saved agent is gone on with; --fresh begins anew. Ctrl-C ends the\n"
        "round, saves and says how to go on; a second Ctrl-C ends at once. A game that nobody\n"
        "described is trained on, too, for seeing what is new: each step earns the weight of\n"
        "--novelty / sqrt(n), n: how often its round has shown the like (0.1 where a preset has\n"
        "no reward, 0 elsewhere; counts begin anew with each round, so no session loses them).\n"
        "With --versus self both pads are the agent's, in a start of the preset for two. Who is\n"
        "met is drawn for each round: the game's CPU, the agent as it is, or a past self out of\n"
        "its league (league/ in the game's folder), which it joins now and then.\n"
        "With --mine a saved agent first plays 24 rounds; of the better half, the N sequences of\n"
        "pads that shorten their description most become moves of a new agent, which goes on\n"
        "with them each time. With --similarity fixed or meta it begins by how alike their pads\n"
        "are, those of the new moves among them (--similarity-prior structure).",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples = "  A quarter of an hour on a game you own:\n"
                "    kata train game.nes\n"
                "  Two games at once for an hour, evaluated every 20,000 decisions:\n"
                "    kata train game.nes --workers 2 --minutes 60 --eval-every 20k\n"
                "  The network of Mnih et al. (2015), from the beginning:\n"
                "    kata train game.nes --fresh --net nature\n"
                "  Learn how alike the moves are, too; then begin with what was learned, here\n"
                "  frozen (meta: it is learned on):\n"
                "    kata train game.nes --similarity meta --dir /tmp/first\n"
                "    kata train game.nes --similarity fixed --similarity-from /tmp/first \\\n"
                "        --dir /tmp/second\n"
                "  A new agent, with eight sequences more that the old one repeats when it wins:\n"
                "    kata train game.nes --mine 8 --fresh --similarity meta\n"
                "  Seek what is new beside what the preset rewards:\n"
                "    kata train game.nes --novelty 0.02\n"
                "  One agent for all levels, each as often as it still loses there:\n"
                "    kata train game.nes --start level1..level8\n"
                "  Against itself, on both pads, and at times against the game's CPU:\n"
                "    kata train game.nes --versus self --minutes 30\n"
                "  One that sees the game late learns what another knows, who sees it as it is:\n"
                "    kata train game.nes --reaction random --teacher /tmp/first/ --dir /tmp/late\n"
                "  See its curves in TensorBoard while it learns:\n"
                "    kata train game.nes --dir /tmp/first --tensorboard\n"
                "    tensorboard --logdir /tmp/first/tensorboard\n"
                "  On three machines, in a build with MPI=1 (docs/MANY_MACHINES.md):\n"
                "    mpirun --host one:1,two:1,three:1 kata train game.nes\n"
                "  Two learners, each with an acting rank, on two machines:\n"
                "    mpirun --host one:2,two:2 --map-by node kata train game.nes --learners 2\n"
                "  The same bytes each time: one worker, one thread, one seed:\n"
                "    kata train game.nes --fresh --decisions 2000 --seed 1 --dir /tmp/again\n",
    .values_bytes = sizeof(train_values_t),
    .defaults = defaults,
    .shown = shown,
    .run = run,
};
