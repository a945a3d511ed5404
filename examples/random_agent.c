/* random_agent.c - a game played with random moves, over core_bridge/ and player/ alone:
 *
 *     build/release/examples/random_agent CORE GAME PRESET ROUNDS
 *
 * An agent of yours goes where splitmix_below() draws the action: it gets the observation, 4
 * pictures of 84 x 84 grays, and learns from the outcome. examples/README.md has a command to try.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bridge.h"
#include "player.h"
#include "preset.h"
#include "splitmix.h"

static const char *const results[] = { "over", "won", "lost", "drawn" };

static void play_round(player_t *player, uint32_t num_actions, uint64_t *random, int round)
{
    player_outcome_t outcome = { 0 };
    int decisions = 0;
    while (!outcome.terminal && !outcome.truncated) {
        if (player_wants_action(player, 0))
            player_begin(player, 0, (int32_t)splitmix_below(random, num_actions));
        const player_news_t *const news = player_frame(player, NULL);
        if (!(news->closed & 1)) continue;
        outcome = news->outcomes[0];
        decisions++;
    }
    printf("round %d: %s after %d decisions, return %.2f\n", round, results[outcome.result],
           decisions, (double)outcome.episode_return);
}

int main(int argc, char **argv)
{
    if (argc != 5) return fputs("usage: random_agent CORE GAME PRESET ROUNDS\n", stderr), 2;
    const bridge_config_t core = { .core_path = argv[1] };
    bridge_t *bridge = NULL;
    preset_t *preset = NULL;
    player_t *player = NULL;
    player_config_t config;
    uint64_t random = 1;
    why_t why = "";
    bool ok = preset_load(&preset, argv[3], why) && bridge_open(&bridge, &core, why) == BRIDGE_OK &&
              bridge_load(bridge, argv[2], NULL, 0, why) == BRIDGE_OK;
    if (ok) player_config_defaults(&config, bridge, preset);
    ok = ok && player_create(&player, &config, why) && player_boot(player, 0, why);
    for (int round = 1; ok && round <= atoi(argv[4]); round++) {
        ok = player_reset(player, why);
        if (ok) play_round(player, (uint32_t)preset_num_actions(preset), &random, round);
    }
    if (!ok) fprintf(stderr, "random_agent: %s\n", why);
    player_destroy(player);
    bridge_close(bridge);
    preset_free(preset);
    return ok ? 0 : 1;
}
