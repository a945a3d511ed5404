/* runlog.c - see runlog.h. */
#include "runlog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

#define LOG_MAX_BYTES ((size_t)64 << 20)

double runlog_number(const cJSON *line, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, key);
    return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : 0;
}

bool runlog_read(const char *path, runlog_visit_t visit, void *context)
{
    uint8_t *bytes;
    size_t num_bytes;
    if (!files_read(path, LOG_MAX_BYTES, &bytes, &num_bytes, NULL)) return true;
    bool ok = true;
    for (size_t at = 0; ok && at < num_bytes;) {
        const char *text = (const char *)bytes + at;
        const size_t length = strcspn(text, "\n");
        cJSON *line = cJSON_ParseWithLength(text, length);
        const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "kind"));
        if (kind) ok = visit(context, kind, line);
        cJSON_Delete(line);
        at += length + 1;
    }
    free(bytes);
    return ok;
}
