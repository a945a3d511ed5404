/* round.c - see round.h. */
#include "round.h"
#include "inputs.h"
#include "sound.h"
#include "state.h"

#define ROUND_SECONDS 30
#define SHIP_LEFT 16
#define SHIP_RIGHT 240
#define WALK 2
#define DASH_SPEED 6
#define DASH_FRAMES 10
#define DASH_SAFE 14 /* frames that nothing hits a ship that dashes, from the first on */
#define HURT_SAFE 45
#define HURT_X 11 /* a pellet hits within so many points of the ship's middle */
#define STAY 120  /* an enemy leaves after so many times four frames */
#define FOLLOW_FRAMES 30
#define STAND_FRAMES 22 /* a walk of 46 points does not leave the beam, a dash of 60 does */
#define BURN_FRAMES 12
#define BURST_FRAMES 16

u8 flash, burst_x[NUM_ENEMIES], burst_y[NUM_ENEMIES], burst_left[NUM_ENEMIES], sound_wish;
static u8 enemy_right[NUM_ENEMIES], enemy_age[NUM_ENEMIES], come_in[NUM_ENEMIES];
static int shot_dx[NUM_SHOTS];
static u8 bag[8], bag_left, second, quarter, dash_wait, i, j, k, t;

/* Of each level: enemies to break, ship's points, enemies at once, frames between an enemy's shots,
 * a beam's. */
static const u8 quota[NUM_LEVELS] = { 8, 8, 9, 10 };
static const u8 points[NUM_LEVELS] = { 5, 6, 6, 6 };
static const u8 at_once[NUM_LEVELS] = { 2, 2, 2, 3 };
static const u8 shot_wait[NUM_LEVELS] = { 70, 70, 60, 80 };
static const u8 beam_wait[NUM_LEVELS] = { 0, 250, 200, 250 };
static const u8 pellet_speed[NUM_LEVELS] = { 2, 2, 2, 3 };
static const u8 dealt[NUM_LEVELS][8] = {
    { KIND_DRONE, KIND_HUSK, KIND_MIRROR, KIND_DRONE, KIND_HUSK, KIND_MIRROR, KIND_HUSK,
      KIND_MIRROR },
    { KIND_DRONE, KIND_HUSK, KIND_MIRROR, KIND_WASP, KIND_DRONE, KIND_HUSK, KIND_MIRROR,
      KIND_WASP },
    { KIND_WASP, KIND_HUSK, KIND_MIRROR, KIND_WASP, KIND_DRONE, KIND_HUSK, KIND_MIRROR, KIND_WASP },
    { KIND_WASP, KIND_HUSK, KIND_MIRROR, KIND_WASP, KIND_HUSK, KIND_HUSK, KIND_MIRROR, KIND_WASP },
};

/* What a shot does to an enemy: points that it takes, or that it comes back. */
enum { BACK = 0xFF };
static const u8 effect[4][4] = {
    /* bolt heavy lance fan */
    { 1, 2, 1, 1 },       /* drone */
    { 0, 1, 0, 0 },       /* husk */
    { BACK, BACK, 1, 0 }, /* mirror */
    { 1, 1, 1, 1 },       /* wasp: it steps out of the way of all but the fan */
};
static const u8 enemy_points[5] = { 0, 2, 1, 1, 1 };
static const u8 enemy_score[5] = { 0, 10, 30, 30, 40 };
static const u8 shot_speed[5] = { 0, 6, 5, 8, 5 };
static const u8 shot_wide[5] = { 0, 13, 17, 13, 14 };

void rng_step(void)
{
    u8 low = rng[0] & 1; /* 16 bit Galois shift register */
    rng[0] = (u8)(rng[0] >> 1 | rng[1] << 7);
    rng[1] >>= 1;
    if (low) rng[1] ^= 0xB4;
}

u8 rng_get(void)
{
    for (t = 0; t < 5; ++t) rng_step();
    return rng[0];
}

void round_begin(void)
{
    for (i = 0; i < NUM_ENEMIES; ++i) {
        enemy_kind[i] = enemy_x[i] = enemy_y[i] = enemy_hp[i] = enemy_wait[i] = 0;
        burst_left[i] = 0;
        come_in[i] = 40 + i * 40;
    }
    for (i = 0; i < NUM_PELLETS; ++i) pellet_x[i] = pellet_y[i] = 0;
    for (i = 0; i < NUM_SHOTS; ++i) shot_kind[i] = shot_x[i] = shot_y[i] = 0;
    hp = points[level - 1];
    enemies_left = quota[level - 1];
    ship_x = 128;
    dash = dash_wait = safe = cooldown = flash = bag_left = quarter = 0;
    beam_state = beam_x = beam_frames = 0;
    shots_fired = specials = bounced = 0;
    score = 0;
    timer = ROUND_SECONDS;
    second = 60;
}

static void hurt(u8 amount)
{
    if (safe) return;
    hp = hp > amount ? hp - amount : 0;
    safe = HURT_SAFE;
    flash = 12;
    sound_wish = SOUND_HURT;
}

static void drop_pellet(u8 x, u8 y)
{
    for (k = 0; k < NUM_PELLETS; ++k)
        if (!pellet_y[k]) {
            pellet_x[k] = x;
            pellet_y[k] = y;
            return;
        }
}

/* ---- the ship ---- */

static void shoot(u8 kind, int dx)
{
    for (k = 0; k < NUM_SHOTS; ++k)
        if (!shot_kind[k]) {
            shot_kind[k] = kind;
            shot_x[k] = ship_x;
            shot_y[k] = SHIP_Y - 12;
            shot_dx[k] = dx;
            return;
        }
}

static void ship_shoots(void)
{
    if (cooldown) --cooldown;
    if (released) {
        shoot(SHOT_HEAVY, 0);
        ++specials;
        sound_wish = SOUND_SPECIAL;
    } else if (press & PAD_I && motion) {
        if (motion == MOTION_LANCE) {
            shoot(SHOT_LANCE, 0);
        } else {
            for (j = 0; j < 5; ++j) shoot(SHOT_FAN, (int)j - 2);
        }
        motion = MOTION_NONE;
        cooldown = 16;
        ++specials;
        sound_wish = SOUND_SPECIAL;
    } else if (press & PAD_I && !cooldown) {
        shoot(SHOT_BOLT, 0);
        cooldown = 8;
        ++shots_fired;
        sound_wish = SOUND_SHOT;
    }
}

static void ship_moves(void)
{
    if (safe) --safe;
    if (dash_wait) --dash_wait;
    if (dash_now && !dash_wait) {
        dash = DASH_FRAMES;
        dash_right = dash_now == PAD_RIGHT;
        dash_wait = 20;
        if (safe < DASH_SAFE) safe = DASH_SAFE;
        sound_wish = SOUND_DASH;
    }
    if (dash) {
        --dash;
        if (dash_right)
            ship_x = ship_x > SHIP_RIGHT - DASH_SPEED ? SHIP_RIGHT : ship_x + DASH_SPEED;
        else
            ship_x = ship_x < SHIP_LEFT + DASH_SPEED ? SHIP_LEFT : ship_x - DASH_SPEED;
    } else if ((pad_held & (PAD_LEFT | PAD_RIGHT)) == PAD_RIGHT) {
        if (ship_x < SHIP_RIGHT) ship_x += WALK;
    } else if ((pad_held & (PAD_LEFT | PAD_RIGHT)) == PAD_LEFT) {
        if (ship_x > SHIP_LEFT) ship_x -= WALK;
    }
}

/* ---- the enemies ---- */

static void enemy_comes(void)
{
    if (!bag_left) {
        bag_left = 8;
        for (k = 0; k < 8; ++k) bag[k] = dealt[level - 1][k];
    }
    k = rng_get() & 7;
    while (k >= bag_left) k -= bag_left;
    enemy_kind[i] = bag[k];
    bag[k] = bag[--bag_left];
    enemy_hp[i] = enemy_points[enemy_kind[i]];
    enemy_x[i] = 40 + (rng_get() & 127) + (rng_get() & 31);
    enemy_right[i] = rng_get() & 1;
    enemy_y[i] = 8;
    enemy_age[i] = 0;
    enemy_wait[i] = shot_wait[level - 1];
}

static void enemy_moves(void)
{
    if (enemy_age[i] >= STAY) {
        enemy_y[i] -= 2;
        if (enemy_y[i] < 8) {
            enemy_kind[i] = KIND_NONE;
            come_in[i] = 30;
        }
        return;
    }
    if (!quarter) ++enemy_age[i];
    if (enemy_y[i] < (u8)(44 + i * 26)) ++enemy_y[i];
    k = 1;
    if (enemy_kind[i] == KIND_HUSK || enemy_kind[i] == KIND_MIRROR) {
        k = quarter & 1;
    } else if (enemy_kind[i] == KIND_WASP) {
        k = 2;
        for (j = 0; j < NUM_SHOTS; ++j) {
            if (!shot_kind[j] || shot_kind[j] == SHOT_FAN || shot_y[j] < enemy_y[i]) continue;
            if ((u8)(shot_y[j] - enemy_y[i]) > 80) continue;
            if ((u8)(shot_x[j] - enemy_x[i] + 26) > 52) continue;
            enemy_right[i] = shot_x[j] < enemy_x[i];
            if (enemy_x[i] < 36) enemy_right[i] = 1;
            if (enemy_x[i] > 220) enemy_right[i] = 0;
            k = 5;
        }
    }
    if (!(frame_count[0] & 31) && rng_get() < 40) enemy_right[i] ^= 1;
    if (enemy_x[i] < 28) enemy_right[i] = 1;
    if (enemy_x[i] > 228) enemy_right[i] = 0;
    if (enemy_right[i])
        enemy_x[i] += k;
    else
        enemy_x[i] -= k;
}

static void enemy_shoots(void)
{
    if (enemy_wait[i]) {
        --enemy_wait[i];
        return;
    }
    if (enemy_kind[i] == KIND_HUSK && beam_wait[level - 1]) {
        if (beam_state || enemy_age[i] >= STAY) return;
        beam_state = BEAM_FOLLOWS;
        beam_frames = FOLLOW_FRAMES;
        enemy_wait[i] = beam_wait[level - 1];
    } else if ((u8)(enemy_x[i] - ship_x + 32) <= 64) {
        drop_pellet(enemy_x[i], enemy_y[i] + 8);
        enemy_wait[i] = shot_wait[level - 1] + (rng_get() & 15);
    }
}

static void enemy_breaks(void)
{
    score += enemy_score[enemy_kind[i]];
    burst_x[i] = enemy_x[i];
    burst_y[i] = enemy_y[i];
    burst_left[i] = BURST_FRAMES;
    enemy_kind[i] = KIND_NONE;
    come_in[i] = 30;
    if (enemies_left) --enemies_left;
    sound_wish = SOUND_BREAK;
}

/* Shot j and enemy i touch. */
static void shot_meets_enemy(void)
{
    k = effect[enemy_kind[i] - 1][shot_kind[j] - 1];
    shot_kind[j] = SHOT_NONE;
    if (k == BACK) {
        drop_pellet(shot_x[j], enemy_y[i] + 12);
        ++bounced;
        return;
    }
    if (!k) {
        ++bounced;
        return;
    }
    enemy_hp[i] = enemy_hp[i] > k ? enemy_hp[i] - k : 0;
    if (!enemy_hp[i]) enemy_breaks();
}

static void shots_move(void)
{
    for (j = 0; j < NUM_SHOTS; ++j) {
        if (!shot_kind[j]) continue;
        k = shot_speed[shot_kind[j]];
        if (shot_y[j] < (u8)(16 + k)) {
            shot_kind[j] = SHOT_NONE;
            continue;
        }
        shot_y[j] -= k;
        shot_x[j] += shot_dx[j];
        if (shot_x[j] < 6 || shot_x[j] > 250) {
            shot_kind[j] = SHOT_NONE;
            continue;
        }
        t = shot_wide[shot_kind[j]];
        for (i = 0; i < NUM_ENEMIES && shot_kind[j]; ++i) {
            if (!enemy_kind[i]) continue;
            if ((u8)(shot_x[j] - enemy_x[i] + t) > (u8)(t << 1)) continue;
            if ((u8)(shot_y[j] - enemy_y[i] + 12) <= 24) shot_meets_enemy();
        }
    }
}

static void pellets_move(void)
{
    for (k = 0; k < NUM_PELLETS; ++k) {
        if (!pellet_y[k]) continue;
        pellet_y[k] += pellet_speed[level - 1];
        if (pellet_y[k] > 214) {
            pellet_y[k] = 0;
        } else if (!safe && (u8)(pellet_x[k] - ship_x + HURT_X) <= 2 * HURT_X &&
                   (u8)(pellet_y[k] - SHIP_Y + 10) <= 20) {
            pellet_y[k] = 0;
            hurt(1);
        }
    }
}

static void beam_moves(void)
{
    if (!beam_state) return;
    if (beam_state == BEAM_FOLLOWS) beam_x = ship_x;
    if (beam_state == BEAM_BURNS) {
        t = beam_x > ship_x ? beam_x - ship_x : ship_x - beam_x;
        if (t < BEAM_HALF) hurt(2);
    }
    if (--beam_frames) return;
    if (beam_state == BEAM_BURNS) {
        beam_state = BEAM_NONE;
    } else {
        beam_frames = ++beam_state == BEAM_STANDS ? STAND_FRAMES : BURN_FRAMES;
        if (beam_state == BEAM_BURNS) sound_wish = SOUND_BEAM;
    }
}

void round_step(void)
{
    sound_wish = 0;
    rng_step();
    rng[0] ^= pad_held; /* another way to play is another round */
    if (!(rng[0] | rng[1])) rng[0] = 0x5A;
    quarter = (quarter + 1) & 3;
    inputs_take();
    ship_moves();
    ship_shoots();
    shots_move();
    for (i = 0; i < at_once[level - 1]; ++i) {
        if (burst_left[i]) --burst_left[i];
        if (!enemy_kind[i]) {
            if (come_in[i])
                --come_in[i];
            else
                enemy_comes();
            continue;
        }
        enemy_moves();
        if (enemy_kind[i]) enemy_shoots();
    }
    pellets_move();
    beam_moves();
    if (flash) --flash;
    if (!--second) {
        second = 60;
        --timer;
    }
    if (!enemies_left)
        round_result = RESULT_WON;
    else if (!hp || !timer)
        round_result = RESULT_LOST;
}
