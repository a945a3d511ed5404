/* hold.c - a reader that lets nobody write, rename or delete, as some virus scanners and backups
 * do: tests/windows.sh.
 *
 *     hold.exe FILE SECONDS    prints "held" when it has the file; exit 1 if it cannot have it
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

int main(int argc, char **argv)
{
    wchar_t path[MAX_PATH];
    if (argc != 3 || !MultiByteToWideChar(CP_UTF8, 0, argv[1], -1, path, MAX_PATH)) return 1;
    const HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 1;
    puts("held");
    fflush(stdout);
    Sleep((DWORD)(1000 * atof(argv[2])));
    CloseHandle(file);
    return 0;
}
