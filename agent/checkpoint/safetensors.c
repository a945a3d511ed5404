/* safetensors.c - see safetensors.h. */
#define _GNU_SOURCE /* memmem */
#include "safetensors.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "digest.h"
#include "files.h"
#include "why.h"

enum { LENGTH_BYTES = 8, MAX_NESTING = 4, MAX_JSON_ITEMS = 8192, ALIGNMENT_BYTES = 8 };
enum { SUM_DIGITS = 8 };
#define ADVICE "; the save before it is the file beside it that ends in " FILES_PREVIOUS

static const char METADATA_KEY[] = "__metadata__", SUMS_KEY[] = "checksums";
/* As cJSON prints it; inside a text its quotes would have backslashes. */
static const char SUMS_BEGIN[] = "\"checksums\":\"", NO_SUM[] = "00000000", PADDING[] = "        ";

/* ---- writing ---------------------------------------------------------------------------- */

static bool add_tensor(cJSON *header, const safetensors_tensor_t *tensor, size_t offset)
{
    cJSON *item = cJSON_AddObjectToObject(header, tensor->name);
    if (!item || !cJSON_AddStringToObject(item, "dtype", tensor->dtype)) return false;
    cJSON *shape = cJSON_AddArrayToObject(item, "shape");
    cJSON *offsets = shape ? cJSON_AddArrayToObject(item, "data_offsets") : NULL;
    if (!offsets) return false;
    for (int32_t i = 0; i < tensor->num_dims; i++)
        if (!cJSON_AddItemToArray(shape, cJSON_CreateNumber((double)tensor->dims[i]))) return false;
    return cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)offset)) &&
           cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)(offset + tensor->num_bytes)));
}

/* "00000000 352441c2 ...": the header's own sum comes when the header is whole. */
static bool add_sums(cJSON *metadata, const safetensors_tensor_t *tensors, int32_t num_tensors)
{
    char text[(SAFETENSORS_MAX_TENSORS + 1) * (SUM_DIGITS + 1)];
    int at = snprintf(text, sizeof text, "%s", NO_SUM);
    for (int32_t i = 0; i < num_tensors; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, " %08x",
                       digest_crc32(tensors[i].data, tensors[i].num_bytes));
    return cJSON_AddStringToObject(metadata, SUMS_KEY, text) != NULL;
}

/* Of a length and the header behind it. */
static uint32_t header_sum(const uint8_t prefix[LENGTH_BYTES], const char *header, size_t length)
{
    return digest_crc32_more(digest_crc32(prefix, LENGTH_BYTES), (const uint8_t *)header, length);
}

/* The header's text, to be freed with cJSON_free(); NULL: no memory. */
static char *make_header(const safetensors_tensor_t *tensors, int32_t num_tensors,
                         const safetensors_text_t *texts, int32_t num_texts)
{
    cJSON *header = cJSON_CreateObject();
    cJSON *metadata = header ? cJSON_AddObjectToObject(header, METADATA_KEY) : NULL;
    bool ok = metadata != NULL;
    for (int32_t i = 0; ok && i < num_texts; i++)
        ok = cJSON_AddStringToObject(metadata, texts[i].key, texts[i].value) != NULL;
    ok = ok && add_sums(metadata, tensors, num_tensors);
    size_t offset = 0;
    for (int32_t i = 0; ok && i < num_tensors; i++) {
        ok = add_tensor(header, &tensors[i], offset);
        offset += tensors[i].num_bytes;
    }
    char *text = ok ? cJSON_PrintUnformatted(header) : NULL;
    cJSON_Delete(header);
    return text;
}

agent_status_t safetensors_write(const char *path, const safetensors_tensor_t *tensors,
                                 int32_t num_tensors, const safetensors_text_t *texts,
                                 int32_t num_texts, why_t why)
{
    assert(num_tensors <= SAFETENSORS_MAX_TENSORS);
    char *header = make_header(tensors, num_tensors, texts, num_texts);
    if (!header) return refuse_as(why, AGENT_NO_MEMORY, "%.300s: no memory for its header", path);
    const size_t length = strlen(header);
    const size_t padding = (ALIGNMENT_BYTES - length % ALIGNMENT_BYTES) % ALIGNMENT_BYTES;
    if (length + padding > SAFETENSORS_MAX_HEADER_BYTES) {
        cJSON_free(header);
        return refuse_as(why, AGENT_BAD_FILE,
                         "%.300s: its header would be %zu bytes, at most %d are "
                         "allowed",
                         path, length + padding, SAFETENSORS_MAX_HEADER_BYTES);
    }
    uint8_t prefix[LENGTH_BYTES];
    for (int i = 0; i < LENGTH_BYTES; i++)
        prefix[i] = (uint8_t)((uint64_t)(length + padding) >> (8 * i));
    char digits[SUM_DIGITS + 1];
    uint32_t sum = header_sum(prefix, header, length);
    sum = digest_crc32_more(sum, (const uint8_t *)PADDING, padding);
    snprintf(digits, sizeof digits, "%08x", sum);
    memcpy(strstr(header, SUMS_BEGIN) + sizeof SUMS_BEGIN - 1, digits, SUM_DIGITS);
    files_writer_t out;
    why_t file_why;
    if (!files_replace_open(&out, path, file_why)) {
        cJSON_free(header);
        return refuse_as(why, AGENT_BAD_FILE, "%s", file_why);
    }
    /* Failures stick to the stream; commit looks at it. */
    (void)fwrite(prefix, 1, sizeof prefix, out.stream);
    (void)fwrite(header, 1, length, out.stream);
    (void)fwrite(PADDING, 1, padding, out.stream);
    cJSON_free(header);
    for (int32_t i = 0; i < num_tensors && !ferror(out.stream); i++)
        (void)fwrite(tensors[i].data, 1, tensors[i].num_bytes, out.stream);
    if (!files_replace_commit_keeping(&out, file_why))
        return refuse_as(why, AGENT_BAD_FILE, "%s", file_why);
    return AGENT_OK;
}

/* ---- reading ---------------------------------------------------------------------------- */

/* Bounds nesting and the number of JSON values before a parser spends memory on them. */
static bool header_is_modest(const char *text, size_t length)
{
    int32_t depth = 0, items = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (c == '\0') return false;
        if (in_string) {
            if (c == '\\') i++;
            if (c == '"') in_string = false;
            continue;
        }
        if (c == '"') in_string = true;
        if (c == '{' || c == '[') depth++;
        if (c == '}' || c == ']') depth--;
        if (c == '{' || c == '[' || c == ',') items++;
        if (depth < 0 || depth > MAX_NESTING || items > MAX_JSON_ITEMS) return false;
    }
    return depth == 0 && !in_string;
}

static bool has_duplicates(const cJSON *object)
{
    for (const cJSON *a = object->child; a; a = a->next)
        for (const cJSON *b = a->next; b; b = b->next)
            if (strcmp(a->string, b->string) == 0) return true;
    return false;
}

/* A whole number in [0, 2^53]. */
static bool whole_number(const cJSON *item, uint64_t *out)
{
    if (!cJSON_IsNumber(item)) return false;
    const double number = item->valuedouble;
    if (!(number >= 0 && number <= 9007199254740992.0)) return false;
    *out = (uint64_t)number;
    return (double)*out == number;
}

static size_t dtype_bytes(const char *dtype)
{
    static const struct {
        const char *name;
        size_t bytes;
    } known[] = { { "F32", 4 }, { "F64", 8 }, { "F16", 2 }, { "BF16", 2 }, { "I64", 8 },
                  { "I32", 4 }, { "I16", 2 }, { "I8", 1 },  { "U8", 1 },   { "BOOL", 1 } };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(dtype, known[i].name) == 0) return known[i].bytes;
    return 0;
}

/* One entry of the header. Returns what is wrong with it, or NULL. */
static const char *read_tensor(const cJSON *item, size_t data_offset, size_t data_bytes,
                               safetensors_tensor_t *out)
{
    *out = (safetensors_tensor_t){ .name = item->string };
    if (!cJSON_IsObject(item) || has_duplicates(item)) return "is not an object of distinct fields";
    const cJSON *dtype = cJSON_GetObjectItemCaseSensitive(item, "dtype");
    const cJSON *shape = cJSON_GetObjectItemCaseSensitive(item, "shape");
    const cJSON *offsets = cJSON_GetObjectItemCaseSensitive(item, "data_offsets");
    const size_t value_bytes = cJSON_IsString(dtype) ? dtype_bytes(dtype->valuestring) : 0;
    if (value_bytes == 0) return "has an unknown \"dtype\"";
    out->dtype = dtype->valuestring;

    if (!cJSON_IsArray(shape)) return "has no \"shape\"";
    uint64_t count = 1;
    for (const cJSON *dim = shape->child; dim; dim = dim->next) {
        uint64_t size;
        if (out->num_dims == SAFETENSORS_MAX_DIMS) return "has more than 4 dimensions";
        if (!whole_number(dim, &size)) return "has a \"shape\" that is not of whole numbers";
        if (size > 0 && count > data_bytes / size) return "is larger than the file";
        out->dims[out->num_dims++] = (int64_t)size;
        count *= size;
    }
    uint64_t begin, end;
    if (!cJSON_IsArray(offsets) || cJSON_GetArraySize(offsets) != 2 ||
        !whole_number(offsets->child, &begin) || !whole_number(offsets->child->next, &end))
        return "must have two \"data_offsets\"";
    if (begin > end || end > data_bytes) return "has \"data_offsets\" outside of the file";
    if (end - begin != count * value_bytes) return "has \"data_offsets\" that do not fit its shape";
    out->offset = data_offset + (size_t)begin;
    out->num_bytes = (size_t)(end - begin);
    return NULL;
}

static int by_place(const void *a, const void *b)
{
    const safetensors_tensor_t *x = a, *y = b;
    if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
    return x->num_bytes < y->num_bytes ? -1 : x->num_bytes > y->num_bytes;
}

/* Length of the header alone, which the first LENGTH_BYTES of a file say. */
static uint64_t header_length(const uint8_t *head)
{
    uint64_t length = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) length |= (uint64_t)head[i] << (8 * i);
    return length;
}

/* Eight hexadecimal digits, small letters. */
static bool read_sum(const char *text, uint32_t *sum)
{
    if (strspn(text, "0123456789abcdef") != SUM_DIGITS) return false;
    *sum = (uint32_t)strtoul(text, NULL, 16);
    return true;
}

/* The text "checksums", if there is one: the header is held against its sum, those of the tensors
 * are kept. Returns what is wrong, or NULL. */
static const char *read_sums(safetensors_t *file, const uint8_t *head, size_t length)
{
    const char *text = safetensors_text(file, SUMS_KEY);
    if (!text) return NULL;
    if (strlen(text) != (size_t)(file->num_tensors + 1) * (SUM_DIGITS + 1) - 1)
        return "has \"checksums\" that are not one for its header and one for each tensor";
    uint32_t own;
    bool ok = read_sum(text, &own);
    for (int32_t i = 0; ok && i < file->num_tensors; i++) {
        text += SUM_DIGITS;
        ok = *text++ == ' ' && read_sum(text, &file->sums[i]);
    }
    const char *header = (const char *)head + LENGTH_BYTES;
    const char *place = ok ? memmem(header, length, SUMS_BEGIN, sizeof SUMS_BEGIN - 1) : NULL;
    if (!place) return "has \"checksums\" that cannot be read";
    const size_t before = (size_t)(place - header) + sizeof SUMS_BEGIN - 1;
    uint32_t sum = header_sum(head, header, before);
    sum = digest_crc32_more(sum, (const uint8_t *)NO_SUM, SUM_DIGITS);
    sum = digest_crc32_more(sum, (const uint8_t *)header + before + SUM_DIGITS,
                            length - before - SUM_DIGITS);
    if (sum != own) return "is damaged, its header is not what was saved" ADVICE;
    file->has_sums = true;
    return NULL;
}

/* Returns what is wrong with the header, or NULL. *culprit: the entry it is about, if any. */
static const char *read_header(safetensors_t *file, const uint8_t *head, size_t head_bytes,
                               size_t num_bytes, const char **culprit)
{
    if (num_bytes < LENGTH_BYTES + 2 || head_bytes < LENGTH_BYTES)
        return "is too short for a safetensors file";
    const uint64_t length = header_length(head);
    if (length > SAFETENSORS_MAX_HEADER_BYTES)
        return "is not a safetensors file, or its header is "
               "longer than 1 MiB";
    if (length > num_bytes - LENGTH_BYTES || length > head_bytes - LENGTH_BYTES)
        return "is cut off in its header";
    const char *text = (const char *)head + LENGTH_BYTES;
    if (length < 2 || text[0] != '{' || !header_is_modest(text, (size_t)length))
        return "has a header that is not flat JSON";
    file->json = cJSON_ParseWithLength(text, (size_t)length);
    if (!cJSON_IsObject(file->json)) return "has a header that is not JSON";

    int32_t entries = 0;
    for (const cJSON *item = file->json->child; item; item = item->next)
        if (++entries > SAFETENSORS_MAX_TENSORS) return "has more than 512 tensors";
    if (has_duplicates(file->json)) return "names something twice";
    for (const cJSON *item = file->json->child; item; item = item->next) {
        if (strcmp(item->string, METADATA_KEY) == 0) {
            if (!cJSON_IsObject(item) || cJSON_GetArraySize(item) > SAFETENSORS_MAX_TENSORS ||
                has_duplicates(item))
                return "has \"__metadata__\" that is not an object of distinct texts";
            for (const cJSON *text_item = item->child; text_item; text_item = text_item->next)
                if (!cJSON_IsString(text_item)) return "has \"__metadata__\" that is not all text";
            continue;
        }
        const char *wrong = read_tensor(item, LENGTH_BYTES + (size_t)length,
                                        num_bytes - LENGTH_BYTES - (size_t)length,
                                        &file->tensors[file->num_tensors]);
        *culprit = item->string;
        if (wrong) return wrong;
        file->num_tensors++;
    }
    *culprit = NULL;
    qsort(file->tensors, (size_t)file->num_tensors, sizeof file->tensors[0], by_place);
    for (int32_t i = 1; i < file->num_tensors; i++) {
        const safetensors_tensor_t *before = &file->tensors[i - 1];
        *culprit = file->tensors[i].name;
        if (before->offset + before->num_bytes > file->tensors[i].offset)
            return "overlaps another tensor";
    }
    *culprit = NULL;
    return read_sums(file, head, (size_t)length);
}

/* A stranger's name in our sentence: no control characters, which a terminal would obey. */
static agent_status_t refuse_tensor(const char *path, const char *name, const char *wrong,
                                    char *why)
{
    char printable[65];
    snprintf(printable, sizeof printable, "%s", name);
    for (char *c = printable; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F) *c = '?';
    return refuse_as(why, AGENT_BAD_FILE, "%.250s: tensor \"%s\" %s", path, printable, wrong);
}

agent_status_t safetensors_parse(safetensors_t *file, const uint8_t *head, size_t head_bytes,
                                 size_t file_bytes, const char *path, why_t why)
{
    *file = (safetensors_t){ .fd = -1 };
    const char *culprit = NULL;
    const char *wrong = read_header(file, head, head_bytes, file_bytes, &culprit);
    if (!wrong) return AGENT_OK;
    const agent_status_t status = culprit
                                      ? refuse_tensor(path, culprit, wrong, why)
                                      : refuse_as(why, AGENT_BAD_FILE, "%.250s: %s", path, wrong);
    safetensors_free(file);
    return status;
}

/* The first bytes of an open file, up to the end of its header as far as it may be read: what is
 * wrong with them is read_header()'s to say. */
static agent_status_t read_head(int fd, size_t file_bytes, uint8_t **head, size_t *head_bytes,
                                const char *path, char *why)
{
    uint8_t prefix[LENGTH_BYTES];
    why_t cause;
    *head = NULL;
    *head_bytes = file_bytes < LENGTH_BYTES ? file_bytes : LENGTH_BYTES;
    if (!files_read_at(fd, 0, prefix, *head_bytes, path, cause))
        return refuse_as(why, AGENT_BAD_FILE, "%s", cause);
    if (*head_bytes == LENGTH_BYTES) {
        const uint64_t length = header_length(prefix);
        if (length <= SAFETENSORS_MAX_HEADER_BYTES && length <= file_bytes - LENGTH_BYTES)
            *head_bytes += (size_t)length;
    }
    *head = malloc(*head_bytes + 1);
    if (!*head) return refuse_as(why, AGENT_NO_MEMORY, "%.300s: no memory for its header", path);
    if (!files_read_at(fd, 0, *head, *head_bytes, path, cause))
        return refuse_as(why, AGENT_BAD_FILE, "%s", cause);
    return AGENT_OK;
}

agent_status_t safetensors_open(safetensors_t *file, const char *path, size_t max_bytes, why_t why)
{
    *file = (safetensors_t){ .fd = -1 };
    why_t cause;
    uint8_t *head;
    size_t head_bytes, file_bytes;
    const int fd = files_open(path, max_bytes, &file_bytes, cause);
    if (fd < 0) return refuse_as(why, AGENT_BAD_FILE, "%s", cause);
    agent_status_t status = read_head(fd, file_bytes, &head, &head_bytes, path, why);
    if (status == AGENT_OK)
        status = safetensors_parse(file, head, head_bytes, file_bytes, path, why);
    free(head);
    if (status == AGENT_OK)
        file->fd = fd;
    else
        close(fd);
    return status;
}

agent_status_t safetensors_read(const safetensors_t *file, const safetensors_tensor_t *tensor,
                                void *values, const char *path, why_t why)
{
    why_t cause;
    if (!files_read_at(file->fd, tensor->offset, values, tensor->num_bytes, path, cause))
        return refuse_as(why, AGENT_BAD_FILE, "%s", cause);
    if (file->has_sums &&
        digest_crc32(values, tensor->num_bytes) != file->sums[tensor - file->tensors])
        return refuse_tensor(path, tensor->name, "is damaged, it is not what was saved" ADVICE,
                             why);
    return AGENT_OK;
}

void safetensors_free(safetensors_t *file)
{
    cJSON_Delete(file->json);
    if (file->fd >= 0) close(file->fd);
    *file = (safetensors_t){ .fd = -1 };
}

const safetensors_tensor_t *safetensors_find(const safetensors_t *file, const char *name)
{
    for (int32_t i = 0; i < file->num_tensors; i++)
        if (strcmp(file->tensors[i].name, name) == 0) return &file->tensors[i];
    return NULL;
}

const char *safetensors_text(const safetensors_t *file, const char *key)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(file->json, METADATA_KEY);
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(metadata, key));
}
