/* start_list.h - several starts in one word, as a person names them: "level1,level4",
 * "level1..level8" (in the preset's order), "all" (those for one player). */
#ifndef PRESETS_START_LIST_H
#define PRESETS_START_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preset.h"
#include "why.h"

/* starts: (PRESET_MAX_STARTS), of which *count are written, in the order that they were named.
 * A start whose own name is `text` is that one, whatever its letters. False: a name that is none, a
 * range that goes backwards, a start twice; `why` lists those there are. */
bool start_list_parse(const preset_t *preset, const char *text, int32_t *starts, int32_t *count,
                      why_t why);
/* The shortest word that start_list_parse() takes for them; cut with "..." where it does not fit.
 */
void start_list_text(char *out, size_t out_bytes, const preset_t *preset, const int32_t *starts,
                     int32_t count);

#endif
