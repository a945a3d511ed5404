/* import_inputmacro.c - the JSON file of MAME's inputmacro plugin. */
#include "imported.h"
#include "json.h"
#include "why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "P1_BUTTON3" and so on; *player from 0. 0: no such button here. */
static uint16_t input_pad(const char *type, const macro_language_t *language, int32_t *player)
{
    static const struct {
        const char *name;
        uint16_t pad;
    } directions[] = { { "JOYSTICK_UP", MACRO_UP },
                       { "JOYSTICK_DOWN", MACRO_DOWN },
                       { "JOYSTICK_LEFT", MACRO_LEFT },
                       { "JOYSTICK_RIGHT", MACRO_RIGHT } };
    int number, length = 0;
    *player = 0;
    if (sscanf(type, "P%1d_%n", &number, &length) == 1 && length > 0 && number >= 1) {
        *player = number - 1;
        type += length;
        for (size_t d = 0; d < 4; d++)
            if (strcmp(type, directions[d].name) == 0) return directions[d].pad;
        if (sscanf(type, "BUTTON%2d", &number) == 1)
            return imported_attack_button(language, number);
        if (strcmp(type, "START") == 0) return imported_named_button(language, "START", 5);
        if (strcmp(type, "SELECT") == 0) return imported_named_button(language, "SELECT", 6);
        return 0;
    }
    if (sscanf(type, "START%1d", &number) == 1 && number >= 1) {
        *player = number - 1;
        return imported_named_button(language, "START", 5);
    }
    if (sscanf(type, "COIN%1d", &number) == 1 && number >= 1) {
        *player = number - 1;
        return imported_named_button(language, "SELECT", 6);
    }
    return 0;
}

static bool add_frames(imported_recording_t *recording, uint16_t pad, int64_t frames)
{
    if (frames > MACRO_MAX_FRAMES - recording->num_frames) return false;
    while (frames-- > 0) recording->pads[recording->num_frames++] = pad;
    return true;
}

/* delay frames of nothing, then duration frames of the inputs. */
static bool add_step(import_macros_t *out, reader_t *reader, const cJSON *step, const char *name,
                     const macro_language_t *language, imported_recording_t *recording)
{
    int64_t delay = 0, duration = 0;
    const cJSON *inputs;
    uint16_t pad = 0;
    if (!reader_is_object(reader, step) ||
        !reader_int(reader, step, "delay", FIELD_REQUIRED, 0, 1000000, &delay) ||
        !reader_int(reader, step, "duration", FIELD_REQUIRED, 0, 1000000, &duration) ||
        !reader_list(reader, step, "inputs", FIELD_REQUIRED, 0, 64, &inputs))
        return false;
    for (const cJSON *input = inputs->child; input; input = input->next) {
        char type[64] = "";
        int32_t player;
        if (!reader_is_object(reader, input) ||
            !reader_text(reader, input, "type", FIELD_REQUIRED, type, sizeof type))
            return false;
        const uint16_t more = input_pad(type, language, &player);
        if (!more) imported_report(out, "\"%s\": input %s is left out\n", name, type);
        if (player > 0) imported_report(out, "\"%s\": input %s is played by port 1\n", name, type);
        pad |= more;
    }
    if (!add_frames(recording, 0, delay) || !add_frames(recording, pad, duration))
        return reader_refuse(reader, "the macro must last at most %d frames", MACRO_MAX_FRAMES);
    return true;
}

static bool add_setting(import_macros_t *out, reader_t *reader, const cJSON *setting,
                        const macro_language_t *language, imported_recording_t *recording)
{
    char name[PRESET_NAME_BYTES * 4] = "";
    int64_t loop = -1;
    const cJSON *steps;
    recording->num_frames = 0;
    if (!reader_is_object(reader, setting) ||
        !reader_text(reader, setting, "name", FIELD_REQUIRED, name, sizeof name) ||
        !reader_int(reader, setting, "loop", FIELD_OPTIONAL, -1, 1000000, &loop) ||
        !reader_list(reader, setting, "steps", FIELD_REQUIRED, 0, 4096, &steps))
        return false;
    const size_t mark = reader_enter(reader, "steps");
    int32_t item = 0;
    for (const cJSON *step = steps->child; step; step = step->next) {
        const size_t inner = reader_enter_item(reader, item++);
        if (!add_step(out, reader, step, name, language, recording)) return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    if (loop >= 0)
        imported_report(out, "\"%s\": %s\n", name,
                        loop ? "it loops; one round is kept"
                             : "its last step is prolonged while held; not so here");
    if (recording->num_frames == 0) {
        imported_report(out, "\"%s\" is left out: it has no frames\n", name);
        return true;
    }
    imported_add(out, name, 0, recording, language);
    return true;
}

bool import_inputmacro(import_macros_t *out, const char *text, size_t num_bytes,
                       const macro_language_t *language, why_t why)
{
    *out = (import_macros_t){ 0 };
    reader_t reader = { .source = "inputmacro", .why = why };
    if (num_bytes > IMPORT_FILE_BYTES)
        return reader_refuse(&reader, "must be at most %u bytes, found %zu", IMPORT_FILE_BYTES,
                             num_bytes);
    cJSON *file = json_read(&reader, text, num_bytes);
    if (!file) return false;
    imported_recording_t *recording = calloc(1, sizeof *recording);
    bool ok = recording ? true : reader_refuse(&reader, "no memory");
    if (ok && !cJSON_IsArray(file))
        ok = reader_refuse_value(&reader, file, "must be a list of macros");
    int32_t item = 0;
    for (const cJSON *setting = ok ? file->child : NULL; ok && setting; setting = setting->next) {
        const size_t mark = reader_enter_item(&reader, item++);
        ok = add_setting(out, &reader, setting, language, recording);
        reader_leave(&reader, mark);
    }
    free(recording);
    cJSON_Delete(file);
    return ok;
}
