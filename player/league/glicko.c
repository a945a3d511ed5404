/* glicko.c - see glicko.h; letters are the paper's. */
#include "glicko.h"

#include <math.h>

#define PI 3.14159265358979323846
#define SCALE 173.7178 /* from the paper's scale to Elo's */
#define START_RATING 1500.0
#define START_DEVIATION 350.0
#define START_VOLATILITY 0.06
#define EPSILON 1e-6
enum { MOST_STEPS = 200 };
/* Bounds of one period that the paper does not have: its one step towards the new rating is made
 * for a dozen rounds that are not all surprises. Hundreds of those would send both to infinity. */
#define MOST_VOLATILITY 0.3
#define MOST_SHIFT (400 / SCALE)

void glicko_begin(glicko_t *player)
{
    *player = (glicko_t){ START_RATING, START_DEVIATION, START_VOLATILITY };
}

static double g_of(double phi)
{
    return 1 / sqrt(1 + 3 * phi * phi / (PI * PI));
}

static double expected(double mu, double mu_j, double phi_j)
{
    return 1 / (1 + exp(-g_of(phi_j) * (mu - mu_j)));
}

double glicko_expected(const glicko_t *a, const glicko_t *b)
{
    const double phi = hypot(a->deviation, b->deviation) / SCALE;
    return expected((a->rating - START_RATING) / SCALE, (b->rating - START_RATING) / SCALE, phi);
}

typedef struct {
    double delta, phi, v, a;
} slope_t;

static double slope(const slope_t *s, double x)
{
    const double e = exp(x), sum = s->phi * s->phi + s->v + e;
    return e * (s->delta * s->delta - sum) / (2 * sum * sum) -
           (x - s->a) / (GLICKO_TAU * GLICKO_TAU);
}

/* Step 5: the Illinois algorithm between A and B. */
static double new_volatility(const slope_t *s)
{
    double A = s->a, B;
    const double surplus = s->delta * s->delta - s->phi * s->phi - s->v;
    if (surplus > 0) {
        B = log(surplus);
    } else {
        B = s->a - GLICKO_TAU;
        for (int32_t k = 2; slope(s, B) < 0 && k < MOST_STEPS; k++) B = s->a - k * GLICKO_TAU;
    }
    double at_a = slope(s, A), at_b = slope(s, B);
    for (int32_t i = 0; fabs(B - A) > EPSILON && i < MOST_STEPS; i++) {
        const double C = A + (A - B) * at_a / (at_b - at_a), at_c = slope(s, C);
        if (at_c * at_b <= 0)
            A = B, at_a = at_b;
        else
            at_a /= 2;
        B = C, at_b = at_c;
    }
    return exp(A / 2);
}

void glicko_update(glicko_t *player, const glicko_result_t *results, int32_t num_results)
{
    const double mu = (player->rating - START_RATING) / SCALE, phi = player->deviation / SCALE;
    double inverse_v = 0, sum = 0;
    for (int32_t i = 0; i < num_results; i++) {
        const glicko_result_t *r = &results[i];
        const double phi_j = r->opponent.deviation / SCALE, g = g_of(phi_j);
        const double E = expected(mu, (r->opponent.rating - START_RATING) / SCALE, phi_j);
        inverse_v += r->rounds * g * g * E * (1 - E);
        sum += g * (r->score - r->rounds * E);
    }
    if (!(inverse_v > 0)) { /* nobody was met */
        player->deviation = SCALE * hypot(phi, player->volatility);
        if (player->deviation > START_DEVIATION) player->deviation = START_DEVIATION;
        return;
    }
    const slope_t s = {
        .delta = sum / inverse_v, .phi = phi, .v = 1 / inverse_v, .a = 2 * log(player->volatility)
    };
    player->volatility = fmin(new_volatility(&s), MOST_VOLATILITY);
    const double phi_star = hypot(phi, player->volatility);
    const double phi_new = 1 / sqrt(1 / (phi_star * phi_star) + inverse_v);
    player->rating =
        START_RATING + SCALE * (mu + fmax(-MOST_SHIFT, fmin(MOST_SHIFT, phi_new * phi_new * sum)));
    player->deviation = SCALE * phi_new;
}
