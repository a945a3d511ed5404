/* layers.h - convolution, linear layer, dueling sum: forward, backward, tangent.
 *
 * Each layer has three functions. *_forward computes outputs. *_backward takes the
 * gradient of the outputs and gives those of weights and inputs (J^T w). *_jvp takes
 * tangents of weights and inputs and gives those of the outputs (J u); the meta-gradient of masp.h
 * needs it.
 *
 * Letters: N rows (samples), besides B C H W A Z of agent.h. Pictures inside the network
 * are (N, H, W, channels): a row of a patch is then one run of memory. Only the
 * observation comes as bytes in (C, H, W).
 *
 * Convolution is a product of matrices. "Unfolding" writes each output pixel's patch as
 * one row of `patches` (N * pixels, taps); the product is then
 *     out[n,p,o] = sum_t patches[n,p,t] * w[o,t] + b[o],     o < out_channels.
 * Patches are never kept: a group of rows is unfolded where the product reads it, in the
 * second-level cache. Writing them to memory for backward to read again was measured to cost
 * more than unfolding anew.
 * Bias and ReLU are applied together, right after the product, while it is in the cache.
 * ReLU's mask is "out > 0", so nothing else needs to be remembered.
 */
#ifndef AGENT_LAYERS_H
#define AGENT_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

#include "real.h"

/* A square kernel; by conv_init() valid (no padding) and with ReLU. */
typedef struct {
    bool from_bytes;    /* input is uint8 (C, H, W), scaled by 1/255; taps are (C, k, k)
                         * otherwise real (H, W, C);                  taps are (k, k, C) */
    size_t plane_bytes; /* from one of the C planes of bytes to the next; at first H * W */
    int32_t in_channels, in_height, in_width;
    int32_t kernel, stride;
    int32_t pad; /* zeros around the picture, so many on each side */
    bool relu;
    int32_t out_channels, out_height, out_width;
} conv_t;

/* Fails if the kernel does not fit into the picture. */
bool conv_init(conv_t *conv, bool from_bytes, const int32_t in_shape[3] /* channels, H, W */,
               int32_t out_channels, int32_t kernel, int32_t stride);
/* 3 x 3, padded so that the output is as large as the input; of any picture. */
void conv_init_same(conv_t *conv, bool from_bytes, const int32_t in_shape[3], int32_t out_channels,
                    bool relu);
int32_t conv_pixels(const conv_t *conv);      /* out_height * out_width */
int32_t conv_taps(const conv_t *conv);        /* inputs of one output value */
size_t conv_patches_size(const conv_t *conv); /* reals of one sample's patches */
size_t conv_out_size(const conv_t *conv);     /* reals of one sample's output */
size_t conv_in_size(const conv_t *conv);
/* Samples that are unfolded at once, so that their patches stay in the second-level cache. */
int32_t conv_group_rows(const conv_t *conv);

/* One of the two is used, by conv->from_bytes. */
typedef struct {
    const uint8_t *const *bytes; /* (N) pointers to (C, H, W) */
    const real_t *reals;         /* (N, H, W, C) */
} conv_input_t;

/* scratch: (conv_group_rows, pixels, taps). out: (N, pixels, out_channels). */
void conv_forward(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                  const real_t *b, real_t *scratch, real_t *out);
/* Two sets of weights over the same input, unfolded once. w: (2 * out_channels, taps), one set
 * behind the other; b: (2 * out_channels). scratch: patches, then conv_group_rows * 2 outputs. */
void conv_forward_pair(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                       const real_t *b, real_t *scratch, real_t *out, real_t *other_out);
/* d_out: (N, pixels, out_channels), masked in place. d_w, d_b and d_in are written; d_in may
 * be NULL, and out where there is no ReLU. */
void conv_backward(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                   const real_t *out, real_t *d_out, real_t *scratch, real_t *d_w, real_t *d_b,
                   real_t *d_in);
/* The same, but d_w and d_b are added to. */
void conv_add_backward(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                       const real_t *out, real_t *d_out, real_t *scratch, real_t *d_w, real_t *d_b,
                       real_t *d_in);
/* t_in: (N, H, W, C), NULL if the input does not move. t_w, t_b: tangents of the weights. */
void conv_jvp(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
              const real_t *out, const real_t *t_in, const real_t *t_w, const real_t *t_b,
              real_t *scratch, real_t *t_out);

/* out[n,o] = sum_i in[n,i] * w[o,i] + b[o], then ReLU if asked. */
typedef struct {
    int32_t in_size, out_size;
    int32_t in_stride, out_stride; /* distance between rows; >= size, so that a layer can
                                    * read or write one part of a wider row */
    bool relu;
} linear_t;

/* Some outputs [first_out, + num_outs) or inputs [first_in, + num_ins) of all rows: the shares
 * of several threads. Pointers are always those of the whole arrays. */
typedef struct {
    int32_t first, count;
} linear_range_t;

linear_range_t linear_all_outs(const linear_t *layer);
linear_range_t linear_all_ins(const linear_t *layer);

void linear_forward(const linear_t *layer, linear_range_t outs, int32_t num_rows, const real_t *in,
                    const real_t *w, const real_t *b, real_t *out);
/* d_out is masked in place. d_w, d_b are written. */
void linear_backward_weights(const linear_t *layer, linear_range_t outs, int32_t num_rows,
                             const real_t *in, const real_t *out, real_t *d_out, real_t *d_w,
                             real_t *d_b);
/* d_out: masked before, over all outputs. d_in is written. */
void linear_backward_input(const linear_t *layer, linear_range_t ins, int32_t num_rows,
                           const real_t *w, const real_t *d_out, real_t *d_in);
/* The same where of row n only the chosen[n]-th block of block_size outputs counts: what lies in
 * the others of d_out is not read. blocks: whose d_w and d_b are written; of a whole block, zeros
 * where no row chose it. */
void linear_backward_chosen_weights(const linear_t *layer, int32_t block_size,
                                    linear_range_t blocks, const int32_t *chosen, int32_t num_rows,
                                    const real_t *in, const real_t *d_out, real_t *d_w,
                                    real_t *d_b);
/* Rows [row, + num_rows) of d_in are written. */
void linear_backward_chosen_input(const linear_t *layer, int32_t block_size, const int32_t *chosen,
                                  int32_t row, int32_t num_rows, const real_t *w,
                                  const real_t *d_out, real_t *d_in);
void linear_jvp(const linear_t *layer, linear_range_t outs, int32_t num_rows, const real_t *in,
                const real_t *w, const real_t *out, const real_t *t_in, const real_t *t_w,
                const real_t *t_b, real_t *t_out);

/* Dueling heads (Wang et al. 2016, eq. 9), one sum per atom:
 *     logits[n,a,z] = value[n,z] + advantage[n,a,z] - mean_a' advantage[n,a',z]
 * in place over the advantages (N, A, Z). Linear: its jvp is itself on tangents. */
void dueling_forward(int32_t num_rows, int32_t num_actions, int32_t num_atoms, const real_t *value,
                     real_t *advantage_to_logits);
/* In place: d_logits becomes d_advantage. d_value: (N, Z), written. */
void dueling_backward(int32_t num_rows, int32_t num_actions, int32_t num_atoms,
                      real_t *d_logits_to_advantage, real_t *d_value);

#endif
