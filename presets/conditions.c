/* conditions.c - stable-retro's operators over variables, any/all trees of them, rewards. */
#include "model.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names as in scenario.json, symbols for the short form. unary: takes no reference. */
static const struct {
    const char *name, *symbol;
    measure_op_t op;
    bool unary;
} ops[] = {
    { "equal", "==", OP_EQUAL, false },
    { "negative-equal", "", OP_NEGATIVE_EQUAL, false },
    { "not-equal", "!=", OP_NOT_EQUAL, false },
    { "less-than", "<", OP_LESS_THAN, false },
    { "greater-than", ">", OP_GREATER_THAN, false },
    { "less-or-equal", "<=", OP_LESS_OR_EQUAL, false },
    { "greater-or-equal", ">=", OP_GREATER_OR_EQUAL, false },
    { "nonzero", "", OP_NONZERO, true },
    { "zero", "", OP_ZERO, true },
    { "positive", "", OP_POSITIVE, true },
    { "negative", "", OP_NEGATIVE, true },
    { "sign", "", OP_SIGN, true },
};
#define NUM_OPS ((int32_t)(sizeof ops / sizeof ops[0]))
#define OP_RULE                                                                                    \
    "must be an operator (equal negative-equal not-equal less-than greater-than less-or-equal "    \
    "greater-or-equal nonzero zero positive negative sign)"

static int32_t find_op(const char *text, bool symbols)
{
    for (int32_t i = 0; i < NUM_OPS; i++)
        if (strcmp(text, ops[i].name) == 0 || (symbols && strcmp(text, ops[i].symbol) == 0))
            return i;
    return -1;
}

/* ---- values ---- */

/* Wraps instead of overflowing; only a hostile 8-byte type gets there. */
static int64_t minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* For port 2 the one that `sides` pairs with it. */
int64_t model_value(const preset_t *preset, uint32_t port, int32_t v, const int64_t *values)
{
    if (port == 0) return values[v];
    const side_t *side = &preset->sides[v];
    const int64_t value = values[side->counterpart];
    if (!side->swaps) return value;
    return value == side->first ? side->second : value == side->second ? side->first : value;
}

double model_measure(const preset_t *preset, uint32_t port, const measure_t *measure,
                     const int64_t *before, const int64_t *now)
{
    const int32_t v = measure->variable;
    int64_t value = v < 0 ? 1 : model_value(preset, port, v, now);
    if (v >= 0 && measure->delta) value = minus(value, model_value(preset, port, v, before));
    const int64_t reference =
        measure->other >= 0 ? model_value(preset, port, measure->other, now) : measure->reference;
    switch (measure->op) {
    case OP_EQUAL: return value == reference;
    case OP_NEGATIVE_EQUAL: return value == minus(0, reference);
    case OP_NOT_EQUAL: return value != reference;
    case OP_LESS_THAN: return value < reference;
    case OP_GREATER_THAN: return value > reference;
    case OP_LESS_OR_EQUAL: return value <= reference;
    case OP_GREATER_OR_EQUAL: return value >= reference;
    case OP_NONZERO: return value != 0;
    case OP_ZERO: return value == 0;
    case OP_POSITIVE: return value > 0;
    case OP_NEGATIVE: return value < 0;
    case OP_SIGN: return (value > 0) - (value < 0);
    default: return (double)value;
    }
}

bool model_condition(const preset_t *preset, uint32_t port, int32_t condition,
                     const int64_t *before, const int64_t *now)
{
    if (condition < 0) return false;
    const condition_node_t *node = &preset->nodes[condition];
    if (node->kind == NODE_MEASURE)
        return model_measure(preset, port, &node->measure, before, now) > 0;
    const bool any = node->kind == NODE_ANY;
    for (int32_t c = node->first_child; c >= 0; c = preset->nodes[c].next_sibling)
        if (model_condition(preset, port, c, before, now) == any) return any;
    return !any;
}

bool preset_condition(const preset_t *preset, int32_t condition, const int64_t *before,
                      const int64_t *now)
{
    return model_condition(preset, 0, condition, before, now);
}

static double sum_of_terms(const preset_t *preset, uint32_t port, bool versus,
                           const int64_t *before, const int64_t *now)
{
    double sum = 0;
    for (int32_t t = 0; t < preset->num_terms; t++) {
        const reward_term_t *term = &preset->terms[t];
        if (term->versus != versus) continue;
        const double m = model_measure(preset, port, &term->measure, before, now);
        sum += m > 0 ? m * term->reward : m < 0 ? m * term->penalty : 0;
    }
    return sum;
}

double preset_reward(const preset_t *preset, uint32_t port, const int64_t *before,
                     const int64_t *now)
{
    return sum_of_terms(preset, port, false, before, now);
}

double preset_versus_reward(const preset_t *preset, uint32_t port, const int64_t *before,
                            const int64_t *now)
{
    return sum_of_terms(preset, port, true, before, now);
}

/* ---- reading ---- */

static bool find_variable(const preset_t *preset, reader_t *reader, const char *name, int32_t *out)
{
    *out = preset_find_variable(preset, name);
    if (*out >= 0) return true;
    return reader_refuse(reader, "must be one of the preset's variables, found \"%.60s\"", name);
}

/* op, measurement, reference of an object; the variable is known already. */
static bool read_measure(const preset_t *preset, reader_t *reader, const cJSON *object,
                         bool delta_default, measure_t *measure)
{
    char text[PRESET_NAME_BYTES] = "";
    measure->delta = delta_default;
    measure->other = -1;
    if (!reader_text(reader, object, "measurement", FIELD_OPTIONAL, text, sizeof text))
        return false;
    if (text[0]) measure->delta = strcmp(text, "delta") == 0;
    if (text[0] && !measure->delta && strcmp(text, "absolute") != 0) {
        reader_enter(reader, "measurement");
        return reader_refuse(reader, "must be \"delta\" or \"absolute\", found \"%s\"", text);
    }
    text[0] = '\0';
    if (!reader_text(reader, object, "op", FIELD_OPTIONAL, text, sizeof text)) return false;
    const int32_t op = text[0] ? find_op(text, true) : -1;
    if (text[0] && op < 0) {
        reader_enter(reader, "op");
        return reader_refuse(reader, OP_RULE ", found \"%s\"", text);
    }
    if (op >= 0) measure->op = ops[op].op;
    const cJSON *reference = json_get(object, "reference");
    if (!cJSON_IsString(reference))
        return reader_int(reader, object, "reference", FIELD_OPTIONAL, -(int64_t)JSON_EXACT_INT,
                          (int64_t)JSON_EXACT_INT, &measure->reference);
    const size_t mark = reader_enter(reader, "reference");
    if (!find_variable(preset, reader, reference->valuestring, &measure->other)) return false;
    reader_leave(reader, mark);
    return true;
}

static bool add_node(preset_t *preset, reader_t *reader, node_kind_t kind, int32_t *out)
{
    if (preset->num_nodes == MODEL_MAX_NODES)
        return reader_refuse(reader, "a preset must have at most %d conditions", MODEL_MAX_NODES);
    *out = preset->num_nodes++;
    preset->nodes[*out] = (condition_node_t){
        .kind = kind, .measure = { .other = -1 }, .first_child = -1, .next_sibling = -1
    };
    return true;
}

/* Children are chained behind *last, or become the first child. */
static void add_child(preset_t *preset, int32_t parent, int32_t *last, int32_t child)
{
    if (*last < 0)
        preset->nodes[parent].first_child = child;
    else
        preset->nodes[*last].next_sibling = child;
    *last = child;
}

/* The next word of a short form; its length, 0 at the end. */
static size_t next_word(const char **at, char word[PRESET_NAME_BYTES])
{
    *at += strspn(*at, " ");
    size_t length = strcspn(*at, " ");
    const char *start = *at;
    *at += length;
    if (length >= PRESET_NAME_BYTES) length = PRESET_NAME_BYTES - 1;
    memcpy(word, start, length);
    word[length] = '\0';
    return length;
}

static bool parse_reference(preset_t *preset, reader_t *reader, const char *word,
                            measure_t *measure)
{
    char *end;
    errno = 0;
    const long long number = strtoll(word, &end, 0);
    if (*end == '\0' && errno == 0 && (double)number <= JSON_EXACT_INT &&
        (double)number >= -JSON_EXACT_INT) {
        measure->reference = number;
        return true;
    }
    measure->other = preset_find_variable(preset, word);
    if (measure->other >= 0) return true;
    return reader_refuse(reader, "must compare with a whole number or a variable, found \"%.60s\"",
                         word);
}

bool model_parse_expression(preset_t *preset, reader_t *reader, const char *text, int32_t *node)
{
    char word[PRESET_NAME_BYTES];
    const char *at = text;
    if (!add_node(preset, reader, NODE_MEASURE, node)) return false;
    measure_t *measure = &preset->nodes[*node].measure;
    if (!next_word(&at, word))
        return reader_refuse(reader, "must be a condition like \"health <= 0\", found nothing");
    if (strcmp(word, "delta") == 0 && preset_find_variable(preset, word) < 0) {
        measure->delta = true;
        next_word(&at, word);
    }
    if (!find_variable(preset, reader, word, &measure->variable)) return false;
    if (!next_word(&at, word)) return true; /* true while above zero */
    const int32_t op = find_op(word, true);
    if (op < 0)
        return reader_refuse(reader,
                             "must have == != < > <= >= or an operator's name, found \"%s\"", word);
    measure->op = ops[op].op;
    if (!ops[op].unary) {
        if (!next_word(&at, word))
            return reader_refuse(reader, "must compare with something, found nothing after %s",
                                 ops[op].name);
        if (!parse_reference(preset, reader, word, measure)) return false;
    }
    if (next_word(&at, word))
        return reader_refuse(reader, "must end after one comparison, found \"%s\"", word);
    return true;
}

static bool read_children(preset_t *preset, reader_t *reader, const cJSON *list, int32_t parent)
{
    int32_t last = -1, item = 0;
    for (const cJSON *value = list->child; value; value = value->next) {
        int32_t child;
        const size_t mark = reader_enter_item(reader, item++);
        if (!model_read_condition(preset, reader, value, &child)) return false;
        add_child(preset, parent, &last, child);
        reader_leave(reader, mark);
    }
    return true;
}

/* stable-retro's form: {"condition": "all", "variables": {name: {op, ...}}, "nodes": {...}} */
static bool read_scenario_node(preset_t *preset, reader_t *reader, const cJSON *value, int32_t node)
{
    static const char *const parts[2] = { "variables", "nodes" };
    char text[PRESET_NAME_BYTES] = "any";
    if (!reader_text(reader, value, "condition", FIELD_OPTIONAL, text, sizeof text)) return false;
    if (strcmp(text, "all") != 0 && strcmp(text, "any") != 0) {
        reader_enter(reader, "condition");
        return reader_refuse(reader, "must be \"any\" or \"all\", found \"%s\"", text);
    }
    preset->nodes[node].kind = strcmp(text, "all") == 0 ? NODE_ALL : NODE_ANY;
    int32_t last = -1;
    for (int32_t part = 0; part < 2; part++) {
        const cJSON *object;
        if (!reader_object(reader, value, parts[part], FIELD_OPTIONAL, &object)) return false;
        if (!object) continue;
        const size_t mark = reader_enter(reader, parts[part]);
        for (const cJSON *item = object->child; item; item = item->next) {
            int32_t child = -1;
            const size_t inner = reader_enter(reader, item->string);
            if (!reader_is_object(reader, item)) return false;
            if (!add_node(preset, reader, part ? NODE_ANY : NODE_MEASURE, &child)) return false;
            measure_t *measure = &preset->nodes[child].measure;
            const bool ok = part
                                ? read_scenario_node(preset, reader, item, child)
                                : find_variable(preset, reader, item->string, &measure->variable) &&
                                      read_measure(preset, reader, item, false, measure);
            if (!ok) return false;
            reader_warn_unknown(reader, item,
                                part ? "condition variables nodes" : "measurement op reference");
            add_child(preset, node, &last, child);
            reader_leave(reader, inner);
        }
        reader_leave(reader, mark);
    }
    return true;
}

bool model_read_condition(preset_t *preset, reader_t *reader, const cJSON *value, int32_t *node)
{
    char name[PRESET_NAME_BYTES];
    if (cJSON_IsString(value))
        return model_parse_expression(preset, reader, value->valuestring, node);
    if (!cJSON_IsObject(value))
        return reader_refuse_value(reader, value, "must be a condition (a text or an object)");
    if (!add_node(preset, reader, NODE_ANY, node)) return false;
    const cJSON *any = json_get(value, "any"), *all = json_get(value, "all");
    if (any && all) return reader_refuse(reader, "must have \"any\" or \"all\", found both");
    if (any || all) {
        const cJSON *list;
        const char *key = any ? "any" : "all";
        preset->nodes[*node].kind = any ? NODE_ANY : NODE_ALL;
        if (!reader_list(reader, value, key, FIELD_REQUIRED, 1, MODEL_MAX_NODES, &list))
            return false;
        reader_warn_unknown(reader, value, key);
        const size_t mark = reader_enter(reader, key);
        if (!read_children(preset, reader, list, *node)) return false;
        reader_leave(reader, mark);
        return true;
    }
    if (json_get(value, "variable")) {
        measure_t *measure = &preset->nodes[*node].measure;
        preset->nodes[*node].kind = NODE_MEASURE;
        if (!reader_text(reader, value, "variable", FIELD_REQUIRED, name, sizeof name) ||
            !find_variable(preset, reader, name, &measure->variable))
            return false;
        reader_warn_unknown(reader, value, "variable measurement op reference");
        return read_measure(preset, reader, value, false, measure);
    }
    reader_warn_unknown(reader, value, "condition variables nodes");
    return read_scenario_node(preset, reader, value, *node);
}

/* Else the sum over a decision could leave the range of a float, and learning would end. */
static bool check_scaled(const preset_t *preset, reader_t *reader, const char *key, double value)
{
    const double scaled = fabs(value) * preset->reward_scale;
    if (scaled <= MODEL_MAX_SCALED) return true;
    reader_enter(reader, key);
    return reader_refuse(reader, "must be within %g once multiplied by reward.scale, found %g",
                         MODEL_MAX_SCALED, scaled);
}

static bool read_term(preset_t *preset, reader_t *reader, const cJSON *object, int32_t variable)
{
    if (preset->num_terms == MODEL_MAX_TERMS)
        return reader_refuse(reader, "a reward must have at most %d terms", MODEL_MAX_TERMS);
    reward_term_t *term = &preset->terms[preset->num_terms++];
    *term = (reward_term_t){ .measure = { .variable = variable, .other = -1 } };
    if (!reader_is_object(reader, object) ||
        !read_measure(preset, reader, object, variable >= 0, &term->measure) ||
        !reader_number(reader, object, "reward", FIELD_OPTIONAL, -1e9, 1e9, &term->reward) ||
        !reader_number(reader, object, "penalty", FIELD_OPTIONAL, -1e9, 1e9, &term->penalty))
        return false;
    reader_warn_unknown(reader, object, "variable measurement op reference reward penalty note");
    return check_scaled(preset, reader, "reward", term->reward) &&
           check_scaled(preset, reader, "penalty", term->penalty);
}

/* "terms": a list, so that one variable can count in several ways. */
static bool read_terms(preset_t *preset, reader_t *reader, const cJSON *reward)
{
    const cJSON *terms;
    char name[PRESET_NAME_BYTES];
    if (!reader_list(reader, reward, "terms", FIELD_OPTIONAL, 0, MODEL_MAX_TERMS, &terms))
        return false;
    if (!terms) return true;
    const size_t mark = reader_enter(reader, "terms");
    int32_t item = 0;
    for (const cJSON *term = terms->child; term; term = term->next) {
        int32_t variable;
        const size_t inner = reader_enter_item(reader, item++);
        if (!reader_is_object(reader, term) ||
            !reader_text(reader, term, "variable", FIELD_REQUIRED, name, sizeof name) ||
            !find_variable(preset, reader, name, &variable) ||
            !read_term(preset, reader, term, variable))
            return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

static bool read_all_terms(preset_t *preset, reader_t *reader, const cJSON *object)
{
    const cJSON *variables, *time;
    if (!reader_object(reader, object, "variables", FIELD_OPTIONAL, &variables) ||
        !reader_object(reader, object, "time", FIELD_OPTIONAL, &time))
        return false;
    if (variables) {
        const size_t mark = reader_enter(reader, "variables");
        for (const cJSON *item = variables->child; item; item = item->next) {
            int32_t variable;
            const size_t place = reader_enter(reader, item->string);
            if (!find_variable(preset, reader, item->string, &variable) ||
                !read_term(preset, reader, item, variable))
                return false;
            reader_leave(reader, place);
        }
        reader_leave(reader, mark);
    }
    if (time) {
        const size_t mark = reader_enter(reader, "time");
        if (!read_term(preset, reader, time, -1)) return false;
        reader_leave(reader, mark);
    }
    return read_terms(preset, reader, object);
}

bool model_read_reward(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *reward, *versus;
    preset->reward_scale = 1;
    preset->novelty = -1;
    if (!reader_object(reader, file, "reward", FIELD_OPTIONAL, &reward)) return false;
    if (!reward) return true;
    const size_t mark = reader_enter(reader, "reward");
    if (!reader_number(reader, reward, "scale", FIELD_OPTIONAL, 1e-9, 1e9, &preset->reward_scale) ||
        !reader_number(reader, reward, "novelty", FIELD_OPTIONAL, 0, PRESET_MAX_NOVELTY,
                       &preset->novelty) ||
        !read_all_terms(preset, reader, reward) ||
        !reader_object(reader, reward, "versus", FIELD_OPTIONAL, &versus))
        return false;
    if (versus) {
        const int32_t first = preset->num_terms;
        const size_t inner = reader_enter(reader, "versus");
        if (!read_all_terms(preset, reader, versus)) return false;
        for (int32_t t = first; t < preset->num_terms; t++) preset->terms[t].versus = true;
        reader_warn_unknown(reader, versus, "variables time terms note");
        reader_leave(reader, inner);
    }
    reader_warn_unknown(reader, reward, "variables time terms scale novelty versus note");
    reader_leave(reader, mark);
    return true;
}
