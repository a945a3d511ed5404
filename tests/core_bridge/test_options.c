/* test_options.c - core options in all five shapes, answered headless and merged for a host. */
#define _GNU_SOURCE
#include "setup.h"

#include "environment.h"

static const char *const shapes[] = { "variables", "v1", "v1_intl", "v2", "v2_intl" };
enum { NUM_SHAPES = 5 };

/* Options are registered in retro_set_environment, before there is content: by the environment
 * variable. */
static void say_shape(const char *shape)
{
    char text[64];
    snprintf(text, sizeof text, "options=%s", shape);
    setenv("FAKE_CORE", text, 1);
}

static int forget_shape(void **state)
{
    (void)state;
    unsetenv("FAKE_CORE");
    return 0;
}

/* ---- headless ---- */

static void test_defaults_in_every_shape(void **state)
{
    (void)state;
    for (int i = 0; i < NUM_SHAPES; i++) {
        say_shape(shapes[i]);
        bridge_t *const bridge = open_fake("");
        struct retro_variable variable = { "fake_colour", NULL };
        assert_string_equal(report_of(bridge)->option, "normal");
        assert_true(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &variable));
        assert_string_equal(variable.value, "red");
        variable.key = "fake_unknown";
        assert_false(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &variable));
        assert_null(variable.value);
        bridge_close(bridge);
    }
}

static void test_answers_of_the_caller_win(void **state)
{
    (void)state;
    const bridge_option_t answers[] = { { "fake_speed", "slow" }, { "fake_speed", "fast" } };
    const bridge_config_t config = { .core_path = fake_path("plain"),
                                     .options = answers,
                                     .num_options = 2 };
    for (int i = 0; i < NUM_SHAPES; i++) {
        bridge_t *bridge;
        say_shape(shapes[i]);
        assert_int_equal(bridge_open(&bridge, &config, NULL), BRIDGE_OK);
        assert_int_equal(bridge_load(bridge, scripted(""), NULL, 0, NULL), BRIDGE_OK);
        assert_string_equal(report_of(bridge)->option, "fast"); /* the later one */
        bridge_close(bridge);
    }
}

static void test_a_core_changes_its_own_option(void **state)
{
    (void)state;
    say_shape("v2");
    bridge_t *const bridge = open_fake("");
    struct retro_variable variable = { "fake_speed", "slow" };
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_VARIABLE, NULL)); /* is there such a call? */
    bridge_run_frame(bridge, NULL);
    assert_int_equal(report_of(bridge)->option_updates, 0);
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_VARIABLE, &variable));
    bridge_run_frame(bridge, NULL);
    bridge_run_frame(bridge, NULL);
    assert_int_equal(report_of(bridge)->option_updates, 1); /* told once */
    assert_string_equal(report_of(bridge)->option_now, "slow");
    for (int i = 0; i < 100; i++) { /* more answers than the first block holds */
        char key[16];
        snprintf(key, sizeof key, "key_%d", i);
        variable = (struct retro_variable){ key, "x" };
        assert_true(environment_call(RETRO_ENVIRONMENT_SET_VARIABLE, &variable));
    }
    variable = (struct retro_variable){ "key_99", NULL };
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &variable));
    assert_string_equal(variable.value, "x");
    bridge_close(bridge);
}

static void test_a_later_set_replaces_the_first(void **state)
{
    (void)state;
    say_shape("v1");
    bridge_t *const bridge = open_fake("");
    struct retro_variable list[] = { { "other", "Other; one|two" }, { "odd", "no values" }, { 0 } };
    struct retro_variable asked = { "other", NULL };
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_VARIABLES, list));
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &asked));
    assert_string_equal(asked.value, "one");
    asked.key = "fake_speed";
    assert_false(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &asked));
    asked.key = "odd";
    assert_false(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &asked));
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_CORE_OPTIONS, NULL)); /* takes all back */
    asked.key = "other";
    assert_false(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &asked));
    bridge_close(bridge);
}

/* ---- merged for a host ---- */

static const struct retro_core_option_v2_category own_categories[] = {
    { "kata", "Kata", "Learning" }, { NULL, NULL, NULL }
};
static const struct retro_core_option_v2_definition own_options[] = {
    { "kata_mode",
      "Kata - Mode",
      "Mode",
      "What it does",
      NULL,
      "kata",
      { { "off", "Off" }, { "play", NULL }, { "learn", NULL } },
      "play" },
    { 0 }
};

/* A frontend that keeps the last set it was given, as text, and one option's state. */
static struct {
    unsigned version;
    int registrations;
    unsigned shape;
    char text[4096];
    bool updated;
    int update_asked;
    const char *mode, *speed;
} front;

static void add(const char *format, const char *text)
{
    const size_t used = strlen(front.text);
    snprintf(front.text + used, sizeof front.text - used, format, text ? text : "-");
}

static void add_values(const struct retro_core_option_value *values, const char *initial)
{
    for (int i = 0; values[i].value; i++) {
        add("%s", i ? "|" : "");
        add("%s", values[i].value);
        if (values[i].label) add("(%s)", values[i].label);
    }
    add(" [%s];", initial);
}

static bool keep_set(unsigned cmd, void *data)
{
    front.registrations++;
    front.shape = cmd;
    front.text[0] = '\0';
    if (cmd == RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2) {
        const struct retro_core_options_v2 *const set = data;
        for (int i = 0; set->categories[i].key; i++) {
            add("<%s", set->categories[i].key);
            add(":%s>", set->categories[i].desc);
        }
        for (int i = 0; set->definitions[i].key; i++) {
            add("%s", set->definitions[i].key);
            add(" '%s'", set->definitions[i].desc);
            add(" in %s ", set->definitions[i].category_key);
            add_values(set->definitions[i].values, set->definitions[i].default_value);
        }
    } else if (cmd == RETRO_ENVIRONMENT_SET_CORE_OPTIONS) {
        const struct retro_core_option_definition *const list = data;
        for (int i = 0; list[i].key; i++) {
            add("%s", list[i].key);
            add(" '%s' ", list[i].desc);
            add_values(list[i].values, list[i].default_value);
        }
    } else {
        const struct retro_variable *const list = data;
        for (int i = 0; list[i].key; i++) {
            add("%s=", list[i].key);
            add("%s.", list[i].value);
        }
    }
    return true;
}

static bool answer(unsigned cmd, void *data)
{
    switch (cmd) {
    case RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION:
        *(unsigned *)data = front.version;
        return front.version > 0; /* version 0: the call is older than it */
    case RETRO_ENVIRONMENT_SET_VARIABLES:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2: return keep_set(cmd, data);
    case RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE:
        front.update_asked++;
        *(bool *)data = front.updated;
        return true;
    case RETRO_ENVIRONMENT_GET_VARIABLE: {
        struct retro_variable *const variable = data;
        front.updated = false; /* as RetroArch: any read clears the flag */
        variable->value = strcmp(variable->key, "kata_mode") == 0    ? front.mode
                          : strcmp(variable->key, "fake_speed") == 0 ? front.speed
                                                                     : NULL;
        return variable->value != NULL;
    }
    default: return false;
    }
}

static struct bridge_host host = { .environment = answer,
                                   .own_categories = own_categories,
                                   .own_options = own_options };

static bridge_t *open_merged(const char *shape, unsigned version)
{
    memset(&front, 0, sizeof front);
    front.version = version;
    front.mode = "play";
    front.speed = "slow";
    say_shape(shape);
    return open_fake_hosted("", &host);
}

#define OWN_V2 "kata_mode 'Kata - Mode' in kata off(Off)|play|learn [play];"
#define OWN_V1 "kata_mode 'Kata - Mode' off(Off)|play|learn [play];"
#define OWN_V0 "kata_mode=Kata - Mode; play|off|learn."

static void expect_set(const char *shape, unsigned version, unsigned cmd, const char *text)
{
    bridge_t *const bridge = open_merged(shape, version);
    assert_int_equal(front.registrations, 1); /* one set: a frontend forgets the first of two */
    assert_int_equal(front.shape, cmd);
    assert_string_equal(front.text, text);
    bridge_close(bridge);
}

static void test_one_set_for_a_new_frontend(void **state)
{
    (void)state;
    const unsigned cmd = RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2;
    expect_set("variables", 2, cmd,
               "<kata:Kata>" OWN_V2 "fake_speed 'Speed' in - normal|slow|fast [normal];"
               "fake_colour 'Colour' in - red|blue [red];");
    expect_set("v1", 2, cmd,
               "<kata:Kata>" OWN_V2 "fake_speed 'Speed' in - slow(Slow)|normal|fast [normal];"
               "fake_colour 'Colour' in - red|blue [red];");
    expect_set("v1_intl", 2, cmd,
               "<kata:Kata>" OWN_V2 "fake_speed 'Tempo' in - slow(Langsam)|normal|fast [normal];"
               "fake_colour 'Colour' in - red|blue [red];");
    expect_set("v2", 2, cmd,
               "<kata:Kata><look:Look>" OWN_V2
               "fake_speed 'Speed' in - slow(Slow)|normal|fast [normal];"
               "fake_colour 'Look - Colour' in look red|blue [red];");
    expect_set("v2_intl", 2, cmd,
               "<kata:Kata><look:Aussehen>" OWN_V2
               "fake_speed 'Tempo' in - slow(Langsam)|normal|fast [normal];"
               "fake_colour 'Look - Colour' in look red|blue [red];");
}

static void test_one_set_for_older_frontends(void **state)
{
    (void)state;
    expect_set("v2_intl", 1, RETRO_ENVIRONMENT_SET_CORE_OPTIONS,
               OWN_V1 "fake_speed 'Tempo' slow(Langsam)|normal|fast [normal];"
                      "fake_colour 'Look - Colour' red|blue [red];");
    expect_set("v2", 0, RETRO_ENVIRONMENT_SET_VARIABLES,
               OWN_V0 "fake_speed=Speed; normal|slow|fast.fake_colour=Look - Colour; red|blue.");
    expect_set("variables", 0, RETRO_ENVIRONMENT_SET_VARIABLES,
               OWN_V0 "fake_speed=Speed; normal|slow|fast.fake_colour=Colour; red|blue.");
}

static void test_answers_about_categories_are_true(void **state)
{
    (void)state;
    struct retro_core_option_v2_definition none[] = { { 0 } };
    struct retro_core_options_v2 set = { NULL, none };
    for (unsigned version = 0; version <= 2; version++) {
        unsigned said = 0;
        bridge_t *const bridge = open_merged("v2", version);
        /* Whatever the frontend has, the core may use the newest shape ... */
        assert_true(environment_call(RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION, &said));
        assert_int_equal(said, 2);
        /* ... and is told whether categories will be shown. */
        assert_int_equal(environment_call(RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2, &set),
                         version == 2);
        assert_true(environment_call(RETRO_ENVIRONMENT_SET_CORE_OPTIONS, NULL));
        bridge_close(bridge);
    }
}

static void test_without_own_options_the_set_passes_as_it_is(void **state)
{
    (void)state;
    struct bridge_host plain = { .environment = answer };
    memset(&front, 0, sizeof front);
    front.version = 2;
    say_shape("v1");
    bridge_t *const bridge = open_fake_hosted("", &plain);
    assert_int_equal(front.shape, RETRO_ENVIRONMENT_SET_CORE_OPTIONS);
    assert_string_equal(front.text, "fake_speed 'Speed' slow(Slow)|normal|fast [normal];"
                                    "fake_colour 'Colour' red|blue [red];");
    bridge_close(bridge);
}

static void test_the_core_learns_of_a_change_once(void **state)
{
    (void)state;
    bridge_t *const bridge = open_merged("v2", 2);
    const fake_report_t *const report = report_of(bridge);
    assert_string_equal(report->option, "slow"); /* the frontend's answer */
    bridge_run_frame(bridge, NULL);
    const int32_t before = (int32_t)report->option_updates;
    front.updated = true;
    front.speed = "fast";
    for (int frame = 0; frame < 3; frame++) {
        bridge_run_frame(bridge, NULL);
        assert_int_equal(report->option_updates, before + 1); /* once, not thrice */
        assert_string_equal(report->option_now, "fast");
    }
    bridge_close(bridge);
}

static void test_the_inner_cores_reading_loses_nothing(void **state)
{
    (void)state;
    bridge_t *const bridge = open_merged("v2", 2);
    struct retro_variable variable = { "fake_speed", NULL };
    bridge_run_frame(bridge, NULL);
    const int32_t before = (int32_t)report_of(bridge)->option_updates;
    front.updated = true;
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_VARIABLE, &variable)); /* clears the flag */
    bridge_run_frame(bridge, NULL);
    assert_int_equal(report_of(bridge)->option_updates, before + 1);
    bridge_close(bridge);
}

static void test_the_host_is_asked_once_a_frame(void **state)
{
    (void)state;
    bridge_t *const bridge = open_merged("v2", 2);
    bridge_run_frame(bridge, NULL);
    front.update_asked = 0;
    for (int frame = 0; frame < 10; frame++) {
        bridge_run_frame(bridge, NULL);
    }
    assert_int_equal(front.update_asked, 10);
    bridge_close(bridge);
}

/* ---- lists that do not end well ---- */

static void test_128_values_are_the_most(void **state)
{
    (void)state;
    static char text[2048] = "Many; v0";
    for (int i = 1; i < 200; i++) {
        char value[16];
        snprintf(value, sizeof value, "|v%d", i);
        strcat(text, value);
    }
    struct retro_variable list[] = { { "many", text }, { 0 } };
    options_t options = { 0 };
    assert_true(options_capture(&options, RETRO_ENVIRONMENT_SET_VARIABLES, list));
    assert_string_equal(options.definitions[0].values[126].value, "v126");
    assert_null(options.definitions[0].values[127].value);
    assert_string_equal(options_value(&options, "many"), "v0");
    options_drop(&options);
    assert_null(options_value(&options, "many"));
}

static void test_missing_parts(void **state)
{
    (void)state;
    struct retro_core_options_intl v1 = { NULL, NULL };
    struct retro_core_options_v2 set = { NULL, NULL };
    struct retro_core_options_v2_intl v2 = { &set, NULL }, none = { NULL, NULL };
    struct retro_variable list[] = { { "a", NULL }, { "b", "; " }, { "c", "C; " }, { 0 } };
    options_t options = { 0 };
    assert_true(options_capture(&options, RETRO_ENVIRONMENT_SET_CORE_OPTIONS_INTL, &v1));
    assert_true(options_capture(&options, RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2, &set));
    assert_true(options_capture(&options, RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2_INTL, &v2));
    assert_true(options_capture(&options, RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2_INTL, &none));
    assert_true(options_capture(&options, RETRO_ENVIRONMENT_SET_VARIABLES, list));
    assert_int_equal(options.num_definitions, 3);
    assert_null(options_value(&options, "a"));
    assert_string_equal(options_value(&options, "c"), "");
    options_drop(&options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_in_every_shape),
        cmocka_unit_test(test_answers_of_the_caller_win),
        cmocka_unit_test(test_a_core_changes_its_own_option),
        cmocka_unit_test(test_a_later_set_replaces_the_first),
        cmocka_unit_test(test_one_set_for_a_new_frontend),
        cmocka_unit_test(test_one_set_for_older_frontends),
        cmocka_unit_test(test_answers_about_categories_are_true),
        cmocka_unit_test(test_without_own_options_the_set_passes_as_it_is),
        cmocka_unit_test(test_the_core_learns_of_a_change_once),
        cmocka_unit_test(test_the_inner_cores_reading_loses_nothing),
        cmocka_unit_test(test_the_host_is_asked_once_a_frame),
        cmocka_unit_test(test_128_values_are_the_most),
        cmocka_unit_test(test_missing_parts),
    };
    return cmocka_run_group_tests(tests, NULL, forget_shape);
}
