/* propose.c - see propose.h. */
#include "propose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitmix.h"

/* Random sequences repeat where a pad can do little: so many in a row end the search. */
enum { RANDOM_TRIES = 100000, RANDOM_PARTS = 3, NUM_DIRECTIONS = 9 };

static const uint16_t directions[NUM_DIRECTIONS] = { 0,
                                                     MACRO_RIGHT,
                                                     MACRO_LEFT,
                                                     MACRO_DOWN,
                                                     MACRO_DOWN | MACRO_LEFT,
                                                     MACRO_DOWN | MACRO_RIGHT,
                                                     MACRO_UP,
                                                     MACRO_UP | MACRO_RIGHT,
                                                     MACRO_UP | MACRO_LEFT };

/* "%s" is a button's name; charges are there only where the game has any. */
static const struct {
    const char *format;
    bool is_charge;
} motions[] = {
    { "236%s", false },    { "214%s", false }, { "623%s", false },   { "421%s", false },
    { "[4]6%s", true },    { "[2]8%s", true }, { "41236%s", false }, { "63214%s", false },
    { "236236%s", false }, { "22%s", false },  { "66%s", false },    { "44%s", false },
    { "j9.%s", false },    { "j8.%s", false }, { "j7.%s", false },   { "360%s", false },
};
enum { NUM_MOTIONS = sizeof motions / sizeof motions[0] };

bool propose_same_effect(const macro_t *a, const macro_t *b, int32_t frames_per_step)
{
    const int32_t longer = a->num_frames > b->num_frames ? a->num_frames : b->num_frames;
    const int32_t steps_a = (a->num_frames + frames_per_step - 1) / frames_per_step;
    const int32_t steps_b = (b->num_frames + frames_per_step - 1) / frames_per_step;
    if (steps_a != steps_b) return false;
    for (int32_t f = 0; f < longer; f++)
        if (macro_pad_at(a, f, false) != macro_pad_at(b, f, false)) return false;
    return true;
}

typedef struct {
    const propose_options_t *options;
    propose_t *out;
    uint16_t buttons[MACRO_MAX_BUTTONS]; /* without START and SELECT */
    const char *button_names[MACRO_MAX_BUTTONS];
    int32_t num_buttons;
    uint64_t random;
} proposing_t;

static bool is_full(const proposing_t *work)
{
    return work->out->num_macros == work->options->count;
}

/* What does the same already, or NULL. */
static const char *same_as(const proposing_t *work, const macro_t *macro)
{
    const propose_options_t *options = work->options;
    for (int32_t k = 0; k < options->num_known; k++)
        if (propose_same_effect(options->known[k], macro, options->frames_per_step))
            return options->known_names[k];
    for (int32_t m = 0; m < work->out->num_macros; m++)
        if (propose_same_effect(&work->out->list[m].macro, macro, options->frames_per_step))
            return work->out->list[m].name;
    return NULL;
}

static bool has_name(const proposing_t *work, const char *name)
{
    for (int32_t k = 0; k < work->options->num_known; k++)
        if (strcmp(work->options->known_names[k], name) == 0) return true;
    for (int32_t m = 0; m < work->out->num_macros; m++)
        if (strcmp(work->out->list[m].name, name) == 0) return true;
    return false;
}

/* False: it is a duplicate. */
static bool add(proposing_t *work, propose_source_t source, const char *name, const macro_t *macro)
{
    propose_t *out = work->out;
    const char *same = same_as(work, macro);
    if (same) {
        if (source == PROPOSE_RANDOM || out->num_duplicates == PROPOSE_MAX) return false;
        propose_duplicate_t *duplicate = &out->duplicates[out->num_duplicates++];
        snprintf(duplicate->name, sizeof duplicate->name, "%.60s", name);
        snprintf(duplicate->of, sizeof duplicate->of, "%.60s", same);
        return false;
    }
    propose_macro_t *item = &out->list[out->num_macros];
    item->source = source;
    item->macro = *macro;
    char numbered[PROPOSE_NAME_BYTES];
    snprintf(numbered, sizeof numbered, "%.50s", name);
    for (int32_t n = 2; has_name(work, numbered); n++)
        snprintf(numbered, sizeof numbered, "%.50s, %d", name, (int)n);
    memcpy(item->name, numbered, sizeof numbered);
    out->num_macros++;
    return true;
}

static void add_motions(proposing_t *work)
{
    const bool can_charge = work->options->language->charge_frames > 0;
    for (int32_t m = 0; m < NUM_MOTIONS; m++)
        for (int32_t b = 0; b < work->num_buttons && !is_full(work); b++) {
            char notation[PROPOSE_NAME_BYTES];
            macro_t macro;
            if (motions[m].is_charge && !can_charge) continue;
            snprintf(notation, sizeof notation, motions[m].format, work->button_names[b]);
            /* A button that is called as a digit is: it cannot be written behind a motion. */
            if (macro_parse(&macro, notation, work->options->language, NULL))
                (void)add(work, PROPOSE_MOTION, notation, &macro);
        }
}

static void add_steps(proposing_t *work, propose_source_t source, const char *name,
                      const macro_step_t *steps, int32_t num_steps)
{
    macro_t macro;
    if (macro_from_steps(&macro, steps, num_steps, work->options->language, NULL))
        (void)add(work, source, name ? name : macro.notation, &macro);
}

static int32_t half_step(const proposing_t *work)
{
    return work->options->frames_per_step > 1 ? work->options->frames_per_step / 2 : 1;
}

/* A button held longer than a step is held in the game's eyes: those are left to random. */
static void add_directions(proposing_t *work)
{
    const int32_t step = work->options->frames_per_step;
    const int32_t lengths[] = { half_step(work), step, 2 * step, 3 * step };
    for (int32_t l = 0; l < 4; l++)
        for (int32_t b = -1; b < (l < 2 ? work->num_buttons : 0); b++)
            for (int32_t d = 0; d < NUM_DIRECTIONS && !is_full(work); d++) {
                const uint16_t button = b < 0 ? 0 : work->buttons[b];
                const macro_step_t held = { (uint16_t)(directions[d] | button),
                                            (uint16_t)lengths[l] };
                add_steps(work, PROPOSE_DIRECTION, NULL, &held, 1);
            }
}

static void add_recorded(proposing_t *work)
{
    const mine_t *recorded = work->options->recorded;
    for (int32_t m = 0; recorded && m < recorded->num_macros && !is_full(work); m++) {
        const mine_macro_t *found = &recorded->macros[m];
        char name[PROPOSE_NAME_BYTES];
        if (found->name[0] && !strpbrk(found->name, "/\\."))
            snprintf(name, sizeof name, "%.40s, as played", found->name);
        else
            snprintf(name, sizeof name, "Played %d", (int)m + 1);
        (void)add(work, PROPOSE_RECORDED, name, &found->macro);
    }
}

/* A part is a direction, half of the time with a button; held for half a step or a whole one, and
 * without a button also for two or three. */
static macro_step_t random_part(proposing_t *work)
{
    const int32_t step = work->options->frames_per_step;
    const int32_t lengths[] = { half_step(work), step, 2 * step, 3 * step };
    uint16_t pad = directions[splitmix_below(&work->random, NUM_DIRECTIONS)];
    const bool presses = work->num_buttons > 0 && splitmix_below(&work->random, 2) == 1;
    if (presses) pad |= work->buttons[splitmix_below(&work->random, (uint32_t)work->num_buttons)];
    const uint32_t length = splitmix_below(&work->random, presses ? 2 : 4);
    return (macro_step_t){ pad, (uint16_t)lengths[length] };
}

static void add_random(proposing_t *work)
{
    static const int32_t num_parts[] = { 1, 2, 2, 3 };
    int32_t number = 1;
    for (int32_t t = 0; t < RANDOM_TRIES && !is_full(work); t++) {
        macro_step_t steps[RANDOM_PARTS];
        int32_t num_steps = 0;
        const int32_t parts = num_parts[splitmix_below(&work->random, 4)];
        for (int32_t p = 0; p < parts; p++) {
            const macro_step_t part = random_part(work);
            if (num_steps > 0 && steps[num_steps - 1].pad == part.pad)
                steps[num_steps - 1].frames = (uint16_t)(steps[num_steps - 1].frames + part.frames);
            else
                steps[num_steps++] = part;
        }
        char name[PROPOSE_NAME_BYTES];
        snprintf(name, sizeof name, "Random %d", (int)number);
        const int32_t before = work->out->num_macros;
        add_steps(work, PROPOSE_RANDOM, name, steps, num_steps);
        number += work->out->num_macros > before;
    }
}

static void take_buttons(proposing_t *work)
{
    const macro_language_t *language = work->options->language;
    for (int32_t b = 0; b < language->num_buttons; b++) {
        const macro_button_t *button = &language->buttons[b];
        if (button->pad & (1u << 2 | 1u << 3)) continue; /* SELECT, START */
        work->button_names[work->num_buttons] = button->name;
        work->buttons[work->num_buttons++] = button->pad;
    }
}

bool propose_macros(propose_t *out, const propose_options_t *options, why_t why)
{
    *out = (propose_t){ 0 };
    if (options->count < 0 || options->count > PROPOSE_MAX)
        return refuse(why, "0 to %d macros can be proposed, found %d", PROPOSE_MAX,
                      (int)options->count);
    if (options->frames_per_step < 1)
        return refuse(why, "a step has at least one frame, found %d",
                      (int)options->frames_per_step);
    out->list = calloc((size_t)options->count + 1, sizeof *out->list);
    out->duplicates = calloc(PROPOSE_MAX, sizeof *out->duplicates);
    proposing_t work = { .options = options, .out = out, .random = options->seed };
    if (!out->list || !out->duplicates) {
        propose_free(out);
        return refuse(why, "no memory for %d macros", (int)options->count);
    }
    take_buttons(&work);
    if (!options->random_only) add_motions(&work);
    if (!options->random_only) add_directions(&work);
    add_recorded(&work);
    add_random(&work);
    if (is_full(&work)) return true;
    refuse(why, "only %d macros that differ could be made of this pad, %d were wanted",
           (int)out->num_macros, (int)options->count);
    propose_free(out);
    return false;
}

void propose_free(propose_t *proposed)
{
    free(proposed->list);
    free(proposed->duplicates);
    *proposed = (propose_t){ 0 };
}
