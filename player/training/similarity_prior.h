/* similarity_prior.h - how alike a preset's actions are taken to be before anything was learned,
 * and the preset that keeps what was.
 *
 * The agent knows numbers of actions, the preset knows moves; this is where they meet. A matrix is
 * (A, A), A = preset_num_actions(): symmetric, in [0, 1], zero diagonal.
 */
#ifndef PLAYER_SIMILARITY_PRIOR_H
#define PLAYER_SIMILARITY_PRIOR_H

#include <stdbool.h>
#include <stdint.h>

#include "agent.h"
#include "preset.h"
#include "why.h"

typedef enum {
    SIMILARITY_PRIOR_STRUCTURE = 0, /* similarity_structure() of each pair */
    SIMILARITY_PRIOR_NONE,          /* the same number for every pair */
    SIMILARITY_PRIOR_PRESET,        /* the preset's own; a pair that it does not list: structure */
    SIMILARITY_PRIOR_PROBE,         /* what the actions do: similarity_from_outcomes() */
    SIMILARITY_PRIOR_INVERSE        /* the same of outcomes that an inverse model found */
} similarity_prior_t;

#define SIMILARITY_PRIOR_NAMES                                                                     \
    "structure|none|preset|probe|inverse" /* in the order of their numbers */
const char *similarity_prior_name(similarity_prior_t prior);

/* What two actions press together, of what either presses:
 *
 *     sum_f |a_f & b_f| / sum_f |a_f | b_f|
 *
 * over frames f until both are over and over both sides that a player can face; a_f is the set of
 * buttons held (none behind the end), |.| its size. 1: the same pads on the same frames, and two
 * actions that press nothing; 0: never a button in common. */
float similarity_structure(const preset_t *preset, int32_t a, int32_t b);

/* From the preset's outcomes:
 *     Sigma_ij = exp(-(distance_ij / tau)^2)
 * with tau so that sum_i 1 / (1 + rho_i), the number of kinds (agent/kinds.h), is `kinds`, or as
 * near to it as that comes. Rows differ sharply then: some actions have dozens of likes, some none.
 * kinds 0: similarity_usual_kinds(). False: the preset has no outcomes, or not of each action. */
bool similarity_from_outcomes(const preset_t *preset, double kinds, float *matrix, why_t why);
/* 2 sqrt(A): 10 of 24 actions, 31 of 240. */
double similarity_usual_kinds(int32_t num_actions);
/* The outcomes know each action and are of this prior, a probe or an inverse model: none has to be
 * found first. */
bool similarity_has_outcomes(const preset_t *preset, similarity_prior_t prior);
/* sum_j of each row, and how many kinds that makes. rho: (A), written. */
double similarity_kinds(int32_t num_actions, const float *matrix, double *rho);

/* constant: of SIMILARITY_PRIOR_NONE. False: the preset has no similarity to start from; `why` (512
 * bytes) says so. */
bool similarity_prior(const preset_t *preset, similarity_prior_t prior, float constant,
                      float *matrix, why_t why);

/* The prior that another preset learned: the pairs that both know by their notation, or their
 * steps; structure for all others. *num_known (may be NULL): how many actions it knows. False: it
 * has no similarity, or knows fewer than two of the actions; `why` (512 bytes) says so. */
bool similarity_prior_from(const preset_t *preset, const preset_t *source, float *matrix,
                           int32_t *num_known, why_t why);

/* The preset's text with the agent's matrix and how it was learned: by the agent, or, where it is
 * fixed, as `origin` says (its rows are not looked at; NULL: nobody learned it). Freed by the
 * caller. NULL: no memory. */
char *similarity_preset_text(const preset_t *preset, const agent_t *agent,
                             const preset_similarity_t *origin);

#endif
