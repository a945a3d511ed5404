/* trampolines.c - stands between a frontend and the callbacks that the inner core registered.
 *
 * A frontend keeps what it was given until Kata itself is unloaded; the inner core may be gone
 * before. So it is given functions of ours, which call on if there is still someone to call.
 */
#define _GNU_SOURCE
#include "inner.h"

#include <pthread.h>
#include <stdio.h>

static registered_t *registered(void)
{
    bridge_t *const bridge = bridge_active();
    return bridge ? &bridge->registered : NULL;
}

/* ---- keyboard -------------------------------------------------------------------------------- */

static void on_key(bool down, unsigned keycode, uint32_t character, uint16_t modifiers)
{
    registered_t *const r = registered();
    if (r && r->keyboard) r->keyboard(down, keycode, character, modifiers);
}

bool trampoline_keyboard(bridge_t *bridge, unsigned cmd, void *data)
{
    bridge->registered.keyboard = ((const struct retro_keyboard_callback *)data)->callback;
    if (!bridge->host) return true;
    struct retro_keyboard_callback given = { bridge->registered.keyboard ? on_key : NULL };
    return environment_forward(bridge, cmd, &given);
}

/* ---- discs ------------------------------------------------------------------------------------
 */

static struct retro_disk_control_ext_callback *disk(void)
{
    registered_t *const r = registered();
    return r ? &r->disk : NULL;
}

static bool on_set_eject(bool ejected)
{
    return disk() && disk()->set_eject_state && disk()->set_eject_state(ejected);
}

static bool on_get_eject(void)
{
    return disk() && disk()->get_eject_state && disk()->get_eject_state();
}

static unsigned on_get_image(void)
{
    return disk() && disk()->get_image_index ? disk()->get_image_index() : 0;
}

static bool on_set_image(unsigned index)
{
    return disk() && disk()->set_image_index && disk()->set_image_index(index);
}

static unsigned on_get_num_images(void)
{
    return disk() && disk()->get_num_images ? disk()->get_num_images() : 0;
}

static bool on_replace_image(unsigned index, const struct retro_game_info *info)
{
    return disk() && disk()->replace_image_index && disk()->replace_image_index(index, info);
}

static bool on_add_image(void)
{
    return disk() && disk()->add_image_index && disk()->add_image_index();
}

static bool on_set_initial_image(unsigned index, const char *path)
{
    return disk() && disk()->set_initial_image && disk()->set_initial_image(index, path);
}

static bool on_get_image_path(unsigned index, char *path, size_t num_bytes)
{
    return disk() && disk()->get_image_path && disk()->get_image_path(index, path, num_bytes);
}

static bool on_get_image_label(unsigned index, char *label, size_t num_bytes)
{
    return disk() && disk()->get_image_label && disk()->get_image_label(index, label, num_bytes);
}

/* A member that the core left out is left out: frontends take its presence as a promise. */
static struct retro_disk_control_ext_callback
disk_trampolines(const struct retro_disk_control_ext_callback *inner)
{
    return (struct retro_disk_control_ext_callback){
        .set_eject_state = inner->set_eject_state ? on_set_eject : NULL,
        .get_eject_state = inner->get_eject_state ? on_get_eject : NULL,
        .get_image_index = inner->get_image_index ? on_get_image : NULL,
        .set_image_index = inner->set_image_index ? on_set_image : NULL,
        .get_num_images = inner->get_num_images ? on_get_num_images : NULL,
        .replace_image_index = inner->replace_image_index ? on_replace_image : NULL,
        .add_image_index = inner->add_image_index ? on_add_image : NULL,
        .set_initial_image = inner->set_initial_image ? on_set_initial_image : NULL,
        .get_image_path = inner->get_image_path ? on_get_image_path : NULL,
        .get_image_label = inner->get_image_label ? on_get_image_label : NULL,
    };
}

bool trampoline_disk(bridge_t *bridge, unsigned cmd, void *data)
{
    struct retro_disk_control_ext_callback *const inner = &bridge->registered.disk;
    *inner = (struct retro_disk_control_ext_callback){ 0 };
    if (data && cmd == RETRO_ENVIRONMENT_SET_DISK_CONTROL_EXT_INTERFACE) {
        *inner = *(const struct retro_disk_control_ext_callback *)data;
    } else if (data) {
        const struct retro_disk_control_callback *const old = data;
        inner->set_eject_state = old->set_eject_state;
        inner->get_eject_state = old->get_eject_state;
        inner->get_image_index = old->get_image_index;
        inner->set_image_index = old->set_image_index;
        inner->get_num_images = old->get_num_images;
        inner->replace_image_index = old->replace_image_index;
        inner->add_image_index = old->add_image_index;
    }
    if (!bridge->host) return true;
    if (!data) return environment_forward(bridge, cmd, NULL);
    struct retro_disk_control_ext_callback given = disk_trampolines(inner);
    if (cmd == RETRO_ENVIRONMENT_SET_DISK_CONTROL_EXT_INTERFACE)
        return environment_forward(bridge, cmd, &given);
    struct retro_disk_control_callback old = {
        .set_eject_state = given.set_eject_state,
        .get_eject_state = given.get_eject_state,
        .get_image_index = given.get_image_index,
        .set_image_index = given.set_image_index,
        .get_num_images = given.get_num_images,
        .replace_image_index = given.replace_image_index,
        .add_image_index = given.add_image_index,
    };
    return environment_forward(bridge, cmd, &old);
}

/* ---- hardware rendering ------------------------------------------------------------------------
 */

static void on_context_reset(void)
{
    registered_t *const r = registered();
    if (r && r->hw.context_reset) r->hw.context_reset();
}

static void on_context_destroy(void)
{
    registered_t *const r = registered();
    if (r && r->hw.context_destroy) r->hw.context_destroy();
}

/* In and out: the frontend fills in its two functions, which go back to the core. The picture
 * itself stays on the graphics card and passes untouched. */
bool trampoline_hw_render(bridge_t *bridge, unsigned cmd, void *data)
{
    struct retro_hw_render_callback *const inner = data;
    registered_t *const r = &bridge->registered;
    const registered_t before = *r;
    r->hw = *inner;
    r->hw_given = *inner;
    r->hw_given.context_reset = inner->context_reset ? on_context_reset : NULL;
    r->hw_given.context_destroy = inner->context_destroy ? on_context_destroy : NULL;
    if (!environment_forward(bridge, cmd, &r->hw_given)) {
        r->hw = before.hw; /* the core may try another context type */
        r->hw_given = before.hw_given;
        return false;
    }
    inner->get_current_framebuffer = r->hw_given.get_current_framebuffer;
    inner->get_proc_address = r->hw_given.get_proc_address;
    return true;
}

/* ---- time and sound -----------------------------------------------------------------------------
 */

static void on_frame_time(retro_usec_t usec)
{
    registered_t *const r = registered();
    if (r && r->frame_time.callback) r->frame_time.callback(usec);
}

/* Headless: bridge_run_frame() calls it with the reference, so that time is emulated time. */
bool trampoline_frame_time(bridge_t *bridge, unsigned cmd, void *data)
{
    bridge->registered.frame_time = *(const struct retro_frame_time_callback *)data;
    if (!bridge->host) return true;
    struct retro_frame_time_callback given = bridge->registered.frame_time;
    if (given.callback) given.callback = on_frame_time;
    const bool answer = environment_forward(bridge, cmd, &given);
    if (!answer) bridge->registered.frame_time = (struct retro_frame_time_callback){ 0 };
    return answer;
}

/* A frontend's sound thread may be inside the inner core when it is closed; the lock makes the
 * close wait. Recursive, because the callback may register another one. */
static pthread_mutex_t audio_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void on_audio(void)
{
    pthread_mutex_lock(&audio_lock);
    registered_t *const r = registered();
    if (r && r->audio.callback) r->audio.callback();
    pthread_mutex_unlock(&audio_lock);
}

static void on_audio_state(bool enabled)
{
    pthread_mutex_lock(&audio_lock);
    registered_t *const r = registered();
    if (r && r->audio.set_state) r->audio.set_state(enabled);
    pthread_mutex_unlock(&audio_lock);
}

static void set_audio(bridge_t *bridge, const struct retro_audio_callback *callback)
{
    pthread_mutex_lock(&audio_lock);
    bridge->registered.audio = callback ? *callback : (struct retro_audio_callback){ 0 };
    pthread_mutex_unlock(&audio_lock);
}

/* Refused while the agent may play: the core then makes its sound in retro_run, by its own clock.
 */
bool trampoline_audio(bridge_t *bridge, unsigned cmd, void *data)
{
    if (bridge->host->agent_may_play) return false;
    const struct retro_audio_callback *const inner = data;
    set_audio(bridge, inner);
    struct retro_audio_callback given = { 0 };
    if (inner && inner->callback) given.callback = on_audio;
    if (inner && inner->set_state) given.set_state = on_audio_state;
    const bool answer = environment_forward(bridge, cmd, inner ? &given : NULL);
    if (!answer) set_audio(bridge, NULL);
    return answer;
}

static void on_audio_status(bool active, unsigned occupancy, bool underrun_likely)
{
    registered_t *const r = registered();
    if (r && r->audio_status) r->audio_status(active, occupancy, underrun_likely);
}

/* Refused while the agent may play: cores skip frames by it. */
bool trampoline_audio_status(bridge_t *bridge, unsigned cmd, void *data)
{
    if (bridge->host->agent_may_play) return false;
    const struct retro_audio_buffer_status_callback *const inner = data;
    bridge->registered.audio_status = inner ? inner->callback : NULL;
    struct retro_audio_buffer_status_callback given = { bridge->registered.audio_status
                                                            ? on_audio_status
                                                            : NULL };
    const bool answer = environment_forward(bridge, cmd, inner ? &given : NULL);
    if (!answer) bridge->registered.audio_status = NULL;
    return answer;
}

/* ---- the rest
 * ------------------------------------------------------------------------------------- */

static bool on_options_display(void)
{
    registered_t *const r = registered();
    return r && r->options_display && r->options_display();
}

bool trampoline_options_display(bridge_t *bridge, unsigned cmd, void *data)
{
    const struct retro_core_options_update_display_callback *const inner = data;
    bridge->registered.options_display = inner ? inner->callback : NULL;
    struct retro_core_options_update_display_callback given = { bridge->registered.options_display
                                                                    ? on_options_display
                                                                    : NULL };
    return environment_forward(bridge, cmd, inner ? &given : NULL);
}

static void on_camera_raw(const uint32_t *buffer, unsigned width, unsigned height, size_t pitch)
{
    registered_t *const r = registered();
    if (r && r->camera.frame_raw_framebuffer)
        r->camera.frame_raw_framebuffer(buffer, width, height, pitch);
}

static void on_camera_texture(unsigned texture, unsigned target, const float *affine)
{
    registered_t *const r = registered();
    if (r && r->camera.frame_opengl_texture)
        r->camera.frame_opengl_texture(texture, target, affine);
}

static void on_camera_up(void)
{
    registered_t *const r = registered();
    if (r && r->camera.initialized) r->camera.initialized();
}

static void on_camera_down(void)
{
    registered_t *const r = registered();
    if (r && r->camera.deinitialized) r->camera.deinitialized();
}

bool trampoline_camera(bridge_t *bridge, unsigned cmd, void *data)
{
    struct retro_camera_callback *const inner = data;
    struct retro_camera_callback given = *inner;
    bridge->registered.camera = *inner;
    if (inner->frame_raw_framebuffer) given.frame_raw_framebuffer = on_camera_raw;
    if (inner->frame_opengl_texture) given.frame_opengl_texture = on_camera_texture;
    if (inner->initialized) given.initialized = on_camera_up;
    if (inner->deinitialized) given.deinitialized = on_camera_down;
    if (!environment_forward(bridge, cmd, &given)) return false;
    inner->start = given.start;
    inner->stop = given.stop;
    return true;
}

static void on_location_up(void)
{
    registered_t *const r = registered();
    if (r && r->location.initialized) r->location.initialized();
}

static void on_location_down(void)
{
    registered_t *const r = registered();
    if (r && r->location.deinitialized) r->location.deinitialized();
}

bool trampoline_location(bridge_t *bridge, unsigned cmd, void *data)
{
    struct retro_location_callback *const inner = data;
    struct retro_location_callback given = *inner;
    bridge->registered.location = *inner;
    if (inner->initialized) given.initialized = on_location_up;
    if (inner->deinitialized) given.deinitialized = on_location_down;
    if (!environment_forward(bridge, cmd, &given)) return false;
    inner->start = given.start;
    inner->stop = given.stop;
    inner->get_position = given.get_position;
    inner->set_interval = given.set_interval;
    return true;
}

void trampolines_drop(bridge_t *bridge)
{
    pthread_mutex_lock(&audio_lock);
    bridge->registered = (registered_t){ 0 };
    pthread_mutex_unlock(&audio_lock);
}
