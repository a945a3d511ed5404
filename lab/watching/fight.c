/* fight.c - see fight.h. */
#include "fight.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "interrupt.h"
#include "masher.h"
#include "note.h"
#include "policy.h"
#include "vision.h"
#include "why.h"
#include "worker.h"

enum { MAX_SAMPLES = 1 << 16, LOOK_MS = 100, SILENCE_S = 60 };

typedef struct {
    atomic_int round, won;
    atomic_llong frames;
} board_t; /* shared with the child */

typedef struct {
    const fight_request_t *request;
    board_t *board;
    bridge_t *bridge;
    player_t *player;
    policy_t *policy;
    masher_t masher;
    uint8_t *rgb; /* (3 * ACTOR_SCREEN_MAX_PX), the last picture that was drawn */
    int32_t width_px, height_px;
    int16_t (*sound)[2]; /* (MAX_SAMPLES), of this frame; what does not fit is lost */
    size_t num_samples;
    char note[NOTE_BYTES];
    why_t why;
} fight_game_t;

/* ---- in the child ---- */

static void on_frame(void *user, const bridge_frame_t *frame)
{
    fight_game_t *f = user;
    if (!frame->pixels || !vision_rgb(frame, f->rgb, ACTOR_SCREEN_MAX_PX)) return;
    f->width_px = (int32_t)frame->width_px;
    f->height_px = (int32_t)frame->height_px;
}

static void on_sound(void *user, const int16_t *samples, size_t num_frames)
{
    fight_game_t *f = user;
    const size_t room = MAX_SAMPLES - f->num_samples;
    if (num_frames > room) num_frames = room;
    memcpy(f->sound + f->num_samples, samples, num_frames * sizeof *f->sound);
    f->num_samples += num_frames;
}

static bool enter(fight_game_t *f)
{
    const actor_config_t *game = f->request->game;
    const bridge_config_t bridge = { .core_path = game->core_path };
    why_t cause;
    if (policy_load(&f->policy, f->request->agent_path, f->note, sizeof f->note, f->why) !=
        AGENT_OK)
        return false;
    if (!note_fits(f->note, policy_config(f->policy), game->preset, cause))
        return refuse(f->why, "%.300s: %.500s", f->request->agent_path, cause);
    if (bridge_open(&f->bridge, &bridge, f->why) != BRIDGE_OK ||
        bridge_load(f->bridge, game->content_path, NULL, 0, f->why) != BRIDGE_OK)
        return false;
    player_config_t player;
    actor_player_config(&player, game, f->bridge);
    player.eyes = policy_config(f->policy)->eyes;
    f->rgb = malloc(3 * (size_t)ACTOR_SCREEN_MAX_PX);
    f->sound = malloc(MAX_SAMPLES * sizeof *f->sound);
    if (!f->rgb || !f->sound) return refuse(f->why, "no memory for the game's pictures");
    return player_create(&f->player, &player, f->why) &&
           player_boot(f->player, game->start, f->why);
}

static bool show(fight_game_t *f, int32_t action, bool begins)
{
    const fight_watch_t *watch = &f->request->watch;
    const fight_frame_t frame = { .rgb = f->width_px ? f->rgb : NULL,
                                  .width_px = f->width_px,
                                  .height_px = f->height_px,
                                  .sound = &f->sound[0][0],
                                  .num_samples = f->num_samples,
                                  .action = action,
                                  .begins = begins,
                                  .pad = player_pad(f->player, f->request->game->port) };
    f->board->frames++;
    return watch->frame(watch->user, &frame, f->why);
}

static const player_news_t *run_frame(fight_game_t *f)
{
    const bridge_observer_t observer = { .on_frame = on_frame, .user = f, .on_sound = on_sound };
    f->num_samples = 0;
    if (f->request->game->versus == OPPONENT_MASHER)
        bridge_hold(f->bridge, f->request->game->port ^ 1, masher_next(&f->masher));
    return player_frame(f->player, &observer);
}

/* Until the end, which is put into *outcome. */
static bool play_round(fight_game_t *f, player_outcome_t *outcome)
{
    const uint32_t port = f->request->game->port;
    int64_t frames = 0;
    for (;;) {
        const int32_t action = policy_greedy(f->policy, player_observation(f->player, port), 0);
        player_begin(f->player, port, action);
        const player_news_t *news;
        bool begins = true;
        do {
            news = run_frame(f);
            if (!show(f, action, begins)) return false;
            begins = false;
            frames++;
        } while (!(news->closed >> port & 1));
        *outcome = news->outcomes[port];
        if (outcome->terminal || outcome->truncated) return true;
        if (f->request->max_frames > 0 && frames >= f->request->max_frames) {
            outcome->truncated = true;
            return true;
        }
    }
}

static bool play_rounds(fight_game_t *f)
{
    const actor_config_t *game = f->request->game;
    const fight_watch_t *watch = &f->request->watch;
    const bridge_av_t av = bridge_av(f->bridge);
    for (int32_t n = 0; n < f->request->rounds; n++) {
        player_outcome_t outcome = { 0 };
        f->board->round = n;
        player_seed(f->player, game->seed + (uint64_t)n);
        masher_init(&f->masher, game->preset, game->seed + (uint64_t)n);
        if (!player_reset(f->player, f->why)) return false;
        if (watch->begin && !watch->begin(watch->user, &av, f->why)) return false;
        if (!play_round(f, &outcome)) return false;
        for (int32_t i = 0; i < FIGHT_AFTERMATH_FRAMES; i++) {
            (void)run_frame(f);
            if (!show(f, -1, false)) return false;
        }
        f->board->won += outcome.result == PRESET_WON;
        if (watch->end && !watch->end(watch->user, &outcome, f->why)) return false;
    }
    return watch->finish(watch->user, f->request->rounds, f->board->won, f->why);
}

static void body(worker_child_t *child, void *shared, void *argument)
{
    fight_game_t *f = calloc(1, sizeof *f);
    if (!f) worker_fail(child, "no memory for a game");
    f->request = argument;
    f->board = shared;
    while (worker_next(child)) {
        if (!enter(f) || !play_rounds(f)) worker_fail(child, f->why);
        worker_reply(child);
    }
    player_destroy(f->player);
    bridge_close(f->bridge);
    policy_destroy(f->policy);
    free(f->rgb);
    free(f->sound);
    free(f);
}

/* ---- in the parent ---- */

static void show_progress(const fight_request_t *request, board_t *board)
{
    char text[80];
    if (!request->progress) return;
    snprintf(text, sizeof text, "playing: round %d of %d, won %d, %lld frames", board->round + 1,
             request->rounds, board->won, (long long)board->frames);
    progress_show_text(request->progress, text);
}

/* Until the child has replied. */
static bool wait_for(worker_t *worker, const fight_request_t *request, bool *interrupted, char *why)
{
    board_t *board = worker_shared(worker);
    double moved_at = clock_now();
    long long frames = -1;
    for (;;) {
        why_t cause;
        const worker_status_t status = worker_wait(worker, LOOK_MS, cause);
        if (status == WORKER_OK) return true;
        if (status != WORKER_TIMEOUT) return refuse(why, "%s", cause);
        if (interrupt_asked()) {
            *interrupted = true;
            return true;
        }
        if (board->frames != frames) moved_at = clock_now();
        frames = board->frames;
        if (clock_now() - moved_at > SILENCE_S)
            return refuse(why, "%s hangs: no frame for %d seconds", worker_name(worker), SILENCE_S);
        show_progress(request, board);
    }
}

bool fight_play(const fight_request_t *request, bool *interrupted, why_t why)
{
    worker_t *worker;
    char name[256];
    *interrupted = false;
    snprintf(name, sizeof name, "%.120s playing %.100s", files_name(request->game->core_path),
             preset_game(request->game->preset));
    if (worker_start(&worker, sizeof(board_t), body, (void *)(uintptr_t)request, name, why) !=
        WORKER_OK)
        return false;
    worker_post(worker);
    const bool ok = wait_for(worker, request, interrupted, why);
    worker_stop(worker);
    if (request->progress) progress_clear(request->progress);
    return ok;
}
