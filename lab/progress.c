/* progress.c - see progress.h. */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "numbers.h"
#include "voice.h"

enum { PLAIN_PERIOD_S = 10, PLAIN_WIDTH = 200, NARROWEST = 20 };

void progress_begin(progress_t *progress)
{
    *progress = (progress_t){ .in_place = isatty(fileno(voice_err())) == 1 };
    progress->next_at = clock_now() + (progress->in_place ? 0.25 : PLAIN_PERIOD_S);
}

static size_t terminal_width(void)
{
    struct winsize size;
    if (ioctl(fileno(voice_err()), TIOCGWINSZ, &size) != 0 || size.ws_col < NARROWEST) return 80;
    return size.ws_col;
}

typedef struct {
    int importance; /* the lowest goes first when the line is too long */
    char text[80];
} piece_t;

static size_t length_of(const piece_t *pieces, int32_t num_pieces)
{
    size_t length = 0;
    for (int32_t i = 0; i < num_pieces; i++)
        if (*pieces[i].text) length += strlen(pieces[i].text) + (length ? 2 : 0);
    return length;
}

static void fit(piece_t *pieces, int32_t num_pieces, size_t width)
{
    while (length_of(pieces, num_pieces) > width) {
        piece_t *least = NULL;
        for (int32_t i = 0; i < num_pieces; i++)
            if (*pieces[i].text && (!least || pieces[i].importance < least->importance))
                least = &pieces[i];
        if (!least) return;
        least->text[0] = '\0';
    }
}

void progress_line(char *out, size_t out_bytes, size_t width, const training_progress_t *training,
                   double decisions_rate, double updates_rate, double frames_rate,
                   double left_seconds)
{
    char a[NUMBERS_BYTES], b[NUMBERS_BYTES];
    piece_t pieces[] = { { 9, "" }, { 7, "" }, { 1, "" }, { 5, "" }, { 8, "" },
                         { 3, "" }, { 2, "" }, { 6, "" }, { 4, "" } };
    const int32_t num_pieces = sizeof pieces / sizeof pieces[0];
    const size_t bytes = sizeof pieces[0].text;
    snprintf(pieces[0].text, bytes, "%s decisions %s/s", numbers_grouped(a, training->decisions),
             numbers_rate(b, decisions_rate));
    snprintf(pieces[1].text, bytes, "%s updates %s/s", numbers_grouped(a, training->updates),
             numbers_rate(b, updates_rate));
    snprintf(pieces[2].text, bytes, "%s frames %s/s", numbers_grouped(a, training->frames),
             numbers_rate(b, frames_rate));
    if (training->mean_episodes > 0) {
        snprintf(pieces[3].text, bytes, "return %+.2f", (double)training->mean_return);
        if (!training->winner_unknown)
            snprintf(pieces[4].text, bytes, "won %.0f%%", 100 * (double)training->win_rate);
    }
    snprintf(pieces[5].text, bytes, "epsilon %.2f", (double)training->agent.epsilon);
    if (training->updates > 0)
        snprintf(pieces[6].text, bytes, "loss %.3g", (double)training->agent.loss_mean);
    if (left_seconds >= 0)
        snprintf(pieces[7].text, bytes, "%s left", numbers_clock(a, left_seconds));
    if (training->crashes > 0) snprintf(pieces[8].text, bytes, "%u crashes", training->crashes);

    fit(pieces, num_pieces, width);
    out[0] = '\0';
    for (int32_t i = 0; i < num_pieces; i++) {
        const size_t length = strlen(out);
        if (*pieces[i].text)
            snprintf(out + length, out_bytes - length, "%s%s", length ? "  " : "", pieces[i].text);
    }
}

static void print_line(progress_t *progress, const char *line)
{
    if (progress->in_place)
        fprintf(voice_err(), "\r\033[K%s", line);
    else
        fprintf(voice_err(), "%s\n", line);
    fflush(voice_err());
    progress->is_shown = progress->in_place;
    progress->next_at = clock_now() + (progress->in_place ? 0.25 : PLAIN_PERIOD_S);
}

/* One sample a second; the oldest still kept gives the rate. */
static const progress_sample_t *sample(progress_t *progress, const progress_sample_t *now)
{
    const int32_t kept =
        progress->num_samples < PROGRESS_SAMPLES ? progress->num_samples : PROGRESS_SAMPLES;
    const progress_sample_t *last =
        kept ? &progress->samples[(progress->num_samples - 1) % PROGRESS_SAMPLES] : NULL;
    if (!last || now->at - last->at >= 1)
        progress->samples[progress->num_samples++ % PROGRESS_SAMPLES] = *now;
    return progress->num_samples > PROGRESS_SAMPLES
               ? &progress->samples[progress->num_samples % PROGRESS_SAMPLES]
               : &progress->samples[0];
}

void progress_show(progress_t *progress, const training_progress_t *training, double left_seconds)
{
    const progress_sample_t now = { .at = clock_now(),
                                    .decisions = training->session_decisions,
                                    .updates = training->session_updates,
                                    .frames = training->session_frames };
    const progress_sample_t *then = sample(progress, &now);
    if (now.at < progress->next_at) return;
    const double seconds = now.at > then->at ? now.at - then->at : 1e9;
    const size_t width = progress->in_place ? terminal_width() - 1 : PLAIN_WIDTH;
    char line[512];
    progress_line(line, sizeof line, width, training,
                  (double)(now.decisions - then->decisions) / seconds,
                  (double)(now.updates - then->updates) / seconds,
                  (double)(now.frames - then->frames) / seconds, left_seconds);
    print_line(progress, line);
}

void progress_show_text(progress_t *progress, const char *text)
{
    if (clock_now() >= progress->next_at) print_line(progress, text);
}

void progress_clear(progress_t *progress)
{
    if (progress->is_shown) fputs("\r\033[K", voice_err());
    fflush(voice_err());
    progress->is_shown = false;
    if (progress->in_place) progress->next_at = 0;
}
