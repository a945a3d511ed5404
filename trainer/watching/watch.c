/* watch.c - `kata watch GAME|DIR`: a training that another process makes, live. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "commands.h"
#include "interrupt.h"
#include "numbers.h"
#include "progress.h"
#include "training_folder.h"
#include "watch_screen.h"
#include "watch_terminal.h"
#include "why.h"

enum { LOOK_MS = 500, SILENT_S = 5 };

typedef struct {
    bool once;
    double every;
} watch_values_t;

static const option_t rows[] = {
    { "once", OPTION_FLAG, offsetof(watch_values_t, once), NULL, 0, 0,
      "print one line of how it stands, and end" },
    { "every", OPTION_REAL, offsetof(watch_values_t, every), "SECONDS", 0.1, 1e6,
      "between two lines, where the terminal cannot be written in place" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    ((watch_values_t *)values)->every = 10;
}

typedef struct {
    const watch_values_t *values;
    char dir[HOME_PATH_BYTES];
    cJSON *session;
    live_view_t view;
    bool is_over; /* nothing more will come */
    char status[160];
    why_t why;
} watch_t;

static void say_status(watch_t *w)
{
    char clock[NUMBERS_BYTES];
    const double age = clock_date() - w->view.time;
    const bool is_gone = w->view.pid > 1 && kill(w->view.pid, 0) != 0 && errno == ESRCH;
    w->is_over = w->view.state == LIVE_ENDED || (is_gone && age > SILENT_S);
    if (w->view.state == LIVE_ENDED)
        snprintf(w->status, sizeof w->status, "ended %s ago",
                 numbers_clock(clock, fmax(0, fmin(age, 1e9))));
    else if (age > SILENT_S && (is_gone || w->view.state != LIVE_EVALUATING))
        snprintf(w->status, sizeof w->status, "no news for %s%s",
                 numbers_clock(clock, fmin(age, 1e9)), is_gone ? ", its process is gone" : "");
    else if (w->view.state == LIVE_EVALUATING)
        snprintf(w->status, sizeof w->status, "evaluating");
    else if (w->view.left_seconds >= 0)
        snprintf(w->status, sizeof w->status, "training, %s left",
                 numbers_clock(clock, fmin(w->view.left_seconds, 1e9)));
    else
        snprintf(w->status, sizeof w->status, "training");
}

/* False: there is nothing to be seen; what was seen before stays. */
static bool look(watch_t *w)
{
    live_view_t *next = malloc(sizeof *next);
    if (!next) return refuse(w->why, "no memory for what a training shows");
    const bool ok = live_read(next, w->dir, w->why);
    if (ok) w->view = *next;
    free(next);
    if (ok) {
        cJSON *session = live_read_session(w->dir, NULL);
        if (session) {
            cJSON_Delete(w->session);
            w->session = session;
        }
        say_status(w);
    } else {
        snprintf(w->status, sizeof w->status, "cannot be read any more");
    }
    return ok;
}

static void print_line(const watch_t *w)
{
    char line[512];
    const live_view_t *v = &w->view;
    const training_progress_t p = {
        .decisions = (uint64_t)fmax(0, fmin(v->decisions, 1e15)),
        .updates = (uint64_t)fmax(0, fmin(v->updates, 1e15)),
        .frames = (uint64_t)fmax(0, fmin(v->frames, 1e15)),
        .crashes = (uint32_t)fmax(0, fmin(v->crashes, 1e9)),
        .mean_episodes = v->mean_episodes,
        .winner_unknown = isnan(v->win_rate),
        .win_rate = isnan(v->win_rate) ? 0 : (float)v->win_rate,
        .mean_return = isnan(v->mean_return) ? 0 : (float)v->mean_return,
        .agent = { .epsilon = (float)v->epsilon, .loss_mean = isnan(v->loss) ? 0 : (float)v->loss }
    };
    progress_line(line, sizeof line, sizeof line - 1, &p, v->decisions_rate, v->updates_rate,
                  v->frames_rate, -1);
    say("%s: %s\n", w->status, line);
}

static void nap(double seconds)
{
    const struct timespec time = { 0, 100000000 };
    for (double until = clock_now() + seconds; clock_now() < until && !interrupt_asked();)
        nanosleep(&time, NULL);
}

static int watch_lines(watch_t *w)
{
    print_line(w);
    while (!w->values->once && !w->is_over && !interrupt_asked()) {
        nap(w->values->every);
        if (interrupt_asked()) break;
        if (!look(w)) return say_failed("%s", w->why);
        print_line(w);
    }
    return EXIT_OK;
}

static int watch_in_place(watch_t *w)
{
    double next_at = 0;
    for (watch_key_t key = WATCH_KEY_NONE; key != WATCH_KEY_QUIT && !interrupt_asked();) {
        if (clock_now() >= next_at) {
            (void)look(w);
            next_at = clock_now() + LOOK_MS / 1000.0;
        }
        watch_screen_draw(&w->view, w->session, w->status);
        key = watch_terminal_key(LOOK_MS);
    }
    watch_terminal_close();
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    watch_t *w = calloc(1, sizeof *w);
    if (!w) return say_failed("no memory for what a training shows");
    w->values = values;
    int status;
    if (!training_folder_find(w->dir, arguments[0], w->why)) {
        status = say_failed("%s", w->why);
    } else if (!look(w)) {
        status = say_failed("%s; `kata train` leaves it in the folder of a game while it learns",
                            w->why);
    } else {
        interrupt_catch();
        status = !w->values->once && watch_terminal_open() ? watch_in_place(w) : watch_lines(w);
    }
    cJSON_Delete(w->session);
    free(w);
    return status;
}

const command_t command_watch = {
    .name = "watch",
    .arguments = "GAME|DIR",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "a running training, live on the terminal",
    .about =
        "Shows how a training in another process, or on another terminal, goes: win rate,\n"
        "return, loss, counts and rates, the moves played lately, how alike they are found, and\n"
        "what the agent sees. It reads what `kata train` leaves in the game's folder once a "
        "second, and\n"
        "disturbs nothing. q quits. Where the terminal cannot be written in place (TERM=dumb, a\n"
        "pipe), a line is printed now and then until the training ends.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  On a machine where `kata train game.nes` runs:\n"
                "    kata watch game.nes\n"
                "  Over ssh, of `kata train game.nes --dir /tmp/first`:\n"
                "    ssh -t machine kata watch /tmp/first\n"
                "  One line for a script:\n"
                "    kata watch game.nes --once\n",
    .values_bytes = sizeof(watch_values_t),
    .defaults = defaults,
    .run = run,
};
