/* html.h - the few things that a page made by hand needs. */
#ifndef DRAWING_HTML_H
#define DRAWING_HTML_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Text with & < > " ' written so that it can only be text; control characters become spaces. */
void html_text(FILE *out, const char *text);
void html_base64(FILE *out, const uint8_t *bytes, size_t num_bytes);

#endif
