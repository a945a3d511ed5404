/* firmware.h - the firmware (BIOS files) that a core's .info file names, and which of it is there.
 *
 * firmware_count, and for each: firmwareN_path below the frontend's system folder, firmwareN_opt
 * ("true": some games need it; else the core does). Nothing is opened, no core is loaded. */
#ifndef CORE_BRIDGE_FIRMWARE_H
#define CORE_BRIDGE_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

#define FIRMWARE_TEXT_BYTES 256

typedef enum {
    FIRMWARE_NEEDED, /* by the core */
    FIRMWARE_ANY     /* by some games, too */
} firmware_kind_t;

/* info: the text of an .info file (catalog_info()); NULL names nothing. Returns how many files it
 * names that are not in system_dir; names: "a.bin, b.bin and 3 more", "" for none. */
int32_t firmware_missing(const char *info, const char *system_dir, firmware_kind_t kind,
                         char names[FIRMWARE_TEXT_BYTES]);

/* One of the files that it names is in this folder. */
bool firmware_is_in(const char *info, const char *dir);

#endif
