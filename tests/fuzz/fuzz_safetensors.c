/* fuzz_safetensors.c - any bytes as a saved agent: refused with a sentence, or tensors that lie in
 * the file, one behind the other, each found by its name. */
#include "safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "why.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes);

static void expect(bool truth)
{
    if (!truth) abort();
}

static void use(const safetensors_t *file, const uint8_t *bytes, size_t num_bytes)
{
    size_t end = 8;
    unsigned sum = 0;
    expect(file->num_tensors >= 0 && file->num_tensors <= SAFETENSORS_MAX_TENSORS);
    for (int32_t t = 0; t < file->num_tensors; t++) {
        const safetensors_tensor_t *tensor = &file->tensors[t];
        uint64_t count = 1;
        expect(tensor->num_dims >= 0 && tensor->num_dims <= SAFETENSORS_MAX_DIMS);
        for (int32_t d = 0; d < tensor->num_dims; d++) {
            expect(tensor->dims[d] >= 0);
            count *= (uint64_t)tensor->dims[d];
        }
        expect(tensor->num_bytes % (count ? count : 1) == 0);
        expect((tensor->num_bytes == 0) == (count == 0));
        expect(tensor->offset >= end && tensor->offset <= num_bytes &&
               tensor->num_bytes <= num_bytes - tensor->offset);
        end = tensor->offset + tensor->num_bytes;
        for (size_t i = tensor->offset; i < end; i++) sum += bytes[i];
        expect(safetensors_find(file, tensor->name) == tensor);
    }
    const char *note = safetensors_text(file, "note");
    if (note) sum += (unsigned)strlen(note);
    expect(safetensors_find(file, "__metadata__") == NULL);
    static volatile unsigned read; /* so that the bytes are looked at */
    read = sum;
    (void)read;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes)
{
    why_t why = "";
    safetensors_t file;
    uint8_t *copy = malloc(num_bytes ? num_bytes : 1); /* its end is a wall for the sanitizer */
    if (!copy) return 0;
    memcpy(copy, bytes, num_bytes);
    if (safetensors_parse(&file, copy, num_bytes, num_bytes, "fuzz", why) == AGENT_OK) {
        use(&file, copy, num_bytes);
        safetensors_free(&file);
    } else {
        expect(file.fd == -1 && !file.json && file.num_tensors == 0);
        expect(strncmp(why, "fuzz: ", 6) == 0);
        for (const char *c = why; *c; c++) expect((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
    free(copy);
    return 0;
}
