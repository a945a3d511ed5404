/* game.h - from the ROM named on the command line to everything that Kata knows of it.
 *
 * Which game it is (identity.h), which preset describes it, which core opens it, where its agent is
 * kept. Each question that cannot be answered ends in one sentence that says what to do.
 *
 *     game_t game;
 *     if (!game_open(&game, rom, &options, why)) return say_failed("%s", why);
 *     ... actor_pool_config_t actors; game_actors(&game, &actors); ...
 *     game_close(&game);
 */
#ifndef TRAINER_GAME_H
#define TRAINER_GAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command.h"
#include "actor_pool.h"
#include "home.h"
#include "identity.h"
#include "preset.h"
#include "why.h"

#define GAME_MINED_TOOL                                                                            \
    "kata train --mine" /* in a preset's provenance: made of an agent's play                       \
                         */
#define GAME_MAX_CONTENT_BYTES ((size_t)1 << 30)

/* Options that most commands share; all may be NULL. */
typedef struct {
    const char *preset; /* file */
    const char *core;   /* short name or path */
    const char *start;  /* boot script of the preset, or with many_starts a list: start_list.h */
    bool many_starts;
    const char *dir;   /* the game's folder, instead of <home>/<system>-<sha1> */
    const char *agent; /* to read: whose, shelf.h; NULL: one's own, else the one that came last */
    const char *core_log; /* what cores print; see voice.h */
    int64_t port;         /* the agent's pad, 1 or 2; 0: not said, the first */
    int32_t versus;       /* opponent_kind_t: who holds the other pad */
    const char *against;  /* who holds it, as in arena_players.h; NULL: what versus says */
    const char *teacher; /* to train: whose values are learned, as in arena_players.h; NULL: none */
    int32_t reaction;    /* index in reaction_ms, or GAME_REACTION_RANDOM */
    double temperature;  /* of who draws moves by values: policy_soft(); NAN: not said */
    bool fresh;          /* to explore: what was saved says nothing of the preset */
} game_options_t;

extern const option_t game_option_rows[], game_many_starts_rows[];
enum { GAME_NUM_OPTION_ROWS = 5 };
/* For commands in which an agent plays: whose pad is its own, and who has the other; the second for
 * one that trains. */
extern const option_t game_side_rows[], game_training_side_rows[];
enum { GAME_NUM_SIDE_ROWS = 5, GAME_NUM_TRAINING_SIDE_ROWS = 6 };
enum { GAME_REACTION_RANDOM = REACTION_NUM };
/* Of self-play, where none is said; by docs/results/versus.md. */
#define GAME_SELF_PLAY_TEMPERATURE 0.05f

typedef struct {
    char rom_path[HOME_PATH_BYTES]; /* absolute; a file in an archive: "/roms/pack.zip#game.nes" */
    char rom_name[256];             /* file name without folder and extension */
    identity_t identity;
    preset_t *preset;
    char preset_path[HOME_PATH_BYTES]; /* "" where is_unknown */
    bool is_unknown;                   /* nobody described it: the preset is a starter */
    char core_path[HOME_PATH_BYTES];
    char core_name[64];
    int32_t start; /* the first, if several are named */
    int32_t num_starts, starts[PRESET_MAX_STARTS];
    bool start_is_named; /* by --start */
    uint32_t port;       /* from 0 */
    opponent_kind_t versus;
    char opponent_path[HOME_PATH_BYTES];      /* with OPPONENT_FILE: its checkpoint */
    char teacher_path[HOME_PATH_BYTES];       /* "": none */
    int32_t num_delays, delays[REACTION_NUM]; /* steps: actor.h */
    float temperature, against_temperature;   /* the latter of who holds the other pad */
    char dir[HOME_PATH_BYTES];
} game_t;

/* Read the file, or the one game in an archive (archive.h), and say which game it is; no preset or
 * core is looked for. Refuses what is missing, empty, cut short or not what its extension says. */
bool game_identify(game_t *game, const char *named, why_t why);

/* To write (demo): the home that the trainer writes to, the preset of the library first. To explore
 * (train, search): the same, and a game that nobody described gets a starter (unknown.h); an agent
 * with moves found in its play keeps its own. To read
 * (eval, play): the first home that holds an agent, and the preset that was saved beside it first.
 */
typedef enum { GAME_TO_WRITE = 0, GAME_TO_EXPLORE, GAME_TO_READ } game_purpose_t;

/* The same, and preset, start, core and folder; from now on cores do not speak where Kata does. On
 * failure nothing stays open. */
bool game_open(game_t *game, const char *rom, const game_options_t *options, game_purpose_t purpose,
               why_t why);
void game_close(game_t *game);

/* The preset of a game by its hashes or its name, in home.h's folders; NULL if none. `why` is empty
 * but for a broken file that was passed over on the way. */
preset_t *game_find_preset(const game_t *game, char path[HOME_PATH_BYTES], why_t why);
/* For a game without a preset: is there one for another dump of it? `said` then names it, its dump,
 * this one and --preset; else it is empty. */
bool game_find_other_dump(const game_t *game, char path[HOME_PATH_BYTES], why_t said);
/* By `name` (short name or path), or the first installed core that claims the extension. */
bool game_find_core(game_t *game, const char *name, why_t why);

/* The start for two: the one that was named, if it is one, else `fight.versus`, else the first; -1:
 * there is none. */
int32_t game_versus_start(const game_t *game);
/* Fill in core, content, preset, start, port and opponent; borrowed from `game`. */
void game_actors(const game_t *game, actor_pool_config_t *actors);

/* The path of this program; "kata" if the system does not say. */
void game_program_path(char path[HOME_PATH_BYTES]);

#endif
