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
#include "json_line.h"
#include "why.h"

int preset_file_save(const char *path, const char *text, size_t num_bytes, bool replace)
{
    struct stat status;
    why_t why;
    if (!replace && lstat(path, &status) == 0)
        return say_failed("%.300s is there already; --replace to lose what is in it", path);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be said, not a kill */
    if (!files_replace(path, text, num_bytes, why)) return say_failed("%s", why);
    say("saved %s\n", path);
    return EXIT_OK;
}

void preset_file_print(const char *text, size_t num_bytes)
{
    fwrite(text, 1, num_bytes, voice_out());
    if (num_bytes > 0 && text[num_bytes - 1] != '\n' && isatty(fileno(voice_out())))
        fputc('\n', voice_out());
}

void preset_file_print_lines(const char *before, const char *lines)
{
    while (*lines) {
        const size_t length = strcspn(lines, "\n");
        say("%s%.*s\n", before, (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}

/* ---- JSON ---- */

void preset_file_add_identity(cJSON *object, const char *path, const preset_t *preset)
{
    json_line_add_text(object, "path", path);
    json_line_add_text(object, "game", preset_game(preset));
    json_line_add_text(object, "system", preset_system(preset));
    json_line_add_text(object, "hash", preset_hash(preset));
}

void preset_file_add_lines(cJSON *object, const char *key, const char *lines)
{
    cJSON *list = cJSON_AddArrayToObject(object, key);
    while (*lines) {
        const size_t length = strcspn(lines, "\n");
        char *line = strndup(lines, length);
        cJSON_AddItemToArray(list, cJSON_CreateString(line ? line : ""));
        free(line);
        lines += length + (lines[length] == '\n');
    }
}

void preset_file_add_warnings(cJSON *object, const preset_t *preset)
{
    cJSON *list = cJSON_AddArrayToObject(object, "warnings");
    for (int32_t i = 0; i < preset_num_warnings(preset); i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(preset_warning(preset, i)));
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
