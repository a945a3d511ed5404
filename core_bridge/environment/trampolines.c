/* trampolines.c - functions of ours that a frontend may keep, calling on into the inner core. */
#include "trampolines.h"

#include <pthread.h>
#include <stdio.h>

static registered_t *registered(void)
{
    bridge_t *const bridge = inner_active();
    return bridge ? &bridge->registered : NULL;
}

/* ---- keyboard ---- */

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
    return inner_ask_host(bridge, cmd, &given);
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
    if (!data) return inner_ask_host(bridge, cmd, NULL);
    struct retro_disk_control_ext_callback given = disk_trampolines(inner);
    if (cmd == RETRO_ENVIRONMENT_SET_DISK_CONTROL_EXT_INTERFACE)
        return inner_ask_host(bridge, cmd, &given);
    struct retro_disk_control_callback old = {
        .set_eject_state = given.set_eject_state,
        .get_eject_state = given.get_eject_state,
        .get_image_index = given.get_image_index,
        .set_image_index = given.set_image_index,
        .get_num_images = given.get_num_images,
        .replace_image_index = given.replace_image_index,
        .add_image_index = given.add_image_index,
    };
    return inner_ask_host(bridge, cmd, &old);
}

/* ---- hardware rendering ------------------------------------------------------------------------
 */

static void on_context_reset(void)
{
    registered_t *const r = registered();
    if (!r) return;
    read_back_forget(&inner_active()->read_back);
    if (r->hw.context_reset) r->hw.context_reset();
}

static void on_context_destroy(void)
{
    registered_t *const r = registered();
    if (!r) return;
    read_back_release(&inner_active()->read_back);
    if (r->hw.context_destroy) r->hw.context_destroy();
}

/* In and out: the frontend fills in its two functions, which go back to the core. The picture
 * itself stays on the graphics card and passes untouched. The frontend hears of both callbacks even
 * where the core wants none: what read_back.h keeps on the card lives as long as the context. */
bool trampoline_hw_render(bridge_t *bridge, unsigned cmd, void *data)
{
    struct retro_hw_render_callback *const inner = data;
    registered_t *const r = &bridge->registered;
    const registered_t before = *r;
    r->hw = *inner;
    r->hw_given = *inner;
    r->hw_given.context_reset = on_context_reset;
    r->hw_given.context_destroy = on_context_destroy;
    if (!inner_ask_host(bridge, cmd, &r->hw_given)) {
        r->hw = before.hw; /* the core may try another context type */
        r->hw_given = before.hw_given;
        return false;
    }
    bridge->has_hw = true;
    read_back_begin(&bridge->read_back, &r->hw_given);
    inner->get_current_framebuffer = r->hw_given.get_current_framebuffer;
    inner->get_proc_address = r->hw_given.get_proc_address;
    return true;
}

/* ---- Vulkan: how the core wants its device made ---- */

/* Mirrors of libretro_vulkan.h, whose Vulkan headers Kata does not build against: handles are
 * pointers (VkSurfaceKHR a number of 64 bits where pointers are shorter), functions are pointers.
 */
typedef void *vk_handle_t;
#if UINTPTR_MAX > 0xffffffffu
typedef vk_handle_t vk_surface_t;
#else
typedef uint64_t vk_surface_t;
#endif
typedef void (*vk_function_t)(void);

enum { NEGOTIATION_VULKAN = 0, NEGOTIATION_NEWEST = 2 };
typedef struct {
    int type; /* enum retro_hw_render_context_negotiation_interface_type */
    unsigned version;
    const void *(*get_application_info)(void);
    bool (*create_device)(void *context, vk_handle_t instance, vk_handle_t gpu,
                          vk_surface_t surface, vk_function_t get_proc, const char **extensions,
                          unsigned num_extensions, const char **layers, unsigned num_layers,
                          const void *features);
    void (*destroy_device)(void);
    /* version 2 */
    vk_handle_t (*create_instance)(vk_function_t get_proc, const void *application,
                                   vk_function_t wrapper, void *opaque);
    bool (*create_device2)(void *context, vk_handle_t instance, vk_handle_t gpu,
                           vk_surface_t surface, vk_function_t get_proc, vk_function_t wrapper,
                           void *opaque);
} negotiation_t;

static negotiation_t negotiation; /* the core's; all zero: none */

static const void *on_application_info(void)
{
    return negotiation.get_application_info ? negotiation.get_application_info() : NULL;
}

static bool on_create_device(void *context, vk_handle_t instance, vk_handle_t gpu,
                             vk_surface_t surface, vk_function_t get_proc, const char **extensions,
                             unsigned num_extensions, const char **layers, unsigned num_layers,
                             const void *features)
{
    return negotiation.create_device &&
           negotiation.create_device(context, instance, gpu, surface, get_proc, extensions,
                                     num_extensions, layers, num_layers, features);
}

static void on_destroy_device(void)
{
    if (negotiation.destroy_device) negotiation.destroy_device();
}

static vk_handle_t on_create_instance(vk_function_t get_proc, const void *application,
                                      vk_function_t wrapper, void *opaque)
{
    return negotiation.create_instance
               ? negotiation.create_instance(get_proc, application, wrapper, opaque)
               : NULL;
}

static bool on_create_device2(void *context, vk_handle_t instance, vk_handle_t gpu,
                              vk_surface_t surface, vk_function_t get_proc, vk_function_t wrapper,
                              void *opaque)
{
    return negotiation.create_device2 &&
           negotiation.create_device2(context, instance, gpu, surface, get_proc, wrapper, opaque);
}

/* The frontend keeps the pointer that it is given, so that is to a table of ours. There is no other
 * type than Vulkan; a newer version than we know is given as the newest that we know. */
bool trampoline_hw_negotiation(bridge_t *bridge, unsigned cmd, void *data)
{
    static negotiation_t given;
    const negotiation_t *const inner = data;
    if (inner->type != NEGOTIATION_VULKAN || inner->version < 1) return false;
    const bool has_two = inner->version >= NEGOTIATION_NEWEST;
    const negotiation_t before = negotiation, given_before = given;
    negotiation = (negotiation_t){ .type = inner->type,
                                   .version = has_two ? NEGOTIATION_NEWEST : 1,
                                   .get_application_info = inner->get_application_info,
                                   .create_device = inner->create_device,
                                   .destroy_device = inner->destroy_device,
                                   .create_instance = has_two ? inner->create_instance : NULL,
                                   .create_device2 = has_two ? inner->create_device2 : NULL };
    given = (negotiation_t){
        .type = negotiation.type,
        .version = negotiation.version,
        .get_application_info = negotiation.get_application_info ? on_application_info : NULL,
        .create_device = negotiation.create_device ? on_create_device : NULL,
        .destroy_device = negotiation.destroy_device ? on_destroy_device : NULL,
        .create_instance = negotiation.create_instance ? on_create_instance : NULL,
        .create_device2 = negotiation.create_device2 ? on_create_device2 : NULL,
    };
    if (inner_ask_host(bridge, cmd, &given)) return true;
    negotiation = before;
    given = given_before;
    return false;
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
    const bool answer = inner_ask_host(bridge, cmd, &given);
    if (!answer) bridge->registered.frame_time = (struct retro_frame_time_callback){ 0 };
    return answer;
}

/* The inner core's audio callback, behind a lock and not in the bridge: a frontend's sound thread
 * may call at any time, also while the bridge is being freed. Stopping waits for the thread that is
 * inside. Recursive, because the callback may register another one. */
static pthread_mutex_t audio_lock;
static pthread_once_t audio_once = PTHREAD_ONCE_INIT;
static struct {
    struct retro_audio_callback callback;
    bool is_stopped;
} audio;

static void make_audio_lock(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&audio_lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

static void lock_audio(void)
{
    pthread_once(&audio_once, make_audio_lock);
    pthread_mutex_lock(&audio_lock);
}

static void on_audio(void)
{
    lock_audio();
    if (!audio.is_stopped && audio.callback.callback) audio.callback.callback();
    pthread_mutex_unlock(&audio_lock);
}

static void on_audio_state(bool enabled)
{
    lock_audio();
    if (!audio.is_stopped && audio.callback.set_state) audio.callback.set_state(enabled);
    pthread_mutex_unlock(&audio_lock);
}

static void set_audio(const struct retro_audio_callback *callback)
{
    lock_audio();
    audio.callback = callback ? *callback : (struct retro_audio_callback){ 0 };
    pthread_mutex_unlock(&audio_lock);
}

static void stop_audio(bool is_stopped)
{
    lock_audio();
    audio.is_stopped = is_stopped;
    pthread_mutex_unlock(&audio_lock);
}

void trampolines_start_audio(void)
{
    stop_audio(false);
}

void trampolines_stop_audio(void)
{
    stop_audio(true);
}

/* Refused while the agent may play: the core then makes its sound in retro_run, by its own clock.
 */
bool trampoline_audio(bridge_t *bridge, unsigned cmd, void *data)
{
    if (bridge->host->agent_may_play) return false;
    const struct retro_audio_callback *const inner = data;
    set_audio(inner);
    struct retro_audio_callback given = { 0 };
    if (inner && inner->callback) given.callback = on_audio;
    if (inner && inner->set_state) given.set_state = on_audio_state;
    const bool answer = inner_ask_host(bridge, cmd, inner ? &given : NULL);
    if (!answer) set_audio(NULL);
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
    const bool answer = inner_ask_host(bridge, cmd, inner ? &given : NULL);
    if (!answer) bridge->registered.audio_status = NULL;
    return answer;
}

/* ---- the rest ---- */

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
    return inner_ask_host(bridge, cmd, inner ? &given : NULL);
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
    if (!inner_ask_host(bridge, cmd, &given)) return false;
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
    if (!inner_ask_host(bridge, cmd, &given)) return false;
    inner->start = given.start;
    inner->stop = given.stop;
    inner->get_position = given.get_position;
    inner->set_interval = given.set_interval;
    return true;
}

void trampolines_drop(bridge_t *bridge)
{
    set_audio(NULL);
    negotiation = (negotiation_t){ 0 };
    bridge->registered = (registered_t){ 0 };
}
