/* fake_options.h - core options of the fake core. */
#ifndef FAKE_OPTIONS_H
#define FAKE_OPTIONS_H

#include "libretro.h"

/* shape: variables, v1, v1_intl, v2 or v2_intl; any other registers nothing. The tables lie on the
 * stack and are overwritten before this returns. */
__attribute__((visibility("hidden"))) void fake_options_register(retro_environment_t environment,
                                                                 const char *shape);

#endif
