/* card_queue.c - see card_queue.h; card_list(), and what is asked of a card. */
#include "card_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

/* ---- which there are ------------------------------------------------------------------------- */

static void text_of(const opencl_api_t *api, opencl_handle_t device, uint32_t what, char *to)
{
    char text[1024] = "";
    if (api->GetDeviceInfo(device, what, sizeof text - 1, text, NULL) != OPENCL_SUCCESS)
        text[0] = '\0';
    snprintf(to, CARD_NAME_BYTES, "%.*s", CARD_NAME_BYTES - 1, text);
}

static uint64_t number_of(const opencl_api_t *api, opencl_handle_t device, uint32_t what)
{
    uint64_t number = 0;
    if (api->GetDeviceInfo(device, what, sizeof number, &number, NULL) != OPENCL_SUCCESS) return 0;
    return number;
}

static void describe(const opencl_api_t *api, opencl_handle_t platform, opencl_handle_t device,
                     card_info_t *card)
{
    *card = (card_info_t){ .device = device };
    text_of(api, device, OPENCL_DEVICE_NAME, card->name);
    text_of(api, device, OPENCL_DRIVER_VERSION, card->driver);
    char text[CARD_NAME_BYTES] = "";
    if (api->GetPlatformInfo(platform, OPENCL_PLATFORM_NAME, sizeof text - 1, text, NULL) ==
        OPENCL_SUCCESS)
        memcpy(card->platform, text, sizeof text);
    card->memory_bytes = number_of(api, device, OPENCL_DEVICE_GLOBAL_MEM_SIZE);
    card->most_at_once_bytes = number_of(api, device, OPENCL_DEVICE_MAX_MEM_ALLOC_SIZE);
    card->units = number_of(api, device, OPENCL_DEVICE_MAX_COMPUTE_UNITS);
    card->group_items = number_of(api, device, OPENCL_DEVICE_MAX_WORK_GROUP_SIZE);
    card->clock_mhz = number_of(api, device, OPENCL_DEVICE_MAX_CLOCK_FREQUENCY);
    card->is_integrated = number_of(api, device, OPENCL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
    card->is_gpu = (number_of(api, device, OPENCL_DEVICE_TYPE) & OPENCL_TYPE_GPU) != 0;
}

int32_t card_list(const opencl_api_t *api, card_info_t *cards, why_t why)
{
    enum { MOST = CARD_MAX_CARDS };
    opencl_handle_t platforms[MOST], devices[MOST];
    uint32_t num_platforms = 0, num_devices;
    card_info_t found[MOST];
    int32_t count = 0, listed = 0;
    char code[OPENCL_ERROR_BYTES];
    const int32_t error = api->GetPlatformIDs(MOST, platforms, &num_platforms);
    if (error != OPENCL_SUCCESS || num_platforms == 0) {
        refuse(why, "OpenCL has no driver here (%s)",
               opencl_error(error == OPENCL_SUCCESS ? OPENCL_PLATFORM_NOT_FOUND_KHR : error, code));
        return 0;
    }
    for (uint32_t p = 0; p < num_platforms && p < MOST; p++) {
        num_devices = 0;
        if (api->GetDeviceIDs(platforms[p], OPENCL_TYPE_ALL, MOST, devices, &num_devices) !=
            OPENCL_SUCCESS)
            continue;
        for (uint32_t d = 0; d < num_devices && d < MOST && count < MOST; d++)
            describe(api, platforms[p], devices[d], &found[count++]);
    }
    for (int gpus = 1; gpus >= 0; gpus--)
        for (int32_t i = 0; i < count; i++)
            if (found[i].is_gpu == (gpus == 1)) cards[listed++] = found[i];
    if (listed == 0) refuse(why, "OpenCL's driver has no card");
    return listed;
}

/* ---- what is asked of one -------------------------------------------------------------------- */

static void note(card_t *card, int32_t error, const char *call)
{
    if (card->error != OPENCL_SUCCESS || error == OPENCL_SUCCESS) return;
    card->error = error;
    card->failed_call = call;
}

double card_launch_limit(const card_info_t *card, const card_options_t *options)
{
    if (options->most_launch_flop > 0) return options->most_launch_flop;
    if (!options->is_shared && !(card->is_gpu && card->is_integrated)) return 0;
    const double most_ms = options->is_shared ? CARD_SHARED_LAUNCH_MS : CARD_MOST_LAUNCH_MS;
    const double clocks = 1e6 * (double)card->clock_mhz * 1e-3 * most_ms;
    return clocks * (double)card->units * CARD_FLOP_PER_UNIT_AND_CLOCK;
}

bool card_take_buffer(card_t *card, opencl_handle_t *buffer, size_t num_bytes, const char *what,
                      char *why)
{
    int32_t error = OPENCL_SUCCESS;
    char code[OPENCL_ERROR_BYTES];
    const char zero = 0;
    *buffer = card->api.CreateBuffer(card->context, OPENCL_MEM_READ_WRITE, num_bytes, NULL, &error);
    if (*buffer && error == OPENCL_SUCCESS) /* only now many drivers take it */
        error = card->api.EnqueueFillBuffer(card->queue, *buffer, &zero, 1, 0, num_bytes, 0, NULL,
                                            NULL);
    if (error == OPENCL_SUCCESS) error = card->api.Finish(card->queue);
    card->counts.memory_bytes += num_bytes;
    if (*buffer && error == OPENCL_SUCCESS) return true;
    return refuse(why, "%s has no memory for %s, %zu MB: %s", card->info.name, what,
                  (num_bytes >> 20) + 1, opencl_error(error, code));
}

static void tell(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes)
{
    if (card->error != OPENCL_SUCCESS) return;
    note(card, card->api.SetKernelArg(card->kernels[kernel], 3, args_bytes, args),
         "clSetKernelArg");
}

/* from: NULL, or the first item. is_part: the driver shall have it at once. */
static void launch(card_t *card, card_kernel_t kernel, const size_t from[3], const size_t global[3],
                   const size_t local[3], bool is_part)
{
    if (card->error != OPENCL_SUCCESS) return;
    note(card,
         card->api.EnqueueNDRangeKernel(card->queue, card->kernels[kernel], 3, from, global, local,
                                        0, NULL, NULL),
         card_kernel_rows[kernel].name);
    card->counts.num_launches++;
    if (card->error == OPENCL_SUCCESS && (is_part || card->is_shared))
        note(card, card->api.Flush(card->queue), "clFlush");
}

void card_launch(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes,
                 const size_t global[3], const size_t local[3])
{
    tell(card, kernel, args, args_bytes);
    launch(card, kernel, NULL, global, local, false);
}

void card_launch_items(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes,
                       size_t count)
{
    card_launch(card, kernel, args, args_bytes,
                (size_t[3]){ (count + CARD_LANES - 1) / CARD_LANES * CARD_LANES, 1, 1 },
                (size_t[3]){ CARD_LANES, 1, 1 });
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many groups a part takes along each axis: of the last axis as many as fit, of the one before
 * it only if not one fits, and so on. */
static void part_of(double most_groups, const size_t groups[3], size_t part[3])
{
    double inner = (double)groups[0] * (double)groups[1];
    for (int i = 0; i < 3; i++) part[i] = 1;
    for (int i = 2; i >= 0; i--) {
        part[i] = most_groups >= inner ? least((size_t)(most_groups / inner), groups[i]) : 1;
        if (most_groups >= inner) {
            for (int j = 0; j < i; j++) part[j] = groups[j];
            return;
        }
        if (i > 0) inner /= (double)groups[i - 1];
    }
}

void card_launch_product(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes,
                         const size_t global[3], const size_t local[3], double flop)
{
    size_t groups[3], part[3];
    if (card->most_launch_flop <= 0 || flop <= card->most_launch_flop) {
        card_launch(card, kernel, args, args_bytes, global, local);
        return;
    }
    double num_groups = 1;
    for (int i = 0; i < 3; i++) {
        groups[i] = global[i] / local[i];
        num_groups *= (double)groups[i];
    }
    part_of(card->most_launch_flop / (flop / num_groups), groups, part);
    tell(card, kernel, args, args_bytes);
    for (size_t z = 0; z < groups[2]; z += part[2])
        for (size_t y = 0; y < groups[1]; y += part[1])
            for (size_t x = 0; x < groups[0]; x += part[0]) {
                const size_t from[3] = { x * local[0], y * local[1], z * local[2] };
                const size_t some[3] = { least(part[0], groups[0] - x) * local[0],
                                         least(part[1], groups[1] - y) * local[1],
                                         least(part[2], groups[2] - z) * local[2] };
                launch(card, kernel, from, some, local, true);
            }
}

void card_write(card_t *card, opencl_handle_t buffer, size_t at_bytes, const void *bytes,
                size_t num_bytes, bool waits)
{
    if (card->error != OPENCL_SUCCESS || num_bytes == 0) return;
    note(card,
         card->api.EnqueueWriteBuffer(card->queue, buffer, waits, at_bytes, num_bytes, bytes, 0,
                                      NULL, NULL),
         "clEnqueueWriteBuffer");
    card->counts.upload_bytes += (int64_t)num_bytes;
}

static void read_pool(card_t *card, int at, size_t count, float *values, bool waits,
                      opencl_handle_t *done)
{
    if (card->error != OPENCL_SUCCESS) return;
    note(card,
         card->api.EnqueueReadBuffer(card->queue, card->pool, waits, (size_t)at * sizeof(float),
                                     count * sizeof(float), values, 0, NULL, done),
         "clEnqueueReadBuffer");
    card->counts.download_bytes += (int64_t)(count * sizeof(float));
}

void card_read(card_t *card, int at, size_t count, float *values, bool waits)
{
    read_pool(card, at, count, values, waits, NULL);
}

void card_read_later(card_t *card, int at, size_t count, float *values, opencl_handle_t *done)
{
    read_pool(card, at, count, values, false, done);
}

void card_wait(card_t *card, opencl_handle_t *done)
{
    if (card->error == OPENCL_SUCCESS)
        note(card, card->api.WaitForEvents(1, done), "clWaitForEvents");
    if (*done) (void)card->api.ReleaseEvent(*done);
    *done = NULL;
}

void card_wait_for_all(card_t *card)
{
    if (card->error == OPENCL_SUCCESS) note(card, card->api.Finish(card->queue), "clFinish");
}

void card_copy(card_t *card, int from, int to, size_t count)
{
    const size_t real = sizeof(float);
    if (card->error != OPENCL_SUCCESS || count == 0) return;
    note(card,
         card->api.EnqueueCopyBuffer(card->queue, card->pool, card->pool, (size_t)from * real,
                                     (size_t)to * real, count * real, 0, NULL, NULL),
         "clEnqueueCopyBuffer");
    card->counts.weights_bytes += 2.0 * (double)(count * real);
}

double card_finish(card_t *card)
{
    const double asked_at = card->asked_at;
    card->asked_at = 0;
    card_wait_for_all(card);
    return asked_at > 0 ? clock_now() - asked_at : 0;
}

bool card_is_well(const card_t *card, why_t why)
{
    char code[OPENCL_ERROR_BYTES];
    if (card->error == OPENCL_SUCCESS) return true;
    return refuse(why, "%.100s: %s: %s", card->info.name, card->failed_call,
                  opencl_error(card->error, code));
}

void card_free(card_t *card)
{
    if (!card) return;
    const opencl_api_t *api = &card->api;
    if (card->queue) (void)api->Finish(card->queue);
    for (int i = 0; i < 2; i++)
        if (card->waiting[i].done) (void)api->ReleaseEvent(card->waiting[i].done);
    for (int k = 0; k < CARD_NUM_KERNELS; k++)
        if (card->kernels[k]) (void)api->ReleaseKernel(card->kernels[k]);
    if (card->program) (void)api->ReleaseProgram(card->program);
    card_pictures_free(card);
    const opencl_handle_t buffers[] = { card->pool, card->pixels, card->tables };
    for (int i = 0; i < 3; i++)
        if (buffers[i]) (void)api->ReleaseMemObject(buffers[i]);
    if (card->queue) (void)api->ReleaseCommandQueue(card->queue);
    if (card->context) (void)api->ReleaseContext(card->context);
    free(card->staging);
    free(card->batch_rows);
    free(card->read_rows);
    for (int i = 0; i < 2; i++) free(card->waiting[i].rows);
    free(card);
}
