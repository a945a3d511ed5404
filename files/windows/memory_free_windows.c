/* memory_free_windows.c - see memory_free.h. */
#include "memory_free.h"

#include <windows.h>

uint64_t memory_free_bytes(void)
{
    MEMORYSTATUSEX status = { .dwLength = sizeof status };
    if (!GlobalMemoryStatusEx(&status)) return 0;
    return status.ullAvailPhys < status.ullAvailPageFile ? status.ullAvailPhys
                                                         : status.ullAvailPageFile;
}
