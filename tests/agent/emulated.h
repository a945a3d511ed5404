/* emulated.h - what takes minutes on a processor takes hours on one that is emulated (KATA_RUN of
 * tests/run.sh), whose wide floating point is computed number by number. Included after cmocka.h.
 */
#ifndef AGENT_EMULATED_H
#define AGENT_EMULATED_H

#include <stdbool.h>
#include <stdlib.h>

static inline bool emulated(void)
{
    const char *run = getenv("KATA_RUN"); /* make sets it to nothing for programs of this machine */
    return run != NULL && run[0] != '\0';
}

/* True, and the reason is said for run.sh: the test is to skip(). */
static inline bool emulated_skips(const char *what)
{
    if (emulated()) print_message("skipped: on an emulated processor %s takes hours\n", what);
    return emulated();
}

#endif
