/* lint.h - the rules that a reviewer of the library applies, each with what to write instead.
 *
 *     lint_t lint = { .say = print, .context = &mine };
 *     lint_file(&lint, "presets/library/nes/Game.kata.json", "presets/library");
 *     ...                                             every file of it, in any order
 *     lint_end(&lint);
 *
 * A rule's name is stable; presets/CONTRIBUTING.md lists them.
 *
 * May include: preset.h, store.h, files.h. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_LINT_H
#define KATA_PRESETS_LINT_H

#include <stdbool.h>
#include <stdint.h>

#include "preset.h"

typedef struct {
    const char *path, *rule; /* "nes/Game.kata.json", "hashes" */
    bool must;               /* false: it should be, and may have a reason */
    const char *found;       /* what is wrong, one line */
    const char *write;       /* what to write instead, one line */
} lint_finding_t;
typedef void lint_say_t(void *context, const lint_finding_t *finding);

typedef struct lint_seen lint_seen_t; /* dumps and names of the files so far */

typedef struct {
    lint_say_t *say;
    void *context;
    int32_t num_files, num_must, num_should;
    lint_seen_t *seen; /* NULL before the first file */
} lint_t;

/* The file, and whether one before it is for the same dump or game. library: the folder whose
 * layout it must follow, or NULL for a file that lies anywhere. */
void lint_file(lint_t *lint, const char *path, const char *library);

/* Frees what was kept; the counts stay. */
void lint_end(lint_t *lint);

/* The rules, for people: rule i's name, whether it must be kept, and what it is; NULL behind the
 * last. */
const char *lint_rule(int32_t i, bool *must, const char **what);

#endif
