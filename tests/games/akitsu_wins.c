/* akitsu_wins.c - how often simple players win a round of Akitsu.
 *
 *     akitsu_wins CORE ROM ROUNDS LEVEL...
 *
 * Rounds differ by the frames that are waited on the title, and by the player's seed. */
#include "akitsu_players.h"
#include "akitsu_ram.h"
#include "core_rig.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const int rounds = argc > 4 ? atoi(argv[3]) : 0;
    if (rounds < 1) {
        fprintf(stderr, "usage: akitsu_wins CORE ROM ROUNDS LEVEL...\n");
        return 1;
    }
    if (!rig_open(argv[1], argv[2])) return 1;
    printf("| rounds won of %d, %% (enemies left, ship's points, frames) |", rounds);
    for (int at = 4; at < argc; at++) printf(" level %s |", argv[at]);
    printf("\n|---|");
    for (int at = 4; at < argc; at++) printf("---|");
    int lag = 0;
    for (int kind = 0; kind < NUM_PLAYERS; kind++) {
        printf("\n| %s |", akitsu_player_names[kind]);
        for (int at = 4; at < argc; at++) {
            int won = 0, left = 0, hp = 0, frames = 0;
            for (int round = 0; round < rounds; round++) {
                akitsu_player_t player;
                if (!akitsu_boot(atoi(argv[at]), round * 7)) {
                    fprintf(stderr, "akitsu_wins: no round at level %s\n", argv[at]);
                    return 1;
                }
                akitsu_player_init(&player, (player_kind_t)kind, (uint32_t)(1000 + round));
                frames += akitsu_play_round(&player);
                const uint8_t *ram = rig_ram();
                won += ram[AKITSU_ROUND_RESULT] == 1;
                left += ram[AKITSU_ENEMIES_LEFT];
                hp += ram[AKITSU_HP];
                if (ram[AKITSU_LAG_FRAMES] > lag) lag = ram[AKITSU_LAG_FRAMES];
            }
            printf(" %d (%.1f, %.1f, %d) |", (won * 100 + rounds / 2) / rounds,
                   (double)left / rounds, (double)hp / rounds, frames / rounds);
            fflush(stdout);
        }
    }
    printf("\nmissed frames: %d\n", lag);
    rig_close();
    return 0;
}
