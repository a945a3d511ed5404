/* A frame that is run again is the same again on the real cores, with every pad of the machine the
 * agent's: run-ahead by one frame and by two, in one instance and in two, and a state every seventh
 * frame. (A fight of two agents on nestopia: test_exact.c.)
 *
 * Two pads make sense on the NES (nestopia), the SNES (bsnes-mercury) and, through the multitap
 * that the core has plugged in, on the PC Engine (beetle-pce-fast). A Game Boy (gambatte) and a
 * Game Boy Advance (mgba) have one: there the agent is wished for both, and gets the one that there
 * is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit.h"
#include "../leaky_cores.h"

typedef struct {
    const char *core, *system, *extension;
    int num_pads;
    size_t pad_at[2], pad_bytes; /* in tests/pad_echo's memory */
    size_t in_state;             /* where a state holds that memory; 0: the core lends a pointer */
} machine_t;

static const machine_t machines[] = {
    { "nestopia", "nes", "nes", 2, { 2, 3 }, 1, 0 },
    { "bsnes_mercury_performance", "snes", "sfc", 2, { 2, 6 }, 2, 0 },
    { "mednafen_pce_fast", "pce", "pce", 2, { 2, 4 }, 1, 0 },
    { "gambatte", "gb", "gb", 1, { 2, 0 }, 1, 0 },
    { "mgba", "gba", "gba", 1, { 4, 0 }, 4, 0x21000 },
};
enum { NUM_MACHINES = sizeof machines / sizeof machines[0] };

static const char preset_format[] =
    "{\"kata_preset\": 1, \"game\": \"Echo\", \"system\": \"%s\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 256}, \"variables\": {},"
    " \"pad\": {\"ports\": %d, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4},"
    " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Rise\", \"notation\": \"623A\"}, {\"name\": \"Spin\", \"notation\": \"214A\"},"
    "   {\"name\": \"Sweep\", \"notation\": \"2A,2B\"}]}}";

enum { NUM_FRAMES = 300, BEGIN_AT = 60, EVERY = 7, LOOKED_AT = 2048 };
typedef enum { PLAIN, ONE_AHEAD, TWO_AHEAD, REWOUND, NUM_WAYS } way_t;

typedef struct {
    uint64_t memory[NUM_FRAMES], video[NUM_FRAMES];
    int presses[2], apart; /* frames in which a pad was pressed, in which the two differed */
} run_t;

static char rom[2048];
static uint8_t *begun; /* where all begin: power-on itself differs (core_alone.h) */
static size_t begun_bytes;

/* The core under a name of its own, and an .info that promises what RetroArch asks of a core for
 * run-ahead: bsnes-mercury's and nestopia's say less, and a player edits them
 * (plugin/README.md). */
static void prepare(const machine_t *machine)
{
    const char *build = getenv("KATA_BUILD");
    char core[256], preset[2048];
    snprintf(core, sizeof core, "/usr/lib/x86_64-linux-gnu/libretro/%s_libretro.so", machine->core);
    if (access(core, R_OK) != 0) {
        print_message("skipped: the core %s is not installed (./packages.sh says whether this "
                      "distribution has it)\n",
                      machine->core);
        skip();
    }
    kit_forget();
    kit_uninstall();
    kit_install(core, machine->core, machine->extension);
    snprintf(rom, sizeof rom, "%s/tests/pad_echo/pad_echo.%s", build ? build : "build/release",
             machine->extension);
    snprintf(preset, sizeof preset, preset_format, machine->system, machine->num_pads);
    kit_learn(rom, preset);
    free(begun);
    begun = NULL;
}

static void open_machine(frontend_t *front, const char *plugin, bool second)
{
    const unsigned agents_type = RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 0x4b41);
    frontend_open(front, plugin);
    front->save_dir = kit_dir;
    front->second = second;
    frontend_init(front);
    frontend_set_option(front, "kata_epsilon", "5");
    if (!frontend_load(front, rom)) fail_msg("%s: %s", rom, front->messages[0]);
    for (unsigned port = 0; port < 2; port++)
        front->core.set_controller_port_device(port, agents_type);
    frontend_run(front, BEGIN_AT);
    const size_t num_bytes = front->core.serialize_size();
    if (!begun) {
        begun_bytes = num_bytes;
        begun = calloc(1, num_bytes);
        assert_non_null(begun);
        assert_true(front->core.serialize(begun, num_bytes));
    }
    assert_int_equal(num_bytes, begun_bytes);
    assert_true(front->core.unserialize(begun, num_bytes));
}

static uint8_t *new_state(frontend_t *front, size_t *num_bytes)
{
    *num_bytes = front->core.serialize_size();
    uint8_t *bytes = calloc(1, *num_bytes);
    assert_non_null(bytes);
    return bytes;
}

/* The game's first LOOKED_AT bytes of memory, read from a state where the core lends none. */
static const uint8_t *look_into(frontend_t *front, const machine_t *machine)
{
    static uint8_t bytes[1 << 20];
    if (machine->in_state) {
        const size_t num_bytes = front->core.serialize_size();
        assert_in_range(num_bytes, machine->in_state + LOOKED_AT, sizeof bytes);
        assert_true(front->core.serialize(bytes, num_bytes));
        return bytes + machine->in_state;
    }
    assert_in_range(front->core.get_memory_size(RETRO_MEMORY_SYSTEM_RAM), LOOKED_AT, 1 << 20);
    return front->core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM);
}

static uint64_t hash_of(frontend_t *front, const machine_t *machine)
{
    return frontend_hash(0, look_into(front, machine), LOOKED_AT);
}

static void count_pads(const uint8_t *memory, const machine_t *machine, run_t *run)
{
    uint32_t pads[2] = { 0 };
    for (int pad = 0; pad < machine->num_pads; pad++) {
        for (size_t i = 0; i < machine->pad_bytes; i++)
            pads[pad] |= (uint32_t)memory[machine->pad_at[pad] + i] << 8 * i;
        run->presses[pad] += pads[pad] != 0;
    }
    run->apart += pads[0] != pads[1];
}

/* Run ahead: each frame is hidden, and later ones are undone. Rewound: every seventh frame is
 * saved, and the frames to come are run once in vain. */
static void play(const machine_t *machine, way_t way, run_t *run)
{
    frontend_t front;
    open_machine(&front, kit_plugin, false);
    size_t num_bytes;
    uint8_t *state = new_state(&front, &num_bytes);
    *run = (run_t){ 0 };
    for (int i = 0; i < NUM_FRAMES; i++) {
        const int ahead = way == REWOUND ? 0 : (int)way;
        if (way == REWOUND && i % EVERY == 0) {
            assert_true(front.core.serialize(state, num_bytes));
            frontend_run(&front, EVERY);
            assert_true(front.core.unserialize(state, num_bytes));
        }
        front.hidden = ahead > 0;
        frontend_run(&front, 1);
        const uint8_t *memory = look_into(&front, machine);
        run->memory[i] = frontend_hash(0, memory, LOOKED_AT);
        if (!ahead) run->video[i] = front.video_hash;
        count_pads(memory, machine, run);
        if (ahead == 0) continue;
        assert_true(front.core.serialize(state, num_bytes));
        for (int a = 1; a <= ahead; a++) {
            front.hidden = a < ahead;
            frontend_run(&front, 1);
        }
        if (i + ahead < NUM_FRAMES) run->video[i + ahead] = front.video_hash; /* what is shown */
        assert_true(front.core.unserialize(state, num_bytes));
    }
    frontend_close(&front);
    free(state);
}

static void compare(const machine_t *machine, const run_t *plain, const run_t *again, way_t way)
{
    for (int i = 0; i < NUM_FRAMES; i++) {
        if (plain->memory[i] != again->memory[i])
            fail_msg("%s, way %d, frame %d: another memory", machine->core, (int)way, i);
        if ((way == REWOUND || i > TWO_AHEAD) && plain->video[i] != again->video[i])
            fail_msg("%s, way %d, frame %d: another picture", machine->core, (int)way, i);
    }
}

static run_t plain, again;

static void test_every_pads_agent_plays_the_same_again(void **state)
{
    const machine_t *const machine = *state;
    prepare(machine);
    for (way_t way = PLAIN; way < NUM_WAYS; way++) {
        run_t *const run = way ? &again : &plain;
        play(machine, way, run);
        for (int pad = 0; pad < machine->num_pads; pad++)
            assert_in_range(run->presses[pad], NUM_FRAMES / 4, NUM_FRAMES);
        if (machine->num_pads > 1) assert_in_range(run->apart, 20, NUM_FRAMES);
        compare(machine, &plain, run, way);
    }
}

/* As RetroArch runs ahead with two instances: a copy of Kata's file is given the first one's state
 * when somebody's pad changed, and goes on by itself in between, as many frames ahead. */
static void test_a_second_instance_is_ahead_in_the_same_game(void **state)
{
    const machine_t *const machine = *state;
    prepare(machine);
    char copy[2048];
    strcpy(copy, kit_path("second_libretro.so"));
    kit_copy(kit_plugin, copy);
    play(machine, PLAIN, &plain);
    for (int ahead = 1; ahead <= 2; ahead++) {
        frontend_t first, *second = calloc(1, sizeof *second);
        assert_non_null(second);
        open_machine(&first, kit_plugin, false);
        open_machine(second, copy, true);
        size_t num_bytes, second_bytes;
        uint8_t *bytes = new_state(&first, &num_bytes);
        free(new_state(second, &second_bytes));
        assert_int_equal(second_bytes, num_bytes);
        for (int i = 0; i + ahead < NUM_FRAMES; i++) {
            frontend_run(&first, 1);
            if (hash_of(&first, machine) != plain.memory[i])
                fail_msg("%s, frame %d: the first instance has another memory", machine->core, i);
            const bool touched = i % 43 == 0;
            if (touched) {
                assert_true(first.core.serialize(bytes, num_bytes));
                assert_true(second->core.unserialize(bytes, num_bytes));
            }
            for (int a = touched ? 1 : ahead; a <= ahead; a++) {
                second->hidden = a < ahead;
                frontend_run(second, 1);
            }
            if (hash_of(second, machine) != plain.memory[i + ahead])
                fail_msg("%s, frame %d: the second instance has another memory %d ahead",
                         machine->core, i, ahead);
            if (second->video_hash != plain.video[i + ahead])
                fail_msg("%s, frame %d: the second instance shows another picture %d ahead",
                         machine->core, i, ahead);
        }
        frontend_close(second);
        frontend_close(&first);
        free(second);
        free(bytes);
    }
}

#define ON(machine, test)                                                                          \
    {                                                                                              \
#test " on machine " #machine, test, NULL, NULL, (void *)&machines[machine]                \
    }
#define ON_EACH(test) ON(0, test), ON(1, test), ON(2, test), ON(3, test), ON(4, test)

/* test_exact_cores PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        ON_EACH(test_every_pads_agent_plays_the_same_again),
        ON_EACH(test_a_second_instance_is_ahead_in_the_same_game),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
