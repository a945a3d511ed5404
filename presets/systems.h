/* systems.h - what is the same for all games of a console: memory, buttons, other tools' names.
 * Internal to presets/. */
#ifndef KATA_PRESETS_SYSTEMS_H
#define KATA_PRESETS_SYSTEMS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *id;             /* as core_bridge/catalog/identity.h names it */
    const char *stable_retro;   /* as its folders end: "Genesis" */
    const char *rom_extensions; /* "md|gen": of the ROM that its folders may hold */
    uint64_t ram_base;
    uint64_t ram_bytes; /* 0: not one block, so nothing is checked */
    bool word_swapped;
    /* By RetroPad id; NULL where the console has none, and for directions. */
    const char *buttons[12];
} system_facts_t;

/* NULL: not in the table. */
const system_facts_t *system_find(const char *id);
/* By either name, whatever its case. */
const system_facts_t *system_find_stable_retro(const char *name);
/* The n-th from 0; NULL: there are fewer. */
const system_facts_t *system_at(int32_t n);

#endif
