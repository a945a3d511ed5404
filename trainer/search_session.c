/* search_session.c - one table of words; each is a few lines over sandbox.h and memory_search.h. */
#include "search_session.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canonical.h"
#include "commands.h"
#include "files.h"
#include "search_view.h"
#include "voice.h"
#include "why.h"

enum { MAX_WORDS = 20, SHOWN_AT_ONCE = 3 };

const char search_session_help[] =
    "  boot [START]          reset the console, play a start script [--start]\n"
    "  run N                 N frames with nothing pressed\n"
    "  press BUTTONS N       hold them for N frames: press 6A 10\n"
    "  play MACRO            as players write it: play 236A\n"
    "  port N                press and play on this port from now on\n"
    "  save NAME, load NAME  keep the game's state in memory; go back to it\n"
    "  screen                show where the game is\n"
    "  picture FILE.png      save where the game is\n"
    "  equal N, not N        keep what is N, or is not\n"
    "  less, greater         keep what fell, or rose, since the step before\n"
    "  changed, unchanged    keep what is different, or the same\n"
    "  by N                  keep what changed by exactly N: by -8\n"
    "  types TYPE ...        keep what is read so: types |u1 >u2\n"
    "  mark                  compare with the memory as it is now\n"
    "  undo, reset           take a step back; begin anew\n"
    "  list [N|all]          what is left; all: also what says the same\n"
    "  variable NAME [ADDRESS [TYPE]]  what is left, or was chosen, as a preset's variable\n"
    "  help, quit\n";

typedef struct verb verb_t;

/* A line in words. `rest` is everything after the first. */
typedef struct {
    const verb_t *verb;
    char *words[MAX_WORDS];
    int32_t num_words;
    const char *rest;
    char *why;
} line_t;

struct verb {
    const char *word;
    int32_t min_words, max_words; /* behind it; -1: the rest of the line */
    bool (*act)(search_session_t *session, const line_t *line);
    search_op_t op;                                               /* of do_narrow */
    void (*take)(memory_search_t *search, const uint8_t *memory); /* of do_take */
};

/* To a person; where a program reads, apart from what it reads. */
__attribute__((format(printf, 2, 3))) static void note(const search_session_t *session,
                                                       const char *format, ...)
{
    FILE *out = session->options.json ? voice_err() : voice_out();
    va_list args;
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    fflush(out);
}

/* Decimal or 0x..., with a sign. */
static bool read_number(const char *word, int64_t low, int64_t high, int64_t *number, char *why)
{
    const char *digits = word + (*word == '-' || *word == '+');
    const bool is_hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    const char *allowed = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
    digits += is_hex ? 2 : 0;
    *number = 0;
    const size_t length = strlen(digits);
    const bool is_number = length > 0 && length <= 15 && strspn(digits, allowed) == length;
    if (is_number) *number = (int64_t)strtoull(digits, NULL, is_hex ? 16 : 10);
    if (is_number && *word == '-') *number = -*number;
    if (is_number && *number >= low && *number <= high) return true;
    return refuse(why, "'%.60s': must be a whole number, %lld to %lld", word, (long long)low,
                  (long long)high);
}

static bool read_frames(const char *word, int64_t most, int32_t *frames, char *why)
{
    int64_t number;
    if (!read_number(word, 1, most, &number, why)) return false;
    *frames = (int32_t)number;
    return true;
}

/* ---- the game ---- */

static void say_frame(const search_session_t *session)
{
    note(session, "frame %llu\n", (unsigned long long)sandbox_frames(session->sandbox));
}

static bool do_boot(search_session_t *session, const line_t *line)
{
    const char *name = line->num_words > 1 ? line->words[1] : NULL;
    const int32_t start = name ? preset_find_start(session->preset, name) : session->start;
    if (start < 0)
        return refuse(line->why, "'%.60s': %s has no such start; `kata preset show` lists them",
                      name, preset_game(session->preset));
    if (!sandbox_boot(session->sandbox, start, line->why)) return false;
    /* Nothing was compared yet: from here on it makes sense. */
    if (search_steps(session->search) == 0)
        search_mark(session->search, sandbox_memory(session->sandbox));
    note(session, "%s: ", preset_start_name(session->preset, start));
    say_frame(session);
    return true;
}

static bool do_run(search_session_t *session, const line_t *line)
{
    int32_t frames;
    if (!read_frames(line->words[1], SANDBOX_MAX_FRAMES, &frames, line->why) ||
        !sandbox_run(session->sandbox, frames, line->why))
        return false;
    say_frame(session);
    return true;
}

static bool play(search_session_t *session, const char *notation, const char *word, char *why)
{
    macro_t macro;
    why_t cause;
    if (!macro_parse(&macro, notation, preset_language(session->preset), cause))
        return refuse(why, "'%.60s': %s", word, cause);
    if (!sandbox_play(session->sandbox, session->port, &macro, why)) return false;
    say_frame(session);
    return true;
}

static bool do_press(search_session_t *session, const line_t *line)
{
    int32_t frames;
    char notation[SEARCH_SESSION_LINE_BYTES + 32];
    why_t cause;
    macro_t alone;
    if (!read_frames(line->words[2], MACRO_MAX_FRAMES, &frames, line->why)) return false;
    if (!macro_parse(&alone, line->words[1], preset_language(session->preset), cause))
        return refuse(line->why, "'%.60s': %s", line->words[1], cause);
    snprintf(notation, sizeof notation, "%s{%d}", line->words[1], frames);
    macro_t held;
    if (alone.num_steps > 1 ||
        !macro_parse(&held, notation, preset_language(session->preset), cause) ||
        held.num_steps > 1)
        return refuse(line->why, "'%.60s': must be held at once, as 6A is; `play` does the rest",
                      line->words[1]);
    return play(session, notation, line->words[1], line->why);
}

static bool do_play(search_session_t *session, const line_t *line)
{
    char notation[SEARCH_SESSION_LINE_BYTES];
    const char *from = line->rest;
    size_t length = strlen(from);
    if (length >= 2 && from[0] == '"' && from[length - 1] == '"') from++, length -= 2;
    snprintf(notation, sizeof notation, "%.*s", (int)length, from);
    return play(session, notation, notation, line->why);
}

static bool do_port(search_session_t *session, const line_t *line)
{
    int64_t port;
    if (!read_number(line->words[1], 1, BRIDGE_MAX_PORTS, &port, line->why)) return false;
    session->port = (uint32_t)port - 1;
    return true;
}

static int32_t find_state(const search_session_t *session, const char *name)
{
    for (int32_t s = 0; s < session->num_states; s++)
        if (strcmp(session->states[s], name) == 0) return s;
    return -1;
}

static bool do_save(search_session_t *session, const line_t *line)
{
    const char *name = line->words[1];
    int32_t slot = find_state(session, name);
    if (strlen(name) >= SEARCH_SESSION_NAME_BYTES)
        return refuse(line->why, "'%.60s': a name must have at most %d letters", name,
                      SEARCH_SESSION_NAME_BYTES - 1);
    if (slot < 0 && session->num_states == SANDBOX_MAX_STATES)
        return refuse(line->why, "'%.60s': %d states are kept already; save over one of them", name,
                      SANDBOX_MAX_STATES);
    const bool is_new = slot < 0;
    if (is_new) slot = session->num_states;
    if (!sandbox_save(session->sandbox, slot, line->why)) return false;
    snprintf(session->states[slot], sizeof session->states[slot], "%s", name);
    session->num_states += is_new;
    return true;
}

static bool do_load(search_session_t *session, const line_t *line)
{
    const int32_t slot = find_state(session, line->words[1]);
    if (slot < 0)
        return refuse(line->why, "'%.60s': nothing was saved under this name", line->words[1]);
    return sandbox_load(session->sandbox, slot, line->why);
}

/* NULL: nothing was drawn yet, which the line is told. */
static const uint8_t *picture_of(const search_session_t *session, const line_t *line,
                                 int32_t *width_px, int32_t *height_px)
{
    const uint8_t *rgb = sandbox_picture(session->sandbox, width_px, height_px);
    if (!rgb) refuse(line->why, "the game has not drawn anything yet: `run 60`");
    return rgb;
}

static bool do_screen(search_session_t *session, const line_t *line)
{
    int32_t width_px, height_px;
    const uint8_t *rgb = picture_of(session, line, &width_px, &height_px);
    if (!rgb) return false;
    FILE *out = session->options.json ? voice_err() : voice_out();
    search_view_screen(out, rgb, width_px, height_px, session->options.in_colour);
    return true;
}

static bool do_picture(search_session_t *session, const line_t *line)
{
    int32_t width_px, height_px;
    const uint8_t *rgb = picture_of(session, line, &width_px, &height_px);
    if (!rgb || !search_view_save(line->rest, rgb, width_px, height_px, line->why)) return false;
    note(session, "saved %s\n", line->rest);
    return true;
}

/* ---- comparing ---- */

static void say_left(const search_session_t *session)
{
    search_candidate_t found[SHOWN_AT_ONCE];
    const size_t num_found = search_list(session->search, found, SHOWN_AT_ONCE, false);
    note(session, "%zu left\n", num_found);
    if (num_found > SHOWN_AT_ONCE || session->options.json) return;
    search_view_list(voice_out(), found, num_found);
}

/* Keep what fits the verb's comparison, with its number where it has one. */
static bool do_narrow(search_session_t *session, const line_t *line)
{
    int64_t number = 0;
    const int64_t most = INT64_C(1) << 32; /* the largest type has four bytes */
    if (line->verb->min_words == 1 && !read_number(line->words[1], -most, most, &number, line->why))
        return false;
    search_narrow(session->search, line->verb->op, number, sandbox_memory(session->sandbox));
    say_left(session);
    return true;
}

/* The memory as it is now is what comes next is compared with. */
static bool do_take(search_session_t *session, const line_t *line)
{
    line->verb->take(session->search, sandbox_memory(session->sandbox));
    return true;
}

static int32_t find_type(const char *word, char *why)
{
    const int32_t type = search_find_type(word);
    if (type >= 0) return type;
    char all[8 * SEARCH_NUM_TYPES] = "";
    for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++) {
        strcat(all, " ");
        strcat(all, search_types[t]);
    }
    refuse(why, "'%.60s': must be a type:%s", word, all);
    return -1;
}

static bool do_types(search_session_t *session, const line_t *line)
{
    uint32_t kept = 0;
    for (int32_t w = 1; w < line->num_words; w++) {
        const int32_t type = find_type(line->words[w], line->why);
        if (type < 0) return false;
        kept |= 1u << type;
    }
    search_keep_types(session->search, kept);
    say_left(session);
    return true;
}

static bool do_undo(search_session_t *session, const line_t *line)
{
    if (!search_undo(session->search))
        return refuse(line->why, "there is no step to take back (%d are kept)", SEARCH_MAX_UNDO);
    say_left(session);
    return true;
}

/* ---- what was found ---- */

static bool do_list(search_session_t *session, const line_t *line)
{
    search_candidate_t found[SEARCH_VIEW_MAX];
    int64_t most = 20;
    const char *word = line->num_words > 1 ? line->words[1] : NULL;
    const bool all = word && strcmp(word, "all") == 0;
    if (all) most = SEARCH_VIEW_MAX;
    if (word && !all && !read_number(word, 1, SEARCH_VIEW_MAX, &most, line->why)) return false;
    const size_t num_found = search_list(session->search, found, (size_t)most, all);
    const size_t num_shown = num_found < (size_t)most ? num_found : (size_t)most;
    if (session->options.json) {
        search_view_json(session->search, found, num_shown, num_found,
                         sandbox_frames(session->sandbox));
        return true;
    }
    note(session, "%zu left\n", num_found);
    search_view_list(voice_out(), found, num_shown);
    if (num_shown < num_found) note(session, "  and %zu more\n", num_found - num_shown);
    return true;
}

/* The candidate that is meant: the only one, or the one at this address, of this type. */
static bool choose(const search_session_t *session, const line_t *line, search_candidate_t *found)
{
    if (line->num_words == 2) {
        const size_t num_found = search_list(session->search, found, 1, false);
        if (num_found == 1) return true;
        return refuse(line->why,
                      "%zu candidates are left, not one; say which is meant: "
                      "variable NAME ADDRESS TYPE",
                      num_found);
    }
    int64_t address;
    if (!read_number(line->words[2], 0, UINT32_MAX, &address, line->why)) return false;
    int32_t type = 0;
    if (line->num_words == 4) {
        type = find_type(line->words[3], line->why);
        if (type < 0) return false;
        if (search_has(session->search, (uint64_t)address, type, found)) return true;
    } else {
        for (; type < SEARCH_NUM_TYPES; type++)
            if (search_has(session->search, (uint64_t)address, type, found)) return true;
    }
    return refuse(line->why, "'%.60s': is no candidate%s", line->words[2],
                  line->num_words == 4 ? " of this type" : "");
}

static bool keep_variable(search_session_t *session, const char *name,
                          const search_candidate_t *found, char *why)
{
    char *text;
    why_t cause;
    preset_t *more;
    if (!preset_with_variable(&text, session->preset, name, found->address,
                              search_types[found->type], cause))
        return refuse(why, "%s", cause);
    const char *out = session->options.out;
    bool ok = preset_parse(&more, text, strlen(text), out ? out : "the preset", cause);
    if (ok && out && !files_replace(out, text, strlen(text), cause)) {
        preset_free(more);
        ok = false;
    }
    free(text);
    if (!ok) return refuse(why, "%s", cause);
    preset_free(session->preset);
    session->preset = more;
    return true;
}

static bool do_variable(search_session_t *session, const line_t *line)
{
    search_candidate_t found;
    const char *name = line->words[1];
    if (!choose(session, line, &found) || !keep_variable(session, name, &found, line->why))
        return false;
    /* A name that a preset may have needs no escapes in JSON but for its quotes. */
    search_view_variable(session->options.json ? voice_err() : voice_out(), name, &found);
    if (session->options.out) note(session, "saved %s\n", session->options.out);
    return true;
}

static bool do_help(search_session_t *session, const line_t *line)
{
    (void)line;
    note(session, "%s", search_session_help);
    return true;
}

static bool do_quit(search_session_t *session, const line_t *line)
{
    (void)line;
    session->has_quit = true;
    return true;
}

/* ---- lines ---- */

static const verb_t verbs[] = {
    { "boot", 0, 1, do_boot, 0, NULL },
    { "run", 1, 1, do_run, 0, NULL },
    { "press", 2, 2, do_press, 0, NULL },
    { "play", 1, -1, do_play, 0, NULL },
    { "port", 1, 1, do_port, 0, NULL },
    { "save", 1, 1, do_save, 0, NULL },
    { "load", 1, 1, do_load, 0, NULL },
    { "screen", 0, 0, do_screen, 0, NULL },
    { "picture", 1, -1, do_picture, 0, NULL },
    { "equal", 1, 1, do_narrow, SEARCH_EQUAL, NULL },
    { "not", 1, 1, do_narrow, SEARCH_NOT_EQUAL, NULL },
    { "less", 0, 0, do_narrow, SEARCH_LESS, NULL },
    { "greater", 0, 0, do_narrow, SEARCH_GREATER, NULL },
    { "changed", 0, 0, do_narrow, SEARCH_CHANGED, NULL },
    { "unchanged", 0, 0, do_narrow, SEARCH_UNCHANGED, NULL },
    { "by", 1, 1, do_narrow, SEARCH_BY, NULL },
    { "types", 1, SEARCH_NUM_TYPES, do_types, 0, NULL },
    { "mark", 0, 0, do_take, 0, search_mark },
    { "undo", 0, 0, do_undo, 0, NULL },
    { "reset", 0, 0, do_take, 0, search_reset },
    { "list", 0, 1, do_list, 0, NULL },
    { "variable", 1, 3, do_variable, 0, NULL },
    { "help", 0, 0, do_help, 0, NULL },
    { "quit", 0, 0, do_quit, 0, NULL },
};
enum { NUM_VERBS = sizeof verbs / sizeof verbs[0] };

static bool unknown_word(const char *word, char *why)
{
    const char *names[NUM_VERBS];
    for (int32_t v = 0; v < NUM_VERBS; v++) names[v] = verbs[v].word;
    const char *near = command_nearest(word, names, NUM_VERBS);
    if (near) return refuse(why, "'%.60s': there is no such word; did you mean '%s'?", word, near);
    return refuse(why, "'%.60s': there is no such word; `help` lists them", word);
}

static bool has_right_length(const verb_t *verb, const line_t *line)
{
    const int32_t behind = line->num_words - 1;
    if (behind < verb->min_words)
        return refuse(line->why, "'%s': needs %s behind it; `help` says which", verb->word,
                      verb->min_words == 1 ? "a word" : "two words");
    if (verb->max_words >= 0 && behind > verb->max_words)
        return refuse(line->why, "'%.60s': is a word too many behind '%s'",
                      line->words[verb->max_words + 1], verb->word);
    return true;
}

bool search_session_line(search_session_t *session, const char *text, why_t why)
{
    char copy[SEARCH_SESSION_LINE_BYTES], whole[SEARCH_SESSION_LINE_BYTES];
    line_t line = { .why = why, .rest = "" };
    if (strlen(text) >= sizeof copy)
        return refuse(why, "a line must be shorter than %zu letters", sizeof copy);
    while (isspace((unsigned char)*text)) text++;
    if (!*text || *text == '#') return true;
    snprintf(whole, sizeof whole, "%s", text);
    for (size_t end = strlen(whole); end > 0 && isspace((unsigned char)whole[end - 1]); end--)
        whole[end - 1] = '\0';
    line.rest = whole + strcspn(whole, " \t");
    line.rest += strspn(line.rest, " \t");
    snprintf(copy, sizeof copy, "%s", whole);
    char *next = NULL;
    for (char *word = strtok_r(copy, " \t", &next); word && line.num_words < MAX_WORDS;
         word = strtok_r(NULL, " \t", &next))
        line.words[line.num_words++] = word;
    for (int32_t v = 0; v < NUM_VERBS && !line.verb; v++)
        if (strcmp(verbs[v].word, line.words[0]) == 0) line.verb = &verbs[v];
    if (line.verb) return has_right_length(line.verb, &line) && line.verb->act(session, &line);
    return unknown_word(line.words[0], why);
}

/* ---- life ---- */

bool search_session_open(search_session_t *session, const game_t *game,
                         const search_session_options_t *options, why_t why)
{
    *session = (search_session_t){ .options = *options, .start = game->start };
    size_t num_bytes;
    const char *text = preset_text(game->preset, &num_bytes);
    if (!preset_parse(&session->preset, text, num_bytes, "the preset", why)) return false;
    const sandbox_config_t config = { .core_path = game->core_path,
                                      .content_path = game->rom_path,
                                      .preset = game->preset };
    int32_t num_ranges;
    if (sandbox_open(&session->sandbox, &config, why)) {
        const search_range_t *ranges = sandbox_ranges(session->sandbox, &num_ranges);
        if (search_create(&session->search, ranges, num_ranges, sandbox_memory(session->sandbox),
                          why))
            return true;
    }
    search_session_close(session);
    return false;
}

void search_session_close(search_session_t *session)
{
    search_destroy(session->search);
    sandbox_close(session->sandbox);
    preset_free(session->preset);
    session->search = NULL;
    session->sandbox = NULL;
    session->preset = NULL;
}

bool search_session_is_dead(const search_session_t *session)
{
    return sandbox_is_dead(session->sandbox);
}
