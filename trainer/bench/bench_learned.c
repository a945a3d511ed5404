/* bench_learned.c - see bench_learned.h. */
#define _GNU_SOURCE
#include "bench_learned.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent.h"
#include "files.h"
#include "note.h"

bool bench_learned_home(char home[HOME_PATH_BYTES], why_t why)
{
    const char *const temporary = getenv("TMPDIR");
    const int length = snprintf(home, HOME_PATH_BYTES, "%s/kata-bench-XXXXXX",
                                temporary && temporary[0] ? temporary : "/tmp");
    if (length >= HOME_PATH_BYTES || !mkdtemp(home))
        return refuse(why, "%.300s: no temporary folder can be made", home);
    return true;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

void bench_learned_remove(const char *home)
{
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

bool bench_learned_save(char path[HOME_PATH_BYTES + 32], size_t *num_weights, const char *home,
                        const identity_t *identity, const preset_t *preset,
                        const agent_config_t *agent_config, why_t why)
{
    char dir[HOME_PATH_BYTES];
    static char note[NOTE_BYTES];
    size_t num_bytes;
    if (!home_game_dir(dir, home, identity->system, identity->sha1, why) ||
        !files_make_dirs(dir, why))
        return false;
    snprintf(path, HOME_PATH_BYTES + 32, "%s/preset.json", dir);
    const char *const text = preset_text(preset, &num_bytes);
    if (!files_replace(path, text, num_bytes, why)) return false;
    if (!note_make(note, sizeof note, preset, 0, 0))
        return refuse(why, "the preset's actions do not fit into an agent's note");
    agent_config_t config = *agent_config;
    config.num_actions = preset_num_actions(preset);
    agent_t *agent;
    if (agent_create(&agent, &config, why) != AGENT_OK) return false;
    snprintf(path, HOME_PATH_BYTES + 32, "%s/agent.safetensors", dir);
    const bool ok = agent_save(agent, path, note, why) == AGENT_OK;
    *num_weights = policy_num_weights(agent_policy(agent));
    agent_destroy(agent);
    return ok;
}
