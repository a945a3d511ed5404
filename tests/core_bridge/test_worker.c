/* test_worker.c - worker processes: requests, every way to die, last words, restarts. */
#define _GNU_SOURCE
#include "setup.h"

#include "worker.h"
#include "why.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

typedef struct {
    char order[32];
    int32_t number;
    int32_t requests; /* survives a restart */
    int32_t open_files;
    int32_t pid;
} shared_t;

static int32_t count_open_files(void)
{
    int32_t count = 0;
    for (int fd = 0; fd < 1024; fd++) count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void body(worker_child_t *child, void *memory, void *argument)
{
    shared_t *const shared = memory;
    int32_t own = *(int32_t *)argument; /* starts anew in each child */
    shared->pid = getpid();
    while (worker_next(child)) {
        shared->requests++;
        shared->number = ++own;
        if (strcmp(shared->order, "abort") == 0) abort();
        if (strcmp(shared->order, "segv") == 0) raise(SIGSEGV);
        if (strcmp(shared->order, "exit") == 0) exit(7);
        if (strcmp(shared->order, "return") == 0) return;
        if (strcmp(shared->order, "fail") == 0) worker_fail(child, "the game\nhas no lives left\n");
        if (strcmp(shared->order, "hang") == 0)
            for (;;) pause();
        if (strcmp(shared->order, "close") == 0) {
            for (int fd = 0; fd < 64; fd++) close(fd);
            for (;;) pause();
        }
        if (strcmp(shared->order, "files") == 0) shared->open_files = count_open_files();
        worker_reply(child);
    }
}

static int32_t start_number = 100;

static worker_t *start(void)
{
    why_t why = "";
    worker_t *worker;
    if (worker_start(&worker, sizeof(shared_t), body, &start_number, "fake playing a game", why) !=
        WORKER_OK)
        fail_msg("%s", why);
    return worker;
}

static worker_status_t ask(worker_t *worker, const char *order, char *why)
{
    shared_t *const shared = worker_shared(worker);
    snprintf(shared->order, sizeof shared->order, "%s", order);
    worker_post(worker);
    return worker_wait(worker, 5000, why);
}

static void test_requests_and_replies(void **state)
{
    (void)state;
    worker_t *const worker = start();
    const shared_t *const shared = worker_shared(worker);
    assert_int_equal(shared->requests, 0); /* zeroed */
    for (int32_t i = 1; i <= 1000; i++) {
        assert_int_equal(ask(worker, "", NULL), WORKER_OK);
        assert_int_equal(shared->number, 100 + i);
    }
    assert_int_not_equal(shared->pid, getpid());
    assert_int_equal(worker_restarts(worker), 0);
    worker_stop(worker);
    worker_stop(NULL);
}

static void test_every_way_to_die_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *order, *sentence;
    } deaths[] = {
        { "abort", "fake playing a game: crashed with SIGABRT (Aborted)" },
        { "segv", "fake playing a game: crashed with SIGSEGV (Segmentation fault)" },
        { "exit", "fake playing a game: ended with exit code 7 without a reply" },
        { "return", "fake playing a game: ended with exit code 0 without a reply" },
        { "fail", "fake playing a game: the game has no lives left" },
        { "close", "fake playing a game: crashed with SIGKILL" }, /* hung up but alive: killed */
    };
    for (size_t i = 0; i < sizeof deaths / sizeof deaths[0]; i++) {
        why_t why = "";
        worker_t *const worker = start();
        assert_int_equal(ask(worker, deaths[i].order, why), WORKER_DIED);
        assert_sentence(why, deaths[i].sentence);
        /* Asking again is no trap: it stays dead, with the same sentence. */
        assert_int_equal(ask(worker, "", why), WORKER_DIED);
        assert_sentence(why, deaths[i].sentence);
        worker_stop(worker);
    }
}

static void test_restart_keeps_memory_and_starts_afresh(void **state)
{
    (void)state;
    worker_t *const worker = start();
    const shared_t *const shared = worker_shared(worker);
    for (uint32_t i = 1; i <= 3; i++) {
        assert_int_equal(ask(worker, "", NULL), WORKER_OK);
        assert_int_equal(ask(worker, "segv", NULL), WORKER_DIED);
        assert_int_equal(worker_restart(worker, NULL), WORKER_OK);
        assert_int_equal(worker_restarts(worker), i);
        assert_int_equal(shared->requests, 2 * (int32_t)i);
        assert_int_equal(ask(worker, "", NULL), WORKER_OK);
        assert_int_equal(shared->number, 101); /* the argument, forked again */
        ((shared_t *)worker_shared(worker))->requests--;
    }
    assert_int_equal(worker_restart(worker, NULL), WORKER_OK); /* of one that lives, too */
    assert_int_equal(ask(worker, "", NULL), WORKER_OK);
    worker_stop(worker);
}

static void test_last_words_are_said_once(void **state)
{
    (void)state;
    why_t why = "";
    worker_t *const worker = start();
    assert_int_equal(ask(worker, "fail", why), WORKER_DIED);
    assert_sentence(why, "has no lives left");
    assert_int_equal(worker_restart(worker, why), WORKER_OK);
    assert_int_equal(ask(worker, "exit", why), WORKER_DIED);
    assert_sentence(why, "ended with exit code 7 without a reply");
    worker_stop(worker);
}

static void test_timeout_then_restart(void **state)
{
    (void)state;
    why_t why = "";
    worker_t *const worker = start();
    shared_t *const shared = worker_shared(worker);
    snprintf(shared->order, sizeof shared->order, "hang");
    worker_post(worker);
    assert_int_equal(worker_wait(worker, 30, why), WORKER_TIMEOUT);
    assert_sentence(why, "fake playing a game: no reply within 30 ms");
    assert_int_equal(worker_restart(worker, why), WORKER_OK);
    assert_int_equal(ask(worker, "", why), WORKER_OK);
    worker_stop(worker);
}

static void test_a_worker_killed_from_outside(void **state)
{
    (void)state;
    why_t why = "";
    worker_t *const worker = start();
    assert_int_equal(ask(worker, "", why), WORKER_OK);
    const pid_t pid = ((shared_t *)worker_shared(worker))->pid;
    assert_true(pid > 0); /* 0 would be all of us */
    kill(pid, SIGKILL);
    assert_int_equal(ask(worker, "", why), WORKER_DIED);
    assert_sentence(why, "crashed with SIGKILL");
    worker_stop(worker);
}

static void test_many_workers_and_the_death_of_one(void **state)
{
    (void)state;
    enum { COUNT = 5 };
    worker_t *workers[COUNT];
    for (int i = 0; i < COUNT; i++) workers[i] = start();
    for (int i = 0; i < COUNT; i++) worker_post(workers[i]);
    for (int i = COUNT - 1; i >= 0; i--)
        assert_int_equal(worker_wait(workers[i], 5000, NULL), WORKER_OK);
    /* The others do not hold its socket open, so its death is noticed at once. */
    shared_t *const shared = worker_shared(workers[1]);
    snprintf(shared->order, sizeof shared->order, "abort");
    worker_post(workers[1]);
    assert_int_equal(worker_wait(workers[1], 5000, NULL), WORKER_DIED);
    for (int i = 0; i < COUNT; i++) worker_stop(workers[i]);
}

static void test_the_child_keeps_no_files_of_the_parent(void **state)
{
    (void)state;
    const int file = open("/dev/null", O_RDONLY);
    worker_t *const worker = start(), *const second = start();
    assert_int_equal(ask(second, "files", NULL), WORKER_OK);
    assert_int_equal(((shared_t *)worker_shared(second))->open_files, 4); /* 0, 1, 2, its socket */
    worker_stop(worker);
    worker_stop(second);
    close(file);
}

static bool is_alive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

static void test_stop_leaves_no_process(void **state)
{
    (void)state;
    const char *const orders[] = { "", "hang" };
    for (int i = 0; i < 2; i++) {
        worker_t *const worker = start();
        shared_t *const shared = worker_shared(worker);
        assert_int_equal(ask(worker, "", NULL), WORKER_OK);
        const pid_t pid = shared->pid;
        snprintf(shared->order, sizeof shared->order, "%s", orders[i]);
        worker_post(worker);
        worker_stop(worker);
        assert_false(is_alive(pid));
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no zombies */
}

/* A parent that is killed takes its workers along. */
static void test_workers_die_with_their_parent(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const pid_t parent = fork();
    if (parent == 0) {
        worker_t *const worker = start();
        shared_t *const shared = worker_shared(worker);
        if (ask(worker, "", NULL) != WORKER_OK) _exit(1);
        const int32_t pid = shared->pid;
        snprintf(shared->order, sizeof shared->order, "hang");
        worker_post(worker);
        if (write(ends[1], &pid, sizeof pid) != sizeof pid) _exit(1);
        for (;;) pause();
    }
    int32_t worker_pid = 0;
    assert_int_equal(read(ends[0], &worker_pid, sizeof worker_pid), sizeof worker_pid);
    assert_true(is_alive(worker_pid));
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    for (int i = 0; i < 500 && is_alive(worker_pid); i++) {
        char path[64], line[256] = "";
        snprintf(path, sizeof path, "/proc/%d/stat", (int)worker_pid);
        FILE *const file = fopen(path, "r"); /* an orphan may stay a zombie for a while: state Z */
        if (!file) break;
        const bool is_zombie = fgets(line, sizeof line, file) && strstr(line, ") Z ");
        fclose(file);
        if (is_zombie) break;
        usleep(10000);
        assert_true(i < 499);
    }
    close(ends[0]);
    close(ends[1]);
}

static void *spin(void *stop)
{
    while (!__atomic_load_n((bool *)stop, __ATOMIC_RELAXED)) free(malloc(100));
    return NULL;
}

/* A learner thread may be inside malloc while a worker is forked. */
static void test_fork_beside_a_busy_thread(void **state)
{
    (void)state;
    bool stop = false;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, spin, &stop), 0);
    for (int i = 0; i < 20; i++) {
        worker_t *const worker = start();
        assert_int_equal(ask(worker, "", NULL), WORKER_OK);
        worker_stop(worker);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
}

/* ---- a real use: a core that crashes ---- */

typedef struct {
    char script[64];
    int32_t frames;
} game_t;

static void play(worker_child_t *child, void *memory, void *argument)
{
    (void)argument;
    game_t *const game = memory;
    char content[80];
    why_t why;
    bridge_t *bridge;
    const bridge_config_t config = { .core_path = fake_path("plain") };
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK) worker_fail(child, why);
    const int bytes = snprintf(content, sizeof content, "FAKE %s", game->script);
    if (bridge_load(bridge, NULL, content, (size_t)bytes, why) != BRIDGE_OK)
        worker_fail(child, why);
    while (worker_next(child)) {
        bridge_run_frame(bridge, NULL);
        game->frames++;
        worker_reply(child);
    }
    bridge_close(bridge);
}

static void test_a_core_that_crashes_is_reported_and_started_again(void **state)
{
    (void)state;
    why_t why = "";
    worker_t *worker;
    assert_int_equal(worker_start(&worker, sizeof(game_t), play, NULL, "Fake Core", why),
                     WORKER_OK);
    game_t *const game = worker_shared(worker);
    snprintf(game->script, sizeof game->script, "crash_at=5");
    assert_int_equal(worker_restart(worker, why), WORKER_OK);
    for (int i = 1; i < 5; i++) {
        worker_post(worker);
        assert_int_equal(worker_wait(worker, 5000, why), WORKER_OK);
    }
    worker_post(worker);
    assert_int_equal(worker_wait(worker, 5000, why), WORKER_DIED);
    assert_sentence(why, "Fake Core: crashed with SIGABRT");
    assert_int_equal(game->frames, 4);

    snprintf(game->script, sizeof game->script, "refuse log=broken_rom");
    assert_int_equal(worker_restart(worker, why), WORKER_OK);
    worker_post(worker);
    assert_int_equal(worker_wait(worker, 5000, why), WORKER_DIED);
    assert_sentence(why, "Fake Core: the content: Fake Core does not open it: [fake] broken_rom");

    game->script[0] = '\0';
    assert_int_equal(worker_restart(worker, why), WORKER_OK);
    worker_post(worker);
    assert_int_equal(worker_wait(worker, 5000, why), WORKER_OK);
    worker_stop(worker);
}

static void test_too_much_memory(void **state)
{
    (void)state;
    why_t why = "";
    worker_t *worker = (worker_t *)why;
    assert_int_equal(worker_start(&worker, SIZE_MAX / 2, body, &start_number, "huge", why),
                     WORKER_NO_MEMORY);
    assert_null(worker);
    assert_sentence(why, "huge: no memory for");
    assert_int_equal(worker_start(&worker, SIZE_MAX, body, &start_number, "huge", why),
                     WORKER_NO_MEMORY);
    fail_allocation(1);
    assert_int_equal(worker_start(&worker, 10, body, &start_number, "small", why),
                     WORKER_NO_MEMORY);
    fail_allocation(0);
    assert_sentence(why, "small: no memory for a worker");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_and_replies),
        cmocka_unit_test(test_every_way_to_die_is_told),
        cmocka_unit_test(test_restart_keeps_memory_and_starts_afresh),
        cmocka_unit_test(test_last_words_are_said_once),
        cmocka_unit_test(test_timeout_then_restart),
        cmocka_unit_test(test_a_worker_killed_from_outside),
        cmocka_unit_test(test_many_workers_and_the_death_of_one),
        cmocka_unit_test(test_the_child_keeps_no_files_of_the_parent),
        cmocka_unit_test(test_stop_leaves_no_process),
        cmocka_unit_test(test_workers_die_with_their_parent),
        cmocka_unit_test(test_fork_beside_a_busy_thread),
        cmocka_unit_test(test_a_core_that_crashes_is_reported_and_started_again),
        cmocka_unit_test(test_too_much_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
