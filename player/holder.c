/* holder.c - the rules of holder.h. */
#include "holder.h"

holder_who_t holder_of(const holder_t *holder, uint32_t port)
{
    if (boot_script_runs(&holder->script)) return HOLDER_SCRIPT;
    if (!(holder->wish.ports >> port & 1)) return HOLDER_NOBODY;
    if (holder->touch.frames_left[port] > 0) return HOLDER_HUMAN;
    return holder->way.frames > 0 ? HOLDER_NOBODY : HOLDER_AGENT;
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
    if (boot_script_runs(&holder->script) || holder->way.frames > 0) return 0;
    return holder->wish.ports & ~holder_humans(holder);
}

bool holder_waits(const holder_t *holder)
{
    return holder->wish.ports && holder->way.frames > 0 && holder_humans(holder) == 0;
}

static void let_go(holder_t *holder)
{
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++) holder->touch.frames_left[port] = 0;
}

void holder_wish(holder_t *holder, const holder_wish_t *wish)
{
    if (holder->wish.ports != wish->ports) holder_forget(holder);
    if (!wish->fights) holder->way = (holder_way_t){ 0 };
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
    holder->way.company = 0;
    holder->way.tries = 0;
    if (holder_may_script(holder, preset))
        boot_script_begin(&holder->script, preset, preset_default_start(preset), now, idle_frames);
    holder_look(holder, preset, now, now);
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
        if (!(holder->wish.ports & bit)) {
            if (touched & bit) holder->way.company |= bit;
            continue;
        }
        uint32_t *left = &touch->frames_left[port];
        if (!(touched & bit)) touch->armed |= bit;
        if (touched & touch->armed & bit)
            *left = holder->wish.hold_frames;
        else if (*left > 0)
            --*left;
        if (*left > holder->wish.hold_frames) *left = holder->wish.hold_frames;
    }
    /* Whoever takes a pad starts the game himself from here on. */
    if (holder_humans(holder) & ~humans) {
        holder->script = (boot_script_t){ 0 };
        holder->way.tries = 0;
    }
}

void holder_look(holder_t *holder, const preset_t *preset, const int64_t *before,
                 const int64_t *now)
{
    holder_way_t *way = &holder->way;
    const int32_t start = preset_default_start(preset);
    if (!holder->wish.fights || !boot_script_knows_fight(preset, start) ||
        boot_script_fight_is_on(preset, start, before, now)) {
        way->frames = way->tries = 0;
    } else if (boot_script_runs(&holder->script)) {
        way->frames = 0;
    } else if (way->frames == 0) {
        way->frames = 1; /* holder_advance() counts on */
    }
}

/* The agent may begin a game anew, and takes nobody out of his. */
static bool may_begin_anew(const holder_t *holder, const preset_t *preset)
{
    return holder_humans(holder) == 0 && !(holder->way.company & ~holder->wish.ports) &&
           holder->way.tries < HOLDER_MAX_TRIES && holder_may_script(holder, preset);
}

boot_turn_t holder_advance(holder_t *holder, const preset_t *preset, const int64_t *before,
                           const int64_t *now, bool done)
{
    boot_turn_t turn = BOOT_GOES_ON;
    const bool runs = boot_script_runs(&holder->script);
    if (runs) turn = boot_script_advance(&holder->script, preset, before, now);
    if (holder->way.frames > 0 && holder->way.frames < HOLDER_MAX_WAIT) holder->way.frames++;
    holder_look(holder, preset, before, now);
    if (turn == BOOT_WANTS_RESET) {
        if (holder->way.tries < HOLDER_MAX_TRIES) holder->way.tries++;
    } else if (!runs && (done || holder->way.frames > 0) && may_begin_anew(holder, preset)) {
        boot_script_after_episode(&holder->script, preset_default_start(preset),
                                  HOLDER_OVER_FRAMES);
        holder->way.frames = 0;
    }
    return turn;
}
