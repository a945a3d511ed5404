/* terminal.c - see terminal.h. */
#include "terminal.h"

#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "kata.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void terminal_start(terminal_t *t, const char *term, int rows, int columns,
                    const char *const *arguments)
{
    const struct winsize size = { .ws_row = (unsigned short)rows,
                                  .ws_col = (unsigned short)columns };
    memset(t, 0, sizeof *t);
    t->rows = rows;
    t->columns = columns;
    t->bottom = rows - 1;
    t->ink = t->paper = -1;
    t->pid = forkpty(&t->fd, NULL, NULL, &size);
    assert_true(t->pid >= 0);
    if (t->pid > 0) return;
    const char *words[32] = { kata_program() };
    for (int i = 0; arguments[i] && i < 30; i++) words[i + 1] = arguments[i];
    setenv("TERM", term, 1);
    unsetenv("COLUMNS");
    unsetenv("LINES");
    execv(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
}

/* ---- the screen ---- */

static void clear(terminal_t *t, int row, int from, int to)
{
    for (int c = from; c < to && c < TERMINAL_MAX_COLUMNS; c++)
        t->cells[row][c] = (terminal_cell_t){ ' ', -1, t->paper };
}

static void scroll(terminal_t *t, int lines)
{
    for (; lines > 0; lines--) {
        memmove(t->cells[t->top], t->cells[t->top + 1],
                (size_t)(t->bottom - t->top) * sizeof t->cells[0]);
        clear(t, t->bottom, 0, TERMINAL_MAX_COLUMNS);
    }
    for (; lines < 0; lines++) {
        memmove(t->cells[t->top + 1], t->cells[t->top],
                (size_t)(t->bottom - t->top) * sizeof t->cells[0]);
        clear(t, t->top, 0, TERMINAL_MAX_COLUMNS);
    }
}

static void put(terminal_t *t, uint32_t letter)
{
    if (t->column >= t->columns) {
        t->column = 0;
        if (t->row == t->bottom)
            scroll(t, 1);
        else
            t->row++;
    }
    t->cells[t->row][t->column++] = (terminal_cell_t){ letter, t->ink, t->paper };
}

static void colour(terminal_t *t, const int *n, int count)
{
    for (int i = 0; i < count; i++) {
        if (n[i] == 0) t->ink = t->paper = -1;
        if (n[i] == 39) t->ink = -1;
        if (n[i] == 49) t->paper = -1;
        if (n[i] >= 30 && n[i] <= 37) t->ink = n[i] - 30;
        if (n[i] >= 40 && n[i] <= 47) t->paper = n[i] - 40;
        if ((n[i] == 38 || n[i] == 48) && i + 2 < count && n[i + 1] == 5) {
            *(n[i] == 38 ? &t->ink : &t->paper) = n[i + 2];
            i += 2;
        }
    }
}

static int within(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* A whole "CSI ... letter". */
static void control(terminal_t *t)
{
    int n[16] = { 0 }, count = 1;
    const char letter = t->escape[t->escape_bytes - 1];
    const bool is_private = t->escape[2] == '?';
    for (size_t i = is_private ? 3 : 2; i + 1 < t->escape_bytes; i++) {
        if (t->escape[i] >= '0' && t->escape[i] <= '9')
            n[count - 1] = 10 * n[count - 1] + t->escape[i] - '0';
        else if (t->escape[i] == ';' && count < 16)
            n[count++] = 0;
    }
    const int one = n[0] > 0 ? n[0] : 1;
    terminal_cell_t *line = t->cells[t->row];
    switch (letter) {
    case 'H':
    case 'f':
        t->row = one - 1;
        t->column = count > 1 && n[1] > 0 ? n[1] - 1 : 0;
        break;
    case 'A': t->row -= one; break;
    case 'B': t->row += one; break;
    case 'C': t->column += one; break;
    case 'D': t->column -= one; break;
    case 'G': t->column = one - 1; break;
    case 'd': t->row = one - 1; break;
    case 'J':
        if (n[0] == 0) clear(t, t->row, t->column, t->columns);
        for (int r = n[0] == 2 ? 0 : t->row + 1; n[0] != 1 && r < t->rows; r++)
            clear(t, r, 0, t->columns);
        break;
    case 'K':
        clear(t, t->row, n[0] == 0 ? t->column : 0, n[0] == 1 ? t->column + 1 : t->columns);
        break;
    case 'X': clear(t, t->row, t->column, within(t->column + one, 0, t->columns)); break;
    case 'P':
        memmove(line + t->column, line + t->column + one,
                (size_t)within(t->columns - t->column - one, 0, t->columns) * sizeof *line);
        clear(t, t->row, within(t->columns - one, 0, t->columns), t->columns);
        break;
    case '@':
        memmove(line + t->column + one, line + t->column,
                (size_t)within(t->columns - t->column - one, 0, t->columns) * sizeof *line);
        clear(t, t->row, t->column, within(t->column + one, 0, t->columns));
        break;
    case 'b':
        for (int i = 0; i < one; i++) put(t, line[t->column - 1].letter);
        break;
    case 'S': scroll(t, one); break;
    case 'T': scroll(t, -one); break;
    case 'L':
    case 'M': {
        const int top = t->top;
        t->top = t->row;
        scroll(t, letter == 'M' ? one : -one);
        t->top = top;
        break;
    }
    case 'r':
        t->top = one - 1;
        t->bottom = count > 1 && n[1] > 0 ? n[1] - 1 : t->rows - 1;
        t->row = t->column = 0;
        break;
    case 'm': colour(t, n, count); break;
    case 'h':
    case 'l':
        if (is_private && n[0] == 1049) t->is_other = letter == 'h';
        break;
    case 't':
    case 'c':
    case 'n': break;
    default: fail_msg("the terminal was told \"ESC%.20s\"", t->escape + 1);
    }
    t->row = within(t->row, 0, t->rows - 1);
    t->column = within(t->column, 0, t->columns);
    t->bottom = within(t->bottom, t->top, t->rows - 1);
}

/* Whether what is in t->escape is whole; then it is done. */
static bool escaped(terminal_t *t)
{
    const char *e = t->escape;
    const size_t n = t->escape_bytes;
    if (n < 2) return false;
    if (e[1] == '[') {
        if (n < 3 || e[n - 1] < '@' || e[n - 1] > '~') return false;
        control(t);
        return true;
    }
    if (e[1] == '(' || e[1] == ')') return n == 3; /* a set of letters */
    if (e[1] == 'M') scroll(t, -1);
    if (!strchr("=>78M", e[1])) fail_msg("the terminal was told \"ESC%.20s\"", e + 1);
    return true;
}

static void take(terminal_t *t, uint8_t byte)
{
    static uint32_t letter;
    static int more;
    if (t->raw_bytes < sizeof t->raw) t->raw[t->raw_bytes++] = (char)byte;
    if (t->escape_bytes > 0 || byte == 27) {
        assert_true(t->escape_bytes + 1 < sizeof t->escape);
        t->escape[t->escape_bytes++] = (char)byte;
        t->escape[t->escape_bytes] = '\0';
        if (escaped(t)) t->escape_bytes = 0;
    } else if (byte == '\r') {
        t->column = 0;
    } else if (byte == '\n') {
        if (t->row == t->bottom)
            scroll(t, 1);
        else
            t->row = within(t->row + 1, 0, t->rows - 1);
    } else if (byte == '\b') {
        t->column = within(t->column - 1, 0, t->columns);
    } else if (byte >= 0xc0) {
        more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        letter = byte & (0x3fu >> more);
    } else if (byte >= 0x80) {
        letter = letter << 6 | (byte & 0x3fu);
        if (--more == 0) put(t, letter);
    } else if (byte >= ' ') {
        put(t, byte);
    }
}

/* False: it has ended, or nothing came. */
static bool read_some(terminal_t *t, int timeout_ms)
{
    uint8_t bytes[4096];
    struct pollfd watched = { .fd = t->fd, .events = POLLIN };
    if (poll(&watched, 1, timeout_ms) <= 0) return false;
    const ssize_t count = read(t->fd, bytes, sizeof bytes);
    for (ssize_t i = 0; i < count; i++) take(t, bytes[i]);
    return count > 0;
}

/* ---- what a test asks ---- */

const char *terminal_row(const terminal_t *t, int row)
{
    static char text[4 * TERMINAL_MAX_COLUMNS + 1];
    char *to = text;
    for (int c = 0; c < t->columns; c++) {
        const uint32_t letter = t->cells[row][c].letter ? t->cells[row][c].letter : ' ';
        if (letter < 0x80) {
            *to++ = (char)letter;
        } else if (letter < 0x800) {
            *to++ = (char)(0xc0 | letter >> 6);
            *to++ = (char)(0x80 | (letter & 0x3f));
        } else {
            *to++ = (char)(0xe0 | (letter >> 12 & 15));
            *to++ = (char)(0x80 | (letter >> 6 & 0x3f));
            *to++ = (char)(0x80 | (letter & 0x3f));
        }
    }
    *to = '\0';
    return text;
}

bool terminal_shows(const terminal_t *t, const char *words)
{
    for (int row = 0; row < t->rows; row++)
        if (strstr(terminal_row(t, row), words)) return true;
    return false;
}

void terminal_expect(terminal_t *t, const char *words)
{
    const double until = now() + 20;
    while (!terminal_shows(t, words) && now() < until) (void)read_some(t, 50);
    if (terminal_shows(t, words)) return;
    for (int row = 0; row < t->rows; row++) printf("%2d|%s|\n", row, terminal_row(t, row));
    fail_msg("\"%s\" does not stand on the screen above", words);
}

void terminal_settle(terminal_t *t, int quiet_ms)
{
    const double until = now() + 10;
    while (now() < until && read_some(t, quiet_ms)) continue;
}

void terminal_resize(terminal_t *t, int rows, int columns)
{
    const struct winsize size = { .ws_row = (unsigned short)rows,
                                  .ws_col = (unsigned short)columns };
    t->rows = rows;
    t->columns = columns;
    t->top = t->row = t->column = 0;
    t->bottom = rows - 1;
    memset(t->cells, 0, sizeof t->cells); /* what terminals keep then differs */
    assert_int_equal(ioctl(t->fd, TIOCSWINSZ, &size), 0);
}

void terminal_type(terminal_t *t, const char *keys)
{
    assert_int_equal(write(t->fd, keys, strlen(keys)), strlen(keys));
}

int terminal_end(terminal_t *t)
{
    int status = 0;
    pid_t ended = 0;
    for (const double until = now() + 20; ended == 0 && now() < until;) {
        (void)read_some(t, 50);
        ended = waitpid(t->pid, &status, WNOHANG);
    }
    while (read_some(t, 50)) continue;
    close(t->fd);
    if (ended != t->pid) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
