/* note.c - compares an agent's actions with a preset's. */
#include "note.h"

#include <stdio.h>
#include <string.h>

bool note_make(char *out, size_t out_bytes, const preset_t *preset, uint32_t port)
{
    const int32_t num_actions = preset_num_actions(preset);
    size_t length = (size_t)snprintf(out, out_bytes, "preset=%s\nport=%u\nactions=%d\n",
                                     preset_hash(preset), port + 1, num_actions);
    for (int32_t a = 0; a < num_actions && length < out_bytes; a++)
        length += (size_t)snprintf(out + length, out_bytes - length, "action=%s\n",
                                   preset_action(preset, a)->macro.notation);
    return length < out_bytes;
}

bool note_fits(const char *note, const preset_t *preset, why_t why)
{
    const int32_t num_actions = preset_num_actions(preset);
    int32_t found = 0;
    for (const char *line = note; *line;) {
        const size_t length = strcspn(line, "\n");
        if (length > 7 && memcmp(line, "action=", 7) == 0) {
            const char *mine =
                found < num_actions ? preset_action(preset, found)->macro.notation : "";
            if (strlen(mine) != length - 7 || memcmp(mine, line + 7, length - 7) != 0) {
                if (why)
                    snprintf(why, 512,
                             "the agent was trained with other actions: its action %d is "
                             "%.*s, the preset's is %s",
                             found + 1, length - 7 > 100 ? 100 : (int)(length - 7), line + 7,
                             *mine ? mine : "missing");
                return false;
            }
            found++;
        }
        line += length + (line[length] == '\n');
    }
    if (found == num_actions) return true;
    if (why)
        snprintf(why, 512, "the agent was trained with %d actions, the preset has %d", found,
                 num_actions);
    return false;
}
