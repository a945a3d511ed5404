/* retroarch.c - looks for RetroArch and for the plugin, writes the command, runs it. */
#include "retroarch.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "game.h"
#include "shell.h"
#include "why.h"

#ifdef _WIN32
#define HOW_TO_INSTALL "install it, and add its folder to PATH"
#else
#define HOW_TO_INSTALL "install it (Debian and Ubuntu: `apt install retroarch`)"
#endif

static void find_in_path(const char *name, char out[HOME_PATH_BYTES])
{
    const char *path = getenv("PATH");
    char candidate[HOME_PATH_BYTES];
    out[0] = '\0';
    for (const char *at = path ? path : ""; *at;) {
        const size_t length = strcspn(at, FILES_LIST_SEPARATOR);
        const int written = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, at, name);
        if (length > 0 && written < (int)sizeof candidate && access(candidate, X_OK) == 0) {
            memcpy(out, candidate, (size_t)written + 1);
            return;
        }
        at += length + (at[length] != '\0');
    }
}

/* Beside this program (a build folder), where `make install` puts it, where distributions do. */
bool retroarch_find_plugin(char out[HOME_PATH_BYTES])
{
    char program[HOME_PATH_BYTES];
    game_program_path(program);
    char *slash = strrchr(program, '/');
    if (slash) *slash = '\0';
    static const char *const beside[] = { "", "/../lib/libretro" };
    for (size_t i = 0; slash && i < sizeof beside / sizeof beside[0]; i++) {
        char path[HOME_PATH_BYTES + 64];
        snprintf(path, sizeof path, "%s%s/kata_libretro" FILES_LIBRARY_SUFFIX, program, beside[i]);
        char *whole = realpath(path, NULL);
        if (!whole) continue;
        const bool fits = snprintf(out, HOME_PATH_BYTES, "%s", whole) < HOME_PATH_BYTES;
        free(whole);
        if (fits) return true;
    }
    static const char *const installed[] = { "/usr/local/lib/libretro/kata_libretro.so",
                                             "/usr/lib/libretro/kata_libretro.so",
                                             "/usr/lib/*/libretro/kata_libretro.so" };
    for (size_t i = 0; i < sizeof installed / sizeof installed[0]; i++) {
        glob_t found = { 0 };
        const bool any = glob(installed[i], 0, NULL, &found) == 0 && found.gl_pathc > 0;
        if (any) snprintf(out, HOME_PATH_BYTES, "%s", found.gl_pathv[0]);
        globfree(&found);
        if (any) return true;
    }
    return false;
}

/* What this shell has set and a later one may not have. */
static void add_environment(char *line, size_t line_bytes)
{
    static const char *const names[] = { "KATA_HOME",      "KATA_PRESET_PATH", "KATA_CORE_PATH",
                                         "KATA_INFO_PATH", "KATA_AGENT",       "KATA_STRENGTH",
                                         "KATA_RECORD" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        char word[HOME_PATH_BYTES + 32];
        if (!value || !*value) continue;
        snprintf(word, sizeof word, "%s=%s", names[i], value);
        const size_t length = strlen(line);
        shell_add(line, line_bytes, word);
        /* A quoted assignment is none: NAME='a b', not 'NAME=a b'. */
        char *at = line + length + (length > 0);
        if (*at == '\'') {
            memmove(at, at + 1, strlen(names[i]) + 1);
            at[strlen(names[i]) + 1] = '\'';
        }
    }
}

bool retroarch_find(retroarch_t *retroarch, const char *rom, why_t why)
{
    *retroarch = (retroarch_t){ 0 };
    snprintf(retroarch->rom, sizeof retroarch->rom, "%s", rom);
    if (!retroarch_find_plugin(retroarch->core)) {
        refuse(why, "kata_libretro" FILES_LIBRARY_SUFFIX
                    " is neither beside this program nor installed: build it with "
                    "`make -f Makefile.libretro`, or install it with `make -f Makefile.libretro "
                    "install`");
        return false;
    }
    find_in_path("retroarch" FILES_PROGRAM_SUFFIX, retroarch->program);
    const size_t bytes = sizeof retroarch->line;
    add_environment(retroarch->line, bytes);
    shell_add(retroarch->line, bytes, "retroarch");
    shell_add(retroarch->line, bytes, "-L");
    shell_add(retroarch->line, bytes, retroarch->core);
    shell_add(retroarch->line, bytes, retroarch->rom);
    return true;
}

void retroarch_run(const retroarch_t *retroarch, why_t why)
{
    if (!*retroarch->program) {
        refuse(why,
               "RetroArch is not in PATH: " HOW_TO_INSTALL "; this would be its command: %.700s",
               retroarch->line);
        return;
    }
    fflush(NULL);
    execl(retroarch->program, "retroarch", "-L", retroarch->core, retroarch->rom, (char *)NULL);
    refuse(why, "%.500s could not be started: %s", retroarch->program, strerror(errno));
}
