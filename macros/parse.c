/* parse.c - macro_parse(): a text through the four passes of notation.h. */
#include "notation.h"

#include <stdio.h>
#include <string.h>

#include "why.h"

bool macro_parse(macro_t *out, const char *text, const macro_language_t *language, why_t why)
{
    notation_phrase_t phrase;
    notation_scanner_t scanner;
    *out = (macro_t){ 0 };
    if (strnlen(text, MACRO_TEXT_BYTES) == MACRO_TEXT_BYTES)
        return refuse(why, "column %d: a macro's notation must be shorter than %d bytes",
                      MACRO_TEXT_BYTES, MACRO_TEXT_BYTES);
    notation_scan(&scanner, text, language, why);
    if (notation_parse(&phrase, &scanner) && notation_emit(out, &phrase, &scanner) &&
        notation_spell(out, &phrase, &scanner)) {
        snprintf(out->remarks, sizeof out->remarks, "%s", phrase.remarks);
        return true;
    }
    *out = (macro_t){ 0 };
    return false;
}
