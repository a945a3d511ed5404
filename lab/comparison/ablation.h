/* ablation.h - a comparison of agents: which runs it has, what they share, what is kept of them.
 *
 * A folder holds ablation.json (what was asked for, and what may not change any more) and a folder
 * for each run, `<arm>-<seed>`, or `<arm>-<start>-<seed>` where there are several starts, in the
 * layout of every training. Of a run that is done, log.jsonl and preset.json are all that the
 * report needs: the rest may be deleted, or left behind on another machine.
 *
 * ablation.json is another's until checked: what it names becomes paths.
 */
#ifndef LAB_ABLATION_H
#define LAB_ABLATION_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "home.h"
#include "curve.h"
#include "why.h"

#define ABLATION_FILE "ablation.json"
#define ABLATION_TRANSFER_FILE "transfer.json" /* a copy of what the arm `transfer` begins with */

enum { ABLATION_MAX_SEEDS = 200, ABLATION_MAX_STARTS = 16, ABLATION_MAX_RUNS = 4096 };

typedef enum {
    ABLATION_RAINBOW = 0, /* primitives only: the preset's list of macros is removed */
    ABLATION_MACROS,      /* all actions, no similarity */
    ABLATION_FIXED,       /* similarity as it begins */
    ABLATION_META,        /* similarity learned, from the same beginning */
    ABLATION_TRANSFER,    /* similarity begins with one that was learned before */
    ABLATION_ORACLE,      /* similarity written by hand, fixed: what the best could gain */
    ABLATION_PROBE,       /* from what the actions do, fixed */
    ABLATION_PERMUTED,    /* the same under shuffled names: is it the structure? */
    ABLATION_CONSTANT,    /* its mean for every pair */
    ABLATION_KINDS,       /* probe, and random actions by kinds */
    ABLATION_PROBE_META,  /* begins as probe and is learned on from there */
    ABLATION_TOGETHER,    /* that, and random actions by kinds */
    ABLATION_INVERSE,     /* from what follows the actions in random play, fixed: a baseline */
    ABLATION_NUM_ARMS
} ablation_arm_t;

#define ABLATION_ARM_NAMES                                                                         \
    "rainbow,macros,fixed,meta,transfer,oracle,probe,permuted,constant,kinds,probe-meta,together," \
    "inverse"
const char *ablation_arm_name(int32_t arm);
const char *ablation_arm_text(int32_t arm); /* what it is, in a few words */
uint32_t ablation_arm_colour(int32_t arm);

/* "macros,meta" to flags. False: an unknown name, one twice, or none. */
bool ablation_read_arms(bool arms[ABLATION_NUM_ARMS], const char *text, why_t why);

typedef struct {
    bool arms[ABLATION_NUM_ARMS];
    int32_t num_seeds;
    int64_t first_seed;
    char starts[ABLATION_MAX_STARTS][PRESET_NAME_BYTES];
    int32_t num_starts;
    int64_t decisions, eval_every, eval_episodes, eval_seed;
    char game[PRESET_NAME_BYTES];
    cJSON *file; /* the whole of ablation.json, owned */
} ablation_t;

void ablation_free(ablation_t *ablation);

/* Adds to what an earlier version kept of the settings those that have come since. */
typedef void ablation_complete_t(cJSON *settings);

/* Read dir's ablation.json. *found is false if there is none. False: it is there and cannot be
 * used. complete: called with its settings; may be NULL. */
bool ablation_load(ablation_t *ablation, const char *dir, ablation_complete_t *complete,
                   bool *found, why_t why);
bool ablation_save(const ablation_t *ablation, const char *dir, why_t why);

/* Make ablation->file from the fields and what else the runs share ("shared": an object, taken
 * over; "transfer": taken over, NULL without that arm), as first said by this version of Kata on
 * this command line. False: no memory. */
bool ablation_compose(ablation_t *ablation, cJSON *shared, cJSON *transfer, const char *command,
                      why_t why);
/* Go on with what is saved: more arms and more seeds may come, all else stays. `wanted` takes over
 * the history of `saved`. False: something else changed; `why` names the first thing. */
bool ablation_continue(ablation_t *wanted, const ablation_t *saved, const char *dir, why_t why);

/* ---- runs ---- */

typedef struct {
    int32_t arm, start, seed; /* start: of starts[]; seed: 0 .. num_seeds-1 */
} ablation_run_t;

int32_t ablation_num_runs(const ablation_t *ablation);
/* Seed by seed, so that what is done so far is worth comparing. */
ablation_run_t ablation_run(const ablation_t *ablation, int32_t number);
/* "meta-3" */
void ablation_run_name(char name[128], const ablation_t *ablation, const ablation_run_t *run);
bool ablation_run_dir(char path[HOME_PATH_BYTES], const char *dir, const ablation_t *ablation,
                      const ablation_run_t *run);
/* Whether the log knows the last evaluation: nothing is left to do. */
bool ablation_is_done(const ablation_t *ablation, const curve_t *curve);

#endif
