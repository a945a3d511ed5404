/* screen.h - Kata's drawing on the picture that is shown: a copy of it, what is known, and when.
 *
 * The core draws; the agent's eyes look at the core's own pixels; only then the frontend's picture
 * is copied and drawn on (overlay.h). The core's memory is never written. Memory is taken when the
 * overlay is switched on, and no frame allocates.
 *
 * Not drawn on, and passed on as they are: a picture on the graphics card
 * (RETRO_HW_FRAME_BUFFER_VALID); no picture (NULL: the frontend shows the last one again, with what
 * was drawn on that); one that is larger than SCREEN_MOST_BYTES or than the core's largest size.
 *
 * Nothing of it is in a savestate, and nothing here decides a frame.
 */
#ifndef PLUGIN_SCREEN_H
#define PLUGIN_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overlay.h"
#include "player.h"
#include "policy.h"

enum { SCREEN_MOST_BYTES = 32 << 20 };

/* All zero: nothing is drawn. */
typedef struct {
    uint8_t *pixels; /* (num_bytes), owned; NULL: nothing is drawn */
    size_t num_bytes;
    video_format_t format; /* of this frame's picture */
    uint32_t quarters;
    bool has_format; /* the core draws in software */
    overlay_view_t view;
    int32_t order[PRESET_MAX_ACTIONS];
    float
        *similarity; /* (A, A) of the preset's actions, owned; NULL: not shown, or none is known */
    float q[PRESET_MAX_ACTIONS];
    uint32_t values_frames, move_frames; /* so long what is shown stays */
    uint32_t rounds, won;
    bool tells_winner;
    uint8_t pending; /* a result that a savestate may still take back */
} screen_t;

/* As the options say; av: of the core. similarity is looked for in the preset. False: no memory,
 * and nothing is drawn. */
bool screen_switch(screen_t *screen, overlay_kind_t kind, bool coaches, const preset_t *preset,
                   const bridge_av_t *av);
void screen_close(screen_t *screen);
static inline bool screen_draws(const screen_t *screen)
{
    return screen->pixels != NULL;
}

/* Who notes the format of each picture, for player_frame(). */
bridge_observer_t screen_observer(screen_t *screen);
/* What the frontend is to be shown in place of the core's picture; *pitch_bytes: in and out. */
const void *screen_picture(screen_t *screen, const void *pixels, uint32_t width_px,
                           uint32_t height_px, size_t *pitch_bytes);

/* ---- what is known --------------------------------------------------------------------------- */

/* True: advice is due. */
bool screen_wants_advice(const screen_t *screen);
/* A decision of `action` for the port was made by the policy's last values. */
void screen_decided(screen_t *screen, const policy_t *policy, const player_t *player,
                    const preset_t *preset, uint32_t port, int32_t action);
/* Nobody is advised now, or decides. */
void screen_forget(screen_t *screen);
/* After each frame: is_over: a round ended for the port in question. A state that is loaded before
 * the next frame takes it back. */
void screen_note_round(screen_t *screen, bool is_over, preset_result_t result);
void screen_jumped(screen_t *screen);
/* Before each frame that is shown. line: status.h's. counts: the rounds won are shown, too. */
void screen_compose(screen_t *screen, const char *line, bool counts);

#endif
