/* opencl_api_windows.c - opencl_api_open() where libraries are opened by LoadLibrary. */
#include <windows.h>

#include "opencl_api.h"

static void *find(void *library, const char *call)
{
    return (void *)(uintptr_t)GetProcAddress((HMODULE)library, call);
}

bool opencl_api_open(opencl_api_t *api, why_t why)
{
    static const char name[] = "OpenCL.dll";
    /* Never freed: a driver's threads may still run in it. From the system's folder alone. */
    HMODULE library = LoadLibraryExA(name, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (!library)
        return refuse(why, "there is no OpenCL here: %s cannot be opened (error %lu)", name,
                      (unsigned long)GetLastError());
    return opencl_api_fill(api, find, library, name, why);
}
