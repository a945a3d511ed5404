/* start.c - the start script as a machine of four numbers. */
#include "start.h"

static int32_t script(const preset_t *preset)
{
    return preset_default_start(preset);
}

static int32_t num_steps(const preset_t *preset)
{
    return preset_num_starts(preset) > 0 ? preset_num_boot_steps(preset, script(preset)) : 0;
}

/* Waits that are over already, and moves of no length, take no frame. */
static void skip_met(start_t *start, const preset_t *preset, const int64_t *before,
                     const int64_t *now)
{
    while (start->phase == START_SCRIPT) {
        const preset_boot_step_t *step = preset_boot_step(preset, script(preset), start->step);
        const bool met = step->kind == PRESET_BOOT_UNTIL
                             ? preset_condition(preset, step->condition, before, now)
                             : start->frame >= step->macro.num_frames;
        if (!met) return;
        start->frame = 0;
        start->step++;
        if (start->step < num_steps(preset)) continue;
        start->step = 0;
        start->phase = START_IDLE;
    }
}

/* What the script waits for at its end says when there is something to decide. */
static bool fight_is_on(const preset_t *preset, const int64_t *before, const int64_t *now)
{
    if (num_steps(preset) == 0 || preset_done(preset, 0, before, now)) return false;
    const preset_boot_step_t *last =
        preset_boot_step(preset, script(preset), num_steps(preset) - 1);
    return last->kind == PRESET_BOOT_UNTIL &&
           preset_condition(preset, last->condition, before, now);
}

void start_begin(start_t *start, const preset_t *preset, const int64_t *now, int32_t idle_frames)
{
    *start = (start_t){ 0 };
    if (num_steps(preset) == 0) return;
    start->phase = START_SCRIPT;
    start->idle_frames = idle_frames;
    skip_met(start, preset, now, now);
    if (start->phase == START_IDLE && idle_frames == 0) start->phase = START_DONE;
}

void start_after_episode(start_t *start, int32_t over_frames)
{
    *start = (start_t){ .phase = START_OVER, .idle_frames = over_frames };
}

bool start_runs(const start_t *start)
{
    return start->phase != START_DONE;
}

uint16_t start_pad(const start_t *start, const preset_t *preset, uint32_t *port)
{
    *port = 0;
    if (start->phase != START_SCRIPT) return 0;
    const preset_boot_step_t *step = preset_boot_step(preset, script(preset), start->step);
    *port = step->port;
    if (step->macro.num_frames == 0) return 0;
    return macro_pad_at(&step->macro, start->frame % step->macro.num_frames, false);
}

start_turn_t start_advance(start_t *start, const preset_t *preset, const int64_t *before,
                           const int64_t *now, int32_t *failed)
{
    start->frame++;
    switch (start->phase) {
    case START_SCRIPT: {
        const int32_t step = start->step;
        skip_met(start, preset, before, now);
        if (start->phase == START_SCRIPT && start->step == step) {
            const preset_boot_step_t *waits = preset_boot_step(preset, script(preset), step);
            if (waits->kind != PRESET_BOOT_UNTIL || start->frame < waits->limit_frames)
                return START_GOES_ON;
            *failed = step;
            *start = (start_t){ 0 };
            return START_FAILED;
        }
        if (start->phase == START_SCRIPT || start->idle_frames > 0) return START_GOES_ON;
        break;
    }
    case START_IDLE:
        if (start->frame < start->idle_frames) return START_GOES_ON;
        break;
    case START_OVER:
        if (fight_is_on(preset, before, now)) break;
        if (start->frame < start->idle_frames) return START_GOES_ON;
        *start = (start_t){ 0 };
        return START_WANTS_RESET;
    case START_DONE:
    case START_NUM_PHASES: break;
    }
    *start = (start_t){ 0 };
    return START_FINISHED;
}

bool start_is_sound(const start_t *start, const preset_t *preset)
{
    if (start->phase < START_DONE || start->phase >= START_NUM_PHASES) return false;
    if (start->frame < 0 || start->frame > 1 << 24) return false;
    if (start->idle_frames < 0 || start->idle_frames > 1 << 16) return false;
    if (start->phase == START_SCRIPT) return start->step >= 0 && start->step < num_steps(preset);
    return start->step == 0;
}
