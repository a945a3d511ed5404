/* descriptors.h - what the inner core says of its pads, as deep copies, because hosts keep
 * pointers.
 *
 * A host that takes a new table lets go of the one before it, which is freed then. A host that
 * refuses keeps the one before it, so that one stays and the new copy is freed.
 */
#ifndef CORE_BRIDGE_DESCRIPTORS_H
#define CORE_BRIDGE_DESCRIPTORS_H

#include "inner.h"

bool descriptors_record(bridge_t *, unsigned cmd, void *data);  /* headless: only names of port 0 */
bool descriptors_forward(bridge_t *, unsigned cmd, void *data); /* SET_INPUT_DESCRIPTORS */
bool controllers_forward(bridge_t *, unsigned cmd, void *data); /* SET_CONTROLLER_INFO */
/* The host's own type alone, beside a plain pad, at each of its ports. */
bool controllers_offer(bridge_t *);

#endif
