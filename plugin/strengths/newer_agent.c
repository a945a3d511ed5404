/* newer_agent.c - see newer_agent.h. */
#define _GNU_SOURCE /* sem_clockwait */
#include "newer_agent.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    atomic_int wished; /* a strength */
    size_t num_weights;

    /* the thread's alone */
    char path[HOME_PATH_BYTES];       /* of the strength that is watched */
    league_strength_t watched, asked; /* asked: the last wish that was looked at */
    file_mark_t seen;

    /* true: the frames' to read; false: the thread's to write */
    atomic_bool has_weights, has_news;
    float *weights;
    league_strength_t strength, answers; /* whose they are, and to which wish */
    player_mind_t mind;
    why_t news;
};

bool newer_agent_read(const loaded_game_t *game, const char *path, size_t num_weights,
                      float *weights, player_mind_t *mind, why_t why)
{
    bool ok = false;
    loaded_game_t now = { .preset = game->preset };
    char *note = calloc(1, AGENT_NOTE_BYTES);
    if (!note) return refuse(why, "out of memory");
    if (policy_load(&now.policy, path, note, AGENT_NOTE_BYTES, why) == AGENT_OK) {
        if (policy_num_weights(now.policy) != num_weights)
            refuse(why, "its network is another; load the game again");
        else if (note_fits(note, policy_config(now.policy), now.preset, why))
            ok = netplay_mind_of(&now, mind) || refuse(why, "out of memory");
    }
    if (ok) policy_write_greedy_weights(now.policy, weights);
    policy_destroy(now.policy);
    free(note);
    return ok;
}

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

static void refuse_it(newer_agent_t *newer, bool is_newer, const char *cause)
{
    if (atomic_load(&newer->has_news)) return;
    if (is_newer)
        refuse(newer->news, "the newer agent is not taken: %.700s", cause);
    else
        refuse(newer->news, "strength %s plays on, not %s: %.700s",
               league_strength_names[newer->watched], league_strength_names[newer->asked], cause);
    atomic_store(&newer->has_news, true);
}

/* The file of a strength as it is now. is_newer: it is the one that is watched. */
static bool read_it(newer_agent_t *newer, const char *path, league_strength_t strength,
                    bool is_newer)
{
    why_t why;
    if (!newer_agent_read(newer->game, path, newer->num_weights, newer->weights, &newer->mind,
                          why)) {
        refuse_it(newer, is_newer, why);
        return false;
    }
    newer->strength = strength;
    newer->answers = newer->asked;
    atomic_store(&newer->has_weights, true);
    return true;
}

/* Each wish is tried once; the file that was watched is watched on where it cannot be read. */
static void try_wish(newer_agent_t *newer, league_strength_t wished)
{
    why_t why;
    char path[HOME_PATH_BYTES];
    file_mark_t now = { 0 };
    newer->asked = wished;
    if (!league_strength_path(newer->game->dir, league_strength_names[wished], path, why)) {
        refuse_it(newer, false, why);
        return;
    }
    look(path, &now);
    if (!read_it(newer, path, wished, false)) return;
    memcpy(newer->path, path, sizeof newer->path);
    newer->watched = wished;
    newer->seen = now;
}

static void look_for_newer(newer_agent_t *newer)
{
    file_mark_t now;
    if (!look(newer->path, &now) || is_same(&now, &newer->seen)) return;
    newer->seen = now;
    read_it(newer, newer->path, newer->watched, true);
}

static void *watch(void *context)
{
    newer_agent_t *newer = context;
    for (;;) {
        struct timespec next;
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_sec++;
        if (sem_clockwait(&newer->end, CLOCK_MONOTONIC, &next) == 0) return NULL;
        if (atomic_load(&newer->has_weights)) continue;
        const league_strength_t wished = (league_strength_t)atomic_load(&newer->wished);
        if (wished != newer->asked)
            try_wish(newer, wished);
        else
            look_for_newer(newer);
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
    newer->watched = newer->asked = game->strength;
    atomic_init(&newer->wished, (int)game->strength);
    newer->weights = malloc(newer->num_weights * sizeof *newer->weights);
    if (!newer->weights ||
        !league_strength_path(game->dir, league_strength_names[game->strength], newer->path,
                              NULL) ||
        sem_init(&newer->end, 0, 0) != 0) {
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

void newer_agent_wish(newer_agent_t *newer, league_strength_t strength)
{
    atomic_store(&newer->wished, (int)strength);
}

bool newer_agent_take(newer_agent_t *newer, policy_t *policy, player_mind_t *mind,
                      league_strength_t *strength)
{
    if (!atomic_load(&newer->has_weights)) return false;
    const bool is_wished = (int)newer->answers == atomic_load(&newer->wished);
    if (is_wished) {
        policy_take_weights(policy, newer->weights);
        *mind = newer->mind;
        *strength = newer->strength;
    }
    atomic_store(&newer->has_weights, false);
    return is_wished;
}

bool newer_agent_news(newer_agent_t *newer, why_t news)
{
    if (!atomic_load(&newer->has_news)) return false;
    refuse(news, "%s", newer->news);
    atomic_store(&newer->has_news, false);
    return true;
}
