/* similarity_probe.h - how alike actions are by what they do: an emulator can be asked.
 *
 * From each of some savestates of random play, with the pad let go for a while before, so that no
 * move is in flight, every action is played once, then the pad is let go until a fixed horizon.
 * What comes out, the preset's variables and the picture, is compared at six moments on the way:
 * two actions are near each other if from the same state the same comes out. No reward is looked
 * at, no network is needed.
 *
 *     distance_ij = mean over features and states of min(1, gap_ij / spread)
 *
 * Features are the variables, whether the episode ended (what came after it is not looked at), and
 * the picture (14 x 14). A gap is the mean absolute difference over the moments; a feature's spread
 * is the root of its mean squared gap, halved, over all pairs and states. What no action changes
 * counts nothing.
 *
 * State k is the same with any number of workers: random play from the start with the seed + k, of
 * a random length. Each worker is a process with a core of its own; one that dies ends the probe.
 */
#ifndef PLAYER_SIMILARITY_PROBE_H
#define PLAYER_SIMILARITY_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "actor.h"
#include "why.h"

enum {
    SIMILARITY_PROBE_MAX_STATES = 10000,
    SIMILARITY_PROBE_MAX_HORIZON = 3600,
    SIMILARITY_PROBE_MOMENTS = 6
};

/* Called now and then; false: stop, with the states that are done. May be NULL. */
typedef bool similarity_probe_watch_t(void *context, int32_t states_done, double seconds);

typedef struct {
    const actor_config_t *actor; /* core, content, preset, start, port, idle frames, seed */
    int32_t num_workers;
    int32_t num_states;       /* 1..SIMILARITY_PROBE_MAX_STATES */
    int32_t horizon_frames;   /* SIMILARITY_PROBE_MOMENTS..SIMILARITY_PROBE_MAX_HORIZON */
    double max_seconds;       /* then no further state is begun; 0: as long as it takes */
    int32_t silence_limit_ms; /* a worker without a frame for so long ends the probe */
    similarity_probe_watch_t *watch;
    void *context;
} similarity_probe_config_t;

typedef struct {
    int32_t num_states; /* that were compared: 0 to num_states - 1, at least 1 */
    uint64_t frames;    /* emulated, by all workers */
    double seconds;
} similarity_probe_result_t;

/* distances: (A, A), written: symmetric, in [0, 1], zero diagonal. False: a core that cannot be
 * opened or has no savestates, a worker that died or fell silent, no memory; `why` says it. */
bool similarity_probe(float *distances, similarity_probe_result_t *result,
                      const similarity_probe_config_t *config, why_t why);

#endif
