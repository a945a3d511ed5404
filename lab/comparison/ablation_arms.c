/* ablation_arms.c - the preset of the arm `rainbow`. */
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
