/* clock.h - what time it is. Seconds but where the name says milliseconds. */
#ifndef FILES_CLOCK_H
#define FILES_CLOCK_H

#include <stdint.h>

/* Since some fixed moment; never goes back. */
double clock_now(void);
int64_t clock_now_ms(void);
/* Since 1970, as the machine's clock is set: it may jump. */
double clock_date(void);
/* That this thread has had the processor. */
double clock_cpu(void);

#endif
