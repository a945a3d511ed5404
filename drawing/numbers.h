/* numbers.h - numbers and times as people read them: "41,230", "11:48". */
#ifndef DRAWING_NUMBERS_H
#define DRAWING_NUMBERS_H

#include <stdint.h>

#define NUMBERS_BYTES 32

/* All return `out`. */
const char *numbers_grouped(char out[NUMBERS_BYTES], uint64_t number); /* 41,230 */
const char *numbers_rate(char out[NUMBERS_BYTES], double per_second);  /* 848, 5.3, 0.12 */
const char *numbers_short(char out[NUMBERS_BYTES], double number);     /* 950, 1.2k, 41k, 2.5M */
const char *numbers_clock(char out[NUMBERS_BYTES], double seconds);    /* 0:07, 11:48, 2:03:10 */

#endif
