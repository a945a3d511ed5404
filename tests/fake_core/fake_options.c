/* fake_options.c - the same two core options in each of the five shapes. */
#include "fake_options.h"

#include <string.h>

void fake_options_register(retro_environment_t environment, const char *shape)
{
    /* On the stack, as the specification allows: a bridge that keeps pointers fails. */
    struct retro_variable variables[] = { { "fake_speed", "Speed; normal|slow|fast" },
                                          { "fake_colour", "Colour; red|blue" },
                                          { 0 } };
    struct retro_core_option_definition v1[] = {
        { "fake_speed",
          "Speed",
          "How fast",
          { { "slow", "Slow" }, { "normal", 0 }, { "fast", 0 } },
          "normal" },
        { "fake_colour", "Colour", "Which", { { "red", 0 }, { "blue", 0 } }, "red" },
        { 0 }
    };
    struct retro_core_option_definition v1_local[] = { { "fake_speed",
                                                         "Tempo",
                                                         "Wie schnell",
                                                         { { "slow", "Langsam" }, { "normal", 0 } },
                                                         "normal" },
                                                       { 0 } };
    struct retro_core_option_v2_category categories[] = { { "look", "Look", "How it looks" },
                                                          { 0 } };
    struct retro_core_option_v2_category categories_local[] = { { "look", "Aussehen", 0 }, { 0 } };
    struct retro_core_option_v2_definition v2[] = {
        { "fake_speed",
          "Speed",
          0,
          "How fast",
          0,
          0,
          { { "slow", "Slow" }, { "normal", 0 }, { "fast", 0 } },
          "normal" },
        { "fake_colour",
          "Look - Colour",
          "Colour",
          "Which",
          0,
          "look",
          { { "red", 0 }, { "blue", 0 } },
          "red" },
        { 0 }
    };
    struct retro_core_option_v2_definition v2_local[] = {
        { "fake_speed", "Tempo", 0, "Wie schnell", 0, 0, { { "slow", "Langsam" } }, "normal" },
        { 0 }
    };
    struct retro_core_options_intl v1_both = { v1, v1_local };
    struct retro_core_options_v2 set = { categories, v2 }, local = { categories_local, v2_local };
    struct retro_core_options_v2_intl v2_both = { &set, &local };

    if (strcmp(shape, "variables") == 0) environment(RETRO_ENVIRONMENT_SET_VARIABLES, variables);
    if (strcmp(shape, "v1") == 0) environment(RETRO_ENVIRONMENT_SET_CORE_OPTIONS, v1);
    if (strcmp(shape, "v1_intl") == 0)
        environment(RETRO_ENVIRONMENT_SET_CORE_OPTIONS_INTL, &v1_both);
    if (strcmp(shape, "v2") == 0) environment(RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2, &set);
    if (strcmp(shape, "v2_intl") == 0)
        environment(RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2_INTL, &v2_both);

    /* What lay on the stack is overwritten at once. */
    memset(variables, 0xee, sizeof variables);
    memset(v1, 0xee, sizeof v1);
    memset(v1_local, 0xee, sizeof v1_local);
    memset(v2, 0xee, sizeof v2);
    memset(v2_local, 0xee, sizeof v2_local);
    memset(categories, 0xee, sizeof categories);
}
