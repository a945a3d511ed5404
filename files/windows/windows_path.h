/* windows_path.h - paths and texts between UTF-8 and UTF-16, for the files of this folder and
 * *_windows.c. */
#ifndef FILES_WINDOWS_PATH_H
#define FILES_WINDOWS_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

enum { WINDOWS_PATH_UNITS = 4200 };

/* '\\' between folders; "\\?\" before a long absolute one; "/dev/null" is NUL. False: no UTF-8, or
 * longer than WINDOWS_PATH_UNITS; errno is EILSEQ or ENAMETOOLONG. */
bool windows_path_wide(const char *path, wchar_t wide[WINDOWS_PATH_UNITS]);
/* A path in UTF-8 with '/' between folders, without "\\?\". NULL: no memory. To be freed. */
char *windows_path_utf8(const wchar_t *wide);
/* A text; NULL: no memory. To be freed. */
char *windows_text_utf8(const wchar_t *wide);
/* errno for GetLastError(); returns -1. */
int windows_path_failed(void);
/* What Windows says of an error number, one line; into `text`, which is returned. */
const char *windows_path_reason(unsigned long error, char *text, size_t text_bytes);

#endif
