/* newer_agent.c - see newer_agent.h. */
#define _GNU_SOURCE /* sem_clockwait */
#include "newer_agent.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "home.h"
#include "netplay.h"
#include "note.h"
#include "threads.h"

/* What tells one file from the next: each save is a new one. */
typedef struct {
    dev_t device;
    ino_t number;
    struct timespec at;
} file_mark_t;

struct newer_agent {
    pthread_t thread;
    sem_t end;
    const loaded_game_t *game;
    char path[HOME_PATH_BYTES];
    size_t num_weights;
    file_mark_t seen;

    /* true: the frames' to read; false: the thread's to write */
    atomic_bool has_weights, has_news;
    float *weights;
    player_mind_t mind;
    why_t news;
};

static bool look(const char *path, file_mark_t *mark)
{
    struct stat status;
    if (stat(path, &status) != 0) return false;
    *mark = (file_mark_t){ status.st_dev, status.st_ino, status.st_mtim };
    return true;
}

static bool is_same(const file_mark_t *a, const file_mark_t *b)
{
    return a->device == b->device && a->number == b->number && a->at.tv_sec == b->at.tv_sec &&
           a->at.tv_nsec == b->at.tv_nsec;
}

static void refuse_it(newer_agent_t *newer, const char *cause)
{
    if (atomic_load(&newer->has_news)) return;
    refuse(newer->news, "the newer agent is not taken: %.700s", cause);
    atomic_store(&newer->has_news, true);
}

/* The file as it is now. */
static void read_it(newer_agent_t *newer)
{
    why_t why;
    loaded_game_t now = { .preset = newer->game->preset };
    char *note = calloc(1, AGENT_NOTE_BYTES);
    if (!note) return;
    if (policy_load(&now.policy, newer->path, note, AGENT_NOTE_BYTES, why) != AGENT_OK) {
        refuse_it(newer, why);
    } else if (policy_num_weights(now.policy) != newer->num_weights) {
        refuse_it(newer, "its network is another; load the game again");
    } else if (!note_fits(note, policy_config(now.policy), now.preset, why)) {
        refuse_it(newer, why);
    } else if (netplay_mind_of(&now, &newer->mind)) {
        policy_write_greedy_weights(now.policy, newer->weights);
        atomic_store(&newer->has_weights, true);
    }
    policy_destroy(now.policy);
    free(note);
}

static void *watch(void *context)
{
    newer_agent_t *newer = context;
    for (;;) {
        struct timespec next;
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_sec++;
        if (sem_clockwait(&newer->end, CLOCK_MONOTONIC, &next) == 0) return NULL;
        file_mark_t now;
        if (atomic_load(&newer->has_weights) || !look(newer->path, &now) ||
            is_same(&now, &newer->seen))
            continue;
        newer->seen = now;
        read_it(newer);
    }
}

static void free_newer(newer_agent_t *newer)
{
    free(newer->weights);
    free(newer);
}

newer_agent_t *newer_agent_start(const loaded_game_t *game)
{
    newer_agent_t *newer = calloc(1, sizeof *newer);
    if (!newer) return NULL;
    newer->game = game;
    newer->num_weights = policy_num_weights(game->policy);
    newer->weights = malloc(newer->num_weights * sizeof *newer->weights);
    if (!newer->weights || sem_init(&newer->end, 0, 0) != 0 ||
        snprintf(newer->path, sizeof newer->path, "%.*s/agent.safetensors",
                 (int)sizeof newer->path - 32, game->dir) < 0) {
        free_newer(newer);
        return NULL;
    }
    look(newer->path, &newer->seen);
    if (threads_start(&newer->thread, watch, newer)) return newer;
    sem_destroy(&newer->end);
    free_newer(newer);
    return NULL;
}

void newer_agent_stop(newer_agent_t *newer)
{
    if (!newer) return;
    sem_post(&newer->end);
    pthread_join(newer->thread, NULL);
    sem_destroy(&newer->end);
    free_newer(newer);
}

bool newer_agent_take(newer_agent_t *newer, policy_t *policy, player_mind_t *mind)
{
    if (!atomic_load(&newer->has_weights)) return false;
    policy_take_weights(policy, newer->weights);
    *mind = newer->mind;
    atomic_store(&newer->has_weights, false);
    return true;
}

bool newer_agent_news(newer_agent_t *newer, why_t news)
{
    if (!atomic_load(&newer->has_news)) return false;
    refuse(news, "%s", newer->news);
    atomic_store(&newer->has_news, false);
    return true;
}
