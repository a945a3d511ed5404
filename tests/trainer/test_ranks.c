/* test_ranks.c - `mpirun -n 3 kata train`: one rank learns, two act; what is saved, the loss of an
 * actor, of a rank and of one that hangs; decisions per second beside shared memory, printed.
 *
 * On this machine alone. Skipped, with its reason, where MPI is not installed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "agent.h"
#include "common_gradient.h"
#include "digest.h"
#include "home.h"
#include "kata.h"

static kata_run_t r;
static char program[HOME_PATH_BYTES + 8];

static const char *const three_ranks[] = { "mpirun", "--oversubscribe", "-n", "3", program, NULL };
static const char *const four_ranks[] = { "mpirun", "--oversubscribe", "-n", "4", program, NULL };
static const char *const five_ranks[] = { "mpirun", "--oversubscribe", "-n", "5", program, NULL };
#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define TRAIN(dir, ...)                                                                            \
    "train", kata_rom(), "--dir", dir, "--workers", "1", "--warmup", "100", "--eval-episodes",     \
        "0", __VA_ARGS__

static bool is_there(void)
{
    char at[HOME_PATH_BYTES + 16];
    for (const char *c = getenv("PATH"); c && *c; c += *c == ':') {
        const int length = (int)strcspn(c, ":");
        snprintf(at, sizeof at, "%.*s/mpirun", length, c);
        if (access(at, X_OK) == 0) return access(program, X_OK) == 0;
        c += length;
    }
    return false;
}

static int setup(void **state)
{
    /* As root mpirun wants to be told that it is meant; in a container it may not read another
     * process's memory. */
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 1);
    snprintf(program, sizeof program, "%s-mpi", kata_program());
#ifdef __SANITIZE_ADDRESS__ /* Open MPI keeps memory of modules that it unloads */
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
#endif
    return kata_setup(state);
}

/* Under mpirun; skipped where there is none. */
static void by(const char *const *words)
{
    if (!is_there()) {
        print_message("skipped: libopenmpi-dev and openmpi-bin are not installed\n");
        skip();
    }
    kata_program_is(words);
}

static void nap(int32_t ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

/* ---- processes ---- */

static bool read_proc(pid_t pid, const char *name, char *text, size_t text_bytes)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    text[fread(text, 1, text_bytes - 1, file)] = '\0';
    fclose(file);
    return true;
}

static pid_t parent_of(pid_t pid)
{
    char text[512];
    if (!read_proc(pid, "stat", text, sizeof text)) return 0;
    const char *at = strrchr(text, ')');
    int parent = 0;
    char state;
    return at && sscanf(at + 1, " %c %d", &state, &parent) == 2 && state != 'Z' ? parent : 0;
}

/* The rank-th child of mpirun, or (rank < 0) any child of `parent`; 0: there is none. */
static pid_t child_of(pid_t parent, int rank)
{
    static char environment[65536];
    char wanted[64];
    snprintf(wanted, sizeof wanted, "OMPI_COMM_WORLD_RANK=%d", rank);
    DIR *proc = opendir("/proc");
    assert_non_null(proc);
    pid_t found = 0;
    for (struct dirent *entry; !found && (entry = readdir(proc));) {
        const pid_t pid = (pid_t)atoi(entry->d_name);
        if (!isdigit((unsigned char)entry->d_name[0]) || parent_of(pid) != parent) continue;
        bool is_it = rank < 0;
        if (!is_it && read_proc(pid, "environ", environment, sizeof environment))
            for (const char *c = environment; !is_it && *c; c += strlen(c) + 1)
                is_it = strcmp(c, wanted) == 0;
        if (is_it) found = pid;
    }
    closedir(proc);
    return found;
}

static void wait_for_file(const char *path)
{
    for (int32_t i = 0; i < 18000 && !kata_exists(path); i++) nap(10);
    if (!kata_exists(path)) fail_msg("%s has not come within three minutes", path);
}

/* Nobody is left, whose work is on this ROM and folder. */
static void expect_nobody(const char *dir)
{
    static char words[65536], left_over[512];
    for (int32_t i = 0; i < 100; i++, nap(50)) {
        DIR *proc = opendir("/proc");
        bool left = false;
        for (struct dirent *entry; (entry = readdir(proc));) {
            char path[300];
            snprintf(path, sizeof path, "/proc/%.200s/cmdline", entry->d_name);
            FILE *file = isdigit((unsigned char)entry->d_name[0]) ? fopen(path, "rb") : NULL;
            if (!file) continue;
            const size_t n = fread(words, 1, sizeof words - 1, file);
            fclose(file);
            for (size_t c = 0; c < n; c++)
                if (!words[c]) words[c] = ' ';
            words[n] = '\0';
            if (!strstr(words, dir)) continue;
            left = true;
            snprintf(left_over, sizeof left_over, "%.20s: %.400s", entry->d_name, words);
        }
        closedir(proc);
        if (!left) return;
    }
    fail_msg("five seconds after its end a process of the run is still there: %s", left_over);
}

static double number_in_state(const char *dir, const char *key)
{
    char path[512];
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/train.state", dir);
    char *text = (char *)kata_read_file(path, &num_bytes);
    cJSON *state = cJSON_Parse(text);
    const cJSON *item = cJSON_GetObjectItem(state, key);
    if (!cJSON_IsNumber(item)) fail_msg("%s: no %s", path, key);
    const double number = item->valuedouble;
    cJSON_Delete(state);
    free(text);
    return number;
}

/* ---- tests ---- */

static void test_three_ranks_learn_save_and_go_on(void **state)
{
    (void)state;
    by(three_ranks);
    const char *dir = kata_path("ranks");
    RUN(&r, TRAIN(dir, "--decisions", "600"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Rank 0 of 3 learns; the others act with 2 workers in all.");
    kata_expect_out(&r, "600 decisions and ");
    kata_expect_out(&r, "Saved in ");
    /* One rank speaks. */
    assert_null(strstr(strstr(r.out, "Rank 0 of 3") + 1, "Rank 0 of 3"));
    assert_true(number_in_state(dir, "decisions") == 600);
    /* One update for four decisions after the warm-up, exactly: the last ones may be owed. */
    const double updates = number_in_state(dir, "updates");
    if (!(updates >= 100 && updates <= 126)) fail_msg("%g updates for 500 decisions", updates);
    assert_true(number_in_state(dir, "frames") > 600);

    RUN(&r, TRAIN(dir, "--decisions", "100"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from 600 decisions");
    assert_true(number_in_state(dir, "decisions") == 700);
    expect_nobody(dir);

    /* The same folder without MPI: nothing in it is of another kind. */
    kata_program_is(NULL);
    RUN(&r, TRAIN(dir, "--decisions", "50"));
    kata_expect(&r, 0);
    assert_true(number_in_state(dir, "decisions") == 750);
}

static void test_rounds_for_the_record_are_played_by_rank_0(void **state)
{
    (void)state;
    by(three_ranks);
    const char *dir = kata_path("rounds");
    RUN(&r, "train", kata_rom(), "--dir", dir, "--workers", "1", "--decisions", "40",
        "--eval-episodes", "2");
    kata_expect(&r, 0);
    kata_expect_out(&r, "of 2 rounds");
}

static void test_a_dead_actor_is_started_again_by_its_rank(void **state)
{
    (void)state;
    by(three_ranks);
    kata_job_t job;
    const char *dir = kata_path("actor");
    kata_start(&job,
               (const char *const[]){ TRAIN(dir, "--minutes", "10", "--save-every", "0.5"), NULL });
    wait_for_file(kata_path("actor/agent.safetensors"));
    const pid_t actor = child_of(child_of(job.pid, 2), -1);
    assert_true(actor > 0);
    kill(actor, SIGKILL);
    for (int32_t i = 0; i < 600 && !(i % 20 == 0 && number_in_state(dir, "crashes") == 1); i++)
        nap(100);
    assert_true(number_in_state(dir, "crashes") == 1);
    assert_true(child_of(child_of(job.pid, 2), -1) > 0);
    kill(job.pid, SIGTERM); /* a person's Ctrl-C at mpirun */
    kata_end(&job, &r);
    kata_expect_err(&r, "rank 2 on ");
    kata_expect_err(&r, "crashed with SIGKILL");
    expect_nobody(dir);
}

/* What Kata has to do ends with its rank 0; Open MPI's mpirun may then still wait for one that was
 * stopped. */
static void end_ranks(const kata_job_t *job, int num_ranks)
{
    if (kata_ends_within(job, 150)) return;
    kata_peek(job, &r);
    if (child_of(job->pid, 0) > 0) fail_msg("rank 0 has not ended\nerr: %s", r.err);
    print_message("mpirun has not ended after its rank 0: killed\n");
    for (int rank = 1; rank < num_ranks; rank++) {
        const pid_t pid = child_of(job->pid, rank);
        if (pid > 0) kill(pid, SIGKILL);
    }
    kill(job->pid, SIGKILL);
}

/* `how` is sent to that rank; the sentence comes, and the run goes on from what was saved. */
static void lose(const char *const *words, const char *learners, const char *name, int number,
                 int how, const char *sentence)
{
    by(words);
    kata_job_t job;
    char agent[300], rank_on[16];
    const char *dir = kata_path(name);
    snprintf(agent, sizeof agent, "%s/agent.safetensors", name);
    snprintf(rank_on, sizeof rank_on, "rank %d on ", number);
    /* A second after one rank ended mpirun kills the others, rank 0 in its sentence where the
     * processors are shared (Open MPI 4, 5). */
    setenv("OMPI_MCA_odls_base_sigkill_timeout", "4", 1);
    setenv("PRTE_MCA_odls_base_sigkill_timeout", "4", 1);
    kata_start(&job, (const char *const[]){ TRAIN(dir, "--learners", learners, "--minutes", "10",
                                                  "--save-every", "0.5"),
                                            NULL });
    wait_for_file(kata_path(agent));
    const double saved = number_in_state(dir, "decisions");
    const pid_t rank = child_of(job.pid, number);
    assert_true(rank > 0);
    kill(rank, how);
    end_ranks(&job, atoi(words[3]));
    kata_end(&job, &r);
    unsetenv("OMPI_MCA_odls_base_sigkill_timeout");
    unsetenv("PRTE_MCA_odls_base_sigkill_timeout");
    assert_int_not_equal(r.status, 0);
    kata_expect_err(&r, rank_on);
    kata_expect_err(&r, sentence);
    kata_expect_err(&r, "goes on from what is saved");
    expect_nobody(dir);
    RUN(&r, TRAIN(dir, "--learners", learners, "--decisions", "20"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from ");
    assert_true(number_in_state(dir, "decisions") >= saved + 20);
}

static void lose_a_rank(const char *name, int how, const char *sentence)
{
    lose(three_ranks, "1", name, 2, how, sentence);
}

static void test_a_lost_rank_ends_the_run_with_a_sentence(void **state)
{
    (void)state;
    lose_a_rank("lost", SIGKILL, "is lost: its process has ended");
}

static void test_a_rank_that_hangs_is_lost(void **state)
{
    (void)state;
    lose_a_rank("hangs", SIGSTOP, "is lost: nothing was heard of it for 15 s");
}

static void test_what_a_rank_cannot_do_is_said(void **state)
{
    (void)state;
    by(three_ranks);
    RUN(&r, TRAIN(kata_path("bad"), "--core", kata_fake_core("nowhere")));
    assert_int_not_equal(r.status, 0);
    kata_expect_err(&r, "nowhere");
    RUN(&r, TRAIN(kata_path("bad"), "--repeatable"));
    assert_int_not_equal(r.status, 0);
    kata_expect_err(&r, "repeatable");
    expect_nobody(kata_path("bad"));
}

/* The checksums that the learners gave of their weights; all the same. */
static unsigned learners_checksum(void)
{
    static const char said[] = "The same weights in 2 learners, by their checksums: ";
    unsigned first = 0, second = 1;
    const char *at = strstr(r.out, said);
    if (!at || sscanf(at + sizeof said - 1, "%8x %8x", &first, &second) != 2)
        fail_msg("no two checksums in: %s", r.out);
    assert_true(first == second);
    return first;
}

static unsigned checksum_of_saved(const char *dir)
{
    char path[512];
    why_t why;
    agent_t *agent;
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/agent.safetensors", dir);
    if (agent_load(&agent, path, 1, false, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    const uint8_t *bytes = agent_weight_bytes(agent, &num_bytes);
    const unsigned checksum = digest_crc32(bytes, num_bytes);
    agent_destroy(agent);
    return checksum;
}

static void test_two_learners_learn_the_same_and_go_on(void **state)
{
    (void)state;
    by(four_ranks);
    const char *dir = kata_path("learners");
    RUN(&r, TRAIN(dir, "--learners", "2", "--decisions", "60"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Ranks 0 to 1 of 4 learn together, the others act with 2 workers in all");
    const unsigned before = learners_checksum();
    assert_true(number_in_state(dir, "updates") == 0);
    assert_int_equal(before, checksum_of_saved(dir));

    RUN(&r, TRAIN(dir, "--learners", "2", "--decisions", "600"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from ");
    const unsigned after = learners_checksum();
    assert_int_not_equal(after, before);
    assert_int_equal(after, checksum_of_saved(dir));
    /* Decisions are those of both; each owes an update for two of its own, after 100 of its own.
     */
    const double decisions = number_in_state(dir, "decisions");
    const double updates = number_in_state(dir, "updates");
    if (!(decisions >= 660 && decisions <= 676)) fail_msg("%g decisions", decisions);
    if (!(updates >= 80 && updates <= 104)) fail_msg("%g updates for 400 decisions", updates);
    expect_nobody(dir);

    /* Two go on with what they have learned: the second has it from the first. */
    RUN(&r, TRAIN(dir, "--learners", "2", "--decisions", "400"));
    kata_expect(&r, 0);
    assert_int_not_equal(learners_checksum(), after);
    expect_nobody(dir);
    const double decisions_after = number_in_state(dir, "decisions");

    /* So does one alone. */
    kata_program_is(NULL);
    RUN(&r, TRAIN(dir, "--decisions", "50"));
    kata_expect(&r, 0);
    assert_true(number_in_state(dir, "decisions") == decisions_after + 50);
}

static void test_a_lost_learner_ends_the_run_with_a_sentence(void **state)
{
    (void)state;
    lose(four_ranks, "2", "lost-learner", 1, SIGKILL, "is lost: its process has ended");
}

static void test_a_learner_that_hangs_is_lost(void **state)
{
    (void)state;
    lose(four_ranks, "2", "learner-hangs", 1, SIGSTOP, "for 15 s");
}

/* What it had to do is done, but it never comes to the end. */
static void stop_at_the_end(const char *const *words, const char *learners, const char *name,
                            int number, const char *until)
{
    by(words);
    kata_job_t job;
    const char *dir = kata_path(name);
    kata_start(&job, (const char *const[]){ "train", kata_rom(), "--dir", dir, "--workers", "1",
                                            "--learners", learners, "--decisions", "20",
                                            "--eval-episodes", "20", NULL });
    r.out[0] = '\0';
    for (int32_t i = 0; i < 18000 && !strstr(r.out, until); i++, nap(10)) kata_peek(&job, &r);
    const pid_t rank = child_of(job.pid, number);
    assert_true(rank > 0);
    kill(rank, SIGSTOP);
    end_ranks(&job, atoi(words[3]));
    kata_end(&job, &r);
    assert_int_not_equal(r.status, 0);
    kata_expect_out(&r, "of 20 rounds");
    expect_nobody(dir);
    assert_true(number_in_state(dir, "decisions") >= 20);
}

static void test_a_rank_that_hangs_at_the_end_is_ended(void **state)
{
    (void)state;
    stop_at_the_end(three_ranks, "1", "end", 2, "Saved in ");
    kata_expect_err(&r, "not all ranks have come to the end within 30 s: they are ended");
}

/* It may have come to MPI's own end, where nothing can be said any more. */
static void test_a_learner_that_hangs_at_the_end_is_ended(void **state)
{
    (void)state;
    stop_at_the_end(four_ranks, "2", "learner-end", 1, "The same weights in 2 learners");
}

static void test_a_rank_that_acts_for_another_learner_is_named(void **state)
{
    (void)state;
    lose(four_ranks, "2", "acts-for-1", 3, SIGKILL, "is lost: its process has ended");
}

static void test_what_several_learners_cannot_do_is_said(void **state)
{
    (void)state;
    const char *dir = kata_path("bad-learners");
    kata_program_is(NULL);
    RUN(&r, TRAIN(dir, "--learners", "2"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "--learners: 2 learners are ranks of an `mpirun -n 4` or more");
    by(three_ranks);
    RUN(&r, TRAIN(dir, "--learners", "2"));
    assert_int_not_equal(r.status, 0);
    kata_expect_err(&r, "each needs a rank or more that acts for it: `mpirun -n 4` or more, found "
                        "3 ranks");
    static const struct {
        const char *option, *value, *sentence;
    } bad[] = { { "--keep-replay", NULL, "--keep-replay would keep the first one's alone" },
                { "--device", "auto", "leave --device auto out" },
                { "--updates-per-decision", "0", "nothing is learned" },
                { "--similarity", "meta", "\"similarity_mode\" is meta" },
                { "--cooldown", "0.5", "2 learners step at one rate, which stays" },
                { "--repeatable", NULL, "repeatable" },
                { "--versus", "self", "ranks of mpirun do not share" } };
    by(four_ranks);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        RUN(&r, TRAIN(dir, "--learners", "2", bad[i].option, bad[i].value));
        assert_int_not_equal(r.status, 0);
        kata_expect_err(&r, bad[i].sentence);
    }
    expect_nobody(dir);
    assert_false(kata_exists(kata_path("bad-learners/agent.safetensors")));
}

static void test_without_mpi_mpirun_is_refused(void **state)
{
    (void)state;
    setenv("OMPI_COMM_WORLD_SIZE", "3", 1);
    kata_program_is(NULL);
    RUN(&r, TRAIN(kata_path("none"), "--decisions", "10"));
    unsetenv("OMPI_COMM_WORLD_SIZE");
    kata_expect(&r, 1);
    kata_expect_err(&r, "built without MPI");
    assert_false(kata_exists(kata_path("none")));
}

/* A ratio for the reader: what it is on a busy machine says nothing, so only that it is measured is
 * tested. */
static void test_decisions_beside_shared_memory(void **state)
{
    (void)state;
    by(five_ranks);
    RUN(&r, "bench", "mpi", kata_rom(), "--seconds", "2", "--json");
    kata_expect(&r, 0);
    char *line = r.out;
    for (int32_t ranks = 1; ranks <= 4; ranks *= 2) {
        cJSON *one = cJSON_ParseWithOpts(line, (const char **)&line, 0);
        if (!one) fail_msg("no object for %d ranks in: %s", ranks, r.out);
        const cJSON *ratio = cJSON_GetObjectItem(one, "ratio");
        assert_true(cJSON_IsNumber(ratio) && ratio->valuedouble > 0);
        print_message("decisions/s by %d acting ranks over shared memory: %.2f (aim: 0.9)\n", ranks,
                      ratio->valuedouble);
        cJSON_Delete(one);
    }
}

/* test_ranks PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_ranks_learn_save_and_go_on),
        cmocka_unit_test(test_rounds_for_the_record_are_played_by_rank_0),
        cmocka_unit_test(test_a_dead_actor_is_started_again_by_its_rank),
        cmocka_unit_test(test_a_lost_rank_ends_the_run_with_a_sentence),
        cmocka_unit_test(test_a_rank_that_hangs_is_lost),
        cmocka_unit_test(test_what_a_rank_cannot_do_is_said),
        cmocka_unit_test(test_two_learners_learn_the_same_and_go_on),
        cmocka_unit_test(test_a_lost_learner_ends_the_run_with_a_sentence),
        cmocka_unit_test(test_a_learner_that_hangs_is_lost),
        cmocka_unit_test(test_a_rank_that_hangs_at_the_end_is_ended),
        cmocka_unit_test(test_a_learner_that_hangs_at_the_end_is_ended),
        cmocka_unit_test(test_a_rank_that_acts_for_another_learner_is_named),
        cmocka_unit_test(test_what_several_learners_cannot_do_is_said),
        cmocka_unit_test(test_without_mpi_mpirun_is_refused),
        cmocka_unit_test(test_decisions_beside_shared_memory),
    };
    return cmocka_run_group_tests(tests, setup, kata_teardown);
}
