/* learning_options.c - from the command line to a training's configuration. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kinds.h"
#include "learning_options.h"
#include "processors.h"
#include "similarity_inverse.h"
#include "similarity_probe.h"
#include "why.h"

#define AT(field) offsetof(learning_options_t, field)

const option_t learning_machine_rows[LEARNING_NUM_MACHINE_ROWS] = {
    { "workers", OPTION_COUNT, AT(workers), "N", 1, 256,
      "games at once, each in its own process, on its own processor while there are enough" },
    { "threads", OPTION_COUNT, AT(threads), "N", 1, 256, "of the learner" },
    { "worker-silence", OPTION_REAL, AT(worker_silence), "SECONDS", 0.1, 3600,
      "a worker without a frame for so long is ended and started again" },
    { "worker-memory", OPTION_COUNT, AT(worker_memory), "MIB", 16, 1 << 20,
      "a worker that takes more is, too" },
    { "repeatable", OPTION_FLAG, AT(repeatable), NULL, 0, 0,
      "one game, in step with one thread that learns: the same seed makes the same bytes" },
    { "seed", OPTION_COUNT, AT(seed), "N", 0, 1e15,
      "of weights, exploration and each round's first frames" },
};

const option_t learning_agent_rows[LEARNING_NUM_AGENT_ROWS] = {
    { "setting", OPTION_CHOICE, AT(setting), "default|hessel2018|vanhasselt2019", 0, 0,
      "a published one to start from" },
    { "net", OPTION_CHOICE, AT(net), "small|nature|impala", 0, 0,
      "the network; impala: residual blocks, some five times nature's arithmetic" },
    { "net-width", OPTION_COUNT, AT(net_width), "N", 1, 2, "channels of impala, times so many" },
    { "eyes", OPTION_CHOICE, AT(eyes), "auto|pictures|variables|both", 0, 0,
      "what the agent sees: the screen, what the preset lists in `observe`; auto: that, where it "
      "lists anything. Who sees numbers alone has other defaults: --updates-per-decision 0.25 "
      "--munchausen 0.9, and in self-play and --against --replay 300000, elsewhere --epsilon-end "
      "0.1 --epsilon-ramp 4000" },
    { "learning-rate", OPTION_REAL, AT(learning_rate), "X", 1e-8, 1, "of Adam" },
    { "adam-epsilon", OPTION_REAL, AT(adam_epsilon), "X", 1e-12, 1, "of Adam" },
    { "max-grad-norm", OPTION_REAL, AT(max_grad_norm), "X", 1e-6, 1e9,
      "gradients longer than this are clipped" },
    { "average", OPTION_COUNT, AT(average), "N", 0, 1 << 30,
      "updates whose mean weights play; 0: the last weights do" },
    { "batch", OPTION_COUNT, AT(batch), "N", 1, 1024, "decisions in one update" },
    { "updates-per-decision", OPTION_REAL, AT(updates_per_decision), "X", 0, 64,
      "how often to learn; 0.5 is every second" },
    { "discount", OPTION_REAL, AT(discount), "X", 0, 1,
      "of a step (frame_skip frames); where the preset has horizon_frames, that is the default" },
    { "n-step", OPTION_COUNT, AT(n_step), "N", 1, 64, "decisions of an n-step return" },
    { "n-step-end", OPTION_COUNT, AT(n_step_end), "N", 0, 64,
      "to which n falls; 0, or --n-step alone: it stays" },
    { "n-step-ramp", OPTION_COUNT, AT(n_step_ramp), "N", 1, 1 << 30, "updates until then" },
    { "return-steps", OPTION_COUNT, AT(return_steps), "N", 0, 1 << 16,
      "of frame_skip frames by which a return ends, of n-step decisions at most; 0: n alone ends "
      "it" },
    { "random-shift", OPTION_COUNT, AT(random_shift), "N", 0, 16,
      "pixels by which pictures are moved at random in an update" },
    { "replay", OPTION_COUNT, AT(replay), "N", 1, 1 << 24, "decisions that are remembered" },
    { "replay-memory", OPTION_COUNT, AT(replay_memory), "MIB", 1, 1 << 20,
      "memory for their pictures; full: fewer are remembered" },
    { "warmup", OPTION_COUNT, AT(warmup), "N", 1, 1 << 24, "decisions before the first update" },
    { "target-sync", OPTION_COUNT, AT(target_sync), "N", 1, 1 << 30,
      "updates between two copies to the target network" },
    { "epsilon-start", OPTION_REAL, AT(epsilon_start), "X", 0, 1,
      "share of random actions in the beginning" },
    { "epsilon-end", OPTION_REAL, AT(epsilon_end), "X", 0, 1, "and at last" },
    { "epsilon-ramp", OPTION_COUNT, AT(epsilon_ramp), "N", 0, 1 << 30, "decisions until then" },
    { "epsilon-repeat", OPTION_REAL, AT(epsilon_repeat), "X", 0, 16,
      "a random action is taken n times in a row, n to 20 in proportion to n^-X; 0: once" },
    { "double", OPTION_CHOICE, AT(double_q), "off|on", 0, 0, "double Q-learning" },
    { "munchausen", OPTION_REAL, AT(munchausen), "X", 0, 1,
      "share of the log policy in the reward; 0: off" },
    { "munchausen-temperature", OPTION_REAL, AT(munchausen_temperature), "X", 1e-4, 100,
      "of that policy, in units of return divided by their scale" },
    { "dueling", OPTION_CHOICE, AT(dueling), "off|on", 0, 0,
      "dueling network: value and advantage" },
    { "noisy", OPTION_CHOICE, AT(noisy), "off|on", 0, 0, "explore by noisy layers" },
    { "prioritized", OPTION_CHOICE, AT(prioritized), "off|on", 0, 0,
      "replay decisions with a large TD error more often" },
    { "atoms", OPTION_COUNT, AT(atoms), "N", 1, 255,
      "of the distribution of returns; 1: only the mean" },
    { "return-min", OPTION_REAL, AT(return_min), "X", -1e6, 1e6, "the lowest atom" },
    { "return-max", OPTION_REAL, AT(return_max), "X", -1e6, 1e6, "the highest atom" },
    { "return-scale", OPTION_REAL, AT(return_scale), "X", 0, 1e9,
      "rewards are divided by it; 0: by what makes the returns fit the atoms" },
    { "idle-frames", OPTION_COUNT, AT(idle_frames), "N", 0, 10000,
      "a round begins up to so many frames late" },
    { "idle-pads", OPTION_CHOICE, AT(idle_pads), "still|mashed", 0, 0,
      "in these frames: mashed, so that no two rounds begin alike" },
    { "sticky", OPTION_REAL, AT(sticky), "X", 0, 1, "chance that a step keeps the last pad" },
    { "novelty", OPTION_REAL, AT(novelty), "W", 0, PRESET_MAX_NOVELTY,
      "reward of a step that shows what is new in its round [the preset's]" },
};

const option_t learning_similarity_rows[LEARNING_NUM_SIMILARITY_ROWS] = {
    { "similarity", OPTION_CHOICE, AT(similarity), "off|fixed|meta|probe|inverse", 0, 0,
      "of actions pulls their values together (MASP); meta: and is learned; probe, inverse: fixed, "
      "from what they do" },
    { "similarity-from", OPTION_TEXT, AT(similarity_from), "FILE|DIR", 0, 0,
      "begin with what an earlier agent learned: its folder or preset.json, or any preset" },
    { "similarity-prior", OPTION_CHOICE, AT(similarity_prior), SIMILARITY_PRIOR_NAMES, 0, 0,
      "where it begins: pads pressed at once, one number, what the game's preset learned, what a "
      "probe finds, or an inverse model of random play" },
    { "similarity-states", OPTION_COUNT, AT(similarity_states), "N", 1, SIMILARITY_PROBE_MAX_STATES,
      "savestates of a probe, where one is made [40, at most a minute]" },
    { "similarity-decisions", OPTION_COUNT, AT(similarity_decisions), "N",
      SIMILARITY_INVERSE_MIN_DECISIONS, SIMILARITY_INVERSE_MAX_DECISIONS,
      "of random play for an inverse model, where one is made [5000, at most two minutes]" },
    { "similarity-form", OPTION_CHOICE, AT(similarity_form), "pairs|mixture", 0, 0,
      "of its penalty: gaps between like actions, or from the mean of one's likes" },
    { "similarity-weight", OPTION_REAL, AT(similarity_weight), "X", 0, 1e6,
      "of its penalty, lambda; of a mixture 0.1 if it is not given" },
    { "similarity-kinds", OPTION_REAL, AT(similarity_kinds), "X", 0, KINDS_MAX_SHARPNESS,
      "sharpness with which random actions are drawn by kinds; 0, or no weight: uniformly" },
    { "similarity-learning-rate", OPTION_REAL, AT(similarity_learning_rate), "X", 0, 10,
      "of the similarity; meta only" },
    { "similarity-period", OPTION_COUNT, AT(similarity_period), "N", 1, 1 << 30,
      "updates from one of its steps to the next; meta only" },
    { "similarity-balance", OPTION_CHOICE, AT(similarity_balance), "off|on", 0, 0,
      "each move counts alike in its loss, however often it is played; meta only" },
    { "similarity-fade", OPTION_COUNT, AT(similarity_fade), "N", 0, 1 << 30,
      "updates over which its penalty falls to nothing; 0: it stays" },
};

/* Behind the modes that an agent knows: fixed, from a probe, from an inverse model. */
enum { SIMILARITY_PROBE = AGENT_SIMILARITY_META + 1, SIMILARITY_INVERSE };

/* The prior that the mode says; -1: it says none. */
static int32_t prior_of_mode(const learning_options_t *options)
{
    return options->similarity == SIMILARITY_PROBE     ? (int32_t)SIMILARITY_PRIOR_PROBE
           : options->similarity == SIMILARITY_INVERSE ? (int32_t)SIMILARITY_PRIOR_INVERSE
                                                       : -1;
}

/* Choices of --eyes: what is best known of the preset, then agent_eyes_t in its order. */
enum { EYES_AUTO, EYES_PICTURES };

/* Which option is which field of the agent. */
typedef enum { COUNT_TO_INT, REAL_TO_FLOAT, CHOICE_TO_BOOL, CHOICE_TO_ENUM } link_kind_t;
static const struct {
    size_t from, to;
    link_kind_t kind;
} links[] = {
    { AT(net), offsetof(agent_config_t, net_kind), CHOICE_TO_ENUM },
    { AT(net_width), offsetof(agent_config_t, net_width), COUNT_TO_INT },
    { AT(learning_rate), offsetof(agent_config_t, learning_rate), REAL_TO_FLOAT },
    { AT(adam_epsilon), offsetof(agent_config_t, adam_epsilon), REAL_TO_FLOAT },
    { AT(max_grad_norm), offsetof(agent_config_t, max_grad_norm), REAL_TO_FLOAT },
    { AT(average), offsetof(agent_config_t, average_updates), COUNT_TO_INT },
    { AT(batch), offsetof(agent_config_t, batch_size), COUNT_TO_INT },
    { AT(discount), offsetof(agent_config_t, discount_per_step), REAL_TO_FLOAT },
    { AT(n_step), offsetof(agent_config_t, n_step_decisions), COUNT_TO_INT },
    { AT(n_step_end), offsetof(agent_config_t, n_step_end_decisions), COUNT_TO_INT },
    { AT(n_step_ramp), offsetof(agent_config_t, n_step_ramp_updates), COUNT_TO_INT },
    { AT(return_steps), offsetof(agent_config_t, return_steps), COUNT_TO_INT },
    { AT(random_shift), offsetof(agent_config_t, random_shift_px), COUNT_TO_INT },
    { AT(munchausen), offsetof(agent_config_t, munchausen), REAL_TO_FLOAT },
    { AT(munchausen_temperature), offsetof(agent_config_t, munchausen_temperature), REAL_TO_FLOAT },
    { AT(replay), offsetof(agent_config_t, replay_capacity_decisions), COUNT_TO_INT },
    { AT(replay_memory), offsetof(agent_config_t, replay_memory_mib), COUNT_TO_INT },
    { AT(warmup), offsetof(agent_config_t, replay_warmup_decisions), COUNT_TO_INT },
    { AT(target_sync), offsetof(agent_config_t, target_sync_period_updates), COUNT_TO_INT },
    { AT(epsilon_start), offsetof(agent_config_t, epsilon_start), REAL_TO_FLOAT },
    { AT(epsilon_end), offsetof(agent_config_t, epsilon_end), REAL_TO_FLOAT },
    { AT(epsilon_ramp), offsetof(agent_config_t, epsilon_ramp_decisions), COUNT_TO_INT },
    { AT(epsilon_repeat), offsetof(agent_config_t, epsilon_repeat), REAL_TO_FLOAT },
    { AT(double_q), offsetof(agent_config_t, double_q), CHOICE_TO_BOOL },
    { AT(dueling), offsetof(agent_config_t, dueling), CHOICE_TO_BOOL },
    { AT(noisy), offsetof(agent_config_t, noisy), CHOICE_TO_BOOL },
    { AT(prioritized), offsetof(agent_config_t, prioritized), CHOICE_TO_BOOL },
    { AT(atoms), offsetof(agent_config_t, num_atoms), COUNT_TO_INT },
    { AT(return_min), offsetof(agent_config_t, return_min), REAL_TO_FLOAT },
    { AT(return_max), offsetof(agent_config_t, return_max), REAL_TO_FLOAT },
    { AT(return_scale), offsetof(agent_config_t, return_scale), REAL_TO_FLOAT },
    /* No published setting says anything of these. */
    { AT(similarity), offsetof(agent_config_t, similarity_mode), CHOICE_TO_ENUM },
    { AT(similarity_form), offsetof(agent_config_t, similarity_form), CHOICE_TO_ENUM },
    { AT(similarity_weight), offsetof(agent_config_t, similarity_weight), REAL_TO_FLOAT },
    { AT(similarity_kinds), offsetof(agent_config_t, similarity_kinds), REAL_TO_FLOAT },
    { AT(similarity_learning_rate), offsetof(agent_config_t, similarity_learning_rate),
      REAL_TO_FLOAT },
    { AT(similarity_period), offsetof(agent_config_t, similarity_period_updates), COUNT_TO_INT },
    { AT(similarity_fade), offsetof(agent_config_t, similarity_fade_updates), COUNT_TO_INT },
    { AT(similarity_balance), offsetof(agent_config_t, similarity_balanced), CHOICE_TO_BOOL },
};
enum { NUM_LINKS = sizeof links / sizeof links[0], NUM_LINKS_OF_NO_SETTING = 8 };
_Static_assert(sizeof(agent_net_kind_t) == sizeof(int32_t) &&
                   sizeof(agent_similarity_mode_t) == sizeof(int32_t) &&
                   sizeof(agent_similarity_form_t) == sizeof(int32_t),
               "a choice is written as four bytes");

static bool is_given(const void *option, link_kind_t kind)
{
    switch (kind) {
    case COUNT_TO_INT: return *(const int64_t *)option != OPTION_UNSET;
    case REAL_TO_FLOAT: return !isnan(*(const double *)option);
    case CHOICE_TO_BOOL:
    case CHOICE_TO_ENUM: return *(const int32_t *)option >= 0;
    }
    return false;
}

static void set_field(void *field, const void *option, link_kind_t kind)
{
    switch (kind) {
    case COUNT_TO_INT: *(int32_t *)field = (int32_t) * (const int64_t *)option; break;
    case REAL_TO_FLOAT: *(float *)field = (float)*(const double *)option; break;
    case CHOICE_TO_BOOL: *(bool *)field = *(const int32_t *)option == 1; break;
    case CHOICE_TO_ENUM: *(int32_t *)field = *(const int32_t *)option; break;
    }
}

static void set_option(void *option, const void *field, link_kind_t kind)
{
    switch (kind) {
    case COUNT_TO_INT: *(int64_t *)option = *(const int32_t *)field; break;
    case REAL_TO_FLOAT: {
        /* A float's own digits: 1e-4f shall be shown as 0.0001, not 9.9999997e-05. */
        char text[32];
        snprintf(text, sizeof text, "%.6g", (double)*(const float *)field);
        sscanf(text, "%lf", (double *)option);
        break;
    }
    case CHOICE_TO_BOOL: *(int32_t *)option = *(const bool *)field ? 1 : 0; break;
    case CHOICE_TO_ENUM: *(int32_t *)option = *(const int32_t *)field; break;
    }
}

void learning_options_unset(learning_options_t *options)
{
    *options = (learning_options_t){ .workers = OPTION_UNSET,
                                     .threads = 1,
                                     .worker_silence = 5,
                                     .worker_memory = 2048,
                                     .seed = OPTION_UNSET,
                                     .updates_per_decision = NAN,
                                     .idle_frames = OPTION_UNSET,
                                     .idle_pads = -1,
                                     .similarity_prior = -1,
                                     .similarity_states = OPTION_UNSET,
                                     .similarity_decisions = OPTION_UNSET,
                                     .sticky = 0,
                                     .novelty = NAN };
    for (int32_t i = 0; i < NUM_LINKS; i++) {
        void *option = (char *)options + links[i].from;
        switch (links[i].kind) {
        case COUNT_TO_INT: *(int64_t *)option = OPTION_UNSET; break;
        case REAL_TO_FLOAT: *(double *)option = NAN; break;
        case CHOICE_TO_BOOL:
        case CHOICE_TO_ENUM: *(int32_t *)option = -1; break;
        }
    }
}

/* As many games at once as there are cores: the learner takes a small part of one. */
static int32_t default_workers(void)
{
    enum { MOST = 16 };
    const int32_t cores = processors_available();
    return cores > MOST ? MOST : cores;
}

/* What a training really uses, whether it was given or not. */
static void resolve(learning_options_t *options, const training_config_t *config)
{
    for (int32_t i = 0; i < NUM_LINKS; i++)
        set_option((char *)options + links[i].from, (const char *)&config->agent + links[i].to,
                   links[i].kind);
    options->eyes = EYES_PICTURES + (int32_t)config->agent.eyes;
    options->workers = config->actors.num_actors;
    options->seed = (int64_t)config->agent.seed;
    options->updates_per_decision = (double)config->updates_per_decision;
    options->idle_frames = config->actors.actor.max_idle_frames;
    options->idle_pads = config->actors.actor.mashes_idle_frames;
    options->similarity_prior = (int32_t)config->similarity_prior;
}

void learning_options_default(learning_options_t *options)
{
    training_config_t config;
    training_config_defaults(&config, NULL);
    learning_options_unset(options);
    config.actors.num_actors = default_workers();
    resolve(options, &config);
    options->eyes = EYES_AUTO;
}

void learning_prefer_pictures(learning_options_t *options)
{
    if (options->eyes < EYES_PICTURES) options->eyes = EYES_PICTURES;
}

static void lay_over(agent_config_t *agent, const learning_options_t *options)
{
    static const char *const settings[] = { NULL, "hessel2018", "vanhasselt2019" };
    if (settings[options->setting]) agent_config_named(agent, settings[options->setting]);
    for (int32_t i = 0; i < NUM_LINKS; i++) {
        const void *option = (const char *)options + links[i].from;
        if (is_given(option, links[i].kind))
            set_field((char *)agent + links[i].to, option, links[i].kind);
    }
    /* Who says one n means that one. */
    if (options->n_step != OPTION_UNSET && options->n_step_end == OPTION_UNSET)
        agent->n_step_end_decisions = 0;
    if (prior_of_mode(options) >= 0) agent->similarity_mode = AGENT_SIMILARITY_FIXED;
    /* The two forms count differently (masp.h), and kinds without a penalty do harm. */
    const bool has_weight = !isnan(options->similarity_weight);
    if (options->similarity_form == AGENT_SIMILARITY_MIXTURE && !has_weight)
        agent->similarity_weight = 0.1f;
    if (has_weight && options->similarity_weight == 0 && isnan(options->similarity_kinds))
        agent->similarity_kinds = 0;
}

bool learning_config(training_config_t *config, const learning_options_t *options,
                     const game_t *game, why_t why)
{
    training_config_defaults(config, game->preset);
    if (options->seed != OPTION_UNSET) config->agent.seed = (uint64_t)options->seed;
    config->actors.num_actors = options->workers != OPTION_UNSET ? (int32_t)options->workers
                                : options->repeatable            ? 1
                                                                 : default_workers();
    config->repeatable = options->repeatable;
    if (options->repeatable && (config->actors.num_actors > 1 || options->threads > 1))
        return refuse(why,
                      "--repeatable: there is one game and one thread then, found --workers "
                      "%d and --threads %d",
                      config->actors.num_actors, (int)options->threads);
    /* What was published saw pictures. */
    const agent_eyes_t eyes = options->eyes >= EYES_PICTURES
                                  ? (agent_eyes_t)(options->eyes - EYES_PICTURES)
                              : options->setting ? AGENT_EYES_PICTURES
                                                 : config->agent.eyes;
    training_config_suit(config, eyes);
    if (game->versus == OPPONENT_SELF || game->versus == OPPONENT_FILE)
        training_config_suit_agents(config, eyes);
    lay_over(&config->agent, options);
    config->agent.num_streams = config->actors.num_actors;
    why_t cause;
    if (!player_set_eyes(&config->agent, game->preset, eyes, cause))
        return refuse(why, "--eyes: %s", cause);

    game_actors(game, &config->actors);
    config->actors.silence_limit_ms = (int32_t)(1000 * options->worker_silence);
    config->actors.memory_limit_mib = (int32_t)options->worker_memory;
    config->actors.actor.seed = config->agent.seed;
    config->actors.actor.discount_per_step = config->agent.discount_per_step;
    config->actors.actor.sticky_probability = (float)options->sticky;
    config->actors.actor.novelty = (float)options->novelty;
    if (!preset_has_reward(game->preset) && options->novelty == 0)
        return refuse(why, "--novelty 0: nothing else is a reward in this preset, so nothing could "
                           "be learned");
    if (options->idle_frames != OPTION_UNSET)
        config->actors.actor.max_idle_frames = (int32_t)options->idle_frames;
    if (options->idle_pads >= 0) config->actors.actor.mashes_idle_frames = options->idle_pads == 1;
    if (!isnan(options->updates_per_decision))
        config->updates_per_decision = (float)options->updates_per_decision;
    if (options->similarity_prior >= 0)
        config->similarity_prior = (similarity_prior_t)options->similarity_prior;
    if (prior_of_mode(options) >= 0)
        config->similarity_prior = (similarity_prior_t)prior_of_mode(options);
    config->similarity_from = NULL;
    config->dir = game->dir;
    config->core_name = game->core_name;

    return agent_config_check(&config->agent, cause) == AGENT_OK || refuse(why, "%s", cause);
}

static const char *name_at(size_t offset)
{
    for (int32_t i = 0; i < LEARNING_NUM_AGENT_ROWS; i++)
        if (learning_agent_rows[i].offset == offset) return learning_agent_rows[i].name;
    for (int32_t i = 0; i < LEARNING_NUM_SIMILARITY_ROWS; i++)
        if (learning_similarity_rows[i].offset == offset) return learning_similarity_rows[i].name;
    return "?";
}

static void add_option(cJSON *object, const option_t *row, const learning_options_t *options)
{
    const void *value = (const char *)options + row->offset;
    if (row->kind == OPTION_COUNT && *(const int64_t *)value != OPTION_UNSET)
        cJSON_AddNumberToObject(object, row->name, (double)*(const int64_t *)value);
    if (row->kind == OPTION_REAL && !isnan(*(const double *)value)) /* else the preset's */
        cJSON_AddNumberToObject(object, row->name, *(const double *)value);
    if (row->kind != OPTION_CHOICE) return;
    const char *word = row->value; /* "small|nature|impala" */
    for (int32_t i = 0; i < *(const int32_t *)value; i++) word += strcspn(word, "|") + 1;
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(word, "|"), word);
    cJSON_AddStringToObject(object, row->name, text);
}

cJSON *learning_settings(const learning_options_t *given, const training_config_t *config)
{
    learning_options_t options = *given;
    resolve(&options, config);
    cJSON *object = cJSON_CreateObject();
    for (int32_t i = 0; i < LEARNING_NUM_AGENT_ROWS; i++)
        add_option(object, &learning_agent_rows[i], &options);
    for (int32_t i = 0; i < LEARNING_NUM_SIMILARITY_ROWS; i++)
        add_option(object, &learning_similarity_rows[i], &options);
    return object;
}

void learning_add_later_settings(cJSON *settings)
{
    learning_options_t options;
    learning_options_default(&options);
    options.similarity_kinds = 0;
    options.eyes = EYES_PICTURES;
    options.n_step_end = options.return_steps = 0;
    for (int32_t i = 0; i < LEARNING_NUM_AGENT_ROWS + LEARNING_NUM_SIMILARITY_ROWS; i++) {
        const int32_t of_similarity = i - LEARNING_NUM_AGENT_ROWS;
        if (of_similarity >= 0 && of_similarity < LEARNING_NUM_ARM_ROWS) continue;
        const option_t *row =
            of_similarity < 0 ? &learning_agent_rows[i] : &learning_similarity_rows[of_similarity];
        if (row->offset == AT(similarity_form)) continue;
        if (!cJSON_HasObjectItem(settings, row->name)) add_option(settings, row, &options);
    }
}

static bool begins_with(const learning_options_t *options, similarity_prior_t prior)
{
    const int32_t of_mode = prior_of_mode(options);
    return options->similarity > AGENT_SIMILARITY_OFF &&
           (of_mode >= 0 ? of_mode : options->similarity_prior) == (int32_t)prior;
}

bool learning_wants_probe(const learning_options_t *options)
{
    return begins_with(options, SIMILARITY_PRIOR_PROBE);
}

bool learning_wants_inverse(const learning_options_t *options)
{
    return begins_with(options, SIMILARITY_PRIOR_INVERSE);
}

static bool refuse_to_change(char *why, const char *dashes, const char *name)
{
    return refuse(why,
                  "%s%s is not what the saved agent was made with, and it cannot be changed now: "
                  "leave it out to go on, or begin anew with --fresh",
                  dashes, name);
}

bool learning_similarity_fits(const learning_options_t *options, agent_similarity_mode_t mode,
                              why_t why)
{
    const struct {
        size_t offset;
        bool is_given, is_used;
    } parts[] = {
        { AT(similarity_from), options->similarity_from != NULL, mode != AGENT_SIMILARITY_OFF },
        { AT(similarity_prior), options->similarity_prior >= 0, mode != AGENT_SIMILARITY_OFF },
        { AT(similarity_form), options->similarity_form >= 0, mode != AGENT_SIMILARITY_OFF },
        { AT(similarity_weight), !isnan(options->similarity_weight), mode != AGENT_SIMILARITY_OFF },
        { AT(similarity_kinds), !isnan(options->similarity_kinds), mode != AGENT_SIMILARITY_OFF },
        { AT(similarity_fade), options->similarity_fade != OPTION_UNSET,
          mode != AGENT_SIMILARITY_OFF },
        { AT(similarity_learning_rate), !isnan(options->similarity_learning_rate),
          mode == AGENT_SIMILARITY_META },
        { AT(similarity_period), options->similarity_period != OPTION_UNSET,
          mode == AGENT_SIMILARITY_META },
        { AT(similarity_balance), options->similarity_balance >= 0, mode == AGENT_SIMILARITY_META },
    };
    static const char *const modes[] = { "off", "fixed", "meta" };
    const int32_t of_mode = prior_of_mode(options);
    if (of_mode >= 0 && (options->similarity_from ||
                         (options->similarity_prior >= 0 && options->similarity_prior != of_mode)))
        return refuse(why,
                      "--similarity %s begins with what %s finds: leave out --similarity-prior and "
                      "--similarity-from",
                      similarity_prior_name((similarity_prior_t)of_mode),
                      of_mode == (int32_t)SIMILARITY_PRIOR_PROBE ? "a probe" : "an inverse model");
    if (options->similarity_from && options->similarity_prior >= 0 &&
        options->similarity_prior != SIMILARITY_PRIOR_PRESET)
        return refuse(why,
                      "--similarity-from begins with what was learned, --similarity-prior %s "
                      "with something else: give one of them",
                      similarity_prior_name((similarity_prior_t)options->similarity_prior));
    if (options->similarity_states != OPTION_UNSET && !learning_wants_probe(options))
        return refuse(why, "--similarity-states changes nothing without a probe: leave it out, or "
                           "give --similarity probe");
    if (options->similarity_decisions != OPTION_UNSET && !learning_wants_inverse(options))
        return refuse(why, "--similarity-decisions changes nothing without an inverse model: leave "
                           "it out, or give --similarity inverse");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].is_given && !parts[i].is_used)
            return refuse(why, "--%s changes nothing with --similarity %s: leave it out",
                          name_at(parts[i].offset), modes[mode]);
    return true;
}

bool learning_fits(const learning_options_t *options, const agent_config_t *made_with,
                   const learning_origin_t *origin, why_t why)
{
    agent_config_t wanted;
    agent_config_defaults(&wanted, made_with->num_actions);
    lay_over(&wanted, options);
    for (int32_t i = 0; i < NUM_LINKS; i++) {
        static const size_t sizes[] = { [COUNT_TO_INT] = sizeof(int32_t),
                                        [REAL_TO_FLOAT] = sizeof(float),
                                        [CHOICE_TO_BOOL] = sizeof(bool),
                                        [CHOICE_TO_ENUM] = sizeof(int32_t) };
        const bool given = is_given((const char *)options + links[i].from, links[i].kind);
        const bool in_settings = i < NUM_LINKS - NUM_LINKS_OF_NO_SETTING;
        if (!given && (options->setting == 0 || !in_settings)) continue;
        if (memcmp((const char *)&wanted + links[i].to, (const char *)made_with + links[i].to,
                   sizes[links[i].kind]) == 0)
            continue;
        return refuse_to_change(why, given ? "--" : "--setting: ", name_at(links[i].from));
    }
    if (options->eyes >= EYES_PICTURES && options->eyes - EYES_PICTURES != (int32_t)made_with->eyes)
        return refuse_to_change(why, "--", "eyes");
    const int32_t of_mode = prior_of_mode(options);
    const int32_t prior = of_mode >= 0 ? of_mode : options->similarity_prior;
    if (prior >= 0 && origin->prior[0] &&
        strcmp(similarity_prior_name((similarity_prior_t)prior), origin->prior) != 0)
        return refuse_to_change(why, "--",
                                prior == options->similarity_prior         ? "similarity-prior"
                                : prior == (int32_t)SIMILARITY_PRIOR_PROBE ? "similarity probe"
                                                                           : "similarity inverse");
    if (origin->wanted_from && strcmp(origin->wanted_from, origin->from) != 0)
        return refuse_to_change(why, "--", "similarity-from");
    return true;
}

bool learning_load_similarity(preset_t **out, const char *path, why_t why)
{
    char file[HOME_PATH_BYTES];
    why_t cause;
    struct stat status;
    const bool is_dir = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    *out = NULL;
    if (snprintf(file, sizeof file, "%s%s", path, is_dir ? "/preset.json" : "") >= (int)sizeof file)
        return refuse(why, "%.100s...: too long a path", path);
    if (!preset_load(out, file, cause)) return refuse(why, "%s", cause);
    if (preset_similarity(*out)) return true;
    preset_free(*out);
    *out = NULL;
    return refuse(why,
                  "%.300s: there is no similarity in it; `kata train --similarity meta` learns one",
                  file);
}

bool learning_begin_with(preset_t **from, training_config_t *config,
                         const learning_options_t *options, why_t why)
{
    *from = NULL;
    if (!options->similarity_from) return true;
    if (!learning_load_similarity(from, options->similarity_from, why)) return false;
    config->similarity_from = *from;
    config->similarity_prior = SIMILARITY_PRIOR_PRESET;
    return true;
}

bool learning_open(training_t **out, const training_config_t *config,
                   const learning_options_t *options, why_t why)
{
    why_t cause;
    agent_set_blas_threads((int32_t)options->threads);
    if (!training_open(out, config, cause)) {
        refuse(why, "%s", cause);
        return false;
    }
    const agent_config_t *agent = agent_config(training_agent(*out));
    const learning_origin_t origin = {
        .prior = training_prior(*out),
        .from = training_similarity_from(*out),
        .wanted_from = config->similarity_from ? preset_hash(config->similarity_from) : NULL,
    };
    const bool fits = !training_resumed(*out) || learning_fits(options, agent, &origin, why);
    if (fits && learning_similarity_fits(options, agent->similarity_mode, why)) return true;
    training_close(*out);
    *out = NULL;
    return false;
}

bool learning_show(live_t *live, training_t *training, const training_config_t *config,
                   const learning_options_t *options, why_t why)
{
    training_config_t opened = *config; /* a resumed agent keeps what it was made with */
    opened.agent = *agent_config(training_agent(training));
    cJSON *settings = learning_settings(options, &opened);
    const bool ok = live_begin(live, &opened, settings, why);
    cJSON_Delete(settings);
    return ok;
}
