/* ways.c - the sections "fight" and "ways": when there is something to decide, and what leads there
 * from a pause or a menu. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "why.h"

static bool read_versus(preset_t *preset, reader_t *reader, const cJSON *fight)
{
    char name[PRESET_NAME_BYTES] = "";
    if (!reader_text(reader, fight, "versus", FIELD_OPTIONAL, name, sizeof name)) return false;
    if (!name[0]) return true;
    for (int32_t s = 0; s < preset->num_starts; s++)
        if (strcmp(preset->starts[s].name, name) == 0) preset->versus_start = s;
    const bool is_for_one =
        preset->versus_start >= 0 && preset->starts[preset->versus_start].players == 1;
    if (preset->versus_start >= 0 && !is_for_one) return true;
    reader_enter(reader, "versus");
    if (is_for_one)
        return reader_refuse(reader, "must be a start for two, found \"%s\" with \"players\": 1",
                             name);
    return reader_refuse(reader, "must be one of the starts, found \"%s\"", name);
}

static bool read_fight(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *fight;
    preset->fight = preset->port2_fight = preset->versus_start = -1;
    if (!reader_object(reader, file, "fight", FIELD_OPTIONAL, &fight)) return false;
    if (!fight) return true;
    const size_t mark = reader_enter(reader, "fight");
    if (!json_get(fight, "when"))
        return reader_refuse(reader, "must say when the pads move the fighters: \"when\" is "
                                     "missing");
    if (!model_read_optional_condition(preset, reader, fight, "when", &preset->fight) ||
        !model_read_optional_condition(preset, reader, fight, "port2_when", &preset->port2_fight) ||
        !reader_int32(reader, fight, "still_frames", FIELD_OPTIONAL, 0, PRESET_MAX_STILL_FRAMES,
                      &preset->still_frames) ||
        !read_versus(preset, reader, fight))
        return false;
    reader_warn_unknown(reader, fight, "when port2_when still_frames versus note");
    reader_leave(reader, mark);
    return true;
}

static bool read_way(preset_t *preset, reader_t *reader, const cJSON *item)
{
    preset_way_t *way = &preset->ways[preset->num_ways++];
    char press[MACRO_TEXT_BYTES];
    why_t why;
    way->condition = -1;
    way->in_versus = true;
    if (!reader_is_object(reader, item)) return false;
    if (!json_get(item, "when"))
        return reader_refuse(reader, "must say when it leads on: \"when\" is missing");
    if (!model_read_optional_condition(preset, reader, item, "when", &way->condition) ||
        !reader_text(reader, item, "press", FIELD_REQUIRED, press, sizeof press) ||
        !reader_bool(reader, item, "versus", FIELD_OPTIONAL, &way->in_versus) ||
        !reader_text(reader, item, "say", FIELD_OPTIONAL, way->say, sizeof way->say))
        return false;
    if (!macro_parse(&way->macro, press, &preset->language, why)) {
        reader_enter(reader, "press");
        return reader_refuse(reader, "%s in \"%.100s\"", why, press);
    }
    reader_warn_unknown(reader, item, "when press versus say note");
    return true;
}

bool model_read_ways(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *ways;
    if (!read_fight(preset, reader, file) ||
        !reader_list(reader, file, "ways", FIELD_OPTIONAL, 0, PRESET_MAX_WAYS, &ways))
        return false;
    if (!ways || !ways->child) return true;
    const size_t mark = reader_enter(reader, "ways");
    if (preset->fight < 0)
        return reader_refuse(reader, "need \"fight\": a way leads on only while no fight is on");
    preset->ways = calloc((size_t)cJSON_GetArraySize(ways), sizeof *preset->ways);
    if (!preset->ways) return reader_refuse(reader, "no memory for its ways");
    for (const cJSON *item = ways->child; item; item = item->next) {
        const size_t inner = reader_enter_item(reader, preset->num_ways);
        if (!read_way(preset, reader, item)) return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

bool preset_knows_fight(const preset_t *preset)
{
    return preset->fight >= 0;
}

bool preset_fight(const preset_t *preset, uint32_t port, const int64_t *before, const int64_t *now)
{
    const bool has_own = port > 0 && preset->port2_fight >= 0;
    return model_condition(preset, 0, has_own ? preset->port2_fight : preset->fight, before, now);
}

bool preset_is_versus(const preset_t *preset, const int64_t *before, const int64_t *now)
{
    return model_condition(preset, 0, preset->port2_fight, before, now);
}

int32_t preset_still_frames(const preset_t *preset)
{
    return preset->still_frames;
}

int32_t preset_versus_start(const preset_t *preset)
{
    return preset->versus_start;
}

int32_t preset_num_ways(const preset_t *preset)
{
    return preset->num_ways;
}

const preset_way_t *preset_way(const preset_t *preset, int32_t way)
{
    return &preset->ways[way];
}
