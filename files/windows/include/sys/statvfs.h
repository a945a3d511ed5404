/* sys/statvfs.h - how much room a disk has: ../../windows_system.c. */
#ifndef FILES_WINDOWS_SYS_STATVFS_H
#define FILES_WINDOWS_SYS_STATVFS_H

#include <stdint.h>

struct statvfs {
    uint64_t f_bavail, f_frsize; /* blocks for us, bytes of one */
};

int windows_statvfs(const char *path, struct statvfs *disk);

#define statvfs(path, disk) windows_statvfs(path, disk)

#endif
