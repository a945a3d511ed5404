/* sides.c - the sections "facing" and "sides": what the numbers mean to the agent on port 2. */
#include "model.h"
#include "sides.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "why.h"

#define VALUES_RULE "must be a list of two different whole numbers"
#define NO_SIDE_RULE                                                                               \
    "must be one of the preset's variables that is in no other pair, found \"%.60s\""

/* ---- names that belong together ---- */

/* `theirs` with the part at `at` (`length` bytes) replaced by `part`: is that `ours`? */
static bool is_with_part(const char *ours, const char *theirs, size_t at, size_t length,
                         const char *part)
{
    char name[2 * PRESET_NAME_BYTES];
    snprintf(name, sizeof name, "%.*s%s%s", (int)at, theirs, part, theirs + at + length);
    return name[0] && strcasecmp(name, ours) == 0;
}

bool sides_are_a_pair(const char *ours, const char *theirs)
{
    static const char *const prefixes[] = { "enemy_",   "enemy", "opponent_",
                                            "opponent", "opp_",  "rival_" };
    static const char *const suffixes[] = { "_enemy", "_opponent", "_p2", "_2p" };
    static const char *const parts[][2] = {
        { "p1", "p2" },
        { "1p", "2p" },
        { "player1", "player2" },
        { "player", "enemy" },
        { "player_1", "player_2" },
        { "my_", "enemy_" },
    };
    const size_t length = strlen(theirs);
    if (length >= PRESET_NAME_BYTES) return false;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        const size_t part = strlen(prefixes[i]);
        if (strncasecmp(theirs, prefixes[i], part) == 0 && is_with_part(ours, theirs, 0, part, ""))
            return true;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        const size_t part = strlen(suffixes[i]);
        if (length > part && strcasecmp(theirs + length - part, suffixes[i]) == 0 &&
            is_with_part(ours, theirs, length - part, part, ""))
            return true;
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const size_t part = strlen(parts[i][1]);
        for (size_t at = 0; at + part <= length; at++)
            if (strncasecmp(theirs + at, parts[i][1], part) == 0 &&
                is_with_part(ours, theirs, at, part, parts[i][0]))
                return true;
    }
    return false;
}

bool sides_same_kind(const value_type_t *a, const value_type_t *b)
{
    return a->format == b->format && a->mask == b->mask;
}

/* ---- reading ---- */

static bool is_exchanged(const preset_t *preset, int32_t variable)
{
    return preset->sides[variable].counterpart != variable || preset->sides[variable].swaps;
}

/* A variable that no pair has yet. */
static bool find_free(const preset_t *preset, reader_t *reader, const char *name, int32_t *out)
{
    *out = preset_find_variable(preset, name);
    if (*out >= 0 && !is_exchanged(preset, *out)) return true;
    return reader_refuse(reader, NO_SIDE_RULE, name);
}

/* "health": "enemy_health" */
static bool read_pair(preset_t *preset, reader_t *reader, const cJSON *item)
{
    char name[PRESET_NAME_BYTES];
    int32_t first, second;
    if (!find_free(preset, reader, item->string, &first) ||
        !reader_is_text(reader, item, name, sizeof name) ||
        !find_free(preset, reader, name, &second))
        return false;
    if (first == second)
        return reader_refuse(reader, "must pair two variables, found \"%s\" with itself", name);
    if (!sides_same_kind(&preset->types[first], &preset->types[second]))
        return reader_refuse(reader,
                             "must pair variables of the same format (u, i, d or n) and mask; "
                             "those of \"%.60s\" and \"%.60s\" differ",
                             item->string, name);
    preset->sides[first].counterpart = second;
    preset->sides[second].counterpart = first;
    return true;
}

/* "winner": [1, 2] */
static bool read_values(preset_t *preset, reader_t *reader, const cJSON *item)
{
    const int64_t limit = (int64_t)JSON_EXACT_INT;
    int32_t variable;
    if (!find_free(preset, reader, item->string, &variable)) return false;
    side_t *side = &preset->sides[variable];
    if (!cJSON_IsArray(item)) return reader_refuse_value(reader, item, VALUES_RULE);
    if (cJSON_GetArraySize(item) != 2)
        return reader_refuse(reader, VALUES_RULE ", found %d items", cJSON_GetArraySize(item));
    if (!reader_is_int(reader, item->child, -limit, limit, &side->first) ||
        !reader_is_int(reader, item->child->next, -limit, limit, &side->second))
        return false;
    if (side->first == side->second)
        return reader_refuse(reader, VALUES_RULE ", found %lld twice", (long long)side->first);
    side->swaps = true;
    return true;
}

static bool read_each(preset_t *preset, reader_t *reader, const cJSON *sides, const char *key,
                      bool (*read)(preset_t *, reader_t *, const cJSON *))
{
    const cJSON *object;
    if (!reader_object(reader, sides, key, FIELD_OPTIONAL, &object)) return false;
    if (!object) return true;
    const size_t mark = reader_enter(reader, key);
    for (const cJSON *item = object->child; item; item = item->next) {
        const size_t inner = reader_enter(reader, item->string);
        if (!read(preset, reader, item)) return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

static bool reads_exchanged(const preset_t *preset, const measure_t *measure)
{
    return (measure->variable >= 0 && is_exchanged(preset, measure->variable)) ||
           (measure->other >= 0 && is_exchanged(preset, measure->other));
}

bool sides_condition_differs(const preset_t *preset, int32_t condition)
{
    if (condition < 0) return false;
    const condition_node_t *node = &preset->nodes[condition];
    if (node->kind == NODE_MEASURE) return reads_exchanged(preset, &node->measure);
    for (int32_t c = node->first_child; c >= 0; c = preset->nodes[c].next_sibling)
        if (sides_condition_differs(preset, c)) return true;
    return false;
}

bool sides_reward_differs(const preset_t *preset)
{
    for (int32_t t = 0; t < preset->num_terms; t++)
        if (reads_exchanged(preset, &preset->terms[t].measure)) return true;
    return false;
}

static bool read_facing(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *facing;
    preset->left_when = preset->port2_left_when = -1;
    if (!reader_object(reader, file, "facing", FIELD_OPTIONAL, &facing)) return false;
    if (!facing) return true;
    const size_t mark = reader_enter(reader, "facing");
    if (!model_read_optional_condition(preset, reader, facing, "left_when", &preset->left_when) ||
        !model_read_optional_condition(preset, reader, facing, "port2_left_when",
                                       &preset->port2_left_when))
        return false;
    reader_warn_unknown(reader, facing, "left_when port2_left_when");
    reader_leave(reader, mark);
    return true;
}

bool model_read_sides(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *sides;
    for (int32_t v = 0; v < preset->num_variables; v++) preset->sides[v].counterpart = v;
    if (!read_facing(preset, reader, file) ||
        !reader_object(reader, file, "sides", FIELD_OPTIONAL, &sides))
        return false;
    if (!sides) return true;
    const size_t mark = reader_enter(reader, "sides");
    preset->has_sides = true;
    preset->mirrors_picture = preset->left_when >= 0;
    if (!read_each(preset, reader, sides, "variables", read_pair) ||
        !read_each(preset, reader, sides, "values", read_values) ||
        !reader_bool(reader, sides, "mirror", FIELD_OPTIONAL, &preset->mirrors_picture))
        return false;
    if (preset->left_when >= 0 && preset->port2_left_when < 0 &&
        !sides_condition_differs(preset, preset->left_when))
        return reader_refuse(reader,
                             "must exchange a variable that facing.left_when reads, or facing "
                             "must have port2_left_when; else port 2 looks where port 1 does");
    reader_warn_unknown(reader, sides, "variables values mirror note");
    reader_leave(reader, mark);
    return true;
}

/* ---- asking ---- */

/* Reward, end, result or facing depend on memory, so that it matters whose they are. */
static bool depends_on_memory(const preset_t *preset)
{
    return preset->num_terms > 0 || preset->done >= 0 || preset->won >= 0 || preset->lost >= 0 ||
           preset->drawn >= 0 || preset->left_when >= 0;
}

/* Pairs that the variables' names suggest, as JSON: what to write. */
static void suggest(const preset_t *preset, char *out, size_t out_bytes)
{
    size_t length = 0;
    out[0] = '\0';
    for (int32_t a = 0; a < preset->num_variables; a++)
        for (int32_t b = 0; b < preset->num_variables; b++) {
            const char *ours = preset->variables[a].name, *theirs = preset->variables[b].name;
            if (!sides_are_a_pair(ours, theirs)) continue;
            const int more = snprintf(out + length, out_bytes - length, "%s\"%s\": \"%s\"",
                                      length ? ", " : "", ours, theirs);
            if (length + (size_t)more >= out_bytes) {
                out[length] = '\0';
                return;
            }
            length += (size_t)more;
        }
    if (!length) snprintf(out, out_bytes, "\"health\": \"enemy_health\"");
}

bool preset_plays_port(const preset_t *preset, uint32_t port, why_t why)
{
    char pairs[400];
    if (port >= (uint32_t)preset->num_ports)
        return refuse(why, "port must be 1..%d for %s, found %u", (int)preset->num_ports,
                      preset->game, port + 1);
    if (port == 0 || !depends_on_memory(preset)) return true;
    if (port > 1)
        return refuse(why,
                      "port %u of %s: its preset judges memory, and \"sides\" tells port 2 from "
                      "port 1 only; an agent can play port 1 or 2",
                      port + 1, preset->game);
    if (preset->has_sides) return true;
    suggest(preset, pairs, sizeof pairs);
    return refuse(why,
                  "port 2 of %s: its preset says only how port 1 does; write which variables are "
                  "port 2's, \"sides\": {\"variables\": {%s}}, or \"sides\": {} if all count for "
                  "both",
                  preset->game, pairs);
}

bool preset_mirrors_picture(const preset_t *preset, uint32_t port)
{
    return port == 1 && preset->mirrors_picture;
}

bool preset_faces_left(const preset_t *preset, uint32_t port, const int64_t *now)
{
    if (preset->left_when < 0) return preset_mirrors_picture(preset, port);
    if (port > 0 && preset->port2_left_when >= 0)
        return model_condition(preset, 0, preset->port2_left_when, now, now);
    return model_condition(preset, port, preset->left_when, now, now);
}

bool preset_mirrors_pad(const preset_t *preset, uint32_t port, int32_t action, bool faces_left)
{
    return preset->actions[action].mirrors ? faces_left : preset_mirrors_picture(preset, port);
}
