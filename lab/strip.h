/* strip.h - keeps the pictures of one round out of many: the best that was won.
 *
 * Fed with every decision of an evaluation. A round has at most STRIP_KEPT pictures: when more
 * come, every second is forgotten and from then on only every second is taken.
 */
#ifndef LAB_STRIP_H
#define LAB_STRIP_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_pool.h"

enum { STRIP_KEPT = 64 };

typedef struct {
    uint8_t *rgb; /* (height, width, 3); NULL: no picture */
    int32_t width_px, height_px;
    double at_seconds; /* since the round began */
} strip_picture_t;

typedef struct {
    strip_picture_t pictures[STRIP_KEPT];
    int32_t num_pictures;
    bool won;
    float episode_return;
} strip_round_t;

typedef struct {
    strip_round_t best, current;
    int32_t stride, seen; /* of the current round */
    uint64_t frames;      /* of the current round */
    bool has_best;
} strip_t;

void strip_open(strip_t *strip);
void strip_close(strip_t *strip);

/* After each decision of the actor that is watched, which shows its screen. frame_rate_hz: of the
 * game. */
void strip_watch(strip_t *strip, const actor_turn_t *turn, double frame_rate_hz);

/* `count` pictures of the best round, evenly spaced, the last one among them; returns how many
 * there are. */
int32_t strip_choose(const strip_t *strip, int32_t count, const strip_picture_t **chosen);

#endif
