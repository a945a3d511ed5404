/* card_layout.h - what lies where on the card: offsets, in floats, into one block. */
#ifndef AGENT_CARD_LAYOUT_H
#define AGENT_CARD_LAYOUT_H

#include <stddef.h>

#include "card_args.h"
#include "learner.h"

/* residual_acts_t; from and cells are whole numbers. */
typedef struct {
    int open[RESIDUAL_SECTIONS][RESIDUAL_BLOCKS], inner[RESIDUAL_SECTIONS][RESIDUAL_BLOCKS];
    int out[RESIDUAL_SECTIONS], from[RESIDUAL_SECTIONS], cells, rate;
} card_residual_t;

/* Of one batch (learner_batch_t): a held one must not be overwritten by the next. Rows of
 * activations: online at s (B), online at s' (B), target at s' (B). */
typedef struct {
    int pixels; /* in bytes, into the buffer of pixels: (2B, an observation), s, then s' */
    int conv[NET_MAX_CONVS];
    card_residual_t residual;
    int features; /* where the last of conv is, but of a residual trunk */
    int hidden, value, logits, probs, q;
    int noise, effective; /* of the online network; effective: (mean_count) */
    int held_convs;
} card_slot_t;

typedef struct card_layout {
    int online, target, averaged, m, v; /* (W); averaged -1: not kept */
    int grad, meta_grad, tangent;       /* (E) */
    int target_noise, target_effective;
    card_slot_t slots[2];
    /* B rows; tangents use them, too. */
    int d_conv[NET_MAX_CONVS], d_features, d_hidden, d_value, d_logits, d_q;
    int wide, a, b; /* residual_scratch_t: of 3B rows, of B, of B */
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
    card_patches_t patches[NET_MAX_CONVS];
    card_patches_t residual_patches[RESIDUAL_SECTIONS][2]; /* before a section's pool, behind it */
    int parts;
    int num_plain, num_plain_rows, num_part_rows, num_parts;
    size_t num_floats, num_pixel_bytes, num_table_ints;
} card_layout_t;

/* False: more than 2^31 floats. */
bool card_layout_make(card_layout_t *layout, const learner_t *learner);
/* tables: (num_table_ints), written. */
void card_layout_fill_tables(const card_layout_t *layout, const learner_t *learner, int *tables);

#endif
