/* model.h - what a loaded preset is in memory. Internal to presets/: everyone else sees preset.h.
 *
 * Invariants after preset_parse(): every variable index is in 0..num_variables-1, every node index
 * in 0..num_nodes-1, children come after their parent, names are NUL-terminated UTF-8 without
 * control characters.
 */
#ifndef KATA_PRESETS_MODEL_H
#define KATA_PRESETS_MODEL_H

#include "json.h"
#include "preset.h"
#include "why.h"

#define PRESET_VERSION 1
#define MODEL_MAX_NODES 1024
#define MODEL_MAX_TERMS 128
#define MODEL_MAX_HASHES 32
#define MODEL_MAX_ALIASES 32
#define MODEL_MAX_WARNINGS 64
#define MODEL_MAX_ALL_BOOT_STEPS 4096 /* of all starts together */
#define MODEL_MAX_LINE_BYTES 512      /* of a boot script */
#define MODEL_MAX_OBSERVED_ITEMS 128
#define MODEL_MAX_LIMIT_FRAMES 36000 /* "within": ten minutes */
/* Of a term's reward or penalty times the scale. 128 terms of values up to 2^63 are then below 2e26
 * a frame, and a float holds the sum of 10^12 such frames. */
#define MODEL_MAX_SCALED 1e5
#define MODEL_MAX_ADDRESS 0xFFFFFFFFll

/* ---- variables: stable-retro's type strings ---- */
typedef enum { TYPE_UNSIGNED, TYPE_SIGNED, TYPE_BCD, TYPE_LOW_NYBBLES } type_format_t;
typedef struct {
    type_format_t format;
    int32_t width_bytes;     /* 1..8 */
    uint8_t significance[8]; /* of the byte at each offset: 0 = least */
    int64_t mask;            /* ANDed to the decoded value */
} value_type_t;

/* "" or the rule that the type string breaks. */
const char *type_parse(value_type_t *out, const char *text);
int64_t type_decode(const value_type_t *type, const uint8_t *bytes); /* width_bytes of them */

/* ---- conditions and rewards ---- */
typedef enum {
    OP_NONE, /* the value itself */
    OP_EQUAL,
    OP_NEGATIVE_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS_THAN,
    OP_GREATER_THAN,
    OP_LESS_OR_EQUAL,
    OP_GREATER_OR_EQUAL,
    OP_NONZERO,
    OP_ZERO,
    OP_POSITIVE,
    OP_NEGATIVE,
    OP_SIGN
} measure_op_t;

typedef struct {
    int32_t variable; /* -1: the number 1 (a reward for time) */
    bool delta;       /* now - before instead of now */
    measure_op_t op;
    int32_t other; /* compare with this variable's value; -1: with `reference` */
    int64_t reference;
} measure_t;

typedef struct {
    measure_t measure;
    double reward, penalty; /* m > 0 adds m * reward, m < 0 adds m * penalty */
    bool versus;            /* of preset_versus_reward() */
} reward_term_t;

typedef enum { NODE_MEASURE, NODE_ANY, NODE_ALL } node_kind_t;
typedef struct {
    node_kind_t kind;
    measure_t measure;                 /* NODE_MEASURE */
    int32_t first_child, next_sibling; /* -1: none */
} condition_node_t;

/* ---- what port 2 reads where port 1 reads a variable ---- */
typedef struct {
    int32_t counterpart; /* this variable instead; itself: the same one */
    bool swaps;          /* of its values, these two change places */
    int64_t first, second;
} side_t;

/* ---- what an agent may see as numbers: one in a range, or one a listed value ---- */
typedef struct {
    int32_t variable;                /* -1: the agent's own pad */
    int32_t from;                    /* this one is taken from it: a distance; -1: none */
    int32_t condition;               /* node: else it is seen as 0; -1: always */
    bool horizontal;                 /* a place from left to right: mirrored where the picture is;
                                        a distance: negated where the own fighter looks left */
    int64_t low, high;               /* if num_values is 0: becomes 0 to 1 */
    int32_t first_value, num_values; /* in observed_values */
} observed_t;

/* ---- the rest ---- */
typedef struct {
    char sha1[41], crc32[9], md5[33]; /* lower case, "" where unknown */
    char label[PRESET_NAME_BYTES];    /* "USA", "Rev 1" */
} hashes_t;

typedef struct {
    char name[PRESET_NAME_BYTES];
    int32_t players; /* 0: not said */
    int32_t num_steps, capacity;
    preset_boot_step_t *steps;
} start_t;

struct preset {
    char *text;
    size_t text_bytes;
    char hash[41];
    int32_t num_warnings;
    why_t *warnings;

    char game[PRESET_NAME_BYTES];
    char system[16];
    int32_t num_aliases;
    char aliases[MODEL_MAX_ALIASES][PRESET_NAME_BYTES];
    int32_t num_hashes;
    hashes_t hashes[MODEL_MAX_HASHES];

    int32_t frame_skip;
    int32_t horizon_frames; /* 0: not said */
    int32_t num_ports;
    macro_language_t language;

    int32_t num_actions;
    preset_action_t *actions;

    uint64_t ram_base;
    uint64_t ram_bytes; /* 0: not said */
    bool word_swapped;
    int32_t num_variables;
    preset_variable_t variables[PRESET_MAX_VARIABLES];
    value_type_t types[PRESET_MAX_VARIABLES];
    uint8_t odd_start[PRESET_MAX_VARIABLES]; /* word-swapped: the value begins at an odd byte */

    int32_t num_nodes;
    condition_node_t nodes[MODEL_MAX_NODES];
    int32_t num_terms;
    reward_term_t terms[MODEL_MAX_TERMS];
    double reward_scale;
    double novelty;                     /* below 0: not said */
    int32_t done, won, lost, drawn;     /* nodes; -1: never */
    int32_t left_when, port2_left_when; /* the second is not exchanged */
    bool has_sides, mirrors_picture;    /* of port 2 */
    side_t sides[PRESET_MAX_VARIABLES];
    int32_t max_steps;

    int32_t num_observed, num_observed_facings, num_observed_items, num_observed_values;
    observed_t observed[MODEL_MAX_OBSERVED_ITEMS];
    int64_t observed_values[PRESET_MAX_OBSERVED];
    uint16_t observed_buttons; /* of the own pad: those of any action, and all directions */

    int32_t num_starts, default_start, num_all_boot_steps;
    start_t starts[PRESET_MAX_STARTS];

    int32_t fight, port2_fight; /* nodes; -1: not said */
    int32_t still_frames;       /* 0: never paused by that */
    int32_t versus_start;       /* -1: none */
    int32_t num_ways;
    preset_way_t *ways;

    preset_similarity_t *similarity; /* NULL: none */
    preset_outcomes_t *outcomes;     /* NULL: none */
    preset_provenance_t provenance;
};

/* Sections of the file, each its own source file. `file` is the whole object. False: refused, and
 * reader->why says why. */
bool model_read_variables(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_pad(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_timing(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_actions(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_reward(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_ends(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_sides(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_observe(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_starts(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_ways(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_similarity(preset_t *preset, reader_t *reader, const cJSON *file);
bool model_read_outcomes(preset_t *preset, reader_t *reader, const cJSON *file);
void model_free_table(preset_table_t *table);
bool model_read_provenance(preset_t *preset, reader_t *reader, const cJSON *file);

/* Six digits behind the point: what was learned is not known better. */
#define SIMILARITY_DIGITS 1e6
double similarity_rounded(double value);

/* A condition as JSON, at the reader's place; *node for preset_condition(). */
bool model_read_condition(preset_t *preset, reader_t *reader, const cJSON *value, int32_t *node);
/* The field `key` of `object`; *node keeps its value if it is absent. */
bool model_read_optional_condition(preset_t *preset, reader_t *reader, const cJSON *object,
                                   const char *key, int32_t *node);
/* Variable v as the agent on `port` reads it. */
int64_t model_value(const preset_t *preset, uint32_t port, int32_t v, const int64_t *values);
/* What its operator makes of the values, for the agent on `port`; those of a measure of time, of
 * which `other` is -1, may be NULL. */
double model_measure(const preset_t *preset, uint32_t port, const measure_t *measure,
                     const int64_t *before, const int64_t *now);
/* Does it hold for the agent on `port`? condition -1: no. */
bool model_condition(const preset_t *preset, uint32_t port, int32_t condition,
                     const int64_t *before, const int64_t *now);
/* "p1_x > p2_x" */
bool model_parse_expression(preset_t *preset, reader_t *reader, const char *text, int32_t *node);

#endif
