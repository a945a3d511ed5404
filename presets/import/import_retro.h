/* import_retro.h - an import of a stable-retro folder while it is made. Internal to presets/. */
#ifndef KATA_PRESETS_IMPORT_RETRO_H
#define KATA_PRESETS_IMPORT_RETRO_H

#include "import.h"
#include "model.h"
#include "systems.h"
#include "text.h"

typedef struct {
    const char *folder;
    const system_facts_t *facts;
    char game[PRESET_NAME_BYTES];
    cJSON *file; /* what is made */
    cJSON *variables;
    text_t report;
    char *why;
    bool failed; /* no memory */
} retro_import_t;

/* "cannot be carried over: <place> "name": reason"; name may be NULL. */
void retro_leave_out(retro_import_t *import, const char *place, const char *name,
                     const char *reason);

/* Making JSON; `failed` remembers if memory ran out. */
cJSON *retro_add_object(retro_import_t *import, cJSON *parent, const char *key);
cJSON *retro_add_list(retro_import_t *import, cJSON *parent, const char *key);
void retro_add_number(retro_import_t *import, cJSON *object, const char *key, double number);
void retro_add_string(retro_import_t *import, cJSON *object, const char *key, const char *text);
void retro_append(retro_import_t *import, cJSON *list, cJSON *item);

/* The section "actions", of a scenario's groups, or generic ones. scenario may be NULL. */
void retro_import_actions(retro_import_t *import, const cJSON *scenario);

#endif
