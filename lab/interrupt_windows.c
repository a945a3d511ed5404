/* interrupt_windows.c - see interrupt.h: Ctrl-C, Ctrl-Break and a console that is closed. */
#include "interrupt.h"

#include <stdatomic.h>
#include <windows.h>

#include "voice.h"

/* Windows ends the process some seconds after this returned, where a console is closed or a person
 * logs off. */
enum { CLOSING_MS = 4000 };

static _Atomic int asked;

static BOOL WINAPI note(DWORD event)
{
    if (atomic_exchange(&asked, 1)) TerminateProcess(GetCurrentProcess(), EXIT_INTERRUPTED);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) Sleep(CLOSING_MS); /* time to save */
    return TRUE;
}

void interrupt_catch(void)
{
    SetConsoleCtrlHandler(NULL, FALSE); /* who started us may have switched Ctrl-C off */
    SetConsoleCtrlHandler(note, TRUE);
}

bool interrupt_asked(void)
{
    return atomic_load(&asked) != 0;
}

void interrupt_ask(void)
{
    atomic_store(&asked, 1);
}
