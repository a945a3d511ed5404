/* Wherever the game is when the agent gets its pad, it finds its way to the fight, or the screen
 * says what a person has to press (player/holder.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holder.h"
#include "kit.h"
#include "player_state.h"
#include "../leaky_cores.h"

enum { TIMER = 0x306, CPU_LEVEL = 0x307, TWO_PLAYERS = 0x308, ROUNDS_WON = 0x31c, NUM_STARTS = 9 };
enum { PAD_L = 1 << 10, PAD_SELECT = 1 << 2 };
static const char *const starts[NUM_STARTS] = { "level1", "level2", "level3", "level4", "level5",
                                                "level6", "level7", "level8", "versus" };

static void open_kumite(frontend_t *front, const char *port)
{
    kit_open(front);
    if (port) frontend_set_option(front, "kata_port", port);
    if (!frontend_load(front, kit_kumite)) fail_msg("%s", front->messages[0]);
}

static void tap(frontend_t *front, int pad, uint16_t buttons)
{
    front->pad[pad] = buttons;
    frontend_run(front, 3);
    front->pad[pad] = 0;
    frontend_run(front, 8);
}

/* Frames until the byte has this value; fails after `limit`. */
static int frames_until(frontend_t *front, size_t address, int value, int limit)
{
    int frames = 0;
    while (frontend_ram(front, address) != value) {
        if (frames++ == limit) fail_msg("0x%zx is not %d after %d frames", address, value, limit);
        frontend_run(front, 1);
    }
    return frames;
}

static int count_presses(frontend_t *front, int fighter, int num_frames)
{
    int presses = 0;
    for (int i = 0; i < num_frames; i++) {
        frontend_run(front, 1);
        presses += frontend_ram(front, (size_t)(KUMITE_PAD + fighter)) != 0;
    }
    return presses;
}

static void poke(frontend_t *front, size_t address, uint8_t value)
{
    ((uint8_t *)front->core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM))[address] = value;
}

/* Fighter 0 or 1 loses the match that is on: his health is taken away, round by round. */
static void lose_match(frontend_t *front, int loser)
{
    for (int round = 0; round < 2; round++) {
        frames_until(front, KUMITE_FIGHT_ACTIVE, 1, 1000);
        poke(front, (size_t)(KUMITE_HEALTH + loser), 0);
        frames_until(front, KUMITE_FIGHT_ACTIVE, 0, 10);
    }
    frames_until(front, KUMITE_SCREEN, 3, 1000);
}

/* ---- one case each --------------------------------------------------------------------------- */

static void test_a_pause_is_left(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    frontend_t front;
    open_kumite(&front, NULL);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    frontend_run(&front, 60);
    tap(&front, 0, PAD_START);
    const uint8_t x = frontend_ram(&front, KUMITE_X);
    frontend_run(&front, 170); /* the human's */
    assert_int_equal(frontend_ram(&front, KUMITE_X), x);
    frontend_run(&front, 350);
    assert_in_range(count_presses(&front, 0, 120), 60, 120);
    assert_int_not_equal(frontend_ram(&front, KUMITE_X), x);
    frontend_close(&front);
}

/* Without the start script the agent does not press START, but says it. */
static void test_a_pause_is_said_where_the_agent_does_not_press(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    frontend_t front;
    open_kumite(&front, NULL);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    frontend_set_option(&front, "kata_start", "disabled");
    tap(&front, 0, PAD_START);
    front.num_messages = 0;
    frontend_run(&front, 600);
    assert_true(frontend_was_told(&front, "paused: press START"));
    assert_int_equal(count_presses(&front, 0, 60), 0);
    frontend_close(&front);
}

static void test_a_match_of_two_is_followed_by_one_of_two(void **state)
{
    (void)state;
    for (int with_ways = 0; with_ways < 2; with_ways++) {
        kit_learn_kumite("level2", with_ways ? NULL : "ways");
        frontend_t front;
        kit_open(&front);
        frontend_set_option(&front, "kata_start", "disabled");
        assert_true(frontend_load(&front, kit_kumite));
        frames_until(&front, KUMITE_SCREEN, 1, 300);
        frontend_run(&front, 30);
        tap(&front, 0, PAD_DOWN); /* 2 PLAYERS */
        tap(&front, 0, PAD_START);
        frontend_set_option(&front, "kata_start", "trained");
        frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 300);
        tap(&front, 1, PAD_LEFT);
        lose_match(&front, with_ways);
        assert_int_equal(frontend_ram(&front, TWO_PLAYERS), 1);
        frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, with_ways ? 400 : 1200);
        assert_int_equal(frontend_ram(&front, TWO_PLAYERS), 1);
        frontend_run(&front, 40);
        assert_in_range(count_presses(&front, 0, 120), 60, 120);
        frontend_close(&front);
    }
}

static void test_the_agent_on_pad_2_begins_a_game_for_two(void **state)
{
    (void)state;
    kit_learn_kumite("level2", NULL);
    frontend_t front;
    open_kumite(&front, "2");
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    assert_int_equal(frontend_ram(&front, TWO_PLAYERS), 1);
    frontend_run(&front, 40);
    assert_in_range(count_presses(&front, 1, 120), 60, 120);
    assert_int_equal(count_presses(&front, 0, 20), 0);
    frontend_close(&front);
}

/* ... but in one for a single player, which somebody else began, it waits and says so. */
static void test_the_agent_on_pad_2_waits_in_a_game_for_one(void **state)
{
    (void)state;
    kit_learn_kumite("level2", NULL);
    frontend_t front;
    open_kumite(&front, "2");
    frames_until(&front, KUMITE_SCREEN, 1, 300);
    tap(&front, 0, PAD_RIGHT); /* whoever presses, begins the game himself */
    tap(&front, 0, PAD_START);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 300);
    assert_int_equal(frontend_ram(&front, TWO_PLAYERS), 0);
    front.num_messages = 0;
    assert_int_equal(count_presses(&front, 1, 1500), 0);
    assert_true(frontend_was_told(&front, "start a game for two"));
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 2); /* and nobody was thrown out */
    frontend_close(&front);
}

static void test_a_button_that_the_game_has_not_is_no_touch(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    frontend_t front;
    open_kumite(&front, NULL);
    frontend_run(&front, 20);
    for (int i = 0; i < 4; i++) tap(&front, 0, PAD_L);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 300); /* the script went on */
    frontend_run(&front, 40);
    front.pad[0] = PAD_L;
    assert_in_range(count_presses(&front, 0, 120), 60, 120);
    assert_false(frontend_was_told(&front, "you play"));
    front.pad[0] = PAD_SELECT; /* which it has */
    frontend_run(&front, 2);
    assert_true(frontend_was_told(&front, "you play"));
    frontend_close(&front);
}

static void test_it_plays_what_it_was_trained_on(void **state)
{
    (void)state;
    kit_learn_kumite("level3", NULL);
    frontend_t front;
    open_kumite(&front, NULL);
    assert_true(frontend_was_told(&front, "trained on level3"));
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 3);
    lose_match(&front, 1); /* a win: the ladder goes on */
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 4);
    lose_match(&front, 0);
    frames_until(&front, KUMITE_SCREEN, 1, 1500);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 1500);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 3);
    frontend_close(&front);
}

/* The option names the preset's starts. Chosen in the middle of a fight, the agent lets go of it at
 * once and goes there; chosen before the game is loaded, it begins there. */
static void test_the_start_is_an_option(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    frontend_t front;
    open_kumite(&front, NULL);
    assert_string_equal(frontend_option(&front, "kata_start"), "trained");
    assert_string_equal(frontend_find_option(&front, "kata_start")->values,
                        "trained|level1|level2|level3|level4|level5|level6|level7|level8|versus|"
                        "disabled");
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 1);
    frontend_run(&front, 60);
    for (int level = 5; level > 3; level--) {
        char value[] = { 'l', 'e', 'v', 'e', 'l', (char)('0' + level), 0 };
        char told[64];
        snprintf(told, sizeof told, "it goes to %s", value);
        frontend_set_option(&front, "kata_start", value);
        frontend_run(&front, 2);
        assert_true(frontend_was_told(&front, told));
        assert_int_equal(count_presses(&front, 0, HOLDER_REST_FRAMES - 4), 0);
        frames_until(&front, KUMITE_FIGHT_ACTIVE, 0, 10);
        frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
        assert_int_equal(frontend_ram(&front, CPU_LEVEL), level);
        frontend_run(&front, 60);
        assert_in_range(count_presses(&front, 0, 120), 60, 120);
    }
    frontend_set_option(&front, "kata_start", "versus");
    frames_until(&front, TWO_PLAYERS, 1, 600);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    frontend_set_option(&front, "kata_start", "trained");
    frontend_run(&front, 1);
    assert_true(frontend_was_told(&front, "it goes to what it was trained on"));
    frames_until(&front, TWO_PLAYERS, 0, 600);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 1);
    frontend_close(&front);

    frontend_open(&front, kit_plugin);
    front.save_dir = kit_dir;
    frontend_set_option(&front, "kata_start", "level6"); /* as it was saved */
    frontend_init(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_string_equal(frontend_option(&front, "kata_start"), "level6");
    assert_true(frontend_was_told(&front, "trained on level1, goes to level6"));
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 6);
    frontend_close(&front);
}

/* A state of another start's fight is where a person wants to be. */
static void test_a_loaded_state_is_not_left_for_the_chosen_start(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 17];
    kit_learn_kumite("level1", NULL);
    frontend_t front;
    open_kumite(&front, NULL);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
    const size_t num_bytes = front.core.serialize_size();
    assert_in_range(num_bytes, 1, sizeof bytes);
    assert_true(front.core.serialize(bytes, num_bytes));
    frontend_set_option(&front, "kata_start", "level4");
    frontend_run(&front, HOLDER_REST_FRAMES / 2); /* on its way, too */
    assert_true(front.core.unserialize(bytes, num_bytes));
    frontend_run(&front, 60);
    assert_in_range(count_presses(&front, 0, 120), 60, 120);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 1);
    lose_match(&front, 0);
    frames_until(&front, KUMITE_SCREEN, 1, 1500);
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 1500);
    assert_int_equal(frontend_ram(&front, CPU_LEVEL), 4); /* the next match */
    frontend_close(&front);
}

static void test_pad_2_says_that_it_has_no_part_in_a_level(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    frontend_t front;
    open_kumite(&front, "2");
    assert_false(frontend_was_told(&front, "on pad 2 it plays"));
    frontend_set_option(&front, "kata_start", "level3");
    frontend_run(&front, 1);
    assert_true(frontend_was_told(&front, "on pad 2 it plays versus, not level3"));
    frames_until(&front, KUMITE_FIGHT_ACTIVE, 1, 900);
    assert_int_equal(frontend_ram(&front, TWO_PLAYERS), 1);
    front.num_messages = 0;
    frontend_set_option(&front, "kata_start", "versus");
    frontend_run(&front, 1);
    assert_false(frontend_was_told(&front, "on pad 2 it plays"));
    frontend_close(&front);
}

/* ---- luck ------------------------------------------------------------------------------------ */

static uint64_t first_fight(void)
{
    frontend_t front;
    uint64_t hash = 0;
    open_kumite(&front, NULL);
    for (int i = 0; i < 300; i++) {
        frontend_run(&front, 1);
        const uint8_t pad = frontend_ram(&front, KUMITE_PAD);
        hash = frontend_hash(hash, &pad, 1);
    }
    frontend_close(&front);
    return hash;
}

static void test_each_evening_is_another_fight(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    const uint64_t with_seed = first_fight();
    assert_true(first_fight() == with_seed);
    const char *kept = getenv("KATA_SEED");
    assert_non_null(kept);
    char seed[32];
    snprintf(seed, sizeof seed, "%s", kept);
    unsetenv("KATA_SEED");
    bool differs = false; /* 31 lengths of waiting: seven alike are one in 31^6 */
    const uint64_t first = first_fight();
    for (int evening = 0; evening < 6 && !differs; evening++) differs = first_fight() != first;
    setenv("KATA_SEED", seed, 1);
    assert_true(differs);
}

/* ---- anything at any time -------------------------------------------------------------------- */

static uint32_t random_state;

static uint32_t below(uint32_t count)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % count;
}

enum { NUM_STATES = 4, MAX_STATE = 1 << 17 };
typedef struct {
    uint8_t bytes[NUM_STATES][MAX_STATE];
    size_t num_bytes[NUM_STATES];
    uint16_t left[2]; /* frames that a press lasts yet */
} chaos_t;

static void change_an_option(frontend_t *front)
{
    static const char *const options[][4] = {
        { "kata_mode", "play", "off", "play" },
        { "kata_port", "1", "2", "1" },
        { "kata_start", "trained", "disabled", "level5" },
        { "kata_takeover", "1", "3", "disabled" },
        { "kata_epsilon", "0", "5", "varied" },
        { "kata_reaction", "0", "300", "100" },
    };
    const uint32_t option = below(sizeof options / sizeof options[0]);
    frontend_set_option(front, options[option][0], options[option][1 + below(3)]);
}

static void save_or_load(frontend_t *front, chaos_t *chaos)
{
    const uint32_t slot = below(NUM_STATES);
    if (chaos->num_bytes[slot] == 0 || below(2)) {
        const size_t num_bytes = front->core.serialize_size();
        assert_in_range(num_bytes, 1, MAX_STATE);
        assert_true(front->core.serialize(chaos->bytes[slot], num_bytes));
        chaos->num_bytes[slot] = num_bytes;
    } else { /* with our trailer, or as the core alone would have written it */
        const size_t ours = below(3) ? 0 : player_state_bytes();
        assert_true(front->core.unserialize(chaos->bytes[slot], chaos->num_bytes[slot] - ours));
    }
}

static void do_anything(frontend_t *front, chaos_t *chaos)
{
    for (int pad = 0; pad < 2; pad++) {
        if (chaos->left[pad] > 0)
            chaos->left[pad]--;
        else
            front->pad[pad] = 0;
        if (below(60)) continue;
        static const uint16_t buttons[] = { PAD_B,    PAD_START, PAD_START, PAD_UP, PAD_DOWN,
                                            PAD_LEFT, PAD_RIGHT, PAD_L,     256,    PAD_SELECT };
        front->pad[pad] = buttons[below(sizeof buttons / sizeof buttons[0])];
        chaos->left[pad] = (uint16_t)below(20);
    }
    if (below(300) == 0) change_an_option(front);
    if (below(200) == 0) save_or_load(front, chaos);
    if (below(900) == 0) front->core.reset();
    frontend_run(front, 1);
}

static bool says_what_to_press(const frontend_t *front)
{
    return frontend_was_told(front, "start the fight") ||
           frontend_was_told(front, "start a game for two") ||
           frontend_was_told(front, "press START");
}

/* All hands off: frames until the agent fights, or the screen says what to press. */
static int frames_to_the_fight(frontend_t *front, int *said)
{
    front->pad[0] = front->pad[1] = 0;
    frontend_set_option(front, "kata_mode", "play"); /* off is no agent's evening */
    front->num_messages = 0;
    const int port = strcmp(frontend_option(front, "kata_port"), "2") == 0;
    uint8_t last_timer = 0;
    int presses = 0, seconds = 0;
    for (int frame = 0; frame < HOLDER_BOUND_FRAMES + 1500; frame++) {
        frontend_run(front, 1);
        if (front->num_messages > FRONTEND_MESSAGES / 2) front->num_messages = 0;
        const bool fights =
            frontend_ram(front, KUMITE_FIGHT_ACTIVE) && (!port || frontend_ram(front, TWO_PLAYERS));
        /* and it is not the pause, in which the timer stands */
        const uint8_t timer = frontend_ram(front, TIMER);
        seconds = fights ? seconds + (timer != last_timer) : 0;
        presses = fights ? presses + (frontend_ram(front, (size_t)(KUMITE_PAD + port)) != 0) : 0;
        last_timer = timer;
        if (presses > 60 && seconds > 2) return frame;
        if (says_what_to_press(front)) {
            ++*said;
            return frame;
        }
    }
    fail_msg("no fight and no word: screen %d, pad %d, start %s, \"%s\"",
             frontend_ram(front, KUMITE_SCREEN), port + 1, frontend_option(front, "kata_start"),
             front->num_messages ? front->messages[front->num_messages - 1] : "");
    return 0;
}

static void test_hands_off_a_fight_is_on_or_the_screen_says_what_to_press(void **state)
{
    (void)state;
    static chaos_t chaos;
    enum { FRAMES = 2800, CHECKS = 4 };
    int said = 0, fought = 0, longest = 0;
    for (int start = 0; start < NUM_STARTS; start++) {
        kit_learn_kumite(starts[start], NULL);
        frontend_t front;
        chaos = (chaos_t){ 0 };
        open_kumite(&front, NULL);
        for (int check = 0; check < CHECKS; check++) {
            random_state = (uint32_t)(start * CHECKS + check + 1) * 2654435761u;
            for (int frame = 0; frame < FRAMES / CHECKS; frame++) {
                do_anything(&front, &chaos);
                front.num_messages = 0;
            }
            const int said_before = said, frames = frames_to_the_fight(&front, &said);
            fought += said == said_before;
            if (frames > longest) longest = frames;
        }
        frontend_close(&front);
    }
    print_message("%d fights, %d times said; at most %d frames\n", fought, said, longest);
    assert_in_range(fought, 10, NUM_STARTS * CHECKS - 1);
    assert_in_range(said, 1, NUM_STARTS * CHECKS - 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pause_is_left),
        cmocka_unit_test(test_a_pause_is_said_where_the_agent_does_not_press),
        cmocka_unit_test(test_a_match_of_two_is_followed_by_one_of_two),
        cmocka_unit_test(test_the_agent_on_pad_2_begins_a_game_for_two),
        cmocka_unit_test(test_the_agent_on_pad_2_waits_in_a_game_for_one),
        cmocka_unit_test(test_a_button_that_the_game_has_not_is_no_touch),
        cmocka_unit_test(test_it_plays_what_it_was_trained_on),
        cmocka_unit_test(test_the_start_is_an_option),
        cmocka_unit_test(test_a_loaded_state_is_not_left_for_the_chosen_start),
        cmocka_unit_test(test_pad_2_says_that_it_has_no_part_in_a_level),
        cmocka_unit_test(test_each_evening_is_another_fight),
        cmocka_unit_test(test_hands_off_a_fight_is_on_or_the_screen_says_what_to_press),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
