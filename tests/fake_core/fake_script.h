/* fake_script.h - words and their values in a text: "width=64 hw". */
#ifndef FAKE_SCRIPT_H
#define FAKE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/* True if the word is there; value (if not NULL): what stands behind its '=', or "". */
__attribute__((visibility("hidden"))) bool fake_script_word(const char *text, const char *word,
                                                            char *value, size_t value_bytes);

#endif
