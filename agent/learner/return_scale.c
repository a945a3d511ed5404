/* return_scale.c - see return_scale.h. */
#include "return_scale.h"

#include <math.h>

static const double SHARE_THAT_FITS = 0.9;
static const double HEADROOM = 1.25; /* they then fill 1 / 1.25 of the range */
static const double TOO_LARGE = 4;
enum { ENOUGH_CHAINS = 8 }; /* to move a scale that is known */

void return_scale_take(return_scale_t *scale, arena_t *arena, const agent_config_t *config)
{
    const size_t streams = (size_t)config->num_streams;
    *scale = (return_scale_t){
        .fixed = (double)config->return_scale,
        .low = (double)config->return_min,
        .high = (double)config->return_max,
        .discount_per_step = (double)config->discount_per_step,
        .num_streams = config->num_streams,
    };
    scale->rewards = arena_take(arena, streams * RETURN_SCALE_BLOCK, sizeof(float));
    scale->discounts = arena_take(arena, streams * RETURN_SCALE_BLOCK, sizeof(double));
    scale->lengths = arena_take(arena, streams, sizeof(int32_t));
}

/* The least scale at which this return fits. 0: any, or none: no atom lies on its side of 0. */
static double need_of(const return_scale_t *scale, double value)
{
    const double edge = value > 0 ? scale->high : scale->low;
    return value * edge > 0 ? value / edge : 0;
}

/* The largest need of a running chain's returns, as if it ended here. */
static double need_of_chain(const return_scale_t *scale, int32_t stream)
{
    const size_t first = (size_t)stream * RETURN_SCALE_BLOCK;
    double value = 0, most = 0;
    for (int32_t i = scale->lengths[stream] - 1; i >= 0; i--) {
        const size_t at = first + (size_t)i;
        value = (double)scale->rewards[at] + scale->discounts[at] * value;
        most = fmax(most, need_of(scale, value));
    }
    return most;
}

void return_scale_end(return_scale_t *scale, int32_t stream)
{
    const double need = need_of_chain(scale, stream);
    scale->lengths[stream] = 0;
    if (!(need > 0)) return;
    scale->needs[scale->num_needs++ % RETURN_SCALE_CHAINS] = need;
    scale->is_due = true;
}

void return_scale_add(return_scale_t *scale, int32_t stream, float reward, int32_t duration_steps)
{
    if (scale->fixed > 0) return;
    const size_t at = (size_t)stream * RETURN_SCALE_BLOCK + (size_t)scale->lengths[stream];
    scale->rewards[at] = reward;
    scale->discounts[at] = pow(scale->discount_per_step, duration_steps);
    if (++scale->lengths[stream] == RETURN_SCALE_BLOCK) return_scale_end(scale, stream);
}

/* What nine in ten of the last chains needed; of a few all. */
static double usual_need(const return_scale_t *scale)
{
    double sorted[RETURN_SCALE_CHAINS];
    const int32_t count =
        scale->num_needs < RETURN_SCALE_CHAINS ? (int32_t)scale->num_needs : RETURN_SCALE_CHAINS;
    for (int32_t i = 0; i < count; i++) {
        int32_t at = i;
        for (; at > 0 && sorted[at - 1] > scale->needs[i]; at--) sorted[at] = sorted[at - 1];
        sorted[at] = scale->needs[i];
    }
    return count > 0 ? sorted[(int32_t)ceil(SHARE_THAT_FITS * count) - 1] : 0;
}

/* Before the first update: where few chains have ended, those that run count, too. */
static double first_need(const return_scale_t *scale)
{
    double most = usual_need(scale);
    if (scale->num_needs >= ENOUGH_CHAINS) return most;
    for (int32_t s = 0; s < scale->num_streams; s++) most = fmax(most, need_of_chain(scale, s));
    return most;
}

void return_scale_follow(return_scale_t *scale)
{
    if (scale->fixed > 0) return;
    if (!(scale->scale > 0)) {
        scale->scale = HEADROOM * first_need(scale);
        return;
    }
    if (!scale->is_due || scale->num_needs < ENOUGH_CHAINS) return;
    scale->is_due = false;
    const double need = usual_need(scale);
    if (need > scale->scale ||
        (need * TOO_LARGE < scale->scale && scale->num_needs >= RETURN_SCALE_CHAINS))
        scale->scale = HEADROOM * need;
}

double return_scale_of(const return_scale_t *scale)
{
    if (scale->fixed > 0) return scale->fixed;
    return scale->scale > 0 ? scale->scale : 1;
}
