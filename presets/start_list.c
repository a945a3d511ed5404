/* start_list.c - see start_list.h. */
#include "start_list.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const preset_t *preset;
    int32_t *starts, count;
    char *why;
} list_t;

static bool refuse_name(const list_t *list, const char *name)
{
    char names[400] = "";
    for (int32_t i = 0; i < preset_num_starts(list->preset); i++) {
        const size_t length = strlen(names);
        snprintf(names + length, sizeof names - length, "%s%s", i ? ", " : "",
                 preset_start_name(list->preset, i));
    }
    return refuse(list->why, "%s has no start '%.60s'; it has %s", preset_game(list->preset), name,
                  *names ? names : PRESET_POWER_ON);
}

static bool add(list_t *list, int32_t start)
{
    for (int32_t i = 0; i < list->count; i++)
        if (list->starts[i] == start)
            return refuse(list->why, "the start %s is named twice",
                          preset_start_name(list->preset, start));
    if (list->count == PRESET_MAX_STARTS)
        return refuse(list->why, "there may be %d starts, not more", PRESET_MAX_STARTS);
    list->starts[list->count++] = start;
    return true;
}

static bool add_all(list_t *list)
{
    for (int32_t s = 0; s < preset_num_starts(list->preset); s++)
        if (preset_start_players(list->preset, s) == 1 && !add(list, s)) return false;
    return list->count > 0 ||
           refuse(list->why, "%s has no start for one player", preset_game(list->preset));
}

/* One part of a list: a name, or a range. Changes `part`. */
static bool add_part(list_t *list, char *part)
{
    const int32_t one = preset_find_start(list->preset, part);
    if (one >= 0) return add(list, one);
    char *dots = strstr(part, "..");
    if (!dots) return refuse_name(list, part);
    *dots = 0;
    const int32_t first = preset_find_start(list->preset, part);
    const int32_t last = preset_find_start(list->preset, dots + 2);
    if (first < 0) return refuse_name(list, part);
    if (last < 0) return refuse_name(list, dots + 2);
    if (last < first)
        return refuse(list->why, "the starts %s..%s go backwards; the preset's order is %s, %s",
                      part, dots + 2, dots + 2, part);
    for (int32_t s = first; s <= last; s++)
        if (!add(list, s)) return false;
    return true;
}

bool start_list_parse(const preset_t *preset, const char *text, int32_t *starts, int32_t *count,
                      why_t why)
{
    list_t list = { preset, starts, 0, why };
    bool ok = true;
    if (preset_find_start(preset, text) < 0 && strcmp(text, "all") == 0) {
        ok = add_all(&list);
    } else if (preset_find_start(preset, text) >= 0) {
        ok = add(&list, preset_find_start(preset, text));
    } else {
        for (const char *at = text; ok; at++) {
            char part[2 * PRESET_NAME_BYTES + 2];
            const size_t length = strcspn(at, ",");
            if (length >= sizeof part) return refuse_name(&list, at);
            memcpy(part, at, length);
            part[length] = 0;
            ok = add_part(&list, part);
            at += length;
            if (!*at) break;
        }
    }
    *count = list.count;
    return ok;
}

void start_list_text(char *out, size_t out_bytes, const preset_t *preset, const int32_t *starts,
                     int32_t count)
{
    size_t length = 0;
    out[0] = 0;
    for (int32_t i = 0; i < count && length < out_bytes; i++) {
        int32_t last = i;
        while (last + 1 < count && starts[last + 1] == starts[last] + 1) last++;
        const char *name = preset_start_name(preset, starts[i]);
        const int added =
            last > i + 1 ? snprintf(out + length, out_bytes - length, "%s%s..%s", i ? "," : "",
                                    name, preset_start_name(preset, starts[last]))
                         : snprintf(out + length, out_bytes - length, "%s%s", i ? "," : "", name);
        length += (size_t)added;
        if (last > i + 1) i = last;
    }
    if (length >= out_bytes && out_bytes > 3) memcpy(out + out_bytes - 4, "...", 4);
}
