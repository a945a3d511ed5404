/* sections.c - the sections "pad", "timing", "actions", "done", "result", "provenance". */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "retropad.h"
#include "why.h"

/* ---- pad ---- */

/* A RetroPad button's bit; directions have their own notation. */
static bool read_pad_bit(reader_t *reader, const cJSON *value, uint16_t *pad)
{
    for (int32_t id = 0; cJSON_IsString(value) && id < RETROPAD_NUM_BUTTONS; id++) {
        if (retropad_is_direction(id) || strcmp(value->valuestring, retropad_name(id)) != 0)
            continue;
        *pad |= (uint16_t)(1u << id);
        return true;
    }
    return reader_refuse_value(reader, value,
                               "must be a RetroPad button (b y select start a x l r l2 r2 l3 r3)");
}

/* "LP": "x", or "LP+LK" on one button: ["x", "y"] */
static bool read_button(preset_t *preset, reader_t *reader, const cJSON *item)
{
    macro_language_t *language = &preset->language;
    if (language->num_buttons == MACRO_MAX_BUTTONS)
        return reader_refuse(reader, "a pad must have at most %d buttons", MACRO_MAX_BUTTONS);
    if (!macro_name_is_valid(item->string))
        return reader_refuse(reader,
                             "a button's name must be a letter, then letters and digits, "
                             "at most %d, not j and not xx; or one digit, 1 to 9",
                             MACRO_NAME_BYTES - 1);
    macro_button_t *button = &language->buttons[language->num_buttons++];
    *button = (macro_button_t){ 0 };
    snprintf(button->name, sizeof button->name, "%s", item->string);
    if (!cJSON_IsArray(item)) return read_pad_bit(reader, item, &button->pad);
    if (!item->child) return reader_refuse(reader, "must name a RetroPad button, found none");
    for (const cJSON *bit = item->child; bit; bit = bit->next)
        if (!read_pad_bit(reader, bit, &button->pad)) return false;
    return true;
}

static int32_t find_button(const macro_language_t *language, const char *name)
{
    for (int32_t b = 0; b < language->num_buttons; b++)
        if (strcmp(language->buttons[b].name, name) == 0) return b;
    return -1;
}

static bool read_class(preset_t *preset, reader_t *reader, const cJSON *item)
{
    macro_language_t *language = &preset->language;
    if (language->num_classes == MACRO_MAX_CLASSES)
        return reader_refuse(reader, "a pad must have at most %d classes", MACRO_MAX_CLASSES);
    if (!macro_name_is_valid(item->string) || item->string[0] <= '9' ||
        find_button(language, item->string) >= 0)
        return reader_refuse(reader, "a class's name must be letters and digits, and no button's");
    if (!cJSON_IsArray(item) || !item->child || cJSON_GetArraySize(item) > MACRO_MAX_BUTTONS)
        return reader_refuse_value(reader, item, "must be a list of 1 to %d buttons",
                                   MACRO_MAX_BUTTONS);
    macro_class_t *class = &language->classes[language->num_classes++];
    *class = (macro_class_t){ 0 };
    snprintf(class->name, sizeof class->name, "%s", item->string);
    for (const cJSON *member = item->child; member; member = member->next) {
        const int32_t button =
            cJSON_IsString(member) ? find_button(language, member->valuestring) : -1;
        if (button < 0)
            return reader_refuse_value(reader, member, "must be one of the pad's buttons");
        class->members[class->num_members++] = button;
    }
    return true;
}

/* Boot scripts need them, whatever the game calls its other buttons. */
static void add_system_buttons(macro_language_t *language)
{
    static const int32_t system[2] = { RETROPAD_START, RETROPAD_SELECT };
    for (int32_t i = 0; i < 2; i++) {
        const char *const name = retropad_label(system[i]);
        if (find_button(language, name) >= 0) continue;
        if (language->num_buttons == MACRO_MAX_BUTTONS) return;
        macro_button_t *button = &language->buttons[language->num_buttons++];
        *button = (macro_button_t){ .pad = (uint16_t)(1u << system[i]) };
        snprintf(button->name, sizeof button->name, "%s", name);
    }
}

bool model_read_pad(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *pad, *buttons, *classes;
    macro_language_defaults(&preset->language);
    preset->num_ports = 2;
    if (!reader_object(reader, file, "pad", FIELD_OPTIONAL, &pad)) return false;
    if (!pad) return true;
    const size_t mark = reader_enter(reader, "pad");
    if (!reader_int32(reader, pad, "ports", FIELD_OPTIONAL, 1, 8, &preset->num_ports) ||
        !reader_object(reader, pad, "buttons", FIELD_OPTIONAL, &buttons) ||
        !reader_object(reader, pad, "classes", FIELD_OPTIONAL, &classes))
        return false;
    if (buttons) preset->language.num_buttons = 0;
    for (int32_t part = 0; part < 2; part++) {
        const cJSON *section = part ? classes : buttons;
        if (!section) continue;
        const size_t inner = reader_enter(reader, part ? "classes" : "buttons");
        for (const cJSON *item = section->child; item; item = item->next) {
            const size_t place = reader_enter(reader, item->string);
            if (!(part ? read_class(preset, reader, item) : read_button(preset, reader, item)))
                return false;
            reader_leave(reader, place);
        }
        reader_leave(reader, inner);
    }
    add_system_buttons(&preset->language);
    reader_warn_unknown(reader, pad, "ports buttons classes");
    reader_leave(reader, mark);
    return true;
}

/* ---- timing ---- */

bool model_read_timing(preset_t *preset, reader_t *reader, const cJSON *file)
{
    macro_language_t *language = &preset->language;
    const struct {
        const char *key;
        int32_t min, max, *out;
    } rows[] = {
        { "frame_skip", 1, 60, &preset->frame_skip },
        { "horizon_frames", 0, 100000, &preset->horizon_frames },
        { "max_steps", 0, 10000000, &preset->max_steps },
        { "motion_frames", 1, 60, &language->motion_frames },
        { "press_frames", 1, 60, &language->press_frames },
        { "charge_frames", 0, 600, &language->charge_frames },
        { "hold_frames", 1, 600, &language->hold_frames },
        { "link_gap_frames", 0, 600, &language->link_gap_frames },
        { "chain_gap_frames", 0, 600, &language->chain_gap_frames },
        { "cancel_gap_frames", 0, 600, &language->cancel_gap_frames },
        { "follow_gap_frames", 0, 600, &language->follow_gap_frames },
        { "mash_gap_frames", 1, 60, &language->mash_gap_frames },
        { "jump_frames", 1, 60, &language->jump_frames },
        { "rise_frames", 0, 600, &language->rise_frames },
    };
    const cJSON *timing;
    preset->frame_skip = 4;
    if (!reader_object(reader, file, "timing", FIELD_OPTIONAL, &timing)) return false;
    if (!timing) return true;
    const size_t mark = reader_enter(reader, "timing");
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (!reader_int32(reader, timing, rows[r].key, FIELD_OPTIONAL, rows[r].min, rows[r].max,
                          rows[r].out))
            return false;
    reader_warn_unknown(
        reader, timing,
        "frame_skip horizon_frames max_steps motion_frames press_frames charge_frames "
        "hold_frames link_gap_frames chain_gap_frames cancel_gap_frames "
        "follow_gap_frames mash_gap_frames jump_frames rise_frames");
    reader_leave(reader, mark);
    return true;
}

/* ---- actions ---- */

/* Notation in field `key`, with the parser's sentence behind ours. */
static bool read_notation(preset_t *preset, reader_t *reader, const cJSON *object, const char *key,
                          macro_t *macro)
{
    char text[MACRO_TEXT_BYTES];
    why_t why;
    if (!reader_text(reader, object, key, FIELD_REQUIRED, text, sizeof text)) return false;
    const size_t mark = reader_enter(reader, key);
    if (macro_parse(macro, text, &preset->language, why)) {
        if (macro->remarks[0]) reader_warn(reader, "passed over: %s", macro->remarks);
        reader_leave(reader, mark);
        return true;
    }
    return reader_refuse(reader, "%s in \"%.100s\"", why, text);
}

/* "frames": [{"pad": "2", "frames": 3}, ...] */
static bool read_frames(preset_t *preset, reader_t *reader, const cJSON *object, macro_t *macro)
{
    const cJSON *list;
    macro_step_t steps[MACRO_MAX_STEPS];
    int32_t num_steps = 0;
    why_t why;
    if (!reader_list(reader, object, "frames", FIELD_REQUIRED, 1, MACRO_MAX_STEPS, &list))
        return false;
    const size_t mark = reader_enter(reader, "frames");
    for (const cJSON *item = list->child; item; item = item->next) {
        macro_t pad;
        int32_t frames = 0;
        const size_t inner = reader_enter_item(reader, num_steps);
        if (!reader_is_object(reader, item) || !read_notation(preset, reader, item, "pad", &pad) ||
            !reader_int32(reader, item, "frames", FIELD_REQUIRED, 1, MACRO_MAX_FRAMES, &frames))
            return false;
        if (pad.num_steps != 1)
            return reader_refuse(reader, "\"pad\" must be one state of the pad, found %d",
                                 (int)pad.num_steps);
        reader_warn_unknown(reader, item, "pad frames");
        steps[num_steps++] = (macro_step_t){ .pad = pad.steps[0].pad, .frames = (uint16_t)frames };
        reader_leave(reader, inner);
    }
    if (!macro_from_steps(macro, steps, num_steps, &preset->language, why))
        return reader_refuse(reader, "%s", why);
    reader_leave(reader, mark);
    return true;
}

/* A primitive lasts frame_skip frames. tap: its buttons go up in the last of them, so that choosing
 * it twice presses twice. */
static bool stretch_primitive(const preset_t *preset, reader_t *reader, macro_t *macro, bool tap)
{
    const uint16_t directions = MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT;
    const uint16_t pad = macro->steps[0].pad, frames = (uint16_t)preset->frame_skip;
    const bool releases = tap && frames > 1;
    const macro_step_t steps[2] = {
        { .pad = pad, .frames = releases ? frames - 1 : frames },
        { .pad = pad & directions, .frames = 1 },
    };
    why_t why;
    if (macro_from_steps(macro, steps, releases ? 2 : 1, &preset->language, why)) return true;
    return reader_refuse(reader, "%s", why);
}

static bool read_action(preset_t *preset, reader_t *reader, const cJSON *object, bool is_macro)
{
    preset_action_t *action = &preset->actions[preset->num_actions];
    *action = (preset_action_t){ .is_macro = is_macro, .mirrors = true };
    if (!reader_is_object(reader, object) ||
        !reader_name(reader, object, "name", FIELD_REQUIRED, action->name, sizeof action->name) ||
        !reader_bool(reader, object, "mirrors", FIELD_OPTIONAL, &action->mirrors))
        return false;
    for (int32_t a = 0; a < preset->num_actions; a++)
        if (strcmp(preset->actions[a].name, action->name) == 0)
            return reader_refuse(reader, "an action's name must be its own, found \"%s\" again",
                                 action->name);
    if (!is_macro) {
        if (!read_notation(preset, reader, object, "pad", &action->macro)) return false;
        if (action->macro.num_steps != 1)
            return reader_refuse(reader, "a primitive must be one state of the pad, found %d",
                                 (int)action->macro.num_steps);
        bool tap = false;
        if (!reader_bool(reader, object, "tap", FIELD_OPTIONAL, &tap)) return false;
        if (!stretch_primitive(preset, reader, &action->macro, tap)) return false;
        reader_warn_unknown(reader, object, "name pad tap mirrors note");
    } else {
        if ((json_get(object, "notation") || !json_get(object, "frames")) &&
            !read_notation(preset, reader, object, "notation", &action->macro))
            return false;
        if (json_get(object, "frames") && !read_frames(preset, reader, object, &action->macro))
            return false;
        reader_warn_unknown(reader, object, "name notation frames mirrors note");
    }
    preset->num_actions++;
    return true;
}

bool model_read_actions(preset_t *preset, reader_t *reader, const cJSON *file)
{
    static const char *const keys[2] = { "primitives", "macros" };
    const cJSON *actions, *lists[2];
    if (!reader_object(reader, file, "actions", FIELD_REQUIRED, &actions)) return false;
    const size_t mark = reader_enter(reader, "actions");
    int32_t num_actions = 0;
    for (int32_t k = 0; k < 2; k++) {
        if (!reader_list(reader, actions, keys[k], FIELD_OPTIONAL, 0, PRESET_MAX_ACTIONS,
                         &lists[k]))
            return false;
        num_actions += lists[k] ? cJSON_GetArraySize(lists[k]) : 0;
    }
    if (num_actions < 1 || num_actions > PRESET_MAX_ACTIONS)
        return reader_refuse(reader, "must have 1 to %d primitives and macros, found %d",
                             PRESET_MAX_ACTIONS, (int)num_actions);
    preset->actions = calloc((size_t)num_actions, sizeof *preset->actions);
    if (!preset->actions)
        return reader_refuse(reader, "no memory for %d actions", (int)num_actions);
    for (int32_t k = 0; k < 2; k++) {
        if (!lists[k]) continue;
        const size_t inner = reader_enter(reader, keys[k]);
        int32_t i = 0;
        for (const cJSON *item = lists[k]->child; item; item = item->next) {
            const size_t place = reader_enter_item(reader, i++);
            if (!read_action(preset, reader, item, k == 1)) return false;
            reader_leave(reader, place);
        }
        reader_leave(reader, inner);
    }
    reader_warn_unknown(reader, actions, "primitives macros");
    reader_leave(reader, mark);
    return true;
}

/* ---- done, result ---- */

bool model_read_optional_condition(preset_t *preset, reader_t *reader, const cJSON *object,
                                   const char *key, int32_t *node)
{
    const cJSON *value = json_get(object, key);
    if (!value) return true;
    const size_t mark = reader_enter(reader, key);
    if (!model_read_condition(preset, reader, value, node)) return false;
    reader_leave(reader, mark);
    return true;
}

bool model_read_ends(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *result;
    preset->done = preset->won = preset->lost = preset->drawn = -1;
    if (!model_read_optional_condition(preset, reader, file, "done", &preset->done) ||
        !reader_object(reader, file, "result", FIELD_OPTIONAL, &result))
        return false;
    if (result) {
        const size_t mark = reader_enter(reader, "result");
        if (!model_read_optional_condition(preset, reader, result, "won", &preset->won) ||
            !model_read_optional_condition(preset, reader, result, "lost", &preset->lost) ||
            !model_read_optional_condition(preset, reader, result, "drawn", &preset->drawn))
            return false;
        reader_warn_unknown(reader, result, "won lost drawn");
        reader_leave(reader, mark);
    }
    return true;
}

/* ---- provenance ---- */

static bool read_sources(preset_provenance_t *provenance, reader_t *reader, const cJSON *object)
{
    const cJSON *sources;
    const int32_t max = (int32_t)(sizeof provenance->sources / sizeof provenance->sources[0]);
    if (!reader_list(reader, object, "sources", FIELD_OPTIONAL, 0, max, &sources)) return false;
    if (!sources) return true;
    const size_t mark = reader_enter(reader, "sources");
    for (const cJSON *item = sources->child; item; item = item->next) {
        const size_t inner = reader_enter_item(reader, provenance->num_sources);
        if (!reader_is_text(reader, item, provenance->sources[provenance->num_sources],
                            sizeof provenance->sources[0]))
            return false;
        provenance->num_sources++;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

static bool read_checks(preset_provenance_t *provenance, reader_t *reader, const cJSON *object)
{
    const cJSON *list;
    const int32_t max = (int32_t)(sizeof provenance->checks / sizeof provenance->checks[0]);
    if (!reader_list(reader, object, "checks", FIELD_OPTIONAL, 0, max, &list)) return false;
    if (!list) return true;
    const size_t mark = reader_enter(reader, "checks");
    for (const cJSON *item = list->child; item; item = item->next) {
        preset_check_t *check = &provenance->checks[provenance->num_checks];
        const size_t inner = reader_enter_item(reader, provenance->num_checks++);
        if (!reader_is_object(reader, item) ||
            !reader_text(reader, item, "by", FIELD_REQUIRED, check->by, sizeof check->by) ||
            !reader_text(reader, item, "dump", FIELD_REQUIRED, check->dump, sizeof check->dump) ||
            !reader_text(reader, item, "tried", FIELD_REQUIRED, check->tried, sizeof check->tried))
            return false;
        reader_warn_unknown(reader, item, "by dump tried");
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

bool model_read_provenance(preset_t *preset, reader_t *reader, const cJSON *file)
{
    preset_provenance_t *p = &preset->provenance;
    const cJSON *object;
    if (!reader_object(reader, file, "provenance", FIELD_OPTIONAL, &object)) return false;
    if (!object) return true;
    const size_t mark = reader_enter(reader, "provenance");
    if (!reader_text(reader, object, "author", FIELD_OPTIONAL, p->author, sizeof p->author) ||
        !reader_text(reader, object, "licence", FIELD_OPTIONAL, p->licence, sizeof p->licence) ||
        !reader_text(reader, object, "parent", FIELD_OPTIONAL, p->parent, sizeof p->parent) ||
        !reader_text(reader, object, "tool", FIELD_OPTIONAL, p->tool, sizeof p->tool) ||
        !reader_text(reader, object, "verified", FIELD_OPTIONAL, p->verified, sizeof p->verified) ||
        !read_sources(p, reader, object) || !read_checks(p, reader, object))
        return false;
    reader_warn_unknown(reader, object, "author licence parent tool verified sources checks");
    reader_leave(reader, mark);
    return true;
}
