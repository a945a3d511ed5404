/* host.c - questions to the frontend, each safe when it is not there. */
#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STICK_TOUCHED = 0x4000 }; /* half of a stick's way: a worn stick at rest stays below */

bool host_environment(const host_t *host, unsigned command, void *data)
{
    return host->environment && host->environment(command, data);
}

void host_own_path(const host_t *host, char path[HOST_PATH_BYTES])
{
    static const char here; /* an address in this library */
    const char *named = NULL;
    Dl_info loaded;
    if (!host_environment(host, RETRO_ENVIRONMENT_GET_LIBRETRO_PATH, &named) || !named || !*named)
        named = dladdr(&here, &loaded) ? loaded.dli_fname : NULL;
    if (!named || snprintf(path, HOST_PATH_BYTES, "%s", named) >= HOST_PATH_BYTES) path[0] = '\0';
}

bool host_is_copy(const host_t *host)
{
    static const char here;
    const char *named = NULL;
    Dl_info loaded;
    if (!host_environment(host, RETRO_ENVIRONMENT_GET_LIBRETRO_PATH, &named) || !named || !*named ||
        !dladdr(&here, &loaded))
        return false;
    char *const ours = realpath(loaded.dli_fname, NULL), *const theirs = realpath(named, NULL);
    const bool is_copy = ours && theirs && strcmp(ours, theirs) != 0;
    free(ours);
    free(theirs);
    return is_copy;
}

void host_log(const host_t *host, enum retro_log_level level, const char *text)
{
    struct retro_log_callback log = { NULL };
    if (host_environment(host, RETRO_ENVIRONMENT_GET_LOG_INTERFACE, &log) && log.log)
        log.log(level, "Kata: %s\n", text);
}

void host_screen_text(char out[HOST_TEXT_BYTES], const char *text)
{
    size_t length = 0;
    for (const char *at = text; *at && length < HOST_TEXT_BYTES - 1;) {
        const size_t gap = strspn(at, " ("), word = strcspn(at + gap, " ");
        size_t folders = 0;
        if (at[gap] == '/')
            for (size_t i = 0; i + 1 < word; i++)
                if (at[gap + i] == '/') folders = i + 1;
        const int more = snprintf(out + length, HOST_TEXT_BYTES - length, "%.*s%.*s", (int)gap, at,
                                  (int)(word - folders), at + gap + folders);
        length += more > 0 ? (size_t)more : 0;
        at += gap + word;
    }
    if (length >= HOST_TEXT_BYTES) length = HOST_TEXT_BYTES - 1;
    out[length] = '\0';
    if (length <= HOST_SCREEN_LETTERS) return;
    size_t end = HOST_SCREEN_LETTERS - 3;
    while (end > HOST_SCREEN_LETTERS / 2 && out[end] != ' ') end--;
    while (((unsigned char)out[end] & 0xc0) == 0x80) end--; /* no half letter of UTF-8 */
    strcpy(out + end, "...");
}

void host_say(const host_t *host, enum retro_log_level level, unsigned duration_ms,
              const char *text)
{
    host_log(host, level, text);
    char shown[HOST_TEXT_BYTES], line[HOST_TEXT_BYTES + 8];
    host_screen_text(shown, text);
    snprintf(line, sizeof line, "Kata: %s", shown);

    unsigned version = 0;
    if (host_environment(host, RETRO_ENVIRONMENT_GET_MESSAGE_INTERFACE_VERSION, &version) &&
        version >= 1) {
        struct retro_message_ext message = {
            .msg = line,
            .duration = duration_ms,
            .priority = level >= RETRO_LOG_WARN ? 3 : 1,
            .level = level,
            .target = RETRO_MESSAGE_TARGET_OSD, /* the log has it already */
            .type = RETRO_MESSAGE_TYPE_NOTIFICATION,
            .progress = -1,
        };
        if (host_environment(host, RETRO_ENVIRONMENT_SET_MESSAGE_EXT, &message)) return;
    }
    struct retro_message message = { line, duration_ms * 60 / 1000 };
    host_environment(host, RETRO_ENVIRONMENT_SET_MESSAGE, &message);
}

void host_status(const host_t *host, unsigned duration_ms, const char *text)
{
    unsigned version = 0;
    if (!host_environment(host, RETRO_ENVIRONMENT_GET_MESSAGE_INTERFACE_VERSION, &version) ||
        version < 1)
        return;
    struct retro_message_ext message = {
        .msg = text,
        .duration = duration_ms,
        .priority = 1,
        .level = RETRO_LOG_INFO,
        .target = RETRO_MESSAGE_TARGET_OSD,
        .type = RETRO_MESSAGE_TYPE_STATUS,
        .progress = -1,
    };
    host_environment(host, RETRO_ENVIRONMENT_SET_MESSAGE_EXT, &message);
}

bool host_frame_is_hidden(const host_t *host)
{
    int enabled = 0;
    return host_environment(host, RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE, &enabled) &&
           !(enabled & 1);
}

static void take_option_news(host_t *host)
{
    bool changed = false;
    if (!host_environment(host, RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE, &changed) || !changed)
        return;
    host->has_option_news = host->has_option_news_for_inner = true;
}

bool host_options_changed(host_t *host)
{
    take_option_news(host);
    const bool changed = host->has_option_news;
    host->has_option_news = false;
    return changed;
}

bool host_options_changed_for_inner(host_t *host)
{
    take_option_news(host);
    const bool changed = host->has_option_news_for_inner;
    host->has_option_news_for_inner = false;
    return changed;
}

const char *host_option(host_t *host, const char *key)
{
    struct retro_variable variable = { key, NULL };
    take_option_news(host);
    return host_environment(host, RETRO_ENVIRONMENT_GET_VARIABLE, &variable) ? variable.value
                                                                             : NULL;
}

host_state_use_t host_state_use(const host_t *host)
{
    int context = RETRO_SAVESTATE_CONTEXT_NORMAL, enabled = 0;
    if (host_environment(host, RETRO_ENVIRONMENT_GET_SAVESTATE_CONTEXT, &context)) {
        if (context == RETRO_SAVESTATE_CONTEXT_ROLLBACK_NETPLAY) return HOST_STATE_NETPLAY;
        if (context == RETRO_SAVESTATE_CONTEXT_RUNAHEAD_SAME_INSTANCE ||
            context == RETRO_SAVESTATE_CONTEXT_RUNAHEAD_SAME_BINARY)
            return HOST_STATE_RUN_AHEAD;
    }
    /* "Fast savestates": the older way to say run-ahead. */
    if (host_environment(host, RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE, &enabled) && enabled & 4)
        return HOST_STATE_RUN_AHEAD;
    return HOST_STATE_KEPT;
}

bool host_is_netplay(const host_t *host)
{
    return host_state_use(host) == HOST_STATE_NETPLAY;
}

void host_poll(host_t *host)
{
    if (!host->inner.input_poll) return;
    host->inner.input_poll();
    host->inner.polled_this_frame = true;
}

uint16_t host_pad(const host_t *host, unsigned port, bool with_mask)
{
    const retro_input_state_t ask = host->inner.input_state;
    uint16_t pad = 0;
    if (!ask) return 0;
    if (with_mask) return (uint16_t)ask(port, RETRO_DEVICE_JOYPAD, 0, RETRO_DEVICE_ID_JOYPAD_MASK);
    for (unsigned id = 0; id <= RETRO_DEVICE_ID_JOYPAD_R3; id++)
        if (ask(port, RETRO_DEVICE_JOYPAD, 0, id)) pad |= (uint16_t)(1u << id);
    return pad;
}

bool host_pad_is_touched(const host_t *host, unsigned port, bool with_mask, uint16_t buttons)
{
    const retro_input_state_t ask = host->inner.input_state;
    if (!ask) return false;
    if (host_pad(host, port, with_mask) & buttons) return true;
    for (unsigned stick = 0; stick < 2; stick++)
        for (unsigned axis = 0; axis < 2; axis++)
            if (abs(ask(port, RETRO_DEVICE_ANALOG, stick, axis)) >= STICK_TOUCHED) return true;
    return false;
}
