/* watch_terminal_posix.c - see watch_terminal.h: ncurses. */
#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE 700 /* wcwidth() */
#include "watch_terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include <ncurses.h>
#include <term.h>
#undef columns /* words of ours, too */
#undef lines

enum { GRAYS = 24, FIRST_GRAY = 232 }; /* of the 256 colours */

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

bool watch_terminal_open(void)
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

void watch_terminal_close(void)
{
    if (!screen) return;
    endwin();
    delscreen(screen);
    screen = NULL;
}

watch_key_t watch_terminal_key(int timeout_ms)
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

/* ---- what is drawn ---- */

int watch_terminal_rows(void)
{
    return LINES;
}

int watch_terminal_columns(void)
{
    return COLS;
}

void watch_terminal_clear(void)
{
    erase();
}

void watch_terminal_show(void)
{
    refresh();
}

void watch_terminal_put(int row, int column, int width, watch_style_t style, const char *text)
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
    static const attr_t styles[] = { A_NORMAL, A_BOLD, A_DIM, A_REVERSE };
    attron(styles[style]);
    mvaddnwstr(row, column, line, length);
    attroff(styles[style]);
}

void watch_terminal_halves(int row, int column, int upper, int lower)
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
