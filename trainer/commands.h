/* commands.h - every command of `kata`, and what its exit status means. */
#ifndef KATA_COMMANDS_H
#define KATA_COMMANDS_H

#include "command.h"

/* What the process ends with. `kata --help` prints the same list. */
enum {
    EXIT_OK = 0,
    EXIT_FAILED = 1,       /* a sentence on stderr says why */
    EXIT_USAGE = 2,        /* the command line was not understood */
    EXIT_DIVERGED = 3,     /* learning: loss or gradient not finite; what was saved before stays */
    EXIT_INTERRUPTED = 130 /* Ctrl-C or SIGTERM; what was learned is saved */
};

extern const command_t command_train, command_eval, command_play, command_demo;
extern const command_t command_ablate;
extern const command_t command_identify, command_cores;
extern const command_t command_macro_explain, command_macros_mine;
extern const command_t command_recording_show, command_recording_convert;
extern const command_t command_preset_show, command_preset_validate, command_preset_list;
extern const command_t command_preset_find, command_preset_new, command_preset_import;
extern const command_t command_preset_export, command_preset_merge, command_preset_diff;
extern const command_t command_preset_canonical;
extern const command_t command_search;
extern const command_t command_similarity_show;
extern const command_t command_bench;

/* "kata: " and the sentence on stderr. Returns EXIT_FAILED, for `return say_failed(...)`. */
__attribute__((format(printf, 1, 2))) int say_failed(const char *format, ...);
/* The same with EXIT_USAGE. */
__attribute__((format(printf, 1, 2))) int say_usage(const char *format, ...);

#endif
