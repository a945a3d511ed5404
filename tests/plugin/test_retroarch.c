/* The whole way in the real frontend: RetroArch under Xvfb loads Kata with Kumite, the agent plays,
 * a key takes the pad, and running ahead shows the same game.
 *
 * RetroArch runs as fast as it can, in a folder of its own, and is asked over its network commands.
 * Frames that must be the same are taken by --max-frames, which counts them exactly.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <stb/stb_image.h>

#include "kit.h"

#include "../zip_file.h"

static pid_t xvfb;
static char display[32];
static char build_dir[PATH_MAX];

/* ---- processes ---- */

/* A plugin with AddressSanitizer needs its runtime first in the process. Beside its own leaks,
 * which are looked for elsewhere, RetroArch's and the graphics driver's would be reported. */
static void preload_sanitizer(void)
{
    Dl_info runtime;
    void *const symbol = dlsym(RTLD_DEFAULT, "__asan_init");
    if (!symbol || !dladdr(symbol, &runtime)) return;
    setenv("LD_PRELOAD", runtime.dli_fname, 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0:alloc_dealloc_mismatch=0", 1);
}

/* Output goes to <kit_dir>/<log>. It dies with us. */
static pid_t start(char *const argv[], const char *log)
{
    char path[2048];
    strcpy(path, kit_path(log));
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (KIT_HAS_ASAN && strcmp(argv[0], "retroarch") == 0) preload_sanitizer();
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(file, 1);
    dup2(file, 2);
    execvp(argv[0], argv);
    _exit(127);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void nap_ms(int ms)
{
    poll(NULL, 0, ms);
}

/* Exit status; fails the test (and kills it) when it takes longer. */
static int wait_for(pid_t child, double limit_s, const char *log)
{
    int status;
    for (const double end = now_s() + limit_s; now_s() < end; nap_ms(20))
        if (waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    fail_msg("%s did not end within %.0f s", log, limit_s);
    return -1;
}

/* The log's text, for messages of failing tests. Until the next call. */
static const char *log_text(const char *log)
{
    static char text[1 << 18];
    FILE *file = fopen(kit_path(log), "r");
    text[file ? fread(text, 1, sizeof text - 1, file) : 0] = '\0';
    if (file) fclose(file);
    return text;
}

/* RetroArch has its cores and .info files in folders of its own, apart, as Debian lays them; Kata
 * is put there by `kata install`, and loaded from where it was built, as `kata play` does. */
static bool install(void)
{
    char config[4096], command[PATH_MAX + 4096];
    char path[2048];
    strcpy(path, kit_path("user/retroarch"));
    if (mkdir(path, 0700) != 0) return false;
    snprintf(config, sizeof config,
             "libretro_directory = \"%s/lib/libretro\"\nlibretro_info_path = \"%s/share/info\"\n",
             kit_dir, kit_dir);
    kit_write(kit_path("user/retroarch/retroarch.cfg"), config, strlen(config));
    snprintf(command, sizeof command, "'%s/kata' install >'%s'", build_dir,
             kit_path("install.log"));
    return system(command) == 0;
}

/* A core where RetroArch and Kata look; `states`: lines of its .info. */
static void put_core(const char *library, const char *name, const char *extensions,
                     const char *states)
{
    char to[128], info[1024];
    snprintf(to, sizeof to, "lib/libretro/%s_libretro.so", name);
    kit_copy(library, kit_path(to));
    snprintf(to, sizeof to, "share/info/%s_libretro.info", name);
    const int length = snprintf(info, sizeof info,
                                "display_name = \"%s\"\ncorename = \"%s\"\nsystemid = \"nes\"\n"
                                "supported_extensions = \"%s\"\n%s\n",
                                name, name, extensions, states);
    kit_write(kit_path(to), info, (size_t)length);
}

#define DETERMINISTIC "savestate = \"true\"\nsavestate_features = \"deterministic\""

/* Its own .info promises less than run-ahead takes, though it is exact. */
static void put_nestopia(void)
{
    glob_t found;
    assert_int_equal(glob("/usr/lib/*/libretro/nestopia_libretro.so", 0, NULL, &found), 0);
    put_core(found.gl_pathv[0], "nestopia", "nes", DETERMINISTIC);
    globfree(&found);
}

static void put_own_core(const char *name, const char *extensions, const char *states)
{
    char from[PATH_MAX + 96];
    snprintf(from, sizeof from, "%s/tests/plugin/cores/%s_libretro.so", build_dir, name);
    put_core(from, name, extensions, states);
}

static int setup(void **state)
{
    if (kit_setup(state) != 0) return -1;
    kit_learn(kit_kumite, NULL);
    const char *build = getenv("KATA_BUILD");
    if (!realpath(build ? build : "build/release", build_dir)) return -1;

    int ends[2];
    if (pipe(ends) != 0) return -1;
    char fd[16];
    snprintf(fd, sizeof fd, "%d", ends[1]);
    char *const argv[] = { "Xvfb",       "-displayfd", fd,    "-screen", "0",
                           "800x600x24", "-nolisten",  "tcp", NULL };
    xvfb = start(argv, "xvfb.log");
    close(ends[1]);
    char number[16] = "";
    size_t length = 0;
    struct pollfd ready = { ends[0], POLLIN, 0 };
    while (length < sizeof number - 1 && !strchr(number, '\n') && poll(&ready, 1, 60000) > 0) {
        const ssize_t got = read(ends[0], number + length, sizeof number - 1 - length);
        if (got <= 0) break;
        length += (size_t)got;
    }
    close(ends[0]);
    if (!strchr(number, '\n')) return -1;
    snprintf(display, sizeof display, ":%d", atoi(number));
    setenv("DISPLAY", display, 1);
    setenv("XDG_CONFIG_HOME", kit_path("user"), 1);
    setenv("XDG_RUNTIME_DIR", kit_path("user"), 1);
    return mkdir(kit_path("user"), 0700) == 0 && install() ? 0 : -1;
}

static int teardown(void **state)
{
    if (xvfb > 0) {
        kill(xvfb, SIGTERM);
        waitpid(xvfb, NULL, 0);
    }
    return kit_teardown(state);
}

/* ---- RetroArch ---- */

/* more: further lines of its configuration. frames > 0: it takes the picture `shot` of that frame
 * and ends. */
static pid_t start_retroarch(const char *rom, const char *log, const char *more, int frames,
                             const char *shot)
{
    char config[16384], config_path[2048], max_frames[64], shot_path[2200];
    char plugin[PATH_MAX + 32];
    const int length = snprintf(
        config, sizeof config,
        "video_driver = \"gl\"\naudio_driver = \"null\"\ninput_driver = \"x\"\n"
        "menu_driver = \"null\"\nvideo_vsync = \"false\"\naudio_sync = \"false\"\n"
        "video_fullscreen = \"false\"\nvideo_gpu_screenshot = \"false\"\n"
        "config_save_on_exit = \"false\"\nquit_press_twice = \"false\"\npause_nonactive = "
        "\"false\"\n"
        "libretro_directory = \"%s/lib/libretro\"\nlibretro_info_path = \"%s/share/info\"\n"
        "savefile_directory = \"%s/saves\"\nsavestate_directory = \"%s/saves\"\n"
        "screenshot_directory = \"%s\"\nsystem_directory = \"%s\"\n"
        "history_list_enable = \"false\"\n%s\n",
        kit_dir, kit_dir, kit_dir, kit_dir, kit_dir, kit_dir, more);
    strcpy(config_path, kit_path("retroarch.cfg"));
    kit_write(config_path, config, (size_t)length);
    snprintf(plugin, sizeof plugin, "%s/kata_libretro.so", build_dir);
    snprintf(max_frames, sizeof max_frames, "--max-frames=%d", frames);
    snprintf(shot_path, sizeof shot_path, "--max-frames-ss-path=%s", kit_path(shot ? shot : "-"));
    char *argv[] = { "retroarch",
                     "--verbose",
                     "--config",
                     config_path,
                     "-L",
                     plugin,
                     (char *)rom,
                     frames ? max_frames : NULL,
                     "--max-frames-ss",
                     shot_path,
                     NULL };
    return start(argv, log);
}

static int free_udp_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(s, (struct sockaddr *)&address, &length), 0);
    close(s);
    return ntohs(address.sin_port);
}

static int connect_to(int port)
{
    const struct sockaddr_in address = { .sin_family = AF_INET,
                                         .sin_port = htons((uint16_t)port),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(connect(s, (const struct sockaddr *)&address, sizeof address), 0);
    return s;
}

/* RetroArch's answer to a network command; false: none yet. */
static bool ask(int s, const char *command, char reply[256])
{
    struct pollfd ready = { s, POLLIN, 0 };
    while (recv(s, reply, 256, MSG_DONTWAIT) > 0) {
    }
    if (send(s, command, strlen(command), 0) < 0 || poll(&ready, 1, 500) <= 0) return false;
    const ssize_t got = recv(s, reply, 255, 0);
    if (got <= 0) return false;
    reply[got] = '\0';
    return true;
}

/* One byte of the game's memory, as RetroArch sees it; -1: no answer yet. */
static int peek(int s, unsigned address)
{
    char command[64], reply[256];
    snprintf(command, sizeof command, "READ_CORE_RAM %x 1\n", address);
    if (!ask(s, command, reply)) return -1;
    unsigned where;
    int value;
    if (sscanf(reply, "READ_CORE_RAM %x %x", &where, (unsigned *)&value) != 2) return -1;
    return where == address ? value : -1;
}

static bool wait_for_byte(int s, unsigned address, int value, double limit_s)
{
    for (const double end = now_s() + limit_s; now_s() < end;) {
        const int found = peek(s, address);
        if (found == value) return true;
        if (found < 0) nap_ms(50);
    }
    return false;
}

static void tell(int s, const char *command)
{
    assert_true(send(s, command, strlen(command), 0) > 0);
}

/* ---- pictures ---- */

typedef struct {
    int width, height;
    uint8_t *rgb;
} picture_t;

static picture_t load_picture(const char *path)
{
    picture_t picture;
    int channels;
    picture.rgb = stbi_load(path, &picture.width, &picture.height, &channels, 3);
    if (!picture.rgb) fail_msg("%s: no picture: %s", path, stbi_failure_reason());
    return picture;
}

/* False: none came. */
static bool take_screenshot(int s, int number, picture_t *picture)
{
    glob_t found;
    char pattern[2048];
    strcpy(pattern, kit_path("kumite-*.png"));
    tell(s, "SCREENSHOT\n");
    for (int tries = 0; tries < 1200; tries++, nap_ms(50)) {
        if (glob(pattern, 0, NULL, &found) != 0) continue;
        const bool there = (int)found.gl_pathc >= number;
        if (there) {
            nap_ms(300); /* it is written by a thread */
            *picture = load_picture(found.gl_pathv[number - 1]);
        }
        globfree(&found);
        if (there) return true;
    }
    return false;
}

static int count_colours(const picture_t *picture)
{
    static uint8_t seen[1 << 15];
    memset(seen, 0, sizeof seen);
    int count = 0;
    for (int i = 0; i < picture->width * picture->height; i++) {
        const uint8_t *p = picture->rgb + 3 * i;
        const int at = p[0] >> 3 << 10 | p[1] >> 3 << 5 | p[2] >> 3;
        count += !seen[at];
        seen[at] = 1;
    }
    return count;
}

static bool pixels_differ(const picture_t *a, const picture_t *b, int x, int y)
{
    const size_t at = 3 * ((size_t)y * (size_t)a->width + (size_t)x);
    return memcmp(a->rgb + at, b->rgb + at, 3) != 0;
}

/* Pixels that differ where the fighters stand. */
static int count_moved(const picture_t *a, const picture_t *b)
{
    int count = 0;
    for (int y = a->height * 6 / 10; y < a->height * 95 / 100; y++)
        for (int x = 0; x < a->width; x++) count += pixels_differ(a, b, x, y);
    return count;
}

static void assert_same_picture(const char *name_a, const char *name_b)
{
    const picture_t a = load_picture(kit_path(name_a)), b = load_picture(kit_path(name_b));
    assert_int_equal(a.width, b.width);
    assert_int_equal(a.height, b.height);
    int count = 0;
    for (int y = 0; y < a.height; y++)
        for (int x = 0; x < a.width; x++) count += pixels_differ(&a, &b, x, y);
    if (count) fail_msg("%s and %s differ in %d pixels", name_a, name_b, count);
    assert_in_range(count_colours(&a), 8, 64);
    free(a.rgb);
    free(b.rgb);
}

/* ---- tests ---- */

static bool press(const char *what, const char *key)
{
    char *const argv[] = { "xdotool", (char *)what, (char *)key, NULL };
    return wait_for(start(argv, "xdotool.log"), 60, "xdotool") == 0;
}

static bool focus_window(void)
{
    char *const argv[] = { "xdotool", "search",    "--sync",      "--onlyvisible",
                           "--class", "retroarch", "windowfocus", NULL };
    return wait_for(start(argv, "xdotool.log"), 60, "xdotool") == 0;
}

/* Frames in which the agent pressed something, and in which each fighter stood elsewhere than at
 * first; asked until there are enough, for rounds have pauses. */
static void watch_the_fight(int s, int *presses, int moved[2])
{
    const int x[2] = { peek(s, KUMITE_X), peek(s, KUMITE_X + 1) };
    for (const double end = now_s() + 240; now_s() < end;) {
        *presses += peek(s, KUMITE_PAD) > 0;
        for (unsigned f = 0; f < 2; f++) {
            const int now = peek(s, KUMITE_X + f);
            moved[f] += now >= 0 && now != x[f];
        }
        if (*presses >= 60 && moved[0] >= 20 && moved[1] >= 20) return;
    }
}

static void test_the_agent_plays_and_a_key_takes_the_pad(void **state)
{
    (void)state;
    char more[128];
    const int port = free_udp_port();
    snprintf(more, sizeof more, "network_cmd_enable = \"true\"\nnetwork_cmd_port = \"%d\"", port);
    const pid_t retroarch = start_retroarch(kit_kumite, "play.log", more, 0, NULL);
    const int s = connect_to(port);
    int presses = 0, moved[2] = { 0, 0 }, num_moved_px = 0, colours[2] = { 0, 0 };
    bool taken = false, held = true, quiet = false, again = false;
    char status[256] = "";

    const bool began = wait_for_byte(s, KUMITE_FIGHT_ACTIVE, 1, 240);
    picture_t first = { 0 }, second = { 0 };
    bool shot = began && take_screenshot(s, 1, &first);
    if (shot) watch_the_fight(s, &presses, moved);
    nap_ms(1100); /* screenshots are named by the second */
    shot = shot && take_screenshot(s, 2, &second);
    if (shot) {
        num_moved_px = count_moved(&first, &second);
        colours[0] = count_colours(&first);
        colours[1] = count_colours(&second);

        /* A human's key. No action of this agent jumps. */
        taken =
            focus_window() && press("keydown", "Up") && wait_for_byte(s, KUMITE_PAD, KUMITE_UP, 60);
        for (int i = 0; i < 20; i++) held = held && peek(s, KUMITE_PAD) == KUMITE_UP;
        quiet = press("keyup", "Up") && wait_for_byte(s, KUMITE_PAD, 0, 60);
        for (const double end = now_s() + 240; !again && now_s() < end;)
            again = peek(s, KUMITE_PAD) > 0;
        /* RetroArch 1.20 to 1.22 copy the .info's systemid unchecked: without one they die here. */
        for (int tries = 0; tries < 20 && !ask(s, "GET_STATUS\n", status);) tries++;
    }
    tell(s, "QUIT\n");
    close(s);
    const int code = wait_for(retroarch, 60, "play.log");
    if (!began || !shot || code != 0)
        fail_msg("fight %d, screenshots %d, exit %d: %s", began, shot, code, log_text("play.log"));
    assert_in_range(presses, 60, 1 << 20);
    assert_in_range(moved[0], 20, 1 << 20);
    assert_in_range(moved[1], 20, 1 << 20);
    assert_in_range(colours[0], 8, 64); /* a picture of Kumite, not black */
    assert_in_range(colours[1], 8, 64);
    assert_in_range(num_moved_px, 100, 1 << 20);
    assert_true(taken);
    assert_true(held);
    assert_true(quiet);
    assert_true(again); /* let go: the agent plays */
    if (strncasecmp(status, "GET_STATUS PLAYING kata,kumite,", 31) != 0)
        fail_msg("status: %s", status);
    assert_non_null(strstr(log_text("play.log"), "Kata: the agent for Kumite plays on pad 1"));
    assert_non_null(strstr(log_text("play.log"), "SET_SUPPORT_ACHIEVEMENTS: no"));
    free(first.rgb);
    free(second.rgb);
}

static void shoot(const char *log, const char *more, int frames, const char *shot)
{
    const pid_t retroarch = start_retroarch(kit_kumite, log, more, frames, shot);
    const int code = wait_for(retroarch, 300, log);
    if (code != 0) fail_msg("exit %d: %s", code, log_text(log));
}

/* One frame ahead shows in frame n what is shown in frame n + 1 otherwise, if the agent plays the
 * same game: real frames hidden and saved, shown ones undone. With a second instance the plugin
 * and its inner core are there twice. */
static void test_running_ahead_shows_the_same_game(void **state)
{
    (void)state;
    static const int frames[] = { 420, 700 };
    put_nestopia();
    for (int i = 0; i < 2; i++) {
        shoot("plain.log", "", frames[i] + 1, "plain.png");
        shoot("ahead.log",
              "run_ahead_enabled = \"true\"\nrun_ahead_frames = \"1\"\n"
              "run_ahead_secondary_instance = \"false\"",
              frames[i], "ahead.png");
        assert_null(strstr(log_text("ahead.log"), "Run-Ahead unavailable"));
        assert_same_picture("plain.png", "ahead.png");
    }
    shoot("second.log",
          "run_ahead_enabled = \"true\"\nrun_ahead_frames = \"1\"\n"
          "run_ahead_secondary_instance = \"true\"",
          frames[1], "second.png");
    const char *loaded = strstr(log_text("second.log"), "runs in nestopia");
    assert_non_null(loaded);
    assert_non_null(strstr(loaded + 1, "runs in nestopia"));
    assert_same_picture("plain.png", "second.png");
}

/* Sent as a .kata file, the agent plays on another's machine what it plays at home. */
static void test_an_agent_that_was_sent_plays_the_same_game(void **state)
{
    (void)state;
    enum { FRAMES = 700 };
    char command[PATH_MAX + 4096];
    shoot("home.log", "", FRAMES, "home.png");
    snprintf(command, sizeof command,
             "mkdir -p '%s' && '%s/kata' export '%s' --with-agent --name ryu --out '%s' >/dev/null",
             kit_path("saves/kata"), build_dir, kit_kumite, kit_path("saves/kata/ryu.kata"));
    assert_int_equal(system(command), 0);
    kit_forget();
    shoot("sent.log", "", FRAMES, "sent.png");
    assert_non_null(strstr(log_text("sent.log"), "the agent \"ryu\" was put beside yours"));
    assert_non_null(strstr(log_text("sent.log"), "Kata: the agent \"ryu\" for Kumite plays"));
    assert_same_picture("home.png", "sent.png");
}

static void test_content_that_does_not_load_is_explained(void **state)
{
    (void)state;
    char rom[2048];
    strcpy(rom, kit_path("garbage.nes"));
    kit_write(rom, "garbage", 7);
    const pid_t retroarch = start_retroarch(rom, "garbage.log", "", 10, "garbage.png");
    wait_for(retroarch, 240, "garbage.log");
    assert_non_null(strstr(log_text("garbage.log"), "garbage.nes: Nestopia does not open it"));
}

/* RetroArch leaves archives whole: an arcade core gets its zip, and a game inside is unpacked. */
static void test_archives(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 17];
    char zip[2048];
    FILE *file = fopen(kit_kumite, "rb");
    assert_non_null(file);
    const size_t num_bytes = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    put_own_core("arcade", "zip|7z", "");
    strcpy(zip, kit_path("fighter.zip"));
    zip_file_write(zip, &(zip_entry_t){ "cpu.01", "code", 4 }, 1);
    pid_t retroarch = start_retroarch(zip, "arcade.log", "", 20, "arcade.png");
    assert_int_equal(wait_for(retroarch, 240, "arcade.log"), 0);
    assert_non_null(strstr(log_text("arcade.log"), "fighter.zip runs in arcade"));

    strcpy(zip, kit_path("Kumite again.zip"));
    zip_file_write(zip, &(zip_entry_t){ "roms/Kumite.nes", bytes, num_bytes }, 1);
    retroarch = start_retroarch(zip, "zipped.log", "", 20, "zipped.png");
    assert_int_equal(wait_for(retroarch, 240, "zipped.log"), 0);
    assert_non_null(strstr(log_text("zipped.log"), "Kumite.nes runs in nestopia"));
    assert_non_null(strstr(log_text("zipped.log"), "Kata: the agent for "));
}

/* A second instance gets no context of the graphics card: such a core would call through NULL. */
static void test_no_running_ahead_with_a_core_that_cannot(void **state)
{
    (void)state;
    static const char second[] = "run_ahead_enabled = \"true\"\nrun_ahead_frames = \"1\"\n"
                                 "run_ahead_secondary_instance = \"true\"";
    static const struct {
        const char *states, *says;
    } rows[] = { { DETERMINISTIC, "context draws with the graphics card: no run-ahead" },
                 { "savestate = \"true\"\nsavestate_features = \"serialized\"",
                   "context promises savestates that are only serialized: no run-ahead" } };
    char game[2048];
    strcpy(game, kit_path("game.vec"));
    kit_write(game, "x", 1);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        put_own_core("context", "vec", rows[r].states);
        const pid_t retroarch = start_retroarch(game, "context.log", second, 60, "context.png");
        assert_int_equal(wait_for(retroarch, 240, "context.log"), 0);
        const char *log = log_text("context.log");
        if (!strstr(log, rows[r].says) || !strstr(log, "[Run-Ahead]")) fail_msg("%s", log);
        const char *loaded = strstr(log, "runs in context");
        assert_non_null(loaded);
            if (strstr(loaded + 1, "runs in context")) fail_msg("%s", log);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_agent_plays_and_a_key_takes_the_pad),
        cmocka_unit_test(test_running_ahead_shows_the_same_game),
        cmocka_unit_test(test_an_agent_that_was_sent_plays_the_same_game),
        cmocka_unit_test(test_content_that_does_not_load_is_explained),
        cmocka_unit_test(test_archives),
        cmocka_unit_test(test_no_running_ahead_with_a_core_that_cannot),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
