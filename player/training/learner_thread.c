/* learner_thread.c - see learner_thread.h. */
#define _GNU_SOURCE /* SCHED_IDLE */
#include "learner_thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "card_share.h"
#include "clock.h"
#include "devices.h"
#include "exchange.h"
#include "runlog.h"
#include "threads.h"
#include "training_parts.h"

enum { RING_DECISIONS = 64, NAP_MS = 50 };

/* What a decision brought. */
typedef struct {
    bool begins;    /* `before` is no observation that the stream's last decision left */
    bool is_undone; /* the decisions before were taken back by a savestate */
    player_outcome_t outcome;
    uint64_t frames;
    uint8_t before[PLAYER_OBS_BYTES], obs[PLAYER_OBS_BYTES];
} lesson_t;

/* A stream as the frames see it. lesson: a slot of the ring that is not handed over yet. */
typedef struct {
    lesson_t *lesson; /* of the open decision, or of the one that closed in this frame; or NULL */
    bool is_closed;
    bool follows;       /* the next decision may be made on what the last one left ... */
    uint64_t closed_at; /* ... in this frame */
    bool is_undone;     /* to be told with the next decision */
} stream_t;

/* What is published. */
typedef struct {
    float epsilon;
    float *weights; /* (num_weights), then num_kinds */
} publication_t;

/* Of the three publications one is the frames', one the learner's, one between the two: an index,
 * with IS_NEWER where the frames have not had it. Either side takes it in exchange for its own. */
enum { NUM_PUBLICATIONS = 3, IS_NEWER = 4 };

struct learner_thread {
    training_t *training; /* the thread's, from its start to its end */
    exchange_t *exchange;
    pthread_t thread;
    agent_config_t agent; /* a copy for the frames */
    double novelty;
    bool resumed;
    int32_t num_streams;
    size_t num_weights, obs_bytes;
    int32_t num_kinds; /* how random actions are drawn is published, too; 0: it is not */

    /* The frames' own. */
    stream_t streams[PLAYER_MAX_PORTS];
    uint64_t frame;
    int32_t taken; /* publication that is acted with */
    bool has_taken;

    /* The learner's own. */
    uint8_t (*obs)[PLAYER_OBS_BYTES]; /* (num_streams): what each stream's last decision left */
    int32_t next;                     /* stream that is looked at next */
    int32_t draft;                    /* publication that is written next */
    bool has_published;
    uint64_t published_updates, published_decisions, saved_decisions;
    double next_save_at;
    runlog_t log;
    char device[64], cache_dir[HOME_PATH_BYTES]; /* asked for; "": none */
    double most_share;
    bool has_card; /* it was opened; it may be lost since */
    card_share_t share;

    /* Between the two. */
    atomic_bool is_stopping, has_failed;
    atomic_bool has_news; /* true: `news` is the frames' to read; false: the learner's to write */
    why_t news;
    _Atomic uint64_t episodes, decisions, updates, lost;
    _Atomic int32_t recent, won_permille, demonstrations;
    _Atomic uint64_t card_updates;
    _Atomic int32_t card_permille;
    publication_t publications[NUM_PUBLICATIONS];
    _Atomic int32_t published; /* the one between the two */
    void *weights;             /* of all three */
};

/* ---- the learner's thread -------------------------------------------------------------------- */

/* Lost if the one before was not read yet. */
static void tell(learner_thread_t *learner, const char *sentence)
{
    if (atomic_load(&learner->has_news)) return;
    refuse(learner->news, "%s", sentence);
    atomic_store(&learner->has_news, true);
}

static void note_progress(learner_thread_t *learner)
{
    training_progress_t p;
    training_get_progress(learner->training, &p);
    atomic_store(&learner->episodes, p.episodes);
    atomic_store(&learner->decisions, p.decisions);
    atomic_store(&learner->updates, p.updates);
    atomic_store(&learner->demonstrations, p.agent.demonstrations);
    atomic_store(&learner->recent, p.mean_episodes);
    atomic_store(&learner->won_permille, (int32_t)(1000 * p.win_rate + 0.5f));
}

static void publish(learner_thread_t *learner)
{
    agent_stats_t stats;
    agent_t *agent = training_agent(learner->training);
    agent_get_stats(agent, &stats);
    if (learner->has_published &&
        stats.updates - learner->published_updates < TRAINING_PUBLISH_UPDATES &&
        stats.decisions - learner->published_decisions < TRAINING_PUBLISH_DECISIONS)
        return;
    publication_t *draft = &learner->publications[learner->draft];
    draft->epsilon = agent_epsilon(agent);
    agent_write_weights(agent, false, draft->weights);
    if (learner->num_kinds) agent_write_kinds(agent, draft->weights + learner->num_weights);
    learner->draft =
        atomic_exchange(&learner->published, learner->draft | IS_NEWER) & (IS_NEWER - 1);
    learner->has_published = true;
    learner->published_updates = stats.updates;
    learner->published_decisions = stats.decisions;
}

static void learn_from(learner_thread_t *learner, int32_t stream, const lesson_t *lesson)
{
    actor_turn_t turn = { .actor = stream, .stream = stream, .began = true, .obs = lesson->before };
    uint8_t *before = learner->obs[stream];
    if (lesson->is_undone) training_undo(learner->training, stream);
    if (lesson->begins) {
        training_feed(learner->training, &turn, lesson->frames);
        memcpy(before, lesson->before, PLAYER_OBS_BYTES);
    }
    turn = (actor_turn_t){ .actor = stream,
                           .stream = stream,
                           .outcome = lesson->outcome,
                           .before = before,
                           .obs = lesson->obs };
    training_feed(learner->training, &turn, lesson->frames);
    memcpy(before, lesson->obs, PLAYER_OBS_BYTES);
}

/* One decision of any stream, in turn; false: there is none. */
static bool take_one(learner_thread_t *learner)
{
    for (int32_t i = 0; i < learner->num_streams; i++) {
        const int32_t stream = learner->next;
        learner->next = (stream + 1) % learner->num_streams;
        const lesson_t *lesson = exchange_peek(learner->exchange, stream);
        if (!lesson) continue;
        learn_from(learner, stream, lesson);
        exchange_pop(learner->exchange, stream);
        return true;
    }
    return false;
}

/* Nothing where nothing was decided since. */
static bool save(learner_thread_t *learner, bool ends, why_t why)
{
    training_progress_t p;
    training_get_progress(learner->training, &p);
    if (p.decisions == learner->saved_decisions) return true;
    learner->saved_decisions = p.decisions;
    const bool ok = (ends ? training_save_all : training_save)(learner->training, why);
    return (p.mean_episodes == 0 || runlog_add_training(&learner->log, &p, ok ? why : NULL)) && ok;
}

static void save_now_and_then(learner_thread_t *learner)
{
    why_t why;
    if (clock_now() < learner->next_save_at) return;
    if (!save(learner, false, why)) tell(learner, why);
    learner->next_save_at = clock_now() + TRAINING_SAVE_SECONDS;
}

/* ---- on a card ---- */

static void use_device(learner_thread_t *learner)
{
    why_t said, cause;
    agent_t *agent = training_agent(learner->training);
    if (!learner->device[0]) return;
    const char *cache_dir = learner->cache_dir[0] ? learner->cache_dir : NULL;
    learner->has_card =
        agent_use_device(agent, learner->device, cache_dir, true, said, cause) == AGENT_OK;
    if (!learner->has_card) refuse(said, "it learns on the processor: %.900s", cause);
    training_add_news(learner->training, said);
    learner->share = card_share_begin(learner->most_share, clock_now());
}

/* It is done with what it was asked for: as long as that took, it must rest. */
static void finish_device(learner_thread_t *learner)
{
    agent_t *agent = training_agent(learner->training);
    if (!learner->has_card) return;
    const double busy_seconds = agent_finish_device(agent), now = clock_now();
    const char *lost = agent_device_news(agent);
    if (lost) training_add_news(learner->training, lost);
    if (busy_seconds == 0) return; /* the processor's */
    card_share_note(&learner->share, busy_seconds, now);
    atomic_store(&learner->card_updates, learner->share.num_updates);
    atomic_store(&learner->card_permille,
                 (int32_t)(1000 * card_share_taken(&learner->share, now) + 0.5));
}

/* True: it waited for a part of the card's rest. */
static bool rested(const learner_thread_t *learner)
{
    const double rest = learner->has_card ? card_share_rest(&learner->share, clock_now()) : 0;
    if (rest <= 0) return false;
    const double nap = rest < 1e-3 * NAP_MS ? rest : 1e-3 * NAP_MS;
    nanosleep(&(struct timespec){ .tv_nsec = (long)(1e9 * nap) }, NULL);
    return true;
}

/* What the training has to say, as soon as the frames have had what was said before. */
static void pass_on_news(learner_thread_t *learner)
{
    const char *news = atomic_load(&learner->has_news) ? NULL : training_news(learner->training);
    if (news) tell(learner, news);
}

/* Frames come first. Where the system knows no such priority, all the same. */
static void *learn(void *context)
{
    learner_thread_t *learner = context;
    why_t why, news;
    threads_step_back();
    use_device(learner);
    while (!atomic_load(&learner->is_stopping)) {
        bool did = true;
        pass_on_news(learner);
        if (training_owes(learner->training)) {
            if (rested(learner)) continue;
            if (!training_turn(learner->training, why)) {
                refuse(news, "learning ended: %.600s; what was saved before stays", why);
                tell(learner, news);
                atomic_store(&learner->has_failed, true);
                return NULL;
            }
            finish_device(learner);
        } else {
            did = take_one(learner);
        }
        if (did) {
            publish(learner);
            note_progress(learner);
        }
        save_now_and_then(learner);
        if (!did) exchange_wait(learner->exchange, NAP_MS);
    }
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void free_learner(learner_thread_t *learner)
{
    if (!learner) return;
    training_close(learner->training);
    exchange_destroy(learner->exchange);
    free(learner->weights);
    free(learner->obs);
    free(learner);
}

static bool make_rooms(learner_thread_t *learner, why_t why)
{
    const size_t line = ARENA_ALIGNMENT_BYTES / sizeof(float);
    const size_t num_floats = learner->num_weights + (size_t)learner->num_kinds;
    const size_t block = (num_floats + line - 1) / line * line;
    const exchange_config_t exchange = { .num_actors = learner->num_streams,
                                         .ring_records = RING_DECISIONS,
                                         .record_bytes = sizeof(lesson_t) };
    learner->weights = malloc((NUM_PUBLICATIONS * block + line) * sizeof(float));
    learner->obs = calloc((size_t)learner->num_streams, PLAYER_OBS_BYTES);
    if (!learner->weights || !learner->obs) return refuse(why, "no memory to learn with");
    const uintptr_t mask = ARENA_ALIGNMENT_BYTES - 1;
    float *weights = (float *)(((uintptr_t)learner->weights + mask) & ~mask);
    for (int32_t i = 0; i < NUM_PUBLICATIONS; i++)
        learner->publications[i] = (publication_t){ 1, weights + (size_t)i * block };
    learner->draft = 1;
    atomic_init(&learner->published, 2);
    return exchange_create(&learner->exchange, &exchange, why);
}

static bool start_thread(learner_thread_t *learner, why_t why)
{
    const bool ok = threads_start(&learner->thread, learn, learner);
    return ok || refuse(why, "no thread to learn in");
}

bool learner_thread_start(learner_thread_t **out, const training_config_t *config,
                          const learner_thread_device_t *device, why_t why)
{
    *out = NULL;
    if (config->actors.num_actors > PLAYER_MAX_PORTS)
        return refuse(why, "streams must be 1..%d, found %d", PLAYER_MAX_PORTS,
                      config->actors.num_actors);
    learner_thread_t *learner = calloc(1, sizeof *learner);
    if (!learner) return refuse(why, "no memory to learn with");
    training_config_t fed = *config;
    fed.is_fed = true;
    learner->num_streams = config->actors.num_actors;
    if (device) {
        snprintf(learner->device, sizeof learner->device, "%s", device->name);
        snprintf(learner->cache_dir, sizeof learner->cache_dir, "%s",
                 device->cache_dir ? device->cache_dir : "");
        learner->most_share = device->most_share;
    }
    bool ok = training_open(&learner->training, &fed, why);
    if (ok) {
        agent_t *agent = training_agent(learner->training);
        const char *news = training_news(learner->training);
        training_progress_t p;
        training_get_progress(learner->training, &p);
        learner->agent = *agent_config(agent);
        learner->novelty = training_novelty(learner->training);
        learner->resumed = training_resumed(learner->training);
        learner->num_weights = policy_num_weights(agent_policy(agent));
        learner->obs_bytes = agent_obs_bytes(&learner->agent);
        learner->num_kinds = agent_draws_by_kinds(&learner->agent) ? learner->agent.num_actions : 0;
        learner->next_save_at = clock_now() + TRAINING_SAVE_SECONDS;
        learner->saved_decisions = p.decisions;
        runlog_open(&learner->log, config->dir, p.decisions);
        if (news) tell(learner, news);
        ok = learner->obs_bytes <= PLAYER_OBS_BYTES
                 ? make_rooms(learner, why)
                 : refuse(why, "an observation takes at most %d bytes, found %zu", PLAYER_OBS_BYTES,
                          learner->obs_bytes);
    }
    if (ok) {
        publish(learner);
        note_progress(learner);
        ok = start_thread(learner, why);
    }
    if (ok)
        *out = learner;
    else
        free_learner(learner);
    return ok;
}

bool learner_thread_stop(learner_thread_t *learner, float *averaged, why_t why)
{
    if (!learner) return true;
    atomic_store(&learner->is_stopping, true);
    threads_step_forward(learner->thread);
    pthread_join(learner->thread, NULL);
    const bool has_failed = atomic_load(&learner->has_failed);
    if (averaged) agent_write_weights(training_agent(learner->training), true, averaged);
    const bool ok = has_failed ? refuse(why, "learning had ended; the save before it stays")
                               : save(learner, true, why);
    free_learner(learner);
    return ok;
}

const agent_config_t *learner_thread_agent(const learner_thread_t *learner)
{
    return &learner->agent;
}

bool learner_thread_resumed(const learner_thread_t *learner)
{
    return learner->resumed;
}

double learner_thread_novelty(const learner_thread_t *learner)
{
    return learner->novelty;
}

/* ---- frames ---------------------------------------------------------------------------------- */

void learner_thread_frame(learner_thread_t *learner)
{
    learner->frame++;
    for (int32_t s = 0; s < learner->num_streams; s++) {
        stream_t *stream = &learner->streams[s];
        if (!stream->is_closed) continue;
        stream->follows = !stream->lesson->outcome.terminal && !stream->lesson->outcome.truncated;
        stream->closed_at = learner->frame - 1;
        stream->is_undone = false;
        stream->is_closed = false;
        stream->lesson = NULL;
        exchange_push(learner->exchange, s, true);
    }
}

bool learner_thread_take(learner_thread_t *learner, policy_t *policy)
{
    if (!(atomic_load(&learner->published) & IS_NEWER)) return false;
    learner->taken = atomic_exchange(&learner->published, learner->taken) & (IS_NEWER - 1);
    learner->has_taken = true;
    const float *weights = learner->publications[learner->taken].weights;
    policy_borrow_weights(policy, weights);
    if (learner->num_kinds) policy_take_kinds(policy, weights + learner->num_weights);
    return true;
}

float learner_thread_epsilon(const learner_thread_t *learner)
{
    return learner->has_taken ? learner->publications[learner->taken].epsilon : 1;
}

void learner_thread_open(learner_thread_t *learner, int32_t s, const uint8_t *obs)
{
    stream_t *stream = &learner->streams[s];
    const bool follows = stream->follows && stream->closed_at + 1 == learner->frame;
    stream->follows = false;
    stream->is_closed = false;
    stream->lesson = NULL;
    if (atomic_load(&learner->has_failed)) return;
    if (exchange_room(learner->exchange, s) < 1) {
        atomic_fetch_add(&learner->lost, 1);
        return;
    }
    stream->lesson = exchange_slot(learner->exchange, s);
    if (!stream->lesson) return;
    stream->lesson->begins = !follows;
    stream->lesson->is_undone = stream->is_undone;
    if (!follows) memcpy(stream->lesson->before, obs, learner->obs_bytes);
}

void learner_thread_close(learner_thread_t *learner, int32_t s, const player_outcome_t *outcome,
                          const uint8_t *obs, uint64_t frames)
{
    stream_t *stream = &learner->streams[s];
    if (!stream->lesson) return;
    stream->lesson->outcome = *outcome;
    stream->lesson->frames = frames;
    memcpy(stream->lesson->obs, obs, learner->obs_bytes);
    stream->is_closed = true;
}

void learner_thread_demonstrate(learner_thread_t *learner, const demonstration_decision_t *decision,
                                uint64_t frames)
{
    const int32_t s = learner->num_streams - 1;
    stream_t *stream = &learner->streams[s];
    if (atomic_load(&learner->has_failed)) return;
    lesson_t *lesson =
        exchange_room(learner->exchange, s) < 1 ? NULL : exchange_slot(learner->exchange, s);
    if (!lesson) { /* the next one begins a course of its own */
        atomic_fetch_add(&learner->lost, 1);
        stream->follows = false;
        return;
    }
    lesson->begins = decision->begins || !stream->follows;
    lesson->is_undone = stream->is_undone;
    lesson->outcome = decision->outcome;
    lesson->frames = frames;
    if (lesson->begins) memcpy(lesson->before, decision->before, learner->obs_bytes);
    memcpy(lesson->obs, decision->after, learner->obs_bytes);
    stream->follows = !decision->outcome.terminal;
    stream->is_undone = false;
    exchange_push(learner->exchange, s, true);
}

void learner_thread_break(learner_thread_t *learner, bool was_undone)
{
    for (int32_t s = 0; s < learner->num_streams; s++) {
        stream_t *stream = &learner->streams[s];
        stream->lesson = NULL;
        stream->is_closed = stream->follows = false;
        stream->is_undone |= was_undone;
    }
}

bool learner_thread_is_behind(learner_thread_t *learner)
{
    for (int32_t s = 0; s < learner->num_streams; s++)
        if (RING_DECISIONS - exchange_room(learner->exchange, s) > TRAINING_LEAD) return true;
    return false;
}

void learner_thread_get_progress(const learner_thread_t *learner,
                                 learner_thread_progress_t *progress)
{
    learner_thread_t *l = (learner_thread_t *)learner;
    *progress = (learner_thread_progress_t){
        .episodes = atomic_load(&l->episodes),
        .decisions = atomic_load(&l->decisions),
        .updates = atomic_load(&l->updates),
        .lost = atomic_load(&l->lost),
        .demonstrations = atomic_load(&l->demonstrations),
        .recent = atomic_load(&l->recent),
        .win_rate = (float)atomic_load(&l->won_permille) / 1000,
        .card_updates = atomic_load(&l->card_updates),
        .card_share = (float)atomic_load(&l->card_permille) / 1000,
    };
}

bool learner_thread_news(learner_thread_t *learner, why_t news)
{
    if (!atomic_load(&learner->has_news)) return false;
    memcpy(news, learner->news, sizeof learner->news);
    atomic_store(&learner->has_news, false);
    return true;
}

bool learner_thread_has_failed(const learner_thread_t *learner)
{
    return atomic_load(&((learner_thread_t *)learner)->has_failed);
}
