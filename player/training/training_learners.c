/* training_learners.c - a training that is one of several learners' (ranks_meeting.h): it begins
 * with the first one's agent, makes each update with them, and counts what all have played. */
#include <string.h>
#include <time.h>

#include "clock.h"
#include "digest.h"
#include "ranks.h"
#include "training_parts.h"

enum {
    CRC_EVERY_UPDATES = 256, /* that all have the same weights is looked at so often */
    NAP_US = 100
};

bool training_follows(const training_t *training)
{
    return training->config.is_shared && ranks_learner() > 0;
}

/* What learner 0 knows, and the others make theirs by. */
typedef struct {
    agent_config_t agent;
    float novelty;
} beginning_t;

bool training_join(training_t *training, why_t why)
{
    if (!training->config.is_shared) return true;
    agent_config_t *agent = &training->config.agent;
    const int32_t num_streams = agent->num_streams;
    beginning_t beginning = { .agent = *agent, .novelty = training->config.actors.actor.novelty };
    if (!ranks_meeting_open(&training->meeting, why) ||
        !ranks_meeting_pass(training->meeting, &beginning, sizeof beginning, why))
        return false;
    if (training_follows(training)) {
        *agent = beginning.agent;
        agent->num_streams = num_streams;
        training->config.actors.actor.novelty = beginning.novelty;
        if (agent_create(&training->agent, agent, why) != AGENT_OK) return false;
    }
    void *piece;
    size_t num_bytes;
    for (int32_t i = 0; (piece = agent_piece(training->agent, i, &num_bytes)); i++)
        if (!ranks_meeting_pass(training->meeting, piece, num_bytes, why)) return false;
    if (training_follows(training)) agent_take_pieces(training->agent);
    const common_gradient_t common = ranks_meeting_gradient(training->meeting);
    return agent_share_gradient(training->agent, &common, why) == AGENT_OK;
}

static uint32_t weights_crc(const training_t *training)
{
    size_t num_bytes;
    const uint8_t *bytes = agent_weight_bytes(training->agent, &num_bytes);
    return digest_crc32(bytes, num_bytes);
}

static ranks_word_t own_word(const training_t *training)
{
    agent_stats_t stats;
    agent_get_stats(training->agent, &stats);
    return (ranks_word_t){
        .decisions = training->session_decisions,
        .frames = actor_pool_frames(training->actors),
        .episodes = training->episodes,
        .updates = stats.updates,
        .return_scale = agent_wanted_scale(training->agent),
        .deaths = actor_pool_deaths(training->actors),
        .weights_crc = stats.updates % CRC_EVERY_UPDATES == 0 ? weights_crc(training) : 0,
        .is_warm = agent_is_warm(training->agent),
    };
}

/* All that is made of the words is the same in every learner, but for whose they are. */
static bool take_words(training_t *training, const ranks_word_t *words, bool *goes, char *why)
{
    const int32_t num = ranks_num_learners(), me = ranks_learner();
    training_elsewhere_t elsewhere = { 0 };
    double scale = 0;
    *goes = true;
    for (int32_t i = 0; i < num; i++) {
        const ranks_word_t *word = &words[i];
        if (word->updates != words[0].updates || word->weights_crc != words[0].weights_crc)
            return refuse(why,
                          "rank %d (update %llu, checksum %08x) no longer has the weights of rank "
                          "0 (update %llu, checksum %08x)",
                          i, (unsigned long long)word->updates, word->weights_crc,
                          (unsigned long long)words[0].updates, words[0].weights_crc);
        if (word->return_scale > scale) scale = word->return_scale;
        if (!word->is_warm) *goes = false;
        if (word->is_ending) training->has_ended = true;
        if (i == me) continue;
        elsewhere.decisions += word->decisions;
        elsewhere.frames += word->frames;
        elsewhere.episodes += word->episodes;
        elsewhere.deaths += word->deaths;
    }
    agent_agree_scale(training->agent, scale);
    agent_count_elsewhere(training->agent, elsewhere.decisions - training->elsewhere.decisions);
    training->elsewhere = elsewhere;
    if (training->has_ended) *goes = false;
    /* Where one has not played enough yet, none learns from these decisions. */
    if (!*goes && !training->has_ended) training->update_debt -= 1;
    return true;
}

bool training_meet(training_t *training, bool *goes, why_t why)
{
    *goes = false;
    if (!training->is_met_with) {
        const ranks_word_t word = own_word(training);
        ranks_meeting_arrive(training->meeting, &word);
        training->is_met_with = true;
    }
    const ranks_word_t *words = ranks_meeting_met(training->meeting);
    if (!words) return true;
    training->is_met_with = false;
    return take_words(training, words, goes, why);
}

bool training_is_awaited(const training_t *training)
{
    return training->meeting && (training->is_met_with || training->update_debt >= 1 ||
                                 ranks_meeting_is_called(training->meeting));
}

void training_wait_for_learners(training_t *training)
{
    (void)actor_pool_wait(training->actors, 0); /* the messages of its own actors go on */
    nanosleep(&(struct timespec){ .tv_nsec = NAP_US * 1000L }, NULL);
}

bool training_watch_learners(training_t *training, why_t why)
{
    if (!training->meeting) return true;
    if (training_follows(training) && training->has_news) {
        training->has_news = false;
        ranks_meeting_tell(training->meeting, training->news, false);
    }
    const bool ok = ranks_meeting_watch(training->meeting, why);
    const char *news = ranks_meeting_news(training->meeting);
    if (news) training_add_news(training, news);
    return ok;
}

bool training_has_ended(const training_t *training)
{
    return training->has_ended;
}

int32_t training_part(training_t *training, const uint32_t **checksums)
{
    why_t why;
    *checksums = training->checksums;
    if (!training->meeting || !training->is_open || training->has_parted)
        return training->checksums ? ranks_num_learners() : 0;
    training->has_parted = true;
    ranks_meeting_end(training->meeting);
    const double until = clock_now() + RANKS_SILENCE_MS / 1000.0;
    while (!training->has_ended && clock_now() < until && training_watch_learners(training, why)) {
        bool goes;
        if (!training_meet(training, &goes, why)) break;
        if (!goes) {
            training_wait_for_learners(training);
            continue;
        }
        /* They met for an update before this one had ended: it takes part, so that all learn it. */
        if (agent_learn(training->agent, 1, NULL, why) != AGENT_OK) break;
        training->has_ended = ranks_meeting_has_ended(training->meeting);
    }
    if (training->has_ended)
        training->checksums = ranks_meeting_compare(training->meeting, weights_crc(training));
    *checksums = training->checksums;
    return training->checksums ? ranks_num_learners() : 0;
}

void training_give_up(training_t *training, const char *sentence)
{
    why_t why;
    if (!training->meeting) return;
    training->has_parted = true;
    ranks_meeting_tell(training->meeting, sentence, true);
    const double until = clock_now() + 5;
    while (clock_now() < until && ranks_meeting_watch(training->meeting, why))
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}
