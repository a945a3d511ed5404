/* A core that draws with OpenGL in the real frontend: RetroArch's gl driver under Xvfb, on Mesa's
 * software renderer. Through Kata it shows what it shows alone, and the agent sees it. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stb/stb_image.h>

#include "files.h"
#include "player_state.h"
#include "retroarch_kit.h"
#include "why.h"

enum { WORD_FRAMES = 0, WORD_PAD = 4, WORD_CONTEXTS = 12 }; /* in card_core.c's memory */

static const char preset[] =
    "{\"kata_preset\": 1, \"game\": \"Card\", \"system\": \"card\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64}, \"variables\": {},"
    " \"pad\": {\"ports\": 1, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4},"
    " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Rise\", \"notation\": \"623A\"}]}}";

static char game[2048];

static int set_up(void **state)
{
    if (ra_setup(state) != 0) return -1;
    ra_put_own_core("card", "card", RA_DETERMINISTIC);
    if (mkdir(kit_path("saves"), 0700) != 0) return -1;
    strcpy(game, kit_path("game.card"));
    kit_write(game, "640 480 0 1 0", 13);
    return 0;
}

/* The picture of the last of so many frames. */
static uint8_t *play_to(const char *shot, const char *log, const char *const *args, int *width,
                        int *height)
{
    const pid_t retroarch =
        ra_start_retroarch(game, log, "video_font_enable = \"false\"", 40, shot, args);
    if (ra_wait(retroarch, 240, log) != 0) fail_msg("%s", ra_log(log));
    int channels;
    uint8_t *rgb = stbi_load(kit_path(shot), width, height, &channels, 3);
    if (!rgb) fail_msg("%s: no picture: %s\n%s", shot, stbi_failure_reason(), ra_log(log));
    return rgb;
}

static void test_it_shows_what_it_shows_alone(void **state)
{
    (void)state;
    char alone_path[2048];
    strcpy(alone_path, kit_path("lib/libretro/card_libretro.so"));
    const char *const alone_args[] = { "-L", alone_path, NULL };
    int width[2], height[2];
    kit_forget();
    uint8_t *alone = play_to("alone.png", "alone.log", alone_args, &width[0], &height[0]);
    assert_null(strstr(ra_log("alone.log"), "runs in card"));
    uint8_t *inside = play_to("inside.png", "inside.log", NULL, &width[1], &height[1]);
    assert_non_null(strstr(ra_log("inside.log"), "runs in card"));
    assert_int_equal(width[0], width[1]);
    assert_int_equal(height[0], height[1]);
    assert_memory_equal(alone, inside, (size_t)width[0] * (size_t)height[0] * 3);
    const uint8_t *const top = alone + width[0] * 3 * (height[0] / 32) + width[0] * 3 / 2;
    const uint8_t *const middle = alone + width[0] * 3 * (height[0] / 2) + width[0] * 3 / 2;
    assert_in_range(top[0], 250, 255); /* the white bar, and the background that nobody changed */
    assert_in_range(middle[0], 0x33 - 1, 0x33 + 1);
    free(alone);
    free(inside);
}

/* The agent's last picture, as RetroArch's savestate holds it. */
static const uint8_t *last_picture_of(const char *path, uint8_t **bytes)
{
    size_t num_bytes;
    why_t why;
    for (const double end = ra_now_s() + 120;; ra_nap_ms(50)) {
        /* It is written in pieces; the trailer's end comes last. */
        if (files_read(path, 1 << 24, bytes, &num_bytes, why)) {
            if (memmem(*bytes, num_bytes, "KATASTAT", 8)) break;
            free(*bytes);
        }
        if (ra_now_s() > end) fail_msg("%s did not come whole", path);
    }
    const uint8_t *const tag = memmem(*bytes, num_bytes, "EYES", 4);
    if (!tag) fail_msg("%s holds no agent's eyes", path);
    return tag + 8 + offsetof(player_eyes_t, last_picture);
}

static void test_the_agent_sees_it_and_plays(void **state)
{
    (void)state;
    char more[256], saved[2048];
    const int port = ra_free_port();
    kit_forget();
    kit_learn(game, preset);
    snprintf(more, sizeof more,
             "network_cmd_enable = \"true\"\nnetwork_cmd_port = \"%d\"\n"
             "savestate_file_compression = \"false\"\nsavestate_thumbnail_enable = \"false\"",
             port);
    const pid_t retroarch = ra_start_retroarch(game, "agent.log", more, 0, NULL, NULL);
    const int s = ra_connect(port);
    int presses = 0, frame_before = -1;
    for (const double end = ra_now_s() + 240; presses < 30 && ra_now_s() < end;) {
        const int frame = ra_peek(s, WORD_FRAMES);
        presses += frame != frame_before && ra_peek(s, WORD_PAD) > 0;
        if (frame >= 0) frame_before = frame;
    }
    const int contexts = ra_look(s, WORD_CONTEXTS);
    ra_tell(s, "SAVE_STATE\n");
    snprintf(saved, sizeof saved, "%s", kit_path("saves/game.state"));
    uint8_t *bytes;
    const uint8_t *const picture = last_picture_of(saved, &bytes);
    ra_tell(s, "QUIT\n");
    close(s);
    assert_int_equal(ra_wait(retroarch, 60, "agent.log"), 0);
    if (presses < 30) fail_msg("%s", ra_log("agent.log"));
    assert_in_range(contexts, 1, 8);
    for (int x = 0; x < PLAYER_OBS_WIDTH_PX; x++) {
        assert_in_range(picture[5 * PLAYER_OBS_WIDTH_PX + x], 250, 255); /* the white bar */
        /* one of four backgrounds, by ITU-R 601: 33 66 99 to cc 99 99 */
        assert_in_range(picture[40 * PLAYER_OBS_WIDTH_PX + x], 88, 172);
    }
    assert_in_range(picture[80 * PLAYER_OBS_WIDTH_PX], 74, 78); /* the red block's beginning */
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_shows_what_it_shows_alone),
        cmocka_unit_test(test_the_agent_sees_it_and_plays),
    };
    return cmocka_run_group_tests(tests, set_up, ra_teardown);
}
