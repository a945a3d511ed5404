/* import_retro.h - an import of a stable-retro folder while it is made. Internal to presets/. */
#ifndef KATA_PRESETS_IMPORT_RETRO_H
#define KATA_PRESETS_IMPORT_RETRO_H

#include "import.h"
#include "model.h"
#include "systems.h"
#include "text.h"

typedef struct {
    const char *folder;
    import_retro_options_t options;
    const system_facts_t *facts;
    char game[PRESET_NAME_BYTES];
    char default_state[256]; /* "": metadata.json names none */
    cJSON *file;             /* what is made */
    cJSON *variables;
    text_t report;
    import_losses_t losses;
    char *why;
    bool failed; /* no memory */
} retro_import_t;

/* "cannot be carried over: <place> "name": reason"; name may be NULL. Counted as a `loss`. */
void retro_leave_out(retro_import_t *import, import_loss_t loss, const char *place,
                     const char *name, const char *reason);

/* ---- import_retro_folder.c ---- */

/* The file that is read as the scenario. */
const char *retro_scenario_name(const retro_import_t *import);
/* facts and game, by the options, the folder's name or the ROM in it. False: neither says it. */
bool retro_read_name(retro_import_t *import);
/* The section "hashes", of rom.sha. */
void retro_read_hashes(retro_import_t *import);
/* A line for each file that is not read; default_state is known. */
void retro_say_files(retro_import_t *import);

/* ---- import_retro_actions.c ---- */

/* The section "actions", of a scenario's groups, or generic ones. scenario may be NULL. */
void retro_import_actions(retro_import_t *import, const cJSON *scenario);

#endif
