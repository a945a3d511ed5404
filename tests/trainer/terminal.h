/* terminal.h - kata on a pseudo terminal, and what stands on its screen: as much of xterm as
 * ncurses asks of one. */
#ifndef TESTS_TRAINER_TERMINAL_H
#define TESTS_TRAINER_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TERMINAL_MAX_ROWS = 60, TERMINAL_MAX_COLUMNS = 200 };

typedef struct {
    uint32_t letter;
    int ink, paper; /* of the 256 colours; -1: the terminal's own */
} terminal_cell_t;

typedef struct {
    int fd;
    pid_t pid;
    int rows, columns, row, column, top, bottom; /* top, bottom: of the region that scrolls */
    int ink, paper;
    bool is_other; /* the other screen is shown */
    terminal_cell_t cells[TERMINAL_MAX_ROWS][TERMINAL_MAX_COLUMNS];
    char escape[64];
    size_t escape_bytes; /* of a sequence that is not yet whole */
    char raw[1 << 18];   /* all that was written, as far as there is room */
    size_t raw_bytes;
} terminal_t;

/* Start kata; arguments end with NULL. term: of the environment. */
void terminal_start(terminal_t *t, const char *term, int rows, int columns,
                    const char *const *arguments);
/* Until these words stand in one row of the screen; fails the test, with the screen, after 20 s. */
void terminal_expect(terminal_t *t, const char *words);
/* Until nothing is written for `quiet_ms`. */
void terminal_settle(terminal_t *t, int quiet_ms);
/* A row as text, in UTF-8. */
const char *terminal_row(const terminal_t *t, int row);
bool terminal_shows(const terminal_t *t, const char *words);
void terminal_resize(terminal_t *t, int rows, int columns);
void terminal_type(terminal_t *t, const char *keys);
/* Waits for its end: exit status, or 128 + the signal; -1 if it does not end within 20 s. */
int terminal_end(terminal_t *t);

#endif
