/* pools.c - see pools.h. */
#include "pools.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kumite.h"
#include "preset.h"

static const char fake_text[] =
    "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"unknown\","
    "\"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
    "\"variables\": {\"clock\": {\"address\": 0, \"type\": \"|u1\"}},"
    "\"pad\": {\"ports\": 1, \"buttons\": {\"A\": \"a\", \"START\": \"start\"}},"
    "\"timing\": {\"frame_skip\": 4, \"max_steps\": 50},"
    "\"actions\": {\"primitives\": [{\"name\": \"Nothing\", \"pad\": \"5\"},"
    "{\"name\": \"A\", \"pad\": \"A\"}], \"macros\": []},"
    "\"reward\": {\"variables\": {\"clock\": {\"reward\": 1}}},"
    "\"done\": {\"variables\": {\"clock\": {\"op\": \"equal\", \"reference\": 255}}},"
    "\"starts\": {\"here\": [\"{2}\"]}, \"default_start\": \"here\"}";

static preset_t *fake_preset;
static char fake_core[1024], fake_content[1024];

actor_pool_config_t pools_of_kumite(int32_t num_actors)
{
    return (actor_pool_config_t){ .num_actors = num_actors,
                                  .actor = { .core_path = kumite_core,
                                             .content_path = kumite_rom,
                                             .preset = kumite_preset,
                                             .start = preset_default_start(kumite_preset),
                                             .discount_per_step = 0.99f,
                                             .max_idle_frames = 30,
                                             .novelty = NAN,
                                             .seed = 5,
                                             .who = ACTOR_RANDOM } };
}

actor_pool_config_t pools_of_fake(int32_t num_actors, const char *words)
{
    why_t why;
    const char *build = getenv("KATA_BUILD"), *tmp = getenv("TMPDIR");
    snprintf(fake_core, sizeof fake_core, "%s/tests/fake_core/plain_libretro.so",
             build ? build : "build/release");
    snprintf(fake_content, sizeof fake_content, "%s/game.fake", tmp ? tmp : "/tmp");
    FILE *file = fopen(fake_content, "w");
    assert_non_null(file);
    fprintf(file, "FAKE %s", words);
    fclose(file);
    preset_free(fake_preset);
    if (!preset_parse(&fake_preset, fake_text, sizeof fake_text - 1, "test", why))
        fail_msg("%s", why);
    return (actor_pool_config_t){ .num_actors = num_actors,
                                  .actor = { .core_path = fake_core,
                                             .content_path = fake_content,
                                             .preset = fake_preset,
                                             .discount_per_step = 0.99f,
                                             .max_idle_frames = 30,
                                             .novelty = NAN,
                                             .seed = 5,
                                             .who = ACTOR_RANDOM } };
}

int pools_forget_fake(void **state)
{
    (void)state;
    preset_free(fake_preset);
    fake_preset = NULL;
    return 0;
}

actor_pool_t *pools_start(const actor_pool_config_t *config)
{
    actor_pool_t *pool;
    why_t why;
    if (!actor_pool_start(&pool, config, why)) fail_msg("%s", why);
    return pool;
}

void pools_next_turn(actor_pool_t *pool, actor_turn_t *turn)
{
    why_t why;
    for (int32_t i = 0; i < 1000; i++) {
        if (actor_pool_turn(pool, turn)) return;
        actor_pool_wait(pool, 10);
        if (!actor_pool_watch(pool, why)) fail_msg("%s", why);
    }
    fail_msg("no turn within ten seconds");
}

bool pools_wait_for_news(actor_pool_t *pool, why_t news, why_t why)
{
    actor_turn_t turn;
    for (int32_t i = 0; i < 3000; i++) {
        while (actor_pool_turn(pool, &turn)) continue;
        if (!actor_pool_watch(pool, why)) return true;
        const char *said = actor_pool_news(pool);
        if (said) {
            memcpy(news, said, sizeof(why_t));
            return false;
        }
        actor_pool_wait(pool, 10);
    }
    fail_msg("no news within 30 seconds");
    return false;
}
