/* box.h - .kata files that come inside the programs: opponents, so that the first fight after
 * installing needs no training. They are those of sharing/box/, put together at build time by
 * box.sh; shelf_collect_box() takes them out. */
#ifndef SHARING_BOX_H
#define SHARING_BOX_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name; /* NULL: behind the last */
    const uint8_t *bytes, *end;
} box_file_t;

extern const box_file_t box_files[];

#endif
