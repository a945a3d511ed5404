/* rules.c - see rules.h. Mirrors fight_frame(), round_fight() and round_end() of src/main.c. */
#include "rules.h"

#include <string.h>

#include "cpu.h"
#include "fight.h"
#include "inputs.h"
#include "kumite_ram.h"

/* The section where the makefile puts the variables of this and the game's files; the linker names
 * its ends. */
extern u8 __start_kumite_memory[], __stop_kumite_memory[];

u8 magic[2], screen, round_state, fight_active, round_no, timer, cpu_level, two_players;
u8 frame_count[2], rng[2], round_result, match_winner, lag_frames;
u8 health[2], pos_x[2], pos_y[2], facing[2], state[2], mframe[2], rounds_won[2];
u8 proj_on[2], proj_x[2], proj_y[2], hits[2], matches_won[2], phase[2], combo[2];
u8 blocks[2], character[2], stun[2], specials[2], charge[2], pad_held[2];
u8 rounds_done, hitstop, p, q;
static u8 second, pad_before[2];

static uint8_t ram[2048];

const uint8_t rules_dice[RULES_VERSUS][3] = {
    { 233, 162, 81 }, { 122, 248, 87 },  { 240, 173, 93 }, { 230, 138, 99 }, { 186, 205, 105 },
    { 39, 173, 111 }, { 133, 200, 117 }, { 83, 118, 123 }, { 240, 185, 87 },
};

void sfx(u8 number)
{
    (void)number;
}

static void publish(void)
{
    static const struct {
        uint16_t address, num_bytes;
        const u8 *values;
    } shown[] = {
        { KUMITE_MAGIC, 2, magic },
        { KUMITE_SCREEN, 1, &screen },
        { KUMITE_ROUND_STATE, 1, &round_state },
        { KUMITE_FIGHT_ACTIVE, 1, &fight_active },
        { KUMITE_ROUND_NO, 1, &round_no },
        { KUMITE_TIMER, 1, &timer },
        { KUMITE_CPU_LEVEL, 1, &cpu_level },
        { KUMITE_TWO_PLAYERS, 1, &two_players },
        { KUMITE_FRAME_COUNT, 2, frame_count },
        { KUMITE_RNG, 2, rng },
        { KUMITE_ROUND_RESULT, 1, &round_result },
        { KUMITE_MATCH_WINNER, 1, &match_winner },
        { KUMITE_LAG_FRAMES, 1, &lag_frames },
        { KUMITE_HEALTH, 2, health },
        { KUMITE_X, 2, pos_x },
        { KUMITE_Y, 2, pos_y },
        { KUMITE_FACING, 2, facing },
        { KUMITE_STATE, 2, state },
        { KUMITE_MOVE_FRAME, 2, mframe },
        { KUMITE_ROUNDS_WON, 2, rounds_won },
        { KUMITE_PROJ_ON, 2, proj_on },
        { KUMITE_PROJ_X, 2, proj_x },
        { KUMITE_PROJ_Y, 2, proj_y },
        { KUMITE_HITS, 2, hits },
        { KUMITE_MATCHES_WON, 2, matches_won },
        { KUMITE_PHASE, 2, phase },
        { KUMITE_COMBO, 2, combo },
        { KUMITE_BLOCKS, 2, blocks },
        { KUMITE_CHARACTER, 2, character },
        { KUMITE_STUN, 2, stun },
        { KUMITE_SPECIALS, 2, specials },
        { KUMITE_CHARGE, 2, charge },
        { KUMITE_PAD, 2, pad_held },
        { KUMITE_ROUNDS_DONE, 1, &rounds_done },
        { KUMITE_HITSTOP, 1, &hitstop },
    };
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        memcpy(ram + shown[i].address, shown[i].values, shown[i].num_bytes);
}

void *rules_memory(size_t *num_bytes)
{
    *num_bytes = (size_t)(__stop_kumite_memory - __start_kumite_memory);
    return __start_kumite_memory;
}

void rules_power_on(void)
{
    size_t num_bytes;
    void *memory = rules_memory(&num_bytes);
    memset(memory, 0, num_bytes);
    magic[0] = 'K';
    magic[1] = 1;
    cpu_level = 1;
    publish();
}

void rules_begin(const uint8_t *start)
{
    rules_power_on();
    screen = SCREEN_FIGHT;
    cpu_level = start[KUMITE_CPU_LEVEL];
    two_players = start[KUMITE_TWO_PLAYERS];
    character[0] = start[KUMITE_CHARACTER];
    character[1] = start[KUMITE_CHARACTER + 1];
    fight_round_start();
    cpu_round_start();
    /* the intro has run the rules with still pads; all that is left of it is in the dice and these
     * counters */
    for (int i = 0; i < 2; i++) {
        rng[i] = start[KUMITE_RNG + i];
        frame_count[i] = start[KUMITE_FRAME_COUNT + i];
        state[i] = start[KUMITE_STATE + i];
        mframe[i] = start[KUMITE_MOVE_FRAME + i];
    }
    round_no = 1;
    round_state = ROUND_FIGHT;
    fight_active = 1;
    timer = start[KUMITE_TIMER];
    second = 60;
    publish();
}

void rules_begin_at(int level)
{
    enum { INTRO_FRAMES = 60, ROUND_SECONDS = 60 };
    const bool is_versus = level == RULES_VERSUS;
    const uint8_t *dice = rules_dice[level - 1];
    rules_begin((uint8_t[2048]){ [KUMITE_CPU_LEVEL] = (uint8_t)(is_versus ? 1 : level),
                                 [KUMITE_TWO_PLAYERS] = is_versus,
                                 [KUMITE_RNG] = dice[0],
                                 [KUMITE_RNG + 1] = dice[1],
                                 [KUMITE_FRAME_COUNT] = dice[2],
                                 [KUMITE_MOVE_FRAME] = INTRO_FRAMES,
                                 [KUMITE_MOVE_FRAME + 1] = INTRO_FRAMES,
                                 [KUMITE_TIMER] = ROUND_SECONDS });
}

/* Of fighter p. */
static void take_pad(void)
{
    static const u8 pad_to_dir[16] = { 5, 6, 4, 5, 2, 3, 1, 2, 8, 9, 7, 8, 5, 6, 4, 5 };
    static const u8 mirrored[10] = { 5, 3, 2, 1, 6, 5, 4, 9, 8, 7 };
    const u8 pressed = pad_held[p] & (u8)~pad_before[p];
    pad_before[p] = pad_held[p];
    dir[p] = pad_to_dir[pad_held[p] & 15];
    if (facing[p]) dir[p] = mirrored[dir[p]];
    press_a[p] = pressed & PAD_A;
    press_b[p] = pressed & PAD_B;
}

static void end_round(void)
{
    fight_active = 0;
    round_state = ROUND_KO;
    ++rounds_done;
    round_result = health[0] > health[1]   ? RESULT_P1
                   : health[0] < health[1] ? RESULT_P2
                                           : RESULT_DRAW;
    if (round_result != RESULT_DRAW) ++rounds_won[round_result - 1];
}

bool rules_frame(uint8_t pad1, uint8_t pad2)
{
    if (!fight_active) return false;
    if (!++frame_count[0]) ++frame_count[1];
    pad_held[0] = pad1;
    pad_held[1] = pad2;
    rng_step();
    p = 0;
    q = 1;
    take_pad();
    inputs_remember();
    p = 1;
    q = 0;
    if (two_players) {
        take_pad();
    } else {
        cpu_watch();
        cpu_think();
    }
    inputs_remember();
    fight_step();
    if (!--second) {
        second = 60;
        --timer;
    }
    if (!timer || !health[0] || !health[1]) end_round();
    publish();
    return fight_active;
}

uint8_t *rules_ram(void)
{
    return ram;
}
