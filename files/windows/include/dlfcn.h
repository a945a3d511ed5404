/* dlfcn.h - shared libraries by POSIX's names: ../windows_system.c. */
#ifndef FILES_WINDOWS_DLFCN_H
#define FILES_WINDOWS_DLFCN_H

#define RTLD_LAZY 0
#define RTLD_NOW 0
#define RTLD_LOCAL 0

typedef struct {
    const char *dli_fname; /* of the DLL or program; this thread's, until its next call */
} Dl_info;

void *windows_dlopen(const char *path, int flags);
void *windows_dlsym(void *library, const char *name);
int windows_dlclose(void *library);
char *windows_dlerror(void);
int windows_dladdr(const void *address, Dl_info *info);

#define dlopen windows_dlopen
#define dlsym windows_dlsym
#define dlclose windows_dlclose
#define dlerror windows_dlerror
#define dladdr windows_dladdr

#endif
