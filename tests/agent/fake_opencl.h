/* fake_opencl.h - an OpenCL that keeps memory and computes nothing, and fails when it is told to.
 * Handles are counted: what is opened must be released. */
#ifndef TESTS_FAKE_OPENCL_H
#define TESTS_FAKE_OPENCL_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opencl_api.h"

typedef struct {
    int32_t num_platforms;
    uint64_t group_items, most_at_once_bytes;
    bool compiles;
    /* Call number fails_at of those that can fail, from 0 on, returns `error`, and each after it
     * unless it fails once; -1: none does. */
    int32_t fails_at, error;
    bool fails_once;
    bool reads_nan; /* short reads, which are results, are of NaN */
    /* Counted. */
    int32_t num_calls, num_handles, num_compiled, num_from_binary, num_launched, num_flushed;
} fake_opencl_t;

static fake_opencl_t fake;

typedef struct {
    size_t num_bytes;
    uint8_t bytes[];
} fake_buffer_t;

static const char fake_program[] = "a program";

static int32_t fake_result(void)
{
    const bool fails = fake.fails_at >= 0 && (fake.fails_once ? fake.num_calls == fake.fails_at
                                                              : fake.num_calls >= fake.fails_at);
    fake.num_calls++;
    return fails ? fake.error : OPENCL_SUCCESS;
}

static opencl_handle_t fake_handle(int32_t *error)
{
    *error = fake_result();
    if (*error != OPENCL_SUCCESS) return NULL;
    fake.num_handles++;
    return &fake;
}

static int32_t fake_release(opencl_handle_t handle)
{
    (void)handle;
    fake.num_handles--;
    return OPENCL_SUCCESS;
}

static int32_t fake_platforms(uint32_t most, opencl_handle_t *platforms, uint32_t *count)
{
    if (fake.num_platforms == 0) return OPENCL_PLATFORM_NOT_FOUND_KHR;
    if (most > 0) platforms[0] = &fake;
    *count = 1;
    return OPENCL_SUCCESS;
}

static int32_t fake_text(const char *text, size_t num_bytes, void *to)
{
    if (num_bytes <= strlen(text)) return -30;
    memcpy(to, text, strlen(text) + 1);
    return OPENCL_SUCCESS;
}

static int32_t fake_platform_info(opencl_handle_t platform, uint32_t what, size_t num_bytes,
                                  void *to, size_t *needs)
{
    (void)platform, (void)what, (void)needs;
    return fake_text("Fake Platform", num_bytes, to);
}

/* A processor first, so that the order of the list shows. */
static int32_t fake_devices(opencl_handle_t platform, uint64_t type, uint32_t most,
                            opencl_handle_t *devices, uint32_t *count)
{
    (void)platform, (void)type;
    if (most > 1) devices[0] = &fake.compiles, devices[1] = &fake;
    *count = 2;
    return OPENCL_SUCCESS;
}

static int32_t fake_device_info(opencl_handle_t device, uint32_t what, size_t num_bytes, void *to,
                                size_t *needs)
{
    (void)needs;
    const bool is_gpu = device == &fake;
    if (what == OPENCL_DEVICE_NAME)
        return fake_text(is_gpu ? "Fake Card" : "Fake Processor", num_bytes, to);
    if (what == OPENCL_DRIVER_VERSION) return fake_text("1.0", num_bytes, to);
    const uint64_t number = what == OPENCL_DEVICE_TYPE
                                ? (is_gpu ? OPENCL_TYPE_GPU : OPENCL_TYPE_CPU)
                            : what == OPENCL_DEVICE_MAX_WORK_GROUP_SIZE ? fake.group_items
                            : what == OPENCL_DEVICE_MAX_MEM_ALLOC_SIZE  ? fake.most_at_once_bytes
                                                                        : 4;
    memcpy(to, &number, sizeof number);
    return OPENCL_SUCCESS;
}

static opencl_handle_t fake_context(const intptr_t *properties, uint32_t count,
                                    const opencl_handle_t *devices, void *notify, void *data,
                                    int32_t *error)
{
    (void)properties, (void)count, (void)devices, (void)notify, (void)data;
    return fake_handle(error);
}

static opencl_handle_t fake_queue(opencl_handle_t context, opencl_handle_t device,
                                  uint64_t properties, int32_t *error)
{
    (void)context, (void)device, (void)properties;
    return fake_handle(error);
}

static opencl_handle_t fake_buffer(opencl_handle_t context, uint64_t flags, size_t num_bytes,
                                   void *host, int32_t *error)
{
    (void)context, (void)flags, (void)host;
    if (!fake_handle(error)) return NULL;
    fake_buffer_t *buffer = malloc(sizeof *buffer + num_bytes);
    buffer->num_bytes = num_bytes;
    return buffer;
}

static int32_t fake_release_buffer(opencl_handle_t buffer)
{
    free(buffer);
    return fake_release(NULL);
}

static opencl_handle_t fake_source(opencl_handle_t context, uint32_t count, const char **texts,
                                   const size_t *lengths, int32_t *error)
{
    (void)context, (void)count, (void)texts, (void)lengths;
    fake.num_compiled++;
    return fake_handle(error);
}

static opencl_handle_t fake_binary(opencl_handle_t context, uint32_t count,
                                   const opencl_handle_t *devices, const size_t *lengths,
                                   const unsigned char **programs, int32_t *status, int32_t *error)
{
    (void)context, (void)count, (void)devices;
    if (lengths[0] != sizeof fake_program || memcmp(programs[0], fake_program, lengths[0]) != 0) {
        *error = OPENCL_INVALID_BINARY;
        return NULL;
    }
    fake.num_from_binary++;
    *status = OPENCL_SUCCESS;
    return fake_handle(error);
}

static int32_t fake_build(opencl_handle_t program, uint32_t count, const opencl_handle_t *devices,
                          const char *options, void *notify, void *data)
{
    (void)program, (void)count, (void)devices, (void)options, (void)notify, (void)data;
    return fake.compiles ? fake_result() : OPENCL_BUILD_PROGRAM_FAILURE;
}

static int32_t fake_program_info(opencl_handle_t program, uint32_t what, size_t num_bytes, void *to,
                                 size_t *needs)
{
    (void)program, (void)num_bytes, (void)needs;
    if (what == OPENCL_PROGRAM_BINARY_SIZES) {
        const size_t length = sizeof fake_program;
        memcpy(to, &length, sizeof length);
    } else {
        unsigned char *into;
        memcpy(&into, to, sizeof into);
        memcpy(into, fake_program, sizeof fake_program);
    }
    return OPENCL_SUCCESS;
}

static int32_t fake_build_info(opencl_handle_t program, opencl_handle_t device, uint32_t what,
                               size_t num_bytes, void *to, size_t *needs)
{
    (void)program, (void)device, (void)what, (void)needs;
    return fake_text("line 7: no such thing\n", num_bytes, to);
}

static opencl_handle_t fake_kernel(opencl_handle_t program, const char *name, int32_t *error)
{
    (void)program, (void)name;
    return fake_handle(error);
}

static int32_t fake_argument(opencl_handle_t kernel, uint32_t number, size_t num_bytes,
                             const void *value)
{
    (void)kernel, (void)number, (void)num_bytes, (void)value;
    return fake_result();
}

static int32_t fake_launch(opencl_handle_t queue, opencl_handle_t kernel, uint32_t dims,
                           const size_t *offset, const size_t *global, const size_t *local,
                           uint32_t count, const opencl_handle_t *waits, opencl_handle_t *event)
{
    (void)queue, (void)kernel, (void)dims, (void)offset, (void)global, (void)local, (void)count,
        (void)waits, (void)event;
    fake.num_launched++;
    return fake_result();
}

static int32_t fake_write(opencl_handle_t queue, opencl_handle_t buffer, uint32_t waits, size_t at,
                          size_t num_bytes, const void *bytes, uint32_t count,
                          const opencl_handle_t *list, opencl_handle_t *event)
{
    (void)queue, (void)waits, (void)count, (void)list, (void)event;
    memcpy(((fake_buffer_t *)buffer)->bytes + at, bytes, num_bytes);
    return fake_result();
}

static int32_t fake_read(opencl_handle_t queue, opencl_handle_t buffer, uint32_t waits, size_t at,
                         size_t num_bytes, void *bytes, uint32_t count, const opencl_handle_t *list,
                         opencl_handle_t *event)
{
    (void)queue, (void)waits, (void)count, (void)list;
    memcpy(bytes, ((fake_buffer_t *)buffer)->bytes + at, num_bytes);
    if (fake.reads_nan && num_bytes < 1000)
        for (size_t i = 0; i < num_bytes / sizeof(float); i++) ((float *)bytes)[i] = NAN;
    int32_t error = OPENCL_SUCCESS;
    if (!event) return fake_result();
    *event = fake_handle(&error);
    return error;
}

static int32_t fake_copy(opencl_handle_t queue, opencl_handle_t from, opencl_handle_t to,
                         size_t from_at, size_t to_at, size_t num_bytes, uint32_t count,
                         const opencl_handle_t *list, opencl_handle_t *event)
{
    (void)queue, (void)count, (void)list, (void)event;
    memmove(((fake_buffer_t *)to)->bytes + to_at, ((fake_buffer_t *)from)->bytes + from_at,
            num_bytes);
    return fake_result();
}

static int32_t fake_fill(opencl_handle_t queue, opencl_handle_t buffer, const void *pattern,
                         size_t pattern_bytes, size_t at, size_t num_bytes, uint32_t count,
                         const opencl_handle_t *list, opencl_handle_t *event)
{
    (void)queue, (void)pattern, (void)pattern_bytes, (void)count, (void)list, (void)event;
    memset(((fake_buffer_t *)buffer)->bytes + at, 0, num_bytes);
    return fake_result();
}

static int32_t fake_wait_for(uint32_t count, const opencl_handle_t *events)
{
    (void)count, (void)events;
    return fake_result();
}

static int32_t fake_wait(opencl_handle_t queue)
{
    (void)queue;
    return fake_result();
}

static int32_t fake_flush(opencl_handle_t queue)
{
    fake.num_flushed++;
    return fake_wait(queue);
}

static const opencl_api_t fake_api = {
    .GetPlatformIDs = fake_platforms,
    .GetPlatformInfo = fake_platform_info,
    .GetDeviceIDs = fake_devices,
    .GetDeviceInfo = fake_device_info,
    .CreateContext = fake_context,
    .ReleaseContext = fake_release,
    .CreateCommandQueue = fake_queue,
    .ReleaseCommandQueue = fake_release,
    .CreateBuffer = fake_buffer,
    .ReleaseMemObject = fake_release_buffer,
    .CreateProgramWithSource = fake_source,
    .CreateProgramWithBinary = fake_binary,
    .BuildProgram = fake_build,
    .GetProgramInfo = fake_program_info,
    .GetProgramBuildInfo = fake_build_info,
    .ReleaseProgram = fake_release,
    .CreateKernel = fake_kernel,
    .ReleaseKernel = fake_release,
    .SetKernelArg = fake_argument,
    .EnqueueNDRangeKernel = fake_launch,
    .EnqueueWriteBuffer = fake_write,
    .EnqueueReadBuffer = fake_read,
    .EnqueueCopyBuffer = fake_copy,
    .EnqueueFillBuffer = fake_fill,
    .WaitForEvents = fake_wait_for,
    .ReleaseEvent = fake_release,
    .Flush = fake_flush,
    .Finish = fake_wait,
};

static inline void fake_opencl_reset(void)
{
    fake = (fake_opencl_t){ .num_platforms = 1,
                            .group_items = 1024,
                            .most_at_once_bytes = (uint64_t)1 << 30,
                            .compiles = true,
                            .fails_at = -1,
                            .error = OPENCL_OUT_OF_RESOURCES };
}

#endif
