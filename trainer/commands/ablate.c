/* ablate.c - `kata ablate ROM`: several agents, several seeds each, compared with their errors. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ablation.h"
#include "arm_similarity.h"
#include "dir_lock.h"
#include "outcomes.h"
#include "ablation_report.h"
#include "ablation_process.h"
#include "ablation_train.h"
#include "commands.h"
#include "files.h"
#include "game.h"
#include "interrupt.h"
#include "learning.h"
#include "learning_options.h"
#include "shell.h"
#include "similarity_prior.h"
#include "voice.h"
#include "why.h"

typedef struct {
    game_options_t game;
    learning_options_t learning;
    const char *arms, *starts, *transfer_from, *oracle, *out, *report;
    int64_t seeds, first_seed, decisions, eval_every, eval_episodes, eval_seed, save_every, jobs;
} ablate_values_t;

#define AT(field) offsetof(ablate_values_t, field)

static const option_t comparison_rows[] = {
    { "arms", OPTION_TEXT, AT(arms), "A,B,...", 0, 0,
      "of " ABLATION_ARM_NAMES " [the first four]" },
    { "seeds", OPTION_COUNT, AT(seeds), "N", 1, ABLATION_MAX_SEEDS, "runs of each arm and start" },
    { "first-seed", OPTION_COUNT, AT(first_seed), "N", 0, 1e15,
      "the first run's; each next run adds 1" },
    { "start", OPTION_TEXT, AT(starts), "A,B,...", 0, 0,
      "where an episode begins [the preset's default]; several are tasks" },
    { "decisions", OPTION_COUNT, AT(decisions), "N", 1, 1e12, "of each run" },
    { "eval-every", OPTION_COUNT, AT(eval_every), "DECISIONS", 1, 1e12,
      "evaluate on the way, and at the end" },
    { "eval-episodes", OPTION_COUNT, AT(eval_episodes), "N", 1, 100000,
      "greedy rounds of an evaluation" },
    { "eval-seed", OPTION_COUNT, AT(eval_seed), "N", 1, 1e15,
      "random seed of all evaluations' games" },
    { "transfer-from", OPTION_TEXT, AT(transfer_from), "FILE|DIR", 0, 0,
      "the similarity that the arm transfer begins with" },
    { "oracle", OPTION_TEXT, AT(oracle), "FILE", 0, 0,
      "that of the arm oracle, by hand: {\"kinds\": [[\"Fireball\", \"236A\"], ...]}" },
};
static const option_t session_rows[] = {
    { "out", OPTION_TEXT, AT(out), "DIR", 0, 0, "where the runs and the report are kept" },
    { "jobs", OPTION_COUNT, AT(jobs), "N", 1, 256, "runs at once [as many as there are cores]" },
    { "save-every", OPTION_COUNT, AT(save_every), "DECISIONS", 1, 1e12,
      "a run that was killed goes on from there" },
    { "report", OPTION_TEXT, AT(report), "DIR", 0, 0,
      "run nothing: write the report from what DIR holds so far" },
};
static const option_t game_rows[] = {
    { "preset", OPTION_TEXT, offsetof(game_options_t, preset), "FILE", 0, 0,
      "what to know of the game [found by its hash]" },
    { "core", OPTION_TEXT, offsetof(game_options_t, core), "NAME|PATH", 0, 0,
      "the libretro core [the first that opens it: `kata cores`]" },
    { "core-log", OPTION_TEXT, offsetof(game_options_t, core_log), "FILE", 0, 0,
      "what the core prints is added to it [it is lost]" },
};
enum { NUM_GAME_ROWS = sizeof game_rows / sizeof game_rows[0] };

static const option_group_t groups[] = {
    { "The comparison", comparison_rows, sizeof comparison_rows / sizeof comparison_rows[0], 0 },
    { "This session", session_rows, sizeof session_rows / sizeof session_rows[0], 0 },
    { "The game", game_rows, NUM_GAME_ROWS, AT(game) },
    { "The agents, all of them", learning_agent_rows, LEARNING_NUM_AGENT_ROWS, AT(learning) },
    { "The similarity, of the arms that have one", learning_similarity_rows + LEARNING_NUM_ARM_ROWS,
      LEARNING_NUM_SIMILARITY_ROWS - LEARNING_NUM_ARM_ROWS, AT(learning) },
};

static void comparison_defaults(ablate_values_t *v)
{
    v->seeds = 5;
    v->first_seed = 1;
    v->decisions = 100000;
    v->eval_every = 10000;
    v->eval_episodes = 50;
    v->eval_seed = 1000003;
    v->save_every = 10000;
    v->jobs = OPTION_UNSET;
}

static void defaults(void *values)
{
    comparison_defaults(values);
    learning_options_unset(&((ablate_values_t *)values)->learning);
}

static void shown(void *values)
{
    comparison_defaults(values);
    learning_options_default(&((ablate_values_t *)values)->learning);
}

/* Where outcomes come from, and the file that keeps them. */
static const struct {
    similarity_prior_t prior;
    const char *file;
} finders[] = {
    { SIMILARITY_PRIOR_PROBE, "probed.json" },
    { SIMILARITY_PRIOR_INVERSE, "inverse.json" },
};
enum { NUM_FINDERS = sizeof finders / sizeof finders[0] };

/* Of the outcomes that an arm begins with; -1: it begins with none. */
static int32_t finder_of(const ablate_values_t *v, int32_t arm)
{
    const bool is_asked = arm == ABLATION_FIXED || arm == ABLATION_META;
    const int32_t prior = arm_needs_probe(arm)     ? (int32_t)SIMILARITY_PRIOR_PROBE
                          : arm_needs_inverse(arm) ? (int32_t)SIMILARITY_PRIOR_INVERSE
                          : is_asked               ? v->learning.similarity_prior
                                                   : -1;
    for (int32_t f = 0; f < NUM_FINDERS; f++)
        if ((int32_t)finders[f].prior == prior) return f;
    return -1;
}

typedef struct {
    const ablate_values_t *values;
    const char *rom; /* as it was typed */
    game_t game;
    ablation_t ablation;
    preset_t *primitive, *transfer;
    preset_t *found[NUM_FINDERS];       /* the preset with outcomes that arms begin with */
    preset_t *given[ABLATION_NUM_ARMS]; /* arm_similarity(), of the arms that have one */
    int dir_fd;                         /* holds the lock; -1: none */
    why_t why;
} ablate_t;

/* ---- what was asked for ---- */

/* An option of the similarity must change something in one of the arms. */
static bool options_have_effect(const ablate_values_t *v, const bool *arms, char *why)
{
    const learning_options_t *l = &v->learning;
    bool learned = false, any = arms[ABLATION_FIXED], finds[NUM_FINDERS] = { false };
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        learned = learned || (arms[arm] && arm_learns_similarity(arm));
        any = any || learned || (arms[arm] && arm_has_similarity(arm));
        for (int32_t f = 0; f < NUM_FINDERS; f++)
            finds[f] = finds[f] || (arms[arm] && finder_of(v, arm) == f);
    }
    const struct {
        bool is_given, is_used;
        const char *name, *of;
    } options[] = {
        { l->similarity_prior >= 0, arms[ABLATION_META] || arms[ABLATION_FIXED], "similarity-prior",
          "fixed or meta" },
        { l->similarity_states != OPTION_UNSET, finds[0], "similarity-states", "probe or kinds" },
        { l->similarity_decisions != OPTION_UNSET, finds[1], "similarity-decisions", "inverse" },
        { v->oracle != NULL, arms[ABLATION_ORACLE], "oracle", "oracle" },
        { !isnan(l->similarity_weight), any, "similarity-weight", "fixed, meta or transfer" },
        { l->similarity_form >= 0, any, "similarity-form", "fixed, meta or transfer" },
        { !isnan(l->similarity_kinds), any, "similarity-kinds", "fixed, meta or transfer" },
        { l->similarity_fade != OPTION_UNSET, any, "similarity-fade", "fixed, meta or transfer" },
        { !isnan(l->similarity_learning_rate), learned, "similarity-learning-rate",
          "meta or transfer" },
        { l->similarity_period != OPTION_UNSET, learned, "similarity-period", "meta or transfer" },
        { l->similarity_balance >= 0, learned, "similarity-balance", "meta or transfer" },
        { v->transfer_from != NULL, arms[ABLATION_TRANSFER], "transfer-from", "transfer" },
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (options[i].is_given && !options[i].is_used)
            return refuse(why, "--%s changes nothing without the arm %s: leave it out",
                          options[i].name, options[i].of);
    return true;
}

static bool add_start(ablation_t *ablation, const preset_t *preset, const char *name, char *why)
{
    if (preset_find_start(preset, name) < 0)
        return refuse(why, "%s has no start '%.60s'; `kata preset show` lists them",
                      preset_game(preset), name);
    for (int32_t s = 0; s < ablation->num_starts; s++)
        if (strcmp(ablation->starts[s], name) == 0)
            return refuse(why, "--start: %.60s is named twice", name);
    if (ablation->num_starts == ABLATION_MAX_STARTS)
        return refuse(why, "--start: there may be %d starts, not more", ABLATION_MAX_STARTS);
    snprintf(ablation->starts[ablation->num_starts++], PRESET_NAME_BYTES, "%s", name);
    return true;
}

static bool read_starts(ablate_t *a)
{
    const preset_t *preset = a->game.preset;
    const char *text = a->values->starts;
    if (!text) text = preset_start_name(preset, preset_default_start(preset));
    if (preset_find_start(preset, text) >= 0) return add_start(&a->ablation, preset, text, a->why);
    for (;; text++) {
        const size_t length = strcspn(text, ",");
        char name[PRESET_NAME_BYTES];
        snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : 63, text);
        if (!add_start(&a->ablation, preset, name, a->why)) return false;
        text += length;
        if (!*text) return true;
    }
}

/* What the arm `transfer` begins with: as named, or as it was kept when the comparison was begun.
 */
static bool read_transfer(ablate_t *a)
{
    char path[HOME_PATH_BYTES];
    why_t why;
    if (!a->ablation.arms[ABLATION_TRANSFER]) return true;
    snprintf(path, sizeof path, "%s/" ABLATION_TRANSFER_FILE, a->values->out);
    const char *from = a->values->transfer_from;
    if (!from && access(path, F_OK) != 0)
        return refuse(a->why, "the arm transfer begins with a similarity that was learned before: "
                              "name its preset with --transfer-from");
    if (!learning_load_similarity(&a->transfer, from ? from : path, why))
        return refuse(a->why, "%s", why);
    float *matrix = malloc(PRESET_MAX_ACTIONS * PRESET_MAX_ACTIONS * sizeof *matrix);
    const bool ok = matrix
                        ? similarity_prior_from(a->game.preset, a->transfer, matrix, NULL, a->why)
                        : refuse(a->why, "no memory for a similarity");
    free(matrix);
    return ok;
}

static cJSON *describe_transfer(const preset_t *transfer)
{
    const preset_similarity_t *similarity = preset_similarity(transfer);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "game", preset_game(transfer));
    cJSON_AddStringToObject(object, "preset", preset_hash(transfer));
    cJSON_AddNumberToObject(object, "decisions", (double)similarity->decisions);
    cJSON_AddNumberToObject(object, "updates", (double)similarity->updates);
    cJSON_AddNumberToObject(object, "seeds", similarity->seeds);
    cJSON_AddStringToObject(object, "version", similarity->version);
    return object;
}

/* The options of an arm. */
static learning_options_t arm_options(const learning_options_t *options, int32_t arm)
{
    learning_options_t of_arm = *options;
    of_arm.threads = 1;
    of_arm.workers = 1;
    of_arm.repeatable = true;
    const bool is_learned = arm_learns_similarity(arm);
    of_arm.similarity = is_learned                                         ? AGENT_SIMILARITY_META
                        : arm == ABLATION_FIXED || arm_has_similarity(arm) ? AGENT_SIMILARITY_FIXED
                                                                           : AGENT_SIMILARITY_OFF;
    /* The arms differ in the penalty alone, but for those that are about random actions. */
    if (isnan(of_arm.similarity_kinds)) of_arm.similarity_kinds = arm_draws_by_kinds(arm);
    if (!is_learned) {
        of_arm.similarity_learning_rate = NAN;
        of_arm.similarity_period = OPTION_UNSET;
        of_arm.similarity_balance = -1;
    }
    if (of_arm.similarity == AGENT_SIMILARITY_OFF) {
        of_arm.similarity_form = -1;
        of_arm.similarity_weight = of_arm.similarity_kinds = NAN;
        of_arm.similarity_fade = OPTION_UNSET;
    }
    of_arm.similarity_states = of_arm.similarity_decisions = OPTION_UNSET;
    if (of_arm.similarity == AGENT_SIMILARITY_OFF || arm == ABLATION_TRANSFER ||
        arm_has_similarity(arm))
        of_arm.similarity_prior = -1;
    return of_arm;
}

static cJSON *describe_shared(const ablate_t *a, const training_config_t *config,
                              const learning_options_t *options)
{
    cJSON *shared = cJSON_CreateObject();
    cJSON_AddStringToObject(shared, "game", preset_game(a->game.preset));
    cJSON_AddStringToObject(shared, "system", a->game.identity.system);
    cJSON_AddStringToObject(shared, "sha1", a->game.identity.sha1);
    cJSON_AddStringToObject(shared, "core", a->game.core_name);
    cJSON_AddStringToObject(shared, "preset", preset_hash(a->game.preset));
    cJSON *settings = learning_settings(options, config);
    cJSON_DeleteItemFromObjectCaseSensitive(settings, "similarity"); /* the arms' own */
    cJSON_AddItemToObject(shared, "settings", settings);
    return shared;
}

static void add_option(char *line, size_t line_bytes, const char *name, const char *value)
{
    char dashed[80];
    snprintf(dashed, sizeof dashed, "--%s", name);
    shell_add(line, line_bytes, dashed);
    shell_add(line, line_bytes, value);
}

static void add_row(char *line, size_t line_bytes, const option_t *row, const void *values)
{
    const void *at = (const char *)values + row->offset;
    char text[400] = "";
    if (row->kind == OPTION_COUNT && *(const int64_t *)at != OPTION_UNSET)
        snprintf(text, sizeof text, "%lld", (long long)*(const int64_t *)at);
    if (row->kind == OPTION_REAL && !isnan(*(const double *)at) && *(const double *)at != 0)
        snprintf(text, sizeof text, "%.9g", *(const double *)at);
    if (row->kind == OPTION_TEXT && *(const char *const *)at)
        snprintf(text, sizeof text, "%.300s", files_name(*(const char *const *)at));
    if (row->kind == OPTION_CHOICE && *(const int32_t *)at >= 0) {
        const char *word = row->value;
        if (strcmp(row->name, "setting") == 0 && *(const int32_t *)at == 0) return;
        for (int32_t i = 0; i < *(const int32_t *)at; i++) word += strcspn(word, "|") + 1;
        snprintf(text, sizeof text, "%.*s", (int)strcspn(word, "|"), word);
    }
    if (*text) add_option(line, line_bytes, row->name, text);
}

/* The command as anybody could run it: names of files, not where they lie on this machine. */
static void write_command(const ablate_t *a, char *line, size_t line_bytes)
{
    snprintf(line, line_bytes, "kata ablate");
    shell_add(line, line_bytes, files_name(a->rom));
    for (size_t i = 0; i < sizeof comparison_rows / sizeof comparison_rows[0]; i++)
        add_row(line, line_bytes, &comparison_rows[i], a->values);
    for (int32_t i = 0; i < 2; i++) add_row(line, line_bytes, &game_rows[i], &a->values->game);
    for (int32_t i = 0; i < LEARNING_NUM_AGENT_ROWS; i++)
        add_row(line, line_bytes, &learning_agent_rows[i], &a->values->learning);
    for (int32_t i = 0; i < LEARNING_NUM_SIMILARITY_ROWS; i++)
        add_row(line, line_bytes, &learning_similarity_rows[i], &a->values->learning);
    add_option(line, line_bytes, "out", "DIR");
}

static bool compose(ablate_t *a)
{
    const ablate_values_t *v = a->values;
    ablation_t *ablation = &a->ablation;
    ablation->num_seeds = (int32_t)v->seeds;
    ablation->first_seed = v->first_seed;
    ablation->decisions = v->decisions;
    ablation->eval_every = v->eval_every;
    ablation->eval_episodes = v->eval_episodes;
    ablation->eval_seed = v->eval_seed;
    snprintf(ablation->game, sizeof ablation->game, "%s", preset_game(a->game.preset));
    if (ablation_num_runs(ablation) > ABLATION_MAX_RUNS)
        return refuse(a->why, "%d runs are too many: at most %d", ablation_num_runs(ablation),
                      ABLATION_MAX_RUNS);
    const learning_options_t options = arm_options(&v->learning, ABLATION_META);
    training_config_t config;
    char command[4096];
    if (!learning_config(&config, &options, &a->game, a->why)) return false;
    write_command(a, command, sizeof command);
    return ablation_compose(ablation, describe_shared(a, &config, &options),
                            a->transfer ? describe_transfer(a->transfer) : NULL, command, a->why);
}

/* ---- the folder ---- */

/* Two comparisons in one folder would fight over its runs. The lock dies with the process, and with
 * those that it started. */
static bool lock_dir(ablate_t *a)
{
    const char *dir = a->values->out;
    if (!files_make_dirs(dir, a->why)) return false;
    a->dir_fd = dir_lock_take(dir);
    if (a->dir_fd >= 0) return true;
    if (errno != EWOULDBLOCK)
        return refuse(a->why, "%.300s: cannot be opened: %s", dir, strerror(errno));
    return refuse(a->why, "%.300s: a comparison runs in it, or is still saving; use another --out",
                  dir);
}

static bool keep_transfer(const ablate_t *a, char *why)
{
    if (!a->transfer) return true;
    char path[HOME_PATH_BYTES];
    size_t num_bytes;
    const char *text = preset_text(a->transfer, &num_bytes);
    if (snprintf(path, sizeof path, "%s/" ABLATION_TRANSFER_FILE, a->values->out) >=
        (int)sizeof path)
        return refuse(why, "%.100s...: too long a path", a->values->out);
    return files_replace(path, text, num_bytes, why);
}

static bool begin_or_go_on(ablate_t *a)
{
    ablation_t saved;
    bool found;
    const bool is_run = ablation_process_run() >= 0; /* whose parent holds the folder */
    if ((!is_run && !lock_dir(a)) ||
        !ablation_load(&saved, a->values->out, learning_add_later_settings, &found, a->why))
        return false;
    const bool ok = !found || ablation_continue(&a->ablation, &saved, a->values->out, a->why);
    ablation_free(&saved);
    if (!ok || is_run) return ok;
    return keep_transfer(a, a->why) && ablation_save(&a->ablation, a->values->out, a->why);
}

/* The preset with outcomes: its own, those that were kept when the comparison was begun, or those
 * that are found now. */
static bool find_outcomes(ablate_t *a, int32_t f)
{
    char path[HOME_PATH_BYTES];
    size_t num_bytes;
    if (snprintf(path, sizeof path, "%s/%s", a->values->out, finders[f].file) >= (int)sizeof path)
        return refuse(a->why, "%.100s...: too long a path", a->values->out);
    if (access(path, F_OK) == 0) return preset_load(&a->found[f], path, a->why);
    const char *text = preset_text(a->game.preset, &num_bytes);
    game_t game = a->game;
    if (!preset_parse(&game.preset, text, num_bytes, "the preset", a->why)) return false;
    learning_options_t options = a->values->learning;
    options.similarity = AGENT_SIMILARITY_FIXED;
    options.similarity_prior = (int32_t)finders[f].prior;
    interrupt_catch();
    bool ok = outcomes_before_training(&game, &options, false, a->why);
    a->found[f] = game.preset;
    text = preset_text(game.preset, &num_bytes);
    ok = ok && files_replace(path, text, num_bytes, a->why);
    return ok;
}

static bool give_similarities(ablate_t *a)
{
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        const int32_t f = finder_of(a->values, arm);
        if (!a->ablation.arms[arm] || (f < 0 && !arm_has_similarity(arm))) continue;
        if (f >= 0 && !a->found[f] && !find_outcomes(a, f)) return false;
        if (!arm_similarity(&a->given[arm], arm, a->game.preset, f >= 0 ? a->found[f] : NULL,
                            a->values->oracle, a->why))
            return false;
    }
    return true;
}

static bool prepare(ablate_t *a)
{
    if (!read_starts(a) || !read_transfer(a)) return false;
    if (a->ablation.arms[ABLATION_RAINBOW] &&
        !ablation_primitives(&a->primitive, a->game.preset, a->why))
        return false;
    return compose(a) && begin_or_go_on(a) && give_similarities(a);
}

/* ---- running and reporting ---- */

static int report(const ablation_t *ablation, const char *dir)
{
    why_t why;
    if (!ablation_report(ablation, dir, why)) return say_failed("%s", why);
    say("Report: %s/index.html\n", dir);
    return EXIT_OK;
}

static int32_t num_cores(void)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > 256 ? 256 : (int32_t)cores;
}

static bool open_arm(training_t **out, const training_config_t *config, int32_t arm, void *context,
                     why_t why)
{
    const ablate_t *a = context;
    learning_options_t options = arm_options(&a->values->learning, arm);
    if (a->given[arm]) options.similarity_prior = -1; /* to the agent it is a preset's */
    return learning_open(out, config, &options, why);
}

static bool configure_arms(const ablate_t *a, ablation_plan_t *plan, why_t why)
{
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) {
        if (!a->ablation.arms[arm]) continue;
        training_config_t *config = &plan->configs[arm];
        const learning_options_t options = arm_options(&a->values->learning, arm);
        game_t game = a->game;
        if (arm == ABLATION_RAINBOW) game.preset = a->primitive;
        if (!learning_config(config, &options, &game, why)) return false;
        config->dir = NULL; /* `game` is gone after this round; the run has its own folder */
        config->actors.actor.core_path = a->game.core_path;
        config->actors.actor.content_path = a->game.rom_path;
        config->core_name = a->game.core_name;
        if (arm != ABLATION_TRANSFER && !a->given[arm]) continue;
        config->similarity_prior = SIMILARITY_PRIOR_PRESET;
        config->similarity_from = a->given[arm] ? a->given[arm] : a->transfer;
    }
    return true;
}

static int train(ablate_t *a)
{
    const ablate_values_t *v = a->values;
    ablation_plan_t plan = { .ablation = &a->ablation,
                             .dir = v->out,
                             .open = open_arm,
                             .context = a,
                             .save_every = v->save_every,
                             .jobs = v->jobs == OPTION_UNSET ? num_cores() : (int32_t)v->jobs };
    if (!configure_arms(a, &plan, a->why)) return say_failed("%s", a->why);
    say("%s on %s: %d runs of %lld decisions, %d at once, kept in %s\n",
        preset_game(a->game.preset), a->game.core_name, ablation_num_runs(&a->ablation),
        (long long)v->decisions, plan.jobs, v->out);
    if (a->primitive)
        say("rainbow plays the %d primitives of the preset's %d actions: those of its list "
            "actions.primitives; those of actions.macros are removed.\n",
            preset_num_actions(a->primitive), preset_num_actions(a->game.preset));
    ablation_outcome_t outcome;
    interrupt_catch();
    if (!ablation_train(&plan, &outcome, a->why)) return say_failed("%s", a->why);
    say("%d of %d runs are done", outcome.done, ablation_num_runs(&a->ablation));
    if (outcome.failed > 0) say(", %d died", outcome.failed);
    if (outcome.left > 0) say(", %d are left: run the same command again to go on", outcome.left);
    say(".\n");
    const int reported = report(&a->ablation, v->out);
    if (outcome.interrupted) return EXIT_INTERRUPTED;
    return outcome.failed > 0 ? EXIT_FAILED : reported;
}

static int run_report(const ablate_values_t *v, int32_t num_arguments)
{
    if (num_arguments > 0 || v->out)
        return say_usage("ablate: --report DIR takes neither a ROM nor --out");
    why_t why;
    ablation_t ablation;
    bool found;
    if (!ablation_load(&ablation, v->report, learning_add_later_settings, &found, why))
        return say_failed("%s", why);
    if (!found)
        return say_failed("%.300s: there is no " ABLATION_FILE " in it, so no comparison",
                          v->report);
    const int status = report(&ablation, v->report);
    ablation_free(&ablation);
    return status;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const ablate_values_t *v = values;
    ablate_t a = { .values = v, .dir_fd = -1 };
    if (v->report) return run_report(v, num_arguments);
    if (num_arguments == 0 || !v->out)
        return say_usage("ablate: it needs a ROM and --out DIR, or --report DIR alone");
    a.rom = arguments[0];
    if (!ablation_read_arms(a.ablation.arms, v->arms ? v->arms : "rainbow,macros,fixed,meta",
                            a.why) ||
        !options_have_effect(v, a.ablation.arms, a.why))
        return say_usage("ablate: %s", a.why);
    game_options_t options = v->game;
    options.dir = v->out;
    if (!game_open(&a.game, a.rom, &options, GAME_TO_WRITE, a.why)) return say_failed("%s", a.why);
    const int status = prepare(&a) ? train(&a) : say_failed("%s", a.why);
    dir_lock_drop(a.dir_fd);
    preset_free(a.primitive);
    preset_free(a.transfer);
    for (int32_t f = 0; f < NUM_FINDERS; f++) preset_free(a.found[f]);
    for (int32_t arm = 0; arm < ABLATION_NUM_ARMS; arm++) preset_free(a.given[arm]);
    ablation_free(&a.ablation);
    game_close(&a.game);
    return status;
}

const command_t command_ablate = {
    .name = "ablate",
    .arguments = "[ROM]",
    .min_arguments = 0,
    .max_arguments = 1,
    .summary = "compare agents: several arms, several seeds",
    .about =
        "Trains an agent for each arm and seed, each in a process of its own with one worker and\n"
        "one thread, and writes a page that compares them: interquartile means with bootstrap\n"
        "intervals, at equal decisions and at equal frames, learning curves, the similarity.\n"
        "  rainbow   Rainbow with the preset's primitives only; its macros are removed\n"
        "  macros    Rainbow with all actions\n"
        "  fixed     MASP with the similarity that --similarity-prior gives, frozen\n"
        "  meta      MASP that learns it, from the same beginning\n"
        "  transfer  MASP that begins with an earlier similarity: --transfer-from\n"
        "  oracle    a similarity written by hand, frozen: --oracle. Ask it first\n"
        "  probe     a similarity from what the actions do, frozen: `kata similarity probe`\n"
        "  permuted  that under shuffled names;  constant  its mean for every pair\n"
        "  kinds     that of probe, and random actions drawn by kinds\n"
        "  probe-meta  that of probe, learned on;  together  that, and random actions by kinds\n"
        "  inverse   a similarity from an inverse model, frozen: `kata similarity inverse`\n"
        "Arms share all else. Run it again to go on: runs that are done are skipped, others go\n"
        "on from their last save. Arms and seeds may be added, other options may not change.\n"
        "Of a run that is done, DIR needs no more than log.jsonl and preset.json.",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples = "  Four arms, five seeds each:\n"
                "    kata ablate game.nes --seeds 5 --decisions 100k --out /tmp/compared\n"
                "  Add an arm that begins with what another training learned:\n"
                "    kata ablate game.nes --seeds 5 --decisions 100k --out /tmp/compared \\\n"
                "        --arms rainbow,macros,fixed,meta,transfer --transfer-from /tmp/first\n"
                "  What is known so far, while it runs:\n"
                "    kata ablate --report /tmp/compared\n",
    .values_bytes = sizeof(ablate_values_t),
    .defaults = defaults,
    .shown = shown,
    .run = run,
};
