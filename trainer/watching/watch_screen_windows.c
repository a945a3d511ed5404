/* watch_screen_windows.c - see watch_screen.h: there is no ncurses, so `kata watch` prints lines.
 */
#include "watch_screen.h"

bool watch_screen_open(void)
{
    return false;
}

void watch_screen_close(void)
{
}

void watch_screen_draw(const live_view_t *view, const cJSON *session, const char *status)
{
    (void)view, (void)session, (void)status;
}

watch_key_t watch_screen_key(int timeout_ms)
{
    (void)timeout_ms;
    return WATCH_KEY_QUIT;
}
