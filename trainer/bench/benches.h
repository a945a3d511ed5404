/* benches.h - measurements against a yardstick taken in the same run.
 *
 * A speed alone says more of the machine than of Kata, so each case is a ratio to something
 * measured right beside it, in alternating blocks, as the median of blocks; or a time that has a
 * limit.
 */
#ifndef TRAINER_BENCHES_H
#define TRAINER_BENCHES_H

#include <stdbool.h>
#include <stdint.h>

#include "home.h"
#include "json_line.h"
#include "why.h"

enum { BENCH_MAX_BLOCKS = 256 };

typedef struct {
    const char *rom;    /* NULL: the game that comes with Kata */
    const char *core;   /* NULL: the first that opens it */
    const char *preset; /* NULL: found by hash */
    double seconds;     /* about, of each case */
    bool json;
} bench_request_t;

/* One case. A line of text, or with `json` one object. */
typedef struct {
    const char *bench, *name; /* "env", "nestopia playing kumite.nes" */
    double ratio;             /* NAN: none */
    double p99_ms;            /* NAN: none */
    double target; /* ratio at least (at_most: at most) this, or milliseconds or MB at most; NAN */
    bool at_most;
    struct {
        const char *key;
        double value;
        int32_t decimals;
    } extras[16];
    int32_t num_extras;
} bench_case_t;

/* The ROM that was named, or the game that comes with Kata, which lies beside the program. */
const char *bench_rom(const bench_request_t *request, char path[HOME_PATH_BYTES]);

void bench_add(bench_case_t *one, const char *key, int32_t decimals, double value);
void bench_report(const bench_request_t *request, const bench_case_t *one);

double bench_median(double *numbers, int32_t count);               /* sorts them */
double bench_percentile(double *numbers, int32_t count, double p); /* sorts them; p in 0..1 */

bool bench_env(const bench_request_t *request, why_t why);
bool bench_learner(const bench_request_t *request, why_t why);
bool bench_decision(const bench_request_t *request, why_t why);
bool bench_device(const bench_request_t *request, why_t why);
bool bench_masp(const bench_request_t *request, why_t why);
bool bench_memory(const bench_request_t *request, why_t why);
bool bench_mpi(const bench_request_t *request, why_t why);
bool bench_replay(const bench_request_t *request, why_t why);
bool bench_train(const bench_request_t *request, why_t why);
bool bench_frame(const bench_request_t *request, why_t why);
bool bench_passthrough(const bench_request_t *request, why_t why);

#endif
