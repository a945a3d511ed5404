/* shadow.c - a library with retro_* names that a test opens with RTLD_GLOBAL, as some frontends
 * open cores: a core opened later must still call its own functions, not these. */
#include "libretro.h"

__attribute__((visibility("default"))) void retro_init(void)
{
}

__attribute__((visibility("default"))) void
retro_get_system_av_info(struct retro_system_av_info *info)
{
    info->timing.sample_rate = 1.0;
}
