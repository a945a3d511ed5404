/* shelf_store.c - a package is checked whole, then put onto the shelf by one rename. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "folder.h"
#include "home.h"
#include "note.h"
#include "player.h"
#include "policy.h"
#include "recording.h"
#include "shelf_parts.h"
#include "why.h"

/* ---- checking ---- */

static bool check_recordings(const package_t *package, const char *source, char *why)
{
    for (int32_t p = 0; p < package->num_parts; p++) {
        const package_part_t *part = &package->parts[p];
        if (strncmp(part->name, PACKAGE_RECORDINGS, strlen(PACKAGE_RECORDINGS)) != 0) continue;
        char name[400];
        recording_t recording;
        snprintf(name, sizeof name, "%.250s: %s", source, part->name);
        if (!recording_parse(&recording, part->bytes, part->num_bytes, name, why)) return false;
        const bool is_ours = recording.kind == RECORDING_KATA;
        recording_free(&recording);
        if (!is_ours) return refuse(why, "%s: not a recording of Kata's own kind", name);
    }
    return true;
}

bool shelf_check(const package_t *package, const char *source, preset_t **preset, why_t why)
{
    const package_part_t *part = package_part(package, PACKAGE_PRESET);
    char name[400];
    preset_t *parsed = NULL;
    snprintf(name, sizeof name, "%.250s: " PACKAGE_PRESET, source);
    if (preset) *preset = NULL;
    bool ok = preset_parse(&parsed, (const char *)part->bytes, part->num_bytes, name, why);
    if (ok && strcmp(preset_system(parsed), package->system) != 0)
        ok = refuse(why, "%s is for %s, the manifest says %s", name, preset_system(parsed),
                    package->system);
    if (ok && strcmp(preset_game(parsed), package->game) != 0)
        ok = refuse(why, "%s is for %s, the manifest says %s", name, preset_game(parsed),
                    package->game);
    ok = ok && check_recordings(package, source, why);
    if (ok && preset)
        *preset = parsed;
    else
        preset_free(parsed);
    return ok;
}

static bool check_policy(const policy_t *policy, const package_t *package, const char *source,
                         char *why)
{
    const agent_config_t *config = policy_config(policy);
    uint64_t decisions, updates;
    policy_trained(policy, &decisions, &updates);
    if (config->obs_stack != PLAYER_OBS_STACK || config->obs_height_px != PLAYER_OBS_HEIGHT_PX ||
        config->obs_width_px != PLAYER_OBS_WIDTH_PX)
        return refuse(why, "%.250s: its agent sees %dx%dx%d pixels, this Kata has %dx%dx%d", source,
                      config->obs_stack, config->obs_height_px, config->obs_width_px,
                      PLAYER_OBS_STACK, PLAYER_OBS_HEIGHT_PX, PLAYER_OBS_WIDTH_PX);
    if ((uint64_t)package->training.decisions != decisions ||
        (uint64_t)package->training.updates != updates)
        return refuse(why,
                      "%.250s: its manifest says %lld decisions and %lld updates, its agent "
                      "%llu and %llu",
                      source, (long long)package->training.decisions,
                      (long long)package->training.updates, (unsigned long long)decisions,
                      (unsigned long long)updates);
    return true;
}

/* As it will be read to play. */
static bool check_agent(const char *dir, const package_t *package, const preset_t *preset,
                        const char *source, char *why)
{
    char path[HOME_PATH_BYTES];
    why_t cause;
    policy_t *policy = NULL;
    char *note = calloc(1, NOTE_BYTES);
    bool ok = note || refuse(why, "no memory for the agent");
    if (ok && (!home_join(path, dir, PACKAGE_AGENT, NULL) ||
               policy_load_alone(&policy, path, note, NOTE_BYTES, cause) != AGENT_OK)) {
        /* The sentence names a file that will be gone, and perhaps one to go back to. */
        const char *at = strstr(cause, PACKAGE_AGENT);
        if (!at) at = cause;
        ok = refuse(why, "%.250s: %.*s", source, (int)strcspn(at, ";"), at);
    }
    if (ok && !note_fits(note, policy_config(policy), preset, cause))
        ok = refuse(why, "%.250s: %.500s", source, cause);
    if (ok && policy_config(policy)->num_actions != preset_num_actions(preset))
        ok = refuse(why, "%.250s: its agent has %d actions, its preset %d", source,
                    policy_config(policy)->num_actions, preset_num_actions(preset));
    ok = ok && check_policy(policy, package, source, why);
    free(note);
    policy_destroy(policy);
    return ok;
}

/* ---- folders ---- */

static bool write_part(const char *dir, const char *name, const void *bytes, size_t num_bytes,
                       char *why)
{
    char path[HOME_PATH_BYTES];
    if (!home_join(path, dir, name, NULL)) return refuse(why, "%.200s...: too long a path", dir);
    return files_replace(path, bytes, num_bytes, why);
}

static bool write_parts(const package_t *package, const char *dir, char *why)
{
    char recordings[HOME_PATH_BYTES];
    if (!home_join(recordings, dir, "recordings", NULL))
        return refuse(why, "%.200s...: too long a path", dir);
    for (int32_t p = 0; p < package->num_parts; p++) {
        const package_part_t *part = &package->parts[p];
        if (strchr(part->name, '/') && !files_make_dirs(recordings, why)) return false;
        if (!write_part(dir, part->name, part->bytes, part->num_bytes, why)) return false;
    }
    return write_part(dir, SHELF_MANIFEST, package->manifest, package->manifest_bytes, why);
}

bool shelf_store(const package_t *package, const char *source, const char *home, const char *name,
                 bool replace, char dir[HOME_PATH_BYTES], why_t why)
{
    char game_dir[HOME_PATH_BYTES], agents[HOME_PATH_BYTES], staged[FILES_PATH_BYTES];
    struct stat status;
    preset_t *preset;
    if (!package->has_agent) return refuse(why, "%.300s: there is no agent in it", source);
    if (strcmp(name, SHELF_OWN) == 0)
        return refuse(why, "\"" SHELF_OWN "\" is your own agent; give this one another --name");
    if (!home_game_dir(game_dir, home, package->system, package->sha1, why) ||
        !shelf_dir(dir, game_dir, name, why) || !shelf_check(package, source, &preset, why))
        return false;
    bool ok = home_join(agents, game_dir, "agents", why) && files_stage_folder(staged, agents, why);
    if (ok) {
        ok = write_parts(package, staged, why) && check_agent(staged, package, preset, source, why);
        if (ok && !replace && lstat(dir, &status) == 0)
            ok = refuse(why,
                        "there is an agent of this name already: %.300s (--replace, or another "
                        "--name)",
                        dir);
        ok = ok && files_put_folder(staged, dir, why);
        if (!ok) files_remove_folder(staged, 2);
    }
    preset_free(preset);
    return ok;
}

/* ---- what lies in the save directory ---- */

typedef struct {
    const char *system, *sha1;
    shelf_tell_t *tell;
    void *context;
} collection_t;

static bool is_package(const char *name)
{
    const size_t length = strlen(name), suffix = strlen(SHELF_FILE_SUFFIX);
    return name[0] != '.' && length > suffix &&
           strcmp(name + length - suffix, SHELF_FILE_SUFFIX) == 0;
}

typedef enum { PLACE_FREE, PLACE_SAME, PLACE_OTHER } shelf_place_t;

/* Is it there already, to the byte of its manifest, which holds the digests of all else? */
static shelf_place_t place_of(const package_t *package, const char *dir)
{
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    struct stat status;
    if (lstat(dir, &status) != 0) return PLACE_FREE;
    if (!home_join(path, dir, SHELF_MANIFEST, NULL) ||
        !files_read(path, PACKAGE_MANIFEST_BYTES, &bytes, &num_bytes, NULL))
        return PLACE_OTHER;
    const bool same =
        num_bytes == package->manifest_bytes && memcmp(bytes, package->manifest, num_bytes) == 0;
    free(bytes);
    return same ? PLACE_SAME : PLACE_OTHER;
}

/* Under its name, or with a number behind it where another has that. */
static bool collect_file(const collection_t *c, const char *home, const char *path,
                         const package_t *peeked, char *sentence)
{
    char game_dir[HOME_PATH_BYTES], dir[HOME_PATH_BYTES], name[PACKAGE_NAME_BYTES];
    why_t why;
    package_t *package = calloc(1, sizeof *package);
    shelf_place_t place = PLACE_OTHER;
    bool ok = package && home_game_dir(game_dir, home, c->system, c->sha1, NULL);
    for (int n = 1; ok && n < 10 && place == PLACE_OTHER; n++) {
        snprintf(name, sizeof name, "%s", peeked->name);
        if (n > 1) snprintf(name, sizeof name, "%.30s-%d", peeked->name, n);
        ok = shelf_dir(dir, game_dir, name, why);
        if (ok) place = place_of(peeked, dir);
    }
    if (place == PLACE_FREE && ok) {
        ok = package_read(package, path, why) &&
             shelf_store(package, path, home, name, false, dir, why);
        if (ok)
            snprintf(sentence, sizeof(why_t), "the agent \"%s\" was put beside yours", name);
        else
            memcpy(sentence, why, sizeof why);
        c->tell(c->context, ok, sentence);
        package_free(package);
    }
    free(package);
    return ok;
}

static bool collect_home(void *context, const char *home)
{
    const collection_t *c = context;
    char *names[SHELF_MAX_FILES], path[HOME_PATH_BYTES];
    const int32_t count = shelf_names(home, is_package, names, SHELF_MAX_FILES);
    for (int32_t i = 0; i < count; i++) {
        why_t why;
        package_t *peeked = calloc(1, sizeof *peeked);
        if (peeked && home_join(path, home, names[i], NULL)) {
            if (!package_peek(peeked, path, why))
                c->tell(c->context, false, why);
            else if (peeked->has_agent && strcmp(peeked->system, c->system) == 0 &&
                     strcmp(peeked->sha1, c->sha1) == 0)
                collect_file(c, home, path, peeked, why);
            package_free(peeked);
        }
        free(peeked);
        free(names[i]);
    }
    return true;
}

void shelf_collect(const char *save_dir, const char *system, const char *sha1, shelf_tell_t *tell,
                   void *context)
{
    collection_t c = { system, sha1, tell, context };
    home_visit_saves(save_dir, collect_home, &c);
}
