/* test_preset_rules.c - what the loader refuses: each rule of the format has its sentence. */
#include "preset.h"
#include "sample.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    const char *fields, *why;
} refused_t;

static const refused_t all_refused[] = {
    { "\"game\": \"H\"", "game: a key must appear once, found it twice" },
    { "\"timing\": 4", "timing: must be an object {}, found 4" },
    { "\"timing\": {\"frame_skip\": 0}",
      "timing.frame_skip: must be a whole number, 1 to 60, found 0" },
    { "\"timing\": {\"frame_skip\": 61}",
      "timing.frame_skip: must be a whole number, 1 to 60, found 61" },
    { "\"timing\": {\"frame_skip\": 1.5}",
      "timing.frame_skip: must be a whole number, 1 to 60, found 1.5" },
    { "\"timing\": {\"frame_skip\": \"4\"}",
      "timing.frame_skip: must be a whole number, 1 to 60, found \"4\"" },
    { "\"timing\": {\"frame_skip\": null}",
      "timing.frame_skip: must be a whole number, 1 to 60, found null" },
    { "\"timing\": {\"frame_skip\": 1e300}",
      "timing.frame_skip: must be a whole number, 1 to 60, found 1e+300" },
    { "\"reward\": {\"scale\": 1e999}",
      "reward.scale: a number must be finite, found one that is too large" },
    { "\"reward\": {\"scale\": 0}", "reward.scale: must be a number, 1e-09 to 1e+09, found 0" },
    { "\"reward\": {\"novelty\": -0.1}",
      "reward.novelty: must be a number, 0 to 1000, found -0.1" },
    { "\"reward\": {\"novelty\": 1001}",
      "reward.novelty: must be a number, 0 to 1000, found 1001" },
    { "\"reward\": {\"scale\": 1e9, \"time\": {\"reward\": 1e9}}",
      "reward.time.reward: must be within 100000 once multiplied by reward.scale, found 1e+18" },
    { "\"reward\": {\"scale\": 2, \"terms\": [{\"variable\": \"a\", \"penalty\": -50001}]}",
      "reward.terms[0].penalty: must be within 100000 once multiplied by reward.scale, found "
      "100002" },
    { "\"reward\": {\"variables\": {\"b\": {}}}",
      "reward.variables.b: must be one of the preset's variables, found \"b\"" },
    { "\"reward\": {\"versus\": {\"variables\": {\"b\": {\"reward\": 1}}}}",
      "reward.versus.variables.b: must be one of the preset's variables, found \"b\"" },
    { "\"reward\": {\"variables\": {\"a\": {\"op\": \"about\"}}}",
      "reward.variables.a.op: must be an operator (equal negative-equal not-equal less-than "
      "greater-than less-or-equal greater-or-equal nonzero zero positive negative sign), found "
      "\"about\"" },
    { "\"reward\": {\"variables\": {\"a\": {\"measurement\": \"rate\"}}}",
      "reward.variables.a.measurement: must be \"delta\" or \"absolute\", found \"rate\"" },
    { "\"reward\": {\"terms\": [{\"reward\": 1}]}",
      "reward.terms[0].variable: is required, found nothing" },
    { "\"done\": 1", "done: must be a condition (a text or an object), found 1" },
    { "\"done\": \"\"", "done: must be a condition like \"health <= 0\", found nothing" },
    { "\"done\": \"b > 1\"", "done: must be one of the preset's variables, found \"b\"" },
    { "\"done\": \"a > b\"", "done: must compare with a whole number or a variable, found \"b\"" },
    { "\"done\": \"a >\"", "done: must compare with something, found nothing after greater-than" },
    { "\"done\": \"a ~ 1\"", "done: must have == != < > <= >= or an operator's name, found \"~\"" },
    { "\"done\": \"a > 1 2\"", "done: must end after one comparison, found \"2\"" },
    { "\"done\": \"a > 99999999999999999999\"",
      "done: must compare with a whole number or a variable, found \"99999999999999999999\"" },
    { "\"done\": {\"all\": []}", "done.all: must have 1 to 1024 items, found 0" },
    { "\"done\": {\"all\": [\"a\"], \"any\": [\"a\"]}",
      "done: must have \"any\" or \"all\", found both" },
    { "\"done\": {\"condition\": \"some\"}",
      "done.condition: must be \"any\" or \"all\", found \"some\"" },
    { "\"pad\": {\"buttons\": {\"A\": \"up\"}}",
      "pad.buttons.A: must be a RetroPad button (b y select start a x l r l2 r2 l3 r3), found "
      "\"up\"" },
    { "\"pad\": {\"buttons\": {\"2A\": \"a\"}}",
      "pad.buttons.2A: a button's name must be a letter, then letters and digits, at most 31, not "
      "j and not xx; or one digit, 1 to 9" },
    { "\"pad\": {\"classes\": {\"P\": [\"HP\"]}}",
      "pad.classes.P: must be one of the pad's buttons, found \"HP\"" },
    { "\"pad\": {\"ports\": 9}", "pad.ports: must be a whole number, 1 to 8, found 9" },
    { "\"starts\": {\"x\": [\"236Q\"]}",
      "starts.x[0]: column 4: expected a button (B Y SELECT START A X L R L2 R2 L3 R3), found 'Q' "
      "in \"236Q\"" },
    { "\"starts\": {\"x\": [\"until a == 1\"]}",
      "starts.x[0]: must say how long it may take: until ... within N" },
    { "\"starts\": {\"x\": [\"until a == 1 within 0\"]}",
      "starts.x[0]: must be within 1 to 36000 frames, found \"0\"" },
    { "\"starts\": {\"x\": [\"press START within 9\"]}",
      "starts.x[0]: must say when to stop: press MACRO until VAR OP VALUE within N" },
    { "\"starts\": {\"x\": [\"port 3: START\"]}", "starts.x[0]: port must be 1 to 2, found 3" },
    { "\"starts\": {\"x\": [\"repeat 257: START\"]}",
      "starts.x[0]: repeat must be 1 to 256 times, found 257" },
    { "\"starts\": {\"x\": [\"repeat 200: START\", \"repeat 57: START\"]}",
      "starts.x[1]: a start must have at most 256 steps" },
    { "\"starts\": {\"../x\": []}",
      "starts.../x: must be a name without / \\ .. or a space at an end, found \"../x\"" },
    { "\"starts\": {\"x\": 1}",
      "starts.x: must be a list of lines, or an object with \"lines\", found 1" },
    { "\"starts\": {\"x\": {\"players\": 2}}", "starts.x.lines: is required, found nothing" },
    { "\"starts\": {\"x\": {\"players\": 3, \"lines\": []}}",
      "starts.x.players: must be a whole number, 1 to 2, found 3" },
    { "\"starts\": {\"x\": {\"lines\": [\"port 3: START\"]}}",
      "starts.x.lines[0]: port must be 1 to 2, found 3" },
    { "\"starts\": {\"x\": {\"players\": 1, \"lines\": []}}, \"fight\": {\"when\": \"a\", "
      "\"versus\": \"x\"}",
      "fight.versus: must be a start for two, found \"x\" with \"players\": 1" },
    { "\"default_start\": \"y\"", "default_start: must be one of the starts, found \"y\"" },
    { "\"fight\": {\"still_frames\": 9}",
      "fight: must say when the pads move the fighters: \"when\" is missing" },
    { "\"fight\": {\"when\": \"b\"}",
      "fight.when: must be one of the preset's variables, found \"b\"" },
    { "\"fight\": {\"when\": \"a\", \"still_frames\": -1}",
      "fight.still_frames: must be a whole number, 0 to 3600, found -1" },
    { "\"starts\": {\"x\": []}, \"fight\": {\"when\": \"a\", \"versus\": \"y\"}",
      "fight.versus: must be one of the starts, found \"y\"" },
    { "\"ways\": [{\"when\": \"a\", \"press\": \"START\"}]",
      "ways: need \"fight\": a way leads on only while no fight is on" },
    { "\"fight\": {\"when\": \"a\"}, \"ways\": [{\"press\": \"START\"}]",
      "ways[0]: must say when it leads on: \"when\" is missing" },
    { "\"fight\": {\"when\": \"a\"}, \"ways\": [{\"when\": \"a\", \"press\": \"Q\"}]",
      "ways[0].press: column 1: expected a direction (1 to 9, or a word as qcf, d, df), a button, "
      "[, "
      "], (, j. or {frames}, found 'Q' in \"Q\"" },
    { "\"aliases\": [\"a/b\"]",
      "aliases[0]: must be a name without / \\ .. or a space at an end, found \"a/b\"" },
    { "\"hashes\": [{}]", "hashes[0]: must have sha1, crc32 or md5, found none" },
    { "\"hashes\": [{\"sha1\": \"12\"}]", "hashes[0].sha1: must be 40 hex digits, found \"12\"" },
    { "\"similarity\": {\"rows\": [\"5\", \"6\"], \"upper\": [[1.5]]}",
      "similarity.upper[0]: must be numbers, 0 to 1, found 1.5" },
    { "\"similarity\": {\"rows\": [\"5\", \"6\"], \"upper\": [[1, 0]]}",
      "similarity.upper[0]: must be a list of 1 numbers, for 2 rows" },
    { "\"similarity\": {\"rows\": [\"5\", \"6\"], \"upper\": []}",
      "similarity.upper: must have 1 to 1 items, found 0" },
    { "\"similarity\": {\"rows\": [\"5\", \"5\"], \"upper\": [[1]]}",
      "similarity.rows[1]: a row must be listed once, found \"5\" again" },
    { "\"provenance\": {\"author\": \"\"}",
      "provenance.author: must be a text of 1 to 63 bytes, found \"\"" },
    { "\"memory\": {\"ram_base\": 1, \"word_swapped\": true}",
      "memory: ram_base must be even where words are swapped" },
    { "\"memory\": {\"ram_base\": \"0xG\"}",
      "memory.ram_base: must be a whole number or \"0x...\", 0 to 0xFFFFFFFF, found \"0xG\"" },
    { "\"memory\": {\"ram_base\": 4096, \"ram_bytes\": 10}",
      "variables.a.address: must lie in memory with its 1 bytes, found 0x0" },
};

static void test_each_rule_has_its_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_refused / sizeof all_refused[0]; i++) {
        char text[4096];
        why_t why = "", expected;
        preset_t *preset;
        sample_minimal(text, sizeof text, all_refused[i].fields);
        snprintf(expected, sizeof expected, "test: %s", all_refused[i].why);
        if (preset_parse(&preset, text, strlen(text), "test", why))
            fail_msg("%s was accepted", all_refused[i].fields);
        assert_null(preset);
        if (strcmp(why, expected) != 0)
            fail_msg("%s: said \"%s\", not \"%s\"", all_refused[i].fields, why, expected);
        assert_false(preset_parse(&preset, text, strlen(text), "test", NULL));
    }
}

/* Rules of what every preset has; the text is the whole file. */
static const refused_t all_refused_files[] = {
    { "[]", "must be an object {}, found a list" },
    { "{}", "kata_preset: is required, found nothing" },
    { "{\"kata_preset\": 2}",
      "kata_preset: must be a version that this Kata reads, at most 1: the preset was written for "
      "a newer one, found 2" },
    { "{\"kata_preset\": 0}", "kata_preset: must be a whole number, 1 to 1000000, found 0" },
    { "{\"kata_preset\": 1}", "game: is required, found nothing" },
    { "{\"kata_preset\": 1, \"game\": \"G\"}", "system: is required, found nothing" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"NES\"}",
      "system: must be a short name like nes or genesis, found \"NES\"" },
    { "{\"kata_preset\": 1, \"game\": \"../G\", \"system\": \"nes\"}",
      "game: must be a name without / \\ .. or a space at an end, found \"../G\"" },
    { "{\"kata_preset\": 1, \"game\": \"G\\u0007\", \"system\": \"nes\"}",
      "game: must have no control characters, found \"G?\"" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\"}",
      "actions: is required, found nothing" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {}}",
      "actions: must have 1 to 256 primitives and macros, found 0" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"macros\": [1]}}",
      "actions.macros[0]: must be an object {}, found 1" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"macros\": "
      "[{\"name\": \"X\"}]}}",
      "actions.macros[0].notation: is required, found nothing" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"macros\": "
      "[{\"name\": \"X\", \"notation\": \"[4]6A\"}]}}",
      "actions.macros[0].notation: column 1: [4] is a charge, and this game has no charge time: "
      "expected \"charge_frames\" in its timing, or [4]{frames} in \"[4]6A\"" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"macros\": "
      "[{\"name\": \"X\", \"frames\": [{\"pad\": \"66\", \"frames\": 1}]}]}}",
      "actions.macros[0].frames[0]: \"pad\" must be one state of the pad, found 3" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"primitives\": "
      "[{\"name\": \"X\", \"pad\": \"236A\"}]}}",
      "actions.primitives[0]: a primitive must be one state of the pad, found 3" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"primitives\": "
      "[{\"name\": \"X\", \"pad\": \"5\"}, {\"name\": \"X\", \"pad\": \"6\"}]}}",
      "actions.primitives[1]: an action's name must be its own, found \"X\" again" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": {\"a\": "
      "{\"address\": -1, \"type\": \"|u1\"}}}",
      "variables.a.address: must be a whole number, 0 to 4294967295, found -1" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": {\"a\": "
      "{\"address\": 4294967295, \"type\": \"<u2\"}}}",
      "variables.a.address: must lie in memory with its 2 bytes, found 0xFFFFFFFF" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": {\"a\": "
      "{\"address\": 0, \"type\": \"x1\"}}}",
      "variables.a.type: must begin with a byte order (| < > = >< <> >= <= => =<), found \"x1\"" },
    { "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": {\"a\": "
      "{\"type\": \"|u1\"}}}",
      "variables.a.address: is required, found nothing" },
};

static void test_each_required_field_has_its_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_refused_files / sizeof all_refused_files[0]; i++) {
        why_t why = "", expected;
        preset_t *preset;
        const char *text = all_refused_files[i].fields;
        snprintf(expected, sizeof expected, "test: %s", all_refused_files[i].why);
        if (preset_parse(&preset, text, strlen(text), "test", why))
            fail_msg("%s was accepted", text);
        if (strcmp(why, expected) != 0)
            fail_msg("%s: said \"%s\", not \"%s\"", text, why, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_rule_has_its_sentence),
        cmocka_unit_test(test_each_required_field_has_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
