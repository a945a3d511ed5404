/* kumite.c - see kumite.h. */
#include "kumite.h"

#include <stdio.h>
#include <stdlib.h>

#include "why.h"

preset_t *kumite_preset;
char kumite_rom[1024];
const char *kumite_core;

int kumite_load(void **state)
{
    (void)state;
    why_t why;
    const char *build = getenv("KATA_BUILD"), *own = getenv("KATA_NESTOPIA");
    snprintf(kumite_rom, sizeof kumite_rom, "%s/games/kumite.nes", build ? build : "build/release");
    kumite_core = own ? own : "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    if (preset_load(&kumite_preset, "presets/library/nes/Kumite.kata.json", why)) return 0;
    fprintf(stderr, "%s\n", why);
    return -1;
}

int kumite_unload(void **state)
{
    (void)state;
    preset_free(kumite_preset);
    return 0;
}
