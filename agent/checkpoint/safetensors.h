/* safetensors.h - named tensors and text in one file that every ML tool reads.
 *
 * 8 bytes little-endian header length | JSON header | tensor bytes. The header maps names to
 * {"dtype", "shape", "data_offsets": [begin, end]}, offsets counted from behind the header,
 * and "__metadata__" to an object of strings.
 *
 * The file is not trusted: the header is bounded, its nesting and size are checked
 * before any JSON is parsed, and every dtype, shape and offset before any tensor is shown.
 * Tensors may not overlap.
 *
 * Sums. Files that are written here say in the text "checksums" the CRC-32 of the header (with
 * eight zeros where its own sum stands, and the 8 bytes of its length before it) and of each
 * tensor, in the file's order: hexadecimal, one space between. What is read is held against them;
 * a file without that text is read as it is.
 *
 * The header alone is held in memory; a tensor is read when it is asked
 * for, straight to where it is wanted, so that who needs one set of weights pays for no other.
 */
#ifndef AGENT_SAFETENSORS_H
#define AGENT_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent_config.h"
#include "why.h"

#define SAFETENSORS_MAX_DIMS 4
#define SAFETENSORS_MAX_TENSORS 512
#define SAFETENSORS_MAX_HEADER_BYTES (1 << 20)

typedef struct {
    const char *name;
    const char *dtype; /* "F32", "F64", ... */
    int32_t num_dims;
    int64_t dims[SAFETENSORS_MAX_DIMS];
    const void *data; /* to be written: row major, little-endian. NULL in a file that was read */
    size_t num_bytes;
    size_t offset; /* of a file that was read: from its first byte */
} safetensors_tensor_t;

typedef struct {
    const char *key;
    const char *value;
} safetensors_text_t;

typedef struct {
    int fd;             /* the file; -1: none */
    struct cJSON *json; /* its header; names point into it */
    int32_t num_tensors;
    safetensors_tensor_t tensors[SAFETENSORS_MAX_TENSORS]; /* in the file's order */
    bool has_sums;
    uint32_t sums[SAFETENSORS_MAX_TENSORS]; /* of the tensors */
} safetensors_t;

/* Replace `path` and keep the file before it as "PATH.previous" (files.h). Tensors are written in
 * the order given, without gaps. */
agent_status_t safetensors_write(const char *path, const safetensors_tensor_t *tensors,
                                 int32_t num_tensors, const safetensors_text_t *texts,
                                 int32_t num_texts, why_t why);

/* Read and check the header of a file of at most max_bytes, and keep the file open. On failure
 * nothing stays allocated or open. safetensors_free() is fine after either. */
agent_status_t safetensors_open(safetensors_t *file, const char *path, size_t max_bytes, why_t why);
/* The same of the first head_bytes of a file of file_bytes, borrowed for the call: a header that
 * they do not hold whole is refused. No tensor can be read then. `path` is for `why`. */
agent_status_t safetensors_parse(safetensors_t *file, const uint8_t *head, size_t head_bytes,
                                 size_t file_bytes, const char *path, why_t why);
/* Copy one of the file's tensors to `values`: tensor->num_bytes. AGENT_BAD_FILE: the file became
 * shorter since it was opened, or the bytes are not those of the tensor's sum. */
agent_status_t safetensors_read(const safetensors_t *file, const safetensors_tensor_t *tensor,
                                void *values, const char *path, why_t why);
void safetensors_free(safetensors_t *file);

/* NULL: not there. Both borrowed until safetensors_free(). */
const safetensors_tensor_t *safetensors_find(const safetensors_t *file, const char *name);
const char *safetensors_text(const safetensors_t *file, const char *key);

#endif
