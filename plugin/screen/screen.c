/* screen.c - see screen.h. */
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heatmap.h"
#include "libretro.h"

enum {
    LEAST_BYTES = 640 * 480 * 4,
    VALUES_FRAMES = 16, /* that can be read */
    ADVICE_FRAMES = 24,
    MOST_ADVICE_FRAMES = 60,
    MOVE_FRAMES = 45,
};

/* ---- on and off ------------------------------------------------------------------------------ */

/* False: none is known. */
static bool read_similarity(screen_t *screen, const preset_t *preset)
{
    const preset_similarity_t *known = preset_similarity(preset);
    const int32_t count = preset_num_actions(preset);
    if (!known || count < 2) return false;
    screen->similarity = malloc((size_t)count * (size_t)count * sizeof *screen->similarity);
    if (!screen->similarity) return false;
    for (int32_t i = 0; i < count; i++)
        for (int32_t j = 0; j < count; j++) {
            const int32_t a = preset_similarity_row(preset, i);
            const int32_t b = preset_similarity_row(preset, j);
            screen->similarity[i * count + j] =
                a >= 0 && b >= 0 ? known->matrix[a * known->num_rows + b] : 0;
        }
    return heatmap_order(screen->similarity, count, screen->order);
}

static bool make_room(screen_t *screen, const bridge_av_t *av)
{
    const size_t most = 4 * (size_t)av->max_width_px * av->max_height_px;
    const size_t wanted = most < LEAST_BYTES         ? LEAST_BYTES
                          : most > SCREEN_MOST_BYTES ? (size_t)SCREEN_MOST_BYTES
                                                     : most;
    if (screen->num_bytes >= wanted) return true;
    free(screen->pixels);
    screen->pixels = malloc(wanted);
    screen->num_bytes = screen->pixels ? wanted : 0;
    return screen->pixels != NULL;
}

bool screen_switch(screen_t *screen, overlay_kind_t kind, bool coaches, const preset_t *preset,
                   const bridge_av_t *av)
{
    free(screen->similarity);
    screen->similarity = NULL;
    if (kind == OVERLAY_OFF && !coaches) {
        free(screen->pixels);
        screen->pixels = NULL;
        screen->num_bytes = 0;
        return true;
    }
    if (!make_room(screen, av)) return false;
    screen->view = (overlay_view_t){ .kind = kind, .coaches = coaches, .preset = preset };
    screen->view.move.action = -1;
    screen->tells_winner = preset_tells_winner(preset);
    screen_forget(screen);
    if ((kind == OVERLAY_FULL || kind == OVERLAY_SIMILARITY) && read_similarity(screen, preset)) {
        screen->view.similarity = screen->similarity;
        screen->view.order = screen->order;
        screen->view.num_rows = preset_num_actions(preset);
    }
    return true;
}

void screen_close(screen_t *screen)
{
    free(screen->pixels);
    free(screen->similarity);
    *screen = (screen_t){ 0 };
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void note_format(void *user, const bridge_frame_t *frame)
{
    screen_t *screen = user;
    _Static_assert((int)VIDEO_0RGB1555 == (int)BRIDGE_PIXEL_0RGB1555 &&
                       (int)VIDEO_XRGB8888 == (int)BRIDGE_PIXEL_XRGB8888 &&
                       (int)VIDEO_RGB565 == (int)BRIDGE_PIXEL_RGB565,
                   "both count as libretro does");
    screen->format = (video_format_t)frame->format;
    screen->quarters = frame->rotation_quarters;
    screen->has_format = true;
}

bridge_observer_t screen_observer(screen_t *screen)
{
    return (bridge_observer_t){ .on_frame = note_format, .user = screen };
}

const void *screen_picture(screen_t *screen, const void *pixels, uint32_t width_px,
                           uint32_t height_px, size_t *pitch_bytes)
{
    const size_t row = width_px * video_pixel_bytes(screen->format);
    if (!pixels || pixels == RETRO_HW_FRAME_BUFFER_VALID || !screen->has_format ||
        !screen->pixels || width_px == 0 || height_px == 0 || *pitch_bytes < row ||
        height_px > screen->num_bytes / row)
        return pixels;
    if (*pitch_bytes == row)
        memcpy(screen->pixels, pixels, row * height_px);
    else
        for (uint32_t y = 0; y < height_px; y++)
            memcpy(screen->pixels + y * row, (const uint8_t *)pixels + y * *pitch_bytes, row);
    *pitch_bytes = row;
    video_canvas_t canvas;
    video_canvas_open(&canvas, screen->pixels, width_px, height_px, row, screen->format,
                      screen->quarters);
    overlay_draw(&canvas, &screen->view);
    return screen->pixels;
}

/* ---- what is known --------------------------------------------------------------------------- */

bool screen_wants_advice(const screen_t *screen)
{
    return screen->view.coaches && screen->values_frames == 0;
}

void screen_decided(screen_t *screen, const policy_t *policy, const player_t *player,
                    const preset_t *preset, uint32_t port, int32_t action)
{
    overlay_view_t *view = &screen->view;
    if (!screen->pixels) return;
    const bool faces_left = preset_faces_left(preset, port, player_variables(player));
    const preset_action_t *chosen = preset_action(preset, action);
    if (chosen->is_macro && !view->coaches) {
        view->move =
            (overlay_move_t){ .action = action,
                              .is_mirrored = preset_mirrors_pad(preset, port, action, faces_left) };
        screen->move_frames = (uint32_t)chosen->macro.num_frames + MOVE_FRAMES;
    }
    if (screen->values_frames > 0 || !policy_last_values(policy, screen->q)) return;
    overlay_rank(view, screen->q, preset_num_actions(preset),
                 view->coaches ? OVERLAY_COACHED : OVERLAY_VALUES);
    for (int32_t i = 0; i < view->num_values; i++)
        view->values[i].is_mirrored =
            preset_mirrors_pad(preset, port, view->values[i].action, faces_left);
    const uint32_t lasts = (uint32_t)chosen->macro.num_frames;
    screen->values_frames = !view->coaches               ? VALUES_FRAMES
                            : lasts < ADVICE_FRAMES      ? ADVICE_FRAMES
                            : lasts > MOST_ADVICE_FRAMES ? MOST_ADVICE_FRAMES
                                                         : lasts;
}

void screen_forget(screen_t *screen)
{
    screen->view.num_values = 0;
    screen->view.move.action = -1;
    screen->values_frames = screen->move_frames = 0;
}

void screen_note_round(screen_t *screen, bool is_over, preset_result_t result)
{
    if (screen->pending) {
        screen->rounds++;
        screen->won += screen->pending == PRESET_WON + 1;
    }
    screen->pending = is_over ? (uint8_t)(result + 1) : 0;
}

void screen_jumped(screen_t *screen)
{
    screen->pending = 0;
}

void screen_compose(screen_t *screen, const char *line, bool counts)
{
    overlay_view_t *view = &screen->view;
    if (screen->values_frames > 0) screen->values_frames--;
    if (screen->move_frames > 0 && --screen->move_frames == 0) view->move.action = -1;
    snprintf(view->line, sizeof view->line, "%s", line);
    view->tally[0] = '\0';
    if (counts && screen->rounds > 0 && screen->tells_winner)
        snprintf(view->tally, sizeof view->tally, "won %u of %u", (unsigned)screen->won,
                 (unsigned)screen->rounds);
}
