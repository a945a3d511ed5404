/* session_learn.c - learning begins and ends: the learner, the policy that acts with its weights,
 * and a player that cuts episodes and rewards as the learner's agent was made for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "home.h"
#include "netplay.h"
#include "session_parts.h"
#include "shelf.h"
#include "starter.h"
#include "why.h"

/* What `kata train` does with a game that nobody described (its pad as the console or the core
 * names it). */
static bool describe_unknown(session_t *session, why_t why)
{
    const identity_t *id = &session->game.identity;
    starter_t names = { .game = session->game.name,
                        .system = id->system,
                        .sha1 = id->sha1,
                        .crc32 = id->crc32,
                        .md5 = id->md5 };
    for (int32_t button = 0; !preset_starter_knows_pad(id->system) && button < 16; button++) {
        const char *name = bridge_button_name(session->bridge, (uint32_t)button);
        if (!name) continue;
        starter_input_t *input = &names.inputs[names.num_inputs++];
        input->id = button;
        snprintf(input->description, sizeof input->description, "%s", name);
    }
    return preset_of_unknown(&session->game.preset, &names, why);
}

static uint32_t first_port(uint32_t ports)
{
    uint32_t port = 0;
    while (ports && !(ports >> port & 1)) port++;
    return port;
}

static int32_t count_ports(uint32_t ports)
{
    int32_t count = 0;
    for (; ports; ports &= ports - 1) count++;
    return count;
}

/* A new agent that watches learns from so few decisions on, less than a minute of a fight: it has
 * nothing to lose. One that is there already keeps its own number: few decisions, drawn again and
 * again, would be all that it goes on with. */
enum { WATCHED_WARMUP_DECISIONS = 200 };

/* Of the time, that a card may compute which draws the game, too. */
static const double MOST_CARD_SHARE = 0.5;

/* On what kata_device asks for; KATA_DEVICE in the environment names the card (devices.h). */
static bool start_learner(const session_t *session, learner_thread_t **learner,
                          const training_config_t *config, why_t why)
{
    char cache_dir[HOME_PATH_BYTES];
    const char *named = getenv("KATA_DEVICE");
    const learner_thread_device_t card = { .name = named && *named ? named : "gpu",
                                           .cache_dir =
                                               home_for_cache(cache_dir) ? cache_dir : NULL,
                                           .most_share = MOST_CARD_SHARE };
    return learner_thread_start(learner, config, session->settings.wants_card ? &card : NULL, why);
}

/* What was measured of agents that watch (docs/results/README.md): not what suits those that play
 * themselves. */
static void watch_a_human(training_config_t *config)
{
    config->updates_per_decision = 0.5f;
    config->agent.munchausen = 0;
    config->agent.replay_warmup_decisions = WATCHED_WARMUP_DECISIONS;
}

static bool start(session_t *session, why_t why)
{
    loaded_game_t *game = &session->game;
    if (!game->preset && !describe_unknown(session, why)) return false;
    training_config_t config;
    training_config_defaults(&config, game->preset);
    config.has_human = session->settings.watches;
    if (config.has_human) watch_a_human(&config);
    config.actors.num_actors = count_ports(session_agent_ports(session)) + config.has_human;
    config.actors.actor.preset = game->preset;
    config.actors.actor.start = session_start(session);
    config.actors.actor.port = first_port(session_agent_ports(session));
    config.dir = game->dir;
    config.core_name = session->inner_name;
    learner_thread_t *learner;
    policy_t *policy;
    if (!start_learner(session, &learner, &config, why)) return false;
    if (policy_create(&policy, learner_thread_agent(learner), why) != AGENT_OK) {
        learner_thread_stop(learner, NULL, NULL);
        return false;
    }
    demonstration_t *human = NULL;
    const agent_config_t *agent = learner_thread_agent(learner);
    if (config.has_human && !(human = demonstration_create(&(demonstration_config_t){
                                  .preset = game->preset,
                                  .discount_per_step = agent->discount_per_step,
                                  .obs_bytes = agent_obs_bytes(agent) }))) {
        policy_destroy(policy);
        learner_thread_stop(learner, NULL, NULL);
        return refuse(why, "out of memory");
    }
    policy_destroy(game->policy);
    game->policy = policy;
    game->strength = LEAGUE_BEST;
    session->learning =
        (frame_learning_t){ .learner = learner,
                            .human = human,
                            .num_streams = config.actors.num_actors - config.has_human,
                            .is_between_rounds = true,
                            .quiet_frames = UINT32_MAX };
    learner_thread_progress_t p;
    learner_thread_get_progress(learner, &p);
    session->learning.updates_before = p.updates;
    learner_thread_take(learner, policy);
    return true;
}

static void say_beginning(const session_t *session, const host_t *host)
{
    const preset_t *preset = session->game.preset;
    char text[HOST_TEXT_BYTES];
    learner_thread_progress_t p;
    learner_thread_get_progress(session->learning.learner, &p);
    if (session->settings.watches)
        snprintf(text, sizeof text, "it watches pad %u, which is yours, and learns %.63s from that",
                 (unsigned)session_port(session) + 1, preset_game(preset));
    else if (learner_thread_resumed(session->learning.learner))
        snprintf(text, sizeof text, "it goes on learning %.63s, from %llu decisions",
                 preset_game(preset), (unsigned long long)p.decisions);
    else
        snprintf(text, sizeof text, "it learns %.63s from nothing%s", preset_game(preset),
                 preset_has_reward(preset) ? "" : ", by what it has not seen yet");
    host_say(host, RETRO_LOG_INFO, TELL_MS, text);
}

/* Over netplay both sides need the same weights. */
static bool is_wanted(const session_t *session)
{
    return session->settings.learns && !session->is_second && session->netplay_frames_left == 0;
}

bool session_begin_learning(session_t *session, const host_t *host)
{
    why_t why, text;
    if (!is_wanted(session) || session->learning.learner) return false;
    newer_agent_stop(session->learning.newer);
    session->learning.newer = NULL;
    if (training_is_locked(session->game.dir)) {
        host_say(
            host, RETRO_LOG_WARN, EXPLAIN_MS,
            "`kata train` learns this game now: here it only plays, with what is learned there");
        return false;
    }
    if (!start(session, why)) {
        refuse(text, "nothing is learned here: %.900s", why);
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, text);
        return false;
    }
    say_beginning(session, host);
    return true;
}

/* A player as it is needed now, where the one before was. */
static bool remake_player(session_t *session, why_t why)
{
    const size_t num_bytes = player_state_bytes();
    player_t *before = session->player;
    uint8_t *state = malloc(num_bytes);
    if (!state) return refuse(why, "out of memory");
    player_save(before, 0, state);
    player_wish(before, &(holder_wish_t){ 0 }); /* lets go of the pads */
    const bool ok = session_make_player(session, why);
    if (!ok) session->player = before;
    if (ok) {
        player_restore(session->player, state, num_bytes);
        player_destroy(before);
    }
    free(state);
    const holder_wish_t wish = session_wish(session);
    player_wish(session->player, &wish);
    return ok;
}

/* How much of the learning a card did, for the log. */
static void log_card(const learner_thread_t *learner, const host_t *host)
{
    learner_thread_progress_t p;
    char text[HOST_TEXT_BYTES];
    learner_thread_get_progress(learner, &p);
    if (p.card_updates == 0) return;
    snprintf(text, sizeof text, "the card made %llu updates, and computed %.1f %% of the time",
             (unsigned long long)p.card_updates, 100 * (double)p.card_share);
    host_log(host, RETRO_LOG_INFO, text);
}

void session_end_learning(session_t *session, const host_t *host)
{
    learner_thread_t *learner = session->learning.learner;
    why_t why, text;
    newer_agent_stop(session->learning.newer);
    demonstration_destroy(session->learning.human);
    session->learning = (frame_learning_t){ 0 };
    if (!learner) return;
    log_card(learner, host);
    policy_t *policy = session->game.policy;
    policy_own_weights(policy); /* the learner's go with it */
    float *averaged = malloc(policy_num_weights(policy) * sizeof *averaged);
    if (!learner_thread_stop(learner, averaged, why)) {
        refuse(text, "what was learned last is lost: %.900s", why);
        host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, text);
    }
    if (averaged) policy_take_weights(policy, averaged);
    free(averaged);
    if (!netplay_mind_of(&session->game, &session->mind)) session->mind = (player_mind_t){ 0 };
}

void session_switch_learning(session_t *session, const host_t *host)
{
    why_t why;
    const bool was_learning = session->learning.learner != NULL;
    if (!is_wanted(session)) {
        session_end_learning(session, host);
    } else if (!session->player || strcmp(session->game.agent, SHELF_OWN) != 0) {
        host_say(host, RETRO_LOG_INFO, TELL_MS, "it learns when the game is loaded again");
    } else {
        /* A human's decisions need a stream of their own; once there is one it stays. */
        if (session->settings.watches && !session->learning.human)
            session_end_learning(session, host);
        session_begin_learning(session, host);
    }
    const bool learns = session->learning.learner != NULL;
    if (session->player && learns != was_learning && !remake_player(session, why))
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, why);
    session_follow(session);
    session_wish_strength(session, host);
}

void session_follow(session_t *session)
{
    frame_learning_t *learning = &session->learning;
    if (learning->learner || !session->game.policy || !session->settings.plays) return;
    if (session->is_second && !session->finder) session->finder = mind_finder_start(&session->game);
    if (!session->is_second && !learning->newer)
        learning->newer = newer_agent_start(&session->game);
}

void session_wish_strength(session_t *session, const host_t *host)
{
    const char *named = getenv("KATA_STRENGTH");
    const league_strength_t strength =
        session->settings.adapts ? session->game.strength : session->settings.strength;
    const bool is_named = named && *named;
    if (session->finder && !is_named) mind_finder_wish(session->finder, strength);
    if (!session->learning.newer) return;
    if (is_named)
        host_say(host, RETRO_LOG_INFO, TELL_MS, "KATA_STRENGTH decides the strength");
    else
        newer_agent_wish(session->learning.newer, strength);
}

void session_begin_auto_strength(session_t *session, const host_t *host)
{
    session->auto_strength = (auto_strength_t){ 0 };
    session->auto_strength_step = 0;
    if (session->player && session->settings.adapts && !preset_tells_winner(session->game.preset))
        host_say(host, RETRO_LOG_WARN, TELL_MS,
                 "the preset does not tell who won: the strength stays");
}
