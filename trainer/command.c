/* command.c - reading a command line against a table, and printing the table as help. */
#include "command.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "why.h"

enum { LONGEST_WORD = 63, HELP_COLUMN = 30, MAX_NAMES = 96 };

/* ---- the nearest word ------------------------------------------------------------------------ */

static int32_t least(int32_t a, int32_t b, int32_t c)
{
    const int32_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Letters changed, added, lost or two neighbours swapped (optimal string alignment). */
static int32_t distance(const char *a, const char *b)
{
    const size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST_WORD || b_length > LONGEST_WORD) return LONGEST_WORD;
    int32_t cost[LONGEST_WORD + 1][LONGEST_WORD + 1];
    for (size_t i = 0; i <= a_length; i++) cost[i][0] = (int32_t)i;
    for (size_t j = 0; j <= b_length; j++) cost[0][j] = (int32_t)j;
    for (size_t i = 1; i <= a_length; i++)
        for (size_t j = 1; j <= b_length; j++) {
            const bool same = a[i - 1] == b[j - 1];
            cost[i][j] =
                least(cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
            const bool swapped =
                i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && !same;
            if (swapped && cost[i - 2][j - 2] + 1 < cost[i][j]) cost[i][j] = cost[i - 2][j - 2] + 1;
        }
    return cost[a_length][b_length];
}

const char *command_nearest(const char *word, const char *const *words, int32_t num_words)
{
    const char *best = NULL;
    int32_t best_distance = LONGEST_WORD;
    for (int32_t i = 0; i < num_words; i++) {
        const int32_t d = distance(word, words[i]);
        /* "--eval" is a beginning of "--eval-every": as good as one letter off. */
        const size_t length = strlen(word);
        const bool begins = length >= 3 && strncmp(word, words[i], length) == 0;
        const int32_t score = begins && d > 1 ? 1 : d;
        if (score < best_distance) {
            best_distance = score;
            best = words[i];
        }
    }
    const int32_t allowed = strlen(word) < 4 ? 1 : (int32_t)(strlen(word) + 2) / 3;
    return best_distance <= allowed ? best : NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const option_t *find(const command_t *command, const char *name, size_t length,
                            size_t *offset)
{
    for (int32_t g = 0; g < command->num_groups; g++) {
        const option_group_t *group = &command->groups[g];
        for (int32_t i = 0; i < group->num_options; i++) {
            const option_t *option = &group->options[i];
            if (strlen(option->name) != length || strncmp(option->name, name, length) != 0)
                continue;
            *offset = group->offset + option->offset;
            return option;
        }
    }
    return NULL;
}

static command_status_t refuse_unknown(const command_t *command, const char *name, size_t length,
                                       char *why)
{
    const char *names[MAX_NAMES] = { "help" };
    int32_t num_names = 1;
    for (int32_t g = 0; g < command->num_groups; g++)
        for (int32_t i = 0; i < command->groups[g].num_options && num_names < MAX_NAMES; i++)
            names[num_names++] = command->groups[g].options[i].name;
    char word[LONGEST_WORD + 1];
    snprintf(word, sizeof word, "%.*s", (int)length, name);
    const char *near = command_nearest(word, names, num_names);
    if (near)
        return refuse_as(why, COMMAND_BAD, "%s: there is no option --%s; did you mean --%s?",
                         command->name, word, near);
    return refuse_as(why, COMMAND_BAD, "%s: there is no option --%s; `kata %s --help` lists them",
                     command->name, word, command->name);
}

static bool read_real(const char *text, double *number)
{
    char *end;
    errno = 0;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && errno == 0 && isfinite(*number);
}

static bool read_count(const char *text, int64_t *number)
{
    char *end;
    errno = 0;
    const long long whole = strtoll(text, &end, 10);
    if (end == text || errno != 0) return false;
    int64_t unit = 1;
    if (*end == 'k') unit = 1000;
    if (*end == 'M') unit = 1000000;
    if (unit != 1) end++;
    if (*end != '\0' || whole > INT64_MAX / unit || whole < INT64_MIN / unit) return false;
    *number = (int64_t)whole * unit;
    return true;
}

static command_status_t read_choice(const command_t *command, const option_t *option,
                                    const char *text, int32_t *index, char *why)
{
    const size_t length = strlen(text);
    const char *word = option->value;
    for (int32_t i = 0; word; i++) {
        const char *bar = strchr(word, '|');
        const size_t word_length = bar ? (size_t)(bar - word) : strlen(word);
        if (word_length == length && strncmp(word, text, length) == 0) {
            *index = i;
            return COMMAND_OK;
        }
        word = bar ? bar + 1 : NULL;
    }
    return refuse_as(why, COMMAND_BAD, "%s: --%s must be one of %s, found '%.60s'", command->name,
                     option->name, option->value, text);
}

static command_status_t read_value(const command_t *command, const option_t *option,
                                   const char *text, void *field, char *why)
{
    switch (option->kind) {
    case OPTION_FLAG: *(bool *)field = true; return COMMAND_OK;
    case OPTION_TEXT:
        if (!*text)
            return refuse_as(why, COMMAND_BAD, "%s: --%s needs a %s, found nothing", command->name,
                             option->name, option->value);
        *(const char **)field = text;
        return COMMAND_OK;
    case OPTION_CHOICE: return read_choice(command, option, text, field, why);
    case OPTION_COUNT: {
        int64_t number;
        if (!read_count(text, &number) || (double)number < option->low ||
            (double)number > option->high)
            return refuse_as(why, COMMAND_BAD,
                             "%s: --%s must be a whole number %.0f..%.0f, found '%.60s'",
                             command->name, option->name, option->low, option->high, text);
        *(int64_t *)field = number;
        return COMMAND_OK;
    }
    case OPTION_REAL: {
        double number;
        if (!read_real(text, &number) || number < option->low || number > option->high)
            return refuse_as(why, COMMAND_BAD, "%s: --%s must be a number %g..%g, found '%.60s'",
                             command->name, option->name, option->low, option->high, text);
        *(double *)field = number;
        return COMMAND_OK;
    }
    }
    return COMMAND_BAD;
}

/* One option at argv[*i]; *i is left on the last word that belongs to it. */
static command_status_t parse_option(const command_t *command, int argc, char *const *argv, int *i,
                                     void *values, char *why)
{
    const char *name = argv[*i] + 2;
    const char *equals = strchr(name, '=');
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    if (length == 4 && strncmp(name, "help", 4) == 0) return COMMAND_HELP;

    size_t offset;
    const option_t *option = find(command, name, length, &offset);
    if (!option) return refuse_unknown(command, name, length, why);
    const char *text = equals ? equals + 1 : NULL;
    if (option->kind == OPTION_FLAG && text)
        return refuse_as(why, COMMAND_BAD, "%s: --%s takes no value", command->name, option->name);
    if (option->kind != OPTION_FLAG && !text) {
        if (*i + 1 >= argc)
            return refuse_as(why, COMMAND_BAD, "%s: --%s needs a value: %s", command->name,
                             option->name, option->value);
        text = argv[++*i];
    }
    return read_value(command, option, text, (char *)values + offset, why);
}

command_status_t command_parse(const command_t *command, int argc, char *const *argv, void *values,
                               char **arguments, int32_t *num_arguments, why_t why)
{
    bool only_arguments = false;
    *num_arguments = 0;
    for (int i = 0; i < argc; i++) {
        char *word = argv[i];
        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && strcmp(word, "-h") == 0) {
            return COMMAND_HELP;
        } else if (!only_arguments && strncmp(word, "--", 2) == 0) {
            const command_status_t status = parse_option(command, argc, argv, &i, values, why);
            if (status != COMMAND_OK) return status;
        } else if (!only_arguments && word[0] == '-' && word[1]) {
            return refuse_as(why, COMMAND_BAD,
                             "%s: there is no option %.40s; options begin with two dashes",
                             command->name, word);
        } else if (*num_arguments < command->max_arguments) {
            arguments[(*num_arguments)++] = word;
        } else {
            return refuse_as(why, COMMAND_BAD, "%s: '%.200s' is one word too many; it takes %s",
                             command->name, word,
                             *command->arguments ? command->arguments : "options only");
        }
    }
    if (*num_arguments < command->min_arguments)
        return refuse_as(why, COMMAND_BAD, "%s: it needs %s; `kata %s --help` shows examples",
                         command->name, command->arguments, command->name);
    return COMMAND_OK;
}

/* ---- help ------------------------------------------------------------------------------------ */

static void print_default(FILE *out, const option_t *option, const void *field)
{
    switch (option->kind) {
    case OPTION_FLAG:
    case OPTION_TEXT: break;
    case OPTION_COUNT: {
        const int64_t number = *(const int64_t *)field;
        if (number != OPTION_UNSET) fprintf(out, " [%lld]", (long long)number);
        break;
    }
    case OPTION_REAL: {
        const double number = *(const double *)field;
        if (isfinite(number)) fprintf(out, " [%g]", number);
        break;
    }
    case OPTION_CHOICE: {
        const char *word = *(const int32_t *)field < 0 ? NULL : option->value; /* -1: not given */
        for (int32_t i = *(const int32_t *)field; i > 0 && word; i--) {
            word = strchr(word, '|');
            if (word) word++;
        }
        if (word) fprintf(out, " [%.*s]", (int)strcspn(word, "|"), word);
        break;
    }
    }
}

static void print_option(FILE *out, const option_t *option, const void *field)
{
    const int width = fprintf(out, "  --%s%s%s", option->name, option->value ? " " : "",
                              option->value ? option->value : "");
    if (width >= HELP_COLUMN)
        fprintf(out, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(out, "%*s", HELP_COLUMN - width, "");
    fprintf(out, "%s", option->help);
    print_default(out, option, field);
    fprintf(out, "\n");
}

void command_print_help(FILE *out, const command_t *command)
{
    _Alignas(max_align_t) unsigned char values[COMMAND_VALUES_BYTES] = { 0 };
    assert(command->values_bytes <= sizeof values);
    if (command->shown)
        command->shown(values);
    else if (command->defaults)
        command->defaults(values);

    fprintf(out, "kata %s%s%s%s\n\n%s\n", command->name, *command->arguments ? " " : "",
            command->arguments, command->num_groups > 0 ? " [options]" : "", command->about);
    for (int32_t g = 0; g < command->num_groups; g++) {
        const option_group_t *group = &command->groups[g];
        fprintf(out, "\n%s\n", group->title);
        for (int32_t i = 0; i < group->num_options; i++)
            print_option(out, &group->options[i],
                         values + group->offset + group->options[i].offset);
    }
    fprintf(out, "\nExamples\n%s", command->examples);
}
