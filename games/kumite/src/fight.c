/* fight.c - the rules: movement, attacks, blocks, throws, projectiles. */
#include "fight.h"
#include "inputs.h"

#define MOVE(name, start, act, rec, dmg, reach, low, high, guard, hit, blk, push, fall, p0, p1,    \
             snd)                                                                                  \
    start, act, rec, dmg, reach, low, high, guard, hit, blk, push, fall, p0, p1, snd, 0,
const u8 move_table[] = {
#include "moves.def"
};
#undef MOVE

/* Which move a character makes of each special input: they share half of their list with RYOMA. */
static const u8 move_list[NUM_CHARACTERS * NUM_SLOTS] = {
    M_236B,  M_236A,  M_623B,  M_623A,  M_46A, NO_MOVE, NO_MOVE, NO_MOVE, /* RYOMA */
    M_236B,  M_236A,  NO_MOVE, NO_MOVE, M_46A, M_214B,  M_214A,  M_28A,   /* TORA */
    NO_MOVE, NO_MOVE, M_623B,  M_623A,  M_46A, M_214B,  M_214A,  M_28A,   /* SAYA */
};

#define GRAVITY 60
#define JUMP_SPEED 1280
#define WALK_FORWARD 376
#define WALK_BACK 308
#define JUMP_FORWARD 440
#define THROW_RANGE 25
#define HOLD_GAP 18   /* between the two during a throw */
#define TECH_FRAMES 8 /* the thrown one may press A this long and get out */
#define THROW_SAFE_FRAMES 12
#define FRICTION 40

u8 spark_x, spark_y, spark_time, spark_blocked, distance;
u8 invulnerable[2], row[2];
/* x, 8.8 fixed point. The two sides are exact mirror images, x and 256 - x: a middle is rounded to
 * the nearest pixel, and fx stays odd (all speeds are even), so that no half is rounded one way. */
static unsigned int fx[2];
static int fy[2];        /* height, 8.8 */
static int vx[2], vy[2]; /* speeds, 8.8; in stun vx slows down by FRICTION */
static unsigned int proj_fx[2];
int proj_v[2];
static u8 hit_done[2];   /* this attack has touched already */
static u8 touched[2];    /* this attack was hit or blocked: it may be cancelled */
static u8 throw_safe[2]; /* frames after stun or getting up in which no throw works */
static u8 land_lag[2], air_acted[2], proj_strong[2];
static u8 s, d, f, i, n, m; /* scratch */
static int w;

static void set_state(u8 to)
{
    state[p] = to;
    mframe[p] = 0;
    phase[p] = PHASE_NONE;
}

static void start_move(u8 move)
{
    set_state(ST_MOVE + move);
    row[p] = ROW(move);
    phase[p] = PHASE_STARTUP;
    hit_done[p] = touched[p] = 0;
    inputs_forget();
}

static void face(void)
{
    if (pos_x[p] != pos_x[q]) facing[p] = pos_x[p] > pos_x[q];
}

/* The nearest pixel. */
static u8 middle(unsigned int x)
{
    return (u8)((x + 128) >> 8);
}

/* Fighter k stands at this pixel. */
static void put(u8 k, u8 x)
{
    fx[k] = (unsigned int)x << 8;
    if (facing[k])
        --fx[k];
    else
        ++fx[k];
}

/* Gives fighter p a speed; positive is forwards. */
static void set_vx(int forwards)
{
    vx[p] = facing[p] ? -forwards : forwards;
}

/* The move of fighter p for this slot, or NO_MOVE. */
static u8 listed(u8 slot)
{
    return move_list[(u8)((character[p] << 3) + slot)];
}

static u8 wanted_by_cpu(void)
{
    u8 slot = buf_cpu[p] - 1;
    buf_cpu[p] = 0;
    if (listed(slot) == NO_MOVE) { /* the nearest thing that this character has */
        if (slot <= SLOT_236A)
            slot += SLOT_214B;
        else
            slot = SLOT_28A;
    }
    /* the CPU charges like anybody */
    if (slot == SLOT_46A && !charge_done[p] && !charge_window[p]) return NO_MOVE;
    if (slot == SLOT_28A && !rise_done[p] && !rise_window[p]) return NO_MOVE;
    return listed(slot);
}

static u8 wanted_by_pad(void)
{
    u8 heavy = buf_a[p] != 0;
    i = p ? NUM_MOTIONS : 0;
    if (heavy && charge_done[p] && listed(SLOT_46A) != NO_MOVE) return listed(SLOT_46A);
    if (heavy && rise_done[p] && listed(SLOT_28A) != NO_MOVE) return listed(SLOT_28A);
    if (motion_done[(u8)(i + MOTION_623)]) return listed(SLOT_623B + heavy);
    if (motion_done[i]) return listed(SLOT_236B + heavy);
    if (motion_done[(u8)(i + MOTION_214)]) return listed(SLOT_214B + heavy);
    return NO_MOVE;
}

static u8 try_special(void)
{
    if (buf_cpu[p])
        m = wanted_by_cpu();
    else if (buf_a[p] | buf_b[p])
        m = wanted_by_pad();
    else
        return 0;
    if (m == NO_MOVE) return 0;
    if ((m == M_236B || m == M_236A) && proj_on[p]) return 0;
    face();
    start_move(m);
    ++specials[p];
    if (m == M_623B || m == M_623A)
        invulnerable[p] = 9;
    else if (m == M_28A)
        invulnerable[p] = 6;
    sfx(MV(MV_SOUND, row[p]));
    return 1;
}

static u8 try_throw(void)
{
    if (d != 4 && d != 6) return 0;
    if (distance > THROW_RANGE || fy[q] || invulnerable[q] || throw_safe[q]) return 0;
    s = state[q];
    if (s == ST_PREJUMP || (s >= ST_BLOCK && s < ST_MOVE) || s == ST_MOVE + M_THROW) return 0;
    start_move(M_THROW);
    if (d == 4) { /* backwards: turn first, the victim comes along */
        facing[p] ^= 1;
    }
    p ^= 1;
    q ^= 1;
    set_state(ST_THROWN);
    facing[p] = facing[q] ^ 1;
    vx[p] = 0;
    inputs_forget();
    p ^= 1;
    q ^= 1;
    sfx(SFX_LIGHT);
    return 1;
}

/* What a fighter in control does with the pad. */
static void control(void)
{
    vx[p] = 0;
    face();
    d = dir[p];
    if (try_special()) return;
    if (buf_a[p]) {
        if (try_throw()) return;
        start_move(d <= 3 ? M_2A : M_5A);
        sfx(SFX_HEAVY);
        return;
    }
    if (buf_b[p]) {
        start_move(d <= 3 ? M_2B : M_5B);
        sfx(SFX_LIGHT);
        return;
    }
    if (d >= 7) {
        set_state(ST_PREJUMP);
        air_acted[p] = 0;
        if (d == 9)
            set_vx(JUMP_FORWARD);
        else if (d == 7)
            set_vx(-JUMP_FORWARD);
        return;
    }
    if (d <= 3) {
        n = ST_CROUCH;
    } else if (d == 6) {
        n = ST_FORWARD;
        set_vx(WALK_FORWARD);
    } else if (d == 4) {
        n = ST_BACK;
        set_vx(-WALK_BACK);
    } else {
        n = ST_STAND;
    }
    if (state[p] != n) set_state(n);
}

static void land(void)
{
    fy[p] = 0;
    vy[p] = 0;
    vx[p] = 0;
    if (state[p] == ST_FALL) {
        set_state(ST_DOWN);
        sfx(SFX_FALL);
        invulnerable[p] = 60;
    } else {
        set_state(ST_LAND);
    }
}

static void fly(void)
{
    fy[p] += vy[p];
    vy[p] -= GRAVITY;
    if (fy[p] <= 0) land();
}

static void slow_down(void)
{
    w = vx[p];
    if (w > FRICTION)
        w -= FRICTION;
    else if (w < -FRICTION)
        w += FRICTION;
    else
        w = 0;
    vx[p] = w;
}

static void launch_projectile(void)
{
    proj_on[p] = 1;
    proj_strong[p] = state[p] == ST_MOVE + M_236A;
    proj_fx[p] = fx[p];
    if (facing[p]) {
        proj_fx[p] -= 18 << 8;
        proj_v[p] = proj_strong[p] ? -820 : -560;
    } else {
        proj_fx[p] += 18 << 8;
        proj_v[p] = proj_strong[p] ? 820 : 560;
    }
    proj_x[p] = middle(proj_fx[p]);
    proj_y[p] = 22;
}

static void finish_throw(void)
{
    p ^= 1;
    q ^= 1;
    set_state(ST_FALL);
    n = MV(MV_DAMAGE, ROW(M_THROW));
    health[p] = health[p] > n ? health[p] - n : 0;
    fy[p] = 20 << 8;
    vy[p] = 700;
    vx[p] = facing[q] ? -640 : 640;
    p ^= 1;
    q ^= 1;
    ++hits[p];
    sfx(SFX_HITHARD);
}

static void update_throw(void)
{
    if (mframe[p] < TECH_FRAMES && press_a[q]) { /* got out: both step back */
        set_vx(-420);
        set_state(ST_BLOCK);
        stun[p] = 14;
        p ^= 1;
        q ^= 1;
        set_vx(-420);
        set_state(ST_BLOCK);
        stun[p] = 14;
        p ^= 1;
        q ^= 1;
        sfx(SFX_BLOCK);
        return;
    }
    f = mframe[p];
    if (f < 16) { /* holds the victim before him, both on the floor */
        n = middle(fx[p]);
        if (facing[p]) {
            if (n < FLOOR_LEFT + HOLD_GAP) n = FLOOR_LEFT + HOLD_GAP;
            put(q, n - HOLD_GAP);
        } else {
            if (n > FLOOR_RIGHT - HOLD_GAP) n = FLOOR_RIGHT - HOLD_GAP;
            put(q, n + HOLD_GAP);
        }
        put(p, n);
        phase[p] = PHASE_ACTIVE;
    } else {
        if (f == 16) finish_throw();
        phase[p] = PHASE_RECOVERY;
        if (f > 36) set_state(ST_STAND);
    }
}

static void update_move(void)
{
    m = state[p] - ST_MOVE;
    if (m == M_THROW) {
        update_throw();
        return;
    }
    f = mframe[p];
    n = MV(MV_START, row[p]);
    if (f < n) {
        phase[p] = PHASE_STARTUP;
    } else if (f < (u8)(n + MV(MV_ACTIVE, row[p]))) {
        phase[p] = PHASE_ACTIVE;
        if (f == n) {
            if (m == M_236B || m == M_236A) {
                launch_projectile();
            } else if (m == M_623B) {
                vy[p] = 1080;
                set_vx(250);
                fy[p] = 1;
                land_lag[p] = MV(MV_RECOVER, row[p]);
            } else if (m == M_623A) {
                vy[p] = 1320;
                set_vx(330);
                fy[p] = 1;
                land_lag[p] = MV(MV_RECOVER, row[p]);
            } else if (m == M_46A) {
                set_vx(1000);
            } else if (m == M_28A) {
                vy[p] = 1180;
                set_vx(160);
                fy[p] = 1;
                land_lag[p] = MV(MV_RECOVER, row[p]);
            } else if (m >= M_214B) {
                set_vx(m == M_214A ? 640 : 520);
            }
        }
    } else {
        phase[p] = PHASE_RECOVERY;
    }
    if (fy[p]) {
        fly();
        return;
    }
    if (phase[p] == PHASE_RECOVERY) slow_down();
    if (touched[p] && m < M_JB && try_special())
        return; /* normals that touched run into specials */
    if (f >= (u8)(n + MV(MV_ACTIVE, row[p]) + MV(MV_RECOVER, row[p]))) {
        vx[p] = 0;
        set_state(ST_STAND);
        control();
    }
}

u8 fight_in_control(void)
{
    return state[p] <= ST_CROUCH;
}

/* Returns 1 if fighter k was stopped by the edge of the floor. */
static u8 keep_inside(u8 k)
{
    n = middle(fx[k]);
    if (n < FLOOR_LEFT)
        fx[k] = (FLOOR_LEFT << 8) + 1;
    else if (n > FLOOR_RIGHT)
        fx[k] = ((unsigned int)FLOOR_RIGHT << 8) - 1;
    else
        return 0;
    return 1;
}

static void move_sideways(void)
{
    if (vx[p]) {
        fx[p] += vx[p];
        /* the push of a near hit that the wall takes goes to the one who hit */
        if (keep_inside(p) && stun[p] && s >= ST_BLOCK && s <= ST_HIT_LOW && !fy[q] &&
            distance < 56) {
            fx[q] -= vx[p];
            keep_inside(q);
            pos_x[q] = middle(fx[q]);
        }
    }
    pos_x[p] = middle(fx[p]);
    pos_y[p] = fy[p] >> 8;
}

static void update_prejump(void)
{
    if (rise_done[p] && try_special()) return; /* [2]8 ends on the way up */
    if (mframe[p] < 3) return;
    set_state(ST_JUMP);
    vy[p] = JUMP_SPEED;
    fy[p] = 1;
    land_lag[p] = 3;
}

static void update_jump(void)
{
    if ((buf_a[p] | buf_b[p]) && !air_acted[p]) {
        air_acted[p] = 1;
        m = buf_a[p] ? M_JA : M_JB;
        start_move(m);
        sfx(MV(MV_SOUND, row[p]));
    }
    fly();
}

static void update_down(void)
{
    if (state[p] == ST_DOWN) {
        if (health[p] && mframe[p] >= 28) {
            set_state(ST_GETUP);
            face();
        }
    } else if (mframe[p] >= 10) {
        invulnerable[p] = 4;
        throw_safe[p] = THROW_SAFE_FRAMES;
        control();
    }
}

static void update_stun(void)
{
    slow_down();
    if (stun[p]) --stun[p];
    if (stun[p]) return;
    combo[q] = 0;
    throw_safe[p] = THROW_SAFE_FRAMES;
    if (s == ST_BLOCK_LOW || s == ST_HIT_LOW)
        set_state(ST_CROUCH);
    else
        set_state(ST_STAND);
    control();
}

static void update_fighter(void)
{
    if (invulnerable[p]) --invulnerable[p];
    if (throw_safe[p]) --throw_safe[p];
    if (mframe[p] != 255) ++mframe[p];
    s = state[p];
    if (s >= ST_MOVE)
        update_move();
    else if (s <= ST_CROUCH)
        control();
    else if (s == ST_PREJUMP)
        update_prejump();
    else if (s == ST_JUMP)
        update_jump();
    else if (s == ST_LAND) {
        if (mframe[p] >= land_lag[p]) control();
    } else if (s == ST_FALL)
        fly();
    else if (s == ST_DOWN || s == ST_GETUP)
        update_down();
    else if (s < ST_FALL)
        update_stun();
    move_sideways();
}

/* Two bodies cannot stand in the same place. */
static void push_apart(void)
{
    u8 left, gap;
    if (state[0] == ST_THROWN || state[1] == ST_THROWN || state[0] == ST_DOWN ||
        state[1] == ST_DOWN || state[0] == ST_FALL || state[1] == ST_FALL)
        return;
    n = pos_y[0] > pos_y[1] ? pos_y[0] - pos_y[1] : pos_y[1] - pos_y[0];
    if (n > 34) return;
    left = pos_x[0] > pos_x[1] || (pos_x[0] == pos_x[1] && facing[0]);
    gap = pos_x[left ^ 1] - pos_x[left];
    if (gap >= 18) return;
    gap = 18 - gap;
    gap = (gap + 1) >> 1;
    if (gap > 4) gap = 4;
    n = pos_x[left] - gap;
    m = pos_x[left ^ 1] + gap;
    if (n < FLOOR_LEFT) {
        m = m + (FLOOR_LEFT - n);
        n = FLOOR_LEFT;
    }
    if (m > FLOOR_RIGHT) {
        n = n - (m - FLOOR_RIGHT);
        m = FLOOR_RIGHT;
    }
    fx[left] += (n - pos_x[left]) * 256;
    fx[left ^ 1] += (m - pos_x[left ^ 1]) * 256;
    pos_x[left] = n;
    pos_x[left ^ 1] = m;
}

/* Fighter q holds the pad so that this hit is blocked? */
static u8 blocks_it(u8 guard)
{
    s = state[q];
    if (fy[q] || s == ST_FORWARD || s > ST_BLOCK_LOW || s == ST_PREJUMP || s == ST_LAND) return 0;
    d = dir[q];
    if (d != 4 && d != 1) return 0;
    if (guard == GUARD_LOW && d != 1) return 0;
    if (guard == GUARD_HIGH && d != 4) return 0;
    return 1;
}

/* The move in row r of fighter p reaches q. */
static void touch(u8 r, u8 from_projectile)
{
    u8 damage = MV(MV_DAMAGE, r);
    u8 push = MV(MV_PUSH, r);
    u8 special = r >= ROW(M_236B);
    u8 away = from_projectile ? proj_v[p] < 0 : pos_x[p] > pos_x[q];
    u8 low;
    touched[p] = 1;
    hitstop = 5;
    spark_time = 10;
    spark_y =
        from_projectile ? 26 : (u8)((u8)(MV(MV_LOW, r) + MV(MV_HIGH, r)) >> 1) - 16 + pos_y[p];
    spark_x = away ? pos_x[q] + 7 : pos_x[q] - 7;
    spark_blocked = blocks_it(MV(MV_GUARD, r));
    low = dir[q] <= 3;
    m = q;
    p ^= 1;
    q ^= 1; /* from here on p is the victim */
    vx[p] = (int)push << 3;
    if (spark_blocked) {
        set_state(low ? ST_BLOCK_LOW : ST_BLOCK);
        stun[p] = MV(MV_BLOCKSTUN, r);
        damage = special ? 2 : 0;
        if (health[p] <= damage) damage = 0; /* nobody dies of a block */
        health[p] -= damage;
        ++blocks[p];
        face();
        sfx(SFX_BLOCK);
    } else {
        ++hits[q];
        if (++combo[q] > 3) damage = (damage >> 1) + 1;
        health[p] = health[p] > damage ? health[p] - damage : 0;
        sfx(damage > 7 ? SFX_HITHARD : SFX_HIT);
        if (damage > 7) hitstop = 8;
        if (fy[p] || MV(MV_FALL, r) || !health[p]) {
            set_state(ST_FALL);
            if (!fy[p]) fy[p] = 1;
            vy[p] = 760;
            vx[p] = 330;
            if (r == ROW(M_2A)) vy[p] = 480;
        } else {
            set_state(low || s == ST_CROUCH ? ST_HIT_LOW : ST_HIT);
            stun[p] = MV(MV_HITSTUN, r);
        }
        facing[p] = !away;
    }
    if (away) vx[p] = -vx[p];
    p ^= 1;
    q ^= 1;
}

static u8 body_height(void) /* of fighter q */
{
    s = state[q];
    if (s == ST_CROUCH || s == ST_BLOCK_LOW || s == ST_HIT_LOW || s == ST_MOVE + M_2A ||
        s == ST_MOVE + M_2B)
        return 29;
    return 43;
}

static u8 can_be_hit(void) /* fighter q */
{
    if (invulnerable[q]) return 0;
    s = state[q];
    return s != ST_DOWN && s != ST_GETUP && s != ST_THROWN && s != ST_WIN && s != ST_LOSE &&
           !(s == ST_FALL && combo[p] > 2);
}

/* Does the attack of fighter p touch q in this frame? */
static u8 reaches(void)
{
    if (phase[p] != PHASE_ACTIVE || hit_done[p]) return 0;
    m = state[p] - ST_MOVE;
    if (m == M_THROW || m == M_236B || m == M_236A) return 0;
    if (!can_be_hit()) return 0;
    if (pos_x[q] > pos_x[p] ? facing[p] : pos_x[q] < pos_x[p] && !facing[p]) { /* behind */
        if (distance > 10) return 0;
    } else if (distance > (u8)(MV(MV_REACH, row[p]) + 9)) {
        return 0;
    }
    n = pos_y[p] + MV(MV_LOW, row[p]); /* both + 16 */
    if (n > (u8)(pos_y[q] + body_height() + 16)) return 0;
    n = pos_y[p] + MV(MV_HIGH, row[p]);
    return n >= (u8)(pos_y[q] + 16);
}

u8 fight_leans_right(void)
{
    return (unsigned int)pos_x[0] + pos_x[1] > 256;
}

static void measure(void)
{
    distance = pos_x[0] > pos_x[1] ? pos_x[0] - pos_x[1] : pos_x[1] - pos_x[0];
}

static void step_projectile(void)
{
    if (!proj_on[p]) return;
    proj_fx[p] += proj_v[p];
    n = middle(proj_fx[p]);
    proj_x[p] = n;
    if (n < 6 || n > 250) {
        proj_on[p] = 0;
        return;
    }
    if (proj_on[q]) {
        m = n > proj_x[q] ? n - proj_x[q] : proj_x[q] - n;
        if (m < 12) {
            proj_on[0] = proj_on[1] = 0;
            spark_x = n;
            spark_y = 26;
            spark_time = 10;
            spark_blocked = 1;
            sfx(SFX_BLOCK);
            return;
        }
    }
    m = n > pos_x[q] ? n - pos_x[q] : pos_x[q] - n;
    if (m > 13 || pos_y[q] > 28 || !can_be_hit()) return;
    if (state[q] == ST_FALL) return;
    proj_on[p] = 0;
    m = touched[p];
    touch(proj_strong[p] ? ROW(M_236A) : ROW(M_236B), 1);
}

void fight_round_start(void)
{
    for (p = 0; p < 2; ++p) {
        q = p ^ 1;
        facing[p] = p;
        put(p, p ? 176 : 80);
        pos_x[p] = middle(fx[p]);
        fy[p] = vx[p] = vy[p] = 0;
        pos_y[p] = 0;
        health[p] = HEALTH_FULL;
        proj_on[p] = stun[p] = combo[p] = invulnerable[p] = 0;
        hit_done[p] = touched[p] = throw_safe[p] = 0;
        set_state(ST_STAND);
    }
    inputs_reset();
    hitstop = spark_time = 0;
    measure();
}

/* p and q: fighter k and the other one. */
static void turn_to(u8 k)
{
    p = k;
    q = k ^ 1;
}

void fight_step(void)
{
    u8 hit[2], first;
    if (spark_time) --spark_time;
    if (hitstop) {
        --hitstop;
        return;
    }
    /* Who moves first has an advantage: the other one, where the two stand mirrored. */
    first = fight_leans_right();
    turn_to(first);
    update_fighter();
    measure();
    turn_to(first ^ 1);
    update_fighter();
    push_apart();
    measure();
    hit[p] = reaches();
    turn_to(first);
    hit[p] = reaches();
    if (hit[p]) {
        hit_done[p] = 1;
        touch(row[p], 0);
    }
    turn_to(first ^ 1);
    if (hit[p]) {
        hit_done[p] = 1;
        touch(row[p], 0);
    }
    turn_to(first);
    step_projectile();
    turn_to(first ^ 1);
    step_projectile();
}
