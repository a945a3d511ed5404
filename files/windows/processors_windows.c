/* processors_windows.c - see processors.h. */
#include "processors.h"

#include <windows.h>

int32_t processors_available(void)
{
    DWORD_PTR allowed, all;
    int32_t count = 0;
    if (GetProcessAffinityMask(GetCurrentProcess(), &allowed, &all))
        for (; allowed; allowed &= allowed - 1) count++;
    return count > 0 ? count : 1;
}

bool processors_pin(int32_t index)
{
    DWORD_PTR allowed, all;
    if (index < 0 || !GetProcessAffinityMask(GetCurrentProcess(), &allowed, &all)) return false;
    for (; index > 0 && allowed; index--) allowed &= allowed - 1;
    return allowed && SetThreadAffinityMask(GetCurrentThread(), allowed & (~allowed + 1)) != 0;
}

void processors_give_way(void)
{
    (void)SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL);
}

static double seconds_of(const FILETIME *time) /* 100 ns */
{
    return (double)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime) * 1e-7;
}

double processors_seconds_of(int32_t pid)
{
    FILETIME born, died, kernel, user;
    const HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)pid);
    const bool ok = thread && GetThreadTimes(thread, &born, &died, &kernel, &user);
    if (thread) CloseHandle(thread);
    return ok ? seconds_of(&kernel) + seconds_of(&user) : 0;
}

bool processors_is_runnable(int32_t pid)
{
    (void)pid;
    return false;
}

bool processors_seconds(double *busy, double *stolen)
{
    FILETIME idle, kernel, user; /* kernel has idle in it */
    if (!GetSystemTimes(&idle, &kernel, &user)) return false;
    *busy = seconds_of(&kernel) - seconds_of(&idle) + seconds_of(&user);
    *stolen = 0;
    return true;
}
