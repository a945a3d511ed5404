/* ablation_process_windows.c - see ablation_process.h. A run's process is told by its environment
 * which run is its own, and by the names of a piece of shared memory and of an event where the
 * boards are and when to stop; it stops as well when its parent has ended. */
#include "ablation_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "interrupt.h"

#define VARIABLE L"KATA_COMPARISON_RUN" /* "RUN PARENT": two numbers */

static HANDLE stop, parent, memory;

static bool is_run(int32_t *run, unsigned long *parent_id)
{
    wchar_t text[64];
    const DWORD length = GetEnvironmentVariableW(VARIABLE, text, 64);
    int number;
    if (length == 0 || length >= 64 || swscanf(text, L"%d %lu", &number, parent_id) != 2)
        return false;
    *run = number;
    return number >= 0;
}

int32_t ablation_process_run(void)
{
    int32_t run;
    unsigned long parent_id;
    return is_run(&run, &parent_id) ? run : -1;
}

static DWORD WINAPI wait_for_the_end(void *context)
{
    const HANDLE events[] = { stop, parent };
    (void)context;
    WaitForMultipleObjects(2, events, FALSE, INFINITE);
    interrupt_ask();
    return 0;
}

static void name_of(wchar_t name[64], const wchar_t *what, unsigned long parent_id)
{
    swprintf(name, 64, L"Local\\kata-%ls-%lu", what, parent_id);
}

ablation_board_t *ablation_boards_open(int32_t num_runs)
{
    int32_t run;
    unsigned long id = GetCurrentProcessId();
    const bool is_child = is_run(&run, &id);
    const size_t num_bytes = (size_t)num_runs * sizeof(ablation_board_t);
    wchar_t memory_name[64], stop_name[64];
    name_of(memory_name, L"boards", id);
    name_of(stop_name, L"stop", id);
    stop = CreateEventW(NULL, TRUE, FALSE, stop_name);
    memory = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)num_bytes,
                                memory_name);
    void *boards =
        memory && stop ? MapViewOfFile(memory, FILE_MAP_ALL_ACCESS, 0, 0, num_bytes) : NULL;
    if (boards && is_child) {
        parent = OpenProcess(SYNCHRONIZE, FALSE, id);
        const HANDLE thread =
            parent ? CreateThread(NULL, 0, wait_for_the_end, NULL, 0, NULL) : NULL;
        if (!thread) return NULL; /* its parent is gone */
        CloseHandle(thread);
    }
    return boards;
}

void ablation_boards_close(ablation_board_t *boards, int32_t num_runs)
{
    (void)num_runs;
    if (boards) UnmapViewOfFile(boards);
    if (memory) CloseHandle(memory);
    if (stop) CloseHandle(stop);
    memory = stop = NULL;
}

bool ablation_process_start(ablation_process_t *process, int32_t run,
                            int (*body)(const void *context, int32_t run), const void *context,
                            why_t why)
{
    wchar_t program[4096], variable[64];
    (void)body, (void)context;
    const DWORD length = GetModuleFileNameW(NULL, program, 4096);
    wchar_t *words = _wcsdup(GetCommandLineW()); /* it may be written to */
    STARTUPINFOW how = { .cb = sizeof how };
    PROCESS_INFORMATION started = { 0 };
    swprintf(variable, 64, L"%d %lu", run, GetCurrentProcessId());
    /* No console of ours: Ctrl-C is the parent's to pass on, once. */
    const bool ok = length > 0 && length < 4096 && words &&
                    SetEnvironmentVariableW(VARIABLE, variable) &&
                    CreateProcessW(program, words, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL,
                                   &how, &started);
    SetEnvironmentVariableW(VARIABLE, NULL);
    free(words);
    if (!ok) return refuse(why, "no process could be started (error %lu)", GetLastError());
    CloseHandle(started.hThread);
    *process = (intptr_t)started.hProcess;
    return true;
}

/* All are asked at once: they share one event. */
void ablation_process_stop(ablation_process_t process)
{
    (void)process;
    SetEvent(stop);
}

bool ablation_process_has_ended(ablation_process_t process, int *status, char reason[96])
{
    const HANDLE handle = (HANDLE)process;
    DWORD code = 0;
    if (WaitForSingleObject(handle, 0) != WAIT_OBJECT_0) return false;
    GetExitCodeProcess(handle, &code);
    CloseHandle(handle);
    reason[0] = '\0';
    if (code > 0xFF) snprintf(reason, 96, "an exception (0x%08lX)", code);
    *status = (int)code;
    return true;
}
