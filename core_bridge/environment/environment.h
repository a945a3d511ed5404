/* environment.h - the environment callback that inner cores are given, and the table behind it. */
#ifndef CORE_BRIDGE_ENVIRONMENT_H
#define CORE_BRIDGE_ENVIRONMENT_H

#include "inner.h"

bool environment_call(unsigned cmd, void *data);

typedef bool (*environment_answer_t)(bridge_t *bridge, unsigned cmd, void *data);
typedef struct {
    unsigned id;
    const char *name;
    bool needs_data;               /* refused when data is NULL */
    environment_answer_t headless; /* host == NULL */
    environment_answer_t hosted;
} environment_row_t;
const environment_row_t *environment_rows(size_t *num_rows);
const environment_row_t *environment_row(unsigned cmd); /* NULL: unknown */

/* Has the host changed options? Asked at most once between two frames, latched until the inner core
 * asks: reading any option ends a host's news of it. */
void environment_latch_options(bridge_t *bridge);

#endif
