/* watch_screen.h - the live view of a training on a terminal that can be written in place
 * (ncurses).
 *
 * Readable at 80 x 24; what does not fit into less is left out. The picture is drawn in half
 * blocks, two grays a cell, where the terminal has 256 colours and its locale is UTF-8, else in
 * shades. The text of a training's files may be anybody's: what cannot be printed becomes a blank.
 */
#ifndef TRAINER_WATCH_SCREEN_H
#define TRAINER_WATCH_SCREEN_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "live.h"

typedef enum { WATCH_KEY_NONE = 0, WATCH_KEY_QUIT, WATCH_KEY_RESIZED } watch_key_t;

/* False: this is no terminal, or one that cannot place its cursor (TERM=dumb). */
bool watch_screen_open(void);
void watch_screen_close(void); /* the terminal as it was; closed is fine */

/* status: one line, "training, 0:48 left". session may be NULL. */
void watch_screen_draw(const live_view_t *view, const cJSON *session, const char *status);
/* Waits at most so long for a key or another size. */
watch_key_t watch_screen_key(int timeout_ms);

#endif
