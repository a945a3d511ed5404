/* test_memory.c - the n-th allocation fails, for each n: a status, a sentence, nothing leaked.
 *
 * malloc, calloc and realloc of our objects are replaced by the linker (tests.mk), those of
 * cJSON by its own hooks. */
#include "agent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "arena.h"
#include "toy_world.h"
#include "why.h"

static int32_t allocations_left = -1; /* negative: no limit */
static int32_t alive;                 /* allocations minus frees, ours and cJSON's */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *memory);
void *__real_parts_block(size_t size, size_t counted_bytes, arena_t *arena);
void __real_parts_free(void *block);
void *__wrap_parts_block(size_t size, size_t counted_bytes, arena_t *arena);
void __wrap_parts_free(void *block);

static int refused(void)
{
    if (allocations_left == 0) return 1;
    if (allocations_left > 0) allocations_left--;
    return 0;
}

void *__wrap_malloc(size_t size)
{
    if (refused()) return NULL;
    alive++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    if (refused()) return NULL;
    alive++;
    return __real_calloc(count, size);
}

void __wrap_free(void *memory)
{
    if (memory) alive--;
    __real_free(memory);
}

void *__wrap_parts_block(size_t size, size_t counted_bytes, arena_t *arena)
{
    if (refused()) return NULL;
    alive++;
    return __real_parts_block(size, counted_bytes, arena);
}

void __wrap_parts_free(void *block)
{
    if (block) alive--;
    __real_parts_free(block);
}

static char path[512];
static agent_t *agent;

static int make_agent(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    char folder[256];
    snprintf(folder, sizeof folder, "%s/memory-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/agent.safetensors", folder);
    cJSON_Hooks hooks = { __wrap_malloc, __wrap_free };
    cJSON_InitHooks(&hooks);
    agent_config_t config;
    toy_config(&config);
    return agent_create(&agent, &config, NULL) == AGENT_OK ? 0 : -1;
}

static int free_agent(void **state)
{
    (void)state;
    agent_destroy(agent);
    return 0;
}

static void test_create(void **state)
{
    (void)state;
    agent_config_t config;
    why_t why = "";
    toy_config(&config);
    agent_t *second = agent;
    allocations_left = 0;
    const agent_status_t status = agent_create(&second, &config, why);
    allocations_left = -1;
    assert_int_equal(status, AGENT_NO_MEMORY);
    assert_null(second);
    assert_non_null(strstr(why, "no memory for an agent of "));
}

static void test_save_then_load_with_the_nth_allocation_failing(void **state)
{
    (void)state;
    for (int loading = 0; loading < 2; loading++) {
        agent_status_t status = AGENT_NO_MEMORY;
        int32_t n = 0;
        assert_int_equal(agent_save(agent, path, "note", NULL), AGENT_OK);
        for (; status != AGENT_OK && n < 10000; n++) {
            why_t why = "";
            const int32_t alive_before = alive;
            agent_t *loaded = NULL;
            allocations_left = n;
            status = loading ? agent_load(&loaded, path, 1, false, NULL, 0, why)
                             : agent_save(agent, path, "note", why);
            allocations_left = -1;
            if (status != AGENT_OK) {
                assert_true(why[0] != '\0');
                assert_null(loaded);
            }
            agent_destroy(loaded);
            assert_int_equal(alive, alive_before);
        }
        assert_true(n > 100 && n < 10000);
    }
}

static void test_choosing_and_learning_allocate_nothing(void **state)
{
    (void)state;
    toy_world_t world = { .random = 1 };
    toy_reset(&world);
    allocations_left = 0; /* aborts inside toy_train if learning fails */
    toy_train(agent, &world, 200, 1);
    allocations_left = -1;
    agent_stats_t stats;
    agent_get_stats(agent, &stats);
    assert_true(stats.updates > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_save_then_load_with_the_nth_allocation_failing),
        cmocka_unit_test(test_choosing_and_learning_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, make_agent, free_agent);
}
