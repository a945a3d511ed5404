/* windows_main.c - the way into a program: words in UTF-8, a console that shows UTF-8. */
#include <stdbool.h>
#include <windows.h>

#include "windows_path.h"

static UINT code_page_before;

static void restore_console(void)
{
    if (code_page_before) SetConsoleOutputCP(code_page_before);
}

/* Line ends as they are written, UTF-8, and "\033[K" where the console knows it (Windows 10). */
static void prepare_console(void)
{
    static const DWORD streams[] = { STD_OUTPUT_HANDLE, STD_ERROR_HANDLE };
    for (int fd = 0; fd < 3; fd++) _setmode(fd, _O_BINARY);
    for (int i = 0; i < 2; i++) {
        DWORD mode;
        const HANDLE handle = GetStdHandle(streams[i]);
        if (GetConsoleMode(handle, &mode))
            SetConsoleMode(handle, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    }
    setvbuf(stderr, NULL, _IONBF, 0);
    code_page_before = GetConsoleOutputCP();
    if (code_page_before) SetConsoleOutputCP(CP_UTF8);
}

/* As exit(), but no thread, no library and no inner core has a say any more: ExitProcess ends the
 * other threads where they are and then runs the libraries' last code, which waits for ever where
 * one of those held a lock (seen once, under Wine). */
static void end(int status)
{
    fflush(NULL);
    restore_console();
    TerminateProcess(GetCurrentProcess(), (UINT)status);
}

int wmain(int argc, wchar_t **words);

int wmain(int argc, wchar_t **words)
{
    char **utf8 = calloc((size_t)argc + 1, sizeof *utf8);
    bool ok = utf8 != NULL;
    for (int i = 0; ok && i < argc; i++) {
        /* "C:\games\a.nes" is a path; nothing else that Kata is told has a '\' in it. */
        utf8[i] = windows_path_utf8(words[i]);
        ok = utf8[i] != NULL;
    }
    if (!ok) return 1;
    prepare_console();
    const int status = windows_program(argc, utf8);
    end(status);
    return status;
}
