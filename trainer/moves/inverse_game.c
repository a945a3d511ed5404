/* inverse_game.c - see inverse_game.h. */
#include "inverse_game.h"

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

void inverse_options_defaults(inverse_options_t *options)
{
    *options = (inverse_options_t){
        .decisions = 5000, .seed = 1, .workers = OPTION_UNSET, .seconds = 120
    };
}

typedef struct {
    progress_t progress;
    const inverse_options_t *options;
} inverse_view_t;

/* With the rate so far, and what is left at that rate, or until the seconds are over. */
static bool show(void *context, const similarity_inverse_progress_t *now)
{
    inverse_view_t *view = context;
    const inverse_options_t *options = view->options;
    char text[160], done[NUMBERS_BYTES], all[NUMBERS_BYTES], rate[NUMBERS_BYTES],
        left[NUMBERS_BYTES];
    if (now->epochs > 0) {
        snprintf(text, sizeof text, "learning from %s decisions: pass %d of at most %d",
                 numbers_grouped(done, (uint64_t)now->decisions), (int)now->epochs,
                 INVERSE_MODEL_MAX_EPOCHS);
    } else if (now->decisions == 0) {
        snprintf(text, sizeof text, "playing at random: %s decisions are wanted",
                 numbers_grouped(all, (uint64_t)options->decisions));
    } else {
        const double per_second = now->decisions / (now->seconds > 0 ? now->seconds : 1e-9);
        double seconds = (double)(options->decisions - now->decisions) / per_second;
        if (options->seconds > 0 && seconds > options->seconds - now->seconds)
            seconds = options->seconds > now->seconds ? options->seconds - now->seconds : 0;
        snprintf(text, sizeof text,
                 "playing at random: %s of %s decisions, %s decisions/s, %s left",
                 numbers_grouped(done, (uint64_t)now->decisions),
                 numbers_grouped(all, (uint64_t)options->decisions), numbers_rate(rate, per_second),
                 numbers_clock(left, seconds));
    }
    progress_show_text(&view->progress, text);
    return !interrupt_asked();
}

static bool keep(game_t *game, const float *distances, const inverse_options_t *options,
                 const similarity_inverse_result_t *result, char *why)
{
    preset_outcomes_t how = { .decisions = result->num_decisions, .seed = options->seed };
    snprintf(how.start, sizeof how.start, "%s", preset_start_name(game->preset, game->start));
    return outcomes_keep(game, distances, &how, why);
}

bool inverse_game(game_t *game, const inverse_options_t *options,
                  similarity_inverse_result_t *result, why_t why)
{
    const int32_t num_actions = preset_num_actions(game->preset);
    const int32_t cores =
        processors_available() < MOST_WORKERS ? processors_available() : MOST_WORKERS;
    training_config_t training;
    training_config_defaults(&training, game->preset);
    actor_pool_config_t actors = training.actors;
    game_actors(game, &actors);
    actors.actor.seed = (uint64_t)options->seed;
    inverse_view_t view = { .options = options };
    const similarity_inverse_config_t config = {
        .actor = &actors.actor,
        .num_workers = options->workers == OPTION_UNSET ? cores : (int32_t)options->workers,
        .num_decisions = (int32_t)options->decisions,
        .max_seconds = options->seconds,
        .silence_limit_ms = SILENCE_LIMIT_MS,
        .watch = show,
        .context = &view,
    };
    float *distances = malloc((size_t)num_actions * (size_t)num_actions * sizeof *distances);
    if (!distances) return refuse(why, "no memory for %d actions", num_actions);
    progress_begin(&view.progress);
    bool ok = similarity_inverse(distances, result, &config, why);
    progress_clear(&view.progress);
    if (ok && interrupt_asked()) ok = refuse(why, "interrupted; nothing is saved");
    ok = ok && keep(game, distances, options, result, why);
    free(distances);
    return ok;
}

void inverse_game_text(char *text, size_t text_bytes, const similarity_inverse_result_t *result)
{
    char decisions[NUMBERS_BYTES], frames[NUMBERS_BYTES];
    snprintf(text, text_bytes,
             "%s random decisions, %s frames in %.1f s; an inverse model from %s in %.1f s: it "
             "tells %.3f nats of an action's %.3f",
             numbers_grouped(decisions, (uint64_t)result->num_decisions),
             numbers_grouped(frames, result->frames), result->play_seconds,
             result->sees_pictures ? "pictures" : "numbers", result->seconds - result->play_seconds,
             result->model.told, result->model.chance_loss);
}

bool inverse_before_training(game_t *game, const learning_options_t *options, bool is_saved,
                             why_t why)
{
    if (is_saved || !learning_wants_inverse(options) ||
        similarity_has_outcomes(game->preset, SIMILARITY_PRIOR_INVERSE))
        return true;
    inverse_options_t inverse;
    similarity_inverse_result_t result;
    char text[400];
    inverse_options_defaults(&inverse);
    if (options->seed != OPTION_UNSET) inverse.seed = options->seed;
    if (options->similarity_decisions != OPTION_UNSET)
        inverse.decisions = options->similarity_decisions;
    inverse.workers = options->workers;
    if (options->repeatable) inverse.seconds = 0; /* the clock decides nothing then */
    if (options->repeatable) inverse.workers = 1;
    say("Playing %d decisions at random, to learn which of the %d actions do the same...\n",
        (int)inverse.decisions, preset_num_actions(game->preset));
    if (!inverse_game(game, &inverse, &result, why)) return false;
    inverse_game_text(text, sizeof text, &result);
    say("%s.\n", text);
    return true;
}
