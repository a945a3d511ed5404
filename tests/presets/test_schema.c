/* test_schema.c - preset.schema.json says what the loader does: fields, ranges, library. */
#include "sample.h"
#include "schema.h"
#include "why.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s", path);
    char *text = calloc(1, 1 << 20);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

static cJSON *load_schema(void)
{
    char *text = read_text("presets/preset.schema.json");
    cJSON *schema = cJSON_Parse(text);
    free(text);
    assert_non_null(schema);
    return schema;
}

static bool valid(cJSON *schema, const char *text, bool mark, why_t why)
{
    cJSON *value = cJSON_Parse(text);
    assert_non_null(value);
    const bool ok = schema_accepts(schema, schema, value, mark, why);
    cJSON_Delete(value);
    return ok;
}

static void test_the_checker_knows_every_keyword(void **state)
{
    (void)state;
    cJSON *schema = load_schema();
    const char *unknown = schema_unknown_keyword(schema);
    if (unknown) fail_msg("keyword %s would not be checked", unknown);
    cJSON_Delete(schema);
}

static void test_the_library_fits_the_schema(void **state)
{
    (void)state;
    cJSON *schema = load_schema();
    char folder[300], path[700];
    why_t why = "";
    int32_t num_presets = 0;
    DIR *library = opendir("presets/library");
    assert_non_null(library);
    for (struct dirent *system; (system = readdir(library));) {
        if (system->d_name[0] == '.') continue;
        snprintf(folder, sizeof folder, "presets/library/%s", system->d_name);
        DIR *games = opendir(folder);
        if (!games) continue; /* README.md */
        for (struct dirent *game; (game = readdir(games));) {
            if (!strstr(game->d_name, ".kata.json")) continue;
            snprintf(path, sizeof path, "%s/%s", folder, game->d_name);
            char *text = read_text(path);
            if (!valid(schema, text, false, why)) fail_msg("%s: %s", path, why);
            free(text);
            num_presets++;
        }
        closedir(games);
    }
    closedir(library);
    assert_true(num_presets >= 10);
    cJSON_Delete(schema);
}

/* What the example of FORMAT.md leaves out. */
static const char the_rest[] =
    "{\"$schema\": \"../preset.schema.json\", \"kata_preset\": 1, \"game\": \"G\", \"system\": "
    "\"nes\","
    "\"note\": \"n\", \"hashes\": [{\"md5\": \"0123456789abcdef0123456789abcdef\"}],"
    "\"variables\": {\"a\": {\"address\": 1, \"type\": \"|u1\", \"mask\": 3, \"note\": \"n\"}},"
    "\"timing\": {\"frame_skip\": 4, \"horizon_frames\": 9, \"max_steps\": 1, \"motion_frames\": 3,"
    " \"press_frames\": 3,"
    " \"charge_frames\": 1, \"hold_frames\": 1, \"link_gap_frames\": 1, \"chain_gap_frames\": 1, "
    "\"cancel_gap_frames\": 1,"
    " \"follow_gap_frames\": 1, \"mash_gap_frames\": 1, \"jump_frames\": 1, \"rise_frames\": 1},"
    "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\", \"tap\": true, \"mirrors\": "
    "true,"
    " \"note\": \"n\"}], \"macros\": [{\"name\": \"M\", \"notation\": \"6\", \"frames\":"
    " [{\"pad\": \"6\", \"frames\": 2}], \"mirrors\": false, \"note\": \"n\"}]},"
    "\"reward\": {\"note\": \"n\", \"scale\": 2, \"novelty\": 1, \"time\": {\"reward\": 1}, "
    "\"versus\": {\"note\": \"n\", \"time\": {\"reward\": 1}, \"variables\": {\"a\": {\"reward\": "
    "1}}, \"terms\": [{\"variable\": \"a\"}]}, "
    "\"variables\": {\"a\":"
    " {\"measurement\": \"delta\", \"op\": \"sign\", \"reference\": 1, \"reward\": 1, \"penalty\": "
    "1,"
    " \"note\": \"n\"}}},"
    "\"done\": {\"all\": [{\"condition\": \"all\", \"variables\": {\"a\": {\"measurement\": "
    "\"delta\","
    " \"op\": \"equal\", \"reference\": \"a\"}}, \"nodes\": {\"n\": {\"variables\": {}}}},"
    " {\"variable\": \"a\", \"op\": \"==\", \"reference\": 1, \"measurement\": \"absolute\"}]},"
    "\"result\": {\"won\": \"a\", \"lost\": \"a\", \"drawn\": \"a\"},"
    "\"sides\": {\"values\": {\"a\": [0, 1]}, \"note\": \"n\"},"
    "\"starts\": {\"s\": {\"players\": 2, \"lines\": [], \"note\": \"n\"}}, \"fight\": {\"when\": "
    "\"a\", \"port2_when\": \"a\", "
    "\"still_frames\": 9,"
    " \"versus\": \"s\", \"note\": \"n\"}, \"ways\": [{\"when\": \"a\", \"press\": \"START\","
    " \"versus\": true, \"say\": \"s\", \"note\": \"n\"}],"
    "\"observe\": [{\"variable\": \"a\", \"from\": \"a\", \"range\": [0, 9], \"horizontal\": true, "
    "\"when\": \"a\"},"
    " {\"variable\": \"a\", \"values\": [0, 3], \"note\": \"n\"}, {\"own_pad\": true}],"
    "\"outcomes\": {\"rows\": [\"5\"], \"upper\": [], \"decisions\": 9},"
    "\"provenance\": {\"parent\": \"p\", \"tool\": \"t\"}}";

static void expect_all_seen(const cJSON *schema, const char *path)
{
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next)
        if (!cJSON_GetObjectItemCaseSensitive(p, "seen"))
            fail_msg("%s.%s is in the schema, and no preset of this test has it", path, p->string);
    for (const cJSON *child = schema->child; child; child = child->next) {
        char inner[512];
        snprintf(inner, sizeof inner, "%s/%s", path, child->string ? child->string : "");
        if (cJSON_IsObject(child) || cJSON_IsArray(child)) expect_all_seen(child, inner);
    }
}

static void test_each_field_of_the_schema_is_known_to_the_loader(void **state)
{
    (void)state;
    cJSON *schema = load_schema();
    why_t why = "";
    char *texts[2] = { sample_example(), strdup(the_rest) };
    for (int32_t i = 0; i < 2; i++) {
        if (!valid(schema, texts[i], true, why)) fail_msg("%s", why);
        preset_t *preset = sample_parse(texts[i]);
        if (preset_num_warnings(preset)) fail_msg("%s", preset_warning(preset, 0));
        preset_free(preset);
        free(texts[i]);
    }
    expect_all_seen(schema, "");
    cJSON_Delete(schema);
}

static bool is_property(const cJSON *schema, const char *word)
{
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    if (properties && cJSON_GetObjectItemCaseSensitive(properties, word)) return true;
    for (const cJSON *child = schema->child; child; child = child->next)
        if ((cJSON_IsObject(child) || cJSON_IsArray(child)) && is_property(child, word))
            return true;
    return false;
}

/* The lists of fields that the sources hand to reader_warn_unknown(). */
static void test_each_field_of_the_loader_is_in_the_schema(void **state)
{
    (void)state;
    cJSON *schema = load_schema();
    int32_t num_fields = 0;
    DIR *sources = opendir("presets");
    assert_non_null(sources);
    for (struct dirent *source; (source = readdir(sources));) {
        char path[300];
        if (!strstr(source->d_name, ".c") || strstr(source->d_name, ".c")[2]) continue;
        snprintf(path, sizeof path, "presets/%s", source->d_name);
        char *text = read_text(path);
        for (char *call = strstr(text, "warn_unknown(reader"); call;
             call = strstr(call + 1, "warn_unknown(reader")) {
            char *end = strstr(call, ");");
            for (char *quote = strchr(call, '"'); quote && quote < end;
                 quote = strchr(quote + 1, '"')) {
                char *close = strchr(quote + 1, '"'), words[256];
                snprintf(words, sizeof words, "%.*s", (int)(close - quote - 1), quote + 1);
                for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
                    if (!is_property(schema, word))
                        fail_msg("%s: %s is not in the schema", path, word);
                    num_fields++;
                }
                quote = close;
            }
        }
        free(text);
    }
    closedir(sources);
    assert_true(num_fields > 60);
    cJSON_Delete(schema);
}

/* At each end of the range of each field of "timing", schema and loader agree. */
static void test_ranges_agree(void **state)
{
    (void)state;
    cJSON *schema = load_schema();
    const cJSON *timing = cJSON_GetObjectItem(cJSON_GetObjectItem(schema, "properties"), "timing");
    int32_t num_fields = 0;
    for (const cJSON *field = cJSON_GetObjectItem(timing, "properties")->child; field;
         field = field->next) {
        const double min = cJSON_GetObjectItem(field, "minimum")->valuedouble;
        const double max = cJSON_GetObjectItem(field, "maximum")->valuedouble;
        const double values[5] = { min - 1, min, max, max + 1, min + 0.5 };
        for (int32_t i = 0; i < 5; i++) {
            char fields[128], text[1024];
            why_t why;
            snprintf(fields, sizeof fields, "\"timing\": {\"%s\": %.10g}", field->string,
                     values[i]);
            sample_minimal(text, sizeof text, fields);
            preset_t *preset;
            const bool loads = preset_parse(&preset, text, strlen(text), "t", why);
            preset_free(preset);
            assert_int_equal(loads, valid(schema, text, false, why));
            assert_int_equal(loads, i == 1 || i == 2);
        }
        num_fields++;
    }
    assert_int_equal(num_fields, 14);
    cJSON_Delete(schema);
}

/* What both refuse. */
static void test_wrong_shapes(void **state)
{
    (void)state;
    static const char *const all[] = {
        "\"aliases\": \"x\"",
        "\"aliases\": [1]",
        "\"hashes\": [{}]",
        "\"hashes\": [{\"crc32\": \"1\"}]",
        "\"memory\": {\"ram_base\": -1}",
        "\"memory\": {\"word_swapped\": 1}",
        "\"pad\": {\"ports\": 0}",
        "\"pad\": {\"buttons\": {\"A\": \"up\"}}",
        "\"pad\": {\"classes\": {\"P\": []}}",
        "\"reward\": {\"scale\": 0}",
        "\"reward\": {\"novelty\": -1}",
        "\"reward\": {\"novelty\": 1001}",
        "\"reward\": {\"terms\": [{}]}",
        "\"done\": 1",
        "\"done\": {\"any\": []}",
        "\"result\": []",
        "\"starts\": {\"s\": \"START\"}",
        "\"starts\": {\"a/b\": []}",
        "\"starts\": {\"s\": {\"players\": 2}}",
        "\"starts\": {\"s\": {\"players\": 0, \"lines\": []}}",
        "\"starts\": {\"s\": {\"lines\": [1]}}",
        "\"similarity\": {\"rows\": []}",
        "\"similarity\": {\"rows\": [\"5\", \"6\"], \"upper\": [[2]]}",
        "\"outcomes\": {\"rows\": [\"5\", \"6\"], \"upper\": [[1]]}",
        "\"outcomes\": {\"rows\": [\"5\"], \"upper\": [], \"states\": 0, \"horizon_frames\": 9}",
        "\"outcomes\": {\"rows\": [\"5\"], \"upper\": [], \"states\": 9}",
        "\"outcomes\": {\"rows\": [\"5\"], \"upper\": [], \"decisions\": 0}",
        "\"outcomes\": {\"rows\": [\"5\"], \"upper\": [], \"decisions\": 9, \"states\": 0}",
        "\"default_start\": 1",
        "\"provenance\": {\"sources\": \"x\"}",
        "\"done\": {\"variable\": \"a\", \"op\": \"near\"}",
        "\"sides\": []",
        "\"sides\": {\"variables\": {\"a\": 1}}",
        "\"sides\": {\"values\": {\"a\": [1]}}",
        "\"sides\": {\"values\": {\"a\": [1, 1]}}",
        "\"sides\": {\"values\": {\"a\": [1, 2, 3]}}",
        "\"sides\": {\"values\": {\"a\": [1, 0.5]}}",
        "\"sides\": {\"mirror\": 1}",
        "\"facing\": {\"port2_left_when\": 1}",
        "\"observe\": {}",
        "\"observe\": []",
        "\"observe\": [{\"range\": [0, 1]}]",
        "\"observe\": [{\"variable\": \"a\", \"range\": [0]}]",
        "\"observe\": [{\"variable\": \"a\", \"values\": []}]",
        "\"observe\": [{\"variable\": \"a\", \"values\": [1, 1]}]",
        "\"observe\": [{\"variable\": \"a\", \"range\": [0, 1], \"when\": 1}]",
        "\"fight\": {}",
        "\"fight\": {\"when\": 1}",
        "\"fight\": {\"when\": \"a\", \"still_frames\": 3601}",
        "\"fight\": {\"when\": \"a\", \"versus\": 1}",
        "\"ways\": {}",
        "\"fight\": {\"when\": \"a\"}, \"ways\": [{\"when\": \"a\"}]",
        "\"fight\": {\"when\": \"a\"}, \"ways\": [{\"press\": \"START\"}]",
        "\"fight\": {\"when\": \"a\"}, \"ways\": [{\"when\": \"a\", \"press\": 1}]",
    };
    cJSON *schema = load_schema();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[1024];
        why_t why;
        preset_t *preset;
        sample_minimal(text, sizeof text, all[i]);
        if (preset_parse(&preset, text, strlen(text), "t", why)) fail_msg("loader: %s", all[i]);
        if (valid(schema, text, false, why)) fail_msg("schema: %s", all[i]);
    }
    cJSON_Delete(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_checker_knows_every_keyword),
        cmocka_unit_test(test_the_library_fits_the_schema),
        cmocka_unit_test(test_each_field_of_the_schema_is_known_to_the_loader),
        cmocka_unit_test(test_each_field_of_the_loader_is_in_the_schema),
        cmocka_unit_test(test_ranges_agree),
        cmocka_unit_test(test_wrong_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
