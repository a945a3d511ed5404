/* recording_replay.c - `kata recording replay ROM FILE`: a recording's pads pressed again, from
 * power-on, and where the game is then. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bridge.h"
#include "commands.h"
#include "digest.h"
#include "game.h"
#include "json_line.h"
#include "numbers.h"
#include "picture.h"
#include "recording.h"
#include "vision.h"
#include "voice.h"
#include "why.h"
#include "worker.h"

enum { CHUNK_FRAMES = 600, CHUNK_MS = 120000, MAX_PX = 1 << 20 };

typedef struct {
    const char *core, *out;
    bool json;
} recording_replay_values_t;

static const option_t rows[] = {
    { "core", OPTION_TEXT, offsetof(recording_replay_values_t, core), "NAME|PATH", 0, 0,
      "the libretro core, the one that it was recorded with [the first that opens the game]" },
    { "out", OPTION_TEXT, offsetof(recording_replay_values_t, out), "FILE", 0, 0,
      "the last picture, as a PNG" },
    { "json", OPTION_FLAG, offsetof(recording_replay_values_t, json), NULL, 0, 0,
      "one JSON object" },
};
static const option_group_t groups[] = { { "Options", rows, 3, 0 } };

typedef struct {
    const game_t *game;
    const recording_t *recording;
    int32_t num_frames; /* of its first segment */
} recording_replay_t;

/* Between the core's process and us. */
typedef struct {
    int32_t frames; /* played so far */
    char memory_sha1[41];
    uint32_t width_px, height_px; /* 0: there was no picture */
    uint8_t rgb[3 * MAX_PX];
} recording_replayed_t;

static void keep_picture(void *user, const bridge_frame_t *frame)
{
    recording_replayed_t *replayed = user;
    if (!vision_rgb(frame, replayed->rgb, MAX_PX)) return;
    replayed->width_px = frame->width_px;
    replayed->height_px = frame->height_px;
}

static void play_chunk(bridge_t *bridge, const recording_replay_t *replay,
                       recording_replayed_t *replayed)
{
    const bridge_observer_t observer = { .on_frame = keep_picture, .user = replayed };
    const int32_t end = replayed->frames + CHUNK_FRAMES;
    for (; replayed->frames < end && replayed->frames < replay->num_frames; replayed->frames++) {
        for (int32_t port = 0; port < replay->recording->num_ports; port++)
            bridge_hold(bridge, (uint32_t)port,
                        recording_pads(replay->recording, port)[replayed->frames]);
        bridge_run_frame(bridge, &observer);
    }
    size_t num_bytes;
    const void *memory = bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &num_bytes);
    if (memory) digest_sha1_hex(memory, num_bytes, replayed->memory_sha1);
}

static void replay_in_core(worker_child_t *child, void *shared, void *argument)
{
    const recording_replay_t *replay = argument;
    const bridge_config_t config = { .core_path = replay->game->core_path };
    bridge_t *bridge;
    why_t why;
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK ||
        bridge_load(bridge, replay->game->rom_path, NULL, 0, why) != BRIDGE_OK)
        worker_fail(child, why);
    while (worker_next(child)) {
        play_chunk(bridge, replay, shared);
        worker_reply(child);
    }
}

static bool run_replay(worker_t **worker, recording_replay_t *replay, why_t why)
{
    if (worker_start(worker, sizeof(recording_replayed_t), replay_in_core, replay,
                     replay->game->core_name, why) != WORKER_OK)
        return false;
    const recording_replayed_t *replayed = worker_shared(*worker);
    while (replayed->frames < replay->num_frames) {
        worker_post(*worker);
        if (worker_wait(*worker, CHUNK_MS, why) != WORKER_OK) return false;
    }
    return true;
}

static bool save_picture(const recording_replayed_t *replayed, const char *path, why_t why)
{
    if (replayed->width_px == 0) return refuse(why, "%.300s: the core showed no picture", path);
    const int32_t width = (int32_t)replayed->width_px, height = (int32_t)replayed->height_px;
    picture_t *picture = picture_create(width, height, 0);
    if (!picture) return refuse(why, "%.300s: no memory for a picture", path);
    signal(SIGXFSZ, SIG_IGN); /* as preset_file_save() */
    picture_image(picture, replayed->rgb, width, height, 0, 0, width, height);
    const bool ok = picture_save(picture, path, why);
    picture_destroy(picture);
    return ok;
}

static void print_text(const recording_replay_t *replay, const recording_replayed_t *replayed)
{
    const recording_t *recording = replay->recording;
    char frames[NUMBERS_BYTES];
    numbers_grouped(frames, (uint64_t)replayed->frames);
    say("%s: %s frames replayed on %s\n", recording->game[0] ? recording->game : "The recording",
        frames, replay->game->core_name);
    if (recording->num_segments > 1)
        say("  the first of %d segments: behind it a state was loaded, or the console reset\n",
            recording->num_segments);
    if (replayed->memory_sha1[0]) say("  memory  SHA-1 %s\n", replayed->memory_sha1);
}

static void print_json(const recording_replay_t *replay, const recording_replayed_t *replayed)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "game", replay->recording->game);
    cJSON_AddStringToObject(object, "core", replay->game->core_name);
    json_line_add_number(object, "frames", 0, replayed->frames);
    json_line_add_number(object, "segments", 0, replay->recording->num_segments);
    cJSON_AddStringToObject(object, "memory_sha1", replayed->memory_sha1);
    json_line_print(object);
}

static bool is_of_this_game(const recording_t *recording, const game_t *game, why_t why)
{
    return !recording->sha1[0] || strcmp(recording->sha1, game->identity.sha1) == 0 ||
           refuse(why, "it was recorded in another game or dump: its SHA-1 is %s, this one's %s",
                  recording->sha1, game->identity.sha1);
}

static int replay_recording(const recording_replay_values_t *v, const char *rom,
                            const recording_t *recording)
{
    game_t game = { 0 };
    worker_t *worker = NULL;
    why_t why;
    /* What the core prints is not the command's answer. */
    if (!game_identify(&game, rom, why) || !is_of_this_game(recording, &game, why) ||
        !game_find_core(&game, v->core, why) || !voice_split(NULL, why))
        return say_failed("%s", why);
    recording_replay_t replay = { .game = &game,
                                  .recording = recording,
                                  .num_frames = recording->num_segments > 1
                                                    ? recording->segments[1]
                                                    : recording->num_frames };
    bool ok = run_replay(&worker, &replay, why);
    const recording_replayed_t *replayed = ok ? worker_shared(worker) : NULL;
    if (ok && v->out) ok = save_picture(replayed, v->out, why);
    if (ok && v->json) print_json(&replay, replayed);
    if (ok && !v->json) print_text(&replay, replayed);
    worker_kill(worker);
    return ok ? EXIT_OK : say_failed("%s", why);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    recording_t recording;
    why_t why;
    if (!recording_read(&recording, arguments[1], why)) return say_failed("%s", why);
    const int status = replay_recording(values, arguments[0], &recording);
    recording_free(&recording);
    return status;
}

const command_t command_recording_replay = {
    .name = "recording replay",
    .arguments = "ROM FILE",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "press a recording's pads again, from power-on",
    .about =
        "Plays FILE's pads in ROM without a window, and says where the game is at the end: a\n"
        "digest of its memory, and its picture. That is the recorded session again where it was\n"
        "recorded from power-on (`kata play ROM --record FILE`) with the same core, its options\n"
        "as they are at first and no battery save. Of several segments the first is played.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  The evening's last picture:\n"
                "    kata play game.nes --record evening.kata-recording\n"
                "    kata recording replay game.nes evening.kata-recording --out last.png\n",
    .values_bytes = sizeof(recording_replay_values_t),
    .run = run,
};
