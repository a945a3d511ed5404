/* ranks_alone.c - a build without MPI: one process, and a sentence where mpirun started several. */
#include <stdlib.h>

#include "ranks.h"
#include "ranks_meeting.h"

bool ranks_begin(why_t why)
{
    static const char *const signs[] = { "OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_SIZE" };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (getenv(signs[i]))
            return refuse(why,
                          "started by mpirun (%s is set), and built without MPI: each process "
                          "would train alone; build with `make -f Makefile.libretro MPI=1`",
                          signs[i]);
    return true;
}

int32_t ranks_size(void)
{
    return 1;
}

int32_t ranks_rank(void)
{
    return 0;
}

bool ranks_share(actor_pool_config_t *actors, bool is_default, why_t why)
{
    (void)actors;
    (void)is_default;
    (void)why;
    return true;
}

bool ranks_act(const actor_pool_config_t *actors, why_t why)
{
    (void)actors;
    return refuse(why, "there is no other rank to act for");
}

bool ranks_come_to_end(why_t why)
{
    (void)why;
    return true;
}

void ranks_end(int32_t status, int32_t orderly)
{
    (void)status;
    (void)orderly;
}

bool ranks_learn_by(int32_t num_learners, why_t why)
{
    return num_learners == 1 ||
           refuse(why,
                  "%d learners are ranks of an `mpirun -n %d` or more, and this build has no MPI: "
                  "make -f Makefile.libretro MPI=1",
                  num_learners, 2 * num_learners);
}

int32_t ranks_num_learners(void)
{
    return 1;
}

int32_t ranks_learner(void)
{
    return 0;
}

int32_t ranks_num_workers(void)
{
    return 0;
}

/* Of those nobody calls more than the first, since there is never more than one learner. */

void ranks_leave_signals(void)
{
}

bool ranks_meeting_open(ranks_meeting_t **out, why_t why)
{
    *out = NULL;
    return refuse(why, "there is no other learner");
}

void ranks_meeting_close(ranks_meeting_t *learners)
{
    (void)learners;
}

bool ranks_meeting_pass(ranks_meeting_t *learners, void *bytes, size_t num_bytes, why_t why)
{
    (void)learners, (void)bytes, (void)num_bytes;
    return refuse(why, "there is no other learner");
}

void ranks_meeting_arrive(ranks_meeting_t *learners, const ranks_word_t *word)
{
    (void)learners, (void)word;
}

const ranks_word_t *ranks_meeting_met(ranks_meeting_t *learners)
{
    (void)learners;
    return NULL;
}

common_gradient_t ranks_meeting_gradient(ranks_meeting_t *learners)
{
    (void)learners;
    return (common_gradient_t){ .num_learners = 1 };
}

bool ranks_meeting_watch(ranks_meeting_t *learners, why_t why)
{
    (void)learners;
    return refuse(why, "there is no other learner");
}

void ranks_meeting_tell(ranks_meeting_t *learners, const char *sentence, bool is_final)
{
    (void)learners, (void)sentence, (void)is_final;
}

const char *ranks_meeting_news(ranks_meeting_t *learners)
{
    (void)learners;
    return NULL;
}

void ranks_meeting_end(ranks_meeting_t *learners)
{
    (void)learners;
}

bool ranks_meeting_is_called(const ranks_meeting_t *learners)
{
    (void)learners;
    return false;
}

bool ranks_meeting_has_ended(const ranks_meeting_t *learners)
{
    (void)learners;
    return true;
}

const uint32_t *ranks_meeting_compare(ranks_meeting_t *learners, uint32_t number)
{
    (void)learners, (void)number;
    return NULL;
}
