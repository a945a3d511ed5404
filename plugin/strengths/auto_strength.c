/* auto_strength.c - see auto_strength.h. */
#include "auto_strength.h"

/* The human's lead in the last rounds. */
static int32_t lead_of(const auto_strength_t *auto_strength)
{
    int32_t lead = 0;
    for (int32_t i = 0; i < AUTO_STRENGTH_ROUNDS; i++) lead += auto_strength->last[i];
    return lead;
}

/* The round that ended in the frame before was not undone. */
static int32_t count_round(auto_strength_t *auto_strength)
{
    const preset_result_t result = auto_strength->result;
    const bool counts = result != PRESET_NO_RESULT && !auto_strength->was_taken &&
                        auto_strength->pressed_frames >= AUTO_STRENGTH_PRESSED_FRAMES;
    auto_strength->has_ended = auto_strength->was_taken = false;
    auto_strength->pressed_frames = 0;
    if (!counts) return 0;
    auto_strength->last[auto_strength->num_rounds++ % AUTO_STRENGTH_ROUNDS] =
        result == PRESET_LOST  ? 1
        : result == PRESET_WON ? -1
                               : 0;
    const int32_t lead = lead_of(auto_strength);
    if (lead > -AUTO_STRENGTH_LEAD && lead < AUTO_STRENGTH_LEAD) return 0;
    *auto_strength = (auto_strength_t){ 0 };
    return lead > 0 ? 1 : -1;
}

int32_t auto_strength_frame(auto_strength_t *auto_strength, bool presses, bool holds_agents,
                            bool is_over, preset_result_t result)
{
    const int32_t step = auto_strength->has_ended ? count_round(auto_strength) : 0;
    auto_strength->pressed_frames += presses;
    auto_strength->was_taken |= holds_agents;
    auto_strength->has_ended = is_over;
    auto_strength->result = is_over ? result : PRESET_NO_RESULT;
    return step;
}

void auto_strength_jumped(auto_strength_t *auto_strength)
{
    auto_strength->has_ended = false;
}
