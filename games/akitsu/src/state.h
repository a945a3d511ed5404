/* state.h - what state.s lays out; README.md says what each byte means. */
#ifndef AKITSU_STATE_H
#define AKITSU_STATE_H

typedef unsigned char u8;
typedef unsigned int u16;

enum { NUM_ENEMIES = 3, NUM_PELLETS = 6, NUM_SHOTS = 8, NUM_LEVELS = 4 };

extern u8 magic[2], screen, round_state, round_active, level, timer, round_result;
extern u8 frame_count[2], rng[2], lag_frames, rounds_done, rounds_won, pad_held;
extern u8 hp, ship_x, charge, dash, dash_right, safe, cooldown, enemies_left;
extern u16 score;
extern u8 shots_fired, specials, bounced, motion;
extern u8 enemy_kind[NUM_ENEMIES], enemy_x[NUM_ENEMIES], enemy_y[NUM_ENEMIES];
extern u8 enemy_wait[NUM_ENEMIES], enemy_hp[NUM_ENEMIES];
extern u8 beam_state, beam_x, beam_frames;
extern u8 pellet_x[NUM_PELLETS], pellet_y[NUM_PELLETS]; /* y 0: none */
extern u8 shot_kind[NUM_SHOTS], shot_x[NUM_SHOTS], shot_y[NUM_SHOTS];

enum { SCREEN_START, SCREEN_TITLE, SCREEN_ROUND };
enum { ROUND_NONE, ROUND_READY, ROUND_PLAY, ROUND_OVER, ROUND_WAITS };
enum { RESULT_NONE, RESULT_WON, RESULT_LOST };
enum { KIND_NONE, KIND_DRONE, KIND_HUSK, KIND_MIRROR, KIND_WASP, KIND_BURST };
enum { SHOT_NONE, SHOT_BOLT, SHOT_HEAVY, SHOT_LANCE, SHOT_FAN };
enum { BEAM_NONE, BEAM_FOLLOWS, BEAM_STANDS, BEAM_BURNS };
enum { MOTION_NONE, MOTION_LANCE, MOTION_FAN };

#define PAD_LEFT 0x80
#define PAD_DOWN 0x40
#define PAD_RIGHT 0x20
#define PAD_UP 0x10
#define PAD_RUN 0x08
#define PAD_SELECT 0x04
#define PAD_II 0x02
#define PAD_I 0x01

#define CHARGE_FULL 40
#define SHIP_Y 188
#define BEAM_HALF 48 /* points to either side that burn */

#endif
