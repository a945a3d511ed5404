/* overlay.h - kata_overlay and kata_mode "coach": what Kata draws into the picture that is shown.
 *
 * Drawn into a copy of the core's picture, behind the agent's eyes (session_screen.c): what is
 * learned, decided, recorded or saved never sees it. Nothing here allocates; the work is bounded by
 * the areas drawn, whatever the preset holds.
 *
 *     P1 agent, P2 you | touch pad 1 to play        small: two lines at the lower edge:
 *     v \ > B  Fireball                 won 3 of 5  who plays, the move in flight, rounds won
 *
 * full: the best actions with bars, and how alike the actions are; coach: the best three, whatever
 * the overlay is. A bar says how much more the action is worth than the mean of all actions, the
 * best one's being whole: values have no unit that a person knows.
 *
 * Moves are drawn as they have to be pressed now, mirrored where the fighter looks left: arrows,
 * then the buttons' names; [] around what is charged.
 */
#ifndef PLUGIN_OVERLAY_H
#define PLUGIN_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "preset.h"
#include "status.h"
#include "video_canvas.h"

typedef enum { OVERLAY_OFF = 0, OVERLAY_SMALL, OVERLAY_FULL, OVERLAY_SIMILARITY } overlay_kind_t;

enum { OVERLAY_VALUES = 5, OVERLAY_COACHED = 3, OVERLAY_MOVE_BYTES = 96 };

typedef struct {
    int32_t action; /* -1: none */
    bool is_mirrored;
    float share; /* of the best one's advantage, 0 to 1 */
} overlay_move_t;

/* What is shown in the frames to come; a plain value. */
typedef struct {
    overlay_kind_t kind;
    bool coaches;            /* values are advice */
    const preset_t *preset;  /* borrowed */
    char line[STATUS_BYTES]; /* status.h's */
    char tally[48];          /* "won 3 of 5", or "" */
    overlay_move_t move;     /* in flight, or the last one for a while */
    int32_t num_values;      /* the best first */
    overlay_move_t values[OVERLAY_VALUES];
    const float *similarity; /* (num_rows, num_rows), or NULL; borrowed */
    const int32_t *order;    /* (num_rows): which row comes where; borrowed */
    int32_t num_rows;
} overlay_view_t;

/* The best num_values actions of q: (num_actions), of which shares are made; is_mirrored is the
 * caller's to fill in. Values that are no numbers are passed over. */
void overlay_rank(overlay_view_t *view, const float *q, int32_t num_actions, int32_t num_values);

/* "\2\3\6B": arrows by pixel_font.h's numbers, buttons by their names. */
void overlay_spell(char text[OVERLAY_MOVE_BYTES], const macro_t *macro, bool is_mirrored,
                   const macro_language_t *language);

void overlay_draw(const video_canvas_t *canvas, const overlay_view_t *view);

#endif
