/* identify.c - `kata identify ROM`: which game is this, and what does Kata know of it? */
#include <stdio.h>

#include "commands.h"
#include "game.h"
#include "json_line.h"
#include "why.h"

typedef struct {
    bool json;
} identify_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(identify_values_t, json), NULL, 0, 0, "one JSON object" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

typedef struct {
    game_t game;
    char preset_path[HOME_PATH_BYTES], agent_dir[HOME_PATH_BYTES];
    char other_path[HOME_PATH_BYTES]; /* of a preset for another dump, or "" */
    why_t preset_why, other_why;
    preset_t *preset;
    bool has_core, has_agent;
} findings_t;

static void print_findings(const findings_t *f)
{
    const identity_t *id = &f->game.identity;
    printf("file       %s\n", f->game.rom_path);
    printf("system     %s\n", id->system);
    if (id->header_bytes > 0)
        printf("header     %zu bytes, not part of the game's hashes\n", id->header_bytes);
    printf("body       %zu bytes\n", id->body_bytes);
    printf("sha1       %s\n", id->sha1);
    printf("crc32      %s\n", id->crc32);
    printf("md5        %s\n", id->md5);
    printf("file sha1  %s\n", id->file_sha1);
    printf("file crc32 %s\n", id->file_crc32);
    printf("core       %s\n", f->has_core ? f->game.core_name : "none installed that opens it");
    if (f->preset)
        printf("preset     %s, %s\n", preset_game(f->preset), f->preset_path);
    else
        printf("preset     none%s%s\n", *f->other_path ? "; " : "", f->other_why);
    printf("agent      %s%s\n", f->has_agent ? f->agent_dir : "none yet",
           f->has_agent ? "/agent.safetensors" : "");
    if (*f->preset_why) say_failed("a broken preset was passed over: %s", f->preset_why);
}

static void print_json(const findings_t *f)
{
    const identity_t *id = &f->game.identity;
    cJSON *object = cJSON_CreateObject();
    json_line_add_text(object, "file", f->game.rom_path);
    json_line_add_text(object, "system", id->system);
    json_line_add_number(object, "header_bytes", 0, (double)id->header_bytes);
    json_line_add_number(object, "body_bytes", 0, (double)id->body_bytes);
    json_line_add_text(object, "sha1", id->sha1);
    json_line_add_text(object, "crc32", id->crc32);
    json_line_add_text(object, "md5", id->md5);
    json_line_add_text(object, "file_sha1", id->file_sha1);
    json_line_add_text(object, "file_crc32", id->file_crc32);
    json_line_add_text(object, "core", f->has_core ? f->game.core_name : NULL);
    json_line_add_text(object, "game", f->preset ? preset_game(f->preset) : NULL);
    json_line_add_text(object, "preset", f->preset ? f->preset_path : NULL);
    json_line_add_text(object, "other_dump_preset", *f->other_path ? f->other_path : NULL);
    json_line_add_text(object, "agent_dir", f->has_agent ? f->agent_dir : NULL);
    json_line_print(object);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const identify_values_t *v = values;
    findings_t f = { 0 };
    why_t why;
    if (!game_identify(&f.game, arguments[0], why)) return say_failed("%s", why);
    f.preset = game_find_preset(&f.game, f.preset_path, f.preset_why);
    if (!f.preset) game_find_other_dump(&f.game, f.other_path, f.other_why);
    f.has_core = game_find_core(&f.game, NULL, why);
    f.has_agent = home_find_agent(f.agent_dir, NULL, f.game.identity.system, f.game.identity.sha1);
    if (v->json)
        print_json(&f);
    else
        print_findings(&f);
    preset_free(f.preset);
    return EXIT_OK;
}

const command_t command_identify = {
    .name = "identify",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "which game a file is: system and hashes, its preset, its agent",
    .about =
        "Prints the system and the hashes of a game's content without its copier or container\n"
        "header, which core opens it, which preset describes it and where its agent is kept.\n"
        "No core is loaded. --json also has other_dump_preset: a preset for another dump of a\n"
        "game of that name, where none is for this one.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Which game is this?\n"
                "    kata identify game.nes\n"
                "  Its SHA-1 alone:\n"
                "    kata identify --json game.nes | jq -r .sha1\n",
    .values_bytes = sizeof(identify_values_t),
    .run = run,
};
