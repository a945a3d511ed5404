/* glob.h - no folder that Kata looks for by a pattern is there on Windows: nothing is ever found.
 */
#ifndef FILES_WINDOWS_GLOB_H
#define FILES_WINDOWS_GLOB_H

#include <stddef.h>

typedef struct {
    size_t gl_pathc;
    char **gl_pathv;
} glob_t;

static inline int glob(const char *pattern, int flags, void *on_error, glob_t *found)
{
    (void)pattern, (void)flags, (void)on_error;
    *found = (glob_t){ 0 };
    return 3; /* GLOB_NOMATCH */
}

static inline void globfree(glob_t *found)
{
    (void)found;
}

#endif
