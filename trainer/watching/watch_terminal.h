/* watch_terminal.h - a terminal that is drawn on in place: text, the picture's cells, keys.
 *
 * ncurses where there is one, Windows' console there. One a process; all but watch_terminal_open()
 * and watch_terminal_close() need an open one. What is outside the terminal is left out.
 */
#ifndef TRAINER_WATCH_TERMINAL_H
#define TRAINER_WATCH_TERMINAL_H

#include <stdbool.h>

typedef enum { WATCH_KEY_NONE = 0, WATCH_KEY_QUIT, WATCH_KEY_RESIZED } watch_key_t;
typedef enum { WATCH_PLAIN = 0, WATCH_BOLD, WATCH_DIM, WATCH_REVERSE } watch_style_t;

/* False: this is no terminal, or one that cannot place its cursor (TERM=dumb). */
bool watch_terminal_open(void);
void watch_terminal_close(void); /* the terminal as it was; closed is fine */
/* Waits at most so long for a key or another size. */
watch_key_t watch_terminal_key(int timeout_ms);

int watch_terminal_rows(void);
int watch_terminal_columns(void);
void watch_terminal_clear(void);
/* text: UTF-8, at most `width` columns of it. What cannot be printed becomes a blank. */
void watch_terminal_put(int row, int column, int width, watch_style_t style, const char *text);
/* A cell of the picture: the grays of its upper and lower half, 0 to 255. */
void watch_terminal_halves(int row, int column, int upper, int lower);
/* What was drawn since watch_terminal_clear() is seen. */
void watch_terminal_show(void);

#endif
