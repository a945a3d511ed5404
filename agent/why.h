/* why.h - the sentence that goes with a status. */
#ifndef KATA_WHY_H
#define KATA_WHY_H

#include "agent.h"
#include "refuse.h"

/* Write the sentence (why may be NULL) and hand the status through:
 *     return why_say(why, AGENT_BAD_FILE, "%s: ...", path); */
#define why_say(why, status, ...) (refuse_with(why, AGENT_WHY_BYTES, __VA_ARGS__), (status))

#endif
