/* netplay.c - see netplay.h. */
#include "netplay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "digest.h"
#include "policy.h"
#include "preset.h"

bool netplay_mind_of(const loaded_game_t *game, player_mind_t *mind)
{
    const size_t num_weights = policy_num_weights(game->policy);
    float *weights = malloc(num_weights * sizeof *weights);
    if (!weights) return false;
    policy_write_greedy_weights(game->policy, weights);
    uint8_t digest[32];
    digest_sha256((const uint8_t *)weights, num_weights * sizeof *weights, digest);
    free(weights);

    char half[17];
    snprintf(half, sizeof half, "%.16s", preset_hash(game->preset));
    *mind = (player_mind_t){ 0, strtoull(half, NULL, 16) };
    for (int i = 0; i < 8; i++) mind->weights = mind->weights << 8 | digest[i];
    return true;
}

/* Six digits are enough for two persons to compare. */
static unsigned name_of(uint64_t digest)
{
    return (unsigned)(digest >> 40);
}

netplay_verdict_t netplay_judge(const player_mind_t *ours, const uint8_t *state, size_t num_bytes,
                                why_t why)
{
    player_mind_t host;
    why[0] = '\0';
    if (!player_state_mind(state, num_bytes, &host)) {
        if (!ours) return NETPLAY_SAME;
        refuse(why, "netplay: the host has no agent, so none plays");
        return NETPLAY_NO_AGENT;
    }
    if (!ours)
        refuse(why, "netplay refused: the host's agent %06x is missing here",
               name_of(host.weights));
    else if (ours->weights != host.weights)
        refuse(why, "netplay refused: the host's agent is %06x, yours %06x", name_of(host.weights),
               name_of(ours->weights));
    else if (ours->preset != host.preset)
        refuse(why, "netplay refused: the host's preset is %06x, yours %06x", name_of(host.preset),
               name_of(ours->preset));
    else
        return NETPLAY_SAME;
    return NETPLAY_DIFFERS;
}

void netplay_greeting(const player_mind_t *ours, why_t text)
{
    if (ours)
        refuse(text, "netplay: all need agent %06x, as here", name_of(ours->weights));
    else
        refuse(text, "netplay: no agent here, so the host may have none");
}
