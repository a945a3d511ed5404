/* frame_learning.c - see frame_learning.h. */
#include "frame_learning.h"

#include "clock.h"

#include <stdio.h>
#include <string.h>

enum {
    EXPLAIN_MS = 8000,
    TELL_MS = 4000,
    QUIET_FRAMES = 180, /* so long after a touch it is fast again */
    MOST_FRAMES = 64,   /* beside the one that is shown */
};
static const double BURST_SECONDS = 0.012;

/* ---- frames ---------------------------------------------------------------------------------- */

bool frame_learning_begin(frame_learning_t *learning, policy_t *policy, player_mind_t *mind,
                          league_strength_t *strength)
{
    const bool is_between = learning->is_between_rounds;
    const league_strength_t before = *strength;
    if (learning->learner) {
        learner_thread_frame(learning->learner);
        learning->is_between_rounds = false;
    }
    if (!is_between) return false;
    if (learning->learner) {
        mind->weights = 0; /* nobody else has them */
        return learner_thread_take(learning->learner, policy);
    }
    if (!learning->newer || !newer_agent_take(learning->newer, policy, mind, strength))
        return false;
    learning->has_newer = true;
    learning->has_strength = *strength != before;
    return true;
}

void frame_learning_decided(frame_learning_t *learning)
{
    if (!learning->learner) learning->is_between_rounds = false;
}

/* Of the agent's pads, the how manieth is this? -1: it is not learned from: it came later. */
static int32_t stream_of(const frame_learning_t *learning, const player_t *player, uint32_t port)
{
    int32_t stream = 0;
    for (uint32_t p = 0; p < port; p++) stream += player_holder(player)->wish.ports >> p & 1;
    return stream < learning->num_streams ? stream : -1;
}

int32_t frame_learning_choose(frame_learning_t *learning, player_t *player, policy_t *policy,
                              uint32_t port)
{
    const uint8_t *obs = player_observation(player, port);
    const int32_t stream = stream_of(learning, player, port);
    if (stream >= 0) learner_thread_open(learning->learner, stream, obs);
    const int32_t random = player_explore(player);
    policy_seed(policy, player_draw(player));
    if (random >= 0) return random;
    /* What is drawn hangs on the state alone, so no run of random actions is gone on with. */
    return policy_explore(policy, obs, learner_thread_epsilon(learning->learner), 0, NULL);
}

/* Only of a fight, as an agent's own decisions. */
void frame_learning_watch(frame_learning_t *learning, player_t *player, const preset_t *preset,
                          uint32_t port, uint16_t pad)
{
    const int64_t *now = player_variables(player);
    if (!learning->human) return;
    if ((preset_knows_fight(preset) && !preset_fight(preset, port, now, now)) ||
        preset_done(preset, port, now, now)) {
        demonstration_break(learning->human);
        return;
    }
    learning->seen = (demonstration_frame_t){
        .obs = player_begins_step(player) ? player_observation(player, port) : NULL,
        .port = port,
        .pad = pad,
        .faces_left = preset_faces_left(preset, port, now),
    };
    learning->sees = true;
}

static void note_human(frame_learning_t *learning, const player_t *player,
                       const player_news_t *news)
{
    const uint32_t port = learning->seen.port;
    demonstration_decision_t decision;
    learning->seen.reward = news->rewards[port];
    learning->seen.ended = news->ended >> port & 1;
    learning->seen.result = news->results[port];
    demonstration_frame(learning->human, &learning->seen);
    while (demonstration_next(learning->human, &decision))
        learner_thread_demonstrate(learning->learner, &decision, player_frames(player));
}

void frame_learning_note(frame_learning_t *learning, player_t *player, const player_news_t *news,
                         bool is_hidden)
{
    if (news->ended) learning->is_between_rounds = true;
    if (!learning->learner) return;
    if (learning->sees && is_hidden) demonstration_break(learning->human);
    if (learning->sees && !is_hidden) note_human(learning, player, news);
    learning->sees = false;
    if (is_hidden) {
        learner_thread_break(learning->learner, false);
        return;
    }
    for (uint32_t port = 0; news->closed >> port; port++) {
        if (!(news->closed >> port & 1)) continue;
        const player_outcome_t *outcome = &news->outcomes[port];
        const int32_t stream = stream_of(learning, player, port);
        if (stream >= 0)
            learner_thread_close(learning->learner, stream, outcome,
                                 player_observation(player, port), player_frames(player));
        if (outcome->truncated) learning->is_between_rounds = true;
    }
}

void frame_learning_jumped(frame_learning_t *learning, bool was_undone)
{
    if (learning->human) demonstration_break(learning->human);
    if (learning->learner)
        learner_thread_break(learning->learner, was_undone);
    else if (was_undone)
        learning->is_between_rounds = false; /* a round may be under way now */
}

/* ---- speed ----------------------------------------------------------------------------------- */

frame_learning_burst_t frame_learning_burst(frame_learning_t *learning, const host_t *host,
                                            learning_speed_t speed, uint32_t touched)
{
    frame_learning_burst_t burst = { 0 };
    if (touched)
        learning->quiet_frames = 0;
    else if (learning->quiet_frames < QUIET_FRAMES)
        learning->quiet_frames++;
    if (!learning->learner || speed == LEARNING_SPEED_1) return burst;
    const bool is_held = learning->quiet_frames < QUIET_FRAMES;
    if (is_held && touched && !learning->is_held_back)
        host_say(host, RETRO_LOG_INFO, TELL_MS, "you play: it learns at 1x until you let go");
    learning->is_held_back = is_held;
    if (is_held) return burst;
    burst.most = speed == LEARNING_SPEED_4 ? 3 : MOST_FRAMES;
    burst.began_at = clock_now();
    learning->frame_seconds *= 0.95; /* one slow frame does not count for ever */
    return burst;
}

/* The learner sets the pace where it is the slower one, so that updates keep their ratio. */
bool frame_learning_burst_goes_on(frame_learning_t *learning, frame_learning_burst_t *burst)
{
    if (burst->most == 0) return false;
    const double spent = clock_now() - burst->began_at;
    if (burst->done > 0) {
        const double each = spent / burst->done;
        if (each > learning->frame_seconds) learning->frame_seconds = each;
    }
    /* This one, and the one that is shown. */
    if (burst->done >= burst->most || spent + 2 * learning->frame_seconds > BURST_SECONDS ||
        learner_thread_is_behind(learning->learner))
        return false;
    burst->done++;
    return true;
}

/* ---- what is said ---------------------------------------------------------------------------- */

/* "1,240" */
static void group(char text[32], uint64_t number)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    char *out = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
}

void frame_learning_line(const frame_learning_t *learning, char text[LEARNING_TEXT_BYTES],
                         bool has_winner)
{
    learner_thread_progress_t p;
    char rounds[32];
    learner_thread_get_progress(learning->learner, &p);
    group(rounds, p.episodes);
    const char *s = p.episodes == 1 ? "" : "s";
    if (p.recent > 0 && has_winner)
        snprintf(text, LEARNING_TEXT_BYTES, "%.20s round%s, %d %% of the last %d", rounds, s,
                 (int)(100 * p.win_rate + 0.5f), (int)p.recent);
    else
        snprintf(text, LEARNING_TEXT_BYTES, "%.20s round%s", rounds, s);
}

void frame_learning_tell(frame_learning_t *learning, const host_t *host, league_strength_t strength,
                         const char *because)
{
    why_t news;
    if (learning->learner && learner_thread_news(learning->learner, news))
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, news);
    refuse(news, "%sstrength %s from this round on", because, league_strength_names[strength]);
    if (learning->has_newer)
        host_say(host, RETRO_LOG_INFO, TELL_MS,
                 learning->has_strength ? news : "it plays with what was learned meanwhile");
    learning->has_newer = false;
    if (learning->newer && newer_agent_news(learning->newer, news))
        host_say(host, RETRO_LOG_WARN, EXPLAIN_MS, news);
}
