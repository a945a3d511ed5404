/* import.h - what other tools know: stable-retro game folders, MacroLua scripts, MAME's macros.
 *
 * Each import also writes a report, a line for each thing that could not be carried over, so that
 * nothing is lost in silence. No source is trusted; all are bounded like presets.
 *
 * May include: preset.h, files.h, cJSON. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_IMPORT_H
#define KATA_PRESETS_IMPORT_H

#include "preset.h"
#include "why.h"

/* All borrowed; NULL: as the folder says. */
typedef struct {
    const char
        *system;      /* "nes" or "Nes"; by default the end of the folder's name, or its rom.nes */
    const char *game; /* by default the folder's name without the system */
    const char *scenario; /* file in the folder; by default scenario.json, which may be missing */
} import_retro_options_t;

/* Kinds of what a folder says and a preset does not; to be counted over many folders. */
typedef enum {
    IMPORT_LOSES_START, /* always: its start is a guess */
    IMPORT_LOSES_STATE,
    IMPORT_LOSES_SCRIPT,
    IMPORT_LOSES_REWARD, /* none is left, or none was there */
    IMPORT_LOSES_END,    /* the same */
    IMPORT_LOSES_MEASURE,
    IMPORT_LOSES_VARIABLE,
    IMPORT_LOSES_ACTION_LIST,
    IMPORT_LOSES_ACTION,
    IMPORT_LOSES_CROP,
    IMPORT_LOSES_DUMP,
    IMPORT_LOSES_KEY,
    IMPORT_LOSES_FILE,
    IMPORT_NUM_LOSSES
} import_loss_t;
typedef struct {
    int32_t counts[IMPORT_NUM_LOSSES];
} import_losses_t;
/* What is lost, and what is there instead; static. */
const char *import_loss_says(import_loss_t loss);

/* A folder "<Game>-<System>" with data.json, and perhaps scenario.json, metadata.json, rom.sha.
 * options may be NULL. *out: a preset's text; *report: what was left out and what is worth knowing,
 * a line each, files that are not read among them. Both freed by the caller. *losses (may be NULL):
 * how often each kind of thing was left out. False: no data.json, a system that we do not know, or
 * JSON that is none; both are NULL. */
bool preset_import_stable_retro(char **out, char **report, const char *folder,
                                const import_retro_options_t *options, import_losses_t *losses,
                                why_t why);

/* ---- macros of other tools ---- */

#define IMPORT_MAX_MACROS 64
#define IMPORT_FILE_BYTES (1u << 20)

typedef struct {
    char name[PRESET_NAME_BYTES];
    int32_t port;  /* 0 for player 1 */
    macro_t macro; /* a step list, facing right as recorded */
} import_macro_t;

typedef struct {
    int32_t num_macros;
    import_macro_t macros[IMPORT_MAX_MACROS];
    char report[4096]; /* lines; cut if there are more */
} import_macros_t;

/* MacroLua's .mis text. keys: which key is which button, "1=LP 2=MP S=START"; NULL: 1, 2, 3 ... are
 * the language's buttons in order without START and SELECT, a letter is the button of that name, S
 * is START, C is SELECT. L R U D are directions, and F B if no key has these names. One macro for
 * each player who does something, called `name`, `name P2` ... */
bool import_mis(import_macros_t *out, const char *text, size_t num_bytes, const char *name,
                const char *keys, const macro_language_t *language, why_t why);

/* The JSON file of MAME's inputmacro plugin. P1_BUTTON1 is the language's first button without
 * START and SELECT, and so on. */
bool import_inputmacro(import_macros_t *out, const char *text, size_t num_bytes,
                       const macro_language_t *language, why_t why);

/* The preset's text with these macros behind its own, as explicit frames; a name that is taken gets
 * a number, and macros whose steps it has are left out. Freed by the caller. NULL: why says. */
char *preset_with_macros(const preset_t *preset, const import_macros_t *macros, why_t why);

#endif
