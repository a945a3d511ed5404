/* card_kernel_texts.h - the .cl files and card_args.h as strings, built into the program by
 * embed_cl.sh. */
#ifndef AGENT_CARD_KERNEL_TEXTS_H
#define AGENT_CARD_KERNEL_TEXTS_H

extern const char card_args_text[], noise_cl_text[], weights_cl_text[], heads_cl_text[],
    pictures_cl_text[], residual_cl_text[], product_cl_text[];

#endif
