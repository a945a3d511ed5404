/* environment.c - every environment call of the inner core: one table, ordered as libretro.h.
 *
 * A row says how the call is answered without a frontend (headless) and with one (hosted). The
 * rules behind the table: nothing that the inner core or the frontend keeps a pointer to may die
 * before them; nothing is guessed (an unknown call goes to the host, or is refused); nothing that
 * makes a run depend on the clock or the machine is answered headless.
 */
#define _GNU_SOURCE
#include "environment.h"

#include "descriptors.h"
#include "environment_ids.h"
#include "perf.h"
#include "trampolines.h"

#include "why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- answers of general use ---- */

static bool unsupported(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd, (void)data;
    return false;
}

static bool accept(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd, (void)data;
    return true;
}

static bool answer_bool_false(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(bool *)data = false;
    return true;
}

static bool answer_bool_true(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(bool *)data = true;
    return true;
}

static bool answer_zero(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(unsigned *)data = 0;
    return true;
}

static bool answer_one(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(unsigned *)data = 1;
    return true;
}

/* ---- picture and rates ---- */

static bool record_rotation(bridge_t *bridge, unsigned cmd, void *data)
{
    const bool answer = !bridge->host || inner_ask_host(bridge, cmd, data);
    if (answer) bridge->rotation_quarters = *(const unsigned *)data % 4;
    return answer;
}

/* Formats newer than RGB565 are refused: nobody here could read the picture. */
static bool record_pixel_format(bridge_t *bridge, unsigned cmd, void *data)
{
    const int format = (int)*(const enum retro_pixel_format *)data;
    if (format < BRIDGE_PIXEL_0RGB1555 || format > BRIDGE_PIXEL_RGB565) return false;
    if (bridge->host && !inner_ask_host(bridge, cmd, data)) return false;
    bridge->pixel_format = (bridge_pixel_t)format;
    return true;
}

static void take_geometry(bridge_t *bridge, const struct retro_game_geometry *geometry,
                          bool with_max)
{
    bridge->av.base_width_px = geometry->base_width;
    bridge->av.base_height_px = geometry->base_height;
    bridge->av.aspect_ratio = geometry->aspect_ratio > 0 ? geometry->aspect_ratio : 0;
    if (!with_max) return; /* SET_GEOMETRY may not change these */
    bridge->av.max_width_px = geometry->max_width;
    bridge->av.max_height_px = geometry->max_height;
}

static bool record_av_info(bridge_t *bridge, unsigned cmd, void *data)
{
    const struct retro_system_av_info *const info = data;
    const bool answer = !bridge->host || inner_ask_host(bridge, cmd, data);
    if (!answer) return false;
    take_geometry(bridge, &info->geometry, true);
    bridge->av.fps = info->timing.fps;
    bridge->av.sample_rate_hz = info->timing.sample_rate;
    return true;
}

static bool record_geometry(bridge_t *bridge, unsigned cmd, void *data)
{
    const bool answer = !bridge->host || inner_ask_host(bridge, cmd, data);
    if (answer) take_geometry(bridge, data, false);
    return answer;
}

/* Pictures unless nobody needs this frame's, sound if somebody listens. */
static bool answer_wanted_av(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    const bool listens = bridge->observer && bridge->observer->on_sound;
    bridge->spared_picture = bridge->picture_unneeded;
    *(int *)data = (bridge->spared_picture ? 0 : ENV_AV_VIDEO) | (listens ? ENV_AV_AUDIO : 0);
    return true;
}

static bool answer_refresh_rate(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(float *)data = 60.0f;
    return true;
}

static bool answer_throttle(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    *(struct retro_throttle_state *)data = (struct retro_throttle_state){
        .mode = RETRO_THROTTLE_NONE,
        .rate = (float)bridge->av.fps,
    };
    return true;
}

static bool answer_sample_rate(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(unsigned *)data = 48000;
    return true;
}

static bool refuse_hw_render(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd, (void)data;
    bridge->wanted_hw = true;
    return false;
}

/* ---- text -------------------------------------------------------------------------------------
 */

static void keep_complaint(bridge_t *bridge, const char *text)
{
    snprintf(bridge->complaint, sizeof bridge->complaint, "%s", text);
    why_one_line(bridge->complaint);
}

static bool keep_message(bridge_t *bridge, unsigned cmd, void *data)
{
    const char *const text = cmd == RETRO_ENVIRONMENT_SET_MESSAGE
                                 ? ((const struct retro_message *)data)->msg
                                 : ((const struct retro_message_ext *)data)->msg;
    if (text) keep_complaint(bridge, text);
    return true;
}

/* Cores log from other threads, too, so only text that a failing load will be blamed with is kept.
 */
__attribute__((format(printf, 2, 3))) static void keep_log(enum retro_log_level level,
                                                           const char *format, ...)
{
    bridge_t *const bridge = inner_active();
    if (!bridge || bridge->is_loaded || level != RETRO_LOG_ERROR) return;
    char text[sizeof bridge->complaint];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    keep_complaint(bridge, text);
}

static bool provide_log(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    ((struct retro_log_callback *)data)->log = keep_log;
    return true;
}

/* Some cores crash without a log, so a host that has none is helped out. */
static bool forward_log(bridge_t *bridge, unsigned cmd, void *data)
{
    return inner_ask_host(bridge, cmd, data) || provide_log(bridge, cmd, data);
}

/* ---- folders and names --------------------------------------------------------------------------
 */

static bool answer_system_dir(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    const char *const dir = bridge->system_dir ? bridge->system_dir : bridge->content.details.dir;
    /* Some cores ask in retro_init, before there is content, and give up without an answer. */
    *(const char **)data = dir ? dir : ".";
    return true;
}

static bool answer_save_dir(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    *(const char **)data = bridge->save_dir;
    return bridge->save_dir != NULL;
}

/* The inner core's own path, not Kata's: some cores look for their files beside it. */
static bool answer_libretro_path(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    *(const char **)data = bridge->library.path;
    return true;
}

static bool answer_username(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(const char **)data = "kata";
    return true;
}

/* ---- options ----------------------------------------------------------------------------------
 */

void environment_latch_options(bridge_t *bridge)
{
    if (bridge->options_asked || !bridge->host) return;
    bool changed = false;
    bridge->options_asked = true;
    if (!inner_ask_host(bridge, RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE, &changed) || !changed)
        return;
    bridge->options_changed_inner = true;
}

static bool capture_options(bridge_t *bridge, unsigned cmd, void *data)
{
    return options_capture(&bridge->options, cmd, data);
}

/* Without options of the plugin's own, the call passes as it is. */
static bool merge_options(bridge_t *bridge, unsigned cmd, void *data)
{
    const bool captured = options_capture(&bridge->options, cmd, data);
    if (!bridge->host->own_options) return inner_ask_host(bridge, cmd, data);
    if (!captured || !bridge->host->environment) return false;
    unsigned version = 0;
    if (!inner_ask_host(bridge, RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION, &version)) version = 0;
    const bool answer = options_register(&bridge->options, bridge->host->environment, version,
                                         bridge->host->own_categories, bridge->host->own_options);
    /* V2's answer means "categories are shown", not success; the older calls succeed. */
    const bool asked_v2 = cmd == RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2 ||
                          cmd == RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2_INTL;
    return asked_v2 ? answer && version >= 2 : true;
}

static bool answer_variable(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    struct retro_variable *const variable = data;
    variable->value = variable->key ? options_value(&bridge->options, variable->key) : NULL;
    return variable->value != NULL;
}

/* Reading any option clears the host's "updated" flag, so it is read off first. */
static bool forward_variable(bridge_t *bridge, unsigned cmd, void *data)
{
    environment_latch_options(bridge);
    return inner_ask_host(bridge, cmd, data);
}

static bool answer_variable_update(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    environment_latch_options(bridge);
    *(bool *)data = bridge->options_changed_inner;
    bridge->options_changed_inner = false;
    return true;
}

/* NULL data asks whether the call exists. */
static bool change_variable(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    const struct retro_variable *const variable = data;
    if (!variable) return true;
    if (!variable->key || !variable->value ||
        !options_answer(&bridge->options, variable->key, variable->value))
        return false;
    bridge->options_changed_inner = true;
    return true;
}

static bool forward_set_variable(bridge_t *bridge, unsigned cmd, void *data)
{
    const bool answer = inner_ask_host(bridge, cmd, data);
    bridge->options_asked = false; /* the host's flag may be up now */
    return answer;
}

static bool answer_options_version(bridge_t *bridge, unsigned cmd, void *data)
{
    if (bridge->host && !bridge->host->own_options) return inner_ask_host(bridge, cmd, data);
    *(unsigned *)data = 2; /* whatever the core has, it is converted for the host */
    return true;
}

/* ---- pads, memory, content ----------------------------------------------------------------------
 */

static bool answer_input_capabilities(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(uint64_t *)data = (1 << RETRO_DEVICE_JOYPAD) | (1 << RETRO_DEVICE_ANALOG);
    return true;
}

static unsigned highest_held_port(const bridge_t *bridge)
{
    unsigned users = 0;
    for (unsigned port = 0; port < BRIDGE_MAX_PORTS; port++)
        if (bridge->held_ports >> port & 1) users = port + 1;
    return users;
}

/* At least two, and every held port, or the core would never ask for it. */
static bool answer_max_users(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    const unsigned held = highest_held_port(bridge);
    *(unsigned *)data = held > 2 ? held : 2;
    return true;
}

static bool raise_max_users(bridge_t *bridge, unsigned cmd, void *data)
{
    unsigned users = 0;
    const bool answer = inner_ask_host(bridge, cmd, &users);
    unsigned needed = highest_held_port(bridge);
    if (bridge->host->num_agent_ports > needed) needed = bridge->host->num_agent_ports;
    if (!answer && needed == 0) return false;
    *(unsigned *)data = users > needed ? users : needed;
    return true;
}

/* A host that refuses a map still looks at the one that it took before. */
static bool record_memory_map(bridge_t *bridge, unsigned cmd, void *data)
{
    memory_map_t fresh = { 0 };
    if (!memory_map_set(&fresh, data)) return false;
    memory_map_t old = bridge->memory_map;
    bridge->memory_map = fresh;
    const bool is_taken = inner_ask_host(bridge, cmd, &bridge->memory_map.map);
    if (is_taken) memory_map_drop(&bridge->host_map);
    if (!is_taken && bridge->host_has_map)
        bridge->host_map = old;
    else
        memory_map_drop(&old);
    bridge->host_has_map = is_taken;
    return is_taken || !bridge->host;
}

/* Scores that an agent made are not achievements. */
static bool gate_achievements(bridge_t *bridge, unsigned cmd, void *data)
{
    bool none = false;
    return inner_ask_host(bridge, cmd, bridge->host->agent_may_play ? &none : data);
}

/* The call moved from 44 to 87 in 2026: forward under the number received, then the other one. */
static bool forward_quirks(bridge_t *bridge, unsigned cmd, void *data)
{
    if (inner_ask_host(bridge, cmd, data)) return true;
    const unsigned other = cmd == RETRO_ENVIRONMENT_SET_SERIALIZATION_QUIRKS
                               ? (unsigned)ENV_SET_SERIALIZATION_QUIRKS_2026
                               : (unsigned)RETRO_ENVIRONMENT_SET_SERIALIZATION_QUIRKS;
    return inner_ask_host(bridge, other, data);
}

/* Kept, because before the first frame a core that says MUST_INITIALIZE has no size. */
static bool record_quirks(bridge_t *bridge, unsigned cmd, void *data)
{
    bridge->quirks = *(const uint64_t *)data;
    return !bridge->host || forward_quirks(bridge, cmd, data);
}

static bool record_no_game(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    bridge->may_start_empty = *(const bool *)data;
    return true;
}

static bool record_overrides(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    return !data || content_overrides_set(&bridge->overrides, data);
}

static bool answer_game_info(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    if (!bridge->content.details.meta) return false; /* no content is being loaded */
    *(const struct retro_game_info_ext **)data = &bridge->content.details;
    return true;
}

static bool record_shutdown(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd, (void)data;
    bridge->wants_shutdown = true;
    return true;
}

static bool answer_savestate_context(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(int *)data = RETRO_SAVESTATE_CONTEXT_NORMAL;
    return true;
}

/* ---- the table ---- */

#define forward inner_ask_host
#define ROW(id, data, headless, hosted)                                                            \
    {                                                                                              \
        RETRO_ENVIRONMENT_##id, #id, data, headless, hosted                                        \
    }
#define NEW(id, data, headless, hosted)                                                            \
    {                                                                                              \
        (unsigned)ENV_##id, #id, data, headless, hosted                                            \
    }
enum { MAY_BE_NULL = 0, DATA = 1 };

/* clang-format off */
static const environment_row_t rows[] = {
    /*   call                                data         headless                   hosted */
    ROW(SET_ROTATION,                        DATA,        record_rotation,           record_rotation),
    ROW(GET_OVERSCAN,                        DATA,        answer_bool_false,         forward),
    ROW(GET_CAN_DUPE,                        DATA,        answer_bool_true,          forward),
    ROW(SET_MESSAGE,                         DATA,        keep_message,              forward),
    ROW(SHUTDOWN,                            MAY_BE_NULL, record_shutdown,           forward),
    ROW(SET_PERFORMANCE_LEVEL,               MAY_BE_NULL, accept,                    forward),
    ROW(GET_SYSTEM_DIRECTORY,                DATA,        answer_system_dir,         forward),
    ROW(SET_PIXEL_FORMAT,                    DATA,        record_pixel_format,       record_pixel_format),
    ROW(SET_INPUT_DESCRIPTORS,               DATA,        descriptors_record,        descriptors_forward),
    ROW(SET_KEYBOARD_CALLBACK,               DATA,        trampoline_keyboard,       trampoline_keyboard),
    ROW(SET_DISK_CONTROL_INTERFACE,          MAY_BE_NULL, trampoline_disk,           trampoline_disk),
    ROW(SET_HW_RENDER,                       DATA,        refuse_hw_render,          trampoline_hw_render),
    ROW(GET_VARIABLE,                        DATA,        answer_variable,           forward_variable),
    ROW(SET_VARIABLES,                       MAY_BE_NULL, capture_options,           merge_options),
    ROW(GET_VARIABLE_UPDATE,                 DATA,        answer_variable_update,    answer_variable_update),
    ROW(SET_SUPPORT_NO_GAME,                 DATA,        record_no_game,            record_no_game),
    ROW(GET_LIBRETRO_PATH,                   DATA,        answer_libretro_path,      answer_libretro_path),
    ROW(SET_FRAME_TIME_CALLBACK,             DATA,        trampoline_frame_time,     trampoline_frame_time),
    ROW(SET_AUDIO_CALLBACK,                  MAY_BE_NULL, unsupported,               trampoline_audio),
    ROW(GET_RUMBLE_INTERFACE,                DATA,        unsupported,               forward),
    ROW(GET_INPUT_DEVICE_CAPABILITIES,       DATA,        answer_input_capabilities, forward),
    ROW(GET_SENSOR_INTERFACE,                DATA,        unsupported,               forward),
    ROW(GET_CAMERA_INTERFACE,                DATA,        unsupported,               trampoline_camera),
    ROW(GET_LOG_INTERFACE,                   DATA,        provide_log,               forward_log),
    ROW(GET_PERF_INTERFACE,                  DATA,        perf_provide,              forward),
    ROW(GET_LOCATION_INTERFACE,              DATA,        unsupported,               trampoline_location),
    ROW(GET_CORE_ASSETS_DIRECTORY,           DATA,        answer_system_dir,         forward),
    ROW(GET_SAVE_DIRECTORY,                  DATA,        answer_save_dir,           forward),
    ROW(SET_SYSTEM_AV_INFO,                  DATA,        record_av_info,            record_av_info),
    ROW(SET_PROC_ADDRESS_CALLBACK,           MAY_BE_NULL, accept,                    accept),
    ROW(SET_SUBSYSTEM_INFO,                  MAY_BE_NULL, accept,                    accept),
    ROW(SET_CONTROLLER_INFO,                 DATA,        accept,                    controllers_forward),
    ROW(SET_MEMORY_MAPS,                     DATA,        record_memory_map,         record_memory_map),
    ROW(SET_GEOMETRY,                        DATA,        record_geometry,           record_geometry),
    ROW(GET_USERNAME,                        DATA,        answer_username,           forward),
    ROW(GET_LANGUAGE,                        DATA,        answer_zero,               forward),
    ROW(GET_CURRENT_SOFTWARE_FRAMEBUFFER,    DATA,        unsupported,               unsupported),
    ROW(GET_HW_RENDER_INTERFACE,             DATA,        unsupported,               forward),
    ROW(SET_SUPPORT_ACHIEVEMENTS,            DATA,        accept,                    gate_achievements),
    ROW(SET_HW_RENDER_CONTEXT_NEGOTIATION_INTERFACE, DATA, unsupported,              trampoline_hw_negotiation),
    ROW(SET_SERIALIZATION_QUIRKS,            DATA,        record_quirks,             record_quirks),
    ROW(SET_HW_SHARED_CONTEXT,               MAY_BE_NULL, unsupported,               forward),
    ROW(GET_VFS_INTERFACE,                   DATA,        unsupported,               forward),
    ROW(GET_LED_INTERFACE,                   DATA,        unsupported,               forward),
    ROW(GET_AUDIO_VIDEO_ENABLE,              DATA,        answer_wanted_av,          forward),
    ROW(GET_MIDI_INTERFACE,                  DATA,        unsupported,               forward),
    ROW(GET_FASTFORWARDING,                  DATA,        answer_bool_false,         forward),
    ROW(GET_TARGET_REFRESH_RATE,             DATA,        answer_refresh_rate,       forward),
    ROW(GET_INPUT_BITMASKS,                  MAY_BE_NULL, accept,                    accept),
    ROW(GET_CORE_OPTIONS_VERSION,            DATA,        answer_options_version,    answer_options_version),
    ROW(SET_CORE_OPTIONS,                    MAY_BE_NULL, capture_options,           merge_options),
    ROW(SET_CORE_OPTIONS_INTL,               MAY_BE_NULL, capture_options,           merge_options),
    ROW(SET_CORE_OPTIONS_DISPLAY,            DATA,        accept,                    forward),
    ROW(GET_PREFERRED_HW_RENDER,             DATA,        unsupported,               forward),
    ROW(GET_DISK_CONTROL_INTERFACE_VERSION,  DATA,        answer_one,                forward),
    ROW(SET_DISK_CONTROL_EXT_INTERFACE,      MAY_BE_NULL, trampoline_disk,           trampoline_disk),
    ROW(GET_MESSAGE_INTERFACE_VERSION,       DATA,        answer_one,                forward),
    ROW(SET_MESSAGE_EXT,                     DATA,        keep_message,              forward),
    ROW(GET_INPUT_MAX_USERS,                 DATA,        answer_max_users,          raise_max_users),
    ROW(SET_AUDIO_BUFFER_STATUS_CALLBACK,    MAY_BE_NULL, unsupported,               trampoline_audio_status),
    ROW(SET_MINIMUM_AUDIO_LATENCY,           MAY_BE_NULL, accept,                    forward),
    ROW(SET_FASTFORWARDING_OVERRIDE,         MAY_BE_NULL, accept,                    forward),
    ROW(SET_CONTENT_INFO_OVERRIDE,           MAY_BE_NULL, record_overrides,          record_overrides),
    ROW(GET_GAME_INFO_EXT,                   DATA,        answer_game_info,          answer_game_info),
    ROW(SET_CORE_OPTIONS_V2,                 MAY_BE_NULL, capture_options,           merge_options),
    ROW(SET_CORE_OPTIONS_V2_INTL,            MAY_BE_NULL, capture_options,           merge_options),
    ROW(SET_CORE_OPTIONS_UPDATE_DISPLAY_CALLBACK, MAY_BE_NULL, accept,               trampoline_options_display),
    ROW(SET_VARIABLE,                        MAY_BE_NULL, change_variable,           forward_set_variable),
    ROW(GET_THROTTLE_STATE,                  DATA,        answer_throttle,           forward),
    ROW(GET_SAVESTATE_CONTEXT,               DATA,        answer_savestate_context,  forward),
    NEW(GET_HW_RENDER_NEGOTIATION_SUPPORT,   DATA,        unsupported,               forward),
    NEW(GET_JIT_CAPABLE,                     DATA,        unsupported,               forward),
    NEW(GET_MICROPHONE_INTERFACE,            DATA,        unsupported,               forward),
    NEW(GET_DEVICE_POWER,                    MAY_BE_NULL, unsupported,               forward),
    NEW(SET_NETPACKET_INTERFACE,             MAY_BE_NULL, unsupported,               unsupported),
    NEW(GET_PLAYLIST_DIRECTORY,              DATA,        unsupported,               forward),
    NEW(GET_FILE_BROWSER_START_DIRECTORY,    DATA,        unsupported,               forward),
    NEW(GET_TARGET_SAMPLE_RATE,              DATA,        answer_sample_rate,        forward),
    NEW(GET_NETPLAY_CLIENT_INDEX,            DATA,        unsupported,               forward),
    NEW(EXEC_MEM_ALLOC,                      DATA,        unsupported,               forward),
    NEW(EXEC_MEM_FREE,                       DATA,        unsupported,               forward),
    NEW(GET_AUDIO_SAMPLE_BATCH_FLOAT,        MAY_BE_NULL, unsupported,               unsupported),
    NEW(GET_MEMORY_STATUS,                   DATA,        unsupported,               forward),
    NEW(SET_SERIALIZATION_QUIRKS_2026,       DATA,        record_quirks,             record_quirks),
    NEW(HDR_QUERY_88,                        MAY_BE_NULL, unsupported,               unsupported),
    NEW(HDR_QUERY_89,                        MAY_BE_NULL, unsupported,               unsupported),
    NEW(HDR_QUERY_90,                        MAY_BE_NULL, unsupported,               unsupported),
    NEW(HDR_QUERY_91,                        MAY_BE_NULL, unsupported,               unsupported),
};
/* clang-format on */
#undef ROW
#undef NEW
#undef forward

const environment_row_t *environment_rows(size_t *num_rows)
{
    *num_rows = sizeof rows / sizeof rows[0];
    return rows;
}

/* Ids without the experimental bit, then with it: the order of libretro.h. */
static unsigned order_of(unsigned id)
{
    return (id & 0xffffu) << 1 | (id >> 16 & 1u);
}

const environment_row_t *environment_row(unsigned cmd)
{
    size_t low = 0, high = sizeof rows / sizeof rows[0];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rows[middle].id == cmd) return &rows[middle];
        if (order_of(rows[middle].id) < order_of(cmd))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool environment_call(unsigned cmd, void *data)
{
    bridge_t *const bridge = inner_active();
    if (!bridge) return false;
    const environment_row_t *const row = environment_row(cmd);
    if (!row) return inner_ask_host(bridge, cmd, data);
    if (row->needs_data && !data) return false;
    return (bridge->host ? row->hosted : row->headless)(bridge, cmd, data);
}
