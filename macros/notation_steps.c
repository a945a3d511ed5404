/* notation_steps.c - parts in pad words and frames: what is put in between, held, repeated. */
#include "notation.h"

#include <string.h>

typedef struct {
    macro_t *out; /* steps are kept apart until all are there */
    const notation_phrase_t *phrase;
    const notation_scanner_t *scanner;
    const macro_language_t *language;
    uint16_t kept[MACRO_MAX_STEPS]; /* by part: the buttons of [P] that a later ]P[ releases */
    uint16_t held;                  /* now */
    bool is_step;                   /* ";" came last: nothing may be inserted */
    int32_t air;                    /* 0: on the ground; the jump's digit; ANY_JUMP */
    int32_t at;                     /* of the part, for messages */
} emitter_t;

enum { ANY_JUMP = 10 }; /* an up direction was pressed: every jump was it */

static int32_t at_least_one(int32_t frames)
{
    return frames > 0 ? frames : 1;
}

/* frames <= 0: nothing. */
static bool emit(emitter_t *e, uint16_t pad, int32_t frames)
{
    macro_t *out = e->out;
    if (frames <= 0) return true;
    if (out->num_steps == MACRO_MAX_STEPS)
        return notation_fail(e->scanner, e->at, "a macro must have at most %d steps",
                             MACRO_MAX_STEPS);
    if (frames > MACRO_MAX_FRAMES - out->num_frames)
        return notation_fail(e->scanner, e->at, "a macro must last at most %d frames",
                             MACRO_MAX_FRAMES);
    out->steps[out->num_steps++] = (macro_step_t){ .pad = pad, .frames = (uint16_t)frames };
    out->num_frames += frames;
    return true;
}

/* `buttons` of the pad are newly pressed: one that was down in the last frame goes up before. */
static bool emit_press(emitter_t *e, uint16_t pad, uint16_t buttons, int32_t frames)
{
    const macro_t *out = e->out;
    const uint16_t last = out->num_steps ? out->steps[out->num_steps - 1].pad : 0;
    if (!e->is_step && (last & buttons & (uint16_t)~e->held) &&
        !emit(e, (uint16_t)(last & ~buttons & ~NOTATION_DIRECTIONS) | e->held, 1))
        return false;
    e->is_step = false;
    return emit(e, pad, frames);
}

/* ---- directions ---- */

static bool emit_direction(emitter_t *e, int32_t digit, int32_t frames)
{
    e->is_step = false;
    return emit(e, notation_digit_pad(digit) | e->held,
                frames > 0 ? frames : at_least_one(e->language->motion_frames));
}

/* "66" needs the stick back in the middle, or it is one long 6. */
static bool emit_between(emitter_t *e, int32_t before, int32_t digit)
{
    if (before != digit || digit == 5) return true;
    return emit(e, e->held, at_least_one(e->language->motion_frames));
}

static bool charge_frames(emitter_t *e, const notation_direction_t *direction, int32_t *frames)
{
    *frames = direction->frames;
    if (!direction->is_charge || *frames > 0) return true;
    *frames = e->language->charge_frames;
    if (*frames > 0) return true;
    return notation_fail(e->scanner, direction->at,
                         "[%d] is a charge, and this game has no charge time: expected "
                         "\"charge_frames\" in its timing, or [%d]{frames}",
                         direction->digit, direction->digit);
}

/* All but the last, which is left for the press. */
static bool emit_motion(emitter_t *e, const notation_part_t *part, int32_t *last,
                        int32_t *last_frames)
{
    *last = *last_frames = 0;
    for (int32_t d = 0; d < part->num_directions; d++) {
        const notation_direction_t *direction = &e->phrase->directions[part->first_direction + d];
        const char plain[2] = { (char)('0' + direction->digit), '\0' }, *digits = plain;
        int32_t frames;
        if (!charge_frames(e, direction, &frames)) return false;
        if (direction->circle) notation_circle(direction->circle - 1, &digits);
        for (; *digits; digits++) {
            const int32_t digit = *digits - '0';
            if (*last &&
                (!emit_direction(e, *last, *last_frames) || !emit_between(e, *last, digit)))
                return false;
            *last = digit;
            *last_frames = frames;
        }
    }
    return true;
}

/* ---- presses ---- */

static bool emit_buttons(emitter_t *e, const notation_part_t *part, uint16_t kept,
                         uint16_t direction)
{
    const uint16_t pad = part->pad;
    const bool hold = part->press_kind == PRESS_HOLD;
    const int32_t frames = part->frames > 0 ? part->frames
                           : hold           ? at_least_one(e->language->hold_frames)
                                            : at_least_one(e->language->press_frames);
    if (part->press_kind == PRESS_RELEASE) {
        if (pad & (uint16_t)~e->held)
            return notation_fail(e->scanner, e->at,
                                 "expected buttons that are held here by [ ]: write [P] before "
                                 "]P[ releases it");
        e->held &= (uint16_t)~pad;
        e->is_step = false;
        return emit(e, direction | e->held, frames);
    }
    if (pad & e->held)
        return notation_fail(e->scanner, e->at,
                             "expected buttons that are not held already: they are down until ] [ "
                             "releases them");
    if (!emit_press(e, direction | pad | e->held, pad, frames)) return false;
    e->held |= kept;
    return true;
}

static bool emit_jump(emitter_t *e, const notation_part_t *part)
{
    if (!part->jump || part->jump == e->air || e->air == ANY_JUMP) return true;
    e->air = part->jump;
    e->is_step = false;
    return emit(e, notation_digit_pad(part->jump) | e->held,
                at_least_one(e->language->jump_frames)) &&
           emit(e, e->held, e->language->rise_frames);
}

/* Directions alone that end or pass above the middle leave the ground: "9 > j.HP". */
static bool leaves_ground(const emitter_t *e, const notation_part_t *part)
{
    bool up = false;
    for (int32_t d = 0; d < part->num_directions; d++) {
        const notation_direction_t *direction = &e->phrase->directions[part->first_direction + d];
        up |= direction->digit >= 7 && !direction->circle;
    }
    return up && part->press_kind == PRESS_NONE;
}

/* The steps since `first_step`, times - 1 times more. */
static bool emit_again(emitter_t *e, int32_t first_step, uint16_t held_before, int32_t times,
                       int32_t gap_frames)
{
    const macro_t *out = e->out;
    const int32_t num_steps = out->num_steps - first_step;
    if (times > 1 && e->held != held_before)
        return notation_fail(e->scanner, e->at,
                             "expected every [ ] hold to be released before it repeats");
    for (int32_t t = 1; t < times; t++) {
        const macro_step_t first = out->steps[first_step];
        if (!emit(e, e->held, gap_frames) ||
            !emit_press(e, first.pad, first.pad & (uint16_t)~NOTATION_DIRECTIONS, first.frames))
            return false;
        for (int32_t s = 1; s < num_steps; s++)
            if (!emit(e, out->steps[first_step + s].pad, out->steps[first_step + s].frames))
                return false;
    }
    return true;
}

static bool emit_move(emitter_t *e, int32_t p)
{
    const notation_part_t *part = &e->phrase->parts[p];
    int32_t last, last_frames;
    if (!part->jump && !leaves_ground(e, part)) e->air = 0;
    if (!emit_jump(e, part)) return false;
    const int32_t first_step = e->out->num_steps;
    const uint16_t held_before = e->held;
    if (!emit_motion(e, part, &last, &last_frames)) return false;
    /* A direction with frames of its own is held that long before the buttons come. */
    if (last && (part->press_kind == PRESS_NONE || last_frames > 0) &&
        !emit_direction(e, last, last_frames))
        return false;
    if (part->press_kind != PRESS_NONE &&
        !emit_buttons(e, part, e->kept[p], last ? notation_digit_pad(last) : 0))
        return false;
    if (leaves_ground(e, part)) e->air = ANY_JUMP;
    return emit_again(e, first_step, held_before, part->times, e->language->mash_gap_frames);
}

/* ---- parts ---- */

static int32_t join_frames(const macro_language_t *language, const notation_part_t *part)
{
    if (part->gap_frames >= 0) return part->gap_frames;
    switch (part->join) {
    case JOIN_LINK: return language->link_gap_frames;
    case JOIN_CHAIN: return language->chain_gap_frames;
    case JOIN_CANCEL: return language->cancel_gap_frames;
    case JOIN_FOLLOW: return language->follow_gap_frames;
    default: return 0;
    }
}

/* A hold that is released later stays down until then; without a release it lets go by itself. */
static void find_kept(emitter_t *e)
{
    uint16_t released = 0;
    for (int32_t p = e->phrase->num_parts - 1; p >= 0; p--) {
        const notation_part_t *part = &e->phrase->parts[p];
        e->kept[p] = 0;
        if (part->press_kind == PRESS_RELEASE) released |= part->pad;
        if (part->press_kind != PRESS_HOLD) continue;
        e->kept[p] = part->pad & released;
        released &= (uint16_t)~part->pad;
    }
}

static void merge_steps(macro_t *macro)
{
    int32_t kept = 0;
    for (int32_t s = 0; s < macro->num_steps; s++) {
        if (kept && macro->steps[kept - 1].pad == macro->steps[s].pad)
            macro->steps[kept - 1].frames += macro->steps[s].frames;
        else
            macro->steps[kept++] = macro->steps[s];
    }
    memset(macro->steps + kept, 0, (size_t)(MACRO_MAX_STEPS - kept) * sizeof macro->steps[0]);
    macro->num_steps = kept;
}

bool notation_emit(macro_t *out, const notation_phrase_t *phrase, const notation_scanner_t *scanner)
{
    emitter_t e = {
        .out = out, .phrase = phrase, .scanner = scanner, .language = scanner->language
    };
    struct {
        int32_t first_step;
        uint16_t held_before;
    } opened[MACRO_MAX_NESTING];
    int32_t depth = 0;
    find_kept(&e);
    for (int32_t p = 0; p < phrase->num_parts; p++) {
        const notation_part_t *part = &phrase->parts[p];
        e.at = part->at;
        if (part->join != JOIN_NONE) {
            e.is_step = part->join == JOIN_STEP;
            if (!emit(&e, e.held, join_frames(e.language, part))) return false;
        }
        for (int32_t o = 0; o < part->opens; o++, depth++) {
            opened[depth].first_step = out->num_steps;
            opened[depth].held_before = e.held;
            e.air = 0;
        }
        if (part->kind == PART_WAIT) {
            e.is_step = false;
            if (!emit(&e, e.held, part->frames)) return false;
        }
        if (part->kind == PART_MOVE && !emit_move(&e, p)) return false;
        for (int32_t c = 0; c < part->closes; c++) {
            depth--;
            e.air = 0;
            if (!emit_again(&e, opened[depth].first_step, opened[depth].held_before,
                            part->repeats[c], 0))
                return false;
        }
    }
    merge_steps(out);
    return true;
}
