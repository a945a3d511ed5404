/* masp.c - see masp.h. Proven in tests/agent/test_masp_f64.c. */
#include "masp.h"

#include <math.h>
#include <string.h>

#include "adam.h"

/* dJ/dSigma without its factor rate * lambda is of the order of a change of Q in one step. */
static const double EPSILON = 1e-12;

int32_t masp_num_pairs(int32_t num_actions)
{
    return num_actions * (num_actions - 1) / 2;
}

static double logit(double p)
{
    p = p < MASP_LEAST ? MASP_LEAST : p > 1 - MASP_LEAST ? 1 - MASP_LEAST : p;
    return log(p / (1 - p));
}

void masp_take(masp_t *masp, arena_t *arena, int32_t num_actions, double start)
{
    const size_t N = (size_t)masp_num_pairs(num_actions);
    const size_t AA = (size_t)num_actions * (size_t)num_actions;
    *masp = (masp_t){ .num_actions = num_actions, .num_pairs = (int32_t)N };
    double **const pairs[] = { &masp->s, &masp->prior, &masp->m, &masp->v, &masp->grad };
    for (int i = 0; i < 5; i++) *pairs[i] = arena_take(arena, N, sizeof(double));
    masp->sigma = arena_take(arena, AA, sizeof(real_t));
    masp->laplacian = arena_take(arena, AA, sizeof(real_t));
    masp->products = arena_take(arena, AA, sizeof(real_t));
    if (!arena->base) return;
    for (size_t k = 0; k < N; k++) masp->s[k] = masp->prior[k] = logit(start);
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
        real_t sum = 0;
        for (int32_t j = 0; j < A; j++) {
            sum += masp->sigma[i * A + j];
            masp->laplacian[i * A + j] = -masp->sigma[i * A + j];
        }
        masp->laplacian[i * A + i] = sum;
    }
}

double masp_penalty(const masp_t *masp, int32_t num_rows, double weight, const real_t *q,
                    real_t *d_q)
{
    const int32_t A = masp->num_actions;
    if (A < 2) {
        memset(d_q, 0, (size_t)(num_rows * A) * sizeof *d_q);
        return 0;
    }
    const double each = weight / ((double)num_rows * masp->num_pairs);
    /* d_q[b,j] = 2 each sum_i q[b,i] Lap[i,j]; P = 1/(B N) sum_b q_b Lap q_b */
    real_gemm(false, false, num_rows, A, A, (real_t)(2 * each), q, A, masp->laplacian, A, 0, d_q,
              A);
    double sum = 0;
    for (int32_t i = 0; i < num_rows * A; i++) sum += (double)q[i] * (double)d_q[i];
    return weight > 0 ? sum / (2 * weight) : 0;
}

bool masp_meta_gradient(masp_t *masp, int32_t num_rows, double scale, const real_t *q,
                        const real_t *t_q)
{
    const int32_t A = masp->num_actions;
    const real_t *c = masp->products;
    /* c[i,j] = sum_b q[b,i] t_q[b,j], so sum_b (q_i - q_j)(q'_i - q'_j) = c_ii + c_jj - c_ij - c_ji
     */
    real_gemm(true, false, A, A, num_rows, 1, q, A, t_q, A, 0, masp->products, A);
    const double each = -scale * 2 / ((double)num_rows * masp->num_pairs);
    size_t k = 0;
    for (int32_t i = 0; i < A; i++)
        for (int32_t j = i + 1; j < A; j++, k++)
            masp->grad[k] = each * ((double)c[i * A + i] + (double)c[j * A + j] -
                                    (double)c[i * A + j] - (double)c[j * A + i]);
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
