/* preset_files.h - preset files that the tests of `kata preset` write, and what they expect. */
#ifndef TESTS_TRAINER_PRESET_FILES_H
#define TESTS_TRAINER_PRESET_FILES_H

#include "kata.h"

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define KUMITE "presets/library/nes/Kumite.kata.json"

#define OURS                                                                                       \
    "{\"kata_preset\": 1, \"game\": \"Gee\", \"system\": \"nes\","                                 \
    " \"variables\": {\"hp\": {\"address\": 784, \"type\": \"|u1\"}},"                             \
    " \"actions\": {\"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"}]}}"
/* The same in another spelling. */
#define OURS_AGAIN                                                                                 \
    "{\"actions\": {\"macros\": [{\"notation\": \"236B\", \"name\": \"Fireball\"}]},\n"            \
    " \"variables\": {\"hp\": {\"type\": \"|u1\", \"address\": 784.0}},\n"                         \
    " \"system\": \"nes\", \"game\": \"Gee\", \"kata_preset\": 1}\n"
#define THEIRS                                                                                     \
    "{\"kata_preset\": 1, \"game\": \"Gee\", \"system\": \"nes\","                                 \
    " \"variables\": {\"hp\": {\"address\": 785, \"type\": \"|u1\"}},"                             \
    " \"actions\": {\"macros\": [{\"name\": \"Uppercut\", \"notation\": \"623B\"}]}}"
#define OTHER                                                                                      \
    "{\"kata_preset\": 1, \"game\": \"Other\", \"system\": \"nes\","                               \
    " \"actions\": {\"macros\": [{\"name\": \"Jump\", \"notation\": \"8\"}]}}"

/* All paths are in kata_dir() and last. */
const char *put(const char *name, const char *text);
void make_folder(const char *name);
/* Kumite with another last byte: a sound game that nobody knows. */
const char *unknown_game(void);

void expect_text(const char *path, const char *text);
/* One sentence on stderr, nothing on stdout. */
void expect_refused(const kata_run_t *run, int status, const char *says);
/* No half of saved.json is left in the tests' folder. */
void expect_no_temporaries(void);

#endif
