/* bench_frontend.h - the frontend of a bench's child process: takes everything, keeps nothing.
 *
 * One core a process, never closed: the process ends with it, because a core's own end is not what
 * is measured. Not for the parent.
 *
 *     if (!bench_frontend_open(&core, &config, why)) worker_fail(child, why);
 *     for (...) core.run(), bench_frontend_next_frame();
 */
#ifndef TRAINER_BENCH_FRONTEND_H
#define TRAINER_BENCH_FRONTEND_H

#include <stdbool.h>

#include "bridge_host.h"
#include "library.h"
#include "why.h"

typedef struct {
    const char *core_path;
    const char *content_path;
    const char *plugin_path; /* kata_libretro.so, with the core inside; NULL: the core alone */
    const char *agent_home; /* where the plugin finds the game's agent, which plays; NULL: kata_mode
                               is off */
    bool learns; /* with agent_home: kata_mode is learn, kata_overlay full, messages are taken */
    bool presses_buttons; /* every button for 8 of 64 frames; false: nobody touches a pad */
} bench_frontend_config_t;

/* The texts are borrowed for as long as the process lives. */
bool bench_frontend_open(library_t *core, const bench_frontend_config_t *config, why_t why);
/* The same frontend for bridge_open(), pressing buttons. */
struct bridge_host *bench_frontend_host(void);
/* After each frame: what is pressed follows the number of frames. */
void bench_frontend_next_frame(void);
/* Whether the plugin said so; if not, `why` has its own reason. */
bool bench_frontend_agent_plays(why_t why);

#endif
