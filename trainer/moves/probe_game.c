/* probe_game.c - see probe_game.h. */
#include "probe_game.h"

#include <stdio.h>
#include <stdlib.h>

#include "interrupt.h"
#include "numbers.h"
#include "outcomes.h"
#include "processors.h"
#include "progress.h"
#include "similarity_prior.h"
#include "voice.h"

enum { SILENCE_LIMIT_MS = 120000, MOST_WORKERS = 16 };

void probe_options_defaults(probe_options_t *options)
{
    *options = (probe_options_t){
        .states = 40, .horizon = 60, .seed = 1, .workers = OPTION_UNSET, .seconds = 60
    };
}

typedef struct {
    progress_t progress;
    int32_t num_states;
} probe_view_t;

static bool show(void *context, int32_t states_done, double seconds)
{
    probe_view_t *view = context;
    char text[96], clock[NUMBERS_BYTES];
    snprintf(text, sizeof text, "probing: %d of %d states, %s", (int)states_done,
             (int)view->num_states, numbers_clock(clock, seconds));
    progress_show_text(&view->progress, text);
    return !interrupt_asked();
}

static bool keep(game_t *game, const float *distances, const probe_options_t *options,
                 const similarity_probe_result_t *result, char *why)
{
    preset_outcomes_t how = { .states = result->num_states,
                              .horizon_frames = (int32_t)options->horizon,
                              .seed = options->seed };
    snprintf(how.start, sizeof how.start, "%s", preset_start_name(game->preset, game->start));
    return outcomes_keep(game, distances, &how, why);
}

bool probe_game(game_t *game, const probe_options_t *options, similarity_probe_result_t *result,
                why_t why)
{
    const int32_t num_actions = preset_num_actions(game->preset);
    const int32_t cores =
        processors_available() < MOST_WORKERS ? processors_available() : MOST_WORKERS;
    training_config_t training;
    training_config_defaults(&training, game->preset);
    actor_pool_config_t actors = training.actors;
    game_actors(game, &actors);
    actors.actor.seed = (uint64_t)options->seed;
    probe_view_t view = { .num_states = (int32_t)options->states };
    const similarity_probe_config_t config = {
        .actor = &actors.actor,
        .num_workers = options->workers == OPTION_UNSET ? cores : (int32_t)options->workers,
        .num_states = (int32_t)options->states,
        .horizon_frames = (int32_t)options->horizon,
        .max_seconds = options->seconds,
        .silence_limit_ms = SILENCE_LIMIT_MS,
        .watch = show,
        .context = &view,
    };
    float *distances = malloc((size_t)num_actions * (size_t)num_actions * sizeof *distances);
    if (!distances) return refuse(why, "no memory for %d actions", num_actions);
    progress_begin(&view.progress);
    bool ok = similarity_probe(distances, result, &config, why);
    progress_clear(&view.progress);
    if (ok && interrupt_asked()) ok = refuse(why, "interrupted; nothing is saved");
    ok = ok && keep(game, distances, options, result, why);
    free(distances);
    return ok;
}

bool probe_before_training(game_t *game, const learning_options_t *options, bool is_saved,
                           why_t why)
{
    if (is_saved || !learning_wants_probe(options) ||
        similarity_has_outcomes(game->preset, SIMILARITY_PRIOR_PROBE))
        return true;
    probe_options_t probe;
    similarity_probe_result_t result;
    probe_options_defaults(&probe);
    if (options->seed != OPTION_UNSET) probe.seed = options->seed;
    if (options->similarity_states != OPTION_UNSET) probe.states = options->similarity_states;
    probe.workers = options->workers;
    if (options->repeatable) probe.seconds = 0; /* the clock decides nothing then */
    if (options->repeatable) probe.workers = 1;
    say("Trying the %d actions from %d states, at most a minute...\n",
        preset_num_actions(game->preset), (int)probe.states);
    if (!probe_game(game, &probe, &result, why)) return false;
    char frames[NUMBERS_BYTES];
    say("Probed from %d states, %s frames, %.0f s.\n", (int)result.num_states,
        numbers_grouped(frames, result.frames), result.seconds);
    return true;
}
