/* test_packages.c - an agent goes from one home to another: the same play to the last digit,
 * nothing of its sender, and beside the receiver's own. */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "kata.h"
#include "league.h"
#include "why.h"

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define QUICK                                                                                      \
    "--warmup", "64", "--batch", "8", "--updates-per-decision", "0.25", "--replay", "4000",        \
        "--decisions", "300"

static kata_run_t r;
static char sent[512], half[512];

static void use_home(const char *name)
{
    setenv("KATA_HOME", kata_path(name), 1);
}

static const char *game_folder(const char *home)
{
    char name[256], path[800];
    assert_true(kata_finds(kata_path(home), "nes-", name));
    snprintf(path, sizeof path, "%s/%s", home, name);
    return kata_path(path);
}

/* One agent trained and sent, for all tests. */
static int send_one(void **state)
{
    if (kata_setup(state) != 0) return -1;
    use_home("sender");
    snprintf(sent, sizeof sent, "%s", kata_path("ryu.kata"));
    snprintf(half, sizeof half, "%s", kata_path("ryu-half.kata"));
    RUN(&r, "train", kata_rom(), QUICK, "--eval-episodes", "3");
    kata_expect(&r, 0);
    kata_expect_out(&r, "Rewards are divided by ");
    RUN(&r, "export", kata_rom(), "--with-agent", "--name", "ryu", "--out", sent);
    kata_expect(&r, 0);
    RUN(&r, "export", "Kumite", "--with-agent", "--half", "--name", "ryu-half", "--out", half);
    kata_expect(&r, 0);
    return 0;
}

/* What eval says, but for nothing: the whole object. */
static char *evaluated(const char *const agent)
{
    RUN(&r, "eval", kata_rom(), "--episodes", "3", "--json", "--agent", agent);
    kata_expect(&r, 0);
    return strdup(r.out);
}

static void test_the_imported_agent_plays_as_its_senders_to_the_last_digit(void **state)
{
    (void)state;
    use_home("sender");
    char *there = evaluated("own");
    use_home("receiver");
    RUN(&r, "import", sent);
    kata_expect(&r, 0);
    kata_expect_out(&r, "agent       ryu\ntrained     300 decisions");
    kata_expect_out(&r, "of 3 rounds");
    char *here = evaluated("ryu");
    assert_string_equal(there, here);
    assert_non_null(strstr(here, "\"trained_decisions\":300"));
    free(here);
    /* Nobody's own is there: it plays without being named. */
    RUN(&r, "eval", kata_rom(), "--episodes", "3", "--json");
    kata_expect(&r, 0);
    assert_string_equal(there, r.out);
    free(there);
    RUN(&r, "import", half);
    kata_expect(&r, 0);
    kata_expect_out(&r, "weights     in half precision");
    free(evaluated("ryu-half"));
    RUN(&r, "play", kata_rom(), "--agent", "ryu", "--print");
    kata_expect(&r, 0);
    kata_expect_out(&r, "KATA_AGENT=ryu retroarch -L ");
    RUN(&r, "play", kata_rom(), "--agent", "ken", "--print");
    kata_expect(&r, 1);
    kata_expect_err(&r, "no agent \"ken\"; it has ryu, ryu-half");
}

/* Fewer bits of mantissa: the same file but smaller, and it plays. */
static void test_rounded_weights_are_smaller(void **state)
{
    (void)state;
    char file[512];
    struct stat halves, rounded;
    snprintf(file, sizeof file, "%s", kata_path("rounded.kata"));
    use_home("sender");
    RUN(&r, "export", kata_rom(), "--with-agent", "--round", "2", "--out", file);
    kata_expect(&r, 2);
    kata_expect_err(&r, "--round needs --half");
    RUN(&r, "export", kata_rom(), "--with-agent", "--half", "--round", "2", "--name", "rounded",
        "--out", file);
    kata_expect(&r, 0);
    assert_int_equal(stat(half, &halves) | stat(file, &rounded), 0);
    assert_true((double)rounded.st_size < 0.6 * (double)halves.st_size);
    use_home("rounded-receiver");
    RUN(&r, "import", file);
    kata_expect(&r, 0);
    free(evaluated("rounded"));
    /* Two bits behind the first: no half has another. */
    char path[900];
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/agents/rounded/agent.safetensors",
             game_folder("rounded-receiver"));
    uint8_t *bytes = kata_read_file(path, &num_bytes);
    uint64_t header;
    memcpy(&header, bytes, sizeof header);
    size_t others = 0, count = 0;
    for (size_t at = 8 + header; at + 2 <= num_bytes; at += 2, count++) {
        const unsigned word = (unsigned)(bytes[at] | bytes[at + 1] << 8);
        others += (word & 0xff) != 0 && (word >> 10 & 31) != 0; /* but of tiny ones */
    }
    assert_true(count > 100000 && others < count / 100);
    free(bytes);
}

/* Past selves go with it: each strength plays there as it does here. */
static void test_strengths_are_sent(void **state)
{
    (void)state;
    static const char *const strengths[] = { "easy", "normal", "hard", "best" };
    char *plays[4];
    char file[512];
    snprintf(file, sizeof file, "%s", kata_path("strengths.kata"));
    use_home("strong");
    RUN(&r, "export", kata_rom(), "--with-strengths", "--out", file);
    kata_expect(&r, 2);
    kata_expect_err(&r, "--with-strengths needs --with-agent");
    RUN(&r, "train", kata_rom(), QUICK, "--versus", "self", "--eval-episodes", "0");
    kata_expect(&r, 0);
    RUN(&r, "export", kata_rom(), "--with-agent", "--with-strengths", "--out", file);
    kata_expect(&r, 1);
    kata_expect_err(&r, "no strengths were chosen yet");
    RUN(&r, "train", kata_rom(), "--decisions", "400", "--versus", "self", "--league-every", "80",
        "--eval-episodes", "0");
    kata_expect(&r, 0);
    RUN(&r, "export", kata_rom(), "--with-agent", "--with-strengths", "--name", "ryu", "--out",
        file);
    kata_expect(&r, 0);
    kata_expect_out(&r, "strengths   easy, normal, hard, best");
    for (int i = 0; i < 4; i++) {
        RUN(&r, "eval", kata_rom(), "--episodes", "2", "--json", "--strength", strengths[i]);
        kata_expect(&r, 0);
        plays[i] = strdup(r.out);
        for (int j = 0; j < i; j++) assert_string_not_equal(plays[i], plays[j]);
    }
    use_home("strong-receiver");
    RUN(&r, "import", file);
    kata_expect(&r, 0);
    for (int i = 0; i < 4; i++) {
        RUN(&r, "eval", kata_rom(), "--episodes", "2", "--json", "--strength", strengths[i]);
        kata_expect(&r, 0);
        assert_string_equal(r.out, plays[i]);
        free(plays[i]);
    }
}

/* What `eval` says of a strength, or of the agent (NULL); without the strength's name in it. */
static char *evaluated_strength(const char *strength)
{
    RUN(&r, "eval", kata_rom(), "--episodes", "2", "--json", strength ? "--strength" : NULL,
        strength);
    kata_expect(&r, 0);
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    cJSON_DeleteItemFromObject(json, "strength");
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    return text;
}

/* Who is sent as the agent: of all past selves that are surely stronger than it the strongest, be
 * it neither the first nor the last of the list, and the agent itself where none surely is. */
static void test_a_past_self_that_is_stronger_is_sent_as_the_agent(void **state)
{
    (void)state;
    enum { WEAKEST, STRONGEST, STRONG };
    why_t why;
    league_t league;
    char file[512];
    snprintf(file, sizeof file, "%s", kata_path("crowned.kata"));
    use_home("crowned");
    RUN(&r, "train", kata_rom(), QUICK, "--versus", "self", "--league-every", "30",
        "--eval-episodes", "0");
    kata_expect(&r, 0);
    if (!league_open(&league, game_folder("crowned"), why)) fail_msg("%s", why);
    const int32_t newest = league.num_entries - 1;
    assert_true(newest > STRONG);
    for (int32_t i = 0; i <= newest; i++) league.entries[i].rating = (glicko_t){ 1700, 30, 0.06 };
    league.entries[WEAKEST].rating.rating = 1300;
    league.entries[STRONGEST].rating.rating = 1900;
    league.entries[newest].rating.rating = 1800;
    league.agent = (glicko_t){ 1500, 30, 0.06 };
    league.strengths[LEAGUE_EASY] = league.entries[WEAKEST].number;
    league.strengths[LEAGUE_NORMAL] = league.entries[STRONG].number;
    league.strengths[LEAGUE_HARD] = league.entries[STRONGEST].number;
    if (!league_save(&league, why)) fail_msg("%s", why);
    char *strongest = evaluated_strength("hard"), *agent = evaluated_strength("best");
    assert_string_not_equal(strongest, agent);
    RUN(&r, "export", kata_rom(), "--with-agent", "--with-strengths", "--name", "crowned", "--out",
        file);
    kata_expect(&r, 0);
    char says[128];
    snprintf(says, sizeof says,
             "the past self %04d is sent as the agent: its rating is 1900, the agent's 1500",
             (int)league.entries[STRONGEST].number);
    kata_expect_out(&r, says);
    use_home("crowned-receiver");
    RUN(&r, "import", file);
    kata_expect(&r, 0);
    char *came = evaluated_strength(NULL);
    assert_string_equal(came, strongest);
    cJSON_free(came);

    /* The same ratings, but none is sure of being above the agent's. */
    use_home("crowned");
    league.agent = (glicko_t){ 1850, 200, 0.06 };
    if (!league_save(&league, why)) fail_msg("%s", why);
    RUN(&r, "export", kata_rom(), "--with-agent", "--with-strengths", "--name", "itself", "--out",
        file, "--replace");
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "is sent as the agent"));
    use_home("itself-receiver");
    RUN(&r, "import", file);
    kata_expect(&r, 0);
    came = evaluated_strength(NULL);
    assert_string_equal(came, agent);
    cJSON_free(came);
    cJSON_free(strongest);
    cJSON_free(agent);
}

static void test_it_never_replaces_ones_own(void **state)
{
    (void)state;
    use_home("both");
    RUN(&r, "train", kata_rom(), QUICK, "--seed", "9", "--eval-episodes", "0");
    kata_expect(&r, 0);
    char path[800];
    size_t before_bytes, after_bytes;
    snprintf(path, sizeof path, "%s/agent.safetensors", game_folder("both"));
    uint8_t *before = kata_read_file(path, &before_bytes);
    RUN(&r, "import", sent, "--name", "own");
    kata_expect(&r, 1);
    kata_expect_err(&r, "is your own agent");
    RUN(&r, "import", sent, "--show");
    kata_expect(&r, 0);
    kata_expect_out(&r, "Nothing is saved.");
    RUN(&r, "agents", kata_rom());
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "ryu"));
    RUN(&r, "import", sent);
    kata_expect(&r, 0);
    RUN(&r, "import", sent);
    kata_expect(&r, 1);
    kata_expect_err(&r, "there is an agent of this name already");
    RUN(&r, "import", sent, "--name", "other");
    kata_expect(&r, 0);
    RUN(&r, "import", sent, "--replace");
    kata_expect(&r, 0);
    RUN(&r, "agents", "Kumite");
    kata_expect(&r, 0);
    const char *own = strstr(r.out, "own "), *other = strstr(r.out, "other "),
               *ryu = strstr(r.out, "ryu ");
    assert_true(own && other && ryu && own < other && other < ryu);
    uint8_t *after = kata_read_file(path, &after_bytes);
    assert_int_equal(before_bytes, after_bytes);
    assert_memory_equal(before, after, before_bytes);
    free(before);
    free(after);
    /* Sent on, it is as it came. */
    char again[800];
    snprintf(again, sizeof again, "%s", kata_path("again.kata"));
    RUN(&r, "export", kata_rom(), "--with-agent", "--agent", "ryu", "--name", "ryu", "--out",
        again);
    kata_expect(&r, 0);
    uint8_t *first = kata_read_file(sent, &before_bytes),
            *second = kata_read_file(again, &after_bytes);
    assert_int_equal(before_bytes, after_bytes);
    assert_memory_equal(first, second, before_bytes);
    free(first);
    free(second);
}

/* Unpacked, there is no word of where it was made. */
static void test_nothing_of_the_sender_is_in_it(void **state)
{
    (void)state;
    static const char *const parts[] = { "preset.json", "agent.safetensors", "package.json" };
    use_home("looking");
    RUN(&r, "import", sent);
    kata_expect(&r, 0);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char path[1200];
        size_t num_bytes;
        snprintf(path, sizeof path, "%s/agents/ryu/%s", game_folder("looking"), parts[i]);
        uint8_t *bytes = kata_read_file(path, &num_bytes);
        assert_null(memmem(bytes, num_bytes, kata_dir(), strlen(kata_dir())));
        assert_null(memmem(bytes, num_bytes, "sender", 6));
        assert_null(memmem(bytes, num_bytes, "kumite.nes", 10));
        free(bytes);
    }
}

static void test_recordings_go_along_written_anew(void **state)
{
    (void)state;
    static const char text[] = "kata-recording 1\ngame Kumite\nsystem nes\nports 1\n"
                               "camera /home/somebody\n\nsegment\n30 down\n\nend 30\n";
    char path[1200];
    use_home("sender");
    snprintf(path, sizeof path, "%s/recordings", game_folder("sender"));
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/recordings/20260131-235959.kata-recording",
             game_folder("sender"));
    kata_write_file(path, text, strlen(text));
    const char *out = kata_path("recorded.kata");
    RUN(&r, "export", kata_rom(), "--with-recordings", "--out", out);
    kata_expect(&r, 2);
    RUN(&r, "export", kata_rom(), "--with-agent", "--with-recordings", "--name", "rec", "--out",
        out);
    kata_expect(&r, 0);
    RUN(&r, "export", kata_rom(), "--with-agent", "--out", out);
    kata_expect(&r, 1);
    kata_expect_err(&r, "--replace to lose what is in it");
    use_home("recorded");
    RUN(&r, "import", out);
    kata_expect(&r, 0);
    snprintf(path, sizeof path, "%s/agents/rec/recordings/20260131-235959.kata-recording",
             game_folder("recorded"));
    RUN(&r, "recording", "show", path);
    kata_expect(&r, 0);
    size_t num_bytes;
    uint8_t *bytes = kata_read_file(path, &num_bytes);
    assert_null(memmem(bytes, num_bytes, "somebody", 8));
    free(bytes);
}

/* Of a folder that is not called after its game the ROM says which game it is. */
static void test_a_folder_of_ones_own_choice(void **state)
{
    (void)state;
    const char *out = kata_path("chosen.kata"), *dir = kata_path("chosen");
    use_home("sender");
    RUN(&r, "train", kata_rom(), QUICK, "--dir", dir, "--seed", "4", "--eval-episodes", "0");
    kata_expect(&r, 0);
    RUN(&r, "export", dir, "--with-agent", "--out", out);
    kata_expect(&r, 1);
    kata_expect_err(&r, "name the ROM");
    RUN(&r, "export", kata_rom(), "--dir", dir, "--with-agent", "--name", "chosen", "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "never evaluated");
    use_home("chooser");
    RUN(&r, "import", out);
    kata_expect(&r, 0);
}

/* Without an agent it is a preset for the library; without an agent there is none to send. */
static void test_a_preset_alone(void **state)
{
    (void)state;
    const char *out = kata_path("preset.kata");
    use_home("nobody");
    RUN(&r, "export", kata_rom(), "--with-agent", "--out", out);
    kata_expect(&r, 1);
    kata_expect_err(&r, "`kata train` makes an agent");
    RUN(&r, "agents", kata_rom());
    kata_expect(&r, 1);
    kata_expect_err(&r, "has no agent");
    RUN(&r, "export", kata_rom(), "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "agent       none in it");
    RUN(&r, "import", out);
    kata_expect(&r, 0);
    assert_true(kata_exists(kata_path("nobody/presets/nes/Kumite.kata.json")));
    RUN(&r, "import", out);
    kata_expect(&r, 1);
    kata_expect_err(&r, "--replace");
    RUN(&r, "import", kata_rom());
    kata_expect(&r, 1);
    kata_expect_err(&r, "not a whole .kata file");
}

/* test_packages PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_imported_agent_plays_as_its_senders_to_the_last_digit),
        cmocka_unit_test(test_rounded_weights_are_smaller),
        cmocka_unit_test(test_strengths_are_sent),
        cmocka_unit_test(test_a_past_self_that_is_stronger_is_sent_as_the_agent),
        cmocka_unit_test(test_it_never_replaces_ones_own),
        cmocka_unit_test(test_nothing_of_the_sender_is_in_it),
        cmocka_unit_test(test_recordings_go_along_written_anew),
        cmocka_unit_test(test_a_folder_of_ones_own_choice),
        cmocka_unit_test(test_a_preset_alone),
    };
    return cmocka_run_group_tests(tests, send_one, kata_teardown);
}
