/* setup.c - shared by the tests of core_bridge. */
#define _GNU_SOURCE
#include "setup.h"

#include "environment.h"
#include "why.h"

#include <sys/stat.h>

/* Real cores are not ours to mend: beetle-pce-fast frees with free() what it made with new[]. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "alloc_dealloc_mismatch=0";
}

#if defined(__has_feature)
#define CLANG_ASAN __has_feature(address_sanitizer)
#else
#define CLANG_ASAN 0
#endif

bool has_asan(void)
{
#if defined(__SANITIZE_ADDRESS__) || CLANG_ASAN
    return true;
#else
    return false;
#endif
}

static const char *build_dir(void)
{
    const char *const dir = getenv("KATA_BUILD");
    return dir ? dir : "build/release";
}

const char *build_path(const char *below)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/tests/%s", build_dir(), below);
    return path;
}

const char *fake_path(const char *variant)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/tests/fake_core/%s_libretro.so", build_dir(), variant);
    return path;
}

const char *real_core(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "/usr/lib/x86_64-linux-gnu/libretro/%s_libretro.so", name);
    if (access(path, R_OK) != 0) {
        print_message("skipped: the core %s is not installed (./packages.sh says whether this "
                      "distribution has it)\n",
                      name);
        skip();
    }
    return path;
}

static const char *folder(void)
{
    static char path[256];
    if (!path[0]) {
        const char *const base = getenv("TMPDIR");
        snprintf(path, sizeof path, "%s/bridge-XXXXXX", base ? base : "/tmp");
        if (!mkdtemp(path)) fail_msg("no folder for test files");
    }
    return path;
}

const char *content_file(const char *name, const void *bytes, size_t num_bytes)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder(), name);
    FILE *const file = fopen(path, "wb");
    if (!file || (num_bytes && fwrite(bytes, num_bytes, 1, file) != 1)) fail_msg("%s", path);
    fclose(file);
    return path;
}

const char *scripted(const char *script)
{
    char text[1024];
    const int length = snprintf(text, sizeof text, "FAKE %s", script);
    return content_file("game.fake", text, (size_t)length);
}

bridge_t *open_variant(const char *variant, struct bridge_host *host)
{
    why_t why = "";
    bridge_t *bridge;
    const bridge_config_t config = { .core_path = fake_path(variant), .host = host };
    bridge_close(inner_active()); /* left open by a test that failed */
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK) fail_msg("%s", why);
    return bridge;
}

bridge_t *open_fake_hosted(const char *script, struct bridge_host *host)
{
    why_t why = "";
    bridge_t *const bridge = open_variant("plain", host);
    if (bridge_load(bridge, scripted(script), NULL, 0, why) != BRIDGE_OK) fail_msg("%s", why);
    return bridge;
}

bridge_t *open_fake(const char *script)
{
    return open_fake_hosted(script, NULL);
}

const fake_report_t *report_of(bridge_t *bridge)
{
    size_t num_bytes;
    const void *const report = bridge_memory(bridge, BRIDGE_MEMORY_SAVE_RAM, &num_bytes);
    assert_int_equal(num_bytes, sizeof(fake_report_t));
    return report;
}

static const void *seen_at;

static void copy_frame(void *user, const bridge_frame_t *frame)
{
    static uint8_t pixels[640 * 480 * 4 + 640 * 64];
    bridge_frame_t *const copy = user;
    *copy = *frame;
    seen_at = frame->pixels;
    if (!frame->pixels) return;
    const size_t row_bytes = frame->width_px * (frame->format == BRIDGE_PIXEL_XRGB8888 ? 4u : 2u);
    assert_in_range(frame->height_px * frame->pitch_bytes, 1, sizeof pixels);
    for (uint32_t y = 0; y < frame->height_px; y++)
        memcpy(pixels + y * frame->pitch_bytes,
               (const uint8_t *)frame->pixels + y * frame->pitch_bytes, row_bytes);
    copy->pixels = pixels;
}

void see_frame(bridge_t *bridge, bridge_frame_t *frame)
{
    *frame = (bridge_frame_t){ 0 };
    seen_at = NULL;
    bridge_run_frame(bridge, &(bridge_observer_t){ .on_frame = copy_frame, .user = frame });
}

uint32_t sum_of(const bridge_frame_t *frame)
{
    uint32_t sum = 0;
    const size_t pixel = frame->format == BRIDGE_PIXEL_XRGB8888 ? 4 : 2;
    for (uint32_t y = 0; frame->pixels && y < frame->height_px; y++)
        for (size_t x = 0; x < frame->width_px * pixel; x++)
            sum = sum * 31 + ((const uint8_t *)frame->pixels)[y * frame->pitch_bytes + x];
    return sum;
}

const void *pixels_seen(void)
{
    return seen_at;
}

void assert_sentence(const char *why, const char *part)
{
    assert_true(strlen(why) > 0 && strlen(why) < sizeof(why_t));
    assert_null(strchr(why, '\n'));
    if (!strstr(why, part)) fail_msg("'%s' should say '%s'", why, part);
}

/* ---- malloc that fails; the linker's --wrap sends our code's calls here ---- */

static long fail_at, seen;

void fail_allocation(long n)
{
    fail_at = n;
    seen = 0;
}

long allocations_seen(void)
{
    return seen;
}

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);

static bool fails_now(void)
{
    seen++;
    return fail_at != 0 && seen == fail_at;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}
