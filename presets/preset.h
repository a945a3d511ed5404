/* preset.h - what Kata knows of one game: one JSON file, checked to the last number.
 *
 * A preset names the game's buttons and moves, how to read its memory, what is a reward, when an
 * episode ends, how to get from power-on to the first decision, and, once learned, how its actions
 * resemble each other. FORMAT.md specifies it. The file is not trusted: every length is bounded,
 * every number has a range, nothing runs as code, no path leaves its folder.
 *
 *     preset_t *preset;
 *     if (!preset_load(&preset, "Kumite.kata.json", why)) say(why);
 *     ... values[v] = preset_decode(preset, v, bytes of that variable) for each variable ...
 *     reward += preset_reward(preset, port, before, values);
 *     preset_free(preset);
 *
 * Immutable after loading; any number of threads may read it.
 *
 * May include: macro.h, files.h, cJSON. Must not include: cores, agents.
 */
#ifndef KATA_PRESET_H
#define KATA_PRESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "macro.h"
#include "why.h"

#define PRESET_FILE_BYTES (4u << 20) /* largest preset file */
#define PRESET_NAME_BYTES 64
#define PRESET_MAX_VARIABLES 64
#define PRESET_MAX_ACTIONS 256
#define PRESET_MAX_STARTS 64
#define PRESET_MAX_BOOT_STEPS 256
#define PRESET_VARIABLE_BYTES 10 /* most bytes that preset_decode() reads */

typedef struct preset preset_t;

/* A warning is not an error: unknown fields are kept and ignored. */
bool preset_load(preset_t **out, const char *path, why_t why);
/* text: num_bytes of JSON, need not end in NUL. source: a name for messages. */
bool preset_parse(preset_t **out, const char *text, size_t num_bytes, const char *source,
                  why_t why);
void preset_free(preset_t *preset); /* NULL is fine */
int32_t preset_num_warnings(const preset_t *preset);
const char *preset_warning(const preset_t *preset, int32_t warning);

/* ---- identity ---- */
const char *preset_game(const preset_t *preset);   /* "Kumite" */
const char *preset_system(const preset_t *preset); /* "nes": as identity.h names systems */
/* SHA-1 of the file's bytes as loaded, hex: says which preset an agent was trained with. */
const char *preset_hash(const preset_t *preset);
/* Hex digests, any case; NULL or "" where unknown. True if one of them is listed in the preset. A
 * preset without hashes ("any revision", or a homebrew that is built anew) matches by system only
 * if game_name (the content's file name without extension, or NULL) equals its game or an alias. */
bool preset_matches(const preset_t *preset, const char *system, const char *sha1, const char *crc32,
                    const char *md5, const char *game_name);
/* Is it about a game of this name, as far as the letters and digits before "(USA)" or "[!]" say, in
 * the same system? For a game that it does not match: another region, revision or dump. */
bool preset_is_of_other_dump(const preset_t *preset, const char *system, const char *game_name);
/* Which dump it is for: "the dump with SHA-1 87e5... and 2 more", "any dump called Galaga". */
#define PRESET_DUMP_BYTES 128
void preset_name_dump(const preset_t *preset, char text[PRESET_DUMP_BYTES]);

/* ---- timing and players ---- */
int32_t preset_frame_skip(const preset_t *preset); /* frames of a step, 1..60 */
/* A reward so many frames ahead counts 1/e of one now; 0: the preset doesn't say. */
int32_t preset_horizon_frames(const preset_t *preset);
int32_t preset_num_ports(const preset_t *preset); /* ports an agent can play on, 1..8 */
const macro_language_t *preset_language(const preset_t *preset);

/* ---- actions: primitives first, then macros, in the file's order ---- */
typedef struct {
    char name[PRESET_NAME_BYTES]; /* "Fireball" */
    bool is_macro;                /* false: a primitive, lasts frame_skip frames */
    bool mirrors;                 /* swap left and right when facing left: preset_mirrors_pad() */
    macro_t macro;
} preset_action_t;
int32_t preset_num_actions(const preset_t *preset);
const preset_action_t *preset_action(const preset_t *preset, int32_t action);
typedef struct {
    const char *name;     /* of no other action */
    const char *notation; /* of a macro that mirrors */
} preset_new_macro_t;
/* The preset's text without the actions that `dropped` (num_actions, NULL: none) marks and with
 * these macros behind its own, to be saved; checked as any preset is. Freed by the caller. NULL:
 * `why` says what is wrong with them. */
char *preset_with_actions(const preset_t *preset, const bool *dropped,
                          const preset_new_macro_t *macros, int32_t num_macros, why_t why);

/* ---- variables ---- */
typedef struct {
    char name[PRESET_NAME_BYTES];
    uint64_t address; /* first byte to fetch for preset_decode() */
    int32_t
        num_bytes; /* to fetch, <= PRESET_VARIABLE_BYTES; word-swapped memories fetch whole words */
} preset_variable_t;
int32_t preset_num_variables(const preset_t *preset);
const preset_variable_t *preset_variable(const preset_t *preset, int32_t variable);
int32_t preset_find_variable(const preset_t *preset, const char *name); /* -1: none */
uint64_t preset_ram_base(const preset_t *preset);  /* console address of system RAM's first byte */
uint64_t preset_ram_bytes(const preset_t *preset); /* all variables lie in so many; 0: not said */
/* True: console byte a lies at a ^ 1 (preset_decode() sees to it). */
bool preset_word_swapped(const preset_t *preset);
/* The preset's text with one variable more, to be saved; checked as any preset is. Freed by the
 * caller. False: *out is NULL, and why says what is wrong with the variable. */
bool preset_with_variable(char **out, const preset_t *preset, const char *name, uint64_t address,
                          const char *type, why_t why);
/* bytes: num_bytes of that variable, as they lie in memory. */
int64_t preset_decode(const preset_t *preset, int32_t variable, const uint8_t *bytes);

/* ---- what the numbers mean; before and now: values of all variables, one frame apart, as memory
 * holds them. port: whose agent asks, from 0. For port 1 (the second) the variables that `sides`
 * pairs are exchanged, so that its reward, end and result are what port 0's would be in its place.
 * It must be one that preset_plays_port() allows. ---- */
double preset_reward(const preset_t *preset, uint32_t port, const int64_t *before,
                     const int64_t *now);
/* What is added to it in episodes that begin in a start for two: `reward.versus`. */
double preset_versus_reward(const preset_t *preset, uint32_t port, const int64_t *before,
                            const int64_t *now);
bool preset_done(const preset_t *preset, uint32_t port, const int64_t *before, const int64_t *now);
typedef enum { PRESET_NO_RESULT = 0, PRESET_WON, PRESET_LOST, PRESET_DRAWN } preset_result_t;
preset_result_t preset_result(const preset_t *preset, uint32_t port, const int64_t *before,
                              const int64_t *now);
/* False: no `result`, so preset_result() is always PRESET_NO_RESULT. */
bool preset_tells_winner(const preset_t *preset);
/* Does this port's fighter look to the left of the screen, as a television shows it? */
bool preset_faces_left(const preset_t *preset, uint32_t port, const int64_t *now);
/* True: this port's agent sees the screen's mirror image, so that its own fighter is the left one
 * and one network plays both pads. */
bool preset_mirrors_picture(const preset_t *preset, uint32_t port);
/* Are the pad words of `action` to be pressed with left and right exchanged? faces_left:
 * preset_faces_left() when the action began. An action with `mirrors` follows the facing, whatever
 * the picture; one without is meant as the agent sees the screen. */
bool preset_mirrors_pad(const preset_t *preset, uint32_t port, int32_t action, bool faces_left);
/* False: no agent can play on this port (from 0), and why says what the preset would have to say.
 * Port 1 needs `sides` where reward, end, result or facing depend on memory. */
bool preset_plays_port(const preset_t *preset, uint32_t port, why_t why);
/* Longest episode in steps before it is cut (a truncation); 0: none. */
int32_t preset_max_steps(const preset_t *preset);
/* Rewards are to be multiplied by this so that returns fit the network's range; 1 if not given.
 * preset_reward() leaves it to the caller. */
double preset_reward_scale(const preset_t *preset);
/* False: no term, so preset_reward() is always 0. */
bool preset_has_reward(const preset_t *preset);
/* Weight of novelty beside that reward, unscaled, 0..PRESET_MAX_NOVELTY: `reward.novelty`, or,
 * where it is not given, PRESET_DEFAULT_NOVELTY without a reward and 0 with one. */
#define PRESET_DEFAULT_NOVELTY 0.1
#define PRESET_MAX_NOVELTY 1000.0
double preset_novelty(const preset_t *preset);

/* ---- what the agent may see as numbers, beside the picture or in its place: `observe` ---- */
#define PRESET_MAX_OBSERVED 256
/* Numbers of one look; 0: the preset has no `observe`. */
int32_t preset_num_observed(const preset_t *preset);
/* What an agent knows of itself, however late it sees the game: which buttons its pad held in the
 * step, and how late that is, 0 to 1. */
typedef struct {
    uint16_t pad;
    float lateness;
} preset_own_t;
/* out: (preset_num_observed()), 0 to 1, written: what the agent on `port` sees of `now`. For port 1
 * variables and values are exchanged as for its reward, and where its picture is mirrored,
 * horizontal ones, facings and its pad's left and right are, too. */
void preset_observe(const preset_t *preset, uint32_t port, const int64_t *now,
                    const preset_own_t *own, float *out);
/* What it is made of, in words that say whether two presets' mean the same: the facings, then one
 * item a variable listed. 0 items: no `observe`. */
#define PRESET_OBSERVED_BYTES 224
int32_t preset_num_observed_items(const preset_t *preset);
void preset_observed_item(const preset_t *preset, int32_t item, char text[PRESET_OBSERVED_BYTES]);

/* ---- starts: named boot scripts, from power-on to the first decision ---- */
typedef enum {
    PRESET_BOOT_PLAY, /* play `macro` (waiting is a macro without buttons) */
    PRESET_BOOT_UNTIL /* repeat `macro` (or nothing) until `condition` holds, within limit_frames */
} preset_boot_kind_t;
typedef struct {
    preset_boot_kind_t kind;
    uint32_t port;        /* "port 2:" is 1 */
    macro_t macro;        /* num_frames == 0 in UNTIL: only wait */
    int32_t condition;    /* for preset_condition(); UNTIL only */
    int32_t limit_frames; /* UNTIL only; then boot fails with `text` in the message */
    const char *text;     /* the line of the script, for messages */
} preset_boot_step_t;
/* A preset without starts begins at power-on: its start 0 has this name and no steps, though
 * preset_num_starts() is 0. */
#define PRESET_POWER_ON "power-on"
int32_t preset_num_starts(const preset_t *preset);
const char *preset_start_name(const preset_t *preset, int32_t start);
int32_t preset_default_start(const preset_t *preset);
int32_t preset_find_start(const preset_t *preset, const char *name); /* -1: none */
/* How many play there: what the start says, else 2 for `fight.versus` and 1 for others. */
int32_t preset_start_players(const preset_t *preset, int32_t start);
int32_t preset_num_boot_steps(const preset_t *preset, int32_t start);
const preset_boot_step_t *preset_boot_step(const preset_t *preset, int32_t start, int32_t step);
bool preset_condition(const preset_t *preset, int32_t condition, const int64_t *before,
                      const int64_t *now);
/* The preset's text with one start more, which becomes the default, to be saved; checked as any
 * preset is. Freed by the caller. False: *out is NULL, and why says what is wrong with the start.
 */
bool preset_with_start(char **out, const preset_t *preset, const char *name,
                       const char *const *lines, int32_t num_lines, why_t why);

/* ---- the fight, and the ways to it; raw values, whatever `sides` says ---- */
#define PRESET_MAX_WAYS 32
#define PRESET_MAX_STILL_FRAMES 3600
/* False: the preset does not say when a fight is on; the next four then say no. */
bool preset_knows_fight(const preset_t *preset);
/* Does this port's pad move a fighter now? */
bool preset_fight(const preset_t *preset, uint32_t port, const int64_t *before, const int64_t *now);
/* A fight for two is on; false where the preset cannot tell. */
bool preset_is_versus(const preset_t *preset, const int64_t *before, const int64_t *now);
/* A fight in which no variable changed for so many frames is paused; 0: never. */
int32_t preset_still_frames(const preset_t *preset);
int32_t preset_versus_start(const preset_t *preset); /* a game for two; -1: none */
typedef struct {
    int32_t condition;           /* for preset_condition(), asked while no fight is on */
    macro_t macro;               /* leads on, on the agent's pads */
    bool in_versus;              /* false: not in a game for two */
    char say[PRESET_NAME_BYTES]; /* what a person has to do instead, or "" */
} preset_way_t;
int32_t preset_num_ways(const preset_t *preset);
const preset_way_t *preset_way(const preset_t *preset, int32_t way);

/* ---- similarity: what an earlier agent learned of how actions resemble each other ---- */
/* A number in [0, 1] of each pair of rows. */
typedef struct {
    int32_t num_rows;
    /* Canonical notation of each row: what identifies it, here and in other presets. */
    char (*notations)[MACRO_TEXT_BYTES];
    const float *matrix; /* (num_rows, num_rows), symmetric, zero diagonal */
} preset_table_t;
/* The row of an action of any preset: by its canonical notation, or else by its steps; -1: none. */
int32_t preset_table_find(const preset_t *preset, const preset_table_t *table,
                          const macro_t *macro);
typedef struct {
    int32_t num_rows; /* these three as in preset_table_t */
    char (*notations)[MACRO_TEXT_BYTES];
    const float *matrix;
    int64_t decisions; /* how it was learned; 0 where not said */
    int64_t updates;
    int32_t seeds;
    char version[PRESET_NAME_BYTES]; /* of Kata, or "" */
    bool has_seed;                   /* of the one run that learned it */
    int64_t seed;
    char from[41]; /* hash of the preset whose similarity it began with, or "" */
} preset_similarity_t;
/* NULL: the preset has none. */
const preset_similarity_t *preset_similarity(const preset_t *preset);
/* Row of the similarity whose steps are this action's, or -1. */
int32_t preset_similarity_row(const preset_t *preset, int32_t action);
/* The same for an action of any preset: by its canonical notation, or else by its steps. */
int32_t preset_similarity_find(const preset_t *preset, const macro_t *macro);
/* The preset's text with this similarity instead of its own, to be saved: rows are its actions in
 * their order, matrix is (A, A), symmetric, in [0, 1]; `how` gives decisions, updates, seeds,
 * version, seed and from, its rows are not looked at. Freed by the caller; NULL: no memory. */
char *preset_with_similarity(const preset_t *preset, const float *matrix,
                             const preset_similarity_t *how);

/* ---- outcomes: how far apart what actions do is, as a probe or an inverse model found it ---- */
typedef struct {
    preset_table_t table;           /* distances */
    int32_t states, horizon_frames; /* of a probe; else 0 */
    int32_t decisions;              /* of random play, of an inverse model; else 0 */
    int64_t seed;
    char start[PRESET_NAME_BYTES]; /* or "" */
} preset_outcomes_t;
/* NULL: the preset has none. */
const preset_outcomes_t *preset_outcomes(const preset_t *preset);
/* The preset's text with these outcomes instead of its own: rows are its actions, distances is (A,
 * A), symmetric, in [0, 1]; `how` gives the rest, its table is not looked at. Freed by the caller;
 * NULL: no memory. */
char *preset_with_outcomes(const preset_t *preset, const float *distances,
                           const preset_outcomes_t *how);

/* ---- provenance ---- */
typedef struct {
    char by[PRESET_NAME_BYTES];   /* who tried it */
    char dump[PRESET_NAME_BYTES]; /* on which: SHA-1, or the name of one in `hashes` */
    char tried[256];              /* what was tried there, and on what core */
} preset_check_t;
typedef struct {
    char author[PRESET_NAME_BYTES];
    char licence[PRESET_NAME_BYTES];
    char parent[41]; /* hash of the preset that this one was made from */
    char tool[PRESET_NAME_BYTES];
    char verified[512]; /* what was tried on the real game, and what was not */
    int32_t num_sources;
    char sources[16][256]; /* where the facts come from */
    int32_t num_checks;
    preset_check_t checks[16];
} preset_provenance_t;
const preset_provenance_t *preset_provenance(const preset_t *preset);

/* ---- library ---- */
/* The first preset under the ':'-separated folders (searched two levels deep, in name order) that
 * matches. *out is NULL and false is returned if none does; broken files are skipped, and
 * `why` then names the first of them. */
bool preset_find(preset_t **out, const char *dirs, const char *system, const char *sha1,
                 const char *crc32, const char *md5, const char *game_name, char path[4096],
                 why_t why);
/* The first of another dump; for a game that none matches. *out is NULL if there is none. */
bool preset_find_other_dump(preset_t **out, const char *dirs, const char *system,
                            const char *game_name, char path[4096]);

/* The file's own text, as loaded (for copying it beside a saved agent). Borrowed. */
const char *preset_text(const preset_t *preset, size_t *num_bytes);

#endif
