/* ablation_arms.c - what makes an arm: its preset and its options. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ablation_train.h"
#include "why.h"

bool ablation_primitives(preset_t **out, const preset_t *preset, why_t why)
{
    int32_t num_macros = 0;
    const int32_t num_actions = preset_num_actions(preset);
    for (int32_t a = 0; a < num_actions; a++) num_macros += preset_action(preset, a)->is_macro;
    *out = NULL;
    if (num_macros == 0 || num_macros == num_actions) {
        refuse(why,
               "the arm rainbow plays primitives only, and the preset of %s has no %s: leave "
               "rainbow out of --arms",
               preset_game(preset), num_macros ? "primitives" : "macros to remove");
        return false;
    }
    size_t num_bytes;
    const char *text = preset_text(preset, &num_bytes);
    cJSON *file = cJSON_ParseWithLength(text, num_bytes);
    cJSON_DeleteItemFromObjectCaseSensitive(cJSON_GetObjectItemCaseSensitive(file, "actions"),
                                            "macros");
    cJSON_DeleteItemFromObjectCaseSensitive(file, "similarity"); /* of moves that are gone */
    char *shorter = file ? cJSON_Print(file) : NULL;
    cJSON_Delete(file);
    if (!shorter) {
        refuse(why, "no memory for a preset");
        return false;
    }
    const bool ok = preset_parse(out, shorter, strlen(shorter), "the preset without macros", why);
    cJSON_free(shorter);
    return ok;
}

learning_options_t ablation_arm_options(const learning_options_t *options, int32_t arm)
{
    learning_options_t of_arm = *options;
    of_arm.threads = 1;
    of_arm.workers = 1;
    const bool is_learned = arm == ABLATION_META || arm == ABLATION_TRANSFER;
    of_arm.similarity = is_learned              ? AGENT_SIMILARITY_META
                        : arm == ABLATION_FIXED ? AGENT_SIMILARITY_FIXED
                                                : AGENT_SIMILARITY_OFF;
    if (!is_learned) {
        of_arm.similarity_learning_rate = NAN;
        of_arm.similarity_period = OPTION_UNSET;
        of_arm.similarity_balance = -1;
    }
    if (of_arm.similarity == AGENT_SIMILARITY_OFF) {
        of_arm.similarity_weight = NAN;
        of_arm.similarity_fade = OPTION_UNSET;
    }
    if (of_arm.similarity == AGENT_SIMILARITY_OFF || arm == ABLATION_TRANSFER)
        of_arm.similarity_prior = -1;
    return of_arm;
}
