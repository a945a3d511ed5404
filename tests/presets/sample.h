/* sample.h - presets for tests, and loading them or failing. */
#ifndef KATA_TESTS_SAMPLE_H
#define KATA_TESTS_SAMPLE_H

#include "preset.h"

#define KUMITE "presets/library/nes/Kumite.kata.json"

/* The json block of presets/FORMAT.md; the caller frees it. */
char *sample_example(void);

/* Parse, or fail the test with the sentence. */
preset_t *sample_parse(const char *text);
preset_t *sample_load(const char *path);

/* A whole preset with `fields` in it; NES, game "G", variable "a", one primitive. */
void sample_minimal(char *out, size_t out_bytes, const char *fields);

#endif
