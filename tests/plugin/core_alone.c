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
enum { MOST_LOST = 64, LAST_SETTLED = 64, SETTLED_FOR = 150 };

static size_t lost[MOST_LOST]; /* ascending */
static int num_lost = -1;      /* -1: not measured yet */
static int settled_frame;

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
 * a counter may have come round to where it was. nestopia's states are of another size, and end
 * elsewhere, when the size is asked for before the first frame. */
static void find_lost_bytes(bool ask_at_load, bool *is_lost, size_t most_bytes)
{
    static const int distances[] = { 1, 2, 5, 41 };
    static frontend_t core;
    open_alone(&core);
    if (ask_at_load) (void)core.core.serialize_size();
    run_one(&core, 0);
    const size_t num_bytes = core.core.serialize_size();
    assert_true(num_bytes <= most_bytes);
    uint8_t *const saved = calloc(1, num_bytes), *const again = calloc(1, num_bytes);
    assert_true(saved && again);
    for (int frame = 1; frame < 600; frame++) {
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
    frontend_close(&core);
    free(saved);
    free(again);
}

/* Runs from frame `first` on; writes down what each frame was, or compares. */
static bool runs_as(frontend_t *core, int first, uint64_t *hashes, bool write, uint8_t *state,
                    size_t num_bytes)
{
    bool same = true;
    for (int i = 0; i < SETTLED_FOR; i++) {
        run_one(core, first + i);
        assert_true(core->core.serialize(state, num_bytes));
        const uint64_t hash = core_alone_hash(state, num_bytes);
        if (write) hashes[i] = hash;
        same = same && hashes[i] == hash;
    }
    return same;
}

/* Three games in one process, each from the first one's state, twice. */
static bool is_settled_at(int first)
{
    static frontend_t core;
    uint64_t hashes[SETTLED_FOR];
    uint8_t *saved = NULL, *state = NULL;
    bool same = true;
    for (int game = 0; game < 3 && same; game++) {
        open_alone(&core);
        const size_t num_bytes = core.core.serialize_size();
        if (game == 0) {
            saved = calloc(1, num_bytes);
            state = calloc(1, num_bytes);
            assert_true(saved && state);
        }
        for (int i = 0; i < first; i++) run_one(&core, i);
        if (game == 0) assert_true(core.core.serialize(saved, num_bytes));
        if (game > 0) assert_true(core.core.unserialize(saved, num_bytes));
        same = runs_as(&core, first, hashes, game == 0, state, num_bytes);
        if (same) {
            assert_true(core.core.unserialize(saved, num_bytes));
            same = runs_as(&core, first, hashes, false, state, num_bytes);
        }
        frontend_close(&core);
    }
    free(saved);
    free(state);
    return same;
}

void core_alone_measure(void)
{
    if (num_lost >= 0) return;
    const size_t most_bytes = core_alone_bytes();
    bool *const is_lost = calloc(most_bytes, sizeof *is_lost);
    assert_non_null(is_lost);
    find_lost_bytes(false, is_lost, most_bytes);
    find_lost_bytes(true, is_lost, most_bytes);
    num_lost = 0;
    for (size_t i = 0; i < most_bytes; i++) {
        if (!is_lost[i]) continue;
        if (num_lost == MOST_LOST)
            fail_msg("%s alone loses more than %d bytes of its state", core_alone_path, MOST_LOST);
        lost[num_lost++] = i;
    }
    free(is_lost);
    for (settled_frame = 1; !is_settled_at(settled_frame); settled_frame *= 2)
        if (settled_frame >= LAST_SETTLED)
            fail_msg("%s alone does not repeat itself from a state at frame %d", core_alone_path,
                     LAST_SETTLED);
    if (num_lost || settled_frame > 1)
        printf(
            "%s alone loses %d of the %zu bytes of its state, the first at %zu, and repeats itself "
            "from frame %d on\n",
            core_alone_path, num_lost, most_bytes, num_lost ? lost[0] : 0, settled_frame);
}

int core_alone_num_lost(void)
{
    assert_true(num_lost >= 0);
    return num_lost;
}

int core_alone_settled_frame(void)
{
    assert_true(num_lost >= 0);
    return settled_frame;
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
