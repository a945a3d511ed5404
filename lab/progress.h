/* progress.h - how a training goes, on one line.
 *
 * On a terminal the line is rewritten in place four times a second and fits its width: what matters
 * least is left out first. Elsewhere a plain line is printed every ten seconds. Always on stderr,
 * so that stdout holds results only.
 */
#ifndef LAB_PROGRESS_H
#define LAB_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "training.h"

enum { PROGRESS_SAMPLES = 12 }; /* rates are of the last so many seconds */

typedef struct {
    double at;
    uint64_t decisions, updates, frames;
} progress_sample_t;

typedef struct {
    bool in_place;  /* stderr is a terminal */
    bool is_shown;  /* a line stands there without its end */
    double next_at; /* when the line is due */
    progress_sample_t samples[PROGRESS_SAMPLES];
    int32_t num_samples;
} progress_t;

void progress_begin(progress_t *progress);
/* Shows the line if it is due. left_seconds < 0: not known. */
void progress_show(progress_t *progress, const training_progress_t *training, double left_seconds);
/* Shows a short line if it is due: "evaluating: 12 of 50". */
void progress_show_text(progress_t *progress, const char *text);
/* Makes room for other output; the next line is due at once. */
void progress_clear(progress_t *progress);

/* The line itself, at most `width` characters. Rates per second. For progress_show and tests. */
void progress_line(char *out, size_t out_bytes, size_t width, const training_progress_t *training,
                   double decisions_rate, double updates_rate, double frames_rate,
                   double left_seconds);

#endif
