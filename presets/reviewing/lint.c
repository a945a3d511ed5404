/* lint.c - see lint.h. */
#include "lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files.h"
#include "model.h"
#include "store.h"
#include "why.h"

/* ---- the rules ---- */

typedef struct {
    const char *name;
    bool must;
    const char *what, *write;
} rule_t;

enum {
    RULE_LOADS,
    RULE_FIELDS,
    RULE_PLACE,
    RULE_FILE_NAME,
    RULE_TWICE,
    RULE_DUMP,
    RULE_REWARD,
    RULE_DONE,
    RULE_STARTS,
    RULE_START_WAITS,
    RULE_RESULT,
    RULE_FIGHT,
    RULE_MOVES,
    RULE_SAME_ACTIONS,
    RULE_ACTIONS,
    RULE_VARIABLES,
    RULE_SIDES,
    RULE_OBSERVE,
    RULE_AUTHOR,
    RULE_LICENCE,
    RULE_SOURCES,
    RULE_VERIFIED,
    RULE_CHECKS,
    RULE_PATHS,
    RULE_SIZE,
    NUM_RULES
};

static const rule_t rules[NUM_RULES] = {
    [RULE_LOADS] = { "loads", true, "it loads as every program will load it",
                     "what the sentence asks for; `kata preset validate` says it again" },
    [RULE_FIELDS] = { "fields", true, "no field that nobody knows, as a misspelt one is",
                      "the field as presets/FORMAT.md spells it; for remarks there is \"note\"" },
    [RULE_PLACE] = { "place", true, "it lies in the folder of its system", "" },
    [RULE_FILE_NAME] = { "file-name", true, "letters, digits, - and _ before .kata.json",
                         "the game's name without blanks: \"StreetExample.kata.json\"" },
    [RULE_TWICE] = { "twice", true, "one preset a dump, and one a name and system",
                     "what is new into that one: `kata preset merge`" },
    [RULE_DUMP] = { "hashes", false, "it says which dumps it is for",
                    "\"hashes\": [{\"sha1\": ...}] as `kata identify ROM` prints them" },
    [RULE_REWARD] = { "reward", true, "there is a reward, and each part of it can count",
                      "\"reward\": {\"variables\": {\"score\": {\"reward\": 1}}}; `kata search` "
                      "finds variables" },
    [RULE_DONE] = { "done", true, "an episode ends",
                    "\"done\": \"lives == 0\", or \"timing\": {\"max_steps\": 4500}" },
    [RULE_STARTS] = { "starts", true, "there is a way from power-on to the game",
                      "\"starts\", by hand or by `kata preset boot ROM`" },
    [RULE_START_WAITS] = { "start-waits", false, "a start waits for the game, not for a time alone",
                           "\"press START{4} {60} until VARIABLE > 0 within 1800\" where it "
                           "presses" },
    [RULE_RESULT] = { "result", false, "where rounds end, it says who won",
                      "\"result\": {\"won\": \"enemy_health == 0\", \"lost\": \"health == 0\"}" },
    [RULE_FIGHT] = { "fight", false, "it says when a pad moves the game",
                     "\"fight\": {\"when\": \"VARIABLE == 1\"}, so that nothing is pressed in "
                     "menus" },
    [RULE_MOVES] = { "moves", false, "it has the moves that players use, as macros",
                     "\"actions\": {\"macros\": [{\"name\": \"Fireball\", \"notation\": "
                     "\"236B\"}]}; `kata macros mine` finds them in recordings" },
    [RULE_SAME_ACTIONS] = { "same-actions", true, "no two actions press the same",
                            "one of them only" },
    [RULE_ACTIONS] = { "actions", false, "no action is so long that nothing is decided meanwhile",
                       "the move alone, without what usually follows" },
    [RULE_VARIABLES] = { "variables", false, "no variable that nothing reads",
                         "it into reward, done, result, fight or observe, or leave it out" },
    [RULE_SIDES] = { "sides", false, "a game for two says what port 2 reads in port 1's place",
                     "\"sides\" and \"facing\", presets/FORMAT.md" },
    [RULE_OBSERVE] = { "observe", false, "what is seen of one side is seen of the other",
                       "both variables into \"observe\", or neither" },
    [RULE_AUTHOR] = { "author", true, "it says who wrote it",
                      "\"provenance\": {\"author\": \"your name, or what you go by\"}" },
    [RULE_LICENCE] = { "licence", true, "it may be given on, under a licence by its SPDX name",
                       "\"licence\": \"MIT\", as the library's, or CC0-1.0, CC-BY-4.0, "
                       "CC-BY-SA-4.0, Apache-2.0, BSD-2-Clause, BSD-3-Clause, ISC, Unlicense" },
    [RULE_SOURCES] = { "sources", true, "it says where its facts come from",
                       "\"sources\": [\"https://...\"], or \"found with kata search\"" },
    [RULE_VERIFIED] = { "verified", true, "it says what was tried on the real game and what not",
                        "\"verified\": \"Not run on the real game. ...\", or what was tried, and "
                        "\"checks\": [{\"by\": ..., \"dump\": ..., \"tried\": ...}]" },
    [RULE_CHECKS] = { "checks", true, "a check names one of the preset's dumps",
                      "as \"dump\" the SHA-1 in \"hashes\", or the name of one there" },
    [RULE_PATHS] = { "paths", true, "no path of anybody's machine",
                     "an address on the web, or the file's name alone" },
    [RULE_SIZE] = { "size", false, "a file of at most 64 KiB",
                    "without \"outcomes\": a similarity learned is enough to send" },
};
enum { LINT_MAX_BYTES = 64 * 1024, LINT_MIN_MACROS = 1 };

const char *lint_rule(int32_t i, bool *must, const char **what)
{
    if (i < 0 || i >= NUM_RULES) return NULL;
    *must = rules[i].must;
    *what = rules[i].what;
    return rules[i].name;
}

/* ---- what was seen ---- */

typedef struct {
    char key[PRESET_NAME_BYTES + 32]; /* "sha1 87e5...", "nes Galaga" */
    char *path;
} lint_entry_t;

struct lint_seen {
    lint_entry_t *entries;
    int32_t num_entries, capacity;
};

/* The file that had this key before; NULL: none, and now `path` has. */
static const char *seen_before(lint_t *lint, const char *key, const char *path)
{
    lint_seen_t *seen = lint->seen;
    for (int32_t i = 0; i < seen->num_entries; i++)
        if (strcmp(seen->entries[i].key, key) == 0)
            return strcmp(seen->entries[i].path, path) == 0 ? NULL : seen->entries[i].path;
    if (seen->num_entries == seen->capacity) {
        const int32_t capacity = seen->capacity ? 2 * seen->capacity : 64;
        lint_entry_t *more = realloc(seen->entries, (size_t)capacity * sizeof *more);
        if (!more) return NULL;
        seen->entries = more;
        seen->capacity = capacity;
    }
    lint_entry_t *entry = &seen->entries[seen->num_entries];
    entry->path = strdup(path);
    if (!entry->path) return NULL;
    snprintf(entry->key, sizeof entry->key, "%s", key);
    seen->num_entries++;
    return NULL;
}

void lint_end(lint_t *lint)
{
    for (int32_t i = 0; lint->seen && i < lint->seen->num_entries; i++)
        free(lint->seen->entries[i].path);
    if (lint->seen) free(lint->seen->entries);
    free(lint->seen);
    lint->seen = NULL;
}

/* ---- saying ---- */

typedef struct {
    lint_t *lint;
    const char *path; /* as it is said */
    const preset_t *preset;
} review_t;

__attribute__((format(printf, 4, 5))) static void
finding(const review_t *review, int32_t rule, const char *write, const char *format, ...)
{
    char found[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(found, sizeof found, format, arguments);
    va_end(arguments);
    why_one_line(found);
    const lint_finding_t said = { .path = review->path,
                                  .rule = rules[rule].name,
                                  .must = rules[rule].must,
                                  .found = found,
                                  .write = write ? write : rules[rule].write };
    if (said.must)
        review->lint->num_must++;
    else
        review->lint->num_should++;
    review->lint->say(review->lint->context, &said);
}

/* ---- where it lies ---- */

static void check_place(const review_t *review)
{
    const char *name = files_name(review->path), *system = preset_system(review->preset);
    const size_t plain = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789-_");
    char write[200];
    snprintf(write, sizeof write, "%s/%.120s", system, name);
    if (strcmp(review->path, write) != 0) {
        char move[260];
        snprintf(move, sizeof move, "it to %s", write);
        finding(review, RULE_PLACE, move, "a preset for %s lies at %s", system, review->path);
    }
    if (plain == 0 || strcmp(name + plain, ".kata.json") != 0)
        finding(review, RULE_FILE_NAME, NULL, "it is called %s", name);
}

static void check_twice(const review_t *review)
{
    const preset_t *preset = review->preset;
    char key[PRESET_NAME_BYTES + 32];
    for (int32_t h = 0; h < preset->num_hashes; h++) {
        if (!preset->hashes[h].sha1[0]) continue;
        snprintf(key, sizeof key, "sha1 %s", preset->hashes[h].sha1);
        const char *other = seen_before(review->lint, key, review->path);
        if (other)
            finding(review, RULE_TWICE, NULL, "%s is for the dump %s, too", other,
                    preset->hashes[h].sha1);
    }
    snprintf(key, sizeof key, "%s %s", preset->system, preset->game);
    const char *other = seen_before(review->lint, key, review->path);
    if (other)
        finding(review, RULE_TWICE, NULL, "%s is for %s on %s, too", other, preset->game,
                preset->system);
}

/* ---- what it says of the game ---- */

static bool waits_for_something(const preset_t *preset, int32_t start)
{
    for (int32_t s = 0; s < preset_num_boot_steps(preset, start); s++)
        if (preset_boot_step(preset, start, s)->kind == PRESET_BOOT_UNTIL) return true;
    return false;
}

static void check_play(const review_t *review)
{
    const preset_t *preset = review->preset;
    int32_t num_macros = 0;
    for (int32_t a = 0; a < preset->num_actions; a++) num_macros += preset->actions[a].is_macro;
    if (num_macros < LINT_MIN_MACROS) finding(review, RULE_MOVES, NULL, "it has no macro");
    for (int32_t s = 0; s < preset->num_starts; s++)
        if (preset->num_variables > 0 && !waits_for_something(preset, s))
            finding(review, RULE_START_WAITS, NULL,
                    "start \"%s\" presses by the clock alone; another dump may take longer",
                    preset_start_name(preset, s));
    if (preset->text_bytes > LINT_MAX_BYTES)
        finding(review, RULE_SIZE, NULL, "it has %zu bytes", preset->text_bytes);
}

/* A line of preset_advice(): its section is the rule. */
static void say_advice(const review_t *review, const char *line)
{
    static const struct {
        const char *begins;
        int32_t rule;
    } sections[] = { { "reward", RULE_REWARD },    { "done:", RULE_DONE },
                     { "result:", RULE_RESULT },   { "starts:", RULE_STARTS },
                     { "fight:", RULE_FIGHT },     { "hashes:", RULE_DUMP },
                     { "actions:", RULE_ACTIONS }, { "variables:", RULE_VARIABLES },
                     { "sides:", RULE_SIDES },     { "facing:", RULE_SIDES },
                     { "observe:", RULE_OBSERVE } };
    for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++) {
        const size_t length = strlen(sections[s].begins);
        if (strncmp(line, sections[s].begins, length) != 0) continue;
        int32_t rule = sections[s].rule;
        if (rule == RULE_ACTIONS && strstr(line, " is the same as ")) rule = RULE_SAME_ACTIONS;
        const char *colon = strchr(line, ':');
        finding(review, rule, NULL, "%s",
                rule == RULE_REWARD ? line : colon + 1 + (colon[1] == ' '));
        return;
    }
    /* provenance: has rules of its own */
}

static void check_advice(const review_t *review)
{
    char *advice = preset_advice(review->preset);
    for (char *line = advice; line && *line;) {
        char *end = line + strcspn(line, "\n");
        const bool more = *end != '\0';
        *end = '\0';
        say_advice(review, line);
        line = end + more;
    }
    free(advice);
}

/* ---- where it comes from ---- */

static bool is_licence(const char *licence)
{
    static const char *const known[] = { "MIT",          "CC0-1.0",    "CC-BY-4.0",
                                         "CC-BY-SA-4.0", "Apache-2.0", "BSD-2-Clause",
                                         "BSD-3-Clause", "ISC",        "Unlicense" };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(licence, known[i]) == 0) return true;
    return false;
}

static bool names_a_dump(const preset_t *preset, const char *dump)
{
    if (preset->num_hashes == 0) return true; /* one that is built anew */
    for (int32_t h = 0; h < preset->num_hashes; h++)
        if ((preset->hashes[h].sha1[0] && strcasecmp(preset->hashes[h].sha1, dump) == 0) ||
            (preset->hashes[h].label[0] && strcmp(preset->hashes[h].label, dump) == 0))
            return true;
    return false;
}

static bool has_path(const char *text)
{
    static const char *const begins[] = { "/home/",  "/Users/",   "/root/", "/tmp/", "/mnt/",
                                          "/media/", "\\Users\\", ":\\",    "file:/" };
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        const char *at = strstr(text, begins[i]);
        /* "https://example.org/home/" is nobody's folder. */
        if (at && (at == text || strchr(" (\"'", at[-1]) || begins[i][0] != '/')) return true;
    }
    return false;
}

static void check_paths(const review_t *review, const char *text)
{
    if (has_path(text)) finding(review, RULE_PATHS, NULL, "\"%.200s\" is a path", text);
}

static void check_provenance(const review_t *review)
{
    static const char untried[] = "Not run on the real game.";
    const preset_provenance_t *p = &review->preset->provenance;
    if (!p->author[0]) finding(review, RULE_AUTHOR, NULL, "no author is said");
    if (!is_licence(p->licence))
        finding(review, RULE_LICENCE, NULL,
                p->licence[0] ? "the licence is \"%s\"" : "no licence%s", p->licence);
    if (p->num_sources == 0) finding(review, RULE_SOURCES, NULL, "no source is said");
    if (!p->verified[0])
        finding(review, RULE_VERIFIED, NULL, "nothing says what was tried");
    else if (p->num_checks == 0 && strncmp(p->verified, untried, sizeof untried - 1) != 0)
        finding(review, RULE_VERIFIED, NULL,
                "it does not begin with \"%s\", and no check says who ran it", untried);
    for (int32_t c = 0; c < p->num_checks; c++) {
        if (!names_a_dump(review->preset, p->checks[c].dump))
            finding(review, RULE_CHECKS, NULL, "\"%s\" is none of its dumps", p->checks[c].dump);
        check_paths(review, p->checks[c].by);
        check_paths(review, p->checks[c].tried);
    }
    check_paths(review, p->author);
    check_paths(review, p->verified);
    for (int32_t s = 0; s < p->num_sources; s++) check_paths(review, p->sources[s]);
}

void lint_file(lint_t *lint, const char *path, const char *library)
{
    why_t why;
    preset_t *preset;
    const size_t length = library ? strlen(library) : 0;
    const char *said = path;
    if (library && strncmp(path, library, length) == 0)
        for (said = path + length; *said == '/';) said++;
    review_t review = { .lint = lint, .path = said };
    lint->num_files++;
    if (!lint->seen) lint->seen = calloc(1, sizeof *lint->seen);
    if (!preset_load(&preset, path, why)) {
        const size_t begins = strlen(path); /* which is said already */
        finding(&review, RULE_LOADS, NULL, "%s",
                strncmp(why, path, begins) == 0 && why[begins] == ':' ? why + begins + 2 : why);
        return;
    }
    review.preset = preset;
    for (int32_t w = 0; w < preset_num_warnings(preset); w++)
        finding(&review, RULE_FIELDS, NULL, "%s", preset_warning(preset, w));
    if (library) check_place(&review);
    if (lint->seen) check_twice(&review);
    check_advice(&review);
    check_play(&review);
    check_provenance(&review);
    preset_free(preset);
}
