/* shell.c - see shell.h. */
#include "shell.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(const char *word)
{
    if (!*word) return false;
    for (; *word; word++)
        if (!isalnum((unsigned char)*word) && !strchr("/._-+=:,@%", *word)) return false;
    return true;
}

void shell_add(char *line, size_t line_bytes, const char *word)
{
    char quoted[4 * 4096 + 3];
    size_t at = 0;
    if (is_plain(word)) {
        snprintf(quoted, sizeof quoted, "%s", word);
    } else { /* 'it'\''s' */
        quoted[at++] = '\'';
        for (; *word && at + 6 < sizeof quoted; word++) {
            if (*word == '\'') {
                memcpy(quoted + at, "'\\''", 4);
                at += 4;
            } else {
                quoted[at++] = *word;
            }
        }
        quoted[at++] = '\'';
        quoted[at] = '\0';
    }
    const size_t length = strlen(line);
    if (length + strlen(quoted) + 2 > line_bytes) return;
    snprintf(line + length, line_bytes - length, "%s%s", length ? " " : "", quoted);
}
