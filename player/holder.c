/* holder.c - the rules of holder.h. */
#include "holder.h"

holder_who_t holder_of(const holder_t *holder, uint32_t port)
{
    if (boot_script_runs(&holder->script)) return HOLDER_SCRIPT;
    if (!(holder->wish.ports >> port & 1)) return HOLDER_NOBODY;
    return holder->touch.frames_left[port] > 0 ? HOLDER_HUMAN : HOLDER_AGENT;
}

uint32_t holder_humans(const holder_t *holder)
{
    uint32_t humans = 0;
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++)
        if (holder->touch.frames_left[port] > 0) humans |= 1u << port;
    return humans & holder->wish.ports;
}

uint32_t holder_agents(const holder_t *holder)
{
    if (boot_script_runs(&holder->script)) return 0;
    return holder->wish.ports & ~holder_humans(holder);
}

static void let_go(holder_t *holder)
{
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++) holder->touch.frames_left[port] = 0;
}

void holder_wish(holder_t *holder, const holder_wish_t *wish)
{
    if (holder->wish.ports != wish->ports) holder_forget(holder);
    holder->wish = *wish;
}

bool holder_may_script(const holder_t *holder, const preset_t *preset)
{
    return holder->wish.starts && holder->wish.ports & 1 && preset_num_starts(preset) > 0;
}

void holder_power_on(holder_t *holder, const preset_t *preset, const int64_t *now,
                     int32_t idle_frames)
{
    holder_forget(holder);
    if (holder_may_script(holder, preset))
        boot_script_begin(&holder->script, preset, preset_default_start(preset), now, idle_frames);
}

void holder_forget(holder_t *holder)
{
    let_go(holder);
    holder->script = (boot_script_t){ 0 };
}

void holder_touch(holder_t *holder, uint32_t touched)
{
    const uint32_t humans = holder_humans(holder);
    holder_touch_t *touch = &holder->touch;
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++) {
        const uint32_t bit = 1u << port;
        if (!(holder->wish.ports & bit)) continue;
        uint32_t *left = &touch->frames_left[port];
        if (!(touched & bit)) touch->armed |= bit;
        if (touched & touch->armed & bit)
            *left = holder->wish.hold_frames;
        else if (*left > 0)
            --*left;
        if (*left > holder->wish.hold_frames) *left = holder->wish.hold_frames;
    }
    /* Whoever takes a pad starts the game himself from here on. */
    if (holder_humans(holder) & ~humans) holder->script = (boot_script_t){ 0 };
}

boot_turn_t holder_advance(holder_t *holder, const preset_t *preset, const int64_t *before,
                           const int64_t *now, bool done)
{
    if (boot_script_runs(&holder->script))
        return boot_script_advance(&holder->script, preset, before, now);
    if (done && holder_humans(holder) == 0 && holder_may_script(holder, preset))
        boot_script_after_episode(&holder->script, preset_default_start(preset),
                                  HOLDER_OVER_FRAMES);
    return BOOT_GOES_ON;
}
