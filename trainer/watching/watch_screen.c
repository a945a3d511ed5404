/* watch_screen.c - see watch_screen.h. */
#include "watch_screen.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "watch_terminal.h"

enum {
    LEFT = 1,    /* first column of everything */
    VALUES = 13, /* and of the numbers */
    COLUMN = 40, /* where the right half begins */
    TOP = 2,
    PICTURE_ROWS = 15, /* at 80 columns: 39 x 30 pixels, nearly a television's 4:3 */
    LEAST_COLUMNS = 72 /* for a right half */
};

/* ---- text ---- */

static void put(int row, int column, int width, const char *text)
{
    watch_terminal_put(row, column, width, WATCH_PLAIN, text);
}

static void put_dim(int row, int column, int width, const char *text)
{
    watch_terminal_put(row, column, width, WATCH_DIM, text);
}

__attribute__((format(printf, 4, 5))) static void print(int row, int column, int width,
                                                        const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put(row, column, width, text);
}

static void label(int row, const char *text)
{
    put_dim(row, LEFT, VALUES - LEFT, text);
}

/* ---- the parts ---- */

static void draw_head(const cJSON *session, const char *status)
{
    char title[256];
    const char *game = live_text(session, "game"), *core = live_text(session, "core"),
               *start = live_text(session, "start");
    snprintf(title, sizeof title, "%.60s%s%.40s%s%.40s", *game ? game : "a training",
             *core ? " on " : "", core, *start ? ", " : "", start);
    const int status_column = watch_terminal_columns() > 60
                                  ? watch_terminal_columns() - (int)strlen(status) - 1
                                  : watch_terminal_columns();
    watch_terminal_put(0, LEFT, status_column - LEFT - 1, WATCH_BOLD, title);
    if (watch_terminal_columns() > 60)
        put(0, status_column, watch_terminal_columns(), status);
    else
        put(1, LEFT, watch_terminal_columns(), status);
}

static void draw_number(int row, const char *name, double value, const char *format, int width)
{
    label(row, name);
    if (isfinite(value))
        print(row, VALUES, width, format, value);
    else
        put(row, VALUES, width, "-");
}

static void draw_count(int row, const char *name, double count, double rate, int width)
{
    char a[NUMBERS_BYTES], b[NUMBERS_BYTES];
    label(row, name);
    print(row, VALUES, width, "%12s  %s/s",
          numbers_grouped(a, (uint64_t)fmax(0, fmin(count, 1e15))),
          numbers_rate(b, fmax(0, fmin(rate, 1e9))));
}

/* Returns the first row below. */
static int draw_numbers(const live_view_t *view, int width)
{
    int row = TOP;
    label(row, "won");
    if (isfinite(view->win_rate))
        print(row, VALUES, width, "%.0f %% of %d rounds", 100 * view->win_rate,
              view->mean_episodes);
    else
        put(row, VALUES, width, view->mean_episodes > 0 ? "the preset does not tell" : "-");
    draw_number(++row, "return", view->mean_return, "%+.2f", width);
    draw_number(++row, "loss", view->loss, "%.4g", width);
    draw_number(++row, "epsilon", view->epsilon, "%.3f", width);
    draw_count(++row, "decisions", view->decisions, view->decisions_rate, width);
    draw_count(++row, "updates", view->updates, view->updates_rate, width);
    draw_count(++row, "frames", view->frames, view->frames_rate, width);
    label(++row, "rounds");
    print(row, VALUES, width, "%.0f", view->episodes);
    if (view->crashes > 0) print(row, VALUES + 9, width - 9, "%.0f crashes", view->crashes);
    label(++row, "similarity");
    if (view->has_similarity)
        print(row, VALUES, width, "mean %.3f, moved %.3f", view->similarity_mean,
              view->similarity_change);
    else
        put(row, VALUES, width, "off");
    return row + 2;
}

static void draw_moves(const live_view_t *view, const cJSON *session, int row, int width)
{
    put_dim(row, LEFT, width, "moves played in the last minute");
    for (int32_t i = 0; i < view->num_moves && ++row < watch_terminal_rows(); i++) {
        const live_move_t *move = &view->moves[i];
        const char *name = live_action(session, move->action, false);
        char number[32], bar[64];
        snprintf(number, sizeof number, "action %d", move->action);
        put(row, LEFT, 18, *name ? name : number);
        print(row, LEFT + 19, width - 19, "%4.1f %%", 100 * move->share);
        const int room = width - 27, cells = (int)(move->share / view->moves[0].share * room + 0.5);
        snprintf(bar, sizeof bar, "%*s", cells < 0 ? 0 : cells, "");
        watch_terminal_put(row, LEFT + 27, cells, WATCH_REVERSE, bar);
    }
}

static void draw_pairs(const live_view_t *view, const cJSON *session, int row, int column)
{
    int32_t moved = 0; /* those that did not are not news; the most moved stand first */
    while (moved < view->num_pairs &&
           fabs(view->pairs[moved].now - view->pairs[moved].began) >= 0.005)
        moved++;
    if (moved == 0 || row >= watch_terminal_rows()) return;
    put_dim(row, column, watch_terminal_columns(), "similarities that moved most");
    for (int32_t i = 0; i < moved && ++row < watch_terminal_rows(); i++)
        print(row, column, watch_terminal_columns() - column - 1, "%4.2f > %4.2f  %.40s, %.40s",
              view->pairs[i].began, view->pairs[i].now,
              live_action(session, view->pairs[i].a, false),
              live_action(session, view->pairs[i].b, false));
}

/* ---- the picture ---- */

/* The mean gray of what lies under a cell's half: column x of `columns`, half y of `halves`. */
static int gray_at(const uint8_t *picture, int x, int columns, int y, int halves)
{
    const int left = x * LIVE_PICTURE_PX / columns, top = y * LIVE_PICTURE_PX / halves;
    int right = (x + 1) * LIVE_PICTURE_PX / columns, bottom = (y + 1) * LIVE_PICTURE_PX / halves;
    if (right == left) right++;
    if (bottom == top) bottom++;
    int sum = 0;
    for (int v = top; v < bottom; v++)
        for (int h = left; h < right; h++) sum += picture[v * LIVE_PICTURE_PX + h];
    return sum / ((right - left) * (bottom - top));
}

/* Returns the first row below. */
static int draw_picture(const live_view_t *view, int column)
{
    if (!view->has_picture) return TOP;
    int columns = watch_terminal_columns() - column - 1,
        rows = columns * PICTURE_ROWS / (80 - COLUMN - 1);
    if (rows > watch_terminal_rows() - TOP - 1) rows = watch_terminal_rows() - TOP - 1;
    if (watch_terminal_rows() > 30 && rows > watch_terminal_rows() - TOP - 10)
        rows = watch_terminal_rows() - TOP - 10; /* room for the pairs */
    if (rows < 1) return TOP;
    const int fitting = rows * (80 - COLUMN - 1) / PICTURE_ROWS;
    if (columns > fitting) columns = fitting > 0 ? fitting : 1;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++)
            watch_terminal_halves(TOP + y, column + x,
                                  gray_at(view->picture, x, columns, 2 * y, 2 * rows),
                                  gray_at(view->picture, x, columns, 2 * y + 1, 2 * rows));
    return TOP + rows + 1;
}

void watch_screen_draw(const live_view_t *view, const cJSON *session, const char *status)
{
    const bool is_wide = watch_terminal_columns() >= LEAST_COLUMNS;
    const int column = is_wide ? COLUMN : watch_terminal_columns(), width = column - LEFT - 1;
    watch_terminal_clear();
    draw_head(session, status);
    const int row = draw_numbers(view, column - VALUES - 1);
    draw_moves(view, session, row, width);
    if (is_wide) draw_pairs(view, session, draw_picture(view, column), column);
    if (watch_terminal_rows() > TOP + 1 && watch_terminal_columns() > 20)
        put_dim(watch_terminal_rows() - 1, watch_terminal_columns() - 9, 8, " q quits");
    watch_terminal_show();
}
