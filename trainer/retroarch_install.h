/* retroarch_install.h - Kata's two files in the folders where a RetroArch looks for them. */
#ifndef TRAINER_RETROARCH_INSTALL_H
#define TRAINER_RETROARCH_INSTALL_H

#include <stdbool.h>

#include "home.h"
#include "retroarch_folders.h"
#include "why.h"

typedef struct {
    char core[HOME_PATH_BYTES]; /* kata_libretro.so, as built or installed with this program */
    char info[HOME_PATH_BYTES]; /* its kata_libretro.info */
} retroarch_files_t;

/* False: one of the two is not there; `why` says which. */
bool retroarch_files_find(retroarch_files_t *files, why_t why);

typedef enum { RETROARCH_SAME, RETROARCH_OTHER, RETROARCH_MISSING } retroarch_presence_t;
typedef struct {
    retroarch_presence_t core, info; /* RETROARCH_OTHER: other bytes than `files` */
    char core_path[HOME_PATH_BYTES], info_path[HOME_PATH_BYTES];
} retroarch_presences_t;

/* What lies in RetroArch's folders. */
void retroarch_look(retroarch_presences_t *found, const retroarch_folders_t *folders,
                    const retroarch_files_t *files);

/* Writes what is missing or other, each file whole or not at all; afterwards RetroArch's cache of
 * .info files is removed, or it would go on by the old one. */
bool retroarch_install(const retroarch_presences_t *found, const retroarch_folders_t *folders,
                       const retroarch_files_t *files, why_t why);
bool retroarch_uninstall(const retroarch_presences_t *found, const retroarch_folders_t *folders,
                         why_t why);

/* "RetroArch", "RetroArch (Flatpak)". */
const char *retroarch_kind_name(retroarch_kind_t kind);

#endif
