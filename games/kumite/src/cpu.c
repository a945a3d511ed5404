/* cpu.c - the computer's player. It sees what the other does some frames late, rolls dice on
 * whether it answers, and otherwise follows short plans. All that grows with the level stands in
 * the tables at the top. */
#include "cpu.h"
#include "fight.h"
#include "inputs.h"

/* clang-format off */
/* Level 1 to 8. Late: frames between a move and the answer. The others are chances of 256. */
static const u8 lv_late[8] = { 24, 21, 18, 15, 13, 12, 11, 11 };
static const u8 lv_guard[8] = { 70, 105, 140, 170, 200, 220, 232, 240 };   /* blocks a blow that it saw */
static const u8 lv_ready[8] = { 20, 45, 70, 90, 110, 130, 145, 160 };      /* guards beforehand when near */
static const u8 lv_fireball[8] = { 90, 120, 150, 180, 215, 230, 240, 245 }; /* does something about a projectile */
static const u8 lv_leap[8] = { 70, 80, 100, 130, 155, 165, 170, 175 };      /* and that is to jump over it */
static const u8 lv_antiair[8] = { 30, 70, 120, 165, 210, 220, 230, 236 };   /* rises against a jump */
static const u8 lv_punish[8] = { 50, 80, 115, 150, 185, 210, 226, 238 };   /* hits who missed or was blocked */
static const u8 lv_tech[8] = { 10, 40, 80, 125, 195, 198, 200, 205 };       /* gets out of a throw */
static const u8 lv_cancel[8] = { 0, 20, 45, 80, 120, 150, 180, 200 };     /* special after a blow that touched */
static const u8 lv_idle[8] = { 105, 70, 50, 40, 28, 20, 14, 10 };         /* dawdles instead of a plan */

static const u8 lv_walk[8] = { 10, 35, 65, 120, 200, 205, 208, 212 };      /* pokes at who walks in */
static const u8 lv_habit[8] = { 2, 6, 12, 13, 20, 26, 28, 30 };            /* each repetition of a trick adds this to the chances */

static const u8 lv_wake[8] = { 10, 20, 30, 45, 60, 70, 78, 84 };           /* gets up with a rising attack */
/* clang-format on */

enum { ANSWER_NONE, ANSWER_ROLLED_NO, ANSWER_GUARD, ANSWER_LEAP, ANSWER_RISE, ANSWER_SHOOT };

static u8 seen_state[32], seen_phase[32], seen_at;
static u8 lv, seen, seen_was, phase_seen;
static u8 plan_time, plan_dir; /* hold this direction so long */
static u8 attack_answer, shot_answer, jump_answer, punish_answer;
static u8 shot_age, shot_gap, gap_was, air_wish, cancel_rolled, tech_rolled, after_block;
static u8 z;

static u8 habit_kind, habit; /* what the other does again and again; sum of lv_habit */
static u8 rise_reach, patient_time, follow_rolled, wake_rolled, walk_answer, shot_speed;

#define CHANCE(of_256) (rng_get() < (of_256))

/* A chance that grows while the other repeats himself. */
static u8 chance_habit(u8 of_256)
{
    z = of_256 + habit;
    if (z < habit) z = 250;
    if (z > 250) z = 250;
    return rng_get() < z;
}

/* Moves by the trick they belong to; 0 is none. */
static u8 kind_of(u8 of_state)
{
    if (of_state == ST_JUMP) return 1;
    if (of_state < ST_MOVE) return 0;
    of_state -= ST_MOVE;
    if (of_state >= M_46A) return of_state == M_28A ? 6 : 7;
    if (of_state >= M_623B) return 6;
    if (of_state >= M_236B) return 5;
    if (of_state == M_THROW) return 4;
    if (of_state >= M_JB) return 1;
    if (of_state >= M_2B) return 3;
    return 2;
}

void cpu_round_start(void)
{
    for (z = 0; z < 32; ++z) seen_state[z] = seen_phase[z] = 0;
    seen_was = seen = patient_time = habit = habit_kind = walk_answer = 0;
    plan_time = plan_dir = attack_answer = shot_answer = jump_answer = punish_answer = 0;
    shot_age = air_wish = cancel_rolled = tech_rolled = after_block = 0;
}

void cpu_watch(void)
{
    lv = cpu_level - 1;
    seen_at = (seen_at + 1) & 31;
    seen_state[seen_at] = state[q];
    seen_phase[seen_at] = phase[q];
    z = (seen_at - lv_late[lv]) & 31;
    seen_was = seen;
    seen = seen_state[z];
    phase_seen = seen_phase[z];
    if (seen != seen_was) {
        attack_answer = punish_answer = walk_answer = ANSWER_NONE;
        z = kind_of(seen);
        if (z && !(z == 1 && seen != ST_JUMP)) {
            if (z != habit_kind) {
                habit_kind = z;
                habit = 0;
            } else if (habit < 180) {
                habit += lv_habit[lv];
            }
        }
        if (seen != ST_JUMP && seen != ST_MOVE + M_JB && seen != ST_MOVE + M_JA)
            jump_answer = ANSWER_NONE;
    }
    if (proj_on[q]) {
        if (shot_age != 255) ++shot_age;
    } else {
        shot_age = 0;
        shot_answer = ANSWER_NONE;
    }
    gap_was = shot_gap;
    shot_gap = proj_x[q] > pos_x[p] ? proj_x[q] - pos_x[p] : pos_x[p] - proj_x[q];
    shot_speed = gap_was - shot_gap;
}

static void hold(u8 direction, u8 frames)
{
    plan_dir = direction;
    plan_time = frames;
    dir[p] = direction;
}

/* The best blow for this distance. */
static void strike(void)
{
    z = rng_get();
    if (distance < 25 && z < 90) {
        dir[p] = z & 1 ? 6 : 4; /* throw */
        press_a[p] = 1;
    } else if (distance < 37) {
        dir[p] = z & 2 ? 2 : 5;
        if (z & 4)
            press_a[p] = 1;
        else
            press_b[p] = 1;
    } else if (distance < 47) {
        dir[p] = z & 2 ? 2 : 5;
        press_a[p] = 1;
    } else {
        return;
    }
    cancel_rolled = 0;
    plan_time = 0;
}

/* Returns 1 when it has decided what this frame is. */
static u8 answer_shot(void)
{
    if (!shot_age && habit_kind == 5 && habit > 50 && kind_of(seen) == 5 &&
        kind_of(state[q]) == 5 && phase_seen == PHASE_STARTUP && distance > 46 && distance < 120 &&
        CHANCE(lv_leap[lv] >> 1)) {
        air_wish = 1; /* knows what comes */
        hold(9, 4);
        return 1;
    }
    if (!shot_age || shot_age < lv_late[lv] >> 1 || shot_gap > 90 || shot_gap > gap_was) return 0;
    if (!shot_answer) {
        shot_answer = ANSWER_ROLLED_NO;
        if (chance_habit(lv_fireball[lv])) {
            shot_answer = ANSWER_GUARD;
            if (distance > 60 && chance_habit(lv_leap[lv])) shot_answer = ANSWER_LEAP;
            if (shot_gap > 70 && !proj_on[p] && CHANCE(40)) shot_answer = ANSWER_SHOOT;
        }
    }
    if (shot_answer == ANSWER_GUARD) {
        dir[p] = shot_gap < 44 ? 1 : 4;
        return 1;
    }
    if (shot_answer == ANSWER_SHOOT) {
        cpu_slot[p] = 1 + SLOT_236B;
        shot_answer = ANSWER_GUARD;
        return 1;
    }
    if (shot_answer == ANSWER_LEAP) {
        z = distance < 175 ? 54 : 38; /* to be above it in time */
        if (shot_speed > 2) z += 12;
        if (shot_gap > z) {
            dir[p] = distance < 110 ? 5 : 6;
            return 1;
        }
        air_wish = 1;
        hold(distance < 175 ? 9 : 8, 4);
        shot_answer = ANSWER_ROLLED_NO;
        return 1;
    }
    return 0;
}

static u8 answer_jump(void)
{
    if (seen != ST_JUMP && seen != ST_MOVE + M_JB && seen != ST_MOVE + M_JA) return 0;
    if (!pos_y[q] || distance > 84) return 0;
    if (!jump_answer) {
        jump_answer = ANSWER_ROLLED_NO;
        rise_reach = 34 + (rng_get() & 31); /* judges the distance well or badly */
        if (chance_habit(lv_antiair[lv]))
            jump_answer = ANSWER_RISE;
        else if (chance_habit(lv_guard[lv]))
            jump_answer = ANSWER_GUARD;
    }
    if (jump_answer == ANSWER_RISE) {
        dir[p] = 4;
        if (distance < rise_reach && pos_y[q] < 48) {
            cpu_slot[p] = 1 + SLOT_623A;
            jump_answer = ANSWER_GUARD;
        }
        return 1;
    }
    if (jump_answer == ANSWER_GUARD) {
        dir[p] = 4;
        return 1;
    }
    return 0;
}

static u8 answer_attack(void)
{
    if (seen < ST_MOVE || seen == ST_MOVE + M_236B || seen == ST_MOVE + M_236A) return 0;
    if (state[q] < ST_MOVE) return 0;
    if (distance > 62 && seen != ST_MOVE + M_46A) return 0;
    if (!attack_answer) {
        attack_answer = chance_habit(lv_guard[lv]) ? ANSWER_GUARD : ANSWER_ROLLED_NO;
    }
    if (attack_answer == ANSWER_GUARD && phase_seen != PHASE_RECOVERY) {
        dir[p] = pos_y[q] && seen < ST_MOVE + M_THROW ? 4 : 1;
        return 1;
    }
    return 0;
}

/* The other is helpless for a while: recovering, or landing after a rise. */
static u8 answer_opening(void)
{
    if (phase_seen != PHASE_RECOVERY && seen != ST_LAND) return 0;
    if (phase[q] != PHASE_RECOVERY && state[q] != ST_LAND) return 0;
    if (!punish_answer)
        punish_answer = chance_habit(lv_punish[lv]) ? ANSWER_GUARD : ANSWER_ROLLED_NO;
    if (punish_answer == ANSWER_ROLLED_NO) return 0;
    if (seen == ST_MOVE + M_623B || seen == ST_MOVE + M_623A) {
        if (pos_y[q] > 20) { /* wait for it to come down */
            dir[p] = distance > 36 ? 6 : 1;
            return 1;
        }
    } else if (pos_y[q]) {
        return 0;
    }
    if (distance < 47) {
        strike();
        return 1;
    }
    if (distance < 110 && charge[p] >= CHARGE_FRAMES) {
        dir[p] = 6;
        cpu_slot[p] = 1 + SLOT_46A;
        return 1;
    }
    if (distance < 90) {
        dir[p] = 6;
        return 1;
    }
    return 0;
}

/* A blow landed and the other still staggers: once more. */
static u8 answer_stagger(void)
{
    if (state[q] != ST_HIT && state[q] != ST_HIT_LOW) {
        follow_rolled = 0;
        return 0;
    }
    if (stun[q] < 5 || distance > 38 || follow_rolled) return 0;
    follow_rolled = 1;
    if (!CHANCE(lv_cancel[lv])) return 0;
    dir[p] = 2;
    if (stun[q] > 9 && distance > 30)
        press_a[p] = 1;
    else
        press_b[p] = 1;
    cancel_rolled = 0;
    return 1;
}

/* The other walks in: meet him before he can throw. */
static u8 answer_walk(void)
{
    if (seen != ST_FORWARD || distance > 50) return 0;
    if (!walk_answer) walk_answer = chance_habit(lv_walk[lv]) ? ANSWER_GUARD : ANSWER_ROLLED_NO;
    if (walk_answer == ANSWER_ROLLED_NO) return 0;
    z = rng_get();
    if (distance > 40) {
        if (z < 60) {
            dir[p] = 2;
            press_a[p] = 1;
        } else {
            dir[p] = 5;
            if (z < 100) press_a[p] = 1;
        }
    } else {
        dir[p] = z & 1 ? 2 : 5;
        press_b[p] = 1;
    }
    cancel_rolled = 0;
    return 1;
}

/* Nothing to answer: a plan for the next frames. */
static void make_plan(void)
{
    z = rng_get();
    if (CHANCE(lv_idle[lv])) {
        hold(z & 1 ? 5 : z & 2 ? 4 : 6, 12 + (z & 15));
        return;
    }
    if (state[q] == ST_DOWN || state[q] == ST_GETUP || state[q] == ST_FALL) {
        if (distance > 40)
            hold(6, 8);
        else
            hold(1, 8);
        return;
    }
    if (distance < 48) {
        if (CHANCE(lv_ready[lv]))
            hold(1, 10 + (z & 15));
        else if (z < 150)
            strike();
        else if (z < 190)
            hold(4, 10 + (z & 7));
        else if (z < 210)
            hold(6, 8);
        else if (z < 230)
            hold(1, 14);
        else {
            air_wish = 1;
            hold(z & 1 ? 9 : 8, 4);
        }
    } else if (distance < 105) {
        if (z < 90)
            hold(6, 8 + (z & 7));
        else if (z < 130 && !proj_on[p])
            cpu_slot[p] = 1 + (z & 1 ? SLOT_236A : SLOT_236B);
        else if (z < 165) {
            air_wish = 1;
            hold(9, 4);
        } else if (z < 200)
            hold(4, 12 + (z & 15));
        else
            hold(1, 16 + (z & 31));
    } else {
        if (habit_kind == 5 && habit > 40)
            hold(6, 8); /* a thrower of fireballs: get near */
        else if (z < 100 && !proj_on[p])
            cpu_slot[p] = 1 + (z & 1 ? SLOT_236A : SLOT_236B);
        else if (z < 190)
            hold(6, 14 + (z & 15));
        else if (z < 205) {
            air_wish = 1;
            hold(9, 4);
        } else
            hold(1, 20 + (z & 31));
    }
}

/* In stun, in the air, in a move: little can be done. */
static void think_busy(void)
{
    z = state[p];
    if (plan_dir > 6) plan_dir = 1; /* one jump is enough */
    dir[p] = plan_dir;
    if (z == ST_BLOCK || z == ST_BLOCK_LOW) {
        dir[p] = pos_y[q] && state[q] < ST_MOVE + M_THROW ? 4 : 1;
        if (stun[p] == 2 && CHANCE(lv_ready[lv]) && distance < 36 && phase[q] != PHASE_ACTIVE) {
            if (CHANCE(70)) cpu_slot[p] = 1 + SLOT_623B;
        }
        plan_time = 6;
        plan_dir = dir[p];
    } else if (z == ST_THROWN) {
        if (!tech_rolled) {
            tech_rolled = 1;
            if (CHANCE(lv_tech[lv])) press_a[p] = 1;
        }
    } else if (z == ST_JUMP) {
        if (air_wish && pos_y[p] < 40 && mframe[p] > 20 && distance < 52) {
            air_wish = 0;
            press_a[p] = 1;
        }
    } else if (z >= ST_MOVE) {
        /* a normal that touched may run into a special */
        if (!cancel_rolled && stun[q] && z <= ST_MOVE + M_2A && phase[p] != PHASE_STARTUP) {
            cancel_rolled = 1;
            if (CHANCE(lv_cancel[lv]))
                cpu_slot[p] = 1 + (state[q] == ST_BLOCK || state[q] == ST_BLOCK_LOW || distance > 40
                                       ? SLOT_236B
                                       : SLOT_623B);
        }
    } else if (z == ST_DOWN) {
        wake_rolled = 0;
    } else if (z == ST_GETUP) {
        dir[p] = plan_dir = 1;
        plan_time = 20;
        if (!wake_rolled && mframe[p] > 6) { /* gets up rising, or guards */
            wake_rolled = 1;
            if (distance < 40 && habit_kind != 6 && CHANCE(lv_wake[lv]))
                cpu_slot[p] = 1 + SLOT_623B;
        }
    }
}

void cpu_think(void)
{
    press_a[p] = press_b[p] = 0;
    if (!fight_in_control()) {
        think_busy();
        return;
    }
    tech_rolled = 0;
    dir[p] = 5;
    if (answer_stagger() || answer_shot() || answer_jump() || answer_attack() || answer_opening())
        return;
    if (patient_time) {
        --patient_time;
        dir[p] = 1;
        return;
    }
    if (distance < 60 && habit > 60 && (habit_kind == 6 || habit_kind == 2 || habit_kind == 3) &&
        distance > 22) {
        if (habit_kind != 6 && distance > 37 && CHANCE(habit_kind == 3 && health[p] < health[q] ? 120 : 56)) { /* longer arms, or over his head */
            if (distance < 48) {
                strike();
            } else {
                air_wish = 1;
                hold(9, 4);
            }
            return;
        }
        if (chance_habit(lv_ready[lv])) { /* he does one thing only: let him */
            patient_time = 14;
            dir[p] = 1;
            return;
        }
    }
    if (answer_walk()) return;
    if (plan_time) {
        --plan_time;
        dir[p] = plan_dir;
        if (plan_dir == 6 && distance < 30) plan_time = 0;
        return;
    }
    make_plan();
}
