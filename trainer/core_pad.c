/* core_pad.c - asks a core for its input descriptors, in a worker of its own. */
#include "core_pad.h"

#include <stdio.h>
#include <string.h>

#include "bridge.h"
#include "voice.h"
#include "why.h"
#include "worker.h"

enum { CORE_MS = 30000, NUM_BUTTONS = 16 };

/* Between the core's worker and us. */
typedef struct {
    why_t why; /* why there is no answer, or "" */
    int32_t num_inputs;
    starter_input_t inputs[NUM_BUTTONS];
} pad_answer_t;

static void ask_core(worker_child_t *child, void *shared, void *argument)
{
    const game_t *game = argument;
    pad_answer_t *answer = shared;
    const bridge_config_t config = { .core_path = game->core_path };
    bridge_t *bridge;
    if (bridge_open(&bridge, &config, answer->why) == BRIDGE_OK &&
        bridge_load(bridge, game->rom_path, NULL, 0, answer->why) == BRIDGE_OK) {
        answer->why[0] = '\0';
        bridge_run_frame(bridge, NULL); /* some describe their buttons only then */
        for (uint32_t id = 0; id < NUM_BUTTONS; id++) {
            const char *name = bridge_button_name(bridge, id);
            if (!name) continue;
            starter_input_t *input = &answer->inputs[answer->num_inputs++];
            input->id = (int32_t)id;
            snprintf(input->description, sizeof input->description, "%s", name);
        }
    }
    worker_reply(child);
}

bool core_pad_ask(const game_t *game, starter_t *starter, why_t why)
{
    why_t cause;
    worker_t *worker;
    /* What the core prints is not the command's answer. */
    if (!voice_split(NULL, why)) return false;
    if (worker_start(&worker, sizeof(pad_answer_t), ask_core, (void *)(uintptr_t)game,
                     game->core_name, why) != WORKER_OK)
        return false;
    const worker_status_t status = worker_wait(worker, CORE_MS, cause);
    const pad_answer_t answer = *(const pad_answer_t *)worker_shared(worker);
    worker_kill(worker);
    if (status == WORKER_TIMEOUT)
        return refuse(why, "%s hung when asked what its buttons are called; leave out --core",
                      game->core_name);
    if (status != WORKER_OK)
        return refuse(why, "%.800s when asked what its buttons are called; leave out --core",
                      cause);
    if (answer.why[0]) return refuse(why, "%s", answer.why);
    for (int32_t i = 0; i < answer.num_inputs && starter->num_inputs < NUM_BUTTONS; i++)
        starter->inputs[starter->num_inputs++] = answer.inputs[i];
    return starter->num_inputs > 0 ||
           refuse(why, "%s does not say what its buttons are called; leave out --core",
                  game->core_name);
}
