/* watch_terminal_windows.c - see watch_terminal.h: a console's cells, written by Win32, which every
 * console has, also one without escape sequences. It has 16 colours, four of them grays. */
#include "watch_terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <windows.h>

#include "clock.h"

enum { MOST_ROWS = 200, MOST_COLUMNS = 500 };

static struct {
    HANDLE input, shown_before, screen; /* screen NULL: it is not open */
    DWORD input_mode;
    WORD plain; /* the console's own colours */
    int rows, columns;
    CHAR_INFO cells[MOST_ROWS * MOST_COLUMNS]; /* (rows, columns) */
} terminal;

/* ---- the terminal ---- */

static bool read_size(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(terminal.screen, &info)) return false;
    const int rows = info.srWindow.Bottom - info.srWindow.Top + 1,
              columns = info.srWindow.Right - info.srWindow.Left + 1;
    const bool is_new = rows != terminal.rows || columns != terminal.columns;
    terminal.rows = rows < MOST_ROWS ? rows : MOST_ROWS;
    terminal.columns = columns < MOST_COLUMNS ? columns : MOST_COLUMNS;
    return is_new;
}

bool watch_terminal_open(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    const HANDLE input = GetStdHandle(STD_INPUT_HANDLE), output = GetStdHandle(STD_OUTPUT_HANDLE);
    if (!GetConsoleMode(input, &terminal.input_mode) || !GetConsoleScreenBufferInfo(output, &info))
        return false;
    const HANDLE screen =
        CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  NULL, CONSOLE_TEXTMODE_BUFFER, NULL);
    if (screen == INVALID_HANDLE_VALUE) return false;
    if (!SetConsoleActiveScreenBuffer(screen)) {
        CloseHandle(screen);
        return false;
    }
    const CONSOLE_CURSOR_INFO hidden = { .dwSize = 1, .bVisible = FALSE };
    SetConsoleCursorInfo(screen, &hidden);
    SetConsoleMode(input, ENABLE_PROCESSED_INPUT | ENABLE_WINDOW_INPUT); /* Ctrl-C stays */
    terminal.plain = info.wAttributes;
    terminal.input = input;
    terminal.shown_before = output;
    terminal.screen = screen;
    (void)read_size();
    return true;
}

void watch_terminal_close(void)
{
    if (!terminal.screen) return;
    SetConsoleActiveScreenBuffer(terminal.shown_before);
    SetConsoleMode(terminal.input, terminal.input_mode);
    CloseHandle(terminal.screen);
    terminal.screen = NULL;
}

watch_key_t watch_terminal_key(int timeout_ms)
{
    const double until = clock_now() + timeout_ms / 1000.0;
    for (double left = timeout_ms; left > 0; left = 1000 * (until - clock_now())) {
        INPUT_RECORD event;
        DWORD count = 0;
        const bool is_there = WaitForSingleObject(terminal.input, (DWORD)left + 1) == WAIT_OBJECT_0;
        if (read_size()) return WATCH_KEY_RESIZED;
        if (!is_there || !ReadConsoleInputW(terminal.input, &event, 1, &count) || count == 0)
            continue;
        const KEY_EVENT_RECORD *key = &event.Event.KeyEvent;
        if (event.EventType == KEY_EVENT && key->bKeyDown &&
            (key->uChar.UnicodeChar == L'q' || key->uChar.UnicodeChar == L'Q'))
            return WATCH_KEY_QUIT;
    }
    return WATCH_KEY_NONE;
}

/* ---- what is drawn ---- */

int watch_terminal_rows(void)
{
    return terminal.rows;
}

int watch_terminal_columns(void)
{
    return terminal.columns;
}

static CHAR_INFO *cell_at(int row, int column)
{
    return &terminal.cells[row * terminal.columns + column];
}

static void set_cell(int row, int column, wchar_t letter, WORD colours)
{
    CHAR_INFO *cell = cell_at(row, column);
    cell->Char.UnicodeChar = letter;
    cell->Attributes = colours;
}

void watch_terminal_clear(void)
{
    for (int row = 0; row < terminal.rows; row++)
        for (int column = 0; column < terminal.columns; column++)
            set_cell(row, column, L' ', terminal.plain);
}

void watch_terminal_show(void)
{
    SMALL_RECT all = { 0, 0, (SHORT)(terminal.columns - 1), (SHORT)(terminal.rows - 1) };
    const COORD size = { (SHORT)terminal.columns, (SHORT)terminal.rows }, from = { 0, 0 };
    WriteConsoleOutputW(terminal.screen, terminal.cells, size, from, &all);
}

static WORD colours_of(watch_style_t style)
{
    const WORD plain = terminal.plain;
    switch (style) {
    case WATCH_BOLD: return plain | FOREGROUND_INTENSITY;
    case WATCH_DIM: return (WORD)((plain & 0xF0) | FOREGROUND_INTENSITY); /* black, bright: gray */
    case WATCH_REVERSE: return (WORD)((plain & 0xFF00) | (plain & 0xF) << 4 | (plain >> 4 & 0xF));
    default: return plain;
    }
}

/* Columns that a letter takes: 2 in East Asian scripts, 0 for accents that stand on the letter
 * before; wcwidth() is not there. */
static int width_of(wchar_t letter)
{
    static const struct {
        uint16_t first, last, width;
    } ranges[] = { { 0x0300, 0x036F, 0 }, { 0x1100, 0x115F, 2 }, { 0x200B, 0x200F, 0 },
                   { 0x20D0, 0x20FF, 0 }, { 0x2E80, 0xA4CF, 2 }, { 0xAC00, 0xD7A3, 2 },
                   { 0xF900, 0xFAFF, 2 }, { 0xFE00, 0xFE0F, 0 }, { 0xFE20, 0xFE2F, 0 },
                   { 0xFE30, 0xFE6F, 2 }, { 0xFF00, 0xFF60, 2 }, { 0xFFE0, 0xFFE6, 2 } };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (letter >= ranges[i].first && letter <= ranges[i].last) return ranges[i].width;
    return 1;
}

void watch_terminal_put(int row, int column, int width, watch_style_t style, const char *text)
{
    wchar_t wide[512];
    const WORD colours = colours_of(style);
    if (width > terminal.columns - column) width = terminal.columns - column;
    if (row < 0 || row >= terminal.rows || column < 0 || width <= 0) return;
    if (!MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, 512)) return;
    const int end = column + width;
    for (const wchar_t *next = wide; *next; next++) {
        wchar_t letter = *next;
        if (letter < L' ' || (letter >= 0x7F && letter < 0xA0)) letter = L' ';
        if (letter >= 0xDC00 && letter <= 0xDFFF) continue; /* a cell has one unit of UTF-16 */
        if (letter >= 0xD800 && letter <= 0xDBFF) letter = L'?';
        const int columns = width_of(letter);
        if (column + columns > end) break;
        if (columns > 0)
            set_cell(row, column, letter,
                     columns == 2 ? colours | COMMON_LVB_LEADING_BYTE : colours);
        if (columns == 2) set_cell(row, column + 1, letter, colours | COMMON_LVB_TRAILING_BYTE);
        column += columns;
    }
}

/* The nearest of the console's four grays, as Windows 10 mixes them. */
static WORD gray_of(int value)
{
    static const struct {
        int value;
        WORD colour;
    } grays[] = { { 12, 0 }, { 118, 8 }, { 204, 7 }, { 242, 15 } };
    int nearest = 0;
    for (int i = 1; i < 4; i++)
        if (abs(value - grays[i].value) < abs(value - grays[nearest].value)) nearest = i;
    return grays[nearest].colour;
}

void watch_terminal_halves(int row, int column, int upper, int lower)
{
    if (row < 0 || row >= terminal.rows || column < 0 || column >= terminal.columns) return;
    /* The upper half block: ink above, paper below. */
    set_cell(row, column, 0x2580, (WORD)(gray_of(upper) | gray_of(lower) << 4));
}
