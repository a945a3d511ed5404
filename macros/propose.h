/* propose.h - more actions for a game: what its buttons can do, in the order in which people would
 * try it.
 *
 *     propose_options_t options = { .language = language, .frames_per_step = 4, .known = known,
 *                                   .num_known = n, .count = 240 - n, .seed = 1 };
 *     propose_t proposed;
 *     if (!propose_macros(&proposed, &options, why)) return say(why);
 *     ... proposed.list[i].name, .macro ...
 *     propose_free(&proposed);
 *
 * First the motions that people use in fighters, each with each button; then every direction with
 * and without each button, for half a step to three steps; then what recordings hold (mine.h);
 * then random sequences: one to three parts, each a direction, half of the time with a button. A
 * macro that does to the pad what an earlier one does, up to the neutral frames that fill its last
 * step, is a duplicate in effect and is left out. The same options give the same list.
 *
 * May include: macro.h, mine.h. Must not include: files but splitmix.h, cores, agents, JSON.
 */
#ifndef MACROS_PROPOSE_H
#define MACROS_PROPOSE_H

#include "macro.h"
#include "mine.h"
#include "why.h"

#define PROPOSE_NAME_BYTES 64
enum { PROPOSE_MAX = 512 }; /* macros at once, and duplicates that are told */

typedef enum {
    PROPOSE_MOTION = 0,
    PROPOSE_DIRECTION,
    PROPOSE_RECORDED,
    PROPOSE_RANDOM,
    PROPOSE_NUM_SOURCES
} propose_source_t;

typedef struct {
    char name[PROPOSE_NAME_BYTES]; /* "236B", "6B{4}", "Random 7"; none twice */
    propose_source_t source;
    macro_t macro;
} propose_macro_t;

typedef struct {
    char name[PROPOSE_NAME_BYTES], of[PROPOSE_NAME_BYTES]; /* left out; what does the same */
} propose_duplicate_t;

typedef struct {
    const macro_language_t *language; /* borrowed, as all below, for the call */
    int32_t frames_per_step;          /* >= 1: a macro is padded to whole steps */
    const macro_t *const *known;      /* (num_known), the actions that are there already */
    const char *const *known_names;   /* (num_known) */
    int32_t num_known;
    const mine_t *recorded; /* NULL: no recordings */
    int32_t count;          /* 0..PROPOSE_MAX macros are wanted */
    bool random_only;       /* neither motions nor directions */
    uint64_t seed;          /* of the random sequences */
} propose_options_t;

typedef struct {
    propose_macro_t *list;
    int32_t num_macros;
    propose_duplicate_t *duplicates; /* of sources but PROPOSE_RANDOM */
    int32_t num_duplicates;
} propose_t;

/* False: options out of range, no memory, or there are not so many different ones; *out is all
 * zero. */
bool propose_macros(propose_t *out, const propose_options_t *options, why_t why);
void propose_free(propose_t *proposed); /* all zero afterwards */

/* The same pad words in the same frames when both are padded with neutral frames to whole steps. */
bool propose_same_effect(const macro_t *a, const macro_t *b, int32_t frames_per_step);

#endif
