/* A session that `kata play --record` writes down is played again by `kata recording replay`: the
 * agent's pads and a human's, from power-on, to the same memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "digest.h"
#include "kit.h"
#include "recording.h"
#include "why.h"
#include "../leaky_cores.h"

enum { NUM_FRAMES = 1500 };

static char file[2048];

/* The agent plays, a human takes its pad for a while; the memory's digest at the end. ahead: one
 * frame is run ahead, each frame that counts is hidden. */
static void play_session(int num_frames, bool ahead, char sha1[41], int *presses)
{
    frontend_t front;
    setenv("KATA_RECORD", file, 1);
    kit_open(&front);
    frontend_set_option(&front, "kata_takeover", "1");
    assert_true(frontend_load(&front, kit_kumite));
    uint8_t *state = calloc(1, front.core.serialize_size());
    assert_non_null(state);
    *presses = 0;
    for (int i = 0; i < num_frames; i++) {
        front.pad[0] = i > 1100 && i < 1160 ? PAD_UP : 0;
        front.pad[1] = i % 100 < 20 ? PAD_LEFT : 0;
        front.hidden = ahead;
        frontend_run(&front, 1);
        *presses += frontend_ram(&front, KUMITE_PAD) != 0;
        digest_sha1_hex(front.core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM), 2048, sha1);
        if (!ahead || i == 0) continue; /* nestopia's size is another before the first frame */
        const size_t num_bytes = front.core.serialize_size();
        assert_true(front.core.serialize(state, num_bytes));
        front.hidden = false;
        frontend_run(&front, 1);
        assert_true(front.core.unserialize(state, num_bytes));
    }
    frontend_close(&front);
    free(state);
    unsetenv("KATA_RECORD");
}

static const char *replay(const char *more)
{
    static char out[4096];
    char command[8192];
    const char *build = getenv("KATA_BUILD");
    snprintf(command, sizeof command, "'%s/kata' recording replay '%s' '%s' %s >'%s' 2>&1",
             build ? build : "build/release", kit_kumite, file, more, kit_path("replay.log"));
    const int status = system(command);
    FILE *log = fopen(kit_path("replay.log"), "r");
    assert_non_null(log);
    out[fread(out, 1, sizeof out - 1, log)] = '\0';
    fclose(log);
    if (status != 0) fail_msg("%s: %s", command, out);
    return out;
}

static int set_up(void **state)
{
    if (kit_setup(state) != 0) return -1;
    kit_learn(kit_kumite, NULL);
    strcpy(file, kit_path("evening/session.kata-recording"));
    return 0;
}

static void test_the_whole_session_is_played_again(void **state)
{
    (void)state;
    for (int ahead = 0; ahead < 2; ahead++) {
        char sha1[41], expected[128], more[2200];
        int presses;
        remove(file);
        play_session(NUM_FRAMES, ahead, sha1, &presses);
        assert_in_range(presses, 300, NUM_FRAMES); /* the agent's, most of them */
        recording_t recording;
        why_t why;
        if (!recording_read(&recording, file, why)) fail_msg("%s", why);
        assert_int_equal(recording.num_frames, NUM_FRAMES);
        assert_int_equal(recording.num_segments, 1);
        assert_int_equal(recording_pads(&recording, 0)[1130], PAD_UP); /* the human's */
        assert_int_equal(recording_pads(&recording, 1)[1210], PAD_LEFT);
        recording_free(&recording);
        snprintf(more, sizeof more, "--json --out '%s'", kit_path("last.png"));
        const char *out = replay(more);
        snprintf(expected, sizeof expected, "\"memory_sha1\":\"%s\"", sha1);
        if (!strstr(out, expected)) fail_msg("expected %s, found %s", expected, out);
        assert_int_equal(access(kit_path("last.png"), R_OK), 0);
    }
}

/* Not without being asked, and what cannot be written is said at once. */
static void test_a_file_that_cannot_be_written(void **state)
{
    (void)state;
    frontend_t front;
    setenv("KATA_RECORD", "/proc/nowhere/session", 1);
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "nothing is recorded"));
    frontend_run(&front, 30);
    frontend_close(&front);
    unsetenv("KATA_RECORD");
    strcpy(file, kit_path("there"));
    kit_write(file, "x", 1);
    setenv("KATA_RECORD", file, 1); /* another game of this evening is in it */
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "is there already"));
    front.pad[1] = PAD_LEFT;
    frontend_run(&front, 60);
    frontend_close(&front);
    unsetenv("KATA_RECORD");
    FILE *there = fopen(file, "r");
    assert_non_null(there);
    assert_int_equal(fgetc(there), 'x');
    assert_int_equal(fgetc(there), EOF);
    fclose(there);
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_false(frontend_was_told(&front, "nothing is recorded"));
    frontend_close(&front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole_session_is_played_again),
        cmocka_unit_test(test_a_file_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, set_up, kit_teardown);
}
