/* command.h - one table of options a command, and one of commands: read, checked, printed as help.
 *
 * A command keeps what its options say in one plain struct. Each row of its table names an option,
 * the field that it fills (by offset) and the range that it allows; the same row is its line of
 * `--help`, so that no option can be accepted and not explained, or explained and not accepted.
 *
 *     typedef struct { int64_t episodes; bool json; } eval_values_t;
 *     static const option_t rows[] = {
 *         { "episodes", OPTION_COUNT, offsetof(eval_values_t, episodes), "N", 1, 1e6, "rounds" },
 *         { "json", OPTION_FLAG, offsetof(eval_values_t, json), NULL, 0, 0, "as JSON" },
 *     };
 *
 * Written as `--name value` or `--name=value`; `--` ends the options. An unknown one is refused and
 * the nearest name is offered. Nothing here prints or exits but command_print_help().
 */
#ifndef TRAINER_COMMAND_H
#define TRAINER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "why.h"

#define COMMAND_ANY_NUMBER INT32_MAX /* of words that are not options: as many as there are */

/* A count or a real that was not given and has no default of its own. */
#define OPTION_UNSET INT64_MIN

typedef enum {
    OPTION_FLAG,  /* bool; takes no value */
    OPTION_TEXT,  /* const char *: points into argv; NULL if not given */
    OPTION_COUNT, /* int64_t in low..high; "20k" and "2M" are understood */
    OPTION_REAL,  /* double in low..high */
    OPTION_CHOICE /* int32_t: index of the word in `value`, "small|nature"; -1: not given */
} option_kind_t;

typedef struct {
    const char *name; /* without dashes */
    option_kind_t kind;
    size_t offset;     /* of the field in the command's values */
    const char *value; /* how help calls the value; for a choice the words themselves */
    double low, high;  /* of a count or a real, both allowed */
    const char *help;  /* one line */
} option_t;

typedef struct {
    const char *title; /* "The game" */
    const option_t *options;
    int32_t num_options;
    size_t offset; /* of the group's struct in the command's values */
} option_group_t;

typedef struct {
    const char *name;      /* "train", "macro explain" */
    const char *arguments; /* "ROM"; "" if it takes none */
    int32_t min_arguments, max_arguments;
    const char *summary; /* one line, for the list of commands */
    const char *about;   /* a paragraph or two */
    const option_group_t *groups;
    int32_t num_groups;
    const char *examples;           /* one a line: what it does, then the command */
    size_t values_bytes;            /* at most COMMAND_VALUES_BYTES */
    void (*defaults)(void *values); /* NULL: all zero. Reals may be NAN: not given */
    void (*shown)(void *values);    /* the defaults that --help prints; NULL: the same */
    int (*run)(const void *values, char *const *arguments, int32_t num_arguments);
} command_t;

#define COMMAND_VALUES_BYTES 1024

typedef enum { COMMAND_OK = 0, COMMAND_HELP, COMMAND_BAD } command_status_t;

/* values: command->values_bytes, already filled with the defaults. argv: without the command's
 * name. arguments: argc of them, the caller's; *num_arguments are filled in. COMMAND_HELP: --help
 * was asked for. COMMAND_BAD: `why` says what is wrong. */
command_status_t command_parse(const command_t *command, int argc, char *const *argv, void *values,
                               char **arguments, int32_t *num_arguments, why_t why);

void command_print_help(FILE *out, const command_t *command);

/* The word of `words` that is nearest to `word`, by letters changed, added, lost or swapped; NULL
 * if none is near enough to be what was meant. */
const char *command_nearest(const char *word, const char *const *words, int32_t num_words);

#endif
