/* interrupt.h - Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends at once. */
#ifndef LAB_INTERRUPT_H
#define LAB_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP are noted. Before this they end the process as always. A
 * SIGHUP that is ignored, as under nohup, stays so: learning goes on when the terminal is closed. A
 * pipe that nobody reads any more, and a limit on file sizes, are errors of a write from now on,
 * not deaths: learning goes on, and a failed save is reported. */
void interrupt_catch(void);
bool interrupt_asked(void);
#ifdef _WIN32
void interrupt_ask(void); /* as Ctrl-C does, in a process without a console of its own */
#endif

#endif
