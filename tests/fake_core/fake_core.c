/* fake_core.c - see fake_core.h. Plain C, no dependencies, deterministic. */
#include "fake_core.h"

#include "fake_options.h"
#include "fake_script.h"
#include "libretro.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#ifndef FAKE_NAME
#define FAKE_NAME "Fake Core"
#endif
#ifndef FAKE_API
#define FAKE_API RETRO_API_VERSION
#endif
#ifndef FAKE_FULL_PATH
#define FAKE_FULL_PATH false
#endif

#define EXPORT __attribute__((visibility("default")))

static retro_environment_t environment;
static retro_video_refresh_t video;
static retro_audio_sample_t audio_sample;
static retro_audio_sample_batch_t audio_batch;
static retro_input_poll_t poll_input;
static retro_input_state_t input;

/* Everything that must be as new after deinit, if two instances are to behave alike. */
static struct {
    char script[1024];
    uint8_t ram[FAKE_RAM_BYTES];
    uint32_t seed;
    uint32_t frames;
    unsigned width, height;
    enum retro_pixel_format format;
    size_t state_bytes;
    const uint8_t *content;
    size_t content_bytes;
    uint8_t content_first;
    bool draws_on_card;
} core;
static fake_report_t report;
static retro_perf_get_time_usec_t read_time; /* NULL: not asked for */
static uint32_t num_inits; /* survives deinit on purpose: shows whether globals are shared */

/* ---- the script ---------------------------------------------------------------------------------
 */

static bool says(const char *word, char *value, size_t value_bytes)
{
    const char *const outside = getenv("FAKE_CORE");
    return fake_script_word(core.script, word, value, value_bytes) ||
           (outside && fake_script_word(outside, word, value, value_bytes));
}

static bool has(const char *word)
{
    return says(word, NULL, 0);
}

static bool is(const char *word, const char *value)
{
    char found[64];
    return says(word, found, sizeof found) && strcmp(found, value) == 0;
}

static long number(const char *word, long otherwise)
{
    char found[64];
    return says(word, found, sizeof found) ? atol(found) : otherwise;
}

static bool is_now(const char *word)
{
    return number(word, -1) == (long)core.frames;
}

/* ---- tables, from the stack ---- */

static void describe_pads(void)
{
    char text[3][16] = { "Punch", "Kick", "Robot" };
    struct retro_input_descriptor list[] = {
        { 0, RETRO_DEVICE_JOYPAD, 0, RETRO_DEVICE_ID_JOYPAD_A, text[0] },
        { 0, RETRO_DEVICE_JOYPAD, 0, RETRO_DEVICE_ID_JOYPAD_B, text[1] },
        { 1, RETRO_DEVICE_JOYPAD, 0, RETRO_DEVICE_ID_JOYPAD_X, text[0] },
        { 0 }
    };
    struct retro_controller_description types[] = {
        { text[2], RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 1) }, { "None", 0 }
    };
    struct retro_controller_info info[] = { { types, 2 }, { 0 } };
    report.answers[2] = environment(RETRO_ENVIRONMENT_SET_INPUT_DESCRIPTORS, list);
    report.answers[3] = environment(RETRO_ENVIRONMENT_SET_CONTROLLER_INFO, info);
    memset(text, 0, sizeof text);
    memset(list, 0xee, sizeof list);
    memset(types, 0xee, sizeof types);
    memset(info, 0xee, sizeof info);
}

static void describe_memory(void)
{
    char name[] = "CPU";
    struct retro_memory_descriptor list[] = {
        { .flags = RETRO_MEMDESC_SYSTEM_RAM,
          .ptr = core.ram,
          .start = 0x8000,
          .len = 128,
          .addrspace = name },
        { .ptr = core.ram, .offset = 128, .start = 0x10000, .select = 0xff0000, .len = 64 },
        { .ptr = NULL, .start = 0x20000, .len = 256 },
    };
    struct retro_memory_map map = { list, 3 };
    report.answers[4] = environment(RETRO_ENVIRONMENT_SET_MEMORY_MAPS, &map);
    memset(list, 0xee, sizeof list);
    name[0] = '\0';
}

static void on_frame_time(retro_usec_t usec)
{
    report.time_usec += usec;
}

/* Says to the frontend what no test could read in this core's memory once it is gone. */
static void accuse(const char *text)
{
    struct retro_message message = { text, 1 };
    environment(RETRO_ENVIRONMENT_SET_MESSAGE, &message);
}

static atomic_bool is_in_audio, has_content;

/* Takes a while, so that a test can close the core meanwhile. */
static void on_audio(void)
{
    is_in_audio = true;
    if (!has_content) accuse("audio callback without content");
    report.audio_callbacks++;
    usleep((useconds_t)number("audio_usec", 0));
    is_in_audio = false;
}

/* ---- Vulkan: only ever told of, never used ---- */

static void destroy_device(void)
{
    accuse("destroy_device");
}

/* As libretro_vulkan.h's interface of version 2 begins. */
static struct {
    int type;
    unsigned version;
    void (*functions[2])(void);
    void (*destroy_device)(void);
    void (*more[2])(void);
} negotiation = { 0, 2, { NULL, NULL }, destroy_device, { NULL, NULL } };

/* ---- cores that rely on what every frontend has ---- */

static bool has_log(void)
{
    struct retro_log_callback log = { 0 };
    return environment(RETRO_ENVIRONMENT_GET_LOG_INTERFACE, &log) && log.log;
}

static bool has_perf(void)
{
    static struct retro_perf_counter counter = { .ident = "fake" };
    struct retro_perf_callback perf = { 0 };
    if (!environment(RETRO_ENVIRONMENT_GET_PERF_INTERFACE, &perf)) return false;
    perf.perf_register(&counter);
    perf.perf_start(&counter);
    perf.perf_stop(&counter);
    perf.perf_log();
    report.cpu_features = perf.get_cpu_features();
    read_time = perf.get_time_usec;
    const int64_t before = read_time();
    report.clock_usec = read_time();
    return counter.registered && before != 0 && report.clock_usec >= before &&
           perf.get_perf_counter() <= perf.get_perf_counter();
}

/* ---- the entry points ---- */

EXPORT void retro_set_environment(retro_environment_t callback)
{
    environment = callback;
    bool no_game = true;
    if (has("no_game")) environment(RETRO_ENVIRONMENT_SET_SUPPORT_NO_GAME, &no_game);
    char extension[64];
    if (says("full_path", extension, sizeof extension)) {
        struct retro_system_content_info_override list[] = { { extension, true, false }, { 0 } };
        environment(RETRO_ENVIRONMENT_SET_CONTENT_INFO_OVERRIDE, list);
    }
    if (says("by_bytes", extension, sizeof extension)) {
        struct retro_system_content_info_override list[] = { { extension, false, true }, { 0 } };
        environment(RETRO_ENVIRONMENT_SET_CONTENT_INFO_OVERRIDE, list);
    }
    memset(extension, 0, sizeof extension);
    char shape[16];
    if (says("options", shape, sizeof shape)) fake_options_register(environment, shape);
}

EXPORT void retro_set_video_refresh(retro_video_refresh_t callback)
{
    video = callback;
}
EXPORT void retro_set_audio_sample(retro_audio_sample_t callback)
{
    audio_sample = callback;
}
EXPORT void retro_set_audio_sample_batch(retro_audio_sample_batch_t c)
{
    audio_batch = c;
}
EXPORT void retro_set_input_poll(retro_input_poll_t callback)
{
    poll_input = callback;
}
EXPORT void retro_set_input_state(retro_input_state_t callback)
{
    input = callback;
}

EXPORT void retro_init(void)
{
    memset(&core, 0, sizeof core);
    memset(&report, 0, sizeof report);
    report.inits = ++num_inits;
}

EXPORT void retro_deinit(void)
{
}

EXPORT unsigned retro_api_version(void)
{
    return FAKE_API;
}

EXPORT void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ FAKE_NAME, "1.0", "FAKE|Txt", FAKE_FULL_PATH, false };
}

EXPORT void retro_get_system_av_info(struct retro_system_av_info *info)
{
    *info =
        (struct retro_system_av_info){ .geometry = { core.width, core.height, 640, 480, 4.0f / 3 },
                                       .timing = { 60.0, 48000.0 } };
}

EXPORT void retro_set_controller_port_device(unsigned port, unsigned device)
{
    if (port < FAKE_PORTS) report.devices[port] = device;
}

EXPORT void retro_reset(void)
{
    core.frames = 0;
    core.seed = 1;
    report.resets++;
}

static void read_folders(void)
{
    const char *text = NULL;
    if (environment(RETRO_ENVIRONMENT_GET_SYSTEM_DIRECTORY, &text) && text)
        snprintf(report.system_dir, sizeof report.system_dir, "%s", text);
    text = NULL;
    if (environment(RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY, &text) && text)
        snprintf(report.save_dir, sizeof report.save_dir, "%s", text);
    text = NULL;
    if (environment(RETRO_ENVIRONMENT_GET_LIBRETRO_PATH, &text) && text)
        snprintf(report.libretro_path, sizeof report.libretro_path, "%s", text);
}

static void read_option(char out[64])
{
    struct retro_variable variable = { "fake_speed", NULL };
    out[0] = '\0';
    if (environment(RETRO_ENVIRONMENT_GET_VARIABLE, &variable) && variable.value)
        snprintf(out, 64, "%s", variable.value);
}

static void report_content(const struct retro_game_info *game)
{
    const struct retro_game_info_ext *ext = NULL;
    report.had_path = game->path != NULL;
    report.had_data = game->data != NULL;
    report.num_bytes = game->size;
    snprintf(report.path, sizeof report.path, "%s", game->path ? game->path : "");
    report.had_ext = environment(RETRO_ENVIRONMENT_GET_GAME_INFO_EXT, &ext) && ext;
    if (!report.had_ext) return;
    snprintf(report.ext_dir, sizeof report.ext_dir, "%s", ext->dir ? ext->dir : "");
    snprintf(report.ext_name, sizeof report.ext_name, "%s", ext->name ? ext->name : "");
    snprintf(report.ext_ext, sizeof report.ext_ext, "%s", ext->ext ? ext->ext : "");
    if (ext->file_in_archive)
        snprintf(report.ext_archive_file, sizeof report.ext_archive_file, "%s", ext->archive_file);
    report.ext_persistent = ext->persistent_data;
}

/* Text behind "FAKE", from the buffer or from the file. */
static bool read_script(const struct retro_game_info *game)
{
    memset(core.script, 0, sizeof core.script);
    if (game->data) {
        const size_t room = sizeof core.script - 1;
        memcpy(core.script, game->data, game->size < room ? game->size : room);
        core.content = game->data;
        core.content_bytes = game->size;
        core.content_first = *core.content;
    } else if (game->path) {
        FILE *const file = fopen(game->path, "rb");
        if (!file) return false;
        core.script[fread(core.script, 1, sizeof core.script - 1, file)] = '\0';
        fclose(file);
    }
    return strncmp(core.script, "FAKE", 4) == 0;
}

static void complain(void)
{
    char text[64];
    struct retro_log_callback log;
    if (says("log", text, sizeof text) && environment(RETRO_ENVIRONMENT_GET_LOG_INTERFACE, &log))
        log.log(RETRO_LOG_ERROR, "[fake] %s\n", text);
    struct retro_message message = { text, 60 };
    if (says("message", text, sizeof text)) environment(RETRO_ENVIRONMENT_SET_MESSAGE, &message);
}

EXPORT bool retro_load_game(const struct retro_game_info *game)
{
    if (game) {
        report_content(game);
        if (!read_script(game)) return false;
    }
    core.width = (unsigned)number("width", 64);
    core.height = (unsigned)number("height", 48);
    core.state_bytes = has("no_state") ? 0 : (size_t)number("state", 300);
    core.format = (enum retro_pixel_format)number("format", 0);
    core.seed = 1;
    if (core.format != RETRO_PIXEL_FORMAT_0RGB1555)
        report.answers[0] = environment(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &core.format);
    unsigned rotation = (unsigned)number("rotation", 0);
    if (rotation) report.answers[1] = environment(RETRO_ENVIRONMENT_SET_ROTATION, &rotation);
    read_folders();
    read_option(report.option);
    if (has("descriptors")) describe_pads();
    if (has("map")) describe_memory();
    struct retro_frame_time_callback time = { on_frame_time, 16667 };
    if (has("frame_time")) environment(RETRO_ENVIRONMENT_SET_FRAME_TIME_CALLBACK, &time);
    struct retro_audio_callback audio = { on_audio, NULL };
    if (has("audio_callback"))
        report.answers[5] = environment(RETRO_ENVIRONMENT_SET_AUDIO_CALLBACK, &audio);
    struct retro_hw_render_callback hw = { .context_type = RETRO_HW_CONTEXT_OPENGL };
    core.draws_on_card = has("hw");
    if (core.draws_on_card && !environment(RETRO_ENVIRONMENT_SET_HW_RENDER, &hw)) return false;
    if (has("negotiation"))
        report.answers[7] = environment(
            RETRO_ENVIRONMENT_SET_HW_RENDER_CONTEXT_NEGOTIATION_INTERFACE, &negotiation);
    if (has("needs_log") && !has_log()) abort();
    if (has("needs_perf") && !has_perf()) return false;
    uint64_t quirks = (has("must_run") ? RETRO_SERIALIZATION_QUIRK_MUST_INITIALIZE : 0) |
                      (has("growing_state") ? RETRO_SERIALIZATION_QUIRK_CORE_VARIABLE_SIZE : 0);
    if (quirks) environment(RETRO_ENVIRONMENT_SET_SERIALIZATION_QUIRKS, &quirks);
    complain();
    has_content = !has("refuse");
    return has_content;
}

EXPORT bool retro_load_game_special(unsigned type, const struct retro_game_info *info, size_t count)
{
    (void)type, (void)info, (void)count;
    return false;
}

EXPORT void retro_unload_game(void)
{
    if (is_in_audio) accuse("unloaded inside its audio callback");
    has_content = false;
    core.content = NULL;
}

/* ---- a frame ---- */

static void read_pads(void)
{
    for (unsigned port = 0; port < FAKE_PORTS; port++) {
        uint16_t pad = 0;
        if (is("pads", "single"))
            for (unsigned id = 0; id < 16; id++)
                pad |= (uint16_t)((input(port, RETRO_DEVICE_JOYPAD, 0, id) != 0) << id);
        else
            pad = (uint16_t)input(port, RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 2), 0,
                                  RETRO_DEVICE_ID_JOYPAD_MASK);
        report.pads[port] = pad;
        report.sticks[port] = input(port, RETRO_DEVICE_ANALOG, RETRO_DEVICE_INDEX_ANALOG_LEFT, 0);
        report.pressures[port] =
            input(port, RETRO_DEVICE_ANALOG, RETRO_DEVICE_INDEX_ANALOG_BUTTON, 8);
        core.seed = core.seed * 31 + pad;
    }
}

/* A picture of the seed: row y, column x. Bytes behind a row are noise nobody may look at. */
static void draw(uint8_t *pixels, size_t pitch)
{
    const size_t pixel = core.format == RETRO_PIXEL_FORMAT_XRGB8888 ? 4 : 2;
    memset(pixels, 0xa5, pitch * core.height);
    for (unsigned y = 0; y < core.height; y++)
        for (unsigned x = 0; x < core.width; x++) {
            const uint32_t word = (core.seed + y * 251 + x * 7) & (pixel == 4 ? 0xffffff : 0x7fff);
            memcpy(pixels + y * pitch + x * pixel, &word, pixel);
        }
}

static void show(void)
{
    static uint8_t lasting[640 * 480 * 4 + 640 * 64];
    const size_t pixel = core.format == RETRO_PIXEL_FORMAT_XRGB8888 ? 4 : 2;
    const size_t pitch = core.width * pixel + (size_t)number("padding", 0);
    const long dupe = number("dupe", 0);
    if (core.draws_on_card) {
        video(RETRO_HW_FRAME_BUFFER_VALID, core.width, core.height, 0);
    } else if (dupe && core.frames % (uint32_t)dupe == 0) {
        video(NULL, core.width, core.height, pitch);
    } else if (has("stack_pixels")) {
        uint8_t passing[64 * 48 * 4];
        draw(passing, pitch);
        video(passing, core.width, core.height, pitch);
        memset(passing, 0, sizeof passing);
    } else if (has("gone_pixels")) {
        const size_t bytes = pitch * core.height;
        uint8_t *const gone =
            mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        draw(gone, pitch);
        video(gone, core.width, core.height, pitch);
        munmap(gone, bytes);
    } else {
        draw(lasting, pitch);
        video(lasting, core.width, core.height, pitch);
    }
}

static void sound(void)
{
    int16_t samples[2 * 800];
    for (int i = 0; i < 800; i++) {
        samples[2 * i] = (int16_t)(core.seed >> (i % 16));
        samples[2 * i + 1] = (int16_t)~samples[2 * i];
    }
    if (is("sound", "none")) return;
    if (!is("sound", "sample")) {
        report.sound_taken += audio_batch(samples, 800);
        return;
    }
    for (int i = 0; i < 800; i++) audio_sample(samples[2 * i], samples[2 * i + 1]);
}

/* So much of a processor's time, however long that takes. */
static void work(unsigned usec)
{
    struct timespec begun, now;
    if (usec == 0) return;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun);
    do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    while ((now.tv_sec - begun.tv_sec) * 1000000 + (now.tv_nsec - begun.tv_nsec) / 1000 < usec);
}

static void on_script(void)
{
    if (is_now("crash_at")) {
        signal(SIGABRT, SIG_DFL);
        abort();
    }
    if (is_now("exit_at")) _exit(3);
    usleep((useconds_t)number("frame_usec", 0));
    work((unsigned)number("work_usec", 0));
    const size_t leak = (size_t)number("leaks", 0) << 20;
    if (leak) {
        void *const lost =
            mmap(NULL, leak, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (lost != MAP_FAILED) memset(lost, 1, leak);
    }
    while (is_now("hang_at")) usleep(1000);
    while (is_now("spin_at")) continue;
    if (is_now("shutdown_at")) environment(RETRO_ENVIRONMENT_SHUTDOWN, NULL);
    if (is_now("resize_at")) core.width = 32, core.height = 24;
    if (is_now("geometry_at")) {
        struct retro_game_geometry geometry = { 100, 50, 1, 1, 2.0f };
        environment(RETRO_ENVIRONMENT_SET_GEOMETRY, &geometry);
    }
    if (is_now("av_info_at")) {
        struct retro_system_av_info info = { { 200, 150, 400, 300, 0.0f }, { 50.0, 32000.0 } };
        environment(RETRO_ENVIRONMENT_SET_SYSTEM_AV_INFO, &info);
    }
}

EXPORT void retro_run(void)
{
    core.frames++;
    report.frames = core.frames;
    on_script();
    bool changed = false;
    if (environment(RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE, &changed) && changed) {
        report.option_updates++;
        read_option(report.option_now);
    }
    if (read_time) report.clock_usec = read_time();
    if (is("poll", "late")) read_pads();
    if (!is("poll", "none")) poll_input();
    if (is("poll", "twice")) poll_input();
    if (!is("poll", "late")) read_pads();
    core.seed = core.seed * 1664525 + 1013904223;
    core.ram[core.frames % FAKE_RAM_BYTES] ^= (uint8_t)(core.seed >> 24);
    core.ram[0] = (uint8_t)core.frames;
    report.saw_data_after_load = core.content && *core.content == core.content_first;
    int enabled = 3;
    if (has("asks_av")) environment(RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE, &enabled);
    if (enabled & 1 && (long)core.frames <= number("video_until", core.frames)) {
        report.frames_drawn++;
        for (long i = 0; i < number("draws", 1); i++) show();
    }
    if (enabled & 2) {
        report.frames_sounded++;
        sound();
    }

    /* As real cores do: a call of its own entry point, which a loader may misdirect. */
    struct retro_system_av_info own = { 0 };
    retro_get_system_av_info(&own);
    report.answers[6] = own.timing.sample_rate == 48000.0;
}

/* ---- state and memory ---- */

/* As FBNeo: bit 2 of GET_AUDIO_VIDEO_ENABLE asks for states that are not kept (run-ahead, netplay),
 * which are shorter. */
static bool is_for_now(void)
{
    int enabled = 0;
    environment(RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE, &enabled);
    return (enabled & 1 << 2) != 0;
}

EXPORT size_t retro_serialize_size(void)
{
    report.size_questions++;
    if (has("must_run") && core.frames == 0) return (size_t)number("early_state", 0);
    if (has("growing_state")) return core.state_bytes + core.frames;
    if (has("two_states")) return core.state_bytes - (is_for_now() ? 20 : 0);
    return core.state_bytes;
}

/* Nothing but the size of this moment will do. */
static bool is_strict(void)
{
    return has("must_run") || has("growing_state") || has("two_states");
}

EXPORT bool retro_serialize(void *data, size_t size)
{
    uint8_t *const out = data;
    if (has("no_state") || size < FAKE_RAM_BYTES + 8) return false;
    if (is_strict() && size != retro_serialize_size()) return false;
    memset(out, 0, size);
    memcpy(out, "FS", 2);
    memcpy(out + 2, core.ram, FAKE_RAM_BYTES);
    memcpy(out + 2 + FAKE_RAM_BYTES, &core.seed, 4);
    memcpy(out + 6 + FAKE_RAM_BYTES, &core.frames, 2);
    return true;
}

EXPORT bool retro_unserialize(const void *data, size_t size)
{
    const uint8_t *const in = data;
    if (size < FAKE_RAM_BYTES + 8 || memcmp(in, "FS", 2) != 0) return false;
    if (has("two_states") && size != retro_serialize_size()) return false;
    memcpy(core.ram, in + 2, FAKE_RAM_BYTES);
    memcpy(&core.seed, in + 2 + FAKE_RAM_BYTES, 4);
    core.frames = 0;
    memcpy(&core.frames, in + 6 + FAKE_RAM_BYTES, 2);
    return true;
}

EXPORT void retro_cheat_reset(void)
{
    report.cheats = 0;
}

EXPORT void retro_cheat_set(unsigned index, bool enabled, const char *code)
{
    (void)code;
    report.cheats += enabled ? index + 1 : 0;
}

#ifndef FAKE_NO_REGION
EXPORT unsigned retro_get_region(void)
{
    return RETRO_REGION_PAL;
}
#endif

EXPORT void *retro_get_memory_data(unsigned id)
{
    if (id == RETRO_MEMORY_SYSTEM_RAM) return core.ram;
    return id == RETRO_MEMORY_SAVE_RAM ? (void *)&report : NULL;
}

EXPORT size_t retro_get_memory_size(unsigned id)
{
    if (id == RETRO_MEMORY_SYSTEM_RAM) return sizeof core.ram;
    return id == RETRO_MEMORY_SAVE_RAM ? sizeof report : 0;
}
