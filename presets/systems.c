/* systems.c - the table of consoles. Bases and buttons as stable-retro's cores/NAME.json publishes
 * them; sizes are the consoles' own. */
#include "systems.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* RetroPad ids: 0 b, 1 y, 2 select, 3 start, 4-7 directions, 8 a, 9 x, 10 l, 11 r. */
static const system_facts_t systems[] = {
    { "nes", "Nes", "nes|unf", 0, 2048, false, { "B", 0, "SELECT", "START", 0, 0, 0, 0, "A" } },
    { "snes",
      "Snes",
      "sfc|smc",
      0x7E0000,
      131072,
      false,
      { "B", "Y", "SELECT", "START", 0, 0, 0, 0, "A", "X", "L", "R" } },
    { "genesis",
      "Genesis",
      "md|gen|smd",
      0xFF0000,
      65536,
      true,
      { "B", "A", "MODE", "START", 0, 0, 0, 0, "C", "Y", "X", "Z" } },
    { "32x",
      "32x",
      "32x",
      0xFF0000,
      0,
      true,
      { "B", "A", "MODE", "START", 0, 0, 0, 0, "C", "Y", "X", "Z" } },
    { "sms", "Sms", "sms", 0xC000, 8192, false, { "B", 0, 0, "PAUSE", 0, 0, 0, 0, "A" } },
    { "gg", "GameGear", "gg", 0xC000, 8192, false, { "B", 0, 0, "START", 0, 0, 0, 0, "A" } },
    { "gb", "GameBoy", "gb", 0xC000, 8192, false, { "B", 0, "SELECT", "START", 0, 0, 0, 0, "A" } },
    { "gbc", "GbColor", "gbc", 0xC000, 0, false, { "B", 0, "SELECT", "START", 0, 0, 0, 0, "A" } },
    { "gba",
      "GbAdvance",
      "gba",
      0,
      0,
      false,
      { "B", 0, "SELECT", "START", 0, 0, 0, 0, "A", 0, "L", "R" } },
    { "pce",
      "PCEngine",
      "pce",
      0xF80000,
      8192,
      false,
      { "II", "III", "SELECT", "RUN", 0, 0, 0, 0, "I", "IV", "V", "VI" } },
    { "atari2600", "Atari2600", "a26", 0x80, 128, false, { "BUTTON", 0, "SELECT", "RESET" } },
};
#define NUM_SYSTEMS (sizeof systems / sizeof systems[0])

const system_facts_t *system_find(const char *id)
{
    for (size_t s = 0; s < NUM_SYSTEMS; s++)
        if (strcmp(systems[s].id, id) == 0) return &systems[s];
    return NULL;
}

const system_facts_t *system_find_stable_retro(const char *name)
{
    for (size_t s = 0; s < NUM_SYSTEMS; s++)
        if (strcasecmp(systems[s].stable_retro, name) == 0 || strcasecmp(systems[s].id, name) == 0)
            return &systems[s];
    return NULL;
}

const system_facts_t *system_at(int32_t n)
{
    return n >= 0 && (size_t)n < NUM_SYSTEMS ? &systems[n] : NULL;
}
