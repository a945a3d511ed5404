/* import_retro_actions.c - stable-retro's groups of buttons as primitives; making the JSON. */
#include "import_retro.h"
#include "making.h"

#include <stdio.h>
#include <string.h>

void retro_leave_out(retro_import_t *import, import_loss_t loss, const char *place,
                     const char *name, const char *reason)
{
    import->losses.counts[loss]++;
    text_say(&import->report, "cannot be carried over: %s", place);
    if (name) {
        text_say(&import->report, " \"");
        text_add_printable(&import->report, name);
        text_say(&import->report, "\"");
    }
    text_say(&import->report, ": %s\n", reason);
}

/* ---- actions ---- */

/* A button's name in stable-retro as a pad bit; 0: this console has none. */
static uint16_t pad_bit(const retro_import_t *import, const char *name)
{
    static const char *const directions[4] = { "UP", "DOWN", "LEFT", "RIGHT" };
    for (int32_t d = 0; d < 4; d++)
        if (strcmp(name, directions[d]) == 0) return (uint16_t)(1u << (4 + d));
    for (int32_t id = 0; id < 12; id++)
        if (import->facts->buttons[id] && strcmp(name, import->facts->buttons[id]) == 0)
            return (uint16_t)(1u << id);
    return 0;
}

static uint16_t combination_pad(retro_import_t *import, const cJSON *combination)
{
    uint16_t pad = 0;
    for (const cJSON *b = cJSON_IsArray(combination) ? combination->child : NULL; b; b = b->next) {
        const uint16_t bit = cJSON_IsString(b) ? pad_bit(import, b->valuestring) : 0;
        if (!bit)
            retro_leave_out(import, IMPORT_LOSES_ACTION, "button",
                            cJSON_IsString(b) ? b->valuestring : "?",
                            "this console's pad has none of that name");
        pad |= bit;
    }
    return pad;
}

/* The pads that one combination of each group makes: every product, in file order, each once. */
static int32_t product_of_groups(retro_import_t *import, const cJSON *groups,
                                 uint16_t pads[PRESET_MAX_ACTIONS])
{
    int32_t num_pads = 1;
    pads[0] = 0;
    for (const cJSON *group = groups->child; group; group = group->next) {
        uint16_t next[PRESET_MAX_ACTIONS];
        int32_t num_next = 0;
        if (!cJSON_IsArray(group) || !group->child) continue;
        for (const cJSON *combination = group->child; combination;
             combination = combination->next) {
            const uint16_t more = combination_pad(import, combination);
            for (int32_t p = 0; p < num_pads; p++) {
                const uint16_t pad = pads[p] | more;
                bool known = false;
                for (int32_t k = 0; k < num_next && !known; k++) known = next[k] == pad;
                if (known) continue;
                if (num_next == PRESET_MAX_ACTIONS) return -1;
                next[num_next++] = pad;
            }
        }
        memcpy(pads, next, sizeof next);
        num_pads = num_next;
    }
    return num_pads;
}

/* The language of the preset that is being made: its pad section, as add_pad() writes it. */
static void console_language(const retro_import_t *import, macro_language_t *language)
{
    macro_language_defaults(language);
    language->num_buttons = 0;
    for (int32_t id = 0; id < 12; id++) {
        if (!import->facts->buttons[id]) continue;
        macro_button_t *button = &language->buttons[language->num_buttons++];
        *button = (macro_button_t){ .pad = (uint16_t)(1u << id) };
        snprintf(button->name, sizeof button->name, "%s", import->facts->buttons[id]);
    }
}

static void add_primitive(retro_import_t *import, cJSON *list, uint16_t pad,
                          const macro_language_t *language)
{
    macro_t macro;
    char name[PRESET_NAME_BYTES], notation[128];
    const macro_step_t step = { .pad = pad, .frames = 1 };
    macro_print_pad(name, sizeof name, pad, language);
    if (!macro_from_steps(&macro, &step, 1, language, NULL)) {
        retro_leave_out(import, IMPORT_LOSES_ACTION, "combination", name, "opposite directions");
        return;
    }
    snprintf(notation, sizeof notation, "%.*s", (int)strcspn(macro.notation, "{"), macro.notation);
    cJSON *action = json_append_object(&import->failed, list);
    if (!action) return;
    json_add_string(&import->failed, action, "name", pad ? name : "nothing");
    json_add_string(&import->failed, action, "pad", notation);
}

void retro_import_actions(retro_import_t *import, const cJSON *scenario)
{
    const cJSON *groups = json_get(scenario, "actions");
    uint16_t pads[PRESET_MAX_ACTIONS];
    int32_t num_pads = cJSON_IsArray(groups) ? product_of_groups(import, groups, pads) : 0;
    if (num_pads < 0)
        retro_leave_out(import, IMPORT_LOSES_ACTION, "actions", NULL, "more than 256 combinations");
    if (num_pads <= 0) { /* every direction, every button, and both */
        static const uint16_t directions[9] = { 0, 16, 32, 64, 128, 80, 144, 96, 160 };
        num_pads = 0;
        for (int32_t d = 0; d < 9; d++) pads[num_pads++] = directions[d];
        for (int32_t id = 0; id < 12; id++) {
            if (!import->facts->buttons[id] || id == 2 || id == 3) continue;
            for (int32_t d = 0; d < 5; d++) pads[num_pads++] = (uint16_t)(directions[d] | 1u << id);
        }
        import->losses.counts[IMPORT_LOSES_ACTION_LIST]++;
        text_say(&import->report, "no actions of its own: %d generic ones\n", (int)num_pads);
    }
    macro_language_t language;
    console_language(import, &language);
    cJSON *actions = json_add_object(&import->failed, import->file, "actions");
    cJSON *list = actions ? json_add_list(&import->failed, actions, "primitives") : NULL;
    for (int32_t p = 0; p < num_pads && list; p++) add_primitive(import, list, pads[p], &language);
}
