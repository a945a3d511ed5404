/* takeover.c - the rule of takeover.h. */
#include "takeover.h"

bool takeover_step(takeover_t *takeover, bool touched, uint32_t hold_frames)
{
    if (!touched) takeover->armed = true;
    if (touched && takeover->armed)
        takeover->frames_left = hold_frames;
    else if (takeover->frames_left > 0)
        takeover->frames_left--;
    if (takeover->frames_left > hold_frames) takeover->frames_left = hold_frames;
    return takeover->frames_left > 0;
}
