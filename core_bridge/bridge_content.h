/* bridge_content.h - the game, as the inner core wants it: a path, or bytes, and what it may ask
 * about it.
 */
#ifndef CORE_BRIDGE_CONTENT_H
#define CORE_BRIDGE_CONTENT_H

#include "bridge.h"
#include "libretro.h"
#include "bridge_pool.h"
#include "why.h"

#define CONTENT_MAX_BYTES ((size_t)1 << 30) /* larger games are discs, which cores read by path */

/* All zero: no content. The bytes live until the core is closed (or the next content is loaded),
 * which is what SET_CONTENT_INFO_OVERRIDE calls persistent data. */
typedef struct {
    bridge_pool_t pool;
    uint8_t *bytes;
    size_t num_bytes;
    struct retro_game_info info;        /* for retro_load_game() */
    struct retro_game_info_ext details; /* for GET_GAME_INFO_EXT */
} content_t;

/* A core's exceptions from its own need_fullpath, by extension. All zero: none. */
typedef struct {
    bridge_pool_t pool;
    struct retro_system_content_info_override *rows;
    size_t num_rows;
} content_overrides_t;

bool content_overrides_set(content_overrides_t *overrides,
                           const struct retro_system_content_info_override *from);
void content_overrides_drop(content_overrides_t *overrides);

/* Does the core want a path for this extension, rather than bytes? */
bool content_needs_path(const content_overrides_t *overrides, bool core_needs_path,
                        const char *extension);

/* Fill `content` for a game. needs_path: bytes are neither read nor passed on. */
bridge_status_t content_open(content_t *content, const char *path, const void *bytes,
                             size_t num_bytes, bool needs_path, why_t why);
void content_drop(content_t *content);

#endif
