/* shell.h - words of a command that a person can paste into a shell. */
#ifndef TRAINER_SHELL_H
#define TRAINER_SHELL_H

#include <stddef.h>

/* Append a word to `line`, after a blank if it is not the first, quoted where a shell would change
 * it. What does not fit is left out as a whole. */
void shell_add(char *line, size_t line_bytes, const char *word);

#endif
