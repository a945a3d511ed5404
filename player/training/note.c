/* note.c - compares an agent's actions with a preset's. */
#include "note.h"

#include <stdio.h>
#include <string.h>

bool note_make(char *out, size_t out_bytes, const preset_t *preset, int32_t start, uint32_t port)
{
    const int32_t num_actions = preset_num_actions(preset);
    size_t length = (size_t)snprintf(out, out_bytes, "preset=%s\nstart=%s\nport=%u\nactions=%d\n",
                                     preset_hash(preset), preset_start_name(preset, start),
                                     port + 1, num_actions);
    for (int32_t a = 0; a < num_actions && length < out_bytes; a++)
        length += (size_t)snprintf(out + length, out_bytes - length, "action=%s\n",
                                   preset_action(preset, a)->macro.notation);
    return length < out_bytes;
}

int32_t note_start(const char *note, const preset_t *preset)
{
    for (const char *line = note; *line;) {
        const size_t length = strcspn(line, "\n");
        char name[PRESET_NAME_BYTES];
        if (length > 6 && length - 6 < sizeof name && memcmp(line, "start=", 6) == 0) {
            snprintf(name, sizeof name, "%.*s", (int)(length - 6), line + 6);
            const int32_t start = preset_find_start(preset, name);
            return start >= 0 ? start : preset_default_start(preset);
        }
        line += length + (line[length] == '\n');
    }
    return preset_default_start(preset);
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
