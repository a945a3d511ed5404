/* config_fields.h - one row a field of agent_config_t: its name, its range, its place.
 *
 * Checking a config, writing it into a checkpoint and reading it back are loops over these
 * rows, so a field that is added here is checked and saved.
 */
#ifndef AGENT_CONFIG_FIELDS_H
#define AGENT_CONFIG_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent_config.h"

typedef enum { CONFIG_INT, CONFIG_FLOAT, CONFIG_BOOL, CONFIG_CHOICE, CONFIG_SEED } config_kind_t;

typedef struct {
    const char *name;
    config_kind_t kind;
    size_t offset;
    double low, high;         /* both allowed */
    const char *const *names; /* of a choice's values, [0, high] */
    bool is_later;            /* older checkpoints lack it: they get the default */
} config_field_t;

extern const config_field_t config_fields[];
extern const int32_t config_num_fields;

#define CONFIG_TEXT_BYTES 32
/* The field's value as text that config_set() reads back exactly. */
void config_text(const config_field_t *field, const agent_config_t *config,
                 char text[CONFIG_TEXT_BYTES]);
/* False: not a value of this kind. Ranges are agent_config_check()'s. */
bool config_set(const config_field_t *field, agent_config_t *config, const char *text);

#endif
