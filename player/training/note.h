/* note.h - the text that travels in a checkpoint: which preset and which actions it was made with.
 *
 *     preset=<hash of the preset file>
 *     start=<name of the start it was trained on last; older files say nothing>
 *     port=<whose pad it played in its last training, 1 is the first; older files say nothing>
 *     actions=<how many>
 *     action=<canonical notation>      one line each, in order
 *     sees=<an item of `observe`>      the same (preset_observed_item())
 *
 * An agent fits a preset when the actions are the same in the same order; the hash may differ
 * (rewards or texts were edited), and,
 * if it sees numbers, when these are the same.
 */
#ifndef KATA_NOTE_H
#define KATA_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "agent_config.h"
#include "preset.h"
#include "why.h"

#define NOTE_BYTES 65536

/* False if it does not fit into out_bytes. start: one of the preset's. */
bool note_make(char *out, size_t out_bytes, const preset_t *preset, int32_t start, uint32_t port);

/* The start that it names, if the preset has it; else the preset's default. */
int32_t note_start(const char *note, const preset_t *preset);

/* agent: the checkpoint's. False: `why` (512 bytes) names the first action, or number seen, that
 * differs. */
bool note_fits(const char *note, const agent_config_t *agent, const preset_t *preset, why_t why);

#endif
