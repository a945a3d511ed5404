/* fuzz_preset.c - any bytes as a preset: refused with a sentence, or sound in every respect. */
#include "canonical.h"
#include "merge.h"
#include "preset.h"
#include "store.h"
#include "why.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes);

static void expect(bool truth)
{
    if (!truth) abort();
}

static void use(const preset_t *preset)
{
    int64_t before[PRESET_MAX_VARIABLES] = { 0 }, now[PRESET_MAX_VARIABLES] = { 0 };
    const uint8_t memory[PRESET_VARIABLE_BYTES] = { 255, 1, 128, 7, 99, 0, 254, 33, 12, 200 };
    for (int32_t v = 0; v < preset_num_variables(preset); v++) {
        const preset_variable_t *variable = preset_variable(preset, v);
        expect(variable->num_bytes >= 1 && variable->num_bytes <= PRESET_VARIABLE_BYTES);
        expect(preset_find_variable(preset, variable->name) == v);
        now[v] = preset_decode(preset, v, memory);
    }
    (void)preset_reward(preset, 0, before, now);
    (void)preset_done(preset, 0, before, now);
    (void)preset_result(preset, 0, before, now);
    (void)preset_faces_left(preset, 0, now);
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const macro_t *macro = &preset_action(preset, a)->macro;
        macro_t again;
        expect(macro->num_frames >= 1 && macro->num_frames <= MACRO_MAX_FRAMES);
        expect(macro_parse(&again, macro->notation, preset_language(preset), NULL));
        expect(macro_same_steps(macro, &again));
        (void)preset_similarity_row(preset, a);
    }
    for (int32_t s = 0; s < preset_num_starts(preset); s++)
        for (int32_t i = 0; i < preset_num_boot_steps(preset, s); i++) {
            const preset_boot_step_t *step = preset_boot_step(preset, s, i);
            expect(step->port < (uint32_t)preset_num_ports(preset));
            if (step->kind == PRESET_BOOT_UNTIL)
                (void)preset_condition(preset, step->condition, before, now);
        }
}

/* Canonical form is a fixed point, a preset does not differ from itself, and merges with itself. */
static void transform(const preset_t *preset)
{
    size_t num_bytes;
    char *canonical = preset_canonical(preset, &num_bytes), *again, *out, *report;
    why_t why;
    preset_t *parsed = NULL;
    expect(canonical && preset_parse(&parsed, canonical, num_bytes, "canonical", why));
    again = preset_canonical(parsed, NULL);
    expect(again && strcmp(canonical, again) == 0);
    char *diff = preset_diff(preset, parsed);
    expect(diff && diff[0] == '\0');
    if (preset_merge(&out, &report, preset, parsed, why)) {
        free(out);
        free(report);
    }
    free(preset_describe(preset));
    free(preset_advice(preset));
    free(diff);
    free(again);
    free(canonical);
    preset_free(parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes)
{
    why_t why = "";
    preset_t *preset;
    if (preset_parse(&preset, (const char *)bytes, num_bytes, "fuzz", why)) {
        use(preset);
        transform(preset);
        preset_free(preset);
    } else {
        expect(!preset && strncmp(why, "fuzz: ", 6) == 0);
        for (const char *c = why; *c; c++) expect((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
    return 0;
}
