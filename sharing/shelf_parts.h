/* shelf_parts.h - what shelf.c and shelf_store.c share; for them only. */
#ifndef SHARING_SHELF_PARTS_H
#define SHARING_SHELF_PARTS_H

#include "shelf.h"

#define SHELF_MANIFEST "package.json"

/* Names in `dir` that are wanted, in the order of their bytes, at most so many; each is freed by
 * the caller. */
int32_t shelf_names(const char *dir, bool (*wanted)(const char *name), char **names, int32_t most);

#endif
