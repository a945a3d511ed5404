/* trampolines.h - between a frontend and the callbacks that the inner core registered.
 *
 * A frontend keeps what it was given until Kata itself is unloaded; the inner core may be gone
 * before. So it is given functions of ours, which call on if there is still someone to call. All
 * are called from the frontend's main thread, but the audio callback, which comes from any thread.
 */
#ifndef CORE_BRIDGE_TRAMPOLINES_H
#define CORE_BRIDGE_TRAMPOLINES_H

#include "inner.h"

/* Answers of environment.c's table. */
bool trampoline_keyboard(bridge_t *, unsigned, void *);
bool trampoline_disk(bridge_t *, unsigned, void *);
bool trampoline_hw_render(bridge_t *, unsigned, void *);
bool trampoline_hw_negotiation(bridge_t *, unsigned, void *);
bool trampoline_frame_time(bridge_t *, unsigned, void *);
bool trampoline_audio(bridge_t *, unsigned, void *);
bool trampoline_audio_status(bridge_t *, unsigned, void *);
bool trampoline_options_display(bridge_t *, unsigned, void *);
bool trampoline_camera(bridge_t *, unsigned, void *);
bool trampoline_location(bridge_t *, unsigned, void *);

/* The audio callback reaches the core only between start and stop. Stop waits for a call that is
 * running in another thread. */
void trampolines_start_audio(void);
void trampolines_stop_audio(void);
/* Forget what the inner core registered: nothing calls into it any more when this returns. */
void trampolines_drop(bridge_t *bridge);

#endif
