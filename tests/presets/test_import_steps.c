/* test_import_steps.c - a hostile script costs steps in proportion to its size, whatever it nests.
 *
 * import_mis.c is compiled for this program so that each basic block calls
 * __sanitizer_cov_trace_pc(): the count of steps is exact, and no clock is asked. */
#include "import.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CHARACTERS_READ = 200000, STEPS_A_CHARACTER = 40 }; /* the first: import_mis.c's limit */

static uint64_t num_steps;

void __sanitizer_cov_trace_pc(void);
__attribute__((no_instrument_function)) void __sanitizer_cov_trace_pc(void)
{
    num_steps++;
}

/* `before`, then `part` again and again up to num_bytes, then `after`. */
static void expect_few_steps(const char *before, const char *part, const char *after,
                             size_t num_bytes)
{
    static import_macros_t got;
    macro_language_t language;
    char *text = malloc(num_bytes + strlen(after) + strlen(part) + 1);
    why_t why = "";
    assert_non_null(text);
    size_t length = (size_t)sprintf(text, "%s", before);
    while (length < num_bytes) length += (size_t)sprintf(text + length, "%s", part);
    length += (size_t)sprintf(text + length, "%s", after);
    macro_language_defaults(&language);
    num_steps = 0;
    (void)import_mis(&got, text, length, "M", NULL, &language, why);
    if (num_steps > STEPS_A_CHARACTER * (uint64_t)(length + CHARACTERS_READ))
        fail_msg("%s%s...%s: %llu steps for %zu bytes", before, part, after,
                 (unsigned long long)num_steps, length);
    assert_true(num_steps > length); /* they are counted */
    free(text);
}

static void test_steps_grow_with_the_text(void **state)
{
    (void)state;
    expect_few_steps("", "(", "", IMPORT_FILE_BYTES - 16);
    expect_few_steps("", ")", "", IMPORT_FILE_BYTES - 16);
    expect_few_steps("", "()0", "", IMPORT_FILE_BYTES - 16);
    expect_few_steps("((", ",", ")0)99999", 5000);
    expect_few_steps("((", ",", ")0)99999", IMPORT_FILE_BYTES - 16);
    expect_few_steps("((((((((", "()0", ")0)9)9)9)9)9)9)9999", 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_grow_with_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
