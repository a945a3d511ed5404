/* html.c - see html.h. */
#include "html.h"

#include <string.h>

void html_text(FILE *out, const char *text)
{
    static const char special[] = "&<>\"'";
    static const char *const written[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
    for (; *text; text++) {
        const char *at = strchr(special, *text);
        if (at)
            fputs(written[at - special], out);
        else
            fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
    }
}

void html_base64(FILE *out, const uint8_t *bytes, size_t num_bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < num_bytes; i += 3) {
        const size_t left = num_bytes - i;
        const uint32_t three = (uint32_t)bytes[i] << 16 |
                               (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                               (left > 2 ? bytes[i + 2] : 0);
        fputc(digits[three >> 18], out);
        fputc(digits[three >> 12 & 63], out);
        fputc(left > 1 ? digits[three >> 6 & 63] : '=', out);
        fputc(left > 2 ? digits[three & 63] : '=', out);
    }
}
