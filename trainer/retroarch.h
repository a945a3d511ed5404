/* retroarch.h - the command that lets Kata play a game in RetroArch's window. */
#ifndef TRAINER_RETROARCH_H
#define TRAINER_RETROARCH_H

#include <stdbool.h>

#include "home.h"
#include "why.h"

typedef struct {
    char program[HOME_PATH_BYTES]; /* retroarch, "" if it is not in PATH */
    char core[HOME_PATH_BYTES];    /* kata_libretro.so */
    char rom[HOME_PATH_BYTES];
    char line[4 * HOME_PATH_BYTES]; /* for a shell, with KATA_HOME and the like if they are set */
} retroarch_t;

/* rom: absolute. False: kata_libretro.so is not beside this program, nor installed. A missing
 * retroarch is no failure: the line then begins with its bare name. */
bool retroarch_find(retroarch_t *retroarch, const char *rom, why_t why);

/* kata_libretro.so alone. */
bool retroarch_find_plugin(char path[HOME_PATH_BYTES]);

/* Become RetroArch. Returns only if that failed; `why` says how. */
void retroarch_run(const retroarch_t *retroarch, why_t why);

#endif
