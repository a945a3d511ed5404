/* preset_file.c - what the `kata preset` commands share. */
#include "preset_file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "files.h"
#include "game.h"

int preset_file_save(const char *path, const char *text, size_t num_bytes, bool replace)
{
    struct stat status;
    char why[FILES_WHY_BYTES];
    if (!replace && lstat(path, &status) == 0)
        return say_failed("%.300s is there already; --replace to lose what is in it", path);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be said, not a kill */
    if (!files_replace(path, text, num_bytes, why)) return say_failed("%s", why);
    printf("saved %s\n", path);
    return EXIT_OK;
}

void preset_file_print(const char *text, size_t num_bytes)
{
    fwrite(text, 1, num_bytes, stdout);
    if (num_bytes > 0 && text[num_bytes - 1] != '\n' && isatty(STDOUT_FILENO)) putchar('\n');
}

void preset_file_print_lines(const char *before, const char *lines)
{
    while (*lines) {
        const size_t length = strcspn(lines, "\n");
        printf("%s%.*s\n", before, (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}

/* ---- the library ---- */

typedef struct {
    preset_visit_t *visit;
    void *context;
    char **seen; /* real paths */
    size_t num_seen;
} tour_t;

static bool visit_once(void *context, const char *path, preset_t *preset, const char *why)
{
    tour_t *tour = context;
    char *whole = realpath(path, NULL);
    if (!whole) return true; /* gone meanwhile */
    for (size_t i = 0; i < tour->num_seen; i++)
        if (strcmp(tour->seen[i], whole) == 0) {
            free(whole);
            return true;
        }
    char **more = realloc(tour->seen, (tour->num_seen + 1) * sizeof *more);
    if (!more) {
        free(whole);
        return false;
    }
    tour->seen = more;
    tour->seen[tour->num_seen++] = whole;
    return tour->visit(tour->context, whole, preset, why);
}

void preset_file_walk(preset_visit_t *visit, void *context)
{
    char program[HOME_PATH_BYTES], dirs[8 * HOME_PATH_BYTES];
    game_program_path(program);
    home_preset_dirs(dirs, sizeof dirs, program, NULL);
    tour_t tour = { .visit = visit, .context = context };
    preset_walk(dirs, visit_once, &tour);
    for (size_t i = 0; i < tour.num_seen; i++) free(tour.seen[i]);
    free(tour.seen);
}
