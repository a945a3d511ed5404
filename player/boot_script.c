/* boot_script.c - see boot_script.h. */
#include "boot_script.h"

static int32_t num_steps(const boot_script_t *script, const preset_t *preset)
{
    return script->start < preset_num_starts(preset) ? preset_num_boot_steps(preset, script->start)
                                                     : 0;
}

static const preset_boot_step_t *step_of(const boot_script_t *script, const preset_t *preset)
{
    return preset_boot_step(preset, script->start, script->step);
}

static void finish(boot_script_t *script)
{
    *script = (boot_script_t){ 0 };
}

/* Waits that are over already, and moves of no length, take no frame. */
static void skip_met(boot_script_t *script, const preset_t *preset, const int64_t *before,
                     const int64_t *now)
{
    while (script->phase == BOOT_SCRIPT) {
        const preset_boot_step_t *step = step_of(script, preset);
        const bool met = step->kind == PRESET_BOOT_UNTIL
                             ? preset_condition(preset, step->condition, before, now)
                             : script->frame >= step->macro.num_frames;
        if (!met) return;
        script->frame = 0;
        script->step++;
        if (script->step < num_steps(script, preset)) continue;
        script->step = 0;
        script->phase = BOOT_IDLE;
    }
}

/* What a start's script waits for at its end; NULL: it ends otherwise. */
static const preset_boot_step_t *last_wait(const preset_t *preset, int32_t start)
{
    const int32_t count =
        start < preset_num_starts(preset) ? preset_num_boot_steps(preset, start) : 0;
    if (count == 0) return NULL;
    const preset_boot_step_t *last = preset_boot_step(preset, start, count - 1);
    return last->kind == PRESET_BOOT_UNTIL ? last : NULL;
}

bool boot_script_fight_is_on(const preset_t *preset, int32_t start, const int64_t *before,
                             const int64_t *now)
{
    const preset_boot_step_t *last = last_wait(preset, start);
    return last && !preset_done(preset, 0, before, now) &&
           preset_condition(preset, last->condition, before, now);
}

void boot_script_begin(boot_script_t *script, const preset_t *preset, int32_t start,
                       const int64_t *now, int32_t idle_frames)
{
    *script = (boot_script_t){ .phase = BOOT_SCRIPT, .start = start, .idle_frames = idle_frames };
    if (num_steps(script, preset) == 0) {
        finish(script);
        return;
    }
    skip_met(script, preset, now, now);
    if (script->phase == BOOT_IDLE && idle_frames == 0) finish(script);
}

bool boot_script_runs(const boot_script_t *script)
{
    return script->phase != BOOT_DONE;
}

uint16_t boot_script_pad(const boot_script_t *script, const preset_t *preset, uint32_t *port)
{
    *port = 0;
    if (script->phase != BOOT_SCRIPT) return 0;
    const preset_boot_step_t *step = step_of(script, preset);
    *port = step->port;
    if (step->macro.num_frames == 0) return 0;
    return macro_pad_at(&step->macro, script->frame % step->macro.num_frames, false);
}

boot_turn_t boot_script_advance(boot_script_t *script, const preset_t *preset,
                                const int64_t *before, const int64_t *now)
{
    script->frame++;
    switch ((boot_phase_t)script->phase) {
    case BOOT_SCRIPT: {
        const int32_t step = script->step;
        skip_met(script, preset, before, now);
        if (script->phase == BOOT_SCRIPT && script->step == step) {
            const preset_boot_step_t *waits = step_of(script, preset);
            if (waits->kind != PRESET_BOOT_UNTIL || script->frame < waits->limit_frames)
                return BOOT_GOES_ON;
            *script = (boot_script_t){ .start = script->start, .step = step };
            return BOOT_FAILED;
        }
        if (script->phase == BOOT_SCRIPT || script->idle_frames > 0) return BOOT_GOES_ON;
        break;
    }
    case BOOT_IDLE:
        if (script->frame < script->idle_frames) return BOOT_GOES_ON;
        break;
    case BOOT_DONE:
    case BOOT_NUM_PHASES: break;
    }
    finish(script);
    return BOOT_FINISHED;
}

bool boot_script_is_sound(const boot_script_t *script, const preset_t *preset)
{
    if (script->phase == BOOT_SCRIPT) return script->step < num_steps(script, preset);
    return true; /* step and start say nothing then */
}
