/* training_replay.c - the replay memory of a training: does it fit into memory and onto the disk;
 * its file beside the checkpoint. */
#include "training_parts.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "clock.h"
#include "home.h"
#include "memory_free.h"
#include "why.h"

/* Writing it takes at most this share of the time, the last save excepted. */
static const double MOST_WRITING = 0.05;

void training_replay_sizes(const training_t *training, training_replay_sizes_t *sizes)
{
    const agent_config_t *config = agent_config(training->agent);
    const uint64_t most = agent_replay_file_most_bytes(training->agent);
    const uint64_t likely = (uint64_t)config->replay_capacity_decisions * TRAINING_DECISION_BYTES;
    *sizes = (training_replay_sizes_t){
        .most_bytes = most,
        .likely_bytes = likely < most ? likely : most,
        .agent_bytes = agent_arena_bytes(config),
        .free_bytes = memory_free_bytes(),
    };
}

bool training_has_room(const training_replay_sizes_t *sizes, int32_t capacity, bool is_saved,
                       why_t why)
{
    const uint64_t rest =
        sizes->agent_bytes > sizes->most_bytes ? sizes->agent_bytes - sizes->most_bytes : 0;
    if (sizes->free_bytes == 0 || rest + sizes->likely_bytes <= sizes->free_bytes) return true;
    return refuse(why,
                  "a replay memory of %d decisions takes about %llu MiB and the networks %llu, "
                  "found %llu MiB free: %sa smaller --replay or --replay-memory needs less",
                  capacity, (unsigned long long)(sizes->likely_bytes >> 20),
                  (unsigned long long)(rest >> 20), (unsigned long long)(sizes->free_bytes >> 20),
                  is_saved ? "a new agent (--fresh) with " : "");
}

bool training_has_disk(const char *dir, uint64_t most_bytes, uint64_t there_bytes, bool is_saved,
                       why_t why)
{
    /* The file before is there until the new one is whole. */
    if (2 * most_bytes <= there_bytes) return true;
    return refuse(why,
                  "%.300s: the replay memory takes up to %llu MiB there, and as much again while "
                  "it is saved, found %llu MiB free: %sa smaller --replay-memory needs less",
                  dir, (unsigned long long)(most_bytes >> 20),
                  (unsigned long long)(there_bytes >> 20),
                  is_saved ? "a new agent (--fresh) with " : "");
}

bool training_replay_fits(const training_t *training, why_t why)
{
    training_replay_sizes_t sizes;
    training_replay_sizes(training, &sizes);
    if (!training_has_room(&sizes, agent_config(training->agent)->replay_capacity_decisions,
                           training->resumed, why))
        return false;
    struct statvfs disk;
    struct stat old = { 0 };
    char path[HOME_PATH_BYTES];
    if (!training->config.keep_replay || !training->dir[0]) return true;
    if (!home_join(path, training->dir, "replay.kata", why)) return false;
    if (statvfs(training->dir, &disk) != 0) return true;
    if (stat(path, &old) != 0) old.st_size = 0;
    const uint64_t there = (uint64_t)disk.f_bavail * disk.f_frsize + (uint64_t)old.st_size;
    return training_has_disk(training->dir, sizes.most_bytes, there, training->resumed, why);
}

bool training_load_replay(training_t *training, why_t why)
{
    char path[HOME_PATH_BYTES];
    why_t cause;
    if (!training->config.keep_replay || !training->resumed) return true;
    if (!home_join(path, training->dir, "replay.kata", why)) return false;
    if (access(path, F_OK) != 0) return true;
    switch (agent_load_replay(training->agent, path, cause)) {
    case AGENT_OK: return true;
    case AGENT_BAD_FILE:
        refuse(training->news, "%.500s; training goes on with an empty replay memory", cause);
        training->has_news = true;
        return true;
    default:
        return refuse(
            why,
            "%.500s: go on with the same --workers, --versus and, where it was random, "
            "--reaction, with --teacher if there was one, or without --keep-replay, which "
            "begins with an empty replay memory and leaves that file alone",
            cause);
    }
}

bool training_save_replay(training_t *training, bool must, why_t why)
{
    char path[HOME_PATH_BYTES];
    const double began = clock_now();
    if (!training->config.keep_replay) return true;
    if (!must && began < training->next_replay_at) return true;
    if (!home_join(path, training->dir, "replay.kata", why)) return false;
    const bool ok = agent_save_replay(training->agent, path, why) == AGENT_OK;
    const double ended = clock_now();
    training->next_replay_at = ended + (ended - began) / MOST_WRITING;
    return ok;
}
