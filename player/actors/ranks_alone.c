/* ranks_alone.c - a build without MPI: one process, and a sentence where mpirun started several. */
#include <stdlib.h>

#include "ranks.h"

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

void ranks_end(int32_t status, int32_t orderly)
{
    (void)status;
    (void)orderly;
}
