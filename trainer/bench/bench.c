/* bench.c - `kata bench`: which measurement, and how a case is printed. */
#include "benches.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "game.h"
#include "voice.h"
#include "why.h"

typedef struct {
    double seconds;
    const char *core, *preset;
    bool json;
} bench_values_t;

static const option_t rows[] = {
    { "seconds", OPTION_REAL, offsetof(bench_values_t, seconds), "S", 0.05, 3600,
      "about, for each case" },
    { "core", OPTION_TEXT, offsetof(bench_values_t, core), "NAME|PATH", 0, 0,
      "the libretro core [the first that opens the game]" },
    { "preset", OPTION_TEXT, offsetof(bench_values_t, preset), "FILE", 0, 0,
      "of the game, for env and train [found by its hash]" },
    { "json", OPTION_FLAG, offsetof(bench_values_t, json), NULL, 0, 0, "one JSON object a case" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    ((bench_values_t *)values)->seconds = 5;
}

const char *bench_rom(const bench_request_t *request, char path[HOME_PATH_BYTES])
{
    if (request->rom) return request->rom;
    char program[HOME_PATH_BYTES];
    game_program_path(program);
    char *slash = strrchr(program, '/');
    if (slash) *slash = '\0';
    if (snprintf(path, HOME_PATH_BYTES, "%s/games/kumite.nes", slash ? program : ".") >=
        HOME_PATH_BYTES)
        path[0] = '\0';
    return path;
}

void bench_add(bench_case_t *one, const char *key, int32_t decimals, double value)
{
    if (one->num_extras >= (int32_t)(sizeof one->extras / sizeof one->extras[0])) return;
    one->extras[one->num_extras].key = key;
    one->extras[one->num_extras].decimals = decimals;
    one->extras[one->num_extras++].value = value;
}

static void print_text(const bench_case_t *one)
{
    say("%-12s %-34s", one->bench, one->name);
    if (isfinite(one->ratio)) say("  ratio %.4f", one->ratio);
    if (isfinite(one->p99_ms)) say("  p99 %.3f ms", one->p99_ms);
    if (isfinite(one->target))
        say("  (target %s %g)",
            isfinite(one->p99_ms) ? "<"
            : one->at_most        ? "<="
                                  : ">=",
            one->target);
    for (int32_t i = 0; i < one->num_extras; i++)
        say("  %s %.*f", one->extras[i].key, one->extras[i].decimals, one->extras[i].value);
    say("\n");
}

void bench_report(const bench_request_t *request, const bench_case_t *one)
{
    if (!request->json) {
        print_text(one);
    } else {
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "bench", one->bench);
        cJSON_AddStringToObject(object, "case", one->name);
        if (isfinite(one->ratio)) json_line_add_number(object, "ratio", 5, one->ratio);
        if (isfinite(one->p99_ms)) json_line_add_number(object, "p99_ms", 4, one->p99_ms);
        json_line_add_number(object, "target", 3, one->target);
        for (int32_t i = 0; i < one->num_extras; i++)
            json_line_add_number(object, one->extras[i].key, one->extras[i].decimals,
                                 one->extras[i].value);
        json_line_print(object);
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_percentile(double *numbers, int32_t count, double p)
{
    if (count == 0) return NAN;
    qsort(numbers, (size_t)count, sizeof *numbers, ascending);
    const int32_t at = (int32_t)ceil(p * count) - 1;
    return numbers[at < 0 ? 0 : at];
}

double bench_median(double *numbers, int32_t count)
{
    return bench_percentile(numbers, count, 0.5);
}

static const struct {
    const char *name;
    bool (*run)(const bench_request_t *request, why_t why);
} benches[] = {
    { "env", bench_env },           { "learner", bench_learner },
    { "masp", bench_masp },         { "device", bench_device },
    { "decision", bench_decision }, { "passthrough", bench_passthrough },
    { "frame", bench_frame },       { "memory", bench_memory },
    { "train", bench_train },       { "mpi", bench_mpi },
    { "replay", bench_replay },
};
enum { NUM_BENCHES = sizeof benches / sizeof benches[0] };

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const bench_values_t *v = values;
    const bench_request_t request = { .rom = num_arguments > 1 ? arguments[1] : NULL,
                                      .core = v->core,
                                      .preset = v->preset,
                                      .seconds = v->seconds,
                                      .json = v->json };
    const char *names[NUM_BENCHES];
    for (int32_t i = 0; i < NUM_BENCHES; i++) names[i] = benches[i].name;
    for (int32_t i = 0; i < NUM_BENCHES; i++) {
        if (strcmp(arguments[0], names[i]) != 0) continue;
        why_t why;
        if (!voice_split(NULL, why)) return say_failed("%s", why);
        return benches[i].run(&request, why) ? EXIT_OK : say_failed("bench %s: %s", names[i], why);
    }
    const char *near = command_nearest(arguments[0], names, NUM_BENCHES);
    if (near)
        return say_usage("bench: there is no '%.60s'; did you mean '%s'?", arguments[0], near);
    return say_usage("bench: there is no '%.60s'; there are env, learner, masp, device, decision, "
                     "passthrough, frame, memory, train, mpi and replay",
                     arguments[0]);
}

const command_t command_bench = {
    .name = "bench",
    .arguments = "env|learner|masp|device|decision|passthrough|frame|memory|train|mpi|replay [ROM]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "how fast this machine plays, learns and decides, and in how much memory",
    .about =
        "env          emulated frames/s with observations and rewards, over the bare core's with\n"
        "             the same input, on the game that comes with Kata or on ROM\n"
        "learner      updates/s of both networks, and their share of what this machine's matrix\n"
        "             product reaches in the same run\n"
        "masp         time of an update that also learns how alike actions are, over Rainbow's\n"
        "             without; default: at the period that training uses, period1: at every "
        "update\n"
        "device       updates/s on the processor (one thread) and on each device of `kata "
        "devices`,\n"
        "             over the processor's in the same run; its matrix products alone beside them; "
        "what an\n"
        "             update asks of a card: launches, operations and memory traffic of its "
        "products\n"
        "             and weights, transfers\n"
        "decision     99th percentile of a greedy decision on one thread; cold: the cache is swept "
        "in\n"
        "             between, as by an emulator\n"
        "passthrough  time of a frame through Kata over the core's alone, for each core that has "
        "a\n"
        "             test ROM, or for ROM\n"
        "frame        at 60 frames/s, what the plugin adds to a frame with an agent that plays "
        "and\n"
        "             learns and the full overlay, over the core alone in the same moment;\n"
        "             added_cpu_: in processor time of the frame's thread, also on a busy "
        "machine;\n"
        "             late: frames of more than 16.6 ms, and those of the plugin's whose core "
        "alone\n"
        "             was not late\n"
        "memory       what the plugin takes with an agent of the nature network playing, over the\n"
        "             core alone, after the same frames: resident, at its peak, mapped\n"
        "train        a whole training on all processors: its frames without learning over the "
        "bare\n"
        "             cores', a decision's time with learning over its slower bound, the share of\n"
        "             the processors that is busy; processors_of_others: what other programs had\n"
        "mpi          under `mpirun -n 5`: decisions/s by 1, 2 and 4 acting ranks, over those by "
        "as\n"
        "             many workers that share memory\n"
        "replay       memory of 100,000, a million and ten million decisions over what training\n"
        "             reckons with, processor time to store one and to draw one; what is not "
        "stored\n"
        "             within --seconds (--seconds 300 stores a million) is extrapolated, and says "
        "so\n"
        "Each ratio of times is the median of alternating blocks in one run. Close other programs "
        "first.",
    .groups = groups,
    .num_groups = 1,
    .examples =
        "  Does watching cost much?\n"
        "    kata bench env\n"
        "  All of it, for a script:\n"
        "    for b in env learner masp device decision passthrough frame memory train replay; do "
        "kata bench $b "
        "--json; done\n",
    .values_bytes = sizeof(bench_values_t),
    .defaults = defaults,
    .run = run,
};
