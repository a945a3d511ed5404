#include "core_alone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

const char core_alone_path[] = "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";

/* More than this is no slip of a core's: then these tests would prove nothing. */
enum { MOST_LOST = 64 };

static size_t lost[MOST_LOST]; /* ascending */
static int num_lost = -1;      /* -1: not measured yet */

static void open_alone(frontend_t *core)
{
    frontend_open(core, core_alone_path);
    core->save_dir = kit_dir;
    frontend_init(core);
    if (!frontend_load(core, kit_kumite)) fail_msg("%s refuses %s", core_alone_path, kit_kumite);
}

size_t core_alone_bytes(void)
{
    static frontend_t core;
    open_alone(&core);
    const size_t num_bytes = core.core.serialize_size();
    frontend_close(&core);
    return num_bytes;
}

/* From the title into the fight, then as two players who press everything now and then. */
static void run_one(frontend_t *core, int frame)
{
    core->pad[0] = frame % 100 < 3 ? PAD_START : (uint16_t)(frame * 2654435761u >> 20);
    core->pad[1] = frame % 100 < 3 ? 0 : (uint16_t)(frame * 2246822519u >> 20);
    frontend_run(core, 1);
}

/* A state, some frames, the state again: which bytes are others now? By several distances, because
 * a counter may have come round to where it was. */
void core_alone_measure(void)
{
    if (num_lost >= 0) return;
    static const int distances[] = { 1, 2, 5, 41 };
    static frontend_t core;
    open_alone(&core);
    run_one(&core, 0); /* nestopia's size is another before the first frame */
    const size_t num_bytes = core.core.serialize_size();
    uint8_t *const saved = calloc(1, num_bytes), *const again = calloc(1, num_bytes);
    bool *const is_lost = calloc(num_bytes, sizeof *is_lost);
    assert_true(saved && again && is_lost);
    for (int frame = 1; frame < 1000; frame++) {
        run_one(&core, frame);
        if (frame % 37 != 1) continue;
        for (size_t d = 0; d < sizeof distances / sizeof distances[0]; d++) {
            assert_int_equal(core.core.serialize_size(), num_bytes);
            assert_true(core.core.serialize(saved, num_bytes));
            for (int i = 0; i < distances[d]; i++) run_one(&core, i);
            assert_true(core.core.unserialize(saved, num_bytes));
            assert_true(core.core.serialize(again, num_bytes));
            for (size_t i = 0; i < num_bytes; i++) is_lost[i] |= again[i] != saved[i];
        }
    }
    num_lost = 0;
    for (size_t i = 0; i < num_bytes; i++) {
        if (!is_lost[i]) continue;
        if (num_lost == MOST_LOST)
            fail_msg("%s alone loses more than %d bytes of its state", core_alone_path, MOST_LOST);
        lost[num_lost++] = i;
    }
    if (num_lost)
        printf("%s alone loses %d of the %zu bytes of its state, the first at %zu\n",
               core_alone_path, num_lost, num_bytes, lost[0]);
    frontend_close(&core);
    free(saved);
    free(again);
    free(is_lost);
}

/* The next byte from `at` on that the core loses, or num_bytes. */
static size_t next_lost(size_t at, size_t num_bytes)
{
    assert_true(num_lost >= 0);
    for (int i = 0; i < num_lost; i++)
        if (lost[i] >= at) return lost[i] < num_bytes ? lost[i] : num_bytes;
    return num_bytes;
}

uint64_t core_alone_hash(const uint8_t *state, size_t num_bytes)
{
    uint64_t hash = 0;
    for (size_t at = 0; at < num_bytes;) {
        const size_t end = next_lost(at, num_bytes);
        hash = frontend_hash(hash, state + at, end - at);
        at = end + 1;
    }
    return hash;
}

void core_alone_expect_same(const uint8_t *state, const uint8_t *expected, size_t num_bytes)
{
    for (size_t at = 0; at < num_bytes;) {
        const size_t end = next_lost(at, num_bytes);
        assert_memory_equal(state + at, expected + at, end - at);
        at = end + 1;
    }
}
