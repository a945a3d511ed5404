/* starter.c - generic presets: what is the same in every game with a pad. */
#include "starter.h"
#include "making.h"
#include "tree.h"
#include "retropad.h"
#include "systems.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define MAX_ATTACKS 6 /* buttons that get actions of their own */

typedef struct {
    char names[16][MACRO_NAME_BYTES]; /* by RetroPad id; "" where there is none */
    cJSON *file;
    bool failed;
} build_t;

/* ---- names ---- */

static bool is_taken(const build_t *build, const char *name)
{
    for (int32_t id = 0; id < 16; id++)
        if (strcmp(build->names[id], name) == 0) return true;
    return false;
}

/* "Button A (punch)" is ButtonApunch: letters and digits. "" if no name can be made of it. */
static void squeeze(const char *description, char name[MACRO_NAME_BYTES])
{
    size_t length = 0;
    for (const char *c = description; *c && length < MACRO_NAME_BYTES - 1; c++)
        if ((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
            name[length++] = *c;
    name[length] = '\0';
    /* A button called 1 would make the directions below, which are digits, buttons. */
    if (!macro_name_is_valid(name) || name[0] <= '9') name[0] = '\0';
}

static void name_button(build_t *build, int32_t id, const char *description)
{
    char name[MACRO_NAME_BYTES];
    squeeze(description, name);
    if (!name[0] || is_taken(build, name)) snprintf(name, sizeof name, "%s", retropad_label(id));
    if (id == RETROPAD_SELECT || id == RETROPAD_START) /* boot scripts know them by these */
        snprintf(name, sizeof name, "%s", retropad_label(id));
    if (!is_taken(build, name)) memcpy(build->names[id], name, sizeof name);
}

static void name_buttons(build_t *build, const starter_t *starter)
{
    const system_facts_t *facts = system_find(starter->system);
    for (int32_t i = 0; i < starter->num_inputs && i < STARTER_MAX_INPUTS; i++) {
        const int32_t id = starter->inputs[i].id;
        if (id >= 0 && id < 16 && !(id >= 4 && id <= 7) && !build->names[id][0])
            name_button(build, id, starter->inputs[i].description);
    }
    if (starter->num_inputs) return;
    for (int32_t id = 0; id < 12; id++) {
        if (id >= 4 && id <= 7) continue;
        if (!facts)
            name_button(build, id, "");
        else if (facts->buttons[id])
            name_button(build, id, facts->buttons[id]);
    }
}

/* ---- JSON ---- */

/* Nothing for what is not known. */
static void add_known(build_t *build, cJSON *object, const char *key, const char *text)
{
    if (text && text[0]) json_add_string(&build->failed, object, key, text);
}

static void add_action(build_t *build, cJSON *list, const char *name, bool macro,
                       const char *notation, bool tap)
{
    cJSON *action = json_append_object(&build->failed, list);
    if (!action) return;
    json_add_string(&build->failed, action, "name", name);
    json_add_string(&build->failed, action, macro ? "notation" : "pad", notation);
    if (tap) json_add_bool(&build->failed, action, "tap", true);
}

/* ---- sections ---- */

static void add_identity(build_t *build, const starter_t *starter, const char *game)
{
    json_add_number(&build->failed, build->file, "kata_preset", 1);
    json_add_string(&build->failed, build->file, "game", game);
    add_known(build, build->file, "system", starter->system);
    const bool known = (starter->sha1 && starter->sha1[0]) ||
                       (starter->crc32 && starter->crc32[0]) || (starter->md5 && starter->md5[0]);
    if (!known) return;
    cJSON *list = json_add_list(&build->failed, build->file, "hashes");
    cJSON *hashes = json_append_object(&build->failed, list);
    if (!hashes) return;
    add_known(build, hashes, "sha1", starter->sha1);
    add_known(build, hashes, "crc32", starter->crc32);
    add_known(build, hashes, "md5", starter->md5);
}

static void add_memory(build_t *build, const starter_t *starter)
{
    const system_facts_t *facts = system_find(starter->system);
    if (facts) {
        cJSON *memory = json_add_object(&build->failed, build->file, "memory");
        json_add_number(&build->failed, memory, "ram_base", (double)facts->ram_base);
        if (facts->ram_bytes)
            json_add_number(&build->failed, memory, "ram_bytes", (double)facts->ram_bytes);
        if (facts->word_swapped) json_add_bool(&build->failed, memory, "word_swapped", true);
    }
    json_add_object(&build->failed, build->file, "variables");
}

static void add_pad(build_t *build, const starter_t *starter)
{
    cJSON *pad = json_add_object(&build->failed, build->file, "pad");
    json_add_number(&build->failed, pad, "ports", starter->num_ports);
    cJSON *buttons = pad ? json_add_object(&build->failed, pad, "buttons") : NULL;
    for (int32_t id = 0; id < 16; id++)
        if (build->names[id][0])
            json_add_string(&build->failed, buttons, build->names[id], retropad_name(id));
}

static void add_primitives(build_t *build, cJSON *actions, bool presses_start)
{
    static const struct {
        const char *name, *pad;
    } directions[] = { { "Neutral", "5" }, { "Right", "6" },      { "Left", "4" },
                       { "Up", "8" },      { "Down", "2" },       { "Up right", "9" },
                       { "Up left", "7" }, { "Down right", "3" }, { "Down left", "1" } };
    cJSON *list = json_add_list(&build->failed, actions, "primitives");
    for (size_t d = 0; d < sizeof directions / sizeof directions[0]; d++)
        add_action(build, list, directions[d].name, false, directions[d].pad, false);
    int32_t num_attacks = 0;
    for (int32_t id = 0; id < 16; id++) {
        if (!build->names[id][0] || id == 2 || id == 3 || num_attacks++ >= MAX_ATTACKS) continue;
        char name[64], pad[64];
        snprintf(name, sizeof name, "Tap %s", build->names[id]);
        add_action(build, list, name, false, build->names[id], true);
        snprintf(name, sizeof name, "Right and %s", build->names[id]);
        snprintf(pad, sizeof pad, "6%s", build->names[id]);
        add_action(build, list, name, false, pad, false);
        snprintf(name, sizeof name, "Down and %s", build->names[id]);
        snprintf(pad, sizeof pad, "2%s", build->names[id]);
        add_action(build, list, name, false, pad, true);
    }
    if (presses_start) add_action(build, list, "Press START", false, "START", true);
}

static void add_motions(build_t *build, cJSON *actions)
{
    static const char *const motions[] = { "236", "623", "214", "j9." };
    cJSON *list = json_add_list(&build->failed, actions, "macros");
    add_action(build, list, "Dash", true, "66", false);
    int32_t num_attacks = 0;
    for (int32_t id = 0; id < 16; id++) {
        if (!build->names[id][0] || id == 2 || id == 3 || num_attacks++ >= 2) continue;
        for (size_t m = 0; m < sizeof motions / sizeof motions[0]; m++) {
            char notation[64];
            snprintf(notation, sizeof notation, "%s%s", motions[m], build->names[id]);
            add_action(build, list, notation, true, notation, false);
        }
    }
}

static void add_rest(build_t *build, bool presses_start)
{
    cJSON *timing = json_add_object(&build->failed, build->file, "timing");
    json_add_number(&build->failed, timing, "frame_skip", 4);
    json_add_number(&build->failed, timing, "max_steps", 4500);
    cJSON *actions = json_add_object(&build->failed, build->file, "actions");
    if (actions) add_primitives(build, actions, presses_start);
    if (actions) add_motions(build, actions);
    cJSON *starts = json_add_object(&build->failed, build->file, "starts");
    static const char *const lines[] = { "{300}", "repeat 4: START{4} {60}", "{120}" };
    cJSON *start = starts ? json_add_list(&build->failed, starts, "power") : NULL;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        json_append(&build->failed, start, cJSON_CreateString(lines[i]));
    cJSON *provenance = json_add_object(&build->failed, build->file, "provenance");
    json_add_string(&build->failed, provenance, "tool", "kata preset new");
    json_add_string(
        &build->failed, provenance, "verified",
        "nothing yet: a starter. Add variables, reward, done and facing; see FORMAT.md");
}

/* A file's name as a game's name: what reader_check_name() would refuse is left out. */
static void clean_name(const char *text, char name[PRESET_NAME_BYTES])
{
    size_t length = 0;
    for (const char *c = text ? text : ""; *c && length < PRESET_NAME_BYTES - 1; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F || *c == '/' || *c == '\\') continue;
        if (*c == '.' && length > 0 && name[length - 1] == '.') continue;
        if (*c == ' ' && length == 0) continue;
        name[length++] = *c;
    }
    if (length == PRESET_NAME_BYTES - 1) /* do not cut a character in two */
        while (length > 0 && ((unsigned char)name[length - 1] & 0x80)) length--;
    while (length > 0 && name[length - 1] == ' ') length--;
    name[length] = '\0';
    if (!length) snprintf(name, PRESET_NAME_BYTES, "unnamed");
}

bool preset_starter_knows_pad(const char *system)
{
    return system_find(system) != NULL;
}

bool preset_starter(char **out, const starter_t *starter, why_t why)
{
    char game[PRESET_NAME_BYTES];
    build_t build = { .file = cJSON_CreateObject() };
    *out = NULL;
    build.failed = !build.file;
    clean_name(starter->game, game);
    name_buttons(&build, starter);
    add_identity(&build, starter, game);
    add_memory(&build, starter);
    add_pad(&build, starter);
    add_rest(&build, starter->presses_start);

    *out = tree_text(build.file, build.failed, "the starter", why);
    return *out != NULL;
}
