/* library_file.h - a core's file as the system's loader sees it: for library.c alone. */
#ifndef CORE_BRIDGE_LIBRARY_FILE_H
#define CORE_BRIDGE_LIBRARY_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "why.h"

/* The library at an absolute path, or a private copy of it if it is open in this process already:
 * two instances never share globals. NULL: `why` says why. */
void *library_file_open(const char *path, bool *is_private_copy, why_t why);
/* An entry point's address; NULL: there is none. */
void *library_file_symbol(void *handle, const char *name);
void library_file_close(void *handle);

/* Is it the file that this code was loaded from? */
bool library_file_is_ours(const struct stat *core);
/* Does the file end before what its own head promises, so that the loader would die of it? */
bool library_file_is_cut_short(const char *path, uint64_t file_bytes);

#endif
