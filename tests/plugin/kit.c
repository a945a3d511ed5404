/* kit.c - folders, agents and games for the plugin's tests. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kit.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "agent.h"
#include "files.h"
#include "identity.h"
#include "note.h"
#include "player.h"
#include "preset.h"
#include "why.h"

const char *kit_start;
int32_t kit_capacity;
bool kit_sees_numbers;
char kit_dir[512], kit_plugin[1024], kit_kumite[1024];

/* Every action presses something, and none presses UP: what the agent does can be told from doing
 * nothing and from the human of the tests. */
const char kit_preset[] =
    "{\"kata_preset\": 1, \"game\": \"Kumite\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 2048},"
    " \"variables\": {"
    "  \"screen\": {\"address\": \"0x0302\", \"type\": \"|u1\"},"
    "  \"round_state\": {\"address\": \"0x0303\", \"type\": \"|u1\"},"
    "  \"fight_active\": {\"address\": \"0x0304\", \"type\": \"|u1\"},"
    "  \"facing\": {\"address\": \"0x0316\", \"type\": \"|u1\"},"
    "  \"enemy_facing\": {\"address\": \"0x0317\", \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4},"
    " \"actions\": {\"primitives\": [{\"name\": \"Forward\", \"pad\": \"6\"},"
    "   {\"name\": \"Back\", \"pad\": \"4\"}, {\"name\": \"Crouch\", \"pad\": \"2\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Rise\", \"notation\": \"623B\"}]},"
    " \"done\": \"round_state >= 3\","
    " \"facing\": {\"left_when\": \"facing == 1\"},"
    " \"sides\": {\"variables\": {\"facing\": \"enemy_facing\"}},"
    " \"fight\": {\"when\": \"fight_active == 1\"},"
    " \"starts\": {\"fight\": [\"until screen == 1 within 300\", \"{20}\", \"START{3} {3}\","
    "  \"until fight_active == 1 within 600\"]}}";

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int kit_setup(void **state)
{
    (void)state;
    const char *build = getenv("KATA_BUILD"), *temporary = getenv("TMPDIR");
    snprintf(kit_plugin, sizeof kit_plugin, "%s/kata_libretro.so", build ? build : "build/release");
    snprintf(kit_kumite, sizeof kit_kumite, "%s/games/kumite.nes", build ? build : "build/release");
    snprintf(kit_dir, sizeof kit_dir, "%s/kata-plugin-XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(kit_dir)) return -1;
    setenv("KATA_SEED", "1802597473", 1); /* the same fights each time */
    setenv("KATA_HOME", kit_path("home"), 1);
    setenv("KATA_BOX", "off", 1); /* no agent but those that a test makes */
    setenv("HOME", kit_path("user"), 1);
    setenv("XDG_DATA_HOME", kit_path("user"), 1);
    unsetenv("KATA_CORE_PATH");
    unsetenv("KATA_INFO_PATH");
    unsetenv("KATA_PRESET_PATH");
    return 0;
}

int kit_teardown(void **state)
{
    (void)state;
    remove_tree(kit_dir);
    return 0;
}

const char *kit_path(const char *name)
{
    static char paths[4][2048];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", kit_dir, name);
    return path;
}

void kit_write(const char *path, const void *bytes, size_t num_bytes)
{
    why_t why;
    if (!files_replace(path, bytes, num_bytes, why)) fail_msg("%s", why);
}

static uint8_t *read_all(const char *path, size_t *num_bytes)
{
    uint8_t *bytes;
    why_t why;
    if (!files_read(path, (size_t)1 << 30, &bytes, num_bytes, why)) fail_msg("%s", why);
    return bytes;
}

void kit_copy(const char *from, const char *to)
{
    size_t num_bytes;
    uint8_t *bytes = read_all(from, &num_bytes);
    kit_write(to, bytes, num_bytes);
    free(bytes);
}

const char *kit_game_dir(const char *rom)
{
    size_t num_bytes;
    uint8_t *bytes = read_all(rom, &num_bytes);
    identity_t identity;
    identity_of(&identity, bytes, num_bytes, strrchr(rom, '.') + 1);
    free(bytes);
    char name[128];
    snprintf(name, sizeof name, "home/%s-%s", identity.system, identity.sha1);
    return kit_path(name);
}

void kit_learn(const char *rom, const char *preset_text)
{
    kit_learn_other(rom, preset_text, 7); /* with num_atoms 1 one that walks about */
}

void kit_learn_other(const char *rom, const char *preset_text, uint64_t seed)
{
    char path[4096];
    why_t why;
    static char note[NOTE_BYTES];
    const char *text = preset_text ? preset_text : kit_preset;
    const char *dir = kit_game_dir(rom);
    if (!files_make_dirs(dir, why)) fail_msg("%s", why);
    snprintf(path, sizeof path, "%s/preset.json", dir);
    kit_write(path, text, strlen(text));

    preset_t *preset;
    if (!preset_parse(&preset, text, strlen(text), "the tests' preset", why)) fail_msg("%s", why);
    agent_config_t config;
    agent_config_defaults(&config, preset_num_actions(preset));
    if (kit_sees_numbers && !player_set_eyes(&config, preset, AGENT_EYES_VARIABLES, why))
        fail_msg("%s", why);
    config.net_kind = AGENT_NET_SMALL;
    config.num_atoms = 1;
    config.seed = seed;
    config.replay_capacity_decisions = kit_capacity ? kit_capacity : 64;
    config.replay_warmup_decisions = 32;
    agent_t *agent;
    if (agent_create(&agent, &config, why) != AGENT_OK) fail_msg("%s", why);
    const int32_t start =
        kit_start ? preset_find_start(preset, kit_start) : preset_default_start(preset);
    assert_true(note_make(note, sizeof note, preset, start, 0));
    snprintf(path, sizeof path, "%s/agent.safetensors", dir);
    if (agent_save(agent, path, note, why) != AGENT_OK) fail_msg("%s", why);
    agent_destroy(agent);
    preset_free(preset);
}

void kit_learn_kumite(const char *start, const char *without)
{
    uint8_t *bytes;
    size_t num_bytes;
    why_t why;
    if (!files_read("presets/library/nes/Kumite.kata.json", PRESET_FILE_BYTES, &bytes, &num_bytes,
                    why))
        fail_msg("%s", why);
    cJSON *preset = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    cJSON *simple = cJSON_Parse(kit_preset);
    assert_true(preset && simple);
    cJSON_ReplaceItemInObjectCaseSensitive(
        preset, "actions", cJSON_DetachItemFromObjectCaseSensitive(simple, "actions"));
    if (without) cJSON_DeleteItemFromObjectCaseSensitive(preset, without);
    char *text = cJSON_Print(preset);
    kit_start = start;
    kit_learn(kit_kumite, text);
    kit_start = NULL;
    cJSON_free(text);
    cJSON_Delete(simple);
    cJSON_Delete(preset);
    free(bytes);
}

void kit_forget(void)
{
    remove_tree(kit_path("home"));
}

void kit_install(const char *library, const char *name, const char *extensions)
{
    char file[256], info[256], core[2048];
    if (mkdir(kit_path("cores"), 0777) != 0) assert_int_equal(errno, EEXIST);
    snprintf(file, sizeof file, "cores/%s_libretro.so", name);
    snprintf(info, sizeof info,
             "display_name = \"%s\"\nsystemid = \"nes\"\nsupported_extensions = \"%s\"\n", name,
             extensions);
    strcpy(core, kit_path(file));
    if (library)
        kit_copy(library, core);
    else
        kit_write(core, "not a library", 13);
    strcpy(strstr(core, "_libretro.so"), "_libretro.info");
    kit_write(core, info, strlen(info));
    setenv("KATA_CORE_PATH", kit_path("cores"), 1);
    setenv("KATA_INFO_PATH", kit_path("cores"), 1);
}

void kit_uninstall(void)
{
    remove_tree(kit_path("cores"));
    unsetenv("KATA_CORE_PATH");
    unsetenv("KATA_INFO_PATH");
}

void kit_open(frontend_t *front)
{
    frontend_open(front, kit_plugin);
    front->save_dir = kit_dir;
    frontend_init(front);
}

void kit_open_in_fight(frontend_t *front)
{
    kit_open(front);
    if (!frontend_load(front, kit_kumite)) fail_msg("%s", front->messages[0]);
    for (int i = 0; i < 900; i++) {
        frontend_run(front, 1);
        if (frontend_ram(front, KUMITE_FIGHT_ACTIVE) == 1) return;
    }
    fail_msg("the fight did not begin");
}
