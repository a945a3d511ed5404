/* similarity_prior.c - see similarity_prior.h. */
#include "similarity_prior.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "macro.h"

const char *similarity_prior_name(similarity_prior_t prior)
{
    static const char *const names[] = { "structure", "none", "preset", "probe", "inverse" };
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

static bool refuse_empty(const preset_t *preset, char *why)
{
    if (why)
        snprintf(why, 512,
                 "the preset of %.64s has no similarity to start from; one that an agent with "
                 "similarity saved beside itself has",
                 preset_game(preset));
    return false;
}

/* ---- from outcomes ---- */

double similarity_usual_kinds(int32_t num_actions)
{
    return fmin(num_actions, 2 * sqrt(num_actions));
}

double similarity_kinds(int32_t num_actions, const float *matrix, double *rho)
{
    for (int32_t a = 0; a < num_actions; a++) {
        rho[a] = 0;
        for (int32_t b = 0; b < num_actions; b++)
            if (b != a) rho[a] += (double)matrix[a * num_actions + b];
    }
    return kinds_count(num_actions, rho);
}

/* rows[a]: of action a in the outcomes. False: one has none. */
static bool find_rows(const preset_t *preset, int32_t rows[PRESET_MAX_ACTIONS], int32_t *missing)
{
    const preset_outcomes_t *outcomes = preset_outcomes(preset);
    for (int32_t a = 0; outcomes && a < preset_num_actions(preset); a++) {
        rows[a] = preset_table_find(preset, &outcomes->table, &preset_action(preset, a)->macro);
        *missing = a;
        if (rows[a] < 0) return false;
    }
    return outcomes != NULL;
}

bool similarity_has_outcomes(const preset_t *preset, similarity_prior_t prior)
{
    int32_t rows[PRESET_MAX_ACTIONS], missing;
    const preset_outcomes_t *outcomes = preset_outcomes(preset);
    return outcomes && (outcomes->decisions > 0) == (prior == SIMILARITY_PRIOR_INVERSE) &&
           find_rows(preset, rows, &missing);
}

static double spread_out(const preset_t *preset, const int32_t *rows, double tau, float *matrix)
{
    const preset_table_t *table = &preset_outcomes(preset)->table;
    const int32_t num_actions = preset_num_actions(preset);
    double rho[PRESET_MAX_ACTIONS];
    for (int32_t a = 0; a < num_actions; a++)
        for (int32_t b = 0; b < num_actions; b++) {
            const double d = (double)table->matrix[rows[a] * table->num_rows + rows[b]] / tau;
            float value = a == b ? 0 : (float)exp(-d * d);
            /* Two that share a row differ in mirroring only, of which outcomes say nothing. */
            if (a != b && rows[a] == rows[b]) value = similarity_structure(preset, a, b);
            matrix[a * num_actions + b] = value;
        }
    return similarity_kinds(num_actions, matrix, rho);
}

bool similarity_from_outcomes(const preset_t *preset, double kinds, float *matrix, why_t why)
{
    const int32_t num_actions = preset_num_actions(preset);
    const preset_outcomes_t *outcomes = preset_outcomes(preset);
    int32_t rows[PRESET_MAX_ACTIONS], missing = 0;
    if (!outcomes)
        return refuse(why,
                      "the preset of %.64s has no outcomes: `kata similarity probe` or `kata "
                      "similarity inverse` finds them",
                      preset_game(preset));
    if (!find_rows(preset, rows, &missing))
        return refuse(why,
                      "the outcomes of %.64s do not know %.64s: `kata similarity probe` or `kata "
                      "similarity inverse` finds them anew",
                      preset_game(preset), preset_action(preset, missing)->name);
    if (kinds == 0) kinds = similarity_usual_kinds(num_actions);
    double low = 1e-6, high = 100; /* of tau: the larger, the fewer kinds */
    for (int i = 0; i < 60; i++) {
        const double tau = sqrt(low * high);
        if (spread_out(preset, rows, tau, matrix) > kinds)
            low = tau;
        else
            high = tau;
    }
    return true;
}

bool similarity_prior(const preset_t *preset, similarity_prior_t prior, float constant,
                      float *matrix, why_t why)
{
    const int32_t num_actions = preset_num_actions(preset);
    if (prior == SIMILARITY_PRIOR_PRESET) {
        if (!preset_similarity(preset)) return refuse_empty(preset, why);
        return similarity_prior_from(preset, preset, matrix, NULL, why);
    }
    if (prior == SIMILARITY_PRIOR_PROBE || prior == SIMILARITY_PRIOR_INVERSE)
        return similarity_from_outcomes(preset, 0, matrix, why);
    for (int32_t a = 0; a < num_actions; a++)
        for (int32_t b = 0; b < num_actions; b++) {
            float value = constant;
            if (prior == SIMILARITY_PRIOR_STRUCTURE) value = similarity_structure(preset, a, b);
            matrix[a * num_actions + b] = a == b ? 0 : value;
        }
    return true;
}

bool similarity_prior_from(const preset_t *preset, const preset_t *source, float *matrix,
                           int32_t *num_known, why_t why)
{
    const int32_t num_actions = preset_num_actions(preset);
    const preset_similarity_t *learned = preset_similarity(source);
    if (!learned) return refuse_empty(source, why);
    int32_t rows[PRESET_MAX_ACTIONS], known = 0;
    for (int32_t a = 0; a < num_actions; a++) {
        rows[a] = preset_similarity_find(source, &preset_action(preset, a)->macro);
        known += rows[a] >= 0;
    }
    if (num_known) *num_known = known;
    if (source != preset && known < 2) {
        if (why)
            snprintf(why, 512,
                     "the similarity of %.64s knows %d of the %d moves of %.64s: there is nothing "
                     "to begin with",
                     preset_game(source), (int)known, (int)num_actions, preset_game(preset));
        return false;
    }
    for (int32_t a = 0; a < num_actions; a++)
        for (int32_t b = 0; b < num_actions; b++) {
            /* Two actions that share a row differ in mirroring only, of which it says nothing. */
            const bool has = rows[a] >= 0 && rows[b] >= 0 && rows[a] != rows[b];
            float value = 0;
            if (a != b)
                value = has ? learned->matrix[rows[a] * learned->num_rows + rows[b]]
                            : similarity_structure(preset, a, b);
            matrix[a * num_actions + b] = value;
        }
    return true;
}

/* Rows and matrix are left out. */
static preset_similarity_t provenance_of(const agent_t *agent, const preset_similarity_t *origin)
{
    preset_similarity_t how = { 0 };
    if (agent_config(agent)->similarity_mode == AGENT_SIMILARITY_FIXED) {
        if (origin) how = *origin;
    } else {
        agent_stats_t stats;
        agent_get_stats(agent, &stats);
        how.decisions = (int64_t)stats.decisions;
        how.updates = (int64_t)stats.updates;
        how.seeds = 1;
        how.has_seed = agent_config(agent)->seed <= (uint64_t)1 << 53;
        how.seed = (int64_t)agent_config(agent)->seed;
        snprintf(how.version, sizeof how.version, "%s", KATA_VERSION);
        if (origin) memcpy(how.from, origin->from, sizeof how.from);
    }
    how.num_rows = 0;
    how.notations = NULL;
    how.matrix = NULL;
    return how;
}

char *similarity_preset_text(const preset_t *preset, const agent_t *agent,
                             const preset_similarity_t *origin)
{
    const size_t num_actions = (size_t)preset_num_actions(preset);
    float *matrix = malloc(num_actions * num_actions * sizeof *matrix);
    if (!matrix) return NULL;
    const preset_similarity_t how = provenance_of(agent, origin);
    agent_get_similarity(agent, matrix);
    char *text = preset_with_similarity(preset, matrix, &how);
    free(matrix);
    return text;
}
