/* sandbox.h - one game in a worker process, played by hand and looked into.
 *
 * For finding out where a game keeps its numbers (memory_search.h): run it, press buttons, keep
 * states, and after each request look at its memory and at its picture. A core that crashes ends
 * the worker, not us: from then on each request fails with the sentence of how it died.
 *
 *     sandbox_t *sandbox;
 *     sandbox_open(&sandbox, &config, why);
 *     sandbox_boot(sandbox, start, why);
 *     sandbox_play(sandbox, 0, &macro, why);
 *     search_narrow(search, SEARCH_LESS, 0, sandbox_memory(sandbox));
 *
 * Every function that returns bool: false, and `why` says the reason. The game then stands where it
 * stood, or, where sandbox_is_dead(), is gone.
 *
 * May include: bridge.h, worker.h, preset.h, macro.h, memory_search.h.
 */
#ifndef KATA_PLAYER_SANDBOX_H
#define KATA_PLAYER_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "player.h"
#include "memory_search.h"
#include "why.h"

#define SANDBOX_MAX_STATES 16
#define SANDBOX_MAX_FRAMES 36000 /* of one request: ten minutes */

typedef struct sandbox sandbox_t;

typedef struct {
    const char *core_path, *content_path;
    const preset_t *preset;   /* borrowed: memory, boot scripts */
    int32_t request_limit_ms; /* a worker silent for so long is given up; 0: 120,000 */
} sandbox_config_t;

/* The game at power-on, before its first frame. Refuses more than SEARCH_MAX_BYTES of memory. */
bool sandbox_open(sandbox_t **out, const sandbox_config_t *config, why_t why);
void sandbox_close(sandbox_t *sandbox); /* NULL is fine */
bool sandbox_is_dead(const sandbox_t *sandbox);

/* The boot script of `start`, from power-on or, later, from a press of the console's reset button;
 * and one frame more, to be seen. */
bool sandbox_boot(sandbox_t *sandbox, int32_t start, why_t why);
/* So many frames, 1..SANDBOX_MAX_FRAMES, with nothing pressed. */
bool sandbox_run(sandbox_t *sandbox, int32_t frames, why_t why);
/* A macro as it is written, facing right, on a port (0 is the first). */
bool sandbox_play(sandbox_t *sandbox, uint32_t port, const macro_t *macro, why_t why);
/* Keep the state in a slot, 0..SANDBOX_MAX_STATES - 1; go back to it. */
bool sandbox_save(sandbox_t *sandbox, int32_t slot, why_t why);
bool sandbox_load(sandbox_t *sandbox, int32_t slot, why_t why);

/* What can be searched. Borrowed, the same until close; bytes in the console's order, as they were
 * after the last request. */
const search_range_t *sandbox_ranges(const sandbox_t *sandbox, int32_t *num_ranges);
const uint8_t *sandbox_memory(const sandbox_t *sandbox);
/* RGB of the last frame, 3 bytes a pixel, rows without gaps; NULL if none was drawn yet. Borrowed
 * until the next request. */
const uint8_t *sandbox_picture(const sandbox_t *sandbox, int32_t *width_px, int32_t *height_px);
uint64_t sandbox_frames(const sandbox_t *sandbox); /* run since open */

#endif
