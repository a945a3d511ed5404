/* opencl_api_posix.c - opencl_api_open() where libraries are opened by dlopen. */
#include <dlfcn.h>

#include "opencl_api.h"

static void *find(void *library, const char *call)
{
    return dlsym(library, call);
}

bool opencl_api_open(opencl_api_t *api, why_t why)
{
    static const char name[] = "libOpenCL.so.1";
    /* Never closed: a driver's threads may still run in it. */
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return refuse(why, "there is no OpenCL here: %s cannot be opened (%.200s)", name,
                      dlerror());
    return opencl_api_fill(api, find, library, name, why);
}
