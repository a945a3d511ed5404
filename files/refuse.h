/* refuse.h - the last line of a function that says no.
 *
 *     #define refuse(why, ...) refuse_with(why, PLAYER_WHY_BYTES, __VA_ARGS__)
 *     if (!file) return refuse(why, "%.300s: cannot be opened", path);
 */
#ifndef KATA_REFUSE_H
#define KATA_REFUSE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the sentence into why, why_bytes of the caller's, cut to fit; NULL: nobody asks. Returns
 * false, always. No argument may point into why. */
__attribute__((format(printf, 3, 4))) bool refuse_with(char *why, size_t why_bytes,
                                                       const char *format, ...);

#endif
