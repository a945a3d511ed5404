/* kumite_bots.c - how often simple players beat Kumite's CPU.
 *
 *     kumite_bots CORE ROM ROUNDS [-b BOT] LEVEL...
 *
 * Every round begins at the same frame of a first round, kept as a savestate; rounds differ by the
 * seed of the bot and by 0 to 30 idle frames. Draws count as not won. The same command prints the
 * same table. */
#include "bots.h"
#include "kumite_ram.h"
#include "nes_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROUND_FRAMES = 4500 };

typedef struct {
    int won, lost, drawn, frames, lag;
} tally_t;

static void press(uint8_t pad)
{
    for (int i = 0; i < 4; i++) nes_frame(i < 2 ? pad : 0, 0);
}

/* From power-on to the first frame in which the pads count. */
static bool begin_fight(int level)
{
    nes_reset();
    for (int i = 0; i < 40; i++) nes_frame(0, 0);
    for (int i = 0; i < 8 && nes_ram()[KUMITE_CPU_LEVEL] != level; i++) press(NES_RIGHT);
    press(NES_START);
    for (int i = 0; i < 200 && !nes_ram()[KUMITE_FIGHT_ACTIVE]; i++) nes_frame(0, 0);
    return nes_ram()[KUMITE_FIGHT_ACTIVE] && nes_ram()[KUMITE_CPU_LEVEL] == level;
}

static void play_round(bot_kind_t kind, int round, int level, tally_t *tally)
{
    bot_t bot;
    bot_init(&bot, kind, 0, (uint32_t)(1000 + round * 8 + level));
    for (int i = 0; i < round * 7 % 31; i++) nes_frame(0, 0);
    const uint8_t *ram = nes_ram();
    int frames = 0;
    for (; frames < MAX_ROUND_FRAMES && ram[KUMITE_FIGHT_ACTIVE]; frames++)
        nes_frame(bot_pad(&bot, ram), 0);
    tally->frames += frames;
    if (ram[KUMITE_LAG_FRAMES] > tally->lag) tally->lag = ram[KUMITE_LAG_FRAMES];
    if (ram[KUMITE_ROUND_RESULT] == 1)
        tally->won++;
    else if (ram[KUMITE_ROUND_RESULT] == 2)
        tally->lost++;
    else
        tally->drawn++;
}

int main(int argc, char **argv)
{
    int only = -1, first = 4;
    if (argc > 5 && !strcmp(argv[4], "-b")) {
        for (int i = 0; i < NUM_BOTS; i++)
            if (!strcmp(argv[5], bot_names[i])) only = i;
        first = 6;
    }
    if (argc <= first) {
        fprintf(stderr, "usage: kumite_bots CORE ROM ROUNDS [-b BOT] LEVEL...\n");
        return 1;
    }
    if (!nes_open(argv[1], argv[2])) return 1;
    const int rounds = atoi(argv[3]);
    const size_t bytes = nes_state_bytes();
    void *states[8];
    printf("| won of %d rounds, %% |", rounds);
    for (int i = first; i < argc && i < first + 8; i++) {
        if (!begin_fight(atoi(argv[i]))) {
            fprintf(stderr, "kumite_bots: no fight at level %s\n", argv[i]);
            return 1;
        }
        states[i - first] = malloc(bytes);
        if (!states[i - first] || !nes_state_save(states[i - first], bytes)) return 1;
        printf(" level %s |", argv[i]);
    }
    printf(" frames a round | missed frames |\n|---|");
    for (int i = first; i < argc; i++) printf("---|");
    printf("---|---|\n");
    for (int kind = 0; kind < NUM_BOTS; kind++) {
        tally_t all = { 0 };
        if (only >= 0 && kind != only) continue;
        printf("| %s |", bot_names[kind]);
        for (int i = first; i < argc; i++) {
            tally_t one = { 0 };
            for (int round = 0; round < rounds; round++) {
                if (!nes_state_load(states[i - first], bytes)) return 1;
                play_round((bot_kind_t)kind, round, atoi(argv[i]), &one);
            }
            printf(" %d |", (one.won * 100 + rounds / 2) / rounds);
            fflush(stdout);
            all.frames += one.frames;
            if (one.lag > all.lag) all.lag = one.lag;
        }
        printf(" %d | %d |\n", all.frames / rounds / (argc - first), all.lag);
    }
    nes_close();
    return 0;
}
