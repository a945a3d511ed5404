/* preset.c - loading a preset, in the order of the file, and its plain accessors. */
#include "preset.h"
#include "files.h"
#include "model.h"
#include "digest.h"
#include "why.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void add_warning(void *context, const char *sentence)
{
    preset_t *preset = context;
    if (preset->num_warnings == MODEL_MAX_WARNINGS) return;
    snprintf(preset->warnings[preset->num_warnings++], sizeof(why_t), "%s", sentence);
}

/* ---- identity ---- */

static bool read_version(reader_t *reader, const cJSON *file)
{
    int64_t version = 0;
    if (!reader_int(reader, file, "kata_preset", FIELD_REQUIRED, 1, 1000000, &version))
        return false;
    if (version <= PRESET_VERSION) return true;
    reader_enter(reader, "kata_preset");
    return reader_refuse(reader,
                         "must be a version that this Kata reads, at most %d: the preset "
                         "was written for a newer one, found %lld",
                         PRESET_VERSION, (long long)version);
}

static bool read_system(preset_t *preset, reader_t *reader, const cJSON *file)
{
    if (!reader_text(reader, file, "system", FIELD_REQUIRED, preset->system, sizeof preset->system))
        return false;
    for (const char *c = preset->system; *c; c++) {
        if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_') continue;
        reader_enter(reader, "system");
        return reader_refuse(reader, "must be a short name like nes or genesis, found \"%s\"",
                             preset->system);
    }
    return true;
}

static bool read_aliases(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *aliases;
    if (!reader_list(reader, file, "aliases", FIELD_OPTIONAL, 0, MODEL_MAX_ALIASES, &aliases))
        return false;
    const size_t mark = reader_enter(reader, "aliases");
    for (const cJSON *item = aliases ? aliases->child : NULL; item; item = item->next) {
        char *alias = preset->aliases[preset->num_aliases];
        const size_t inner = reader_enter_item(reader, preset->num_aliases);
        if (!reader_is_text(reader, item, alias, PRESET_NAME_BYTES) ||
            !reader_check_name(reader, alias, PRESET_NAME_BYTES))
            return false;
        preset->num_aliases++;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

/* `digits` hex digits, lowered; "" if the field is not there. */
static bool read_digest(reader_t *reader, const cJSON *object, const char *key, size_t digits,
                        char *out)
{
    out[0] = '\0';
    if (!json_get(object, key)) return true;
    const cJSON *value = json_get(object, key);
    const size_t mark = reader_enter(reader, key);
    if (!cJSON_IsString(value) || strlen(value->valuestring) != digits ||
        strspn(value->valuestring, "0123456789abcdefABCDEF") != digits)
        return reader_refuse_value(reader, value, "must be %zu hex digits", digits);
    for (size_t i = 0; i <= digits; i++) {
        const char c = value->valuestring[i];
        out[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
    }
    reader_leave(reader, mark);
    return true;
}

static bool read_hashes(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *list;
    if (!reader_list(reader, file, "hashes", FIELD_OPTIONAL, 0, MODEL_MAX_HASHES, &list))
        return false;
    const size_t mark = reader_enter(reader, "hashes");
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
        hashes_t *hashes = &preset->hashes[preset->num_hashes];
        const size_t inner = reader_enter_item(reader, preset->num_hashes);
        if (!reader_is_object(reader, item) ||
            !read_digest(reader, item, "sha1", 40, hashes->sha1) ||
            !read_digest(reader, item, "crc32", 8, hashes->crc32) ||
            !read_digest(reader, item, "md5", 32, hashes->md5) ||
            !reader_text(reader, item, "name", FIELD_OPTIONAL, hashes->label, sizeof hashes->label))
            return false;
        if (!hashes->sha1[0] && !hashes->crc32[0] && !hashes->md5[0])
            return reader_refuse(reader, "must have sha1, crc32 or md5, found none");
        reader_warn_unknown(reader, item, "sha1 crc32 md5 name");
        preset->num_hashes++;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

static bool read_identity(preset_t *preset, reader_t *reader, const cJSON *file)
{
    return reader_name(reader, file, "game", FIELD_REQUIRED, preset->game, sizeof preset->game) &&
           read_system(preset, reader, file) && read_aliases(preset, reader, file) &&
           read_hashes(preset, reader, file);
}

/* ---- loading ---- */

static bool read_file(preset_t *preset, reader_t *reader, const cJSON *file)
{
    if (!reader_is_object(reader, file) || !read_version(reader, file) ||
        !read_identity(preset, reader, file) || !model_read_variables(preset, reader, file) ||
        !model_read_pad(preset, reader, file) || !model_read_timing(preset, reader, file) ||
        !model_read_actions(preset, reader, file) || !model_read_reward(preset, reader, file) ||
        !model_read_ends(preset, reader, file) || !model_read_sides(preset, reader, file) ||
        !model_read_observe(preset, reader, file) || !model_read_starts(preset, reader, file) ||
        !model_read_ways(preset, reader, file) || !model_read_similarity(preset, reader, file) ||
        !model_read_outcomes(preset, reader, file) || !model_read_provenance(preset, reader, file))
        return false;
    reader_warn_unknown(
        reader, file,
        "$schema kata_preset game system aliases hashes memory variables pad timing "
        "actions reward done result facing sides observe starts default_start fight ways "
        "similarity outcomes provenance note");
    return true;
}

bool preset_parse(preset_t **out, const char *text, size_t num_bytes, const char *source, why_t why)
{
    *out = NULL;
    reader_t reader = { .source = source, .why = why, .warn = add_warning };
    if (num_bytes > PRESET_FILE_BYTES)
        return reader_refuse(&reader, "must be at most %u bytes, found %zu", PRESET_FILE_BYTES,
                             num_bytes);
    cJSON *file = json_read(&reader, text, num_bytes);
    if (!file) return false;

    preset_t *preset = calloc(1, sizeof *preset);
    if (preset) {
        preset->warnings = calloc(MODEL_MAX_WARNINGS, sizeof *preset->warnings);
        preset->text = malloc(num_bytes + 1);
    }
    bool ok = preset && preset->warnings && preset->text;
    if (!ok) {
        reader_refuse(&reader, "no memory for its %zu bytes", num_bytes);
    } else {
        memcpy(preset->text, text, num_bytes);
        preset->text[num_bytes] = '\0';
        preset->text_bytes = num_bytes;
        digest_sha1_hex(text, num_bytes, preset->hash);
        reader.warn_context = preset;
        ok = read_file(preset, &reader, file);
    }
    cJSON_Delete(file);
    if (!ok) {
        preset_free(preset);
        return false;
    }
    *out = preset;
    return true;
}

bool preset_load(preset_t **out, const char *path, why_t why)
{
    uint8_t *bytes;
    size_t num_bytes;
    *out = NULL;
    if (!files_read(path, PRESET_FILE_BYTES, &bytes, &num_bytes, why)) return false;
    const bool ok = preset_parse(out, (const char *)bytes, num_bytes, path, why);
    free(bytes);
    return ok;
}

void preset_free(preset_t *preset)
{
    if (!preset) return;
    for (int32_t s = 0; s < preset->num_starts; s++) {
        for (int32_t i = 0; i < preset->starts[s].num_steps; i++)
            free((char *)(uintptr_t)preset->starts[s].steps[i].text);
        free(preset->starts[s].steps);
    }
    if (preset->similarity)
        model_free_table(&(preset_table_t){ .notations = preset->similarity->notations,
                                            .matrix = preset->similarity->matrix });
    if (preset->outcomes) model_free_table(&preset->outcomes->table);
    free(preset->similarity);
    free(preset->outcomes);
    free(preset->ways);
    free(preset->actions);
    free(preset->warnings);
    free(preset->text);
    free(preset);
}

/* ---- accessors ---- */

int32_t preset_num_warnings(const preset_t *preset)
{
    return preset->num_warnings;
}

const char *preset_warning(const preset_t *preset, int32_t warning)
{
    return preset->warnings[warning];
}

const char *preset_game(const preset_t *preset)
{
    return preset->game;
}

const char *preset_system(const preset_t *preset)
{
    return preset->system;
}

const char *preset_hash(const preset_t *preset)
{
    return preset->hash;
}

const char *preset_text(const preset_t *preset, size_t *num_bytes)
{
    if (num_bytes) *num_bytes = preset->text_bytes;
    return preset->text;
}

static bool same_digest(const char *ours, const char *theirs)
{
    return ours[0] && theirs && strcasecmp(ours, theirs) == 0;
}

bool preset_matches(const preset_t *preset, const char *system, const char *sha1, const char *crc32,
                    const char *md5, const char *game_name)
{
    if (system && system[0] && strcmp(system, "unknown") != 0 &&
        strcasecmp(system, preset->system) != 0)
        return false;
    for (int32_t h = 0; h < preset->num_hashes; h++)
        if (same_digest(preset->hashes[h].sha1, sha1) ||
            same_digest(preset->hashes[h].crc32, crc32) || same_digest(preset->hashes[h].md5, md5))
            return true;
    if (preset->num_hashes || !game_name || !system || !system[0]) return false;
    if (strcasecmp(game_name, preset->game) == 0) return true;
    for (int32_t a = 0; a < preset->num_aliases; a++)
        if (strcasecmp(game_name, preset->aliases[a]) == 0) return true;
    return false;
}

/* The letters and digits of a name before "(USA)" or "[!]", in lower case: "Street Fighter II'"
 * and "StreetFighterII" are one. False: there are none. */
static bool plain_name(const char *name, char plain[PRESET_NAME_BYTES])
{
    size_t length = 0;
    for (const char *c = name; *c && *c != '(' && *c != '[' && length < PRESET_NAME_BYTES - 1; c++)
        if (isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80)
            plain[length++] = (char)tolower((unsigned char)*c);
    plain[length] = '\0';
    return length > 0;
}

static bool is_called(const char *ours, const char plain[PRESET_NAME_BYTES])
{
    char other[PRESET_NAME_BYTES];
    return plain_name(ours, other) && strcmp(other, plain) == 0;
}

bool preset_is_of_other_dump(const preset_t *preset, const char *system, const char *game_name)
{
    char plain[PRESET_NAME_BYTES];
    if (!system || strcasecmp(system, preset->system) != 0 || !game_name ||
        !plain_name(game_name, plain))
        return false;
    if (is_called(preset->game, plain)) return true;
    for (int32_t a = 0; a < preset->num_aliases; a++)
        if (is_called(preset->aliases[a], plain)) return true;
    return false;
}

void preset_name_dump(const preset_t *preset, char text[PRESET_DUMP_BYTES])
{
    const hashes_t *first = &preset->hashes[0];
    if (!preset->num_hashes) {
        snprintf(text, PRESET_DUMP_BYTES, "any dump called %s", preset->game);
        return;
    }
    const int length = snprintf(text, PRESET_DUMP_BYTES, "the dump with %s %s",
                                first->sha1[0]  ? "SHA-1"
                                : first->md5[0] ? "MD5"
                                                : "CRC32",
                                first->sha1[0]  ? first->sha1
                                : first->md5[0] ? first->md5
                                                : first->crc32);
    if (preset->num_hashes > 1)
        snprintf(text + length, PRESET_DUMP_BYTES - (size_t)length, " and %d more",
                 (int)preset->num_hashes - 1);
}

int32_t preset_frame_skip(const preset_t *preset)
{
    return preset->frame_skip;
}

int32_t preset_num_ports(const preset_t *preset)
{
    return preset->num_ports;
}

const macro_language_t *preset_language(const preset_t *preset)
{
    return &preset->language;
}

int32_t preset_num_actions(const preset_t *preset)
{
    return preset->num_actions;
}

const preset_action_t *preset_action(const preset_t *preset, int32_t action)
{
    return &preset->actions[action];
}

bool preset_done(const preset_t *preset, uint32_t port, const int64_t *before, const int64_t *now)
{
    return model_condition(preset, port, preset->done, before, now);
}

preset_result_t preset_result(const preset_t *preset, uint32_t port, const int64_t *before,
                              const int64_t *now)
{
    if (model_condition(preset, port, preset->won, before, now)) return PRESET_WON;
    if (model_condition(preset, port, preset->lost, before, now)) return PRESET_LOST;
    if (model_condition(preset, port, preset->drawn, before, now)) return PRESET_DRAWN;
    return PRESET_NO_RESULT;
}

int32_t preset_horizon_frames(const preset_t *preset)
{
    return preset->horizon_frames;
}

int32_t preset_max_steps(const preset_t *preset)
{
    return preset->max_steps;
}

double preset_reward_scale(const preset_t *preset)
{
    return preset->reward_scale;
}

bool preset_tells_winner(const preset_t *preset)
{
    return preset->won >= 0 || preset->lost >= 0 || preset->drawn >= 0;
}

bool preset_has_reward(const preset_t *preset)
{
    for (int32_t t = 0; t < preset->num_terms; t++)
        if (!preset->terms[t].versus) return true;
    return false;
}

double preset_novelty(const preset_t *preset)
{
    if (preset->novelty >= 0) return preset->novelty;
    return preset_has_reward(preset) ? 0 : PRESET_DEFAULT_NOVELTY;
}

const preset_provenance_t *preset_provenance(const preset_t *preset)
{
    return &preset->provenance;
}
