/* imported.c - see imported.h; and preset_with_macros(). */
#include "imported.h"
#include "json.h"
#include "making.h"
#include "tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void imported_report(import_macros_t *out, const char *format, ...)
{
    const size_t used = strlen(out->report);
    va_list args;
    va_start(args, format);
    vsnprintf(out->report + used, sizeof out->report - used, format, args);
    va_end(args);
    for (char *c = out->report + used; *c; c++) /* a stranger's words may be in it */
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7F) *c = '?';
}

/* Names as presets have them: what they refuse is left out. */
static void clean_name(const char *text, char name[PRESET_NAME_BYTES])
{
    size_t length = 0;
    for (const char *c = text; *c && length < PRESET_NAME_BYTES - 5; c++)
        if ((unsigned char)*c >= 0x20 && (unsigned char)*c < 0x7F && !strchr("/\\.", *c) &&
            (*c != ' ' || length))
            name[length++] = *c;
    while (length > 0 && name[length - 1] == ' ') length--;
    name[length] = '\0';
    if (!length) snprintf(name, PRESET_NAME_BYTES, "imported");
}

void imported_add(import_macros_t *out, const char *name, int32_t port,
                  const imported_recording_t *recording, const macro_language_t *language)
{
    macro_step_t steps[MACRO_MAX_STEPS];
    int32_t num_steps = 0;
    char clean[PRESET_NAME_BYTES];
    why_t why;
    clean_name(name, clean);
    for (int32_t f = 0; f < recording->num_frames; f++) {
        if (num_steps && steps[num_steps - 1].pad == recording->pads[f]) {
            steps[num_steps - 1].frames++;
        } else if (num_steps == MACRO_MAX_STEPS) {
            imported_report(out, "\"%s\" is left out: more than %d changes\n", clean,
                            MACRO_MAX_STEPS);
            return;
        } else {
            steps[num_steps++] = (macro_step_t){ .pad = recording->pads[f], .frames = 1 };
        }
    }
    if (out->num_macros == IMPORT_MAX_MACROS) {
        imported_report(out, "\"%s\" is left out: there are %d already\n", clean,
                        IMPORT_MAX_MACROS);
        return;
    }
    import_macro_t *macro = &out->macros[out->num_macros];
    *macro = (import_macro_t){ .port = port };
    if (!macro_from_steps(&macro->macro, steps, num_steps, language, why)) {
        imported_report(out, "\"%s\" is left out: %s\n", clean, why);
        return;
    }
    memcpy(macro->name, clean, sizeof clean);
    out->num_macros++;
}

uint16_t imported_attack_button(const macro_language_t *language, int32_t number)
{
    for (int32_t b = 0; b < language->num_buttons; b++) {
        const char *name = language->buttons[b].name;
        if (strcmp(name, "START") == 0 || strcmp(name, "SELECT") == 0) continue;
        if (--number == 0) return language->buttons[b].pad;
    }
    return 0;
}

uint16_t imported_named_button(const macro_language_t *language, const char *name, size_t length)
{
    for (int32_t b = 0; b < language->num_buttons; b++)
        if (strlen(language->buttons[b].name) == length &&
            strncmp(language->buttons[b].name, name, length) == 0)
            return language->buttons[b].pad;
    return 0;
}

/* ---- into a preset ---- */

static bool has_name(const preset_t *preset, const cJSON *list, const char *name)
{
    for (int32_t a = 0; a < preset->num_actions; a++)
        if (strcmp(preset->actions[a].name, name) == 0) return true;
    for (const cJSON *item = list->child; item; item = item->next)
        if (strcmp(json_get(item, "name")->valuestring, name) == 0) return true;
    return false;
}

static void append_macro(bool *failed, const preset_t *preset, cJSON *list,
                         const import_macro_t *macro)
{
    char name[PRESET_NAME_BYTES + 16]; /* clean_name() left room for a number */
    snprintf(name, sizeof name, "%s", macro->name);
    for (int32_t n = 2; has_name(preset, list, name); n++)
        snprintf(name, sizeof name, "%s %d", macro->name, (int)n);
    cJSON *item = json_append_object(failed, list);
    json_add_string(failed, item, "name", name);
    json_add_string(failed, item, "notation", macro->macro.notation);
}

char *preset_with_macros(const preset_t *preset, const import_macros_t *macros, why_t why)
{
    cJSON *file = tree_of(preset);
    cJSON *actions = file ? cJSON_GetObjectItemCaseSensitive(file, "actions") : NULL;
    cJSON *list = actions ? cJSON_GetObjectItemCaseSensitive(actions, "macros") : NULL;
    bool failed = false;
    if (!list) list = json_add_list(&failed, actions, "macros");
    for (int32_t m = 0; !failed && m < macros->num_macros; m++) {
        bool known = false;
        for (int32_t a = 0; a < preset->num_actions && !known; a++)
            known = macro_same_steps(&preset->actions[a].macro, &macros->macros[m].macro);
        if (!known) append_macro(&failed, preset, list, &macros->macros[m]);
    }
    return tree_text(file, failed, "the preset with these macros", why);
}
