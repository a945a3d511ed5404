/* perf.c - see perf.h. */
#include "perf.h"

/* Cores read the clock from threads of their own, too. */
static uint64_t read_clock(void)
{
    bridge_t *const bridge = inner_active();
    return bridge ? 1000000 + atomic_fetch_add(&bridge->emulated_usec, 1) : 0;
}

static retro_time_t get_time_usec(void)
{
    return (retro_time_t)read_clock();
}

static retro_perf_tick_t get_counter(void)
{
    return read_clock() * 1000; /* nanoseconds */
}

static uint64_t get_cpu_features(void)
{
    return 0;
}

static void register_counter(struct retro_perf_counter *counter)
{
    counter->registered = true;
}

static void leave_counter(struct retro_perf_counter *counter)
{
    (void)counter;
}

static void log_counters(void)
{
}

bool perf_provide(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)bridge, (void)cmd;
    *(struct retro_perf_callback *)data = (struct retro_perf_callback){
        .get_time_usec = get_time_usec,
        .get_cpu_features = get_cpu_features,
        .get_perf_counter = get_counter,
        .perf_register = register_counter,
        .perf_start = leave_counter,
        .perf_stop = leave_counter,
        .perf_log = log_counters,
    };
    return true;
}

void perf_pass_frame(bridge_t *bridge)
{
    const double fps = bridge->av.fps >= 1 && bridge->av.fps <= 1000 ? bridge->av.fps : 60;
    atomic_fetch_add(&bridge->emulated_usec, (uint64_t)(1e6 / fps));
}
