/* reputation.h - what is known of how well an agent plays: its last line on that in log.jsonl,
 * which its training wrote beside it.
 */
#ifndef PLUGIN_REPUTATION_H
#define PLUGIN_REPUTATION_H

#include <stdbool.h>

#include "why.h"

/* dir: the game's folder. text: a sentence for the screen, written if true. False: nothing is
 * known. An evaluation counts before the explored rounds of the training itself. */
bool reputation_of(const char *dir, why_t text);

#endif
