/* starter.h - a first preset for a game of which nothing is known: it runs, and shows what to
 * fill in.
 *
 * May include: preset.h, cJSON. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_STARTER_H
#define KATA_PRESETS_STARTER_H

#include "preset.h"
#include "why.h"

#define STARTER_MAX_INPUTS 64

/* One input descriptor of a core: joypad id 0..15 and what the core calls it. */
typedef struct {
    int32_t id;
    char description[64];
} starter_input_t;

typedef struct {
    const char *game;   /* file name without extension; what cannot be in a name is left out */
    const char *system; /* "nes" */
    const char *sha1, *crc32, *md5; /* hex, or NULL or "" */
    int32_t num_ports;              /* 1..8 */
    int32_t num_inputs;             /* of port 1; 0: by the system, or RetroPad's own names */
    starter_input_t inputs[STARTER_MAX_INPUTS];
    bool presses_start; /* with an action for START: past menus that nobody described */
} starter_t;

/* True: without inputs, the buttons are the console's own. */
bool preset_starter_knows_pad(const char *system);

/* *out: the preset's text, freed by the caller, ready to be saved: pad, generic primitives and
 * motions, memory by the system, a start that waits. False: *out is NULL. */
bool preset_starter(char **out, const starter_t *starter, why_t why);

/* The preset of a game that nobody described, to be learned from its pictures: a starter in memory,
 * of one port, with an action that presses START. names: who it is and what its buttons are called;
 * num_ports and presses_start are not looked at. */
bool preset_of_unknown(preset_t **out, const starter_t *names, why_t why);

#endif
