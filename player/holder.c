/* holder.c - the rules of holder.h. */
#include "holder.h"

#include <string.h>

/* ---- who holds it ---------------------------------------------------------------------------- */

holder_who_t holder_of(const holder_t *holder, uint32_t port)
{
    if (boot_script_runs(&holder->script)) return HOLDER_SCRIPT;
    if (!(holder->wish.ports >> port & 1)) return HOLDER_NOBODY;
    if (holder->touch.frames_left[port] > 0) return HOLDER_HUMAN;
    if (holder->way.way > 0) return HOLDER_SCRIPT;
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

/* ---- the start ------------------------------------------------------------------------------- */

int32_t holder_start(const holder_t *holder, const preset_t *preset)
{
    const int32_t versus = preset_versus_start(preset), wished = (int32_t)holder->wish.start - 1;
    if (versus >= 0 && (!(holder->wish.ports & 1) || holder->way.versus)) return versus;
    if (!(holder->wish.ports & 1) || preset_num_starts(preset) == 0) return -1;
    return wished >= 0 && wished < preset_num_starts(preset) ? wished
                                                             : preset_default_start(preset);
}

bool holder_may_script(const holder_t *holder, const preset_t *preset)
{
    return holder->wish.starts && holder_start(holder, preset) >= 0;
}

/* Others' pads were touched: is it their game as well, and would a reset end it for them? */
static bool would_throw_out(const holder_t *holder, const preset_t *preset)
{
    if (!(holder->way.company & ~holder->wish.ports) || holder->way.versus) return false;
    return !(holder->wish.ports & 1) || preset_versus_start(preset) < 0;
}

static bool may_begin_anew(const holder_t *holder, const preset_t *preset)
{
    return holder->way.tries < HOLDER_MAX_TRIES && holder_may_script(holder, preset) &&
           !would_throw_out(holder, preset);
}

/* The agent is in the game that is under way. */
static bool may_press(const holder_t *holder, const preset_way_t *way)
{
    if (!holder->wish.starts || holder->way.presses >= HOLDER_MAX_PRESSES) return false;
    return holder->way.versus ? way->in_versus : holder->wish.ports & 1;
}

bool holder_seeks(const holder_t *holder)
{
    return holder->wish.ports && holder->way.frames > 0;
}

bool holder_waits(const holder_t *holder, const preset_t *preset)
{
    return holder_seeks(holder) && holder->way.way == 0 && !may_begin_anew(holder, preset);
}

const preset_way_t *holder_way(const preset_t *preset, const int64_t *before, const int64_t *now)
{
    for (int32_t w = 0; w < preset_num_ways(preset); w++)
        if (preset_condition(preset, preset_way(preset, w)->condition, before, now))
            return preset_way(preset, w);
    return NULL;
}

bool holder_way_pad(const holder_t *holder, const preset_t *preset, uint16_t *pad)
{
    const int32_t way = (int32_t)holder->way.way - 1;
    if (way < 0 || way >= preset_num_ways(preset)) return false;
    *pad = macro_pad_at(&preset_way(preset, way)->macro, (int32_t)holder->way.way_frame, false);
    return true;
}

/* ---- events ---------------------------------------------------------------------------------- */

static void let_go(holder_t *holder)
{
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++) holder->touch.frames_left[port] = 0;
}

/* Somebody did something: what was tried before says nothing about now. */
static void seek_anew(holder_way_t *way)
{
    way->rest = way->way = way->way_frame = way->presses = way->tries = 0;
}

void holder_wish(holder_t *holder, const holder_wish_t *wish)
{
    if (memcmp(&holder->wish, wish, sizeof *wish) == 0) return;
    if (holder->wish.ports != wish->ports) holder_forget(holder);
    seek_anew(&holder->way);
    holder->wish = *wish;
}

void holder_leave(holder_t *holder, const preset_t *preset)
{
    if (!holder->wish.ports || !holder->wish.starts) return;
    holder->script = (boot_script_t){ 0 };
    seek_anew(&holder->way);
    holder->way.versus = holder->way.company = 0; /* whoever is in it was asked */
    holder->way.leaves = holder_may_script(holder, preset);
    if (holder->way.leaves && holder->way.frames == 0) holder->way.frames = 1;
}

void holder_power_on(holder_t *holder, const preset_t *preset, const int64_t *now,
                     int32_t idle_frames, bool by_person)
{
    const holder_way_t known = holder->way;
    holder_forget(holder);
    holder->way = (holder_way_t){ 0 };
    if (!by_person) {
        holder->way.tries = known.tries;
        holder->way.versus = known.versus;
        holder->way.company = known.company;
    }
    holder->touch.armed = 0; /* what is held through a reset is no touch */
    if (holder_may_script(holder, preset))
        boot_script_begin(&holder->script, preset, holder_start(holder, preset), now, idle_frames);
}

void holder_forget(holder_t *holder)
{
    let_go(holder);
    holder->script = (boot_script_t){ 0 };
    holder->way = (holder_way_t){ .versus = holder->way.versus, .company = holder->way.company };
}

/* ---- before a frame -------------------------------------------------------------------------- */

void holder_touch(holder_t *holder, uint32_t touched)
{
    const uint32_t humans = holder_humans(holder), ports = holder->wish.ports;
    holder_touch_t *touch = &holder->touch;
    touch->armed |= ~touched & ((1u << BRIDGE_MAX_PORTS) - 1);
    touched &= touch->armed;
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++) {
        uint32_t *left = &touch->frames_left[port];
        if (touched & ports & 1u << port)
            *left = holder->wish.hold_frames;
        else if (*left > 0)
            --*left;
        if (*left > holder->wish.hold_frames) *left = holder->wish.hold_frames;
    }
    holder->way.company |= touched & ~ports;
    /* Whoever takes a pad starts the game himself from here on; in a game for two, any pad. */
    const bool for_two = !(ports & 1) || holder->way.versus;
    if (holder_humans(holder) & ~humans || (for_two && touched & ~ports))
        holder->script = (boot_script_t){ 0 };
    if (touched || holder_humans(holder)) seek_anew(&holder->way);
}

/* ---- after a frame --------------------------------------------------------------------------- */

static bool is_paused(const holder_t *holder, const preset_t *preset)
{
    const int32_t limit = preset_still_frames(preset);
    return limit > 0 && holder->way.still >= (uint32_t)limit;
}

static bool fight_is_on(const holder_t *holder, const preset_t *preset, const int64_t *before,
                        const int64_t *now)
{
    const uint32_t ports = holder->wish.ports;
    const int32_t start = preset_default_start(preset);
    if (holder->way.leaves) return false;
    if (!holder->wish.fights || !preset_knows_fight(preset))
        return holder->way.frames == 0 || holder_humans(holder) ||
               !may_begin_anew(holder, preset) ||
               boot_script_fight_is_on(preset, start, before, now);
    bool on = ports == 0;
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++)
        on |= ports >> port & 1 && preset_fight(preset, port, before, now) &&
              !preset_done(preset, port, before, now);
    return on && !is_paused(holder, preset);
}

void holder_look(holder_t *holder, const preset_t *preset, const int64_t *before,
                 const int64_t *now)
{
    holder_way_t *way = &holder->way;
    if (boot_script_runs(&holder->script)) {
        way->frames = 0;
        return;
    }
    if (!way->leaves && preset_fight(preset, 0, before, now))
        way->versus = preset_is_versus(preset, before, now);
    if (fight_is_on(holder, preset, before, now)) {
        seek_anew(way);
        way->frames = 0;
    } else if (way->frames == 0) {
        way->frames = 1; /* holder_advance() counts on */
    }
}

static void count(uint32_t *frames)
{
    if (*frames < HOLDER_MAX_WAIT) ++*frames;
}

static boot_turn_t begin_anew(holder_way_t *way)
{
    way->tries++;
    return BOOT_WANTS_RESET;
}

/* One frame without a fight. BOOT_WANTS_RESET: nothing else leads to one. */
static boot_turn_t seek(holder_t *holder, const preset_t *preset, const int64_t *before,
                        const int64_t *now)
{
    holder_way_t *way = &holder->way;
    count(&way->frames);
    if (way->way > 0) {
        count(&way->way_frame);
        if ((int32_t)way->way > preset_num_ways(preset) ||
            (int32_t)way->way_frame >= preset_way(preset, (int32_t)way->way - 1)->macro.num_frames)
            way->rest = way->way = way->way_frame = 0;
        return BOOT_GOES_ON;
    }
    count(&way->rest);
    if (way->leaves && !may_begin_anew(holder, preset)) {
        way->leaves = 0; /* the fight that is on is better than none */
        return BOOT_GOES_ON;
    }
    if (way->rest < HOLDER_REST_FRAMES || holder_humans(holder)) return BOOT_GOES_ON;
    if (way->leaves) return begin_anew(way);
    const preset_way_t *found = holder_way(preset, before, now);
    if (found && may_press(holder, found)) {
        way->way = (uint32_t)(found - preset_way(preset, 0)) + 1;
        way->presses++;
        return BOOT_GOES_ON;
    }
    if (way->rest < HOLDER_OVER_FRAMES || !may_begin_anew(holder, preset)) return BOOT_GOES_ON;
    return begin_anew(way);
}

boot_turn_t holder_advance(holder_t *holder, const preset_t *preset, const int64_t *before,
                           const int64_t *now, bool done)
{
    boot_turn_t turn = BOOT_GOES_ON;
    const size_t num_bytes = (size_t)preset_num_variables(preset) * sizeof *now;
    if (memcmp(before, now, num_bytes) == 0)
        count(&holder->way.still);
    else
        holder->way.still = 0;
    if (boot_script_runs(&holder->script)) {
        turn = boot_script_advance(&holder->script, preset, before, now);
        holder_look(holder, preset, before, now);
        return turn;
    }
    holder_look(holder, preset, before, now);
    if (holder->way.frames > 0) return seek(holder, preset, before, now);
    const bool knows = holder->wish.fights && preset_knows_fight(preset);
    if (!knows && done && holder_humans(holder) == 0 && may_begin_anew(holder, preset))
        holder->way.frames = 1;
    return turn;
}
