/* fuzz_imports.c - any bytes as a MacroLua script, and as a file of MAME's inputmacro plugin. */
#include "import.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "why.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes);

static import_macros_t macros;

static void use(const macro_language_t *language)
{
    for (int32_t m = 0; m < macros.num_macros; m++) {
        macro_t again;
        const macro_t *macro = &macros.macros[m].macro;
        if (macro->num_frames < 1 || !macro_parse(&again, macro->notation, language, NULL) ||
            !macro_same_steps(macro, &again))
            abort();
    }
    for (const char *c = macros.report; *c; c++)
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7F) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes)
{
    macro_language_t language;
    why_t why;
    macro_language_defaults(&language);
    if (import_mis(&macros, (const char *)bytes, num_bytes, "fuzz", NULL, &language, why))
        use(&language);
    if (import_inputmacro(&macros, (const char *)bytes, num_bytes, &language, why)) use(&language);
    return 0;
}
