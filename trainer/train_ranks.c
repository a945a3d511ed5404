/* train_ranks.c - see train_ranks.h. */
#include "train_ranks.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "ranks.h"
#include "voice.h"

int train_ranks_act(const actor_pool_config_t *actors)
{
    why_t why;
    if (ranks_act(actors, why)) return EXIT_OK;
    return say_failed("rank %d: %s", ranks_rank(), why);
}

int train_ranks_learn_along(training_t **training, const training_config_t *config,
                            const learning_options_t *options)
{
    ranks_leave_signals();
    training_config_t own = *config;
    own.dir = NULL;
    const uint32_t *checksums;
    why_t why;
    if (!learning_open(training, &own, options, why))
        return say_failed("rank %d: %s", ranks_rank(), why);
    bool ok = true;
    while (ok && !training_has_ended(*training)) ok = training_turn(*training, why);
    if (!ok && !training_diverged(*training)) {
        const int status = say_failed("rank %d: %s", ranks_rank(), why);
        training_give_up(*training, why);
        return status;
    }
    (void)training_part(*training, &checksums); /* where all diverged, rank 0 says so */
    return EXIT_OK;
}

bool train_ranks_fit(int32_t num_learners, const training_config_t *config, const char *device,
                     why_t why)
{
    if (num_learners == 1) return true;
    if (config->keep_replay)
        return refuse(why,
                      "--learners %d: each has a replay memory of its own, and --keep-replay would "
                      "keep the first one's alone: leave it out",
                      num_learners);
    if (strcmp(device, "cpu") != 0)
        return refuse(why, "--learners %d: they learn on processors: leave --device %.40s out",
                      num_learners, device);
    return config->updates_per_decision > 0 ||
           refuse(why, "--learners %d: with --updates-per-decision 0 nothing is learned",
                  num_learners);
}

bool train_ranks_part(training_t *training, why_t why)
{
    const uint32_t *checksums;
    const int32_t count = training_part(training, &checksums);
    for (int32_t i = 1; i < count; i++)
        if (checksums[i] != checksums[0])
            return refuse(why,
                          "the weights of rank %d (checksum %08x) are not those of rank 0 (%08x)",
                          i, checksums[i], checksums[0]);
    if (count == 0 && ranks_num_learners() == 1) return true;
    if (count == 0)
        return training_is_whole(training, why) &&
               refuse(why, "not all learners have ended within %d s", RANKS_SILENCE_MS / 1000);
    say("The same weights in %d learners, by their checksums:", count);
    for (int32_t i = 0; i < count; i++) say(" %08x", checksums[i]);
    say("\n");
    return true;
}
