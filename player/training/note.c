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
    for (int32_t i = 0; i < preset_num_observed_items(preset) && length < out_bytes; i++) {
        char item[PRESET_OBSERVED_BYTES];
        preset_observed_item(preset, i, item);
        length += (size_t)snprintf(out + length, out_bytes - length, "sees=%s\n", item);
    }
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

static bool actions_fit(const char *note, const preset_t *preset, char *why)
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
                             "%.*s, the preset's is %.100s",
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

/* The n-th line of the note that begins with `key`; *length without the key. NULL: there is none.
 */
static const char *line_of(const char *note, const char *key, int32_t n, int *length)
{
    const size_t key_length = strlen(key);
    for (const char *line = note; *line;) {
        const size_t whole = strcspn(line, "\n");
        if (whole >= key_length && memcmp(line, key, key_length) == 0 && n-- == 0) {
            *length = (int)(whole - key_length);
            return line + key_length;
        }
        line += whole + (line[whole] == '\n');
    }
    return NULL;
}

static bool eyes_fit(const char *note, const agent_config_t *agent, const preset_t *preset,
                     char *why)
{
    if (agent->eyes == AGENT_EYES_PICTURES) return true;
    const int32_t count = preset_num_observed_items(preset);
    for (int32_t i = 0;; i++) {
        char mine[PRESET_OBSERVED_BYTES] = "";
        int length = 0;
        const char *theirs = line_of(note, "sees=", i, &length);
        if (i < count) preset_observed_item(preset, i, mine);
        if (i >= count && !theirs) break;
        if (!theirs || i >= count || (int)strlen(mine) != length ||
            memcmp(mine, theirs, (size_t)length) != 0)
            return refuse(why,
                          "the agent was trained to see other variables: its number %d is %.*s, "
                          "the preset's is %s",
                          i + 1, theirs ? (length > 150 ? 150 : length) : 7,
                          theirs ? theirs : "missing", *mine ? mine : "missing");
    }
    if (agent->obs_values == preset_num_observed(preset)) return true;
    return refuse(why, "the agent sees %d numbers, the preset lists %d", (int)agent->obs_values,
                  (int)preset_num_observed(preset));
}

bool note_fits(const char *note, const agent_config_t *agent, const preset_t *preset, why_t why)
{
    return actions_fit(note, preset, why) && eyes_fit(note, agent, preset, why);
}
