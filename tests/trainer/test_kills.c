/* test_kills.c - trainer and actors ended at random moments, again and again: the folder can be
 * gone on with each time, no more than the save interval is lost, and nothing stays behind.
 *
 * KATA_KILLS=1000 (tests/trainer/kills.sh): so many times; 20 in `check`. */
#include "kata.h"

#include <ctype.h>
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "agent.h"
#include "splitmix.h"
#include "why.h"

#define SAVE_EVERY "0.3"
static const double SAVE_EVERY_S = 0.3;
/* Of the time between a save and a kill, what a busy machine may add to the interval. */
static const double MOST_LATE_S = 15;

enum { KILL_TRAINER, KILL_ACTOR, SIGNAL_TRAINER };

typedef struct {
    int32_t kills[3];
    uint64_t decisions; /* in the folder, never fewer */
    double most_lost_s;
    int32_t num_lost, in_a_save;
    uint64_t random;
} course_t;

static kata_run_t r;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now); /* as files' times are */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void nap(double seconds)
{
    const struct timespec time = { (time_t)seconds, (long)(seconds * 1e9) % 1000000000 };
    nanosleep(&time, NULL);
}

/* Processes whose command line names our folder: the trainer, and actors, which are its forks.
 * pids: (most). */
static int32_t find_processes(pid_t *pids, int32_t most)
{
    DIR *proc = opendir("/proc");
    int32_t count = 0;
    assert_non_null(proc);
    for (struct dirent *entry; (entry = readdir(proc)) && count < most;) {
        char path[300], line[4096];
        if (!isdigit((unsigned char)entry->d_name[0])) continue;
        snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        const size_t length = fread(line, 1, sizeof line - 1, file);
        fclose(file);
        for (size_t i = 0; i < length; i++)
            if (line[i] == '\0') line[i] = ' ';
        line[length] = '\0';
        if (strstr(line, kata_path("killed"))) pids[count++] = (pid_t)atoi(entry->d_name);
    }
    closedir(proc);
    return count;
}

static void start(kata_job_t *job)
{
    kata_start(job, (const char *const[]){ "train",
                                           kata_rom(),
                                           "--dir",
                                           kata_path("killed"),
                                           "--workers",
                                           "2",
                                           "--minutes",
                                           "60",
                                           "--save-every",
                                           SAVE_EVERY,
                                           "--keep-replay",
                                           "--warmup",
                                           "64",
                                           "--updates-per-decision",
                                           "0.05",
                                           "--replay",
                                           "4000",
                                           "--batch",
                                           "2",
                                           "--eval-episodes",
                                           "0",
                                           NULL });
}

static double saved_at_s(void)
{
    struct stat status;
    if (stat(kata_path("killed/agent.safetensors"), &status) != 0) return 0;
    return (double)status.st_mtim.tv_sec + 1e-9 * (double)status.st_mtim.tv_nsec;
}

static void expect_json(const char *path)
{
    size_t num_bytes;
    char *text = (char *)kata_read_file(path, &num_bytes);
    cJSON *json = cJSON_Parse(text);
    if (!json) fail_msg("%s is no JSON", path);
    cJSON_Delete(json);
    free(text);
}

static void expect_no_process(void)
{
    pid_t pids[8];
    for (int32_t i = 0; i < 400; i++) {
        if (find_processes(pids, 8) == 0) return;
        nap(0.01); /* an actor is ended by the kernel when its parent is gone */
    }
    fail_msg("process %d is left", (int)pids[0]);
}

/* Everything that was saved is there, whole. */
static void expect_sound_folder(course_t *course, bool was_saved)
{
    agent_t *agent;
    agent_stats_t stats;
    why_t why;
    if (!was_saved && !kata_exists(kata_path("killed/agent.safetensors"))) return;
    if (agent_load(&agent, kata_path("killed/agent.safetensors"), 2, false, NULL, 0, why) !=
        AGENT_OK)
        fail_msg("%s", why);
    if (kata_exists(kata_path("killed/replay.kata")) &&
        agent_load_replay(agent, kata_path("killed/replay.kata"), why) != AGENT_OK)
        fail_msg("%s", why);
    agent_get_stats(agent, &stats);
    agent_destroy(agent);
    if (stats.decisions < course->decisions)
        fail_msg("%llu decisions were saved, %llu are left", (unsigned long long)course->decisions,
                 (unsigned long long)stats.decisions);
    course->decisions = stats.decisions;
    expect_json(kata_path("killed/train.state"));
    expect_json(kata_path("killed/preset.json"));
}

static pid_t an_actor(const kata_job_t *job, course_t *course)
{
    pid_t pids[8], actors[8];
    int32_t count = 0;
    const int32_t all = find_processes(pids, 8);
    for (int32_t i = 0; i < all; i++)
        if (pids[i] != job->pid) actors[count++] = pids[i];
    return count ? actors[splitmix_below(&course->random, (uint32_t)count)] : 0;
}

static void kill_once(course_t *course)
{
    static const int signals[3] = { SIGTERM, SIGINT, SIGHUP };
    kata_job_t job;
    char name[256];
    const double saved_before = saved_at_s();
    const bool was_saved = saved_before > 0;
    const uint32_t dice = splitmix_below(&course->random, 10);
    const int kind = dice < 6 ? KILL_TRAINER : dice < 8 ? KILL_ACTOR : SIGNAL_TRAINER;
    start(&job);
    /* Once it has saved (each second time, where there is a save already, at any moment). */
    const bool waits = !was_saved || splitmix_below(&course->random, 2);
    for (int32_t i = 0; waits && i < 6000 && saved_at_s() <= saved_before; i++) nap(0.005);
    nap((double)splitmix_below(&course->random, 1000) / 1000);

    if (kind == KILL_ACTOR) {
        const pid_t actor = an_actor(&job, course);
        if (actor > 0) kill(actor, SIGKILL);
        nap(0.3);
    }
    const double seen_save = saved_at_s();
    if (kind == KILL_TRAINER)
        kill(job.pid, SIGKILL);
    else
        kill(job.pid, signals[splitmix_below(&course->random, 3)]);
    const double killed_at = now_s();
    kata_end(&job, &r);
    course->kills[kind]++;
    if (kind == KILL_TRAINER) {
        kata_expect(&r, 128 + SIGKILL);
        course->in_a_save += kata_finds(kata_path("killed"), "agent.safetensors.tmp-", name);
        if (seen_save > saved_before && seen_save > 0) {
            const double lost = killed_at - saved_at_s();
            if (lost > course->most_lost_s) course->most_lost_s = lost;
            course->num_lost++;
            if (lost > SAVE_EVERY_S + MOST_LATE_S) fail_msg("%.1f s were lost", lost);
        }
    } else if (kind == KILL_ACTOR && r.status == 1 && seen_save <= saved_before) {
        kata_expect_err(&r, "crashed with SIGKILL"); /* before it had begun: that is said */
    } else if (r.status != 128 + SIGTERM && r.status != 128 + SIGINT && r.status != 128 + SIGHUP) {
        kata_expect(&r, 130); /* (before it listens to signals it ends by them) */
        kata_expect_out(&r, "Interrupted and saved in ");
        if (saved_at_s() < killed_at - 0.1) fail_msg("a signal did not save");
        assert_false(kata_finds(kata_path("killed"), "agent.safetensors.tmp-", name));
        assert_false(kata_finds(kata_path("killed"), "replay.kata.tmp-", name));
    }
    if (strstr(r.err, "damaged") || strstr(r.err, "went back")) fail_msg("%s", r.err);
    expect_no_process();
    expect_sound_folder(course, was_saved);
}

static void test_kills_at_random_moments_lose_nothing_that_was_saved(void **state)
{
    (void)state;
    const char *asked = getenv("KATA_KILLS");
    const int32_t count = asked ? atoi(asked) : 20;
    course_t course = { .random = (uint64_t)time(NULL) };
    printf("seed %llu\n", (unsigned long long)course.random);
    for (int32_t i = 0; i < count; i++) {
        kill_once(&course);
        if (i % 50 == 49)
            fprintf(stderr, "%d kills, %llu decisions\n", i + 1,
                    (unsigned long long)course.decisions);
    }

    /* What the last of them left is swept by the next training. */
    kata_run(&r, (const char *const[]){ "train", kata_rom(), "--dir", kata_path("killed"),
                                        "--workers", "2", "--decisions", "5", "--keep-replay",
                                        "--eval-episodes", "0", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from ");
    static const char *const names[] = { "agent.safetensors.tmp-", "replay.kata.tmp-",
                                         "train.state.tmp-", "preset.json.tmp-" };
    char name[256];
    for (int32_t i = 0; i < 4; i++) assert_false(kata_finds(kata_path("killed"), names[i], name));
    expect_no_process();
    assert_false(kata_finds("/dev/shm", "kata", name));
    printf("kills: %d of the trainer (%d while it saved), %d of an actor, %d signals; %llu "
           "decisions; lost since the last save at most %.2f s of %d kills, saves every %s s\n",
           course.kills[KILL_TRAINER], course.in_a_save, course.kills[KILL_ACTOR],
           course.kills[SIGNAL_TRAINER], (unsigned long long)course.decisions, course.most_lost_s,
           course.num_lost, SAVE_EVERY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kills_at_random_moments_lose_nothing_that_was_saved),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
