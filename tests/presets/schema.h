/* schema.h - as much of JSON Schema (draft 2020-12) as presets/preset.schema.json uses.
 *
 * Stricter than the draft in one point: where a schema has "properties" and says nothing of others,
 * other keys are a finding. The schema allows what newer versions may add; our own files may not
 * have it.
 */
#ifndef KATA_TESTS_SCHEMA_H
#define KATA_TESTS_SCHEMA_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "why.h"

/* Marks each "properties" entry that it met with "seen": true, if `mark`. */
bool schema_accepts(cJSON *root, cJSON *schema, const cJSON *value, bool mark, why_t why);

/* A keyword that schema_accepts() does not know, or NULL: then it would check too little. */
const char *schema_unknown_keyword(const cJSON *schema);

#endif
