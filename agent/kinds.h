/* kinds.h - random actions by kinds: where many actions are alike, a uniform draw is a draw of what
 * has most names.
 *
 * rho_i, the sum of row i of Sigma (masp.h), says how many others do what action i does. Drawn in
 * proportion to
 *     w_i = (1 / (1 + rho_i))^sharpness
 * each group of n equal actions gets as much as one action without a like (sharpness 1), or the
 * names stay equal (0). sum_i 1 / (1 + rho_i) is how many kinds there are: A if nothing is alike, 1
 * if everything is. Of blurred similarities the weights hardly differ; a sharpness above 1 makes up
 * for it.
 */
#ifndef AGENT_KINDS_H
#define AGENT_KINDS_H

#include <stdint.h>

#define KINDS_MAX_SHARPNESS 8

/* rho: (A), not negative. */
double kinds_count(int32_t num_actions, const double *rho);
/* cumulative: (A), written: the probability of actions 0 to i together; the last is 1. */
void kinds_cumulate(int32_t num_actions, const double *rho, double sharpness, double *cumulative);
/* The action of a uniform number in [0, 1). */
int32_t kinds_draw(int32_t num_actions, const double *cumulative, double unit);

#endif
