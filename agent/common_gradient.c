/* common_gradient.c - see common_gradient.h; the sum itself is asked for in learner/update.c. */
#include "common_gradient.h"

#include "parts.h"

agent_status_t agent_share_gradient(agent_t *agent, const common_gradient_t *common, why_t why)
{
    learner_t *l = &agent->learner;
    if (learner_has_meta(&l->config))
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"similarity_mode\" is meta: each of %d learners would learn another "
                         "similarity from its own batches; fixed or off can be shared",
                         common->num_learners);
    if (l->config.obs_values > 0)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"eyes\" see %d values: each of %d learners would norm them by its own "
                         "batches; pictures can be shared",
                         l->config.obs_values, common->num_learners);
    if (l->device.self)
        return refuse_as(why, AGENT_BAD_CONFIG, "%d learners learn on processors, not on a card",
                         common->num_learners);
    l->common = *common;
    l->counts_noise = true;
    /* A session's batches shall not be those of the one before. */
    if (common->learner > 0)
        rng_seed(&l->rng,
                 l->config.seed + ((uint64_t)common->learner << 40) + (l->num_updates << 8),
                 RNG_LEARN);
    return AGENT_OK;
}

void *agent_piece(agent_t *agent, int32_t i, size_t *num_bytes)
{
    learner_t *l = &agent->learner;
    masp_t *masp = &l->masp;
    const size_t weights = l->net.num_weights * sizeof(real_t);
    const size_t pairs = (size_t)masp->num_pairs * sizeof(double);
    const struct {
        void *at;
        size_t num_bytes;
    } pieces[] = {
        { &l->num_decisions, sizeof l->num_decisions },
        { &l->num_updates, sizeof l->num_updates },
        { &l->adam.num_steps, sizeof l->adam.num_steps },
        { &l->return_scale.scale, sizeof l->return_scale.scale },
        { l->online, weights },
        { l->target, weights },
        { l->adam.m, weights },
        { l->adam.v, weights },
        { l->averaged, l->averaged ? weights : 0 },
        { masp->s, pairs },
        { masp->prior, pairs },
    };
    enum { NUM_PIECES = sizeof pieces / sizeof pieces[0] };
    if (i >= NUM_PIECES) return NULL;
    *num_bytes = pieces[i].num_bytes;
    return pieces[i].num_bytes > 0 ? pieces[i].at : agent; /* of no bytes, but not the last */
}

void agent_take_pieces(agent_t *agent)
{
    learner_t *l = &agent->learner;
    l->weights_at_update = l->all_at_update = l->num_updates;
    if (learner_has_penalty(&l->config)) masp_refresh(&l->masp);
}

double agent_wanted_scale(agent_t *agent)
{
    return_scale_follow(&agent->learner.return_scale);
    return agent->learner.return_scale.scale;
}

void agent_agree_scale(agent_t *agent, double scale)
{
    if (scale > 0) agent->learner.return_scale.scale = scale;
}

void agent_count_elsewhere(agent_t *agent, uint64_t num_decisions)
{
    agent->learner.num_decisions += num_decisions;
}

const uint8_t *agent_weight_bytes(const agent_t *agent, size_t *num_bytes)
{
    *num_bytes = agent->learner.net.num_weights * sizeof(real_t);
    return (const uint8_t *)agent->learner.online;
}
