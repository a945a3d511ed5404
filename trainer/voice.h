/* voice.h - Kata's own words, apart from what cores print.
 *
 * Cores write to stdout and stderr as they like: into the progress line, into the JSON. Before a
 * core is opened, voice_split() keeps the two streams for Kata alone and gives the core, and every
 * process that is forked from then on, a file or nothing at all.
 */
#ifndef KATA_VOICE_H
#define KATA_VOICE_H

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

#endif
