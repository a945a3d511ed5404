/* demonstration.c - see demonstration.h. */
#include "demonstration.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_SKIP = 60, /* frames of a step: preset_frame_skip() */
    SHORT_FRAMES = 10,
    SLACK_FRAMES = 8,
    DIRECTIONS = MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT,
    NUM_SLOTS = DEMONSTRATION_STEPS + 1, /* and the one that begins after the longest action */
};

typedef struct {
    uint16_t pads[MAX_SKIP];
    int32_t num_frames;
    bool faces_left; /* when it began */
    double reward;
    bool ended;
    preset_result_t result;
} demo_step_t;

struct demonstration {
    demonstration_config_t config;
    int32_t frame_skip;
    int32_t lookahead; /* steps in which any action has ended */
    uint32_t port;
    uint16_t buttons; /* that any action presses */
    demo_step_t steps[NUM_SLOTS];
    int32_t oldest, count; /* a ring; the newest may be under way */
    uint16_t before;       /* the pad of the frame before the oldest step */
    bool follows;          /* the oldest begins where the last decision ended */
    double episode_return;
    int32_t episode_steps;
    uint8_t obs[]; /* (NUM_SLOTS, obs_bytes), before each step */
};

/* Of a macro's step, last or not: how many frames it may be held. */
static int32_t most_frames(const macro_step_t *step, bool is_last)
{
    if (is_last) return step->frames;
    return step->frames < SHORT_FRAMES ? step->frames + SLACK_FRAMES : 2 * step->frames;
}

/* Frames that playing it may take, begun in the last frame of a step. */
static int32_t longest(const macro_t *macro, int32_t frame_skip)
{
    int32_t frames = frame_skip;
    for (int32_t s = 0; s < macro->num_steps; s++)
        frames += SLACK_FRAMES + most_frames(&macro->steps[s], false);
    return frames;
}

demonstration_t *demonstration_create(const demonstration_config_t *config)
{
    demonstration_t *demo = calloc(1, sizeof *demo + NUM_SLOTS * config->obs_bytes);
    if (!demo) return NULL;
    demo->config = *config;
    demo->frame_skip = preset_frame_skip(config->preset);
    for (int32_t a = 0; a < preset_num_actions(config->preset); a++) {
        const macro_t *macro = &preset_action(config->preset, a)->macro;
        const int32_t steps = longest(macro, demo->frame_skip) / demo->frame_skip + 1;
        if (steps > demo->lookahead) demo->lookahead = steps;
        for (int32_t s = 0; s < macro->num_steps; s++) demo->buttons |= macro->steps[s].pad;
    }
    if (demo->lookahead > DEMONSTRATION_STEPS) demo->lookahead = DEMONSTRATION_STEPS;
    demo->buttons |= DIRECTIONS;
    return demo;
}

void demonstration_destroy(demonstration_t *demo)
{
    free(demo);
}

static demo_step_t *step_at(demonstration_t *demo, int32_t i)
{
    return &demo->steps[(demo->oldest + i) % NUM_SLOTS];
}

static uint8_t *obs_at(demonstration_t *demo, int32_t i)
{
    return demo->obs + (size_t)((demo->oldest + i) % NUM_SLOTS) * demo->config.obs_bytes;
}

void demonstration_break(demonstration_t *demo)
{
    demo->count = 0;
    demo->follows = false;
    demo->before = 0;
    demo->episode_return = 0;
    demo->episode_steps = 0;
}

static bool is_whole(const demonstration_t *demo, const demo_step_t *step)
{
    return step->ended || step->num_frames >= demo->frame_skip;
}

void demonstration_frame(demonstration_t *demo, const demonstration_frame_t *frame)
{
    if (frame->port != demo->port) demonstration_break(demo);
    demo->port = frame->port;
    demo_step_t *newest = demo->count > 0 ? step_at(demo, demo->count - 1) : NULL;
    if (frame->obs) {
        /* The player's steps went on without these frames, or nobody took what was known. */
        if ((newest && !is_whole(demo, newest)) || demo->count == NUM_SLOTS)
            demonstration_break(demo);
        newest = step_at(demo, demo->count++);
        *newest = (demo_step_t){ .faces_left = frame->faces_left };
        memcpy(obs_at(demo, demo->count - 1), frame->obs, demo->config.obs_bytes);
    } else if (!newest || is_whole(demo, newest)) {
        return;
    }
    newest->pads[newest->num_frames++] = frame->pad & demo->buttons;
    newest->reward += (double)frame->reward;
    newest->ended = frame->ended;
    newest->result = frame->result;
}

/* ---- what was played ------------------------------------------------------------------------- */

/* The pad of frame i, counted from the oldest step's first; false: it is not known, or the episode
 * was over. */
static bool pad_at(demonstration_t *demo, int32_t i, uint16_t *pad)
{
    const int32_t at = i / demo->frame_skip;
    if (at >= demo->count) return false;
    const demo_step_t *step = step_at(demo, at);
    for (int32_t before = 0; before < at; before++)
        if (step_at(demo, before)->ended) return false;
    if (i % demo->frame_skip >= step->num_frames) return false;
    *pad = step->pads[i % demo->frame_skip];
    return true;
}

static bool holds(demonstration_t *demo, int32_t i, uint16_t wanted)
{
    uint16_t pad;
    return pad_at(demo, i, &pad) && pad == wanted;
}

/* Its direction, and not yet all of its buttons. */
static bool comes_to(demonstration_t *demo, int32_t i, uint16_t wanted)
{
    uint16_t pad;
    return pad_at(demo, i, &pad) && pad != wanted && (pad & DIRECTIONS) == (wanted & DIRECTIONS) &&
           !(pad & ~wanted);
}

/* Steps of the macro without neutral ones at its end. */
static int32_t num_played(const macro_t *macro)
{
    int32_t count = macro->num_steps;
    while (count > 0 && macro->steps[count - 1].pad == 0) count--;
    return count;
}

/* How many frames, from the oldest step's first on, it took to play the macro from frame `first`;
 * 0: it was not. */
static int32_t follow(demonstration_t *demo, const macro_t *macro, bool is_mirrored, int32_t first)
{
    const int32_t count = num_played(macro);
    int32_t i = first;
    for (int32_t s = 0; s < count; s++) {
        const macro_step_t *step = &macro->steps[s];
        const uint16_t wanted = is_mirrored ? macro_mirror(step->pad) : step->pad;
        const bool is_short = step->frames < SHORT_FRAMES, is_last = s + 1 == count;
        const int32_t least = is_short || is_last ? 1 : step->frames * 4 / 5;
        const int32_t most = most_frames(step, is_last);
        int32_t held = 0;
        for (int32_t n = 0; s > 0 && n < SLACK_FRAMES && comes_to(demo, i, wanted); n++) i++;
        for (; held < most && holds(demo, i, wanted); held++) i++;
        if (held < least || (!is_last && holds(demo, i, wanted))) return 0;
    }
    return count > 0 ? i : 0;
}

/* Buttons that were down before are not pressed by the macro's first step. */
static bool presses(demonstration_t *demo, const macro_t *macro, int32_t first)
{
    const uint16_t buttons = macro->steps[0].pad & (uint16_t)~DIRECTIONS;
    uint16_t pad = demo->before;
    if (first > 0) pad_at(demo, first - 1, &pad);
    return buttons == 0 || (pad & buttons) != buttons;
}

static bool mirrors(const demonstration_t *demo, int32_t action, bool faces_left)
{
    return preset_mirrors_pad(demo->config.preset, demo->port, action, faces_left);
}

/* -1: no macro; *num_frames: that it took. */
static int32_t find_macro(demonstration_t *demo, int32_t *num_frames)
{
    const preset_t *preset = demo->config.preset;
    const demo_step_t *oldest = step_at(demo, 0);
    int32_t best = -1, best_steps = 0;
    *num_frames = 0;
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const preset_action_t *action = preset_action(preset, a);
        const int32_t steps = num_played(&action->macro);
        if (!action->is_macro || steps < best_steps) continue;
        const bool is_mirrored = mirrors(demo, a, oldest->faces_left);
        for (int32_t first = 0; first < oldest->num_frames; first++) {
            if (!presses(demo, &action->macro, first)) continue;
            const int32_t took = follow(demo, &action->macro, is_mirrored, first);
            if (took == 0 || (steps == best_steps && took <= *num_frames)) continue;
            best = a;
            best_steps = steps;
            *num_frames = took;
        }
    }
    return best;
}

static int32_t count_bits(uint16_t bits)
{
    int32_t count = 0;
    for (; bits; bits &= (uint16_t)(bits - 1)) count++;
    return count;
}

static int32_t nearest_primitive(demonstration_t *demo)
{
    const preset_t *preset = demo->config.preset;
    const demo_step_t *step = step_at(demo, 0);
    int32_t best = 0, fewest = INT32_MAX;
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const preset_action_t *action = preset_action(preset, a);
        if (action->is_macro) continue;
        const bool is_mirrored = mirrors(demo, a, step->faces_left);
        int32_t differ = 0;
        for (int32_t f = 0; f < step->num_frames; f++)
            differ += count_bits(step->pads[f] ^ macro_pad_at(&action->macro, f, is_mirrored));
        if (differ >= fewest) continue;
        fewest = differ;
        best = a;
    }
    return best;
}

/* ---- decisions ------------------------------------------------------------------------------- */

/* Whatever the human does next, the oldest step's decision is known. */
static bool is_known(demonstration_t *demo)
{
    for (int32_t i = 0; i < demo->count; i++)
        if (step_at(demo, i)->ended) return true;
    return demo->count > demo->lookahead;
}

bool demonstration_next(demonstration_t *demo, demonstration_decision_t *decision)
{
    if (!is_known(demo)) return false;
    int32_t num_frames;
    int32_t action = find_macro(demo, &num_frames);
    if (action < 0) {
        action = nearest_primitive(demo);
        num_frames = 1;
    }
    *decision = (demonstration_decision_t){ .begins = !demo->follows, .before = obs_at(demo, 0) };
    player_outcome_t *outcome = &decision->outcome;
    *outcome = (player_outcome_t){ .action = action };
    double sum = 0, discount = 1;
    int32_t steps = 0;
    for (; steps * demo->frame_skip < num_frames && !outcome->terminal; steps++) {
        const demo_step_t *step = step_at(demo, steps);
        sum += discount * step->reward;
        discount *= (double)demo->config.discount_per_step;
        outcome->duration_frames += step->num_frames;
        outcome->terminal = step->ended;
        outcome->result = step->ended ? step->result : PRESET_NO_RESULT;
        demo->episode_return += step->reward;
        demo->episode_steps++;
    }
    outcome->reward = (float)sum;
    outcome->duration_steps = steps;
    outcome->episode_return = (float)demo->episode_return;
    outcome->episode_steps = demo->episode_steps;
    decision->after = outcome->terminal ? decision->before : obs_at(demo, steps);
    const demo_step_t *last = step_at(demo, steps - 1);
    demo->before = last->pads[last->num_frames - 1];
    demo->oldest = (demo->oldest + steps) % NUM_SLOTS;
    demo->count -= steps;
    demo->follows = !outcome->terminal;
    if (outcome->terminal) demonstration_break(demo);
    return true;
}
