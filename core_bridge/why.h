/* why.h - write a refusal's sentence: one line, bounded, NUL-terminated, or nothing if why is NULL.
 */
#ifndef KATA_WHY_H
#define KATA_WHY_H

#include <stddef.h>

/* Bytes of every `why` in this folder: bridge.h and worker.h agree on it. */
#define WHY_BYTES 512

__attribute__((format(printf, 2, 3))) void why_set(char why[WHY_BYTES], const char *format, ...);

/* In place: control characters become spaces, blanks at the end go. For text that a core wrote. */
void why_one_line(char *text);

#endif
