/* kumite_bots.c - how often simple players beat Kumite's CPU.
 *
 *     kumite_bots CORE ROM [-n | -c] ROUNDS LEVEL...
 *
 * Rounds differ by the seed of the bot and by 0 to 30 idle frames; draws count as not won. The ROM
 * is booted on the core to the first frame of a fight, then the rounds are played (default) by the
 * rules compiled for this machine, from what the RAM held at that frame: seconds; -n        by the
 * ROM on the core: an hour; -c        by both, and every frame of both must agree. */
#include "bots.h"
#include "kumite_ram.h"
#include "core_rig.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { ON_RULES, ON_CORE, ON_BOTH } place_t;

typedef struct {
    int level;
    uint8_t ram[2048]; /* at the first frame of the fight */
    void *state;       /* savestate of that frame */
    size_t state_bytes;
} start_t;

typedef struct {
    int won, frames, lag, differences;
} tally_t;

static void press(uint8_t pad)
{
    for (int i = 0; i < 4; i++) rig_frame(i < 2 ? pad : 0, 0);
}

/* From power-on to the first frame in which the pads count. */
static bool begin_fight(start_t *start)
{
    rig_reset();
    for (int i = 0; i < 40; i++) rig_frame(0, 0);
    for (int i = 0; i < 8 && rig_ram()[KUMITE_CPU_LEVEL] != start->level; i++) press(RIG_RIGHT);
    press(RIG_START);
    for (int i = 0; i < 200 && !rig_ram()[KUMITE_FIGHT_ACTIVE]; i++) rig_frame(0, 0);
    if (!rig_ram()[KUMITE_FIGHT_ACTIVE] || rig_ram()[KUMITE_CPU_LEVEL] != start->level)
        return false;
    memcpy(start->ram, rig_ram(), sizeof(start->ram));
    start->state_bytes = rig_state_bytes();
    start->state = malloc(start->state_bytes);
    return start->state && rig_state_save(start->state, start->state_bytes);
}

/* What must be equal after every frame. */
static bool agree(void)
{
    const uint8_t *core = rig_ram(), *rules = rules_ram();
    return core[KUMITE_FIGHT_ACTIVE] == rules[KUMITE_FIGHT_ACTIVE] &&
           !memcmp(core + KUMITE_RNG, rules + KUMITE_RNG, 2) &&
           !memcmp(core + KUMITE_HEALTH, rules + KUMITE_HEALTH, KUMITE_ROUNDS_WON - KUMITE_HEALTH);
}

static void play_round(const start_t *start, bot_kind_t kind, int round, place_t place,
                       tally_t *tally)
{
    const int idle_frames = round * 7 % 31;
    const bool on_core = place != ON_RULES, on_rules = place != ON_CORE;
    if (on_core) rig_state_load(start->state, start->state_bytes);
    if (on_rules) rules_begin(start->ram);
    const uint8_t *ram = on_rules ? rules_ram() : rig_ram();
    bot_t bot;
    bot_init(&bot, kind, 0, (uint32_t)(1000 + round * 8 + start->level));
    for (int frame = 0; ram[KUMITE_FIGHT_ACTIVE]; frame++) {
        const uint8_t pad = frame < idle_frames ? 0 : bot_pad(&bot, ram);
        if (on_core) rig_frame(pad, 0);
        if (on_rules) rules_frame(pad, 0);
        if (place == ON_BOTH && !agree()) {
            printf("\nlevel %d, %s, round %d: frame %d differs\n", start->level, bot_names[kind],
                   round, frame);
            tally->differences++;
            break;
        }
        tally->frames++;
    }
    tally->won += ram[KUMITE_ROUND_RESULT] == 1;
    if (on_core && rig_ram()[KUMITE_LAG_FRAMES] > tally->lag)
        tally->lag = rig_ram()[KUMITE_LAG_FRAMES];
}

static int usage(void)
{
    fprintf(stderr, "usage: kumite_bots CORE ROM [-n | -c] ROUNDS LEVEL...\n");
    return 1;
}

int main(int argc, char **argv)
{
    static start_t starts[8];
    place_t place = ON_RULES;
    int at = 3, num_starts = 0;
    tally_t total = { 0 };
    if (argc > at && !strcmp(argv[at], "-n")) place = ON_CORE;
    if (argc > at && !strcmp(argv[at], "-c")) place = ON_BOTH;
    if (place != ON_RULES) at++;
    if (argc < at + 2 || argc > at + 9) return usage();
    const int rounds = atoi(argv[at++]);
    if (rounds < 1 || !rig_open(argv[1], argv[2])) return usage();
    printf("| rounds won of %d, %% |", rounds);
    for (; at < argc; at++) {
        start_t *start = &starts[num_starts++];
        start->level = atoi(argv[at]);
        if (!begin_fight(start)) {
            fprintf(stderr, "kumite_bots: no fight at level %s\n", argv[at]);
            return 1;
        }
        printf(" level %d |", start->level);
    }
    printf(" frames a round |\n|---|");
    for (int i = 0; i <= num_starts; i++) printf("---|");
    for (int kind = 0; kind < NUM_BOTS; kind++) {
        int frames = 0;
        printf("\n| %s |", bot_names[kind]);
        for (int i = 0; i < num_starts; i++) {
            tally_t tally = { 0 };
            for (int round = 0; round < rounds; round++)
                play_round(&starts[i], (bot_kind_t)kind, round, place, &tally);
            printf(" %d |", (tally.won * 100 + rounds / 2) / rounds);
            fflush(stdout);
            frames += tally.frames;
            total.differences += tally.differences;
            if (tally.lag > total.lag) total.lag = tally.lag;
        }
        printf(" %d |", frames / rounds / num_starts);
    }
    printf("\n");
    if (place == ON_BOTH)
        printf("%d of %d rounds differ\n", total.differences, NUM_BOTS * num_starts * rounds);
    if (place != ON_RULES) printf("missed frames: %d\n", total.lag);
    rig_close();
    return total.differences ? 1 : 0;
}
