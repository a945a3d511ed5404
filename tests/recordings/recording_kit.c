/* recording_kit.c - see recording_kit.h. */
#include "recording_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

recording_t r;
why_t why;

int forget(void **state)
{
    (void)state;
    recording_free(&r);
    return 0;
}

void expect_read(const void *bytes, size_t num_bytes)
{
    recording_free(&r);
    if (!recording_parse(&r, bytes, num_bytes, "file", why)) fail_msg("%s", why);
}

void expect_refused(const void *bytes, size_t num_bytes, const char *says)
{
    recording_t none;
    /* exactly these bytes: reading one more is seen by AddressSanitizer */
    uint8_t *copy = malloc(num_bytes ? num_bytes : 1);
    memcpy(copy, bytes, num_bytes);
    why[0] = '\0';
    const bool ok = recording_parse(&none, copy, num_bytes, "file", why);
    free(copy);
    if (ok) fail_msg("it was read, expected: %s", says);
    if (strncmp(why, "file: ", 6) != 0 || !strstr(why, says))
        fail_msg("expected: %s\nfound: %s", says, why);
    assert_null(none.pads);
}

void read_text(const char *text)
{
    expect_read(text, strlen(text));
}

void refuse_text(const char *text, const char *says)
{
    expect_refused(text, strlen(text), says);
}

void expect_pads(int32_t port, const uint16_t *pads, int32_t num_pads)
{
    assert_int_equal(r.num_frames, num_pads);
    for (int32_t f = 0; f < num_pads; f++)
        if (recording_pads(&r, port)[f] != pads[f])
            fail_msg("port %d frame %d: 0x%x, expected 0x%x", port, f, recording_pads(&r, port)[f],
                     pads[f]);
}
