/* inverse_model.c - see inverse_model.h. */
#include "inverse_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "splitmix.h"

enum { HIDDEN = INVERSE_MODEL_HIDDEN, BATCH = 32, HELD_OUT = 5 /* one row of so many */ };

#define LEARNING_RATE 1e-3f
#define FURTHEST 5.0f /* an input is cut there, in standard deviations */

/* Weights, then their gradients and Adam's two moments, in arrays of the same layout. */
typedef struct {
    int32_t num_inputs, num_actions, num_rows, num_train;
    const inverse_model_config_t *config;
    float *rows;           /* (num_rows, num_inputs), standardised */
    int32_t *order;        /* (num_rows): num_train of them are learned from, then the held out */
    size_t num_weights;    /* (inputs, HIDDEN), (HIDDEN), (HIDDEN, actions), (actions) */
    float *weights, *best; /* now, and where the held out were predicted best */
    float *gradient, *mean, *square;
    float *scores; /* (actions), scratch */
    double *sums;  /* (actions) */
    int64_t num_steps;
    uint64_t random;
} inverse_t;

/* ---- rows ---- */

static bool standardise(inverse_t *m, char *why)
{
    const int32_t N = m->num_rows, F = m->num_inputs;
    for (int32_t f = 0; f < F; f++) {
        double sum = 0, squares = 0;
        for (int32_t r = 0; r < N; r++) {
            const double x = (double)m->config->inputs[(size_t)r * (size_t)F + (size_t)f];
            if (!isfinite(x))
                return refuse(why, "number %d of decision %d must be finite, found %g", f, r, x);
            sum += x;
        }
        const double mean = sum / N;
        for (int32_t r = 0; r < N; r++) {
            const double x = (double)m->config->inputs[(size_t)r * (size_t)F + (size_t)f] - mean;
            squares += x * x;
        }
        const double deviation = sqrt(squares / N);
        for (int32_t r = 0; r < N; r++) {
            const size_t at = (size_t)r * (size_t)F + (size_t)f;
            const double x = deviation > 1e-6 * (1 + fabs(mean))
                                 ? ((double)m->config->inputs[at] - mean) / deviation
                                 : 0; /* the same in all rows says nothing */
            m->rows[at] = fminf(FURTHEST, fmaxf(-FURTHEST, (float)x));
        }
    }
    return true;
}

static void shuffle(int32_t *order, int32_t count, uint64_t *random)
{
    for (int32_t i = count - 1; i > 0; i--) {
        const int32_t other = (int32_t)splitmix_below(random, (uint32_t)i + 1), held = order[i];
        order[i] = order[other];
        order[other] = held;
    }
}

/* ---- the model ---- */

typedef struct {
    float *in, *hidden, *out, *out_bias;
} inverse_layers_t;

static inverse_layers_t layers_of(const inverse_t *m, float *weights)
{
    inverse_layers_t layers = { .in = weights };
    layers.hidden = layers.in + (size_t)m->num_inputs * HIDDEN;
    layers.out = layers.hidden + HIDDEN;
    layers.out_bias = layers.out + (size_t)HIDDEN * (size_t)m->num_actions;
    return layers;
}

static float uniform(uint64_t *random)
{
    return (float)((double)(splitmix64(random) >> 11) * 0x1p-53 * 2 - 1);
}

/* He's uniform for the rectified layer; the softmax begins without an opinion. */
static void begin(inverse_t *m)
{
    const inverse_layers_t layers = layers_of(m, m->weights);
    const float bound = sqrtf(6.0f / (float)m->num_inputs);
    for (size_t i = 0; i < (size_t)m->num_inputs * HIDDEN; i++)
        layers.in[i] = bound * uniform(&m->random);
}

/* hidden: (HIDDEN), written; m->scores: p(a | row), written. */
static void predict(const inverse_t *m, float *weights, const float *row, float *hidden)
{
    const inverse_layers_t layers = layers_of(m, weights);
    const int32_t A = m->num_actions;
    memcpy(hidden, layers.hidden, HIDDEN * sizeof *hidden);
    for (int32_t f = 0; f < m->num_inputs; f++) {
        const float x = row[f], *w = layers.in + (size_t)f * HIDDEN;
        for (int32_t h = 0; h < HIDDEN; h++) hidden[h] += x * w[h];
    }
    memcpy(m->scores, layers.out_bias, (size_t)A * sizeof *m->scores);
    for (int32_t h = 0; h < HIDDEN; h++) {
        if (!(hidden[h] > 0)) hidden[h] = 0;
        if (hidden[h] == 0) continue;
        const float x = hidden[h], *w = layers.out + (size_t)h * (size_t)A;
        for (int32_t a = 0; a < A; a++) m->scores[a] += x * w[a];
    }
    float most = m->scores[0], sum = 0;
    for (int32_t a = 1; a < A; a++) most = fmaxf(most, m->scores[a]);
    for (int32_t a = 0; a < A; a++) sum += m->scores[a] = expf(m->scores[a] - most);
    for (int32_t a = 0; a < A; a++) m->scores[a] /= sum;
}

static const float *row_of(const inverse_t *m, int32_t number)
{
    return m->rows + (size_t)number * (size_t)m->num_inputs;
}

/* Adds the gradient of -log p(action | row), over `count`. */
static void learn_row(inverse_t *m, int32_t number, int32_t count)
{
    float hidden[HIDDEN], back[HIDDEN];
    const int32_t A = m->num_actions;
    const float *row = row_of(m, number);
    const inverse_layers_t layers = layers_of(m, m->weights), d = layers_of(m, m->gradient);
    predict(m, m->weights, row, hidden);
    m->scores[m->config->actions[number]] -= 1;
    for (int32_t a = 0; a < A; a++) {
        m->scores[a] /= (float)count;
        d.out_bias[a] += m->scores[a];
    }
    for (int32_t h = 0; h < HIDDEN; h++) {
        back[h] = 0;
        if (hidden[h] == 0) continue;
        const float *w = layers.out + (size_t)h * (size_t)A;
        float *dw = d.out + (size_t)h * (size_t)A;
        for (int32_t a = 0; a < A; a++) {
            back[h] += w[a] * m->scores[a];
            dw[a] += hidden[h] * m->scores[a];
        }
        d.hidden[h] += back[h];
    }
    for (int32_t f = 0; f < m->num_inputs; f++) {
        const float x = row[f];
        float *dw = d.in + (size_t)f * HIDDEN;
        for (int32_t h = 0; h < HIDDEN; h++) dw[h] += x * back[h];
    }
}

/* Kingma and Ba 2015 with its usual numbers. */
static void step(inverse_t *m)
{
    m->num_steps++;
    const float corrected = LEARNING_RATE * sqrtf(1 - powf(0.999f, (float)m->num_steps)) /
                            (1 - powf(0.9f, (float)m->num_steps));
    for (size_t i = 0; i < m->num_weights; i++) {
        const float g = m->gradient[i];
        m->mean[i] = 0.9f * m->mean[i] + 0.1f * g;
        m->square[i] = 0.999f * m->square[i] + 0.001f * g * g;
        m->weights[i] -= corrected * m->mean[i] / (sqrtf(m->square[i]) + 1e-8f);
    }
    memset(m->gradient, 0, m->num_weights * sizeof *m->gradient);
}

static double held_out_loss(const inverse_t *m)
{
    float hidden[HIDDEN];
    double sum = 0;
    for (int32_t i = m->num_train; i < m->num_rows; i++) {
        predict(m, m->weights, row_of(m, m->order[i]), hidden);
        sum -= log(fmax(1e-12, (double)m->scores[m->config->actions[m->order[i]]]));
    }
    return sum / (m->num_rows - m->num_train);
}

/* Of how often each action was played among those that are learned from, one more each. */
static double chance_loss(const inverse_t *m)
{
    double sum = 0;
    for (int32_t a = 0; a < m->num_actions; a++) m->sums[a] = 1;
    for (int32_t i = 0; i < m->num_train; i++) m->sums[m->config->actions[m->order[i]]]++;
    for (int32_t i = m->num_train; i < m->num_rows; i++)
        sum -= log(m->sums[m->config->actions[m->order[i]]] / (m->num_train + m->num_actions));
    return sum / (m->num_rows - m->num_train);
}

static bool train(inverse_t *m, inverse_model_result_t *result, char *why)
{
    begin(m);
    memcpy(m->best, m->weights, m->num_weights * sizeof *m->best);
    result->chance_loss = chance_loss(m);
    result->held_out_loss = held_out_loss(m);
    for (int32_t epoch = 1;
         epoch <= INVERSE_MODEL_MAX_EPOCHS && epoch - result->epochs <= INVERSE_MODEL_PATIENCE;
         epoch++) {
        shuffle(m->order, m->num_train, &m->random);
        for (int32_t first = 0; first < m->num_train; first += BATCH) {
            const int32_t count = m->num_train - first < BATCH ? m->num_train - first : BATCH;
            for (int32_t i = 0; i < count; i++) learn_row(m, m->order[first + i], count);
            step(m);
        }
        const double loss = held_out_loss(m);
        if (loss < result->held_out_loss) {
            result->held_out_loss = loss;
            result->epochs = epoch;
            memcpy(m->best, m->weights, m->num_weights * sizeof *m->best);
        }
        if (m->config->watch && !m->config->watch(m->config->context, epoch, loss))
            return refuse(why, "stopped after %d epochs of the inverse model", epoch);
    }
    return true;
}

/* ---- distances ---- */

/* m->sums: of p(a | row) over the rows, which is the behaviour policy times their number. */
static void sum_predictions(inverse_t *m)
{
    float hidden[HIDDEN];
    memset(m->sums, 0, (size_t)m->num_actions * sizeof *m->sums);
    for (int32_t r = 0; r < m->num_rows; r++) {
        predict(m, m->best, row_of(m, r), hidden);
        for (int32_t a = 0; a < m->num_actions; a++) m->sums[a] += (double)m->scores[a];
    }
}

/* m->scores: w_a(row) of each action, written. */
static void weigh(inverse_t *m, int32_t number)
{
    float hidden[HIDDEN];
    predict(m, m->best, row_of(m, number), hidden);
    for (int32_t a = 0; a < m->num_actions; a++)
        m->scores[a] =
            (float)(m->sums[a] > 0 ? (double)m->scores[a] * m->num_rows / m->sums[a] : 0);
}

static void measure(inverse_t *m, inverse_model_result_t *result)
{
    const double count = m->num_rows - m->num_train;
    double sum = 0, squares = 0;
    for (int32_t i = m->num_train; i < m->num_rows; i++) {
        weigh(m, m->order[i]);
        const double nats = log(fmax(1e-12, (double)m->scores[m->config->actions[m->order[i]]]));
        sum += nats;
        squares += nats * nats;
    }
    result->told = sum / count;
    result->told_error = sqrt(fmax(0, squares / count - result->told * result->told) / count);
}

static void compare(inverse_t *m, float *distances, double *likeness)
{
    const int32_t A = m->num_actions, N = m->num_rows;
    for (int32_t r = 0; r < N; r++) {
        weigh(m, r);
        for (int32_t a = 0; a < A; a++)
            for (int32_t b = 0; b < a; b++) {
                const float sum = m->scores[a] + m->scores[b];
                if (sum > 0) likeness[a * A + b] += (double)(2 * m->scores[a] * m->scores[b] / sum);
            }
    }
    for (int32_t a = 0; a < A; a++)
        for (int32_t b = 0; b <= a; b++)
            distances[a * A + b] = distances[b * A + a] =
                a == b ? 0 : (float)fmin(1, fmax(0, 1 - likeness[a * A + b] / N));
}

static void *room(size_t count, size_t bytes)
{
    return calloc(count ? count : 1, bytes);
}

bool inverse_model_distances(float *distances, inverse_model_result_t *result,
                             const inverse_model_config_t *config, why_t why)
{
    const size_t N = (size_t)config->num_rows, F = (size_t)config->num_inputs,
                 A = (size_t)config->num_actions;
    *result = (inverse_model_result_t){ 0 };
    if (config->num_rows < INVERSE_MODEL_MIN_ROWS)
        return refuse(why, "an inverse model needs %d decisions or more, found %d",
                      INVERSE_MODEL_MIN_ROWS, config->num_rows);
    inverse_t m = { .num_inputs = config->num_inputs,
                    .num_actions = config->num_actions,
                    .num_rows = config->num_rows,
                    .num_train = config->num_rows - config->num_rows / HELD_OUT,
                    .config = config,
                    .num_weights = F * HIDDEN + HIDDEN + HIDDEN * A + A,
                    .random = config->seed };
    m.rows = room(N * F, sizeof *m.rows);
    m.order = room(N, sizeof *m.order);
    float *weights = room(5 * m.num_weights, sizeof *weights);
    m.scores = room(A, sizeof *m.scores);
    m.sums = room(A, sizeof *m.sums);
    double *likeness = room(A * A, sizeof *likeness);
    bool ok = (m.rows && m.order && weights && m.scores && m.sums && likeness) ||
              refuse(why, "no memory for an inverse model of %d decisions", config->num_rows);
    if (ok) {
        m.weights = weights;
        m.best = weights + m.num_weights;
        m.gradient = weights + 2 * m.num_weights;
        m.mean = weights + 3 * m.num_weights;
        m.square = weights + 4 * m.num_weights;
        for (int32_t r = 0; r < m.num_rows; r++) m.order[r] = r;
        shuffle(m.order, m.num_rows, &m.random);
    }
    ok = ok && standardise(&m, why) && train(&m, result, why);
    if (ok) {
        sum_predictions(&m);
        measure(&m, result);
        compare(&m, distances, likeness);
    }
    free(m.rows);
    free(m.order);
    free(weights);
    free(m.scores);
    free(m.sums);
    free(likeness);
    return ok;
}
