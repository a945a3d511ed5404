/* card_kernels.c - the .cl files become a program: compiled once for each card and driver, then
 * taken from the cache.
 *
 * A cached file is the SHA-1 of the program, then the program; its name is the SHA-1 of what it was
 * made of: the card's name, its driver's version and the text. One that does not fit is made anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card_kernel_texts.h"
#include "card_queue.h"
#include "digest.h"
#include "files.h"

enum { SUM_BYTES = 20, MOST_CACHED_BYTES = 64 << 20 };

const card_kernel_row_t card_kernel_rows[CARD_NUM_KERNELS] = {
    [CARD_DRAW_NOISE] = { "draw_noise", NULL, 0, 0 },
    [CARD_COMPOSE] = { "compose", NULL, 0, 0 },
    [CARD_SQUARES] = { "squares", NULL, 0, 0 },
    [CARD_SUM_UP] = { "sum_up", NULL, 0, 0 },
    [CARD_STEP_WEIGHTS] = { "step_weights", NULL, 0, 0 },
    [CARD_FOLLOW_AVERAGE] = { "follow_average", NULL, 0, 0 },
    [CARD_FIND_TANGENT] = { "find_tangent", NULL, 0, 0 },
    [CARD_DUELING] = { "dueling", NULL, 0, 0 },
    [CARD_DUELING_BACK] = { "dueling_back", NULL, 0, 0 },
    [CARD_MEANS] = { "means", NULL, 0, 0 },
    [CARD_TD_LOSS] = { "td_loss", NULL, 0, 0 },
    [CARD_PENALTY] = { "penalty", NULL, 0, 0 },
    [CARD_BALANCE] = { "balance", NULL, 0, 0 },
    [CARD_MEAN_TANGENTS] = { "mean_tangents", NULL, 0, 0 },
    [CARD_GATHER_PICTURES] = { "gather_pictures", NULL, 0, 0 },
    [CARD_POOL] = { "max_pool", NULL, 0, 0 },
    [CARD_POOL_BACK] = { "max_pool_back", NULL, 0, 0 },
    [CARD_POOL_TANGENT] = { "max_pool_tangent", NULL, 0, 0 },
    [CARD_CELLS] = { "cells", NULL, 0, 0 },
    [CARD_CELLS_BACK] = { "cells_back", NULL, 0, 0 },
    [CARD_CELLS_TANGENT] = { "cells_tangent", NULL, 0, 0 },
    [CARD_LET_OPEN] = { "let_open", NULL, 0, 0 },
    [CARD_PLAIN_NORM] = { "plain_norm", NULL, 0, 0 },
    [CARD_PLAIN_NORM_DERIVATIVE] = { "plain_norm_derivative", NULL, 0, 0 },
    [CARD_ADD_SHARES] = { "add_shares", NULL, 0, 0 },
    [CARD_CONV_OF_BYTES] = { "conv_of_bytes", "#define A_BYTES\n#define B_ROWS\n", 128, 32 },
    [CARD_CONV_OF_REALS] = { "conv_of_reals", "#define A_PATCHES\n#define B_ROWS\n", 64, 64 },
    [CARD_LINEAR] = { "linear", "#define B_ROWS\n", 64, 64 },
    [CARD_LINEAR_INPUT] = { "linear_input", "", 64, 64 },
    [CARD_LINEAR_WEIGHTS] = { "linear_weights", "#define A_COLUMNS\n", 64, 64 },
    [CARD_CONV_WEIGHTS_OF_BYTES] = { "conv_weights_of_bytes",
                                     "#define A_COLUMNS\n#define B_BYTES\n", 32, 128 },
    [CARD_CONV_WEIGHTS_OF_REALS] = { "conv_weights_of_reals",
                                     "#define A_COLUMNS\n#define B_PATCHES\n", 64, 64 },
    [CARD_CONV_INPUT] = { "conv_input", "#define A_GATHERED\n", 128, 32 },
    [CARD_PADDED_OF_BYTES] = { "padded_of_bytes",
                               "#define A_BYTES\n#define PADDED\n#define B_ROWS\n", 128, 32 },
    [CARD_PADDED_OF_REALS] = { "padded_of_reals",
                               "#define A_PATCHES\n#define PADDED\n#define B_ROWS\n", 128, 32 },
    [CARD_PADDED_WEIGHTS_OF_BYTES] = { "padded_weights_of_bytes",
                                       "#define A_COLUMNS\n#define B_BYTES\n#define PADDED\n", 32,
                                       128 },
    [CARD_PADDED_WEIGHTS_OF_REALS] = { "padded_weights_of_reals",
                                       "#define A_COLUMNS\n#define B_PATCHES\n#define PADDED\n", 32,
                                       128 },
};

/* The text of the whole program; freed by the caller. NULL: no memory. */
static char *whole_text(void)
{
    const char *const before[] = { card_args_text, noise_cl_text,    weights_cl_text,
                                   heads_cl_text,  pictures_cl_text, residual_cl_text };
    const size_t num_before = sizeof before / sizeof before[0];
    size_t bytes = 1;
    for (size_t i = 0; i < num_before; i++) bytes += strlen(before[i]);
    bytes += (size_t)(CARD_NUM_KERNELS - CARD_CONV_OF_BYTES) * (strlen(product_cl_text) + 256);
    char *text = malloc(bytes);
    if (!text) return NULL;
    size_t used = 0;
    for (size_t i = 0; i < num_before; i++)
        used += (size_t)snprintf(text + used, bytes - used, "%s", before[i]);
    for (int k = CARD_CONV_OF_BYTES; k < CARD_NUM_KERNELS; k++) {
        const card_kernel_row_t *row = &card_kernel_rows[k];
        used +=
            (size_t)snprintf(text + used, bytes - used,
                             "#define NAME %s\n#define TILE_M %d\n#define TILE_N %d\n%s%s",
                             row->name, row->tile_m, row->tile_n, row->defines, product_cl_text);
    }
    return text;
}

/* False: too long a path. */
static bool cached_path(const card_t *card, const char *cache_dir, const char *text, char *path,
                        size_t path_bytes)
{
    char sum[41], made_of[3 * CARD_NAME_BYTES + 64];
    digest_sha1_hex(text, strlen(text), sum);
    snprintf(made_of, sizeof made_of, "%s\n%s\n%s\n%s", card->info.platform, card->info.name,
             card->info.driver, sum);
    digest_sha1_hex(made_of, strlen(made_of), sum);
    return snprintf(path, path_bytes, "%s/opencl-%s.bin", cache_dir, sum) < (int)path_bytes;
}

static bool build_from_cache(card_t *card, const char *path)
{
    uint8_t *bytes = NULL, sum[SUM_BYTES];
    size_t num_bytes = 0;
    int32_t error = OPENCL_SUCCESS, status = OPENCL_SUCCESS;
    if (!files_read(path, MOST_CACHED_BYTES, &bytes, &num_bytes, NULL)) return false;
    bool ok = num_bytes > SUM_BYTES;
    if (ok) {
        digest_sha1(bytes + SUM_BYTES, num_bytes - SUM_BYTES, sum);
        ok = memcmp(sum, bytes, SUM_BYTES) == 0;
    }
    if (ok) {
        const size_t length = num_bytes - SUM_BYTES;
        const unsigned char *program = bytes + SUM_BYTES;
        card->program = card->api.CreateProgramWithBinary(card->context, 1, &card->info.device,
                                                          &length, &program, &status, &error);
        ok = card->program && error == OPENCL_SUCCESS && status == OPENCL_SUCCESS &&
             card->api.BuildProgram(card->program, 1, &card->info.device, "", NULL, NULL) ==
                 OPENCL_SUCCESS;
        if (!ok && card->program) card->api.ReleaseProgram(card->program);
        if (!ok) card->program = NULL;
    }
    free(bytes);
    return ok;
}

/* A cache that cannot be written is none: the next time compiles again. */
static void keep_in_cache(card_t *card, const char *cache_dir, const char *path)
{
    size_t length = 0;
    if (card->api.GetProgramInfo(card->program, OPENCL_PROGRAM_BINARY_SIZES, sizeof length, &length,
                                 NULL) != OPENCL_SUCCESS ||
        length == 0 || length > MOST_CACHED_BYTES - SUM_BYTES)
        return;
    uint8_t *bytes = malloc(SUM_BYTES + length);
    if (!bytes) return;
    unsigned char *program = bytes + SUM_BYTES;
    if (card->api.GetProgramInfo(card->program, OPENCL_PROGRAM_BINARIES, sizeof program, &program,
                                 NULL) == OPENCL_SUCCESS) {
        digest_sha1(program, length, bytes);
        if (files_make_dirs(cache_dir, NULL))
            (void)files_replace(path, bytes, SUM_BYTES + length, NULL);
    }
    free(bytes);
}

static bool compile(card_t *card, const char *text, char *why)
{
    char log[600] = "", code[OPENCL_ERROR_BYTES];
    int32_t error = OPENCL_SUCCESS;
    card->program = card->api.CreateProgramWithSource(card->context, 1, &text, NULL, &error);
    if (!card->program || error != OPENCL_SUCCESS)
        return refuse(why, "%s takes no program: %s", card->info.name, opencl_error(error, code));
    error =
        card->api.BuildProgram(card->program, 1, &card->info.device, "-cl-std=CL1.2", NULL, NULL);
    if (error == OPENCL_SUCCESS) return true;
    char *whole = calloc(1, 65536);
    if (whole &&
        card->api.GetProgramBuildInfo(card->program, card->info.device, OPENCL_PROGRAM_BUILD_LOG,
                                      65535, whole, NULL) == OPENCL_SUCCESS)
        snprintf(log, sizeof log, "%s", whole);
    free(whole);
    return refuse(why, "%s does not compile Kata's kernels: %s: %.400s", card->info.name,
                  opencl_error(error, code), log);
}

bool card_build(card_t *card, const char *cache_dir, why_t why)
{
    char path[4096];
    char *text = whole_text();
    if (!text) return refuse(why, "no memory for the card's kernels");
    const bool has_path = cache_dir && cached_path(card, cache_dir, text, path, sizeof path);
    bool ok = has_path && build_from_cache(card, path);
    if (!ok) {
        ok = compile(card, text, why);
        if (ok && has_path) keep_in_cache(card, cache_dir, path);
    }
    free(text);
    for (int k = 0; ok && k < CARD_NUM_KERNELS; k++) {
        int32_t error = OPENCL_SUCCESS;
        char code[OPENCL_ERROR_BYTES];
        card->kernels[k] = card->api.CreateKernel(card->program, card_kernel_rows[k].name, &error);
        ok = card->kernels[k] && error == OPENCL_SUCCESS;
        if (!ok)
            refuse(why, "%s has no kernel %s of Kata's: %s", card->info.name,
                   card_kernel_rows[k].name, opencl_error(error, code));
    }
    return ok;
}
