/* mine.h - macros that people play, found in what they held.
 *
 *     mine_track_t track = { .pads = pads, .num_frames = n };
 *     mine_t mine;
 *     if (!mine_macros(&mine, &track, 1, &options, why)) return say(why);
 *     for (i = 0; i < mine.num_macros; i++) mine.macros[i].macro.notation ...
 *     mine_free(&mine);
 *
 * A macro is found if it shortens the recording's description (minimum description length):
 * what its frames cost to write down one by one, less a mention of the macro each time and the
 * macro itself once. The recording is written as runs, a pad word and how long it was held. A run
 * may be jitter_frames longer or shorter each time; the first and the last may also be longer,
 * because people hold a direction before the motion begins. The best macro is taken first and its
 * frames are removed; the next is looked for in the rest.
 *
 * The same input gives the same macros. The time grows with the runs, not with the frames: seconds
 * for hours of play.
 *
 * May include: macro.h. Must not include: files, cores, agents, JSON.
 */
#ifndef KATA_MINE_H
#define KATA_MINE_H

#include "macro.h"
#include "why.h"

#define MINE_MAX_STEPS 16    /* runs of a macro that is found */
#define MINE_MAX_RUNS 262144 /* of all tracks together */
#define MINE_MAX_MACROS 256
#define MINE_MAX_JITTER 8

/* Frames in a row on one port. Borrowed for the call. */
typedef struct {
    const uint16_t *pads; /* (num_frames) */
    int32_t num_frames;
    const uint8_t *faces_left; /* (num_frames) 1: the fighter looks left; NULL: see the options */
} mine_track_t;

typedef struct {
    const macro_language_t *language; /* names the buttons; borrowed */
    int32_t jitter_frames;            /* 0..MINE_MAX_JITTER */
    int32_t min_count;                /* found at least so often, >= 2 */
    double min_bits;                  /* saved at least, > 0 */
    int32_t max_macros;               /* 1..MINE_MAX_MACROS */
    bool facing_unknown; /* tracks without faces_left may look either way: what is mirrored counts
                            as the same, and is told as the one that ends forward */
} mine_options_t;

typedef struct {
    macro_t macro;          /* its steps, facing right; the notation is the step list */
    char name[64];          /* as players write it, "236B"; "" if it has no such name */
    char family[64];        /* the name with the class of its button, "236P"; "" if none */
    int32_t count;          /* occurrences, in all variants */
    int32_t num_variants;   /* step lists that have this name; `macro` is the most useful one */
    int32_t num_mirrored;   /* occurrences as it is played facing left */
    int64_t covered_frames; /* of the recording */
    double bits_saved;
} mine_macro_t;

typedef struct {
    mine_macro_t *macros; /* most bits first */
    int32_t num_macros;
    int32_t num_runs;
    double bits; /* the recording without any macro */
} mine_t;

/* Jitter 2, at least 3 times and 24 bits, 64 macros, facing unknown. */
void mine_options_defaults(mine_options_t *options, const macro_language_t *language);

/* False: too many runs, options out of range, or no memory; *out is all zero. No macros is no
 * failure. */
bool mine_macros(mine_t *out, const mine_track_t *tracks, int32_t num_tracks,
                 const mine_options_t *options, why_t why);
void mine_free(mine_t *mine); /* all zero afterwards */

/* How players write these steps, however long each is held: "236B" for down, down+right,
 * right+B. family: with the button's class, "236P". Both "" if they have no such name; charges need
 * a first step of at least 30 frames. Buffers of `bytes`. */
void mine_name(const macro_t *macro, const macro_language_t *language, char *name, char *family,
               size_t bytes);

#endif
