/* player.c - what happens in one frame, and what closes a decision. */
#include "player.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "masher.h"
#include "player_inner.h"
#include "splitmix.h"
#include "why.h"

/* ---- seats ----------------------------------------------------------------------------------- */

/* The macro in flight and the open decision are over; nobody is told. */
static void drop(player_t *player, uint32_t port)
{
    player_seat_t *seat = &player->state.seats[port];
    seat->action = -1;
    seat->frame_in_macro = 0;
    seat->pad = 0;
    player->accounts[port].is_open = false;
}

static void release(player_t *player, uint32_t ports)
{
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
        if (player->held & ports & 1u << port) bridge_release(player->config.bridge, port);
    player->held &= ~ports;
}

static void hold(player_t *player, uint32_t port, uint16_t pad)
{
    bridge_hold(player->config.bridge, port, pad);
    player->held |= 1u << port;
}

/* Pads that are no longer ours go back, and seats whose pad the agent has not got lose their macro.
 */
static void drop_unheld(player_t *player)
{
    const holder_t *holder = &player->state.holder;
    const uint32_t agents = holder_agents(holder);
    if (!boot_script_runs(&holder->script)) release(player, ~agents);
    FOR_EACH_SEAT (player, port)
        if (!(agents >> port & 1)) drop(player, port);
}

static void rest(player_t *player, uint32_t port)
{
    drop(player, port);
    player->state.seats[port].step_pad = 0;
    player->state.seats[port].keeps_step_pad = 0;
}

static bool is_done(const player_t *player, uint32_t port)
{
    return preset_done(player->config.preset, port, player->before, player->now);
}

/* The game jumped to where nobody knows what was in flight. */
static void begin_anew(player_t *player)
{
    player->state.eyes.frame_in_step = 0;
    memset(player->state.late.pads, 0, sizeof player->state.late.pads);
    player_read_anew(player);
    FOR_EACH_SEAT (player, port) {
        rest(player, port);
        player->state.seats[port].step_buttons = 0;
        player->state.seats[port].was_done = is_done(player, port);
    }
}

bool player_wants_action(const player_t *player, uint32_t port)
{
    return player->state.seats[port].action < 0 && player->state.eyes.frame_in_step == 0 &&
           holder_agents(&player->state.holder) >> port & 1;
}

bool player_begins_step(const player_t *player)
{
    return player->state.eyes.frame_in_step == 0;
}

static double unit(player_t *player)
{
    return (double)(splitmix64(&player->state.eyes.random) >> 11) * 0x1p-53;
}

int32_t player_explore(player_t *player)
{
    if (unit(player) * 100 >= player->state.holder.wish.random_percent) return -1;
    return (int32_t)splitmix_below(&player->state.eyes.random,
                                   (uint32_t)player->limits.num_actions);
}

uint64_t player_draw(player_t *player)
{
    return splitmix64(&player->state.eyes.random);
}

void player_set_mind(player_t *player, const player_mind_t *mind)
{
    player->config.mind = player->state.mind = *mind;
}

void player_begin(player_t *player, uint32_t port, int32_t action)
{
    player_seat_t *seat = &player->state.seats[port];
    account_t *account = &player->accounts[port];
    if (action < 0 || action >= player->limits.num_actions) action = 0;
    seat->action = action;
    seat->frame_in_macro = 0;
    seat->faces_left = preset_faces_left(player->config.preset, port, player->now);
    *account =
        (account_t){ .is_open = true, .discount = 1, .episode_return = account->episode_return };
}

static uint16_t next_pad(player_t *player, uint32_t port)
{
    player_seat_t *seat = &player->state.seats[port];
    if (seat->action < 0) return 0;
    if (player->state.eyes.frame_in_step == 0) {
        seat->step_pad = seat->pad;
        seat->keeps_step_pad = player->config.sticky_probability > 0 &&
                               unit(player) < (double)player->config.sticky_probability;
    }
    if (seat->keeps_step_pad) return seat->step_pad;
    const preset_action_t *action = preset_action(player->config.preset, seat->action);
    /* A primitive's pads fill one step: held to its end, or let go in its last frame (`tap`). A
     * macro is silent behind its end. */
    return macro_pad_at(
        &action->macro, seat->frame_in_macro,
        preset_mirrors_pad(player->config.preset, port, seat->action, seat->faces_left));
}

/* ---- rewards and ends ------------------------------------------------------------------------ */

/* is_whole: not cut short by the end of the episode, so that the ring has its picture. */
static void end_step(player_t *player, uint32_t port, double novelty)
{
    account_t *account = &player->accounts[port];
    const double reward = account->step_reward * player->reward_scale + novelty;
    account->discounted += account->discount * reward;
    account->discount *= (double)player->config.discount_per_step;
    account->step_reward = 0;
    account->steps++;
    account->episode_return += reward;
    player->state.seats[port].episode_steps++;
}

static void close_decision(player_t *player, uint32_t port, bool terminal)
{
    player_seat_t *seat = &player->state.seats[port];
    account_t *account = &player->accounts[port];
    const bool is_long = player->max_steps > 0 && seat->episode_steps >= player->max_steps;
    player->news.outcomes[port] = (player_outcome_t){
        .action = seat->action,
        .reward = (float)account->discounted,
        .duration_steps = account->steps,
        .duration_frames = account->frames,
        .terminal = terminal,
        .truncated = !terminal && is_long,
        .result = terminal ? player->news.results[port] : PRESET_NO_RESULT,
        .episode_return = (float)account->episode_return,
        .episode_steps = seat->episode_steps,
    };
    if (account->is_open) player->news.closed |= 1u << port;
    account->is_open = false;
    seat->action = -1;
    if (!terminal && !is_long) return;
    /* Where nobody resets the game, the next episode goes on from here. */
    account->episode_return = 0;
    seat->episode_steps = 0;
    if (player->novelty) novelty_begin(player->novelty);
}

static bool is_versus(const player_t *player)
{
    return preset_start_players(player->config.preset, player->start) > 1;
}

/* Rewards and ends of one seat. step_over: with this frame; novelty: what a whole step is worth.
 * True: its macro was cut in the middle of a step. */
static bool judge(player_t *player, uint32_t port, bool step_over, double novelty)
{
    player_seat_t *seat = &player->state.seats[port];
    account_t *account = &player->accounts[port];
    const bool done = is_done(player, port);
    const bool terminal = done && !seat->was_done;
    seat->was_done = done;
    if (terminal) {
        player->news.ended |= 1u << port;
        player->news.results[port] =
            preset_result(player->config.preset, port, player->before, player->now);
    }

    double reward = preset_reward(player->config.preset, port, player->before, player->now);
    if (is_versus(player))
        reward += preset_versus_reward(player->config.preset, port, player->before, player->now);
    player->news.rewards[port] = (float)(reward * player->reward_scale);
    account->step_reward += reward;
    account->frames++;
    if (seat->action < 0) {
        account->step_reward = 0;
        return false;
    }
    seat->frame_in_macro++;
    if (step_over || terminal) end_step(player, port, step_over ? novelty : 0);
    const bool played = step_over && seat->frame_in_macro >=
                                         player_action_frames(player->config.preset, seat->action);
    const bool too_long =
        step_over && player->max_steps > 0 && seat->episode_steps >= player->max_steps;
    if (!played && !terminal && !too_long) return false;
    close_decision(player, port, terminal);
    return !step_over;
}

/* What the step's picture is worth to those who are in the middle of something. */
static double judge_picture(player_t *player)
{
    const player_eyes_t *eyes = &player->state.eyes;
    bool anybody = false;
    FOR_EACH_SEAT (player, port) anybody |= player->state.seats[port].action >= 0;
    if (!player->novelty || !anybody) return 0;
    return player->novelty_weight *
           novelty_see(player->novelty, eyes->ring + eyes->newest * VISION_BYTES);
}

/* ---- one frame ------------------------------------------------------------------------------- */

static void hold_pads(player_t *player)
{
    const holder_t *holder = &player->state.holder;
    if (boot_script_runs(&holder->script)) {
        uint32_t script_port;
        const uint16_t pad = boot_script_pad(&holder->script, player->config.preset, &script_port);
        for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)
            hold(player, port, port == script_port ? pad : 0);
        return;
    }
    uint16_t way_pad;
    if (holder_way_pad(holder, player->config.preset, &way_pad)) {
        FOR_EACH_SEAT (player, port)
            if (holder->wish.ports >> port & 1) hold(player, port, way_pad);
        return;
    }
    const uint32_t agents = holder_agents(holder);
    FOR_EACH_SEAT (player, port) {
        if (!(agents >> port & 1)) continue;
        player_seat_t *seat = &player->state.seats[port];
        seat->pad = next_pad(player, port);
        seat->step_buttons |= seat->pad;
        hold(player, port, seat->pad);
    }
}

static void power_on(player_t *player, bool by_person)
{
    holder_t *holder = &player->state.holder;
    begin_anew(player);
    const bool scripted = holder_may_script(holder, player->config.preset);
    const uint32_t idle = scripted ? splitmix_below(&player->state.eyes.random,
                                                    (uint32_t)player->config.max_idle_frames + 1)
                                   : 0;
    holder_power_on(holder, player->config.preset, player->now, (int32_t)idle, by_person);
}

/* Script and episodes, after rewards and ends. */
static void advance_holder(player_t *player)
{
    holder_t *holder = &player->state.holder;
    player_news_t *news = &player->news;
    bool done = false;
    FOR_EACH_SEAT (player, port)
        done |= holder->wish.ports >> port & 1 && player->state.seats[port].was_done;
    const int32_t start = holder->script.start;
    news->script = holder_advance(holder, player->config.preset, player->before, player->now, done);
    if (news->script == BOOT_FAILED)
        news->failed_step = preset_boot_step(player->config.preset, start, holder->script.step);
    if (news->script == BOOT_WANTS_RESET) {
        bridge_reset(player->config.bridge);
        power_on(player, false);
    }
    drop_unheld(player);
}

void player_see_pad(player_t *player, uint32_t port, uint16_t pad)
{
    if (player->config.ports >> port & 1) player->state.seats[port].step_buttons |= pad;
}

const player_news_t *player_frame(player_t *player, const bridge_observer_t *observer)
{
    player_eyes_t *eyes = &player->state.eyes;
    player->news.closed = player->news.ended = 0;
    player->news.failed_step = NULL;
    hold_pads(player);
    player_run_inner(player, player_frames_left(player) <= 1, observer);
    player_take_picture(player);
    player_read_next(player);
    if (player_frames_left(player) == 0) player_push_values(player);

    const bool step_over = ++eyes->frame_in_step >= player->frame_skip;
    const double novelty = step_over ? judge_picture(player) : 0;
    bool is_cut = false;
    FOR_EACH_SEAT (player, port) is_cut |= judge(player, port, step_over, novelty);
    if (step_over || is_cut) eyes->frame_in_step = 0;
    advance_holder(player);
    return &player->news;
}

/* ---- who holds the pads ---------------------------------------------------------------------- */

void player_wish(player_t *player, const holder_wish_t *wish)
{
    holder_wish_t possible = *wish;
    possible.ports &= player->config.ports;
    holder_t *holder = &player->state.holder;
    const bool asks_anew =
        holder->wish.fights != possible.fights || holder->wish.ports != possible.ports;
    holder_wish(holder, &possible);
    /* Else a state that was just loaded says it, conditions on changes included. */
    if (asks_anew) holder_look(holder, player->config.preset, player->before, player->now);
    drop_unheld(player);
}

void player_leave(player_t *player)
{
    holder_leave(&player->state.holder, player->config.preset);
    drop_unheld(player);
}

void player_delay(player_t *player, uint32_t steps)
{
    player->state.holder.wish.delay_steps = steps > HOLDER_MAX_DELAY ? HOLDER_MAX_DELAY : steps;
}

const holder_t *player_holder(const player_t *player)
{
    return &player->state.holder;
}

bool player_waits(const player_t *player, const char **say)
{
    const preset_t *preset = player->config.preset;
    const preset_way_t *way = holder_way(preset, player->before, player->now);
    *say = way && way->say[0] ? way->say : NULL;
    return holder_waits(&player->state.holder, preset);
}

void player_power_on(player_t *player)
{
    power_on(player, true);
}

uint32_t player_touch(player_t *player, uint32_t touched)
{
    holder_t *holder = &player->state.holder;
    holder_touch(holder, touched);
    drop_unheld(player);
    if (boot_script_runs(&holder->script)) return UINT32_MAX;
    return holder->way.way > 0 ? holder->wish.ports : holder_agents(holder);
}

/* ---- episodes -------------------------------------------------------------------------------- */

/* The script from where the game is to its end. */
static bool run_script(player_t *player, int32_t start, why_t why)
{
    const preset_t *preset = player->config.preset;
    boot_script_t *script = &player->state.holder.script;
    boot_turn_t turn = BOOT_GOES_ON;
    player_read_anew(player);
    boot_script_begin(script, preset, start, player->now, 0);
    while (boot_script_runs(script)) {
        const preset_boot_step_t *step = preset_boot_step(preset, start, script->step);
        hold_pads(player);
        player_run_inner(player, false, NULL);
        player_read_next(player);
        turn = boot_script_advance(script, preset, player->before, player->now);
        if (bridge_wants_shutdown(player->config.bridge)) {
            refuse(why, "boot: the core shut down at \"%s\"", step->text);
            turn = BOOT_FAILED;
            break;
        }
        if (turn == BOOT_FAILED)
            refuse(why,
                   "boot: \"%s\" was not reached within %d frames; is this the revision of %s that "
                   "the preset is for?",
                   step->text, step->limit_frames, preset_game(preset));
    }
    *script = (boot_script_t){ 0 };
    release(player, UINT32_MAX);
    return turn != BOOT_FAILED;
}

bool player_boot(player_t *player, int32_t start, why_t why)
{
    const preset_t *preset = player->config.preset;
    const int32_t num_starts = preset_num_starts(preset);
    if (start < 0 || start >= (num_starts ? num_starts : 1)) /* without: 0, power-on */
        return refuse(why, "start must be one of the %d of %s", num_starts, preset_game(preset));
    if (!run_script(player, start, why)) return false;

    /* Some cores say how large a state is only when a frame was run. */
    if (bridge_state_bytes(player->config.bridge) == 0) player_run_inner(player, false, NULL);
    const size_t num_bytes = bridge_state_bytes(player->config.bridge);
    if (num_bytes == 0)
        return refuse(why, "%s has no savestates, which episodes need",
                      bridge_core(player->config.bridge).name);
    uint8_t *bytes = malloc(num_bytes);
    if (!bytes) return refuse(why, "no memory for a state");
    if (bridge_save(player->config.bridge, bytes, num_bytes, why) != BRIDGE_OK) {
        free(bytes);
        return false;
    }
    free(player->booted[start].bytes);
    player->booted[start].bytes = bytes;
    player->booted[start].num_bytes = num_bytes;
    player->start = start;
    return true;
}

void player_choose_start(player_t *player, int32_t start)
{
    player->start = start;
}

static uint32_t first_port(uint32_t ports)
{
    uint32_t port = 0;
    while (!(ports >> port & 1)) port++;
    return port;
}

void player_seed(player_t *player, uint64_t seed)
{
    player->state.eyes.random = seed * SPLITMIX_GOLDEN + first_port(player->config.ports);
}

/* As if what is seen now had always been. */
static void fill_ring(player_t *player)
{
    player_eyes_t *eyes = &player->state.eyes;
    for (int32_t i = 0; i < PLAYER_OBS_STACK + HOLDER_MAX_DELAY; i++) {
        player_push_picture(&player->state, eyes->last_picture);
        player_push_values(player);
    }
}

/* A game that does the same behind the same pads has no more beginnings than numbers of idle
 * frames, and whoever plays each of these again and again learns it by heart: mashed, they are all
 * different (docs/results/README.md). */
static void idle_for(player_t *player, int32_t num_frames)
{
    const player_config_t *config = &player->config;
    masher_t mashers[PLAYER_MAX_PORTS];
    FOR_EACH_SEAT (player, port) {
        hold(player, port, 0);
        if (config->mashes_idle_frames)
            masher_init(&mashers[port], config->preset, splitmix64(&player->state.eyes.random));
    }
    for (int32_t f = 0; f < num_frames; f++) {
        if (config->mashes_idle_frames)
            FOR_EACH_SEAT (player, port) hold(player, port, masher_next(&mashers[port]));
        player_run_inner(player, f == num_frames - 1, NULL);
    }
    FOR_EACH_SEAT (player, port) hold(player, port, 0);
}

bool player_reset(player_t *player, why_t why)
{
    player_eyes_t *eyes = &player->state.eyes;
    const uint8_t *state = player->booted[player->start].bytes;
    if (!state) return refuse(why, "no start: player_boot() has not succeeded");
    if (bridge_restore(player->config.bridge, state, player->booted[player->start].num_bytes,
                       why) != BRIDGE_OK)
        return false;
    holder_forget(&player->state.holder);

    /* At least one frame, so that there is a picture to fill the ring with. */
    const player_config_t *config = &player->config;
    const uint64_t kinds = (uint64_t)(config->max_idle_frames - config->min_idle_frames) + 1;
    const int32_t idle = config->min_idle_frames + (int32_t)(splitmix64(&eyes->random) % kinds) + 1;
    idle_for(player, idle);
    player_read_anew(player);
    fill_ring(player);
    if (player->novelty) {
        novelty_begin(player->novelty);
        novelty_see(player->novelty, eyes->last_picture); /* where it begins is nothing new */
    }
    begin_anew(player);
    FOR_EACH_SEAT (player, port) {
        player->state.seats[port].was_done = 0;
        player->state.seats[port].episode_steps = 0;
        player->accounts[port].episode_return = 0;
    }
    return true;
}

/* ---- what can be asked ------------------------------------------------------------------------
 */

int32_t player_action(const player_t *player, uint32_t port)
{
    return player->state.seats[port].action;
}

uint16_t player_pad(const player_t *player, uint32_t port)
{
    return player->state.seats[port].pad;
}

const int64_t *player_variables(const player_t *player)
{
    return player->now;
}

uint64_t player_frames(const player_t *player)
{
    return player->num_frames;
}

/* ---- savestates ------------------------------------------------------------------------------ */

void player_save(const player_t *player, size_t inner_bytes, uint8_t *trailer)
{
    player_state_write(&player->state, inner_bytes, trailer);
}

bool player_restore(player_t *player, const uint8_t *savestate, size_t num_bytes)
{
    player_state_t *incoming = &player->incoming;
    player_state_init(incoming, &player->limits);
    incoming->holder.wish = player->state.holder.wish;
    /* Of a state from before there were variables in it: as if they had always been what they are.
     */
    player_read_anew(player);
    for (int32_t i = 0; i < PLAYER_OBS_STACK; i++)
        memcpy(incoming->eyes.values + i * PRESET_MAX_VARIABLES, player->now, sizeof player->now);
    const bool is_ours = player_state_read(incoming, &player->limits, savestate, num_bytes);
    FOR_EACH_SEAT (player, port) player->accounts[port] = (account_t){ .discount = 1 };
    if (!is_ours) {
        holder_forget(&player->state.holder);
        begin_anew(player);
        holder_look(&player->state.holder, player->config.preset, player->before, player->now);
        return false;
    }
    player->state = *incoming;
    player->state.mind = player->config.mind; /* who goes on from here */
    player->state.holder.wish.ports &= player->config.ports;
    drop_unheld(player);
    player_read_anew(player);
    return true;
}
