/* sandbox.c - a game in a worker process that does one thing at a time and shows its memory. */
#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "files.h"
#include "vision.h"
#include "why.h"
#include "worker.h"

typedef enum { ASK_OPEN, ASK_BOOT, ASK_RUN, ASK_PLAY, ASK_SAVE, ASK_LOAD } ask_t;

/* Shared between us and the worker. Written by the side whose turn it is. */
typedef struct {
    ask_t ask;
    int32_t start, frames, slot;
    uint32_t port;
    macro_t macro;

    bool refused;
    why_t why;
    int32_t num_ranges;
    search_range_t ranges[BRIDGE_MAX_RANGES];
    uint64_t num_frames;
    uint32_t width_px, height_px; /* of the picture; 0: none */
    uint8_t picture[3 * ACTOR_SCREEN_MAX_PX];
    uint8_t memory[SEARCH_MAX_BYTES];
} sandbox_desk_t;

struct sandbox {
    sandbox_config_t config;
    char core_path[4096], content_path[4096], name[256];
    worker_t *worker;
    sandbox_desk_t *desk;
    bool is_dead;
};

/* ---- in the worker
 * ------------------------------------------------------------------------------- */

typedef struct {
    const preset_t *preset;
    sandbox_desk_t *desk;
    bridge_t *bridge;
    player_t *player;
    void *states[SANDBOX_MAX_STATES]; /* (state_bytes) each; NULL: empty */
    size_t state_bytes[SANDBOX_MAX_STATES];
    uint64_t booted_frames; /* that the player ran */
    bool was_run;
} sandbox_game_t;

static void keep_picture(void *user, const bridge_frame_t *frame)
{
    sandbox_desk_t *desk = user;
    if (!frame->pixels || !vision_rgb(frame, desk->picture, ACTOR_SCREEN_MAX_PX)) return;
    desk->width_px = frame->width_px;
    desk->height_px = frame->height_px;
}

static void run_frame(sandbox_game_t *game)
{
    bridge_run_frame(game->bridge,
                     &(bridge_observer_t){ .on_frame = keep_picture, .user = game->desk });
    game->desk->num_frames++;
    game->was_run = true;
}

static void release_pads(const sandbox_game_t *game)
{
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++) bridge_release(game->bridge, port);
}

static bool boot(sandbox_game_t *game)
{
    sandbox_desk_t *desk = game->desk;
    if (game->was_run) bridge_reset(game->bridge);
    const bool ok = player_boot(game->player, desk->start, desk->why);
    desk->num_frames += player_frames(game->player) - game->booted_frames;
    game->booted_frames = player_frames(game->player);
    run_frame(game); /* the player keeps its pictures to itself */
    return ok;
}

static bool play(sandbox_game_t *game)
{
    const sandbox_desk_t *desk = game->desk;
    for (int32_t f = 0; f < desk->macro.num_frames; f++) {
        bridge_hold(game->bridge, desk->port, macro_pad_at(&desk->macro, f, false));
        run_frame(game);
    }
    release_pads(game);
    return true;
}

static bool keep_state(sandbox_game_t *game)
{
    sandbox_desk_t *desk = game->desk;
    void **state = &game->states[desk->slot];
    const size_t num_bytes = bridge_state_bytes(game->bridge);
    void *fresh = malloc(num_bytes + 1);
    if (!fresh) return refuse(desk->why, "no memory for a state");
    if (bridge_save(game->bridge, fresh, num_bytes, desk->why) != BRIDGE_OK) {
        free(fresh);
        return false;
    }
    free(*state);
    *state = fresh;
    game->state_bytes[desk->slot] = num_bytes;
    return true;
}

static bool answer(sandbox_game_t *game)
{
    sandbox_desk_t *desk = game->desk;
    switch (desk->ask) {
    case ASK_OPEN: return true;
    case ASK_BOOT: return boot(game);
    case ASK_RUN:
        for (int32_t f = 0; f < desk->frames; f++) run_frame(game);
        return true;
    case ASK_PLAY: return play(game);
    case ASK_SAVE: return keep_state(game);
    case ASK_LOAD:
        if (!game->states[desk->slot]) return refuse(desk->why, "nothing was saved there");
        return bridge_restore(game->bridge, game->states[desk->slot], game->state_bytes[desk->slot],
                              desk->why) == BRIDGE_OK;
    }
    return false;
}

/* The console's ranges that a preset may name, as many whole ones as there is room for. */
static void find_ranges(sandbox_game_t *game, worker_child_t *child)
{
    sandbox_desk_t *desk = game->desk;
    const uint64_t base = preset_ram_base(game->preset), bytes = preset_ram_bytes(game->preset);
    bridge_range_t found[BRIDGE_MAX_RANGES];
    const int32_t num_found = bridge_ram(game->bridge, base, found, BRIDGE_MAX_RANGES);
    size_t room = SEARCH_MAX_BYTES;
    why_t why;
    desk->num_ranges = 0;
    for (int32_t r = 0; r < num_found; r++) {
        uint64_t from = found[r].address, to = from + found[r].num_bytes;
        if (bytes && from < base) from = base;
        if (bytes && to > base + bytes) to = base + bytes;
        if (preset_word_swapped(game->preset)) from = (from + 1) & ~UINT64_C(1), to &= ~UINT64_C(1);
        if (to > UINT64_C(1) << 32) to = UINT64_C(1) << 32; /* presets count no further */
        if (from >= to) continue;
        if (to - from > room) {
            refuse(why, "%s shows more than the %zu MiB of memory that can be searched",
                   bridge_core(game->bridge).name, SEARCH_MAX_BYTES >> 20);
            worker_fail(child, why);
        }
        room -= (size_t)(to - from);
        desk->ranges[desk->num_ranges++] =
            (search_range_t){ .address = from, .num_bytes = (size_t)(to - from) };
    }
    if (desk->num_ranges > 0) return;
    refuse(why, "%s shows no memory that can be searched", bridge_core(game->bridge).name);
    worker_fail(child, why);
}

/* A range that was switched away keeps the bytes that were seen last. */
static void copy_memory(sandbox_game_t *game)
{
    sandbox_desk_t *desk = game->desk;
    uint8_t *to = desk->memory;
    for (int32_t r = 0; r < desk->num_ranges; r++) {
        const size_t num_bytes = desk->ranges[r].num_bytes;
        const uint8_t *from = bridge_address(game->bridge, desk->ranges[r].address, num_bytes,
                                             preset_ram_base(game->preset));
        if (from && preset_word_swapped(game->preset))
            for (size_t i = 0; i < num_bytes; i++) to[i] = from[i ^ 1];
        else if (from)
            memcpy(to, from, num_bytes);
        to += num_bytes;
    }
}

static void sandbox_body(worker_child_t *child, void *shared, void *argument)
{
    const sandbox_t *sandbox = argument;
    const sandbox_config_t *config = &sandbox->config;
    why_t why;
    sandbox_game_t game = { .preset = config->preset, .desk = shared };
    const bridge_config_t bridge_config = { .core_path = config->core_path };
    if (bridge_open(&game.bridge, &bridge_config, why) != BRIDGE_OK ||
        bridge_load(game.bridge, config->content_path, NULL, 0, why) != BRIDGE_OK)
        worker_fail(child, why);
    player_config_t player_config;
    player_config_defaults(&player_config, game.bridge, config->preset);
    if (!player_create(&game.player, &player_config, why)) worker_fail(child, why);
    find_ranges(&game, child);

    while (worker_next(child)) {
        game.desk->refused = !answer(&game);
        copy_memory(&game);
        worker_reply(child);
    }
    player_destroy(game.player);
    bridge_close(game.bridge);
    for (int32_t s = 0; s < SANDBOX_MAX_STATES; s++) free(game.states[s]);
}

/* ---- in the parent
 * ------------------------------------------------------------------------------- */

static bool ask(sandbox_t *sandbox, ask_t what, char *why)
{
    sandbox->desk->ask = what;
    worker_post(sandbox->worker);
    if (worker_wait(sandbox->worker, sandbox->config.request_limit_ms, why) != WORKER_OK) {
        sandbox->is_dead = true;
        return false;
    }
    return !sandbox->desk->refused || refuse(why, "%s", sandbox->desk->why);
}

bool sandbox_open(sandbox_t **out, const sandbox_config_t *config, why_t why)
{
    *out = NULL;
    sandbox_t *sandbox = calloc(1, sizeof *sandbox);
    if (!sandbox) return refuse(why, "no memory for a sandbox");
    sandbox->config = *config;
    snprintf(sandbox->core_path, sizeof sandbox->core_path, "%s", config->core_path);
    snprintf(sandbox->content_path, sizeof sandbox->content_path, "%s", config->content_path);
    sandbox->config.core_path = sandbox->core_path;
    sandbox->config.content_path = sandbox->content_path;
    if (sandbox->config.request_limit_ms == 0) sandbox->config.request_limit_ms = 120000;
    snprintf(sandbox->name, sizeof sandbox->name, "%.100s playing %.100s",
             files_name(sandbox->core_path), files_name(sandbox->content_path));
    if (worker_start(&sandbox->worker, sizeof(sandbox_desk_t), sandbox_body, sandbox, sandbox->name,
                     why) != WORKER_OK) {
        free(sandbox);
        return false;
    }
    sandbox->desk = worker_shared(sandbox->worker);
    if (ask(sandbox, ASK_OPEN, why)) {
        *out = sandbox;
        return true;
    }
    sandbox_close(sandbox);
    return false;
}

void sandbox_close(sandbox_t *sandbox)
{
    if (!sandbox) return;
    worker_stop(sandbox->worker);
    free(sandbox);
}

bool sandbox_is_dead(const sandbox_t *sandbox)
{
    return sandbox->is_dead;
}

bool sandbox_boot(sandbox_t *sandbox, int32_t start, why_t why)
{
    sandbox->desk->start = start;
    return ask(sandbox, ASK_BOOT, why);
}

bool sandbox_run(sandbox_t *sandbox, int32_t frames, why_t why)
{
    if (frames < 1 || frames > SANDBOX_MAX_FRAMES)
        return refuse(why, "frames must be 1..%d, found %d", SANDBOX_MAX_FRAMES, frames);
    sandbox->desk->frames = frames;
    return ask(sandbox, ASK_RUN, why);
}

bool sandbox_play(sandbox_t *sandbox, uint32_t port, const macro_t *macro, why_t why)
{
    if (port >= BRIDGE_MAX_PORTS)
        return refuse(why, "port must be 1..%d, found %u", BRIDGE_MAX_PORTS, port + 1);
    sandbox->desk->port = port;
    sandbox->desk->macro = *macro;
    return ask(sandbox, ASK_PLAY, why);
}

static bool ask_slot(sandbox_t *sandbox, ask_t what, int32_t slot, char *why)
{
    if (slot < 0 || slot >= SANDBOX_MAX_STATES)
        return refuse(why, "there is room for %d states", SANDBOX_MAX_STATES);
    sandbox->desk->slot = slot;
    return ask(sandbox, what, why);
}

bool sandbox_save(sandbox_t *sandbox, int32_t slot, why_t why)
{
    return ask_slot(sandbox, ASK_SAVE, slot, why);
}

bool sandbox_load(sandbox_t *sandbox, int32_t slot, why_t why)
{
    return ask_slot(sandbox, ASK_LOAD, slot, why);
}

const search_range_t *sandbox_ranges(const sandbox_t *sandbox, int32_t *num_ranges)
{
    *num_ranges = sandbox->desk->num_ranges;
    return sandbox->desk->ranges;
}

const uint8_t *sandbox_memory(const sandbox_t *sandbox)
{
    return sandbox->desk->memory;
}

const uint8_t *sandbox_picture(const sandbox_t *sandbox, int32_t *width_px, int32_t *height_px)
{
    *width_px = (int32_t)sandbox->desk->width_px;
    *height_px = (int32_t)sandbox->desk->height_px;
    return *width_px > 0 ? sandbox->desk->picture : NULL;
}

uint64_t sandbox_frames(const sandbox_t *sandbox)
{
    return sandbox->desk->num_frames;
}
