/* card_products.h - the network's passes as products; passes.c on the card. */
#ifndef AGENT_CARD_PRODUCTS_H
#define AGENT_CARD_PRODUCTS_H

#include "card_queue.h"

/* Both networks over batch slot's rows: logits of 3B rows, before the dueling sum. */
void card_forward(card_t *card, const learner_t *l, const card_slot_t *slot);
/* grad (E) of d_logits (B, A, Z), which is changed by the dueling sum. */
void card_backward(card_t *card, const learner_t *l, const card_slot_t *slot, int d_logits,
                   int grad);
/* layout.t_logits (B, A, Z) of the held slot along layout.tangent, without the dueling sum, whose
 * tangent of the value is in layout.d_value. */
void card_jvp(card_t *card, const learner_t *l, const card_slot_t *held);

#endif
