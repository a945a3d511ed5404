/* poster.h - demo.png: what a training achieved, on one picture. */
#ifndef LAB_POSTER_H
#define LAB_POSTER_H

#include <stdbool.h>

#include "curve.h"
#include "files.h"
#include "strip.h"
#include "training.h"
#include "why.h"

enum { POSTER_MAX_PLAYERS = 4 };

typedef struct {
    const char *name; /* "a random player" */
    evaluation_result_t result;
    bool is_learned; /* drawn in the accent colour */
} poster_player_t;

typedef struct {
    const char *title;    /* "Kumite" */
    const char *subtitle; /* one line under it */
    const char *footer;   /* one line at the bottom */
    const curve_t *curve;
    poster_player_t players[POSTER_MAX_PLAYERS];
    int32_t num_players;
    const strip_t *strip;
} poster_t;

bool poster_save(const poster_t *poster, const char *path, why_t why);

#endif
