/* akitsu_players.c - see akitsu_players.h */
#include "akitsu_players.h"

#include <stdlib.h>
#include <string.h>

#include "akitsu_ram.h"
#include "core_rig.h"

const char *const akitsu_player_names[NUM_PLAYERS] = {
    "random pads", "random actions", "plain", "charger", "lancer", "scripted"
};

void akitsu_player_init(akitsu_player_t *player, player_kind_t kind, uint32_t seed)
{
    *player = (akitsu_player_t){ .kind = kind, .seed = seed * 2654435761u + 12345u };
}

static uint32_t draw(akitsu_player_t *player, uint32_t below)
{
    player->seed ^= player->seed << 13;
    player->seed ^= player->seed >> 17;
    player->seed ^= player->seed << 5;
    return (player->seed >> 8) % below;
}

static void add(akitsu_player_t *player, uint8_t pad, int frames)
{
    while (frames-- > 0 && player->queue_frames < (int)sizeof(player->queue))
        player->queue[player->queue_frames++] = pad;
}

static uint8_t way(int keypad)
{
    static const uint8_t pads[10] = {
        0,         RIG_DOWN | RIG_LEFT, RIG_DOWN, RIG_DOWN | RIG_RIGHT, RIG_LEFT, 0,
        RIG_RIGHT, RIG_UP | RIG_LEFT,   RIG_UP,   RIG_UP | RIG_RIGHT
    };
    return pads[keypad];
}

static void lance(akitsu_player_t *player)
{
    add(player, way(2), 2);
    add(player, way(3), 2);
    add(player, way(6) | RIG_A, 2);
}

static void fan(akitsu_player_t *player)
{
    add(player, way(2), 2);
    add(player, way(1), 2);
    add(player, way(4) | RIG_A, 2);
}

static void dash(akitsu_player_t *player, int keypad)
{
    add(player, way(keypad), 2);
    add(player, 0, 2);
    add(player, way(keypad), 10);
}

/* The preset's actions, in its order. */
static void plan_random_action(akitsu_player_t *player)
{
    switch (draw(player, 24)) {
    case 0: add(player, 0, 8); break;
    case 1: add(player, way(4), 8); break;
    case 2: add(player, way(6), 8); break;
    case 3: add(player, RIG_A, 7), add(player, 0, 1); break;
    case 4: add(player, way(4) | RIG_A, 7), add(player, way(4), 1); break;
    case 5: add(player, way(6) | RIG_A, 7), add(player, way(6), 1); break;
    case 6: add(player, RIG_A, 8); break;
    case 7: add(player, way(4) | RIG_A, 8); break;
    case 8: add(player, way(6) | RIG_A, 8); break;
    case 9: add(player, way(2), 8); break;
    case 10: add(player, way(3), 8); break;
    case 11: add(player, way(1), 8); break;
    case 12: lance(player); break;
    case 13: fan(player); break;
    case 14: add(player, RIG_A, 42), add(player, 0, 2); break;
    case 15: add(player, way(4) | RIG_A, 42), add(player, way(4), 2); break;
    case 16: add(player, way(6) | RIG_A, 42), add(player, way(6), 2); break;
    case 17: dash(player, 4); break;
    case 18: dash(player, 6); break;
    case 19: dash(player, 4), lance(player); break;
    case 20: dash(player, 6), fan(player); break;
    case 21:
        for (int i = 0; i < 3; i++) add(player, RIG_A, 2), add(player, 0, 8);
        break;
    case 22: lance(player), add(player, 0, 16), lance(player); break;
    default: fan(player), add(player, 0, 16), fan(player); break;
    }
}

/* Nearest enemy that is in the picture and not far too high; -1: none. */
static int choose_target(const akitsu_player_t *player, const uint8_t *ram)
{
    int best = -1, best_gap = 1000;
    for (int i = 0; i < 3; i++) {
        const int kind = ram[AKITSU_ENEMY_KIND + i];
        if (!kind || ram[AKITSU_ENEMY_Y + i] < 20) continue;
        int gap = abs(ram[AKITSU_ENEMY_X + i] - ram[AKITSU_X]);
        if (player->kind == PLAYER_PLAIN && kind != AKITSU_DRONE) gap += 400;
        if (player->kind == PLAYER_CHARGER && kind == AKITSU_MIRROR) gap += 400;
        if (gap < best_gap) best = i, best_gap = gap;
    }
    return best;
}

/* The direction to evade in: a pellet is about to hit; 0: none is. */
static int evade(const uint8_t *ram)
{
    const int x = ram[AKITSU_X];
    for (int i = 0; i < 6; i++) {
        const int away = x - ram[AKITSU_PELLET_X + i], y = ram[AKITSU_PELLET_Y + i];
        if (y < 120 || y > AKITSU_SHIP_Y + 12 || abs(away) > 15) continue;
        if (x < 40) return 6;
        if (x > 216) return 4;
        return away < 0 ? 4 : 6;
    }
    return 0;
}

/* One frame of walking to where a shot that flies for so many frames meets the target. */
static int aim_off(const akitsu_player_t *player, const uint8_t *ram, int target, int speed,
                   int shift)
{
    const int frames = (AKITSU_SHIP_Y - 12 - ram[AKITSU_ENEMY_Y + target]) / speed;
    int x = ram[AKITSU_ENEMY_X + target] + player->speed_x[target] * frames / 16;
    if (x < 28) x = 56 - x;
    if (x > 228) x = 456 - x;
    return x - shift - ram[AKITSU_X];
}

static uint8_t walk(int off)
{
    return off > 1 ? way(6) : off < -1 ? way(4) : 0;
}

static bool is_mirror_above(const uint8_t *ram)
{
    for (int i = 0; i < 3; i++)
        if (ram[AKITSU_ENEMY_KIND + i] == AKITSU_MIRROR &&
            abs(ram[AKITSU_ENEMY_X + i] - ram[AKITSU_X]) < 26)
            return true;
    return false;
}

static void plan_heavy(akitsu_player_t *player, const uint8_t *ram, int target, uint8_t evading)
{
    const int off = aim_off(player, ram, target, 5, 0);
    const bool full = ram[AKITSU_CHARGE] >= AKITSU_CHARGE_FULL;
    if (full && abs(off) < 10 && !is_mirror_above(ram)) {
        add(player, 0, 1);
        return;
    }
    const bool begin = ram[AKITSU_CHARGE] || !is_mirror_above(ram);
    add(player, (uint8_t)((evading ? evading : walk(off)) | (begin ? RIG_A : 0)), 1);
}

static void plan_special(akitsu_player_t *player, const uint8_t *ram, int target, bool is_lance,
                         uint8_t evading)
{
    const int off =
        is_lance ? aim_off(player, ram, target, 8, 6) : aim_off(player, ram, target, 5, -6);
    if (evading)
        add(player, evading, 1);
    else if (abs(off) > (is_lance ? 8 : 20))
        add(player, walk(off), 1);
    else if (is_lance)
        add(player, 0, 1), lance(player), add(player, 0, 6);
    else
        add(player, 0, 1), fan(player), add(player, 0, 6);
}

static void plan_bolt(akitsu_player_t *player, const uint8_t *ram, int target, uint8_t evading)
{
    const int off = aim_off(player, ram, target, 6, 0);
    if (evading || abs(off) > 10)
        add(player, evading ? evading : walk(off), 1);
    else
        add(player, walk(off) | RIG_A, 2), add(player, walk(off), 7);
}

static void plan(akitsu_player_t *player, const uint8_t *ram)
{
    if (player->kind == PLAYER_RANDOM_ACTIONS) {
        plan_random_action(player);
        return;
    }
    if (player->kind == PLAYER_RANDOM_PADS) {
        add(player, (uint8_t)(way(1 + (int)draw(player, 9)) | (draw(player, 2) ? RIG_A : 0)), 8);
        return;
    }
    const int beam = ram[AKITSU_BEAM_STATE], away = ram[AKITSU_X] - ram[AKITSU_BEAM_X];
    if (player->kind == PLAYER_SCRIPTED && beam == 2 && abs(away) < 50) {
        if (ram[AKITSU_BEAM_FRAMES] > 14 || ram[AKITSU_DASH])
            dash(player, ram[AKITSU_X] < 128 ? 6 : 4);
        else
            add(player, way(ram[AKITSU_X] < 128 ? 6 : 4), 1);
        return;
    }
    const int evading = evade(ram), target = choose_target(player, ram);
    const uint8_t pad = evading ? way(evading) : 0;
    if (target < 0) {
        add(player, pad ? pad : walk(128 - ram[AKITSU_X]), 1);
        return;
    }
    const int kind = ram[AKITSU_ENEMY_KIND + target];
    if (player->kind == PLAYER_CHARGER || (player->kind == PLAYER_SCRIPTED && kind == AKITSU_HUSK))
        plan_heavy(player, ram, target, pad);
    else if (player->kind == PLAYER_LANCER)
        plan_special(player, ram, target, true, pad);
    else if (player->kind == PLAYER_SCRIPTED && kind != AKITSU_DRONE)
        plan_special(player, ram, target, kind == AKITSU_MIRROR, pad);
    else
        plan_bolt(player, ram, target, pad);
}

uint8_t akitsu_player_pad(akitsu_player_t *player, const uint8_t *ram)
{
    if (player->was_frames++ % 16 == 0)
        for (int i = 0; i < 3; i++) {
            const int x = ram[AKITSU_ENEMY_X + i];
            player->speed_x[i] = abs(x - player->was_x[i]) < 48 ? x - player->was_x[i] : 0;
            player->was_x[i] = x;
        }
    if (player->queue_at >= player->queue_frames) {
        player->queue_at = player->queue_frames = 0;
        plan(player, ram);
    }
    return player->queue[player->queue_at++];
}

bool akitsu_boot(int level, int idle_frames)
{
    rig_reset();
    for (int i = 0; i < 200 && rig_ram()[AKITSU_SCREEN] != 1; i++) rig_frame(0, 0);
    for (int i = 0; i < 20 + idle_frames; i++) rig_frame(0, 0);
    for (int i = 0; i < 6 * (level - 1); i++) rig_frame(i % 6 < 3 ? RIG_RIGHT : 0, 0);
    for (int i = 0; i < 300 && !rig_ram()[AKITSU_ROUND_ACTIVE]; i++)
        rig_frame(i < 3 ? RIG_START : 0, 0);
    return rig_ram()[AKITSU_ROUND_ACTIVE] && rig_ram()[AKITSU_LEVEL] == level;
}

int akitsu_play_round(akitsu_player_t *player)
{
    int frames = 0;
    while (rig_ram()[AKITSU_ROUND_ACTIVE] && frames < 4000) {
        rig_frame(akitsu_player_pad(player, rig_ram()), 0);
        frames++;
    }
    return frames;
}
