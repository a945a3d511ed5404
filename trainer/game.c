/* game.c - a ROM, its identity, its preset, its core, its folder. */
#include "game.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive.h"
#include "arena_players.h"
#include "builtin.h"
#include "catalog.h"
#include "content_check.h"
#include "extensions.h"
#include "files.h"
#include "shelf.h"
#include "start_list.h"
#include "unknown.h"
#include "voice.h"
#include "why.h"

/* clang-format off */
#define ROWS(start_kind, start_help)                                                               \
    { "preset", OPTION_TEXT, offsetof(game_options_t, preset), "FILE", 0, 0,                       \
      "what to know of the game [found by its hash]" },                                            \
    { "core", OPTION_TEXT, offsetof(game_options_t, core), "NAME|PATH", 0, 0,                      \
      "the libretro core [the first that opens it: `kata cores`]" },                               \
    { "start", OPTION_TEXT, offsetof(game_options_t, start), start_kind, 0, 0, start_help },       \
    { "dir", OPTION_TEXT, offsetof(game_options_t, dir), "DIR", 0, 0,                              \
      "the folder of its agent [under KATA_HOME or ~/.local/share/kata]" },                        \
    { "core-log", OPTION_TEXT, offsetof(game_options_t, core_log), "FILE", 0, 0,                   \
      "what the core prints is added to it [it is lost]" },
/* clang-format on */

const option_t game_option_rows[] = { ROWS(
    "NAME", "where an episode begins: a boot script of the preset") };
const option_t game_many_starts_rows[] = { ROWS(
    "A|A,B|A..B|all", "where episodes begin: boot scripts of the preset, all: those for one") };

const option_t game_side_rows[] = {
    { "port", OPTION_COUNT, offsetof(game_options_t, port), "N", 1, 2,
      "the agent's pad: 2 where the preset says which variables are port 2's" },
    { "versus", OPTION_CHOICE, offsetof(game_options_t, versus), "nobody|masher", 0, 0,
      "who holds the other pad; masher presses anything, for starts with two players" },
    { "against", OPTION_TEXT, offsetof(game_options_t, against), "AGENT", 0, 0,
      "an agent holds the other pad, in a start for two: its folder, a checkpoint, a name of "
      "`kata agents`, easy to best" },
    { "reaction", OPTION_CHOICE, offsetof(game_options_t, reaction), "0|100|200|250|300", 0, 0,
      "milliseconds that the agent sees the game late, in whole steps; it knows its own pads" },
    { "temperature", OPTION_REAL, offsetof(game_options_t, temperature), "X", 0, 100,
      "agents that do not learn take moves that are worth about the same in turns: softmax(Q / X); "
      "0: the best" },
};

const option_t game_training_side_rows[] = {
    { "port", OPTION_COUNT, offsetof(game_options_t, port), "N", 1, 2,
      "the agent's pad: 2 where the preset says which variables are port 2's" },
    { "versus", OPTION_CHOICE, offsetof(game_options_t, versus), "nobody|masher|self", 0, 0,
      "who holds the other pad; self: both are the agent's, see Self-play" },
    { "against", OPTION_TEXT, offsetof(game_options_t, against), "AGENT", 0, 0,
      "an agent holds the other pad, in a start for two: its folder, a checkpoint, a name of "
      "`kata agents`, easy to best" },
    { "reaction", OPTION_CHOICE, offsetof(game_options_t, reaction), "0|100|200|250|300|random", 0,
      0, "milliseconds that the agent sees the game late, in whole steps; random: any, by round" },
    { "teacher", OPTION_TEXT, offsetof(game_options_t, teacher), "AGENT", 0, 0,
      "learn what this one, which sees the game as it is, holds each move to be worth, and not "
      "from "
      "rewards: named as for --against" },
    { "temperature", OPTION_REAL, offsetof(game_options_t, temperature), "X", 0, 100,
      "in self-play all agents, with --against the other one take moves that are worth about the "
      "same in turns: softmax(Q / X); 0: the best [0.05 in self-play, else 0]" },
};

/* Of "/roms/pack.zip#folder/game.nes": game.nes. */
static const char *file_name(const char *path)
{
    const size_t archive = archive_path_length(path);
    return files_name(archive ? path + archive + 1 : path);
}

void game_program_path(char path[HOME_PATH_BYTES])
{
    const ssize_t length = readlink("/proc/self/exe", path, HOME_PATH_BYTES - 1);
    if (length > 0)
        path[length] = '\0';
    else
        snprintf(path, HOME_PATH_BYTES, "kata");
}

/* Workers, RetroArch and messages must mean the same file: one absolute path. */
static void make_absolute(char out[HOME_PATH_BYTES], const char *path)
{
    char archive[HOME_PATH_BYTES];
    const size_t length = archive_path_length(path); /* a file in it has no real path */
    snprintf(archive, sizeof archive, "%.*s", (int)length, path);
    char *whole = realpath(length ? archive : path, NULL);
    if (!whole || snprintf(out, HOME_PATH_BYTES, "%s%s", whole, length ? path + length : "") >=
                      HOME_PATH_BYTES)
        snprintf(out, HOME_PATH_BYTES, "%s", path);
    free(whole);
}

/* The file, or the one game in an archive; *path: what it is called from now on. */
static bool read_rom(const char *rom, char path[ARCHIVE_PATH_BYTES], uint8_t **bytes,
                     size_t *num_bytes, char *why)
{
    if (strlen(rom) >= ARCHIVE_PATH_BYTES)
        return refuse(why, "%.200s ...: the path is too long", rom);
    const archive_kind_t kind = archive_look(rom, path, why);
    if (kind == ARCHIVE_REFUSED) return false;
    if (kind != ARCHIVE_ONE_GAME) snprintf(path, ARCHIVE_PATH_BYTES, "%s", rom);
    if (archive_path_length(path)) return archive_read(path, bytes, num_bytes, why);
    return files_read(path, GAME_MAX_CONTENT_BYTES, bytes, num_bytes, why);
}

bool game_identify(game_t *game, const char *named, why_t why)
{
    *game = (game_t){ 0 };
    uint8_t *bytes;
    size_t num_bytes;
    why_t cause;
    char rom[ARCHIVE_PATH_BYTES];
    if (!read_rom(named, rom, &bytes, &num_bytes, cause)) return refuse(why, "%s", cause);
    bool ok = num_bytes > 0;
    if (!ok) refuse(why, "%.300s: the file is empty", rom);
    why_t flaw;
    if (ok && !content_check(bytes, num_bytes, extension_of(rom), flaw))
        ok = refuse(why, "%.300s: %s", rom, flaw);
    if (ok) {
        identity_of(&game->identity, bytes, num_bytes, extension_of(rom));
        make_absolute(game->rom_path, rom);
        const char *name = file_name(rom), *dot = strrchr(name, '.');
        const size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
        snprintf(game->rom_name, sizeof game->rom_name, "%.*s", (int)length, name);
    }
    free(bytes);
    return ok;
}

preset_t *game_find_preset(const game_t *game, char path[HOME_PATH_BYTES], why_t why)
{
    char program[HOME_PATH_BYTES], dirs[8 * HOME_PATH_BYTES];
    game_program_path(program);
    home_preset_dirs(dirs, sizeof dirs, program, NULL);
    preset_t *preset = NULL;
    char found[HOME_PATH_BYTES] = "";
    why[0] = path[0] = '\0';
    preset_find(&preset, dirs, game->identity.system, game->identity.sha1, game->identity.crc32,
                game->identity.md5, game->rom_name, found, why);
    if (preset) {
        make_absolute(path, found);
    } else {
        const char *name;
        if (preset_find_builtin(&preset, game->identity.system, game->identity.sha1,
                                game->identity.crc32, game->identity.md5, game->rom_name, &name,
                                NULL))
            snprintf(path, HOME_PATH_BYTES, "built in: %s", name);
    }
    /* Finding none is for our caller to say; only a broken file is news. */
    if (preset || strncmp(why, "no preset", 9) == 0) why[0] = '\0';
    return preset;
}

bool game_find_other_dump(const game_t *game, char path[HOME_PATH_BYTES], why_t said)
{
    char program[HOME_PATH_BYTES], dirs[8 * HOME_PATH_BYTES], dump[PRESET_DUMP_BYTES];
    preset_t *preset;
    said[0] = '\0';
    game_program_path(program);
    home_preset_dirs(dirs, sizeof dirs, program, NULL);
    if (!preset_find_other_dump(&preset, dirs, game->identity.system, game->rom_name, path))
        return false;
    preset_name_dump(preset, dump);
    refuse(said, "%s has a preset, for %s; yours is %s; --preset %.400s uses it all the same",
           preset_game(preset), dump, game->identity.sha1, path);
    preset_free(preset);
    return true;
}

static bool load_named_preset(game_t *game, const char *path, char *why)
{
    why_t cause;
    if (!preset_load(&game->preset, path, cause)) return refuse(why, "%s", cause);
    snprintf(game->preset_path, sizeof game->preset_path, "%s", path);
    if (strcmp(preset_system(game->preset), game->identity.system) == 0) return true;
    return refuse(why, "%.200s is a preset for %s (%s), and %.200s is a game for %s", path,
                  preset_game(game->preset), preset_system(game->preset), file_name(game->rom_path),
                  game->identity.system);
}

/* The preset that was saved with the agent, if there is one. */
static bool has_saved_preset(const game_t *game, char path[HOME_PATH_BYTES])
{
    return snprintf(path, HOME_PATH_BYTES, "%s/preset.json", game->dir) < HOME_PATH_BYTES &&
           access(path, R_OK) == 0;
}

/* The agent's own, if it has moves of `kata train --mine`: no library has those. */
static bool load_mined_preset(game_t *game, const char *saved)
{
    preset_t *preset;
    if (!preset_load(&preset, saved, NULL)) return false;
    if (strcmp(preset_provenance(preset)->tool, GAME_MINED_TOOL) != 0 ||
        strcmp(preset_system(preset), game->identity.system) != 0) {
        preset_free(preset);
        return false;
    }
    game->preset = preset;
    snprintf(game->preset_path, sizeof game->preset_path, "%s", saved);
    return true;
}

static bool find_or_load_preset(game_t *game, const game_options_t *options, game_purpose_t purpose,
                                char *why)
{
    char saved[HOME_PATH_BYTES];
    why_t cause;
    const char *named = options->preset;
    if (named) return load_named_preset(game, named, why);
    const bool has_saved = has_saved_preset(game, saved);
    if (purpose == GAME_TO_READ && has_saved) return load_named_preset(game, saved, why);
    if (purpose == GAME_TO_EXPLORE && !options->fresh && has_saved &&
        load_mined_preset(game, saved))
        return true;
    game->preset = game_find_preset(game, game->preset_path, cause);
    if (game->preset) return true;
    if (has_saved) return load_named_preset(game, saved, why);
    /* A broken file may be this game's: then it is not for us to begin another. */
    if (purpose == GAME_TO_EXPLORE && !*cause)
        return game_find_core(game, options->core, why) && unknown_describe(game, why);
    char other[HOME_PATH_BYTES];
    if (!*cause && game_find_other_dump(game, other, why)) return false;
    return refuse(why,
                  "there is no preset for %.200s (%s, SHA-1 %s): begin one with "
                  "`kata preset new`, go on as presets/FORMAT.md says, and put it in a folder of "
                  "KATA_PRESET_PATH or name it with --preset%s%s",
                  file_name(game->rom_path), game->identity.system, game->identity.sha1,
                  *cause ? "; one that was looked at is broken: " : "", cause);
}

static bool find_starts(game_t *game, const game_options_t *options, char *why)
{
    const char *name = options->start;
    game->start_is_named = name != NULL;
    if (!name) name = preset_start_name(game->preset, preset_default_start(game->preset));
    if (!start_list_parse(game->preset, name, game->starts, &game->num_starts, why)) return false;
    game->start = game->starts[0];
    return game->num_starts == 1 || options->many_starts ||
           refuse(why, "--start: one start is needed here, found %.60s, which are %d", name,
                  game->num_starts);
}

bool game_find_core(game_t *game, const char *name, why_t why)
{
    catalog_t catalog;
    if (!catalog_scan_installed(&catalog, NULL))
        return refuse(why, "no memory for the list of cores");
    const catalog_core_t *core =
        name ? catalog_named(&catalog, name) : catalog_for(&catalog, game->rom_path);
    const bool is_path = name && strchr(name, '/');
    if (core) {
        snprintf(game->core_path, sizeof game->core_path, "%s", core->core_path);
        snprintf(game->core_name, sizeof game->core_name, "%s", core->name);
    } else if (is_path) { /* the bridge will say what is wrong with it */
        make_absolute(game->core_path, name);
        snprintf(game->core_name, sizeof game->core_name, "%.63s", file_name(name));
    }
    const bool found = core || is_path;
    catalog_free(&catalog);
    if (found) return true;
    if (name)
        return refuse(why, "no core is called '%.100s'; `kata cores` lists those installed", name);
    if (!*extension_of(game->rom_path))
        return refuse(
            why,
            "%.300s: its name has no extension (such as .nes), which says what core opens "
            "it; name one with --core",
            game->rom_path);
    if (extension_is_listed(ARCHIVE_EXTENSIONS, extension_of(game->rom_path)))
        return refuse(
            why,
            "%.300s: no console's game is in it, and no installed core opens .%.20s files "
            "by itself, as arcade cores do; unpack it first, or name a core with --core",
            game->rom_path, extension_of(game->rom_path));
    return refuse(why,
                  "no installed core opens .%.20s files: install one (Debian and Ubuntu: "
                  "`apt install libretro-nestopia` and others, `libretro-core-info`), or name one "
                  "with --core",
                  extension_of(game->rom_path));
}

int32_t game_versus_start(const game_t *game)
{
    const preset_t *preset = game->preset;
    if (game->start_is_named && preset_start_players(preset, game->start) > 1) return game->start;
    if (preset_versus_start(preset) >= 0) return preset_versus_start(preset);
    for (int32_t s = 0; s < preset_num_starts(preset); s++)
        if (preset_start_players(preset, s) > 1) return s;
    return -1;
}

static bool check_self_play(const game_t *game, const game_options_t *options, char *why)
{
    if (options->port > 1)
        return refuse(why, "--port %d: --versus self plays both", (int)options->port);
    why_t cause;
    if (!preset_plays_port(game->preset, 1, cause)) return refuse(why, "--versus self: %s", cause);
    if (game_versus_start(game) >= 0) return true;
    return refuse(why, "--versus self: %s has no start with \"players\": 2 (presets/FORMAT.md)",
                  preset_game(game->preset));
}

/* Both have eyes on their own side, so both ports must be described. */
static bool find_opponent(game_t *game, const game_options_t *options, char *why)
{
    why_t cause;
    if (game->versus != OPPONENT_NOBODY)
        return refuse(why, "--against and --versus both say who holds the other pad: give one");
    if (!preset_plays_port(game->preset, game->port ^ 1, cause))
        return refuse(why, "--against: %s", cause);
    if (!game->start_is_named) {
        game->num_starts = 1;
        game->start = game->starts[0] = game_versus_start(game);
    }
    for (int32_t i = 0; i < game->num_starts; i++)
        if (game->starts[i] < 0 || preset_start_players(game->preset, game->starts[i]) < 2)
            return refuse(why, "--against: %s",
                          game->start_is_named
                              ? "--start names one that is for one player"
                              : "the preset has no start with \"players\": 2 (presets/FORMAT.md)");
    game->versus = OPPONENT_FILE;
    return arena_players_find(game->opponent_path, game, options->against, cause) ||
           refuse(why, "--against: %s", cause);
}

static bool find_port(game_t *game, const game_options_t *options, char *why)
{
    game->port = options->port > 0 ? (uint32_t)options->port - 1 : 0;
    game->versus = (opponent_kind_t)options->versus;
    if (game->versus == OPPONENT_SELF && !options->against)
        return check_self_play(game, options, why);
    if (!preset_plays_port(game->preset, game->port, why)) return false;
    if (options->against) return find_opponent(game, options, why);
    if (game->versus == OPPONENT_NOBODY || preset_num_ports(game->preset) > 1) return true;
    return refuse(why, "--versus masher: %s has one pad only", preset_game(game->preset));
}

static bool find_delays(game_t *game, const game_options_t *options, char *why)
{
    const int32_t frame_skip = preset_frame_skip(game->preset);
    const bool any = options->reaction == GAME_REACTION_RANDOM;
    game->num_delays = any ? REACTION_NUM : 1;
    for (int32_t i = 0; i < game->num_delays; i++) {
        const int32_t which = any ? i : options->reaction;
        why_t cause;
        if (!reaction_steps(reaction_ms[which], frame_skip, &game->delays[i], cause))
            return refuse(why, "--reaction: %s", cause);
    }
    return true;
}

static bool find_teacher(game_t *game, const game_options_t *options, char *why)
{
    char own[HOME_PATH_BYTES];
    why_t cause;
    game->teacher_path[0] = '\0';
    if (!options->teacher) return true;
    if (!arena_players_find(game->teacher_path, game, options->teacher, cause) ||
        !home_join(own, game->dir, "agent.safetensors", cause))
        return refuse(why, "--teacher: %s", cause);
    return strcmp(game->teacher_path, own) != 0 ||
           refuse(why,
                  "--teacher: that is the agent that would learn; give this one a --dir of its "
                  "own");
}

/* Where an agent learns to beat itself, nobody plays best moves alone: whoever learns them beats
 * them. A training whose only agent learns draws nothing by values. */
static bool find_temperature(game_t *game, const game_options_t *options, game_purpose_t purpose,
                             char *why)
{
    const bool is_said = !isnan(options->temperature);
    game->temperature = is_said                         ? (float)options->temperature
                        : game->versus == OPPONENT_SELF ? GAME_SELF_PLAY_TEMPERATURE
                                                        : 0;
    game->against_temperature = game->temperature;
    return purpose != GAME_TO_EXPLORE || game->temperature == 0 || game->versus == OPPONENT_SELF ||
           game->versus == OPPONENT_FILE ||
           refuse(why, "--temperature is of agents that do not learn: give --versus self or "
                       "--against AGENT");
}

static void tell_taken(void *context, bool is_stored, const char *sentence)
{
    (void)context;
    fprintf(voice_err(), is_stored ? "Of those that come with Kata, %s.\n" : "kata: %s\n",
            sentence);
}

static bool find_dir(game_t *game, const game_options_t *options, game_purpose_t purpose, char *why)
{
    const char *dir = options->dir;
    const identity_t *id = &game->identity;
    if (dir) {
        snprintf(game->dir, sizeof game->dir, "%s", dir);
        return true;
    }
    char home[HOME_PATH_BYTES], name[PACKAGE_NAME_BYTES];
    why_t cause;
    if (purpose == GAME_TO_READ &&
        (shelf_find(game->dir, name, NULL, id->system, id->sha1, options->agent, cause) ||
         (shelf_collect_box(id->system, id->sha1, tell_taken, NULL) &&
          shelf_find(game->dir, name, NULL, id->system, id->sha1, options->agent, cause))))
        return true;
    if (options->agent) return refuse(why, "%s", cause);
    if (home_for_writing(home, cause) &&
        home_game_dir(game->dir, home, id->system, id->sha1, cause))
        return true;
    return refuse(why, "%s", cause);
}

bool game_open(game_t *game, const char *rom, const game_options_t *options, game_purpose_t purpose,
               why_t why)
{
    why_t cause;
    if (!voice_split(options->core_log, cause)) return refuse(why, "%s", cause);
    if (game_identify(game, rom, why) && find_dir(game, options, purpose, why) &&
        find_or_load_preset(game, options, purpose, why) && find_starts(game, options, why) &&
        find_port(game, options, why) && find_delays(game, options, why) &&
        find_teacher(game, options, why) && find_temperature(game, options, purpose, why) &&
        game_find_core(game, options->core, why))
        return true;
    game_close(game);
    return false;
}

void game_close(game_t *game)
{
    preset_free(game->preset);
    game->preset = NULL;
}

/* Against the CPU at those starts that were named and are for one, else at all of those. */
static void fill_self_play(const game_t *game, actor_config_t *actor)
{
    const preset_t *preset = game->preset;
    actor->self_play = (actor_self_play_t){ .start = game_versus_start(game) };
    for (int32_t i = 0; i < game->num_starts && game->start_is_named; i++)
        if (preset_start_players(preset, game->starts[i]) == 1)
            actor->starts[actor->num_starts++] = game->starts[i];
    const bool takes_all = actor->num_starts == 0;
    for (int32_t s = 0; s < preset_num_starts(preset) && takes_all; s++)
        if (preset_start_players(preset, s) == 1) actor->starts[actor->num_starts++] = s;
}

void game_actors(const game_t *game, actor_pool_config_t *actors)
{
    actors->actor.core_path = game->core_path;
    actors->actor.content_path = game->rom_path;
    actors->actor.preset = game->preset;
    actors->actor.start = game->start;
    actors->actor.port = game->port;
    actors->actor.versus = game->versus;
    actors->actor.opponent_path = game->versus == OPPONENT_FILE ? game->opponent_path : NULL;
    actors->actor.teacher_path = game->teacher_path[0] ? game->teacher_path : NULL;
    actors->actor.temperature = game->temperature;
    actors->actor.opponent_temperature = game->against_temperature;
    actors->actor.num_delays = game->num_delays;
    memcpy(actors->actor.delays, game->delays, sizeof game->delays);
    actors->actor.num_starts = game->num_starts > 1 ? game->num_starts : 0;
    memcpy(actors->actor.starts, game->starts, sizeof game->starts);
    if (game->versus == OPPONENT_SELF) {
        actors->actor.num_starts = 0;
        fill_self_play(game, &actors->actor);
    }
}
