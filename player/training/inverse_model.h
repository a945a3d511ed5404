/* inverse_model.h - which action was it? Learned from what was seen before and behind decisions of
 * random play, and from that how alike the actions are. Knows no games: rows of numbers.
 *
 * The model is p(a | x), x = (what was seen before, what was seen behind): a layer of
 * INVERSE_MODEL_HIDDEN rectified units and a softmax, trained by Adam on four fifths of the rows;
 * the weights that predict the others best are kept. Divided by the behaviour policy, which is its
 * mean over the rows, it says how much more often x follows a than anything:
 *
 *     w_a(x) = p(a | x) / mean_x p(a | x)
 *     distance_ab = 1 - mean_x 2 w_a w_b / (w_a + w_b)
 *
 * That is half the triangular discrimination (Vincze-Le Cam) of what the two actions do: in [0, 1],
 * 0 if whatever follows one of them follows the other as often, 1 if x always tells them apart.
 * Expectations under w_a take all rows, so an action with few of its own has a distance, too.
 *
 * After No Prior Mask (Zhong et al., AAAI 2024, arXiv 2312.06258), which takes the policy out of an
 * inverse model to compare actions and masks those that do the same. The measure and the model are
 * ours.
 *
 * Arithmetic is plain loops in float, sums of rows in double; the same rows and seed give the same
 * distances on the same machine and build.
 */
#ifndef PLAYER_INVERSE_MODEL_H
#define PLAYER_INVERSE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "why.h"

enum {
    INVERSE_MODEL_HIDDEN = 64,
    INVERSE_MODEL_MIN_ROWS = 10,
    INVERSE_MODEL_MAX_EPOCHS = 200,
    INVERSE_MODEL_PATIENCE = 8 /* epochs without a better prediction: it has learned enough */
};

/* Called after each epoch. False: stop, with nothing. May be NULL. */
typedef bool inverse_model_watch_t(void *context, int32_t epochs_done, double held_out_loss);

typedef struct {
    const float *inputs;    /* (num_rows, num_inputs), borrowed */
    const int32_t *actions; /* (num_rows), in [0, num_actions), borrowed */
    int32_t num_rows;       /* INVERSE_MODEL_MIN_ROWS or more */
    int32_t num_inputs, num_actions;
    uint64_t seed; /* of the weights, of what is held out, of the order */
    inverse_model_watch_t *watch;
    void *context;
} inverse_model_config_t;

typedef struct {
    int32_t epochs;       /* until the kept weights; 0: nothing was predicted */
    double held_out_loss; /* nats of an action that was held out */
    double chance_loss;   /* the same of how often each action was played, without looking */
    /* Mean of log w_a over what was held out, and its standard error: how much x says of the
     * action, in nats. Within three errors of 0 it may be chance. */
    double told, told_error;
} inverse_model_result_t;

/* distances: (A, A), written: symmetric, in [0, 1], zero diagonal; near 0 for every pair where
 * nothing was told. False: too few rows, a number that is not finite, stopped, no memory; `why`
 * says it, and distances is not written. */
bool inverse_model_distances(float *distances, inverse_model_result_t *result,
                             const inverse_model_config_t *config, why_t why);

#endif
