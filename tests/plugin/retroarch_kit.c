/* retroarch_kit.c - the real frontend for tests: see retroarch_kit.h. */
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
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "retroarch_kit.h"

static pid_t xvfb;
static char display[32];
char ra_build_dir[PATH_MAX];

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
pid_t ra_start(char *const argv[], const char *log)
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

double ra_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void ra_nap_ms(int ms)
{
    poll(NULL, 0, ms);
}

/* Exit status; fails the test (and kills it) when it takes longer. */
int ra_wait(pid_t child, double limit_s, const char *log)
{
    int status;
    for (const double end = ra_now_s() + limit_s; ra_now_s() < end; ra_nap_ms(20))
        if (waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    fail_msg("%s did not end within %.0f s", log, limit_s);
    return -1;
}

/* The log's text, for messages of failing tests. Until the next call. */
const char *ra_log(const char *log)
{
    static char text[1 << 18];
    FILE *file = fopen(kit_path(log), "r");
    text[file ? fread(text, 1, sizeof text - 1, file) : 0] = '\0';
    if (file) fclose(file);
    return text;
}

const char *ra_log_end(const char *log)
{
    const char *const text = ra_log(log);
    const size_t length = strlen(text);
    return text + (length > RA_LOG_END_BYTES ? length - RA_LOG_END_BYTES : 0);
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
    snprintf(command, sizeof command, "'%s/kata' install >'%s'", ra_build_dir,
             kit_path("install.log"));
    return system(command) == 0;
}

void ra_put_core(const char *library, const char *name, const char *extensions, const char *states)
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

void ra_put_nestopia(void)
{
    glob_t found;
    assert_int_equal(glob("/usr/lib/*/libretro/nestopia_libretro.so", 0, NULL, &found), 0);
    ra_put_core(found.gl_pathv[0], "nestopia", "nes", RA_DETERMINISTIC);
    globfree(&found);
}

void ra_put_own_core(const char *name, const char *extensions, const char *states)
{
    char from[PATH_MAX + 96];
    snprintf(from, sizeof from, "%s/tests/plugin/cores/%s_libretro.so", ra_build_dir, name);
    ra_put_core(from, name, extensions, states);
}

int ra_setup(void **state)
{
    if (kit_setup(state) != 0) return -1;
    const char *build = getenv("KATA_BUILD");
    if (!realpath(build ? build : "build/release", ra_build_dir)) return -1;

    int ends[2];
    if (pipe(ends) != 0) return -1;
    char fd[16];
    snprintf(fd, sizeof fd, "%d", ends[1]);
    /* Without -noreset it begins anew when its last client leaves, and the next one's GLX fails if
     * it comes at that moment: RetroArch then takes EGL and jumps to a function it did not find. */
    char *const argv[] = { "Xvfb",       "-displayfd", fd,    "-screen",  "0",
                           "800x600x24", "-nolisten",  "tcp", "-noreset", NULL };
    xvfb = ra_start(argv, "xvfb.log");
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

int ra_teardown(void **state)
{
    if (xvfb > 0) {
        kill(xvfb, SIGTERM);
        waitpid(xvfb, NULL, 0);
    }
    return kit_teardown(state);
}

/* ---- RetroArch ---- */

pid_t ra_start_retroarch(const char *rom, const char *log, const char *more, int frames,
                         const char *shot, const char *const *args)
{
    char config[16384], config_path[2048], config_name[256], more_path[2048], max_frames[64],
        shot_path[2200];
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
        "history_list_enable = \"false\"\n"
        /* the defaults of RetroArch 1.14; 1.20 sorts */
        "sort_savefiles_enable = \"false\"\nsort_savefiles_by_content_enable = \"false\"\n"
        "sort_savestates_enable = \"false\"\nsort_savestates_by_content_enable = \"false\"\n",
        kit_dir, kit_dir, kit_dir, kit_dir, kit_dir, kit_dir);
    snprintf(config_name, sizeof config_name, "%s.cfg", log);
    strcpy(config_path, kit_path(config_name));
    snprintf(config_name, sizeof config_name, "%s.more.cfg", log);
    strcpy(more_path, kit_path(config_name));
    kit_write(more_path, more, strlen(more));
    kit_write(config_path, config, (size_t)length);
    snprintf(plugin, sizeof plugin, "%s/kata_libretro.so", ra_build_dir);
    snprintf(max_frames, sizeof max_frames, "--max-frames=%d", frames);
    snprintf(shot_path, sizeof shot_path, "--max-frames-ss-path=%s", kit_path(shot ? shot : "-"));
    char *argv[32] = { "retroarch",      "--verbose",       "--config", config_path,
                       "--appendconfig", more_path,         "-L",       plugin,
                       (char *)rom,      "--max-frames-ss", shot_path };
    int num_args = 11;
    if (frames) argv[num_args++] = max_frames;
    while (args && *args) argv[num_args++] = (char *)*args++;
    argv[num_args] = NULL;
    return ra_start(argv, log);
}

int ra_free_port(void)
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

int ra_connect(int port)
{
    const struct sockaddr_in address = { .sin_family = AF_INET,
                                         .sin_port = htons((uint16_t)port),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(connect(s, (const struct sockaddr *)&address, sizeof address), 0);
    return s;
}

/* RetroArch's answer to a network command; false: none yet. */
bool ra_ask(int s, const char *command, char reply[256])
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

/* RetroArch 1.18 (Ubuntu 24.04) answers READ_CORE_RAM with -1 for nestopia itself, too. */
static void skip_where_memory_is_not_told(int s)
{
    char version[256];
    if (!ra_ask(s, "VERSION\n", version) || strncmp(version, "1.18.", 5) != 0) return;
    printf("skipped: RetroArch %.*s does not tell what is in a game's memory\n",
           (int)strcspn(version, "\n"), version);
    skip();
}

/* One byte of the game's memory, as RetroArch sees it; -1: no answer yet. */
int ra_peek(int s, unsigned address)
{
    char command[64], reply[256];
    snprintf(command, sizeof command, "READ_CORE_RAM %x 1\n", address);
    if (!ra_ask(s, command, reply)) return -1;
    unsigned where;
    int value;
    if (sscanf(reply, "READ_CORE_RAM %x %x", &where, (unsigned *)&value) != 2) return -1;
    if (value < 0) skip_where_memory_is_not_told(s);
    return where == address ? value : -1;
}

int ra_look(int s, unsigned address)
{
    int value = -1;
    for (const double limit = ra_now_s() + 60; value < 0 && ra_now_s() < limit;)
        value = ra_peek(s, address);
    return value;
}

bool ra_wait_for_byte(int s, unsigned address, int value, double limit_s)
{
    for (const double end = ra_now_s() + limit_s; ra_now_s() < end;) {
        const int found = ra_peek(s, address);
        if (found == value) return true;
        if (found < 0) ra_nap_ms(50);
    }
    return false;
}

void ra_tell(int s, const char *command)
{
    assert_true(send(s, command, strlen(command), 0) > 0);
}

/* ---- keys ---- */

bool ra_press(const char *what, const char *key)
{
    char *const argv[] = { "xdotool", (char *)what, (char *)key, NULL };
    return ra_wait(ra_start(argv, "xdotool.log"), 60, "xdotool") == 0;
}

bool ra_focus_window(void)
{
    char *const argv[] = { "xdotool", "search",    "--sync",      "--onlyvisible",
                           "--class", "retroarch", "windowfocus", NULL };
    return ra_wait(ra_start(argv, "xdotool.log"), 60, "xdotool") == 0;
}
