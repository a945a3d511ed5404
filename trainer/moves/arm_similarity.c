/* arm_similarity.c - see arm_similarity.h. */
#include "arm_similarity.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "similarity_prior.h"
#include "splitmix.h"

enum { ORACLE_BYTES = 1 << 20 };

bool arm_has_similarity(int32_t arm)
{
    return arm == ABLATION_ORACLE || arm_needs_probe(arm) || arm_needs_inverse(arm);
}

bool arm_needs_inverse(int32_t arm)
{
    return arm == ABLATION_INVERSE;
}

bool arm_needs_probe(int32_t arm)
{
    return arm == ABLATION_PROBE || arm == ABLATION_PERMUTED || arm == ABLATION_CONSTANT ||
           arm == ABLATION_KINDS || arm == ABLATION_PROBE_META || arm == ABLATION_TOGETHER;
}

bool arm_learns_similarity(int32_t arm)
{
    return arm == ABLATION_META || arm == ABLATION_TRANSFER || arm == ABLATION_PROBE_META ||
           arm == ABLATION_TOGETHER;
}

bool arm_draws_by_kinds(int32_t arm)
{
    return arm == ABLATION_KINDS || arm == ABLATION_TOGETHER;
}

/* ---- by hand ---- */

static int32_t find_action(const preset_t *preset, const char *text)
{
    macro_t macro;
    for (int32_t a = 0; a < preset_num_actions(preset); a++)
        if (strcmp(preset_action(preset, a)->name, text) == 0) return a;
    if (!macro_parse(&macro, text, preset_language(preset), NULL)) return -1;
    for (int32_t a = 0; a < preset_num_actions(preset); a++)
        if (macro_same_steps(&preset_action(preset, a)->macro, &macro)) return a;
    return -1;
}

/* kind[a]: the list that action a is in, from 1; 0: none. */
static bool read_kinds(int32_t kind[PRESET_MAX_ACTIONS], const preset_t *preset, const cJSON *file,
                       const char *path, char *why)
{
    const cJSON *lists = cJSON_GetObjectItemCaseSensitive(file, "kinds"), *list, *item;
    int32_t number = 0;
    memset(kind, 0, PRESET_MAX_ACTIONS * sizeof *kind);
    if (!cJSON_IsArray(lists) || !lists->child)
        return refuse(why, "%.300s: \"kinds\" must be a list of lists of actions", path);
    cJSON_ArrayForEach(list, lists)
    {
        number++;
        if (!cJSON_IsArray(list))
            return refuse(why, "%.300s: kinds[%d]: must be a list of actions", path, number - 1);
        cJSON_ArrayForEach(item, list)
        {
            const char *text = cJSON_GetStringValue(item);
            const int32_t action = text ? find_action(preset, text) : -1;
            if (action < 0)
                return refuse(why, "%.300s: kinds[%d]: no action of %.64s is called \"%.64s\"",
                              path, number - 1, preset_game(preset), text ? text : "?");
            if (kind[action])
                return refuse(why, "%.300s: %.64s is in two lists", path,
                              preset_action(preset, action)->name);
            kind[action] = number;
        }
    }
    return true;
}

static bool by_hand(float *matrix, const preset_t *preset, const char *path, char *why)
{
    const int32_t num_actions = preset_num_actions(preset);
    int32_t kind[PRESET_MAX_ACTIONS];
    uint8_t *bytes;
    size_t num_bytes;
    if (!path)
        return refuse(why, "the arm oracle begins with a similarity written by hand: name its file "
                           "with --oracle");
    if (!files_read(path, ORACLE_BYTES, &bytes, &num_bytes, why)) return false;
    cJSON *file = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    free(bytes);
    const bool ok = file ? read_kinds(kind, preset, file, path, why)
                         : refuse(why, "%.300s: it must be a JSON object", path);
    cJSON_Delete(file);
    for (int32_t a = 0; ok && a < num_actions; a++)
        for (int32_t b = 0; b < num_actions; b++)
            matrix[a * num_actions + b] = a != b && kind[a] && kind[a] == kind[b];
    return ok;
}

/* ---- from outcomes ---- */

static bool permute(float *matrix, int32_t num_actions, char *why)
{
    int32_t names[PRESET_MAX_ACTIONS];
    uint64_t random = 1;
    float *was = malloc((size_t)(num_actions * num_actions) * sizeof *was);
    if (!was) return refuse(why, "no memory for a similarity");
    memcpy(was, matrix, (size_t)(num_actions * num_actions) * sizeof *was);
    for (int32_t a = 0; a < num_actions; a++) names[a] = a;
    for (int32_t a = num_actions - 1; a > 0; a--) {
        const int32_t other = (int32_t)splitmix_below(&random, (uint32_t)a + 1);
        const int32_t held = names[a];
        names[a] = names[other];
        names[other] = held;
    }
    for (int32_t a = 0; a < num_actions; a++)
        for (int32_t b = 0; b < num_actions; b++)
            matrix[a * num_actions + b] = was[names[a] * num_actions + names[b]];
    free(was);
    return true;
}

static void level(float *matrix, int32_t num_actions)
{
    double sum = 0;
    for (int32_t i = 0; i < num_actions * num_actions; i++) sum += (double)matrix[i];
    const double pairs = (double)num_actions * (num_actions - 1);
    for (int32_t a = 0; a < num_actions; a++)
        for (int32_t b = 0; b < num_actions; b++)
            matrix[a * num_actions + b] = a == b || pairs == 0 ? 0 : (float)(sum / pairs);
}

static bool fill(float *matrix, int32_t arm, const preset_t *preset, const preset_t *found,
                 const char *oracle, char *why)
{
    if (arm == ABLATION_ORACLE) return by_hand(matrix, preset, oracle, why);
    if (!similarity_from_outcomes(found, 0, matrix, why)) return false;
    if (arm == ABLATION_PERMUTED) return permute(matrix, preset_num_actions(preset), why);
    if (arm == ABLATION_CONSTANT) level(matrix, preset_num_actions(preset));
    return true;
}

bool arm_similarity(preset_t **out, int32_t arm, const preset_t *preset, const preset_t *found,
                    const char *oracle, why_t why)
{
    const size_t num_actions = (size_t)preset_num_actions(preset);
    float *matrix = malloc(num_actions * num_actions * sizeof *matrix);
    char *text = NULL;
    *out = NULL;
    if (!matrix) return refuse(why, "no memory for a similarity");
    bool ok = fill(matrix, arm, preset, found, oracle, why);
    if (ok) {
        const preset_similarity_t how = { .version = KATA_VERSION };
        text = preset_with_similarity(preset, matrix, &how);
        ok = text != NULL || refuse(why, "no memory for a similarity");
    }
    ok = ok && preset_parse(out, text, strlen(text), "an arm's similarity", why);
    free(text);
    free(matrix);
    return ok;
}
