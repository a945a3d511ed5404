/* commands.h - every command of `kata`. */
#ifndef TRAINER_COMMANDS_H
#define TRAINER_COMMANDS_H

#include "command.h"
#include "voice.h" /* exit statuses, say_failed() */

extern const command_t command_train, command_eval, command_arena, command_play, command_demo;
extern const command_t command_export, command_import, command_agents;
extern const command_t command_install;
extern const command_t command_report, command_watch;
extern const command_t command_ablate;
extern const command_t command_identify, command_cores, command_devices;
extern const command_t command_macro_explain, command_macros_mine, command_macros_propose;
extern const command_t command_recording_show, command_recording_convert, command_recording_replay;
extern const command_t command_preset_show, command_preset_validate, command_preset_list;
extern const command_t command_preset_find, command_preset_index, command_preset_lint,
    command_preset_new, command_preset_import;
extern const command_t command_preset_export, command_preset_merge, command_preset_diff;
extern const command_t command_preset_canonical, command_preset_boot;
extern const command_t command_library_page;
extern const command_t command_search;
extern const command_t command_similarity_show, command_similarity_probe,
    command_similarity_inverse;
extern const command_t command_bench;

#endif
