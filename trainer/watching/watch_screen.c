/* watch_screen_posix.c - see watch_screen.h. */
#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE 700 /* wcwidth() */
#include "watch_screen.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include <ncurses.h>
#include <term.h>
#undef columns /* words of ours, too */
#undef lines

#include "numbers.h"

enum {
    GRAYS = 24, /* of the 256 colours, from FIRST_GRAY on */
    FIRST_GRAY = 232,
    LEFT = 1,    /* first column of everything */
    VALUES = 13, /* and of the numbers */
    COLUMN = 40, /* where the right half begins */
    TOP = 2,
    PICTURE_ROWS = 15, /* at 80 columns: 39 x 30 pixels, nearly a television's 4:3 */
    LEAST_COLUMNS = 72 /* for a right half */
};

static SCREEN *screen;
static bool is_utf8, has_grays;

/* ---- the terminal ---- */

static bool can_place_cursor(void)
{
    int error;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return false;
    if (setupterm(NULL, STDOUT_FILENO, &error) != OK) return false;
    const char *cup = tigetstr("cup");
    const bool can = cup && cup != (const char *)-1;
    del_curterm(cur_term); /* newterm() makes its own */
    return can;
}

static void make_colours(void)
{
    has_grays = false;
    if (!has_colors() || start_color() != OK) return;
    has_grays = is_utf8 && COLORS >= 256 && COLOR_PAIRS > GRAYS * GRAYS;
    for (int top = 0; has_grays && top < GRAYS; top++)
        for (int bottom = 0; bottom < GRAYS; bottom++)
            init_pair((short)(1 + top * GRAYS + bottom), (short)(FIRST_GRAY + top),
                      (short)(FIRST_GRAY + bottom));
}

bool watch_screen_open(void)
{
    if (!can_place_cursor()) return false;
    setlocale(LC_CTYPE, ""); /* letters alone: numbers keep their point */
    is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    screen = newterm(NULL, stdout, stdin);
    if (!screen) return false;
    cbreak();
    noecho();
    curs_set(0);
    keypad(stdscr, TRUE);
    make_colours();
    return true;
}

void watch_screen_close(void)
{
    if (!screen) return;
    endwin();
    delscreen(screen);
    screen = NULL;
}

watch_key_t watch_screen_key(int timeout_ms)
{
    timeout(timeout_ms);
    switch (getch()) {
    case 'q':
    case 'Q': return WATCH_KEY_QUIT;
    case KEY_RESIZE:
        clearok(curscr, TRUE); /* all anew: terminals differ in what they keep */
        return WATCH_KEY_RESIZED;
    default: return WATCH_KEY_NONE;
    }
}

/* ---- text ---- */

/* At most `width` columns of it; a row that is not there is left out. */
static void put(int row, int column, int width, const char *text)
{
    wchar_t line[256];
    int length = 0, columns = 0;
    mbstate_t state = { 0 };
    if (width > COLS - column) width = COLS - column;
    if (row >= LINES || width <= 0) return;
    for (size_t left = strlen(text); left > 0 && length < 255;) {
        wchar_t letter;
        size_t bytes = mbrtowc(&letter, text, left, &state);
        if (bytes == 0 || bytes > left) { /* broken, or cut short */
            bytes = 1;
            letter = L'?';
            state = (mbstate_t){ 0 };
        }
        text += bytes;
        left -= bytes;
        const int cells = iswprint((wint_t)letter) ? wcwidth(letter) : -1;
        if (cells < 0) letter = L' ';
        columns += cells < 0 ? 1 : cells;
        if (columns > width) break;
        line[length++] = letter;
    }
    line[length] = L'\0';
    mvaddnwstr(row, column, line, length);
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
    attron(A_DIM);
    put(row, LEFT, VALUES - LEFT, text);
    attroff(A_DIM);
}

/* ---- the parts ---- */

static void draw_head(const cJSON *session, const char *status)
{
    char title[256];
    const char *game = live_text(session, "game"), *core = live_text(session, "core"),
               *start = live_text(session, "start");
    snprintf(title, sizeof title, "%.60s%s%.40s%s%.40s", *game ? game : "a training",
             *core ? " on " : "", core, *start ? ", " : "", start);
    const int status_column = COLS > 60 ? COLS - (int)strlen(status) - 1 : COLS;
    attron(A_BOLD);
    put(0, LEFT, status_column - LEFT - 1, title);
    attroff(A_BOLD);
    if (COLS > 60)
        put(0, status_column, COLS, status);
    else
        put(1, LEFT, COLS, status);
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
    attron(A_DIM);
    if (row < LINES) put(row, LEFT, width, "moves played in the last minute");
    attroff(A_DIM);
    for (int32_t i = 0; i < view->num_moves && ++row < LINES; i++) {
        const live_move_t *move = &view->moves[i];
        const char *name = live_action(session, move->action, false);
        char number[32];
        snprintf(number, sizeof number, "action %d", move->action);
        put(row, LEFT, 18, *name ? name : number);
        print(row, LEFT + 19, width - 19, "%4.1f %%", 100 * move->share);
        const int room = width - 27, cells = (int)(move->share / view->moves[0].share * room + 0.5);
        attron(A_REVERSE);
        for (int x = 0; x < cells; x++) mvaddch(row, LEFT + 27 + x, ' ');
        attroff(A_REVERSE);
    }
}

static void draw_pairs(const live_view_t *view, const cJSON *session, int row, int column)
{
    int32_t moved = 0; /* those that did not are not news; the most moved stand first */
    while (moved < view->num_pairs &&
           fabs(view->pairs[moved].now - view->pairs[moved].began) >= 0.005)
        moved++;
    if (moved == 0 || row >= LINES) return;
    attron(A_DIM);
    put(row, column, COLS, "similarities that moved most");
    attroff(A_DIM);
    for (int32_t i = 0; i < moved && ++row < LINES; i++)
        print(row, column, COLS - column - 1, "%4.2f > %4.2f  %.40s, %.40s", view->pairs[i].began,
              view->pairs[i].now, live_action(session, view->pairs[i].a, false),
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

static void draw_cell(int row, int column, int upper, int lower)
{
    static const wchar_t shades[] = L" \u2591\u2592\u2593\u2588";
    static const char letters[] = " .:-=+*#%@";
    const int mean = (upper + lower) / 2;
    cchar_t cell;
    wchar_t text[2] = { L'\u2580', L'\0' }; /* upper half block: ink above, paper below */
    if (has_grays) {
        const int pair = 1 + upper * GRAYS / 256 * GRAYS + lower * GRAYS / 256;
        setcchar(&cell, text, A_NORMAL, (short)pair, NULL);
        mvadd_wch(row, column, &cell);
    } else if (is_utf8) {
        text[0] = shades[mean * 5 / 256];
        setcchar(&cell, text, A_NORMAL, 0, NULL);
        mvadd_wch(row, column, &cell);
    } else {
        mvaddch(row, column, (chtype)letters[mean * 10 / 256]);
    }
}

/* Returns the first row below. */
static int draw_picture(const live_view_t *view, int column)
{
    if (!view->has_picture) return TOP;
    int columns = COLS - column - 1, rows = columns * PICTURE_ROWS / (80 - COLUMN - 1);
    if (rows > LINES - TOP - 1) rows = LINES - TOP - 1;
    if (LINES > 30 && rows > LINES - TOP - 10) rows = LINES - TOP - 10; /* room for the pairs */
    if (rows < 1) return TOP;
    const int fitting = rows * (80 - COLUMN - 1) / PICTURE_ROWS;
    if (columns > fitting) columns = fitting > 0 ? fitting : 1;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++)
            draw_cell(TOP + y, column + x, gray_at(view->picture, x, columns, 2 * y, 2 * rows),
                      gray_at(view->picture, x, columns, 2 * y + 1, 2 * rows));
    return TOP + rows + 1;
}

void watch_screen_draw(const live_view_t *view, const cJSON *session, const char *status)
{
    const bool is_wide = COLS >= LEAST_COLUMNS;
    const int column = is_wide ? COLUMN : COLS, width = column - LEFT - 1;
    erase();
    draw_head(session, status);
    const int row = draw_numbers(view, column - VALUES - 1);
    draw_moves(view, session, row, width);
    if (is_wide) draw_pairs(view, session, draw_picture(view, column), column);
    if (LINES > TOP + 1 && COLS > 20) {
        attron(A_DIM);
        put(LINES - 1, COLS - 9, 8, " q quits");
        attroff(A_DIM);
    }
    refresh();
}
