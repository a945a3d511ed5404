/* card_products.h - the network's passes as products; passes.c on the card. */
#ifndef AGENT_CARD_PRODUCTS_H
#define AGENT_CARD_PRODUCTS_H

#include "card_queue.h"

enum { CARD_NONE = -1 };

/* Where a network's tensors lie: what a row's offset is added to, before the mean block and in it.
 */
typedef struct {
    int trunk, mean;
} card_place_t;

int card_tensor(const learner_t *l, card_place_t place, int32_t row);

/* A convolution, the tables of its patches, its arrays over a slot's rows, and which row of the
 * table of tensors its weights are; its bias is the next. */
typedef struct {
    const conv_t *conv;
    card_patches_t patches;
    int in, out; /* in: of pixels, if it is from bytes */
    int32_t w;
} card_conv_t;

/* out of 3B rows, by both networks. accumulates: is added to what lies there. */
void card_conv_forward(card_t *card, const learner_t *l, const card_conv_t *conv,
                       card_place_t online, card_place_t target, bool accumulates);
/* Of B rows: d_w and d_b, to their places in grad. d_out: masked before. */
void card_conv_weights(card_t *card, const learner_t *l, const card_conv_t *conv, int d_out,
                       int grad);
/* mask: where that array is not above 0, d_in is 0; CARD_NONE. */
void card_conv_input(card_t *card, const learner_t *l, const card_conv_t *conv, card_place_t online,
                     int d_out, int d_in, int mask);
/* t_out of B rows along `along`. t_in CARD_NONE: the input does not move. */
void card_conv_tangent(card_t *card, const learner_t *l, const card_conv_t *conv, card_place_t view,
                       card_place_t along, int t_in, int t_out, int mask, bool accumulates);

/* Both networks over batch slot's rows: logits of 3B rows, before the dueling sum. */
void card_forward(card_t *card, const learner_t *l, const card_slot_t *slot);
/* grad (E) of d_logits (B, A, Z), which is changed by the dueling sum. */
void card_backward(card_t *card, const learner_t *l, const card_slot_t *slot, int d_logits,
                   int grad);
/* layout.t_logits (B, A, Z) of the held slot along layout.tangent, without the dueling sum, whose
 * tangent of the value is in layout.d_value. */
void card_jvp(card_t *card, const learner_t *l, const card_slot_t *held);

#endif
