/* test_shared_card.c - kata_device: RetroArch's learner computes on the card that draws the game, a
 * part of the time, and no frame waits for it; without a card, or with one that is lost, the
 * processor learns.
 *
 * The card is pocl, an OpenCL driver that computes on the processor. Its calls pass through here on
 * their way to the plugin: it says that it is a graphics card, is slow and fails when it is told
 * to, and what it was asked for is counted. */
#ifndef __has_feature
#define __has_feature(what) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_with_a_dlsym_of_its_own(void **state)
{
    (void)state;
    print_message("skipped: AddressSanitizer calls dlsym before this program's own can answer\n");
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_with_a_dlsym_of_its_own) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "devices.h"
#include "kit.h"
#include "opencl_api.h"
#include "policy.h"
#include "why.h"
#include "../leaky_cores.h"

enum { LIMIT_S = 600 };

/* In place of the C library's: the learner is as urgent as the frames, so that the tests end on a
 * busy machine, too. */
__attribute__((visibility("default"))) int sched_setscheduler(pid_t pid, int policy,
                                                              const struct sched_param *param)
{
    (void)pid, (void)policy, (void)param;
    return 0;
}

/* ---- the card -------------------------------------------------------------------------------- */

static struct {
    bool is_gpu;              /* it says so */
    int32_t build_ms;         /* its compiler takes so much longer */
    int32_t finish_ms;        /* an update takes so much longer */
    atomic_bool fails;        /* it launches nothing any more */
    atomic_bool lacks_a_call; /* the library is an older one */
    atomic_int num_asked;     /* for platforms */
    atomic_int num_launched;
    atomic_int num_updated; /* launches were waited for */
    atomic_int num_open;    /* contexts, queues, buffers, kernels, programs, events */
    atomic_bool is_building, is_finishing; /* at this moment */
} card;

static opencl_api_t real;

static void nap_ms(int32_t ms)
{
    nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L }, NULL);
}

static int32_t ask_platforms(uint32_t most, opencl_handle_t *platforms, uint32_t *count)
{
    atomic_fetch_add(&card.num_asked, 1);
    return real.GetPlatformIDs(most, platforms, count);
}

static int32_t device_info(opencl_handle_t device, uint32_t what, size_t num_bytes, void *to,
                           size_t *needs)
{
    const int32_t error = real.GetDeviceInfo(device, what, num_bytes, to, needs);
    const uint64_t type = card.is_gpu ? OPENCL_TYPE_GPU : OPENCL_TYPE_CPU;
    if (what == OPENCL_DEVICE_TYPE && error == OPENCL_SUCCESS) memcpy(to, &type, sizeof type);
    return error;
}

static int32_t build(opencl_handle_t program, uint32_t count, const opencl_handle_t *devices,
                     const char *options, void *notify, void *data)
{
    atomic_store(&card.is_building, true);
    nap_ms(card.build_ms);
    const int32_t error = real.BuildProgram(program, count, devices, options, notify, data);
    atomic_store(&card.is_building, false);
    return error;
}

static int32_t launch(opencl_handle_t queue, opencl_handle_t kernel, uint32_t dims,
                      const size_t *offset, const size_t *global, const size_t *local,
                      uint32_t count, const opencl_handle_t *waits, opencl_handle_t *event)
{
    if (atomic_load(&card.fails)) return OPENCL_OUT_OF_RESOURCES;
    atomic_fetch_add(&card.num_launched, 1);
    return real.EnqueueNDRangeKernel(queue, kernel, dims, offset, global, local, count, waits,
                                     event);
}

static int32_t finish(opencl_handle_t queue)
{
    static atomic_int launched_before;
    const int launched = atomic_load(&card.num_launched);
    const bool is_update = atomic_exchange(&launched_before, launched) != launched;
    atomic_store(&card.is_finishing, is_update);
    if (is_update) nap_ms(card.finish_ms);
    const int32_t error = real.Finish(queue);
    atomic_store(&card.is_finishing, false);
    atomic_fetch_add(&card.num_updated, is_update);
    return error;
}

static opencl_handle_t opened(opencl_handle_t handle)
{
    if (handle) atomic_fetch_add(&card.num_open, 1);
    return handle;
}

static opencl_handle_t open_context(const intptr_t *properties, uint32_t count,
                                    const opencl_handle_t *devices, void *notify, void *data,
                                    int32_t *error)
{
    return opened(real.CreateContext(properties, count, devices, notify, data, error));
}

static opencl_handle_t open_queue(opencl_handle_t context, opencl_handle_t device,
                                  uint64_t properties, int32_t *error)
{
    return opened(real.CreateCommandQueue(context, device, properties, error));
}

static opencl_handle_t open_buffer(opencl_handle_t context, uint64_t flags, size_t num_bytes,
                                   void *host, int32_t *error)
{
    return opened(real.CreateBuffer(context, flags, num_bytes, host, error));
}

static opencl_handle_t open_source(opencl_handle_t context, uint32_t count, const char **texts,
                                   const size_t *lengths, int32_t *error)
{
    return opened(real.CreateProgramWithSource(context, count, texts, lengths, error));
}

static opencl_handle_t open_binary(opencl_handle_t context, uint32_t count,
                                   const opencl_handle_t *devices, const size_t *lengths,
                                   const unsigned char **programs, int32_t *status, int32_t *error)
{
    return opened(
        real.CreateProgramWithBinary(context, count, devices, lengths, programs, status, error));
}

static opencl_handle_t open_kernel(opencl_handle_t program, const char *name, int32_t *error)
{
    return opened(real.CreateKernel(program, name, error));
}

static int32_t read_buffer(opencl_handle_t queue, opencl_handle_t buffer, uint32_t waits, size_t at,
                           size_t num_bytes, void *bytes, uint32_t count,
                           const opencl_handle_t *list, opencl_handle_t *event)
{
    const int32_t error =
        real.EnqueueReadBuffer(queue, buffer, waits, at, num_bytes, bytes, count, list, event);
    if (event && error == OPENCL_SUCCESS) opened(*event);
    return error;
}

static int32_t released(int32_t error)
{
    atomic_fetch_sub(&card.num_open, error == OPENCL_SUCCESS);
    return error;
}

#define RELEASE(what)                                                                              \
    static int32_t release_##what(opencl_handle_t handle)                                          \
    {                                                                                              \
        return released(real.Release##what(handle));                                               \
    }
RELEASE(Context)
RELEASE(CommandQueue)
RELEASE(MemObject)
RELEASE(Program)
RELEASE(Kernel)
RELEASE(Event)

/* ---- between the plugin and the library ------------------------------------------------------ */

typedef void *find_t(void *library, const char *name);

static find_t *library_find(void)
{
    static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
    void *found = NULL;
    for (size_t i = 0; i < 3 && !found; i++) found = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    find_t *find;
    memcpy(&find, &found, sizeof find);
    return find;
}

/* In place of the C library's. */
__attribute__((visibility("default"))) void *dlsym(void *restrict library,
                                                   const char *restrict name)
{
    static _Atomic(find_t *) next;
    static const opencl_api_t ours = { .GetPlatformIDs = ask_platforms,
                                       .GetDeviceInfo = device_info,
                                       .BuildProgram = build,
                                       .EnqueueNDRangeKernel = launch,
                                       .EnqueueReadBuffer = read_buffer,
                                       .Finish = finish,
                                       .CreateContext = open_context,
                                       .CreateCommandQueue = open_queue,
                                       .CreateBuffer = open_buffer,
                                       .CreateProgramWithSource = open_source,
                                       .CreateProgramWithBinary = open_binary,
                                       .CreateKernel = open_kernel,
                                       .ReleaseContext = release_Context,
                                       .ReleaseCommandQueue = release_CommandQueue,
                                       .ReleaseMemObject = release_MemObject,
                                       .ReleaseProgram = release_Program,
                                       .ReleaseKernel = release_Kernel,
                                       .ReleaseEvent = release_Event };
    static const struct {
        const char *name;
        size_t offset;
    } calls[] = {
#define OPENCL_CALL(result, name, parameters) { "cl" #name, offsetof(opencl_api_t, name) },
        OPENCL_CALLS(OPENCL_CALL)
#undef OPENCL_CALL
    };
    if (!atomic_load(&next)) atomic_store(&next, library_find());
    void *found = atomic_load(&next)(library, name);
    for (size_t i = 0; found && i < sizeof calls / sizeof calls[0]; i++) {
        if (strcmp(name, calls[i].name) != 0) continue;
        void *instead;
        if (atomic_load(&card.lacks_a_call)) return NULL;
        memcpy((char *)&real + calls[i].offset, &found, sizeof found);
        memcpy(&instead, (const char *)&ours + calls[i].offset, sizeof instead);
        return instead ? instead : found;
    }
    return found;
}

/* ---- playing --------------------------------------------------------------------------------- */

/* Nothing was learned yet; kernels compile once for all tests. */
static void begin_anew(void)
{
    kit_forget();
    mkdir(kit_path("cache"), 0777);
    assert_int_equal(mkdir(kit_path("home"), 0777), 0);
    assert_int_equal(symlink(kit_path("cache"), kit_path("home/cache")), 0);
}

static int begin(void **state)
{
    (void)state;
    begin_anew();
    unsetenv("KATA_DEVICE");
    memset(&card, 0, sizeof card);
    card.is_gpu = true;
    return 0;
}

/* False: no kernel is run here, and the reason was printed. */
static bool has_card(void)
{
    devices_row_t rows[DEVICES_MOST];
    why_t why;
    const bool is_there = devices_list(rows, why) > 1;
    if (!is_there) {
        print_message("skipped: no kernel is run: %s\n", why);
        return false;
    }
    if (strstr(rows[1].platform, "Portable Computing Language") && /* see agent/card_subject.h */
        strncmp(rows[1].driver, "5.0", 3) == 0) {
        print_message("skipped: %s %s miscounts the users of a kernel\n", rows[1].platform,
                      rows[1].driver);
        return false;
    }
    atomic_store(&card.num_asked, 0);
    return true;
}

static void open_to_learn(frontend_t *front)
{
    kit_open(front);
    frontend_set_option(front, "kata_mode", "learn");
    frontend_set_option(front, "kata_device", "gpu");
    if (!frontend_load(front, kit_kumite)) fail_msg("%s", front->messages[0]);
}

/* Decisions and updates of the saved agent. */
static uint64_t saved_updates(void)
{
    char path[4096];
    policy_t *policy;
    uint64_t decisions, updates;
    why_t why;
    snprintf(path, sizeof path, "%s/agent.safetensors", kit_game_dir(kit_kumite));
    if (policy_load(&policy, path, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    policy_trained(policy, &decisions, &updates);
    policy_destroy(policy);
    return updates;
}

/* About as fast as a screen, until `says` is on it. The frames that it took; *longest_s: of one. */
static int run_until_told(frontend_t *front, const char *says, double *longest_s)
{
    const double began = clock_now();
    int num_frames = 0;
    *longest_s = 0;
    for (; !frontend_was_told(front, says); num_frames++) {
        const double before = clock_now();
        frontend_run(front, 1);
        const double took = clock_now() - before;
        if (took > *longest_s) *longest_s = took;
        nap_ms(4);
        if (clock_now() - began > LIMIT_S)
            fail_msg("'%s' was not said within %d s: %s", says, LIMIT_S, front->log);
    }
    return num_frames;
}

static void run_until(frontend_t *front, const atomic_int *counter, int count)
{
    const double began = clock_now();
    while (atomic_load(counter) < count) {
        frontend_run(front, 1);
        nap_ms(4);
        if (clock_now() - began > LIMIT_S)
            fail_msg("%d of %d: %s", atomic_load(counter), count, front->log);
    }
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* Kernels compile for three seconds and more while frames go on; then all updates are the card's,
 * as the log says, and it rests for as long as it computed. */
static void test_the_card_learns_and_no_frame_waits(void **state)
{
    (void)state;
    enum { BUILD_MS = 3000 };
    if (!has_card()) skip();
    frontend_t front;
    double longest_s;
    kit_learn(kit_kumite, NULL);
    card.build_ms = BUILD_MS;
    const double began = clock_now();
    open_to_learn(&front);
    assert_true(clock_now() - began < 1e-3 * BUILD_MS);
    assert_false(frontend_was_told(&front, "Learning on gpu:0"));
    const int num_frames = run_until_told(&front, "Learning on gpu:0, ", &longest_s);
    assert_true(clock_now() - began > 1e-3 * BUILD_MS);
    assert_true(num_frames > 60);
    if (!(longest_s < 0.5e-3 * BUILD_MS)) fail_msg("a frame took %.3f s", longest_s);

    card.finish_ms = 50; /* more than a machine is busy with else */
    run_until(&front, &card.num_updated, atomic_load(&card.num_updated) + 60);
    frontend_close(&front);
    assert_int_equal(atomic_load(&card.num_open), 0);
    const char *line = strstr(front.log, "the card made ");
    unsigned long long num_updates = 0;
    double percent = 0;
    if (!line || sscanf(line, "the card made %llu updates, and computed %lf %%", &num_updates,
                        &percent) != 2)
        fail_msg("%s", front.log);
    assert_in_range(num_updates, 59, 100000);
    assert_in_range(saved_updates(), num_updates,
                    num_updates + 1); /* one may come before its end */
    assert_true(percent > 1 && percent < 55);
    assert_null(strstr(front.log, "is lost"));
}

static void test_a_card_that_is_lost_leaves_the_processor(void **state)
{
    (void)state;
    if (!has_card()) skip();
    frontend_t front;
    double longest_s;
    kit_learn(kit_kumite, NULL);
    open_to_learn(&front);
    run_until(&front, &card.num_launched, 200);
    atomic_store(&card.fails, true);
    (void)run_until_told(&front, "the card is lost: ", &longest_s);
    assert_non_null(
        strstr(front.log, "CL_OUT_OF_RESOURCES (-5); learning goes on on the processor"));
    assert_int_equal(atomic_load(&card.num_open), 0);
    for (int i = 0; i < 400; i++) {
        frontend_run(&front, 1);
        nap_ms(4);
    }
    frontend_close(&front);
    unsigned long long num_updates = 0;
    const char *line = strstr(front.log, "the card made ");
    assert_true(line && sscanf(line, "the card made %llu", &num_updates) == 1);
    assert_in_range(saved_updates(), num_updates + 8, 100000);
}

/* While its kernels compile, and while it computes: what was learned is saved, nothing stays open.
 */
static void test_a_game_may_be_closed_while_the_card_works(void **state)
{
    (void)state;
    if (!has_card()) skip();
    for (int computes = 0; computes < 2; computes++) {
        frontend_t front;
        kit_learn(kit_kumite, NULL);
        card.build_ms = computes ? 0 : 500;
        card.finish_ms = computes ? 300 : 0;
        atomic_store(&card.num_launched, 0);
        open_to_learn(&front);
        if (computes) run_until(&front, &card.num_launched, 100);
        const double began = clock_now();
        while (!atomic_load(computes ? &card.is_finishing : &card.is_building)) {
            frontend_run(&front, 1);
            nap_ms(2);
            if (clock_now() - began > LIMIT_S) fail_msg("%s", front.log);
        }
        frontend_close(&front);
        assert_int_equal(atomic_load(&card.num_open), 0);
        if (computes) assert_true(saved_updates() > 0);
    }
}

/* Each is a sentence, and learning goes on on the processor. */
static void test_without_a_card_the_processor_learns(void **state)
{
    (void)state;
    const bool is_there = has_card();
    static const struct {
        const char *device, *says;
        bool is_gpu, lacks_a_call;
    } cases[] = {
        { NULL, "OpenCL has no graphics card here, only ", false, false },
        { "gpu:99", "there is no gpu:99, the last is gpu:", true, false },
        { "cuda", "there is no device \"cuda\"", true, false },
        { NULL, "libOpenCL.so.1 has no clGetPlatformIDs", true, true },
    };
    if (!is_there) skip();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        frontend_t front;
        double longest_s;
        begin_anew();
        kit_learn(kit_kumite, NULL);
        if (cases[i].device)
            setenv("KATA_DEVICE", cases[i].device, 1);
        else
            unsetenv("KATA_DEVICE");
        card.is_gpu = cases[i].is_gpu;
        atomic_store(&card.lacks_a_call, cases[i].lacks_a_call);
        open_to_learn(&front);
        (void)run_until_told(&front, "it learns on the processor: ", &longest_s);
        assert_true(frontend_was_told(&front, cases[i].says));
        for (int i2 = 0; i2 < 800; i2++) {
            frontend_run(&front, 1);
            nap_ms(2);
        }
        frontend_close(&front);
        assert_true(saved_updates() > 0);
        assert_int_equal(atomic_load(&card.num_launched), 0);
        assert_null(strstr(front.log, "the card made"));
    }
}

/* Cards have no kernels for agents that see numbers, nor for who imitates a person. */
static void test_what_no_card_computes_is_said(void **state)
{
    (void)state;
    if (!has_card()) skip();
    frontend_t front;
    double longest_s;
    kit_open(&front); /* a new agent of Kumite sees what its preset lists */
    frontend_set_option(&front, "kata_mode", "learn");
    frontend_set_option(&front, "kata_device", "gpu");
    assert_true(frontend_load(&front, kit_kumite));
    (void)run_until_told(&front, "it learns on the processor: ", &longest_s);
    assert_true(frontend_was_told(&front, "a card computes agents that see pictures alone"));
    frontend_close(&front);

    begin_anew();
    kit_learn(kit_kumite, NULL);
    kit_open(&front);
    frontend_set_option(&front, "kata_mode", "watch");
    frontend_set_option(&front, "kata_device", "gpu");
    assert_true(frontend_load(&front, kit_kumite));
    (void)run_until_told(&front, "it learns on the processor: ", &longest_s);
    assert_true(frontend_was_told(&front, "imitates a person"));
    frontend_close(&front);
    assert_int_equal(atomic_load(&card.num_launched), 0);
}

/* Nobody asked for a card: none is looked for. The option holds when learning begins again. */
static void test_no_card_is_touched_unasked(void **state)
{
    (void)state;
    if (!has_card()) skip();
    frontend_t front;
    double longest_s;
    kit_learn(kit_kumite, NULL);
    kit_open(&front);
    frontend_set_option(&front, "kata_mode", "learn");
    assert_true(frontend_load(&front, kit_kumite));
    assert_string_equal(frontend_option(&front, "kata_device"), "cpu");
    frontend_run(&front, 60);
    frontend_set_option(&front, "kata_device", "gpu");
    for (int i = 0; i < 60; i++) {
        frontend_run(&front, 1);
        nap_ms(4);
    }
    assert_true(frontend_was_told(&front, "when learning begins again it is on the graphics card"));
    assert_int_equal(atomic_load(&card.num_asked), 0);
    frontend_set_option(&front, "kata_mode", "play");
    frontend_run(&front, 2);
    frontend_set_option(&front, "kata_mode", "learn");
    (void)run_until_told(&front, "Learning on gpu:0", &longest_s);
    assert_in_range(atomic_load(&card.num_asked), 1, 2);
    frontend_close(&front);
    assert_int_equal(atomic_load(&card.num_open), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_card_learns_and_no_frame_waits, begin),
        cmocka_unit_test_setup(test_a_card_that_is_lost_leaves_the_processor, begin),
        cmocka_unit_test_setup(test_a_game_may_be_closed_while_the_card_works, begin),
        cmocka_unit_test_setup(test_without_a_card_the_processor_learns, begin),
        cmocka_unit_test_setup(test_what_no_card_computes_is_said, begin),
        cmocka_unit_test_setup(test_no_card_is_touched_unasked, begin),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}

#endif
