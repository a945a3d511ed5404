/* training_league.c - the past selves of a training that plays against itself. */
#include "training_parts.h"

#include <stdio.h>

bool training_plays_itself(const training_t *training)
{
    return training->config.actors.actor.versus == OPPONENT_SELF;
}

const league_t *training_league(const training_t *training)
{
    return training->has_league ? &training->league : NULL;
}

static uint64_t every(const training_t *training)
{
    const uint64_t asked = training->config.league_every_decisions;
    return asked ? asked : TRAINING_LEAGUE_EVERY;
}

static uint64_t decisions(const training_t *training)
{
    agent_stats_t stats;
    agent_get_stats(training->agent, &stats);
    return stats.decisions;
}

/* One period behind the newest past self. */
static void set_next(training_t *training)
{
    const league_t *league = &training->league;
    const uint64_t newest =
        league->num_entries ? league->entries[league->num_entries - 1].decisions : 0;
    training->next_past_self = newest + every(training);
}

bool training_open_league(training_t *training, why_t why)
{
    if (!training_plays_itself(training) || !training->dir[0]) return true;
    const int32_t size = training->config.league_size;
    if (training->config.fresh)
        league_begin_anew(&training->league, training->dir);
    else if (!league_open(&training->league, training->dir, why))
        return false;
    if (size > 0) training->league.size = size;
    training->has_league = true;
    training->config.actors.actor.self_play.league_dir = training->league.dir;
    set_next(training);
    return true;
}

void training_note_round(training_t *training, const actor_turn_t *turn)
{
    const preset_result_t result = turn->outcome.result;
    if (turn->met < 0 || result == PRESET_NO_RESULT) return;
    league_note(&training->league, turn->met,
                result == PRESET_WON     ? 1
                : result == PRESET_DRAWN ? 0.5
                                         : 0);
}

static void tell_actors(training_t *training)
{
    uint32_t numbers[LEAGUE_MAX_SIZE + 1];
    for (int32_t i = 0; i < training->league.num_entries; i++)
        numbers[i] = (uint32_t)training->league.entries[i].number;
    actor_pool_set_past(training->actors, numbers, training->league.num_entries);
}

bool training_league_turn(training_t *training)
{
    if (!training->has_league) return false;
    if (!training->is_published) { /* with the first weights */
        tell_actors(training);
        return true;
    }
    const uint64_t now = decisions(training);
    agent_stats_t stats;
    agent_get_stats(training->agent, &stats);
    if (now < training->next_past_self || stats.updates == 0) return false;
    why_t why;
    if (!league_add(&training->league, agent_policy(training->agent), training->note, now, why)) {
        training_add_news(training, why);
        training->next_past_self = now + every(training);
        return false;
    }
    set_next(training);
    tell_actors(training);
    return true;
}

bool training_save_league(training_t *training, why_t why)
{
    if (!training->has_league || training->league.num_entries == 0) return true;
    return league_save(&training->league, why);
}
