/* masp.h - how alike actions are, and what that does to the loss (Hosu, Rebedea and Pascanu 2025).
 *
 * Sigma (A, A) is symmetric with a zero diagonal, Sigma_ij = sigmoid(s_ij), one s a pair i < j.
 * It pulls the Q-values of like actions together:
 *     P = 1/(B N) sum_b sum_{i<j} Sigma_ij (q_bi - q_bj)^2,   N = A (A - 1) / 2
 * and is itself learned, from the TD loss J of another batch after the step that P changed:
 *     dJ/dSigma_ij = -rate lambda 2/(B N) sum_b (q_bi - q_bj)(q'_bi - q'_bj)
 * where q' is the tangent of q along u = (1 - beta1) D grad J. rainbow.c computes q and q', and
 * says over what J is a mean: the rows of that batch, or its actions (config.similarity_balanced).
 *
 * Pairs are stored as the upper triangle, row by row: (0,1) (0,2) ... (1,2) ...
 */
#ifndef AGENT_MASP_H
#define AGENT_MASP_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "real.h"

typedef struct {
    int32_t num_actions;
    int32_t num_pairs;  /* N */
    double *s;          /* (N) */
    double *prior;      /* (N), where s started and what it is pulled to */
    double *m, *v;      /* (N), Adam's moments of s */
    double *grad;       /* (N), the last dJ/dSigma, without the factor rate * lambda */
    uint64_t num_steps; /* Adam's t */
    real_t *sigma;      /* (A, A), of the current s */
    real_t *laplacian;  /* (A, A), diag(sigma 1) - sigma */
    real_t *products;   /* (A, A), scratch: sum_b q_bi q'_bj */
} masp_t;

int32_t masp_num_pairs(int32_t num_actions);

/* start: the Sigma of every pair until a prior is set, in (0, 1). */
void masp_take(masp_t *masp, arena_t *arena, int32_t num_actions, double start);

/* matrix: (A, A) values in [0, 1]; the mean of (i, j) and (j, i) counts, the diagonal does not.
 * Becomes both s and its prior; Adam's moments start over. Values are kept within
 * [MASP_LEAST, 1 - MASP_LEAST]: a sigmoid never reaches its ends. */
#define MASP_LEAST 1e-3
void masp_set_prior(masp_t *masp, const float *matrix);
/* Make sigma and laplacian from s. */
void masp_refresh(masp_t *masp);

/* d_q (B, A) = weight * dP/dq = weight * 2/(B N) q Lap. Returns P, without the weight. */
double masp_penalty(const masp_t *masp, int32_t num_rows, double weight, const real_t *q,
                    real_t *d_q);

/* masp->grad = -scale 2/(B N) sum_b (q_bi - q_bj)(q'_bi - q'_bj), from q and its tangent q', both
 * (B, A). False: some of it is not finite. */
bool masp_meta_gradient(masp_t *masp, int32_t num_rows, double scale, const real_t *q,
                        const real_t *t_q);
/* One step of Adam on s along masp->grad, then a pull of learning_rate * pull * (s - prior). */
void masp_step(masp_t *masp, double learning_rate, double pull);

#endif
