/* why.h - the sentence that goes with a status. */
#ifndef KATA_WHY_H
#define KATA_WHY_H

#include "agent.h"

/* Write the sentence (why may be NULL) and hand the status through:
 *     return why_say(why, AGENT_BAD_FILE, "%s: ...", path); */
__attribute__((format(printf, 3, 4))) agent_status_t
why_say(char why[AGENT_WHY_BYTES], agent_status_t status, const char *format, ...);

#endif
