/* devices_command.c - `kata devices`: where an agent can learn, as `kata train --device` names it.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "devices.h"
#include "json_line.h"

typedef struct {
    bool json;
} devices_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(devices_values_t, json), NULL, 0, 0,
      "one JSON object a device" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

static void print_json(const devices_row_t *row)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "device", row->id);
    cJSON_AddStringToObject(object, "name", row->name);
    cJSON_AddStringToObject(object, "platform", row->platform);
    cJSON_AddStringToObject(object, "driver", row->driver);
    cJSON_AddNumberToObject(object, "memory_mb", (double)(row->memory_bytes >> 20));
    cJSON_AddBoolToObject(object, "is_gpu", row->is_gpu);
    json_line_print(object);
}

static void print_row(const devices_row_t *row)
{
    printf("%-6s  %s", row->id, row->name);
    if (row->platform[0]) printf(", %s, driver %s", row->platform, row->driver);
    if (row->memory_bytes > 0) printf(", %llu MB", (unsigned long long)(row->memory_bytes >> 20));
    if (row->platform[0] && !row->is_gpu) printf(" (no graphics card: slow)");
    putchar('\n');
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)arguments, (void)num_arguments;
    const devices_values_t *v = values;
    devices_row_t found[DEVICES_MOST];
    why_t why;
    const int32_t count = devices_list(found, why);
    for (int32_t i = 0; i < count; i++) v->json ? print_json(&found[i]) : print_row(&found[i]);
    if (count == 1 && !v->json) printf("No graphics card: %s.\n", why);
    return EXIT_OK;
}

const command_t command_devices = {
    .name = "devices",
    .arguments = "",
    .max_arguments = 0,
    .summary = "where an agent can learn: the processor, graphics cards",
    .about =
        "Lists what `kata train --device` can be given: cpu, and each device that an OpenCL "
        "driver\n"
        "offers as gpu:0, gpu:1 ..., graphics cards first, with its memory and its driver. `gpu` "
        "and\n"
        "`auto` take graphics cards alone; a driver that computes on the processor (pocl) is there "
        "for\n"
        "proofs and must be named. How fast learning is on a card has not been measured.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  What is there?\n"
                "    kata devices\n"
                "  Learn on it:\n"
                "    kata train game.nes --device gpu:0\n",
    .values_bytes = sizeof(devices_values_t),
    .run = run,
};
