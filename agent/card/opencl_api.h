/* opencl_api.h - the calls of OpenCL 1.2 that this room uses, found at run time.
 *
 * No header and no library of OpenCL is needed to build: handles are pointers, numbers are those of
 * the specification (Khronos, The OpenCL Specification 1.2; CL/cl.h). opencl_api_open() looks for
 * libOpenCL.so.1 (OpenCL.dll), which every vendor's driver brings or shares. Tests put a table of
 * their own in its place.
 */
#ifndef AGENT_OPENCL_API_H
#define AGENT_OPENCL_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

/* cl_platform_id, cl_device_id, cl_context, cl_command_queue, cl_mem, cl_program, cl_kernel,
 * cl_event. */
typedef void *opencl_handle_t;

enum {
    OPENCL_SUCCESS = 0,
    OPENCL_DEVICE_NOT_FOUND = -1,
    OPENCL_MEM_OBJECT_ALLOCATION_FAILURE = -4,
    OPENCL_OUT_OF_RESOURCES = -5,
    OPENCL_OUT_OF_HOST_MEMORY = -6,
    OPENCL_BUILD_PROGRAM_FAILURE = -11,
    OPENCL_INVALID_BINARY = -42,
    OPENCL_INVALID_BUFFER_SIZE = -61,
    OPENCL_PLATFORM_NOT_FOUND_KHR = -1001
};

/* cl_device_type. */
enum { OPENCL_TYPE_CPU = 1 << 1, OPENCL_TYPE_GPU = 1 << 2, OPENCL_TYPE_ACCELERATOR = 1 << 3 };
#define OPENCL_TYPE_ALL 0xFFFFFFFFu

enum {
    OPENCL_DEVICE_TYPE = 0x1000,
    OPENCL_DEVICE_MAX_COMPUTE_UNITS = 0x1002,
    OPENCL_DEVICE_MAX_WORK_GROUP_SIZE = 0x1004,
    OPENCL_DEVICE_MAX_CLOCK_FREQUENCY = 0x100C,
    OPENCL_DEVICE_MAX_MEM_ALLOC_SIZE = 0x1010,
    OPENCL_DEVICE_GLOBAL_MEM_SIZE = 0x101F,
    OPENCL_DEVICE_LOCAL_MEM_SIZE = 0x1023,
    OPENCL_DEVICE_AVAILABLE = 0x1027,
    OPENCL_DEVICE_HOST_UNIFIED_MEMORY = 0x1035,
    OPENCL_DEVICE_NAME = 0x102B,
    OPENCL_DRIVER_VERSION = 0x102D,
    OPENCL_DEVICE_VERSION = 0x102F,
    OPENCL_PLATFORM_NAME = 0x0902,
    OPENCL_PROGRAM_BINARY_SIZES = 0x1165,
    OPENCL_PROGRAM_BINARIES = 0x1166,
    OPENCL_PROGRAM_BUILD_LOG = 0x1183,
    OPENCL_MEM_READ_WRITE = 1 << 0
};

/* One row a call: what it returns, its name without "cl", its parameters. */
#define OPENCL_CALLS(ROW)                                                                          \
    ROW(int32_t, GetPlatformIDs, (uint32_t, opencl_handle_t *, uint32_t *))                        \
    ROW(int32_t, GetPlatformInfo, (opencl_handle_t, uint32_t, size_t, void *, size_t *))           \
    ROW(int32_t, GetDeviceIDs,                                                                     \
        (opencl_handle_t, uint64_t, uint32_t, opencl_handle_t *, uint32_t *))                      \
    ROW(int32_t, GetDeviceInfo, (opencl_handle_t, uint32_t, size_t, void *, size_t *))             \
    ROW(opencl_handle_t, CreateContext,                                                            \
        (const intptr_t *, uint32_t, const opencl_handle_t *, void *, void *, int32_t *))          \
    ROW(int32_t, ReleaseContext, (opencl_handle_t))                                                \
    ROW(opencl_handle_t, CreateCommandQueue,                                                       \
        (opencl_handle_t, opencl_handle_t, uint64_t, int32_t *))                                   \
    ROW(int32_t, ReleaseCommandQueue, (opencl_handle_t))                                           \
    ROW(opencl_handle_t, CreateBuffer, (opencl_handle_t, uint64_t, size_t, void *, int32_t *))     \
    ROW(int32_t, ReleaseMemObject, (opencl_handle_t))                                              \
    ROW(opencl_handle_t, CreateProgramWithSource,                                                  \
        (opencl_handle_t, uint32_t, const char **, const size_t *, int32_t *))                     \
    ROW(opencl_handle_t, CreateProgramWithBinary,                                                  \
        (opencl_handle_t, uint32_t, const opencl_handle_t *, const size_t *,                       \
         const unsigned char **, int32_t *, int32_t *))                                            \
    ROW(int32_t, BuildProgram,                                                                     \
        (opencl_handle_t, uint32_t, const opencl_handle_t *, const char *, void *, void *))        \
    ROW(int32_t, GetProgramInfo, (opencl_handle_t, uint32_t, size_t, void *, size_t *))            \
    ROW(int32_t, GetProgramBuildInfo,                                                              \
        (opencl_handle_t, opencl_handle_t, uint32_t, size_t, void *, size_t *))                    \
    ROW(int32_t, ReleaseProgram, (opencl_handle_t))                                                \
    ROW(opencl_handle_t, CreateKernel, (opencl_handle_t, const char *, int32_t *))                 \
    ROW(int32_t, ReleaseKernel, (opencl_handle_t))                                                 \
    ROW(int32_t, SetKernelArg, (opencl_handle_t, uint32_t, size_t, const void *))                  \
    ROW(int32_t, EnqueueNDRangeKernel,                                                             \
        (opencl_handle_t, opencl_handle_t, uint32_t, const size_t *, const size_t *,               \
         const size_t *, uint32_t, const opencl_handle_t *, opencl_handle_t *))                    \
    ROW(int32_t, EnqueueWriteBuffer,                                                               \
        (opencl_handle_t, opencl_handle_t, uint32_t, size_t, size_t, const void *, uint32_t,       \
         const opencl_handle_t *, opencl_handle_t *))                                              \
    ROW(int32_t, EnqueueReadBuffer,                                                                \
        (opencl_handle_t, opencl_handle_t, uint32_t, size_t, size_t, void *, uint32_t,             \
         const opencl_handle_t *, opencl_handle_t *))                                              \
    ROW(int32_t, EnqueueCopyBuffer,                                                                \
        (opencl_handle_t, opencl_handle_t, opencl_handle_t, size_t, size_t, size_t, uint32_t,      \
         const opencl_handle_t *, opencl_handle_t *))                                              \
    ROW(int32_t, EnqueueFillBuffer,                                                                \
        (opencl_handle_t, opencl_handle_t, const void *, size_t, size_t, size_t, uint32_t,         \
         const opencl_handle_t *, opencl_handle_t *))                                              \
    ROW(int32_t, WaitForEvents, (uint32_t, const opencl_handle_t *))                               \
    ROW(int32_t, ReleaseEvent, (opencl_handle_t))                                                  \
    ROW(int32_t, Flush, (opencl_handle_t))                                                         \
    ROW(int32_t, Finish, (opencl_handle_t))

typedef struct {
#define OPENCL_FIELD(result, name, parameters) result(*name) parameters;
    OPENCL_CALLS(OPENCL_FIELD)
#undef OPENCL_FIELD
} opencl_api_t;

/* The library stays open as long as the process. False: this machine has none, or one without a
 * call; `why` says which. Several threads may call it. */
bool opencl_api_open(opencl_api_t *api, why_t why);

/* For opencl_api_open(): every call by its name from `library`, which sentences call `name`. */
typedef void *opencl_find_t(void *library, const char *call);
bool opencl_api_fill(opencl_api_t *api, opencl_find_t *find, void *library, const char *name,
                     why_t why);

/* "CL_OUT_OF_RESOURCES (-5)". */
#define OPENCL_ERROR_BYTES 64
const char *opencl_error(int32_t code, char text[OPENCL_ERROR_BYTES]);

#endif
