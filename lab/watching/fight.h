/* fight.h - rounds played by a saved agent, every frame of them seen and heard.
 *
 * The game runs in a process of its own (worker.h), and so does whoever watches it: the functions
 * of fight_watch_t are called there, and what they change is not changed here. What is to outlive
 * it goes into a file.
 *
 * Rounds are those of an evaluation (evaluation_vary(), seed + n), followed by a moment in which
 * nobody plays, so that the end is seen.
 */
#ifndef LAB_FIGHT_H
#define LAB_FIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "actor.h"
#include "bridge.h"
#include "progress.h"
#include "why.h"

enum { FIGHT_AFTERMATH_FRAMES = 90 };

typedef struct {
    const uint8_t *rgb; /* (height, width, 3); NULL: nothing was drawn yet */
    int32_t width_px, height_px;
    const int16_t *sound; /* (num_samples, 2) of this frame */
    size_t num_samples;
    int32_t action; /* -1: behind the end */
    bool begins;    /* the action's first frame */
    uint16_t pad;   /* what the agent holds */
} fight_frame_t;

typedef struct {
    void *user;
    /* False: it failed, and `why` says so. begin and end may be NULL. */
    bool (*begin)(void *user, const bridge_av_t *av, char *why);
    bool (*frame)(void *user, const fight_frame_t *frame, char *why);
    bool (*end)(void *user, const player_outcome_t *outcome, char *why);
    /* Behind the last round. */
    bool (*finish)(void *user, int32_t rounds, int32_t won, char *why);
} fight_watch_t;

typedef struct {
    const actor_config_t *game; /* core, content, preset, start, port, opponent, variation, seed */
    const char *agent_path;     /* agent.safetensors */
    int32_t rounds;
    int64_t max_frames; /* of one round, which is cut there; 0: as the preset says */
    fight_watch_t watch;
    progress_t *progress; /* NULL: nothing is shown */
} fight_request_t;

/* False: `why` says what could not be opened, that the core crashed or hung, or what watching it
 * failed at. *interrupted: by Ctrl-C, then nothing was finished. */
bool fight_play(const fight_request_t *request, bool *interrupted, why_t why);

#endif
