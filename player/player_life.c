/* player_life.c - a player is made from what it is asked to be, and freed. */
#include <math.h>
#include <stdlib.h>

#include "player.h"
#include "player_inner.h"
#include "why.h"

void player_config_defaults(player_config_t *config, bridge_t *bridge, const preset_t *preset)
{
    *config = (player_config_t){ .bridge = bridge,
                                 .preset = preset,
                                 .ports = 1,
                                 .discount_per_step = 0.99f,
                                 .max_idle_frames = 30,
                                 .novelty = NAN,
                                 .has_step_limit = true,
                                 .seed = 1 };
}

static bool check_config(const player_config_t *config, double *novelty, why_t why)
{
    const preset_t *preset = config->preset;
    if (config->ports == 0) return refuse(why, "a player needs a port");
    for (uint32_t port = 0; port < 32; port++)
        if (config->ports >> port & 1 && !preset_plays_port(preset, port, why)) return false;
    if (!(config->discount_per_step > 0 && config->discount_per_step <= 1))
        return refuse(why, "discount must be above 0 and at most 1, found %g",
                      (double)config->discount_per_step);
    if (!(config->sticky_probability >= 0 && config->sticky_probability < 1))
        return refuse(why, "sticky probability must be 0 or more and below 1, found %g",
                      (double)config->sticky_probability);
    if (config->min_idle_frames < 0 || config->max_idle_frames > 3600 ||
        config->min_idle_frames > config->max_idle_frames)
        return refuse(why, "idle frames must rise within 0..3600, found %d..%d",
                      config->min_idle_frames, config->max_idle_frames);
    *novelty = isnan(config->novelty) ? preset_novelty(preset) : (double)config->novelty;
    if (!(*novelty >= 0 && *novelty <= PRESET_MAX_NOVELTY))
        return refuse(why, "novelty must be 0..%g, found %g", PRESET_MAX_NOVELTY, *novelty);
    return true;
}

static bool check_variables(const player_t *player, why_t why)
{
    const preset_t *preset = player->config.preset;
    for (int32_t v = 0; v < player->num_variables; v++) {
        if (player_find_variable(player, v)) continue;
        const preset_variable_t *variable = preset_variable(preset, v);
        return refuse(why, "variable %s of %s is at 0x%llx, %d bytes, which %s does not expose",
                      variable->name, preset_game(preset), (unsigned long long)variable->address,
                      variable->num_bytes, bridge_core(player->config.bridge).name);
    }
    return true;
}

bool player_create(player_t **out, const player_config_t *config, why_t why)
{
    double novelty = 0;
    *out = NULL;
    agent_config_t seen;
    if (!check_config(config, &novelty, why) ||
        !player_set_eyes(&seen, config->preset, config->eyes, why))
        return false;
    player_t *player = calloc(1, sizeof *player);
    if (!player) return refuse(why, "no memory for a player");
    player->config = *config;
    player->novelty_weight = novelty;
    if (novelty > 0 && !(player->novelty = calloc(1, sizeof *player->novelty))) {
        free(player);
        return refuse(why, "no memory for what was seen");
    }
    player_state_limits(&player->limits, config->preset);
    player->frame_skip = preset_frame_skip(config->preset);
    player->needs_pictures = config->eyes != AGENT_EYES_VARIABLES || novelty > 0;
    player->num_variables = preset_num_variables(config->preset);
    player->max_steps = config->has_step_limit ? preset_max_steps(config->preset) : 0;
    player->reward_scale = preset_reward_scale(config->preset);

    player_state_init(&player->state, &player->limits);
    player->state.holder.wish.ports = config->ports;
    player->state.mind = config->mind;
    player_seed(player, config->seed);
    if (!check_variables(player, why)) {
        player_destroy(player);
        return false;
    }
    player_read_anew(player);
    *out = player;
    return true;
}

void player_destroy(player_t *player)
{
    if (!player) return;
    for (int32_t s = 0; s < PRESET_MAX_STARTS; s++) free(player->booted[s].bytes);
    free(player->novelty);
    free(player);
}
