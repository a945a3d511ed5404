/* fake_script.c - see fake_script.h. */
#include "fake_script.h"

#include <stdio.h>
#include <string.h>

bool fake_script_word(const char *text, const char *word, char *value, size_t value_bytes)
{
    const size_t length = strlen(word);
    for (const char *at = text; *at;) {
        at += strspn(at, " \n");
        const size_t token = strcspn(at, " \n");
        if (token >= length && strncmp(at, word, length) == 0 &&
            (at[length] == '=' || token == length)) {
            if (value) {
                const size_t from = token > length ? length + 1 : length;
                snprintf(value, value_bytes, "%.*s", (int)(token - from), at + from);
            }
            return true;
        }
        at += token;
    }
    return false;
}
