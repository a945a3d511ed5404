/* test_real_cores.c - the headless bridge with five real cores: pads arrive in the game's memory,
 * two runs in one process are the same, and content that is broken or of another system does no
 * harm. */
#define _GNU_SOURCE
#include "setup.h"

#include "files.h"
#include "worker.h"
#include "why.h"

/* Real cores leak; that is theirs to mend. Our own leaks show in the other programs. */
int __lsan_is_turned_off(void);
__attribute__((visibility("default"))) int __lsan_is_turned_off(void)
{
    return 1;
}

typedef struct {
    const char *core, *game;
    uint64_t pad_address; /* where our homebrew keeps its pad, as the console sees it */
    uint64_t ram_base;
    size_t pad_bytes;
    uint32_t pressed; /* what it has there when A, START and UP are held */
} machine_t;

/* Each console has its own order of buttons. */
static const machine_t machines[] = {
    { "nestopia", "pad_echo.nes", 0x0002, 0, 1, 0x98 },          /* A - - START UP - - - */
    { "gambatte", "pad_echo.gb", 0xc002, 0xc000, 1, 0x49 },      /* UP, START, A */
    { "mgba", "pad_echo.gba", 0x02000004, 0x02000000, 4, 0x49 }, /* UP, START, A */
    { "bsnes_mercury_performance", "pad_echo.sfc", 0x7e0002, 0x7e0000, 2, 0x1880 },
    { "mednafen_pce_fast", "pad_echo.pce", 0x0002, 0, 1, 0x19 }, /* UP, RUN, I */
};
enum { NUM_MACHINES = 5 };

static void game_of(const machine_t *machine, char game[1024])
{
    char below[64];
    snprintf(below, sizeof below, "pad_echo/%s", machine->game);
    snprintf(game, 1024, "%s", build_path(below));
}

static void paths_of(const machine_t *machine, char core[1024], char game[1024])
{
    snprintf(core, 1024, "%s", real_core(machine->core));
    game_of(machine, game);
}

static bridge_t *open_machine(const machine_t *machine)
{
    char core[1024], game[1024];
    why_t why;
    paths_of(machine, core, game);
    bridge_t *bridge;
    const bridge_config_t config = { .core_path = core };
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK) fail_msg("%s", why);
    if (bridge_load(bridge, game, NULL, 0, why) != BRIDGE_OK) fail_msg("%s", why);
    return bridge;
}

static uint32_t word_at(bridge_t *bridge, const machine_t *machine)
{
    uint32_t word = 0;
    const uint8_t *const at =
        bridge_address(bridge, machine->pad_address, machine->pad_bytes, machine->ram_base);
    if (!at) fail_msg("%s: address %lx is not mapped", machine->core, (long)machine->pad_address);
    memcpy(&word, at, machine->pad_bytes);
    return word;
}

/* The whole way: a held button, through the core, into the game's own variable, read by its
 * address. */
static void test_pads_arrive_in_the_games_memory(void **state)
{
    const machine_t *const machine = *state;
    bridge_t *const bridge = open_machine(machine);
    for (int frame = 0; frame < 120; frame++) bridge_run_frame(bridge, NULL);
    assert_int_equal(word_at(bridge, machine), 0);
    bridge_hold(bridge, 0, BRIDGE_PAD_A | BRIDGE_PAD_START | BRIDGE_PAD_UP);
    for (int frame = 0; frame < 4; frame++) bridge_run_frame(bridge, NULL);
    if (word_at(bridge, machine) != machine->pressed)
        fail_msg("%s: the game has %x", machine->core, word_at(bridge, machine));
    bridge_release(bridge, 0);
    for (int frame = 0; frame < 4; frame++) bridge_run_frame(bridge, NULL);
    assert_int_equal(word_at(bridge, machine), 0);
    bridge_close(bridge);
}

static void add_frame(void *user, const bridge_frame_t *frame)
{
    uint64_t *const sum = user;
    const size_t bytes = frame->width_px * (frame->format == BRIDGE_PIXEL_XRGB8888 ? 4u : 2u);
    for (uint32_t y = 0; frame->pixels && y < frame->height_px; y += 3)
        for (size_t x = 0; x < bytes; x++)
            *sum = (*sum ^ ((const uint8_t *)frame->pixels)[y * frame->pitch_bytes + x]) *
                   1099511628211u;
}

static uint64_t play(const machine_t *machine, uint32_t num_frames)
{
    uint64_t sum = 1469598103934665603u;
    uint32_t random = 99;
    bridge_t *const bridge = open_machine(machine);
    for (uint32_t i = 0; i < num_frames; i++) {
        random = random * 1664525 + 1013904223;
        bridge_hold(bridge, 0, (uint16_t)(random >> 18));
        bridge_run_frame(bridge, &(bridge_observer_t){ .on_frame = add_frame, .user = &sum });
    }
    bridge_close(bridge);
    return sum;
}

static void test_two_runs_in_one_process_are_the_same(void **state)
{
    const machine_t *const machine = *state;
    const uint64_t first = play(machine, 200);
    if (play(machine, 200) != first) fail_msg("%s plays differently", machine->core);
}

static void test_cores_describe_themselves(void **state)
{
    const machine_t *const machine = *state;
    bridge_t *const bridge = open_machine(machine);
    const bridge_av_t av = bridge_av(bridge);
    const bridge_core_t core = bridge_core(bridge);
    assert_true(strlen(core.name) > 0 && strlen(core.extensions) > 1);
    assert_true(av.fps > 49 && av.fps < 76 && av.sample_rate_hz > 8000);
    assert_in_range(av.base_width_px, 160, 640);
    assert_true(bridge_state_bytes(bridge) > 1000);
    assert_non_null(bridge_button_name(bridge, 8));
    bridge_close(bridge);
}

/* ---- bad content, each in a process of its own: what a core does with it is the core's affair
 * ---- */

typedef struct {
    const char *core_path, *content_path;
} attempt_t;

static void try_to_play(worker_child_t *child, void *shared, void *argument)
{
    const attempt_t *const attempt = argument;
    (void)shared;
    why_t why;
    bridge_t *bridge;
    const bridge_config_t config = { .core_path = attempt->core_path };
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK) worker_fail(child, why);
    if (bridge_load(bridge, attempt->content_path, NULL, 0, why) != BRIDGE_OK)
        worker_fail(child, why);
    while (worker_next(child)) {
        for (int i = 0; i < 30; i++) bridge_run_frame(bridge, NULL);
        worker_reply(child);
    }
    bridge_close(bridge);
}

/* True: it played. False: refused or dead, with a sentence. */
static bool attempt(const char *core, const char *content, why_t why)
{
    attempt_t the_attempt = { core, content };
    worker_t *worker;
    const char *const file = strrchr(core, '/') + 1;
    assert_int_equal(worker_start(&worker, 64, try_to_play, &the_attempt, file, why), WORKER_OK);
    worker_post(worker);
    const worker_status_t status = worker_wait(worker, 30000, why);
    assert_int_not_equal(status, WORKER_TIMEOUT);
    worker_stop(worker);
    return status == WORKER_OK;
}

static void test_missing_empty_truncated_and_foreign_content(void **state)
{
    const machine_t *const machine = *state;
    char core[1024], game[1024], name[64];
    why_t why = "";
    const char *const extension = strrchr(machine->game, '.');
    uint8_t *bytes;
    size_t num_bytes;
    paths_of(machine, core, game);
    assert_true(attempt(core, game, why));
    assert_false(attempt(core, "/nowhere/game.bin", why));
    assert_sentence(why, "/nowhere/game.bin: cannot be read: No such file");
    snprintf(name, sizeof name, "empty%s", extension);
    assert_false(attempt(core, content_file(name, "", 0), why));
    assert_sentence(why, "is empty");

    /* Cut off anywhere: it plays what is there, or is refused; never without a sentence. */
    assert_true(files_read(game, 1 << 20, &bytes, &num_bytes, why));
    const size_t cuts[] = { 1, 15, 17, 100, num_bytes / 2, num_bytes - 1 };
    for (int k = 0; k < 6; k++) {
        why[0] = '\0';
        snprintf(name, sizeof name, "cut%s", extension);
        if (!attempt(core, content_file(name, bytes, cuts[k]), why))
            assert_sentence(why, "_libretro.so: ");
    }
    free(bytes);

    /* Another console's game, under its own name and under a wrong one. */
    char other[1024];
    game_of(&machines[(machine - machines + 1) % NUM_MACHINES], other);
    assert_true(files_read(other, 1 << 20, &bytes, &num_bytes, why));
    why[0] = '\0';
    if (!attempt(core, other, why)) assert_sentence(why, "_libretro.so: ");
    snprintf(name, sizeof name, "foreign%s", extension);
    if (!attempt(core, content_file(name, bytes, num_bytes), why))
        assert_sentence(why, "_libretro.so: ");
    free(bytes);
}

/* The one that people meet first, word for word. */
static void test_nestopia_refuses_what_is_no_nes_game(void **state)
{
    (void)state;
    char core[1024];
    why_t why = "";
    snprintf(core, sizeof core, "%s", real_core("nestopia"));
    assert_false(attempt(core, content_file("text.nes", "hello, I am a text", 18), why));
    assert_sentence(why, "text.nes: Nestopia does not open it");
    assert_false(attempt(core, content_file("cut.nes", "NES\x1a\1\1\0\0", 8), why));
    assert_sentence(why, "cut.nes: Nestopia does not open it");
}

/* A disk of the Famicom needs disksys.rom, which nestopia's .info names, and which may lie in the
 * system folder that RetroArch is told. */
static void test_firmware_that_is_missing_is_named(void **state)
{
    (void)state;
    static uint8_t disk[16 + 65500] = "FDS\x1a\1", bios[8192];
    char core[1024], game[1024], home[512], path[600], text[600];
    why_t why = "";
    if (access("/usr/share/libretro/info/nestopia_libretro.info", R_OK) != 0) {
        print_message("skipped: libretro-core-info is not installed\n");
        skip();
    }
    snprintf(core, sizeof core, "%s", real_core("nestopia"));
    snprintf(game, sizeof game, "%s", content_file("disk.fds", disk, sizeof disk));
    const char *const before = getenv("HOME"), *const base = getenv("TMPDIR");
    char own_home[512];
    snprintf(own_home, sizeof own_home, "%s", before ? before : "");
    snprintf(home, sizeof home, "%s/firmware-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(home));
    setenv("HOME", home, 1);
    unsetenv("XDG_CONFIG_HOME");
    assert_false(attempt(core, game, why));
    assert_sentence(why, "disk.fds: Nestopia does not open it");
    assert_sentence(why, "; some games need firmware that is not in ");
    assert_sentence(why, ": disksys.rom");

    snprintf(path, sizeof path, "%s/.retroarch.cfg", home);
    snprintf(text, sizeof text, "system_directory = \"%s\"\n", home);
    assert_true(files_replace(path, text, strlen(text), why));
    snprintf(path, sizeof path, "%s/disksys.rom", home);
    assert_true(files_replace(path, bios, sizeof bios, why));
    why[0] = '\0';
    if (!attempt(core, game, why)) assert_null(strstr(why, "firmware"));
    setenv("HOME", own_home, 1);
}

/* A test on one machine, so that a core that is not installed skips what needs it and no more. */
#define ON(machine, test)                                                                          \
    {                                                                                              \
#test " on machine " #machine, test, NULL, NULL, (void *)&machines[machine]                \
    }
#define ON_EACH(test) ON(0, test), ON(1, test), ON(2, test), ON(3, test), ON(4, test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_EACH(test_pads_arrive_in_the_games_memory),
        ON_EACH(test_two_runs_in_one_process_are_the_same),
        ON_EACH(test_cores_describe_themselves),
        ON_EACH(test_missing_empty_truncated_and_foreign_content),
        cmocka_unit_test(test_nestopia_refuses_what_is_no_nes_game),
        cmocka_unit_test(test_firmware_that_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
