/* start_finder.c - see start_finder.h. */
#include "start_finder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitmix.h"

enum {
    FIRST_WAIT_FRAMES = 300,
    PRESS_FRAMES = 4,
    WAIT_FRAMES = 60,
    LOOK_FRAMES = 240, /* with and without pads, to be compared */
    MAX_STEPS = FINDER_LIVE_FRAMES,
    LOOK_TRIES = 4, /* of a random player, where its reward changed once */
    SLOT_FIRST = 0,
    SLOT_HERE = 1
};
enum { SELECT_BIT = 1 << 2, START_BIT = 1 << 3, DOWN_BIT = 1 << 5, ARROWS = 0xf0 };

typedef struct {
    const sandbox_config_t *config;
    const preset_t *preset;
    sandbox_t *sandbox;
    uint64_t random; /* begins anew with each look */
    why_t why;
} finder_t;

/* ---- the console's memory ---- */

/* One byte at an address as presets count; 0 where nothing is mapped. */
static uint8_t byte_at(const sandbox_t *sandbox, uint64_t address)
{
    int32_t num_ranges;
    const search_range_t *ranges = sandbox_ranges(sandbox, &num_ranges);
    const uint8_t *memory = sandbox_memory(sandbox);
    for (int32_t r = 0; r < num_ranges; r++) {
        if (address >= ranges[r].address && address - ranges[r].address < ranges[r].num_bytes)
            return memory[address - ranges[r].address];
        memory += ranges[r].num_bytes;
    }
    return 0;
}

static void read_values(const finder_t *finder, int64_t values[PRESET_MAX_VARIABLES])
{
    const uint64_t swap = preset_word_swapped(finder->preset) ? 1 : 0;
    for (int32_t v = 0; v < preset_num_variables(finder->preset); v++) {
        const preset_variable_t *variable = preset_variable(finder->preset, v);
        uint8_t bytes[PRESET_VARIABLE_BYTES];
        for (int32_t b = 0; b < variable->num_bytes; b++) /* preset_decode() wants raw memory */
            bytes[b] = byte_at(finder->sandbox, (variable->address + (uint64_t)b) ^ swap);
        values[v] = preset_decode(finder->preset, v, bytes);
    }
}

static uint64_t sum_bytes(const uint8_t *bytes, size_t num_bytes)
{
    uint64_t sum = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; bytes && i < num_bytes; i++) sum = (sum ^ bytes[i]) * 0x100000001b3u;
    return sum;
}

static uint64_t sum_picture(const finder_t *finder)
{
    int32_t width, height;
    const uint8_t *picture = sandbox_picture(finder->sandbox, &width, &height);
    return sum_bytes(picture, picture ? (size_t)width * (size_t)height * 3 : 0);
}

static uint64_t sum_memory(const sandbox_t *sandbox)
{
    int32_t num_ranges;
    size_t num_bytes = 0;
    const search_range_t *ranges = sandbox_ranges(sandbox, &num_ranges);
    for (int32_t r = 0; r < num_ranges; r++) num_bytes += ranges[r].num_bytes;
    return sum_bytes(sandbox_memory(sandbox), num_bytes);
}

/* ---- is this a place to begin? ---- */

static bool presses_a_menu(const macro_t *macro)
{
    for (int32_t s = 0; s < macro->num_steps; s++)
        if (macro->steps[s].pad & (START_BIT | SELECT_BIT)) return true;
    return false;
}

static const macro_t *random_action(finder_t *finder)
{
    const int32_t num_actions = preset_num_actions(finder->preset);
    for (int32_t tries = 0; tries < 64; tries++) {
        const macro_t *macro =
            &preset_action(finder->preset,
                           (int32_t)splitmix_below(&finder->random, (uint32_t)num_actions))
                 ->macro;
        if (!presses_a_menu(macro)) return macro;
    }
    return &preset_action(finder->preset, 0)->macro;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many of them are not the most frequent one. */
static int32_t count_others(double *rewards, int32_t num_rewards)
{
    int32_t most = 0, run = 0;
    qsort(rewards, (size_t)num_rewards, sizeof *rewards, by_value);
    for (int32_t i = 0; i < num_rewards; i++) {
        run = i && rewards[i] == rewards[i - 1] ? run + 1 : 1;
        if (run > most) most = run;
    }
    return num_rewards - most;
}

/* From SLOT_HERE, with random actions; *others: steps whose reward is another than that of most. */
static bool play_at_random(finder_t *finder, int32_t *others)
{
    double rewards[MAX_STEPS];
    int64_t before[PRESET_MAX_VARIABLES], now[PRESET_MAX_VARIABLES];
    int32_t num_rewards = 0, frames = 0;
    if (!sandbox_load(finder->sandbox, SLOT_HERE, finder->why)) return false;
    while (frames < FINDER_LIVE_FRAMES && num_rewards < MAX_STEPS) {
        const macro_t *macro = random_action(finder);
        read_values(finder, before);
        if (!sandbox_play(finder->sandbox, 0, macro, finder->why)) return false;
        read_values(finder, now);
        frames += macro->num_frames > 0 ? macro->num_frames : 1;
        rewards[num_rewards++] = preset_reward(finder->preset, 0, before, now);
    }
    *others = count_others(rewards, num_rewards);
    return true;
}

/* Do the pads change the picture? Without them the same number of frames is run. */
static bool pads_matter(finder_t *finder, bool *matter)
{
    uint64_t pictures[2];
    for (int32_t with = 0; with < 2; with++) {
        if (!sandbox_load(finder->sandbox, SLOT_HERE, finder->why)) return false;
        int32_t frames = 0;
        while (frames < LOOK_FRAMES) {
            const macro_t *macro = random_action(finder);
            const int32_t length = macro->num_frames > 0 ? macro->num_frames : 1;
            const int32_t left = LOOK_FRAMES - frames;
            const bool ok =
                with && length <= left
                    ? sandbox_play(finder->sandbox, 0, macro, finder->why)
                    : sandbox_run(finder->sandbox, length <= left ? length : left, finder->why);
            if (!ok) return false;
            frames += length;
        }
        pictures[with] = sum_picture(finder);
    }
    *matter = pictures[0] != pictures[1];
    return true;
}

/* In a menu, too, a random player gets somewhere now and then; where the game is played, always. */
typedef enum { PLACE_NONE, PLACE_SOMETIMES, PLACE_ALWAYS } start_place_t;

/* False: the sandbox failed. */
static bool look(finder_t *finder, start_place_t *place)
{
    int64_t now[PRESET_MAX_VARIABLES];
    int32_t others = 0, num_rewarded = 0;
    bool matter = false;
    *place = PLACE_NONE;
    finder->random = 1; /* played back from the same memory, it sees the same */
    read_values(finder, now);
    if (!sandbox_save(finder->sandbox, SLOT_HERE, finder->why)) return false;
    if (preset_done(finder->preset, 0, now, now)) return true;
    for (int32_t tries = 0; tries < LOOK_TRIES; tries++) {
        int32_t more;
        if (!play_at_random(finder, &more)) return false;
        others += more;
        num_rewarded += more > 0;
        if (others == 0) break; /* where there is reward, there is mostly some at once */
    }
    if (others >= 2 && !pads_matter(finder, &matter)) return false;
    if (others >= 2 && matter) *place = num_rewarded == LOOK_TRIES ? PLACE_ALWAYS : PLACE_SOMETIMES;
    return sandbox_load(finder->sandbox, SLOT_HERE, finder->why);
}

/* ---- the way there ---- */

/* Pad words that are pressed in turn. */
typedef struct {
    uint16_t pads[2];
} manner_t;

/* The first two; where there is one, it twice; where there is none, RetroPad's B. */
static void first_buttons(const preset_t *preset, uint16_t buttons[2])
{
    const macro_language_t *language = preset_language(preset);
    int32_t num_found = 0;
    for (int32_t b = 0; b < language->num_buttons && num_found < 2; b++)
        if (!(language->buttons[b].pad & (START_BIT | SELECT_BIT | ARROWS)))
            buttons[num_found++] = language->buttons[b].pad;
    if (num_found == 0) buttons[num_found++] = 1;
    if (num_found == 1) buttons[1] = buttons[0];
}

/* "START{4};5{60}"; also its line. */
static bool make_press(const finder_t *finder, uint16_t pad, macro_t *macro, char line[64],
                       char *why)
{
    const macro_step_t steps[] = { { .pad = pad, .frames = PRESS_FRAMES },
                                   { .pad = 0, .frames = WAIT_FRAMES } };
    if (!macro_from_steps(macro, steps, pad ? 2 : 1, preset_language(finder->preset), why))
        return false;
    if (strlen(macro->notation) >= 64) return refuse(why, "a button's name is too long");
    memcpy(line, macro->notation, strlen(macro->notation) + 1);
    return true;
}

/* One manner from the first place on; a better place than *best becomes it. */
static bool try_manner(finder_t *finder, const manner_t *manner, found_start_t *out,
                       start_place_t *best)
{
    found_start_t way = *out;
    if (!sandbox_load(finder->sandbox, SLOT_FIRST, finder->why)) return false;
    for (int32_t n = 0; n < FINDER_MAX_PRESSES && *best < PLACE_ALWAYS; n++) {
        macro_t macro;
        start_place_t place;
        const uint16_t pad = manner->pads[n % 2];
        if (!make_press(finder, pad, &macro, way.lines[n + 1], finder->why) ||
            !sandbox_play(finder->sandbox, 0, &macro, finder->why) || !look(finder, &place))
            return false;
        way.num_tried = ++out->num_tried;
        way.num_presses = n + 1;
        way.num_lines = n + 2;
        if (place <= *best) continue;
        *best = place;
        *out = way;
    }
    return true;
}

static bool open_at_first(finder_t *finder)
{
    return sandbox_open(&finder->sandbox, finder->config, finder->why) &&
           sandbox_run(finder->sandbox, FIRST_WAIT_FRAMES, finder->why) &&
           sandbox_save(finder->sandbox, SLOT_FIRST, finder->why);
}

static bool search_ways(finder_t *finder, found_start_t *out)
{
    uint16_t buttons[2];
    first_buttons(finder->preset, buttons);
    const manner_t manners[] = { { { START_BIT, START_BIT } },  { { START_BIT, buttons[0] } },
                                 { { START_BIT, buttons[1] } }, { { buttons[0], buttons[0] } },
                                 { { SELECT_BIT, START_BIT } }, { { DOWN_BIT, START_BIT } } };
    start_place_t best;
    if (!open_at_first(finder) || !look(finder, &best)) return false;
    out->num_tried = 1;
    out->num_lines = 1; /* it may begin by itself */
    snprintf(out->lines[0], sizeof out->lines[0], "{%d}", FIRST_WAIT_FRAMES);
    for (size_t m = 0; m < sizeof manners / sizeof manners[0] && best < PLACE_ALWAYS; m++)
        if (!try_manner(finder, &manners[m], out, &best)) return false;
    return best > PLACE_NONE ||
           refuse(finder->why,
                  "no start was found: at none of %d places, after up to %d presses of "
                  "START, two buttons, SELECT and down, did a random player's reward change",
                  (int)out->num_tried, FINDER_MAX_PRESSES);
}

/* ---- playing it back ---- */

/* In a new process, from power-on: the lines, then the same look. */
static bool replay(finder_t *finder, const found_start_t *found, uint64_t *memory)
{
    start_place_t place = PLACE_NONE;
    bool ok = sandbox_open(&finder->sandbox, finder->config, finder->why) &&
              sandbox_run(finder->sandbox, FIRST_WAIT_FRAMES, finder->why);
    for (int32_t line = 1; ok && line < found->num_lines; line++) {
        macro_t macro;
        ok =
            macro_parse(&macro, found->lines[line], preset_language(finder->preset), finder->why) &&
            sandbox_play(finder->sandbox, 0, &macro, finder->why);
    }
    if (ok) *memory = sum_memory(finder->sandbox);
    ok = ok && look(finder, &place);
    if (ok && place == PLACE_NONE)
        ok = refuse(finder->why,
                    "a start was found after %d presses, and was none when it was "
                    "played back from power-on",
                    (int)found->num_presses);
    sandbox_close(finder->sandbox);
    finder->sandbox = NULL;
    return ok;
}

bool start_finder_find(found_start_t *out, const sandbox_config_t *config, why_t why)
{
    finder_t finder = { .config = config, .preset = config->preset };
    *out = (found_start_t){ .is_exact = true };
    bool ok = search_ways(&finder, out);
    sandbox_close(finder.sandbox);
    finder.sandbox = NULL;
    uint64_t first = 0;
    for (int32_t r = 0; ok && r < FINDER_REPLAYS; r++) {
        uint64_t memory = 0;
        ok = replay(&finder, out, &memory);
        if (r == 0) first = memory;
        out->is_exact = out->is_exact && memory == first;
    }
    return ok || refuse(why, "%s", finder.why);
}
