/* similarity_inverse.c - see similarity_inverse.h. */
#include "similarity_inverse.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bridge.h"
#include "clock.h"
#include "player.h"
#include "probe_workers.h"
#include "splitmix.h"
#include "vision.h"

enum { BLOCK = SIMILARITY_INVERSE_BLOCK };

typedef struct {
    const similarity_inverse_config_t *config;
    int32_t num_actions, num_blocks;
    bool sees_pictures;
    size_t look_floats;    /* a row of the inputs has two looks */
    float *inputs;         /* (num_decisions, 2, look_floats), shared */
    int32_t *actions;      /* (num_decisions), shared */
    _Atomic uint8_t *done; /* (num_blocks), shared */
    size_t shared_bytes;
    void *shared;
    double started_at;
} inverse_play_t;

static int32_t block_size(const inverse_play_t *play, int32_t block)
{
    const int32_t left = play->config->num_decisions - block * BLOCK;
    return left < BLOCK ? left : BLOCK;
}

/* ---- in a worker ----------------------------------------------------------------------------- */

typedef struct {
    const inverse_play_t *play;
    _Atomic uint64_t *frames;
    bridge_t *bridge;
    player_t *player;
    uint32_t port;
    uint64_t random;
} inverse_worker_t;

static void look(const inverse_worker_t *w, float *out)
{
    if (w->play->sees_pictures)
        vision_coarse(
            player_observation(w->player, w->port) + PLAYER_OBS_BYTES - PLAYER_PICTURE_BYTES, out);
    else
        preset_observe(w->play->config->actor->preset, w->port, player_variables(w->player),
                       &(preset_own_t){ 0 }, out);
}

/* From power-on, with the start script before the first decision. */
static bool switch_on(inverse_worker_t *w, int32_t block, char *why)
{
    const actor_config_t *actor = w->play->config->actor;
    player_config_t player;
    if (bridge_load(w->bridge, actor->content_path, NULL, 0, why) != BRIDGE_OK) return false;
    actor_player_config(&player, actor, w->bridge);
    player.sticky_probability = 0;
    player.novelty = 0;
    player.eyes = w->play->sees_pictures ? AGENT_EYES_PICTURES : AGENT_EYES_VARIABLES;
    player.seed = w->random = actor->seed + (uint64_t)block;
    if (!player_create(&w->player, &player, why)) return false;
    const holder_wish_t wish = {
        .ports = 1u << w->port, .starts = 1, .fights = 1, .start = (uint32_t)actor->start + 1
    };
    player_wish(w->player, &wish);
    player_power_on(w->player);
    return true;
}

static bool refuse_wait(const inverse_worker_t *w, const player_news_t *news, char *why)
{
    const preset_t *preset = w->play->config->actor->preset;
    if (news->failed_step)
        return refuse(why,
                      "boot: \"%s\" was not reached within %d frames; is this the revision of %s "
                      "that the preset is for?",
                      news->failed_step->text, news->failed_step->limit_frames,
                      preset_game(preset));
    return refuse(why, "no fight of %s began within %d frames of play", preset_game(preset),
                  SIMILARITY_INVERSE_MAX_WAIT_FRAMES);
}

static bool play_block(inverse_worker_t *w, int32_t block, char *why)
{
    const inverse_play_t *play = w->play;
    const int32_t size = block_size(play, block);
    int32_t waited = 0;
    for (int32_t n = 0; n < size;) {
        const size_t row = (size_t)block * BLOCK + (size_t)n;
        float *before = play->inputs + row * 2 * play->look_floats;
        if (player_wants_action(w->player, w->port)) {
            play->actions[row] = (int32_t)splitmix_below(&w->random, (uint32_t)play->num_actions);
            look(w, before);
            player_begin(w->player, w->port, play->actions[row]);
        }
        const player_news_t *news = player_frame(w->player, NULL);
        atomic_fetch_add(w->frames, 1);
        if (!(news->closed >> w->port & 1)) {
            if (news->failed_step || ++waited > SIMILARITY_INVERSE_MAX_WAIT_FRAMES)
                return refuse_wait(w, news, why);
            continue;
        }
        waited = 0;
        look(w, before + play->look_floats);
        n++;
        if (!news->outcomes[w->port].terminal) continue;
        bridge_reset(w->bridge);
        player_power_on(w->player);
    }
    return true;
}

static bool play_blocks(void *context, int32_t number, _Atomic uint64_t *frames, why_t why)
{
    const inverse_play_t *play = context;
    const similarity_inverse_config_t *config = play->config;
    inverse_worker_t w = { .play = play, .frames = frames, .port = config->actor->port };
    const bridge_config_t bridge = { .core_path = config->actor->core_path };
    bool ok = bridge_open(&w.bridge, &bridge, why) == BRIDGE_OK;
    for (int32_t k = number; ok && k < play->num_blocks; k += config->num_workers) {
        if (k > number && config->max_seconds > 0 &&
            clock_now() - play->started_at > config->max_seconds)
            break;
        ok = switch_on(&w, k, why) && play_block(&w, k, why);
        player_destroy(w.player);
        w.player = NULL;
        bridge_unload(w.bridge);
        if (ok) atomic_store(&play->done[k], 1);
    }
    bridge_close(w.bridge);
    return ok;
}

/* ---- the parent ------------------------------------------------------------------------------ */

static bool take_memory(inverse_play_t *play, char *why)
{
    const size_t N = (size_t)play->config->num_decisions;
    const size_t inputs = N * 2 * play->look_floats * sizeof(float);
    play->shared_bytes = inputs + N * sizeof(int32_t) + (size_t)play->num_blocks;
    play->shared = mmap(NULL, play->shared_bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (play->shared == MAP_FAILED)
        return refuse(why, "no memory for what follows %d decisions", play->config->num_decisions);
    play->inputs = play->shared;
    play->actions = (int32_t *)((uint8_t *)play->shared + inputs);
    play->done = (_Atomic uint8_t *)(play->actions + N);
    return true;
}

static int32_t num_whole(const inverse_play_t *play)
{
    int32_t count = 0;
    for (int32_t k = 0; k < play->num_blocks; k++)
        if (atomic_load(&play->done[k])) count += block_size(play, k);
    return count;
}

static bool tell(const inverse_play_t *play, int32_t epochs)
{
    const similarity_inverse_config_t *config = play->config;
    const similarity_inverse_progress_t progress = { .decisions = num_whole(play),
                                                     .epochs = epochs,
                                                     .seconds = clock_now() - play->started_at };
    return !config->watch || config->watch(config->context, &progress);
}

static bool watch_play(void *context)
{
    return tell(context, 0);
}

static bool watch_model(void *context, int32_t epochs_done, double held_out_loss)
{
    (void)held_out_loss;
    return tell(context, epochs_done);
}

/* Blocks that are whole, one behind the other; how many decisions that makes. */
static int32_t close_ranks(inverse_play_t *play)
{
    int32_t count = 0;
    const size_t row_floats = 2 * play->look_floats;
    for (int32_t k = 0; k < play->num_blocks; k++) {
        if (!atomic_load(&play->done[k])) continue;
        const size_t size = (size_t)block_size(play, k), from = (size_t)k * BLOCK;
        memmove(play->inputs + (size_t)count * row_floats, play->inputs + from * row_floats,
                size * row_floats * sizeof *play->inputs);
        memmove(play->actions + count, play->actions + from, size * sizeof *play->actions);
        count += (int32_t)size;
    }
    return count;
}

static bool learn(inverse_play_t *play, float *distances, similarity_inverse_result_t *result,
                  char *why)
{
    result->num_decisions = close_ranks(play);
    if (result->num_decisions == 0)
        return refuse(why, "it was ended before the first %d decisions", block_size(play, 0));
    const inverse_model_config_t model = { .inputs = play->inputs,
                                           .actions = play->actions,
                                           .num_rows = result->num_decisions,
                                           .num_inputs = (int32_t)(2 * play->look_floats),
                                           .num_actions = play->num_actions,
                                           .seed = play->config->actor->seed,
                                           .watch = watch_model,
                                           .context = play };
    if (!inverse_model_distances(distances, &result->model, &model, why)) return false;
    return result->model.told > 3 * result->model.told_error ||
           refuse(why,
                  "from what follows %d decisions of random play no action is told from another: "
                  "play more of them",
                  result->num_decisions);
}

bool similarity_inverse(float *distances, similarity_inverse_result_t *result,
                        const similarity_inverse_config_t *config, why_t why)
{
    const preset_t *preset = config->actor->preset;
    inverse_play_t play = { .config = config,
                            .num_actions = preset_num_actions(preset),
                            .num_blocks = (config->num_decisions + BLOCK - 1) / BLOCK,
                            .sees_pictures = preset_num_observed(preset) == 0,
                            .started_at = clock_now() };
    play.look_floats =
        play.sees_pictures ? VISION_COARSE_FLOATS : (size_t)preset_num_observed(preset);
    *result = (similarity_inverse_result_t){ .sees_pictures = play.sees_pictures };
    if (!take_memory(&play, why)) return false;
    const probe_workers_config_t workers = { .core_path = config->actor->core_path,
                                             .content_path = config->actor->content_path,
                                             .doing = "played at random",
                                             .num_workers = config->num_workers,
                                             .silence_limit_ms = config->silence_limit_ms,
                                             .work = play_blocks,
                                             .watch = watch_play,
                                             .context = &play };
    bool ok = probe_workers_run(&workers, &result->frames, why);
    result->play_seconds = clock_now() - play.started_at;
    ok = ok && learn(&play, distances, result, why);
    result->seconds = clock_now() - play.started_at;
    munmap(play.shared, play.shared_bytes);
    return ok;
}
