/* bench_frontend.c - see bench_frontend.h. */
#define _GNU_SOURCE
#include "bench_frontend.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "options.h"
#include "why.h"

/* Of each worker: on Windows they are threads. */
static _Thread_local bench_frontend_config_t asked;
static _Thread_local uint32_t frame_idx; /* decides the pads */
static _Thread_local options_t options;  /* defaults, or what the plugin is to choose */
static _Thread_local why_t said,
    warned; /* the lines of the log that bench_frontend_agent_plays() needs */

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
    if (!asked.presses_buttons) return 0;
    if ((device & RETRO_DEVICE_MASK) != RETRO_DEVICE_JOYPAD) return 0;
    const unsigned pressed = frame_idx / 8 % 8;
    if (id == RETRO_DEVICE_ID_JOYPAD_MASK) return (int16_t)(0x0101u << pressed);
    return id % 8 == pressed;
}

/* What RetroArch has, too, and cores rely on: mednafen_vb calls its log without asking whether
 * there is one. Of what the plugin says, kept is which agent plays, and the last warning. */
__attribute__((format(printf, 2, 3))) static void take_log(enum retro_log_level level,
                                                           const char *format, ...)
{
    if (!asked.agent_home || level < RETRO_LOG_INFO) return;
    why_t line;
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    line[strcspn(line, "\n")] = '\0';
    if (level >= RETRO_LOG_WARN) memcpy(warned, line, sizeof line);
    if (strstr(line, "the agent for ") || strstr(line, "it goes on learning "))
        memcpy(said, line, sizeof line);
}

static retro_time_t time_usec(void)
{
    return (retro_time_t)(1e6 * clock_now());
}

static retro_perf_tick_t perf_counter(void)
{
    return (retro_perf_tick_t)(1e9 * clock_now());
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
    case RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY:
        *(const char **)data = asked.agent_home ? asked.agent_home : ".";
        return true;
    case RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE: *(bool *)data = false; return true;
    case RETRO_ENVIRONMENT_SET_PIXEL_FORMAT:
    case RETRO_ENVIRONMENT_GET_INPUT_BITMASKS:
    case RETRO_ENVIRONMENT_SET_GEOMETRY:
    case RETRO_ENVIRONMENT_SET_SYSTEM_AV_INFO:
    case RETRO_ENVIRONMENT_SET_MEMORY_MAPS: return true;
    case RETRO_ENVIRONMENT_GET_MESSAGE_INTERFACE_VERSION:
        *(unsigned *)data = 1;
        return asked.learns;
    case RETRO_ENVIRONMENT_SET_MESSAGE_EXT: return asked.learns;
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

/* The plugin finds its inner cores by folder and name. */
static void name_core_for_plugin(const char *core_path)
{
    char folder[LIBRARY_PATH_BYTES], core_name[64];
    snprintf(folder, sizeof folder, "%s", core_path);
    char *const slash = strrchr(folder, '/');
    snprintf(core_name, sizeof core_name, "%.63s", slash ? slash + 1 : folder);
    char *const suffix = strstr(core_name, "_libretro" FILES_LIBRARY_SUFFIX);
    if (suffix) *suffix = '\0';
    if (slash) *slash = '\0';
    options_answer(&options, "kata_core", core_name);
    options_answer(&options, "kata_mode",
                   !asked.agent_home ? "off"
                   : asked.learns    ? "learn"
                                     : "play");
    if (asked.learns) options_answer(&options, "kata_overlay", "full");
    if (asked.agent_home) setenv("KATA_HOME", asked.agent_home, 1);
    setenv("KATA_CORE_PATH", slash ? folder : ".", 1);
}

bool bench_frontend_open(library_t *core, const bench_frontend_config_t *config, why_t why)
{
    asked = *config;
    if (asked.plugin_path) name_core_for_plugin(asked.core_path);
    const char *path = asked.plugin_path ? asked.plugin_path : asked.core_path;
    uint8_t *bytes = NULL;
    struct retro_system_info info = { 0 };
    struct retro_game_info content = { .path = asked.content_path };
    if (library_open_any(core, path, why) != BRIDGE_OK) return false;
    core->get_system_info(&info);
    if (!info.need_fullpath) {
        if (!files_read(content.path, (size_t)1 << 30, &bytes, &content.size, why)) return false;
        content.data = bytes; /* kept until the process ends */
    }
    core->set_environment(answer);
    core->set_video_refresh(take_video);
    core->set_audio_sample(take_sample);
    core->set_audio_sample_batch(take_batch);
    core->set_input_poll(poll_pads);
    core->set_input_state(ask_pad);
    core->init();
    if (!core->load_game(&content)) return refuse(why, "the core does not open the content");
    core->set_controller_port_device(0, RETRO_DEVICE_JOYPAD);
    core->set_controller_port_device(1, RETRO_DEVICE_JOYPAD);
    return true;
}

struct bridge_host *bench_frontend_host(void)
{
    asked = (bench_frontend_config_t){ .presses_buttons = true };
    return &host;
}

void bench_frontend_next_frame(void)
{
    frame_idx++;
}

bool bench_frontend_agent_plays(why_t why)
{
    if (said[0]) return true;
    return refuse(why, "the plugin plays without the agent: %s", warned[0] ? warned : "no reason");
}
