/* search.c - `kata search ROM`: finds where a game keeps its health, its score, its timer. */
#include "search_session.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "files.h"
#include "voice.h"
#include "why.h"

enum { MAX_SCRIPT_BYTES = 1 << 20 };

typedef struct {
    game_options_t game;
    const char *script, *out;
    bool replace, json;
} search_values_t;

static const option_t rows[] = {
    { "script", OPTION_TEXT, offsetof(search_values_t, script), "FILE", 0, 0,
      "read the words from it [from the keyboard or a pipe]" },
    { "out", OPTION_TEXT, offsetof(search_values_t, out), "FILE", 0, 0,
      "`variable` adds what it prints to the preset and saves it there" },
    { "replace", OPTION_FLAG, offsetof(search_values_t, replace), NULL, 0, 0,
      "with --out: even if the file is there" },
    { "json", OPTION_FLAG, offsetof(search_values_t, json), NULL, 0, 0,
      "`list` prints one JSON object; all else goes to stderr" },
};
static const option_group_t groups[] = {
    { "The search", rows, sizeof rows / sizeof rows[0], 0 },
    { "The game", game_option_rows, GAME_NUM_OPTION_ROWS, offsetof(search_values_t, game) },
};

/* Where lines come from: a script in memory, or standard input. */
typedef struct {
    char *script; /* NULL: standard input */
    const char *at;
    int64_t line_number;
    bool is_person; /* who types gets a prompt, and may err */
} search_source_t;

typedef enum { LINE_READ, LINE_END, LINE_BAD } line_read_t;

static line_read_t next_line(search_source_t *source, char line[SEARCH_SESSION_LINE_BYTES])
{
    source->line_number++;
    if (source->script) {
        if (!*source->at) return LINE_END;
        const size_t length = strcspn(source->at, "\n");
        if (length >= SEARCH_SESSION_LINE_BYTES) return LINE_BAD;
        snprintf(line, SEARCH_SESSION_LINE_BYTES, "%.*s", (int)length, source->at);
        source->at += length + (source->at[length] == '\n');
        return LINE_READ;
    }
    if (source->is_person) {
        fputs("search> ", voice_out());
        fflush(voice_out());
    }
    if (!fgets(line, SEARCH_SESSION_LINE_BYTES, stdin)) return LINE_END;
    if (!strchr(line, '\n') && !feof(stdin)) return LINE_BAD; /* too long, or a NUL byte in it */
    line[strcspn(line, "\n")] = '\0';
    return LINE_READ;
}

static int obey(search_session_t *session, search_source_t *source)
{
    char line[SEARCH_SESSION_LINE_BYTES];
    why_t why;
    for (;;) {
        const line_read_t got = next_line(source, line);
        const long long number = (long long)source->line_number;
        if (got == LINE_END) break;
        if (got == LINE_BAD)
            return say_failed("line %lld: must be text of less than %d letters", number,
                              SEARCH_SESSION_LINE_BYTES);
        if (search_session_line(session, line, why)) {
            if (session->has_quit) break;
            continue;
        }
        if (search_session_is_dead(session) || !source->is_person)
            return say_failed("line %lld: %s", number, why);
        fprintf(voice_err(), "%s\n", why);
    }
    return EXIT_OK;
}

static bool open_source(search_source_t *source, const char *script, why_t why)
{
    uint8_t *bytes;
    size_t num_bytes;
    *source = (search_source_t){ .is_person = !script && isatty(STDIN_FILENO) };
    if (!script) return true;
    if (!files_read(script, MAX_SCRIPT_BYTES, &bytes, &num_bytes, why)) return false;
    source->script = (char *)bytes;
    source->at = source->script;
    if (strlen(source->script) == num_bytes) return true;
    refuse(why, "%.300s: must be text, found a NUL byte", script);
    free(bytes);
    return false;
}

static void greet(const search_session_t *session, const game_t *game)
{
    int32_t num_ranges;
    size_t num_bytes = 0;
    const search_range_t *ranges = sandbox_ranges(session->sandbox, &num_ranges);
    for (int32_t r = 0; r < num_ranges; r++) num_bytes += ranges[r].num_bytes;
    fprintf(voice_err(), "%s on %s: %zu bytes of memory. `help` lists the words, `quit` ends.\n",
            preset_game(game->preset), game->core_name, num_bytes);
    if (game->is_unknown)
        fprintf(voice_err(), "Nobody described this game: addresses, buttons and the start 'power' "
                             "are the console's own.\n");
}

static int search(const search_values_t *v, const game_t *game)
{
    why_t why;
    search_source_t source;
    if (!open_source(&source, v->script, why)) return say_failed("%s", why);
    search_session_t session = { 0 };
    const search_session_options_t options = {
        .out = v->out, .json = v->json, .in_colour = source.is_person && isatty(fileno(voice_out()))
    };
    int status = EXIT_FAILED;
    if (search_session_open(&session, game, &options, why)) {
        greet(&session, game);
        status = obey(&session, &source);
        search_session_close(&session);
    } else {
        say_failed("%s", why);
    }
    free(source.script);
    return status;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const search_values_t *v = values;
    game_t game = { 0 };
    why_t why;
    struct stat status;
    if (v->replace && !v->out) return say_usage("search: --replace needs --out FILE");
    if (v->out && !v->replace && lstat(v->out, &status) == 0)
        return say_failed("%.300s is there already; --replace to lose what is in it", v->out);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be said, not a kill */
    if (!game_open(&game, arguments[0], &v->game, GAME_TO_EXPLORE, why))
        return say_failed("%s", why);
    const int code = search(v, &game);
    game_close(&game);
    return code;
}

const command_t command_search = {
    .name = "search",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "find where a game keeps its health or score",
    .about =
        "Plays a game a little, compares its memory, and leaves what fits, as cheat finders do.\n"
        "What is left can be a variable of a preset, and so a reward. Memory is read as bytes,\n"
        "words and double words, signed too, as packed decimals, in both byte orders; addresses\n"
        "are those of presets. The words are read a line each, from the keyboard, a pipe or\n"
        "--script; # begins a comment. A script ends at its first error.\n"
        "\n"
        "Words\n"
        "  boot [START]          reset the console, play a start script [--start]\n"
        "  run N, press BUTTONS N, play MACRO, port N      save NAME, load NAME\n"
        "  equal N, not N, less, greater, changed, unchanged, by N, types TYPE ...\n"
        "  mark, undo, reset     list [N|all]     variable NAME [ADDRESS [TYPE]]\n"
        "  screen, picture FILE.png, help, quit            `help` explains each",
    .groups = groups,
    .num_groups = sizeof groups / sizeof groups[0],
    .examples =
        "  Where does the bundled game keep the health? A full bar is 96; in frame 404 a blow\n"
        "  lands; what is only drawn follows a frame later:\n"
        "    printf '%s\\n' boot 'equal 96' 'run 404' less 'run 1' unchanged |\n"
        "        kata search build/release/games/kumite.nes\n"
        "  By hand, and what is found goes into a preset of its own:\n"
        "    kata search game.nes --out game.kata.json\n"
        "  For a script:\n"
        "    kata search game.nes --script find.txt --json | jq '.candidates[0]'\n",
    .values_bytes = sizeof(search_values_t),
    .run = run,
};
