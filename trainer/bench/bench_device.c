/* bench_device.c - `kata bench device`: whole updates on the processor and on each card, the matrix
 * products alone beside them, by trainer/bench/agent_bench.h, and what an update asks of a card. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agent_bench.h"
#include "benches.h"
#include "devices.h"

enum { NUM_ACTIONS = 24 };

static const struct {
    agent_net_kind_t kind;
    const char *name;
    int32_t batch;
    agent_similarity_mode_t similarity;
} cases[] = {
    { AGENT_NET_SMALL, "small", 32, AGENT_SIMILARITY_OFF },
    { AGENT_NET_SMALL, "small", 256, AGENT_SIMILARITY_OFF },
    { AGENT_NET_NATURE, "nature", 32, AGENT_SIMILARITY_OFF },
    { AGENT_NET_NATURE, "nature-masp-period1", 32, AGENT_SIMILARITY_META },
    { AGENT_NET_NATURE, "nature", 256, AGENT_SIMILARITY_OFF },
    { AGENT_NET_IMPALA, "impala", 32, AGENT_SIMILARITY_OFF },
    { AGENT_NET_IMPALA, "impala-masp-period1", 32, AGENT_SIMILARITY_META },
    { AGENT_NET_IMPALA, "impala", 256, AGENT_SIMILARITY_OFF },
};

static void report(const bench_request_t *request, const char *name, int32_t batch,
                   const devices_row_t *device, const agent_bench_device_t *found,
                   double processor_ms)
{
    char title[80];
    snprintf(title, sizeof title, "%s-%d %.15s", name, batch, device->id);
    bench_case_t one = { .bench = "device",
                         .name = title,
                         .ratio = processor_ms / found->ms_median,
                         .p99_ms = NAN,
                         .target = NAN };
    bench_add(&one, "updates_per_s", 2, 1000 / found->ms_median);
    bench_add(&one, "products_ms", 3, found->products_ms);
    bench_add(&one, "products_share", 3, found->products_ms / found->ms_median);
    bench_add(&one, "updates", 0, found->num_updates);
    bench_add(&one, "batch", 0, batch);
    if (found->counts.num_launches > 0) {
        const devices_counts_t *counts = &found->counts;
        bench_add(&one, "launches", 0, (double)counts->num_launches);
        bench_add(&one, "gflop", 3, 1e-9 * counts->flop);
        bench_add(&one, "traffic_mb", 1, 1e-6 * counts->memory_traffic_bytes);
        bench_add(&one, "upload_kb", 1, 1e-3 * (double)counts->upload_bytes);
        bench_add(&one, "download_kb", 1, 1e-3 * (double)counts->download_bytes);
        bench_add(&one, "card_mb", 0, 1e-6 * (double)counts->memory_bytes);
        bench_add(&one, "is_gpu", 0, device->is_gpu);
    }
    bench_report(request, &one);
}

/* A card that refuses, or has no memory for so large a batch, is said and left out. */
bool bench_device(const bench_request_t *request, why_t why)
{
    devices_row_t devices[DEVICES_MOST];
    char path[HOME_PATH_BYTES];
    const int32_t num_devices = devices_list(devices, why);
    const char *cache = home_for_cache(path) ? path : NULL;
    if (num_devices == 1) fprintf(stderr, "kata: bench device: no graphics card: %s\n", why);
    agent_set_blas_threads(1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double processor_ms = NAN;
        for (int32_t d = 0; d < num_devices; d++) {
            agent_config_t config;
            agent_bench_device_t found;
            agent_config_defaults(&config, NUM_ACTIONS);
            config.net_kind = cases[i].kind;
            agent_config_named(&config, "hessel2018");
            config.net_kind = cases[i].kind;
            config.batch_size = cases[i].batch;
            config.similarity_mode = cases[i].similarity;
            config.similarity_period_updates = 1;
            const agent_status_t status =
                agent_bench_device(&config, devices[d].id, cache, request->seconds, &found, why);
            if (status != AGENT_OK && d == 0) return false;
            if (status != AGENT_OK) {
                fprintf(stderr, "kata: bench device: %s-%d: %s\n", cases[i].name, cases[i].batch,
                        why);
                continue;
            }
            if (d == 0) processor_ms = found.ms_median;
            report(request, cases[i].name, cases[i].batch, &devices[d], &found, processor_ms);
        }
    }
    return true;
}
