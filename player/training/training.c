/* training.c - a training is opened, plays rounds and learns; what is kept on disk:
 * training_files.c.
 */
#include "training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "training_parts.h"
#include "why.h"

void training_config_suit(training_config_t *config, agent_eyes_t eyes)
{
    agent_config_t *agent = &config->agent, suited;
    agent_config_defaults(&suited, agent->num_actions);
    config->updates_per_decision = 0.5f;
    if (eyes == AGENT_EYES_VARIABLES) {
        config->updates_per_decision = 0.25f;
        suited.munchausen = 0.9f;
        suited.epsilon_end = 0.1f;
        suited.epsilon_ramp_decisions = 4000;
    }
    agent->munchausen = suited.munchausen;
    agent->epsilon_end = suited.epsilon_end;
    agent->epsilon_ramp_decisions = suited.epsilon_ramp_decisions;
}

void training_config_suit_agents(training_config_t *config, agent_eyes_t eyes)
{
    agent_config_t suited;
    agent_config_defaults(&suited, config->agent.num_actions);
    config->agent.epsilon_end = suited.epsilon_end;
    config->agent.epsilon_ramp_decisions = suited.epsilon_ramp_decisions;
    if (eyes == AGENT_EYES_VARIABLES) config->agent.replay_capacity_decisions = 300000;
}

void training_config_defaults(training_config_t *config, const preset_t *preset)
{
    *config = (training_config_t){ 0 };
    agent_config_defaults(&config->agent, preset ? preset_num_actions(preset) : 1);
    if (preset && preset_num_observed(preset) > 0)
        (void)player_set_eyes(&config->agent, preset, AGENT_EYES_VARIABLES, NULL);
    training_config_suit(config, config->agent.eyes);
    if (preset && preset_horizon_frames(preset) > 0)
        config->agent.discount_per_step =
            (float)exp(-(double)preset_frame_skip(preset) / preset_horizon_frames(preset));
    config->actors =
        (actor_pool_config_t){ .num_actors = 1,
                               .pins = true,
                               .actor = { .discount_per_step = config->agent.discount_per_step,
                                          .max_idle_frames = 30,
                                          .mashes_idle_frames = true,
                                          .novelty = NAN,
                                          .seed = config->agent.seed } };
}

/* With the agent as it is now: a resumed one may have another network than was asked for. */
static bool start_actors(training_t *training, char *why)
{
    actor_pool_config_t *actors = &training->config.actors;
    actors->actor.who = ACTOR_EXPLORES;
    actors->actor.agent = &training->config.agent; /* the agent itself is not there in a child */
    actors->actor.discount_per_step = actors->actor.agent->discount_per_step;
    training->publishes_kinds = agent_draws_by_kinds(&training->config.agent);
    if (training->config.is_fed) return true;
    return actor_pool_start(&training->actors, actors, why);
}

bool training_open(training_t **out, const training_config_t *config, why_t why)
{
    *out = NULL;
    if (!(config->updates_per_decision >= 0 && config->updates_per_decision <= 64))
        return refuse(why, "updates per decision must be 0..64, found %g",
                      (double)config->updates_per_decision);
    training_t *training = calloc(1, sizeof *training);
    if (!training) return refuse(why, "no memory for training");
    training->config = *config;
    training->dir_fd = -1;
    training->config.agent.num_actions = preset_num_actions(config->actors.actor.preset);
    if (config->repeatable && config->actors.num_actors != 1) {
        free(training);
        return refuse(why, "a repeatable training has one actor, found %d",
                      config->actors.num_actors);
    }
    training->config.agent.taught = config->actors.actor.teacher_path != NULL;
    training->config.agent.num_streams =
        config->actors.num_actors * actor_num_seats(&config->actors.actor);
    training->config.actors.actor.discount_per_step = config->agent.discount_per_step;
    if (!player_set_eyes(&training->config.agent, config->actors.actor.preset, config->agent.eyes,
                         why)) {
        free(training);
        return false;
    }
    if (config->dir) snprintf(training->dir, sizeof training->dir, "%s", config->dir);

    if (!note_make(training->note, sizeof training->note, config->actors.actor.preset,
                   config->actors.actor.start, config->actors.actor.port)) {
        training_close(training);
        return refuse(why, "the preset's actions are too many to be named in a checkpoint");
    }
    curriculum_init(&training->curriculum, config->actors.actor.num_starts);
    training_keep_novelty(training);
    const bool ok = (!training->dir[0] || training_lock(training, why)) &&
                    (training_follows(training) || training_open_agent(training, why)) &&
                    training_join(training, why) && training_replay_fits(training, why) &&
                    training_load_replay(training, why) && training_open_league(training, why) &&
                    start_actors(training, why);
    if (!ok) {
        training_close(training);
        return false;
    }
    if (config->has_human)
        agent_imitate(training->agent,
                      &(agent_demonstrations_t){ .stream = training->config.agent.num_streams - 1,
                                                 .margin = TRAINING_MARGIN,
                                                 .weight = TRAINING_MARGIN_WEIGHT,
                                                 .fade_updates = TRAINING_MARGIN_UPDATES });
    agent_stats_t stats;
    agent_get_stats(training->agent, &stats);
    training->decisions_at_open = stats.decisions;
    training->updates_at_open = stats.updates;
    training->is_open = true;
    *out = training;
    return true;
}

void training_close(training_t *training)
{
    const uint32_t *checksums;
    if (!training) return;
    (void)training_part(training, &checksums);
    actor_pool_stop(training->actors);
    agent_destroy(training->agent);
    ranks_meeting_close(training->meeting);
    training_unlock_dir(training->dir_fd);
    free(training);
}

agent_t *training_agent(training_t *training)
{
    return training->agent;
}

bool training_resumed(const training_t *training)
{
    return training->resumed;
}

double training_novelty(const training_t *training)
{
    const float asked = training->config.actors.actor.novelty;
    return isnan(asked) ? preset_novelty(training->config.actors.actor.preset) : (double)asked;
}

const char *training_prior(const training_t *training)
{
    return training->prior;
}

const char *training_similarity_from(const training_t *training)
{
    return training->origin.from;
}

/* ---- one round ---- */

static void note_episode(training_t *training, const player_outcome_t *outcome)
{
    const uint64_t at = training->num_recent++ % TRAINING_RECENT_EPISODES;
    training->recent_return[at] = outcome->episode_return;
    training->recent_won[at] = outcome->result == PRESET_WON;
    training->recent_known[at] = outcome->result != PRESET_NO_RESULT || outcome->truncated;
    training->episodes++;
}

static bool is_human(const training_t *training, int32_t stream)
{
    return training->config.has_human && stream == training->config.agent.num_streams - 1;
}

static void take(training_t *training, const actor_turn_t *turn)
{
    if (!agent_has_room(training->agent, turn->stream)) { /* learned from what was kept */
        agent_drop(training->agent, turn->stream);
        training->update_debt +=
            turn->began || turn->is_twin ? 0 : (double)training->config.updates_per_decision;
        return;
    }
    if (turn->began) { /* what was in flight when the actor died is not learned from */
        agent_drop(training->agent, turn->stream);
        return;
    }
    const player_outcome_t *o = &turn->outcome;
    const agent_outcome_t outcome = { .reward = o->reward,
                                      .duration_steps = o->duration_steps,
                                      .terminal = o->terminal,
                                      .truncated = o->truncated };
    if (turn->is_twin)
        agent_open_twin(training->agent, turn->stream, turn->before, o->action);
    else
        agent_open(training->agent, turn->stream, turn->before, o->action);
    agent_settle(training->agent, turn->stream, &outcome, turn->obs);
    if (turn->is_twin) return;
    training->session_decisions++;
    training->action_counts[o->action]++;
    const uint8_t *picture = turn->picture;
    if (turn->stream == 0 && agent_picture_bytes(agent_config(training->agent)) > 0)
        picture =
            turn->obs + (PLAYER_OBS_STACK - 1) * agent_look_bytes(agent_config(training->agent));
    if (picture) {
        memcpy(training->picture, picture, ACTOR_PICTURE_BYTES);
        training->has_picture = true;
    }
    training->update_debt += (double)training->config.updates_per_decision;
    if ((!o->terminal && !o->truncated) || is_human(training, turn->stream)) return;
    if (training_plays_itself(training)) training_note_round(training, turn);
    if (!training_plays_itself(training) || turn->met == ACTOR_MET_CPU)
        if (o->result != PRESET_NO_RESULT || o->truncated)
            curriculum_note(&training->curriculum, turn->start, o->result == PRESET_WON);
    /* Rounds against itself are won by half of its seats: they say nothing of how good it is. */
    if (!training_plays_itself(training) || turn->met != ACTOR_MET_SELF)
        note_episode(training, o);
    else if (turn->stream % ACTOR_SEATS == 0)
        training->episodes++;
}

/* Now and then: the actors' weights are that old at most. */
static void publish(training_t *training, bool must)
{
    agent_stats_t stats;
    agent_get_stats(training->agent, &stats);
    const bool is_due =
        must || !training->is_published ||
        stats.updates - training->published_updates >= TRAINING_PUBLISH_UPDATES ||
        training->session_decisions - training->published_decisions >= TRAINING_PUBLISH_DECISIONS;
    if (!is_due) return;
    float *weights = actor_pool_draft(training->actors);
    if (!weights) return; /* an actor still copies the weights before: next time */
    policy_t *policy = agent_policy(training->agent);
    agent_write_weights(training->agent, false, weights);
    if (training->publishes_kinds)
        agent_write_kinds(training->agent, weights + policy_num_weights(policy));
    float shares[PRESET_MAX_STARTS];
    curriculum_shares(&training->curriculum, shares);
    actor_pool_set_starts(training->actors, shares);
    actor_pool_publish(training->actors, agent_epsilon(training->agent));
    training->is_published = true;
    training->published_updates = stats.updates;
    training->published_decisions = training->session_decisions;
}

/* The actors may go on so far that no more updates are owed than their lead is worth. */
static void allow(training_t *training)
{
    if (!training->is_published) return;
    const double ratio = (double)training->config.updates_per_decision;
    /* Whole updates only: what is owed of one that is not due yet must not stop them. */
    const double owed_decisions = ratio > 0 ? floor(training->update_debt) / ratio : 0;
    double lead = TRAINING_LEAD * (double)training->config.actors.num_actors - owed_decisions;
    if (training->config.repeatable)
        lead = training->update_debt < 1 ? actor_num_playing(&training->config.actors.actor) : 0;
    if (lead > 0) actor_pool_allow(training->actors, training->session_decisions + (uint64_t)lead);
}

void training_feed(training_t *training, const actor_turn_t *turn, uint64_t frames)
{
    training->fed_frames = frames;
    take(training, turn);
}

bool training_owes(const training_t *training)
{
    return training->update_debt >= 1;
}

void training_undo(training_t *training, int32_t stream)
{
    agent_discard(training->agent, stream);
}

/* The update that is owed, with the other learners when all have come. *did: something was done. */
static bool learn(training_t *training, bool *did, char *why)
{
    bool goes = true;
    if (training->meeting) {
        if (!training_is_awaited(training)) return true;
        if (!training_meet(training, &goes, why)) return false;
        *did |= !training->is_met_with;
    }
    if (!goes || training->update_debt < 1) return true;
    training->update_debt -= 1;
    const agent_status_t status = agent_learn(training->agent, 1, NULL, why);
    training->diverged = status == AGENT_DIVERGED;
    if (training->meeting) training->has_ended = ranks_meeting_has_ended(training->meeting);
    const char *lost = agent_device_news(training->agent);
    if (lost) training_add_news(training, lost);
    *did = true;
    if (status == AGENT_LOST) (void)training_watch_learners(training, why);
    return status == AGENT_OK;
}

bool training_turn(training_t *training, why_t why)
{
    actor_turn_t turn;
    bool did = false;
    if (training->actors && training->update_debt < 1 && actor_pool_turn(training->actors, &turn)) {
        take(training, &turn);
        did = true;
    }
    if ((training->meeting || training->update_debt >= 1) && !learn(training, &did, why))
        return false;
    if (!training->actors) return true;
    publish(training, training_plays_itself(training) && training_league_turn(training));
    allow(training);
    if (training_is_awaited(training) && !did)
        training_wait_for_learners(training);
    else if (!did)
        actor_pool_wait(training->actors, 20);
    const bool ok =
        actor_pool_watch(training->actors, why) && training_watch_learners(training, why);
    const char *news = actor_pool_news(training->actors);
    if (news) training_add_news(training, news);
    return ok;
}

bool training_is_whole(training_t *training, why_t why)
{
    return actor_pool_watch(training->actors, why) && training_watch_learners(training, why);
}

const curriculum_t *training_curriculum(const training_t *training)
{
    return training->curriculum.num_starts > 1 ? &training->curriculum : NULL;
}

const uint8_t *training_picture(const training_t *training)
{
    return training->has_picture ? training->picture : NULL;
}

const uint64_t *training_action_counts(const training_t *training)
{
    return training->action_counts;
}

bool training_diverged(const training_t *training)
{
    return training->diverged;
}

const char *training_news(training_t *training)
{
    if (!training->has_news) return NULL;
    training->has_news = false;
    return training->news;
}

void training_get_progress(const training_t *training, training_progress_t *progress)
{
    *progress = (training_progress_t){ 0 };
    agent_get_stats(training->agent, &progress->agent);
    progress->session_frames =
        (training->actors ? actor_pool_frames(training->actors) : training->fed_frames) +
        training->elsewhere.frames;
    progress->frames = training->frames_before + progress->session_frames;
    progress->decisions = progress->agent.decisions;
    progress->updates = progress->agent.updates;
    progress->session_decisions = progress->decisions - training->decisions_at_open;
    progress->session_updates = progress->updates - training->updates_at_open;
    progress->episodes = training->episodes + training->elsewhere.episodes;
    progress->crashes = training->crashes_before + training->elsewhere.deaths;
    if (training->actors) progress->crashes += actor_pool_deaths(training->actors);

    const int32_t count = training->num_recent < TRAINING_RECENT_EPISODES
                              ? (int32_t)training->num_recent
                              : TRAINING_RECENT_EPISODES;
    int32_t known = 0, won = 0;
    double sum = 0;
    for (int32_t i = 0; i < count; i++) {
        sum += (double)training->recent_return[i];
        known += training->recent_known[i];
        won += training->recent_won[i];
    }
    progress->mean_episodes = count;
    progress->winner_unknown = !preset_tells_winner(training->config.actors.actor.preset);
    progress->mean_return = count ? (float)(sum / count) : 0;
    progress->win_rate = known ? (float)won / (float)known : 0;
}

double training_actor_cpu_seconds(const training_t *training)
{
    return actor_pool_cpu_seconds(training->actors);
}
