/* variables.c - the sections "memory" and "variables", and decoding what was fetched. */
#include "model.h"
#include "why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number, or a text "0xFF8042": addresses are read by people. */
static bool read_address(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                         int64_t max, uint64_t *out)
{
    const cJSON *value = json_get(object, key);
    if (!cJSON_IsString(value)) {
        int64_t address = (int64_t)*out;
        if (!reader_int(reader, object, key, need, 0, max, &address)) return false;
        *out = (uint64_t)address;
        return true;
    }
    const size_t mark = reader_enter(reader, key);
    const char *text = value->valuestring;
    const size_t length = strlen(text);
    if (strncmp(text, "0x", 2) != 0 || length < 3 || length > 10 ||
        strspn(text + 2, "0123456789abcdefABCDEF") != length - 2 ||
        (int64_t)strtoull(text + 2, NULL, 16) > max)
        return reader_refuse_value(reader, value,
                                   "must be a whole number or \"0x...\", 0 to 0x%llX",
                                   (unsigned long long)max);
    *out = strtoull(text + 2, NULL, 16);
    reader_leave(reader, mark);
    return true;
}

static bool read_memory(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *memory;
    if (!reader_object(reader, file, "memory", FIELD_OPTIONAL, &memory)) return false;
    if (!memory) return true;
    const size_t mark = reader_enter(reader, "memory");
    if (!read_address(reader, memory, "ram_base", FIELD_OPTIONAL, MODEL_MAX_ADDRESS,
                      &preset->ram_base) ||
        !read_address(reader, memory, "ram_bytes", FIELD_OPTIONAL, 1ll << 28, &preset->ram_bytes) ||
        !reader_bool(reader, memory, "word_swapped", FIELD_OPTIONAL, &preset->word_swapped))
        return false;
    if (preset->word_swapped && preset->ram_base % 2)
        return reader_refuse(reader, "ram_base must be even where words are swapped");
    reader_warn_unknown(reader, memory, "ram_base ram_bytes word_swapped");
    reader_leave(reader, mark);
    return true;
}

static bool read_variable(preset_t *preset, reader_t *reader, const cJSON *object)
{
    preset_variable_t *variable = &preset->variables[preset->num_variables];
    value_type_t *type = &preset->types[preset->num_variables];
    char text[16];
    uint64_t address = 0;
    if (!reader_check_name(reader, object->string, sizeof variable->name) ||
        !reader_is_object(reader, object) ||
        !read_address(reader, object, "address", FIELD_REQUIRED, MODEL_MAX_ADDRESS, &address) ||
        !reader_text(reader, object, "type", FIELD_REQUIRED, text, sizeof text))
        return false;
    snprintf(variable->name, sizeof variable->name, "%s", object->string);
    const char *broken = type_parse(type, text);
    if (broken[0]) {
        reader_enter(reader, "type");
        return reader_refuse(reader, "%s, found \"%s\"", broken, text);
    }
    if (!reader_int(reader, object, "mask", FIELD_OPTIONAL, -(int64_t)JSON_EXACT_INT,
                    (int64_t)JSON_EXACT_INT, &type->mask))
        return false;
    const uint64_t end = address + (uint64_t)type->width_bytes;
    const bool outside = end > (uint64_t)MODEL_MAX_ADDRESS + 1 ||
                         (preset->ram_bytes && (address < preset->ram_base ||
                                                end > preset->ram_base + preset->ram_bytes));
    if (outside) {
        reader_enter(reader, "address");
        return reader_refuse(reader, "must lie in memory with its %d bytes, found 0x%llX",
                             (int)type->width_bytes, (unsigned long long)address);
    }
    variable->address = address;
    variable->num_bytes = type->width_bytes;
    if (preset->word_swapped) { /* byte a lies at a ^ 1: whole words have to be fetched */
        variable->address &= ~1ull;
        variable->num_bytes = (int32_t)(((end + 1) & ~1ull) - variable->address);
        preset->odd_start[preset->num_variables] = address & 1;
    }
    reader_warn_unknown(reader, object, "address type mask note");
    preset->num_variables++;
    return true;
}

bool model_read_variables(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *variables;
    if (!read_memory(preset, reader, file)) return false;
    if (!reader_object(reader, file, "variables", FIELD_OPTIONAL, &variables)) return false;
    if (!variables) return true;
    const size_t mark = reader_enter(reader, "variables");
    const int32_t num_variables = cJSON_GetArraySize(variables);
    if (num_variables > PRESET_MAX_VARIABLES)
        return reader_refuse(reader, "must have at most %d variables, found %d",
                             PRESET_MAX_VARIABLES, (int)num_variables);
    for (const cJSON *item = variables->child; item; item = item->next) {
        const size_t inner = reader_enter(reader, item->string);
        if (!read_variable(preset, reader, item)) return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

int32_t preset_num_variables(const preset_t *preset)
{
    return preset->num_variables;
}

const preset_variable_t *preset_variable(const preset_t *preset, int32_t variable)
{
    return &preset->variables[variable];
}

int32_t preset_find_variable(const preset_t *preset, const char *name)
{
    for (int32_t v = 0; v < preset->num_variables; v++)
        if (strcmp(preset->variables[v].name, name) == 0) return v;
    return -1;
}

uint64_t preset_ram_base(const preset_t *preset)
{
    return preset->ram_base;
}

uint64_t preset_ram_bytes(const preset_t *preset)
{
    return preset->ram_bytes;
}

bool preset_word_swapped(const preset_t *preset)
{
    return preset->word_swapped;
}

int64_t preset_decode(const preset_t *preset, int32_t variable, const uint8_t *bytes)
{
    const value_type_t *type = &preset->types[variable];
    if (!preset->word_swapped) return type_decode(type, bytes);
    uint8_t straight[8];
    for (int32_t i = 0; i < type->width_bytes; i++)
        straight[i] = bytes[(i + preset->odd_start[variable]) ^ 1];
    return type_decode(type, straight);
}
