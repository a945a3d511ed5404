/* Over netplay two sides that load each other's states: the same agent plays the same, late
 * reactions included, any other is refused with a sentence. RetroArch's own netplay is in
 * test_retroarch_netplay.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

enum { PAD_AT = 8, NUM_FRAMES = 200 };

static const char preset_format[] =
    "{\"kata_preset\": 1, \"game\": \"%s\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
    " \"variables\": {\"a\": {\"address\": 0, \"type\": \"|u1\"},"
    "  \"pad\": {\"address\": 8, \"type\": \"<u2\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4},"
    " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Rise\", \"notation\": \"623A\"}]},"
    " \"observe\": [{\"own_pad\": true}, {\"variable\": \"pad\", \"values\": [0, 1, 16, 32, 33, 64,"
    "  128, 129, 160, 161, 256, 288, 384, 416]}]}";

static char rom[2048];
static const char *reaction = "0"; /* kata_reaction of the side that is opened */

static uint8_t *state_of(frontend_t *front, size_t *num_bytes)
{
    *num_bytes = front->core.serialize_size();
    uint8_t *bytes = calloc(1, *num_bytes);
    assert_non_null(bytes);
    assert_true(front->core.serialize(bytes, *num_bytes));
    return bytes;
}

/* A side of the game. seed: of its agent, 0: it has none. It has run some frames. */
static void open_side(frontend_t *front, const char *game, uint64_t seed, const char *mode)
{
    const char *build = getenv("KATA_BUILD");
    char core[2048], preset[2048];
    snprintf(core, sizeof core, "%s/tests/plugin/cores/lazy_libretro.so",
             build ? build : "build/release");
    kit_forget();
    kit_uninstall();
    kit_install(core, "lazy", "nes");
    strcpy(rom, kit_path("game.nes"));
    kit_write(rom, "1", 1);
    snprintf(preset, sizeof preset, preset_format, game);
    if (seed) kit_learn_other(rom, preset, seed);
    kit_open(front);
    frontend_set_option(front, "kata_mode", mode);
    frontend_set_option(front, "kata_reaction", reaction);
    assert_true(frontend_load(front, rom));
    front->netplay = true;
    frontend_run(front, 20);
    size_t num_bytes;
    free(state_of(front, &num_bytes)); /* a frontend says so when it saves */
    frontend_run(front, 1);
}

static uint16_t pad_of(const frontend_t *front)
{
    return (uint16_t)(frontend_ram(front, PAD_AT) | frontend_ram(front, PAD_AT + 1) << 8);
}

/* The host's state and the pads behind it. */
typedef struct {
    uint8_t *state, *last; /* before and behind the frames */
    size_t num_bytes;
    uint16_t pads[NUM_FRAMES];
    uint64_t states[NUM_FRAMES]; /* hashes, before each frame */
} course_t;

/* undone: so many frames are run before each in vain, as when another's input comes late. */
static void play_on(frontend_t *front, course_t *course, int undone)
{
    course->last = calloc(1, course->num_bytes);
    assert_non_null(course->last);
    for (int i = 0; i < NUM_FRAMES; i++) {
        assert_true(front->core.serialize(course->last, course->num_bytes)); /* as frontends do */
        course->states[i] = frontend_hash(0, course->last, course->num_bytes);
        front->pad[0] = PAD_LEFT;
        if (undone > 0) {
            frontend_run(front, undone);
            assert_true(front->core.unserialize(course->last, course->num_bytes));
        }
        front->pad[0] = i >= 100 && i < 105 ? PAD_UP : 0;
        frontend_run(front, 1);
        course->pads[i] = pad_of(front);
    }
    assert_int_equal(front->core.serialize_size(), course->num_bytes);
    assert_true(front->core.serialize(course->last, course->num_bytes));
}

static course_t host_course(const char *game, uint64_t seed)
{
    frontend_t front;
    course_t course = { 0 };
    open_side(&front, game, seed, "play");
    course.state = state_of(&front, &course.num_bytes);
    play_on(&front, &course, 0);
    frontend_close(&front);
    return course;
}

static void forget_course(course_t *course)
{
    free(course->state);
    free(course->last);
}

/* Frontends compare checksums of whole states: the trailer, too, must be the same. */
static void assert_joins(frontend_t *front, const course_t *host, int undone)
{
    course_t here = { .num_bytes = host->num_bytes };
    assert_int_equal(front->core.serialize_size(), host->num_bytes);
    assert_true(front->core.unserialize(host->state, host->num_bytes));
    play_on(front, &here, undone);
    for (int i = 0; i < NUM_FRAMES; i++)
        if (here.states[i] != host->states[i])
            fail_msg("frame %d: another state; pads %x and %x", i, host->pads[i], here.pads[i]);
    assert_memory_equal(here.pads, host->pads, sizeof here.pads);
    assert_memory_equal(here.last, host->last, host->num_bytes);
    forget_course(&here);
}

static void assert_refused(frontend_t *front, const course_t *host, const char *sentence)
{
    assert_int_equal(front->core.serialize_size(), host->num_bytes); /* or nobody is asked */
    assert_false(front->core.unserialize(host->state, host->num_bytes));
    if (!frontend_was_told(front, sentence)) fail_msg("not told: %s", sentence);
    front->netplay = false; /* alone it may be loaded */
    assert_true(front->core.unserialize(host->state, host->num_bytes));
}

static void test_the_same_agent_joins_whatever_the_options_say(void **state)
{
    (void)state;
    course_t host = host_course("One", 7);
    assert_int_equal(host.pads[102], PAD_UP); /* a human's, of whichever side */
    static const char *const modes[] = { "play", "off" };
    for (int m = 0; m < 2; m++) {
        frontend_t front;
        open_side(&front, "One", 7, modes[m]);
        assert_true(frontend_was_told(&front, "netplay: all need agent "));
        assert_joins(&front, &host, 0);
        frontend_close(&front);
    }
    forget_course(&host);
}

static void test_another_agent_is_refused(void **state)
{
    (void)state;
    course_t host = host_course("One", 7);
    frontend_t front;
    open_side(&front, "One", 8, "play");
    assert_refused(&front, &host, "netplay refused: the host's agent is ");
    frontend_close(&front);
    open_side(&front, "Two", 7, "play");
    assert_refused(&front, &host, "netplay refused: the host's preset is ");
    frontend_close(&front);
    open_side(&front, "One", 0, "play");
    assert_true(frontend_was_told(&front, "netplay: no agent here, so the host may have none"));
    assert_refused(&front, &host, " is missing here");
    frontend_close(&front);
    forget_course(&host);
}

static void test_without_the_hosts_agent_none_plays(void **state)
{
    (void)state;
    course_t host = host_course("One", 0);
    for (int i = 0; i < NUM_FRAMES; i++)
        assert_int_equal(host.pads[i], i >= 100 && i < 105 ? PAD_UP : 0);
    frontend_t front;
    open_side(&front, "One", 7, "play");
    assert_joins(&front, &host, 0);
    assert_true(frontend_was_told(&front, "netplay: the host has no agent, so none plays"));
    frontend_close(&front);
    forget_course(&host);
}

/* One side alone that changed an option would play another game. */
static void test_options_stay_during_netplay_and_hold_afterwards(void **state)
{
    (void)state;
    course_t host = host_course("One", 7);
    frontend_t front;
    open_side(&front, "One", 7, "play");
    assert_true(front.core.unserialize(host.state, host.num_bytes));
    frontend_set_option(&front, "kata_mode", "off");
    frontend_run(&front, 1);
    assert_true(frontend_was_told(&front, "over netplay the agent's options stay as they are"));
    assert_joins(&front, &host, 0);
    front.netplay = false;
    frontend_run(&front, 120); /* no state for so long */
    assert_true(frontend_was_told(&front, "the agent is off, the pads are yours"));
    frontend_run(&front, 8);
    assert_int_equal(pad_of(&front), 0);
    frontend_close(&front);
    forget_course(&host);
}

/* What it sees late, its own pads since then and the delay are in the host's state. */
static void test_an_agent_that_reacts_late_joins(void **state)
{
    (void)state;
    for (int eyes = 0; eyes < 2; eyes++) {
        kit_sees_numbers = eyes == 1;
        course_t prompt = host_course("One", 7);
        reaction = "250";
        course_t host = host_course("One", 7);
        reaction = "0"; /* of those who join */
        assert_memory_not_equal(host.pads, prompt.pads, sizeof host.pads);
        for (int undone = 0; undone <= 5; undone += 5) {
            frontend_t front;
            open_side(&front, "One", 7, "play");
            assert_joins(&front, &host, undone);
            frontend_close(&front);
        }
        forget_course(&host);
        forget_course(&prompt);
    }
    kit_sees_numbers = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_agent_joins_whatever_the_options_say),
        cmocka_unit_test(test_another_agent_is_refused),
        cmocka_unit_test(test_without_the_hosts_agent_none_plays),
        cmocka_unit_test(test_options_stay_during_netplay_and_hold_afterwards),
        cmocka_unit_test(test_an_agent_that_reacts_late_joins),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
