/* observe.c - the section "observe": the variables that an agent may see as numbers. */
#include "model.h"

#include <stdio.h>
#include <string.h>

#include "digest.h"

#define RANGE_RULE "must be a list of two whole numbers that rise"
#define VALUES_RULE "must be a list of 1 to 64 different whole numbers"
enum { MAX_VALUES = 64, NUM_BUTTONS = 16, DIRECTIONS = 0xf0 };

/* ---- reading ---- */

static bool read_variable(preset_t *preset, reader_t *reader, const cJSON *item, const char *field,
                          int32_t *variable)
{
    char name[PRESET_NAME_BYTES];
    if (!reader_text(reader, item, field, FIELD_REQUIRED, name, sizeof name)) return false;
    *variable = preset_find_variable(preset, name);
    if (*variable >= 0) return true;
    reader_enter(reader, field);
    return reader_refuse(reader, "must be one of the preset's variables, found \"%.60s\"", name);
}

static bool read_whole(reader_t *reader, const cJSON *value, int64_t *out)
{
    return reader_is_int(reader, value, -(int64_t)JSON_EXACT_INT, (int64_t)JSON_EXACT_INT, out);
}

static bool read_range(reader_t *reader, const cJSON *range, observed_t *observed)
{
    const size_t mark = reader_enter(reader, "range");
    if (!cJSON_IsArray(range) || cJSON_GetArraySize(range) != 2)
        return reader_refuse_value(reader, range, RANGE_RULE);
    if (!read_whole(reader, range->child, &observed->low) ||
        !read_whole(reader, range->child->next, &observed->high))
        return false;
    if (observed->low >= observed->high)
        return reader_refuse(reader, RANGE_RULE ", found %lld and %lld", (long long)observed->low,
                             (long long)observed->high);
    reader_leave(reader, mark);
    return true;
}

static bool read_values(preset_t *preset, reader_t *reader, const cJSON *values,
                        observed_t *observed)
{
    const size_t mark = reader_enter(reader, "values");
    if (!cJSON_IsArray(values)) return reader_refuse_value(reader, values, VALUES_RULE);
    const int32_t count = cJSON_GetArraySize(values);
    if (count < 1 || count > MAX_VALUES)
        return reader_refuse(reader, VALUES_RULE ", found %d", (int)count);
    if (preset->num_observed_values + count > PRESET_MAX_OBSERVED)
        return reader_refuse(reader, "must be few enough for %d numbers in all",
                             PRESET_MAX_OBSERVED);
    observed->first_value = preset->num_observed_values;
    observed->num_values = count;
    int64_t *into = &preset->observed_values[observed->first_value];
    int32_t n = 0;
    for (const cJSON *item = values->child; item; item = item->next, n++) {
        const size_t inner = reader_enter_item(reader, n);
        if (!read_whole(reader, item, &into[n])) return false;
        for (int32_t i = 0; i < n; i++)
            if (into[i] == into[n])
                return reader_refuse(reader, VALUES_RULE ", found %lld twice", (long long)into[n]);
        reader_leave(reader, inner);
    }
    preset->num_observed_values += count;
    reader_leave(reader, mark);
    return true;
}

static bool count_item(preset_t *preset, reader_t *reader, int32_t numbers)
{
    preset->num_observed_items++;
    preset->num_observed += numbers;
    if (preset->num_observed <= PRESET_MAX_OBSERVED) return true;
    return reader_refuse(reader, "must be few enough for %d numbers in all", PRESET_MAX_OBSERVED);
}

static int32_t num_buttons(uint16_t pad)
{
    int32_t count = 0;
    for (; pad; pad &= (uint16_t)(pad - 1)) count++;
    return count;
}

/* The buttons that any action presses, and a number for how late it sees. */
static bool read_own_pad(preset_t *preset, reader_t *reader, const cJSON *item)
{
    observed_t *observed = &preset->observed[preset->num_observed_items];
    bool is_wanted = false;
    if (!reader_bool(reader, item, "own_pad", FIELD_REQUIRED, &is_wanted)) return false;
    if (!is_wanted || preset->observed_buttons) {
        reader_enter(reader, "own_pad");
        return reader_refuse(reader,
                             is_wanted ? "must be listed once" : "must be true, or not be listed");
    }
    reader_warn_unknown(reader, item, "own_pad note");
    uint16_t buttons = DIRECTIONS;
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const macro_t *macro = &preset_action(preset, a)->macro;
        for (int32_t s = 0; s < macro->num_steps; s++) buttons |= macro->steps[s].pad;
    }
    preset->observed_buttons = buttons;
    observed->variable = -1;
    return count_item(preset, reader, num_buttons(buttons) + 1);
}

static bool read_item(preset_t *preset, reader_t *reader, const cJSON *item)
{
    observed_t *observed = &preset->observed[preset->num_observed_items];
    *observed = (observed_t){ .from = -1, .condition = -1 };
    if (!reader_is_object(reader, item)) return false;
    if (json_get(item, "own_pad")) return read_own_pad(preset, reader, item);
    if (!read_variable(preset, reader, item, "variable", &observed->variable)) return false;
    if (json_get(item, "from") && !read_variable(preset, reader, item, "from", &observed->from))
        return false;
    const cJSON *range = json_get(item, "range"), *values = json_get(item, "values");
    if (!range == !values)
        return reader_refuse(reader, "must have either \"range\" or \"values\", found %s",
                             range ? "both" : "neither");
    if (!(range ? read_range(reader, range, observed)
                : read_values(preset, reader, values, observed)) ||
        !reader_bool(reader, item, "horizontal", FIELD_OPTIONAL, &observed->horizontal) ||
        !model_read_optional_condition(preset, reader, item, "when", &observed->condition))
        return false;
    if (observed->horizontal && values)
        return reader_refuse(reader, "must have a \"range\" where it is horizontal: what is "
                                     "mirrored is a place in it");
    if (observed->from >= 0 && values)
        return reader_refuse(reader, "must have a \"range\" where it has a \"from\": what is seen "
                                     "is a distance in it");
    reader_warn_unknown(reader, item, "variable from range values horizontal when note");
    return count_item(preset, reader, values ? observed->num_values : 1);
}

bool model_read_observe(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *list;
    if (!reader_list(reader, file, "observe", FIELD_OPTIONAL, 1, MODEL_MAX_OBSERVED_ITEMS, &list))
        return false;
    if (!list) return true;
    const size_t mark = reader_enter(reader, "observe");
    if (preset->left_when >= 0) preset->num_observed_facings = preset->has_sides ? 2 : 1;
    preset->num_observed = preset->num_observed_facings;
    for (const cJSON *item = list->child; item; item = item->next) {
        const size_t inner = reader_enter_item(reader, preset->num_observed_items);
        if (!read_item(preset, reader, item)) return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

/* ---- asking ---- */

int32_t preset_num_observed(const preset_t *preset)
{
    return preset->num_observed;
}

static float place_in_range(const observed_t *observed, double value, bool mirrored)
{
    const double low = (double)observed->low, high = (double)observed->high;
    const double place = mirrored ? low + high - value : value;
    return place <= low ? 0 : place >= high ? 1 : (float)((place - low) / (high - low));
}

static float *observe_own_pad(const preset_t *preset, uint32_t port, const preset_own_t *own,
                              float *out)
{
    const bool mirrored = preset_mirrors_picture(preset, port);
    const uint16_t pad = mirrored ? macro_mirror(own->pad) : own->pad;
    for (int32_t bit = 0; bit < NUM_BUTTONS; bit++)
        if (preset->observed_buttons >> bit & 1) *out++ = (float)(pad >> bit & 1);
    *out++ = own->lateness;
    return out;
}

static void observe_item(const preset_t *preset, uint32_t port, const observed_t *observed,
                         const int64_t *now, float *out)
{
    const bool counts =
        observed->condition < 0 || model_condition(preset, port, observed->condition, now, now);
    const int64_t value = model_value(preset, port, observed->variable, now);
    for (int32_t i = 0; i < observed->num_values; i++)
        out[i] = counts && preset->observed_values[observed->first_value + i] == value;
    if (observed->num_values > 0) return;
    if (!counts) {
        out[0] = 0;
    } else if (observed->from >= 0) {
        const double distance =
            (double)value - (double)model_value(preset, port, observed->from, now);
        const bool backward = observed->horizontal && preset_faces_left(preset, port, now);
        out[0] = place_in_range(observed, backward ? -distance : distance, false);
    } else {
        const bool mirrored = observed->horizontal && preset_mirrors_picture(preset, port);
        out[0] = place_in_range(observed, (double)value, mirrored);
    }
}

void preset_observe(const preset_t *preset, uint32_t port, const int64_t *now,
                    const preset_own_t *own, float *out)
{
    for (int32_t f = 0; f < preset->num_observed_facings; f++) {
        const bool left = preset_faces_left(preset, f == 0 ? port : port ^ 1, now);
        *out++ = left == preset_mirrors_picture(preset, port);
    }
    for (int32_t i = 0; i < preset->num_observed_items; i++) {
        const observed_t *observed = &preset->observed[i];
        if (observed->variable < 0) {
            out = observe_own_pad(preset, port, own, out);
            continue;
        }
        observe_item(preset, port, observed, now, out);
        out += observed->num_values > 0 ? observed->num_values : 1;
    }
}

/* ---- naming ---- */

int32_t preset_num_observed_items(const preset_t *preset)
{
    return preset->num_observed_items ? preset->num_observed_items + 1 : 0;
}

void preset_observed_item(const preset_t *preset, int32_t item, char text[PRESET_OBSERVED_BYTES])
{
    if (item == 0) {
        snprintf(text, PRESET_OBSERVED_BYTES, "%d facings", (int)preset->num_observed_facings);
        return;
    }
    const observed_t *observed = &preset->observed[item - 1];
    if (observed->variable < 0) {
        snprintf(text, PRESET_OBSERVED_BYTES, "its own pad, buttons %04x, and how late it sees",
                 (unsigned)preset->observed_buttons);
        return;
    }
    const char *name = preset->variables[observed->variable].name;
    if (observed->num_values == 0) {
        char distance[PRESET_NAME_BYTES + 8] = "";
        if (observed->from >= 0)
            snprintf(distance, sizeof distance, " less %s,",
                     preset->variables[observed->from].name);
        snprintf(text, PRESET_OBSERVED_BYTES, "%s%s from %lld to %lld%s%s", name, distance,
                 (long long)observed->low, (long long)observed->high,
                 observed->horizontal ? ", horizontal" : "",
                 observed->condition >= 0 ? ", at times" : "");
        return;
    }
    /* Which values, by their CRC-32: there may be many. */
    const int64_t *values = &preset->observed_values[observed->first_value];
    uint8_t bytes[MAX_VALUES * 8];
    for (int32_t i = 0; i < 8 * observed->num_values; i++)
        bytes[i] = (uint8_t)((uint64_t)values[i / 8] >> i % 8 * 8);
    snprintf(text, PRESET_OBSERVED_BYTES, "%s, %d values, %08x%s", name, (int)observed->num_values,
             digest_crc32(bytes, 8 * (size_t)observed->num_values),
             observed->condition >= 0 ? ", at times" : "");
}
