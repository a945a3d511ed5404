/* info_value.c - see info_value.h. */
#include "info_value.h"

#include <string.h>

bool info_value(const char *text, const char *key, char *out, size_t out_bytes)
{
    const size_t key_length = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        line += strspn(line, " \t");
        if (strncmp(line, key, key_length) != 0) continue;
        const char *at = line + key_length + strspn(line + key_length, " \t");
        if (*at != '=') continue;
        at += 1 + strspn(at + 1, " \t");
        size_t length;
        if (*at == '"')
            length = strcspn(++at, "\"\r\n");
        else
            length = strcspn(at, " \t\r\n");
        if (length >= out_bytes) length = out_bytes - 1;
        memcpy(out, at, length);
        out[length] = '\0';
        return true;
    }
    return false;
}
