/* actor.c - see actor.h. */
#include "actor.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "half.h"
#include "kinds.h"
#include "pictures.h"
#include "policy.h"
#include "splitmix.h"
#include "vision.h"
#include "why.h"

typedef struct {
    const actor_config_t *config;
    exchange_t *exchange;
    int32_t a;
    bridge_t *bridge;
    player_t *player;
    policy_t *policy;  /* NULL: random actions */
    policy_t *teacher; /* NULL: none */
    void *weights;     /* a publication */
    size_t weight_bytes;
    uint64_t version;
    float epsilon;
    policy_run_t runs[PLAYER_MAX_PORTS];
    uint64_t random;
    opponent_t opponent;
    uint32_t seats;      /* bit p: somebody decides at port p in this round */
    uint32_t learns;     /* bit p: the actor's own policy, whose decisions are reported */
    int32_t met;         /* in self-play */
    uint32_t other_seat; /* 1: port 0 is seat 1's */
    int32_t start;       /* index in config->starts */
    bool has_claim[PLAYER_MAX_PORTS];
    size_t seen_bytes, look_bytes; /* of a look: as the player shows it, as it is reported */
    int32_t since_view;            /* decisions */
    bool shows_view;               /* in the decision that is under way */
    bool has_twin;
    uint32_t twin_delay; /* steps: of the round as it is seen once more */
    /* The observations of the last records, of seats that play and then of their twins. */
    uint8_t reported[ACTOR_MAX_STREAMS][PLAYER_OBS_MOST_BYTES];
    uint8_t *screen; /* (3 * ACTOR_SCREEN_MAX_PX), of the newest frame that was drawn */
    uint32_t screen_width_px, screen_height_px;
    why_t why;
} actor_t;

int32_t actor_num_playing(const actor_config_t *config)
{
    return config->versus == OPPONENT_SELF ? ACTOR_SEATS : 1;
}

static bool sees_twice(const actor_config_t *config)
{
    return config->num_delays > 1 && config->who == ACTOR_EXPLORES;
}

int32_t actor_num_seats(const actor_config_t *config)
{
    return actor_num_playing(config) * (sees_twice(config) ? 2 : 1);
}

bool actor_is_twin(const actor_config_t *config, int32_t seat)
{
    return seat >= actor_num_playing(config);
}

/* Which of them sits at this port. In rounds against the CPU, whose only port is 0, either of them
 * does: else what a replay memory keeps of them would be half of one seat's, however many they are.
 */
static int32_t seat_of(const actor_t *actor, uint32_t port)
{
    return actor->config->versus == OPPONENT_SELF ? (int32_t)(port ^ actor->other_seat) : 0;
}

agent_eyes_t actor_eyes(const actor_config_t *config)
{
    return config->agent ? config->agent->eyes : AGENT_EYES_PICTURES;
}

size_t actor_look_bytes(const actor_config_t *config)
{
    return config->agent ? agent_look_bytes(config->agent) : ACTOR_PICTURE_BYTES;
}

/* Of a picture in a record whose looks have none. */
static size_t view_bytes(const actor_config_t *config)
{
    const bool is_blind = actor_eyes(config) == AGENT_EYES_VARIABLES;
    return is_blind && config->who == ACTOR_EXPLORES ? ACTOR_PICTURE_BYTES : 0;
}

const uint8_t *actor_view(const actor_config_t *config, const actor_record_t *record)
{
    return record->looks + PLAYER_OBS_STACK * actor_look_bytes(config);
}

const uint8_t *actor_screen(const actor_config_t *config, const actor_record_t *record)
{
    return actor_view(config, record) + view_bytes(config);
}

size_t actor_record_bytes(const actor_config_t *config)
{
    return sizeof(actor_record_t) + PLAYER_OBS_STACK * actor_look_bytes(config) +
           view_bytes(config) + (config->shows_screen ? 3 * (size_t)ACTOR_SCREEN_MAX_PX : 0);
}

static size_t publication_bytes(const policy_t *policy)
{
    return sizeof(actor_weights_t) +
           (policy_num_weights(policy) + (size_t)policy_num_kinds(policy)) * sizeof(float);
}

size_t actor_record_used_bytes(const actor_config_t *config, const actor_record_t *record)
{
    if (record->screen_width_px > 0)
        return (size_t)(actor_screen(config, record) - (const uint8_t *)record) +
               3 * (size_t)record->screen_width_px * (size_t)record->screen_height_px;
    if (record->has_view) return (size_t)(actor_screen(config, record) - (const uint8_t *)record);
    return sizeof *record + (size_t)record->num_looks * actor_look_bytes(config);
}

bool actor_weight_bytes(const actor_config_t *config, size_t *bytes, why_t why)
{
    *bytes = 0;
    if (config->who == ACTOR_RANDOM) return true;
    policy_t *policy;
    if (policy_create(&policy, config->agent, why) != AGENT_OK) return false;
    *bytes = publication_bytes(policy);
    policy_destroy(policy);
    return true;
}

void actor_observe(uint8_t *obs, size_t look_bytes, const actor_record_t *record)
{
    const size_t added = (size_t)record->num_looks * look_bytes;
    const size_t kept = PLAYER_OBS_STACK * look_bytes - added;
    memmove(obs, obs + added, kept);
    memcpy(obs + kept, record->looks, added);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void leave(actor_t *actor)
{
    opponent_end(&actor->opponent);
    player_destroy(actor->player);
    bridge_close(actor->bridge);
    policy_destroy(actor->policy);
    policy_destroy(actor->teacher);
    free(actor->weights);
    free(actor->screen);
}

void actor_player_config(player_config_t *player, const actor_config_t *config, bridge_t *bridge)
{
    player_config_defaults(player, bridge, config->preset);
    player->ports = 1u << config->port;
    if (config->versus == OPPONENT_RANDOM || config->versus == OPPONENT_FILE)
        player->ports |= 1u << (config->port ^ 1);
    if (config->versus == OPPONENT_SELF) player->ports = (1u << ACTOR_SEATS) - 1;
    player->discount_per_step = config->discount_per_step;
    player->min_idle_frames = config->min_idle_frames;
    player->max_idle_frames = config->max_idle_frames;
    player->mashes_idle_frames = config->mashes_idle_frames;
    player->sticky_probability = config->sticky_probability;
    player->eyes = actor_eyes(config);
    player->novelty = config->novelty;
    player->seed = config->seed;
}

/* Each from a console that was reset, but for the first. */
static bool boot_all(actor_t *actor)
{
    const actor_config_t *config = actor->config;
    const bool plays_itself = config->versus == OPPONENT_SELF;
    const bool boots_one = plays_itself || config->num_starts == 0;
    if (boots_one &&
        !player_boot(actor->player, plays_itself ? config->self_play.start : config->start,
                     actor->why))
        return false;
    for (int32_t i = 0; i < config->num_starts; i++) {
        if (boots_one || i > 0) bridge_reset(actor->bridge);
        if (!player_boot(actor->player, config->starts[i], actor->why)) return false;
    }
    return true;
}

static bool load_teacher(actor_t *actor)
{
    const actor_config_t *config = actor->config;
    if (!config->teacher_path) return true;
    if (policy_load(&actor->teacher, config->teacher_path, NULL, 0, actor->why) != AGENT_OK)
        return false;
    const agent_config_t *teacher = policy_config(actor->teacher), *agent = config->agent;
    return (teacher->eyes == agent->eyes && teacher->num_actions == agent->num_actions &&
            agent_seen_bytes(teacher) == agent_seen_bytes(agent)) ||
           refuse(actor->why, "%.300s: sees or does something else than whom it would teach",
                  config->teacher_path);
}

static bool enter(actor_t *actor)
{
    const actor_config_t *config = actor->config;
    const bridge_config_t bridge = { .core_path = config->core_path };
    if (bridge_open(&actor->bridge, &bridge, actor->why) != BRIDGE_OK) return false;
    if (bridge_load(actor->bridge, config->content_path, NULL, 0, actor->why) != BRIDGE_OK)
        return false;

    player_config_t player;
    actor_player_config(&player, config, actor->bridge);
    player.seed += (uint64_t)actor->a;
    if (!player_create(&actor->player, &player, actor->why)) return false;
    if (!boot_all(actor)) return false;
    opponent_init(&actor->opponent, config->preset, actor_eyes(config),
                  config->opponent_temperature);
    if (config->versus == OPPONENT_FILE &&
        !opponent_load(&actor->opponent, config->opponent_path, actor->why))
        return false;

    if (config->shows_screen && !(actor->screen = malloc(3 * (size_t)ACTOR_SCREEN_MAX_PX)))
        return refuse(actor->why, "no memory for the screen's picture");
    actor->look_bytes = actor->seen_bytes = actor_look_bytes(config);
    if (config->agent) actor->seen_bytes = agent_seen_bytes(config->agent);
    if (!load_teacher(actor)) return false;
    actor->random = player.seed;
    opponent_seed(&actor->opponent, player.seed);
    actor->learns = 1u << config->port;
    actor->seats = player.ports;
    if (config->who == ACTOR_RANDOM) return true;
    agent_config_t agent = *config->agent;
    agent.seed = player.seed; /* each explores on its own */
    if (policy_create(&actor->policy, &agent, actor->why) != AGENT_OK) return false;
    actor->weight_bytes = publication_bytes(actor->policy);
    actor->weights = malloc(actor->weight_bytes);
    return actor->weights || refuse(actor->why, "no memory for the weights");
}

/* ---- records --------------------------------------------------------------------------------- */

/* told: (A) halves, what the teacher holds the actions to be worth now; NaN without one. */
static void ask_teacher(actor_t *actor, uint32_t port, uint16_t *told)
{
    float q[AGENT_MAX_ACTIONS];
    const int32_t num_actions = preset_num_actions(actor->config->preset);
    for (int32_t a = 0; a < num_actions; a++) q[a] = NAN;
    if (actor->teacher)
        policy_q_values(actor->teacher, player_observation_late(actor->player, port, 0), q);
    for (int32_t a = 0; a < num_actions; a++) told[a] = half_of(q[a]);
}

/* What the record's looks are: the last num_looks of obs, with what the teacher told behind them.
 */
static void write_looks(const actor_t *actor, const uint8_t *obs, const uint16_t *told,
                        actor_record_t *record)
{
    const size_t seen_bytes = actor->seen_bytes, told_bytes = actor->look_bytes - seen_bytes;
    const uint16_t nan = half_of(NAN);
    uint8_t *to = record->looks;
    for (int32_t i = PLAYER_OBS_STACK - record->num_looks; i < PLAYER_OBS_STACK; i++) {
        memcpy(to, obs + (size_t)i * seen_bytes, seen_bytes);
        to += seen_bytes;
        if (i == PLAYER_OBS_STACK - 1) memcpy(to, told, told_bytes);
        for (size_t k = 0; i < PLAYER_OBS_STACK - 1 && k < told_bytes; k += sizeof nan)
            memcpy(to + k, &nan, sizeof nan);
        to += told_bytes;
    }
}

/* What a seat saw, for it or its twin. False: stopped. */
static bool report_seen(actor_t *actor, uint32_t port, bool is_twin,
                        const player_outcome_t *outcome)
{
    const int32_t seat = seat_of(actor, port) + (is_twin ? actor_num_playing(actor->config) : 0);
    uint8_t *reported = actor->reported[seat];
    actor_record_t *record = exchange_slot(actor->exchange, actor->a);
    if (!record) return false;
    uint16_t told[AGENT_MAX_ACTIONS];
    if (actor->look_bytes > actor->seen_bytes) ask_teacher(actor, port, told);
    const uint8_t *obs = is_twin ? player_observation_late(actor->player, port, actor->twin_delay)
                                 : player_observation(actor->player, port);
    record->kind = outcome ? ACTOR_DECIDED : ACTOR_BEGAN;
    record->num_looks = outcome
                            ? pictures_num_new(reported, obs, PLAYER_OBS_STACK, actor->seen_bytes)
                            : PLAYER_OBS_STACK;
    record->seat = seat;
    record->met = actor->met;
    record->start = actor->start;
    if (outcome) record->outcome = *outcome;
    record->frames = player_frames(actor->player);
    write_looks(actor, obs, told, record);
    memcpy(reported, obs, PLAYER_OBS_STACK * actor->seen_bytes);
    record->has_view = outcome && seat == 0 && actor->shows_view;
    if (record->has_view)
        memcpy((uint8_t *)(uintptr_t)actor_view(actor->config, record),
               player_picture(actor->player), ACTOR_PICTURE_BYTES);
    record->screen_width_px = record->screen_height_px = 0;
    if (!is_twin && actor->screen && actor->screen_width_px) {
        record->screen_width_px = actor->screen_width_px;
        record->screen_height_px = actor->screen_height_px;
        memcpy((uint8_t *)(uintptr_t)actor_screen(actor->config, record), actor->screen,
               3 * (size_t)actor->screen_width_px * actor->screen_height_px);
    }
    const bool ends_episode = outcome && (outcome->terminal || outcome->truncated);
    const bool ends = actor->config->counts_episodes ? ends_episode : outcome != NULL;
    exchange_push(actor->exchange, actor->a, ends && !is_twin);
    return true;
}

/* The twin first: whoever takes the other record counts the decision and may learn from both.
 * False: stopped. outcome NULL: an episode began. */
static bool report(actor_t *actor, uint32_t port, const player_outcome_t *outcome)
{
    if (actor->has_twin && !report_seen(actor, port, true, outcome)) return false;
    if (!report_seen(actor, port, false, outcome)) return false;
    if (outcome) actor->has_claim[port] = false;
    return true;
}

/* ---- play ------------------------------------------------------------------------------------ */

static void on_frame(void *user, const bridge_frame_t *frame)
{
    actor_t *actor = user;
    if (!frame->pixels) return; /* repeated: keep the last */
    actor->screen_width_px = actor->screen_height_px = 0;
    if (!vision_rgb(frame, actor->screen, ACTOR_SCREEN_MAX_PX)) return;
    actor->screen_width_px = frame->width_px;
    actor->screen_height_px = frame->height_px;
}

static void take_weights(actor_t *actor)
{
    if (!actor->policy ||
        !exchange_take_weights(actor->exchange, actor->a, actor->weights, &actor->version))
        return;
    const actor_weights_t *head = actor->weights;
    actor->epsilon = head->epsilon;
    const float *weights = (const float *)(head + 1);
    policy_take_weights(actor->policy, weights);
    if (actor->config->who == ACTOR_EXPLORES)
        policy_take_kinds(actor->policy, weights + policy_num_weights(actor->policy));
}

static double random_unit(actor_t *actor)
{
    return (double)(splitmix64(&actor->random) >> 11) * 0x1p-53;
}

/* In self-play who learns plays as past selves do: who always plays the best move is beaten by who
 * learns that one. */
static float explored_temperature(const actor_t *actor)
{
    return actor->config->versus == OPPONENT_SELF ? actor->config->temperature : 0;
}

static int32_t choose(actor_t *actor, uint32_t port)
{
    const int32_t num_actions = preset_num_actions(actor->config->preset);
    const double *kinds = actor->config->kinds;
    if (!(actor->learns >> port & 1))
        return opponent_choose(&actor->opponent, player_observation(actor->player, port));
    if (!actor->policy && kinds) return kinds_draw(num_actions, kinds, random_unit(actor));
    if (!actor->policy) return (int32_t)splitmix_below(&actor->random, (uint32_t)num_actions);
    const uint8_t *obs = player_observation(actor->player, port);
    if (actor->config->who == ACTOR_EXPLORES)
        return policy_explore(actor->policy, obs, actor->epsilon, explored_temperature(actor),
                              &actor->runs[port]);
    if (actor->config->temperature > 0) policy_seed(actor->policy, splitmix64(&actor->random));
    return random_unit(actor) < (double)actor->epsilon
               ? (int32_t)splitmix_below(&actor->random, (uint32_t)num_actions)
               : policy_soft(actor->policy, obs, actor->config->temperature);
}

#define FOR_EACH_PORT(port, ports)                                                                 \
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)                                       \
        if ((ports) >> port & 1)

/* False: stopped. */
static bool claim(actor_t *actor, uint32_t ports)
{
    FOR_EACH_PORT(port, ports)
    {
        if (actor->has_claim[port]) continue;
        if (!exchange_claim(actor->exchange, actor->a, NULL)) return false;
        actor->has_claim[port] = true;
    }
    return true;
}

static void unclaim(actor_t *actor)
{
    FOR_EACH_PORT(port, UINT32_MAX)
    {
        if (actor->has_claim[port]) exchange_unclaim(actor->exchange, actor->a);
        actor->has_claim[port] = false;
    }
}

/* Of the first actor's game now and then a picture goes along, for people to look at. */
static void choose_view(actor_t *actor)
{
    enum { DECISIONS = 16 };
    if (actor->a != 0 || view_bytes(actor->config) == 0) return;
    actor->shows_view = ++actor->since_view == DECISIONS;
    if (actor->shows_view) actor->since_view = 0;
    player_show_pictures(actor->player, actor->shows_view);
}

/* Whoever wants an action gets one. False: stopped. */
static bool decide(actor_t *actor)
{
    uint32_t wants = 0;
    FOR_EACH_PORT(port, actor->seats)
    if (player_wants_action(actor->player, port)) wants |= 1u << port;
    if (wants & actor->learns) {
        if (!actor->config->counts_episodes && !claim(actor, wants & actor->learns)) return false;
        take_weights(actor);
    }
    if (wants >> actor->config->port & 1) choose_view(actor);
    FOR_EACH_PORT(port, wants) player_begin(actor->player, port, choose(actor, port));
    return true;
}

/* False: stopped. */
static bool play_episode(actor_t *actor)
{
    const bool against_masher = actor->config->versus == OPPONENT_MASHER;
    const bridge_observer_t camera = { .on_frame = on_frame, .user = actor };
    for (;;) {
        if (!decide(actor)) return false;
        const player_news_t *news;
        do {
            if (exchange_stopped(actor->exchange)) return false;
            if (against_masher)
                bridge_hold(actor->bridge, actor->config->port ^ 1, opponent_pad(&actor->opponent));
            news = player_frame(actor->player, actor->screen ? &camera : NULL);
            exchange_beat(actor->exchange, actor->a);
        } while (!(news->closed & actor->seats));
        bool is_over = false;
        FOR_EACH_PORT(port, news->closed & actor->learns)
        {
            const player_outcome_t *outcome = &news->outcomes[port];
            if (!report(actor, port, outcome)) return false;
            is_over |= outcome->terminal || outcome->truncated;
        }
        if (is_over) return true;
    }
}

/* ---- where a round begins ---- */

/* Index in the starts, by the shares that were published last. */
static int32_t draw_start(actor_t *actor)
{
    const int32_t count = actor->config->num_starts;
    const actor_weights_t *head = actor->weights; /* NULL: random actions */
    double sum = 0;
    for (int32_t i = 0; head && i < count; i++) sum += (double)head->start_shares[i];
    if (!(sum > 0)) return (int32_t)splitmix_below(&actor->random, (uint32_t)count);
    double left = random_unit(actor) * sum;
    for (int32_t i = 0; i < count; i++) {
        left -= (double)head->start_shares[i];
        if (left < 0) return i;
    }
    return count - 1;
}

static void begin_at(actor_t *actor, int32_t which)
{
    actor->start = which;
    player_choose_start(actor->player, actor->config->starts[which]);
}

/* ---- self-play ------------------------------------------------------------------------------- */

/* A past self on the other pad, or the same policy where there is none or its file just went. */
static void meet_past(actor_t *actor, uint32_t port)
{
    const actor_weights_t *head = actor->weights;
    const actor_self_play_t *self_play = &actor->config->self_play;
    char path[HOME_PATH_BYTES];
    why_t why;
    if (head->num_past == 0 || head->num_past > ACTOR_MAX_PAST || !self_play->league_dir) return;
    const uint32_t number = head->past[splitmix_below(&actor->random, head->num_past)];
    if (snprintf(path, sizeof path, "%s/%04u.safetensors", self_play->league_dir, number) >=
            (int)sizeof path ||
        !opponent_load(&actor->opponent, path, why))
        return;
    actor->met = (int32_t)number;
    actor->learns = 1u << port;
}

/* Who sits where in the next round. */
static void meet(actor_t *actor)
{
    const actor_self_play_t *self_play = &actor->config->self_play;
    const bool meets_cpu =
        actor->config->num_starts > 0 && random_unit(actor) < (double)self_play->cpu_share;
    const bool meets_self = random_unit(actor) < (double)self_play->self_share;
    const uint32_t port = splitmix_below(&actor->random, ACTOR_SEATS);
    actor->start = 0;
    player_choose_start(actor->player, self_play->start);
    actor->seats = actor->learns = (1u << ACTOR_SEATS) - 1;
    actor->met = ACTOR_MET_SELF;
    actor->other_seat = 0;
    if (meets_cpu) {
        actor->other_seat = splitmix_below(&actor->random, ACTOR_SEATS);
        begin_at(actor, draw_start(actor));
        actor->met = ACTOR_MET_CPU;
        actor->seats = actor->learns = 1;
    } else if (!meets_self) {
        meet_past(actor, port);
    }
    const holder_wish_t wish = { .ports = actor->seats };
    player_wish(actor->player, &wish);
}

/* ---- rounds ---------------------------------------------------------------------------------- */

/* Of one that is always the same no number is drawn. */
static void draw_delay(actor_t *actor)
{
    const int32_t count = actor->config->num_delays;
    if (count == 0) return;
    const uint32_t which = count > 1 ? splitmix_below(&actor->random, (uint32_t)count) : 0;
    const uint32_t delay = (uint32_t)actor->config->delays[which];
    player_delay(actor->player, delay);
    actor->has_twin = sees_twice(actor->config) && delay > 0;
    if (actor->has_twin) actor->twin_delay = splitmix_below(&actor->random, delay);
}

/* False: stopped, or it cannot begin, and `*ok` is false. */
static bool begin_episode(actor_t *actor, bool *ok)
{
    const actor_config_t *config = actor->config;
    uint64_t number = 0;
    if (config->counts_episodes) {
        if (!exchange_claim(actor->exchange, actor->a, &number)) return false;
        actor->random = config->seed + number;
        player_seed(actor->player, actor->random);
        opponent_seed(&actor->opponent, actor->random);
    }
    if (config->versus == OPPONENT_SELF) {
        if (!claim(actor, (1u << ACTOR_SEATS) - 1)) return false;
        take_weights(actor);
        meet(actor);
    } else if (config->counts_episodes && config->num_starts > 1) {
        begin_at(actor, (int32_t)(number % (uint64_t)config->num_starts));
    } else if (config->num_starts > 1) { /* the shares come with the weights */
        if (!claim(actor, actor->learns)) return false;
        take_weights(actor);
        begin_at(actor, draw_start(actor));
    } else if (config->num_starts == 1) {
        begin_at(actor, 0);
    }
    draw_delay(actor);
    memset(actor->runs, 0, sizeof actor->runs);
    *ok = player_reset(actor->player, actor->why);
    exchange_beat(actor->exchange, actor->a);
    if (!*ok) return false;
    FOR_EACH_PORT(port, actor->learns)
    if (!report(actor, port, NULL)) return false;
    return true;
}

bool actor_play(exchange_t *exchange, int32_t a, const actor_config_t *config, why_t why)
{
    actor_t *actor = calloc(1, sizeof *actor);
    if (!actor) return refuse(why, "no memory for an actor");
    *actor = (actor_t){ .config = config, .exchange = exchange, .a = a };
    bool ok = enter(actor);
    while (ok && begin_episode(actor, &ok) && play_episode(actor)) unclaim(actor);
    leave(actor);
    if (!ok) refuse(why, "%s", actor->why);
    free(actor);
    return ok;
}
