/* passthrough_bench.c - two processes take turns; medians are compared. */
#define _GNU_SOURCE
#include "passthrough_bench.h"

#include "bridge_host.h"
#include "files.h"
#include "library.h"
#include "options.h"
#include "why.h"
#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PAIRS = 64, MAX_BLOCKS = 4096, MAX_BLOCK_FRAMES = 4096, REPLY_MS = 120000 };

typedef struct {
    passthrough_bench_config_t config;
    bool is_through_kata;
} bench_player_t;

/* ---- the frontend behind both: takes everything, keeps nothing ---- */

static uint32_t frame_idx; /* in a child only: decides the pads */

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static void take_video(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    (void)pixels, (void)width, (void)height, (void)pitch;
}

static void take_sample(int16_t left, int16_t right)
{
    (void)left, (void)right;
}

static size_t take_batch(const int16_t *samples, size_t num_frames)
{
    (void)samples;
    return num_frames;
}

static void poll_pads(void)
{
}

/* Every button for 8 of 64 frames, shifted by its number. */
static int16_t ask_pad(unsigned port, unsigned device, unsigned index, unsigned id)
{
    (void)port, (void)index;
    if ((device & RETRO_DEVICE_MASK) != RETRO_DEVICE_JOYPAD) return 0;
    const unsigned pressed = frame_idx / 8 % 8;
    if (id == RETRO_DEVICE_ID_JOYPAD_MASK) return (int16_t)(0x0101u << pressed);
    return id % 8 == pressed;
}

/* What RetroArch has, too, and cores rely on: mednafen_vb calls its log without asking whether
 * there is one. */
__attribute__((format(printf, 2, 3))) static void take_log(enum retro_log_level level,
                                                           const char *format, ...)
{
    (void)level, (void)format;
}

static retro_time_t time_usec(void)
{
    return (retro_time_t)now_us();
}

static retro_perf_tick_t perf_counter(void)
{
    return (retro_perf_tick_t)(now_us() * 1000);
}

static uint64_t cpu_features(void)
{
    return 0;
}

static void take_counter(struct retro_perf_counter *counter)
{
    counter->registered = true;
}

static void take_nothing(void)
{
}

static bool answer_perf(struct retro_perf_callback *perf)
{
    *perf = (struct retro_perf_callback){ time_usec,    cpu_features, perf_counter, take_counter,
                                          take_counter, take_counter, take_nothing };
    return true;
}

static options_t options; /* defaults, or what the plugin is to choose */

static bool answer_variable(struct retro_variable *variable)
{
    variable->value = options_value(&options, variable->key);
    return variable->value != NULL;
}

static bool answer(unsigned cmd, void *data)
{
    switch (cmd) {
    case RETRO_ENVIRONMENT_GET_VARIABLE: return answer_variable(data);
    case RETRO_ENVIRONMENT_GET_CAN_DUPE: *(bool *)data = true; return true;
    case RETRO_ENVIRONMENT_GET_LOG_INTERFACE:
        ((struct retro_log_callback *)data)->log = take_log;
        return true;
    case RETRO_ENVIRONMENT_GET_PERF_INTERFACE: return answer_perf(data);
    case RETRO_ENVIRONMENT_GET_SYSTEM_DIRECTORY:
    case RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY: *(const char **)data = "."; return true;
    case RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE: *(bool *)data = false; return true;
    case RETRO_ENVIRONMENT_SET_PIXEL_FORMAT:
    case RETRO_ENVIRONMENT_GET_INPUT_BITMASKS:
    case RETRO_ENVIRONMENT_SET_GEOMETRY:
    case RETRO_ENVIRONMENT_SET_SYSTEM_AV_INFO:
    case RETRO_ENVIRONMENT_SET_MEMORY_MAPS: return true;
    case RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION: *(unsigned *)data = 2; return true;
    case RETRO_ENVIRONMENT_SET_VARIABLES:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_INTL:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2_INTL: return options_capture(&options, cmd, data);
    default: return false;
    }
}

static struct bridge_host host = {
    .environment = answer,
    .video = take_video,
    .audio_sample = take_sample,
    .audio_batch = take_batch,
    .input_poll = poll_pads,
    .input_state = ask_pad,
};

/* ---- the child ---- */

/* The plugin finds its inner cores by folder and name. */
static void name_core_for_plugin(const char *core_path)
{
    char folder[LIBRARY_PATH_BYTES], core_name[64];
    snprintf(folder, sizeof folder, "%s", core_path);
    char *const slash = strrchr(folder, '/');
    snprintf(core_name, sizeof core_name, "%.63s", slash ? slash + 1 : folder);
    char *const suffix = strstr(core_name, "_libretro.so");
    if (suffix) *suffix = '\0';
    if (slash) *slash = '\0';
    options_answer(&options, "kata_core", core_name);
    options_answer(&options, "kata_mode", "off");
    setenv("KATA_CORE_PATH", slash ? folder : ".", 1);
}

static void open_direct(worker_child_t *child, const bench_player_t *player, library_t *core)
{
    const char *path = player->config.core_path;
    if (player->is_through_kata) {
        name_core_for_plugin(path);
        path = player->config.plugin_path;
    }
    why_t why;
    uint8_t *bytes = NULL;
    struct retro_system_info info = { 0 };
    struct retro_game_info content = { .path = player->config.content_path };
    if (library_open_any(core, path, why) != BRIDGE_OK) worker_fail(child, why);
    core->get_system_info(&info);
    if (!info.need_fullpath) {
        if (!files_read(content.path, (size_t)1 << 30, &bytes, &content.size, why))
            worker_fail(child, why);
        content.data = bytes; /* kept until the process ends */
    }
    core->set_environment(answer);
    core->set_video_refresh(take_video);
    core->set_audio_sample(take_sample);
    core->set_audio_sample_batch(take_batch);
    core->set_input_poll(poll_pads);
    core->set_input_state(ask_pad);
    core->init();
    if (!core->load_game(&content)) worker_fail(child, "the core does not open the content");
    core->set_controller_port_device(0, RETRO_DEVICE_JOYPAD);
    core->set_controller_port_device(1, RETRO_DEVICE_JOYPAD);
}

static bridge_t *open_bridged(worker_child_t *child, const bench_player_t *player)
{
    why_t why;
    bridge_t *bridge;
    const bridge_config_t config = { .core_path = player->config.core_path, .host = &host };
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK ||
        bridge_load(bridge, player->config.content_path, NULL, 0, why) != BRIDGE_OK)
        worker_fail(child, why);
    bridge_set_port_device(bridge, 0, RETRO_DEVICE_JOYPAD);
    bridge_set_port_device(bridge, 1, RETRO_DEVICE_JOYPAD);
    return bridge;
}

/* One block a request; the first one warms up and is not kept. */
static void play(worker_child_t *child, void *shared, void *argument)
{
    const bench_player_t *const player = argument;
    float *frame_us = shared;
    library_t core;
    bridge_t *bridge = NULL;
    if (player->is_through_kata && !player->config.plugin_path)
        bridge = open_bridged(child, player);
    else
        open_direct(child, player, &core);
    for (bool is_warm = false; worker_next(child); is_warm = true) {
        for (uint32_t i = 0; i < player->config.frames_per_block; i++, frame_idx++) {
            const double start = now_us();
            if (bridge)
                bridge_run_frame(bridge, NULL);
            else
                core.run();
            frame_us[i] = (float)(now_us() - start);
        }
        if (is_warm) frame_us += player->config.frames_per_block;
        worker_reply(child);
    }
    _exit(0); /* a core's own end is not what is measured */
}

/* ---- the parent ---- */

static int by_size(const void *left, const void *right)
{
    const float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static float median(float *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static bool one_block(worker_t *worker, why_t why)
{
    worker_post(worker);
    return worker_wait(worker, REPLY_MS, why) == WORKER_OK;
}

typedef struct {
    float ratio, direct_us, bridged_us;
} pair_t;

/* Neighbouring blocks are compared with each other, not with those a second later: a machine has
 * fast and slow moments (a busy neighbour on the same core), and they hit neighbours alike. */
static void summarize(pair_t *pair, const passthrough_bench_config_t *config, float *direct,
                      float *bridged)
{
    const size_t num_blocks = config->num_blocks, frames = config->frames_per_block;
    float ratios[MAX_BLOCKS];
    for (size_t i = 0; i < num_blocks; i++)
        ratios[i] = median(bridged + i * frames, frames) / median(direct + i * frames, frames);
    pair->ratio = median(ratios, num_blocks);
    pair->direct_us = median(direct, num_blocks * frames);
    pair->bridged_us = median(bridged, num_blocks * frames);
}

static bool measure_pair(pair_t *pair, const passthrough_bench_config_t *config, why_t why)
{
    bench_player_t players[2] = { { *config, false }, { *config, true } };
    worker_t *workers[2] = { NULL, NULL };
    const size_t frames = (size_t)config->num_blocks * config->frames_per_block;
    char name[256];
    bool ok = true;
    for (int i = 0; i < 2 && ok; i++) {
        snprintf(name, sizeof name, "%.180s %s", config->core_path,
                 players[i].is_through_kata ? "through Kata" : "direct");
        ok = worker_start(&workers[i], frames * sizeof(float), play, &players[i], name, why) ==
             WORKER_OK;
    }
    /* direct, bridged, bridged, direct: neither is always first. */
    for (uint32_t block = 0; ok && block <= config->num_blocks; block++)
        ok = one_block(workers[block & 1], why) && one_block(workers[~block & 1], why);
    if (ok) summarize(pair, config, worker_shared(workers[0]), worker_shared(workers[1]));
    worker_stop(workers[0]);
    worker_stop(workers[1]);
    return ok;
}

bool passthrough_bench(passthrough_bench_t *out, const passthrough_bench_config_t *config,
                       why_t why)
{
    passthrough_bench_config_t used = *config;
    pair_t pairs[MAX_PAIRS];
    if (used.num_pairs == 0) used.num_pairs = 7;
    if (used.num_blocks == 0) used.num_blocks = 150;
    if (used.frames_per_block == 0) used.frames_per_block = 8;
    if (used.num_pairs > MAX_PAIRS || used.num_blocks > MAX_BLOCKS ||
        used.frames_per_block > MAX_BLOCK_FRAMES) {
        refuse(why, "a bench has at most %d pairs of %d blocks of %d frames", MAX_PAIRS, MAX_BLOCKS,
               MAX_BLOCK_FRAMES);
        return false;
    }
    for (uint32_t i = 0; i < used.num_pairs; i++)
        if (!measure_pair(&pairs[i], &used, why)) return false;
    qsort(pairs, used.num_pairs, sizeof *pairs, by_size); /* its first member is the ratio */
    const pair_t *const middle = &pairs[used.num_pairs / 2];
    *out = (passthrough_bench_t){
        .direct_us = (double)middle->direct_us,
        .bridged_us = (double)middle->bridged_us,
        .ratio = (double)middle->ratio,
        .lowest_ratio = (double)pairs[0].ratio,
        .highest_ratio = (double)pairs[used.num_pairs - 1].ratio,
        .num_pairs = used.num_pairs,
        .frames_of_each_pair = used.num_blocks * used.frames_per_block,
    };
    return true;
}
