/* test_train.c - learning from the command line: saved, resumed, repeated, interrupted, killed,
 * crashed, out of disk. Kumite on a real core, with few and cheap updates. */
#include "kata.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
/* Cheap learning: it is the saving and going on that is tested here. */
#define CHEAP_BUT_BATCH "--warmup", "64", "--updates-per-decision", "0.05", "--replay", "4000"
#define CHEAP CHEAP_BUT_BATCH, "--batch", "2"
#define NO_EVALUATION "--eval-episodes", "0"

static kata_run_t r;

/* Kumite with short decisions: 2,000 of them are 4,000 frames. */
static const char *quick_preset(void)
{
    static const char from[] = "\"frame_skip\": 8", to[] = "\"frame_skip\": 2";
    size_t num_bytes;
    char *text = (char *)kata_read_file("presets/library/nes/Kumite.kata.json", &num_bytes);
    char *skip = strstr(text, from);
    assert_non_null(skip);
    memcpy(skip, to, sizeof to - 1);
    cJSON *preset = cJSON_Parse(text);
    assert_non_null(preset);
    cJSON_DeleteItemFromObject(cJSON_GetObjectItem(preset, "actions"), "macros");
    char *quick = cJSON_PrintUnformatted(preset);
    const char *path = kata_path("quick.json");
    kata_write_file(path, quick, strlen(quick));
    cJSON_free(quick);
    cJSON_Delete(preset);
    free(text);
    return path;
}

static void nap(double seconds)
{
    const struct timespec time = { (time_t)seconds, (long)(seconds * 1e9) % 1000000000 };
    nanosleep(&time, NULL);
}

static void test_trains_saves_goes_on_and_evaluates(void **state)
{
    (void)state;
    RUN(&r, "train", kata_rom(), "--workers", "1", "--decisions", "150", "--eval-episodes", "1",
        "--eval-every", "80", CHEAP);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Kumite on nestopia: 24 actions, 1 worker, start level1.\n");
    kata_expect_out(&r, "A new agent, kept in ");
    kata_expect_out(&r, "After 80 decisions: won ");
    kata_expect_out(&r, ": 150 decisions and ");
    kata_expect_out(&r, "Evaluation: won ");
    assert_null(strstr(r.out, "It has not learned yet"));
    char game[256], path[1024];
    assert_true(kata_finds(kata_path("home"), "nes-", game));
    static const char *const files[] = { "agent.safetensors", "train.state", "preset.json",
                                         "log.jsonl", "progress.png" };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/home/%s/%s", kata_dir(), game, files[i]);
        if (!kata_exists(path)) fail_msg("%s is missing", path);
    }

    RUN(&r, "train", kata_rom(), "--workers", "1", "--decisions", "50", "--net", "small",
        NO_EVALUATION);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from 150 decisions in ");
    kata_expect_out(&r,
                    "It has not learned yet: an update needs 64 decisions in the replay memory");
    snprintf(path, sizeof path, "%s/home/%s/train.state", kata_dir(), game);
    size_t num_bytes;
    char *text = (char *)kata_read_file(path, &num_bytes);
    cJSON *saved = cJSON_Parse(text);
    assert_int_equal(cJSON_GetObjectItem(saved, "decisions")->valueint, 200);
    cJSON_Delete(saved);
    free(text);

    /* What a saved agent was made with cannot be changed, and that is not passed over. */
    RUN(&r, "train", kata_rom(), "--workers", "1", "--decisions", "1", "--batch", "8");
    kata_expect(&r, 1);
    kata_expect_err(&r, "--batch is not what the saved agent was made with");

    RUN(&r, "identify", kata_rom());
    kata_expect_out(&r, "/agent.safetensors");
}

static void test_eyes_are_the_checkpoints(void **state)
{
    (void)state;
    char dir[1024], blind[1100], home[1100];
    snprintf(dir, sizeof dir, "%s/eyes", kata_dir());
    snprintf(blind, sizeof blind, "%s/blind.json", kata_dir());
    snprintf(home, sizeof home, "%s/preset.json", dir);
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "150", "--eyes",
        "variables", "--eval-episodes", "1", CHEAP);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Evaluation: won ");
    /* Going on and evaluating need not be told. */
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "20",
        NO_EVALUATION);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from 150 decisions in ");
    RUN(&r, "eval", kata_rom(), "--dir", dir, "--episodes", "1");
    kata_expect(&r, 0);
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "1", "--eyes",
        "both");
    kata_expect(&r, 1);
    kata_expect_err(&r, "--eyes is not what the saved agent was made with");
    /* A preset that lists others, one that lists none. */
    static const char list[] = "\"observe\": [", other[] = "\"ignored\": [";
    size_t num_bytes;
    char *text = (char *)kata_read_file(home, &num_bytes);
    char *range = strstr(text, "\"timer\", \"range\": [0, 60]");
    assert_non_null(range);
    range[21] = '1';
    kata_write_file(blind, text, num_bytes);
    RUN(&r, "eval", kata_rom(), "--dir", dir, "--preset", blind, "--episodes", "1");
    kata_expect(&r, 1);
    kata_expect_err(&r, "was trained to see other variables: its number 3 is timer from 0 to 60");
    char *at = strstr(text, list);
    assert_non_null(at);
    memcpy(at, other, sizeof other - 1);
    kata_write_file(blind, text, num_bytes);
    free(text);
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("none"), "--preset", blind,
        "--decisions", "1", "--eyes", "both");
    kata_expect(&r, 2);
    kata_expect_err(&r, "--eyes: the preset of Kumite lists no variables to be seen: write "
                        "\"observe\"");
}

static void test_eval_prints_json(void **state)
{
    (void)state;
    static const char *const players[] = { "agent", "random" };
    for (int i = 0; i < 2; i++) {
        RUN(&r, "eval", kata_rom(), "--who", players[i], "--episodes", "2", "--json", "--workers",
            "2");
        kata_expect(&r, 0);
        cJSON *json = cJSON_Parse(r.out);
        assert_non_null(json);
        assert_string_equal(cJSON_GetObjectItem(json, "who")->valuestring, players[i]);
        assert_int_equal(cJSON_GetObjectItem(json, "episodes")->valueint, 2);
        const int ended = cJSON_GetObjectItem(json, "won")->valueint +
                          cJSON_GetObjectItem(json, "lost")->valueint +
                          cJSON_GetObjectItem(json, "drawn")->valueint;
        assert_in_range(ended, 0, 2);
        const double rate = cJSON_GetObjectItem(json, "win_rate")->valuedouble;
        assert_true(cJSON_GetObjectItem(json, "win_low")->valuedouble <= rate);
        assert_true(cJSON_GetObjectItem(json, "win_high")->valuedouble >= rate);
        /* Every decision is one action's. */
        const cJSON *actions = cJSON_GetObjectItem(json, "actions"), *action;
        double sum = 0;
        cJSON_ArrayForEach(action, actions) sum +=
            cJSON_GetObjectItem(action, "count")->valuedouble;
        assert_int_equal(cJSON_GetArraySize(actions), 24);
        assert_true(sum > 10 && sum == cJSON_GetObjectItem(json, "decisions")->valuedouble);
        cJSON_Delete(json);
    }
    RUN(&r, "eval", kata_rom(), "--dir", kata_path("nobody"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "`kata train` makes an agent");
}

/* Training's evaluations are `kata eval`'s, a few of whose actions are random, where nothing else
 * was asked for; --epsilon 0 plays other rounds. */
static void test_a_few_actions_of_an_evaluation_are_random(void **state)
{
    (void)state;
    const char *dir = kata_path("a-few");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "100", "--seed",
        "5", "--eval-episodes", "3", CHEAP);
    kata_expect(&r, 0);
    const char *at = strstr(r.out, "Evaluation: won ");
    assert_non_null(at);
    char said[300];
    snprintf(said, sizeof said, "%.*s", (int)strcspn(at + 12, "\n"), at + 12);
#define EVALUATE(...)                                                                              \
    RUN(&r, "eval", kata_rom(), "--dir", dir, "--episodes", "3", "--seed", "1000005", __VA_ARGS__)
    EVALUATE("--epsilon", "0.03");
    kata_expect(&r, 0);
    kata_expect_out(&r, said);
    static const struct {
        const char *option, *value;
        double epsilon;
    } cases[] = { { NULL, NULL, 0.03 },
                  { "--epsilon", "0", 0 },
                  { "--temperature", "0.1", 0 },
                  { "--epsilon", "0.5", 0.5 } };
    char *played[4];
    for (size_t i = 0; i < 4; i++) {
        EVALUATE("--json", cases[i].option, cases[i].value);
        kata_expect(&r, 0);
        cJSON *json = cJSON_Parse(r.out);
        assert_non_null(json);
        assert_true(fabs(cJSON_GetObjectItem(json, "epsilon")->valuedouble - cases[i].epsilon) <
                    1e-4);
        played[i] = cJSON_PrintUnformatted(cJSON_GetObjectItem(json, "actions"));
        cJSON_Delete(json);
    }
    for (size_t i = 1; i < 4; i++) assert_string_not_equal(played[i], played[0]);
    for (size_t i = 0; i < 4; i++) free(played[i]);
#undef EVALUATE
}

static void start_quick(kata_job_t *job, const char *preset, const char *dir, const char *seed)
{
    kata_start(job, (const char *const[]){ "train", kata_rom(), "--preset", preset, "--dir", dir,
                                           "--decisions", "2000", "--repeatable", "--seed", seed,
                                           CHEAP, NO_EVALUATION, NULL });
}

static void test_the_same_seed_makes_the_same_bytes(void **state)
{
    (void)state;
    const char *preset = quick_preset();
    kata_job_t jobs[3];
    start_quick(&jobs[0], preset, kata_path("first"), "7");
    start_quick(&jobs[1], preset, kata_path("second"), "7");
    start_quick(&jobs[2], preset, kata_path("third"), "8");
    for (int i = 0; i < 3; i++) {
        kata_end(&jobs[i], &r);
        kata_expect(&r, 0);
        kata_expect_out(&r, ": 2,000 decisions and 9");
    }
    assert_true(kata_same_files(kata_path("first/agent.safetensors"),
                                kata_path("second/agent.safetensors")));
    assert_false(kata_same_files(kata_path("first/agent.safetensors"),
                                 kata_path("third/agent.safetensors")));
}

static void test_interrupting_saves_and_says_how_to_go_on(void **state)
{
    (void)state;
    kata_job_t job;
    kata_start(&job, (const char *const[]){ "train", kata_rom(), "--dir", kata_path("it's here"),
                                            "--minutes", "5", CHEAP, NULL });
    for (int i = 0; i < 2000 && !kata_exists(kata_path("it's here")); i++) nap(0.01);
    nap(0.7);
    kill(job.pid, SIGHUP);
    kata_end(&job, &r);
    kata_expect(&r, 130);
    kata_expect_out(&r, "Interrupted and saved in ");
    char line[1024];
    snprintf(line, sizeof line, "Go on with: kata train %s --dir '%s/it'\\''s here'\n", kata_rom(),
             kata_dir());
    kata_expect_out(&r, line);
    assert_true(kata_exists(kata_path("it's here/agent.safetensors")));
    assert_string_equal(r.err, "");

    kata_start(&job, (const char *const[]){ "train", kata_rom(), "--dir", kata_path("twice"),
                                            "--minutes", "5", CHEAP, NULL });
    for (int i = 0; i < 2000 && !kata_exists(kata_path("twice")); i++) nap(0.01);
    nap(0.7);
    kill(job.pid, SIGTERM);
    kill(job.pid, SIGINT);
    kata_end(&job, &r);
    kata_expect(&r, 130);
}

static void test_under_nohup_a_closed_terminal_ends_nothing(void **state)
{
    (void)state;
    kata_job_t job;
    kata_program_is((const char *const[]){ "nohup", kata_program(), NULL });
    kata_start(&job, (const char *const[]){ "train", kata_rom(), "--dir", kata_path("nohup"),
                                            "--minutes", "5", CHEAP, NULL });
    kata_program_is(NULL);
    for (int i = 0; i < 2000 && !kata_exists(kata_path("nohup")); i++) nap(0.01);
    nap(0.7);
    kill(job.pid, SIGHUP);
    nap(1);
    const int still_there = waitpid(job.pid, NULL, WNOHANG);
    kill(job.pid, SIGTERM);
    if (still_there == 0) kata_end(&job, &r);
    assert_int_equal(still_there, 0);
    kata_expect(&r, 130);
    kata_expect_out(&r, "Interrupted and saved in ");
}

/* Going on is going on: the replay memory, too, and its size is said beforehand. */
static void test_a_kept_replay_memory_is_said_and_gone_on_with(void **state)
{
    (void)state;
    const char *dir = kata_path("kept");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "120",
        "--keep-replay", CHEAP, NO_EVALUATION);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Replay memory: 4,000 decisions, about ");
    kata_expect_out(&r, "(a million: about ");
    kata_expect_out(&r, "kept/replay.kata, as large, and twice while it is saved; 0 decisions");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "40",
        "--keep-replay", NO_EVALUATION);
    kata_expect(&r, 0);
    kata_expect_out(&r, "; 120 decisions are remembered.");
    /* No warm-up of 64 decisions again: a quarter of an update a decision. */
    kata_expect_out(&r, ": 40 decisions and 10 updates");
}

/* What is measured and waited for is monotonic: the wall clock may jump by a day, at each look. */
static void test_a_clock_that_jumps_changes_nothing(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    printf("skipped: the sanitizer must be the first library\n");
    skip();
#endif
    char clock[1100];
    snprintf(clock, sizeof clock, "%s", kata_program());
    snprintf(strrchr(clock, '/'), 64, "/tests/trainer/fake_clock.so");
    setenv("LD_PRELOAD", clock, 1);
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("jumps"), "--minutes", "0.05",
        "--save-every", "0.5", CHEAP, NO_EVALUATION);
    unsetenv("LD_PRELOAD");
    kata_expect(&r, 0);
    kata_expect_out(&r, " updates in 0:0"); /* three seconds are three seconds */
    assert_true(kata_exists(kata_path("jumps/agent.safetensors.previous")));
    assert_string_equal(r.err, "");
}

/* Said before anything was learned that could not be saved. */
static void test_a_folder_that_cannot_be_written_is_refused_at_once(void **state)
{
    (void)state;
    const char *dir = kata_path("read-only");
    assert_int_equal(mkdir(dir, 0555), 0);
    if (access(dir, W_OK) == 0) {
        /* Who may write anywhere may not write to the kernel's. */
        dir = "/proc/self";
        if (access(dir, W_OK) == 0) {
            printf("skipped: this user may write everywhere\n");
            skip();
        }
    }
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "20", CHEAP,
        NO_EVALUATION);
    kata_expect(&r, 1);
    kata_expect_err(&r, "nothing could be saved there: ");
}

static void test_killed_while_saving_it_goes_on_from_the_last_save(void **state)
{
    (void)state;
    const char *dir = kata_path("killed");
    char name[256];
    int killed_in_a_save = 0;
    for (int attempt = 0; attempt < 3; attempt++) {
        kata_job_t job;
        kata_start(&job, (const char *const[]){ "train", kata_rom(), "--dir", dir, "--minutes", "5",
                                                "--save-every", "0.01", NULL });
        /* The second temporary file: by then one save is whole, in the first attempt, too. */
        for (int i = 0; i < 100000; i++) {
            if (attempt > 0 || kata_exists(kata_path("killed/agent.safetensors")))
                if (kata_finds(dir, "agent.safetensors.tmp-", name)) break;
            nap(0.0005);
        }
        kill(job.pid, SIGKILL);
        kata_end(&job, &r);
        kata_expect(&r, 128 + SIGKILL);
        killed_in_a_save += kata_finds(dir, "agent.safetensors.tmp-", name);
        char temporary[600];
        snprintf(temporary, sizeof temporary, "%s/%s", dir, name);
        unlink(temporary);
    }
    assert_true(killed_in_a_save > 0); /* else nothing was tested */
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "10",
        NO_EVALUATION);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from ");
}

static void test_a_full_disk_leaves_the_old_agent(void **state)
{
    (void)state;
    const char *dir = kata_path("full");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "20", CHEAP,
        NO_EVALUATION);
    kata_expect(&r, 0);
    size_t old_bytes, new_bytes;
    uint8_t *old = kata_read_file(kata_path("full/agent.safetensors"), &old_bytes);

    kata_run_limited(&r,
                     (const char *const[]){ "train", kata_rom(), "--workers", "1", "--dir", dir,
                                            "--decisions", "60", "--save-every", "0.1",
                                            NO_EVALUATION, NULL },
                     64 * 1024);
    kata_expect(&r, 1);
    kata_expect_err(&r, "full/agent.safetensors");
    uint8_t *now = kata_read_file(kata_path("full/agent.safetensors"), &new_bytes);
    assert_int_equal(new_bytes, old_bytes);
    assert_memory_equal(now, old, old_bytes);
    char name[256];
    assert_false(kata_finds(dir, "agent.safetensors.tmp-", name));
    free(old);
    free(now);
}

static void test_learning_that_diverges_ends_and_saves_nothing(void **state)
{
    (void)state;
    const char *dir = kata_path("wild"), *path = kata_path("wild/agent.safetensors");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "20", CHEAP,
        NO_EVALUATION);
    kata_expect(&r, 0);
    /* Finite weights whose products are not: behind the head (its length is in the first 8 bytes)
     * there is nothing but floats. */
    size_t num_bytes, new_bytes;
    uint8_t *bytes = kata_read_file(path, &num_bytes);
    uint64_t head_bytes;
    memcpy(&head_bytes, bytes, sizeof head_bytes);
    kata_without_sums(bytes);
    const float wild = 1e30f;
    for (size_t at = 8 + (size_t)head_bytes; at + 4 <= num_bytes; at += 4)
        memcpy(bytes + at, &wild, 4);
    kata_write_file(path, bytes, num_bytes);
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dir, "--decisions", "500",
        "--save-every", "1000");
    kata_expect(&r, 3);
    kata_expect_err(&r, "not finite");
    kata_expect_err(&r, "what was saved before stays in ");
    uint8_t *now = kata_read_file(path, &new_bytes);
    assert_int_equal(new_bytes, num_bytes);
    assert_memory_equal(now, bytes, num_bytes);
    free(bytes);
    free(now);
}

static void test_a_worker_that_crashes_is_reported_and_training_goes_on(void **state)
{
    (void)state;
    static const char preset[] =
        "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"unknown\","
        "\"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
        "\"variables\": {\"clock\": {\"address\": 0, \"type\": \"|u1\"}},"
        "\"pad\": {\"ports\": 1, \"buttons\": {\"A\": \"a\", \"START\": \"start\"}},"
        "\"timing\": {\"frame_skip\": 4, \"max_steps\": 12},"
        "\"actions\": {\"primitives\": [{\"name\": \"Nothing\", \"pad\": \"5\"},"
        "{\"name\": \"A\", \"pad\": \"A\"}], \"macros\": []},"
        "\"reward\": {\"variables\": {\"clock\": {\"reward\": 1}}},"
        "\"done\": {\"variables\": {\"clock\": {\"op\": \"equal\", \"reference\": 255}}},"
        "\"starts\": {\"here\": [\"{2}\"]}, \"default_start\": \"here\"}";
    /* Frames are part of the savestate, so the core dies in the same frame of each round that
     * lasts so long: some of them do, because rounds begin up to 30 frames late. */
    static const char content[] = "FAKE crash_at=60";
    kata_write_file(kata_path("fake.json"), preset, sizeof preset - 1);
    kata_write_file(kata_path("game.fake"), content, sizeof content - 1);
    RUN(&r, "train", kata_path("game.fake"), "--preset", kata_path("fake.json"), "--core",
        kata_fake_core("plain"), "--dir", kata_path("crashes"), "--decisions", "150",
        "--eval-episodes", "0", CHEAP);
    kata_expect(&r, 0);
    kata_expect_err(&r, "kata: plain_libretro.so playing game.fake: crashed with SIGABRT");
    kata_expect_out(&r, ": 150 decisions and ");

    static const char hangs[] = "FAKE hang_at=60", leaks[] = "FAKE leaks=2";
    kata_write_file(kata_path("game.fake"), hangs, sizeof hangs - 1);
    RUN(&r, "train", kata_path("game.fake"), "--preset", kata_path("fake.json"), "--core",
        kata_fake_core("plain"), "--dir", kata_path("crashes"), "--decisions", "150",
        "--eval-episodes", "0", "--worker-silence", "0.5");
    kata_expect(&r, 0);
    kata_expect_err(&r, "game.fake: no frame for 0.5 s, ended");
    kata_write_file(kata_path("game.fake"), leaks, sizeof leaks - 1);
    RUN(&r, "train", kata_path("game.fake"), "--preset", kata_path("fake.json"), "--core",
        kata_fake_core("plain"), "--dir", kata_path("crashes"), "--minutes", "0.06",
        "--eval-episodes", "0", "--worker-memory", "100");
    kata_expect_err(&r, "MiB of memory, more than 100, ended");
}

static void test_what_a_core_prints_is_kept_apart(void **state)
{
    (void)state;
    char rom[1024];
    snprintf(rom, sizeof rom, "%s", kata_program());
    snprintf(strrchr(rom, '/'), 64, "/tests/pad_echo/pad_echo.sfc");
    RUN(&r, "bench", "passthrough", rom, "--seconds", "0.05", "--json");
    kata_expect(&r, 0); /* bsnes talks a lot */
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    cJSON_Delete(json);
    assert_int_equal(strcspn(r.out, "\n"), strlen(r.out) - 1);
#ifndef __SANITIZE_ADDRESS__ /* its reports need stderr: voice.c leaves it open */
    assert_string_equal(r.err, "");
#endif
    RUN(&r, "eval", kata_rom(), "--who", "random", "--core-log", kata_path("no/such/log"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "no/such/log: cannot be written");
}

static void test_demo_draws_a_picture_and_says_how_to_watch(void **state)
{
    (void)state;
    RUN(&r, "demo", kata_rom(), "--minutes", "0.02", "--episodes", "1", "--picture",
        kata_path("demo.png"), CHEAP, "--fresh");
    kata_expect(&r, 0);
    kata_expect_out(&r, "A random player");
    kata_expect_out(&r, "Kata, untrained");
    kata_expect_out(&r, "seconds later");
    kata_expect_out(&r, "/demo.png");
    kata_expect_out(&r, "retroarch -L ");
    size_t num_bytes;
    uint8_t *png = kata_read_file(kata_path("demo.png"), &num_bytes);
    assert_true(num_bytes > 20000);
    assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
    free(png);
}

static void test_bench_prints_one_object_a_line(void **state)
{
    (void)state;
    static const char *const benches[] = { "decision", "env" };
    for (int i = 0; i < 2; i++) {
        RUN(&r, "bench", benches[i], "--seconds", "0.05", "--json");
        kata_expect(&r, 0);
        cJSON *json = cJSON_Parse(r.out); /* the first line */
        assert_non_null(json);
        assert_string_equal(cJSON_GetObjectItem(json, "bench")->valuestring, benches[i]);
        assert_true(cJSON_IsString(cJSON_GetObjectItem(json, "case")));
        assert_true(cJSON_IsNumber(cJSON_GetObjectItem(json, "target")));
        const cJSON *measured = cJSON_GetObjectItem(json, i ? "ratio" : "p99_ms");
        assert_true(cJSON_IsNumber(measured) && measured->valuedouble > 0);
        cJSON_Delete(json);
    }
}

/* test_train PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trains_saves_goes_on_and_evaluates),
        cmocka_unit_test(test_eyes_are_the_checkpoints),
        cmocka_unit_test(test_eval_prints_json),
        cmocka_unit_test(test_a_few_actions_of_an_evaluation_are_random),
        cmocka_unit_test(test_the_same_seed_makes_the_same_bytes),
        cmocka_unit_test(test_interrupting_saves_and_says_how_to_go_on),
        cmocka_unit_test(test_under_nohup_a_closed_terminal_ends_nothing),
        cmocka_unit_test(test_a_kept_replay_memory_is_said_and_gone_on_with),
        cmocka_unit_test(test_a_clock_that_jumps_changes_nothing),
        cmocka_unit_test(test_a_folder_that_cannot_be_written_is_refused_at_once),
        cmocka_unit_test(test_killed_while_saving_it_goes_on_from_the_last_save),
        cmocka_unit_test(test_a_full_disk_leaves_the_old_agent),
        cmocka_unit_test(test_learning_that_diverges_ends_and_saves_nothing),
        cmocka_unit_test(test_a_worker_that_crashes_is_reported_and_training_goes_on),
        cmocka_unit_test(test_what_a_core_prints_is_kept_apart),
        cmocka_unit_test(test_demo_draws_a_picture_and_says_how_to_watch),
        cmocka_unit_test(test_bench_prints_one_object_a_line),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
