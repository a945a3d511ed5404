/* watch_screen.h - the live view of a training on a terminal that can be written in place.
 *
 * Readable at 80 x 24; what does not fit into less is left out. The picture is drawn in half
 * blocks, two grays a cell, where the terminal has them (watch_terminal.h), else in shades. The
 * text of a training's files may be anybody's: what cannot be printed becomes a blank.
 */
#ifndef TRAINER_WATCH_SCREEN_H
#define TRAINER_WATCH_SCREEN_H

#include <cjson/cJSON.h>

#include "live.h"

/* status: one line, "training, 0:48 left". session may be NULL. */
void watch_screen_draw(const live_view_t *view, const cJSON *session, const char *status);

#endif
