/* bench_passthrough.c - a frame through Kata beside the core alone. */
#include <stdio.h>

#include "bench.h"

bool bench_passthrough(const bench_request_t *request, char why[BENCH_WHY_BYTES])
{
    (void)request;
    snprintf(why, BENCH_WHY_BYTES, "not yet");
    return false;
}
