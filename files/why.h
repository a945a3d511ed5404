/* why.h - the sentence of a refusal: one type, one function, in every folder.
 *
 *     bool thing_open(thing_t *out, const char *path, why_t why)
 *     {
 *         if (!*path) return refuse(why, "a path must be given");
 *     ...
 *     why_t why;
 *     if (!thing_open(&thing, path, why)) fprintf(stderr, "%s\n", why);
 *
 * A why_t is owned by the caller and passed as a pointer; NULL: nobody asks. It is written only
 * on failure and then holds one line, NUL-terminated, without control characters.
 */
#ifndef FILES_WHY_H
#define FILES_WHY_H

#include <stdbool.h>
#include <stddef.h>

typedef char why_t[1024];

/* Write the sentence, cut to fit. Returns false, always. No argument may point into why. */
__attribute__((format(printf, 2, 3))) bool refuse(char *why, const char *format, ...);

/* The same for functions that return a status: return refuse_as(why, AGENT_BAD_FILE, "...", ...);
 */
#define refuse_as(why, status, ...) (refuse(why, __VA_ARGS__), (status))

/* In place: control characters become spaces, blanks at the end go. For text of others. */
void why_one_line(char *text);

#endif
