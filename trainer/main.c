/* main.c - `kata COMMAND ...`: finds the command, reads its options, runs it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "voice.h"
#include "why.h"

static const command_t *const COMMANDS[] = {
    &command_demo,
    &command_train,
    &command_eval,
    &command_arena,
    &command_ablate,
    &command_play,
    &command_watch,
    &command_report,
    &command_agents,
    &command_export,
    &command_import,
    &command_install,
    &command_identify,
    &command_cores,
    &command_devices,
    &command_search,
    &command_macro_explain,
    &command_macros_mine,
    &command_macros_propose,
    &command_recording_show,
    &command_recording_convert,
    &command_recording_replay,
    &command_preset_show,
    &command_preset_validate,
    &command_preset_lint,
    &command_preset_list,
    &command_preset_find,
    &command_preset_boot,
    &command_preset_new,
    &command_preset_import,
    &command_preset_export,
    &command_preset_merge,
    &command_preset_diff,
    &command_preset_canonical,
    &command_preset_index,
    &command_library_page,
    &command_similarity_show,
    &command_similarity_probe,
    &command_similarity_inverse,
    &command_bench,
};
enum { NUM_COMMANDS = sizeof COMMANDS / sizeof COMMANDS[0] };

static void print_overview(FILE *out)
{
    fputs("kata " KATA_VERSION " - learns which moves win a game, on any libretro core\n\n"
          "Commands\n",
          out);
    for (int32_t i = 0; i < NUM_COMMANDS; i++)
        fprintf(out, "  %-20s%s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    fputs("\n`kata COMMAND --help` explains one, with examples.\n\n"
          "Examples\n"
          "  Train for 15 minutes on a game you own; run it again to go on:\n"
          "    kata train game.nes\n"
          "  Let what was learned play in a window:\n"
          "    kata play game.nes\n\n"
          "Exit status\n"
          "  0    done\n"
          "  1    failed; a sentence on stderr says why\n"
          "  2    the command line was not understood\n"
          "  3    learning diverged; what was saved before stays\n"
          "  130  interrupted; what was learned is saved\n\n"
          "Environment\n"
          "  KATA_HOME         where agents are kept [$XDG_DATA_HOME/kata or ~/.local/share/kata]\n"
          "  KATA_AGENT        whose agent plays in RetroArch [own, else the one that came last]\n"
          "  KATA_PRESET_PATH  folders with presets, separated by ':', searched first\n"
          "  KATA_CORE_PATH    folders with libretro cores\n"
          "  KATA_INFO_PATH    folders with their .info files\n",
          out);
}

/* How many words of the line name `command`: 0, 1 or 2. */
static int words_matched(const command_t *command, int argc, char *const *argv)
{
    const size_t first = strcspn(command->name, " ");
    if (argc < 1 || strlen(argv[0]) != first || strncmp(argv[0], command->name, first) != 0)
        return 0;
    if (!command->name[first]) return 1;
    return argc > 1 && strcmp(argv[1], command->name + first + 1) == 0 ? 2 : 0;
}

/* Whether the command is of two words, the first of which is `word`. */
static bool is_of_group(const command_t *command, const char *word)
{
    const size_t length = strlen(word);
    return strncmp(command->name, word, length) == 0 && command->name[length] == ' ';
}

/* Of the commands "preset ...", the one that `word` is most like; `any` if it is like none. */
static const char *nearest_of_group(const char *group, const char *word, const char *any)
{
    const char *seconds[NUM_COMMANDS];
    int32_t num_seconds = 0;
    for (int32_t i = 0; i < NUM_COMMANDS; i++)
        if (is_of_group(COMMANDS[i], group))
            seconds[num_seconds++] = COMMANDS[i]->name + strlen(group) + 1;
    const char *near = word ? command_nearest(word, seconds, num_seconds) : NULL;
    for (int32_t i = 0; near && i < NUM_COMMANDS; i++)
        if (is_of_group(COMMANDS[i], group) &&
            strcmp(strchr(COMMANDS[i]->name, ' ') + 1, near) == 0)
            return COMMANDS[i]->name;
    return any;
}

static void print_group(const char *group)
{
    for (int32_t i = 0; i < NUM_COMMANDS; i++)
        if (is_of_group(COMMANDS[i], group))
            printf("  %-20s%s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    printf("\n`kata %s COMMAND --help` explains one, with examples.\n", group);
}

/* "macro" alone, "macro --help" or "macro wrong": the first words exist, the rest does not. */
static int half_a_command(int argc, char *const *argv)
{
    why_t all = "";
    const char *only = NULL;
    int32_t num_commands = 0;
    for (int32_t i = 0; i < NUM_COMMANDS; i++) {
        if (!is_of_group(COMMANDS[i], argv[0])) continue;
        const size_t length = strlen(all);
        snprintf(all + length, sizeof all - length, "%s'%s'", num_commands ? ", " : "",
                 COMMANDS[i]->name);
        only = COMMANDS[i]->name;
        num_commands++;
    }
    if (!only) return -1;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_group(argv[0]);
        return EXIT_OK;
    }
    if (argc == 1) return say_usage("%s: it needs another word: %s", argv[0], all);
    const char *near = nearest_of_group(argv[0], argv[1], num_commands == 1 ? only : NULL);
    if (near)
        return say_usage("%s: there is no '%.60s %.60s'; did you mean '%s'?", argv[0], argv[0],
                         argv[1], near);
    return say_usage("%s: there is no '%.60s %.60s'; there are %s", argv[0], argv[0], argv[1], all);
}

static int unknown_command(int argc, char *const *argv)
{
    const int half = half_a_command(argc, argv);
    if (half >= 0) return half;
    char words[NUM_COMMANDS][32]; /* the first word of each: "macro" of "macro explain" */
    const char *names[NUM_COMMANDS];
    for (int32_t i = 0; i < NUM_COMMANDS; i++) {
        snprintf(words[i], sizeof words[i], "%.*s", (int)strcspn(COMMANDS[i]->name, " "),
                 COMMANDS[i]->name);
        names[i] = words[i];
    }
    const char *near = command_nearest(argv[0], names, NUM_COMMANDS);
    for (int32_t i = 0; near && i < NUM_COMMANDS; i++)
        if (names[i] == near)
            return say_usage("there is no command '%.60s'; did you mean '%s'?", argv[0],
                             nearest_of_group(near, argc > 1 ? argv[1] : NULL, COMMANDS[i]->name));
    return say_usage("there is no command '%.60s'; `kata --help` lists them", argv[0]);
}

static int run_command(const command_t *command, int argc, char *const *argv)
{
    _Alignas(max_align_t) unsigned char values[COMMAND_VALUES_BYTES] = { 0 };
    assert(command->values_bytes <= sizeof values);
    if (command->defaults) command->defaults(values);

    why_t why;
    char **arguments = calloc((size_t)argc + 1, sizeof *arguments);
    int32_t num_arguments;
    if (!arguments) return say_failed("no memory for %d words", argc);
    int status = EXIT_OK;
    switch (command_parse(command, argc, argv, values, arguments, &num_arguments, why)) {
    case COMMAND_HELP: command_print_help(stdout, command); break;
    case COMMAND_BAD: status = say_usage("%s", why); break;
    case COMMAND_OK: status = command->run(values, arguments, num_arguments); break;
    }
    free(arguments);
    return status;
}

static int dispatch(int argc, char *const *argv)
{
    if (argc < 1) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[0], "--version") == 0) {
        puts("kata " KATA_VERSION);
        return EXIT_OK;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0 ||
        (strcmp(argv[0], "help") == 0 && argc == 1)) {
        print_overview(stdout);
        return EXIT_OK;
    }
    const bool asks_help = strcmp(argv[0], "help") == 0;
    if (asks_help) argc--, argv++;
    for (int32_t i = 0; i < NUM_COMMANDS; i++) {
        const int words = words_matched(COMMANDS[i], argc, argv);
        if (words == 0) continue;
        if (!asks_help) return run_command(COMMANDS[i], argc - words, argv + words);
        command_print_help(stdout, COMMANDS[i]);
        return EXIT_OK;
    }
    return unknown_command(argc, argv);
}

int main(int argc, char **argv)
{
    const int status = dispatch(argc - 1, argv + 1);
    if ((fflush(voice_out()) != 0 || ferror(voice_out())) && status == EXIT_OK)
        return say_failed("the output could not be written in full");
    return status;
}
