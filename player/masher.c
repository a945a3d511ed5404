/* masher.c - see masher.h. */
#include "masher.h"

#include "splitmix.h"

static const uint16_t directions[9] = { 0,
                                        MACRO_UP,
                                        MACRO_DOWN,
                                        MACRO_LEFT,
                                        MACRO_RIGHT,
                                        MACRO_UP | MACRO_LEFT,
                                        MACRO_UP | MACRO_RIGHT,
                                        MACRO_DOWN | MACRO_LEFT,
                                        MACRO_DOWN | MACRO_RIGHT };

void masher_init(masher_t *masher, const preset_t *preset, uint64_t seed)
{
    *masher = (masher_t){ .preset = preset, .random = seed };
}

/* A button of the game; 0 where it is START or SELECT, or there is none. */
static uint16_t some_button(masher_t *masher)
{
    const macro_language_t *language = preset_language(masher->preset);
    if (language->num_buttons == 0) return 0;
    const uint32_t button = splitmix_below(&masher->random, (uint32_t)language->num_buttons);
    const uint16_t pad = language->buttons[button].pad;
    return pad & (1u << 2 | 1u << 3) ? 0 : pad;
}

uint16_t masher_next(masher_t *masher)
{
    if (masher->frames_left == 0) {
        masher->frames_left = 2 + (int32_t)splitmix_below(&masher->random, 8);
        masher->pad = directions[splitmix_below(&masher->random, 9)];
        if (splitmix_below(&masher->random, 2)) masher->pad |= some_button(masher);
    }
    masher->frames_left--;
    return masher->pad;
}
