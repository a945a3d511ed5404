/* plugin.c - the 25 entry points of a libretro core, and nothing else.
 *
 * libretro's functions carry no context. So this file keeps the two statics that Kata's plugin has:
 * what the frontend gave us, which outlives sessions, and the session.
 */
#include <stdbool.h>
#include <stddef.h>

#include "libretro.h"

#include "offer.h"
#include "host.h"
#include "session.h"

static host_t host;
static session_t session;

/* What the inner core gets as its environment. */
static bool RETRO_CALLCONV inner_environment(unsigned command, void *data)
{
    return session_environment(&session, &host, command, data);
}

/* What the inner core's pictures go through while there is something to draw on them. */
static void RETRO_CALLCONV draw(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    session_show(&session, &host, pixels, width, height, pitch);
}

/* What the frontend asks while its menu of options is open, between two frames. */
static bool RETRO_CALLCONV update_display(void)
{
    return session_show_options(&session, &host);
}

/* ---- the frontend introduces itself: often, in any order, with NULL ---- */

RETRO_API void retro_set_environment(retro_environment_t environment)
{
    host.environment = environment;
    host.inner.environment = inner_environment;
    offer_announce(&host);
    struct retro_core_options_update_display_callback display = { update_display };
    host.has_display_callback = host_environment(
        &host, RETRO_ENVIRONMENT_SET_CORE_OPTIONS_UPDATE_DISPLAY_CALLBACK, &display);
}

RETRO_API void retro_set_video_refresh(retro_video_refresh_t video)
{
    host.video = video;
    host.draw = draw;
    host.inner.video = video;
}

RETRO_API void retro_set_audio_sample(retro_audio_sample_t audio)
{
    host.inner.audio_sample = audio;
}

RETRO_API void retro_set_audio_sample_batch(retro_audio_sample_batch_t audio)
{
    host.inner.audio_batch = audio;
}

RETRO_API void retro_set_input_poll(retro_input_poll_t poll)
{
    host.inner.input_poll = poll;
}

RETRO_API void retro_set_input_state(retro_input_state_t state)
{
    host.inner.input_state = state;
}

/* ---- who we are: called on a library that was only just opened ---- */

RETRO_API unsigned retro_api_version(void)
{
    return RETRO_API_VERSION;
}

RETRO_API void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){
        .library_name = "Kata",
        .library_version = KATA_VERSION,
        .valid_extensions = OFFER_EXTENSIONS,
        .need_fullpath = true, /* but for OFFER_CARTRIDGES: offer_announce() */
        .block_extract = true, /* archives: OFFER_ARCHIVES */
    };
}

/* ---- a session ---- */

RETRO_API void retro_init(void)
{
    session_open(&session, &host);
}

RETRO_API void retro_deinit(void)
{
    session_close(&session, &host);
}

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    return session_load(&session, &host, game);
}

RETRO_API bool retro_load_game_special(unsigned type, const struct retro_game_info *info,
                                       size_t num_info)
{
    (void)type, (void)info, (void)num_info; /* subsystems would have to be named before the inner
                                               core is known */
    return false;
}

RETRO_API void retro_unload_game(void)
{
    session_unload(&session, &host);
}

RETRO_API void retro_run(void)
{
    session_run(&session, &host);
}

RETRO_API void retro_reset(void)
{
    session_reset(&session);
}

/* ---- states ---- */

RETRO_API size_t retro_serialize_size(void)
{
    return session_state_bytes(&session, &host);
}

RETRO_API bool retro_serialize(void *data, size_t size)
{
    return data && session_save(&session, &host, data, size);
}

RETRO_API bool retro_unserialize(const void *data, size_t size)
{
    return data && session_restore(&session, &host, data, size);
}

/* ---- to the inner core, if there is one ---- */

RETRO_API void retro_get_system_av_info(struct retro_system_av_info *info)
{
    *info = (struct retro_system_av_info){ 0 };
    if (session.bridge) bridge_system_av_info(session.bridge, info);
}

RETRO_API void retro_set_controller_port_device(unsigned port, unsigned device)
{
    session_plug(&session, &host, port, device);
}

RETRO_API void retro_cheat_reset(void)
{
    if (session.bridge) bridge_cheat_reset(session.bridge);
}

RETRO_API void retro_cheat_set(unsigned index, bool enabled, const char *code)
{
    if (session.bridge) bridge_cheat_set(session.bridge, index, enabled, code);
}

RETRO_API unsigned retro_get_region(void)
{
    return session.bridge ? bridge_region(session.bridge) : RETRO_REGION_NTSC;
}

RETRO_API void *retro_get_memory_data(unsigned id)
{
    size_t num_bytes = 0;
    return session.bridge ? bridge_memory(session.bridge, id, &num_bytes) : NULL;
}

RETRO_API size_t retro_get_memory_size(unsigned id)
{
    size_t num_bytes = 0;
    if (session.bridge) bridge_memory(session.bridge, id, &num_bytes);
    return num_bytes;
}
