/* host.h - the frontend, as it looks from inside: its callbacks, and small questions to it.
 *
 * The host table outlives sessions: retro_set_environment() comes before retro_init(), and a
 * frontend may init again after deinit without repeating it. So it is only ever overwritten, member
 * by member, by the retro_set_*() entry points. Any callback may be NULL at any time; every
 * function here then does nothing and says so.
 */
#ifndef KATA_HOST_H
#define KATA_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "bridge_host.h"
#include "libretro.h"

#define HOST_PATH_BYTES 4096
#define HOST_TEXT_BYTES 640 /* a message on the player's screen, with its NUL */

typedef struct {
    /* What the inner core gets. inner.environment is the plugin's own (it sees the inner core's
     * calls first), inner.video is NULL while a hidden frame runs. */
    struct bridge_host inner;
    retro_environment_t environment; /* the frontend's own */
    retro_video_refresh_t video;
    retro_video_refresh_t draw; /* the plugin's own: draws on the picture and passes it on */
    bool has_display_callback;  /* it asks us which options to show */

    /* RetroArch's news that options changed can be read once, and reading any option ends it. So
     * it is kept for both who wait for it. */
    bool has_option_news, has_option_news_for_inner;
} host_t;

/* False: the frontend is not there or does not know the command. */
bool host_environment(const host_t *host, unsigned command, void *data);

/* Kata's own file: where the frontend says that it has it, for it may run a copy of it elsewhere
 * (run-ahead's second instance); else what the dynamic loader opened. "" if neither is known. */
void host_own_path(const host_t *host, char path[HOST_PATH_BYTES]);
/* Is this library a copy of the file that the frontend names as the core? So RetroArch makes the
 * second instance that it runs ahead. */
bool host_is_copy(const host_t *host);

/* A line in the frontend's log; dropped if it has none. */
void host_log(const host_t *host, enum retro_log_level level, const char *text);

/* What of a sentence goes on the screen, which has two lines of 60 letters for "Kata: " and it:
 * files without their folders, and what is too long ends in "...". */
#define HOST_SCREEN_LETTERS 114
void host_screen_text(char out[HOST_TEXT_BYTES], const char *text);

/* On the player's screen, as host_screen_text() has it, and whole in the log. text without a
 * newline, "Kata: " is put before it. */
void host_say(const host_t *host, enum retro_log_level level, unsigned duration_ms,
              const char *text);

/* A line that stands on the screen until the next one or until its time is over; not in the log.
 * Nothing where the frontend knows no such lines. */
void host_status(const host_t *host, unsigned duration_ms, const char *text);

/* True if the frontend runs this frame without showing it (run-ahead, netplay catching up). */
bool host_frame_is_hidden(const host_t *host);

/* True once after the player changed options: for Kata, and for the inner core. */
bool host_options_changed(host_t *host);
bool host_options_changed_for_inner(host_t *host);
/* An option's value until the next one is asked for; NULL: the frontend does not know it. The only
 * place that reads Kata's options. */
const char *host_option(host_t *host, const char *key);

/* What the frontend wants a state for. */
typedef enum { HOST_STATE_KEPT, HOST_STATE_RUN_AHEAD, HOST_STATE_NETPLAY } host_state_use_t;
host_state_use_t host_state_use(const host_t *host);
/* True while the frontend saves and loads for netplay. */
bool host_is_netplay(const host_t *host);

/* Polls once; the inner core's own poll of this frame is then not forwarded. */
void host_poll(host_t *host);

/* After a poll: the RetroPad of this port as a pad word, bit n = joypad id n. with_mask: as below.
 */
uint16_t host_pad(const host_t *host, unsigned port, bool with_mask);

/* After a poll: does a human press anything on this port? One of `buttons` (bit: joypad id), or a
 * stick pushed beyond half its way. with_mask: the frontend answers RETRO_DEVICE_ID_JOYPAD_MASK. */
bool host_pad_is_touched(const host_t *host, unsigned port, bool with_mask, uint16_t buttons);

#endif
