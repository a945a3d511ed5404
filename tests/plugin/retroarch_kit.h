/* retroarch_kit.h - the real frontend for tests: RetroArch under Xvfb with folders of its own,
 * asked over its network commands, keys by xdotool.
 */
#ifndef TEST_RETROARCH_KIT_H
#define TEST_RETROARCH_KIT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "kit.h"

extern char ra_build_dir[PATH_MAX]; /* the plugin and kata */

/* cmocka group setup: kit_setup(), Xvfb, `kata install` into RetroArch's folders. */
int ra_setup(void **state);
int ra_teardown(void **state);

#define RA_DETERMINISTIC "savestate = \"true\"\nsavestate_features = \"deterministic\""
/* A core where RetroArch and Kata look; `states`: lines of its .info. */
void ra_put_core(const char *library, const char *name, const char *extensions, const char *states);
void ra_put_own_core(const char *name, const char *extensions, const char *states);
/* Its own .info promises less than run-ahead and netplay take, though it is exact. */
void ra_put_nestopia(void);

/* A process whose output goes to <kit_dir>/<log>. It dies with us. */
pid_t ra_start(char *const argv[], const char *log);
/* Exit status; fails the test (and kills it) when it takes longer. */
int ra_wait(pid_t child, double limit_s, const char *log);
/* The log's text, until the next call. */
const char *ra_log(const char *log);
/* Its last lines, as many as cmocka shows of a failing test's message; until the next call. */
enum { RA_LOG_END_BYTES = 900 };
const char *ra_log_end(const char *log);
double ra_now_s(void);
void ra_nap_ms(int ms);

/* more: lines of its configuration that come after ours. frames > 0: it takes the picture `shot` of
 * that frame and ends. args: further arguments, ends with NULL; NULL: none. */
pid_t ra_start_retroarch(const char *rom, const char *log, const char *more, int frames,
                         const char *shot, const char *const *args);

/* Network commands: network_cmd_enable and network_cmd_port in `more`. RetroArch answers between
 * two frames, as many as come: where it shares a processor with us, dozens of answers in one frame.
 */
int ra_free_port(void);
int ra_connect(int port);
void ra_tell(int s, const char *command);
/* RetroArch's answer; false: none yet. */
bool ra_ask(int s, const char *command, char reply[256]);
/* One byte of the game's memory, as RetroArch sees it; -1: no answer yet. A version of RetroArch
 * that never tells it skips the test. */
int ra_peek(int s, unsigned address);
/* The same, asked again for a minute where RetroArch was too busy to answer. */
int ra_look(int s, unsigned address);
bool ra_wait_for_byte(int s, unsigned address, int value, double limit_s);

/* xdotool: what is "keydown", "keyup" or "key", for the window that has the focus. */
bool ra_press(const char *what, const char *key);
bool ra_focus_window(void);

#endif
