/* keeping_host.c - see keeping_host.h. */
#define _GNU_SOURCE
#include "keeping_host.h"

kept_t kept;

uintptr_t host_framebuffer(void)
{
    return 77;
}

retro_proc_address_t host_proc_address(const char *name)
{
    (void)name;
    return NULL;
}

bool host_camera_start(void)
{
    return true;
}

static void keep_controllers(const struct retro_controller_info *ports)
{
    kept.controllers = ports->types;
    kept.num_controllers[0] = ports->num_types;
    kept.num_controllers[1] = ports->types && ports[1].types ? ports[1].num_types : 0;
}

static bool answer(unsigned cmd, void *data)
{
    if (cmd == RETRO_ENVIRONMENT_GET_INPUT_BITMASKS) return kept.has_masks;
    if (kept.says_no) return false;
    switch (cmd) {
    case RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE: *(int *)data = kept.av_enable; return true;
    case RETRO_ENVIRONMENT_SET_MESSAGE:
        kept.messages++;
        kept.message = ((const struct retro_message *)data)->msg; /* a constant of the fake core */
        return true;
    case RETRO_ENVIRONMENT_SET_SERIALIZATION_QUIRKS: kept.quirks = *(uint64_t *)data; return true;
    case RETRO_ENVIRONMENT_SET_HW_RENDER_CONTEXT_NEGOTIATION_INTERFACE:
        kept.negotiation = data; /* frontends keep the pointer */
        return true;
    case RETRO_ENVIRONMENT_SET_INPUT_DESCRIPTORS: kept.descriptors = data; return true;
    case RETRO_ENVIRONMENT_SET_CONTROLLER_INFO: keep_controllers(data); return true;
    case RETRO_ENVIRONMENT_SET_MEMORY_MAPS:
        kept.map = *(struct retro_memory_map *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_KEYBOARD_CALLBACK:
        kept.keyboard = *(struct retro_keyboard_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_DISK_CONTROL_INTERFACE:
        kept.disk = *(struct retro_disk_control_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_DISK_CONTROL_EXT_INTERFACE:
        kept.disk_ext = *(struct retro_disk_control_ext_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_FRAME_TIME_CALLBACK:
        kept.time = *(struct retro_frame_time_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_AUDIO_CALLBACK:
        kept.audio = *(struct retro_audio_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_AUDIO_BUFFER_STATUS_CALLBACK:
        kept.status = *(struct retro_audio_buffer_status_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_UPDATE_DISPLAY_CALLBACK:
        kept.display = *(struct retro_core_options_update_display_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_GET_CAMERA_INTERFACE:
        ((struct retro_camera_callback *)data)->start = host_camera_start;
        kept.camera = *(struct retro_camera_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_GET_LOCATION_INTERFACE:
        ((struct retro_location_callback *)data)->start = host_camera_start;
        kept.location = *(struct retro_location_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_HW_RENDER:
        kept.hw = data; /* some frontends keep the pointer */
        kept.hw->get_current_framebuffer = host_framebuffer;
        kept.hw->get_proc_address = host_proc_address;
        return true;
    case RETRO_ENVIRONMENT_SET_PIXEL_FORMAT:
    case RETRO_ENVIRONMENT_SET_ROTATION:
    case RETRO_ENVIRONMENT_SET_SYSTEM_AV_INFO:
    case RETRO_ENVIRONMENT_SET_GEOMETRY: return true;
    default: return false;
    }
}

static void show(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    kept.pixels = pixels;
    kept.width = width;
    kept.height = height;
    kept.pitch = pitch;
    kept.videos++;
}

static void hear(int16_t left, int16_t right)
{
    (void)left, (void)right;
    kept.samples++;
}

static size_t hear_batch(const int16_t *samples, size_t num_frames)
{
    kept.batch = samples;
    kept.batch_frames = num_frames;
    kept.batches++;
    return num_frames / 2; /* a frontend may take less */
}

static void poll_pads(void)
{
    kept.polls++;
}

static int16_t ask_pad(unsigned port, unsigned device, unsigned index, unsigned id)
{
    kept.asked++;
    if (port > 7) return 0;
    if (device == RETRO_DEVICE_ANALOG) return index == RETRO_DEVICE_INDEX_ANALOG_LEFT ? 1234 : 0;
    if (id == RETRO_DEVICE_ID_JOYPAD_MASK) return kept.has_masks ? (int16_t)kept.pads[port] : 0;
    return id < 16 ? kept.pads[port] >> id & 1 : 0;
}

struct bridge_host keeping_host;

bridge_t *open_hosted(const char *script)
{
    memset(&kept, 0, sizeof kept);
    kept.has_masks = true;
    kept.av_enable = 3;
    keeping_host =
        (struct bridge_host){ .environment = answer,
                              .video = show,
                              .audio_sample = hear,
                              .audio_batch = hear_batch,
                              .input_poll = poll_pads,
                              .input_state = ask_pad,
                              .own_controller = keeping_host.own_controller,
                              .own_controller_ports = keeping_host.own_controller_ports };
    return open_fake_hosted(script, &keeping_host);
}
