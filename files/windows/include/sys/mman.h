/* sys/mman.h - blocks of memory that nobody else has: anonymous mappings alone. Who shares them is
 * a thread of this process (core_bridge/worker_windows.c). ../../windows_system.c. */
#ifndef FILES_WINDOWS_SYS_MMAN_H
#define FILES_WINDOWS_SYS_MMAN_H

#include <stddef.h>
#include <stdint.h>

#define PROT_READ 1
#define PROT_WRITE 2
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANONYMOUS 32
#define MAP_NORESERVE 0
#define MAP_FAILED ((void *)-1)
/* Advice is not taken. */
#define MADV_DONTFORK 10
#define MADV_HUGEPAGE 14

void *windows_mmap(void *address, size_t num_bytes, int protection, int flags, int fd,
                   int64_t offset);
int windows_munmap(void *block, size_t num_bytes);

#define mmap windows_mmap
#define munmap windows_munmap
#define madvise(block, num_bytes, advice) ((void)(block), (void)(num_bytes), (void)(advice), 0)

#endif
