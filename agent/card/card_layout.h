/* card_layout.h - what lies where on the card: offsets, in floats, into one block. */
#ifndef AGENT_CARD_LAYOUT_H
#define AGENT_CARD_LAYOUT_H

#include <stddef.h>

#include "learner.h"

/* Of one batch (learner_batch_t): a held one must not be overwritten by the next. Rows of
 * activations: online at s (B), online at s' (B), target at s' (B). */
typedef struct {
    int pixels; /* in bytes, into the buffer of pixels: (2B, an observation), s, then s' */
    int conv[NET_MAX_CONVS], hidden, value, logits, probs, q;
    int noise, effective; /* of the online network; effective: (mean_count) */
    int held_convs;
} card_slot_t;

typedef struct card_layout {
    int online, target, averaged, m, v; /* (W); averaged -1: not kept */
    int grad, meta_grad, tangent;       /* (E) */
    int target_noise, target_effective;
    card_slot_t slots[2];
    int d_conv[NET_MAX_CONVS], d_hidden, d_value, d_logits,
        d_q; /* B rows; tangents use them, too */
    int meta_d_logits, t_logits, t_q;
    int rows; /* (5, B): actions, returns, discounts, importance, balance */
    int losses, td_errors, chosen_q, penalties;
    int pull;     /* (A, A) */
    int partials; /* one a row of weights.cl */
    int result;
    int shares, num_shares; /* of products over K */
    int arrivals;           /* as a slot's pixels: pictures that were uploaded */
    /* Tables of ints. */
    int pictures; /* (2B stack, PICTURE_NUMBERS) */
    int corners[NET_MAX_CONVS], taps[NET_MAX_CONVS], parts;
    int num_plain, num_plain_rows, num_part_rows, num_parts;
    size_t num_floats, num_pixel_bytes, num_table_ints;
} card_layout_t;

/* False: more than 2^31 floats. */
bool card_layout_make(card_layout_t *layout, const learner_t *learner);
/* tables: (num_table_ints), written. */
void card_layout_fill_tables(const card_layout_t *layout, const learner_t *learner, int *tables);

#endif
