/* folder.h - a folder that takes another's place as a whole, or not at all.
 *
 *     char staged[FILES_PATH_BYTES];
 *     if (!files_stage_folder(staged, parent, why)) return false;
 *     ... write into staged ...
 *     ok = ok && files_put_folder(staged, dir, why);        dir lies in parent
 *     if (!ok) files_remove_folder(staged, levels);
 */
#ifndef FILES_FOLDER_H
#define FILES_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"

/* A new, empty folder "parent/.new-XXXXXX"; parent is made if need be. What was left by writers
 * that were killed more than an hour ago is removed. */
bool files_stage_folder(char staged[FILES_PATH_BYTES], const char *parent, why_t why);

/* What is in `staged` waits for the disk, then it becomes `dir` by one rename, in exchange for what
 * was there, which is removed. False: what was there is there. */
bool files_put_folder(const char *staged, const char *dir, why_t why);

/* A folder of ours with all in it, so many levels of folders deep; nothing is followed. */
void files_remove_folder(const char *dir, int32_t levels);

#endif
