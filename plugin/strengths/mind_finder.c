/* mind_finder.c - see mind_finder.h. */
#include "mind_finder.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "home.h"
#include "newer_agent.h"
#include "threads.h"

struct mind_finder {
    pthread_t thread;
    sem_t wake; /* a wish, a mind or the end */
    atomic_bool ends;
    const loaded_game_t *game;
    size_t num_weights;
    atomic_int wished;                /* a strength */
    atomic_uint_least64_t looked_for; /* digest of weights; 0: none yet */

    /* the thread's alone: what was tried last */
    league_strength_t tried;
    uint64_t tried_weights;

    /* true: the frames' to read; false: the thread's to write */
    atomic_bool has_weights;
    float *weights;
    player_mind_t mind;
    league_strength_t strength;
};

static bool read_strength(mind_finder_t *finder, league_strength_t strength)
{
    char path[HOME_PATH_BYTES];
    finder->strength = strength;
    return league_strength_path(finder->game->dir, league_strength_names[strength], path, NULL) &&
           newer_agent_read(finder->game, path, finder->num_weights, finder->weights, &finder->mind,
                            NULL);
}

static bool find(mind_finder_t *finder, uint64_t weights)
{
    for (int32_t s = 0; s < LEAGUE_NUM_STRENGTHS; s++)
        if (read_strength(finder, (league_strength_t)s) && finder->mind.weights == weights)
            return true;
    return false;
}

static void *look(void *context)
{
    mind_finder_t *finder = context;
    for (;;) {
        while (sem_wait(&finder->wake) != 0) {
        }
        if (atomic_load(&finder->ends)) return NULL;
        if (atomic_load(&finder->has_weights)) continue;
        const uint64_t weights = atomic_load(&finder->looked_for);
        const league_strength_t wished = (league_strength_t)atomic_load(&finder->wished);
        bool is_there = false;
        if (weights != finder->tried_weights) {
            finder->tried_weights = weights;
            is_there = find(finder, weights);
        } else if (wished != finder->tried) {
            finder->tried = wished;
            is_there = read_strength(finder, wished);
        }
        if (is_there) atomic_store(&finder->has_weights, true);
    }
}

static void free_finder(mind_finder_t *finder)
{
    free(finder->weights);
    free(finder);
}

mind_finder_t *mind_finder_start(const loaded_game_t *game)
{
    mind_finder_t *finder = calloc(1, sizeof *finder);
    if (!finder) return NULL;
    finder->game = game;
    finder->num_weights = policy_num_weights(game->policy);
    finder->tried = game->strength;
    atomic_init(&finder->wished, (int)game->strength);
    finder->weights = malloc(finder->num_weights * sizeof *finder->weights);
    if (!finder->weights || sem_init(&finder->wake, 0, 0) != 0) {
        free_finder(finder);
        return NULL;
    }
    if (threads_start(&finder->thread, look, finder)) return finder;
    sem_destroy(&finder->wake);
    free_finder(finder);
    return NULL;
}

void mind_finder_stop(mind_finder_t *finder)
{
    if (!finder) return;
    atomic_store(&finder->ends, true);
    sem_post(&finder->wake);
    pthread_join(finder->thread, NULL);
    sem_destroy(&finder->wake);
    free_finder(finder);
}

void mind_finder_wish(mind_finder_t *finder, league_strength_t strength)
{
    if (atomic_exchange(&finder->wished, (int)strength) == (int)strength) return;
    atomic_store(&finder->has_weights, false);
    sem_post(&finder->wake);
}

bool mind_finder_take(mind_finder_t *finder, const player_mind_t *mind, policy_t *policy,
                      league_strength_t *strength)
{
    if (atomic_load(&finder->has_weights)) {
        const bool is_theirs = finder->mind.weights == mind->weights;
        if (is_theirs) {
            policy_take_weights(policy, finder->weights);
            *strength = finder->strength;
        }
        atomic_store(&finder->has_weights, false);
        if (is_theirs) return true;
    }
    if (atomic_exchange(&finder->looked_for, mind->weights) != mind->weights)
        sem_post(&finder->wake);
    return false;
}
