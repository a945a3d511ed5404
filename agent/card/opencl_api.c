/* opencl_api.c - see opencl_api.h; finding the library is opencl_api_posix.c's and
 * opencl_api_windows.c's. */
#include "opencl_api.h"

#include <stdio.h>
#include <string.h>

bool opencl_api_fill(opencl_api_t *api, opencl_find_t *find, void *library, const char *name,
                     why_t why)
{
    static const struct {
        const char *name;
        size_t offset;
    } calls[] = {
#define OPENCL_CALL(result, name, parameters) { "cl" #name, offsetof(opencl_api_t, name) },
        OPENCL_CALLS(OPENCL_CALL)
#undef OPENCL_CALL
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        void *call = find(library, calls[i].name);
        if (!call) return refuse(why, "%s has no %s: OpenCL 1.2 has it", name, calls[i].name);
        memcpy((char *)api + calls[i].offset, &call, sizeof call);
    }
    return true;
}

const char *opencl_error(int32_t code, char text[OPENCL_ERROR_BYTES])
{
    static const struct {
        int32_t code;
        const char *name;
    } names[] = {
        { OPENCL_DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND" },
        { -2, "CL_DEVICE_NOT_AVAILABLE" },
        { -3, "CL_COMPILER_NOT_AVAILABLE" },
        { OPENCL_MEM_OBJECT_ALLOCATION_FAILURE, "CL_MEM_OBJECT_ALLOCATION_FAILURE" },
        { OPENCL_OUT_OF_RESOURCES, "CL_OUT_OF_RESOURCES" },
        { OPENCL_OUT_OF_HOST_MEMORY, "CL_OUT_OF_HOST_MEMORY" },
        { OPENCL_BUILD_PROGRAM_FAILURE, "CL_BUILD_PROGRAM_FAILURE" },
        { -14, "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST" },
        { -34, "CL_INVALID_CONTEXT" },
        { -36, "CL_INVALID_COMMAND_QUEUE" },
        { OPENCL_INVALID_BINARY, "CL_INVALID_BINARY" },
        { -46, "CL_INVALID_KERNEL_NAME" },
        { -52, "CL_INVALID_KERNEL_ARGS" },
        { -54, "CL_INVALID_WORK_GROUP_SIZE" },
        { OPENCL_INVALID_BUFFER_SIZE, "CL_INVALID_BUFFER_SIZE" },
        { OPENCL_PLATFORM_NOT_FOUND_KHR, "CL_PLATFORM_NOT_FOUND_KHR" },
    };
    const char *name = "OpenCL error";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == code) name = names[i].name;
    snprintf(text, OPENCL_ERROR_BYTES, "%s (%d)", name, (int)code);
    return text;
}
