/* rules.c - see rules.h. Mirrors fight_frame() and round_fight() of src/main.c. */
#include "rules.h"

#include "cpu.h"
#include "fight.h"
#include "inputs.h"
#include "kumite_ram.h"

u8 magic[2], screen, round_state, fight_active, round_no, timer, cpu_level, two_players;
u8 frame_count[2], rng[2], round_result, match_winner, lag_frames;
u8 health[2], pos_x[2], pos_y[2], facing[2], state[2], mframe[2], rounds_won[2];
u8 proj_on[2], proj_x[2], proj_y[2], hits[2], matches_won[2], phase[2], combo[2], blocks[2];
u8 character[2], stun[2], specials[2], charge[2], pad_held[2], rounds_done, hitstop;
u8 p, q;

static u8 second, pad_before;
static uint8_t ram[2048];

void sfx(u8 number)
{
    (void)number;
}

static void show(int address, const u8 *pair)
{
    ram[address] = pair[0];
    ram[address + 1] = pair[1];
}

static void publish(void)
{
    ram[KUMITE_FIGHT_ACTIVE] = fight_active;
    ram[KUMITE_ROUND_RESULT] = round_result;
    show(KUMITE_RNG, rng);
    show(KUMITE_HEALTH, health);
    show(KUMITE_X, pos_x);
    show(KUMITE_Y, pos_y);
    show(KUMITE_FACING, facing);
    show(KUMITE_STATE, state);
    show(KUMITE_MOVE_FRAME, mframe);
    show(KUMITE_PROJ_ON, proj_on);
    show(KUMITE_PROJ_X, proj_x);
    show(KUMITE_PHASE, phase);
    show(KUMITE_STUN, stun);
}

void rules_begin(const uint8_t *start, int level)
{
    cpu_level = (u8)level;
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
    fight_active = 1;
    round_result = 0;
    timer = start[KUMITE_TIMER];
    second = 60;
    pad_before = 0;
    publish();
}

static void take_pad(uint8_t pad)
{
    static const u8 pad_to_dir[16] = { 5, 6, 4, 5, 2, 3, 1, 2, 8, 9, 7, 8, 5, 6, 4, 5 };
    static const u8 mirrored[10] = { 5, 3, 2, 1, 6, 5, 4, 9, 8, 7 };
    const u8 pressed = pad & (u8)~pad_before;
    pad_before = pad;
    dir[0] = pad_to_dir[pad & 15];
    if (facing[0]) dir[0] = mirrored[dir[0]];
    press_a[0] = pressed & PAD_A;
    press_b[0] = pressed & PAD_B;
}

int rules_frame(uint8_t pad)
{
    if (!++frame_count[0]) ++frame_count[1];
    pad_held[0] = pad;
    rng_step();
    take_pad(pad);
    p = 0;
    q = 1;
    inputs_remember();
    p = 1;
    q = 0;
    cpu_watch();
    cpu_think();
    inputs_remember();
    fight_step();
    if (!--second) {
        second = 60;
        --timer;
    }
    if (!timer || !health[0] || !health[1]) {
        fight_active = 0;
        round_result = health[0] > health[1]   ? RESULT_P1
                       : health[0] < health[1] ? RESULT_P2
                                               : RESULT_DRAW;
    }
    publish();
    return fight_active;
}

const uint8_t *rules_ram(void)
{
    return ram;
}
