/* package_manifest.c - the manifest: read as strictly as a preset, and written. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c_locale.h"
#include "json.h"
#include "making.h"
#include "package_parts.h"

static const char FORMAT[] = "kata-package";
enum { VERSION = 1 };
static const int64_t MOST_COUNT = (int64_t)1 << 53;

/* ---- reading ---- */

static bool read_hex(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                     char *out, size_t num_digits)
{
    char text[80];
    text[0] = '\0';
    if (!reader_text(reader, object, key, need, text, sizeof text)) return false;
    if (!text[0]) return true;
    if (strlen(text) != num_digits || strspn(text, "0123456789abcdef") != num_digits) {
        reader_enter(reader, key);
        return reader_refuse(reader, "must be %zu digits of 0-9 a-f, found \"%s\"", num_digits,
                             text);
    }
    memcpy(out, text, num_digits + 1);
    return true;
}

static bool read_game(package_t *package, reader_t *reader, const cJSON *root)
{
    const cJSON *game;
    if (!reader_object(reader, root, "game", FIELD_REQUIRED, &game)) return false;
    const size_t mark = reader_enter(reader, "game");
    if (!reader_name(reader, game, "name", FIELD_REQUIRED, package->game, sizeof package->game) ||
        !reader_text(reader, game, "system", FIELD_REQUIRED, package->system,
                     sizeof package->system) ||
        !read_hex(reader, game, "sha1", FIELD_OPTIONAL, package->sha1, 40))
        return false;
    for (const char *c = package->system; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_'))
            return reader_refuse(reader, "\"system\" must be lower-case letters and digits");
    reader_leave(reader, mark);
    return true;
}

static bool read_rating(package_rating_t *rating, reader_t *reader, const cJSON *agent)
{
    const cJSON *object;
    if (!reader_object(reader, agent, "rating", FIELD_OPTIONAL, &object)) return false;
    if (!object) return true;
    const size_t mark = reader_enter(reader, "rating");
    const bool ok =
        reader_int32(reader, object, "episodes", FIELD_REQUIRED, 1, 1 << 30, &rating->episodes) &&
        reader_int32(reader, object, "won", FIELD_REQUIRED, 0, rating->episodes, &rating->won) &&
        reader_int32(reader, object, "lost", FIELD_REQUIRED, 0, rating->episodes, &rating->lost) &&
        reader_int32(reader, object, "drawn", FIELD_REQUIRED, 0, rating->episodes,
                     &rating->drawn) &&
        reader_number(reader, object, "win_rate", FIELD_REQUIRED, 0, 1, &rating->win_rate) &&
        reader_number(reader, object, "win_low", FIELD_REQUIRED, 0, 1, &rating->win_low) &&
        reader_number(reader, object, "win_high", FIELD_REQUIRED, 0, 1, &rating->win_high) &&
        reader_number(reader, object, "mean_return", FIELD_REQUIRED, -1e12, 1e12,
                      &rating->mean_return);
    reader_leave(reader, mark);
    return ok;
}

static bool read_training(package_t *package, reader_t *reader, const cJSON *root)
{
    const cJSON *agent;
    package_training_t *t = &package->training;
    if (!reader_object(reader, root, "agent", FIELD_OPTIONAL, &agent)) return false;
    package->has_agent = agent != NULL;
    if (!agent) return true;
    const size_t mark = reader_enter(reader, "agent");
    t->port = 1;
    const bool ok =
        reader_int(reader, agent, "decisions", FIELD_REQUIRED, 0, MOST_COUNT, &t->decisions) &&
        reader_int(reader, agent, "updates", FIELD_REQUIRED, 0, MOST_COUNT, &t->updates) &&
        reader_int(reader, agent, "frames", FIELD_OPTIONAL, 0, MOST_COUNT, &t->frames) &&
        reader_bool(reader, agent, "half", FIELD_OPTIONAL, &t->is_half) &&
        reader_int32(reader, agent, "port", FIELD_OPTIONAL, 1, 8, &t->port) &&
        reader_name(reader, agent, "core", FIELD_OPTIONAL, t->core, sizeof t->core) &&
        reader_name(reader, agent, "start", FIELD_OPTIONAL, t->start, sizeof t->start) &&
        reader_name(reader, agent, "versus", FIELD_OPTIONAL, t->versus, sizeof t->versus) &&
        read_rating(&t->rating, reader, agent);
    reader_leave(reader, mark);
    return ok;
}

static bool read_part(package_t *package, reader_t *reader, const cJSON *item)
{
    package_part_t *part = &package->parts[package->num_parts];
    int64_t num_bytes = 0;
    if (!reader_is_object(reader, item) ||
        !reader_text(reader, item, "name", FIELD_REQUIRED, part->name, sizeof part->name) ||
        !reader_int(reader, item, "bytes", FIELD_REQUIRED, 0, (int64_t)PACKAGE_MAX_BYTES,
                    &num_bytes) ||
        !read_hex(reader, item, "sha256", FIELD_REQUIRED, part->sha256, 64))
        return false;
    part->num_bytes = (size_t)num_bytes;
    if (package_most_bytes(part->name) == 0 || strcmp(part->name, PACKAGE_MANIFEST) == 0)
        return reader_refuse(reader, "a package has no part \"%s\"", part->name);
    if (package_part(package, part->name))
        return reader_refuse(reader, "%s is listed twice", part->name);
    package->num_parts++;
    return true;
}

static bool read_parts(package_t *package, reader_t *reader, const cJSON *root)
{
    const cJSON *list, *item;
    if (!reader_list(reader, root, "parts", FIELD_REQUIRED, 1, PACKAGE_MAX_PARTS, &list))
        return false;
    const size_t mark = reader_enter(reader, "parts");
    cJSON_ArrayForEach(item, list)
    {
        const size_t inner = reader_enter_item(reader, package->num_parts);
        if (!read_part(package, reader, item)) return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

static bool read_root(package_t *package, reader_t *reader, const cJSON *root)
{
    char format[32] = "";
    int64_t version = 0;
    if (!reader_is_object(reader, root) ||
        !reader_text(reader, root, "format", FIELD_REQUIRED, format, sizeof format))
        return false;
    if (strcmp(format, FORMAT) != 0)
        return reader_refuse(reader, "\"format\" must be \"%s\", found \"%s\"", FORMAT, format);
    if (!reader_int(reader, root, "version", FIELD_REQUIRED, VERSION, VERSION, &version) ||
        !reader_text(reader, root, "name", FIELD_REQUIRED, package->name, sizeof package->name))
        return false;
    if (!package_name_is_valid(package->name))
        return reader_refuse(reader, "\"name\" must be 1 to %d of a-z 0-9 - _, but not \"own\"",
                             PACKAGE_NAME_BYTES - 1);
    if (!reader_text(reader, root, "made_by", FIELD_OPTIONAL, package->made_by,
                     sizeof package->made_by) ||
        !read_game(package, reader, root) || !read_training(package, reader, root) ||
        !read_parts(package, reader, root))
        return false;
    if (!package_part(package, PACKAGE_PRESET))
        return reader_refuse(reader, "\"parts\" lacks " PACKAGE_PRESET);
    if (package->has_agent != (package_part(package, PACKAGE_AGENT) != NULL))
        return reader_refuse(reader, "\"agent\" and the part " PACKAGE_AGENT " belong together");
    if (!package->has_agent && package->num_parts > 1)
        return reader_refuse(reader, "without an agent a package is " PACKAGE_PRESET " alone");
    if (package->has_agent && !package->sha1[0])
        return reader_refuse(reader, "an agent is of one game: \"game\" lacks \"sha1\"");
    return true;
}

bool package_manifest_read(package_t *package, const char *text, size_t num_bytes,
                           const char *source, char *why)
{
    char name[400];
    snprintf(name, sizeof name, "%.300s: " PACKAGE_MANIFEST, source);
    reader_t reader = { .source = name, .why = why };
    const c_locale_t locale = c_locale_enter();
    cJSON *root = json_read(&reader, text, num_bytes);
    const bool ok = root && read_root(package, &reader, root);
    cJSON_Delete(root);
    c_locale_leave(locale);
    return ok;
}

/* ---- writing ---- */

static void add_text(bool *failed, cJSON *object, const char *key, const char *text)
{
    if (text[0]) json_add_string(failed, object, key, text);
}

static void add_rating(bool *failed, cJSON *agent, const package_rating_t *rating)
{
    if (rating->episodes == 0) return;
    cJSON *object = json_add_object(failed, agent, "rating");
    json_add_number(failed, object, "episodes", rating->episodes);
    json_add_number(failed, object, "won", rating->won);
    json_add_number(failed, object, "lost", rating->lost);
    json_add_number(failed, object, "drawn", rating->drawn);
    json_add_number(failed, object, "win_rate", rating->win_rate);
    json_add_number(failed, object, "win_low", rating->win_low);
    json_add_number(failed, object, "win_high", rating->win_high);
    json_add_number(failed, object, "mean_return", rating->mean_return);
}

static void add_training(bool *failed, cJSON *root, const package_training_t *t)
{
    cJSON *agent = json_add_object(failed, root, "agent");
    json_add_number(failed, agent, "decisions", (double)t->decisions);
    json_add_number(failed, agent, "updates", (double)t->updates);
    if (t->frames > 0) json_add_number(failed, agent, "frames", (double)t->frames);
    json_add_bool(failed, agent, "half", t->is_half);
    json_add_number(failed, agent, "port", t->port);
    add_text(failed, agent, "core", t->core);
    add_text(failed, agent, "start", t->start);
    add_text(failed, agent, "versus", t->versus);
    add_rating(failed, agent, &t->rating);
}

char *package_manifest_text(const package_t *package)
{
    bool failed = false;
    cJSON *root = cJSON_CreateObject();
    json_add_string(&failed, root, "format", FORMAT);
    json_add_number(&failed, root, "version", VERSION);
    json_add_string(&failed, root, "name", package->name);
    add_text(&failed, root, "made_by", package->made_by);
    cJSON *game = json_add_object(&failed, root, "game");
    json_add_string(&failed, game, "name", package->game);
    json_add_string(&failed, game, "system", package->system);
    add_text(&failed, game, "sha1", package->sha1);
    if (package->has_agent) add_training(&failed, root, &package->training);
    cJSON *parts = json_add_list(&failed, root, "parts");
    for (int32_t p = 0; p < package->num_parts; p++) {
        cJSON *item = json_append_object(&failed, parts);
        json_add_string(&failed, item, "name", package->parts[p].name);
        json_add_number(&failed, item, "bytes", (double)package->parts[p].num_bytes);
        json_add_string(&failed, item, "sha256", package->parts[p].sha256);
    }
    const c_locale_t locale = c_locale_enter();
    char *text = failed ? NULL : cJSON_Print(root);
    c_locale_leave(locale);
    cJSON_Delete(root);
    return text;
}
