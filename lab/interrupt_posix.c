/* interrupt_posix.c - one flag, set by a signal handler: there is no other way to hand it over. */
#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "voice.h"

static volatile sig_atomic_t asked;

static void note(int number)
{
    (void)number;
    if (asked) _exit(EXIT_INTERRUPTED);
    asked = 1;
}

void interrupt_catch(void)
{
    struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct sigaction hangup;
    sigaction(SIGHUP, NULL, &hangup);
    if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

bool interrupt_asked(void)
{
    return asked != 0;
}
