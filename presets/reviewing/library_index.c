/* library_index.c - see library_index.h. */
#include "library_index.h"

#include <stdlib.h>
#include <string.h>

#include "canonical.h"
#include "making.h"
#include "model.h"
#include "store.h"
#include "text.h"

typedef struct {
    const char *library;
    text_t text;
    bool failed; /* no memory */
    int32_t num_presets;
    char *why; /* "": all are sound so far */
} index_work_t;

static void add_hashes(index_work_t *work, cJSON *entry, const preset_t *preset)
{
    cJSON *sha1 = json_add_list(&work->failed, entry, "sha1");
    cJSON *crc32 = json_add_list(&work->failed, entry, "crc32");
    cJSON *md5 = json_add_list(&work->failed, entry, "md5");
    for (int32_t h = 0; h < preset->num_hashes && !work->failed; h++) {
        const hashes_t *hashes = &preset->hashes[h];
        if (hashes->sha1[0]) json_append(&work->failed, sha1, cJSON_CreateString(hashes->sha1));
        if (hashes->crc32[0]) json_append(&work->failed, crc32, cJSON_CreateString(hashes->crc32));
        if (hashes->md5[0]) json_append(&work->failed, md5, cJSON_CreateString(hashes->md5));
    }
}

static cJSON *entry_of(index_work_t *work, const char *file, const preset_t *preset)
{
    char hash[41];
    int32_t num_macros = 0;
    cJSON *entry = cJSON_CreateObject();
    work->failed = work->failed || !entry || !preset_canonical_hash(preset, hash);
    if (work->failed) return entry;
    for (int32_t a = 0; a < preset->num_actions; a++) num_macros += preset->actions[a].is_macro;
    json_add_string(&work->failed, entry, "file", file);
    json_add_string(&work->failed, entry, "game", preset->game);
    json_add_string(&work->failed, entry, "system", preset->system);
    cJSON *aliases = json_add_list(&work->failed, entry, "aliases");
    for (int32_t a = 0; a < preset->num_aliases && aliases; a++)
        json_append(&work->failed, aliases, cJSON_CreateString(preset->aliases[a]));
    add_hashes(work, entry, preset);
    json_add_string(&work->failed, entry, "hash", hash);
    json_add_number(&work->failed, entry, "macros", num_macros);
    json_add_number(&work->failed, entry, "starts", preset->num_starts);
    json_add_number(&work->failed, entry, "tried", preset->provenance.num_checks);
    json_add_bool(&work->failed, entry, "similarity", preset->similarity != NULL);
    return entry;
}

static bool add_one(void *context, const char *path, preset_t *preset, const char *why)
{
    index_work_t *work = context;
    if (!preset) return refuse(work->why, "%s", why);
    const char *file = path + strlen(work->library);
    while (*file == '/') file++;
    cJSON *entry = entry_of(work, file, preset);
    text_say(&work->text, work->num_presets++ ? ",\n" : "\n");
    if (!work->failed) text_json(&work->text, entry, false);
    cJSON_Delete(entry);
    return !work->failed;
}

char *library_index(const char *library, size_t *num_bytes, why_t why)
{
    why_t broken = "";
    index_work_t work = { .library = library, .why = broken };
    text_say(&work.text, "{\"kata_index\": 1, \"presets\": [");
    preset_walk(library, add_one, &work);
    text_say(&work.text, "\n]}\n");
    char *text = text_take(&work.text, num_bytes);
    if (text && !work.failed && !broken[0]) return text;
    free(text);
    refuse(why, "%s", broken[0] ? broken : "no memory for the index");
    return NULL;
}
