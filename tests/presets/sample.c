/* sample.c - see sample.h. */
#include "sample.h"
#include "files.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

char *sample_example(void)
{
    uint8_t *bytes;
    size_t num_bytes;
    why_t why;
    if (!files_read("presets/FORMAT.md", 1 << 20, &bytes, &num_bytes, why)) fail_msg("%s", why);
    char *start = strstr((char *)bytes, "```json\n");
    assert_non_null(start);
    start += strlen("```json\n");
    char *end = strstr(start, "```");
    assert_non_null(end);
    const size_t length = (size_t)(end - start);
    memmove(bytes, start, length);
    bytes[length] = '\0';
    return (char *)bytes;
}

preset_t *sample_parse(const char *text)
{
    preset_t *preset;
    why_t why = "";
    if (!preset_parse(&preset, text, strlen(text), "test", why)) fail_msg("%s\n%s", why, text);
    return preset;
}

preset_t *sample_load(const char *path)
{
    preset_t *preset;
    why_t why = "";
    if (!preset_load(&preset, path, why)) fail_msg("%s", why);
    return preset;
}

void sample_minimal(char *out, size_t out_bytes, const char *fields)
{
    snprintf(out, out_bytes,
             "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", "
             "\"variables\": {\"a\": {\"address\": 0, \"type\": \"|u1\"}}, "
             "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}%s%s}",
             fields[0] ? ", " : "", fields);
}
