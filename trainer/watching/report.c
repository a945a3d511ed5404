/* report.c - `kata report GAME|DIR`: a training as one page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "files.h"
#include "film.h"
#include "interrupt.h"
#include "training_folder.h"
#include "training_page.h"
#include "why.h"

typedef struct {
    const char *out, *game, *core;
    int64_t rounds, seed;
} report_values_t;

static const option_t rows[] = {
    { "out", OPTION_TEXT, offsetof(report_values_t, out), "FILE", 0, 0,
      "where the page goes [DIR/report.html]" },
    { "rounds", OPTION_COUNT, offsetof(report_values_t, rounds), "N", 0, 1000,
      "of which the best is shown; 0: none" },
    { "seed", OPTION_COUNT, offsetof(report_values_t, seed), "N", 0, 1e15, "of those rounds" },
    { "game", OPTION_TEXT, offsetof(report_values_t, game), "ROM", 0, 0,
      "the game, if it is no longer where it was trained" },
    { "core", OPTION_TEXT, offsetof(report_values_t, core), "NAME|FILE", 0, 0,
      "the core, if it is not among those installed" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    report_values_t *v = values;
    v->rounds = 10;
    v->seed = 1;
}

/* ---- the best fight: filmed in the game's process, handed over in a file ---- */

typedef struct {
    const char *path; /* of the file */
    film_t *best, *now;
    bool has_best, best_won, best_lost;
    float best_return;
    int64_t frames, best_frames;
    double fps, aspect;
} filming_t;

static bool begin(void *user, const bridge_av_t *av, char *why)
{
    filming_t *f = user;
    (void)why;
    film_clear(f->now);
    f->frames = 0;
    f->fps = av->fps > 1 ? av->fps : 60;
    f->aspect = (double)av->aspect_ratio;
    return true;
}

static bool frame(void *user, const fight_frame_t *shown, char *why)
{
    filming_t *f = user;
    if (!shown->rgb) return true;
    if (shown->begins) film_move(f->now, shown->action);
    f->frames += shown->action >= 0;
    return film_frame(f->now, shown->rgb, shown->width_px, shown->height_px) ||
           refuse(why, "no memory for the best fight");
}

static bool end(void *user, const player_outcome_t *outcome, char *why)
{
    filming_t *f = user;
    (void)why;
    const bool won = outcome->result == PRESET_WON;
    const bool better = won != f->best_won ? won : outcome->episode_return > f->best_return;
    if (f->has_best && !better) return true;
    film_t *const before = f->best;
    f->best = f->now;
    f->now = before;
    f->has_best = true;
    f->best_won = won;
    f->best_lost = outcome->result == PRESET_LOST;
    f->best_return = outcome->episode_return;
    f->best_frames = f->frames;
    return true;
}

static bool finish(void *user, int32_t rounds, int32_t won, char *why)
{
    filming_t *f = user;
    FILE *out = fopen(f->path, "wb");
    if (!out) return refuse(why, "%.300s: cannot be written: %s", f->path, strerror(errno));
    fprintf(out,
            "\"rounds\":%d,\"won_rounds\":%d,\"result\":\"%s\",\"return\":%.4f,"
            "\"frames_played\":%lld,\"fps\":%.6g,\"aspect\":%.6g,",
            rounds, won,
            f->best_won    ? "Won"
            : f->best_lost ? "Lost"
                           : "Ended",
            (double)f->best_return, (long long)f->best_frames, f->fps, f->aspect);
    const bool filmed = film_write(f->best, out), written = !ferror(out);
    if (fclose(out) == 0 && filmed && written) return true;
    return refuse(why, "%.300s: cannot be written", f->path);
}

/* ---- the page ---- */

typedef struct {
    const report_values_t *values;
    const char *named; /* a game or a folder */
    char dir[HOME_PATH_BYTES];
    char out[HOME_PATH_BYTES], fight_path[HOME_PATH_BYTES + 16];
    cJSON *session;
    live_view_t live;
    bool has_live, interrupted;
    preset_t *preset;
    curve_t curve;
    moves_t moves;
    drift_t drift;
    progress_t progress;
    FILE *fight;
    why_t why;
} report_command_t;

/* False: there is none, and r->why says why. */
static bool film_the_best(report_command_t *r)
{
    game_t game = { 0 };
    actor_config_t actor;
    char agent[HOME_PATH_BYTES + 32];
    filming_t filming = { .path = r->fight_path };
    if (!training_folder_open(&game, r->dir, r->session, r->values->game, r->values->core, r->why))
        return false;
    filming.best = film_create();
    filming.now = film_create();
    bool ok = (filming.best && filming.now) || refuse(r->why, "no memory for the best fight");
    if (ok) {
        fight_request_t request = training_folder_fight(&game, &actor, r->values->seed, agent);
        request.rounds = (int32_t)r->values->rounds;
        request.watch = (fight_watch_t){ &filming, begin, frame, end, finish };
        request.progress = &r->progress;
        ok = fight_play(&request, &r->interrupted, r->why);
    }
    if (ok && !r->interrupted && !(r->fight = fopen(r->fight_path, "rb")))
        ok = refuse(r->why, "%.300s: %s", r->fight_path, strerror(errno));
    (void)unlink(r->fight_path);
    film_destroy(filming.best);
    film_destroy(filming.now);
    game_close(&game);
    return ok;
}

static bool read_folder(report_command_t *r)
{
    char path[HOME_PATH_BYTES];
    r->session = live_read_session(r->dir, NULL);
    r->has_live = live_read(&r->live, r->dir, NULL);
    if (snprintf(path, sizeof path, "%s/preset.json", r->dir) < (int)sizeof path &&
        access(path, F_OK) == 0)
        (void)preset_load(&r->preset, path, NULL);
    const int32_t num_actions = training_page_num_actions(r->session, r->preset);
    if (!curve_open(&r->curve, r->dir, UINT64_MAX) || !moves_read(&r->moves, r->dir, num_actions) ||
        !drift_read(&r->drift, r->dir))
        return refuse(r->why, "no memory for what %.300s holds", r->dir);
    if (r->drift.num_actions > 0 && r->drift.num_actions != num_actions) drift_free(&r->drift);
    if (r->session || r->curve.num_points > 0) return true;
    return refuse(r->why,
                  "%.300s: no training is in it: there is neither a session.json nor a log.jsonl "
                  "that can be read",
                  r->dir);
}

static int write_page(report_command_t *r)
{
    files_writer_t out;
    if (!files_replace_open(&out, r->out, r->why)) return say_failed("%s", r->why);
    const training_page_t page = { .session = r->session,
                                   .live = r->has_live ? &r->live : NULL,
                                   .preset = r->preset,
                                   .curve = &r->curve,
                                   .moves = &r->moves,
                                   .drift = &r->drift,
                                   .fight = r->fight,
                                   .fight_was_wanted = r->values->rounds > 0 };
    if (!training_page_write(&page, out.stream)) {
        files_replace_abort(&out);
        return say_failed("%.300s: no memory for the page", r->out);
    }
    if (!files_replace_commit(&out, r->why)) return say_failed("%s", r->why);
    say("Report: %s\n", r->out);
    return EXIT_OK;
}

static int report(report_command_t *r)
{
    if (!training_folder_find(r->dir, r->named, r->why) || !read_folder(r))
        return say_failed("%s", r->why);
    const int length = r->values->out ? snprintf(r->out, sizeof r->out, "%s", r->values->out)
                                      : snprintf(r->out, sizeof r->out, "%s/report.html", r->dir);
    if (length >= (int)sizeof r->out) return say_failed("%.200s...: too long a path", r->out);
    snprintf(r->fight_path, sizeof r->fight_path, "%s.tmp-fight", r->out);
    interrupt_catch();
    progress_begin(&r->progress);
    if (r->values->rounds > 0 && !film_the_best(r))
        fprintf(voice_err(), "kata: the report has no fight: %s\n", r->why);
    if (r->interrupted) return EXIT_INTERRUPTED;
    return write_page(r);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    report_command_t *r = calloc(1, sizeof *r);
    if (!r) return say_failed("no memory for a report");
    r->values = values;
    r->named = arguments[0];
    const int status = report(r);
    if (r->fight) fclose(r->fight);
    cJSON_Delete(r->session);
    preset_free(r->preset);
    curve_close(&r->curve);
    moves_free(&r->moves);
    drift_free(&r->drift);
    free(r);
    return status;
}

const command_t command_report = {
    .name = "report",
    .arguments = "GAME|DIR",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "a training as one page: curves, moves, its best fight",
    .about =
        "Writes a page of what is known of a game's training: win rate, return and loss, which "
        "moves\n"
        "were played when, how alike they were found over time, versions and settings; and, "
        "played\n"
        "anew by the agent as it is saved, the best of a few rounds, with the notation of its\n"
        "moves. One file of HTML that fetches nothing and names no path of this machine. May be\n"
        "called while the training runs.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  After `kata train game.nes`:\n"
                "    kata report game.nes --out page.html\n"
                "  After `kata train game.nes --dir /tmp/first`:\n"
                "    kata report /tmp/first\n"
                "  The curves alone, into a file of your own:\n"
                "    kata report /tmp/first --rounds 0 --out first.html\n",
    .values_bytes = sizeof(report_values_t),
    .defaults = defaults,
    .run = run,
};
