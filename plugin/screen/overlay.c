/* overlay.c - see overlay.h. */
#include "overlay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    WHITE = 0xffffff,
    GREY = 0xb8c0cc,
    YELLOW = 0xffd84a,
    GREEN = 0x58d068,
    TRACK = 0x485058,
    PANEL_DOTS = 172, /* width of a panel, where the picture has room for it */
    MAP_DOTS = 64,
    MARGIN_DOTS = 4,
    PAD_DOTS = 2,
    CHARGE_FRAMES = 20, /* a direction held so long before a press is a charge */
};

/* ---- what is shown --------------------------------------------------------------------------- */

void overlay_rank(overlay_view_t *view, const float *q, int32_t num_actions, int32_t num_values)
{
    double sum = 0;
    int32_t count = 0;
    view->num_values = 0;
    if (num_values > OVERLAY_VALUES) num_values = OVERLAY_VALUES;
    for (int32_t a = 0; a < num_actions; a++) {
        if (!isfinite(q[a])) continue;
        sum += (double)q[a];
        count++;
        int32_t place = view->num_values;
        while (place > 0 && q[view->values[place - 1].action] < q[a]) place--;
        if (place >= num_values) continue;
        if (view->num_values < num_values) view->num_values++;
        for (int32_t i = view->num_values - 1; i > place; i--)
            view->values[i] = view->values[i - 1];
        view->values[place] = (overlay_move_t){ .action = a };
    }
    if (count == 0) return;
    const double mean = sum / count, best = (double)q[view->values[0].action] - mean;
    for (int32_t i = 0; i < view->num_values; i++) {
        const double more = (double)q[view->values[i].action] - mean;
        view->values[i].share = best > 0 && more > 0 ? (float)(more / best) : 0;
    }
}

/* As players number them; 5: none, or directions that cancel each other. */
static char direction_of(uint16_t pad)
{
    const int across = !!(pad & MACRO_RIGHT) - !!(pad & MACRO_LEFT);
    const int upward = !!(pad & MACRO_UP) - !!(pad & MACRO_DOWN);
    return (char)(5 + across + 3 * upward);
}

/* False: no room. */
static bool add(char text[OVERLAY_MOVE_BYTES], const char *part)
{
    const size_t length = strlen(text), more = strlen(part);
    if (length + more >= OVERLAY_MOVE_BYTES) return false;
    memcpy(text + length, part, more + 1);
    return true;
}

void overlay_spell(char text[OVERLAY_MOVE_BYTES], const macro_t *macro, bool is_mirrored,
                   const macro_language_t *language)
{
    const uint16_t directions = MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT;
    char before = 5;
    uint16_t held = 0;
    bool has_room = true;
    text[0] = '\0';
    for (int32_t s = 0; s < macro->num_steps && has_room; s++) {
        const macro_step_t *step = &macro->steps[s];
        const uint16_t pad = is_mirrored ? macro_mirror(step->pad) : step->pad;
        const uint16_t buttons = pad & (uint16_t)~directions, pressed = buttons & (uint16_t)~held;
        const char direction = direction_of(pad);
        char part[OVERLAY_MOVE_BYTES] = { direction, '\0' };
        if (direction != 5 && direction != before) {
            if (step->frames >= CHARGE_FRAMES && s + 1 < macro->num_steps)
                snprintf(part, sizeof part, "[%c]", direction);
            has_room = add(text, part);
        }
        if (pressed && has_room) {
            macro_print_pad(part, sizeof part, pressed, language);
            has_room = add(text, part);
        }
        before = direction;
        held = buttons;
    }
    if (!text[0]) add(text, "\5");
}

/* ---- the picture ----------------------------------------------------------------------------- */

/* Arrows and buttons in colours of their own. */
static int32_t draw_move(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t x_end,
                         const overlay_view_t *view, const overlay_move_t *move)
{
    const preset_action_t *action = preset_action(view->preset, move->action);
    char text[OVERLAY_MOVE_BYTES];
    overlay_spell(text, &action->macro, move->is_mirrored, preset_language(view->preset));
    for (const char *at = text; *at;) {
        const bool is_arrow = *at < ' ' || *at == '[' || *at == ']';
        char part[OVERLAY_MOVE_BYTES];
        size_t length = 0;
        while (at[length] &&
               (at[length] < ' ' || at[length] == '[' || at[length] == ']') == is_arrow)
            length++;
        memcpy(part, at, length);
        part[length] = '\0';
        at += length;
        if (x + video_canvas_text_width(canvas, part) > x_end)
            return video_canvas_text_within(canvas, x, y, x_end, GREY, "..");
        x = video_canvas_text(canvas, x, y, is_arrow ? WHITE : YELLOW, part);
    }
    return x;
}

/* The move, and its name where that says more than it and there is room. */
static void draw_named(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t x_end,
                       const overlay_view_t *view, const overlay_move_t *move)
{
    enum { LEAST_DOTS = 24 };
    const preset_action_t *action = preset_action(view->preset, move->action);
    x = draw_move(canvas, x, y, x_end, view, move) + 4 * canvas->scale_x;
    if (x + LEAST_DOTS * canvas->scale_x <= x_end)
        video_canvas_text_within(canvas, x, y, x_end, GREY, action->name);
}

/* Rows of moves with bars; returns the y below. */
static int32_t draw_values(const video_canvas_t *canvas, const overlay_view_t *view, int32_t x,
                           int32_t y, int32_t width)
{
    const int32_t sx = canvas->scale_x, sy = canvas->scale_y, pad_x = PAD_DOTS * sx;
    const int32_t line = video_canvas_line(canvas) + sy;
    const int32_t rows = view->num_values + view->coaches;
    const int32_t bar = (width / sx >= 160 ? 44 : 28) * sx;
    const int32_t x_bar = x + width - pad_x - bar;
    video_canvas_shade(canvas, x, y, width, rows * line + PAD_DOTS * sy);
    y += PAD_DOTS * sy;
    if (view->coaches) {
        video_canvas_text_within(canvas, x + pad_x, y, x + width, GREEN, "best now");
        y += line;
    }
    for (int32_t i = 0; i < view->num_values; i++, y += line) {
        const overlay_move_t *move = &view->values[i];
        const int32_t full = (int32_t)(move->share * (float)bar + 0.5f);
        draw_named(canvas, x + pad_x, y, x_bar - 3 * sx, view, move);
        video_canvas_fill(canvas, x_bar, y + 2 * sy, bar, 4 * sy, TRACK);
        video_canvas_fill(canvas, x_bar, y + 2 * sy, full, 4 * sy, i == 0 ? GREEN : GREY);
    }
    return y;
}

/* From black by blue and yellow to white. */
static uint32_t heat(float value)
{
    static const uint8_t stops[5][3] = {
        { 16, 16, 32 }, { 48, 64, 160 }, { 160, 64, 128 }, { 255, 176, 64 }, { 255, 255, 224 }
    };
    const float at = (value > 0 ? value < 1 ? value : 1 : 0) * 4;
    const int32_t i = at < 3 ? (int32_t)at : 3;
    const float rest = at - (float)i;
    uint32_t colour = 0;
    for (int32_t c = 0; c < 3; c++) {
        const float mixed =
            (float)stops[i][c] + rest * ((float)stops[i + 1][c] - (float)stops[i][c]);
        colour = colour << 8 | (uint32_t)mixed;
    }
    return colour;
}

/* A cell of at least a dot; of more actions than dots, every so manieth is shown. */
static void draw_map(const video_canvas_t *canvas, const overlay_view_t *view, int32_t x, int32_t y,
                     int32_t dots)
{
    const int32_t sx = canvas->scale_x, sy = canvas->scale_y, count = view->num_rows;
    const int32_t cells = count < dots ? count : dots;
    video_canvas_shade(canvas, x - sx, y - sy, (dots + 2) * sx, (dots + 2) * sy);
    for (int32_t i = 0; i < cells; i++)
        for (int32_t j = 0; j < cells; j++) {
            const int32_t row = view->order[i * count / cells];
            const int32_t column = view->order[j * count / cells];
            const int32_t left = j * dots / cells, right = (j + 1) * dots / cells;
            const int32_t top = i * dots / cells, bottom = (i + 1) * dots / cells;
            const float value = row == column ? 1 : view->similarity[row * count + column];
            video_canvas_fill(canvas, x + left * sx, y + top * sy, (right - left) * sx,
                              (bottom - top) * sy, heat(value));
        }
}

/* The first of `text`'s lines, up to the last " | " or ", " that fits. Returns the rest; NULL:
 * none, or it cannot be divided. */
static const char *split(const video_canvas_t *canvas, const char *text, int32_t width,
                         char first[STATUS_BYTES])
{
    const char *rest = NULL;
    char head[STATUS_BYTES];
    snprintf(first, STATUS_BYTES, "%s", text);
    if (video_canvas_text_width(canvas, text) <= width) return NULL;
    for (const char *at = text; *at; at++) {
        const bool is_bar = strncmp(at, " | ", 3) == 0, is_comma = strncmp(at, ", ", 2) == 0;
        if (!is_bar && !is_comma) continue;
        snprintf(head, sizeof head, "%.*s", (int)(at - text + is_comma), text);
        if (rest && video_canvas_text_width(canvas, head) > width) break;
        memcpy(first, head, sizeof head);
        rest = at + (is_bar ? 3 : 2);
    }
    return rest;
}

/* At the lower edge; returns its top. */
static int32_t draw_strip(const video_canvas_t *canvas, const overlay_view_t *view)
{
    const int32_t sx = canvas->scale_x, sy = canvas->scale_y, line = video_canvas_line(canvas);
    const int32_t x = MARGIN_DOTS * sx, x_end = canvas->width_px - x;
    char first[STATUS_BYTES];
    const char *second = split(canvas, view->line, x_end - x, first);
    const bool has_row = view->move.action >= 0 || view->tally[0];
    const int32_t height = (1 + (second != NULL) + has_row) * line + PAD_DOTS * sy;
    const int32_t top = canvas->height_px - height - MARGIN_DOTS * sy;
    int32_t y = top + PAD_DOTS * sy;
    video_canvas_shade(canvas, 0, top, canvas->width_px, height);
    video_canvas_text_within(canvas, x, y, x_end, WHITE, first);
    if (second) video_canvas_text_within(canvas, x, y += line, x_end, WHITE, second);
    if (!has_row) return top;
    y += line;
    const int32_t x_tally = x_end - video_canvas_text_width(canvas, view->tally);
    if (view->tally[0]) video_canvas_text(canvas, x_tally, y, GREEN, view->tally);
    if (view->move.action >= 0) draw_named(canvas, x, y, x_tally - 4 * sx, view, &view->move);
    return top;
}

void overlay_draw(const video_canvas_t *canvas, const overlay_view_t *view)
{
    const int32_t sx = canvas->scale_x, sy = canvas->scale_y;
    const int32_t x = MARGIN_DOTS * sx, width = canvas->width_px - 2 * x;
    const int32_t room = width < PANEL_DOTS * sx ? width : PANEL_DOTS * sx;
    const bool has_values = view->num_values > 0 && (view->kind == OVERLAY_FULL || view->coaches);
    int32_t y = canvas->height_px / 4; /* below what most games show at the upper edge */
    int32_t bottom = canvas->height_px - MARGIN_DOTS * sy, x_map = x;
    if (view->kind != OVERLAY_OFF) bottom = draw_strip(canvas, view);
    if (has_values) {
        const int32_t below = draw_values(canvas, view, x, y, room);
        if (width - room < (MAP_DOTS + MARGIN_DOTS) * sx) y = below + MARGIN_DOTS * sy;
        x_map = canvas->width_px - x - MAP_DOTS * sx;
    }
    if (!view->similarity || (view->kind != OVERLAY_FULL && view->kind != OVERLAY_SIMILARITY))
        return;
    int32_t dots = (bottom - y) / sy - PAD_DOTS;
    if (dots > MAP_DOTS) dots = MAP_DOTS;
    if (dots >= MAP_DOTS / 4) draw_map(canvas, view, x_map, y, dots);
}
