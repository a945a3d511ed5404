/* kumite.c - see kumite.h. */
#include "kumite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int32_t kind_of(int32_t action)
{
    static const char *const kinds[][4] = {
        { "Fireball", "Fast fireball" },
        { "Rising fist", "Heavy rising fist" },
        { "Throw", "Back throw" },
        { "Low light", "Poke and block", "Low light, fireball", "Low light, rising fist" },
    };
    const char *name = preset_action(kumite_preset, action)->name;
    for (int32_t k = 0; k < 4; k++)
        for (int32_t m = 0; m < 4 && kinds[k][m]; m++)
            if (strcmp(kinds[k][m], name) == 0) return k;
    return 100 + action;
}

double kumite_auc(const float *distances)
{
    enum { A = KUMITE_ACTIONS };
    double wins = 0, contests = 0;
    for (int32_t p = 0; p < A * A; p++) {
        const int32_t i = p / A, j = p % A;
        if (i >= j || kind_of(i) != kind_of(j)) continue;
        for (int32_t q = 0; q < A * A; q++) {
            const int32_t k = q / A, l = q % A;
            if (k >= l || kind_of(k) == kind_of(l)) continue;
            wins += distances[p] < distances[q] ? 1 : distances[p] > distances[q] ? 0 : 0.5;
            contests++;
        }
    }
    return wins / contests;
}
