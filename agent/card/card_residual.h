/* card_residual.h - the passes of residual.h on the card, of all rows at once. */
#ifndef AGENT_CARD_RESIDUAL_H
#define AGENT_CARD_RESIDUAL_H

#include "card_products.h"

/* slot->features of 3B rows, by both networks. */
void card_residual_forward(card_t *card, const learner_t *l, const card_slot_t *slot,
                           card_place_t online, card_place_t target);
/* grad of layout.d_features (B), which is changed. */
void card_residual_backward(card_t *card, const learner_t *l, const card_slot_t *slot,
                            card_place_t online, int grad);
/* layout.d_features (B): the tangent of slot->features. */
void card_residual_jvp(card_t *card, const learner_t *l, const card_slot_t *held, card_place_t view,
                       card_place_t along);

#endif
