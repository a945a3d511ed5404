/* imported.h - frames of another tool become macros, and macros become part of a preset. Internal
 * to presets/. */
#ifndef KATA_PRESETS_IMPORTED_H
#define KATA_PRESETS_IMPORTED_H

#include "import.h"

typedef struct {
    int32_t num_frames;
    uint16_t pads[MACRO_MAX_FRAMES];
} imported_recording_t;

/* A line for the person who imports; control characters in it become '?'. */
void imported_report(import_macros_t *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The recording as a macro of `out`; if it cannot be one, the report says why. */
void imported_add(import_macros_t *out, const char *name, int32_t port,
                  const imported_recording_t *recording, const macro_language_t *language);

/* The n-th button, from 1, of those that are not START and SELECT; 0: there are fewer. */
uint16_t imported_attack_button(const macro_language_t *language, int32_t number);
/* The button whose name is these `length` bytes; 0: none. */
uint16_t imported_named_button(const macro_language_t *language, const char *name, size_t length);

#endif
