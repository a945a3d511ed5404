/* opponent.c - see opponent.h. */
#include "opponent.h"

#include <stdio.h>
#include <string.h>

#include "splitmix.h"

void opponent_init(opponent_t *opponent, const preset_t *preset, agent_eyes_t eyes,
                   float temperature)
{
    *opponent = (opponent_t){ .preset = preset, .eyes = eyes, .temperature = temperature };
    opponent_seed(opponent, 0);
}

void opponent_end(opponent_t *opponent)
{
    policy_destroy(opponent->policy);
    opponent->policy = NULL;
}

void opponent_seed(opponent_t *opponent, uint64_t seed)
{
    masher_init(&opponent->masher, opponent->preset, seed);
    opponent->random = ~seed; /* not the agent's own numbers, if it plays at random, too */
}

bool opponent_load(opponent_t *opponent, const char *path, why_t why)
{
    if (opponent->policy && strcmp(opponent->path, path) == 0) return true;
    opponent_end(opponent);
    if (policy_load(&opponent->policy, path, NULL, 0, why) != AGENT_OK) return false;
    const int32_t found = policy_config(opponent->policy)->num_actions;
    const int32_t wanted = preset_num_actions(opponent->preset);
    const bool sees_other = policy_config(opponent->policy)->eyes != opponent->eyes;
    if (found == wanted && !sees_other) {
        snprintf(opponent->path, sizeof opponent->path, "%s", path);
        return true;
    }
    opponent_end(opponent);
    if (sees_other)
        return refuse(why, "%.300s: was trained to see something else than who it would meet",
                      path);
    return refuse(why, "%.300s: has %d actions, and %s has %d", path, found,
                  preset_game(opponent->preset), wanted);
}

uint16_t opponent_pad(opponent_t *opponent)
{
    return masher_next(&opponent->masher);
}

int32_t opponent_choose(opponent_t *opponent, const uint8_t *obs)
{
    if (opponent->policy) {
        if (opponent->temperature > 0) policy_seed(opponent->policy, splitmix64(&opponent->random));
        return policy_soft(opponent->policy, obs, opponent->temperature);
    }
    return (int32_t)splitmix_below(&opponent->random,
                                   (uint32_t)preset_num_actions(opponent->preset));
}
