/* agents.c - `kata agents GAME|ROM`: one's own agent of a game, and those that others sent. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json_line.h"
#include "numbers.h"
#include "package_show.h"
#include "policy.h"
#include "saved_game.h"
#include "shelf.h"
#include "why.h"

typedef struct {
    bool json;
} agents_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(agents_values_t, json), NULL, 0, 0, "one JSON object a line" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

typedef struct {
    bool json;
    int32_t num_shown;
} agents_t;

static void print_json(const shelf_agent_t *agent, uint64_t decisions)
{
    cJSON *object = cJSON_CreateObject();
    json_line_add_text(object, "name", agent->name);
    json_line_add_text(object, "dir", agent->dir);
    cJSON_AddBoolToObject(object, "own", agent->is_own);
    cJSON_AddNumberToObject(object, "decisions", (double)decisions);
    const package_rating_t *rating = agent->package ? &agent->package->training.rating : NULL;
    json_line_add_number(object, "win_rate", 4,
                         rating && rating->episodes ? rating->win_rate : 0.0 / 0.0);
    json_line_print(object);
}

static bool print_agent(void *context, const shelf_agent_t *agent)
{
    agents_t *agents = context;
    char path[HOME_PATH_BYTES + 32], number[NUMBERS_BYTES], rating[PACKAGE_RATING_BYTES];
    why_t why;
    policy_t *policy;
    uint64_t decisions = 0;
    snprintf(path, sizeof path, "%s/" PACKAGE_AGENT, agent->dir);
    const bool is_whole = policy_load(&policy, path, NULL, 0, why) == AGENT_OK;
    if (is_whole) {
        policy_trained(policy, &decisions, NULL);
        policy_destroy(policy);
    }
    agents->num_shown++;
    if (agents->json) {
        print_json(agent, decisions);
        return true;
    }
    printf("%-20s  %12s decisions", agent->name, numbers_grouped(number, decisions));
    if (!is_whole) printf("; it cannot be read: %s", why);
    if (agent->package) {
        package_rating_text(rating, &agent->package->training.rating);
        printf("; %s", rating);
    }
    printf("\n");
    return true;
}

/* The list is what there is to say. */
static void pass_over(void *context, bool is_stored, const char *sentence)
{
    (void)context, (void)is_stored, (void)sentence;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const agents_values_t *v = values;
    saved_game_t saved;
    const int status = saved_game_find(&saved, arguments[0]);
    if (status != EXIT_OK) return status;
    if (!saved.sha1[0])
        return say_failed("which dump %.200s is is not known; name the ROM", arguments[0]);
    agents_t agents = { .json = v->json };
    (void)shelf_collect_box(saved.system, saved.sha1, pass_over, NULL);
    shelf_list(NULL, saved.system, saved.sha1, print_agent, &agents);
    if (agents.num_shown > 0) return EXIT_OK;
    return say_failed("%.200s has no agent: `kata train` makes one, `kata import` takes another's",
                      arguments[0]);
}

const command_t command_agents = {
    .name = "agents",
    .arguments = "GAME|ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "the agents of a game: your own, and those that others sent",
    .about =
        "Lists the agents that `kata eval` and `kata play` know by --agent NAME: \"own\" is\n"
        "yours, the others came by `kata import` or lay as .kata files in the frontend's save\n"
        "folder. Ratings are their makers' figures.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Who can play this?\n"
                "    kata agents game.nes\n"
                "  How good is it here?\n"
                "    kata eval game.nes --agent ryu\n",
    .values_bytes = sizeof(agents_values_t),
    .run = run,
};
