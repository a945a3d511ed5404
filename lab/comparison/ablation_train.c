/* ablation_train.c - see ablation_train.h. */
#include "ablation_train.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ablation_process.h"
#include "clock.h"
#include "files.h"
#include "interrupt.h"
#include "learning.h"
#include "numbers.h"
#include "voice.h"
#include "why.h"

typedef struct {
    ablation_run_t run;
    char name[128], dir[HOME_PATH_BYTES];
    ablation_process_t process; /* 0: it does not run */
    bool is_done, has_failed;
    uint64_t decisions_at_start;
    ablation_board_t *board;
} ablation_job_t;

typedef struct {
    const ablation_plan_t *plan;
    ablation_job_t *list;     /* (num_jobs) */
    ablation_board_t *boards; /* (num_jobs), shared with the runs */
    int32_t num_jobs, num_running, most_running, next;
    progress_t progress;
    double started_at;
    bool told_to_stop;
} ablation_jobs_t;

/* ---- one run, in its own process ---- */

static void watch(void *context, const training_progress_t *progress)
{
    atomic_store(&((ablation_board_t *)context)->decisions, progress->decisions);
}

static bool evaluate_at_the_end(const learning_t *learning, bool *interrupted, why_t why)
{
    evaluation_t evaluation;
    if (!learning_evaluate(learning, &evaluation, why)) return false;
    *interrupted = evaluation.interrupted;
    return *interrupted || learning_record(learning, NULL, &evaluation.result, why);
}

static int learn(const ablation_plan_t *plan, training_t *training, const training_config_t *config,
                 curve_t *curve, ablation_board_t *board)
{
    const ablation_t *ablation = plan->ablation;
    training_progress_t p;
    training_get_progress(training, &p);
    atomic_store(&board->decisions, p.decisions);
    const uint64_t wanted = (uint64_t)ablation->decisions;
    progress_t progress;
    progress_begin(&progress);
    const learning_plan_t how = { .max_decisions = wanted > p.decisions ? wanted - p.decisions : 0,
                                  .save_every_seconds = INFINITY,
                                  .save_every_decisions = (uint64_t)plan->save_every,
                                  .eval_every_decisions = (uint64_t)ablation->eval_every,
                                  .eval_episodes = (int32_t)ablation->eval_episodes,
                                  .eval_seed = (uint64_t)ablation->eval_seed,
                                  .watch = watch,
                                  .context = board };
    const learning_t learning = { training, config, &how, curve, &progress, NULL, NULL };
    bool interrupted = interrupt_asked();
    if (how.max_decisions > 0 && !interrupted) {
        double seconds;
        const learning_end_t end = learning_run(&learning, &seconds, board->why);
        if (end == LEARNING_DIVERGED) return EXIT_DIVERGED;
        if (end == LEARNING_FAILED) return EXIT_FAILED;
        interrupted = end == LEARNING_INTERRUPTED;
    }
    if (!interrupted && !ablation_is_done(ablation, curve) &&
        !evaluate_at_the_end(&learning, &interrupted, board->why))
        return EXIT_FAILED;
    return interrupted ? EXIT_INTERRUPTED : EXIT_OK;
}

static int open_and_learn(const ablation_plan_t *plan, const ablation_job_t *job)
{
    char *why = job->board->why;
    training_config_t config = plan->configs[job->run.arm];
    config.dir = job->dir;
    config.actors.actor.start =
        preset_find_start(config.actors.actor.preset, plan->ablation->starts[job->run.start]);
    config.agent.seed = config.actors.actor.seed =
        (uint64_t)(plan->ablation->first_seed + job->run.seed);
    training_t *training;
    if (!plan->open(&training, &config, job->run.arm, plan->context, why)) return EXIT_FAILED;
    training_progress_t p;
    training_get_progress(training, &p);
    curve_t curve;
    int status = EXIT_FAILED;
    if (curve_open(&curve, job->dir, p.decisions))
        status = learn(plan, training, &config, &curve, job->board);
    else
        refuse(why, "there is no memory for the learning curve");
    training_close(training);
    curve_close(&curve);
    return status;
}

static int run_job(const ablation_plan_t *plan, const ablation_job_t *job)
{
    char path[HOME_PATH_BYTES + 16];
    char *why = job->board->why;
    if (!files_make_dirs(job->dir, why)) return EXIT_FAILED;
    snprintf(path, sizeof path, "%s/run.txt", job->dir);
    if (!voice_to(path, why)) return EXIT_FAILED;
    return open_and_learn(plan, job);
}

static int run_numbered(const void *context, int32_t run)
{
    const ablation_jobs_t *jobs = context;
    return run_job(jobs->plan, &jobs->list[run]);
}

/* ---- the parent ---- */

static void note_failure(const ablation_job_t *job, const char *reason)
{
    char path[HOME_PATH_BYTES + 16];
    snprintf(path, sizeof path, "%s/" ABLATION_FAILURE_FILE, job->dir);
    if (!reason)
        unlink(path);
    else
        (void)files_replace(path, reason, strlen(reason), NULL); /* it is said aloud, too */
}

static bool start_job(ablation_jobs_t *jobs, ablation_job_t *job, char *why)
{
    note_failure(job, NULL);
    job->decisions_at_start = UINT64_MAX;
    atomic_store(&job->board->decisions, UINT64_MAX);
    if (!ablation_process_start(&job->process, (int32_t)(job - jobs->list), run_numbered, jobs,
                                why))
        return false;
    jobs->num_running++;
    if (jobs->num_running > jobs->most_running) jobs->most_running = jobs->num_running;
    return true;
}

static void describe_end(const ablation_job_t *job, int status, const char *ended_by,
                         char reason[sizeof(why_t) + 96])
{
    why_t why;
    memcpy(why, job->board->why, sizeof why);
    why[sizeof why - 1] = '\0';
    if (*ended_by)
        snprintf(reason, sizeof(why_t) + 96, "its process was ended by %.60s", ended_by);
    else
        snprintf(reason, sizeof(why_t) + 96, "%s%s",
                 status == EXIT_DIVERGED ? "learning diverged: " : "",
                 *why ? why : "it ended and did not say why");
}

static void end_job(ablation_jobs_t *jobs, ablation_job_t *job, int status, const char *ended_by)
{
    job->process = 0;
    jobs->num_running--;
    if (!*ended_by && status == EXIT_INTERRUPTED) return;
    progress_clear(&jobs->progress);
    if (!*ended_by && status == EXIT_OK) {
        job->is_done = true;
        say("%s is done.\n", job->name);
        return;
    }
    char reason[sizeof(why_t) + 96];
    describe_end(job, status, ended_by, reason);
    job->has_failed = true;
    note_failure(job, reason);
    say_failed("%s died: %s", job->name, reason);
}

static void collect(ablation_jobs_t *jobs)
{
    for (int32_t i = 0; i < jobs->num_jobs; i++) {
        ablation_job_t *job = &jobs->list[i];
        int status;
        char ended_by[96];
        if (job->process && ablation_process_has_ended(job->process, &status, ended_by))
            end_job(jobs, job, status, ended_by);
    }
}

static void stop_all(ablation_jobs_t *jobs)
{
    jobs->told_to_stop = true;
    progress_clear(&jobs->progress);
    if (jobs->num_running > 0)
        say("Stopping: %d run%s will save. Ctrl-C again ends at once.\n", jobs->num_running,
            jobs->num_running == 1 ? "" : "s");
    for (int32_t i = 0; i < jobs->num_jobs; i++)
        if (jobs->list[i].process) ablation_process_stop(jobs->list[i].process);
}

static void start_more(ablation_jobs_t *jobs)
{
    while (jobs->num_running < jobs->plan->jobs && jobs->next < jobs->num_jobs) {
        ablation_job_t *job = &jobs->list[jobs->next++];
        why_t why;
        if (job->is_done || start_job(jobs, job, why)) continue;
        job->has_failed = true;
        say_failed("%s: %s", job->name, why);
    }
}

/* By the pace since this command began, evaluations and all. The last runs leave cores idle: there
 * is no end before the longest of them has come to it at the pace of one. */
static void show_progress(ablation_jobs_t *jobs)
{
    const double wanted = (double)jobs->plan->ablation->decisions;
    double session = 0, left = 0, longest = 0;
    int32_t done = 0;
    for (int32_t i = 0; i < jobs->num_jobs; i++) {
        ablation_job_t *job = &jobs->list[i];
        const uint64_t at = atomic_load(&job->board->decisions);
        const bool is_known = at != UINT64_MAX;
        if (is_known && job->decisions_at_start == UINT64_MAX) job->decisions_at_start = at;
        if (is_known) session += (double)(at - job->decisions_at_start);
        done += job->is_done;
        if (job->is_done || job->has_failed) continue;
        const double of_this = fmax(0, wanted - (is_known ? (double)at : 0));
        left += of_this;
        longest = fmax(longest, of_this);
    }
    const double rate = session / fmax(1e-9, clock_now() - jobs->started_at);
    char text[160], a[NUMBERS_BYTES], b[NUMBERS_BYTES] = "";
    if (rate > 0) numbers_clock(b, fmax(left, longest * jobs->most_running) / rate);
    snprintf(text, sizeof text, "%d of %d runs done, %d running, %s decisions/s%s%s%s", done,
             jobs->num_jobs, jobs->num_running, numbers_rate(a, rate), *b ? ", " : "", b,
             *b ? " left" : "");
    progress_show_text(&jobs->progress, text);
}

/* is_ours: the boards are empty yet. */
static bool look_at_runs(ablation_jobs_t *jobs, bool is_ours, char *why)
{
    const ablation_t *ablation = jobs->plan->ablation;
    for (int32_t i = 0; i < jobs->num_jobs; i++) {
        ablation_job_t *job = &jobs->list[i];
        job->run = ablation_run(ablation, i);
        job->board = &jobs->boards[i];
        job->decisions_at_start = UINT64_MAX;
        if (is_ours) atomic_store(&job->board->decisions, UINT64_MAX);
        ablation_run_name(job->name, ablation, &job->run);
        if (!ablation_run_dir(job->dir, jobs->plan->dir, ablation, &job->run))
            return refuse(why, "%.100s...: too long a path", jobs->plan->dir);
        curve_t curve;
        if (!curve_open(&curve, job->dir, UINT64_MAX)) return refuse(why, "no memory for the runs");
        job->is_done = ablation_is_done(ablation, &curve);
        curve_close(&curve);
    }
    return true;
}

static void nap(void)
{
    const struct timespec time = { 0, 100000000 };
    nanosleep(&time, NULL);
}

bool ablation_train(const ablation_plan_t *plan, ablation_outcome_t *outcome, why_t why)
{
    *outcome = (ablation_outcome_t){ 0 };
    ablation_jobs_t jobs = { .plan = plan, .num_jobs = ablation_num_runs(plan->ablation) };
    const int32_t run = ablation_process_run();
    jobs.boards = ablation_boards_open(jobs.num_jobs);
    jobs.list = calloc((size_t)jobs.num_jobs, sizeof *jobs.list);
    if (!jobs.boards || !jobs.list) {
        free(jobs.list);
        ablation_boards_close(jobs.boards, jobs.num_jobs);
        return refuse(why, "no memory for %d runs", jobs.num_jobs);
    }
    const bool ok = look_at_runs(&jobs, run < 0, why);
    if (run >= 0) exit(ok && run < jobs.num_jobs ? run_numbered(&jobs, run) : EXIT_FAILED);
    progress_begin(&jobs.progress);
    jobs.started_at = clock_now();
    while (ok) {
        collect(&jobs);
        if (interrupt_asked() && !jobs.told_to_stop) stop_all(&jobs);
        if (!jobs.told_to_stop) start_more(&jobs);
        if (jobs.num_running == 0) break;
        show_progress(&jobs);
        nap();
    }
    progress_clear(&jobs.progress);
    for (int32_t i = 0; i < jobs.num_jobs; i++) {
        outcome->done += jobs.list[i].is_done;
        outcome->failed += jobs.list[i].has_failed;
    }
    outcome->left = jobs.num_jobs - outcome->done - outcome->failed;
    outcome->interrupted = jobs.told_to_stop;
    free(jobs.list);
    ablation_boards_close(jobs.boards, jobs.num_jobs);
    return ok;
}
