/* safetensors.h - named tensors and text in one file that every ML tool reads.
 *
 * 8 bytes little-endian header length | JSON header | tensor bytes. The header maps names to
 * {"dtype", "shape", "data_offsets": [begin, end]}, offsets counted from behind the header,
 * and "__metadata__" to an object of strings.
 *
 * Reading takes a stranger's file: the header is bounded, its nesting and size are checked
 * before any JSON is parsed, and every dtype, shape and offset before any tensor is shown.
 * Tensors may not overlap. Nothing is allocated beyond the file itself and its header.
 */
#ifndef AGENT_SAFETENSORS_H
#define AGENT_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent_config.h"
#include "why.h"

#define SAFETENSORS_MAX_DIMS 4
#define SAFETENSORS_MAX_TENSORS 256
#define SAFETENSORS_MAX_HEADER_BYTES (1 << 20)

typedef struct {
    const char *name;
    const char *dtype; /* "F32", "F64", ... */
    int32_t num_dims;
    int64_t dims[SAFETENSORS_MAX_DIMS];
    const void *data; /* row major, little-endian */
    size_t num_bytes;
} safetensors_tensor_t;

typedef struct {
    const char *key;
    const char *value;
} safetensors_text_t;

typedef struct {
    uint8_t *bytes;     /* the file */
    struct cJSON *json; /* its header; names point into it */
    int32_t num_tensors;
    safetensors_tensor_t tensors[SAFETENSORS_MAX_TENSORS];
} safetensors_t;

/* Replace `path` (files.h: the old file stays until the new one is whole). Tensors are
 * written in the order given, without gaps. */
agent_status_t safetensors_write(const char *path, const safetensors_tensor_t *tensors,
                                 int32_t num_tensors, const safetensors_text_t *texts,
                                 int32_t num_texts, why_t why);

/* On failure nothing stays allocated and *file is zero. */
agent_status_t safetensors_read(safetensors_t *file, const char *path, size_t max_bytes, why_t why);
/* The same of a file's bytes, which are taken over (malloc) whatever comes of it; `path` is for
 * `why`. */
agent_status_t safetensors_parse(safetensors_t *file, uint8_t *bytes, size_t num_bytes,
                                 const char *path, why_t why);
void safetensors_free(safetensors_t *file);

/* NULL: not there. Both borrowed until safetensors_free(). */
const safetensors_tensor_t *safetensors_find(const safetensors_t *file, const char *name);
const char *safetensors_text(const safetensors_t *file, const char *key);

#endif
