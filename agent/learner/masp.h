/* masp.h - how alike actions are, and what that does to the loss (Hosu, Rebedea and Pascanu 2025).
 *
 * Sigma (A, A) is symmetric with a zero diagonal, Sigma_ij = sigmoid(s_ij), one s a pair i < j;
 * rho_i is the sum of its row i. It pulls the Q-values of like actions together, in one of two
 * forms: pairs     P = 2/(B) sum_b sum_{i<j} Sigma_ij (q_bi - q_bj)^2 mixture   P = 1/B sum_b
 * |q_b - M q_b|^2,   M_ij = (delta_ij + Sigma_ij) / (1 + rho_i) Pairs is A times the mean over all
 * pairs, so that an action with so many likes is pulled alike among 24 and among 240; mixture is
 * the paper's, as far as it is reported, and pulls weakly similar actions less. Sigma = 0 is no
 * penalty in both, and a value that all actions share is not touched.
 *
 * Sigma is itself learned, from the TD loss J of another batch after the step that P changed. With
 * q' the tangent of q along u = (1 - beta1) D grad J:
 *     pairs     dJ/dSigma_ij = -rate lambda 4/(B) sum_b (q_bi - q_bj)(q'_bi - q'_bj)
 *     mixture   dJ/dSigma_ij = (G_ij - sum_k G_ik M_ik) / (1 + rho_i), and the same with i and j
 *               exchanged;  G = rate lambda 2/B sum_b (r'_b q_b^T + r_b q'_b^T),  r = q - M q
 * rainbow.c computes q and q', and says over what J is a mean: the rows of that batch, or its
 * actions (config.similarity_balanced). M there is the newest, a meta step newer than the one of
 * the step that is looked back at.
 *
 * Pairs are stored as the upper triangle, row by row: (0,1) (0,2) ... (1,2) ...
 */
#ifndef AGENT_MASP_H
#define AGENT_MASP_H

#include <stdbool.h>
#include <stdint.h>

#include "agent_config.h"
#include "arena.h"
#include "real.h"

typedef struct {
    int32_t num_actions;
    agent_similarity_form_t form;
    int32_t num_pairs;  /* A (A-1) / 2 */
    double *s;          /* (N) */
    double *prior;      /* (N), where s started and what it is pulled to */
    double *m, *v;      /* (N), Adam's moments of s */
    double *grad;       /* (N), the last dJ/dSigma, without the factor rate * lambda */
    uint64_t num_steps; /* Adam's t */
    real_t *sigma;      /* (A, A), of the current s */
    real_t *pull;       /* (A, A), pairs: diag(rho) - sigma; mixture: 1 - M */
    real_t *products;   /* (A, A), scratch: pairs: sum_b q_bi q'_bj; mixture: G */
    real_t *residual;   /* (B, A), scratch of mixture: r */
    real_t *t_residual; /* (B, A), the same: r' */
    double sharpness;   /* of random actions (kinds.h); 0: all names alike */
    double *rho;        /* (A) */
    double *cumulative; /* (A), kinds.h */
} masp_t;

int32_t masp_num_pairs(int32_t num_actions);

void masp_take(masp_t *masp, arena_t *arena, const agent_config_t *config);

/* matrix: (A, A) values in [0, 1]; the mean of (i, j) and (j, i) counts, the diagonal does not.
 * Becomes both s and its prior; Adam's moments start over. Values are kept within
 * [MASP_LEAST, 1 - MASP_LEAST]: a sigmoid never reaches its ends. */
#define MASP_LEAST 1e-3
void masp_set_prior(masp_t *masp, const float *matrix);
/* Make sigma and what depends on it from s. */
void masp_refresh(masp_t *masp);

/* d_q (B, A) = weight * dP/dq. Returns P, without the weight. */
double masp_penalty(masp_t *masp, int32_t num_rows, double weight, const real_t *q, real_t *d_q);

/* masp->grad = dJ/dSigma with `scale` instead of rate * lambda, from q and its tangent q', both
 * (B, A). False: some of it is not finite. */
bool masp_meta_gradient(masp_t *masp, int32_t num_rows, double scale, const real_t *q,
                        const real_t *t_q);
/* One step of Adam on s along masp->grad, then a pull of learning_rate * pull * (s - prior). */
void masp_step(masp_t *masp, double learning_rate, double pull);

#endif
