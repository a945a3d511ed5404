/* training_page.h - a training as one page: curves, moves, similarity, its best fight, settings.
 *
 * One file of HTML with its script and pictures in it; it fetches nothing (its content security
 * policy forbids it), holds no path of this machine, and reads well on a phone. The script is
 * training_page.html, built into the program; what is drawn is JSON in the page.
 */
#ifndef LAB_TRAINING_PAGE_H
#define LAB_TRAINING_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "curve.h"
#include "drift.h"
#include "live.h"
#include "moves.h"
#include "preset.h"

typedef struct {
    const cJSON *session;    /* session.json; NULL: there is none */
    const live_view_t *live; /* NULL: there is none */
    const preset_t *preset;  /* the folder's; NULL: there is none */
    const curve_t *curve;
    const moves_t *moves;
    const drift_t *drift;
    FILE *fight; /* members of a JSON object, read from where it stands; NULL: there is none */
    bool fight_was_wanted; /* without `fight`: it could not be played */
} training_page_t;

/* The number of actions that the folder's files speak of; 0: they say none. */
int32_t training_page_num_actions(const cJSON *session, const preset_t *preset);

/* False: no memory; a stream that cannot be written keeps its error. */
bool training_page_write(const training_page_t *page, FILE *out);

/* training_page.html. */
extern const unsigned char training_page_html[];
extern const size_t training_page_html_bytes;

#endif
