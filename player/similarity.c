/* similarity.c - see similarity.h. */
#include "similarity.h"

#include <stdio.h>
#include <stdlib.h>

#include "macro.h"

const char *similarity_prior_name(similarity_prior_t prior)
{
    static const char *const names[] = { "structure", "none", "preset" };
    return names[prior];
}

static int32_t count_buttons(unsigned pads)
{
    return __builtin_popcount(pads & 0xffff);
}

static unsigned pad_of(const preset_action_t *action, int32_t frame, bool faces_left)
{
    return macro_pad_at(&action->macro, frame, faces_left && action->mirrors);
}

float similarity_structure(const preset_t *preset, int32_t a, int32_t b)
{
    const preset_action_t *first = preset_action(preset, a), *second = preset_action(preset, b);
    const int32_t num_frames = first->macro.num_frames > second->macro.num_frames
                                   ? first->macro.num_frames
                                   : second->macro.num_frames;
    int32_t both = 0, either = 0;
    for (int faces_left = 0; faces_left < 2; faces_left++)
        for (int32_t f = 0; f < num_frames; f++) {
            const unsigned x = pad_of(first, f, faces_left), y = pad_of(second, f, faces_left);
            both += count_buttons(x & y);
            either += count_buttons(x | y);
        }
    return either == 0 ? 1 : (float)both / (float)either;
}

bool similarity_prior(const preset_t *preset, similarity_prior_t prior, float constant,
                      float *matrix, char why[512])
{
    const int32_t num_actions = preset_num_actions(preset);
    const preset_similarity_t *learned = preset_similarity(preset);
    int32_t rows[PRESET_MAX_ACTIONS];
    if (prior == SIMILARITY_PRIOR_PRESET && !learned) {
        if (why)
            snprintf(why, 512,
                     "the preset of %.64s has no similarity to start from; one that an agent with "
                     "similarity saved beside itself has",
                     preset_game(preset));
        return false;
    }
    for (int32_t a = 0; a < num_actions; a++)
        rows[a] = prior == SIMILARITY_PRIOR_PRESET ? preset_similarity_row(preset, a) : -1;
    for (int32_t a = 0; a < num_actions; a++) {
        matrix[a * num_actions + a] = 0;
        for (int32_t b = a + 1; b < num_actions; b++) {
            float value = constant;
            /* Two actions that share a row differ in mirroring only, of which it says nothing. */
            if (rows[a] >= 0 && rows[b] >= 0 && rows[a] != rows[b])
                value = learned->matrix[rows[a] * learned->num_rows + rows[b]];
            else if (prior != SIMILARITY_PRIOR_NONE)
                value = similarity_structure(preset, a, b);
            matrix[a * num_actions + b] = matrix[b * num_actions + a] = value;
        }
    }
    return true;
}

char *similarity_preset_text(const preset_t *preset, const agent_t *agent)
{
    const size_t num_actions = (size_t)preset_num_actions(preset);
    float *matrix = malloc(num_actions * num_actions * sizeof *matrix);
    if (!matrix) return NULL;
    agent_stats_t stats;
    agent_get_stats(agent, &stats);
    preset_similarity_t how = { .decisions = (int64_t)stats.decisions,
                                .updates = (int64_t)stats.updates,
                                .seeds = 1 };
    snprintf(how.version, sizeof how.version, "%s", KATA_VERSION);
    agent_get_similarity(agent, matrix);
    char *text = preset_with_similarity(preset, matrix, &how);
    free(matrix);
    return text;
}
