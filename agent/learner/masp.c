/* masp.c - see masp.h. Proven in tests/agent/test_masp_f64.c. */
#include "masp.h"

#include <math.h>
#include <string.h>

#include "adam.h"
#include "kinds.h"

/* dJ/dSigma without its factor rate * lambda is of the order of a change of Q in one step. */
static const double EPSILON = 1e-12;

int32_t masp_num_pairs(int32_t num_actions)
{
    return num_actions * (num_actions - 1) / 2;
}

/* The number of pair i < j: rows 0 to i - 1 of the upper triangle are before it. */
static int32_t masp_pair(int32_t num_actions, int32_t i, int32_t j)
{
    return i * num_actions - i * (i + 1) / 2 + j - i - 1;
}

static double logit(double p)
{
    p = p < MASP_LEAST ? MASP_LEAST : p > 1 - MASP_LEAST ? 1 - MASP_LEAST : p;
    return log(p / (1 - p));
}

void masp_take(masp_t *masp, arena_t *arena, const agent_config_t *config)
{
    const size_t A = (size_t)config->num_actions, AA = A * A;
    const size_t N = (size_t)masp_num_pairs(config->num_actions);
    const size_t BA = (size_t)config->batch_size * A;
    *masp = (masp_t){ .num_actions = config->num_actions,
                      .form = config->similarity_form,
                      .num_pairs = (int32_t)N,
                      .sharpness = (double)config->similarity_kinds };
    double **const pairs[] = { &masp->s, &masp->prior, &masp->m, &masp->v, &masp->grad };
    for (int i = 0; i < 5; i++) *pairs[i] = arena_take(arena, N, sizeof(double));
    masp->sigma = arena_take(arena, AA, sizeof(real_t));
    masp->pull = arena_take(arena, AA, sizeof(real_t));
    masp->products = arena_take(arena, AA, sizeof(real_t));
    if (masp->form == AGENT_SIMILARITY_MIXTURE) {
        masp->residual = arena_take(arena, BA, sizeof(real_t));
        masp->t_residual = arena_take(arena, BA, sizeof(real_t));
    }
    masp->rho = arena_take(arena, A, sizeof(double));
    masp->cumulative = arena_take(arena, A, sizeof(double));
    if (!arena->base) return;
    for (size_t k = 0; k < N; k++)
        masp->s[k] = masp->prior[k] = logit((double)config->similarity_start);
    masp_refresh(masp);
}

void masp_set_prior(masp_t *masp, const float *matrix)
{
    const int32_t A = masp->num_actions;
    size_t k = 0;
    for (int32_t i = 0; i < A; i++)
        for (int32_t j = i + 1; j < A; j++, k++) {
            masp->s[k] = masp->prior[k] =
                logit(((double)matrix[i * A + j] + (double)matrix[j * A + i]) / 2);
            masp->m[k] = masp->v[k] = 0;
        }
    masp->num_steps = 0;
    masp_refresh(masp);
}

void masp_refresh(masp_t *masp)
{
    const int32_t A = masp->num_actions;
    size_t k = 0;
    for (int32_t i = 0; i < A; i++) {
        masp->sigma[i * A + i] = 0;
        for (int32_t j = i + 1; j < A; j++, k++)
            masp->sigma[i * A + j] = masp->sigma[j * A + i] = (real_t)(1 / (1 + exp(-masp->s[k])));
    }
    for (int32_t i = 0; i < A; i++) {
        double rho = 0;
        for (int32_t j = 0; j < A; j++) rho += (double)masp->sigma[i * A + j];
        const double share = masp->form == AGENT_SIMILARITY_MIXTURE ? 1 / (1 + rho) : 1;
        for (int32_t j = 0; j < A; j++)
            masp->pull[i * A + j] = (real_t)(-share * (double)masp->sigma[i * A + j]);
        masp->pull[i * A + i] = (real_t)(share * rho);
        masp->rho[i] = rho;
    }
    kinds_cumulate(A, masp->rho, masp->sharpness, masp->cumulative);
}

/* d_q[b,j] = 2 each sum_i q[b,i] Lap[i,j]; P = each/weight sum_b q_b Lap q_b */
static double penalty_of_pairs(const masp_t *masp, int32_t num_rows, double weight, const real_t *q,
                               real_t *d_q)
{
    const int32_t A = masp->num_actions;
    const double each = weight * 2 / ((double)num_rows * (A - 1));
    real_gemm(false, false, num_rows, A, A, (real_t)(2 * each), q, A, masp->pull, A, 0, d_q, A);
    double sum = 0;
    for (int32_t i = 0; i < num_rows * A; i++) sum += (double)q[i] * (double)d_q[i];
    return weight > 0 ? sum / (2 * weight) : 0;
}

/* r = q (1 - M)^T, d_q = 2 weight/B r (1 - M). */
static double penalty_of_mixture(masp_t *masp, int32_t num_rows, double weight, const real_t *q,
                                 real_t *d_q)
{
    const int32_t A = masp->num_actions;
    real_gemm(false, true, num_rows, A, A, 1, q, A, masp->pull, A, 0, masp->residual, A);
    real_gemm(false, false, num_rows, A, A, (real_t)(2 * weight / num_rows), masp->residual, A,
              masp->pull, A, 0, d_q, A);
    double sum = 0;
    for (int32_t i = 0; i < num_rows * A; i++)
        sum += (double)masp->residual[i] * (double)masp->residual[i];
    return sum / num_rows;
}

double masp_penalty(masp_t *masp, int32_t num_rows, double weight, const real_t *q, real_t *d_q)
{
    if (masp->num_actions < 2) {
        memset(d_q, 0, (size_t)(num_rows * masp->num_actions) * sizeof *d_q);
        return 0;
    }
    return masp->form == AGENT_SIMILARITY_MIXTURE
               ? penalty_of_mixture(masp, num_rows, weight, q, d_q)
               : penalty_of_pairs(masp, num_rows, weight, q, d_q);
}

static void gradient_of_pairs(masp_t *masp, int32_t num_rows, double scale, const real_t *q,
                              const real_t *t_q)
{
    const int32_t A = masp->num_actions;
    const real_t *c = masp->products;
    /* c[i,j] = sum_b q[b,i] t_q[b,j], so sum_b (q_i - q_j)(q'_i - q'_j) = c_ii + c_jj - c_ij - c_ji
     */
    real_gemm(true, false, A, A, num_rows, 1, q, A, t_q, A, 0, masp->products, A);
    const double each = -scale * 4 / ((double)num_rows * (A - 1));
    size_t k = 0;
    for (int32_t i = 0; i < A; i++)
        for (int32_t j = i + 1; j < A; j++, k++)
            masp->grad[k] = each * ((double)c[i * A + i] + (double)c[j * A + j] -
                                    (double)c[i * A + j] - (double)c[j * A + i]);
}

/* pull is 1 - M: 1 / (1 + rho_i) = 1 - pull_ii, and sum_k G_ik M_ik = G_ii - sum_k G_ik pull_ik. */
static void gradient_of_mixture(masp_t *masp, int32_t num_rows, double scale, const real_t *q,
                                const real_t *t_q)
{
    const int32_t A = masp->num_actions;
    const real_t *g = masp->products, each = (real_t)(scale * 2 / num_rows);
    real_gemm(false, true, num_rows, A, A, 1, q, A, masp->pull, A, 0, masp->residual, A);
    real_gemm(false, true, num_rows, A, A, 1, t_q, A, masp->pull, A, 0, masp->t_residual, A);
    real_gemm(true, false, A, A, num_rows, each, masp->t_residual, A, q, A, 0, masp->products, A);
    real_gemm(true, false, A, A, num_rows, each, masp->residual, A, t_q, A, 1, masp->products, A);
    memset(masp->grad, 0, (size_t)masp->num_pairs * sizeof *masp->grad);
    for (int32_t i = 0; i < A; i++) {
        double mean = (double)g[i * A + i];
        for (int32_t k = 0; k < A; k++)
            mean -= (double)g[i * A + k] * (double)masp->pull[i * A + k];
        const double share = 1 - (double)masp->pull[i * A + i];
        for (int32_t j = 0; j < A; j++)
            if (j != i)
                masp->grad[masp_pair(A, i < j ? i : j, i < j ? j : i)] +=
                    ((double)g[i * A + j] - mean) * share;
    }
}

bool masp_meta_gradient(masp_t *masp, int32_t num_rows, double scale, const real_t *q,
                        const real_t *t_q)
{
    if (masp->form == AGENT_SIMILARITY_MIXTURE)
        gradient_of_mixture(masp, num_rows, scale, q, t_q);
    else
        gradient_of_pairs(masp, num_rows, scale, q, t_q);
    bool finite = true;
    for (int32_t p = 0; p < masp->num_pairs; p++) finite = finite && isfinite(masp->grad[p]);
    return finite;
}

void masp_step(masp_t *masp, double learning_rate, double pull)
{
    masp->num_steps++;
    const double t = (double)masp->num_steps;
    const double unbias1 = 1 - pow(ADAM_BETA1, t), unbias2 = 1 - pow(ADAM_BETA2, t);
    for (int32_t k = 0; k < masp->num_pairs; k++) {
        const double sigma = 1 / (1 + exp(-masp->s[k]));
        const double g = masp->grad[k] * sigma * (1 - sigma); /* dJ/ds */
        masp->m[k] = ADAM_BETA1 * masp->m[k] + (1 - ADAM_BETA1) * g;
        masp->v[k] = ADAM_BETA2 * masp->v[k] + (1 - ADAM_BETA2) * g * g;
        /* The pull is outside of Adam, which would blow it up where there is no evidence. */
        masp->s[k] -=
            learning_rate * (masp->m[k] / unbias1 / (sqrt(masp->v[k] / unbias2) + EPSILON) +
                             pull * (masp->s[k] - masp->prior[k]));
    }
    masp_refresh(masp);
}
