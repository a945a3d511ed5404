/* voice.h - Kata's own words, apart from what cores print, and what its processes end with.
 *
 * Cores write to stdout and stderr as they like: into the progress line, into the JSON. Before a
 * core is opened, voice_split() keeps the two streams for Kata alone and gives the core, and every
 * process that is forked from then on, a file or nothing at all.
 */
#ifndef LAB_VOICE_H
#define LAB_VOICE_H

#include <stdbool.h>
#include <stdio.h>

#include "why.h"

/* Where results go, and where notes, errors and the progress line go. */
FILE *voice_out(void);
FILE *voice_err(void);

/* log_path: what cores print is appended to it; NULL: it is lost. False: it cannot be written. */
bool voice_split(const char *log_path, why_t why);

/* From now on Kata's own words are appended to a file, in this process and those forked from it. */
bool voice_to(const char *path, why_t why);

/* A sentence, or a piece of a table, to voice_out(), at once. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

/* What the process ends with. `kata --help` prints the same list. */
enum {
    EXIT_OK = 0,
    EXIT_FAILED = 1,       /* a sentence on stderr says why */
    EXIT_USAGE = 2,        /* the command line was not understood */
    EXIT_DIVERGED = 3,     /* learning: loss or gradient not finite; what was saved before stays */
    EXIT_INTERRUPTED = 130 /* Ctrl-C or SIGTERM; what was learned is saved */
};

/* "kata: " and the sentence on stderr. Returns EXIT_FAILED, for `return say_failed(...)`. */
__attribute__((format(printf, 1, 2))) int say_failed(const char *format, ...);
/* The same with EXIT_USAGE. */
__attribute__((format(printf, 1, 2))) int say_usage(const char *format, ...);

#endif
