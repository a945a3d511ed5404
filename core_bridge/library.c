/* library.c - the table of libretro's 25 entry points, and what is no core. */
#include "library.h"

#include "library_file.h"
#include "why.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Every member is a function pointer of pointer size; its address is copied in bytewise,
 * because ISO C has no conversion from void * to a function pointer. */
#define ENTRY(name)                                                                                \
    {                                                                                              \
        "retro_" #name, offsetof(library_t, name)                                                  \
    }
static const struct {
    const char *name;
    size_t offset;
} entries[] = {
    ENTRY(set_environment),
    ENTRY(set_video_refresh),
    ENTRY(set_audio_sample),
    ENTRY(set_audio_sample_batch),
    ENTRY(set_input_poll),
    ENTRY(set_input_state),
    ENTRY(init),
    ENTRY(deinit),
    ENTRY(api_version),
    ENTRY(get_system_info),
    ENTRY(get_system_av_info),
    ENTRY(set_controller_port_device),
    ENTRY(reset),
    ENTRY(run),
    ENTRY(serialize_size),
    ENTRY(serialize),
    ENTRY(unserialize),
    ENTRY(cheat_reset),
    ENTRY(cheat_set),
    ENTRY(load_game),
    ENTRY(load_game_special),
    ENTRY(unload_game),
    ENTRY(get_region),
    ENTRY(get_memory_data),
    ENTRY(get_memory_size),
};
#undef ENTRY

static bridge_status_t bind_entries(library_t *library, why_t why)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        void *const symbol = library_file_symbol(library->handle, entries[i].name);
        if (!symbol) {
            refuse(why, "%.250s: is not a libretro core: it has no %s()", library->path,
                   entries[i].name);
            return BRIDGE_NO_SYMBOL;
        }
        memcpy((char *)library + entries[i].offset, &symbol, sizeof symbol);
    }
    return BRIDGE_OK;
}

static bridge_status_t open_library(library_t *out, const char *path, bool may_be_kata, why_t why)
{
    *out = (library_t){ 0 };
    if (!path || !*path) {
        refuse(why, "no core was named");
        return BRIDGE_NO_LIBRARY;
    }
    struct stat status;
    char *const absolute = realpath(path, NULL);
    if (!absolute || stat(absolute, &status) != 0) {
        const int cause = errno;
        free(absolute);
        if (cause == ENOMEM) {
            refuse(why, "%.250s: no memory", path);
            return BRIDGE_NO_MEMORY;
        }
        refuse(why, "%.250s: there is no such core: %s", path, strerror(cause));
        return BRIDGE_NO_LIBRARY;
    }
    snprintf(out->path, sizeof out->path, "%s", absolute);
    free(absolute);

    bridge_status_t result = BRIDGE_NO_LIBRARY;
    if (!S_ISREG(status.st_mode)) {
        refuse(why, "%.250s: is not a libretro core: it is not a regular file", out->path);
        goto fail;
    }
    if (!may_be_kata && library_file_is_ours(&status)) {
        refuse(why, "%.250s: is Kata itself; choose a core that plays the game", out->path);
        result = BRIDGE_IS_KATA;
        goto fail;
    }
    if (library_file_is_cut_short(out->path, (uint64_t)status.st_size)) {
        refuse(why, "%.250s: is not a libretro core: the file is cut short", out->path);
        goto fail;
    }
    out->handle = library_file_open(out->path, &out->is_private_copy, why);
    if (!out->handle) goto fail;
    result = bind_entries(out, why);
    if (result != BRIDGE_OK) goto fail;

    const unsigned version = out->api_version();
    if (version != RETRO_API_VERSION) {
        refuse(why, "%.250s: speaks libretro API version %u, Kata speaks %d", out->path, version,
               RETRO_API_VERSION);
        result = BRIDGE_WRONG_API;
        goto fail;
    }
    struct retro_system_info info = { 0 };
    out->get_system_info(&info);
    if (!may_be_kata && info.library_name && strcmp(info.library_name, "Kata") == 0) {
        refuse(why, "%.250s: is Kata itself; choose a core that plays the game", out->path);
        result = BRIDGE_IS_KATA;
        goto fail;
    }
    return BRIDGE_OK;

fail:
    library_close(out);
    return result;
}

bridge_status_t library_open(library_t *out, const char *path, why_t why)
{
    return open_library(out, path, false, why);
}

bridge_status_t library_open_any(library_t *out, const char *path, why_t why)
{
    return open_library(out, path, true, why);
}

void library_close(library_t *library)
{
    if (library->handle) library_file_close(library->handle);
    *library = (library_t){ 0 };
}
