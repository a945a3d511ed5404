/* boot.c - boot scripts: from power-on to the first decision, one line a step.
 *
 *     MACRO                                        play it
 *     until VAR OP VALUE within N                  wait
 *     press MACRO until VAR OP VALUE within N      press again and again until it holds
 *     port 2: LINE                                 on that port (default 1)
 *     repeat 3: LINE                               so often
 */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "why.h"

/* "word 12: rest": the number and where the rest begins; NULL: the line does not begin like that.
 */
static const char *numbered_prefix(const char *line, const char *word, int64_t *number)
{
    const size_t length = strlen(word);
    if (strncmp(line, word, length) != 0 || line[length] != ' ') return NULL;
    const char *at = line + length + strspn(line + length, " ");
    if (*at < '0' || *at > '9') return NULL;
    char *end;
    *number = strtoll(at, &end, 10);
    end += strspn(end, " ");
    return *end == ':' ? end + 1 : NULL;
}

/* Cut `text` in two at the last " word "; NULL: it is not there. */
static char *cut_at_last(char *text, const char *word)
{
    char *found = NULL;
    for (char *at = strstr(text, word); at; at = strstr(at + 1, word)) found = at;
    if (!found) return NULL;
    *found = '\0';
    return found + strlen(word);
}

/* "VAR OP VALUE within N" */
static bool parse_until(preset_t *preset, reader_t *reader, char *text, preset_boot_step_t *step)
{
    step->kind = PRESET_BOOT_UNTIL;
    char *limit = cut_at_last(text, " within ");
    if (!limit) return reader_refuse(reader, "must say how long it may take: until ... within N");
    char *end;
    const int64_t frames = strtoll(limit, &end, 10);
    end += strspn(end, " ");
    if (strncmp(end, "frames", 6) == 0) end += 6;
    if (end == limit || *end != '\0' || frames < 1 || frames > MODEL_MAX_LIMIT_FRAMES)
        return reader_refuse(reader, "must be within 1 to %d frames, found \"%.40s\"",
                             MODEL_MAX_LIMIT_FRAMES, limit);
    step->limit_frames = (int32_t)frames;
    return model_parse_expression(preset, reader, text, &step->condition);
}

/* One line without its prefixes. `line` is taken apart. */
static bool parse_command(preset_t *preset, reader_t *reader, char *line, preset_boot_step_t *step)
{
    why_t why;
    char *notation = line;
    step->kind = PRESET_BOOT_PLAY;
    if (strncmp(line, "until ", 6) == 0) return parse_until(preset, reader, line + 6, step);
    if (strncmp(line, "press ", 6) == 0) {
        notation = line + 6;
        char *condition = strstr(notation, " until ");
        if (!condition)
            return reader_refuse(reader, "must say when to stop: press MACRO until VAR OP VALUE "
                                         "within N");
        *condition = '\0';
        if (!parse_until(preset, reader, condition + 7, step)) return false;
    }
    if (!macro_parse(&step->macro, notation, &preset->language, why))
        return reader_refuse(reader, "%s in \"%.100s\"", why, notation);
    return true;
}

static bool parse_line(preset_t *preset, reader_t *reader, const char *text,
                       preset_boot_step_t *step, int64_t *times)
{
    char copy[MODEL_MAX_LINE_BYTES];
    const char *at = text + strspn(text, " "), *rest;
    int64_t port = 1;
    *times = 1;
    for (;;) {
        int64_t number;
        if ((rest = numbered_prefix(at, "port", &number))) {
            if (number < 1 || number > preset->num_ports)
                return reader_refuse(reader, "port must be 1 to %d, found %lld",
                                     (int)preset->num_ports, (long long)number);
            port = number;
        } else if ((rest = numbered_prefix(at, "repeat", &number))) {
            if (number < 1 || number > PRESET_MAX_BOOT_STEPS)
                return reader_refuse(reader, "repeat must be 1 to %d times, found %lld",
                                     PRESET_MAX_BOOT_STEPS, (long long)number);
            *times = number;
        } else {
            break;
        }
        at = rest + strspn(rest, " ");
    }
    snprintf(copy, sizeof copy, "%s", at);
    step->port = (uint32_t)(port - 1);
    return parse_command(preset, reader, copy, step);
}

static bool reserve_steps(start_t *start, int32_t wanted)
{
    if (wanted <= start->capacity) return true;
    int32_t capacity = start->capacity ? start->capacity : 8;
    while (capacity < wanted) capacity *= 2;
    preset_boot_step_t *steps = realloc(start->steps, (size_t)capacity * sizeof *steps);
    if (!steps) return false;
    start->steps = steps;
    start->capacity = capacity;
    return true;
}

/* A step into the start's list, `times` times. Each owns its text. */
static bool add_steps(preset_t *preset, reader_t *reader, start_t *start,
                      const preset_boot_step_t *step, int64_t times, const char *text)
{
    if (start->num_steps + times > PRESET_MAX_BOOT_STEPS)
        return reader_refuse(reader, "a start must have at most %d steps", PRESET_MAX_BOOT_STEPS);
    if (preset->num_all_boot_steps + times > MODEL_MAX_ALL_BOOT_STEPS)
        return reader_refuse(reader, "all starts together must have at most %d steps",
                             MODEL_MAX_ALL_BOOT_STEPS);
    if (!reserve_steps(start, start->num_steps + (int32_t)times))
        return reader_refuse(reader, "no memory for its steps");
    for (int64_t t = 0; t < times; t++) {
        char *copy = strdup(text);
        if (!copy) return reader_refuse(reader, "no memory for its steps");
        start->steps[start->num_steps] = *step;
        start->steps[start->num_steps++].text = copy;
        preset->num_all_boot_steps++;
    }
    return true;
}

static bool read_lines(preset_t *preset, reader_t *reader, start_t *start, const cJSON *lines)
{
    int32_t item = 0;
    for (const cJSON *line = lines->child; line; line = line->next) {
        char text[MODEL_MAX_LINE_BYTES];
        preset_boot_step_t step = { .condition = -1 };
        int64_t times;
        const size_t mark = reader_enter_item(reader, item++);
        if (!reader_is_text(reader, line, text, sizeof text) ||
            !parse_line(preset, reader, text, &step, &times) ||
            !add_steps(preset, reader, start, &step, times, text))
            return false;
        reader_leave(reader, mark);
    }
    return true;
}

/* A list of lines, or an object that says more of the start: {"players": 2, "lines": [...]}. */
static bool read_start(preset_t *preset, reader_t *reader, const cJSON *item)
{
    start_t *start = &preset->starts[preset->num_starts++];
    *start = (start_t){ 0 };
    if (!reader_check_name(reader, item->string, sizeof start->name)) return false;
    snprintf(start->name, sizeof start->name, "%s", item->string);
    if (cJSON_IsArray(item)) return read_lines(preset, reader, start, item);
    if (!cJSON_IsObject(item))
        return reader_refuse_value(reader, item,
                                   "must be a list of lines, or an object with \"lines\"");
    const cJSON *lines;
    if (!reader_int32(reader, item, "players", FIELD_OPTIONAL, 1, preset->num_ports,
                      &start->players) ||
        !reader_list(reader, item, "lines", FIELD_REQUIRED, 0, PRESET_MAX_BOOT_STEPS, &lines))
        return false;
    const size_t mark = reader_enter(reader, "lines");
    if (!read_lines(preset, reader, start, lines)) return false;
    reader_leave(reader, mark);
    reader_warn_unknown(reader, item, "players lines note");
    return true;
}

bool model_read_starts(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *starts;
    char chosen[PRESET_NAME_BYTES] = "";
    if (!reader_object(reader, file, "starts", FIELD_OPTIONAL, &starts)) return false;
    if (starts) {
        const size_t mark = reader_enter(reader, "starts");
        const int32_t num_starts = cJSON_GetArraySize(starts);
        if (num_starts > PRESET_MAX_STARTS)
            return reader_refuse(reader, "must have at most %d starts, found %d", PRESET_MAX_STARTS,
                                 (int)num_starts);
        for (const cJSON *lines = starts->child; lines; lines = lines->next) {
            const size_t inner = reader_enter(reader, lines->string);
            if (!read_start(preset, reader, lines)) return false;
            reader_leave(reader, inner);
        }
        reader_leave(reader, mark);
    }
    if (!reader_text(reader, file, "default_start", FIELD_OPTIONAL, chosen, sizeof chosen))
        return false;
    if (!chosen[0]) return true;
    preset->default_start = preset_find_start(preset, chosen);
    if (preset->default_start >= 0) return true;
    reader_enter(reader, "default_start");
    return reader_refuse(reader, "must be one of the starts, found \"%s\"", chosen);
}

int32_t preset_num_starts(const preset_t *preset)
{
    return preset->num_starts;
}

const char *preset_start_name(const preset_t *preset, int32_t start)
{
    return preset->num_starts ? preset->starts[start].name : PRESET_POWER_ON;
}

int32_t preset_default_start(const preset_t *preset)
{
    return preset->default_start;
}

int32_t preset_find_start(const preset_t *preset, const char *name)
{
    for (int32_t s = 0; s < preset->num_starts; s++)
        if (strcmp(preset->starts[s].name, name) == 0) return s;
    return !preset->num_starts && strcmp(name, PRESET_POWER_ON) == 0 ? 0 : -1;
}

int32_t preset_start_players(const preset_t *preset, int32_t start)
{
    if (!preset->num_starts) return 1;
    const int32_t said = preset->starts[start].players;
    return said ? said : start == preset->versus_start ? 2 : 1;
}

int32_t preset_num_boot_steps(const preset_t *preset, int32_t start)
{
    return preset->starts[start].num_steps;
}

const preset_boot_step_t *preset_boot_step(const preset_t *preset, int32_t start, int32_t step)
{
    return &preset->starts[start].steps[step];
}
