/* training.c - a training is opened, plays rounds and learns; what is kept on disk:
 * training_files.c.
 */
#include "training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "training_parts.h"
#include "why.h"

void training_config_defaults(training_config_t *config, int32_t num_actions)
{
    *config = (training_config_t){ .updates_per_decision = 0.25f };
    agent_config_defaults(&config->agent, num_actions);
    config->crew = (crew_config_t){ .num_members = 1,
                                    .discount_per_step = config->agent.discount_per_step,
                                    .max_idle_frames = 30,
                                    .novelty = NAN,
                                    .seed = config->agent.seed };
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
    training->config.agent.num_actions = preset_num_actions(config->crew.preset);
    training->config.agent.num_streams = config->crew.num_members;
    training->config.crew.discount_per_step = config->agent.discount_per_step;
    if (config->dir) snprintf(training->dir, sizeof training->dir, "%s", config->dir);

    training->turns = calloc((size_t)config->crew.num_members, sizeof *training->turns);
    if (!training->turns) {
        free(training);
        return refuse(why, "no memory for training");
    }
    if (!note_make(training->note, sizeof training->note, config->crew.preset, config->crew.port)) {
        training_close(training);
        return refuse(why, "the preset's actions are too many to be named in a checkpoint");
    }
    training_keep_novelty(training);
    /* The crew first: workers are forked before this process grows. */
    const bool ok = (!training->dir[0] || training_lock(training, why)) &&
                    crew_start(&training->crew, &training->config.crew, why) &&
                    training_open_agent(training, why);
    if (!ok) {
        training_close(training);
        return false;
    }
    for (int32_t m = 0; m < config->crew.num_members; m++) crew_reset(training->crew, m);
    for (int32_t m = 0; m < config->crew.num_members; m++)
        if (!crew_collect(training->crew, m, &training->turns[m], why)) {
            training_close(training);
            return false;
        }
    agent_stats_t stats;
    agent_get_stats(training->agent, &stats);
    training->decisions_at_open = stats.decisions;
    training->updates_at_open = stats.updates;
    *out = training;
    return true;
}

void training_close(training_t *training)
{
    if (!training) return;
    crew_stop(training->crew);
    agent_destroy(training->agent);
    if (training->dir_fd >= 0) close(training->dir_fd);
    free(training->turns);
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
    const float asked = training->config.crew.novelty;
    return isnan(asked) ? preset_novelty(training->config.crew.preset) : (double)asked;
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

static void settle(training_t *training, int32_t m, const crew_turn_t *turn)
{
    if (!turn->has_outcome) { /* it crashed: the open decision has no outcome */
        agent_drop(training->agent, m);
        return;
    }
    const player_outcome_t *o = &turn->outcome;
    const agent_outcome_t outcome = { .reward = o->reward,
                                      .duration_steps = o->duration_steps,
                                      .terminal = o->terminal,
                                      .truncated = o->truncated };
    agent_settle(training->agent, m, &outcome, o->truncated ? turn->final_obs : turn->obs);
    if (o->terminal || o->truncated) note_episode(training, o);
}

bool training_turn(training_t *training, why_t why)
{
    const int32_t num_members = training->config.crew.num_members;
    for (int32_t m = 0; m < num_members; m++)
        crew_act(training->crew, m, agent_choose(training->agent, m, training->turns[m].obs));

    /* The games run in their processes meanwhile. */
    training->update_debt += (double)training->config.updates_per_decision * num_members;
    const int32_t owed = (int32_t)training->update_debt;
    training->update_debt -= owed;
    why_t cause = "";
    agent_status_t learned = AGENT_OK;
    if (owed > 0) learned = agent_learn(training->agent, owed, NULL, cause);
    training->diverged = learned == AGENT_DIVERGED;

    bool all_there = true;
    for (int32_t m = 0; m < num_members; m++) {
        why_t sentence;
        crew_turn_t *turn = &training->turns[m];
        if (!crew_collect(training->crew, m, turn, sentence)) {
            all_there = refuse(why, "%s", sentence);
            turn->has_outcome = false;
        } else if (turn->crashed) {
            memcpy(training->news, sentence, sizeof training->news);
            training->has_news = true;
        }
        settle(training, m, turn);
    }
    if (learned != AGENT_OK) return refuse(why, "%s", cause);
    return all_there;
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
    progress->session_frames = crew_frames(training->crew);
    progress->frames = training->frames_before + progress->session_frames;
    progress->decisions = progress->agent.decisions;
    progress->updates = progress->agent.updates;
    progress->session_decisions = progress->decisions - training->decisions_at_open;
    progress->session_updates = progress->updates - training->updates_at_open;
    progress->episodes = training->episodes;
    progress->crashes = training->crashes_before + crew_crashes(training->crew);

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
    progress->winner_unknown = !preset_tells_winner(training->config.crew.preset);
    progress->mean_return = count ? (float)(sum / count) : 0;
    progress->win_rate = known ? (float)won / (float)known : 0;
}
