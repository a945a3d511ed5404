/* training_folder.c - see training_folder.h. */
#include "training_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "evaluation.h"
#include "live.h"
#include "runlog.h"
#include "training.h"

bool training_folder_find(char dir[HOME_PATH_BYTES], const char *named, why_t why)
{
    struct stat status;
    if (stat(named, &status) != 0 && errno == ENOENT && !strchr(named, '#'))
        return refuse(why, "%.300s: must be a game or a training's folder, and there is neither",
                      named);
    if (stat(named, &status) == 0 && S_ISDIR(status.st_mode)) {
        if (snprintf(dir, HOME_PATH_BYTES, "%s", named) >= HOME_PATH_BYTES)
            return refuse(why, "%.200s...: too long a path", named);
        return true;
    }
    game_t game = { 0 };
    const game_options_t options = { 0 };
    const bool ok = game_open(&game, named, &options, GAME_TO_READ, why);
    if (ok) snprintf(dir, HOME_PATH_BYTES, "%s", game.dir);
    game_close(&game);
    return ok;
}

bool training_folder_open(game_t *game, const char *dir, const cJSON *session, const char *rom,
                          const char *core, why_t why)
{
    const char *its_core = live_text(session, "core"), *start = live_text(session, "start");
    if (!rom) rom = live_text(session, "content");
    if (!*rom)
        return refuse(why, "%.300s: nothing in it says which game this is; name it with --game",
                      dir);
    const double port = runlog_number(session, "port");
    const game_options_t options = {
        .core = core                                  ? core
                : *its_core && !strchr(its_core, '/') ? its_core
                                                      : NULL,
        .start = *start ? start : NULL,
        .many_starts = true,
        .dir = dir,
        .port = port >= 1 && port <= 8 ? (int64_t)port : 0,
        .versus =
            strcmp(live_text(session, "versus"), "masher") == 0 ? OPPONENT_MASHER : OPPONENT_NOBODY,
    };
    return game_open(game, rom, &options, GAME_TO_READ, why);
}

fight_request_t training_folder_fight(const game_t *game, actor_config_t *actor, int64_t seed,
                                      char path[HOME_PATH_BYTES + 32])
{
    training_config_t config;
    training_config_defaults(&config, game->preset);
    game_actors(game, &config.actors);
    config.actors.actor.seed = (uint64_t)seed;
    evaluation_vary(&config.actors, config.actors.actor.max_idle_frames);
    *actor = config.actors.actor;
    snprintf(path, HOME_PATH_BYTES + 32, "%s/agent.safetensors", game->dir);
    return (fight_request_t){ .game = actor, .agent_path = path };
}
