/* play.c - `kata play ROM`: RetroArch with Kata as its core, and the agent on the pad. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "game.h"
#include "league.h"
#include "retroarch.h"
#include "retroarch_install.h"
#include "shelf.h"
#include "why.h"

typedef struct {
    const char *agent, *record;
    int32_t strength; /* a league_strength_t; -1: not given */
    bool print;
} play_values_t;

static const option_t rows[] = {
    { "agent", OPTION_TEXT, offsetof(play_values_t, agent), "NAME", 0, 0,
      "whose agent: `kata agents` lists them [own, else the one that came last]" },
    { "strength", OPTION_CHOICE, offsetof(play_values_t, strength), "easy|normal|hard|best", 0, 0,
      "as its league chose them [the core option's]" },
    { "record", OPTION_TEXT, offsetof(play_values_t, record), "FILE", 0, 0,
      "what every pad holds, for `kata recording replay`; it must not be there yet" },
    { "print", OPTION_FLAG, offsetof(play_values_t, print), NULL, 0, 0, "only print the command" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    ((play_values_t *)values)->strength = -1;
}

/* RetroArch takes any file with -L, but knows what Kata can do by its own folders only. */
static void warn_if_unknown(void)
{
    retroarch_files_t files;
    retroarch_folders_t folders[RETROARCH_FOLDERS_MAX];
    retroarch_presences_t found;
    const int32_t num_folders = retroarch_folders_find(folders);
    if (num_folders == 0 || folders[0].kind != RETROARCH_NATIVE ||
        !retroarch_files_find(&files, NULL))
        return;
    retroarch_look(&found, &folders[0], &files);
    if (found.core == RETROARCH_MISSING || found.info == RETROARCH_MISSING)
        fprintf(stderr, "kata: RetroArch does not know Kata yet, so it offers no savestates, "
                        "rewind, run-ahead or "
                        "netplay; `kata install` mends that (`kata install --check` says more)\n");
}

/* The window may have another folder: one absolute path. */
static bool record_to(const char *file, why_t why)
{
    char path[HOME_PATH_BYTES], here[HOME_PATH_BYTES] = "";
    struct stat status;
    if (lstat(file, &status) == 0)
        return refuse(why, "--record %.300s: it is there already, and is not replaced", file);
    if (file[0] != '/' && !getcwd(here, sizeof here))
        return refuse(why, "--record %.300s: this folder has no path", file);
    if (snprintf(path, sizeof path, "%s%s%s", here, here[0] ? "/" : "", file) >= (int)sizeof path)
        return refuse(why, "--record %.300s ...: the path is too long", file);
    return setenv("KATA_RECORD", path, 1) == 0 || refuse(why, "no memory for a path");
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const play_values_t *v = values;
    game_t game = { 0 };
    retroarch_t retroarch = { 0 };
    char dir[HOME_PATH_BYTES], name[PACKAGE_NAME_BYTES];
    why_t why;
    if (!game_identify(&game, arguments[0], why)) return say_failed("%s", why);
    const bool has_agent =
        shelf_find(dir, name, NULL, game.identity.system, game.identity.sha1, v->agent, why);
    if (!has_agent && v->agent) return say_failed("%s", why);
    char weights[HOME_PATH_BYTES];
    const char *strength = v->strength < 0 ? NULL : league_strength_names[v->strength];
    if (strength && has_agent && !league_strength_path(dir, strength, weights, why))
        return say_failed("%s", why);
    if (v->agent) setenv("KATA_AGENT", name, 1); /* the plugin reads these */
    if (strength) setenv("KATA_STRENGTH", strength, 1);
    if (v->record && !record_to(v->record, why)) return say_failed("%s", why);
    if (!retroarch_find(&retroarch, game.rom_path, why)) return say_failed("%s", why);
    if (!has_agent)
        fprintf(stderr, "kata: this game has no agent yet, so nobody but you will play; "
                        "`kata train` makes one\n");
    warn_if_unknown();
    puts(retroarch.line);
    if (v->print) return EXIT_OK;
    retroarch_run(&retroarch, why);
    return say_failed("%s", why);
}

const command_t command_play = {
    .name = "play",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "let the agent play in RetroArch's window",
    .about = "Prints and runs the RetroArch command that opens a game with Kata as its core. The\n"
             "agent that was saved for this game holds the first pad; touch yours and it is yours\n"
             "at once, let go and the agent goes on. Needs retroarch in PATH.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Watch it play:\n"
                "    kata play game.nes\n"
                "  Watch one that a friend sent (`kata import`):\n"
                "    kata play game.nes --agent ryu\n"
                "  Play against one of its weaker past selves:\n"
                "    kata play game.nes --strength normal\n"
                "  Keep the evening:\n"
                "    kata play game.nes --record evening.kata-recording\n"
                "  The command alone, to put in a script:\n"
                "    kata play game.nes --print\n",
    .values_bytes = sizeof(play_values_t),
    .defaults = defaults,
    .run = run,
};
