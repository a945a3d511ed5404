/* archive_7z.h - .7z files, by libarchive where it is installed. Internal to archive.c. */
#ifndef CORE_BRIDGE_ARCHIVE_7Z_H
#define CORE_BRIDGE_ARCHIVE_7Z_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

/* What the names in an archive say, one archive_count() for each. */
typedef struct {
    int32_t num_files, num_games, num_bins;
    char game[1024]; /* the first game's, or a .bin's if there is none */
    char said[200];  /* the games, as far as they fit */
} archive_names_t;
void archive_count(archive_names_t *names, const char *name);

/* Is libarchive there? */
bool archive_7z_can(void);
bool archive_7z_list(const char *path, archive_names_t *names, why_t why);
bool archive_7z_read(const char *path, const char *name, uint8_t **bytes, size_t *num_bytes,
                     why_t why);

#endif
